//! What a hash over the boxes of an ISO base media file protects (`c2pa.hash.bmff`; C2PA 2.2, 18.6).
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use coset::cbor::Value;
use touchmark_image::SourceImage;

use super::cbor::field;
use super::content_box::{ContentBox, USER_TYPE, USER_TYPE_OFFSET};

/// The name of the first version, in which no box is hashed together with its place: whatever is left out may move all
/// others, so that the picture is another one.
const VERSION_1: &str = "c2pa.hash.bmff";

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

/// How much a box hash under this label protects of the file.
pub(super) fn reach(label: &str, hash: &Value, image: &SourceImage<'_>) -> Reach {
    match reach_of(hash, &LeftOut::of(image)) {
        Reach::All if label == VERSION_1 => Reach::Part,
        reach => reach,
    }
}

/// What the file has where nothing is hashed.
struct LeftOut {
    /// The one `ftyp` holds names of brands.
    brands: bool,
    /// The room for later holds nothing.
    empty_room: bool,
    /// The boxes of stores hold stores.
    stores: bool,
    /// There is an index of fragments.
    index: bool,
    /// What the file shows lies where something is hashed.
    media: bool,
    /// The boxes of proofs, without which nobody needs them.
    proofs: bool,
    /// The film comes in fragments.
    fragments: bool,
    /// The boxes follow each other to the end of the file: of what is behind them, nobody knows how it is read.
    to_the_end: bool,
}

fn reach_of(hash: &Value, file: &LeftOut) -> Reach {
    let is_bytes = |map: &Value, name| field(map, name).is_some_and(Value::is_bytes);
    let merkle = field(hash, "merkle")
        .and_then(Value::as_array)
        .filter(|maps| !maps.is_empty());
    let whole = field(hash, "hash").and_then(Value::as_bytes);
    let hashes_starts = |maps: &Vec<Value>| maps.iter().all(|map| is_bytes(map, "initHash"));
    match (whole, merkle) {
        (None, None) => return Reach::Nothing,
        // Each fragment of a stream, and what comes before them.
        (None, Some(maps)) if !hashes_starts(maps) => return Reach::Part,
        _ if !file.media || !file.to_the_end || file.proofs && merkle.is_none() => return Reach::Part,
        _ => {}
    }
    // Then c2pa holds each `mdat` against the tree of its blocks.
    let has_blocks = |map: &Value| {
        let sizes = ["fixedBlockSize", "variableBlockSizes"];
        sizes
            .into_iter()
            .any(|size| field(map, size).is_some_and(|size| !size.is_null()))
    };
    let in_blocks = whole.is_some() && !file.fragments && merkle.is_some_and(|maps| maps.iter().all(has_blocks));
    let exclusions = field(hash, "exclusions").and_then(Value::as_array);
    match exclusions.is_some_and(|list| list.iter().all(|exclusion| shows_nothing(exclusion, file, in_blocks))) {
        true => Reach::All,
        false => Reach::Part,
    }
}

fn shows_nothing(exclusion: &Value, file: &LeftOut, in_blocks: bool) -> bool {
    match field(exclusion, "xpath").and_then(Value::as_text) {
        Some("/ftyp") => file.brands,
        // The index of fragments, of which there may be none.
        Some("/mfra") => file.fragments || !file.index,
        // Left out by c2pa unasked. No player looks at them, but the place of a picture's data may be in them.
        Some("/free" | "/skip") => file.empty_room,
        Some("/uuid") => {
            file.stores
                && field(exclusion, "data").is_some_and(|data| match data.as_array().map(Vec::as_slice) {
                    Some([only]) => names_a_store(only),
                    _ => false,
                })
        }
        Some("/mdat") => in_blocks && leaves_the_header(exclusion),
        _ => false,
    }
}

fn names_a_store(data: &Value) -> bool {
    let offset = field(data, "offset").and_then(Value::as_integer);
    let value = field(data, "value").and_then(Value::as_bytes);
    offset == Some(USER_TYPE_OFFSET.into()) && value.is_some_and(|value| value == USER_TYPE)
}

