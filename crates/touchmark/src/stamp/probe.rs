//! The tiny built-in pictures on which a template is tried before it serves any picture.

use touchmark_image::Format;

/// A whole picture of the format whose manifest store begins at `start` or a little later; the rest is padding that
/// every reader skips. In PNG a store begins at 33, whatever is asked for.
pub(super) fn picture(format: Format, start: u64) -> Option<Vec<u8>> {
    let start = usize::try_from(start).ok()?;
    match format {
        Format::Jpeg => Some(jpeg(start)),
        Format::Png => Some(PNG.to_vec()),
        Format::WebP => Some(webp(start)),
        _ => None,
    }
}

/// One grey pixel of 8 bits.
const PNG: [u8; 67] = *b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3A\x7E\x9B\x55\
    \0\0\0\x0AIDAT\x78\xDA\x63\x68\0\0\0\x82\0\x81\xDA\x45\x08\x3B\0\0\0\0IEND\xAE\x42\x60\x82";

/// Eight by eight grey pixels: one block, whose only coefficients are zeros.
fn jpeg(start: usize) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    // Room for the largest APP0 at a time; the store goes behind the last of them.
    while out.len() < start {
        let length = (start - out.len()).clamp(4, 60_000) - 2;
        segment(&mut out, 0xE0, &vec![0; length - 2]);
    }
    // A quantisation table of ones.
    segment(&mut out, 0xDB, &[&[0][..], &[1; 64]].concat());
    segment(&mut out, 0xC0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    // Huffman tables for DC and AC with one code of one bit each: difference 0, end of block.
    for class in [0x00, 0x10] {
        segment(&mut out, 0xC4, &[&[class, 1][..], &[0; 15], &[0]].concat());
    }
    segment(&mut out, 0xDA, &[1, 1, 0, 0, 63, 0]);
    // Both codes, and ones up to the byte.
    out.extend_from_slice(&[0x3F, 0xFF, 0xD9]);
    out
}

fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend_from_slice(&[0xFF, marker]);
    out.extend_from_slice(&((body.len() + 2) as u16).to_be_bytes());
    out.extend_from_slice(body);
}

/// One lossless pixel.
fn webp(start: usize) -> Vec<u8> {
    const PIXEL: &[u8; 13] = b"\x2F\0\0\0\x10\x07\x10\x11\x11\x88\x88\x08\0";
    let mut body = [b"WEBPVP8L\x0D\0\0\0", &PIXEL[..], b"\0"].concat();
    if let Some(padding) = start.checked_sub(body.len() + 8 + 8) {
        let padding = padding.next_multiple_of(2);
        body.extend_from_slice(b"junk");
        body.extend_from_slice(&(padding as u32).to_le_bytes());
        body.resize(body.len() + padding, 0);
    }
    [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

#[cfg(test)]
mod tests {
    use touchmark_image::{Layout, Limits, SourceImage};

    use super::*;

    #[test]
    fn each_is_whole_and_its_store_begins_where_asked() {
        for (format, starts) in [
            (Format::Jpeg, &[2, 20, 23, 24, 200, 255, 256, 1000, 70_000, 200_000][..]),
            (Format::Png, &[33]),
            (Format::WebP, &[34, 42, 200, 300, 70_000, 1_000_000]),
        ] {
            for start in starts {
                let bytes = picture(format, *start).unwrap();
                let image = SourceImage::parse(&bytes, &Limits::default()).unwrap();
                assert_eq!(image.format(), format);
                let layout = Layout::new(&image.container().unwrap(), None).unwrap();
                assert!((*start..*start + 4).contains(&layout.start()), "{format:?} {start}");
            }
        }
        assert_eq!(picture(Format::Gif, 1), None);
    }
}
