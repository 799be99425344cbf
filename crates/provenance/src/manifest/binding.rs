//! Whether the file is still the one that was signed; and where c2pa only says "mismatch", whether the signature left
//! a part of the file unprotected from the start.
//!
//! c2pa 0.91 refuses every data hash whose exclusion is wider than the manifest store (in-the-wild.md 3.1). The bytes
//! it covers may be unchanged all the same, so they are hashed again here with the file's own exclusions.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use coset::cbor::Value;
use touchmark_image::{Container, Format, SourceImage, merged};

use super::bmff_hash::{self, Reach};
use super::box_hash;
use super::boxes;
use super::cbor;
use super::data_hash::DataHash;
use super::exclusions::{are_the_store, is_padding, place_of, run_past_the_store};
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
/// The success codes of all hard bindings (C2PA 2.2, 15.12).
const MATCHES: [&str; 5] = [
    DATA_MATCHES,
    BOXES_MATCH,
    MEDIA_MATCH,
    "assertion.collectionHash.match",
    "assertion.multiAssetHash.match",
];
/// What c2pa says of bytes that do not match, and of exclusions that are not where it looks for the store.
const DATA_DIFFERS: &str = "assertion.dataHash.mismatch";

/// What a manifest is bound to its content by.
struct HardBinding<'a> {
    /// The label of the manifest.
    manifest: &'a str,
    /// The label of its assertion.
    label: &'a str,
    hash: Hash,
}

enum Hash {
    /// `c2pa.hash.data`.
    Data(DataHash),
    /// `c2pa.hash.boxes`.
    Boxes,
    /// `c2pa.hash.bmff`, in whatever version.
    Media(Value),
    /// Another, several, or one that other parsers may read differently than we.
    NotRead,
}

/// The longest content of a hash that is read: a film of 100 GB in blocks of a MiB has 3 MiB of hashes.
const LONGEST_HASH: usize = 4 << 20;

