//! Stores in formats that touchmark does not stamp: what c2pa finds in TIFF and in boxes of ISO 14496-12, forged.

use coset::cbor::Value;

use super::edit::{find, store_of};
use super::{Case, Made, case, draft, signed};
use crate::forge::jumbf::boxed;
use crate::forge::{self, Assertion, digest_outside, map, text};

pub(super) const CASES: &[Case] = &[
    case("tiff-store-longer-than-file.tif", tiff_store_longer_than_file),
    case("tiff-store-of-garbage.tif", tiff_store_of_garbage),
    case("tiff-directories-in-a-circle.tif", tiff_directories_in_a_circle),
    case("box-purpose-unknown.avif", box_purpose_unknown),
    case("box-store-of-garbage.avif", box_store_of_garbage),
    case("box-longer-than-file.avif", box_longer_than_file),
    case("boxes-nested-1000-deep.avif", boxes_nested_1000_deep),
    case("box-data-hash.avif", || bound_by_data("c2pa.hash.data", 0)),
    case("box-data-hash-without-image.avif", || {
        bound_by_data("c2pa.hash.data", IMAGE)
    }),
    case("box-data-hash-without-image-numbered.avif", || {
        bound_by_data("c2pa.hash.data__1", IMAGE)
    }),
    case("store-of-garbage.svg", store_of_garbage_in_svg),
    case("store-removed.svg", store_removed_from_svg),
    case("store-removed.tif", store_removed_from_tiff),
];

/// The tag in which TIFF has a manifest store (C2PA 2.2, A.3.4).
const STORE_TAG: u16 = 0xCD41;

fn tiff_store_longer_than_file() -> Made {
    let store = store()?;
    Ok(tiff(&store, u32::MAX, 0))
}

fn tiff_store_of_garbage() -> Made {
    let garbage = b"this is no box of any kind. ".repeat(4);
    Ok(tiff(&garbage, garbage.len() as u32, 0))
}

/// The directory names itself as the next.
fn tiff_directories_in_a_circle() -> Made {
    let store = store()?;
    Ok(tiff(&store, store.len() as u32, 8))
}

/// A grey pixel and this store, in little-endian TIFF 6.0; `count` is what the directory says of the store's length.
fn tiff(store: &[u8], count: u32, next_directory: u32) -> Vec<u8> {
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    const UNDEFINED: u16 = 7;
    const ENTRIES: usize = 9;
    // Header, number of entries, entries, the next directory's place.
    const PIXEL: usize = 8 + 2 + ENTRIES * 12 + 4;
    let fields: [(u16, u16, u32, u32); ENTRIES] = [
        (256, SHORT, 1, 1),
        (257, SHORT, 1, 1),
        (258, SHORT, 1, 8),
        (259, SHORT, 1, 1),
        (262, SHORT, 1, 1),
        (273, LONG, 1, PIXEL as u32),
        (278, SHORT, 1, 1),
        (279, LONG, 1, 1),
        (STORE_TAG, UNDEFINED, count, PIXEL as u32 + 2),
    ];
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    file.extend((ENTRIES as u16).to_le_bytes());
    for (tag, kind, count, value) in fields {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend(next_directory.to_le_bytes());
    file.extend([0x80, 0]);
    file.extend(store);
    file
}

/// A store in a box whose purpose is neither manifest nor Merkle tree: there, and not to be read.
fn box_purpose_unknown() -> Made {
    Ok(avif(&store_box("manifesX", &store()?)))
}

fn box_store_of_garbage() -> Made {
    Ok(avif(&store_box("manifest", &b"this is no box of any kind. ".repeat(4))))
}

fn box_longer_than_file() -> Made {
    let mut long = store_box("manifest", &store()?);
    long[..4].copy_from_slice(&u32::MAX.to_be_bytes());
    Ok(avif(&long))
}

fn boxes_nested_1000_deep() -> Made {
    const DEPTH: usize = 1000;
    // From the outside in: the headers first, since each length is that of everything inside.
    let headers = (0..DEPTH).flat_map(|depth| [&(((DEPTH - depth) * 8) as u32).to_be_bytes()[..], b"moov"].concat());
    Ok(avif(&headers.collect::<Vec<u8>>()))
}

/// The box of a manifest store (C2PA 2.2, A.5.1): UUID, version and flags, purpose, the place of a Merkle tree, the store.
fn store_box(purpose: &str, store: &[u8]) -> Vec<u8> {
    let uuid = b"\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81";
    boxed(
        *b"uuid",
        &[&uuid[..], &[0; 4], purpose.as_bytes(), &[0], &[0; 8], store].concat(),
    )
}

/// A file that calls itself AVIF, with these boxes and no picture.
fn avif(boxes: &[u8]) -> Vec<u8> {
    let kind = boxed(*b"ftyp", b"avif\0\0\0\0mif1avif");
    [kind, boxes.to_vec(), boxed(*b"mdat", &[0; 4])].concat()
}

/// The length of the box behind the store there: where the coded picture is in a real file.
const IMAGE: usize = 12;

/// Bound by a hash over the bytes, as pictures of other formats are, but for the store and so many bytes behind it.
fn bound_by_data(label: &str, behind: usize) -> Made {
    let (mut exclusion, mut hash) = (0x1000..0x2000, vec![0; 32]);
    loop {
        let number = |number: usize| Value::from(number as u64);
        let range = map([("start", number(exclusion.start)), ("length", number(exclusion.len()))]);
        let content = map([
            ("exclusions", Value::Array(vec![range])),
            ("alg", text("sha256")),
            ("hash", Value::Bytes(hash.clone())),
            ("pad", Value::Bytes(Vec::new())),
        ]);
        let sealed = draft("data hash in boxes")?.seal(Some(Assertion::new(label, &content)?))?;
        let content_box = store_box("manifest", &forge::store([&sealed]));
        let file = avif(&content_box);
        let start = file.len() - IMAGE - content_box.len();
        let found = (start..file.len() - IMAGE + behind, hash);
        hash = digest_outside(&file, std::slice::from_ref(&found.0));
        if found == (exclusion, hash.clone()) {
            return Ok(file);
        }
        exclusion = found.0;
    }
}

/// A drawing whose element for the store holds nothing that can be read.
fn store_of_garbage_in_svg() -> Made {
    let text = "<svg xmlns=\"http://www.w3.org/2000/svg\"><metadata><c2pa:manifest \
        xmlns:c2pa=\"http://c2pa.org/manifest\">this is no Base64!</c2pa:manifest></metadata></svg>";
    Ok(text.as_bytes().to_vec())
}

/// As c2pa leaves a drawing from which it took the store: its namespace is declared still, and a comment names the element.
fn store_removed_from_svg() -> Made {
    let text = "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:c2pa=\"http://c2pa.org/manifest\">\
        <!-- <c2pa:manifest> --><rect width=\"1\" height=\"1\"/></svg>";
    Ok(text.as_bytes().to_vec())
}

/// As c2pa leaves a TIFF from which it took the store: its bytes are there still, and no directory names them.
fn store_removed_from_tiff() -> Made {
    let store = store()?;
    let mut file = tiff(&store, store.len() as u32, 0);
    let field = find(&file, &STORE_TAG.to_le_bytes())?;
    // A tag for nothing (TIFF 6.0, section 8: private ones begin at 32,768).
    file[field..field + 2].copy_from_slice(&0xCD42_u16.to_le_bytes());
    Ok(file)
}

fn store() -> Made {
    Ok(store_of(&signed("flat.jpg")?)?.0)
}
