//! What came before, forged: updates of records that do not hold, and manifests that lend a picture another's words.

use coset::cbor::Value;
use sha2::{Digest, Sha256};

use super::edit::{flip, replace, with_data_hash};
use super::{CAMERA, Case, GENERATED, Made, case, draft, outsider, picture, stranger};
use crate::certificates::Holder;
use crate::forge::{Assertion, Binding, Draft, Seal, Sealed, bound_to, hashed_uri, map, opening, sign_into, text};

pub(super) const CASES: &[Case] = &[
    case("update.jpg", update),
    case("update-pixel-changed.jpg", update_pixel_changed),
    case("update-parent-forged.jpg", update_parent_forged),
    case("update-of-forged-parent.jpg", update_of_forged_parent),
    case("binding-borrowed.jpg", binding_borrowed),
    case("labels-equal.jpg", labels_equal),
    case("ingredient-framed.jpg", ingredient_framed),
    case("ingredient-framed-below.jpg", ingredient_framed_below),
    case("ingredient-forged-and-recorded.jpg", ingredient_forged_and_recorded),
    case(
        "ingredient-recorded-in-older-form.jpg",
        ingredient_recorded_in_older_form,
    ),
    case("manifest-unreferenced.jpg", manifest_unreferenced),
    case("manifest-replayed.jpg", manifest_replayed),
    case("update.webp", update_in_webp),
    case("update-pixel-changed.webp", update_in_webp_pixel_changed),
];

/// What the one who takes in a forged record honestly notes; c2pa then repeats it no more.
const FORGERY_NOTED: &str = "assertion.hashedURI.mismatch";

/// Nothing is wrong with it: the update leaves the content to its parent, which is bound to it.
fn update() -> Made {
    let parent = parent()?;
    let ingredient = parent.as_ingredient("parentOf")?;
    update_of(&picture("flat.jpg")?, parent, ingredient)
}

fn update_pixel_changed() -> Made {
    let bytes = update()?;
    let last = bytes.len() - 3;
    flip(bytes, last)
}

/// Pixels changed under a signed update, and the parent's hash made to match.
fn update_parent_forged() -> Made {
    with_data_hash(update_pixel_changed()?, &Sha256::digest(changed_picture()?))
}

/// The same forgery made before the update, which refers to the parent as it is now and notes what is wrong with it.
fn update_of_forged_parent() -> Made {
    let picture = changed_picture()?;
    let mut parent = parent()?;
    parent.bytes = with_data_hash(parent.bytes, &Sha256::digest(&picture))?;
    let ingredient = parent.as_ingredient_failing("parentOf", &[(FORGERY_NOTED, "c2pa.hash.data")])?;
    update_of(&picture, parent, ingredient)
}

/// An update makes a WebP longer, and says so in its fifth to eighth byte, which the parent's hash is made over.
fn update_in_webp() -> Made {
    let picture = picture("flat.webp")?;
    let parent = bound_to(&picture, &draft("parent of update")?, &[])?.0;
    let mut update = draft("update")?;
    (update.update, update.binding) = (true, Binding::None);
    // The store of a WebP must have an even length.
    update.seal.padding = 2;
    update.assertions = opening(parent.as_ingredient("parentOf")?)?;
    sign_into(&picture, &update, &[parent])
}

fn update_in_webp_pixel_changed() -> Made {
    flip(update_in_webp()?, 100)
}

fn parent() -> Result<Sealed, Box<dyn std::error::Error>> {
    Ok(bound_to(&picture("flat.jpg")?, &draft("parent of update")?, &[])?.0)
}

fn changed_picture() -> Made {
    let picture = picture("flat.jpg")?;
    let last = picture.len() - 3;
    flip(picture, last)
}

fn update_of(picture: &[u8], parent: Sealed, ingredient: Assertion) -> Made {
    let mut update = draft("update")?;
    update.update = true;
    update.binding = Binding::None;
    update.assertions = opening(ingredient)?;
    sign_into(picture, &update, &[parent])
}

/// A manifest that is no update leaves the content to its parent all the same.
fn binding_borrowed() -> Made {
    let parent = parent()?;
    let mut draft = draft("borrower")?;
    draft.binding = Binding::None;
    draft.assertions = opening(parent.as_ingredient("parentOf")?)?;
    sign_into(&picture("flat.jpg")?, &draft, &[parent])
}

