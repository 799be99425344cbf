//! Records that two parsers read as two: where one finds what a stranger wrote, and the other what was signed.

use sha2::{Digest, Sha256};

use super::edit::{chunk, find, flip, insert, store_of, with_data_hash};
use super::{CAMERA, Case, Made, case, draft, picture, signed};
use crate::forge::jumbf::{CBOR, STORE, boxed, superbox};
use crate::forge::{actions, bound_to, created, digest_outside, opening, sign_into, with_store};

pub(super) const CASES: &[Case] = &[
    case("store-before-another.jpg", store_before_another),
    case("description-of-64-bits.png", description_of_64_bits),
    case("update-by-type-alone.jpg", update_by_type_alone),
    case("content-box-added.png", content_box_added),
];

/// Before the first box of a superbox's content: its header, that of the description, type and toggles.
const BEFORE_LABEL: usize = 8 + 8 + 16 + 1;

/// A forged store, whose length has 64 bits, in front of one that was signed, in another picture: c2pa passes over the first.
fn store_before_another() -> Made {
    let bytes = signed("flat.jpg")?;
    let (store, place) = store_of(&bytes)?;
    // Of another box instance.
    let genuine = flip(bytes[place].to_vec(), 7)?;
    let file = with_store(&picture("grey.jpg")?, &long(&store))?;
    let place = store_of(&file)?.1;
    let file = insert(file, place.end, &genuine);
    let excluded = place.start..place.end + genuine.len();
    let hash = digest_outside(&file, std::slice::from_ref(&excluded));
    with_exclusion(with_data_hash(file, &hash)?, excluded.len())
}

/// The same store with a length of 64 bits.
fn long(store: &[u8]) -> Vec<u8> {
    let length = (store.len() + 8) as u64;
    [&[0, 0, 0, 1][..], b"jumb", &length.to_be_bytes(), &store[8..]].concat()
}

/// The manifest's description has a length of 64 bits, of which c2pa reads 8 bytes more than there are: what was signed is to
/// it in the manifest, and in a box for room to others, who find a forged one in its place.
fn description_of_64_bits() -> Made {
    const SIGNATURE: usize = 32;
    let other = picture("rgb.png")?;
    let store = store_of(&signed("palette.png")?)?.0;
    let manifest = &store[find(&store, b"urn:c2pa:")? - BEFORE_LABEL..];
    let description_len = u32::from_be_bytes(*manifest[8..].first_chunk().ok_or("cut off")?) as usize;
    let (description, genuine) = manifest[8..].split_at(description_len);
    let (kind, label) = (&description[8..24], &description[25..]);

    let make = |forged: &[u8]| {
        let length = (16 + 16 + 1 + label.len() + SIGNATURE - 8) as u64;
        let requestable_label_and_signature = [0b1011];
        let content = [
            &[0, 0, 0, 1][..],
            b"jumd",
            &length.to_be_bytes(),
            kind,
            &requestable_label_and_signature,
            label,
            &[0; SIGNATURE - 8],
            &16_u32.to_be_bytes(),
            b"free",
            &(forged.len() as u32 + 16).to_be_bytes(),
            b"xxxx",
            forged,
            &boxed(*b"free", genuine),
        ]
        .concat();
        chunk(*b"caBX", &superbox(STORE, "c2pa", &boxed(*b"jumb", &content)))
    };
    let excluded = make(genuine).len();
    let forged = with_exclusion(with_data_hash(genuine.to_vec(), &Sha256::digest(&other))?, excluded)?;
    Ok(insert(other, 33, &make(&forged)))
}

/// A manifest with a hash of its own, on its parent's picture, whose type says that it is an update: nobody signs the type,
/// and c2pa holds the picture against the parent's hash.
fn update_by_type_alone() -> Made {
    let original = picture("flat.jpg")?;
    let last = original.len() - 3;
    let parent = bound_to(&original, &draft("parent of another picture")?, &[])?.0;
    let mut child = draft("another picture")?;
    child.assertions = opening(parent.as_ingredient("parentOf")?)?;
    let mut bytes = sign_into(&flip(original, last)?, &child, &[parent])?;
    let last = bytes.len() - 3;
    bytes[last] ^= 1;
    let toggles_and_label = [b"\x03", child.label.as_bytes(), b"\0"].concat();
    let kind = find(&bytes, &toggles_and_label)? - 16;
    bytes[kind..kind + 4].copy_from_slice(b"c2um");
    Ok(bytes)
}

/// A second content box in a signed assertion, as long as what was taken from the padding of the signature: c2pa hashes the
/// first box alone.
fn content_box_added() -> Made {
    let mut draft = draft("content box added")?;
    draft.seal.padding = 2000;
    let mut store = store_of(&sign_into(&picture("palette.png")?, &draft, &[])?)?.0;
    let added = boxed(CBOR, &actions(vec![created(Some(CAMERA))])?.content);

    let pad = find(&store, b"\x63pad\x59")? + 5;
    let length = u16::from_be_bytes([store[pad], store[pad + 1]]) - added.len() as u16;
    store[pad..pad + 2].copy_from_slice(&length.to_be_bytes());
    store.drain(pad + 2..pad + 2 + added.len());
    const SIGNATURE: &[u8] = b"c2pa.signature\0";
    let signature = find(&store, SIGNATURE)?;
    let shrunk = -(added.len() as i64);
    resize(&mut store, signature - BEFORE_LABEL, shrunk);
    resize(&mut store, signature + SIGNATURE.len(), shrunk);

    let assertion = find(&store, b"c2pa.actions.v2\0")? - BEFORE_LABEL;
    let end = assertion + u32::from_be_bytes(*store[assertion..].first_chunk().ok_or("cut off")?) as usize;
    let store = &mut insert(store, end, &added);
    let assertions = find(store, b"c2pa.assertions\0")? - BEFORE_LABEL;
    resize(store, assertion, added.len() as i64);
    resize(store, assertions, added.len() as i64);
    with_store(&picture("palette.png")?, store)
}

/// Adds to the length in the header of a box.
fn resize(bytes: &mut [u8], at: usize, by: i64) {
    let header = &mut bytes[at..at + 4];
    let length = header.iter().fold(0, |value, byte| value << 8 | i64::from(*byte));
    header.copy_from_slice(&((length + by) as u32).to_be_bytes());
}

/// Writes this over the length of the only exclusion in the first `c2pa.hash.data`.
fn with_exclusion(mut bytes: Vec<u8>, length: usize) -> Made {
    const FIELD: &[u8] = b"\x66length\x19";
    let assertion = find(&bytes, b"c2pa.hash.data\0")?;
    let at = assertion + find(&bytes[assertion..], FIELD)? + FIELD.len();
    bytes[at..at + 2].copy_from_slice(&u16::try_from(length)?.to_be_bytes());
    Ok(bytes)
}
