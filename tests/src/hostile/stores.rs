//! Manifest stores that no writer makes: boxes and CBOR against the parsers. All in PNG, where the store is one chunk.

use super::edit::{chunk, find, insert, store_of, xmp};
use super::{Case, Made, case, draft, picture, signed};
use crate::forge::jumbf::{ASSERTIONS, CBOR, CLAIM, MANIFEST, STORE, boxed, superbox};
use crate::forge::{Assertion, sign_into};

pub(super) const CASES: &[Case] = &[
    case("store-empty.png", empty),
    case("store-empty-and-xmp-names-other.png", empty_and_xmp),
    case("store-header-alone-and-xmp-names-other.png", header_alone_and_xmp),
    case("store-garbage.png", garbage),
    case("store-truncated.png", truncated),
    case("store-without-manifest.png", without_manifest),
    case("store-without-claim.png", without_claim),
    case("store-with-two-claims.png", with_two_claims),
    case("store-label-without-end.png", label_without_end),
    case("store-label-not-utf8.png", label_not_utf8),
    case("box-length-0.png", box_length_0),
    case("box-length-1.png", box_length_1),
    case("box-length-4.png", box_length_4),
    case("box-length-2-to-63.png", box_length_2_to_63),
    case("boxes-nested-10000-deep.png", boxes_nested_deep),
    case("cbor-array-of-2-to-32.png", cbor_huge_array),
    case("cbor-nested-10000-deep.png", cbor_nested_deep),
    case("cbor-bytes-without-end.png", cbor_bytes_without_end),
    case("cbor-text-of-2-to-63.png", cbor_huge_text),
    case("cbor-map-of-2-to-32.png", cbor_huge_map),
    case("cbor-tags-nested-10000-deep.png", cbor_nested_tags),
    case("cbor-compressed-manifest.png", compressed_manifest),
];

fn empty() -> Made {
    with_chunk(&[])
}

/// An address elsewhere beside a store that says nothing: there is a store, and it cannot be read.
fn empty_and_xmp() -> Made {
    with_xmp(with_chunk(&[])?)
}

fn header_alone_and_xmp() -> Made {
    with_xmp(with_chunk(b"\0\0\0\x08jumb")?)
}

/// The PNG with XMP that names a manifest elsewhere, behind IHDR.
fn with_xmp(png: Vec<u8>) -> Made {
    let text = ["XML:com.adobe.xmp\0\0\0\0\0", &xmp("https://example.org/manifest.c2pa")].concat();
    Ok(insert(png, 33, &chunk(*b"iTXt", text.as_bytes())))
}

fn garbage() -> Made {
    with_chunk(&b"this is no box of any kind. ".repeat(4))
}

fn truncated() -> Made {
    let store = signed_store()?;
    with_chunk(&store[..store.len() / 2])
}

fn without_manifest() -> Made {
    with_chunk(&superbox(STORE, "c2pa", &[]))
}

fn without_claim() -> Made {
    let manifest = superbox(
        MANIFEST,
        "urn:c2pa:00000000-0000-4000-8000-000000000000",
        &superbox(ASSERTIONS, "c2pa.assertions", &[]),
    );
    with_chunk(&superbox(STORE, "c2pa", &manifest))
}

fn with_two_claims() -> Made {
    with_claim_box(|claim| claim.repeat(2))
}

fn label_without_end() -> Made {
    let mut store = signed_store()?;
    // The label's last character and everything behind it are letters.
    let label = find(&store, b"urn:c2pa:")?;
    store[label..].fill(b'x');
    with_chunk(&store)
}

fn label_not_utf8() -> Made {
    let mut store = signed_store()?;
    let label = find(&store, b"urn:c2pa:")?;
    store[label + 9..label + 12].copy_from_slice(&[0xFF, 0xFE, 0xC0]);
    with_chunk(&store)
}

/// "To the end of the file" (ISO 14496-12, 4.2), for a box that is not the last.
fn box_length_0() -> Made {
    with_assertions_length(&[0, 0, 0, 0])
}

/// "64 bits follow", and what follows is no length.
fn box_length_1() -> Made {
    with_assertions_length(&[0, 0, 0, 1])
}

