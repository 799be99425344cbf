//! Perceptual fingerprints: what a picture keeps when its file is shrunk, compressed or converted. A fingerprint leads
//! to a record or to a comparison; likeness proves nothing about who made a picture.

mod downsample;
mod frame;
mod iscc;
mod pdq;

#[cfg(test)]
mod laws;

use touchmark_image::{Orientation, Pixels};

pub use iscc::{Iscc, MalformedIscc};
pub use pdq::{MalformedPdq, Pdq};

use crate::view::View;

/// What is kept of a picture to find it again, made of the picture as it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    /// PDQ of the whole picture at full size.
    pub pdq: Pdq,
    /// How much structure PDQ had to go by, 0 to 100. Below 50 a hash tells little (ThreatExchange's threshold).
    pub quality: u8,
    /// The image content code of ISO 24138.
    pub iscc: Iscc,
}

/// How far two fingerprints are apart, in bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Distance {
    /// Of 256; ThreatExchange calls pictures alike up to 31.
    pub pdq: u32,
    /// Of 64.
    pub iscc: u32,
}

/// One way in which a stored original may have become the picture at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Variant {
    /// The hash to look up.
    pub pdq: Pdq,
    /// How structured the hashed part is, 0 to 100.
    pub quality: u8,
    /// What was done to the picture at hand, as it is looked at, before hashing.
    pub turned: Orientation,
    /// Whether a flat frame was cut off before hashing.
    pub trimmed: bool,
}

/// The fingerprint of a picture as it is looked at.
///
/// Alpha is left out of account for PDQ, as the reference does, and laid on white for ISCC, as the standard does. Where
/// a side is below 5 pixels the PDQ is all zeros at quality 0, as the reference has it.
pub fn of(pixels: &Pixels) -> Fingerprint {
    let whole = Region::whole(pixels);
    let view = View::of(pixels);
    let spectrum = pdq::Spectrum::of(pixels, view, whole);
    Fingerprint {
        pdq: spectrum.hash(Orientation::AsStored),
        quality: spectrum.quality(),
        iscc: Iscc::of(pixels, view),
    }
}

/// The PDQ and quality that the reference's command line gives: of a picture with a side above 512 pixels it hashes 512
/// by 512 of its pixels, each the nearest one. For comparing with lists that were made so; less stable than [`of`].
pub fn of_thumbnail(pixels: &Pixels) -> (Pdq, u8) {
    let spectrum = pdq::Spectrum::of_thumbnail(pixels, View::of(pixels), Region::whole(pixels));
    (spectrum.hash(Orientation::AsStored), spectrum.quality())
}

/// All hashes to look up for a picture: the eight ways to turn and mirror it, and the same without its flat frame where it
/// has one. The picture as it is comes first.
pub fn variants(pixels: &Pixels) -> Vec<Variant> {
    let whole = [(Region::whole(pixels), false)];
    let trimmed = frame::content(pixels).map(|region| (region, true));
    let view = View::of(pixels);
    let regions = whole.into_iter().chain(trimmed);
    let variants = regions.flat_map(|(region, trimmed)| {
        let spectrum = pdq::Spectrum::of(pixels, view, region);
        pdq::SYMMETRIES.map(|turned| Variant {
            pdq: spectrum.hash(turned),
            quality: spectrum.quality(),
            turned,
            trimmed,
        })
    });
    variants.collect()
}

impl Fingerprint {
    /// How far this fingerprint is from another.
    pub fn distance(&self, other: &Self) -> Distance {
        Distance {
            pdq: self.pdq.distance(&other.pdq),
            iscc: self.iscc.distance(&other.iscc),
        }
    }
}

/// A part of a picture, in stored columns and rows; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Region {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl Region {
    fn whole(pixels: &Pixels) -> Self {
        Self {
            left: 0,
            top: 0,
            width: pixels.width(),
            height: pixels.height(),
        }
    }
}
