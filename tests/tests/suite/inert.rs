//! Hostile strings come out inert: in text, JSON and HTML, in every language, over every fixture, and from a stamp whose
//! "help line" is an extortionist's form.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use touchmark::help::Directory;
use touchmark::report::{Language, Presentation};
use touchmark::{Disclosure, Report, Stamper, TrustLists, Verifier};
use touchmark_tests::keys::JUDGED_AT;
use touchmark_tests::{identity, pictures};

use crate::expected::{fixtures, trusting_the_hostile};
use crate::machine::{Machine, lines};

/// Every element that a page of ours has, and the attributes of each.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("!DOCTYPE", &["html"]),
    ("html", &["lang", "dir"]),
    ("head", &[]),
    ("meta", &["charset", "http-equiv", "content", "name"]),
    ("title", &[]),
    ("style", &[]),
    ("body", &[]),
    ("a", &["class", "href", "rel"]),
    ("header", &[]),
    ("main", &[]),
    ("footer", &[]),
    ("section", &["id", "aria-labelledby"]),
    ("div", &["class", "role", "tabindex", "aria-label", "aria-labelledby"]),
    ("h1", &[]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("p", &["class"]),
    ("ul", &["class"]),
    ("li", &[]),
    ("dl", &[]),
    ("dt", &[]),
    ("dd", &[]),
    ("br", &[]),
    ("bdi", &[]),
    ("strong", &[]),
    ("code", &[]),
    ("table", &[]),
    ("thead", &[]),
    ("tbody", &[]),
    ("tr", &[]),
    ("th", &["scope"]),
    ("td", &[]),
    (
        "svg",
        &[
            "class",
            "viewBox",
            "aria-hidden",
            "focusable",
            "role",
            "aria-label",
            "direction",
            "width",
            "height",
            "x",
            "y",
        ],
    ),
    ("path", &["class", "d"]),
    ("rect", &["x", "y", "width", "height", "rx"]),
    ("text", &["class", "x", "y"]),
];

#[test]
fn every_rendering_of_every_fixture_is_inert() {
    let verifiers =
        [TrustLists::official(), trusting_the_hostile()].map(|lists| Verifier::new(lists).unwrap().without_pixels());
    let mut rendered = 0;
    for file in files() {
        let bytes = fs::read(&file).unwrap();
        for verifier in &verifiers {
            let Ok(report) = verifier.verify(&bytes, JUDGED_AT) else {
                continue;
            };
            let name = format!("{}\u{202E}\u{1B}[2J</script>", file.display());
            let report = report.with_file_name(&name);
            for language in [Language::English, Language::German] {
                is_inert(&report, language, &name);
                rendered += 1;
            }
        }
    }
    assert!(rendered > 300, "{rendered}");
}

/// A form in the name of a system, which anybody can write, is not read out either.
#[test]
fn an_address_in_a_systems_name_is_withheld() {
    let bytes = fs::read(fixtures().join("labelled/xmp-ai-system-with-address.jpg")).unwrap();
    let verifier = Verifier::new(TrustLists::official()).unwrap();
    let report = verifier.verify(&bytes, time::OffsetDateTime::now_utc()).unwrap();
    let put = |show_unverified| {
        let presentation = Presentation {
            show_unverified,
            ..Presentation::default()
        };
        let report = report.clone().presented(&presentation);
        [report.to_text(), report.to_html()]
    };
    for rendering in put(false) {
        assert!(!rendering.contains("pay-or-else"), "{rendering}");
    }
    for rendering in put(true) {
        assert!(rendering.contains("pay-or-else"), "{rendering}");
    }
}

/// A line of JSON put into a page's script element ends no element and begins no comment, whatever the file is called.
#[test]
fn a_line_of_json_is_inert_in_a_script_element() {
    let machine = Machine::new();
    let name = "<!--<script>.jpg";
    fs::copy(fixtures().join("marked/original.jpg"), machine.path(name)).unwrap();
    for (args, expected) in [
        (&["verify", "--json", name][..], 10),
        (&["verify", "--json", name, name, "--summary", "summary.json"], 3),
        (&["verify", "--json", "<missing"], 1),
    ] {
        let output = machine.touchmark(args);
        assert_eq!(output.status.code(), Some(expected));
        assert!(!output.stdout.contains(&b'<'));
        let file = &lines(&output)[0]["file"];
        assert!(file["name"].as_str().unwrap().starts_with('<'), "{file}");
    }
    let summary = fs::read_to_string(machine.path("summary.json")).unwrap();
    assert!(
        summary.contains("\\u003cscript>") && !summary.contains('<'),
        "{summary}"
    );
}

