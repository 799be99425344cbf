//! Content that is not, or not all of it, what was signed.

use coset::cbor::Value;
use sha2::{Digest, Sha256};

use super::edit::{chunk, chunks, find, flip, insert, png, replace, segment, store_of, with_data_hash};
use super::{Case, Made, case, draft, picture, signed};
use crate::forge::{Assertion, Binding, Seal, map, sign_into, text, with_store};

pub(super) const CASES: &[Case] = &[
    case("pixel-changed.jpg", pixel_changed_jpeg),
    case("pixel-changed.png", pixel_changed_png),
    case("pixel-changed.webp", pixel_changed_webp),
    case("pixel-and-hash-changed.jpg", pixel_and_hash_changed),
    case("bytes-appended.jpg", bytes_appended),
    case("store-transplanted.jpg", store_transplanted),
    case("exclusion-from-start.jpg", exclusion_from_start),
    case("exclusion-from-start-header-edited.jpg", header_edited),
    case("exclusion-from-start-pixel-changed.jpg", excluded_and_changed),
    case("exclusion-of-palette.png", exclusion_of_palette),
    case("exclusion-of-palette-tagged.png", exclusion_of_palette_tagged),
    case("exclusion-past-end.jpg", exclusion_past_end),
    case("exclusion-within-store.jpg", exclusion_within_store),
    case("exclusion-within-store-pixel-changed.jpg", || {
        let bytes = exclusion_within_store()?;
        let last = bytes.len() - 3;
        flip(bytes, last)
    }),
    case("detached.jpg", detached),
    case("detached.c2pa", detached_store),
    case("box-hash.png", box_hash),
    case("box-hash-without-image.png", box_hash_without_image),
    case("box-hash-beside-decoy.png", box_hash_beside_decoy),
    case("box-hash.jpg", box_hash_of_jpeg),
    case("box-hash-bytes-between.jpg", box_hash_bytes_between),
    case("box-hash-store-segment-added.jpg", box_hash_store_segment_added),
    case("store-shrunk.jpg", store_shrunk_jpeg),
    case("store-shrunk.png", store_shrunk_png),
];

fn pixel_changed_jpeg() -> Made {
    let bytes = signed("flat.jpg")?;
    let last = bytes.len() - 3;
    flip(bytes, last)
}

/// The checksum is right again, so that only the signature can tell.
fn pixel_changed_png() -> Made {
    let mut chunks = chunks(&signed("palette.png")?)?;
    let data = chunks.iter_mut().find(|(name, _)| name == b"IDAT").ok_or("no IDAT")?;
    data.1[100] ^= 1;
    Ok(png(&chunks))
}

fn pixel_changed_webp() -> Made {
    flip(signed("flat.webp")?, 100)
}

/// The hash made right again, so that only the claim can tell.
fn pixel_and_hash_changed() -> Made {
    let picture = picture("flat.jpg")?;
    let last = picture.len() - 3;
    with_data_hash(pixel_changed_jpeg()?, &Sha256::digest(flip(picture, last)?))
}

fn bytes_appended() -> Made {
    Ok([signed("flat.jpg")?, b"<script>alert(1)</script>".to_vec()].concat())
}

fn store_transplanted() -> Made {
    with_store(&picture("grey.jpg")?, &store_of(&signed("flat.jpg")?)?.0)
}

