use proptest::prelude::*;

use super::*;

pub(super) const FILLED: &str = r#"
schema = "touchmark-disclosure/1"
[provider]
name = "Example Images"
country = "DE"
contact = "https://example.org/contact"
[system]
name = "Example Diffusion"
version = "3.1"
model_type = "c2pa.types.model.pytorch"
[detector]
url = "https://example.org/detector"
"#;

fn field_at_fault(text: &str) -> (String, DisclosureFault) {
    match Disclosure::from_toml(text) {
        Err(Error::Disclosure { field, fault }) => (field.to_string(), fault),
        other => panic!("expected a fault, got {other:?}"),
    }
}

#[test]
fn a_filled_disclosure_is_read() {
    let disclosure = Disclosure::from_toml(FILLED).unwrap();
    assert!(disclosure.is_filled());
    assert_eq!(disclosure.provider().unwrap().name, "Example Images");
    assert_eq!(disclosure.detector_url(), Some("https://example.org/detector"));
    assert_eq!(disclosure.aigc_producer(), None);
}

#[test]
fn what_is_not_there_yet_keeps_nobody_from_stamping() {
    let disclosure = Disclosure::from_toml("schema = \"touchmark-disclosure/1\"").unwrap();
    assert!(!disclosure.is_filled());
    assert_eq!(disclosure, Disclosure::unfilled());
}

#[test]
fn toml_and_json_say_the_same() {
    let disclosure = Disclosure::from_toml(FILLED).unwrap();
    let json = disclosure.to_json();
    assert_eq!(Disclosure::from_json(&json).unwrap(), disclosure);
    assert!(matches!(
        Disclosure::from_json("{"),
        Err(Error::Disclosure {
            fault: DisclosureFault::Syntax(_),
            ..
        })
    ));
}

#[test]
fn each_fault_is_named_with_its_field() {
    use DisclosureFault as F;
    for (from, to, field, fault) in [
        (
            "touchmark-disclosure/1",
            "touchmark-disclosure/9",
            "schema",
            F::UnknownValue,
        ),
        ("Example Images", " ", "provider.name", F::Missing),
        ("Example Images", "<fill in: a name>", "provider.name", F::Placeholder),
        ("\"DE\"", "\"Germany\"", "provider.country", F::UnknownValue),
        (
            "https://example.org/contact",
            "http://example.org",
            "provider.contact",
            F::NotAnAddress,
        ),
        (
            "https://example.org/contact",
            "https://a b",
            "provider.contact",
            F::NotAnAddress,
        ),
        (
            "https://example.org/contact",
            "javascript:alert(1)",
            "provider.contact",
            F::NotAnAddress,
        ),
        ("Example Diffusion", "a\\u202Eb", "system.name", F::ControlCharacters),
        ("Example Diffusion", "a\\u0007b", "system.name", F::ControlCharacters),
        (
            "model.pytorch",
            "model.generative",
            "system.model_type",
            F::UnknownValue,
        ),
        ("https://example.org/detector", "x", "detector.url", F::NotALink),
        (
            "country",
            "aigc_code = \"no real code\"\ncountry",
            "provider.aigc_code",
            F::UnknownValue,
        ),
        (
            "[system]",
            "[removal]\nlanguages = [\"en\", \"English\"]\n[system]",
            "removal.languages[1]",
            F::UnknownValue,
        ),
        (
            "[system]",
            "[removal]\nresponse_hours = 0\n[system]",
            "removal.response_hours",
            F::OutOfRange,
        ),
        (
            "[system]",
            "[texts.en]\nchild = \"\"\n[system]",
            "texts.en.child",
            F::Missing,
        ),
        (
            "[system]",
            "[texts.klingon]\nchild = \"a\"\n[system]",
            "texts",
            F::UnknownValue,
        ),
        (
            "[system]",
            "[capabilities]\ncan = [\"a\", { de = \"b\", en = \"a\\nb\" }]\n[system]",
            "capabilities.can[1].en",
            F::ControlCharacters,
        ),
        (
            "[system]",
            "[[children.help_lines]]\ncountry = \"DE\"\nname = \"x\"\n[system]",
            "children.help_lines[0].phone",
            F::Missing,
        ),
        (
            "[system]",
            "[document]\nissued = 2026-11-22\nexpires = 2026-11-21\n[system]",
            "document.expires",
            F::OutOfRange,
        ),
    ] {
        let text = FILLED.replace(from, to);
        assert_ne!(text, FILLED);
        assert_eq!(field_at_fault(&text), (field.to_owned(), fault), "{from} -> {to}");
    }
}

