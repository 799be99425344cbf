//! Records that are not as they were signed, or were never right.

use std::slice;

use coset::cbor::Value;

use super::edit::{find, flip, replace, store_of};
use super::{Case, GENERATED, Made, case, draft, picture, signed};
use crate::forge::{Assertion, Binding, Sealed, actions, created, map, opening, sign_into, text};

pub(super) const CASES: &[Case] = &[
    case("assertion-changed.jpg", assertion_changed),
    case("claim-changed.jpg", claim_changed),
    case("signature-changed.jpg", signature_changed),
    case("assertion-removed.jpg", assertion_removed),
    case("assertion-smuggled.jpg", assertion_smuggled),
    case("assertion-claimed-300-times.jpg", assertion_claimed_often),
    case("binding-missing.jpg", binding_missing),
    case("binding-weak-hash.jpg", binding_weak_hash),
    case("actions-missing.jpg", actions_missing),
    case("actions-begin-with-edit.jpg", actions_begin_with_edit),
    case("label-edited.jpg", label_edited),
    case("label-edited-to-ingredients.jpg", label_edited_to_ingredients),
    case("binding-gathered.jpg", binding_gathered),
    case("bindings-two.jpg", bindings_two),
    case("binding-without-algorithm.jpg", binding_without_algorithm),
    case("algorithm-missing.jpg", algorithm_missing),
    case("algorithm-weak.jpg", algorithm_weak),
    case("ingredient-signature-changed.jpg", ingredient_signature_changed),
    case("ingredient-without-claim.jpg", ingredient_without_claim),
    case("header-beside-signature.jpg", header_beside_signature),
    case("ingredient-broken.jpg", ingredient_broken),
    case("ingredient-missing.jpg", ingredient_missing),
    case("ingredient-cycle.jpg", ingredient_cycle),
];

fn assertion_changed() -> Made {
    replace(
        signed("flat.jpg")?,
        b"trainedAlgorithmicMedia",
        b"TrainedAlgorithmicMedia",
    )
}

fn claim_changed() -> Made {
    replace(signed("flat.jpg")?, b"forge", b"Leica")
}

/// The signature is the last thing in the store.
fn signature_changed() -> Made {
    let bytes = signed("flat.jpg")?;
    let end = store_of(&bytes)?.1.end;
    flip(bytes, end - 1)
}

fn assertion_removed() -> Made {
    with_note(|note| note.stored = false)
}

/// An assertion in the store that the claim does not name.
fn assertion_smuggled() -> Made {
    with_note(|note| note.claimed = false)
}

