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
        _ => is_little(units),
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

/// Whether more of the units are signs of any language's text and of JSON if they are little-endian, and little where it
/// does not matter, as Windows writes them. Signs, because the second byte of many ideographs is zero too (一 is U+4E00).
fn is_little(units: &[[u8; 2]]) -> bool {
    const SIGNS: &[u8] = b" \n,:\"";
    let count = |is_meant: &dyn Fn(u8) -> bool| {
        units
            .iter()
            .fold((0, 0), |(little, big): (usize, usize), unit| match *unit {
                [low, 0] if is_meant(low) => (little + 1, big),
                [0, low] if is_meant(low) => (little, big + 1),
                _ => (little, big),
            })
    };
    let (little, big) = count(&|low| SIGNS.contains(&low));
    match little == big {
        true => {
            let (little, big) = count(&|_| true);
            little >= big
        }
        false => little > big,
    }
}

/// Whether a text is one of the words with which forms are filled in where there is nothing to say.
pub(super) fn is_word_for_none(text: &str) -> bool {
    const NONE: [&str; 10] = [
        "none",
        "n/a",
        "na",
        "no",
        "nil",
        "null",
        "-",
        "not applicable",
        "false",
        "0",
    ];
    NONE.iter().any(|none| none.eq_ignore_ascii_case(text))
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
    fn the_order_of_bytes_is_told_in_languages_without_latin_letters() {
        // U+4E00, whose second byte is zero, stands in it more often than any sign of ASCII.
        let chinese = format!(
            "{}\nSteps: 20, Sampler: Euler",
            "一位少女站在石桥上，一片烟雨".repeat(40)
        );
        for text in [chinese.as_str(), "灯台の一日、\"x\": 1", "NovelAI"] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(utf16(&little), text);
        }
        let big: Vec<u8> = chinese.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(utf16(&big), chinese);
        assert_eq!(utf16(b"\0N\0o"), "No");
    }

    #[test]
    fn what_is_not_utf_8_is_latin_1() {
        assert_eq!(plain(b"caf\xE9\0"), "café");
        assert_eq!(plain("é".as_bytes()), "é");
        assert_eq!(plain(b"\0\0"), "");
    }
}
