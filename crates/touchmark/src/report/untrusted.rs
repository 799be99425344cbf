//! Makes text from files harmless to read: capped, and every invisible or reordering character made visible.

use std::borrow::Cow;

/// The longest text taken from a file into a report, in characters.
const MAX_CHARS: usize = 400;

/// Makes text from a file harmless to show: capped at 400 characters, with control, format and bidirectional characters
/// written as `\u{..}`.
///
/// Terminal and JSON receive this form; HTML escapes it once more.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(MAX_CHARS * 4));
    for (count, c) in text.chars().enumerate() {
        if count == MAX_CHARS {
            out.push('…');
            break;
        }
        match is_hidden(c) {
            true => out.extend(c.escape_unicode()),
            false => out.push(c),
        }
    }
    out
}

/// The same without quotation marks: between ours it can't end what is quoted.
pub(super) fn unquoted(text: &str) -> Cow<'_, str> {
    /// The double ones of every script; single ones are apostrophes in names.
    const MARKS: [char; 18] = [
        '"', '«', '»', '“', '”', '„', '‟', '❝', '❞', '「', '」', '『', '』', '〝', '〞', '〟', '＂', '″',
    ];
    match text.contains(MARKS) {
        true => Cow::Owned(text.replace(MARKS, "'")),
        false => Cow::Borrowed(text),
    }
}

/// Whether a name holds somewhere to write to or to call, of a usual form: an extortionist's, where nobody vouches for it.
pub fn holds_address(name: &str) -> bool {
    /// Digits with no letter between them that no version and no date has.
    const PHONE_DIGITS: usize = 10;
    let mut digits = 0;
    let is_phone = name.chars().any(|c| {
        digits = match (c.is_numeric(), c.is_alphabetic()) {
            (true, _) => digits + 1,
            (false, true) => 0,
            (false, false) => digits,
        };
        digits == PHONE_DIGITS
    });
    is_phone
        || ["@", "(at)", "[at]", "://", "www.", ".me/"]
            .into_iter()
            .any(|part| name.contains(part))
}

/// Controls, bidirectional formatting (UAX #9, 2), zero-width and other default-ignorable characters (UAX #44),
/// line and paragraph separators, tags, and private use.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_invisible_passes() {
        let hostile = "\u{1B}[31mred\u{202E}txt\u{200B}\0\n\u{E0041}";
        let shown = visible(hostile);
        assert_eq!(shown, r"\u{1b}[31mred\u{202e}txt\u{200b}\u{0}\u{a}\u{e0041}");
    }

    #[test]
    fn long_text_is_capped_and_says_so() {
        let shown = visible(&"ä".repeat(10_000));
        assert_eq!(shown.chars().count(), MAX_CHARS + 1);
        assert!(shown.ends_with('…'));
    }

    #[test]
    fn ordinary_words_of_any_script_stay() {
        for text in ["Bilder GmbH", "北京火山引擎科技有限公司", "صورة", "“quoted” – text"] {
            assert_eq!(visible(text), text);
        }
    }

    #[test]
    fn what_is_quoted_does_not_end_our_quotation_marks() {
        assert_eq!(unquoted("X.” Signed by “Reuters”"), "X.' Signed by 'Reuters'");
        assert_eq!(unquoted("„A“ »B« 「C」 \"D\""), "'A' 'B' 'C' 'D'");
        assert_eq!(unquoted("Bilder GmbH & Co. KG"), "Bilder GmbH & Co. KG");
    }

    #[test]
    fn addresses_are_told_from_versions_and_dates() {
        for name in [
            "X. Write to https://example.org/pay",
            "Example www.example.org",
            "Example (help@example.org)",
            "Example, call 0900 123 456",
            "Example +49-30-1234567",
        ] {
            assert!(holds_address(name), "{name}");
        }
        for name in [
            "gpt-image-1-2025-04-23",
            "sd_xl_base_1.0.safetensors [31e35c80fc]",
            "Stable Diffusion 3.5 Large 20241022",
            "Doubao (ByteDance)",
            "",
        ] {
            assert!(!holds_address(name), "{name}");
        }
    }
}
