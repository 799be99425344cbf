//! The segments of a JPEG up to its first scan: nobody looks for metadata behind it.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;
use std::ops::Range;

use super::{BlockKind, Finder, Place, Unread, photoshop};
use crate::Format;
use crate::bytes::be16;
use crate::jpeg::{APP0, APP1, APP13, EOI, EXIF, EXTENDED_XMP, SOI, SOS, XMP};
use crate::metadata::{Block, Encoding, extended};

const APP_NAMES: [&str; 16] = [
    "APP0", "APP1", "APP2", "APP3", "APP4", "APP5", "APP6", "APP7", "APP8", "APP9", "APP10", "APP11", "APP12", "APP13",
    "APP14", "APP15",
];
const AIGC: &str = "AIGC";
const COM: u8 = 0xFE;

pub(super) fn find<'a>(bytes: &'a [u8], found: &mut Finder<'a>) {
    let mut resources: Vec<&'a [u8]> = Vec::new();
    let mut portions: Vec<Block> = Vec::new();
    let mut at = 2;
    let mut seen = 0;
    loop {
        // Readers skip what stands between segments, so that it hides nothing (libjpeg's next_marker).
        let Some(start) = bytes.get(at..).and_then(|rest| memchr::memchr(0xFF, rest)) else {
            found.unread(Place::File(Format::Jpeg), Unread::Truncated);
            break;
        };
        let start = at + start;
        let (marker, body, end) = match segment(bytes, start) {
            Segment::Whole { marker, body, end } => (marker, body, end),
            Segment::Fill => {
                at = start + 1;
                continue;
            }
            Segment::End => {
                find_end(bytes.get(start..).unwrap_or_default(), found);
                break;
            }
            Segment::Truncated => {
                found.unread(Place::File(Format::Jpeg), Unread::Truncated);
                break;
            }
        };
        seen += 1;
        if seen > found.limits.max_segments {
            found.unread(
                Place::File(Format::Jpeg),
                Unread::TooMany(usize::try_from(seen - 1).unwrap_or(usize::MAX)),
            );
            break;
        }
        at = end;
        let data = bytes.get(body.clone()).unwrap_or_default();
        if let Some((place, json)) = aigc(marker, data) {
            let keyword = AIGC.to_owned();
            found.add(BlockKind::Text { keyword }, place, Cow::Borrowed(json));
            continue;
        }
        match marker {
            APP1 => {
                if data.starts_with(EXIF) {
                    let part = data.get(EXIF.len() + 1..).unwrap_or_default();
                    let goes_on = !part.starts_with(b"II") && !part.starts_with(b"MM");
                    if !(goes_on && found.add_to_exif(part)) {
                        found.add(BlockKind::Exif, app1("Exif"), Cow::Borrowed(data));
                    }
                } else if let Some(packet) = data.strip_prefix(XMP) {
                    found.add(BlockKind::Xmp, app1("XMP"), Cow::Borrowed(packet));
                } else if data.starts_with(EXTENDED_XMP) {
                    portions.push(Block {
                        range: start..end,
                        payload: body.start + EXTENDED_XMP.len()..body.end,
                        encoding: Encoding::Plain,
                    });
                }
            }
            APP13 => resources.extend(data.strip_prefix(photoshop::NAME)),
            COM => found.add(
                BlockKind::Text { keyword: String::new() },
                Place::JpegSegment {
                    marker: "COM",
                    name: "",
                },
                Cow::Borrowed(data),
            ),
            _ => {}
        }
    }
    add_extended(bytes, &portions, found);
    let place = Place::JpegSegment {
        marker: "APP13",
        name: "Photoshop",
    };
    match resources.as_slice() {
        [] => {}
        [only] => photoshop::find(Cow::Borrowed(only), &place, found),
        // A block of resources may go on in the next segment.
        many => photoshop::find(Cow::Owned(many.concat()), &place, found),
    }
}

/// Looks for where the picture ends, from its first scan on. A file that ends as a picture does is not looked through: that
/// takes longer than all else here.
fn find_end(rest: &[u8], found: &mut Finder<'_>) {
    if rest.ends_with(&[0xFF, EOI]) {
        return;
    }
    match end_of_image(rest) {
        Some(end) => found.behind_end(rest.get(end..).unwrap_or_default()),
        None => found.blocks.is_cut_off = true,
    }
}

/// Behind EOI, from a scan header on: in coded data no marker but those of restarts follows FF (ITU-T T.81, B.1.1.5), and between
/// scans stand segments with a length.
fn end_of_image(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr(0xFF, bytes.get(at..)?)?;
        at += match *bytes.get(at + 1)? {
            EOI => return Some(at + 2),
            0x00..=0xBF | 0xD0..=SOI | 0xFF => 1,
            _ => 2 + usize::from(be16(bytes, at + 2)?),
        };
    }
}

/// The JSON of China's label, glued to its name as some services put it into a segment of its own, or within an object.
fn aigc(marker: u8, data: &[u8]) -> Option<(Place, &[u8])> {
    let marker = APP_NAMES.get(usize::from(marker.checked_sub(APP0)?))?;
    let json = match data.strip_prefix(AIGC.as_bytes()) {
        Some([0 | b':' | b'=', json @ ..]) => json,
        Some(json) => json,
        None => data.starts_with(b"{\"AIGC\"").then_some(data)?,
    };
    json.starts_with(b"{")
        .then_some((Place::JpegSegment { marker, name: AIGC }, json))
}

fn app1(name: &'static str) -> Place {
    Place::JpegSegment { marker: "APP1", name }
}

fn add_extended<'a>(bytes: &'a [u8], portions: &[Block], found: &mut Finder<'a>) {
    if portions.is_empty() {
        return;
    }
    let place = app1("extended XMP");
    match extended(&mut &*bytes, portions, &found.limits) {
        Ok(Some(packet)) => found.add(BlockKind::ExtendedXmp, place, Cow::Owned(packet)),
        Ok(None) => found.unread(place, Unread::Damaged),
        Err(_) => found.unread(place, Unread::TooLong(found.limits.max_metadata)),
    }
}

enum Segment {
    Whole {
        marker: u8,
        body: Range<usize>,
        end: usize,
    },
    /// Not a marker: a fill byte, a stuffed one, or a marker without a body.
    Fill,
    /// The scan or the end of the picture.
    End,
    Truncated,
}

/// What stands at an FF byte.
fn segment(bytes: &[u8], start: usize) -> Segment {
    let Some(&marker) = bytes.get(start + 1) else {
        return Segment::Truncated;
    };
    match marker {
        SOS | EOI => return Segment::End,
        0x00..=0xBF | 0xD0..=SOI | 0xFF => return Segment::Fill,
        _ => {}
    }
    let length = be16(bytes, start + 2).map(usize::from);
    match length {
        // A length that does not even cover itself: no reader gets past it as it stands.
        Some(0 | 1) => Segment::Fill,
        Some(length) if start + 2 + length <= bytes.len() => Segment::Whole {
            marker,
            body: start + 4..start + 2 + length,
            end: start + 2 + length,
        },
        _ => Segment::Truncated,
    }
}
