//! Whether c2pa can check a store in bearable time and memory: 0.91 holds each assertion of a manifest against all others, does so
//! again for each reference to the manifest, reads every ingredient anew for each action, and keeps a copy of what a claim
//! names for each time it does, its bytes as a list of numbers. Half a megabyte can cost it minutes, and one megabyte 20 GB.
//!
//! What is counted is bounded from the boxes' lengths first: the stores of nearly all files are not parsed for it.
#![warn(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use coset::cbor::Value;

use super::boxes::{Boxes, Flaw, is_compressed};
use super::cbor::{self, field, list};
use super::jumbf::Superbox;
use crate::names::label;

/// Assertions of all manifests, squared each: of a thousand in one, some 0.2 seconds. In the field there are dozens.
const MAX_PAIRS: usize = 1_000_000;

/// The same for each time that a manifest is checked: a second or two.
const MAX_CHECKED_PAIRS: usize = 10_000_000;

/// Manifests that are checked, one as often as it is referred to; c2pa is stopped at as many steps (`context`).
const MAX_CHECKED: usize = 2048;

/// Bytes of assertions, as often as a claim names them: each takes c2pa some 80 bytes.
const MAX_CONTENT: usize = 5 << 20;

/// Ingredients that are read for actions: a second.
const MAX_PLACED: usize = 300_000;

/// Redactions of a store, and what of them is held against each reference: a second each.
const MAX_REDACTIONS: usize = 4096;
const MAX_HELD_REDACTIONS: usize = 1_000_000;

/// A store that cannot be walked here is not read, whatever c2pa says: only a short one is given to it, for its words.
const MAX_UNWALKABLE: usize = 16 << 10;

/// Manifests of this length together have no room for enough of anything: of 60 assertions and references that double eight
/// times, c2pa makes some millions of steps.
const ALWAYS_BEARABLE: usize = 8 << 10;

/// The shortest CBOR of a reference to an assertion, and of an action.
const SHORTEST_REFERENCE: usize = 14;
const SHORTEST_ACTION: usize = 9;

/// Whether checking it, with these boxes by our own walk, takes c2pa more than any store needs.
pub(super) fn is_too_much(store: &[u8], boxes: &Option<Result<Boxes<'_>, Flaw>>) -> bool {
    let boxes = match boxes {
        Some(Ok(boxes)) => boxes,
        Some(Err(_)) => return store.len() > MAX_UNWALKABLE || is_compressed(store),
        None => return false,
    };
    let length: usize = boxes.manifests().iter().map(|manifest| manifest.payload.len()).sum();
    if length <= ALWAYS_BEARABLE {
        return false;
    }
    let parts: Vec<Parts<'_>> = boxes.manifests().iter().map(Parts::of).collect();
    let ingredients = sum(&parts, |parts| parts.ingredients.len());
    let redactions = sum(&parts, Parts::redactions);
    sum(&parts, Parts::pairs) > MAX_PAIRS
        || is_over(MAX_CONTENT, &parts, [Parts::most_content, Parts::content])
        || is_over(MAX_PLACED, &parts, [Parts::most_placed, Parts::placed])
        || redactions > MAX_REDACTIONS
        || redactions.saturating_mul(ingredients) > MAX_HELD_REDACTIONS
        || takes_too_many_checks(&parts)
}

fn is(part: &Superbox<'_>, kind: &[u8; 4], label: &str) -> bool {
    part.label == label || part.kind().as_ref() == Some(kind)
}

fn sum<'a>(parts: &[Parts<'a>], count: impl Fn(&Parts<'a>) -> usize) -> usize {
    parts.iter().map(count).fold(0, usize::saturating_add)
}

