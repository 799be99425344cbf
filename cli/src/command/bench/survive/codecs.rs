//! WebP and AVIF with loss, by the reference programs where they are installed: `cwebp` of libwebp, `avifenc` and
//! `avifdec` of libavif. touchmark itself writes neither.

use std::error::Error as StdError;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use touchmark_attacks::{Codecs, Coding, Error, Picture};
use touchmark_image::{Limits, SourceImage};

type Fault = Box<dyn StdError + Send + Sync>;

/// The programs that were found.
#[derive(Debug, Default)]
pub struct Programs {
    cwebp: Option<PathBuf>,
    avif: Option<(PathBuf, PathBuf)>,
}

impl Programs {
    /// Looks for them in the folders of `PATH`.
    pub fn find(path: Option<&OsStr>) -> Self {
        let find = |name: &str| {
            let folders = std::env::split_paths(path?);
            folders
                .map(|folder| folder.join(name).with_extension(std::env::consts::EXE_EXTENSION))
                .find(|file| file.is_file())
        };
        Self {
            cwebp: find("cwebp"),
            avif: find("avifenc").zip(find("avifdec")),
        }
    }
}

impl Codecs for Programs {
    fn transcode(&self, picture: &Picture, coding: Coding) -> Result<Picture, Error> {
        let missing = || Error::NoCodec(coding);
        match coding {
            Coding::WebP { quality } => webp(self.cwebp.as_deref().ok_or_else(missing)?, picture, quality),
            Coding::Avif { quality } => {
                let (encoder, decoder) = self.avif.as_ref().ok_or_else(missing)?;
                avif(encoder, decoder, picture, quality)
            }
        }
        .map_err(|fault| Error::Codec(coding, fault))
    }
}

fn webp(encoder: &Path, picture: &Picture, quality: u8) -> Result<Picture, Fault> {
    let folder = tempfile::tempdir()?;
    let (from, to) = (folder.path().join("in.png"), folder.path().join("out.webp"));
    std::fs::write(&from, png(picture)?)?;
    run(Command::new(encoder)
        .args(["-quiet", "-q", &quality.to_string()])
        .arg(&from)
        .arg("-o")
        .arg(&to))?;
    decode(&std::fs::read(to)?)
}

fn avif(encoder: &Path, decoder: &Path, picture: &Picture, quality: u8) -> Result<Picture, Fault> {
    let folder = tempfile::tempdir()?;
    let [from, coded, to] = ["in.png", "coded.avif", "out.png"].map(|name| folder.path().join(name));
    std::fs::write(&from, png(picture)?)?;
    // Versions before 1.0 know quantisers alone, 63 to 0, on which later ones map quality evenly.
    let quantiser = (((100 - u32::from(quality.min(100))) * 63 + 50) / 100).to_string();
    run(Command::new(encoder)
        .args(["--speed", "8", "--yuv", "420", "--min", &quantiser, "--max", &quantiser])
        .arg(&from)
        .arg(&coded))?;
    run(Command::new(decoder).arg(&coded).arg(&to))?;
    decode(&std::fs::read(to)?)
}

fn run(command: &mut Command) -> Result<(), Fault> {
    let output = command.stdin(Stdio::null()).output()?;
    match output.status.success() {
        true => Ok(()),
        false => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(io::Error::other(format!(
                "{}: {}",
                output.status,
                said.lines().next().unwrap_or_default()
            ))
            .into())
        }
    }
}

/// A PNG that is quick to write: what is measured is what comes after it.
pub fn png(picture: &Picture) -> Result<Vec<u8>, Fault> {
    let mut file = Vec::new();
    let (width, height) = (u32::try_from(picture.width())?, u32::try_from(picture.height())?);
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fastest);
    encoder.write_header()?.write_image_data(picture.samples())?;
    Ok(file)
}

fn decode(file: &[u8]) -> Result<Picture, Fault> {
    Ok(Picture::of(&SourceImage::parse(file, &Limits::default())?.decode()?))
}

#[cfg(test)]
mod tests {
    use touchmark_attacks::{Scene, psnr};

    use super::*;

    #[test]
    fn programs_that_are_not_there_are_told() {
        let picture = Scene::ALL[0].draw(32, 32);
        for coding in [Coding::WebP { quality: 50 }, Coding::Avif { quality: 50 }] {
            let nothing = Programs::find(Some(OsStr::new("/nowhere"))).transcode(&picture, coding);
            assert!(matches!(nothing, Err(Error::NoCodec(missing)) if missing == coding));
        }
    }

    #[test]
    fn a_picture_goes_through_png_unchanged() {
        let picture = Scene::ALL[1].draw(33, 21);
        assert_eq!(decode(&png(&picture).unwrap()).unwrap(), picture);
    }

    /// Where the programs are installed: the lower the quality, the further from the original, and never far.
    #[test]
    fn installed_programs_lose_what_they_are_told_to() {
        let picture = Scene::ALL[1].draw(200, 150);
        let programs = Programs::find(std::env::var_os("PATH").as_deref());
        let after = |coding| match programs.transcode(&picture, coding) {
            Ok(after) => psnr(&picture, &after),
            Err(Error::NoCodec(_)) => None,
            Err(error) => panic!("{error}: {:?}", error.source()),
        };
        let pairs = [
            (Coding::WebP { quality: 50 }, Coding::WebP { quality: 90 }),
            (Coding::Avif { quality: 30 }, Coding::Avif { quality: 80 }),
        ];
        for (low, high) in pairs {
            if let Some((low, high)) = after(low).zip(after(high)) {
                assert!(low + 2.0 < high && low > 20.0 && high < 60.0, "{low} {high}");
            }
        }
    }
}
