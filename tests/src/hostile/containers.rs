//! Containers around stores that are in order themselves: doubled, displaced, followed by other things.

use super::edit::{chunk, chunks, find, flip, insert, png, segment, store_of};
use super::{Case, Made, case, draft, picture, signed};
use crate::forge::jumbf::{CBOR, boxed, superbox};
use crate::forge::sign_into;

pub(super) const CASES: &[Case] = &[
    case("two-cabx.png", two_cabx),
    case("cabx-wrong-checksum.png", cabx_wrong_checksum),
    case("cabx-after-idat.png", cabx_after_idat),
    case("cabx-over-the-next-chunk.png", cabx_over_the_next),
    case("signature-over-the-next-chunk.png", signature_over_the_next),
    case("data-after-iend.png", data_after_iend),
    case("polyglot-html.png", polyglot_html),
    case("jpeg-named.png", jpeg_named_png),
    case("app11-duplicated.jpg", app11_duplicated),
    case("app11-other-store.jpg", app11_other_store),
    case("app11-foreign-segment-between.jpg", app11_foreign_segment_between),
    case("app11-identifier-flipped.jpg", app11_identifier_flipped),
    case("app11-over-the-next-segment.jpg", app11_over_the_next),
    case("app11-instance-of-another.jpg", app11_instance_of_another),
    case("c2pa-chunk-duplicated.webp", c2pa_chunk_duplicated),
    case("truncated-scan.jpg", truncated_scan),
    case("truncated-store.jpg", truncated_store),
    case("store-beginning-removed.jpg", store_beginning_removed),
    case("truncated-idat.png", truncated_idat),
    case("truncated.webp", truncated_webp),
];

fn two_cabx() -> Made {
    let bytes = signed("palette.png")?;
    let store = store_of(&bytes)?.1;
    Ok(insert(bytes.clone(), store.end, &bytes[store]))
}

fn cabx_wrong_checksum() -> Made {
    let bytes = signed("palette.png")?;
    let end = store_of(&bytes)?.1.end;
    flip(bytes, end - 1)
}

fn cabx_after_idat() -> Made {
    let mut chunks = chunks(&signed("palette.png")?)?;
    let store = chunks.remove(1);
    chunks.insert(chunks.len() - 1, store);
    Ok(png(&chunks))
}

/// The store drawn out over the text behind it, which was there when it was signed: the chunk's checksum became the length of
/// a box among the manifests, the text's length its type, and the text's own checksum is now the chunk's.
fn cabx_over_the_next() -> Made {
    let text = chunk(*b"tEXt", b"Comment\0Made with AI");
    let mut bytes = signed_before(&text, 0)?;
    let (_, place) = store_of(&bytes)?;
    // Of the chunk, and of the superbox in it.
    for at in [place.start, place.start + 8] {
        add_to_length(&mut bytes, at, text.len() as i32);
    }
    bytes[place.end - 4..place.end].copy_from_slice(&(text.len() as u32).to_be_bytes());
    Ok(bytes)
}

/// The same in order: the text is a box beside the signature, with a header for which padding was taken that nobody signs.
fn signature_over_the_next() -> Made {
    /// Headers and type of the description of a superbox, before its label.
    const BEFORE_LABEL: usize = 8 + 8 + 16 + 1;
    const PADDING: u8 = 200;
    let text = chunk(*b"tEXt", b"Comment\0Made with AI");
    let mut bytes = signed_before(&text, PADDING.into())?;
    let (_, place) = store_of(&bytes)?;
    let store = place.start + 8;
    let manifest = store + BEFORE_LABEL + b"c2pa\0".len();
    let label = b"c2pa.signature\0";
    let signature = find(&bytes, label)? - BEFORE_LABEL;
    for at in [place.start, store, manifest, signature] {
        add_to_length(&mut bytes, at, text.len() as i32);
    }
    add_to_length(&mut bytes, signature + BEFORE_LABEL + label.len(), -4);
    // What was the chunk's checksum, and as much of the padding, is the header. The text's own checksum is now the chunk's.
    let header = [&(text.len() as u32 + 4).to_be_bytes()[..], b"bidb"].concat();
    bytes.splice(place.end - 4..place.end, header);
    let padding = find(&bytes, &[b'c', b'p', b'a', b'd', 0x58, PADDING])? + 5;
    bytes[padding] -= 4;
    bytes.drain(padding + 1..padding + 5);
    Ok(bytes)
}

/// A signed picture with this chunk right behind the store, and so much padding beside the signature.
fn signed_before(chunk: &[u8], padding: usize) -> Made {
    let start = store_of(&signed("palette.png")?)?.1.start;
    let mut draft = draft("over the next chunk")?;
    draft.seal.padding = padding;
    sign_into(&insert(picture("palette.png")?, start, chunk), &draft, &[])
}

fn add_to_length(bytes: &mut [u8], at: usize, more: i32) {
    if let Some(length) = bytes[at..].first_chunk_mut::<4>() {
        *length = u32::from_be_bytes(*length).saturating_add_signed(more).to_be_bytes();
    }
}