/// Whether all manifests come to more than the limit: by what they come to at most, and only where that is more, by what they
/// come to.
fn is_over<'a>(limit: usize, parts: &[Parts<'a>], [most, exactly]: [fn(&Parts<'a>) -> usize; 2]) -> bool {
    sum(parts, most) > limit && sum(parts, exactly) > limit
}

/// A manifest's assertions, by what they cost.
struct Parts<'a> {
    label: &'a str,
    claims: Vec<Superbox<'a>>,
    assertions: Vec<Superbox<'a>>,
    actions: Vec<Superbox<'a>>,
    ingredients: Vec<Superbox<'a>>,
}

impl<'a> Parts<'a> {
    fn of(manifest: &Superbox<'a>) -> Self {
        // By their types, as c2pa looks for them, and by their labels.
        let stores = manifest
            .children()
            .filter(|part| is(part, b"c2as", label::ASSERTION_STORE));
        let assertions: Vec<Superbox<'a>> = stores.flat_map(|store| store.children()).collect();
        let named = |prefix: &str| {
            let named = assertions
                .iter()
                .filter(|assertion| assertion.label.starts_with(prefix));
            named.copied().collect()
        };
        Self {
            label: manifest.label,
            claims: manifest
                .children()
                .filter(|part| is(part, b"c2cl", label::CLAIM_V1) || part.label == label::CLAIM_V2)
                .collect(),
            actions: named(label::ACTIONS_PREFIX),
            ingredients: named(label::INGREDIENT_PREFIX),
            assertions,
        }
    }

    fn pairs(&self) -> usize {
        self.assertions.len().saturating_mul(self.assertions.len())
    }

    /// Bytes of the assertions, as often as the claim names them; of embedded files, from the second time on.
    fn content(&self) -> usize {
        let Some(named) = self.named() else {
            return self.most_content();
        };
        let again = |assertion: &Superbox<'_>| {
            let times = named.get(assertion.label).copied().unwrap_or_default();
            assertion.payload.len().saturating_mul(times.saturating_sub(1))
        };
        let once = self.content_once();
        self.assertions.iter().map(again).fold(once, usize::saturating_add)
    }

    fn most_content(&self) -> usize {
        let lengths = self.assertions.iter().map(|assertion| assertion.payload.len());
        let longest = lengths.max().unwrap_or_default();
        let claims: usize = self.claims.iter().map(|claim| claim.payload.len()).sum();
        let most = claims / SHORTEST_REFERENCE;
        self.content_once().saturating_add(most.saturating_mul(longest))
    }

    fn content_once(&self) -> usize {
        let is_file = |assertion: &&Superbox<'_>| assertion.content(b"bidb").is_some();
        let texts = self.assertions.iter().filter(|assertion| !is_file(assertion));
        texts.map(|assertion| assertion.payload.len()).sum()
    }

    /// How often the claim names each assertion. `None` where it cannot be parsed.
    fn named(&self) -> Option<BTreeMap<String, usize>> {
        let mut named = BTreeMap::new();
        for claim in &self.claims {
            let claim = content(claim)?;
            let lists = ["created_assertions", "gathered_assertions", "assertions"];
            let references = lists.into_iter().flat_map(|name| list(&claim, name));
            for url in references.filter_map(|reference| field(reference, "url")?.as_text()) {
                let name = url.split_once("c2pa.assertions/").map_or(url, |(_, name)| name);
                *named.entry(name.to_owned()).or_default() += 1;
            }
        }
        Some(named)
    }

    /// Ingredients that are read for the actions: all for each action, and for each ingredient that one names.
    fn placed(&self) -> usize {
        let entries =
            |actions: &Superbox<'_>| content(actions).map_or_else(|| most_entries(actions), |of| entries(&of));
        let all: usize = self.actions.iter().map(entries).sum();
        all.saturating_mul(self.ingredients.len())
    }

    fn most_placed(&self) -> usize {
        let most: usize = self.actions.iter().map(most_entries).sum();
        most.saturating_mul(self.ingredients.len())
    }

    fn redactions(&self) -> usize {
        const REDACTED: &str = "redacted_assertions";
        let in_claim = |claim: &Superbox<'_>| {
            if memchr::memmem::find(claim.payload, REDACTED.as_bytes()).is_none() {
                return 0;
            }
            match content(claim) {
                Some(claim) => list(&claim, REDACTED).len(),
                None => claim.payload.len(),
            }
        };
        self.claims.iter().map(in_claim).sum()
    }

    /// The manifests that each ingredient names, wherever in it and with whatever behind the label.
    fn targets(&self, by_label: &BTreeMap<&str, usize>) -> Vec<usize> {
        let targets = self.ingredients.iter().flat_map(|ingredient| {
            let mut named = BTreeSet::new();
            if let Some(ingredient) = content(ingredient) {
                add_named(&ingredient, by_label, &mut named);
            }
            named
        });
        targets.collect()
    }
}

