//! Files without a manifest store: pretended credentials, and what is no picture at all.

use super::edit::{chunks, find, insert, png, segment};
use super::{Case, Made, case, picture};

pub(super) const CASES: &[Case] = &[
    case("c2pa-in-text-chunk.png", c2pa_in_text_chunk),
    case("c2pa-in-comment.jpg", c2pa_in_comment),
    case("empty.png", empty),
    case("text.png", text_file),
    case("zip.jpg", zip),
    case("dimensions-huge.png", dimensions_huge),
    case("dimensions-zero.png", dimensions_zero),
    case("header-alone.png", header_alone),
    case("start-of-image-alone.jpg", start_of_image_alone),
    case("riff-size-huge.webp", riff_size_huge),
    case("two-headers.png", two_headers),
    case("polyglot-zip.jpg", polyglot_zip),
    case("coarse-first-component.jpg", coarse_first_component),
];

fn c2pa_in_text_chunk() -> Made {
    let mut chunks = chunks(&picture("palette.png")?)?;
    chunks.insert(
        1,
        (
            *b"tEXt",
            b"C2PA_SEAL\0c2pa urn:c2pa:1 jumb jumd c2pa.signature trusted".to_vec(),
        ),
    );
    Ok(png(&chunks))
}

/// The header of a store, where no reader of C2PA looks for one.
fn c2pa_in_comment() -> Made {
    let header = b"\0\0\0\x29jumb\0\0\0\x21jumdc2pa\0\x11\0\x10\x80\0\0\xAA\0\x38\x9B\x71\x03c2pa\0";
    Ok(insert(picture("flat.jpg")?, 2, &segment(0xFE, header)))
}

fn empty() -> Made {
    Ok(Vec::new())
}

fn text_file() -> Made {
    Ok(b"This is a text whose name ends in .png.\n".to_vec())
}

fn zip() -> Made {
    Ok(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec())
}

/// 2.3 exapixels in 45 bytes.
fn dimensions_huge() -> Made {
    Ok(with_dimensions(u32::MAX, 536_883_232))
}

fn dimensions_zero() -> Made {
    Ok(with_dimensions(0, 0))
}

fn with_dimensions(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    png(&[(*b"IHDR", header), (*b"IEND", Vec::new())])
}

fn header_alone() -> Made {
    Ok(b"\x89PNG\r\n\x1A\n".to_vec())
}

fn start_of_image_alone() -> Made {
    Ok(vec![0xFF, 0xD8, 0xFF])
}

fn riff_size_huge() -> Made {
    let mut bytes = picture("flat.webp")?;
    bytes[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    Ok(bytes)
}

/// Of two sizes in one file, a reader may take either.
fn two_headers() -> Made {
    let mut chunks = chunks(&picture("palette.png")?)?;
    let mut second = chunks.first().ok_or("no IHDR")?.clone();
    second.1[..4].copy_from_slice(&0x7FFF_FFFF_u32.to_be_bytes());
    chunks.insert(1, second);
    Ok(png(&chunks))
}

/// A picture with an archive behind it, which other programs find from its end.
fn polyglot_zip() -> Made {
    Ok([picture("flat.jpg")?, zip()?].concat())
}

/// The inks one after the other, each in a scan that breaks off; the black has twice the samples of the others each way.
fn coarse_first_component() -> Made {
    const BEGINNING: usize = 40;
    let picture = picture("cmyk.jpg")?;
    let at = find(&picture, b"\xFF\xDA")?;
    let scan = picture.get(at + 4..).ok_or("cut off")?;
    let (inks, data) = scan.split_at_checked(1 + 4 * 2 + 3).ok_or("cut off")?;
    let data = data.get(..BEGINNING).ok_or("cut off")?;
    let scans = inks[1..9].chunks_exact(2).flat_map(|ink| {
        let header = [&[1], ink, &[0, 63, 0]].concat();
        [segment(0xDA, &header), data.to_vec()].concat()
    });
    Ok(picture[..at].iter().copied().chain(scans).chain(*b"\xFF\xD9").collect())
}
