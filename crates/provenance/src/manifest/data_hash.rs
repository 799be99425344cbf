//! The hash over a file's bytes but for some ranges (`c2pa.hash.data`; C2PA 2.2, 18.5).
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use coset::cbor::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::cbor::field;

/// What was hashed, and the hash.
pub(super) struct DataHash {
    /// As the assertion names it, else as the claim does.
    algorithm: Option<String>,
    /// What is left out, in order; nothing in it is empty.
    exclusions: Vec<Range<usize>>,
    /// How many ranges it states, the empty ones too.
    stated: usize,
    hash: Vec<u8>,
}

impl DataHash {
    /// Reads the assertion; asks for the algorithm that its claim names where it names none. `None` where it is not as the
    /// standard has it.
    pub fn of(content: &Value, claimed: impl FnOnce() -> Option<String>) -> Option<Self> {
        let ranges = match field(content, "exclusions") {
            None | Some(Value::Null) => &[],
            Some(ranges) => ranges.as_array()?.as_slice(),
        };
        let mut exclusions = Vec::new();
        for range in ranges {
            let number = |name: &str| usize::try_from(field(range, name)?.as_integer()?).ok();
            let start = number("start")?;
            exclusions.push(start..start.checked_add(number("length")?)?);
        }
        let stated = exclusions.len();
        exclusions.retain(|range| !range.is_empty());
        exclusions.sort_by_key(|range| range.start);
        Some(Self {
            algorithm: match field(content, "alg") {
                None | Some(Value::Null) => claimed(),
                Some(named) => Some(named.as_text()?.to_owned()),
            },
            exclusions,
            stated,
            hash: field(content, "hash")?.as_bytes()?.clone(),
        })
    }

    /// What is left out, in order.
    pub fn exclusions(&self) -> &[Range<usize>] {
        &self.exclusions
    }

    /// Whether it states more than one range to be left out, be they empty.
    pub fn states_several(&self) -> bool {
        self.stated > 1
    }

    /// Whether its algorithm is one that C2PA allows (2.2, 13.1), and no byte is left out twice.
    pub fn can_be_checked(&self) -> bool {
        let are_apart = |pair: &[Range<usize>]| !matches!(pair, [one, next] if next.start < one.end);
        matches!(self.algorithm.as_deref(), None | Some("sha256" | "sha384" | "sha512"))
            && self.exclusions.windows(2).all(are_apart)
    }

    /// Whether the bytes outside the exclusions have the recorded hash.
    pub fn matches(&self, bytes: &[u8]) -> bool {
        let parts = || {
            let (mut parts, mut at) = (Vec::new(), 0);
            for exclusion in &self.exclusions {
                parts.push(bytes.get(at..exclusion.start)?);
                at = exclusion.end;
            }
            parts.push(bytes.get(at..)?);
            Some(parts)
        };
        parts().is_some_and(|parts| self.is_of(&parts))
    }

    /// Whether they had it before the store in a RIFF file grew: what is left out begins with the store, and the length of
    /// the whole, in bytes 4 to 7, is less by as much as the store is longer now. So it is after an update.
    pub fn matches_before_growth(&self, bytes: &[u8], store: &Range<usize>) -> bool {
        let before = || {
            let [exclusion] = self.exclusions.as_slice() else {
                return None;
            };
            // c2pa leaves out an odd chunk without its pad byte.
            let pad: &[u8] = if exclusion.len() % 2 == 1 { &[0] } else { &[] };
            let growth = store.len().checked_sub(exclusion.len() + pad.len())?;
            let length = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?);
            let length = length.checked_sub(u32::try_from(growth).ok()?)?.to_le_bytes();
            let (head, tail) = (bytes.get(8..store.start)?, bytes.get(store.end..)?);
            let parts = [bytes.get(..4)?, &length, head, pad, tail];
            Some(exclusion.start == store.start && self.is_of(&parts))
        };
        before() == Some(true)
    }

    fn is_of(&self, parts: &[&[u8]]) -> bool {
        fn digest<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let digest = parts.iter().fold(D::new(), |digest, part| digest.chain_update(part));
            digest.finalize().to_vec()
        }
        self.hash
            == match self.algorithm.as_deref() {
                None | Some("sha256") => digest::<Sha256>(parts),
                Some("sha384") => digest::<Sha384>(parts),
                Some("sha512") => digest::<Sha512>(parts),
                Some(_) => return false,
            }
    }
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "ranges of bytes are what is meant")]
mod tests {
    use super::*;

    fn map(entries: &[(&str, Value)]) -> Value {
        let entries = entries.iter().map(|(name, value)| ((*name).into(), value.clone()));
        Value::Map(entries.collect())
    }

    fn hash(exclusions: &[Range<usize>], bytes: &[u8]) -> DataHash {
        let kept: Vec<u8> = (0..bytes.len())
            .filter(|at| !exclusions.iter().any(|range| range.contains(at)))
            .map(|at| bytes[at])
            .collect();
        let ranges = exclusions.iter().map(|range| {
            map(&[
                ("start", (range.start as u64).into()),
                ("length", (range.len() as u64).into()),
            ])
        });
        let content = map(&[
            ("exclusions", Value::Array(ranges.collect())),
            ("hash", Value::Bytes(Sha256::digest(kept).to_vec())),
        ]);
        DataHash::of(&content, || None).unwrap()
    }

    #[test]
    fn bytes_outside_the_exclusions_decide() {
        let bytes = *b"0123456789";
        let hash = hash(&[6..7, 2..4, 5..5], &bytes);
        assert_eq!(hash.exclusions(), [2..4, 6..7]);
        assert!(hash.matches(&bytes));
        assert!(hash.matches(b"01xx45x789"));
        assert!(!hash.matches(b"x123456789"));
        assert!(!hash.matches(b"012"));
    }

    #[test]
    fn overlapping_or_foreign_ranges_do_not_match() {
        let bytes = *b"0123456789";
        for exclusions in [vec![2..6, 4..8], vec![5..20], vec![20..30]] {
            let mut hash = hash(&exclusions, &bytes);
            hash.hash = Sha256::digest(bytes).to_vec();
            assert!(!hash.matches(&bytes));
        }
    }

    #[test]
    fn a_store_that_grew_changes_the_length_of_the_whole() {
        let before = *b"RIFF\x10\0\0\0WEBPstore\0end";
        let after = *b"RIFF\x14\0\0\0WEBPstore+++++end";
        for exclusion in [12..17, 12..18] {
            let hash = hash(&[exclusion], &before);
            assert!(hash.matches(&before) && !hash.matches(&after));
            assert!(hash.matches_before_growth(&after, &(12..22)));
            assert!(hash.matches_before_growth(&before, &(12..18)));
            assert!(!hash.matches_before_growth(&after, &(12..21)));
            assert!(!hash.matches_before_growth(&after, &(10..22)));
            assert!(!hash.matches_before_growth(b"RIFF\x14\0\0\0WEBPstore+++++enD", &(12..22)));
        }
    }

    #[test]
    fn what_is_not_as_the_standard_has_it_is_not_read() {
        let whole = ("hash", Value::Bytes(vec![0; 32]));
        assert!(DataHash::of(&map(std::slice::from_ref(&whole)), || None).is_some());
        for entries in [
            vec![],
            vec![whole.clone(), ("exclusions", "all".into())],
            vec![whole.clone(), ("exclusions", Value::Array(vec![Value::Null]))],
            vec![whole, ("alg", Value::Bytes(b"sha256".to_vec()))],
        ] {
            assert!(DataHash::of(&map(&entries), || None).is_none(), "{entries:?}");
        }
    }
}
