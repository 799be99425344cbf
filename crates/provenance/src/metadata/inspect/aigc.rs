//! China's implicit label (GB 45438-2025, Annex E) in the forms that are met: TC260's inner object and its wrapped form, in
//! XMP, in a PNG text and in EXIF (TC260-PG-20259A, Annex B), and the form with other keys in EXIF's `ImageDescription`.

#![warn(clippy::indexing_slicing)]

use super::finding::Says;
use super::shape::{self, value_after};
use super::text::capped;
use crate::names::xmp;

/// What a text under the label's own name says; any text there is the label, well-formed or not.
pub(super) fn named(text: &str) -> (Says, String) {
    let text = unescaped(text);
    let label = ["Label", "label"]
        .into_iter()
        .find_map(|key| value_after(&text, key))
        .map(scalar);
    let says = match label.as_deref() {
        Some("1") => Says::Whole,
        // "2" is possibly, "3" suspected; what cannot be read leaves it open.
        _ => Says::Possible,
    };
    let producer = PRODUCERS.iter().find_map(|key| value_after(&text, key)).map(scalar);
    let words = match (label, producer) {
        (Some(label), Some(producer)) => format!("Label {label}, producer {producer}"),
        (Some(label), None) => format!("Label {label}"),
        (None, Some(producer)) => format!("producer {producer}"),
        (None, None) => String::new(),
    };
    (says, capped(&words))
}

/// What a text in a field for anything says, if it is this label.
pub(super) fn unnamed(text: &str) -> Option<(Says, String)> {
    let json = shape::json(text)?;
    let is_label = PRODUCER_NAMES.iter().any(|key| shape::has_key(json, key))
        || shape::has_key(json, xmp::AIGC_NAME) && shape::has_key(json, "Label")
        || shape::has_key(json, "ServiceProvider") && shape::has_key(json, "ServiceUser");
    is_label.then(|| named(json))
}

/// The producer's key, also as programs spell it that write every key with a small letter.
const PRODUCER_NAMES: [&str; 2] = [xmp::AIGC_KEY, "contentProducer"];
const PRODUCERS: [&str; 3] = [xmp::AIGC_KEY, "contentProducer", "ServiceProvider"];

/// Text that was escaped once more than XML asks for.
fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"")
}

/// A JSON string or number, as far as it is plain.
fn scalar(value: &str) -> String {
    let value = value.strip_prefix('"').unwrap_or(value);
    value
        .chars()
        .take_while(|c| !matches!(c, '"' | ',' | '}' | '\\'))
        .take(64)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_is_read_in_each_form() {
        let inner = r#"{"Label":"1","ContentProducer":"001191110102MACQD9K64010000","ProduceID":"1"}"#;
        let expected = (Says::Whole, "Label 1, producer 001191110102MACQD9K64010000".to_owned());
        assert_eq!(named(inner), expected);
        assert_eq!(unnamed(&format!("{{\"AIGC\":{inner}}}")), Some(expected.clone()));
        assert_eq!(named(&inner.replace('"', "&quot;")), expected);
        let tencent = r#"{"Label": 1, "ServiceProvider": "x", "ServiceUser": "y"}"#;
        assert_eq!(unnamed(tencent), Some((Says::Whole, "Label 1, producer x".to_owned())));
        assert_eq!(named(&inner.replace("\"1\",\"C", "\"3\",\"C")).0, Says::Possible);
        assert_eq!(named("AI").0, Says::Possible);
        let small = inner.replace("\"Label", "\"label").replace("\"Content", "\"content");
        assert_eq!(unnamed(&small), Some(expected));
        assert_eq!(unnamed("{\"Label\":\"1\"}"), None);
        assert_eq!(unnamed("Label 1"), None);
    }
}
