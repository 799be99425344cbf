//! Whether the file is still the one that was signed; and where c2pa only says "mismatch", whether the signature left
//! a part of the file unprotected from the start.
//!
//! c2pa 0.91 refuses every data hash whose exclusion is wider than the manifest store (in-the-wild.md 3.1). The bytes
//! it covers may be unchanged all the same, so they are hashed again here with the file's own exclusions.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use coset::cbor::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};
use touchmark_image::SourceImage;

use super::jumbf::Superbox;
use super::status::{Gravity, Status, StatusKind};
use crate::names::label;

/// How the file relates to the content that was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Binding {
    /// Every byte that can be protected is, and is as it was signed.
    Intact,
    /// What the signature covers is unchanged, but it leaves out more than the manifest store.
    PartlyProtected,
    /// The content is not as it was signed.
    Changed,
    /// The manifest is bound to no content, or the check could not be made.
    Unbound,
}

/// The success codes of the hard bindings (C2PA 2.2, 15.12).
const MATCHES: [&str; 5] = [
    "assertion.dataHash.match",
    "assertion.boxesHash.match",
    "assertion.bmffHash.match",
    "assertion.collectionHash.match",
    "assertion.multiAssetHash.match",
];

/// Concludes from c2pa's statuses of the active manifest, and from our own hash where they say "mismatch".
pub(super) fn conclude(statuses: &[Status], image: &SourceImage<'_>, active: Option<&Superbox<'_>>) -> Binding {
    let mut own = statuses.iter().filter(|status| !status.ingredient);
    if own
        .clone()
        .any(|status| status.kind == StatusKind::Failure && status.gravity() == Gravity::Content)
    {
        return match active.is_some_and(|active| is_partly_protected(image, active)) {
            true => Binding::PartlyProtected,
            false => Binding::Changed,
        };
    }
    match own.any(|status| status.kind == StatusKind::Success && MATCHES.contains(&status.code.as_str())) {
        true => Binding::Intact,
        false => Binding::Unbound,
    }
}

fn is_partly_protected(image: &SourceImage<'_>, manifest: &Superbox<'_>) -> bool {
    let Ok(container) = image.container() else { return false };
    let Some(hash) = DataHash::of(manifest) else {
        return false;
    };
    hash.leaves_out_more_than(container.stores.iter().flat_map(|store| store.ranges.iter().cloned()))
        && hash.matches(image.bytes())
}

/// The parts of `c2pa.hash.data` that say what was hashed (C2PA 2.2, 18.5).
struct DataHash {
    algorithm: Option<String>,
    exclusions: Vec<Range<usize>>,
    hash: Vec<u8>,
}

impl DataHash {
    fn of(manifest: &Superbox<'_>) -> Option<Self> {
        let assertion = manifest
            .child(label::ASSERTION_STORE)?
            .child(label::DATA_HASH)?
            .content(b"cbor")?;
        let map = match coset::cbor::from_reader(assertion).ok()? {
            Value::Map(map) => map,
            _ => return None,
        };
        let get = |name: &str| {
            map.iter()
                .find(|(key, _)| key.as_text() == Some(name))
                .map(|(_, value)| value)
        };
        let mut exclusions = Vec::new();
        for range in get("exclusions").and_then(Value::as_array).into_iter().flatten() {
            let number = |name: &str| {
                let value = range
                    .as_map()?
                    .iter()
                    .find(|(key, _)| key.as_text() == Some(name))?
                    .1
                    .as_integer()?;
                usize::try_from(value).ok()
            };
            let start = number("start")?;
            exclusions.push(start..start.checked_add(number("length")?)?);
        }
        exclusions.sort_by_key(|range| range.start);
        Some(Self {
            algorithm: get("alg").and_then(Value::as_text).map(str::to_owned),
            exclusions,
            hash: get("hash")?.as_bytes()?.clone(),
        })
    }

