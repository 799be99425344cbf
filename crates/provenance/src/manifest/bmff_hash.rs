//! What a hash over the boxes of an ISO base media file protects (`c2pa.hash.bmff`; C2PA 2.2, 18.6).
#![warn(clippy::indexing_slicing)]

use coset::cbor::Value;
use touchmark_image::SourceImage;

use super::cbor::{self, field};
use super::jumbf::Superbox;
use crate::names::label;

/// The user type of the box that holds a manifest store (C2PA 2.2, A.5.1).
pub(super) const STORE_UUID: &[u8] = b"\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81";
/// Where it stands, from the start of the box.
const UUID_OFFSET: u64 = 8;

/// How much such a hash protects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Everything but the store, and what shows nothing.
    All,
    /// Not all of it.
    Part,
    /// There is no hash in it.
    Nothing,
}

/// How much the box hash of a manifest protects. `None` where it has none.
pub(super) fn reach(manifest: &Superbox<'_>, image: &SourceImage<'_>) -> Option<Reach> {
    let assertions = manifest.child(label::ASSERTION_STORE)?;
    let mut hashes = assertions
        .children()
        .filter(|assertion| label::BMFF_HASHES.contains(&assertion.label));
    let hash = hashes.next()?;
    // Which of several counts, c2pa alone knows.
    if hashes.next().is_some() {
        return Some(Reach::Part);
    }
    let Some(content) = cbor::content(&hash) else {
        return Some(Reach::Part);
    };
    let is_version_1 = label::BMFF_HASHES.first() == Some(&hash.label);
    Some(reach_of(&content, !is_version_1 && has_empty_room(image)))
}

fn reach_of(hash: &Value, room_is_empty: bool) -> Reach {
    let fragments = field(hash, "merkle")
        .and_then(Value::as_array)
        .filter(|maps| !maps.is_empty());
    let hashes_fragments = |maps: &Vec<Value>| maps.iter().all(|map| field(map, "initHash").is_some());
    match (field(hash, "hash").and_then(Value::as_bytes), fragments) {
        (None, None) => return Reach::Nothing,
        // Each fragment of a stream, and what comes before them.
        (None, Some(maps)) if !hashes_fragments(maps) => return Reach::Part,
        _ => {}
    }
    let exclusions = field(hash, "exclusions").and_then(Value::as_array);
    match exclusions.is_some_and(|list| list.iter().all(|exclusion| shows_nothing(exclusion, room_is_empty))) {
        true => Reach::All,
        false => Reach::Part,
    }
}

fn shows_nothing(exclusion: &Value, room_is_empty: bool) -> bool {
    match field(exclusion, "xpath").and_then(Value::as_text) {
        // Brands, and the index of fragments.
        Some("/ftyp" | "/mfra") => true,
        // Left out by c2pa unasked. No player looks at them, but the place of a picture's data may be in them.
        Some("/free" | "/skip") => room_is_empty,
        Some("/uuid") => field(exclusion, "data").is_some_and(|data| match data.as_array().map(Vec::as_slice) {
            Some([only]) => is_store(only),
            _ => false,
        }),
        _ => false,
    }
}

fn is_store(data: &Value) -> bool {
    let offset = field(data, "offset").and_then(Value::as_integer);
    let value = field(data, "value").and_then(Value::as_bytes);
    offset == Some(UUID_OFFSET.into()) && value.is_some_and(|value| value == STORE_UUID)
}

/// Whether the room for later (ISO/IEC 14496-12, 8.1.2) holds zeros, or no more than the name of a program.
fn has_empty_room(image: &SourceImage<'_>) -> bool {
    const LONGEST_NAME: usize = 256;
    let is_name = |bytes: &[u8]| {
        let is_word = |byte: &u8| *byte == 0 || byte.is_ascii_graphic() || *byte == b' ';
        bytes.len() <= LONGEST_NAME && bytes.iter().all(is_word)
    };
    let mut rooms = image
        .outermost_boxes()
        .filter(|(kind, _)| matches!(kind, b"free" | b"skip"));
    rooms.all(|(_, payload)| is_name(payload) || payload.iter().all(|byte| *byte == 0))
}

#[cfg(test)]
mod tests {
    use touchmark_image::Limits;

    use super::*;

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::Map(
            entries
                .iter()
                .map(|(key, value)| ((*key).into(), value.clone()))
                .collect(),
        )
    }

    fn exclusion(xpath: &str, data: Option<&[u8]>) -> Value {
        let data = data.map_or(Value::Null, |value| {
            Value::Array(vec![map(&[
                ("offset", 8.into()),
                ("value", Value::Bytes(value.to_vec())),
            ])])
        });
        map(&[("xpath", xpath.into()), ("data", data)])
    }

    #[test]
    fn only_what_shows_nothing_may_be_left_out() {
        let shows_nothing = |xpath, data| shows_nothing(&exclusion(xpath, data), true);
        assert!(shows_nothing("/ftyp", None));
        assert!(shows_nothing("/free", None));
        assert!(shows_nothing("/uuid", Some(STORE_UUID)));
        assert!(!shows_nothing("/uuid", None));
        assert!(!shows_nothing("/uuid", Some(&STORE_UUID[..4])));
        assert!(!shows_nothing("/mdat", None));
        assert!(!shows_nothing("/meta/iloc", None));
        assert!(!super::shows_nothing(&exclusion("/free", None), false));
        assert!(!super::shows_nothing(&Value::Null, true));
    }

    #[test]
    fn a_hash_without_a_hash_protects_nothing() {
        let hash = ("hash", Value::Bytes(vec![0; 32]));
        let exclusions = ("exclusions", Value::Array(vec![exclusion("/ftyp", None)]));
        let merkle = |keys: &[&str]| {
            let keys: Vec<(&str, Value)> = keys.iter().map(|key| (*key, Value::Bytes(vec![0; 32]))).collect();
            ("merkle", Value::Array(vec![map(&keys)]))
        };
        for (entries, reach) in [
            (vec![exclusions.clone(), hash.clone()], Reach::All),
            (vec![exclusions.clone()], Reach::Nothing),
            (vec![exclusions.clone(), merkle(&["hashes"])], Reach::Part),
            (vec![exclusions.clone(), merkle(&["hashes", "initHash"])], Reach::All),
            (vec![hash], Reach::Part),
        ] {
            assert_eq!(reach_of(&map(&entries), true), reach, "{entries:?}");
        }
    }

    #[test]
    fn room_that_could_hold_a_picture_is_not_empty() {
        let film = |room: &[u8]| {
            let kind = [&[0, 0, 0, 16][..], b"ftypisom\0\0\0\0"].concat();
            let length = (room.len() as u32 + 8).to_be_bytes();
            [&kind[..], &length, b"free", room, &[0, 0, 0, 8], b"mdat"].concat()
        };
        for (room, expected) in [
            (&[0; 4096][..], true),
            (b"Made by an example\0", true),
            (&[b'a'; 300], false),
            (&[0x12, 0, 0x0A], false),
        ] {
            let film = film(room);
            let image = SourceImage::parse(&film, &Limits::default()).unwrap();
            assert_eq!(has_empty_room(&image), expected, "{} bytes", room.len());
        }
    }
}
