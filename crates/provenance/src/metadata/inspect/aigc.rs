//! China's implicit label (GB 45438-2025, Annex E) in the forms that are met: TC260's inner object and its wrapped form, in
//! XMP, in a PNG text and in EXIF (TC260-PG-20259A, Annex B), the form with other keys in EXIF's `ImageDescription`, and
//! what programs make of them: JSON within JSON, Python's notation, glued to the label's name.

#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use super::finding::Says;
use super::json::{self, value_after};
use super::table::Table;
use super::text::{capped, is_word_for_none};
use crate::names::xmp;

/// What a text that is this label says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Aigc {
    pub says: Says,
    /// Its label and its producer, in the file's words.
    pub words: String,
    /// The service, where the producer's code is known as one's.
    pub system: Option<&'static str>,
    /// The producer as it names itself, or the company whose code it has.
    pub provider: Option<String>,
}

/// What a text under the label's own name says; any text there is the label, well-formed or not.
pub(super) fn named(text: &str) -> Aigc {
    read(&plain(text))
}

/// What a text in a field for anything says, if it is this label.
pub(super) fn unnamed(text: &str) -> Option<Aigc> {
    let text = text.trim_start();
    if !text.starts_with('{') && memchr::memmem::find(text.as_bytes(), xmp::AIGC_NAME.as_bytes()).is_none() {
        return None;
    }
    let text = plain(glued(text).unwrap_or(text));
    let json = json::within(&text)?;
    let has = |keys: &[&str]| keys.iter().any(|key| json::has_key(json, key));
    let is_labelled = matches!(label(json).as_deref(), Some("1" | "2" | "3"));
    // Others have producers and services, too.
    let is_label = value_after(json, xmp::AIGC_NAME)
        .is_some_and(|value| value.trim_start_matches('"').starts_with('{'))
        || (is_labelled || has(&LABELS) && has(&PRODUCE_IDS)) && has(&PRODUCER_NAMES)
        || is_labelled && has(&["ServiceProvider"]) && has(&["ServiceUser"]);
    is_label.then(|| read(json))
}

/// Whether a text has the label's keys, so that it is one under its name wherever that stands.
pub(super) fn has_its_keys(text: &str) -> bool {
    let json = plain(text);
    let has = |keys: &[&str]| keys.iter().any(|key| json::has_key(&json, key));
    let is_labelled = label(&json).is_some_and(|label| matches!(label.as_str(), "0" | "1" | "2" | "3"));
    is_labelled && (has(&PRODUCER_NAMES) || has(&PRODUCE_IDS))
}

/// Whether this is the name of one of the label's keys.
pub(super) fn is_its_key(name: &str) -> bool {
    KEYS.contains(&name)
}

fn read(json: &str) -> Aigc {
    let label = label(json);
    let named = |key| Some(scalar(value_after(json, key)?)).filter(|name| !name.is_empty());
    let producer = PRODUCERS.into_iter().find_map(named);
    // Where it was first written, both are the same, and some services leave the producer out.
    let propagator = named(PROPAGATOR).filter(|_| producer.is_none());
    let is_none = |value: &str| is_word_for_none(value.trim());
    let says = match label.as_deref() {
        Some("1") => Says::Whole,
        Some("0") => Says::Nothing,
        None if is_none(json) || value_after(json, xmp::AIGC_NAME).is_some_and(|value| is_none(&scalar(value))) => {
            Says::Nothing
        }
        // "2" is possibly, "3" suspected; what cannot be read leaves it open.
        _ => Says::Possible,
    };
    // Who passed a picture on may suspect it; only a service's own code on a picture that is said to be made tells of its maker.
    let maker = propagator.as_deref().filter(|_| label.as_deref() == Some("1"));
    let known = match &producer {
        Some(code) => Table::get().producer(code),
        None => maker.and_then(|code| Table::get().producer(code).filter(|known| known.service.is_some())),
    };
    let company = known.and_then(|known| known.company.clone());
    let own_name = || {
        producer
            .as_deref()
            .filter(|name| known.is_none() && is_name(name))
            .map(str::to_owned)
    };
    let words = [
        label.map(|label| format!("Label {label}")),
        producer.as_ref().map(|producer| format!("producer {producer}")),
        propagator.as_ref().map(|propagator| format!("propagator {propagator}")),
    ];
    Aigc {
        says,
        words: capped(&words.into_iter().flatten().collect::<Vec<_>>().join(", ")),
        system: known.and_then(|known| known.service.as_deref()),
        provider: company.or_else(own_name),
    }
}