#[test]
fn an_extortionists_form_is_never_help() {
    const FORM: &str = "https://pay-or-else.example/form";
    let text = format!(
        "{}\n[removal]\nurl = \"{FORM}\"\nlanguages = [\"en\"]\nresponse_hours = 1\nno_account_needed = true\nno_upload_needed = true\n\
         \n[children]\nminimum_age = 13\nmay_depict_minors = false\n\
         help_lines = [{{ country = \"DE\", name = \"Nummer gegen Kummer\", url = \"{FORM}\", phone = \"+49 666 0404\" }}]\n",
        identity::DISCLOSURE.replace("https://example.org/contact", FORM)
    );
    let disclosure = Disclosure::from_toml(&text).unwrap();
    let identity = identity::fresh().unwrap();
    let picture = fs::read(pictures::folder().join("flat.jpg")).unwrap();
    let now = time::OffsetDateTime::now_utc();
    let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
    let stamped = stamper.stamp(&picture, &disclosure, now).unwrap();
    let judged = |lists| Verifier::new(lists).unwrap().verify(stamped.bytes(), now).unwrap();
    let put = |report: &Report, show_unverified| {
        report.clone().presented(&Presentation {
            country: "DE".parse().ok(),
            show_unverified,
            ..Presentation::default()
        })
    };

    // Whoever signed is on no list: the form is nowhere, and the reader learns that something is left out.
    let stranger = judged(TrustLists::empty());
    let report = put(&stranger, false);
    for rendering in [report.to_text(), report.to_json(), report.to_html()] {
        assert!(
            !["pay-or-else", "666 0404", "666\u{A0}0404", "6660404"]
                .iter()
                .any(|part| rendering.contains(part)),
            "{rendering}"
        );
    }
    assert!(
        report.disclosure_withheld && unwrapped(&report.to_text()).contains("They are not shown"),
        "{}",
        report.to_text()
    );
    helps_by_itself(&report);

    // Asked for, or from a listed signer, it is the provider's word: after everything else, and no link.
    for (report, warned) in [
        (put(&stranger, true), true),
        (put(&judged(identity::trusting(&identity).unwrap()), false), false),
    ] {
        helps_by_itself(&report);
        let text = report.to_text();
        let (before, provider) = text.split_once("The provider's own words").unwrap();
        assert!(!before.contains("pay-or-else") && provider.contains(FORM), "{text}");
        assert_eq!(
            unwrapped(provider).contains("Nobody checked who says this"),
            warned,
            "{text}"
        );
        let html = report.to_html();
        let (before, provider) = html.split_once("id=\"provider\"").unwrap();
        assert!(!before.contains("pay-or-else") && provider.contains("pay-or-else"));
        assert!(!html.contains(&format!("href=\"{FORM}")) && !html.contains("tel:+496660404"));
    }
}

#[test]
fn names_are_left_out_where_that_is_asked_for() {
    let verifier = Verifier::new(trusting_the_hostile()).unwrap().without_pixels();
    for file in files() {
        let bytes = fs::read(&file).unwrap();
        let Ok(report) = verifier.verify(&bytes, JUDGED_AT) else {
            continue;
        };
        let redacted = Presentation {
            redact_names: true,
            ..Presentation::default()
        };
        let names = names_in(&report);
        let report = report.presented(&redacted).with_file_name("Erika Mustermann.jpg");
        for rendering in [report.to_text(), report.to_json(), report.to_html()] {
            assert!(!rendering.contains("Mustermann"), "{}", file.display());
            for name in &names {
                let quoted = [format!("“{name}”"), format!("\"{name}\""), format!("<bdi>{name}</bdi>")];
                assert!(
                    !quoted.iter().any(|name| rendering.contains(name)),
                    "{}: {name}",
                    file.display()
                );
            }
        }
        assert!(report.names_redacted);
        // What was left out does not come back.
        assert!(report.presented(&Presentation::default()).names_redacted);
    }
}

/// What may name a person in a report, or lead to one.
fn names_in(report: &Report) -> Vec<String> {
    let layers = &report.layers;
    let signer = layers.manifest.signer.iter().flat_map(|signer| {
        [
            &signer.organisation,
            &signer.common_name,
            &signer.issuer,
            &signer.serial,
        ]
    });
    let manifests = layers.manifest.manifests.iter().flat_map(|manifest| {
        let ingredients = manifest.ingredients.iter();
        let said = ingredients.flat_map(|ingredient| [&ingredient.title, &ingredient.description]);
        said.chain([&manifest.signer])
    });
    let labels = layers.metadata.labels.iter().flat_map(|label| {
        // What our tables know stays, in fields of its own.
        let is_known = |value: &str| label.writer.as_ref().is_some_and(|writer| writer.name == value);
        let value = Some(&label.value)
            .filter(|value| label.digital_source_type.is_none() && !value.as_deref().is_some_and(is_known));
        value.into_iter().chain([&label.prompt])
    });
    let provider = report.generator.as_ref().map(|generator| &generator.provider);
    signer
        .chain(manifests)
        .chain(labels)
        .chain(provider)
        .chain([
            &layers.manifest.remote,
            &layers.manifest.unreadable,
            &layers.label.declared,
        ])
        .flatten()
        // Systems are products.
        .filter(|name| name.len() > 3 && Some(*name) != report.generator.as_ref().and_then(|it| it.system.as_ref()))
        .cloned()
        .collect()
}