#[test]
fn lengths_are_held_to_the_character() {
    for (length, field, from) in [
        (MAX_LINE, "system.version", "3.1"),
        (MAX_LINE, "provider.name", "Example Images"),
    ] {
        let exact = FILLED.replace(from, &"ä".repeat(length));
        assert!(Disclosure::from_toml(&exact).is_ok(), "{field}");
        let long = FILLED.replace(from, &"ä".repeat(length + 1));
        assert_eq!(
            field_at_fault(&long),
            (field.to_owned(), DisclosureFault::TooLong(length))
        );
    }
    let child = |length| format!("{FILLED}[texts.en]\nchild = \"{}\"", "a ".repeat(length / 2));
    assert!(Disclosure::from_toml(&child(MAX_CHILD_TEXT)).is_ok());
    assert_eq!(
        field_at_fault(&child(MAX_CHILD_TEXT + 2)),
        ("texts.en.child".to_owned(), DisclosureFault::TooLong(MAX_CHILD_TEXT))
    );
    let huge = format!("# {}\n{FILLED}", "x".repeat(MAX_DOCUMENT_BYTES));
    assert_eq!(
        field_at_fault(&huge),
        (String::new(), DisclosureFault::TooLarge(MAX_DOCUMENT_BYTES))
    );
}

#[test]
fn an_unknown_key_is_an_error_that_names_it() {
    let (field, fault) = field_at_fault(&FILLED.replace("country", "contry"));
    assert_eq!(field, "");
    assert!(
        matches!(fault, DisclosureFault::Syntax(words) if words.starts_with("line 5: ") && words.contains("contry"))
    );
}

#[test]
fn the_short_part_of_a_first_disclosure_is_what_it_was() {
    let disclosure = Disclosure::from_toml(FILLED).unwrap();
    assert_eq!(disclosure.assertion("en"), serde_json::to_value(&disclosure).unwrap());
    let unfilled = Disclosure::unfilled().assertion("en");
    assert_eq!(unfilled, serde_json::json!({ "schema": "touchmark-disclosure/1" }));
}

#[test]
fn the_schema_knows_every_part() {
    let schema = Disclosure::json_schema();
    let disclosure = serde_json::to_value(Disclosure::from_toml(FILLED).unwrap()).unwrap();
    for part in disclosure.as_object().unwrap().keys() {
        assert!(schema["properties"].get(part).is_some(), "{part}");
    }
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["properties"]["schema"]["const"], "touchmark-disclosure/1");
}

/// A line of the longest kind: characters of one to four bytes, quotation marks and backslashes among them.
fn long_line() -> impl Strategy<Value = String> {
    prop_oneof![Just("🎈"), Just("\""), Just("\\"), Just("ä"), Just("中"), Just("<")].prop_map(|c| c.repeat(MAX_LINE))
}

fn long_link() -> impl Strategy<Value = String> {
    Just(format!("https://example.org/{}", "&".repeat(MAX_LINE - 20)))
}

prop_compose! {
    fn extreme()(
        name in long_line(), version in long_line(), link in long_link(), text in long_line(), count in 0_usize..60,
        signed: bool,
    ) -> Disclosure {
        let mut document = Disclosure::from_toml(FILLED).unwrap().document;
        let system = document.system.as_mut().unwrap();
        system.name = name.clone();
        system.version = version;
        system.identifier = Some(format!("urn:{}", "&".repeat(MAX_LINE - 4)));
        system.model_type = "c2pa.types.model.huggingface.transformers".to_owned();
        let provider = document.provider.as_mut().unwrap();
        provider.name = name.clone();
        provider.contact = link.clone();
        document.document.url = Some(link.clone());
        document.detector.as_mut().unwrap().url = link.clone();
        document.removal = Some(Removal {
            url: Some(link.clone()),
            email: Some(format!("{}@example.org", "a".repeat(MAX_LINE - 12))),
            response_hours: Some(u16::MAX),
            no_account_needed: Some(false),
            no_upload_needed: Some(false),
            ..Removal::default()
        });
        document.children = Some(Children {
            help_lines: vec![HelpLine { country: "DE".into(), name, url: Some(link), phone: Some("1".repeat(40)) }; count],
            ..Children::default()
        });
        let texts = Texts { child: Some(text.repeat(2)), adult: Some(text.repeat(10)), ..Texts::default() };
        document.texts.insert("en".into(), texts.clone());
        document.texts.insert("zh-Hans".into(), texts);
        let mut disclosure = document.check().unwrap();
        disclosure.digest = signed.then_some([0xAB; 32]);
        disclosure
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// At its limits everywhere, what goes into a picture stays below 4 KB, and what every reader needs is in it.
    #[test]
    fn the_short_part_is_short(disclosure in extreme(), language in "en|de|zh-Hans|zh") {
        let short = disclosure.assertion(&language);
        prop_assert!(short.to_string().len() <= MAX_ASSERTION_BYTES, "{}", short.to_string().len());
        prop_assert_eq!(&short["provider"]["contact"], &disclosure.provider().unwrap().contact);
        prop_assert_eq!(&short["system"]["version"], &disclosure.system().unwrap().version);
        prop_assert_eq!(&short["removal"]["url"], disclosure.document().document.url.as_ref().unwrap());
        prop_assert_eq!(short.get("document").is_some(), disclosure.signed_digest().is_some());
    }

    /// Whatever is read and found good is the same after a round through JSON, and can be shown.
    #[test]
    fn any_text_is_a_disclosure_or_an_error(text in "\\PC{0,200}") {
        if let Ok(disclosure) = Disclosure::from_toml(&format!("{FILLED}\n{text}")) {
            prop_assert_eq!(Disclosure::from_json(&disclosure.to_json()).unwrap(), disclosure);
        }
    }
}
