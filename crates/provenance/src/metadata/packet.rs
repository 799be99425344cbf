//! The packets of a picture as text: what a container holds, within limits and in UTF-8.

use super::fault::{Part, XmpFault};

/// The metadata that a picture already has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Existing<'a> {
    /// The XMP packet, as it is in the file.
    pub main: Option<&'a [u8]>,
    /// The extended part of JPEG's XMP, put together from its segments.
    pub extended: Option<&'a [u8]>,
    /// Whether an AIGC label stands outside XMP: a PNG text chunk with the keyword `AIGC`, or EXIF
    /// ([`exif::carries_aigc`](super::exif::carries_aigc)). There must be only one in a file (GB 45438-2025, 6.1).
    pub aigc_elsewhere: bool,
}

/// The longest packet that is taken, in bytes. JPEG has room for 65,502; in PNG and WebP, editing histories reach
/// hundreds of kilobytes.
pub(super) const MAX_MAIN: usize = 4 << 20;

/// The longest extended part that is taken, in bytes: cameras keep depth maps and second pictures there.
pub(super) const MAX_EXTENDED: usize = 16 << 20;

const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// A packet's text and whether a byte order mark stood before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Packet<'a> {
    pub text: &'a str,
    pub byte_order_mark: bool,
}

impl<'a> Existing<'a> {
    /// One part as text; `None` where there is none, or nothing but blanks.
    pub(super) fn packet(&self, part: Part) -> Result<Option<Packet<'a>>, XmpFault> {
        let (bytes, limit) = match part {
            Part::Main => (self.main, MAX_MAIN),
            Part::Extended => (self.extended, MAX_EXTENDED),
        };
        let Some(bytes) = bytes else { return Ok(None) };
        if bytes.len() > limit {
            return Err(XmpFault::TooLarge(limit));
        }
        // Some writers end the text as C does. NUL cannot be XML, so nothing is lost.
        let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let text = str::from_utf8(bytes.get(..end).unwrap_or_default()).map_err(|_| XmpFault::NotUtf8)?;
        // UTF-16 and UTF-32 of ASCII text are valid UTF-8 with NULs in it.
        if text.bytes().take(4).any(|byte| byte == 0) {
            return Err(XmpFault::NotUtf8);
        }
        let stripped = text.strip_prefix(BYTE_ORDER_MARK);
        let packet = Packet {
            text: stripped.unwrap_or(text),
            byte_order_mark: stripped.is_some(),
        };
        Ok((!packet.text.trim().is_empty()).then_some(packet))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn main(bytes: &[u8]) -> Result<Option<Packet<'_>>, XmpFault> {
        Existing {
            main: Some(bytes),
            ..Existing::default()
        }
        .packet(Part::Main)
    }

    #[test]
    fn other_encodings_are_refused_by_name() {
        for mark in [false, true] {
            let text = if mark { "\u{FEFF}<a/>" } else { "<a/>" };
            let utf16: Vec<u16> = text.encode_utf16().collect();
            let utf32: Vec<u32> = text.chars().map(u32::from).collect();
            for bytes in [
                utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>(),
                utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
                utf32.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
                utf32.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
            ] {
                assert_eq!(main(&bytes), Err(XmpFault::NotUtf8), "{bytes:02x?}");
            }
        }
        assert_eq!(main(b"<a>\xE9</a>"), Err(XmpFault::NotUtf8));
    }

    #[test]
    fn a_byte_order_mark_and_trailing_nuls_are_set_aside() {
        let packet = main("\u{FEFF}<a/>\0\0".as_bytes()).unwrap().unwrap();
        assert_eq!((packet.text, packet.byte_order_mark), ("<a/>", true));
    }

    #[test]
    fn blanks_are_no_packet() {
        for bytes in [&b""[..], b" \n", b"\0\0", "\u{FEFF} ".as_bytes()] {
            assert_eq!(main(bytes), Ok(None));
        }
    }

    #[test]
    fn a_long_packet_is_refused() {
        assert_eq!(main(&vec![b' '; MAX_MAIN + 1]), Err(XmpFault::TooLarge(MAX_MAIN)));
    }
}
