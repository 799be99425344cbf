//! What a hash over the boxes of an ISO base media file leaves out (`c2pa.hash.bmff`; C2PA 2.2, 18.6).
#![warn(clippy::indexing_slicing)]

use coset::cbor::Value;

use super::jumbf::Superbox;
use crate::names::label;

/// The user type of the box that holds a manifest store (C2PA 2.2, A.5.1).
const STORE_UUID: &[u8] = b"\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81";
/// Where it stands, from the start of the box.
const UUID_OFFSET: u64 = 8;

/// Whether the hash leaves out more than the store, and what every one of these hashes leaves out or no player looks at.
/// `None` where the manifest has no such hash, or it cannot be read.
pub(super) fn leaves_out_content(manifest: &Superbox<'_>) -> Option<bool> {
    let assertions = manifest.child(label::ASSERTION_STORE)?;
    let assertion = assertions
        .children()
        .find(|assertion| assertion.label.starts_with(label::BMFF_HASH))?;
    let hash = coset::cbor::from_reader(assertion.content(b"cbor")?).ok()?;
    let exclusions = get(&hash, "exclusions")?.as_array()?;
    Some(!exclusions.iter().all(is_harmless))
}

fn is_harmless(exclusion: &Value) -> bool {
    match get(exclusion, "xpath").and_then(Value::as_text) {
        // Brands and the index of fragments must be left out; the other two are room for later, whose content means nothing
        // (ISO/IEC 14496-12, 8.1.2). c2pa leaves them out unasked.
        Some("/ftyp" | "/mfra" | "/free" | "/skip") => true,
        Some("/uuid") => get(exclusion, "data").is_some_and(|data| match data.as_array().map(Vec::as_slice) {
            Some([only]) => is_store(only),
            _ => false,
        }),
        _ => false,
    }
}

fn is_store(data: &Value) -> bool {
    let offset = get(data, "offset").and_then(Value::as_integer);
    let value = get(data, "value").and_then(Value::as_bytes);
    offset == Some(UUID_OFFSET.into()) && value.is_some_and(|value| value == STORE_UUID)
}

fn get<'a>(map: &'a Value, name: &str) -> Option<&'a Value> {
    let (_, value) = map.as_map()?.iter().find(|(key, _)| key.as_text() == Some(name))?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exclusion(xpath: &str, data: Option<&[u8]>) -> Value {
        let data = data.map_or(Value::Null, |value| {
            Value::Array(vec![Value::Map(vec![
                ("offset".into(), 8.into()),
                ("value".into(), Value::Bytes(value.to_vec())),
            ])])
        });
        Value::Map(vec![("xpath".into(), xpath.into()), ("data".into(), data)])
    }

    #[test]
    fn only_what_shows_nothing_may_be_left_out() {
        assert!(is_harmless(&exclusion("/ftyp", None)));
        assert!(is_harmless(&exclusion("/free", None)));
        assert!(is_harmless(&exclusion("/uuid", Some(STORE_UUID))));
        assert!(!is_harmless(&exclusion("/uuid", None)));
        assert!(!is_harmless(&exclusion("/uuid", Some(&STORE_UUID[..4]))));
        assert!(!is_harmless(&exclusion("/mdat", None)));
        assert!(!is_harmless(&exclusion("/meta/iloc", None)));
        assert!(!is_harmless(&Value::Null));
    }
}