    /// Whether an exclusion reaches beyond the stores, other than by running on past a store's end: that is what a
    /// store shrunk after signing looks like, to make room for foreign bytes (in-the-wild.md 3.3, row 9).
    fn leaves_out_more_than(&self, stores: impl Iterator<Item = Range<usize>>) -> bool {
        let stores: Vec<_> = stores.collect();
        let shrunk = |exclusion: &Range<usize>| {
            stores
                .iter()
                .any(|store| store.start == exclusion.start && store.end < exclusion.end)
        };
        let covers_a_store = stores.iter().all(|store| {
            self.exclusions
                .iter()
                .any(|exclusion| exclusion.start <= store.start && store.end <= exclusion.end)
        });
        !stores.is_empty()
            && covers_a_store
            && !self.exclusions.iter().any(shrunk)
            && self.exclusions.iter().any(|exclusion| !stores.contains(exclusion))
    }

    /// Whether the bytes outside the exclusions have the recorded hash.
    fn matches(&self, bytes: &[u8]) -> bool {
        match self.algorithm.as_deref() {
            None | Some("sha256") => self.matches_with::<Sha256>(bytes),
            Some("sha384") => self.matches_with::<Sha384>(bytes),
            Some("sha512") => self.matches_with::<Sha512>(bytes),
            Some(_) => false,
        }
    }

    fn matches_with<D: Digest>(&self, bytes: &[u8]) -> bool {
        let mut digest = D::new();
        let mut at = 0;
        for exclusion in &self.exclusions {
            match bytes.get(at..exclusion.start) {
                Some(hashed) if exclusion.end <= bytes.len() => digest.update(hashed),
                _ => return false,
            }
            at = exclusion.end;
        }
        digest.update(bytes.get(at..).unwrap_or_default());
        digest.finalize().as_slice() == self.hash
    }
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "ranges of bytes are what is meant")]
mod tests {
    use super::*;

    fn hash(exclusions: &[Range<usize>], bytes: &[u8]) -> DataHash {
        let mut hash = DataHash {
            algorithm: None,
            exclusions: exclusions.to_vec(),
            hash: Vec::new(),
        };
        let kept: Vec<u8> = (0..bytes.len())
            .filter(|at| !exclusions.iter().any(|range| range.contains(at)))
            .map(|at| bytes[at])
            .collect();
        hash.hash = Sha256::digest(kept).to_vec();
        hash
    }

    #[test]
    fn bytes_outside_the_exclusions_decide() {
        let bytes = *b"0123456789";
        let hash = hash(&[2..4, 6..7], &bytes);
        assert!(hash.matches(&bytes));
        assert!(hash.matches(b"01xx45x789"));
        assert!(!hash.matches(b"x123456789"));
        assert!(!hash.matches(b"012"));
    }

    #[test]
    fn a_wide_exclusion_is_told_from_a_shrunken_store() {
        let wide = hash(&[0..8], b"0123456789");
        assert!(wide.leaves_out_more_than([2..8].into_iter()));
        let extra = hash(&[2..4, 6..7], b"0123456789");
        assert!(extra.leaves_out_more_than([2..4].into_iter()));
        let exact = hash(&[2..8], b"0123456789");
        assert!(!exact.leaves_out_more_than([2..8].into_iter()));
        assert!(!exact.leaves_out_more_than([2..6].into_iter()), "a shrunken store");
        assert!(
            !exact.leaves_out_more_than([8..9].into_iter()),
            "the store is elsewhere"
        );
        assert!(!exact.leaves_out_more_than([].into_iter()), "a detached manifest");
    }

    #[test]
    fn overlapping_or_foreign_ranges_do_not_match() {
        let bytes = *b"0123456789";
        for exclusions in [vec![2..6, 4..8], vec![5..20], vec![20..30]] {
            let hash = DataHash {
                algorithm: None,
                exclusions,
                hash: Sha256::digest(bytes).to_vec(),
            };
            assert!(!hash.matches(&bytes));
        }
    }
}
