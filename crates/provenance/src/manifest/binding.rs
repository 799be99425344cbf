//! Whether the file is still the one that was signed; and where c2pa only says "mismatch", whether the signature left
//! a part of the file unprotected from the start.
//!
//! c2pa 0.91 refuses every data hash whose exclusion is wider than the manifest store (in-the-wild.md 3.1). The bytes
//! it covers may be unchanged all the same, so they are hashed again here with the file's own exclusions.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use coset::cbor::Value;
use touchmark_image::{Container, Format, SourceImage};

use super::bmff_hash::{self, Reach};
use super::box_hash;
use super::cbor;
use super::data_hash::DataHash;
use super::exclusions::are_the_store;
use super::graph;
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

/// What c2pa says where a binding matches, and where it leaves out more than it must; by itself that is no failure.
const DATA_MATCHES: &str = "assertion.dataHash.match";
const DATA_LEAVES_OUT: &str = "assertion.dataHash.additionalExclusionsPresent";
const BOXES_MATCH: &str = "assertion.boxesHash.match";
const BOXES_LEAVE_OUT: &str = "assertion.boxesHash.additionalExclusionsPresent";
const MEDIA_MATCH: &str = "assertion.bmffHash.match";
/// The success codes of the other hard bindings (C2PA 2.2, 15.12).
const OTHERS_MATCH: [&str; 2] = ["assertion.collectionHash.match", "assertion.multiAssetHash.match"];
/// What c2pa says of bytes that do not match, and of exclusions that are not where it looks for the store.
const DATA_DIFFERS: &str = "assertion.dataHash.mismatch";

/// What a manifest is bound to its content by.
enum HardBinding {
    /// `c2pa.hash.data`.
    Data(DataHash),
    /// `c2pa.hash.boxes`.
    Boxes,
    /// `c2pa.hash.bmff` in one of its versions: its label, and what it holds.
    Media(String, Value),
    /// Another, several, or one that other parsers may read differently than we.
    NotRead,
}

impl HardBinding {
    fn of(manifest: &Superbox<'_>) -> Option<Self> {
        let assertions = manifest.child(label::ASSERTION_STORE)?;
        let mut bindings = assertions.children().filter(|assertion| {
            // Hashes of the parts of a file stand beside the one of all of it.
            assertion.label.starts_with(label::HARD_BINDING_PREFIX) && !is_of_parts(assertion.label)
        });
        let binding = bindings.next()?;
        // Which of several counts, c2pa alone knows.
        if bindings.next().is_some() {
            return Some(Self::NotRead);
        }
        let content = cbor::content(&binding).filter(cbor::is_plain);
        Some(match (without_instance(binding.label), content) {
            (label::DATA_HASH, Some(content)) => {
                DataHash::of(&content, graph::claim_algorithm(manifest)).map_or(Self::NotRead, Self::Data)
            }
            (label::BOX_HASH, Some(_)) => Self::Boxes,
            (name, Some(content)) if label::BMFF_HASHES.contains(&name) => Self::Media(name.to_owned(), content),
            _ => Self::NotRead,
        })
    }
}

fn is_of_parts(label: &str) -> bool {
    let name = without_instance(label);
    name == label::MULTI_ASSET_HASH || name.ends_with(".part")
}

