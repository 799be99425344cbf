//! Puts blocks of metadata into small pictures of each format.

use std::io::Write;

use flate2::{
    Compression,
    write::{GzEncoder, ZlibEncoder},
};

use super::picture;
use crate::forge::Made;
use crate::hostile::edit::{chunk, chunks, insert, png, segment};

const XMP_KEYWORD: &str = "XML:com.adobe.xmp";

/// How a text stands in a PNG.
#[derive(Debug, Clone, Copy)]
pub(super) enum Text {
    Plain,
    Compressed,
    International,
    InternationalCompressed,
}

/// A small picture in PNG.
fn small_png() -> Made {
    let header = b"\0\0\0\x02\0\0\0\x02\x08\x02\0\0\0".to_vec();
    let rows = deflated(&[0; 14])?;
    Ok(png(&[(*b"IHDR", header), (*b"IDAT", rows), (*b"IEND", Vec::new())]))
}

/// A PNG with these texts before the picture.
pub(super) fn png_with(texts: &[(&str, &str, Text)]) -> Made {
    png_with_at(1, texts)
}

/// A PNG with these texts behind the picture.
pub(super) fn png_with_behind(texts: &[(&str, &str, Text)]) -> Made {
    png_with_at(2, texts)
}

/// A PNG with these texts, and before them a compressed one under this keyword that cannot be read.
pub(super) fn png_with_damaged(keyword: &str, texts: &[(&str, &str, Text)]) -> Made {
    let data = [keyword.as_bytes(), b"\0\0", b"no zlib"].concat();
    Ok(insert(png_with(texts)?, 33, &chunk(*b"zTXt", &data)))
}

fn png_with_at(place: usize, texts: &[(&str, &str, Text)]) -> Made {
    let mut chunks = chunks(&small_png()?)?;
    for (index, (keyword, text, form)) in texts.iter().enumerate() {
        let (name, between, text) = match form {
            Text::Plain => (b"tEXt", &b""[..], text.as_bytes().to_vec()),
            Text::Compressed => (b"zTXt", &b"\0"[..], deflated(text.as_bytes())?),
            Text::International => (b"iTXt", &b"\0\0\0\0"[..], text.as_bytes().to_vec()),
            Text::InternationalCompressed => (b"iTXt", &b"\x01\0\0\0"[..], deflated(text.as_bytes())?),
        };
        let data = [keyword.as_bytes(), b"\0", between, &text].concat();
        chunks.insert(place + index, (*name, data));
    }
    Ok(png(&chunks))
}

/// A PNG with these texts in chunks of ComfyUI behind the picture.
pub(super) fn png_comfyui(texts: &[(&str, &str)]) -> Made {
    let mut chunks = chunks(&small_png()?)?;
    for (index, (keyword, text)) in texts.iter().enumerate() {
        chunks.insert(
            2 + index,
            (*b"comf", [keyword.as_bytes(), b"\0", text.as_bytes()].concat()),
        );
    }
    Ok(png(&chunks))
}

/// A PNG with a message in the lowest bits of its opacity, from the first pixel down each column: `name`, the length in
/// bits, the data.
pub(super) fn png_alpha(name: &[u8; 15], data: &[u8]) -> Made {
    hidden(name, data, |at, bit| [90, 120, 150, 0xFE | bit(at)])
}

/// The same in the lowest bits of red, green and blue in turn.
pub(super) fn png_colours(name: &[u8; 15], data: &[u8]) -> Made {
    hidden(name, data, |at, bit| {
        [90 | bit(at * 3), 120 | bit(at * 3 + 1), 150 | bit(at * 3 + 2), 255]
    })
}

/// A PNG whose pixels carry a message: each by its number down the columns, and the bits.
fn hidden(name: &[u8; 15], data: &[u8], pixel: impl Fn(usize, &dyn Fn(usize) -> u8) -> [u8; 4]) -> Made {
    const SIDE: usize = 64;
    let message = [name, &u32::try_from(data.len() * 8)?.to_be_bytes()[..], data].concat();
    let bit = |at: usize| message.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let row = |y: usize| (0..SIDE).flat_map(|x| pixel(x * SIDE + y, &bit)).collect::<Vec<u8>>();
    let rows: Vec<u8> = (0..SIDE).flat_map(|y| std::iter::once(0).chain(row(y))).collect();
    let header = b"\0\0\0\x40\0\0\0\x40\x08\x06\0\0\0".to_vec();
    Ok(png(&[
        (*b"IHDR", header),
        (*b"IDAT", deflated(&rows)?),
        (*b"IEND", Vec::new()),
    ]))
}