fn add_named(value: &Value, by_label: &BTreeMap<&str, usize>, named: &mut BTreeSet<usize>) {
    match value {
        Value::Text(text) => named.extend(text.split('/').filter_map(|part| by_label.get(part))),
        Value::Array(values) => values.iter().for_each(|value| add_named(value, by_label, named)),
        Value::Map(entries) => entries.iter().for_each(|(_, value)| add_named(value, by_label, named)),
        _ => {}
    }
}

fn most_entries(actions: &Superbox<'_>) -> usize {
    actions.payload.len() / SHORTEST_ACTION
}

/// Actions, and ingredients that they name.
fn entries(actions: &Value) -> usize {
    let named = list(actions, "actions").iter().map(|action| {
        let parameters = field(action, "parameters");
        1 + parameters.map_or(0, |parameters| list(parameters, "ingredients").len())
    });
    named.sum()
}

/// The CBOR of a box without its tags, which c2pa sees through. Of fields with one name it counts the first: c2pa refuses such
/// maps.
fn content(of: &Superbox<'_>) -> Option<Value> {
    cbor::content(of).map(untagged)
}

fn untagged(value: Value) -> Value {
    match value {
        Value::Tag(_, inner) => untagged(*inner),
        Value::Array(values) => Value::Array(values.into_iter().map(untagged).collect()),
        Value::Map(entries) => {
            let entries = entries.into_iter();
            Value::Map(entries.map(|(name, value)| (untagged(name), untagged(value))).collect())
        }
        plain => plain,
    }
}

