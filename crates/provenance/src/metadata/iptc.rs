//! What IPTC-IIM tells about people and places. It is read, never changed.

use super::inspect::read_iim;
use super::personal::{Personal, PersonalField, PersonalKind};

/// The datasets that name someone or something. Total: see [`Personal::incomplete`].
pub fn personal(datasets: &[u8]) -> Personal {
    let (datasets, whole) = read_iim(datasets);
    let is_filled = |number: u8| {
        datasets
            .iter()
            .any(|dataset| dataset.number == number && !dataset.value.trim_ascii().is_empty())
    };
    let named = FIELDS.iter().filter(|(number, ..)| is_filled(*number));
    Personal {
        fields: named.map(|&(_, name, kind)| PersonalField { name, kind }).collect(),
        incomplete: !whole,
    }
}

/// Number in record 2 (IPTC-IIM 4.2), name, what it names.
const FIELDS: &[(u8, &str, PersonalKind)] = {
    use PersonalKind::{Person, Place};
    &[
        (80, "IPTC By-line", Person),
        (85, "IPTC By-line Title", Person),
        (116, "IPTC Copyright Notice", Person),
        (118, "IPTC Contact", Person),
        (122, "IPTC Writer/Editor", Person),
        (26, "IPTC Content Location Code", Place),
        (27, "IPTC Content Location Name", Place),
        (90, "IPTC City", Place),
        (92, "IPTC Sub-location", Place),
        (95, "IPTC Province/State", Place),
        (100, "IPTC Country Code", Place),
        (101, "IPTC Country", Place),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filled_datasets_are_named() {
        let personal =
            personal(b"\x1C\x02\x50\0\x06A. One\x1C\x02\x5A\0\x04Kyiv\x1C\x02\x74\0\x01 \x1C\x02\x78\0\x02hi");
        let names: Vec<_> = personal.fields.iter().map(|field| (field.name, field.kind)).collect();
        let expected = [
            ("IPTC By-line", PersonalKind::Person),
            ("IPTC City", PersonalKind::Place),
        ];
        assert_eq!((names.as_slice(), personal.incomplete), (&expected[..], false));
    }

    #[test]
    fn damage_is_told() {
        assert!(super::personal(b"\x1C\x02\x50\0\x09A. One").incomplete);
    }
}