/// Whether only what the tree of blocks is made over is left out: all behind sixteen bytes (C2PA 2.2, 18.6).
fn leaves_the_header(exclusion: &Value) -> bool {
    let number = |map, name| field(map, name).and_then(Value::as_integer);
    match field(exclusion, "subset").and_then(Value::as_array).map(Vec::as_slice) {
        Some([only]) => {
            number(only, "offset") == Some(16.into())
                && matches!(number(only, "length"), Some(length) if length == 0.into())
        }
        _ => false,
    }
}

impl LeftOut {
    fn of(image: &SourceImage<'_>) -> Self {
        let of_kind = |kinds: &'static [&[u8; 4]]| {
            let boxes = image.outermost_boxes();
            boxes
                .filter(|(kind, _)| kinds.contains(&kind))
                .map(|(_, payload)| payload)
        };
        let mut brands = of_kind(&[b"ftyp"]);
        let stores: Vec<ContentBox<'_>> = of_kind(&[b"uuid"])
            .filter(|payload| payload.starts_with(USER_TYPE))
            .map(|payload| ContentBox::parse(payload).unwrap_or_default())
            .collect();
        let is_alone = |purpose: &[u8]| stores.iter().filter(|store| store.purpose == purpose).count() <= 1;
        Self {
            brands: brands.next().is_some_and(are_brands) && brands.next().is_none(),
            empty_room: are_empty_rooms(of_kind(&[b"free", b"skip"])),
            stores: stores.iter().all(|store| {
                store.purpose == b"merkle"
                    || store.is_for_a_store() && store.is_padded_with_zeros() && is_alone(store.purpose)
            }),
            index: of_kind(&[b"mfra"]).next().is_some(),
            media: image
                .media_places()
                .is_some_and(|media| !overlap(&media, &unhashed(image))),
            proofs: stores.iter().any(|store| store.purpose == b"merkle"),
            fragments: of_kind(&[b"moof"]).next().is_some(),
            to_the_end: image.is_made_of_boxes(),
        }
    }
}

/// Where the boxes lie that a hash may leave out.
fn unhashed(image: &SourceImage<'_>) -> Vec<Range<usize>> {
    let place = |payload: &[u8]| {
        let start = payload.as_ptr().addr() - image.bytes().as_ptr().addr();
        start..start + payload.len()
    };
    image
        .outermost_boxes()
        .filter(|(kind, payload)| match kind {
            b"ftyp" | b"free" | b"skip" | b"mfra" => true,
            b"uuid" => payload.starts_with(USER_TYPE),
            _ => false,
        })
        .map(|(_, payload)| place(payload))
        .collect()
}

/// Whether any of these ranges shares a byte with any of those, which are in order and apart.
pub(super) fn overlap(ranges: &[Range<usize>], with: &[Range<usize>]) -> bool {
    ranges.iter().any(|range| {
        let next = with.partition_point(|other| other.end <= range.start);
        with.get(next).is_some_and(|other| other.start < range.end)
    })
}

/// Whether these are names in printable ASCII and the number of a version (ISO/IEC 14496-12, 4.3), and no more of them than
/// any file has.
fn are_brands(ftyp: &[u8]) -> bool {
    const LONGEST: usize = 256;
    let (names, rest) = ftyp.as_chunks::<4>();
    let is_name = |name: &[u8; 4]| name.iter().all(|byte| matches!(byte, b' '..=b'~'));
    let mut names = names.iter().enumerate().filter(|(index, _)| *index != 1);
    ftyp.len() <= LONGEST && rest.is_empty() && names.all(|(_, name)| is_name(name))
}

