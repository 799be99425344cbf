//! The pixel layers of a stamp: the visible label, then the watermark over it, then the picture coded again in its own
//! format; and what can be told from the final pixels.

use std::fmt;
use std::sync::Arc;

use touchmark_image::{CodingChange, Limits, Pixels, Reencoding, SourceImage};
use touchmark_provenance::manifest::{PixelFacts, SoftBinding};
use touchmark_provenance::names::soft_binding;
use touchmark_signal::fingerprint::{self, Fingerprint};
use touchmark_signal::label::{self, Label};
use touchmark_signal::watermark::{Embedded, Embedder, WatermarkId, WatermarkKey};

use super::order::{Order, Want};
use super::record::Note;
use crate::error::Error;
use crate::issuer;
use crate::pixels::{PixelReader, WatermarkFinding};

/// A picture whose pixels were changed, and what its manifest states of them.
#[derive(Debug)]
pub(super) struct Marked {
    /// The file, without a stamp.
    pub bytes: Vec<u8>,
    pub facts: PixelFacts,
    pub record: PixelRecord,
}

/// What there is to remember about the pixels of a stamped picture.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PixelRecord {
    /// The watermark.
    pub watermark: Option<WatermarkRecord>,
    /// The fingerprint of the final pixels.
    pub fingerprint: Fingerprint,
    /// The words of the visible label.
    pub label: Option<String>,
    /// How the changed pixels were coded.
    pub reencoding: Reencoding,
}

/// A watermark that a stamp has.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct WatermarkRecord {
    /// What it says.
    pub id: WatermarkId,
    /// Whether it was made with the key that everybody has.
    pub public_key: bool,
    /// What it did to the picture.
    pub embedded: Embedded,
}

/// Why a picture cannot have a pixel layer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum PixelsRefusal {
    /// Its pixels cannot be read, or not be changed in its coding.
    Coding(touchmark_image::Error),
    /// It is lossy WebP, which touchmark could only write without loss, many times as large: done where it is demanded.
    Lossless,
    /// It cannot carry a watermark.
    Watermark(touchmark_signal::watermark::Refusal),
    /// The mark could not be read from the coded picture again: the picture's own texture drowns it, or an older mark.
    NotReadBack,
    /// It cannot carry the label.
    Label(touchmark_signal::label::Refusal),
}

