//! Where a block of metadata stands, in words.

use std::fmt;

use crate::Format;

/// Where a block of metadata stands in a file. Its words name container and element: `PNG iTXt chunk XML:com.adobe.xmp`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A JPEG marker segment.
    JpegSegment {
        /// Its marker as the standard names it, such as `APP1`.
        marker: &'static str,
        /// The identifier at its start, such as `Exif`.
        name: &'static str,
    },
    /// A PNG chunk.
    PngChunk {
        /// Its type.
        kind: [u8; 4],
        /// Its keyword, where it is a text.
        keyword: String,
        /// Whether it stands behind the first IDAT.
        after_picture: bool,
    },
    /// A chunk of a WebP file.
    WebpChunk([u8; 4]),
    /// An extension of a GIF file, by its name.
    GifExtension(&'static str),
    /// A tag of a TIFF file.
    TiffTag(u16),
    /// A box or an item of a file on ISO base media, by its type.
    Box {
        /// The format of the file.
        format: Format,
        /// The type.
        kind: [u8; 4],
    },
    /// The text of an SVG.
    Svg,
    /// What Samsung's phones write behind the end of the picture, by the name of the entry.
    SamsungTrailer(String),
    /// The file as a whole.
    File(Format),
}

impl Place {
    /// What the file itself calls it, where it does.
    pub fn keyword(&self) -> Option<&str> {
        match self {
            Self::PngChunk { keyword, .. } | Self::SamsungTrailer(keyword) => Some(keyword),
            _ => None,
        }
    }

    /// The same place without what the file itself calls it.
    pub fn without_keyword(&self) -> Self {
        match self {
            Self::PngChunk {
                kind,
                keyword: _,
                after_picture,
            } => Self::PngChunk {
                kind: *kind,
                keyword: String::new(),
                after_picture: *after_picture,
            },
            Self::SamsungTrailer(_) => Self::SamsungTrailer(String::new()),
            other => other.clone(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::JpegSegment { marker, name: "" } => write!(f, "JPEG {marker} segment"),
            Self::JpegSegment { marker, name } => write!(f, "JPEG {marker} segment {name}"),
            Self::PngChunk {
                kind,
                keyword,
                after_picture,
            } => {
                write!(f, "PNG {} chunk", kind.escape_ascii())?;
                if !keyword.is_empty() {
                    write!(f, " {keyword}")?;
                }
                match after_picture {
                    true => f.write_str(" after the picture"),
                    false => Ok(()),
                }
            }
            Self::WebpChunk(kind) => {
                // The name that ImageMagick gives to XMP ends in NUL.
                let name = kind.strip_suffix(&[0]).unwrap_or(kind);
                write!(f, "WebP {} chunk", name.trim_ascii_end().escape_ascii())
            }
            Self::GifExtension(name) => write!(f, "GIF {name}"),
            Self::TiffTag(tag) => write!(f, "TIFF tag {tag}"),
            Self::Box { format, kind } => write!(f, "{format} {} box", kind.trim_ascii_end().escape_ascii()),
            Self::Svg => f.write_str("SVG metadata"),
            Self::SamsungTrailer(name) if name.is_empty() => f.write_str("Samsung trailer"),
            Self::SamsungTrailer(name) => write!(f, "Samsung trailer {name}"),
            Self::File(format) => write!(f, "{format} file"),
        }
    }
}
