//! Makes text from files harmless to read: capped, and every invisible or reordering character made visible.

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
}