impl fmt::Display for PixelsRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Coding(why) => why.fmt(f),
            Self::Lossless => f.write_str("it is lossy WebP, and would become lossless and many times as large"),
            Self::Watermark(why) => why.fmt(f),
            Self::NotReadBack => {
                f.write_str("the id could not be read again: its own texture drowns the mark, or an older mark does")
            }
            Self::Label(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for PixelsRefusal {}

/// The key of the watermark, with its lattice, for making marks and for finding those that are there.
#[derive(Debug)]
pub(super) struct Marker {
    embedder: Embedder,
    reader: PixelReader,
    public_key: bool,
}

impl Marker {
    pub fn public() -> Self {
        Self {
            embedder: Embedder::new(&WatermarkKey::public()),
            reader: PixelReader::default(),
            public_key: true,
        }
    }

    pub fn private(key: &WatermarkKey) -> Self {
        Self {
            embedder: Embedder::new(key),
            reader: PixelReader::new(vec![key.clone()]),
            public_key: false,
        }
    }

    /// The id of the mark that a picture carries. `None` too where its pixels cannot be decoded.
    pub fn read(&self, image: &SourceImage<'_>) -> Option<WatermarkId> {
        match self.reader.watermark(&image.decode().ok()?) {
            WatermarkFinding::Found(mark) => Some(mark.id),
            _ => None,
        }
    }
}

/// Why a picture did not get its pixel layers.
enum Refused {
    /// The picture cannot have them.
    Here(PixelsRefusal),
    Failed(Error),
}

/// Puts the pixel layers of this order into a picture. `None` where it asks for none, or where the picture can take none
/// and none is demanded: a note tells why. With `read_back`, a mark counts only once its id was read from the coded
/// picture.
///
/// # Errors
/// [`Error::Pixels`] where a layer is demanded that the picture cannot have.
pub(super) fn mark(
    image: &SourceImage<'_>,
    order: &Order<'_>,
    marker: impl FnOnce() -> Arc<Marker>,
    read_back: bool,
    notes: &mut Vec<Note>,
) -> Result<Option<Marked>, Error> {
    if !order.changes_pixels() {
        return Ok(None);
    }
    let marker = (order.watermark.want != Want::No).then(marker);
    let mut marked = draw_and_embed(image, order, marker.as_deref(), read_back);
    if let Err(Refused::Here(PixelsRefusal::Watermark(_) | PixelsRefusal::NotReadBack)) = &marked
        && order.watermark.want == Want::IfPossible
        && order.label.is_some()
        && let Err(Refused::Here(why)) = std::mem::replace(&mut marked, draw_and_embed(image, order, None, false))
    {
        notes.push(Note::WatermarkLeftOut(why));
    }
    match marked {
        Ok(marked) => Ok(Some(marked)),
        Err(Refused::Here(why)) if !order.demands_pixels() => {
            notes.push(Note::WatermarkLeftOut(why));
            Ok(None)
        }
        Err(Refused::Here(why)) => Err(Error::Pixels(why)),
        Err(Refused::Failed(error)) => Err(error),
    }
}

/// The label where one is ordered, then the mark where there is a `marker`.
fn draw_and_embed(
    image: &SourceImage<'_>,
    order: &Order<'_>,
    marker: Option<&Marker>,
    read_back: bool,
) -> Result<Marked, Refused> {
    let coding = |error| Refused::Here(PixelsRefusal::Coding(error));
    image.check_encodable().map_err(coding)?;
    let before = image.decode().map_err(coding)?;
    let mut pixels = before.clone();
    // The label first, so that the watermark covers it.
    let label = order.label.as_ref().map(|label| draw(&mut pixels, label)).transpose()?;
    let watermark = marker.map(|marker| embed(&mut pixels, order, marker)).transpose()?;
    let encoded = image.encode_change(&before, &pixels).map_err(coding)?;
    drop(before);
    if encoded.how.changes.contains(&CodingChange::LossyBecameLossless) && !order.demands_pixels() {
        return Err(Refused::Here(PixelsRefusal::Lossless));
    }
    if let Some((marker, mark)) = marker.zip(watermark.as_ref())
        && read_back
    {
        // It may exceed the limits on files by what coding added; the pixels are no more than before.
        let limits = Limits {
            max_bytes: u64::MAX,
            max_segments: u64::MAX,
            ..*image.limits()
        };
        let coded = SourceImage::parse(&encoded.bytes, &limits).map_err(coding)?;
        if marker.read(&coded) != Some(mark.id) {
            return Err(Refused::Here(PixelsRefusal::NotReadBack));
        }
    }
    let fingerprint = fingerprint::of(&pixels);
    let binding = |algorithm, value: &[u8]| SoftBinding {
        algorithm,
        value: value.to_vec(),
    };
    Ok(Marked {
        bytes: encoded.bytes,
        facts: PixelFacts {
            watermark: watermark
                .as_ref()
                .map(|mark| binding(soft_binding::LATTICE, &u64::from(mark.id).to_be_bytes())),
            fingerprint: Some(binding(soft_binding::ISCC, fingerprint.iscc.to_string().as_bytes())),
            label: label.clone(),
        },
        record: PixelRecord {
            watermark,
            fingerprint,
            label,
            reencoding: encoded.how,
        },
    })
}

/// Draws the label; its words.
fn draw(pixels: &mut Pixels, label: &Label) -> Result<String, Refused> {
    label::draw(pixels, label).map_err(|why| Refused::Here(PixelsRefusal::Label(why)))?;
    Ok(label.words())
}

fn embed(pixels: &mut Pixels, order: &Order<'_>, marker: &Marker) -> Result<WatermarkRecord, Refused> {
    let id = match order.watermark.id {
        Some(id) => id,
        None => issuer::random_id(order.disclosure).map_err(Refused::Failed)?,
    };
    let embedded = marker
        .embedder
        .embed(pixels, id, order.watermark.strength)
        .map_err(|why| Refused::Here(PixelsRefusal::Watermark(why)))?;
    Ok(WatermarkRecord {
        id,
        public_key: marker.public_key,
        embedded,
    })
}
