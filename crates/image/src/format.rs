//! The file formats touchmark knows: one table of names, and recognition by content, never by extension.
#![warn(clippy::indexing_slicing)]

use std::fmt;
use std::path::Path;

use memchr::memmem;

use crate::bytes::{array, be16, be32, le16, le32};

/// A file format in which C2PA defines a place for a manifest: pictures, and films and documents, of which hardly more
/// than the manifest is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// JPEG (ITU-T T.81) in any of its codings
    Jpeg,
    /// PNG and APNG
    Png,
    /// WebP
    WebP,
    /// GIF 87a and 89a
    Gif,
    /// TIFF and BigTIFF, and the raw formats built on it other than DNG
    Tiff,
    /// Digital Negative: a TIFF with a `DNGVersion` tag
    Dng,
    /// AVIF
    Avif,
    /// HEIC: HEIF with HEVC-coded pictures
    Heic,
    /// HEIF with pictures of another or unnamed coding
    Heif,
    /// JPEG XL, in its container or as a bare codestream
    JpegXl,
    /// SVG as text (not gzip-compressed)
    Svg,
    /// MPEG-4 film and its relatives
    Mp4,
    /// QuickTime film
    Mov,
    /// PDF
    Pdf,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 14] = [
        Self::Jpeg,
        Self::Png,
        Self::WebP,
        Self::Gif,
        Self::Tiff,
        Self::Dng,
        Self::Avif,
        Self::Heic,
        Self::Heif,
        Self::JpegXl,
        Self::Svg,
        Self::Mp4,
        Self::Mov,
        Self::Pdf,
    ];

    /// Tells the format from the first bytes (for TIFF the first directory, for SVG the root element, for PDF a header that
    /// begins among the first 1024); `None` for anything else. A recognised file may still be broken.
    pub fn recognise(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => {
                Some(if has_dng_version(bytes) { Self::Dng } else { Self::Tiff })
            }
            // container (ISO/IEC 18181-2), bare codestream (18181-1)
            [0, 0, 0, 12, b'J', b'X', b'L', b' ', b'\r', b'\n', 0x87, b'\n', ..] | [0xFF, 0x0A, ..] => {
                Some(Self::JpegXl)
            }
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => by_brand(bytes),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            _ if is_svg(bytes) => Some(Self::Svg),
            _ => is_pdf_behind(bytes).then_some(Self::Pdf),
        }
    }

    /// The name people use, for messages: `JPEG`.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The name programs use, in reports: `jpeg`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
            Self::Tiff => "tiff",
            Self::Dng => "dng",
            Self::Avif => "avif",
            Self::Heic => "heic",
            Self::Heif => "heif",
            Self::JpegXl => "jxl",
            Self::Svg => "svg",
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
            Self::Pdf => "pdf",
        }
    }

    /// The registered media type: `image/jpeg`.
    pub fn mime_type(self) -> &'static str {
        self.row().1
    }

    /// Usual file name extensions in lower case, the preferred one first.
    pub fn extensions(self) -> &'static [&'static str] {
        self.row().2
    }

    /// The format that a file's name ends in, in letters of any case; `None` where it is no usual ending. The content may be
    /// of another.
    pub fn named(name: &str) -> Option<Self> {
        let ending = Path::new(name).extension()?.to_str()?;
        let ends_so = |format: &Self| {
            format
                .extensions()
                .iter()
                .any(|usual| usual.eq_ignore_ascii_case(ending))
        };
        Self::ALL.into_iter().find(ends_so)
    }

    /// Whether a file of this format is one of `other` too: DNG is written as TIFF, AVIF and HEIC as HEIF, and programs name HEIF
    /// after the coding that it usually has.
    pub fn is_also(self, other: Self) -> bool {
        self == other
            || matches!(
                (self, other),
                (Self::Dng, Self::Tiff) | (Self::Avif | Self::Heic, Self::Heif) | (Self::Heif, Self::Heic)
            )
    }

    /// Whether it is for pictures rather than films or documents.
    pub fn is_picture(self) -> bool {
        !matches!(self, Self::Mp4 | Self::Mov | Self::Pdf)
    }

    /// Whether touchmark can place a manifest store in this format.
    pub fn supports_stamping(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::WebP)
    }

    fn row(self) -> (&'static str, &'static str, &'static [&'static str]) {
        match self {
            Self::Jpeg => ("JPEG", "image/jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
            Self::Png => ("PNG", "image/png", &["png", "apng"]),
            Self::WebP => ("WebP", "image/webp", &["webp"]),
            Self::Gif => ("GIF", "image/gif", &["gif"]),
            Self::Tiff => ("TIFF", "image/tiff", &["tif", "tiff"]),
            Self::Dng => ("DNG", "image/x-adobe-dng", &["dng"]),
            Self::Avif => ("AVIF", "image/avif", &["avif"]),
            Self::Heic => ("HEIC", "image/heic", &["heic"]),
            Self::Heif => ("HEIF", "image/heif", &["heif", "hif"]),
            Self::JpegXl => ("JPEG XL", "image/jxl", &["jxl"]),
            Self::Svg => ("SVG", "image/svg+xml", &["svg"]),
            Self::Mp4 => ("MP4", "video/mp4", &["mp4", "m4v"]),
            Self::Mov => ("QuickTime", "video/quicktime", &["mov", "qt"]),
            Self::Pdf => ("PDF", "application/pdf", &["pdf"]),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether the first directory of a classic TIFF holds the tag `DNGVersion` (Adobe DNG specification).
fn has_dng_version(bytes: &[u8]) -> bool {
    const DNG_VERSION: u16 = 50706;
    const ENTRY_LEN: usize = 12;
    let little = bytes.first() == Some(&b'I');
    let int16 = |at| if little { le16(bytes, at) } else { be16(bytes, at) };
    let int32 = |at| if little { le32(bytes, at) } else { be32(bytes, at) };
    let Some(directory) = int32(4).and_then(|offset| usize::try_from(offset).ok()) else {
        return false;
    };
    let Some(count) = int16(directory) else { return false };
    (0..usize::from(count))
        .map_while(|i| directory.checked_add(2 + i * ENTRY_LEN).and_then(int16))
        .any(|tag| tag == DNG_VERSION)
}

/// Tells the formats on ISO base media files apart by their `ftyp` brands (ISO/IEC 23008-12; AV1 Image File Format; the
/// MP4 registration authority's list).
fn by_brand(bytes: &[u8]) -> Option<Format> {
    // A longer list is nobody's picture; the cap keeps a hostile box length from being walked.
    const MAX_BRANDS: usize = 32;
    let end = usize::try_from(be32(bytes, 0)?).ok()?.min(bytes.len());
    let major = array::<4>(bytes, 8)?;
    let compatible = bytes
        .get(16..end)
        .unwrap_or_default()
        .as_chunks::<4>()
        .0
        .iter()
        .take(MAX_BRANDS);
    let brands = || std::iter::once(&major).chain(compatible.clone());
    let of = |brand: &[u8; 4]| match brand {
        b"avif" | b"avis" => Some(Format::Avif),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => Some(Format::Heic),
        _ => None,
    };
    let is_general = |brand: &[u8; 4]| matches!(brand, b"mif1" | b"msf1" | b"mif2");
    let film = |brand: &[u8; 4]| match brand {
        b"qt  " => Some(Format::Mov),
        b"mp41" | b"mp42" | b"avc1" | b"dash" | b"cmfc" | b"M4V " | b"M4VH" | b"M4VP" => Some(Format::Mp4),
        [b'i', b's', b'o', b'm' | b'2'..=b'9'] | [b'3', b'g', b'p', _] => Some(Format::Mp4),
        _ => None,
    };
    // Raw pictures of Canon, and sound: of the same family, and neither.
    let is_other = matches!(&major, b"crx " | b"M4A " | b"M4B ");
    brands()
        .find_map(of)
        .or_else(|| brands().any(is_general).then_some(Format::Heif))
        .or_else(|| brands().find_map(film).filter(|_| !is_other))
}

/// Whether the header of a PDF stands behind something else: readers look for it in the first 1024 bytes (PDF Reference
/// 1.7, implementation note 13). Its version must follow, for texts speak of the letters.
fn is_pdf_behind(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"%PDF-";
    const FIRST: usize = 1024;
    let first = bytes.get(..bytes.len().min(FIRST)).unwrap_or_default();
    memmem::find_iter(first, NAME)
        .filter_map(|at| array(first, at + NAME.len()))
        .any(|version: [u8; 3]| matches!(version, [b'1' | b'2', b'.', b'0'..=b'9']))
}

/// Whether the root element of an XML text is `svg`, with or without a namespace prefix.
fn is_svg(bytes: &[u8]) -> bool {
    // Editors put long comments and entity lists first; real files stay far below this.
    const PROLOG: usize = 16 * 1024;
    let mut rest = bytes.get(..PROLOG.min(bytes.len())).unwrap_or_default();
    rest = rest.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(rest);
    loop {
        rest = rest.trim_ascii_start();
        let skipped = if rest.starts_with(b"<?") {
            after(rest, b"?>")
        } else if rest.starts_with(b"<!--") {
            after(rest, b"-->")
        } else if rest.starts_with(b"<!DOCTYPE") {
            after_doctype(rest)
        } else {
            break;
        };
        let Some(tail) = skipped else { return false };
        rest = tail;
    }
    let Some(tag) = rest.strip_prefix(b"<") else {
        return false;
    };
    let end = tag
        .iter()
        .position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))
        .unwrap_or(tag.len());
    let name = tag.get(..end).unwrap_or_default();
    name.rsplit(|&b| b == b':').next() == Some(b"svg".as_slice())
}

fn after<'a>(text: &'a [u8], end: &[u8]) -> Option<&'a [u8]> {
    let at = text.windows(end.len()).position(|window| window == end)?;
    text.get(at + end.len()..)
}

