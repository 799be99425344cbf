//! Statements in signed records: about AI, in places where readers do not look; and texts that attack their readers.

use super::{CAMERA, Case, GENERATED, Made, case, draft, picture, stranger};
use crate::forge::{Draft, Seal, action, actions, created, map, opening, sign_into, text};

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
