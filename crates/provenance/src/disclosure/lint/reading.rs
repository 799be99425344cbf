//! How hard a text is to read: LIX (Björnsson, *Läsbarhet*, 1968), which counts letters, words and sentences and so
//! works alike in every language that parts its words with spaces.

/// The LIX of a text: words in a sentence, plus the percentage of words of more than six letters. Below 30 "very easy"
/// (books for children), 30 to 40 "easy", 40 to 50 "medium" (newspapers), above 60 "very difficult".
///
/// Nothing where the text parts no words (Chinese, Japanese, Thai), or has none.
pub fn lix(text: &str) -> Option<u32> {
    let (mut words, mut long, mut sentences) = (0_u32, 0_u32, 0_u32);
    let mut open = false;
    for token in text.split_whitespace() {
        let letters = token.chars().filter(|c| c.is_alphanumeric()).count();
        if token.chars().any(is_unparted) {
            return None;
        }
        if letters > 0 {
            words = words.saturating_add(1);
            long = long.saturating_add(u32::from(letters > 6));
            open = true;
        }
        // A sentence ends with its point; closing quotation marks and brackets may follow.
        let end = token.trim_end_matches(['"', '\'', '”', '“', '’', '»', '«', ')', ']']);
        if open && end.ends_with(['.', '!', '?', ':', '…', '؟', '۔', '।']) {
            sentences = sentences.saturating_add(1);
            open = false;
        }
    }
    sentences = sentences.saturating_add(u32::from(open));
    if words == 0 {
        return None;
    }
    // Rounded up, so that no text is called easier than it is.
    let length = f64::from(words) / f64::from(sentences.max(1));
    let share = 100.0 * f64::from(long) / f64::from(words);
    let lix = (length + share).ceil();
    // At most words + 100, and words come from a text in memory.
    Some(if lix < f64::from(u32::MAX) {
        lix as u32
    } else {
        u32::MAX
    })
}

/// Letters of scripts that part no words: Thai, Lao, Myanmar, Khmer, Kana, Han.
fn is_unparted(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_is_björnssons() {
        // 10 words, 2 sentences, 3 long words: 5 + 30.
        assert_eq!(
            lix("The program invented somebody. You are not to blame here."),
            Some(35)
        );
        assert_eq!(lix("One two three"), Some(3), "a sentence needs no point");
        assert_eq!(
            lix("Issue 3.1 is out (since May.) It works."),
            Some(4),
            "a point inside a number ends nothing"
        );
    }

    #[test]
    fn no_words_have_no_measure() {
        for text in ["", " . ! ", "你没有做错任何事。", "รูปภาพนี้"] {
            assert_eq!(lix(text), None, "{text}");
        }
        assert!(lix("Это не твоя вина.").is_some() && lix("هذا ليس خطأك.").is_some());
    }
}
