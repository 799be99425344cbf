//! Whether what a data hash leaves out is the manifest store, by where the store lies in each format (C2PA 2.2, A.3 to A.5),
//! for files in which touchmark's own strict walk finds none: those of formats that it does not walk, and damaged ones.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use touchmark_image::{Format, SourceImage};

use super::content_box;

/// Ranges that are tried as the store's, each of which may cost a look at all of the file. Real files have two.
const MOST_TRIED: usize = 4;

/// How the extension begins in which GIF has a store (C2PA 2.2, A.3.6).
const IN_GIF: &[u8] = b"\x21\xFF\x0BC2PA_GIF";

/// Whether these ranges are the store, as c2pa read it, or in it; in TIFF also how long it is. Nothing else is left out.
pub(super) fn are_the_store(exclusions: &[Range<usize>], store: &[u8], image: &SourceImage<'_>) -> bool {
    let Some(place) = place_of(exclusions, store, image) else {
        return exclusions.is_empty();
    };
    // All of the store, not what was left out of it once: it may have grown since.
    if image.shows_from(std::slice::from_ref(&place)) != Some(false) {
        return false;
    }
    let is_tiff = matches!(image.format(), Format::Tiff | Format::Dng);
    exclusions.iter().all(|range| {
        let is_within = place.start <= range.start && range.end <= place.end;
        is_within || is_tiff && is_its_length(range, &place, image.bytes())
    })
}

/// Where the store lies, as c2pa read it, that begins in one of these ranges.
pub(super) fn place_of(exclusions: &[Range<usize>], store: &[u8], image: &SourceImage<'_>) -> Option<Range<usize>> {
    let mut tried = exclusions.iter().take(MOST_TRIED);
    let from = |start: usize| Some(start..store_from(start, store, image)?);
    tried.find_map(|range| from(range.start).or_else(|| behind_others(range, store, image).find_map(from)))
}

/// Where the store may begin in a range, behind something else that was put there.
fn behind_others(range: &Range<usize>, store: &[u8], image: &SourceImage<'_>) -> impl Iterator<Item = usize> {
    /// Enough of a store to be known by: the headers of its superbox and of its description.
    const HEADERS: usize = 16;
    let (begins, before) = match image.format() {
        Format::Gif => (Some(IN_GIF), 0),
        Format::Avif | Format::Heic | Format::Heif | Format::Mp4 | Format::Mov => {
            (Some(content_box::USER_TYPE), content_box::USER_TYPE_OFFSET as usize)
        }
        Format::Jpeg | Format::Png | Format::WebP | Format::Svg => (None, 0),
        _ => (store.get(..HEADERS), 0),
    };
    let within = image.bytes().get(range.clone()).unwrap_or_default();
    let found = begins
        .into_iter()
        .flat_map(|begins| memchr::memmem::find_iter(within, begins));
    let starts = found.filter_map(|at| (range.start + at).checked_sub(before));
    starts.take(MOST_TRIED).collect::<Vec<_>>().into_iter()
}

/// Whether one of these ranges begins with the store, as c2pa read it, and runs on over something that shows.
pub(super) fn run_past_the_store(exclusions: &[Range<usize>], store: &[u8], image: &SourceImage<'_>) -> bool {
    exclusions.iter().take(MOST_TRIED).any(|range| {
        let behind = store_from(range.start, store, image).and_then(|end| image.bytes().get(end..range.end));
        behind.is_some_and(|behind| !is_padding(behind, image.format()))
    })
}

/// Zeros and white space; in SVG also the ends of the elements that the store is in.
pub(super) fn is_padding(bytes: &[u8], format: Format) -> bool {
    let mut rest = bytes.trim_ascii_start();
    if format == Format::Svg {
        while let Some((_, behind)) = rest
            .strip_prefix(b"</")
            .and_then(|tag| tag.split_at_checked(memchr::memchr(b'>', tag)? + 1))
        {
            rest = behind.trim_ascii_start();
        }
    }
    rest.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace())
}

/// Where the store ends that begins here, with what it is wrapped in; `None` where something else is there.
fn store_from(start: usize, store: &[u8], image: &SourceImage<'_>) -> Option<usize> {
    let rest = image.bytes().get(start..)?;
    let length = match image.format() {
        Format::Jpeg => in_segments(rest, store),
        Format::Png => in_png_chunk(rest, store),
        Format::WebP => in_riff_chunk(rest, store),
        Format::Gif => in_extension(rest, store),
        Format::Svg => in_base64(rest, store),
        Format::Avif | Format::Heic | Format::Heif | Format::Mp4 | Format::Mov => content_box::holding(rest, store),
        _ => rest.starts_with(store).then_some(store.len()),
    };
    start.checked_add(length?)
}

