//! Records that are not as they were signed, or were never right.

use super::edit::{find, flip, replace, store_of};
use super::{Case, GENERATED, Made, case, draft, picture, signed};
use crate::forge::{Assertion, Binding, actions, created, map, opening, sign_into, text};

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