impl<'a> HardBinding<'a> {
    fn of(manifest: &Superbox<'a>) -> Option<Self> {
        let assertions = manifest.child(label::ASSERTION_STORE)?;
        let mut bindings = assertions.children().filter(|assertion| {
            // Hashes of the parts of a file stand beside the one of all of it.
            assertion.label.starts_with(label::HARD_BINDING_PREFIX) && !is_of_parts(assertion.label)
        });
        let binding = bindings.next()?;
        let is_alone = bindings.next().is_none();
        let content = Some(binding)
            // Which of several counts, c2pa alone knows.
            .filter(|binding| is_alone && binding.payload.len() <= LONGEST_HASH)
            .and_then(|binding| cbor::content(&binding))
            .filter(cbor::is_plain);
        let hash = match (without_instance(binding.label), content) {
            (label::DATA_HASH, Some(content)) => {
                DataHash::of(&content, || boxes::claim_algorithm(manifest)).map_or(Hash::NotRead, Hash::Data)
            }
            (label::BOX_HASH, Some(_)) => Hash::Boxes,
            (name, Some(content)) if label::BMFF_HASHES.contains(&name) => Hash::Media(content),
            _ => Hash::NotRead,
        };
        Some(Self {
            manifest: manifest.label,
            label: binding.label,
            hash,
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

    fn successes(&self) -> impl Iterator<Item = &Status> {
        self.own().filter(|status| status.kind == StatusKind::Success)
    }

    /// Whether it says so of this binding, and not of one that has its name in another manifest.
    fn succeeds(&self, code: &str, binding: &HardBinding<'_>) -> bool {
        let is_of = |url: &String| {
            let mut parts = url.rsplit('/');
            let mut next_is = |part: &str| parts.next() == Some(part);
            next_is(binding.label) && next_is(label::ASSERTION_STORE) && next_is(binding.manifest)
        };
        self.successes()
            .any(|status| status.code == code && status.url.as_ref().is_some_and(is_of))
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

    /// Whether it says of any binding of this manifest that it matches.
    fn matches(&self, manifest: &str) -> bool {
        let is_of = |url: &String| url.split('/').any(|part| part == manifest);
        self.successes()
            .any(|status| MATCHES.contains(&status.code.as_str()) && status.url.as_ref().is_some_and(is_of))
    }
}

/// The file that a manifest is bound to.
pub(super) struct Bound<'a> {
    pub image: &'a SourceImage<'a>,
    /// Its structure, where touchmark's strict walk reads it.
    pub container: Option<&'a Container>,
    /// The store that c2pa read out of it. `None` for one that lies beside the file: it need not leave out anything, so that
    /// every exclusion is a part that anybody may have exchanged.
    pub store: Option<&'a [u8]>,
    /// Whether updates lie above the manifest that is bound: then the store was shorter when it was.
    pub is_updated: bool,
}

/// Concludes from c2pa's statuses of the active manifest, and from our own look at its binding: where they say "mismatch",
/// whether all that it covers is unchanged; where they say "match", whether it covers all. What is not read here is never
/// `Intact`.
pub(super) fn conclude(statuses: &[Status], file: &Bound<'_>, bound: Option<&Superbox<'_>>) -> Binding {
    let said = Said { statuses };
    let binding = bound.and_then(HardBinding::of);
    match (said.fails(), binding) {
        (true, Some(binding)) => file.differing(&said, &binding.hash),
        (true, None) => Binding::Changed,
        (false, Some(binding)) => file.matching(&said, &binding),
        (false, None) => Binding::Unbound,
    }
}

impl Bound<'_> {
    /// Concludes where c2pa says that something differs.
    fn differing(&self, said: &Said<'_>, hash: &Hash) -> Binding {
        let hash = match hash {
            Hash::Data(hash) => hash,
            Hash::Media(hash) if bmff_hash::is_of_a_stream(hash, self.image) => return Binding::Unbound,
            _ => return Binding::Changed,
        };
        if !hash.can_be_checked() {
            return Binding::Unbound;
        }
        if !said.fails_in_data_alone() || self.is_shrunk(hash.exclusions()) {
            return Binding::Changed;
        }
        match hash.matches(self.image.bytes()) {
            true if self.is_drawn_out(hash.exclusions()) => Binding::Changed,
            true if self.may_leave_out(hash.exclusions()) => Binding::Intact,
            true => Binding::PartlyProtected,
            false if self.has_grown(hash) => Binding::Intact,
            false => Binding::Changed,
        }
    }

    /// Concludes where nothing that c2pa checked differs.
    fn matching(&self, said: &Said<'_>, binding: &HardBinding<'_>) -> Binding {
        let succeeds = |code| said.succeeds(code, binding);
        let covers_all = match &binding.hash {
            Hash::Data(hash) if succeeds(DATA_MATCHES) => {
                let is_read_alike = hash.states_several() || !said.notes(DATA_LEAVES_OUT);
                let exclusions = hash.exclusions();
                if self.is_the_store(exclusions) {
                    is_read_alike
                } else if !self.is_updated && self.is_drawn_out(exclusions) {
                    return Binding::Changed;
                } else {
                    is_read_alike && self.may_leave_out(exclusions)
                }
            }
            Hash::Boxes if succeeds(BOXES_MATCH) => {
                !said.notes(BOXES_LEAVE_OUT) && box_hash::covers(self.image, self.container)
            }
            Hash::Media(hash) if succeeds(MEDIA_MATCH) => {
                match bmff_hash::reach(without_instance(binding.label), hash, self.image) {
                    Reach::All => true,
                    Reach::Part => false,
                    Reach::Nothing => return Binding::Unbound,
                }
            }
            _ if said.matches(binding.manifest) => false,
            _ => return Binding::Unbound,
        };
        match covers_all {
            true => Binding::Intact,
            false => Binding::PartlyProtected,
        }
    }

    /// Whether these ranges are the one store to the byte, as nearly always: then no more need be asked.
    fn is_the_store(&self, exclusions: &[Range<usize>]) -> bool {
        let stores = self.container.map_or(&[][..], |container| &container.stores);
        self.store.is_some() && !self.is_updated && matches!(stores, [only] if only.ranges == exclusions)
    }

    /// Whether these ranges are the store, or in it.
    fn may_leave_out(&self, exclusions: &[Range<usize>]) -> bool {
        let Some(store) = self.store else {
            return exclusions.is_empty();
        };
        // c2pa moves what lies behind the store by as much as it grew. What only ends up there was signed elsewhere.
        let most = match self.image.format() {
            Format::Tiff | Format::Dng => 2,
            _ => 1,
        };
        // Of a document, what is hashed may point into the store, which whoever signed below an update can exchange.
        if self.is_updated && (exclusions.len() > most || self.image.format() == Format::Pdf) {
            return false;
        }
        let stores = self.stores();
        match stores.is_empty() {
            true => are_the_store(exclusions, store, self.image),
            false => are_within(exclusions, &stores),
        }
    }

    /// Where the stores lie with their wrapping; nothing for formats and files in which touchmark finds none.
    fn stores(&self) -> Vec<Range<usize>> {
        let stores = self.container.into_iter().flat_map(|container| &container.stores);
        merged(stores.flat_map(|store| store.ranges.iter().cloned()).collect())
    }

    /// Whether an exclusion begins with a store and runs on past its end: that is what a store shrunk after signing looks
    /// like, to make room for foreign bytes (in-the-wild.md 3.3, row 9).
    fn is_shrunk(&self, exclusions: &[Range<usize>]) -> bool {
        let stores = self.stores();
        if let (true, Some(store)) = (stores.is_empty(), self.store) {
            return run_past_the_store(exclusions, store, self.image);
        }
        let runs_past = |exclusion: &Range<usize>| {
            let index = stores.binary_search_by_key(&exclusion.start, |store| store.start);
            index
                .ok()
                .and_then(|index| stores.get(index))
                .is_some_and(|store| store.end < exclusion.end)
        };
        self.store.is_some() && merged(exclusions.to_vec()).iter().any(runs_past)
    }

    /// Whether bytes that the hash covers lie in the store's place, behind where what it leaves out begins there: the store
    /// was drawn out over what followed it, where nobody finds that any more.
    fn is_drawn_out(&self, exclusions: &[Range<usize>]) -> bool {
        let Some(store) = self.store else { return false };
        let mut stores: Vec<Vec<Range<usize>>> = self.container.map_or_else(Vec::new, |container| {
            container.stores.iter().map(|store| store.ranges.clone()).collect()
        });
        if stores.is_empty() {
            stores.extend(place_of(exclusions, store, self.image).map(|place| vec![place]));
        }
        let left_out = merged(exclusions.to_vec());
        let shows = |range| {
            let bytes = self.image.bytes().get(range).unwrap_or_default();
            !is_padding(bytes, self.image.format()) && !is_segment_head(bytes)
        };
        stores
            .iter()
            .any(|places| hashed_within(places, &left_out).into_iter().any(shows))
    }

    /// Whether the store of a RIFF file has grown since, by an update, and nothing else has changed.
    fn has_grown(&self, hash: &DataHash) -> bool {
        let store = self.container.and_then(|container| match container.stores.as_slice() {
            [only] => only.ranges.first(),
            _ => None,
        });
        let grew = |store| hash.matches_before_growth(self.image.bytes(), store);
        self.store.is_some() && self.image.format() == Format::WebP && store.is_some_and(grew)
    }
}

/// What of a store's places is not left out, in each from where what is left out of it begins; nothing where all of them are
/// hashed. The ranges that are left out are in order and apart.
fn hashed_within(places: &[Range<usize>], left_out: &[Range<usize>]) -> Vec<Range<usize>> {
    let within = |place: &Range<usize>| {
        let first = left_out.partition_point(|range| range.end <= place.start);
        let behind = left_out.get(first..).unwrap_or_default();
        let count = behind.partition_point(|range| range.start < place.end);
        behind.get(..count).unwrap_or_default()
    };
    if places.iter().all(|place| within(place).is_empty()) {
        return Vec::new();
    }
    let hashed = |place: &Range<usize>| {
        let within = within(place);
        // In one of which nothing is left out, all is hashed.
        let ends = match within {
            [] => vec![place.start],
            within => within.iter().map(|range| range.end).collect(),
        };
        let starts = within.iter().skip(1).map(|range| range.start).chain([place.end]);
        ends.into_iter()
            .zip(starts)
            .map(|(end, start)| end..start)
            .collect::<Vec<_>>()
    };
    let hashed = places.iter().flat_map(hashed);
    hashed.filter(|hashed| !hashed.is_empty()).collect()
}

/// Whether this is the head of a segment of JPEG that goes on with a box, and no more: marker, length, identifier, instance and
/// sequence number, and the box's header again (ISO 19566-5, D). A hash may leave out what is behind it alone.
fn is_segment_head(bytes: &[u8]) -> bool {
    const LONGEST: usize = 12 + 16;
    bytes.len() <= LONGEST && bytes.starts_with(b"\xFF\xEB")
}

/// Whether each exclusion lies in one of the stores, which are in order and apart.
fn are_within(exclusions: &[Range<usize>], stores: &[Range<usize>]) -> bool {
    let is_within = |exclusion: &Range<usize>| {
        let behind = stores.partition_point(|store| store.start <= exclusion.start);
        let store = behind.checked_sub(1).and_then(|index| stores.get(index));
        store.is_some_and(|store| exclusion.end <= store.end)
    };
    merged(exclusions.to_vec()).iter().all(is_within)
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "ranges of bytes are what is meant")]
mod tests {
    use super::*;