/// In APP11 segments one behind the other, each with the header of the box again (ISO 19566-5, annex D).
fn in_segments(bytes: &[u8], store: &[u8]) -> Option<usize> {
    /// Marker, length, common identifier, box instance number and packet sequence number.
    const HEAD: usize = 12;
    const MARKER: [u8; 2] = [0xFF, 0xEB];
    // Length and type; and the longer length, where the first says so.
    let box_header = store.get(..if store.starts_with(&[0, 0, 0, 1]) { 16 } else { 8 })?;
    let (mut at, mut done) = (0, 0);
    while done < store.len() {
        let segment = bytes.get(at..).filter(|rest| rest.starts_with(&MARKER))?;
        let length = usize::from(u16::from_be_bytes(segment.get(2..4)?.try_into().ok()?)) + MARKER.len();
        let mut part = segment.get(HEAD..length)?;
        if done > 0 {
            part = part.strip_prefix(box_header)?;
        }
        if part.is_empty() || !store.get(done..)?.starts_with(part) {
            return None;
        }
        at += length;
        done += part.len();
    }
    Some(at)
}

/// In a chunk of PNG, with its length, type and checksum.
fn in_png_chunk(bytes: &[u8], store: &[u8]) -> Option<usize> {
    let data = bytes.get(4..)?.strip_prefix(b"caBX")?;
    let length = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
    (data.starts_with(store) && usize::try_from(length) == Ok(store.len())).then_some(store.len() + 12)
}

/// In a chunk of RIFF, with its type and length, and the byte behind it where that is odd.
fn in_riff_chunk(bytes: &[u8], store: &[u8]) -> Option<usize> {
    let length = u32::from_le_bytes(bytes.strip_prefix(b"C2PA")?.get(..4)?.try_into().ok()?);
    let is_it = bytes.get(8..)?.starts_with(store) && usize::try_from(length) == Ok(store.len());
    is_it.then_some((store.len() + 8).next_multiple_of(2))
}

/// In an application extension of GIF: in blocks of up to 255 bytes, an empty one behind them.
fn in_extension(bytes: &[u8], store: &[u8]) -> Option<usize> {
    /// Introducer, label, and a block with the application's name and code.
    const HEAD: usize = 14;
    bytes.strip_prefix(IN_GIF)?;
    let (mut at, mut rest) = (HEAD, store);
    loop {
        let length = usize::from(*bytes.get(at)?);
        let block = bytes.get(at + 1..)?.get(..length)?;
        at += 1 + length;
        if block.is_empty() {
            return rest.is_empty().then_some(at);
        }
        rest = rest.strip_prefix(block)?;
    }
}

/// As Base64 up to the next tag of SVG.
fn in_base64(bytes: &[u8], store: &[u8]) -> Option<usize> {
    let text = bytes.get(..memchr::memchr(b'<', bytes)?)?;
    if text.len() < store.len() || text.len() / 2 > store.len() {
        return None;
    }
    let plain: Cow<'_, [u8]> = match text.iter().any(u8::is_ascii_whitespace) {
        true => text
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect(),
        false => text.into(),
    };
    (STANDARD.decode(plain).ok()? == store).then_some(text.len())
}

/// Whether this is where the directory entry of the store counts its bytes, which is written after the hash (C2PA 2.2,
/// A.3.4; TIFF 6.0, section 2). Not for BigTIFF.
fn is_its_length(range: &Range<usize>, store: &Range<usize>, bytes: &[u8]) -> bool {
    let is_entry = || {
        let little = match bytes.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        let number = |value: usize| {
            let value = u32::try_from(value).ok()?;
            Some(if little {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            })
        };
        // The tag, and undefined bytes: the type is 7.
        let start: [u8; 4] = if little { *b"\x41\xCD\x07\0" } else { *b"\xCD\x41\0\x07" };
        let expected = [start, number(store.len())?, number(store.start)?].concat();
        Some(bytes.get(range.start.checked_sub(4)?..range.end.checked_add(4)?)? == expected)
    };
    range.len() == 4 && is_entry() == Some(true)
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "ranges of bytes are what is meant")]
mod tests {
    use touchmark_image::Limits;

    use super::*;

    const STORE: &[u8] = b"\0\0\0\x14jumb0123456789AB";

    fn are(exclusions: &[Range<usize>], file: &[u8]) -> bool {
        let image = SourceImage::parse(file, &Limits::default()).unwrap();
        are_the_store(exclusions, STORE, &image)
    }

