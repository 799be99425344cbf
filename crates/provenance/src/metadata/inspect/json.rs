//! Looks into JSON texts without a parser: ComfyUI writes NaN, services cut off, and texts hold JSON again.

#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use memchr::memmem;

/// The JSON in a text: all of it, or what stands behind a short name, as `Workflow: {..}`.
pub(super) fn within(text: &str) -> Option<&str> {
    let text = text.trim_start();
    if text.starts_with(['{', '[']) {
        return Some(text);
    }
    let (name, rest) = text.split_once(':')?;
    let is_name = name.len() <= 16 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let rest = rest.trim_start();
    (is_name && rest.starts_with('{')).then_some(rest)
}

/// Whether a JSON text has this key at any depth. By a look alone, because ComfyUI writes NaN, which no JSON is.
pub(super) fn has_key(json: &str, key: &str) -> bool {
    value_after(json, key).is_some()
}

/// What stands behind a key of a JSON text.
pub(super) fn value_after<'t>(json: &'t str, key: &str) -> Option<&'t str> {
    values_after(json, key).next()
}

/// What stands behind each key of this name.
fn values_after<'t>(json: &'t str, key: &str) -> impl Iterator<Item = &'t str> {
    let quoted = memmem::Finder::new(&format!("\"{key}\"")).into_owned();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let found = quoted.find(json.as_bytes().get(at..)?)?;
            at += found + quoted.needle().len();
            if let Some(value) = json.get(at..)?.trim_start().strip_prefix(':') {
                return Some(value.trim_start());
            }
        }
    })
}

/// The text under the first key of this name, its escapes as they stand.
pub(super) fn text_under<'t>(json: &'t str, key: &str) -> Option<&'t str> {
    text_of(value_after(json, key)?)
}

/// The texts under each key of this name; what is no text is left out.
pub(super) fn texts_under<'t>(json: &'t str, key: &str) -> impl Iterator<Item = &'t str> {
    values_after(json, key).filter_map(text_of)
}

/// The text that a value is.
fn text_of(value: &str) -> Option<&str> {
    let rest = value.strip_prefix('"')?;
    let mut is_escaped = false;
    let end = rest.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })?;
    rest.get(..end)
}

/// Whether a number under a key, quoted or not, or the first of a list of them, is another than 0.
pub(super) fn is_not_zero(json: &str, key: &str) -> bool {
    values_after(json, key).any(|value| {
        value
            .trim_start_matches(|c: char| matches!(c, '"' | '[') || c.is_whitespace())
            .starts_with(|c: char| matches!(c, '1'..='9'))
    })
}

/// JSON whose texts are JSON again, as one text to look at: no quotation mark is escaped, at whatever depth.
pub(super) fn flat(json: &str) -> Cow<'_, str> {
    if memmem::find(json.as_bytes(), b"\\\"").is_none() {
        return Cow::Borrowed(json);
    }
    let parts: Vec<&str> = json.split('"').map(|part| part.trim_end_matches('\\')).collect();
    Cow::Owned(parts.join("\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_what_is_nearly_json() {
        let text = r#"Prompt: {"1": {"class_type" : "KSampler", "is_changed": [NaN]}}"#;
        let found = within(text).unwrap();
        assert!(has_key(found, "class_type") && has_key(found, "is_changed"));
        assert!(!has_key(found, "KSampler"));
        let own = r#"{"Software": "Novel\"AI", "Comment": "NovelAI"}"#;
        assert_eq!(text_under(own, "Software"), Some(r#"Novel\"AI"#));
        assert_eq!(text_under(own, "Title"), None);
        assert_eq!(text_under(found, "class_type"), Some("KSampler"));
        assert_eq!(text_under(found, "is_changed"), None);
        assert_eq!(within("see https://example.org/{x}"), None);
        assert_eq!(within("plain words"), None);
    }

    #[test]
    fn texts_that_are_json_again_are_looked_into() {
        let twice = serde_json::json!({ "a": serde_json::json!({ "b": r#"{"c": 1}"# }).to_string() }).to_string();
        assert_eq!(
            value_after(&flat(&twice), "c").map(|value| value.starts_with('1')),
            Some(true)
        );
        assert_eq!(value_after(&twice, "c"), None);
        let types = r#"{"type": "A", "x": [{"type": 3}, {"type":"B"}]}"#;
        assert_eq!(texts_under(types, "type").collect::<Vec<_>>(), ["A", "B"]);
        assert!(is_not_zero(types, "type") && !is_not_zero(types, "x"));
    }
}
