//! The provider's code under the Chinese labelling rules: what may stand as `ContentProducer` (GB 45438-2025, Annex E).

/// Whether this may be written as the producer: the 27-character code of TC260-PG-20252A, or a name in the characters
/// of GB 45438-2025 (0x21, 0x23 to 0x5B, 0x5D to 0x7E: no space, quotation mark or backslash).
///
/// What has the length of a code and begins like one must be one.
pub(super) fn is_producer(value: &str) -> bool {
    let in_set = value.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E));
    let poses_as_code = value.len() == CODE_LEN && value.starts_with("00");
    !value.is_empty() && in_set && (!poses_as_code || is_code(value))
}

/// `00`, the kind of subject, the way it is bound, 18 characters of identity and 5 of service (TC260-PG-20252A).
const CODE_LEN: usize = 27;

/// Whether this is a provider's code: digits at its head, then letters and digits.
fn is_code(value: &str) -> bool {
    let (head, rest) = value.split_at_checked(4).unwrap_or_default();
    value.len() == CODE_LEN
        && head.bytes().all(|b| b.is_ascii_digit())
        && rest.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

/// Whether the unified social credit code inside a provider's code has the check character that it must have; nothing
/// where the value is a name, or names a subject of another kind than an organisation.
///
/// GB 32100-2015, 4.2: the weighted sum of the first 17 characters, weights 3^i mod 31, decides the last.
pub(super) fn check_character_holds(value: &str) -> Option<bool> {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    if !is_code(value) || !value.starts_with("001") {
        return None;
    }
    let (_, identity) = value.split_at_checked(4)?;
    let mut weight = 1;
    let mut sum = 0;
    let mut last = 0;
    for (index, byte) in identity.bytes().take(18).enumerate() {
        let Some(rank) = ALPHABET.iter().position(|known| *known == byte) else {
            return Some(false);
        };
        if index < 17 {
            sum += rank * weight;
            weight = weight * 3 % 31;
        }
        last = rank;
    }
    Some((31 - sum % 31) % 31 == last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_in_the_set_are_producers() {
        // standards.md 4.2, seen in the wild.
        for good in ["001191110102MACQD9K64010000", "Example-Images", "a"] {
            assert!(is_producer(good), "{good}");
        }
        for bad in [
            "",
            "Example Images",
            "示例",
            "a\"b",
            "a\\b",
            "00119111010zMACQD9K64010000",
        ] {
            assert!(!is_producer(bad), "{bad}");
        }
    }

    #[test]
    fn the_check_character_finds_a_slip() {
        // A well-known code in public registers, of Tsinghua University.
        let holds = |identity: &str| check_character_holds(&format!("0011{identity}00000"));
        assert_eq!(holds("12100000400000624D"), Some(true));
        assert_eq!(holds("12100000400000642D"), Some(false));
        assert_eq!(check_character_holds("Example-Images"), None);
        for slip in 0..17 {
            let mut code = "12100000400000624D".to_owned().into_bytes();
            code[slip] = if code[slip] == b'7' { b'8' } else { b'7' };
            assert_eq!(holds(std::str::from_utf8(&code).unwrap()), Some(false), "{slip}");
        }
    }
}
