//! `fingerprint`: what is kept of a picture to find it again, and how far two pictures are apart.

use std::path::Path;

use serde::Serialize;
use touchmark::fingerprint::{self, Distance, Fingerprint, Variant};
use touchmark::{Error, Limits};
use touchmark_image::{Orientation, Pixels, SourceImage};

use crate::args::Fingerprint as Args;
use crate::console::{print, tell_user};
use crate::exit;
use crate::failure::{Code, Failure};
use crate::files::{self, display_name};

/// PDQ calls two pictures alike up to this many bits (ThreatExchange's documentation of PDQ).
pub const ALIKE: u32 = 31;

/// Below this quality, of 100, a hash tells little (ThreatExchange's documentation of PDQ).
pub const LEAST_QUALITY: u8 = 50;

pub fn run(args: &Args) -> Result<u8, Failure> {
    match (args.distance, args.images.as_slice()) {
        (true, [one, other]) => distance(args, one, other),
        (true, _) => Err(Failure::new(Code::TwoPictures, "measure a distance")),
        (false, images) => prints(args, images),
    }
}

/// A fingerprint, for programs.
#[derive(Serialize)]
struct PrintRow {
    file: String,
    pdq: String,
    quality: u8,
    iscc: String,
}

fn prints(args: &Args, images: &[std::path::PathBuf]) -> Result<u8, Failure> {
    let mut failed = 0;
    let mut last = exit::DONE;
    for path in images {
        match decode(path).map(|pixels| fingerprint::of(&pixels)) {
            Ok(found) => print(&row(args, path, &found)?)?,
            Err(failure) => {
                tell_user(&failure);
                failed += 1;
                last = failure.code().exit();
            }
        }
    }
    match failed {
        0 => Ok(exit::DONE),
        _ if images.len() == 1 => Ok(last),
        _ => {
            tell_user(format_args!(
                "{failed} of {} pictures have no fingerprint",
                images.len()
            ));
            Ok(exit::SOME_NOT_MET)
        }
    }
}

fn row(args: &Args, path: &Path, found: &Fingerprint) -> Result<String, Failure> {
    let file = display_name(path);
    Ok(match args.json {
        true => json(&PrintRow {
            file,
            pdq: found.pdq.to_string(),
            quality: found.quality,
            iscc: found.iscc.to_string(),
        })?,
        false => format!(
            "{file}\n  PDQ   {}  quality {} of 100\n  ISCC  {}\n",
            found.pdq, found.quality, found.iscc
        ),
    })
}

/// How far two pictures are apart, for programs.
#[derive(Serialize)]
struct DistanceRow {
    files: [String; 2],
    /// Of 256 bits, as both are.
    pdq: u32,
    /// Of 64 bits.
    iscc: u32,
    /// Of 256 bits, the first turned, mirrored or trimmed so that it comes nearest.
    nearest_pdq: u32,
    nearest: &'static str,
    trimmed: bool,
    /// The lower quality of the two, 0 to 100: below [`LEAST_QUALITY`] a distance tells little.
    quality: u8,
}

fn distance(args: &Args, one: &Path, other: &Path) -> Result<u8, Failure> {
    let (first, second) = (decode(one)?, fingerprint::of(&decode(other)?));
    let here = fingerprint::of(&first);
    let Distance { pdq, iscc } = here.distance(&second);
    let variants = fingerprint::variants(&first);
    let nearest = variants.iter().min_by_key(|variant| variant.pdq.distance(&second.pdq));
    let row = DistanceRow {
        files: [display_name(one), display_name(other)],
        pdq,
        iscc,
        nearest_pdq: nearest.map_or(pdq, |variant| variant.pdq.distance(&second.pdq)),
        nearest: nearest.map_or("as it is", |variant: &Variant| turned(variant.turned)),
        trimmed: nearest.is_some_and(|variant| variant.trimmed),
        quality: here.quality.min(second.quality),
    };
    match args.json {
        true => print(&json(&row)?)?,
        false => print(&words(&row))?,
    }
    Ok(exit::DONE)
}

fn words(row: &DistanceRow) -> String {
    let mut out = format!(
        "PDQ   {} of 256 bits ({} count as alike: likeness, not proof)\nISCC  {} of 64 bits\n",
        row.pdq,
        format_args!("up to {ALIKE}"),
        row.iscc
    );
    if row.nearest_pdq < row.pdq {
        let trimmed = if row.trimmed { ", its flat frame cut off" } else { "" };
        out += &format!(
            "PDQ   {} of 256 bits with the first picture {}{trimmed}\n",
            row.nearest_pdq, row.nearest
        );
    }
    if row.quality < LEAST_QUALITY {
        out += &format!(
            "note: the quality is {} of 100: there is little structure to go by\n",
            row.quality
        );
    }
    out
}

/// What was done to a picture, for people.
fn turned(orientation: Orientation) -> &'static str {
    match orientation {
        Orientation::AsStored => "as it is",
        Orientation::Mirrored => "mirrored",
        Orientation::Turned180 => "turned by 180 degrees",
        Orientation::Flipped => "mirrored top to bottom",
        Orientation::Transposed => "mirrored along a diagonal",
        Orientation::Turned90 => "turned clockwise by 90 degrees",
        Orientation::Transversed => "mirrored along the other diagonal",
        Orientation::Turned270 => "turned counterclockwise by 90 degrees",
    }
}

fn decode(path: &Path) -> Result<Pixels, Failure> {
    let limits = Limits::default();
    let bytes = files::read(path, limits.max_bytes)?;
    SourceImage::parse(&bytes, &limits)
        .and_then(|image| image.decode())
        .map_err(|error| Failure::of_touchmark(format!("decode {}", display_name(path)), &Error::Image(error)))
}

fn json(row: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string(row).map_err(|error| Failure::new(Code::Library, "write JSON").because(error))?;
    Ok(text + "\n")
}
