//! How much of a foreign file touchmark is willing to look at, with the reason for each default.

use crate::error::{Error, Limit};

/// Bounds that a source image must keep; checked before anything of that size is allocated or walked.
///
/// Start from [`Limits::default`] and change what differs:
///
/// ```
/// use touchmark_image::Limits;
/// let upload = Limits { max_bytes: 50 << 20, ..Limits::default() };
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the whole file in bytes. Default 512 MiB: an uncompressed 16-bit RGB picture of 89 megapixels or a
    /// compressed one of 300; a stamp holds the source and the result in memory, so this caps it near 1 GiB.
    pub max_bytes: u64,
    /// Width times height. Default 300 megapixels: the largest single-shot sensors give 150 to 200, and 8-bit RGB
    /// of that size decodes to 900 MB.
    pub max_pixels: u64,
    /// JPEG segments, PNG or RIFF chunks in one file. Default 262 144: libpng writes IDAT chunks of 8 KiB, so the
    /// largest file allowed has 65 536 of them; four times that leaves room for smaller ones. Empty chunks (12
    /// bytes) would otherwise give forty million.
    pub max_segments: u64,
    /// Size of one block of metadata (XMP, EXIF), inflated, in bytes. Default 16 MiB: extended XMP with a preview or
    /// an edit history of a picture reaches some megabytes.
    pub max_metadata: u64,
    /// Memory for one decoded picture, or for one change of a JPEG's coefficients, in bytes; asked before it is
    /// allocated. Default 2 GiB: 8-bit RGBA of 300 megapixels takes 1.2 GB, 16-bit RGBA of 268 megapixels all of it.
    pub max_memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 512 << 20,
            max_pixels: 300_000_000,
            max_segments: 1 << 18,
            max_metadata: 16 << 20,
            max_memory: 2 << 30,
        }
    }
}

impl Limits {
    pub(crate) fn check_bytes(&self, found: usize) -> Result<(), Error> {
        within(Limit::Bytes, found as u64, self.max_bytes)
    }

    pub(crate) fn check_pixels(&self, (width, height): (u32, u32)) -> Result<(), Error> {
        within(Limit::Pixels, u64::from(width) * u64::from(height), self.max_pixels)
    }

    /// Memory for a picture of this size with so many bytes a pixel.
    pub(crate) fn check_memory(&self, (width, height): (u32, u32), bytes_a_pixel: u64) -> Result<(), Error> {
        let pixels = u64::from(width) * u64::from(height);
        within(Limit::Memory, pixels.saturating_mul(bytes_a_pixel), self.max_memory)
    }

    pub(crate) fn check_segments(&self, found: u64) -> Result<(), Error> {
        within(Limit::Segments, found, self.max_segments)
    }
}

fn within(limit: Limit, found: u64, allowed: u64) -> Result<(), Error> {
    if found <= allowed {
        Ok(())
    } else {
        Err(Error::Limits { limit, found, allowed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_inclusive() {
        let limits = Limits {
            max_bytes: 10,
            max_pixels: 6,
            max_segments: 2,
            ..Limits::default()
        };
        assert_eq!(limits.check_bytes(10), Ok(()));
        assert_eq!(
            limits.check_bytes(11),
            Err(Error::Limits {
                limit: Limit::Bytes,
                found: 11,
                allowed: 10
            })
        );
        assert_eq!(limits.check_pixels((2, 3)), Ok(()));
        assert!(limits.check_pixels((7, 1)).is_err());
        assert!(limits.check_segments(3).is_err());
    }

    #[test]
    fn pixel_count_of_extreme_dimensions_does_not_overflow() {
        assert!(Limits::default().check_pixels((u32::MAX, u32::MAX)).is_err());
    }
}