/// A label without the number that tells assertions of one kind apart (C2PA 2.2, 6.6).
fn without_instance(label: &str) -> &str {
    match label.rsplit_once("__") {
        Some((name, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => label,
    }
}

/// What c2pa says of the binding.
struct Said<'a> {
    statuses: &'a [Status],
}

impl Said<'_> {
    fn own(&self) -> impl Iterator<Item = &Status> {
        self.statuses.iter().filter(|status| status.is_own())
    }

    fn notes(&self, code: &str) -> bool {
        self.own().any(|status| status.code == code)
    }

    fn succeeds(&self, code: &str) -> bool {
        self.own()
            .any(|status| status.kind == StatusKind::Success && status.code == code)
    }

    fn failures(&self) -> impl Iterator<Item = &Status> {
        self.own()
            .filter(|status| status.kind == StatusKind::Failure && status.gravity() == Gravity::Content)
    }

    fn fails(&self) -> bool {
        self.failures().next().is_some()
    }

    /// Whether bytes that a data hash covers are all that does not match.
    fn fails_in_data_alone(&self) -> bool {
        self.failures().all(|status| status.code == DATA_DIFFERS)
    }

    fn matches(&self) -> bool {
        [DATA_MATCHES, BOXES_MATCH, MEDIA_MATCH]
            .iter()
            .chain(&OTHERS_MATCH)
            .any(|code| self.succeeds(code))
    }
}

/// Concludes from c2pa's statuses of the active manifest, and from our own look at its binding: where they say "mismatch",
/// whether all that it covers is unchanged; where they say "match", whether it covers all. What is not read here is never
/// `Intact`. `store` is what c2pa read the manifest from.
pub(super) fn conclude(
    statuses: &[Status],
    image: &SourceImage<'_>,
    container: Option<&Container>,
    store: &[u8],
    active: Option<&Superbox<'_>>,
) -> Binding {
    let stores = stores(container);
    let are_the_store = |exclusions: &[Range<usize>]| match stores.is_empty() {
        true => are_the_store(exclusions, store, image),
        false => are_within(exclusions, &stores),
    };
    let is_shrunk = |exclusions: &[Range<usize>]| exclusions.iter().any(|exclusion| is_shrunk(exclusion, &stores));
    let said = Said { statuses };
    match (active.and_then(HardBinding::of), said.fails()) {
        (Some(HardBinding::Data(hash)), true) if !hash.can_be_checked() => Binding::Unbound,
        (Some(HardBinding::Data(hash)), true)
            if said.fails_in_data_alone() && !is_shrunk(hash.exclusions()) && hash.matches(image.bytes()) =>
        {
            match are_the_store(hash.exclusions()) {
                true => Binding::Intact,
                false => Binding::PartlyProtected,
            }
        }
        (Some(HardBinding::Data(hash)), true) if said.fails_in_data_alone() && has_grown(&hash, image, container) => {
            Binding::Intact
        }
        (_, true) => Binding::Changed,
        (binding, false) => matched(binding, &said, image, container, are_the_store),
    }
}

/// The same for a store that lies beside the file: it need not leave out anything, so that every exclusion is a part that
/// anybody may have exchanged.
pub(super) fn conclude_beside(
    statuses: &[Status],
    image: &SourceImage<'_>,
    container: Option<&Container>,
    active: Option<&Superbox<'_>>,
) -> Binding {
    let said = Said { statuses };
    let leave_out_nothing = |exclusions: &[Range<usize>]| exclusions.is_empty();
    match (active.and_then(HardBinding::of), said.fails()) {
        (Some(HardBinding::Data(hash)), true) if !hash.can_be_checked() => Binding::Unbound,
        (Some(HardBinding::Data(hash)), true) if said.fails_in_data_alone() && hash.matches(image.bytes()) => {
            match leave_out_nothing(hash.exclusions()) {
                true => Binding::Intact,
                false => Binding::PartlyProtected,
            }
        }
        (_, true) => Binding::Changed,
        (binding, false) => matched(binding, &said, image, container, leave_out_nothing),
    }
}

