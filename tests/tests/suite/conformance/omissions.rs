//! A stamp says what the disclosure says, and nothing about the picture's source: no thumbnail, no name of a file, a
//! user or a machine, no prompt.

use std::collections::BTreeSet;
use std::io::Cursor;

use serde_json::{Value, json};
use time::OffsetDateTime;
use touchmark::{Disclosure, Error, Limits, Stamper};
use touchmark_image::SourceImage;
use touchmark_tests::identity;
use touchmark_tests::pictures::PICTURES;

#[test]
fn the_assertions_hold_the_disclosure_and_nothing_else() {
    let identity = identity::fresh().unwrap();
    for picture in PICTURES {
        for disclosure in [identity::disclosure().unwrap(), Disclosure::unfilled()] {
            let crjson = super::examined(&identity, picture, &disclosure).1;
            let manifest = &crjson["manifests"][0];
            let mut assertions = manifest["assertions"].clone();
            let when = assertions["c2pa.actions.v2"]["actions"][0]["when"].take();
            // What is in the pixels has a test of its own (interop).
            let marked = assertions["c2pa.actions.v2"]["actions"].as_array_mut().unwrap();
            marked.retain(|action| action["action"] != "c2pa.watermarked.bound");
            let all = assertions.as_object_mut().unwrap();
            all.retain(|label, _| !label.starts_with("c2pa.soft-binding"));
            let binding = assertions["c2pa.hash.data"].take();
            assert_eq!(assertions, expected(&disclosure, manifest), "{}", picture.name);
            assert!(when.is_string());
            assert_eq!(
                keys(&binding),
                ["alg", "exclusions", "hash", "name", "pad"].into(),
                "{}",
                picture.name
            );
        }
    }
}

/// The claim has no title, no ingredient, and names no software but ours and the library it is made with.
#[test]
fn the_claim_holds_references_and_the_name_of_its_software() {
    let crjson = super::stamp_of_the_first_picture();
    let claim = &crjson["manifests"][0]["claim.v2"];
    let fields = [
        "alg",
        "claim_generator_info",
        "created_assertions",
        "gathered_assertions",
        "instanceID",
        "redacted_assertions",
        "signature",
    ];
    assert_eq!(keys(claim), fields.into());
    assert_eq!(claim["gathered_assertions"], json!([]));
    let generator = &claim["claim_generator_info"];
    assert_eq!(
        keys(generator),
        ["name", "org.contentauth.c2pa_rs", "specVersion", "version"].into()
    );
    assert_eq!(generator["name"], "touchmark");
}

#[test]
fn no_word_of_the_source_is_in_the_store() {
    const PROMPT: &str = "a lighthouse at dusk, oil on canvas, by nobody";
    let identity = identity::fresh().unwrap();
    let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
    let disclosure = identity::disclosure().unwrap();
    let with_prompt = ("with-prompt.png", png_with_text("parameters", PROMPT));
    let pictures = PICTURES.iter().map(|picture| (picture.name, picture.bytes().unwrap()));
    for (name, bytes) in pictures.chain([with_prompt]) {
        let stamped = stamper.stamp(&bytes, &disclosure, OffsetDateTime::now_utc()).unwrap();
        let store = store(stamped.bytes());
        for word in [name, PROMPT, "lighthouse"]
            .into_iter()
            .map(str::to_owned)
            .chain(local_names())
        {
            assert!(!contains(&store, word.as_bytes()), "{name}: {word}");
        }
        assert!(contains(&store, b"Example Diffusion"), "the search finds what is there");
    }
}

#[test]
fn a_stamped_picture_is_not_stamped_again() {
    let identity = identity::fresh().unwrap();
    let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
    let (disclosure, now) = (identity::disclosure().unwrap(), OffsetDateTime::now_utc());
    for picture in PICTURES {
        let once = stamper.stamp(&picture.bytes().unwrap(), &disclosure, now).unwrap();
        let twice = stamper.stamp(once.bytes(), &disclosure, now);
        assert!(
            matches!(twice, Err(Error::AlreadyMarked)),
            "{}: {twice:?}",
            picture.name
        );
    }
}

/// Every assertion but for the time and the hash.
fn expected(disclosure: &Disclosure, manifest: &Value) -> Value {
    let guid = manifest["label"].as_str().unwrap().strip_prefix("urn:c2pa:").unwrap();
    let source = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
    let iptc = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
    let (agent, model, cawg) = match disclosure.system() {
        Some(system) => (
            json!({ "name": system.name, "version": system.version }),
            json!({
                "modelType": system.model_type,
                "modelName": system.name,
                "modelIdentifier": system.identifier,
            }),
            json!({
                "@context": { "Iptc4xmpExt": iptc, "touchmark": "https://touchmark.dev/ns/1/" },
                "Iptc4xmpExt:AISystemUsed": system.name,
                "Iptc4xmpExt:AISystemVersionUsed": system.version,
                "touchmark:detector": disclosure.detector_url(),
            }),
        ),
        None => (
            json!({ "name": "AI system, name not stated" }),
            json!({ "modelType": "c2pa.types.model" }),
            json!({
                "@context": { "Iptc4xmpExt": iptc },
                "Iptc4xmpExt:AISystemUsed": "AI system, name not stated",
            }),
        ),
    };
    let action = json!({
        "action": "c2pa.created",
        "when": null,
        "digitalSourceType": source,
        "softwareAgent": agent,
    });
    json!({
        "c2pa.actions.v2": { "actions": [action], "allActionsIncluded": true },
        "c2pa.ai-disclosure": model,
        "c2pa.metadata": {
            "@context": { "Iptc4xmpExt": iptc },
            "Iptc4xmpExt:DigitalSourceType": source,
            "Iptc4xmpExt:DigImageGUID": guid,
        },
        "cawg.metadata": cawg,
        "dev.touchmark.disclosure": disclosure.assertion("en"),
        "c2pa.hash.data": null,
    })
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn store(stamped: &[u8]) -> Vec<u8> {
    let image = SourceImage::parse(stamped, &Limits::default()).unwrap();
    let container = image.container().unwrap();
    container.stores[0].reassemble(&image).into_owned()
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

/// What this machine and its user are called, where the system says so and the name is no common word: `root` is in
/// every certificate of a root.
fn local_names() -> Vec<String> {
    let from_environment =
        ["USER", "LOGNAME", "HOME", "HOSTNAME", "PWD"].map(|name| std::env::var(name).unwrap_or_default());
    let from_system = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    from_environment
        .into_iter()
        .chain([from_system.trim().to_owned()])
        .filter(|name| name.len() > 4)
        .collect()
}

fn png_with_text(keyword: &str, text: &str) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let mut encoder = png::Encoder::new(&mut out, 2, 2);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.add_text_chunk(keyword.to_owned(), text.to_owned()).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[0, 1, 2, 3]).unwrap();
    writer.finish().unwrap();
    out.into_inner()
}
