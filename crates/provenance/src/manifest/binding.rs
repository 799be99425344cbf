//! Whether the file is still the one that was signed; and where c2pa only says "mismatch", whether the signature left
//! a part of the file unprotected from the start.
//!
//! c2pa 0.91 refuses every data hash whose exclusion is wider than the manifest store (in-the-wild.md 3.1). The bytes
//! it covers may be unchanged all the same, so they are hashed again here with the file's own exclusions.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use coset::cbor::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};
use touchmark_image::{Container, SourceImage};

use super::bmff_hash::{self, Reach};
use super::cbor::{self, field};
use super::exclusions::are_the_store;
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

/// What c2pa notes where a binding leaves out more than it must; by itself it is no failure.
const FURTHER_IN_DATA: &str = "assertion.dataHash.additionalExclusionsPresent";
const FURTHER_IN_BOXES: &str = "assertion.boxesHash.additionalExclusionsPresent";
const FURTHER_IN_MEDIA: &str = "assertion.bmffHash.additionalExclusionsPresent";

/// Whether this notes a further exclusion, other than in a hash that was looked at.
fn is_further_exclusion(status: &Status, data_hash_is_seen: bool, media_hash_is_seen: bool) -> bool {
    match status.code.as_str() {
        FURTHER_IN_DATA => !data_hash_is_seen,
        FURTHER_IN_MEDIA => !media_hash_is_seen,
        code => code == FURTHER_IN_BOXES,
    }
}

/// Concludes from c2pa's statuses of the active manifest, and from our own look at the data hash: where they say
/// "mismatch", whether all that it covers is unchanged; where they say "match", whether it covers all. `store` is what c2pa
/// read the manifest from.
pub(super) fn conclude(
    statuses: &[Status],
    image: &SourceImage<'_>,
    container: Option<&Container>,
    store: &[u8],
    active: Option<&Superbox<'_>>,
) -> Binding {
    let own = || statuses.iter().filter(|status| status.is_own());
    let fails = own().any(|status| status.kind == StatusKind::Failure && status.gravity() == Gravity::Content);
    let matches = own().any(|status| status.kind == StatusKind::Success && MATCHES.contains(&status.code.as_str()));
    let hash = active.and_then(DataHash::of);
    let stores = stores(container);
    match (fails, matches, hash) {
        (true, _, Some(hash)) if !hash.can_be_checked() => Binding::Unbound,
        (true, _, Some(hash)) if hash.leaves_out_more_than(&stores) && hash.matches(image.bytes()) => {
            Binding::PartlyProtected
        }
        (true, ..) => Binding::Changed,
        (false, true, Some(hash)) if stores.is_empty() && !are_the_store(&hash.exclusions, store, image) => {
            Binding::PartlyProtected
        }
        (false, true, Some(hash)) if !stores.is_empty() && hash.reaches_beyond(&stores) => Binding::PartlyProtected,
        (false, true, hash) => match active.and_then(|active| bmff_hash::reach(active, image)) {
            Some(Reach::Nothing) => Binding::Unbound,
            Some(Reach::Part) => Binding::PartlyProtected,
            // Of what was not looked at here there is c2pa's note alone.
            reach if own().any(|status| is_further_exclusion(status, hash.is_some(), reach.is_some())) => {
                Binding::PartlyProtected
            }
            _ => Binding::Intact,
        },
        (false, false, _) => Binding::Unbound,
    }
}

/// The same for a store that lies beside the file: it need not leave out anything, so that every exclusion is a part that
/// anybody may have exchanged.
pub(super) fn conclude_beside(statuses: &[Status], active: Option<&Superbox<'_>>) -> Binding {
    let own = || statuses.iter().filter(|status| status.is_own());
    let fails = own().any(|status| status.kind == StatusKind::Failure && status.gravity() == Gravity::Content);
    let matches = own().any(|status| status.kind == StatusKind::Success && MATCHES.contains(&status.code.as_str()));
    let leaves_out = own().any(|status| is_further_exclusion(status, false, false))
        || active
            .and_then(DataHash::of)
            .is_some_and(|hash| hash.exclusions.iter().any(|range| !range.is_empty()));
    match (fails, matches) {
        (true, _) => Binding::Changed,
        (false, false) => Binding::Unbound,
        (false, true) if leaves_out => Binding::PartlyProtected,
        (false, true) => Binding::Intact,
    }
}

