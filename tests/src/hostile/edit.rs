//! Edits of finished files: bytes replaced, chunks taken apart and put together with right checksums.

use std::error::Error;
use std::ops::Range;

use touchmark_image::{Limits, SourceImage};

use super::Made;

/// Replaces the first occurrence of `from`, of the same length.
pub(super) fn replace(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Made {
    let at = find(&bytes, from)?;
    bytes[at..at + from.len()].copy_from_slice(to);
    Ok(bytes)
}

/// Where `part` first occurs.
pub(crate) fn find(bytes: &[u8], part: &[u8]) -> Result<usize, Box<dyn Error>> {
    Ok(bytes
        .windows(part.len())
        .position(|window| window == part)
        .ok_or("not found")?)
}

/// Changes one byte.
pub(super) fn flip(mut bytes: Vec<u8>, at: usize) -> Made {
    *bytes.get_mut(at).ok_or("past the end")? ^= 1;
    Ok(bytes)
}

/// Puts `part` in at a place.
pub(crate) fn insert(mut bytes: Vec<u8>, at: usize, part: &[u8]) -> Vec<u8> {
    bytes.splice(at..at, part.iter().copied());
    bytes
}

/// The manifest store of a picture as it stands there: its bytes, and the part of the file with its wrapping.
pub(super) fn store_of(bytes: &[u8]) -> Result<(Vec<u8>, Range<usize>), Box<dyn Error>> {
    let image = SourceImage::parse(bytes, &Limits::default())?;
    let container = image.container()?;
    let store = container.stores.first().ok_or("no store")?;
    let (first, last) = store.ranges.first().zip(store.ranges.last()).ok_or("no store")?;
    Ok((store.reassemble(&image).into_owned(), first.start..last.end))
}

/// A PNG chunk.
pub(crate) type Chunk = ([u8; 4], Vec<u8>);

/// The chunks of a PNG file that is in order.
pub(crate) fn chunks(png: &[u8]) -> Result<Vec<Chunk>, Box<dyn Error>> {
    let mut rest = png.get(8..).ok_or("no PNG")?;
    let mut chunks = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        let name = after.first_chunk::<4>().ok_or("cut off")?;
        chunks.push((*name, after.get(4..4 + length).ok_or("cut off")?.to_vec()));
        rest = after.get(length + 8..).ok_or("cut off")?;
    }
    Ok(chunks)
}

/// A PNG file of these chunks, every checksum right.
pub(crate) fn png(chunks: &[Chunk]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1A\n".to_vec();
    for (name, data) in chunks {
        out.extend(chunk(*name, data));
    }
    out
}

/// One chunk with its checksum.
pub(crate) fn chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&name);
    crc.update(data);
    [
        &(data.len() as u32).to_be_bytes()[..],
        &name,
        data,
        &crc.finalize().to_be_bytes(),
    ]
    .concat()
}

/// A JPEG segment.
pub(crate) fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    [&[0xFF, marker][..], &(data.len() as u16 + 2).to_be_bytes(), data].concat()
}

/// An XMP packet whose `dcterms:provenance` is this address.
pub(super) fn xmp(address: &str) -> String {
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
        <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
        <rdf:Description rdf:about=\"\" xmlns:dcterms=\"http://purl.org/dc/terms/\" dcterms:provenance=\"{address}\"/>\
        </rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>"
    )
}

/// Writes this SHA-256 over that in the first `c2pa.hash.data` of a store, a manifest or a file.
pub(super) fn with_data_hash(mut bytes: Vec<u8>, hash: &[u8]) -> Made {
    const FIELD: &[u8] = b"\x64hash\x58\x20";
    let assertion = find(&bytes, b"c2pa.hash.data\0")?;
    let at = assertion + find(&bytes[assertion..], FIELD)? + FIELD.len();
    bytes[at..at + hash.len()].copy_from_slice(hash);
    Ok(bytes)
}