/// The keys of TC260's inner object.
const KEYS: [&str; 7] = [
    "Label",
    xmp::AIGC_KEY,
    "ProduceID",
    "ReservedCode1",
    PROPAGATOR,
    "PropagateID",
    "ReservedCode2",
];
/// The label's key, also as programs spell it that write every key with a small letter.
const LABELS: [&str; 2] = ["Label", "label"];
/// The producer's key, spelt likewise.
const PRODUCER_NAMES: [&str; 2] = [xmp::AIGC_KEY, "contentProducer"];
const PRODUCERS: [&str; 3] = [xmp::AIGC_KEY, "contentProducer", "ServiceProvider"];
const PRODUCE_IDS: [&str; 3] = ["ProduceID", "produceID", "produceId"];
const PROPAGATOR: &str = "ContentPropagator";
/// How the code of a producer begins: `001`, then what kind of code follows (TC260-PG-20252A).
const CODE: &str = "001";

fn label(json: &str) -> Option<String> {
    LABELS.into_iter().find_map(|key| value_after(json, key)).map(scalar)
}

/// Whether a producer is a name, and no code that nobody knows.
fn is_name(producer: &str) -> bool {
    let is_code = producer.starts_with(CODE) && producer.bytes().all(|byte| byte.is_ascii_alphanumeric());
    !is_code && producer.contains(char::is_alphabetic)
}

/// Text that was escaped once more than XML asks for, or written as text within JSON, or by Python.
fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if memchr::memmem::find(text.as_bytes(), b"&quot;").is_some() {
        return Cow::Owned(json::flat(&text.replace("&quot;", "\"")).into_owned());
    }
    match text.starts_with("{'") {
        true => Cow::Owned(text.replace('\'', "\"")),
        false => json::flat(text),
    }
}

/// The JSON behind the label's name, glued to it with or without a sign.
fn glued(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(xmp::AIGC_NAME)?;
    let rest = rest.trim_start_matches([':', '=', ' ']);
    rest.starts_with('{').then_some(rest)
}