    #[test]
    fn only_the_stores_may_be_left_out() {
        assert!(are_within(&[2..8], &[2..8]) && are_within(&[3..7], &[2..8]) && are_within(&[], &[2..8]));
        assert!(!are_within(&[0..8], &[2..8]), "from before it");
        assert!(!are_within(&[2..8], &[2..6]), "to behind it");
        assert!(!are_within(&[2..8], &[8..10]), "the store is elsewhere");
        assert!(!are_within(&[2..4, 6..7], &[2..4]), "a second one");
        assert!(are_within(&[9..10, 2..4], &[2..4, 8..12]));
    }

    #[test]
    fn what_is_hashed_behind_the_start_of_a_store_is_found() {
        let hashed = |left_out: &[Range<usize>]| hashed_within(&[2..8], left_out);
        assert!(hashed(&[2..8]).is_empty() && hashed(&[0..9]).is_empty());
        assert!(hashed(&[4..8]).is_empty(), "the head of its segment");
        assert!(hashed(&[0..2, 8..9]).is_empty(), "all of it is hashed");
        assert_eq!(hashed(&[2..6]), vec![6..8]);
        assert_eq!(hashed(&[0..1, 2..3, 5..6, 9..10]), vec![3..5, 6..8]);
        assert_eq!(
            hashed_within(&[2..8, 10..12], &[2..8]),
            vec![10..12],
            "a second segment"
        );
        assert!(hashed_within(&[2..8, 10..12], &[2..8, 10..12]).is_empty());
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
