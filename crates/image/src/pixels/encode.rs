//! Encoding again after pixels were changed: in the format of the source, with all else of its file as it was.

use super::{Pixels, jpeg, png, webp};
use crate::{Container, Error, Format, PixelRefusal, SourceImage};

/// A file whose pixels were changed, and what that did to its coding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reencoded {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// What was done.
    pub how: Reencoding,
}

/// How changed pixels were coded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reencoding {
    /// What the coding itself cost.
    pub loss: Loss,
    /// Where the coding differs from the source's, in no order that means anything; often empty.
    pub changes: Vec<CodingChange>,
}

/// What coding cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Loss {
    /// Nothing: the file decodes to exactly these pixels.
    None,
    /// JPEG, with the source's own quantisation tables and sampling. Blocks (8 by 8 samples of one component) whose
    /// pixels did not change have the source's coefficients; in the others the change was added to them.
    SameTables {
        /// Blocks of all components.
        blocks: u64,
        /// Those whose coefficients differ from the source's.
        changed: u64,
    },
}

/// One difference between the coding of the source and that of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodingChange {
    /// PNG: the palette became 8-bit RGB, because changed pixels have colours that it lacks.
    PaletteExpanded,
    /// PNG: 1, 2 or 4 bits of grey became 8.
    DepthRaised,
    /// PNG: the one transparent colour became an alpha channel.
    TransparentColourBecameAlpha,
    /// PNG: no longer interlaced.
    InterlacingDropped,
    /// JPEG: no longer progressive.
    ProgressiveBecameSequential,
    /// JPEG: without restart markers.
    RestartsDropped,
    /// WebP: lossless now, and larger, since touchmark writes no lossy WebP.
    LossyBecameLossless,
}

impl SourceImage<'_> {
    /// Whether pixels of this picture can be changed: [`encode`](Self::encode) refuses for no other reason of coding.
    ///
    /// # Errors
    /// [`Error::Pixels`] naming what stands against it; those of [`container`](Self::container).
    pub fn check_encodable(&self) -> Result<(), Error> {
        self.encodable().map(drop)
    }

    /// The file with these pixels in place of its own, which [`decode`](Self::decode) gave; the rest of it stays as
    /// it was (metadata, profile, manifest stores, bytes after the end).
    ///
    /// # Errors
    /// Those of [`check_encodable`](Self::check_encodable) and [`decode`](Self::decode); [`Error::Pixels`] with
    /// [`PixelRefusal::OtherPicture`].
    pub fn encode(&self, pixels: &Pixels) -> Result<Reencoded, Error> {
        if self.format() == Format::Jpeg {
            self.check_encodable()?;
            return self.encode_change(&self.decode()?, pixels);
        }
        self.encode_change(pixels, pixels)
    }

    /// The same for a caller who kept the decoded pixels, `before`: saves JPEG from being decoded once more. The other
    /// formats do not look at `before`.
    ///
    /// In JPEG the change from `before` to `after` is added to the coded coefficients, so nothing else is lost.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    pub fn encode_change(&self, before: &Pixels, after: &Pixels) -> Result<Reencoded, Error> {
        let container = self.encodable()?;
        if !before.same_kind(after) || (after.width(), after.height()) != container.dimensions {
            return Err(PixelRefusal::OtherPicture.into());
        }
        match container.format {
            Format::Jpeg => jpeg::encode(self, before, after),
            Format::Png => png::encode(self, &container, after),
            _ => webp::encode(self, &container, after),
        }
    }

    fn encodable(&self) -> Result<Container, Error> {
        if !self.format().supports_stamping() {
            return Err(PixelRefusal::NotEncoded(self.format()).into());
        }
        let container = self.container()?;
        if container.coding.animated {
            return Err(PixelRefusal::Animated.into());
        }
        if container.format == Format::Jpeg {
            jpeg::check_encodable(self)?;
        }
        Ok(container)
    }
}