/// As Truepic signs: everything up to the store is left out, Exif included.
fn exclusion_from_start() -> Made {
    let mut draft = draft("exclusion from start")?;
    draft.binding = Binding::From(0);
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

fn header_edited() -> Made {
    replace(exclusion_from_start()?, b"JFIF\0\x01\x02", b"JFIF\0\x01\x01")
}

fn excluded_and_changed() -> Made {
    let bytes = exclusion_from_start()?;
    let last = bytes.len() - 3;
    flip(bytes, last)
}

/// A second hole in the hash, over the palette: the colours can be changed.
fn exclusion_of_palette() -> Made {
    without_palette(Binding::AndAfter)
}

fn exclusion_of_palette_tagged() -> Made {
    without_palette(Binding::AndAfterTagged)
}

fn without_palette(binding: impl Fn(usize, usize) -> Binding) -> Made {
    let picture = picture("palette.png")?;
    let colours = chunks(&picture)?
        .into_iter()
        .find(|(name, _)| name == b"PLTE")
        .ok_or("no PLTE")?;
    let mut draft = draft("exclusion of palette")?;
    draft.binding = binding(find(&picture, b"PLTE")? + 4 - AFTER_HEADER, colours.1.len());
    sign_into(&picture, &draft, &[])
}

/// Where a PNG's store goes: behind IHDR.
const AFTER_HEADER: usize = 33;

fn exclusion_past_end() -> Made {
    let picture = picture("flat.jpg")?;
    let mut draft = draft("exclusion past end")?;
    draft.binding = Binding::AndAfter(100, 1 << 30);
    sign_into(&picture, &draft, &[])
}

/// The hash leaves out the store and not the marker and length of its segment: every byte is as it was signed, and c2pa
/// refuses the place of the hole.
fn exclusion_within_store() -> Made {
    let mut draft = draft("exclusion within store")?;
    draft.binding = Binding::Within(4);
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// The store of a signed picture was taken out to lie beside it, and where it stood is a comment of the same length, which
/// the hash leaves out.
fn detached() -> Made {
    let bytes = signed("flat.jpg")?;
    let range = store_of(&bytes)?.1;
    let comment = [&b"<svg onload=alert(1)>"[..], &vec![b' '; range.len() - 4 - 21]].concat();
    replace_range(bytes, range, segment(0xFE, &comment))
}

fn detached_store() -> Made {
    Ok(store_of(&signed("flat.jpg")?)?.0)
}

/// Nothing is wrong with it: every chunk is hashed.
fn box_hash() -> Made {
    with_box_hash("box hash", None, None)
}

/// The chunks of the coded picture are named, and left out.
fn box_hash_without_image() -> Made {
    with_box_hash("box hash without image", Some("IDAT"), None)
}

/// Beside it lies what looks like the hash of a film that leaves out nothing.
fn box_hash_beside_decoy() -> Made {
    let nothing = map([("exclusions", Value::Array(Vec::new()))]);
    let decoy = Assertion::new("c2pa.hash.bmff.x", &nothing)?;
    with_box_hash("box hash beside decoy", Some("IDAT"), Some(decoy))
}

/// Signed with `c2pa.hash.boxes` in place of the data hash (C2PA 2.2, 18.7).
fn with_box_hash(name: &str, excluded: Option<&str>, beside: Option<Assertion>) -> Made {
    let picture = picture("palette.png")?;
    let entry = |name: &str, bytes: &[u8]| {
        let excluded = excluded.filter(|excluded| *excluded == name);
        let entries = [
            ("names", Value::Array(vec![text(name)])),
            ("alg", text("sha256")),
            ("hash", Value::Bytes(Sha256::digest(bytes).to_vec())),
            ("pad", Value::Bytes(Vec::new())),
        ];
        map(entries
            .into_iter()
            .chain(excluded.map(|_| ("excluded", Value::Bool(true)))))
    };
    let mut boxes = vec![entry("PNGh", &picture[..8])];
    for (name, data) in chunks(&picture)? {
        boxes.push(entry(std::str::from_utf8(&name)?, &chunk(name, &data)));
        if name == *b"IHDR" {
            boxes.push(entry("C2PA", &[]));
        }
    }
    let mut draft = draft(name)?;
    draft.binding = Binding::None;
    let boxes = map([("boxes", Value::Array(boxes))]);
    draft.assertions.push(Assertion::new("c2pa.hash.boxes", &boxes)?);
    draft.assertions.extend(beside);
    sign_into(&picture, &draft, &[])
}

/// Every segment is hashed.
fn box_hash_of_jpeg() -> Made {
    let picture = picture("flat.jpg")?;
    let entry = |name: &str, bytes: &[u8]| {
        map([
            ("names", Value::Array(vec![text(name)])),
            ("alg", text("sha256")),
            ("hash", Value::Bytes(Sha256::digest(bytes).to_vec())),
            ("pad", Value::Bytes(Vec::new())),
        ])
    };
    let (mut boxes, mut at) = (vec![entry("SOI", &picture[..2])], 2);
    while picture[at + 1] != 0xDA {
        let name = match picture[at + 1] {
            0xC0 => "SOF0",
            0xC4 => "DHT",
            0xDB => "DQT",
            0xDD => "DRI",
            0xE0 => "APP0",
            other => return Err(format!("marker {other:X}").into()),
        };
        let end = at + 2 + usize::from(u16::from_be_bytes([picture[at + 2], picture[at + 3]]));
        boxes.push(entry(name, &picture[at..end]));
        if name == "APP0" {
            boxes.push(entry("C2PA", &[]));
        }
        at = end;
    }
    let end = picture.len() - 2;
    boxes.extend([entry("SOS", &picture[at..end]), entry("EOI", &picture[end..])]);
    let mut draft = draft("box hash of JPEG")?;
    draft.binding = Binding::None;
    let boxes = map([("boxes", Value::Array(boxes))]);
    draft.assertions.push(Assertion::new("c2pa.hash.boxes", &boxes)?);
    sign_into(&picture, &draft, &[])
}

/// Somebody puts bytes between two segments, where c2pa sees no box.
fn box_hash_bytes_between() -> Made {
    let bytes = box_hash_of_jpeg()?;
    let at = find(&bytes, b"\xFF\xDB")?;
    Ok(insert(bytes, at, &b"hidden ".repeat(20)))
}

/// And a segment that looks like one more of the store.
fn box_hash_store_segment_added() -> Made {
    let bytes = box_hash_of_jpeg()?;
    let first = store_of(&bytes)?.1;
    let prefix = bytes[first.start + 4..first.start + 8].to_vec();
    let added = [&prefix[..], b"\0\0\0\x02\0\0\0\0jumb", &b"hidden ".repeat(20)].concat();
    let at = find(&bytes, b"\xFF\xDB")?;
    Ok(insert(bytes, at, &segment(0xEB, &added)))
}

/// The padding of the signature made smaller, and markup in the room that is left: all inside the exclusion.
fn store_shrunk_jpeg() -> Made {
    let bytes = padded("flat.jpg")?;
    let (store, range) = store_of(&bytes)?;
    let store = shrunk(store)?;
    // CI, En and Z stay as they are.
    let prefix = bytes[range.start + 4..range.start + 12].to_vec();
    let markup = [b"<svg onload=alert(1)>".to_vec(), vec![b' '; FREED - 4 - 21]].concat();
    let filled = [segment(0xEB, &[prefix, store].concat()), segment(0xFE, &markup)].concat();
    replace_range(bytes, range, filled)
}

fn store_shrunk_png() -> Made {
    let bytes = padded("palette.png")?;
    let (store, range) = store_of(&bytes)?;
    let markup = [b"Comment\0<svg onload=alert(1)>".to_vec(), vec![b' '; FREED - 12 - 29]].concat();
    let filled = [chunk(*b"caBX", &shrunk(store)?), chunk(*b"tEXt", &markup)].concat();
    replace_range(bytes, range, filled)
}

const PADDING: usize = 200;
const FREED: usize = 160;

fn padded(name: &str) -> Made {
    let mut draft = draft("padded")?;
    draft.seal = Seal {
        padding: PADDING,
        ..draft.seal
    };
    sign_into(&picture(name)?, &draft, &[])
}

/// Takes zeros out of `pad`, and their number off its length and off each box around it.
fn shrunk(mut store: Vec<u8>) -> Made {
    let pad = find(&store, b"\x63pad\x58")? + 5;
    let end = store.len();
    for at in 0..end.saturating_sub(8) {
        let (length, kind) = (&store[at..at + 4], &store[at + 4..at + 8]);
        let length = u32::from_be_bytes(length.try_into()?);
        if (kind == b"jumb" || kind == b"cbor") && at + length as usize == end {
            store[at..at + 4].copy_from_slice(&(length - FREED as u32).to_be_bytes());
        }
    }
    store[pad] = (PADDING - FREED) as u8;
    store.drain(pad + 1..pad + 1 + FREED);
    Ok(store)
}

fn replace_range(mut bytes: Vec<u8>, range: std::ops::Range<usize>, by: Vec<u8>) -> Made {
    if by.len() != range.len() {
        return Err("the room is not filled".into());
    }
    bytes.splice(range, by);
    Ok(bytes)
}