/// Concludes where nothing that c2pa checked differs.
fn matched(
    binding: Option<HardBinding>,
    said: &Said<'_>,
    image: &SourceImage<'_>,
    container: Option<&Container>,
    may_be_left_out: impl Fn(&[Range<usize>]) -> bool,
) -> Binding {
    let covers_all = match binding {
        Some(HardBinding::Data(hash)) if said.succeeds(DATA_MATCHES) => {
            let is_read_alike = hash.states_several() || !said.notes(DATA_LEAVES_OUT);
            is_read_alike && may_be_left_out(hash.exclusions())
        }
        Some(HardBinding::Boxes) if said.succeeds(BOXES_MATCH) => {
            !said.notes(BOXES_LEAVE_OUT) && box_hash::covers(image, container)
        }
        Some(HardBinding::Media(label, hash)) if said.succeeds(MEDIA_MATCH) => {
            match bmff_hash::reach(&label, &hash, image) {
                Reach::All => true,
                Reach::Part => false,
                Reach::Nothing => return Binding::Unbound,
            }
        }
        _ if said.matches() => false,
        _ => return Binding::Unbound,
    };
    match covers_all {
        true => Binding::Intact,
        false => Binding::PartlyProtected,
    }
}

/// Whether the store of a RIFF file has grown since, by an update, and nothing else has changed.
fn has_grown(hash: &DataHash, image: &SourceImage<'_>, container: Option<&Container>) -> bool {
    let store = container.and_then(|container| match container.stores.as_slice() {
        [only] => only.ranges.first(),
        _ => None,
    });
    let grew_in_riff = |store| hash.matches_before_growth(image.bytes(), store);
    image.format() == Format::WebP && store.is_some_and(grew_in_riff)
}

/// Whether each exclusion lies in a store. The pad byte behind an odd RIFF chunk counts as the store's.
fn are_within(exclusions: &[Range<usize>], stores: &[Range<usize>]) -> bool {
    let within = |exclusion: &Range<usize>| {
        stores
            .iter()
            .any(|store| store.start <= exclusion.start && exclusion.end <= store.end + store.len() % 2)
    };
    merged(exclusions.to_vec()).iter().all(within)
}

/// Whether an exclusion begins with a store and runs on past its end: that is what a store shrunk after signing looks like,
/// to make room for foreign bytes (in-the-wild.md 3.3, row 9).
fn is_shrunk(exclusion: &Range<usize>, stores: &[Range<usize>]) -> bool {
    stores
        .iter()
        .any(|store| store.start == exclusion.start && store.end + store.len() % 2 < exclusion.end)
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

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "ranges of bytes are what is meant")]
mod tests {
    use super::*;

    #[test]
    fn a_wide_exclusion_is_told_from_a_shrunken_store() {
        assert!(!are_within(&[0..8], &[2..8]) && !is_shrunk(&(0..8), &[2..8]));
        assert!(!are_within(&[2..8], &[2..6]) && is_shrunk(&(2..8), &[2..6]));
        assert!(are_within(&[2..8], &[2..8]) && !is_shrunk(&(2..8), &[2..8]));
        assert!(!are_within(&[2..8], &[8..10]), "the store is elsewhere");
        assert!(!are_within(&[2..4, 6..7], &[2..4]), "a second one");
    }

    #[test]
    fn a_part_of_the_store_may_be_left_out_and_its_pad_byte() {
        assert!(are_within(&[3..8], &[2..8]) && are_within(&[], &[2..8]));
        assert!(are_within(&[2..6], &[2..5]) && !is_shrunk(&(2..6), &[2..5]));
    }

    #[test]
    fn a_store_in_two_segments_may_be_left_out_in_one_piece_or_two() {
        let stores = merged(vec![5..8, 2..5]);
        assert_eq!(stores, [Range { start: 2, end: 8 }]);
        assert!(are_within(&[2..8], &stores) && are_within(&[2..5, 5..8], &stores));
    }

    #[test]
    fn an_instance_is_a_number_behind_the_label() {
        assert_eq!(without_instance("c2pa.hash.bmff.v3__1"), "c2pa.hash.bmff.v3");
        assert_eq!(without_instance("c2pa.hash.data__x"), "c2pa.hash.data__x");
        assert_eq!(without_instance("c2pa.hash.data__"), "c2pa.hash.data__");
        assert!(is_of_parts("c2pa.hash.data.part__2") && is_of_parts("c2pa.hash.multi-asset"));
        assert!(!is_of_parts("c2pa.hash.data"));
    }
}
