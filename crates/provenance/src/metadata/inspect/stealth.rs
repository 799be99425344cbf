//! Parameters in the lowest bits of the pixels, as NovelAI and a plug-in of the web UIs write them: they outlive the text
//! chunks.
//!
//! From the first pixel down each column, in the opacity or in red, green and blue in turn: a name of 15 letters, the length
//! in bits as a big-endian number of 32 bits, then JSON or text, compressed with gzip under two of the names.

#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;
use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::Value;
use touchmark_image::{Channels, Format, Pixels, Place, Samples};

use super::fields::{Field, of_keyword};
use super::finding::{FoundLabel, PromptText, Prompts, Says, Writer, WriterKind};
use super::prompt::{self, PromptForm};
use super::table::Table;
use super::text::{capped, plain};
use super::{STEALTH, STEALTH_RGB, agree};

/// The longest text, inflated or not, in bytes.
const MAX_TEXT: usize = 2 << 20;

/// The samples of a pixel that carry a message, and what it is then called.
struct Carrier {
    signal: &'static str,
    field: &'static str,
    plain: &'static [u8; 15],
    compressed: &'static [u8; 15],
    samples: &'static [usize],
}

const CARRIERS: [Carrier; 2] = [
    Carrier {
        signal: STEALTH,
        field: "lowest bits of the opacity",
        plain: b"stealth_pnginfo",
        compressed: b"stealth_pngcomp",
        samples: &[3],
    },
    Carrier {
        signal: STEALTH_RGB,
        field: "lowest bits of the colours",
        plain: b"stealth_rgbinfo",
        compressed: b"stealth_rgbcomp",
        samples: &[0, 1, 2],
    },
];

/// Reads the parameters hidden in a picture's pixels; `None` where there are none. `format` is that of its file, which was
/// decoded without loss.
///
/// Looks at 160 pixels where the names do not stand there.
pub fn stealth(pixels: &Pixels, format: Format, prompts: Prompts) -> Option<FoundLabel> {
    CARRIERS
        .iter()
        .find_map(|carrier| Some(label(carrier, &message(carrier, pixels)?, format, prompts)))
}

fn message(carrier: &Carrier, pixels: &Pixels) -> Option<Vec<u8>> {
    let mut bits = LowestBits::of(pixels, carrier.samples)?;
    let name = bits.bytes(carrier.plain.len())?;
    let is_compressed = name == carrier.compressed;
    if !is_compressed && name != carrier.plain {
        return None;
    }
    let length = bits.bytes(4)?.first_chunk::<4>().copied().map(u32::from_be_bytes)?;
    let length = usize::try_from(length / 8).ok()?;
    let data = match length <= MAX_TEXT {
        true => bits.bytes(length)?,
        false => return None,
    };
    Some(match is_compressed {
        true => inflated(&data),
        false => data,
    })
}

/// The label that a message is: what the table says of its texts, each in the chunk that it stands for.
fn label(carrier: &Carrier, message: &[u8], format: Format, prompts: Prompts) -> FoundLabel {
    let text = plain(message);
    let fields = texts(&text);
    let mut known: Vec<FoundLabel> = fields
        .iter()
        .filter_map(|field| Table::get().label(field, &fields, prompts))
        .collect();
    agree(&mut known);
    let unnamed = Writer {
        name: "a Stable Diffusion web UI",
        kind: WriterKind::FrontEnd,
    };
    FoundLabel {
        signal: carrier.signal,
        place: Place::File(format),
        field: Cow::Borrowed(carrier.field),
        says: known.iter().map(|label| label.says).max().unwrap_or(Says::Whole),
        source_type: None,
        writer: known.iter().find_map(|label| label.writer).or(Some(unnamed)),
        system: None,
        provider: None,
        value: prompt::model(&text).map(|model| capped(&model)),
        prompt: match known.into_iter().find_map(|label| label.prompt) {
            None => PromptText::new(&PromptForm::Json.of(&text), prompts),
            found => found,
        },
    }
}

/// The texts of a message: JSON has one for each chunk, under its keyword; anything else is the one of a web UI.
fn texts(text: &str) -> Vec<Field<'_>> {
    let field = |keyword: &str, text| Field {
        name: of_keyword(keyword),
        place: Place::File(Format::Png),
        shown: Cow::Borrowed(""),
        text,
        label: None,
    };
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(chunks)) => chunks
            .into_iter()
            .map(|(keyword, value)| match value {
                Value::String(text) => field(&keyword, text.into()),
                value => field(&keyword, value.to_string().into()),
            })
            .collect(),
        _ => vec![field("parameters", text.into())],
    }
}

