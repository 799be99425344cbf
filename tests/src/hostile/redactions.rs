//! Redactions, lawful and forged: what a later manifest says it took out of an earlier one.

use std::error::Error;

use coset::cbor::Value;

use super::edit::{find, flip, replace};
use super::{CAMERA, Case, GENERATED, Made, case, outsider, picture, stranger};
use crate::certificates::Holder;
use crate::forge::{
    Assertion, Binding, Draft, Seal, Sealed, action, actions, bound_to, created, hashed_uri, map, sign_into, text,
};

pub(super) const CASES: &[Case] = &[
    case("redacted.jpg", redacted),
    case("redacted-update.jpg", redacted_update),
    case("redacted-but-there.jpg", redacted_but_there),
    case("redacted-and-not-said.jpg", redacted_and_not_said),
    case("redacted-actions.jpg", redacted_actions),
    case("redacted-by-itself.jpg", redacted_by_itself),
    case("redacted-by-unreferenced.jpg", redacted_by_unreferenced),
    case("redacted-ingredient-swapped.jpg", redacted_ingredient_swapped),
    case("update-of-exchanged-parent.jpg", update_of_exchanged_parent),
];

/// What is taken out.
const NOTE: &str = "org.example.note";

/// Nothing is wrong with it: the note is gone, and the one who took it out says so.
fn redacted() -> Made {
    let (whole, rest) = (parent(true)?, parent(false)?);
    let mut draft = edit(&whole)?;
    draft.redactions = vec![note_of(&whole)];
    sign_into(&picture("flat.jpg")?, &draft, &[rest])
}

/// Nor with this: an update that does nothing else.
fn redacted_update() -> Made {
    let picture = picture("flat.jpg")?;
    let (mut parent, _) = bound_to(&picture, &parent_draft(true)?, &[])?;
    let mut draft = edit(&parent)?;
    draft.update = true;
    draft.binding = Binding::None;
    draft.redactions = vec![note_of(&parent)];
    parent.bytes = without_note(parent.bytes)?;
    sign_into(&picture, &draft, &[parent])
}

/// The note is said to be gone, and stands there with other words than its signer's.
fn redacted_but_there() -> Made {
    let whole = parent(true)?;
    let mut draft = edit(&whole)?;
    draft.redactions = vec![note_of(&whole)];
    let mut forged = whole;
    forged.bytes = replace(forged.bytes, b"by hand", b"by mind")?;
    sign_into(&picture("flat.jpg")?, &draft, &[forged])
}

/// The note is gone, and nobody says so.
fn redacted_and_not_said() -> Made {
    let (whole, rest) = (parent(true)?, parent(false)?);
    sign_into(&picture("flat.jpg")?, &edit(&whole)?, &[rest])
}

/// What was done is taken out, which nobody may.
fn redacted_actions() -> Made {
    let (whole, mut rest) = (parent_draft(true)?, parent_draft(true)?);
    for assertion in &mut rest.assertions {
        assertion.stored = !assertion.label.starts_with("c2pa.actions");
    }
    let (whole, rest) = (whole.seal(None)?, rest.seal(None)?);
    let mut draft = edit(&whole)?;
    draft.redactions = vec![uri(&whole, "c2pa.actions.v2")];
    sign_into(&picture("flat.jpg")?, &draft, &[rest])
}

