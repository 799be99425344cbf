//! Parameters in the lowest bits of the alpha channel, as NovelAI and a plug-in of the web UIs write them: they outlive the
//! text chunks.
//!
//! From the first pixel down each column: a name of 15 letters, the length in bits as a big-endian number of 32 bits, then
//! JSON or text, compressed with gzip under one of the names (`stealth_pngcomp`, `stealth_pnginfo`).

#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;
use std::io::Read;

use flate2::read::GzDecoder;
use touchmark_image::{Channels, Format, Pixels, Place, Samples};

use super::STEALTH;
use super::finding::{FoundLabel, PromptText, Prompts, Says, Writer, WriterKind};
use super::prompt::{self, PromptForm};
use super::shape::{self, Shape};
use super::text::{capped, plain};

const COMPRESSED: &[u8] = b"stealth_pngcomp";
const PLAIN: &[u8] = b"stealth_pnginfo";

/// The longest text, inflated or not, in bytes.
const MAX_TEXT: usize = 2 << 20;

/// Reads the parameters hidden in a picture's opacity; `None` where there are none. `format` is that of its file, which was
/// decoded without loss.
///
/// Looks at 120 pixels where the name does not stand there.
pub fn stealth(pixels: &Pixels, format: Format, prompts: Prompts) -> Option<FoundLabel> {
    let mut bits = AlphaBits::of(pixels)?;
    let name = bits.bytes(PLAIN.len())?;
    let is_compressed = match name.as_slice() {
        COMPRESSED => true,
        PLAIN => false,
        _ => return None,
    };
    let length = bits.bytes(4)?.first_chunk::<4>().copied().map(u32::from_be_bytes)?;
    let length = usize::try_from(length / 8).ok()?;
    let data = match length <= MAX_TEXT {
        true => bits.bytes(length)?,
        false => return None,
    };
    let data = match is_compressed {
        true => inflated(&data),
        false => data,
    };
    let text = plain(&data);
    let is_novelai = shape::value_after(&text, "Software").is_some_and(|value| value.starts_with("\"NovelAI"));
    let form = match Shape::GenerationText.fits(&text) {
        true => PromptForm::A1111,
        false => PromptForm::Json,
    };
    let (name, kind) = match is_novelai {
        true => ("NovelAI", WriterKind::Service),
        false => ("a Stable Diffusion web UI", WriterKind::FrontEnd),
    };
    // NovelAI's JSON has the parameters as a text within it.
    let inner = serde_json::from_str::<serde_json::Value>(&text).ok();
    let comment = inner.as_ref().and_then(|value| value.get("Comment")?.as_str());
    let prompt = form.of(comment.unwrap_or(&text));
    Some(FoundLabel {
        signal: STEALTH,
        place: Place::File(format),
        field: Cow::Borrowed("lowest bits of the opacity"),
        says: Says::Whole,
        source_type: None,
        writer: Some(Writer { name, kind }),
        value: prompt::model(&text).map(|model| capped(&model)),
        prompt: PromptText::new(&prompt, prompts),
    })
}

/// What comes out before a fault or the limit: a damaged text still says who wrote it.
fn inflated(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let _ = GzDecoder::new(data).take(MAX_TEXT as u64).read_to_end(&mut out);
    out
}

/// The lowest bits of the opacity, column by column.
struct AlphaBits<'a> {
    samples: &'a [u8],
    width: usize,
    height: usize,
    channels: usize,
    at: usize,
}

impl<'a> AlphaBits<'a> {
    /// `None` for pictures without opacity, and for those of 16 bits, which no such writer makes.
    fn of(pixels: &'a Pixels) -> Option<Self> {
        let Samples::Eight(samples) = pixels.samples() else {
            return None;
        };
        (pixels.channels() == Channels::Rgba).then(|| Self {
            samples,
            width: pixels.width() as usize,
            height: pixels.height() as usize,
            channels: pixels.channels().count(),
            at: 0,
        })
    }

    fn bit(&mut self) -> Option<u8> {
        let (column, row) = (self.at / self.height, self.at % self.height);
        let pixel = (column < self.width).then_some(row * self.width + column)?;
        self.at += 1;
        self.samples.get(pixel * self.channels + 3).map(|alpha| alpha & 1)
    }

    fn bytes(&mut self, count: usize) -> Option<Vec<u8>> {
        // Nothing is allocated for a length that the picture cannot hold.
        let left = (self.width * self.height).checked_sub(self.at)?;
        (count <= left / 8).then_some(())?;
        let mut byte = || (0..8).try_fold(0, |byte: u8, _| Some(byte << 1 | self.bit()?));
        (0..count).map(|_| byte()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn pixels(data: &[u8]) -> Pixels {
        let (width, height) = (40, 64);
        let mut samples = vec![0xFE; width * height * 4];
        for (index, byte) in data.iter().enumerate() {
            for bit in 0..8 {
                let at = index * 8 + bit;
                let pixel = (at % height) * width + at / height;
                samples[pixel * 4 + 3] |= byte >> (7 - bit) & 1;
            }
        }
        Pixels::new(40, 64, Channels::Rgba, Samples::Eight(samples)).unwrap()
    }

    fn message(name: &[u8], text: &[u8]) -> Vec<u8> {
        [name, &(text.len() as u32 * 8).to_be_bytes(), text].concat()
    }

    #[test]
    fn hidden_parameters_are_read_in_both_forms() {
        let json = br#"{"Software": "NovelAI", "Comment": "{\"prompt\": \"a cat\"}"}"#;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(json).unwrap();
        let zipped = encoder.finish().unwrap();
        for data in [message(COMPRESSED, &zipped), message(PLAIN, json)] {
            let label = stealth(&pixels(&data), Format::Png, Prompts::Keep).unwrap();
            assert_eq!((label.signal, label.says), (STEALTH, Says::Whole));
            assert_eq!(label.writer.unwrap().name, "NovelAI");
            assert_eq!(label.prompt.unwrap().reveal(), Some("a cat"));
            assert_eq!(label.place.to_string(), "PNG file");
        }
    }

    #[test]
    fn other_opacity_holds_nothing() {
        assert!(stealth(&pixels(b"stealth_other__"), Format::Png, Prompts::Count).is_none());
        assert!(stealth(&pixels(&[0xFF; 320]), Format::Png, Prompts::Count).is_none());
        // A length beyond the picture.
        let mut data = message(PLAIN, b"");
        data[15..].copy_from_slice(&u32::MAX.to_be_bytes());
        assert!(stealth(&pixels(&data), Format::Png, Prompts::Count).is_none());
        let tiny = Pixels::new(2, 2, Channels::Rgba, Samples::Eight(vec![255; 16])).unwrap();
        assert!(stealth(&tiny, Format::Png, Prompts::Count).is_none());
    }
}