/// Where the stores lie with their wrapping; nothing for formats and files in which touchmark finds none.
fn stores(container: Option<&Container>) -> Vec<Range<usize>> {
    let stores = container.into_iter().flat_map(|container| &container.stores);
    merged(stores.flat_map(|store| store.ranges.iter().cloned()).collect())
}

/// The same bytes as ranges in order that neither touch nor overlap.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The parts of `c2pa.hash.data` that say what was hashed (C2PA 2.2, 18.5).
struct DataHash {
    algorithm: Option<String>,
    exclusions: Vec<Range<usize>>,
    hash: Vec<u8>,
}

impl DataHash {
    fn of(manifest: &Superbox<'_>) -> Option<Self> {
        let assertion = manifest.child(label::ASSERTION_STORE)?.child(label::DATA_HASH)?;
        let content = cbor::content(&assertion)?;
        let ranges = field(&content, "exclusions").and_then(Value::as_array);
        let mut exclusions = Vec::new();
        for range in ranges.into_iter().flatten() {
            let number = |name: &str| usize::try_from(field(range, name)?.as_integer()?).ok();
            let start = number("start")?;
            exclusions.push(start..start.checked_add(number("length")?)?);
        }
        exclusions.sort_by_key(|range| range.start);
        Some(Self {
            algorithm: field(&content, "alg").and_then(Value::as_text).map(str::to_owned),
            exclusions,
            hash: field(&content, "hash")?.as_bytes()?.clone(),
        })
    }

    /// Whether its algorithm is one that C2PA allows (2.2, 13.1).
    fn can_be_checked(&self) -> bool {
        matches!(self.algorithm.as_deref(), None | Some("sha256" | "sha384" | "sha512"))
    }

    /// Whether an exclusion reaches beyond the stores, other than by running on past a store's end: that is what a
    /// store shrunk after signing looks like, to make room for foreign bytes (in-the-wild.md 3.3, row 9).
    fn leaves_out_more_than(&self, stores: &[Range<usize>]) -> bool {
        let exclusions = merged(self.exclusions.clone());
        let shrunk = |exclusion: &Range<usize>| {
            stores
                .iter()
                .any(|store| store.start == exclusion.start && store.end < exclusion.end)
        };
        let covers_a_store = stores.iter().all(|store| {
            exclusions
                .iter()
                .any(|exclusion| exclusion.start <= store.start && store.end <= exclusion.end)
        });
        !stores.is_empty()
            && covers_a_store
            && !exclusions.iter().any(shrunk)
            && exclusions.iter().any(|exclusion| !stores.contains(exclusion))
    }

    /// Whether a hash that matches leaves out anything but the stores. The pad byte behind an odd RIFF chunk counts as
    /// the store's.
    fn reaches_beyond(&self, stores: &[Range<usize>]) -> bool {
        let within = |exclusion: &Range<usize>| {
            stores
                .iter()
                .any(|store| store.start <= exclusion.start && exclusion.end <= store.end + store.len() % 2)
        };
        !merged(self.exclusions.clone()).iter().all(within)
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
        assert!(wide.leaves_out_more_than(&[2..8]));
        let extra = hash(&[2..4, 6..7], b"0123456789");
        assert!(extra.leaves_out_more_than(&[2..4]));
        let exact = hash(&[2..8], b"0123456789");
        assert!(!exact.leaves_out_more_than(&[2..8]));
        assert!(!exact.leaves_out_more_than(&[2..6]), "a shrunken store");
        assert!(!exact.leaves_out_more_than(&[8..9]), "the store is elsewhere");
        assert!(!exact.leaves_out_more_than(&[]), "a detached manifest");
    }

    #[test]
    fn a_store_in_two_segments_may_be_left_out_in_one_piece() {
        let hash = hash(&[2..8], b"0123456789");
        let stores = merged(vec![5..8, 2..5]);
        assert_eq!(stores, [Range { start: 2, end: 8 }]);
        assert!(!hash.leaves_out_more_than(&stores) && !hash.reaches_beyond(&stores));
    }

    #[test]
    fn a_second_exclusion_is_beyond_the_store() {
        let two = hash(&[2..4, 6..7], b"0123456789");
        assert!(two.reaches_beyond(&[2..4]));
        let one = hash(&[2..4], b"0123456789");
        assert!(!one.reaches_beyond(&[2..4]));
        assert!(
            !hash(&[2..6], b"0123456789").reaches_beyond(&[2..5]),
            "an odd RIFF chunk and its pad byte"
        );
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
