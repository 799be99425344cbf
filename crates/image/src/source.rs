//! The door: bytes become a [`SourceImage`] once their format is known and their size is within [`Limits`].
#![warn(clippy::indexing_slicing)]

use crate::metadata::{self, Xmp};
use crate::{Container, Error, Format, InputFault, Limits, bytes::Source, jpeg, png, webp};

/// Bytes whose format is known and whose size is within [`Limits`]; nothing else is promised.
///
/// A truncated or damaged file is still a source image, since a verifier must look at it;
/// [`SourceImage::container`] is the strict reading.
#[derive(Debug, Clone, Copy)]
pub struct SourceImage<'a> {
    bytes: &'a [u8],
    format: Format,
    dimensions: Option<(u32, u32)>,
    limits: Limits,
}

impl<'a> SourceImage<'a> {
    /// Recognises the format, reads the dimensions where a header has them, and checks both against `limits`.
    ///
    /// # Errors
    /// [`Error::Input`] with [`InputFault::Empty`] or [`InputFault::UnknownFormat`]; [`Error::Limits`].
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        if bytes.is_empty() {
            return Err(Error::input(InputFault::Empty, 0));
        }
        limits.check_bytes(bytes.len())?;
        let format = Format::recognise(bytes).ok_or(Error::input(InputFault::UnknownFormat, 0))?;
        let dimensions = dimensions(&mut &*bytes, format, limits)?;
        Ok(Self {
            bytes,
            format,
            dimensions,
            limits: *limits,
        })
    }

    /// The limits that it was parsed under.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The whole file.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The format by content.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Width and height in pixels as the header gives them, before any rotation by EXIF.
    ///
    /// `None` where the header is cut off, gives zero, or the format is not JPEG, PNG, WebP or GIF. A JPEG that
    /// states its height only after the first scan (DNL) has them in its [`Container`].
    pub fn dimensions(&self) -> Option<(u32, u32)> {
        self.dimensions
    }

    /// Walks the whole container strictly, as inserting a manifest store demands.
    ///
    /// Coding is not judged: animated, CMYK, 16-bit, interlaced and progressive pictures pass, and so do bytes
    /// after the end of the picture; all are recorded in the [`Container`].
    ///
    /// # Errors
    /// [`Error::Unsupported`] for formats without [`Format::supports_stamping`]; [`Error::Input`] naming the
    /// element and the offset of the first fault; [`Error::Limits`].
    pub fn container(&self) -> Result<Container, Error> {
        walk(&mut &*self.bytes, self.format, &self.limits)
    }

    /// The XMP of the picture; `None` if it has none.
    ///
    /// # Errors
    /// [`Error::Limits`] where it is longer than `max_metadata`.
    pub fn xmp(&self, container: &Container) -> Result<Option<Xmp>, Error> {
        metadata::xmp(&mut &*self.bytes, container, &self.limits)
    }

    /// The first EXIF block, from its TIFF header on; `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Limits`] where it is longer than `max_metadata`.
    pub fn exif(&self, container: &Container) -> Result<Option<Vec<u8>>, Error> {
        metadata::exif(&mut &*self.bytes, container, &self.limits)
    }

    /// The datasets of IPTC-IIM in a JPEG; `None` if there are none.
    ///
    /// # Errors
    /// [`Error::Limits`] where they are longer than `max_metadata`.
    pub fn iptc(&self, container: &Container) -> Result<Option<Vec<u8>>, Error> {
        metadata::iptc(&mut &*self.bytes, container, &self.limits)
    }
}

/// Walks a picture in memory or behind a window, strictly.
pub(crate) fn walk(source: &mut impl Source, format: Format, limits: &Limits) -> Result<Container, Error> {
    let container = match format {
        Format::Jpeg => jpeg::walk(source, limits),
        Format::Png => png::walk(source, limits),
        Format::WebP => webp::walk(source, limits),
        other => Err(Error::Unsupported(other)),
    }?;
    limits.check_pixels(container.dimensions)?;
    Ok(container)
}