/// A JSON string or number, as far as it is plain.
fn scalar(value: &str) -> String {
    let longest =
        |text: &str, is_end: fn(char) -> bool| text.chars().take_while(|c| !is_end(*c)).take(64).collect::<String>();
    match value.strip_prefix('"') {
        Some(text) => longest(text, |c| c == '"'),
        None => longest(value, |c| matches!(c, '"' | ',' | '}' | '\n'))
            .trim()
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "001191110102MACQD9K64010000";
    const INNER: &str = r#"{"Label":"1","ContentProducer":"001191110102MACQD9K64010000","ProduceID":"1"}"#;

    fn whole(producer: &str, system: Option<&'static str>) -> Aigc {
        Aigc {
            says: Says::Whole,
            words: format!("Label 1, producer {producer}"),
            system,
            provider: system.is_none().then(|| producer.to_owned()),
        }
    }

    #[test]
    fn the_label_is_read_in_each_form() {
        let expected = whole(CODE, Some("Doubao"));
        assert_eq!(named(INNER), expected);
        assert_eq!(unnamed(&format!("{{\"AIGC\":{INNER}}}")).as_ref(), Some(&expected));
        assert_eq!(named(&INNER.replace('"', "&quot;")), expected);
        let tencent = r#"{"Label": 1, "ServiceProvider": "x", "ServiceUser": "y"}"#;
        assert_eq!(unnamed(tencent), Some(whole("x", None)));
        assert_eq!(named(&INNER.replace("\"1\",\"C", "\"3\",\"C")).says, Says::Possible);
        assert_eq!(named("AI").says, Says::Possible);
        let small = INNER.replace("\"Label", "\"label").replace("\"Content", "\"content");
        assert_eq!(unnamed(&small), Some(expected));
        assert_eq!(unnamed("{\"Label\":\"1\"}"), None);
        assert_eq!(unnamed("Label 1"), None);
    }

    #[test]
    fn the_label_is_read_within_texts_and_as_python_writes_it() {
        let expected = whole(CODE, Some("Doubao"));
        let within = serde_json::json!({ "AIGC": INNER }).to_string();
        let python = INNER.replace('"', "'");
        for text in [
            within.as_str(),
            &format!("{{'AIGC': {python}}}"),
            &format!("AIGC{INNER}"),
            &format!("AIGC={INNER}"),
            &format!("AIGC: {INNER}"),
        ] {
            assert_eq!(unnamed(text).as_ref(), Some(&expected), "{text}");
        }
        for text in [within, serde_json::json!(INNER).to_string(), python] {
            assert_eq!(named(&text), expected, "{text}");
        }
        assert_eq!(
            named("{\n \"ContentProducer\": \"x\",\n \"Label\": 1\n}"),
            whole("x", None)
        );
    }

    #[test]
    fn producers_are_named_by_themselves_or_by_their_code() {
        let of = |producer: &str| named(&INNER.replace(CODE, producer)).provider;
        assert_eq!(of("kling").as_deref(), Some("kling"));
        assert_eq!(of(CODE), None);
        assert_eq!(of("001191110000802100433B10005").as_deref(), Some("Baidu"));
        // The digits behind a code are those of the product.
        let service = |code: &str| named(&INNER.replace(CODE, code)).system;
        assert_eq!(service("001191110102MACQD9K64010002"), Some("Doubao"));
        assert_eq!(service("001191440101MA9Y9T4H7A00000"), Some("Qwen"));
        assert_eq!(service("001191110000802100433B10005"), None);
        assert_eq!(of("001199999999MA00000000XXXXX"), None);
        assert_eq!(of("12345"), None);
    }

    #[test]
    fn where_no_producer_is_named_the_propagator_is() {
        let qwen = r#"{"ContentPropagator":"001191440101MA9Y9T4H7A00000","Label":"1","ProduceID":"1"}"#;
        for text in [qwen, &qwen.replace("\"Label", "\"ContentProducer\":\"\",\"Label")] {
            let found = named(text);
            assert_eq!(
                (found.says, found.system, found.words.as_str()),
                (
                    Says::Whole,
                    Some("Qwen"),
                    "Label 1, propagator 001191440101MA9Y9T4H7A00000"
                )
            );
        }
        let both = INNER.replace("\"ProduceID", "\"ContentPropagator\":\"a platform\",\"ProduceID");
        assert_eq!(named(&both), whole(CODE, Some("Doubao")));
    }

    #[test]
    fn other_programs_keys_and_words_for_none_are_no_label() {
        for other in [
            r#"{"contentProducer":"ZDF","title":"x"}"#,
            r#"{"contentProducer":"ZDF","produceId":"4711"}"#,
            r#"{"ServiceProvider":"DHL","ServiceUser":"me"}"#,
            r#"{"AIGC":false,"Label":"Holiday"}"#,
            "AIGC explained",
        ] {
            assert_eq!(unnamed(other), None, "{other}");
        }
        for none in [
            "false",
            "no",
            "0",
            "{\"AIGC\":false}",
            &INNER.replace("\"Label\":\"1\"", "\"Label\":\"0\""),
        ] {
            assert_eq!(named(none).says, Says::Nothing, "{none}");
        }
    }
}