fn with_note(change: fn(&mut Assertion)) -> Made {
    let mut draft = draft("with note")?;
    let mut note = note()?;
    change(&mut note);
    draft.assertions.push(note);
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

fn assertion_claimed_often() -> Made {
    let mut draft = draft("claimed often")?;
    let mut note = note()?;
    draft.assertions.push(note.clone());
    note.stored = false;
    draft.assertions.extend(vec![note; 299]);
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

fn note() -> Result<Assertion, Box<dyn std::error::Error>> {
    Assertion::new("org.example.note", &map([("note", text("nothing"))]))
}

fn binding_missing() -> Made {
    let mut draft = draft("binding missing")?;
    draft.binding = Binding::None;
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

fn binding_weak_hash() -> Made {
    let mut draft = draft("binding weak hash")?;
    draft.binding = Binding::Algorithm("crc32b");
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

fn actions_missing() -> Made {
    let mut draft = draft("actions missing")?;
    draft.assertions = vec![note()?];
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

fn actions_begin_with_edit() -> Made {
    let mut draft = draft("actions begin with edit")?;
    let edited = map([("action", text("c2pa.edited"))]);
    draft.assertions = vec![actions(vec![edited, created(Some(GENERATED))])?];
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// The manifest's own label, which no hash covers, names another manifest.
fn label_edited() -> Made {
    let bytes = signed("flat.jpg")?;
    let at = find(&bytes, b"urn:c2pa:")? + 9;
    flip(bytes, at)
}

/// The same, to the label of its own ingredient, so that a reader may take the one for the other.
fn label_edited_to_ingredients() -> Made {
    let ingredient = draft("ingredient")?.seal(None)?;
    let mut draft = draft("label edited to the ingredient's")?;
    draft.assertions = opening(ingredient.as_ingredient("parentOf")?)?;
    let bytes = sign_into(&picture("flat.jpg")?, &draft, slice::from_ref(&ingredient))?;
    // The first is that of the manifest's own box; its claim goes on to name the old one.
    replace(bytes, draft.label.as_bytes(), ingredient.label.as_bytes())
}

/// A hash that somebody handed in binds nothing (C2PA 2.2, 10.3.1).
fn binding_gathered() -> Made {
    bound_by(Binding::Gathered)
}

/// Two hashes, of which a reader may check either.
fn bindings_two() -> Made {
    let mut draft = draft("two bindings")?;
    let hash = map([("name", text("jumbf manifest")), ("hash", Value::Bytes(vec![0; 32]))]);
    draft.assertions.push(Assertion::new("c2pa.hash.data__1", &hash)?);
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// The claim names one, which then counts for the binding too (C2PA 2.2, 13.1): nothing is wrong with it.
fn binding_without_algorithm() -> Made {
    bound_by(Binding::Unnamed)
}

/// Neither does the claim: what the hashes are by, nobody says.
fn algorithm_missing() -> Made {
    with_algorithm(None)
}

fn algorithm_weak() -> Made {
    with_algorithm(Some("md5"))
}

fn with_algorithm(name: Option<&'static str>) -> Made {
    let mut draft = draft("algorithm")?;
    (draft.algorithm, draft.binding) = (name, Binding::Unnamed);
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

fn bound_by(binding: Binding) -> Made {
    let mut draft = draft("bound otherwise")?;
    draft.binding = binding;
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// The ingredient's signature fails, and was taken in as it is.
fn ingredient_signature_changed() -> Made {
    let mut ingredient = draft("ingredient")?.seal(None)?;
    let last = ingredient.bytes.len() - 1;
    ingredient.bytes = flip(ingredient.bytes, last)?;
    opened(ingredient)
}

/// Of the ingredient's manifest the claim is gone; the other boxes are there.
fn ingredient_without_claim() -> Made {
    let mut ingredient = draft("ingredient")?.seal(None)?;
    ingredient.bytes = replace(ingredient.bytes, b"c2pa.claim.v2", b"c2pa.blame.v2")?;
    opened(ingredient)
}

fn opened(ingredient: Sealed) -> Made {
    let mut draft = draft("opened")?;
    draft.assertions = opening(ingredient.as_ingredient("parentOf")?)?;
    sign_into(&picture("flat.jpg")?, &draft, &[ingredient])
}

/// What stands in the unprotected header is nobody's word, however it is called.
fn header_beside_signature() -> Made {
    let mut draft = draft("header beside signature")?;
    draft.seal.beside = vec![
        ("organisation", text("Google LLC")),
        ("signing_time", text("2020-01-01T00:00:00Z")),
    ];
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// The ingredient's statement was changed after signing; the active manifest names it as it is now, and holds.
fn ingredient_broken() -> Made {
    let mut ingredient = draft("ingredient")?.seal(None)?;
    ingredient.bytes = replace(ingredient.bytes, b"trainedAlgorithmicMedia", b"TrainedAlgorithmicMedia")?;
    let mut draft = draft("ingredient broken")?;
    draft.assertions = opening(ingredient.as_ingredient("parentOf")?)?;
    sign_into(&picture("flat.jpg")?, &draft, &[ingredient])
}

fn ingredient_missing() -> Made {
    let ingredient = draft("ingredient")?.seal(None)?;
    let mut draft = draft("ingredient missing")?;
    draft.assertions = opening(ingredient.as_ingredient("parentOf")?)?;
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// Two manifests that each name the other as what they were made from. One of the two hashes cannot be right.
fn ingredient_cycle() -> Made {
    let mut child = draft("ingredient cycle")?;
    let unfinished = child.seal(None)?;
    let mut parent = draft("ingredient")?;
    parent.assertions = opening(unfinished.as_ingredient("parentOf")?)?;
    let parent = parent.seal(None)?;
    child.assertions = opening(parent.as_ingredient("parentOf")?)?;
    sign_into(&picture("flat.jpg")?, &child, &[parent])
}