/// Two manifests under one label: a reference to it can mean either.
fn labels_equal() -> Made {
    let draft = draft("labels equal")?;
    let first = draft.seal(None)?;
    sign_into(&picture("flat.jpg")?, &draft, &[first])
}

/// Somebody hangs another's picture made by AI under a photograph, as if it had gone into it.
fn ingredient_framed() -> Made {
    let (ingredient, draft) = framed()?;
    sign_into(&picture("flat.jpg")?, &draft, &[ingredient])
}

/// The same, opened in good faith by one whom everybody trusts.
fn ingredient_framed_below() -> Made {
    let (ingredient, parent) = framed()?;
    let parent = parent.seal(None)?;
    let mut draft = photograph("framed below", &stranger()?);
    draft.assertions = opening(parent.as_ingredient("parentOf")?)?;
    sign_into(&picture("flat.jpg")?, &draft, &[ingredient, parent])
}

fn framed() -> Result<(Sealed, Draft), Box<dyn std::error::Error>> {
    let ingredient = draft("framing ingredient")?.seal(None)?;
    let mut draft = photograph("framed", &outsider()?);
    draft.assertions.push(ingredient.as_ingredient("inputTo")?);
    Ok((ingredient, draft))
}

/// The ingredient's signer said something else; whoever took it in noted that it does not hold.
fn ingredient_forged_and_recorded() -> Made {
    const SIGNED: &[u8] = b"algorithmicallyEnhanced";
    let said = GENERATED.replace("trainedAlgorithmicMedia", std::str::from_utf8(SIGNED)?);
    let mut ingredient = Draft::new("forged ingredient", Some(&said), Seal::of(&stranger()?)).seal(None)?;
    ingredient.bytes = replace(ingredient.bytes, SIGNED, b"trainedAlgorithmicMedia")?;
    let mut draft = photograph("forged and recorded", &stranger()?);
    let failures = [(FORGERY_NOTED, "c2pa.actions.v2")];
    draft
        .assertions
        .push(ingredient.as_ingredient_failing("inputTo", &failures)?);
    sign_into(&picture("flat.jpg")?, &draft, &[ingredient])
}

/// The same in the form of claims of version 1, as in C2PA's public test file `CIE-sig-CA`.
fn ingredient_recorded_in_older_form() -> Made {
    let mut ingredient = photograph("older ingredient", &stranger()?);
    ingredient.version_1 = true;
    let mut ingredient = ingredient.seal(None)?;
    let last = ingredient.bytes.len() - 1;
    ingredient.bytes = flip(ingredient.bytes, last)?;
    let path = format!("self#jumbf=/c2pa/{}", ingredient.label);
    let status = map([
        ("code", text("claimSignature.mismatch")),
        ("url", text(&format!("{path}/c2pa.signature"))),
    ]);
    let content = map([
        ("dc:title", text("older.jpg")),
        ("dc:format", text("image/jpeg")),
        ("instanceID", text("xmp:iid:older")),
        ("relationship", text("componentOf")),
        ("c2pa_manifest", hashed_uri(&path, &ingredient.bytes)),
        ("validationStatus", Value::Array(vec![status])),
    ]);
    let mut draft = photograph("recorded in older form", &stranger()?);
    draft.version_1 = true;
    draft.assertions.push(Assertion::new("c2pa.ingredient", &content)?);
    sign_into(&picture("flat.jpg")?, &draft, &[ingredient])
}

/// A manifest that nothing refers to, with another's certificate and a signature that fails.
fn manifest_unreferenced() -> Made {
    let mut ghost = draft("unreferenced")?.seal(None)?;
    let last = ghost.bytes.len() - 1;
    ghost.bytes = flip(ghost.bytes, last)?;
    photograph_beside(ghost)
}

/// The same, copied whole out of a picture that is made by AI: it holds, and has nothing to do with this one.
fn manifest_replayed() -> Made {
    photograph_beside(draft("replayed")?.seal(None)?)
}

fn photograph_beside(other: Sealed) -> Made {
    sign_into(&picture("flat.jpg")?, &photograph("beside it", &stranger()?), &[other])
}

fn photograph(name: &str, signer: &Holder) -> Draft {
    Draft::new(name, Some(CAMERA), Seal::of(signer))
}