/// Whether checking each manifest as often as it is referred to, as c2pa does, takes too many steps over its assertions.
fn takes_too_many_checks(parts: &[Parts<'_>]) -> bool {
    let most = parts.iter().map(Parts::pairs).max().unwrap_or_default();
    // Before any ingredient is parsed: c2pa is stopped at so many.
    if most.saturating_mul(MAX_CHECKED) <= MAX_CHECKED_PAIRS || parts.len() < 2 {
        return false;
    }
    let by_label: BTreeMap<&str, usize> = parts
        .iter()
        .enumerate()
        .map(|(index, parts)| (parts.label, index))
        .collect();
    let targets: Vec<Vec<usize>> = parts.iter().map(|parts| parts.targets(&by_label)).collect();
    // Of each manifest with all below it, those below first; a circle ends where it closes.
    let mut costs: Vec<Option<usize>> = vec![None; parts.len()];
    let mut begun = vec![false; parts.len()];
    // The active manifest is the last (C2PA 2.2, 11.1.4.2).
    let mut path = vec![parts.len() - 1];
    while let Some(&index) = path.last() {
        let below = targets.get(index).map(Vec::as_slice).unwrap_or_default();
        if let Some(begun) = begun.get_mut(index) {
            *begun = true;
        }
        let is_new = |target: &&usize| begun.get(**target) == Some(&false);
        match below.iter().find(is_new) {
            Some(target) => path.push(*target),
            None => {
                let own = parts.get(index).map_or(0, Parts::pairs);
                let cost = |target: &usize| costs.get(*target).copied().flatten().unwrap_or_default();
                let all = below.iter().map(cost).fold(own, usize::saturating_add);
                if let Some(cost) = costs.get_mut(index) {
                    *cost = Some(all);
                }
                path.pop();
            }
        }
    }
    costs
        .last()
        .copied()
        .flatten()
        .is_some_and(|all| all > MAX_CHECKED_PAIRS)
}

#[cfg(test)]
mod tests {
    use coset::cbor::into_writer;

    use super::super::jumbf::{superbox, write_box};
    use super::*;

    fn cbor(kind: &[u8; 4], label: &str, content: &Value) -> Vec<u8> {
        let mut bytes = Vec::new();
        into_writer(content, &mut bytes).unwrap();
        superbox(kind, label, &write_box(*b"cbor", &[&bytes]).unwrap())
    }

    fn map(entries: Vec<(&str, Value)>) -> Value {
        Value::Map(entries.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    fn url(label: &str) -> Value {
        map(vec![("url", format!("self#jumbf=/c2pa/{label}").into())])
    }

    fn note(number: usize) -> Vec<u8> {
        cbor(b"cbor", &format!("org.example.note__{number}"), &Value::Null)
    }

    fn ingredient(number: usize, of: &str) -> Vec<u8> {
        let ingredient = map(vec![("activeManifest", url(of))]);
        cbor(b"cbor", &format!("c2pa.ingredient.v3__{number}"), &ingredient)
    }

    fn manifest(label: &str, claim: Vec<(&str, Value)>, assertions: &[Vec<u8>]) -> Vec<u8> {
        let assertions = superbox(b"c2as", label::ASSERTION_STORE, &assertions.concat());
        let claim = cbor(b"c2cl", label::CLAIM_V2, &map(claim));
        superbox(b"c2ma", label, &[assertions, claim].concat())
    }

    fn is_too_much(manifests: &[Vec<u8>]) -> bool {
        let store = superbox(b"c2pa", "c2pa", &manifests.concat());
        let boxes = Boxes::parse(&store, &[]);
        assert!(boxes.is_ok());
        super::is_too_much(&store, &Some(boxes))
    }

    fn notes(count: usize) -> Vec<Vec<u8>> {
        (0..count).map(note).collect()
    }

    #[test]
    fn hundreds_of_assertions_are_usual_and_thousands_are_not() {
        assert!(!is_too_much(&[manifest("a", vec![], &notes(900))]));
        assert!(is_too_much(&[manifest("a", vec![], &notes(1100))]));
        // Whether or not anything refers to it.
        assert!(is_too_much(&[
            manifest("a", vec![], &notes(1100)),
            manifest("b", vec![], &[])
        ]));
    }

    #[test]
    fn references_count_as_often_as_they_are_followed() {
        let fan = |references: usize| {
            let ingredients: Vec<_> = (0..references).map(|number| ingredient(number, "a")).collect();
            is_too_much(&[manifest("a", vec![], &notes(200)), manifest("b", vec![], &ingredients)])
        };
        assert!(!fan(240) && fan(260), "40,000 for each");
        // Each manifest is made of the one below it, twice.
        let shared = |depth: usize| {
            let name = |level: usize| format!("m{level}");
            let above = |level: usize| {
                let ingredients = [0, 1].map(|number| ingredient(number, &name(level - 1)));
                manifest(&name(level), vec![], &ingredients)
            };
            let mut manifests = vec![manifest(&name(0), vec![], &notes(100))];
            manifests.extend((1..=depth).map(above));
            is_too_much(&manifests)
        };
        assert!(!shared(9) && shared(11));
        // A circle ends.
        let circle = [ingredient(0, "b"), ingredient(1, "a")];
        assert!(!is_too_much(&[
            manifest("a", vec![], &[&circle[..], &notes(100)].concat()),
            manifest("b", vec![], &circle)
        ]));
    }

    #[test]
    fn what_a_claim_names_again_counts_again() {
        let large = cbor(b"cbor", "org.example.large", &Value::Bytes(vec![0; 1 << 20]));
        let file = |kind: &[u8; 4]| {
            superbox(
                b"cbor",
                "org.example.large",
                &write_box(*kind, &[&vec![0; 6 << 20]]).unwrap(),
            )
        };
        let named = |times: usize, list: &'static str| {
            let reference = map(vec![("url", "self#jumbf=c2pa.assertions/org.example.large".into())]);
            vec![(list, vec![reference; times].into())]
        };
        for list in ["created_assertions", "gathered_assertions", "assertions"] {
            assert!(!is_too_much(&[manifest(
                "a",
                named(4, list),
                std::slice::from_ref(&large)
            )]));
            assert!(is_too_much(&[manifest(
                "a",
                named(6, list),
                std::slice::from_ref(&large)
            )]));
        }
        // What each could have is not what they have.
        let four: Vec<_> = ["a", "b", "c", "d"]
            .map(|label| manifest(label, named(1, "assertions"), std::slice::from_ref(&large)))
            .into();
        assert!(!is_too_much(&four));
        // A picture is not taken apart.
        assert!(!is_too_much(&[manifest("a", named(1, "assertions"), &[file(b"bidb")])]));
        assert!(is_too_much(&[manifest("a", named(2, "assertions"), &[file(b"bidb")])]));
        assert!(is_too_much(&[manifest("a", named(1, "assertions"), &[file(b"json")])]));
    }

    #[test]
    fn tags_hide_nothing_and_are_no_reason() {
        let tagged = |value: Value| Value::Tag(0, Box::new(value));
        let large = cbor(b"cbor", "org.example.large", &Value::Bytes(vec![0; 1 << 20]));
        let claims = |times: usize| {
            let url = tagged("self#jumbf=c2pa.assertions/org.example.large".into());
            let reference = tagged(map(vec![("url", url)]));
            let claim = vec![("assertions", tagged(vec![reference; times].into()))];
            is_too_much(&[manifest("a", claim, std::slice::from_ref(&large))])
        };
        assert!(!claims(4) && claims(6));
    }

    #[test]
    fn actions_count_with_every_ingredient() {
        let placed = |actions: usize, named: usize, ingredients: usize| {
            let parameters = map(vec![("ingredients", vec![url("x"); named].into())]);
            let action = map(vec![("action", "c2pa.placed".into()), ("parameters", parameters)]);
            let actions = map(vec![("actions", vec![action; actions].into())]);
            let mut assertions = vec![cbor(b"cbor", "c2pa.actions.v2", &actions)];
            assertions.extend((0..ingredients).map(|number| ingredient(number, "x")));
            is_too_much(&[manifest("a", vec![], &assertions)])
        };
        assert!(!placed(1000, 0, 290) && placed(1000, 0, 310));
        assert!(!placed(1, 1000, 290) && placed(1, 1000, 310));
        assert!(!placed(100_000, 0, 2));
    }

    #[test]
    fn redactions_count_with_every_reference() {
        let redacting = |redactions: usize, ingredients: usize| {
            let list = vec![(
                "redacted_assertions",
                vec![Value::from("self#jumbf="); redactions].into(),
            )];
            let ingredients: Vec<_> = (0..ingredients).map(|number| ingredient(number, "x")).collect();
            is_too_much(&[manifest("a", list, &ingredients)])
        };
        assert!(!redacting(4096, 2) && redacting(4097, 0));
        assert!(!redacting(4000, 250) && redacting(4000, 251));
    }

    #[test]
    fn a_store_that_cannot_be_walked_is_too_much_where_it_is_long() {
        let flaw = || Some(Err(Flaw::Unwalkable));
        assert!(!super::is_too_much(&[0; 1000], &flaw()));
        assert!(super::is_too_much(&vec![0; 20_000], &flaw()));
        assert!(!super::is_too_much(&[], &None));
    }
}