/// Data in a gzip member without a date.
pub(super) fn zipped(data: &[u8]) -> Made {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data)?;
    Ok(encoder.finish()?)
}

/// A PNG with XMP in this form.
pub(super) fn png_xmp(packet: &str, form: Text) -> Made {
    png_with(&[(XMP_KEYWORD, packet, form)])
}

/// A PNG with XMP behind the picture.
pub(super) fn png_xmp_behind(packet: &str) -> Made {
    png_with_behind(&[(XMP_KEYWORD, packet, Text::International)])
}

/// A PNG with an EXIF chunk.
pub(super) fn png_exif(exif: &[u8]) -> Made {
    let mut chunks = chunks(&small_png()?)?;
    chunks.insert(1, (*b"eXIf", exif.to_vec()));
    Ok(png(&chunks))
}

/// A JPEG with these segments behind its first marker.
pub(super) fn jpeg_with(segments: &[(u8, Vec<u8>)]) -> Made {
    let all: Vec<u8> = segments
        .iter()
        .flat_map(|(marker, data)| segment(*marker, data))
        .collect();
    Ok(insert(picture("flat.jpg")?, 2, &all))
}

/// A JPEG with XMP.
pub(super) fn jpeg_xmp(packet: &str) -> Made {
    jpeg_with(&[(0xE1, xmp_segment(packet))])
}