/// A text without its line breaks and columns.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The help of a report is touchmark's own directory, whole, before anything else.
fn helps_by_itself(report: &Report) {
    let country = report.help.country.as_deref().and_then(|code| code.parse().ok());
    let own: Vec<&str> = Directory::shipped()
        .helping(country)
        .iter()
        .map(|entry| entry.name.as_str())
        .collect();
    let shown: Vec<&str> = report.help.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(shown, own);
    let json: Value = serde_json::from_str(&report.to_json()).unwrap();
    assert_eq!(json["help"]["entries"].as_array().unwrap().len(), own.len());
    let json = report.to_json();
    assert!(json.find("\"help\":{").unwrap() < json.find("\"verdict\":{").unwrap());
    let text = report.to_text();
    let question = match report.plain.language {
        Language::German => "Ist etwas vermerkt?",
        _ => "Is there a mark?",
    };
    assert!(
        text.find("stopncii.org").unwrap() < text.find(question).unwrap(),
        "{text}"
    );
    let html = report.to_html();
    assert!(html.find("stopncii.org").unwrap() < html.find("id=\"findings\"").unwrap());
}

fn is_inert(report: &Report, language: Language, name: &str) {
    let report = report.clone().presented(&Presentation {
        language,
        ..Presentation::default()
    });
    let text = report.to_text();
    no_hidden(&text, &['\n'], name);
    assert!(
        text.lines().all(|line| line.chars().count() < 600),
        "{name}: a line without end"
    );
    let json = report.to_json();
    no_hidden(&json, &[], name);
    let value: Value = serde_json::from_str(&json).unwrap();
    texts(&value, &mut |text| no_hidden(text, &[], name));
    let html = report.to_html();
    // The marks that isolate a name in a sentence, and come in pairs.
    no_hidden(&html, &['\n', '\u{2068}', '\u{2069}'], name);
    assert_eq!(
        html.matches('\u{2068}').count(),
        html.matches('\u{2069}').count(),
        "{name}"
    );
    is_our_page(&html, name);
    helps_by_itself(&report);
}

/// No control, no character that reorders or hides (Unicode Cc, Cf as far as bidirectional and zero-width ones go).
fn no_hidden(text: &str, but: &[char], name: &str) {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
    };
    let found: Vec<char> = text.chars().filter(|c| hidden(*c) && !but.contains(c)).collect();
    assert!(found.is_empty(), "{name}: {found:?}");
}

/// A page has our elements with our attributes alone, and its links lead to touchmark's own directory.
fn is_our_page(html: &str, name: &str) {
    assert_eq!(html.matches("<style>").count(), 1);
    let (head, rest) = html.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    let directory = Directory::shipped();
    let links: BTreeSet<&str> = directory
        .entries()
        .iter()
        .filter_map(|entry| entry.url.as_deref())
        .collect();
    for tag in [head, body].iter().flat_map(|part| part.split('<').skip(1)) {
        let (tag, _) = tag
            .split_once('>')
            .unwrap_or_else(|| panic!("{name}: a tag without end: {tag}"));
        let Some((element, attributes)) = parse(tag.trim_start_matches('/')) else {
            panic!("{name}: <{tag}>");
        };
        let (_, known) = ELEMENTS
            .iter()
            .find(|(known, _)| *known == element)
            .unwrap_or_else(|| panic!("{name}: <{tag}>"));
        for (attribute, value) in attributes {
            assert!(known.contains(&attribute), "{name}: {attribute} in <{tag}>");
            if attribute == "href" {
                let dialled = value
                    .strip_prefix("tel:")
                    .is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()));
                assert!(
                    value == "#findings" || dialled || links.contains(value),
                    "{name}: {value}"
                );
            }
        }
    }
}

/// The element of a tag and its attributes with their values.
fn parse(tag: &str) -> Option<(&str, Vec<(&str, &str)>)> {
    let (element, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    while !rest.trim().is_empty() {
        rest = rest.trim_start();
        match rest.split_once("=\"") {
            Some((attribute, after)) if !attribute.contains(' ') => {
                let (value, after) = after.split_once('"')?;
                attributes.push((attribute, value));
                rest = after;
            }
            _ => {
                let (attribute, after) = rest.split_once(' ').unwrap_or((rest, ""));
                attributes.push((attribute, ""));
                rest = after;
            }
        }
    }
    Some((element, attributes))
}

fn texts(value: &Value, look: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => look(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, look)),
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            look(key);
            texts(value, look);
        }),
        _ => {}
    }
}

fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = ["hostile", "stamped", "images", "labelled", "marked", "formats"]
        .iter()
        .flat_map(|folder| fs::read_dir(fixtures().join(folder)).unwrap())
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files
}