/// Skips a document type declaration, whose internal subset in brackets may hold `>` itself.
fn after_doctype(text: &[u8]) -> Option<&[u8]> {
    let end = text.iter().position(|&b| b == b'>' || b == b'[')?;
    if text.get(end) == Some(&b'[') {
        after(after(text, b"]")?, b">")
    } else {
        text.get(end + 1..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formats_are_told_by_content() {
        let cases: [(&[u8], Option<Format>); 28] = [
            (b"\xFF\xD8\xFF\xE0", Some(Format::Jpeg)),
            (b"\xFF\xD8", None),
            (b"\x89PNG\r\n\x1A\n", Some(Format::Png)),
            (b"\x89PNG\n\x1A\n", None),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some(Format::WebP)),
            (b"RIFF\0\0\0\0WAVE", None),
            (b"GIF89a", Some(Format::Gif)),
            (b"II*\0\x08\0\0\0\0\0", Some(Format::Tiff)),
            (b"MM\0*\0\0\0\x08\0\0", Some(Format::Tiff)),
            (b"\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf", Some(Format::Avif)),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Some(Format::Heic)),
            (b"\0\0\0\x14ftypmif1\0\0\0\0mif1", Some(Format::Heif)),
            (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", Some(Format::Mp4)),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", Some(Format::Mov)),
            (b"\0\0\0\x1cftypM4A \0\0\0\0M4A mp42isom", None),
            (b"\0\0\0\x18ftypcrx \0\0\0\0crx isom", None),
            (b"\0\0\0\x1cftypisom\0\0\0\0isommp42mif1", Some(Format::Heif)),
            (b"%PDF-1.7", Some(Format::Pdf)),
            (b"\n%PDF-1.7", Some(Format::Pdf)),
            (b"a letter\r\n%PDF-2.0\n", Some(Format::Pdf)),
            (b"how a %PDF- file begins", None),
            (b"<svg><!-- %PDF-1.7 --></svg>", Some(Format::Svg)),
            (b"\0\0\0\x14ftypmp42\0\0\0\0isom", Some(Format::Mp4)),
            (b"\0\0\0\x0cJXL \r\n\x87\n", Some(Format::JpegXl)),
            (b"\xFF\x0A\0", Some(Format::JpegXl)),
            (b"<svg/>", Some(Format::Svg)),
            (b"<html><svg/></html>", None),
            (b"", None),
        ];
        for (bytes, format) in cases {
            assert_eq!(Format::recognise(bytes), format, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_compatible_brand_outside_the_box_does_not_count() {
        assert_eq!(
            Format::recognise(b"\0\0\0\x14ftypmif1\0\0\0\0mif1avif"),
            Some(Format::Heif)
        );
    }

    #[test]
    fn a_tiff_with_a_dng_version_is_dng() {
        let little = b"II*\0\x08\0\0\0\x01\0\x12\xC6\x01\0\x04\0\0\0\x01\x04\0\0";
        let big = b"MM\0*\0\0\0\x08\0\x01\xC6\x12\0\x01\0\0\0\x04\x01\x04\0\0";
        assert_eq!(Format::recognise(little), Some(Format::Dng));
        assert_eq!(Format::recognise(big), Some(Format::Dng));
    }

    #[test]
    fn svg_is_found_behind_its_prolog() {
        let text =
            b"\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- a > b --><!DOCTYPE svg [<!ENTITY a '>'>]>\n<s:svg xmlns:s=''>";
        assert_eq!(Format::recognise(text), Some(Format::Svg));
        assert_eq!(Format::recognise(b"<!-- <svg> --><html>"), None);
        assert_eq!(Format::recognise(b"<!-- <svg>"), None);
    }

    #[test]
    fn a_name_tells_its_format_or_nothing() {
        for (name, format) in [
            ("a.jpg", Some(Format::Jpeg)),
            ("folder.png/a.b.JPEG", Some(Format::Jpeg)),
            ("a.heif", Some(Format::Heif)),
            (".png", None),
            ("folder.png/a", None),
            ("a.", None),
            ("a.nef", None),
        ] {
            assert_eq!(Format::named(name), format, "{name}");
        }
        assert!(Format::Dng.is_also(Format::Tiff) && !Format::Tiff.is_also(Format::Dng));
        assert!(Format::Heif.is_also(Format::Heic) && !Format::Heif.is_also(Format::Avif));
    }

    #[test]
    fn preferred_extensions_are_distinct() {
        let mut seen: Vec<_> = Format::ALL.iter().flat_map(|f| f.extensions()).collect();
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }

    proptest! {
        #[test]
        fn recognition_never_panics(mut bytes in prop::collection::vec(any::<u8>(), 0..64), start in 0usize..6) {
            let starts: [&[u8]; 6] = [b"II*\0", b"MM\0*", b"\0\0\0\x20ftyp", b"<?", b"<!DOCTYPE[", b""];
            bytes.splice(..0, starts[start].iter().copied());
            let _ = Format::recognise(&bytes);
        }
    }
}
