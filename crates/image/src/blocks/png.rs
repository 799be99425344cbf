//! The chunks of a PNG up to IEND: texts in their three forms, before and behind the picture, EXIF, and the profiles that
//! ImageMagick writes as text.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use super::{BlockKind, Finder, MAX_KEYWORD, Place, Unread, photoshop};
use crate::Format;
use crate::bytes::{array, be32};
use crate::jpeg::{EXIF, XMP as XMP_OF_JPEG};
use crate::png::{CABX, SIGNATURE, checksum};

/// Bytes of the CRC behind the data of a chunk.
const CHECKSUM: usize = 4;
const XMP: &str = "XML:com.adobe.xmp";
/// The chunk of ComfyUI in animated PNG, in the form of `tEXt`.
const COMFYUI: &[u8; 4] = b"comf";
/// How ImageMagick and exiv2 name profiles that they write as hexadecimal text.
const RAW_PROFILE: &str = "Raw profile type ";

pub(super) fn find<'a>(bytes: &'a [u8], found: &mut Finder<'a>) {
    let mut at = SIGNATURE;
    let mut after_picture = false;
    for _ in 0..found.limits.max_segments {
        let (Some(length), Some(kind)) = (be32(bytes, at), array::<4>(bytes, at + 4)) else {
            found.unread(Place::File(Format::Png), Unread::Truncated);
            return;
        };
        let data = at + 8;
        let end = usize::try_from(length).ok().and_then(|length| data.checked_add(length));
        let Some((whole, end)) = end.and_then(|end| Some((bytes.get(data..end)?, end))) else {
            found.unread(chunk(kind, "", after_picture), Unread::Truncated);
            return;
        };
        match &kind {
            b"IEND" => {
                found.behind_end(bytes.get(end + CHECKSUM..).unwrap_or_default());
                return;
            }
            // Pixels and labels are read whatever their checksums are; a record is evidence.
            &CABX => {
                let stated = be32(bytes, end);
                found.blocks.is_store_checksum_wrong |= stated.is_some_and(|stated| stated != checksum(kind, whole));
            }
            b"IDAT" => after_picture = true,
            b"eXIf" => found.add(BlockKind::Exif, chunk(kind, "", after_picture), Cow::Borrowed(whole)),
            b"tEXt" | b"zTXt" | b"iTXt" | COMFYUI => text(kind, whole, after_picture, found),
            _ => {}
        }
        at = end + CHECKSUM;
    }
    let limit = usize::try_from(found.limits.max_segments).unwrap_or(usize::MAX);
    found.unread(Place::File(Format::Png), Unread::TooMany(limit));
}

fn chunk(kind: [u8; 4], keyword: &str, after_picture: bool) -> Place {
    Place::PngChunk {
        kind,
        keyword: keyword.to_owned(),
        after_picture,
    }
}

/// What a chunk of text holds.
enum Content<'a> {
    Plain(&'a [u8]),
    Deflated(&'a [u8]),
}

fn text<'a>(kind: [u8; 4], data: &'a [u8], after_picture: bool, found: &mut Finder<'a>) {
    let head = data.get(..data.len().min(MAX_KEYWORD + 1)).unwrap_or_default();
    let Some(end) = memchr::memchr(0, head) else {
        found.unread(chunk(kind, "", after_picture), Unread::Damaged);
        return;
    };
    let keyword: String = head.iter().take(end).map(|byte| char::from(*byte)).collect();
    let place = chunk(kind, &keyword, after_picture);
    let rest = data.get(end + 1..).unwrap_or_default();
    let content = match (&kind, rest) {
        (b"tEXt" | COMFYUI, rest) => Some(Content::Plain(rest)),
        // Compression method 0 is the only one there is (PNG, 11.3.3.3).
        (b"zTXt", [0, rest @ ..]) => Some(Content::Deflated(rest)),
        (b"iTXt", [compressed @ (0 | 1), _, rest @ ..]) => translated(rest).map(|text| match compressed {
            0 => Content::Plain(text),
            _ => Content::Deflated(text),
        }),
        _ => None,
    };
    match content {
        None => found.unread(place, Unread::Damaged),
        Some(content) if keyword.starts_with(RAW_PROFILE) => profile(&keyword, content, place, found),
        Some(content) => {
            let kind = match keyword.as_str() {
                XMP => BlockKind::Xmp,
                _ => BlockKind::Text { keyword },
            };
            match content {
                Content::Plain(text) => found.add(kind, place, Cow::Borrowed(text)),
                Content::Deflated(text) => {
                    if let Some(text) = found.inflated(&place, text) {
                        found.add(kind, place, Cow::Owned(text));
                    }
                }
            }
        }
    }
}

/// The text of an iTXt chunk behind its language tag and translated keyword.
fn translated(rest: &[u8]) -> Option<&[u8]> {
    let language = memchr::memchr(0, rest)?;
    let rest = rest.get(language + 1..)?;
    let keyword = memchr::memchr(0, rest)?;
    rest.get(keyword + 1..)
}

/// A profile written as hexadecimal text: a line feed, its name, its length, then the digits in lines.
fn profile<'a>(keyword: &str, content: Content<'a>, place: Place, found: &mut Finder<'a>) {
    let text = match content {
        Content::Plain(text) => Some(Cow::Borrowed(text)),
        Content::Deflated(text) => found.inflated(&place, text).map(Cow::Owned),
    };
    let Some(text) = text else {
        return;
    };
    let Some(mut bytes) = from_hex(&text) else {
        found.unread(place, Unread::Damaged);
        return;
    };
    let is_named_xmp = bytes.starts_with(XMP_OF_JPEG);
    if is_named_xmp {
        bytes.drain(..XMP_OF_JPEG.len());
    }
    let kind = match keyword.strip_prefix(RAW_PROFILE).unwrap_or_default() {
        "xmp" => BlockKind::Xmp,
        "exif" => BlockKind::Exif,
        "APP1" | "app1" if is_named_xmp => BlockKind::Xmp,
        "APP1" | "app1" if bytes.starts_with(EXIF) => BlockKind::Exif,
        "iptc" | "8bim" if bytes.starts_with(b"8BIM") => {
            photoshop::find(Cow::Owned(bytes), &place, found);
            return;
        }
        "iptc" => BlockKind::Iptc,
        _ => return,
    };
    found.add(kind, place, Cow::Owned(bytes));
}

fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let mut lines = text.splitn(4, |byte| *byte == b'\n');
    let (_, _name, _length) = (lines.next()?, lines.next()?, lines.next()?);
    let digits = lines.next()?.iter().filter(|byte| !byte.is_ascii_whitespace());
    let mut values = digits.map_while(|digit| char::from(*digit).to_digit(16));
    let mut out = Vec::with_capacity(text.len() / 2);
    while let (Some(high), Some(low)) = (values.next(), values.next()) {
        out.push(u8::try_from(high << 4 | low).ok()?);
    }
    Some(out)
}