/// Shorter than its own header.
fn box_length_4() -> Made {
    with_assertions_length(&[0, 0, 0, 4])
}

fn box_length_2_to_63() -> Made {
    let description = boxed(*b"jumd", b"c2pa\0\x11\0\x10\x80\0\0\xAA\0\x38\x9B\x71\x03c2pa\0");
    with_chunk(&[&[0, 0, 0, 1][..], b"jumb", &(1u64 << 63).to_be_bytes(), &description].concat())
}

/// Writes this over the length of the assertion store.
fn with_assertions_length(length: &[u8; 4]) -> Made {
    let mut store = signed_store()?;
    // jumb header, jumd header, UUID, toggles.
    let at = find(&store, b"c2pa.assertions\0")? - 33;
    store[at..at + 4].copy_from_slice(length);
    with_chunk(&store)
}

fn boxes_nested_deep() -> Made {
    // From the outside in: the headers first, since each length is that of everything inside.
    const DEPTH: usize = 10_000;
    let description = boxed(*b"jumd", b"c2ma\0\x11\0\x10\x80\0\0\xAA\0\x38\x9B\x71\x03x\0");
    let headers = (0..DEPTH).flat_map(|depth| {
        let length = ((DEPTH - depth) * (8 + description.len())) as u32;
        [&length.to_be_bytes()[..], b"jumb", &description].concat()
    });
    let nested: Vec<u8> = headers.collect();
    with_chunk(&superbox(STORE, "c2pa", &nested))
}

fn cbor_huge_array() -> Made {
    with_assertion(b"\x9B\0\0\0\x01\0\0\0\0".to_vec())
}

fn cbor_nested_deep() -> Made {
    with_assertion([vec![0x81; 10_000], vec![0xF6]].concat())
}

/// A byte string of unknown length whose parts never end.
fn cbor_bytes_without_end() -> Made {
    with_assertion([vec![0x5F], [0x41, 0x00].repeat(500)].concat())
}

fn cbor_huge_text() -> Made {
    with_assertion(b"\x7B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF".to_vec())
}

fn cbor_huge_map() -> Made {
    with_assertion(b"\xBB\0\0\0\x01\0\0\0\0".to_vec())
}

fn cbor_nested_tags() -> Made {
    with_assertion([vec![0xC1; 10_000], vec![0xF6]].concat())
}

/// An actions assertion of these bytes, signed as it is: the record holds, reading it must not hurt.
fn with_assertion(content: Vec<u8>) -> Made {
    let mut draft = draft("CBOR")?;
    draft
        .assertions
        .push(Assertion::of_bytes("org.example.bomb", content.clone()));
    draft.assertions.push(Assertion::of_bytes("c2pa.metadata", content));
    sign_into(&picture("palette.png")?, &draft, &[])
}

/// A compressed manifest (C2PA 2.2, 11.1.4.2) that is not Brotli.
fn compressed_manifest() -> Made {
    let content = superbox(
        *b"c2cm",
        "urn:c2pa:00000000-0000-4000-8000-000000000000",
        &boxed(*b"brob", &[0xFF; 64]),
    );
    with_chunk(&superbox(STORE, "c2pa", &content))
}

/// A manifest of a claim box alone, made of `claim` in some way.
fn with_claim_box(change: fn(Vec<u8>) -> Vec<u8>) -> Made {
    let claim = superbox(CLAIM, "c2pa.claim.v2", &boxed(CBOR, &[0xA0]));
    let content = [superbox(ASSERTIONS, "c2pa.assertions", &[]), change(claim)].concat();
    let manifest = superbox(MANIFEST, "urn:c2pa:00000000-0000-4000-8000-000000000000", &content);
    with_chunk(&superbox(STORE, "c2pa", &manifest))
}

fn signed_store() -> Made {
    Ok(store_of(&signed("palette.png")?)?.0)
}

/// The palette picture with any bytes as its `caBX`, behind IHDR.
fn with_chunk(store: &[u8]) -> Made {
    Ok(insert(picture("palette.png")?, 33, &chunk(*b"caBX", store)))
}
