//! Pictures for measuring: whole containers whose coded data is noise, as dense as that of photographs. Nothing that is
//! measured decodes it.

use crate::failure::{Code, Failure};

/// Names and bytes of the pictures, of the sizes that generators put out.
pub fn all() -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let sizes = [
        ("JPEG, 40 KB", 40_000),
        ("JPEG, 140 KB", 140_000),
        ("JPEG, 1.3 MB", 1_300_000),
        ("PNG, 350 KB", 350_000),
        ("PNG, 1.35 MB", 1_350_000),
        ("WebP, 1.35 MB", 1_350_000),
    ];
    let pictures = sizes.map(|(name, size)| {
        let mut noise = vec![0; size];
        getrandom::fill(&mut noise).map_err(|error| Failure::new(Code::Randomness, "draw a picture").because(error))?;
        let bytes = match name.split(',').next() {
            Some("JPEG") => jpeg(&noise),
            Some("PNG") => png(&noise),
            _ => webp(&noise),
        };
        Ok((name.to_owned(), bytes))
    });
    pictures.into_iter().collect()
}

/// A frame of one component and one scan, whose FF are stuffed (ITU-T T.81, B.1.1.5).
fn jpeg(noise: &[u8]) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    out.extend_from_slice(b"\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    out.extend_from_slice(b"\xFF\xC0\0\x0B\x08\x04\0\x04\0\x01\x01\x11\0");
    out.extend_from_slice(b"\xFF\xDA\0\x08\x01\x01\0\0\x3F\0");
    for &byte in noise {
        out.push(byte);
        if byte == 0xFF {
            out.push(0);
        }
    }
    out.extend_from_slice(&[0xFF, 0xD9]);
    out
}

/// Chunks of 8 KiB, as libpng writes them. Their checksums are not looked at.
fn png(noise: &[u8]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1A\n".to_vec();
    out.extend_from_slice(b"\0\0\0\x0DIHDR\0\0\x04\0\0\0\x04\0\x08\x02\0\0\0\xF0\x7F\xBC\xD4");
    for part in noise.chunks(8192) {
        out.extend_from_slice(&(part.len() as u32).to_be_bytes());
        out.extend_from_slice(b"IDAT");
        out.extend_from_slice(part);
        out.extend_from_slice(&[0; 4]);
    }
    out.extend_from_slice(b"\0\0\0\0IEND\xAE\x42\x60\x82");
    out
}

/// One lossless chunk of 1024 by 1024 pixels (RFC 9649, 3.4).
fn webp(noise: &[u8]) -> Vec<u8> {
    let head = b"\x2F\xFF\xC3\xFF\0";
    let length = (head.len() + noise.len()) as u32;
    let pad: &[u8] = if length % 2 == 1 { &[0] } else { &[] };
    let size = 4 + 8 + length + length % 2;
    [
        b"RIFF",
        &size.to_le_bytes()[..],
        b"WEBPVP8L",
        &length.to_le_bytes(),
        head,
        noise,
        pad,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use touchmark_image::{Limits, SourceImage};

    #[test]
    fn each_is_a_whole_picture() {
        for (name, bytes) in super::all().unwrap() {
            let image = SourceImage::parse(&bytes, &Limits::default()).unwrap();
            let container = image.container().unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(container.dimensions, (1024, 1024), "{name}");
            assert!(name.starts_with(image.format().name()));
        }
    }
}