    /// Each format's beginning, and the store in its wrapping.
    fn wrapped() -> Vec<(&'static [u8], Vec<u8>)> {
        let segment = |number: u8, part: &[u8]| {
            let length = (part.len() as u16 + 10).to_be_bytes();
            [b"\xFF\xEB", &length[..], b"JP\x02\x11\0\0\0", &[number], part].concat()
        };
        let (first, second) = STORE.split_at(12);
        let again = [&STORE[..8], second].concat();
        let uuid = b"\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81";
        let payload = [b"uuid", &uuid[..], b"\0\0\0\0manifest\0", &[0; 8], STORE, &[0; 3]].concat();
        vec![
            (b"\xFF\xD8\xFF", [segment(1, first), segment(2, &again)].concat()),
            (b"\x89PNG\r\n\x1A\n", [b"\0\0\0\x14caBX", STORE, b"1234"].concat()),
            (b"RIFF\0\0\0\0WEBP", [b"C2PA\x14\0\0\0", STORE].concat()),
            (
                b"GIF89a\x01\0\x01\0\0\0\0",
                [
                    b"!\xFF\x0BC2PA_GIF\x01\0\0\x05",
                    &STORE[..5],
                    b"\x0F",
                    &STORE[5..],
                    b"\0",
                ]
                .concat(),
            ),
            (b"<svg>", STANDARD.encode(STORE).into_bytes()),
            (
                b"\0\0\0\x14ftypavif\0\0\0\0avif",
                [&(payload.len() as u32 + 4).to_be_bytes()[..], &payload].concat(),
            ),
            (b"\0\0\0\x0CJXL \r\n\x87\n", STORE.to_vec()),
            (b"%PDF-1.7", STORE.to_vec()),
        ]
    }

    #[test]
    fn the_store_may_be_left_out_and_nothing_beside_it() {
        for (start, wrapped) in wrapped() {
            let file = [start, &wrapped, b"</svg> and more"].concat();
            let (from, to) = (start.len(), start.len() + wrapped.len());
            assert!(are(&[from..to], &file), "{}", start.escape_ascii());
            assert!(are(&[from..to - 1], &file) && are(&[], &file));
            assert!(!are(&[from..to + 1], &file), "{}", start.escape_ascii());
            assert!(!are(&[from - 1..to], &file) && !are(&[from..to, to + 2..to + 3], &file));
            // A checksum, the number of a segment: few bytes of what wraps it count nothing.
            let counts = |at: &usize| {
                let mut changed = file.clone();
                changed[*at] ^= 1;
                !are(&[from..to], &changed)
            };
            assert!((from..to).filter(counts).count() + 16 >= wrapped.len());
        }
    }

    #[test]
    fn what_is_no_padding_behind_the_store_is_found() {
        for (start, wrapped) in wrapped() {
            let runs_past = |behind: &[u8], more: usize| {
                let file = [start, &wrapped, behind, b"</svg>"].concat();
                let image = SourceImage::parse(&file, &Limits::default()).unwrap();
                let range = start.len()..start.len() + wrapped.len() + more;
                run_past_the_store(&[range], STORE, &image)
            };
            let name = start.escape_ascii();
            assert!(!runs_past(b"", 0) && !runs_past(b"\0\0 \n", 4), "{name}");
            assert!(runs_past(b"</a><b>", 5) && runs_past(b"</a>text", 8), "{name}");
            // Ends of elements are nothing but in SVG.
            assert_eq!(runs_past(b"</a>\n</b>", 9), start != b"<svg>", "{name}");
        }
    }

    /// One directory with one entry, and the store.
    fn tiff(order: [u8; 2]) -> Vec<u8> {
        let little = order == *b"II";
        let int16 = |value: u16| match little {
            true => value.to_le_bytes(),
            false => value.to_be_bytes(),
        };
        let int32 = |value: u32| match little {
            true => value.to_le_bytes(),
            false => value.to_be_bytes(),
        };
        [
            &order[..],
            &int16(42),
            &int32(8),
            &int16(1),
            &int16(0xCD41),
            &int16(7),
            &int32(20),
            &int32(26),
            &int32(0),
            STORE,
            b"89",
        ]
        .concat()
    }

    #[test]
    fn the_store_and_its_length_are_all_that_tiff_may_leave_out() {
        for order in [*b"II", *b"MM"] {
            let file = tiff(order);
            assert!(are(&[14..18, 26..46], &file) && are(&[26..46], &file));
            assert!(!are(&[14..18], &file), "its length alone");
            assert!(!are(&[14..18, 26..47], &file), "longer than the store");
            assert!(!are(&[26..46, 46..48], &file), "behind it");
            assert!(!are(&[10..14, 26..46], &file), "the tag itself");
            let mut shown = file.clone();
            shown[10..18].copy_from_slice(&match order {
                [b'I', _] => *b"\x11\x01\x04\0\x01\0\0\0",
                _ => *b"\x01\x11\0\x04\0\0\0\x01",
            });
            assert!(!are(&[26..46], &shown), "a strip in it");
            let mut grown = shown.clone();
            grown[18..22].copy_from_slice(&match order {
                [b'I', _] => 40_u32.to_le_bytes(),
                _ => 40_u32.to_be_bytes(),
            });
            assert!(!are(&[26..30], &grown), "a strip in what it has grown by");
            let mut decoy = file.clone();
            decoy[18] ^= 1;
            assert!(!are(&[14..18, 26..46], &decoy), "the entry of another place");
        }
    }
}