/// As Samsung's phones write them; the bytes were there before signing.
fn data_after_iend() -> Made {
    let picture = [picture("palette.png")?, b"SEFH and 105 bytes of a phone".to_vec()].concat();
    sign_into(&picture, &draft("data after IEND")?, &[])
}

/// A picture to one reader, a page with a script to another; signed as a whole.
fn polyglot_html() -> Made {
    let page = b"<!doctype html><script>alert(document.domain)</script>";
    sign_into(
        &[picture("palette.png")?, page.to_vec()].concat(),
        &draft("polyglot")?,
        &[],
    )
}

fn jpeg_named_png() -> Made {
    signed("flat.jpg")
}

/// The same segments twice.
fn app11_duplicated() -> Made {
    let bytes = signed("flat.jpg")?;
    let store = store_of(&bytes)?.1;
    Ok(insert(bytes.clone(), store.end, &bytes[store]))
}

/// A second store under another box instance number.
fn app11_other_store() -> Made {
    let bytes = signed("flat.jpg")?;
    let store = store_of(&bytes)?.1;
    let mut second = bytes[store.clone()].to_vec();
    second[7] ^= 1;
    Ok(insert(bytes, store.end, &second))
}

/// A store in two segments with a comment between them, put there after signing.
fn app11_foreign_segment_between() -> Made {
    let mut draft = draft("two segments")?;
    draft.title = Some("x".repeat(66_000));
    let bytes = sign_into(&picture("flat.jpg")?, &draft, &[])?;
    let start = store_of(&bytes)?.1.start;
    let length = usize::from(u16::from_be_bytes([bytes[start + 2], bytes[start + 3]]));
    Ok(insert(
        bytes,
        start + 2 + length,
        &segment(0xFE, b"<script>alert(1)</script>"),
    ))
}

/// A bit of `JP`, which says that boxes follow (ISO 19566-5, D): the hash leaves it out with the store.
fn app11_identifier_flipped() -> Made {
    let bytes = signed("flat.jpg")?;
    let start = store_of(&bytes)?.1.start;
    flip(bytes, start + 5)
}

/// The store's segment drawn out over the comment behind it, which was there when it was signed: every byte that is hashed
/// is as it was, and nobody sees the comment.
fn app11_over_the_next() -> Made {
    let comment = segment(0xFE, b"Made with AI");
    let plain = signed("flat.jpg")?;
    let start = store_of(&plain)?.1.start;
    let with_comment = insert(picture("flat.jpg")?, start, &comment);
    let mut bytes = sign_into(&with_comment, &draft("over the next segment")?, &[])?;
    let length = u16::from_be_bytes([bytes[start + 2], bytes[start + 3]]) + comment.len() as u16;
    bytes[start + 2..start + 4].copy_from_slice(&length.to_be_bytes());
    Ok(bytes)
}

/// Behind a comment stood the second segment of another box when it was signed; the store's instance number was made that
/// box's, so that it goes on there.
fn app11_instance_of_another() -> Made {
    const INSTANCE: [u8; 2] = [0, 7];
    let other = superbox(CBOR, "another", &boxed(CBOR, &[0xA0]));
    let second = [b"JP", &INSTANCE[..], &[0, 0, 0, 2], &other].concat();
    let behind = [segment(0xFE, b"between"), segment(0xEB, &second)].concat();
    let start = store_of(&signed("flat.jpg")?)?.1.start;
    let picture = insert(picture("flat.jpg")?, start, &behind);
    let mut bytes = sign_into(&picture, &draft("instance of another")?, &[])?;
    bytes[start + 6..start + 8].copy_from_slice(&INSTANCE);
    Ok(bytes)
}

fn c2pa_chunk_duplicated() -> Made {
    let bytes = signed("flat.webp")?;
    let store = store_of(&bytes)?.1;
    let mut doubled = insert(bytes.clone(), store.end, &bytes[store]);
    let size = (doubled.len() - 8) as u32;
    doubled[4..8].copy_from_slice(&size.to_le_bytes());
    Ok(doubled)
}

fn truncated_scan() -> Made {
    cut(signed("flat.jpg")?, 40)
}

/// Cut in the middle of the store, with the picture behind it gone.
fn truncated_store() -> Made {
    let bytes = signed("flat.jpg")?;
    let store = store_of(&bytes)?.1;
    let behind = bytes.len() - (store.start + store.end) / 2;
    cut(bytes, behind)
}

/// Without the head of its segment and of the store, so that the file cannot be walked; the manifests are still there.
fn store_beginning_removed() -> Made {
    let mut bytes = signed("flat.jpg")?;
    let store = store_of(&bytes)?.1;
    bytes.drain(store.start + 1..store.start + 40);
    Ok(bytes)
}

fn truncated_idat() -> Made {
    cut(signed("palette.png")?, 200)
}

/// Cut in the middle of the store, which is last in a WebP file.
fn truncated_webp() -> Made {
    cut(signed("flat.webp")?, 200)
}

fn cut(mut bytes: Vec<u8>, off: usize) -> Made {
    bytes.truncate(bytes.len() - off);
    Ok(bytes)
}