/// Whether room for later (ISO/IEC 14496-12, 8.1.2) holds zeros, but for one that may hold the name of a program.
fn are_empty_rooms<'a>(rooms: impl Iterator<Item = &'a [u8]>) -> bool {
    const LONGEST_NAME: usize = 96;
    let is_word = |byte: &u8| *byte == 0 || byte.is_ascii_graphic() || *byte == b' ';
    let mut filled = rooms.filter(|room| room.iter().any(|byte| *byte != 0));
    filled
        .next()
        .is_none_or(|room| room.len() <= LONGEST_NAME && room.iter().all(is_word))
        && filled.next().is_none()
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "ranges of bytes are what is meant")]
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

    const SOUND: LeftOut = LeftOut {
        brands: true,
        empty_room: true,
        stores: true,
        index: false,
        media: true,
        proofs: false,
        fragments: false,
        to_the_end: true,
    };

    #[test]
    fn only_what_shows_nothing_may_be_left_out() {
        let shows_nothing = |xpath, data| shows_nothing(&exclusion(xpath, data), &SOUND, false);
        assert!(shows_nothing("/ftyp", None));
        assert!(shows_nothing("/free", None));
        assert!(shows_nothing("/uuid", Some(USER_TYPE)));
        assert!(!shows_nothing("/uuid", None));
        assert!(!shows_nothing("/uuid", Some(&USER_TYPE[..4])));
        assert!(!shows_nothing("/mdat", None));
        assert!(!shows_nothing("/meta/iloc", None));
        assert!(!super::shows_nothing(&Value::Null, &SOUND, true));
        let unsound = LeftOut {
            brands: false,
            empty_room: false,
            stores: false,
            index: true,
            ..SOUND
        };
        for (xpath, data) in [
            ("/ftyp", None),
            ("/mfra", None),
            ("/free", None),
            ("/uuid", Some(USER_TYPE)),
        ] {
            assert!(
                !super::shows_nothing(&exclusion(xpath, data), &unsound, false),
                "{xpath}"
            );
        }
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
            (
                vec![
                    exclusions.clone(),
                    ("merkle", Value::Array(vec![map(&[("initHash", Value::Null)])])),
                ],
                Reach::Part,
            ),
            (vec![hash], Reach::Part),
        ] {
            assert_eq!(reach_of(&map(&entries), &SOUND), reach, "{entries:?}");
        }
    }

    #[test]
    fn media_in_blocks_may_be_left_out_behind_its_header() {
        let subset = |offset: u64| Value::Array(vec![map(&[("offset", offset.into()), ("length", 0.into())])]);
        let hash = |offset: u64, block: &str| {
            map(&[
                ("hash", Value::Bytes(vec![0; 32])),
                ("merkle", Value::Array(vec![map(&[(block, 1024.into())])])),
                (
                    "exclusions",
                    Value::Array(vec![map(&[("xpath", "/mdat".into()), ("subset", subset(offset))])]),
                ),
            ])
        };
        assert_eq!(reach_of(&hash(16, "fixedBlockSize"), &SOUND), Reach::All);
        assert_eq!(reach_of(&hash(8, "fixedBlockSize"), &SOUND), Reach::Part);
        assert_eq!(reach_of(&hash(16, "hashes"), &SOUND), Reach::Part);
        let behind = LeftOut {
            to_the_end: false,
            ..SOUND
        };
        assert_eq!(reach_of(&hash(16, "fixedBlockSize"), &behind), Reach::Part);
        let fragments = LeftOut {
            fragments: true,
            ..SOUND
        };
        assert_eq!(reach_of(&hash(16, "fixedBlockSize"), &fragments), Reach::Part);
    }

    #[test]
    fn the_first_version_protects_a_part_at_most() {
        let hash = map(&[
            ("hash", Value::Bytes(vec![0; 32])),
            ("exclusions", Value::Array(vec![exclusion("/ftyp", None)])),
        ]);
        let file = b"\0\0\0\x14ftypavif\0\0\0\0avif";
        let image = SourceImage::parse(file, &Limits::default()).unwrap();
        assert_eq!(reach(VERSION_1, &hash, &image), Reach::Part);
        assert_eq!(reach("c2pa.hash.bmff.v3", &hash, &image), Reach::All);
    }

    #[test]
    fn what_is_shown_must_not_lie_where_nothing_is_hashed() {
        assert!(!overlap(&[0..4, 8..9], &[4..8, 9..12]));
        assert!(overlap(&[0..5], &[4..8]) && overlap(&[7..9], &[4..8]) && overlap(&[0..20], &[4..8]));
        let boxed =
            |kind: &[u8], payload: &[u8]| [&(payload.len() as u32 + 8).to_be_bytes()[..], kind, payload].concat();
        let brands = boxed(b"ftyp", b"avif\0\0\0\0avif");
        // Version 0, offsets and lengths of four bytes, one item in one piece.
        let picture = |offset: u32| {
            let table = [
                &b"\0\0\0\0\x44\0\0\x01\0\x01\0\0\0\x01"[..],
                &offset.to_be_bytes(),
                &[0, 0, 0, 4],
            ]
            .concat();
            let meta = boxed(b"meta", &[&[0; 4][..], &boxed(b"iloc", &table)].concat());
            [brands.clone(), meta, boxed(b"mdat", &[7; 4])].concat()
        };
        let film = |offset: u32| {
            let chunks = boxed(
                b"stco",
                &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &offset.to_be_bytes()].concat(),
            );
            let track = [b"stbl", b"minf", b"mdia", b"trak"]
                .iter()
                .fold(chunks, |inner, kind| boxed(*kind, &inner));
            [brands.clone(), boxed(b"moov", &track), boxed(b"mdat", &[7; 4])].concat()
        };
        let is_hashed = |file: &[u8]| LeftOut::of(&SourceImage::parse(file, &Limits::default()).unwrap()).media;
        for make in [&picture as &dyn Fn(u32) -> Vec<u8>, &film] {
            let end = make(0).len() as u32;
            assert!(is_hashed(&make(end - 4)) && !is_hashed(&make(8)) && !is_hashed(&make(16)));
        }
    }

    #[test]
    fn what_could_hold_a_picture_is_looked_at() {
        let boxed =
            |kind: &[u8], payload: &[u8]| [&(payload.len() as u32 + 8).to_be_bytes()[..], kind, payload].concat();
        let brands = boxed(b"ftyp", b"isom\0\0\0\x01isommp42");
        let store = |purpose: &[u8], padding: &[u8]| {
            let store = b"\0\0\0\x0Cjumb1234";
            boxed(
                b"uuid",
                &[USER_TYPE, &[0; 4], purpose, &[0; 9], store, padding].concat(),
            )
        };
        let free = |room: &[u8]| boxed(b"free", room);
        let two = [store(b"manifest", b""), store(b"manifest", b"")].concat();
        for (boxes, (is_brands, is_room, is_stores)) in [
            (vec![], (true, true, true)),
            (vec![brands.clone()], (false, true, true)),
            (
                vec![free(&[0; 4096]), free(b"Made by an example\0")],
                (true, true, true),
            ),
            (vec![free(&[b'a'; 100])], (true, false, true)),
            (vec![free(b"a"), free(b"b")], (true, false, true)),
            (vec![free(&[0x12, 0, 0x0A])], (true, false, true)),
            (
                vec![store(b"manifest", b"\0\0"), store(b"update", b"")],
                (true, true, true),
            ),
            (vec![store(b"manifest", b"\0\x01")], (true, true, false)),
            (vec![store(b"nothing", b"")], (true, true, false)),
            (vec![two], (true, true, false)),
        ] {
            let file = [std::slice::from_ref(&brands), &boxes].concat().concat();
            let image = SourceImage::parse(&file, &Limits::default()).unwrap();
            let found = LeftOut::of(&image);
            assert_eq!(
                (found.brands, found.empty_room, found.stores),
                (is_brands, is_room, is_stores),
                "{}",
                file.escape_ascii()
            );
        }
        assert!(!are_brands(b"isom\0\0\0\x01\x12\0\x0A\x0A") && !are_brands(&[b'a'; 260]));
    }
}