/// Reads the dimensions where a header has them, and checks them against the limits.
pub(crate) fn dimensions(
    source: &mut impl Source,
    format: Format,
    limits: &Limits,
) -> Result<Option<(u32, u32)>, Error> {
    let dimensions = match format {
        Format::Jpeg => jpeg::dimensions(source, limits),
        Format::Png => png::dimensions(source),
        Format::WebP => webp::dimensions(source),
        Format::Gif => gif_dimensions(source),
        _ => None,
    };
    dimensions.map_or(Ok(()), |dimensions| limits.check_pixels(dimensions))?;
    Ok(dimensions)
}

/// Logical screen of a GIF (GIF 89a, section 18).
fn gif_dimensions(source: &mut impl Source) -> Option<(u32, u32)> {
    let [w0, w1, h0, h1] = source.array(6)?;
    nonzero((u16::from_le_bytes([w0, w1]).into(), u16::from_le_bytes([h0, h1]).into()))
}

/// The dimensions if neither is zero.
pub(crate) fn nonzero((width, height): (u32, u32)) -> Option<(u32, u32)> {
    (width != 0 && height != 0).then_some((width, height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::Limit, samples};

    fn parse(bytes: &[u8]) -> Result<SourceImage<'_>, Error> {
        SourceImage::parse(bytes, &Limits::default())
    }

    #[test]
    fn empty_and_unknown_are_told_apart() {
        assert_eq!(parse(b"").unwrap_err(), Error::input(InputFault::Empty, 0));
        assert_eq!(
            parse(b"PK\x03\x04").unwrap_err(),
            Error::input(InputFault::UnknownFormat, 0)
        );
    }

    #[test]
    fn dimensions_come_from_the_header() {
        for bytes in [samples::jpeg(), samples::png(), samples::webp()] {
            assert_eq!(parse(&bytes).unwrap().dimensions(), Some(samples::SIZE));
        }
        assert_eq!(parse(b"GIF89a\x05\0\x07\0").unwrap().dimensions(), Some((5, 7)));
        assert_eq!(parse(b"GIF89a\x05\0").unwrap().dimensions(), None);
    }

    #[test]
    fn a_truncated_picture_is_still_a_source_image() {
        for bytes in [samples::jpeg(), samples::png(), samples::webp()] {
            let cut = &bytes[..bytes.len() - 3];
            let source = parse(cut).unwrap();
            assert_eq!(source.dimensions(), Some(samples::SIZE));
            assert!(matches!(source.container(), Err(Error::Input { .. })));
        }
    }

    #[test]
    fn limits_are_checked_at_the_door() {
        let bytes = samples::png();
        let limits = Limits {
            max_bytes: bytes.len() as u64 - 1,
            ..Limits::default()
        };
        assert!(matches!(
            SourceImage::parse(&bytes, &limits),
            Err(Error::Limits {
                limit: Limit::Bytes,
                ..
            })
        ));
        let limits = Limits {
            max_pixels: 1,
            ..Limits::default()
        };
        assert!(matches!(
            SourceImage::parse(&bytes, &limits),
            Err(Error::Limits {
                limit: Limit::Pixels,
                ..
            })
        ));
        let limits = Limits {
            max_segments: 2,
            ..Limits::default()
        };
        for bytes in [samples::jpeg(), samples::png(), samples::webp_extended()] {
            let walked = SourceImage::parse(&bytes, &limits).unwrap().container();
            assert!(matches!(
                walked,
                Err(Error::Limits {
                    limit: Limit::Segments,
                    found: 3,
                    ..
                })
            ));
        }
    }

    #[test]
    fn other_formats_have_no_walk() {
        assert_eq!(
            parse(b"GIF89a").unwrap().container().unwrap_err(),
            Error::Unsupported(Format::Gif)
        );
    }
}
