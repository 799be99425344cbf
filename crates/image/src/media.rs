//! Where a picture has what it shows, for whoever asks what a hash over a part of the file protects.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use crate::bmff::{self, IsoBoxes};
use crate::gif::{self, Block};
use crate::{Format, SourceImage, tiff};

impl<'a> SourceImage<'a> {
    /// Whether anything that the file shows lies in one of these places, as far as tables of TIFF and of ISO base media say:
    /// strips, tiles, directories and values of TIFF and items of pictures whole, chunks of films by their first byte. `None`
    /// where a table is damaged; `false` for PDF, of which nothing is looked up, and for other formats, which have what they
    /// show one after the other.
    pub fn shows_from(&self, places: &[Range<usize>]) -> Option<bool> {
        let places = merged(places.to_vec());
        let is_touched = |range: &Range<usize>| {
            let next = places.partition_point(|place| place.end <= range.start);
            places.get(next).is_some_and(|place| place.start < range.end)
        };
        let mut shows = false;
        let look = |range| shows |= is_touched(&range);
        match self.format() {
            Format::Tiff | Format::Dng => tiff::each_media(self.bytes(), look)?,
            Format::Avif | Format::Heic | Format::Heif | Format::Mp4 | Format::Mov => {
                bmff::each_media(self.bytes(), look)?;
            }
            _ => {}
        }
        Some(shows)
    }

    /// Whether the boxes of a file on ISO base media or of JPEG XL, from the first byte to the last, or the blocks of a GIF
    /// up to its trailer follow each other with nothing between them. `false` for other formats.
    pub fn is_gapless(&self) -> bool {
        match self.format() {
            Format::Gif => {
                gif::blocks(self.bytes()).all(|block| !matches!(block, Block::Stray | Block::Unknown | Block::CutOff))
            }
            Format::Avif | Format::Heic | Format::Heif | Format::Mp4 | Format::Mov | Format::JpegXl => {
                let mut boxes = self.outermost_boxes();
                boxes.by_ref().for_each(drop);
                !boxes.is_truncated()
            }
            _ => false,
        }
    }

    /// All outermost boxes of an ISO base media file, up to where it is damaged; for other formats nothing that makes sense.
    pub fn outermost_boxes(&self) -> IsoBoxes<'a> {
        IsoBoxes::new(self.bytes())
    }
}

/// The same bytes as ranges in order that neither touch nor overlap.
pub fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn image(bytes: &[u8]) -> SourceImage<'_> {
        SourceImage::parse(bytes, &Limits::default()).unwrap()
    }

    fn iso_box(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
        [&(payload.len() as u32 + 8).to_be_bytes()[..], kind, payload].concat()
    }

    #[test]
    fn places_are_told_apart_to_the_byte() {
        // A tag, its type, and one value in place.
        let entry = |tag: u16, kind: u16, value: u32| {
            [
                &tag.to_le_bytes()[..],
                &kind.to_le_bytes(),
                &1_u32.to_le_bytes(),
                &value.to_le_bytes(),
            ]
            .concat()
        };
        let first = [entry(273, 4, 100), entry(279, 4, 20), entry(330, 4, 50)].concat();
        let second = [entry(324, 3, 7), entry(325, 3, 9)].concat();
        let file = [
            &b"II*\0\x08\0\0\0\x03\0"[..],
            &first,
            &[0; 4],
            b"\x02\0",
            &second,
            &[0; 4],
        ]
        .concat();
        let shows_from = |places: &[Range<usize>]| image(&file).shows_from(places);
        // Strips and tiles, then the two directories.
        for of_a_picture in [100..101, 119..120, 90..200, 7..8, 15..16, 8..9, 49..50, 50..51, 79..80] {
            assert_eq!(shows_from(&[of_a_picture]), Some(true));
        }
        assert_eq!(shows_from(&[120..200, 80..100, 0..7]), Some(false));
        assert_eq!(shows_from(&[90..110, 92..94]), Some(true), "one within the other");
        assert_eq!(image(&file[..60]).shows_from(&[]), None);
    }

    #[test]
    fn items_chunks_and_runs_are_found() {
        let brands = iso_box(b"ftyp", b"avif\0\0\0\0avif");
        // Version 0, offsets and lengths of four bytes, one item in one piece.
        let item = |offset: u32, length: u32| {
            let numbers = [offset.to_be_bytes(), length.to_be_bytes()].concat();
            let table = [&b"\0\0\0\0\x44\0\0\x01\0\x01\0\0\0\x01"[..], &numbers].concat();
            iso_box(b"meta", &[&[0; 4][..], &iso_box(b"iloc", &table)].concat())
        };
        let chunk = |offset: u32| {
            let table = [&[0, 0, 0, 0, 0, 0, 0, 1][..], &offset.to_be_bytes()].concat();
            let path = [b"stbl", b"minf", b"mdia", b"trak", b"moov"];
            path.iter()
                .fold(iso_box(b"stco", &table), |inner, kind| iso_box(kind, &inner))
        };
        let run = |base: Option<u64>, offset: i32| {
            let header = match base {
                Some(base) => [&[0, 0, 0, 1, 0, 0, 0, 1][..], &base.to_be_bytes()].concat(),
                None => vec![0, 2, 0, 0, 0, 0, 0, 1],
            };
            let run = [&[0, 0, 0, 1, 0, 0, 0, 1][..], &offset.to_be_bytes()].concat();
            let fragment = [iso_box(b"tfhd", &header), iso_box(b"trun", &run)].concat();
            iso_box(b"moof", &iso_box(b"traf", &fragment))
        };
        let shows_from = |table: Vec<u8>, place: Range<usize>| {
            let file = [&brands[..], &table].concat();
            image(&file).shows_from(&[place])
        };
        for (table, first) in [
            (item(9, 4), 9),
            (item(9, 0), 9),
            (chunk(9), 9),
            (run(Some(5), 4), 9),
            // Behind the box of brands, which has twenty bytes.
            (run(None, -11), 9),
        ] {
            assert_eq!(shows_from(table.clone(), first..first + 1), Some(true));
            assert_eq!(shows_from(table, first - 1..first), Some(false));
        }
        assert_eq!(shows_from(item(9, 4), 13..99), Some(false));
        assert_eq!(shows_from(item(9, 0), 13..99), Some(true), "to the end");
        assert_eq!(shows_from(iso_box(b"meta", b""), 0..1), None);
    }

    #[test]
    fn gaps_are_found() {
        let gif = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;behind";
        let stray = b"GIF89a\x01\0\x01\0\0\0\0\0;";
        let jxl = b"\0\0\0\x0CJXL \r\n\x87\n\0\0\0\x0Bjxlc\xFF\x0A\0";
        assert!(image(gif).is_gapless() && image(jxl).is_gapless());
        assert!(!image(&gif[..20]).is_gapless() && !image(&jxl[..20]).is_gapless() && !image(stray).is_gapless());
        assert!(!image(b"RIFF\0\0\0\0WEBP").is_gapless());
    }

    #[test]
    fn ranges_are_merged() {
        assert_eq!(merged(vec![5..8, 2..5, 3..4, 9..10]), [2..8, 9..10]);
    }
}
