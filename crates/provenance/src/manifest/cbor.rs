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
