//! Looks into CBOR that c2pa has parsed to types of its own, or not at all.
#![warn(clippy::indexing_slicing)]

use coset::cbor::Value;

use super::jumbf::Superbox;

/// The CBOR of an assertion or a claim; `None` where it has none, or it is damaged or nested deeper than 256 levels.
pub(super) fn content(of: &Superbox<'_>) -> Option<Value> {
    coset::cbor::from_reader(of.content(b"cbor")?).ok()
}

/// The field of this name; `None` where there is none, or the value is no map. Of several with one name it is the first:
/// c2pa refuses such maps.
pub(super) fn field<'a>(map: &'a Value, name: &str) -> Option<&'a Value> {
    let (_, value) = map.as_map()?.iter().find(|(key, _)| key.as_text() == Some(name))?;
    Some(value)
}

/// The items of the list of this name; none where there is none, or the value is no list.
pub(super) fn list<'a>(map: &'a Value, name: &str) -> &'a [Value] {
    field(map, name)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// Whether every parser reads the same in it: names of fields are text and stand once, and nothing is tagged, which c2pa
/// sees through and [`field`] does not (RFC 8949, 3.4 and 5.6).
pub(super) fn is_plain(value: &Value) -> bool {
    match value {
        Value::Integer(_) | Value::Bytes(_) | Value::Text(_) | Value::Bool(_) | Value::Float(_) | Value::Null => true,
        Value::Array(values) => values.iter().all(is_plain),
        Value::Map(entries) => {
            let mut names: Vec<Option<&str>> = entries.iter().map(|(name, _)| name.as_text()).collect();
            names.sort_unstable();
            let are_distinct = names
                .windows(2)
                .all(|pair| !matches!(pair, [one, other] if one == other));
            are_distinct && !names.contains(&None) && entries.iter().all(|(_, value)| is_plain(value))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_parsers_may_read_differently_is_not_plain() {
        let entry = |name: Value| (name, Value::Null);
        let tagged = |value: Value| Value::Tag(1000, Box::new(value));
        assert!(is_plain(&Value::Map(vec![entry("a".into()), entry("b".into())])));
        for value in [
            tagged(Value::Array(Vec::new())),
            Value::Array(vec![tagged(Value::Null)]),
            Value::Map(vec![entry(tagged("a".into()))]),
            Value::Map(vec![entry(Value::Bytes(b"a".to_vec()))]),
            Value::Map(vec![entry("a".into()), entry("b".into()), entry("a".into())]),
        ] {
            assert!(!is_plain(&value), "{value:?}");
        }
    }
}
