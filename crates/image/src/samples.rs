//! Small containers for the tests: whole by structure, with invented coded data.

use crate::png::checksum;

/// Width and height of the samples.
pub(crate) const SIZE: (u32, u32) = (20, 10);

pub(crate) fn jpeg() -> Vec<u8> {
    jpeg_with(&[(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")])
}

/// SOI, the given segments, a frame, a scan with a stuffed zero and a restart marker, EOI.
pub(crate) fn jpeg_with(segments: &[(u8, &[u8])]) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    for (marker, body) in segments {
        segment(&mut out, *marker, body);
    }
    jpeg_tail(&mut out, 0xC0, SIZE.1 as u16);
    out.extend_from_slice(&[0xFF, 0xD9]);
    out
}

pub(crate) fn jpeg_with_dnl(height: u16) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    jpeg_tail(&mut out, 0xC0, 0);
    segment(&mut out, 0xDC, &height.to_be_bytes());
    out.extend_from_slice(&[0xFF, 0xD9]);
    out
}

/// A frame header and one scan.
pub(crate) fn jpeg_tail(out: &mut Vec<u8>, frame: u8, height: u16) {
    let [h1, h0] = height.to_be_bytes();
    segment(out, frame, &[8, h1, h0, 0, SIZE.0 as u8, 1, 1, 0x11, 0]);
    segment(out, 0xDA, &[1, 1, 0, 0, 0x3F, 0]);
    out.extend_from_slice(&[1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4, 0xFF]);
    out.extend_from_slice(&[0xFF, 0xD1, 5]);
}

pub(crate) fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend_from_slice(&[0xFF, marker]);
    out.extend_from_slice(&(body.len() as u16 + 2).to_be_bytes());
    out.extend_from_slice(body);
}

/// A box as APP11 segments of `payload` bytes each.
pub(crate) fn app11(instance: u16, store: &[u8], payload: usize) -> Vec<(u8, Vec<u8>)> {
    let segments = store.chunks(payload).zip(1u32..).map(|(part, z)| {
        let repeated = if z == 1 { &[] } else { &store[..8] };
        (
            0xEB,
            [b"JP", &instance.to_be_bytes()[..], &z.to_be_bytes(), repeated, part].concat(),
        )
    });
    segments.collect()
}

pub(crate) fn borrowed(segments: &[(u8, Vec<u8>)]) -> Vec<(u8, &[u8])> {
    segments
        .iter()
        .map(|(marker, body)| (*marker, body.as_slice()))
        .collect()
}

pub(crate) fn png() -> Vec<u8> {
    let mut header = [SIZE.0.to_be_bytes(), SIZE.1.to_be_bytes()].concat();
    header.extend_from_slice(&[8, 2, 0, 0, 0]);
    png_of(&[(*b"IHDR", &header), (*b"IDAT", b"data"), (*b"IEND", b"")])
}

pub(crate) fn png_of(chunks: &[([u8; 4], &[u8])]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1A\n".to_vec();
    for (name, data) in chunks {
        out.extend_from_slice(&(data.len() as u32).to_be_bytes());
        out.extend_from_slice(name);
        out.extend_from_slice(data);
        out.extend_from_slice(&checksum(*name, data).to_be_bytes());
    }
    out
}

const VP8: &[u8] = b"\x10\0\0\x9D\x01\x2A\x14\0\x0A\0data";

pub(crate) fn webp() -> Vec<u8> {
    webp_of(&[(*b"VP8 ", VP8)])
}

pub(crate) fn webp_extended() -> Vec<u8> {
    webp_of(&[
        (*b"VP8X", b"\x08\0\0\0\x13\0\0\x09\0\0"),
        (*b"VP8 ", VP8),
        (*b"EXIF", b"MM\0*\0\0\0\x08\0\0\0\0\0"),
    ])
}

pub(crate) fn webp_of(chunks: &[([u8; 4], &[u8])]) -> Vec<u8> {
    let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
    for (name, data) in chunks {
        out.extend_from_slice(name);
        out.extend_from_slice(&(data.len() as u32).to_le_bytes());
        out.extend_from_slice(data);
        out.resize(out.len() + data.len() % 2, 0);
    }
    let size = out.len() as u32 - 8;
    out[4..8].copy_from_slice(&size.to_le_bytes());
    out
}

/// A JUMBF superbox described as a manifest store, filled up to `len` (at least 38) bytes.
pub(crate) fn store(len: usize, seed: u8) -> Vec<u8> {
    let mut out = (len as u32).to_be_bytes().to_vec();
    out.extend_from_slice(b"jumb\0\0\0\x1Ejumdc2pa\0\x11\0\x10\x80\0\0\xAA\0\x38\x9B\x71\x03c2pa\0");
    assert!(out.len() <= len);
    out.extend((out.len()..len).map(|i| (i as u8).wrapping_mul(31) ^ seed));
    out
}