/// What comes out before a fault or the limit: a damaged text still says who wrote it.
fn inflated(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let _ = GzDecoder::new(data).take(MAX_TEXT as u64).read_to_end(&mut out);
    out
}

/// The lowest bits of some samples of each pixel, column by column.
struct LowestBits<'a> {
    samples: &'a [u8],
    width: usize,
    height: usize,
    channels: usize,
    of: &'static [usize],
    at: usize,
}

impl<'a> LowestBits<'a> {
    /// `None` for pictures without these samples, and for those of 16 bits, which no such writer makes.
    fn of(pixels: &'a Pixels, of: &'static [usize]) -> Option<Self> {
        let Samples::Eight(samples) = pixels.samples() else {
            return None;
        };
        let has_them = match pixels.channels() {
            Channels::Rgba => true,
            Channels::Rgb => !of.contains(&3),
            _ => false,
        };
        has_them.then(|| Self {
            samples,
            width: pixels.width() as usize,
            height: pixels.height() as usize,
            channels: pixels.channels().count(),
            of,
            at: 0,
        })
    }

    fn bit(&mut self) -> Option<u8> {
        let sample = *self.of.get(self.at % self.of.len())?;
        let pixel = self.at / self.of.len();
        let (column, row) = (pixel / self.height, pixel % self.height);
        let pixel = (column < self.width).then_some(row * self.width + column)?;
        self.at += 1;
        self.samples.get(pixel * self.channels + sample).map(|value| value & 1)
    }

    fn bytes(&mut self, count: usize) -> Option<Vec<u8>> {
        // Nothing is allocated for a length that the picture cannot hold.
        let left = (self.width * self.height * self.of.len()).checked_sub(self.at)?;
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

    const COMPRESSED: &[u8] = b"stealth_pngcomp";
    const PLAIN: &[u8] = b"stealth_pnginfo";

    fn pixels(data: &[u8]) -> Pixels {
        with(data, Channels::Rgba, &[3])
    }

    fn with(data: &[u8], channels: Channels, of: &[usize]) -> Pixels {
        let (width, height) = (40, 64);
        let mut samples = vec![0xFE; width * height * channels.count()];
        for (index, byte) in data.iter().enumerate() {
            for bit in 0..8 {
                let at = index * 8 + bit;
                let pixel = at / of.len();
                let pixel = (pixel % height) * width + pixel / height;
                samples[pixel * channels.count() + of[at % of.len()]] |= byte >> (7 - bit) & 1;
            }
        }
        Pixels::new(40, 64, channels, Samples::Eight(samples)).unwrap()
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
    fn hidden_parameters_are_read_from_the_colours() {
        let text = b"a cat\nSteps: 20, Sampler: Euler a, Seed: 1, Version: f2.0.1";
        for channels in [Channels::Rgb, Channels::Rgba] {
            let pixels = with(&message(b"stealth_rgbinfo", text), channels, &[0, 1, 2]);
            let label = stealth(&pixels, Format::Png, Prompts::Keep).unwrap();
            assert_eq!((label.signal, label.writer.unwrap().name), (STEALTH_RGB, "Forge"));
            assert_eq!(label.prompt.unwrap().reveal(), Some("a cat"));
        }
    }

    #[test]
    fn texts_of_chunks_are_read_as_the_chunks_are() {
        let json = br#"{"prompt": {"3": {"class_type": "KSampler", "inputs": {"text": "a cat"}}}}"#;
        let label = stealth(&pixels(&message(PLAIN, json)), Format::Png, Prompts::Keep).unwrap();
        assert_eq!(label.writer.unwrap().name, "ComfyUI");
        assert_eq!(label.prompt.unwrap().reveal(), Some("a cat"));
    }

    #[test]
    fn a_part_made_anew_is_told() {
        let json =
            br#"{"Software": "NovelAI", "Comment": {"prompt": "a cat", "request_type": "NativeInfillingRequest"}}"#;
        let label = stealth(&pixels(&message(PLAIN, json)), Format::Png, Prompts::Keep).unwrap();
        assert_eq!((label.says, label.writer.unwrap().name), (Says::Part, "NovelAI"));
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