/// What an APP1 segment with XMP holds (XMP part 3, 1.1.3).
pub(super) fn xmp_segment(packet: &str) -> Vec<u8> {
    [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat()
}

/// A JPEG with EXIF.
pub(super) fn jpeg_exif(exif: &[u8]) -> Made {
    jpeg_with(&[(0xE1, [b"Exif\0\0", exif].concat())])
}

/// A JPEG with the rest of its XMP in two portions of an extended part (XMP part 3, 1.1.3.1).
pub(super) fn jpeg_extended_xmp(main: &str, extended: &str) -> Made {
    const GUID: &[u8; 32] = b"0123456789ABCDEF0123456789ABCDEF";
    let (first, second) = extended.as_bytes().split_at(extended.len() / 2);
    let portion = |offset: usize, part: &[u8]| {
        [
            &b"http://ns.adobe.com/xmp/extension/\0"[..],
            GUID,
            &(extended.len() as u32).to_be_bytes(),
            &(offset as u32).to_be_bytes(),
            part,
        ]
        .concat()
    };
    jpeg_with(&[
        (0xE1, xmp_segment(main)),
        (0xE1, portion(0, first)),
        (0xE1, portion(first.len(), second)),
    ])
}

/// A JPEG with datasets of IPTC-IIM, record 2, in Photoshop's resources.
pub(super) fn jpeg_iptc(datasets: &[(u8, &str)]) -> Made {
    let iim: Vec<u8> = datasets
        .iter()
        .flat_map(|(number, text)| {
            [
                &[0x1C, 2, *number][..],
                &(text.len() as u16).to_be_bytes(),
                text.as_bytes(),
            ]
            .concat()
        })
        .collect();
    let mut resource = [
        b"Photoshop 3.0\x008BIM\x04\x04\0\0",
        &(iim.len() as u32).to_be_bytes()[..],
        &iim,
    ]
    .concat();
    resource.resize(resource.len().next_multiple_of(2), 0);
    jpeg_with(&[(0xED, resource)])
}

/// An extended WebP with EXIF or XMP.
pub(super) fn webp_with(name: &[u8; 4], data: &[u8]) -> Made {
    let simple = picture("flat.webp")?;
    let riff = |name: &[u8; 4], data: &[u8]| {
        let mut chunk = [&name[..], &(data.len() as u32).to_le_bytes(), data].concat();
        chunk.resize(chunk.len().next_multiple_of(2), 0);
        chunk
    };
    let flag = match name {
        b"EXIF" => 0x08,
        _ => 0x04,
    };
    // Flags, three bytes reserved, width and height less one (RFC 9649, 2.7).
    let header = riff(b"VP8X", &[flag, 0, 0, 0, 159, 0, 0, 119, 0, 0]);
    let coded = simple.get(12..).ok_or("no WebP")?;
    let body = [b"WEBP", &header[..], coded, &riff(name, data)].concat();
    Ok([b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat())
}

/// A GIF of one pixel with a comment, or with XMP.
pub(super) fn gif_with(extension: &[u8]) -> Made {
    Ok([
        &b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF"[..],
        extension,
        b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
    ]
    .concat())
}

/// The application extension with XMP, and the bytes that lead readers of sub-blocks past it (XMP part 3, 1.1.2).
pub(super) fn gif_xmp(packet: &str) -> Made {
    let magic: Vec<u8> = [1].into_iter().chain((0..=255).rev()).chain([0]).collect();
    gif_with(&[b"!\xFF\x0BXMP DataXMP", packet.as_bytes(), &magic].concat())
}

/// A comment extension.
pub(super) fn gif_comment(text: &str) -> Made {
    let blocks = text.as_bytes().chunks(255);
    let blocks: Vec<u8> = blocks
        .flat_map(|block| [&[block.len() as u8][..], block].concat())
        .collect();
    gif_with(&[b"!\xFE", &blocks[..], b"\0"].concat())
}

/// A TIFF of one grey pixel with XMP in tag 700.
pub(super) fn tiff_xmp(packet: &str) -> Made {
    Ok(tiff(packet, None))
}

/// The same as a Digital Negative, by the tag of its version.
pub(super) fn dng_xmp(packet: &str) -> Made {
    Ok(tiff(packet, Some((50706, 1, 4, u32::from_le_bytes([1, 6, 0, 0])))))
}

fn tiff(packet: &str, further: Option<(u16, u16, u32, u32)>) -> Vec<u8> {
    // The pixel stands behind the directory, the packet behind it.
    let pixel = 8 + 2 + (8 + u32::from(further.is_some())) * 12 + 4;
    // Tag, type, count and value of each entry.
    let mut entries: Vec<(u16, u16, u32, u32)> = vec![
        (256, 3, 1, 1),
        (257, 3, 1, 1),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, pixel),
        (279, 4, 1, 1),
        (700, 1, packet.len() as u32, pixel + 2),
    ];
    entries.extend(further);
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    out.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend([0; 4]);
    out.extend([0x80, 0]);
    out.extend(packet.as_bytes());
    out
}

/// A box of ISO base media.
pub(super) fn iso_box(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    [&(payload.len() as u32 + 8).to_be_bytes()[..], kind, payload].concat()
}

/// A file on ISO base media with one item of metadata and no picture: `mime` with XMP, or `Exif`.
pub(super) fn heif_with(brand: &[u8; 4], item: &[u8], data: &[u8]) -> Made {
    let ftyp = iso_box(b"ftyp", &[&brand[..], b"\0\0\0\0mif1", brand].concat());
    let mdat = iso_box(b"mdat", data);
    let infe = iso_box(b"infe", &[b"\x02\0\0\0\0\x01\0\0", item].concat());
    let iloc = [
        &b"\0\0\0\0\x44\0\0\x01\0\x01\0\0\0\x01"[..],
        &(ftyp.len() as u32 + 8).to_be_bytes(),
        &(data.len() as u32).to_be_bytes(),
    ]
    .concat();
    let meta = [
        &[0; 4][..],
        &iso_box(b"hdlr", b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        &iso_box(b"iinf", &[&b"\0\0\0\0\0\x01"[..], &infe].concat()),
        &iso_box(b"iloc", &iloc),
    ]
    .concat();
    Ok([ftyp, mdat, iso_box(b"meta", &meta)].concat())
}

/// An AVIF or HEIC file with XMP.
pub(super) fn heif_xmp(brand: &[u8; 4], packet: &str) -> Made {
    heif_with(brand, b"mime\0application/rdf+xml\0", packet.as_bytes())
}

/// An AVIF file with EXIF.
pub(super) fn avif_exif(exif: &[u8]) -> Made {
    heif_with(b"avif", b"Exif\0", &[b"\0\0\0\0", exif].concat())
}

/// A JPEG XL container with this box, and a codestream that is cut off.
pub(super) fn jxl_with(kind: &[u8; 4], payload: &[u8]) -> Made {
    Ok([
        iso_box(b"JXL ", b"\r\n\x87\n"),
        iso_box(b"ftyp", b"jxl \0\0\0\0jxl "),
        iso_box(kind, payload),
        iso_box(b"jxlc", b"\xFF\x0A"),
    ]
    .concat())
}

/// An MP4 without a track, with XMP in its box.
pub(super) fn mp4_xmp(packet: &str) -> Made {
    let uuid = b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
    Ok([
        iso_box(b"ftyp", b"isom\0\0\0\0isommp42"),
        iso_box(b"uuid", &[&uuid[..], packet.as_bytes()].concat()),
        iso_box(b"mdat", &[7; 200]),
    ]
    .concat())
}

/// An MP4 film without a track, with a text under a key as FFmpeg writes it.
pub(super) fn mp4_text(key: &str, text: &str) -> Made {
    let keys = [&[0, 0, 0, 0, 0, 0, 0, 1][..], &iso_box(b"mdta", key.as_bytes())].concat();
    let value = iso_box(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], text.as_bytes()].concat());
    let meta = [
        &[0; 4][..],
        &iso_box(b"hdlr", b"\0\0\0\0\0\0\0\0mdta\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        &iso_box(b"keys", &keys),
        &iso_box(b"ilst", &iso_box(&[0, 0, 0, 1], &value)),
    ];
    let user_data = iso_box(b"udta", &iso_box(b"meta", &meta.concat()));
    Ok([
        iso_box(b"ftyp", b"isom\0\0\0\0isommp42"),
        iso_box(b"moov", &[iso_box(b"mvhd", &[0; 100]), user_data].concat()),
        iso_box(b"mdat", &[7; 200]),
    ]
    .concat())
}

/// A QuickTime film without a track, with XMP among its user data.
pub(super) fn mov_xmp(packet: &str) -> Made {
    let user_data = iso_box(b"udta", &[&iso_box(b"XMP_", packet.as_bytes())[..], &[0; 4]].concat());
    Ok([
        iso_box(b"ftyp", b"qt  \0\0\0\0qt  "),
        iso_box(b"mdat", &[7; 200]),
        iso_box(b"moov", &[iso_box(b"mvhd", &[0; 100]), user_data].concat()),
    ]
    .concat())
}

/// A PDF with an empty page, and XMP.
pub(super) fn pdf_xmp(packet: &str) -> Made {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>".to_owned(),
        format!(
            "<< /Type /Metadata /Subtype /XML /Length {} >>\nstream\n{packet}\nendstream",
            packet.len()
        ),
    ];
    let (mut file, mut table) = ("%PDF-1.7\n".to_owned(), "0000000000 65535 f \n".to_owned());
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let (start, count) = (file.len(), objects.len() + 1);
    file += &format!("xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    Ok(file.into_bytes())
}

/// Brotli without compression: one stored block, then the empty last one (RFC 7932, 9.2).
pub(super) fn stored_brotli(text: &[u8]) -> Vec<u8> {
    let length = text.len() as u32 - 1;
    // WBITS 16 (0), not last (0), four nibbles (00), the length less one, stored (1).
    let head = length << 4 | 1 << 20;
    [&head.to_le_bytes()[..3], text, b"\x03"].concat()
}

/// What Samsung's phones append: one entry and its directory.
pub(super) fn samsung_trailer(name: &str, data: &[u8]) -> Vec<u8> {
    let block = [
        &b"\0\0\xA1\x0A"[..],
        &(name.len() as u32).to_le_bytes(),
        name.as_bytes(),
        data,
    ]
    .concat();
    let length = (block.len() as u32).to_le_bytes();
    let directory = [&b"SEFH\x6B\0\0\0\x01\0\0\0\0\0\xA1\x0A"[..], &length, &length].concat();
    let end = (directory.len() as u32).to_le_bytes();
    [&block[..], &directory, &end, b"SEFT"].concat()
}

/// A PNG chunk with a compressed text of this many zeros behind it: a bomb.
pub(super) fn bomb(keyword: &str, length: usize) -> Made {
    let data = [keyword.as_bytes(), b"\0\0", &deflated(&vec![b'0'; length])?].concat();
    let small = small_png()?;
    // Behind IHDR.
    Ok(insert(small, 33, &chunk(*b"zTXt", &data)))
}

fn deflated(bytes: &[u8]) -> Made {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
