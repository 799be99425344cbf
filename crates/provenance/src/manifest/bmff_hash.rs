//! What a hash over the boxes of an ISO base media file protects (`c2pa.hash.bmff`; C2PA 2.2, 18.6).
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use coset::cbor::Value;
use touchmark_image::{IsoBox, SourceImage};

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

/// Whether this is the hash of a stream, and the file its beginning alone: c2pa then calls it changed, though nothing was
/// compared.
pub(super) fn is_of_a_stream(hash: &Value, image: &SourceImage<'_>) -> bool {
    let maps = field(hash, "merkle").and_then(Value::as_array);
    let of_a_stream = |map: &Value| field(map, "initHash").is_some_and(Value::is_bytes);
    field(hash, "hash").is_none_or(Value::is_null)
        && maps.is_some_and(|maps| !maps.is_empty() && maps.iter().all(of_a_stream))
        && !image
            .outermost_boxes()
            .any(|outer| matches!(&outer.kind, b"moof" | b"mdat"))
}

/// What the file has where nothing is hashed.
struct LeftOut {
    /// The one `ftyp` holds names of brands.
    brands: bool,
    /// The room for later holds nothing that is shown.
    empty_room: bool,
    /// The boxes of stores hold stores.
    stores: bool,
    /// The index of fragments, where there is one, leads to fragments of the film.
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
        Some("/mfra") => file.index,
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
        let (mut brands, mut rooms, mut stores) = (Vec::new(), Rooms::default(), Stores::default());
        let (mut indexes, mut fragments, mut film) = (Vec::new(), Vec::new(), false);
        let mut unhashed: Vec<Range<usize>> = Vec::new();
        let mut boxes = image.outermost_boxes();
        for outer in boxes.by_ref() {
            match &outer.kind {
                b"ftyp" => brands.push(are_brands(outer.payload)),
                b"free" | b"skip" => rooms.add(outer.payload),
                b"uuid" if outer.payload.starts_with(USER_TYPE) => stores.add(outer.payload),
                b"mfra" => indexes.push(outer.clone()),
                b"moof" => {
                    fragments.push(outer.range.start);
                    continue;
                }
                kind => {
                    film |= kind == b"moov";
                    continue;
                }
            }
            match unhashed.last_mut() {
                Some(last) if last.end == outer.range.start => last.end = outer.range.end,
                _ => unhashed.push(outer.range),
            }
        }
        Self {
            brands: brands == [true],
            // Where the items of a picture end is known; of a film's samples only where each chunk begins.
            empty_room: rooms.are_empty() || !film && fragments.is_empty(),
            stores: stores.are_stores(),
            index: indexes.iter().all(|index| leads_to(index, &fragments) == Some(true)),
            media: image.shows_from(&unhashed) == Some(false),
            proofs: stores.proofs,
            fragments: !fragments.is_empty(),
            to_the_end: !boxes.is_truncated(),
        }
    }
}

/// Whether these are names in printable ASCII, or none, and the number of a version (ISO/IEC 14496-12, 4.3), and no more of
/// them than any file has.
fn are_brands(ftyp: &[u8]) -> bool {
    const LONGEST: usize = 256;
    let (names, rest) = ftyp.as_chunks::<4>();
    let is_name = |name: &[u8; 4]| *name == [0; 4] || name.iter().all(|byte| matches!(byte, b' '..=b'~'));
    let mut names = names.iter().enumerate().filter(|(index, _)| *index != 1);
    ftyp.len() <= LONGEST && rest.is_empty() && names.all(|(_, name)| is_name(name))
}

/// Whether an index of fragments leads to these, by where they start, and to nothing else, and holds nothing else (ISO/IEC
/// 14496-12, 8.8.9 to 8.8.11). `None` where it is cut off.
fn leads_to(index: &IsoBox<'_>, fragments: &[usize]) -> Option<bool> {
    let mut tables = index.children();
    for table in tables.by_ref() {
        let is_sound = match &table.kind {
            b"mfro" => table.payload.len() == 8,
            b"tfra" => {
                let (head, entries) = table.payload.split_first_chunk::<16>()?;
                let [version, _, _, _, _, _, _, _, _, _, _, sizes, count @ ..] = head;
                // Of a time and an offset, in 32 or 64 bits, then three numbers of one to four bytes.
                let width = if *version == 0 { 4 } else { 8 };
                let numbers: usize = [4, 2, 0].map(|shift| usize::from(sizes >> shift & 3) + 1).iter().sum();
                let length = 2 * width + numbers;
                let count = usize::try_from(u32::from_be_bytes(*count)).ok()?;
                let leads = |entry: &[u8]| {
                    let offset = entry.get(width..2 * width)?;
                    let offset = offset.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
                    fragments.binary_search(&usize::try_from(offset).ok()?).ok()
                };
                entries.len() == count.checked_mul(length)?
                    && entries.chunks_exact(length).all(|entry| leads(entry).is_some())
            }
            _ => false,
        };
        if !is_sound {
            return Some(false);
        }
    }
    Some(!tables.is_truncated())
}

/// Room for later (ISO/IEC 14496-12, 8.1.2).
#[derive(Default)]
struct Rooms {
    /// How many hold something.
    filled: usize,
    /// One holds what may be more than the name of a program.
    data: bool,
}

impl Rooms {
    fn add(&mut self, room: &[u8]) {
        const LONGEST_NAME: usize = 96;
        let is_word = |byte: &u8| *byte == 0 || byte.is_ascii_graphic() || *byte == b' ';
        if room.iter().any(|byte| *byte != 0) {
            self.filled += 1;
            self.data |= room.len() > LONGEST_NAME || !room.iter().all(is_word);
        }
    }