/// A manifest takes out an assertion of its own, so that its claim names what nobody can see.
fn redacted_by_itself() -> Made {
    let mut draft = Draft::new("redacted by itself", Some(GENERATED), Seal::of(&stranger()?));
    let mut note = note()?;
    note.stored = false;
    draft.assertions.push(note);
    draft.redactions = vec![format!("self#jumbf=/c2pa/{}/c2pa.assertions/{NOTE}", draft.label)];
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// A manifest that nothing refers to takes an assertion out of the active one.
fn redacted_by_unreferenced() -> Made {
    let mut draft = Draft::new("redacted by unreferenced", Some(GENERATED), Seal::of(&stranger()?));
    let mut note = note()?;
    note.stored = false;
    draft.assertions.push(note);
    let mut ghost = Draft::new("unreferenced redactor", Some(GENERATED), Seal::of(&outsider()?));
    ghost.redactions = vec![format!("self#jumbf=/c2pa/{}/c2pa.assertions/{NOTE}", draft.label)];
    sign_into(&picture("flat.jpg")?, &draft, &[ghost.seal(None)?])
}

/// Something was redacted from a photograph of version 1, so that its hash no longer tells; then another manifest of the
/// same signer was put in its place, which says "made by AI". c2pa 0.91 does not see it.
fn redacted_ingredient_swapped() -> Made {
    let version_1 = |source_type: &str, stored: bool| -> Result<Sealed, Box<dyn Error>> {
        let mut draft = Draft::new("version 1", None, Seal::of(&stranger()?));
        draft.version_1 = true;
        let mut note = note()?;
        note.stored = stored;
        let content = map([("actions", Value::Array(vec![created(Some(source_type))]))]);
        draft.assertions = vec![Assertion::new("c2pa.actions", &content)?, note];
        draft.seal(None)
    };
    let photograph = version_1(CAMERA, true)?;
    let mut draft = edit(&photograph)?;
    draft.redactions = vec![note_of(&photograph)];
    sign_into(&picture("flat.jpg")?, &draft, &[version_1(GENERATED, false)?])
}

/// An update that redacts something of its parent and refers to it in the older form, without the hash of its signature. Then
/// another picture came with a parent under the same label, of another signer.
fn update_of_exchanged_parent() -> Made {
    let original = picture("flat.jpg")?;
    let last = original.len() - 3;
    let changed = flip(original.clone(), last)?;
    let older = |name: &str, signer: &Holder, action: Value| -> Result<Draft, Box<dyn Error>> {
        let mut draft = Draft::new(name, None, Seal::of(signer));
        draft.version_1 = true;
        let content = map([("actions", Value::Array(vec![action]))]);
        draft.assertions = vec![Assertion::new("c2pa.actions", &content)?];
        Ok(draft)
    };
    let parent_of = |picture: &[u8], signer: &Holder| -> Result<Sealed, Box<dyn Error>> {
        let draft = older("older parent", signer, created(Some(CAMERA)))?;
        Ok(bound_to(picture, &draft, &[])?.0)
    };
    let parent = parent_of(&original, &stranger()?)?;
    let path = format!("self#jumbf=/c2pa/{}", parent.label);
    let ingredient = map([
        ("dc:title", text("older.jpg")),
        ("dc:format", text("image/jpeg")),
        ("instanceID", text("xmp:iid:older")),
        ("relationship", text("parentOf")),
        ("c2pa_manifest", hashed_uri(&path, &parent.bytes)),
    ]);
    let mut update = older("update of older parent", &stranger()?, action("c2pa.published", None))?;
    (update.update, update.binding) = (true, Binding::None);
    update.assertions.push(Assertion::new("c2pa.ingredient", &ingredient)?);
    update.redactions = vec![note_of(&parent)];
    sign_into(&changed, &update, &[parent_of(&changed, &outsider()?)?])
}

fn parent(stored: bool) -> Result<Sealed, Box<dyn Error>> {
    parent_draft(stored)?.seal(None)
}

/// A picture made by AI with a note, which is there or gone; the claim is the same.
fn parent_draft(stored: bool) -> Result<Draft, Box<dyn Error>> {
    let mut draft = Draft::new("redacted parent", Some(GENERATED), Seal::of(&stranger()?));
    let mut note = note()?;
    note.stored = stored;
    draft.assertions.push(note);
    Ok(draft)
}

/// The manifest's box without that of the note.
fn without_note(mut manifest: Vec<u8>) -> Made {
    let note = note()?.superbox();
    let at = find(&manifest, &note)?;
    manifest.drain(at..at + note.len());
    // The manifest begins with its description box, and the store of its assertions follows.
    let store = 8 + read_length(&manifest, 8)?;
    for at in [0, store] {
        let length = u32::try_from(read_length(&manifest, at)? - note.len())?;
        manifest[at..at + 4].copy_from_slice(&length.to_be_bytes());
    }
    Ok(manifest)
}

fn read_length(bytes: &[u8], at: usize) -> Result<usize, Box<dyn Error>> {
    let field = bytes.get(at..at + 4).ok_or("cut off")?;
    Ok(u32::from_be_bytes(field.try_into()?) as usize)
}

fn note() -> Result<Assertion, Box<dyn Error>> {
    Assertion::new(NOTE, &map([("made", text("by hand"))]))
}

/// A manifest that opens this parent and says that it redacted the note.
fn edit(parent: &Sealed) -> Result<Draft, Box<dyn Error>> {
    let mut draft = Draft::new("redactor", None, Seal::of(&stranger()?));
    let ingredient = parent.as_ingredient("parentOf")?;
    let reference = hashed_uri(
        &format!("self#jumbf=c2pa.assertions/{}", ingredient.label),
        &ingredient.superbox(),
    );
    let opened = map([
        ("action", text("c2pa.opened")),
        ("parameters", map([("ingredients", Value::Array(vec![reference]))])),
    ]);
    let redacted = map([
        ("action", text("c2pa.redacted")),
        ("reason", text("c2pa.PII.present")),
        ("parameters", map([("redacted", text(&note_of(parent)))])),
    ]);
    draft.assertions = vec![actions(vec![opened, redacted])?, ingredient];
    Ok(draft)
}

fn note_of(manifest: &Sealed) -> String {
    uri(manifest, NOTE)
}

fn uri(manifest: &Sealed, assertion: &str) -> String {
    format!("self#jumbf=/c2pa/{}/c2pa.assertions/{assertion}", manifest.label)
}
