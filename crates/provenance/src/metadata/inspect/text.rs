//! Texts in whatever encoding they stand: what the standards say, and what programs write.

#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

/// The longest text that is looked at, in bytes.
const MAX_TEXT: usize = 2 << 20;

/// How the character code is named before a `UserComment` (Exif 3.0, 4.6.6.8), each in eight bytes.
const UNICODE: &[u8] = b"UNICODE\0";
const CODES: [&[u8]; 4] = [b"ASCII\0\0\0", b"JIS\0\0\0\0\0", b"\0\0\0\0\0\0\0\0", b"UNDEFINE"];

/// UTF-8 where it is valid, else ISO 8859-1, as PNG and IPTC have it. What is behind a NUL at the end is set aside.
pub(super) fn plain(bytes: &[u8]) -> Cow<'_, str> {
    let is_cut = bytes.len() > MAX_TEXT;
    let bytes = bytes.get(..bytes.len().min(MAX_TEXT)).unwrap_or_default();
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let bytes = bytes.get(..end).unwrap_or_default();
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        // The cap may have cut a character.
        Err(error) if is_cut && error.error_len().is_none() => {
            Cow::Borrowed(str::from_utf8(bytes.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default())
        }
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}

/// The text of a `UserComment`, with or without the name of its code before it: some programs write JSON as it is.
pub(super) fn user_comment(bytes: &[u8]) -> Cow<'_, str> {
    if let Some(wide) = bytes.strip_prefix(UNICODE) {
        // Some writers put UTF-8 behind this name.
        return match wide.iter().take(64).any(|byte| *byte == 0) || str::from_utf8(wide).is_err() {
            true => Cow::Owned(utf16(wide)),
            false => plain(wide),
        };
    }
    match CODES.iter().find_map(|code| bytes.strip_prefix(*code)) {
        Some(text) => plain(text),
        None => plain(bytes),
    }
}

/// UTF-16 in the order of bytes that its mark names, else the one in which more of it is plain: programs write
/// either, whatever the order of the block around it.
pub(super) fn utf16(bytes: &[u8]) -> String {
    let bytes = bytes.get(..bytes.len().min(MAX_TEXT)).unwrap_or_default();
    let (units, _) = bytes.as_chunks::<2>();
    let little = match units.first() {
        Some([0xFF, 0xFE]) => true,
        Some([0xFE, 0xFF]) => false,
        _ => {
            let zeros = |at: usize| units.iter().take(256).filter(|unit| unit.get(at) == Some(&0)).count();
            zeros(1) > zeros(0)
        }
    };
    let units = units.iter().map(|unit| match little {
        true => u16::from_le_bytes(*unit),
        false => u16::from_be_bytes(*unit),
    });
    let text = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
    text.collect::<String>()
        .trim_start_matches('\u{FEFF}')
        .trim_end_matches('\0')
        .to_owned()
}

/// At most 256 characters of a text, without blanks around it.
pub(super) fn capped(text: &str) -> String {
    const MAX_VALUE: usize = 256;
    text.trim().chars().take(MAX_VALUE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_comment_is_read_in_each_code() {
        let text = "Steps: 20, テスト";
        let with = |units: Vec<u8>| [UNICODE, &units].concat();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            with(big.clone()),
            with(little.clone()),
            with([&b"\xFF\xFE"[..], &little].concat()),
            with([&b"\xFE\xFF"[..], &big].concat()),
            with(text.as_bytes().to_vec()),
            [b"ASCII\0\0\0", text.as_bytes()].concat(),
            [b"\0\0\0\0\0\0\0\0", text.as_bytes(), b"\0\0"].concat(),
            text.as_bytes().to_vec(),
        ] {
            assert_eq!(user_comment(&bytes), text, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn what_is_not_utf_8_is_latin_1() {
        assert_eq!(plain(b"caf\xE9\0"), "café");
        assert_eq!(plain("é".as_bytes()), "é");
        assert_eq!(plain(b"\0\0"), "");
    }
}
