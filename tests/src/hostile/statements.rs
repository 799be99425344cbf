//! Statements in signed records: about AI, in places where readers do not look; and texts that attack their readers.

use coset::cbor::Value;

use super::{CAMERA, Case, GENERATED, Made, case, draft, picture, stranger};
use crate::forge::{Assertion, Draft, Seal, action, actions, created, map, opening, sign_into, text};

pub(super) const CASES: &[Case] = &[
    case("ai-only-in-ingredient.jpg", ai_only_in_ingredient),
    case("source-type-missing.jpg", source_type_missing),
    case("source-type-camera.jpg", source_type_camera),
    case("source-type-composite.jpg", source_type_composite),
    case("source-type-partly.jpg", source_type_partly),
    case("source-type-foreign.jpg", source_type_foreign),
    case("source-type-of-edit.jpg", source_type_of_edit),
    case("source-type-gathered.jpg", source_type_gathered),
    case("title-escapes.png", title_escapes),
    case("title-10000-characters.png", title_ten_thousand_characters),
    case("system-name-script.webp", system_name_script),
    case("ingredient-title-escapes.jpg", ingredient_title_escapes),
    case("thumbnail-svg-with-script.jpg", thumbnail_svg_with_script),
    case("thumbnail-of-other-picture.jpg", thumbnail_of_other_picture),
    case("soft-binding-of-other-picture.jpg", soft_binding_of_other_picture),
    case("action-dated-2099.jpg", action_dated_2099),
];

/// As Google's Gemini writes it: the parent is AI's, the child only says "composite".
fn ai_only_in_ingredient() -> Made {
    let parent = draft("parent made by AI")?.seal(None)?;
    let mut child = draft("child")?;
    child.assertions = opening(parent.as_ingredient("parentOf")?)?;
    sign_into(&picture("flat.jpg")?, &child, &[parent])
}

fn source_type_missing() -> Made {
    saying(None)
}

fn source_type_camera() -> Made {
    saying(Some(CAMERA))
}

fn source_type_composite() -> Made {
    saying(Some("http://cv.iptc.org/newscodes/digitalsourcetype/composite"))
}

fn source_type_partly() -> Made {
    saying(Some(
        "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
    ))
}

/// The right word at an address that is not the vocabulary's.
fn source_type_foreign() -> Made {
    saying(Some("https://example.org/trainedAlgorithmicMedia"))
}

/// A photograph, part of which a model painted over.
fn source_type_of_edit() -> Made {
    let mut draft = draft("source type of edit")?;
    draft.assertions = vec![actions(vec![
        created(Some(CAMERA)),
        action("c2pa.edited", Some(GENERATED)),
    ])?];
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// The signer's own actions say "camera"; others, which somebody handed in, say "AI".
fn source_type_gathered() -> Made {
    let mut draft = draft("source type gathered")?;
    let mut gathered = actions(vec![action("c2pa.edited", Some(GENERATED))])?;
    gathered.label = "c2pa.actions.v2__1".to_owned();
    gathered.gathered = true;
    draft.assertions = vec![actions(vec![created(Some(CAMERA))])?, gathered];
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

fn saying(source_type: Option<&str>) -> Made {
    let draft = Draft::new("saying", source_type, Seal::of(&stranger()?));
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

fn title_escapes() -> Made {
    let mut draft = draft("title escapes")?;
    draft.title = Some(
        "\u{1B}[2J\u{202E}gnp.otohp\u{2066}\0\u{200B}</script><script>alert(1)</script>\r\nverdict: trusted".to_owned(),
    );
    draft.generator = "'; DROP TABLE pictures; --\u{1B}[31m".to_owned();
    sign_into(&picture("palette.png")?, &draft, &[])
}

fn title_ten_thousand_characters() -> Made {
    let mut draft = draft("title of 10000 characters")?;
    draft.title = Some("x".repeat(10_000));
    sign_into(&picture("palette.png")?, &draft, &[])
}

fn system_name_script() -> Made {
    let mut draft = draft("system name script")?;
    let mut action = created(Some(GENERATED));
    if let Some(entries) = action.as_map_mut() {
        let agent = map([
            ("name", text("</script><img src=x onerror=alert(1)>\u{1B}[8m")),
            ("version", text("\u{202E}1.0")),
        ]);
        entries.push((text("softwareAgent"), agent));
    }
    draft.assertions = vec![actions(vec![action])?];
    sign_into(&picture("flat.webp")?, &draft, &[])
}

fn ingredient_title_escapes() -> Made {
    let mut draft = draft("ingredient title escapes")?;
    let ingredient = map([
        ("relationship", text("componentOf")),
        ("dc:title", text("\u{1B}[2J\u{202E}gpj.otohp\0</script>")),
        ("description", text(&"<img src=x onerror=alert(1)>".repeat(400))),
    ]);
    draft
        .assertions
        .push(Assertion::new("c2pa.ingredient.v3", &ingredient)?);
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// For whoever shows the pictures that stand in a manifest.
fn thumbnail_svg_with_script() -> Made {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(2)</script></svg>";
    with_thumbnail("image/svg+xml", svg.to_vec())
}

/// The picture that the manifest shows is not the one that it is bound to.
fn thumbnail_of_other_picture() -> Made {
    with_thumbnail("image/jpeg", picture("grey.jpg")?)
}

fn with_thumbnail(media_type: &'static str, bytes: Vec<u8>) -> Made {
    let mut draft = draft("with thumbnail")?;
    let thumbnail = Assertion::of_file("c2pa.thumbnail.claim", media_type, bytes);
    draft.assertions.push(thumbnail);
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// A watermark's value under which a registry would find another picture's manifest (C2PA 2.2, 18.10).
fn soft_binding_of_other_picture() -> Made {
    let mut draft = draft("soft binding of other picture")?;
    let block = map([
        ("scope", map([])),
        ("value", Value::Bytes(b"the value of another picture".to_vec())),
    ]);
    let binding = map([
        ("alg", text("com.adobe.trustmark.P")),
        ("blocks", Value::Array(vec![block])),
    ]);
    draft.assertions.push(Assertion::new("c2pa.soft-binding", &binding)?);
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// When an action was done is what its writer says, and no time-stamp.
fn action_dated_2099() -> Made {
    let mut draft = draft("action dated 2099")?;
    let mut action = created(Some(GENERATED));
    if let Some(entries) = action.as_map_mut() {
        entries.push((text("when"), Value::Tag(0, Box::new(text("2099-01-01T00:00:00Z")))));
    }
    draft.assertions = vec![actions(vec![action])?];
    sign_into(&picture("flat.jpg")?, &draft, &[])
}