    /// Whether all hold zeros, but for one that may hold the name of a program.
    fn are_empty(&self) -> bool {
        self.filled <= 1 && !self.data
    }
}

/// The boxes for stores and proofs.
#[derive(Default)]
struct Stores<'a> {
    /// Of those that hold stores.
    purposes: Vec<&'a [u8]>,
    /// One holds a proof.
    proofs: bool,
    /// One holds something else.
    others: bool,
}

impl<'a> Stores<'a> {
    fn add(&mut self, payload: &'a [u8]) {
        match ContentBox::parse(payload) {
            Some(content) if content.purpose == b"merkle" => self.proofs = true,
            Some(content) if content.is_padded_with_zeros() && !self.purposes.contains(&content.purpose) => {
                self.purposes.push(content.purpose);
            }
            _ => self.others = true,
        }
    }

    /// Whether there is at most one store for each purpose, and nothing beside them but proofs.
    fn are_stores(&self) -> bool {
        !self.others
    }
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

    const SOUND: LeftOut = LeftOut {
        brands: true,
        empty_room: true,
        stores: true,
        index: true,
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
            index: false,
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
    fn an_index_leads_to_fragments_and_to_nothing_else() {
        let boxed =
            |kind: &[u8], payload: &[u8]| [&(payload.len() as u32 + 8).to_be_bytes()[..], kind, payload].concat();
        let brands = boxed(b"ftyp", b"isom\0\0\0\0isom");
        let start = brands.len() as u32;
        // Version 0; of traf, trun and sample numbers of one byte; entries of eleven.
        let table = |offset: u32, behind: &[u8]| {
            let entry = [&[0; 4][..], &offset.to_be_bytes(), &[1, 1, 1], behind].concat();
            boxed(b"tfra", &[&[0; 15][..], &[1], &entry].concat())
        };
        let end = boxed(b"mfro", &[0; 8]);
        let leads = |tables: &[&[u8]]| {
            let file = [&brands[..], &boxed(b"moof", b""), &boxed(b"mfra", &tables.concat())].concat();
            LeftOut::of(&SourceImage::parse(&file, &Limits::default()).unwrap()).index
        };
        assert!(leads(&[]) && leads(&[&table(start, b""), &end]));
        for tables in [
            &[&table(start + 8, b"")[..], &end][..],
            &[&table(start, b"x"), &end],
            &[&table(start, b""), &boxed(b"moof", b"")],
            &[&table(start, b""), &boxed(b"mfro", &[0; 9])],
            &[&table(start, b""), b"rest"],
        ] {
            assert!(!leads(tables), "{tables:?}");
        }
    }

    #[test]
    fn the_beginning_of_a_stream_is_told_from_a_file() {
        let map = |keys: &[&str]| {
            let keys: Vec<(&str, Value)> = keys.iter().map(|key| (*key, Value::Bytes(vec![0; 32]))).collect();
            map(&keys)
        };
        let stream = |keys: &[&str]| Value::Map(vec![("merkle".into(), Value::Array(vec![map(keys)]))]);
        let beginning = b"\0\0\0\x14ftypisom\0\0\0\0isom\0\0\0\x08moov";
        let whole = [&beginning[..], b"\0\0\0\x08moof"].concat();
        let is_of_a_stream =
            |hash: &Value, file: &[u8]| is_of_a_stream(hash, &SourceImage::parse(file, &Limits::default()).unwrap());
        assert!(is_of_a_stream(&stream(&["initHash", "hashes"]), beginning));
        assert!(!is_of_a_stream(&stream(&["initHash", "hashes"]), &whole));
        assert!(!is_of_a_stream(&stream(&["hashes"]), beginning));
        assert!(!is_of_a_stream(&map(&["hash"]), beginning));
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
        let boxed =
            |kind: &[u8], payload: &[u8]| [&(payload.len() as u32 + 8).to_be_bytes()[..], kind, payload].concat();
        let brands = boxed(b"ftyp", b"avif\0\0\0\0avif");
        // Version 0, offsets and lengths of four bytes, one item in one piece.
        let picture = |offset: u32| {
            let numbers = [offset.to_be_bytes(), 4_u32.to_be_bytes()].concat();
            let table = [&b"\0\0\0\0\x44\0\0\x01\0\x01\0\0\0\x01"[..], &numbers].concat();
            let meta = boxed(b"meta", &[&[0; 4][..], &boxed(b"iloc", &table)].concat());
            [brands.clone(), meta, boxed(b"mdat", &[7; 4]), boxed(b"free", &[0; 4])].concat()
        };
        let is_hashed = |file: &[u8]| LeftOut::of(&SourceImage::parse(file, &Limits::default()).unwrap()).media;
        let end = picture(0).len() as u32;
        assert!(is_hashed(&picture(end - 16)));
        for elsewhere in [8, 16, end - 15, end - 4] {
            assert!(!is_hashed(&picture(elsewhere)), "{elsewhere}");
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
        let free = |room: &[u8]| [boxed(b"moov", b""), boxed(b"free", room)].concat();
        let two = [store(b"manifest", b""), store(b"manifest", b"")].concat();
        for (boxes, (is_brands, is_room, is_stores)) in [
            (vec![], (true, true, true)),
            (vec![brands.clone()], (false, true, true)),
            (
                vec![free(&[0; 4096]), free(b"Made by an example\0")],
                (true, true, true),
            ),
            (vec![free(&[b'a'; 100])], (true, false, true)),
            // A picture's.
            (vec![boxed(b"free", &[b'a'; 100])], (true, true, true)),
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
        assert!(are_brands(b"qt  \0\0\0\x01qt  \0\0\0\0"));
        assert!(!are_brands(b"isom\0\0\0\x01\x12\0\x0A\x0A") && !are_brands(&[b'a'; 260]));
    }
}
