use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use proptest::prelude::*;

use super::*;
use crate::samples;

fn blocks(bytes: &[u8]) -> Blocks<'_> {
    SourceImage::parse(bytes, &Limits::default()).unwrap().metadata_blocks()
}

/// Place, kind and text of each block.
fn seen(bytes: &[u8]) -> Vec<(String, BlockKind, String)> {
    let found = blocks(bytes);
    assert_eq!(found.unread, []);
    let texts = found.list.into_iter();
    texts
        .map(|block| {
            let text = String::from_utf8_lossy(&block.bytes).into_owned();
            (block.place.to_string(), block.kind, text)
        })
        .collect()
}

fn text_kind(keyword: &str) -> BlockKind {
    BlockKind::Text {
        keyword: keyword.to_owned(),
    }
}

fn deflated(text: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1A\n".to_vec();
    for (name, data) in chunks {
        out.extend_from_slice(&(data.len() as u32).to_be_bytes());
        out.extend_from_slice(*name);
        out.extend_from_slice(data);
        out.extend_from_slice(&[0; 4]);
    }
    out
}

fn jpeg(segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    for (marker, data) in segments {
        out.extend_from_slice(&[0xFF, *marker]);
        out.extend_from_slice(&(data.len() as u16 + 2).to_be_bytes());
        out.extend_from_slice(data);
    }
    out.extend_from_slice(&[0xFF, 0xD9]);
    out
}

fn iso_box(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    [&(payload.len() as u32 + 8).to_be_bytes()[..], kind, payload].concat()
}

#[test]
fn texts_of_png_are_read_in_each_form_and_behind_the_picture() {
    let itxt = |compressed: u8, text: &[u8]| [b"Title\0", &[compressed, 0][..], b"en\0Titel\0", text].concat();
    let bytes = png(&[
        (b"IHDR", vec![0; 13]),
        (b"tEXt", b"parameters\0one".to_vec()),
        (b"zTXt", [b"Comment\0\0", &deflated(b"two")[..]].concat()),
        (b"IDAT", vec![0]),
        (b"iTXt", itxt(0, b"three")),
        (b"iTXt", itxt(1, &deflated(b"four"))),
        (b"tEXt", b"XML:com.adobe.xmp\0<x/>".to_vec()),
        (b"eXIf", b"Exif\0\0MM".to_vec()),
        (b"IEND", vec![]),
    ]);
    let expected = [
        ("PNG tEXt chunk parameters", text_kind("parameters"), "one"),
        ("PNG zTXt chunk Comment", text_kind("Comment"), "two"),
        ("PNG iTXt chunk Title after the picture", text_kind("Title"), "three"),
        ("PNG iTXt chunk Title after the picture", text_kind("Title"), "four"),
        (
            "PNG tEXt chunk XML:com.adobe.xmp after the picture",
            BlockKind::Xmp,
            "<x/>",
        ),
        ("PNG eXIf chunk after the picture", BlockKind::Exif, "MM"),
    ];
    let expected = expected.map(|(place, kind, text)| (place.to_owned(), kind, text.to_owned()));
    assert_eq!(seen(&bytes), expected);
}

#[test]
fn profiles_written_as_text_are_read() {
    let raw = b"\nexif\n      10\n457869660000\n4d4d002a\n";
    let bytes = png(&[
        (b"zTXt", [b"Raw profile type exif\0\0", &deflated(raw)[..]].concat()),
        (b"IEND", vec![]),
    ]);
    assert_eq!(
        seen(&bytes),
        [(
            "PNG zTXt chunk Raw profile type exif".to_owned(),
            BlockKind::Exif,
            "MM\0*".to_owned()
        )]
    );
}

#[test]
fn packets_in_profiles_are_read_with_jpegs_name_before_them() {
    let named = b"http://ns.adobe.com/xap/1.0/\0<x/>";
    let digits: String = named.iter().map(|byte| format!("{byte:02x}")).collect();
    for name in ["xmp", "APP1"] {
        let text = format!("Raw profile type {name}\0\n{name}\n      {}\n{digits}\n", named.len());
        let bytes = png(&[(b"tEXt", text.into_bytes()), (b"IEND", vec![])]);
        let (_, kind, packet) = seen(&bytes).remove(0);
        assert_eq!((kind, packet.as_str()), (BlockKind::Xmp, "<x/>"));
    }
}

#[test]
fn a_bomb_is_inflated_to_the_limit_and_told() {
    let bomb = deflated(&vec![b'a'; 8 << 20]);
    let chunk = (b"zTXt", [b"Comment\0\0", &bomb[..]].concat());
    let bytes = png(&[
        chunk.clone(),
        chunk.clone(),
        chunk.clone(),
        chunk.clone(),
        chunk,
        (b"IEND", vec![]),
    ]);
    let found = blocks(&bytes);
    let total: usize = found.list.iter().map(|block| block.bytes.len()).sum();
    assert_eq!((found.list.len(), total, found.unread.len()), (4, 8 << 20, 5));
    assert_eq!(found.unread[0].1, Unread::TooLong(2 << 20));
}

#[test]
fn what_cannot_be_listed_is_not_inflated() {
    let text = (b"zTXt", [b"Comment\0\0", &deflated(b"a")[..]].concat());
    let damaged = (b"zTXt", b"Comment\0\0no zlib".to_vec());
    let profile = (b"zTXt", b"Raw profile type exif\0\0no zlib".to_vec());
    let mut chunks = vec![text; MAX_BLOCKS];
    chunks.extend([damaged, profile, (b"IEND", vec![])]);
    let bytes = png(&chunks);
    let found = blocks(&bytes);
    assert_eq!(found.list.len(), MAX_BLOCKS);
    assert!(matches!(found.unread[..], [(_, Unread::TooMany(MAX_BLOCKS))]));
}

#[test]
fn the_same_bytes_are_not_listed_without_end() {
    // A megabyte that each entry of the directory names, from one byte further on.
    const MIB: u32 = 1 << 20;
    let entries = 64_u16;
    let start = 8 + 2 + 12 * u32::from(entries) + 4;
    let mut bytes = [b"II*\0\x08\0\0\0", &entries.to_le_bytes()[..]].concat();
    for entry in 0..u32::from(entries) {
        bytes.extend([&700_u16.to_le_bytes()[..], b"\x01\0", &MIB.to_le_bytes()].concat());
        bytes.extend((start + entry).to_le_bytes());
    }
    bytes.resize((start + MIB) as usize + usize::from(entries), 0);
    let found = blocks(&bytes);
    let total: usize = found.list.iter().map(|block| block.bytes.len()).sum();
    assert!(found.list.len() == 17 && total <= bytes.len() + (16 << 20));
    assert_eq!(found.unread.len(), 48);
    assert!(matches!(found.unread[0], (Place::TiffTag(700), Unread::TooLong(_))));
}

#[test]
fn items_are_counted_over_all_boxes_of_a_file() {
    let infe = |id: u8| {
        iso_box(
            b"infe",
            &[&[2, 0, 0, 0, 0, id, 0, 0][..], b"mime\0application/rdf+xml\0"].concat(),
        )
    };
    let infes: Vec<u8> = (0..10).flat_map(infe).collect();
    let iinf = iso_box(b"iinf", &[&[0, 0, 0, 0, 0, 10][..], &infes].concat());
    // Version 1: offsets and lengths of one byte, which name the brand.
    let mut iloc = vec![1, 0, 0, 0, 0x11, 0, 0, 10];
    iloc.extend((0..10).flat_map(|id| [0, id, 0, 0, 0, 0, 0, 1, 8, 4]));
    let meta = iso_box(b"meta", &[&[0; 4][..], &iinf, &iso_box(b"iloc", &iloc)].concat());
    let bytes = [iso_box(b"ftyp", b"avif\0\0\0\0mif1avif"), meta.repeat(7)].concat();
    let found = blocks(&bytes);
    assert!(found.list.len() == 64 && found.list.iter().all(|block| *block.bytes == *b"avif"));
    assert!(matches!(found.unread[..], [(_, Unread::TooMany(64))]));
}

#[test]
fn segments_of_jpeg_are_read_up_to_the_scan() {
    let resources = b"Photoshop 3.0\x008BIM\x04\x25\0\0\0\0\0\x03abc\08BIM\x04\x04\x03one\0\0\0\x05iptc!\0".to_vec();
    let (first, second) = resources.split_at(30);
    let second = [b"Photoshop 3.0\0", second].concat();
    let bytes = jpeg(&[
        (0xE1, b"Exif\0\0II*\0".to_vec()),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>".to_vec()),
        (0xED, first.to_vec()),
        (0xED, second),
        (0xFE, b"a comment".to_vec()),
        (0xDA, vec![0]),
        (0xFE, b"behind".to_vec()),
    ]);
    let expected = [
        ("JPEG APP1 segment Exif", BlockKind::Exif, "II*\0"),
        ("JPEG APP1 segment XMP", BlockKind::Xmp, "<x/>"),
        ("JPEG COM segment", text_kind(""), "a comment"),
        ("JPEG APP13 segment Photoshop", BlockKind::Iptc, "iptc!"),
    ];
    let expected = expected.map(|(place, kind, text)| (place.to_owned(), kind, text.to_owned()));
    assert_eq!(seen(&bytes), expected);
}

#[test]
fn exif_that_goes_on_in_further_segments_is_put_together() {
    let bytes = jpeg(&[
        (0xE1, b"Exif\0\0II*\0one".to_vec()),
        (0xE1, b"Exif\0\0two".to_vec()),
        (0xE1, b"Exif\0\0MM\0*".to_vec()),
        (0xFE, b"between".to_vec()),
        (0xE1, b"Exif\0\0three".to_vec()),
    ]);
    let texts: Vec<_> = seen(&bytes).into_iter().map(|(.., text)| text).collect();
    assert_eq!(texts, ["II*\0onetwo", "MM\0*", "between", "three"]);
}

#[test]
fn chinas_label_is_found_in_a_segment_of_its_own() {
    let forms: [&[u8]; 5] = [
        b"AIGC{\"a\":1}",
        b"AIGC\0{\"a\":1}",
        b"AIGC:{\"a\":1}",
        b"AIGC={\"a\":1}",
        b"{\"AIGC\":{\"a\":1}}",
    ];
    for form in forms {
        let bytes = jpeg(&[(0xE9, form.to_vec())]);
        assert_eq!(seen(&bytes)[0].1, text_kind("AIGC"), "{}", form.escape_ascii());
    }
    assert_eq!(seen(&jpeg(&[(0xE9, b"AIGC explained".to_vec())])), []);
}

#[test]
fn a_tiff_of_many_pages_is_not_damaged() {
    let pages = 24u32;
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    for page in 1..=pages {
        // One entry, then where the next directory begins.
        bytes.extend(b"\x01\0\0\x01\x04\0\x01\0\0\0\x10\0\0\0");
        let next = if page == pages { 0 } else { 8 + page * 18 };
        bytes.extend(next.to_le_bytes());
    }
    assert_eq!(seen(&bytes).len(), 1);
}

#[test]
fn items_without_a_length_go_on_to_the_end_and_those_in_items_are_told() {
    let file = |method: u8| {
        let ftyp = iso_box(b"ftyp", b"avif\0\0\0\0mif1avif");
        let infe = iso_box(b"infe", b"\x02\0\0\0\0\x01\0\0mime\0application/rdf+xml\0");
        let iinf = [&[0, 0, 0, 0, 0, 1][..], &infe].concat();
        let mut iloc = vec![1, 0, 0, 0, 0x44, 0, 0, 1, 0, 1, 0, method, 0, 0, 0, 1];
        let meta = |iloc: &[u8]| {
            let inner = [&[0; 4][..], &iso_box(b"iinf", &iinf), &iso_box(b"iloc", iloc)].concat();
            iso_box(b"meta", &inner)
        };
        let at = (ftyp.len() + meta(&[&iloc[..], &[0; 8]].concat()).len() + 8) as u32;
        iloc.extend(at.to_be_bytes());
        iloc.extend([0; 4]);
        [ftyp, meta(&iloc), iso_box(b"mdat", b"<x/>")].concat()
    };
    assert_eq!(seen(&file(0))[0].2, "<x/>");
    assert!(matches!(blocks(&file(2)).unread[..], [(_, Unread::Unsupported)]));
}

#[test]
fn a_packet_between_sub_blocks_of_gif_is_read() {
    let magic: Vec<u8> = [1].into_iter().chain((0..=255).rev()).chain([0]).collect();
    let packet = b"<x:xmpmeta>\xC3\xA4</x:xmpmeta>";
    let bytes = [
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF".as_slice(),
        b"!\xFE\x03abc\x02de\0",
        b"!\xFF\x0BXMP DataXMP",
        packet,
        &magic,
        b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
    ]
    .concat();
    let seen = seen(&bytes);
    assert_eq!(
        seen[0],
        ("GIF comment extension".to_owned(), text_kind(""), "abcde".to_owned())
    );
    assert_eq!(seen[1].2.as_bytes(), packet);
    assert_eq!(seen.len(), 2);
}

#[test]
fn tags_of_tiff_are_read_in_both_orders_and_widths() {
    let packet = b"<xmp packet/>";
    let little = [
        b"II*\0\x08\0\0\0\x01\0".as_slice(),
        &700u16.to_le_bytes(),
        b"\x01\0\x0D\0\0\0\x1A\0\0\0\0\0\0\0",
        packet,
    ]
    .concat();
    let big = [
        b"MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x01".as_slice(),
        &700u16.to_be_bytes(),
        b"\0\x01\0\0\0\0\0\0\0\x0D\0\0\0\0\0\0\0\x34\0\0\0\0\0\0\0\0",
        packet,
    ]
    .concat();
    for bytes in [little, big] {
        let seen = seen(&bytes);
        assert_eq!(seen[0].0, "TIFF file");
        assert_eq!(
            seen[1],
            ("TIFF tag 700".to_owned(), BlockKind::Xmp, "<xmp packet/>".to_owned())
        );
    }
}

#[test]
fn items_of_avif_are_read_from_the_file_and_from_the_meta_box() {
    let infe = |id: u8, rest: &[u8]| iso_box(b"infe", &[&[2, 0, 0, 0, 0, id, 0, 0], rest].concat());
    let iinf = [
        &[0, 0, 0, 0, 0, 2][..],
        &infe(1, b"Exif\0"),
        &infe(2, b"mime\0application/rdf+xml\0"),
    ]
    .concat();
    let ftyp = iso_box(b"ftyp", b"avif\0\0\0\0mif1avif");
    let mdat = iso_box(b"mdat", b"\0\0\0\x06Exif\0\0MM\0*");
    let exif_at = (ftyp.len() + 8) as u32;
    // Version 1: offsets and lengths of four bytes, no base and no index.
    let mut iloc = vec![1, 0, 0, 0, 0x44, 0, 0, 2];
    iloc.extend_from_slice(&[0, 1, 0, 0, 0, 0, 0, 1]);
    iloc.extend_from_slice(&exif_at.to_be_bytes());
    iloc.extend_from_slice(&14u32.to_be_bytes());
    iloc.extend_from_slice(&[0, 2, 0, 1, 0, 0, 0, 2]);
    for (offset, length) in [(0u32, 2u32), (4, 3)] {
        iloc.extend_from_slice(&offset.to_be_bytes());
        iloc.extend_from_slice(&length.to_be_bytes());
    }
    let meta = [
        &[0; 4][..],
        &iso_box(b"iinf", &iinf),
        &iso_box(b"iloc", &iloc),
        &iso_box(b"idat", b"<x..ml>"),
    ]
    .concat();
    let bytes = [ftyp, mdat, iso_box(b"meta", &meta)].concat();
    let expected = [
        ("AVIF Exif box", BlockKind::Exif, "MM\0*"),
        ("AVIF mime box", BlockKind::Xmp, "<xml>"),
    ];
    let expected = expected.map(|(place, kind, text)| (place.to_owned(), kind, text.to_owned()));
    assert_eq!(seen(&bytes), expected);
}

#[test]
fn the_packet_of_a_film_is_found_where_mp4_and_quicktime_have_it() {
    let xmp_uuid = b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
    let user_data = iso_box(b"udta", &[&iso_box(b"XMP_", b"<m/>")[..], &[0; 4]].concat());
    let bytes = [
        iso_box(b"ftyp", b"qt  \0\0\0\0qt  "),
        iso_box(b"moov", &[iso_box(b"mvhd", &[0; 8]), user_data].concat()),
        iso_box(b"uuid", &[&xmp_uuid[..], b"<u/>"].concat()),
    ]
    .concat();
    let expected = [("QuickTime XMP_ box", "<m/>"), ("QuickTime uuid box", "<u/>")];
    let expected = expected.map(|(place, text)| (place.to_owned(), BlockKind::Xmp, text.to_owned()));
    assert_eq!(seen(&bytes), expected);
}

#[test]
fn texts_of_a_film_are_found_by_names_and_by_keys() {
    let text = |value: &str| iso_box(b"data", &[b"\0\0\0\x01\0\0\0\0", value.as_bytes()].concat());
    let key = |name: &str| iso_box(b"mdta", name.as_bytes());
    let handler = iso_box(b"hdlr", &[0; 25]);
    let by_name = [
        iso_box(b"\xA9too", &text("encoder")),
        iso_box(b"\xA9cmt", &text("one")),
        iso_box(b"covr", &text("picture")),
    ];
    let keys = [
        &[0, 0, 0, 0, 0, 0, 0, 2][..],
        &key("prompt"),
        &key("com.apple.quicktime.comment"),
    ];
    let by_key = [
        iso_box(&[0, 0, 0, 2], &text("three")),
        iso_box(&[0, 0, 0, 1], &text("two")),
        iso_box(&[0, 0, 0, 3], &text("of no key")),
    ];
    let itunes = [&[0; 4][..], &handler, &iso_box(b"ilst", &by_name.concat())];
    let quicktime = [
        &handler[..],
        &iso_box(b"keys", &keys.concat()),
        &iso_box(b"ilst", &by_key.concat()),
    ];
    let user_data = [
        iso_box(b"\xA9des", b"\0\x04\x55\xC4four"),
        iso_box(b"\xA9cmt", b"\0\x09\x55\xC4cut"),
        iso_box(b"meta", &itunes.concat()),
    ];
    let film = [
        iso_box(b"udta", &user_data.concat()),
        iso_box(b"meta", &quicktime.concat()),
    ];
    let bytes = [iso_box(b"ftyp", b"isom\0\0\0\0isom"), iso_box(b"moov", &film.concat())].concat();
    let expected = [
        ("MP4 udta box", "description", "four"),
        ("MP4 ilst box", "software", "encoder"),
        ("MP4 ilst box", "comment", "one"),
        ("MP4 ilst box", "comment", "three"),
        ("MP4 ilst box", "prompt", "two"),
    ];
    let expected = expected.map(|(place, keyword, text)| (place.to_owned(), text_kind(keyword), text.to_owned()));
    assert_eq!(seen(&bytes), expected);
}

#[test]
fn xmp_of_webp_is_found_under_the_name_that_imagemagick_gives_it() {
    let bytes = samples::webp_of(&[(*b"VP8L", b"\x2F\0\0\0\0\0"), (*b"XMP\0", b"<x/>")]);
    let expected = ("WebP XMP chunk".to_owned(), BlockKind::Xmp, "<x/>".to_owned());
    assert_eq!(seen(&bytes), [expected]);
}

#[test]
fn what_is_not_walked_to_its_end_is_told() {
    let film = [
        iso_box(b"ftyp", b"isom\0\0\0\0isom"),
        iso_box(b"free", b""),
        iso_box(b"free", b""),
    ]
    .concat();
    let limits = Limits {
        max_segments: 2,
        ..Limits::default()
    };
    let image = SourceImage::parse(&film, &limits).unwrap();
    assert!(matches!(image.metadata_blocks().unread[..], [(_, Unread::TooMany(2))]));
    assert_eq!(image.outermost_boxes().count(), 3);
    assert!(matches!(blocks(b"%PDF-1.7").unread[..], [(_, Unread::Unsupported)]));
}

#[test]
fn extents_without_bytes_do_not_go_on_forever() {
    // Each item has 65,535 extents whose numbers have no bytes (ISO/IEC 14496-12, 8.11.3).
    let entries = u16::MAX;
    let iloc = [
        &[0, 0, 0, 0, 0, 0][..],
        &entries.to_be_bytes(),
        &[0, 1, 0, 0, 0xFF, 0xFF].repeat(entries.into()),
    ]
    .concat();
    let infe = iso_box(b"infe", b"\x02\0\0\0\0\x01\0\0Exif\0");
    let iinf = iso_box(b"iinf", &[&[0, 0, 0, 0, 0, 1][..], &infe].concat());
    let meta = iso_box(b"meta", &[&[0; 4][..], &iinf, &iso_box(b"iloc", &iloc)].concat());
    let bytes = [iso_box(b"ftyp", b"avif\0\0\0\0mif1avif"), meta].concat();
    assert!(matches!(blocks(&bytes).unread[..], [(_, Unread::Damaged)]));
}

#[test]
fn boxes_of_jpeg_xl_are_read() {
    // A Brotli stream of one stored block (RFC 7932, 9.2): "<x/>".
    let brotli = b"\x30\0\x10<x/>\x03";
    let bytes = [
        iso_box(b"JXL ", b"\r\n\x87\n"),
        iso_box(b"xml ", b"<y/>"),
        iso_box(b"Exif", b"\0\0\0\0II*\0"),
        iso_box(b"brob", &[b"xml ", &brotli[..]].concat()),
    ]
    .concat();
    let kinds: Vec<_> = seen(&bytes).into_iter().map(|(_, kind, text)| (kind, text)).collect();
    let expected = [
        (BlockKind::Xmp, "<y/>".to_owned()),
        (BlockKind::Exif, "II*\0".to_owned()),
        (BlockKind::Xmp, "<x/>".to_owned()),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn streams_of_brotli_are_read_up_to_their_limit() {
    let boxes = iso_box(b"brob", b"xml \x30\0\x10<x/>\x03").repeat(100);
    let bytes = [iso_box(b"JXL ", b"\r\n\x87\n"), boxes].concat();
    let found = blocks(&bytes);
    assert_eq!(found.list.len(), 16);
    assert!(matches!(found.unread[..], [(_, Unread::TooMany(16))]));
}

#[test]
fn a_window_of_brotli_that_no_standard_knows_is_told() {
    // One stored block under a window of 30 bits: a GiB of memory.
    let brotli = b"\x11\x1E\x06\0\x02<x/>\x03";
    let bytes = [
        iso_box(b"JXL ", b"\r\n\x87\n"),
        iso_box(b"brob", &[b"xml ", &brotli[..]].concat()),
    ]
    .concat();
    let found = blocks(&bytes);
    assert!(found.list.is_empty() && matches!(found.unread[..], [(_, Unread::Damaged)]));
}

#[test]
fn edits_in_the_trailer_of_a_phone_are_read() {
    for name in ["PhotoEditor_Re_Edit_Data", "PEg_Info"] {
        let data = b"{\"genAIType\":1}";
        let block = [
            &[0, 0, 0xA1, 0x0A][..],
            &(name.len() as u32).to_le_bytes(),
            name.as_bytes(),
            data,
        ]
        .concat();
        let length = block.len() as u32;
        let directory = [
            b"SEFH".as_slice(),
            &107u32.to_le_bytes(),
            &1u32.to_le_bytes(),
            &[0, 0, 0xA1, 0x0A],
            &length.to_le_bytes(),
            &length.to_le_bytes(),
        ]
        .concat();
        let end = [&(directory.len() as u32).to_le_bytes()[..], b"SEFT"].concat();
        let bytes = [samples::jpeg(), block, directory, end].concat();
        let expected = (
            format!("Samsung trailer {name}"),
            text_kind(name),
            "{\"genAIType\":1}".to_owned(),
        );
        for behind in [&b""[..], b"\n", b"PK\x05\x06 no trailer of Samsung: SEFT"] {
            let bytes = [&bytes, behind].concat();
            assert_eq!(seen(&bytes).last(), Some(&expected), "{}", behind.escape_ascii());
        }
        let far = [&bytes[..], &[0; 256 << 10]].concat();
        assert_ne!(seen(&far).last(), Some(&expected));
    }
}

#[test]
fn what_stands_behind_the_end_is_counted() {
    let gif = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;".to_vec();
    for whole in [samples::jpeg(), samples::png(), samples::webp(), gif] {
        let behind = |rest: &[u8]| blocks(&[&whole[..], rest].concat()).behind_end;
        assert_eq!(behind(b""), 0);
        assert_eq!(behind(b"\0\0\r\n "), 0);
        assert_eq!(behind(b"PK\x05\x06, and more"), 14);
    }
    // What looks like an end within a segment between scans is none.
    let scan = [0xFF, 0xDA, 0, 2, 1, 2, 0xFF, 0, 0xFF, 0xD0, 3];
    let comment = [0xFF, 0xFE, 0, 4, 0xFF, 0xD9];
    let mut scans = samples::jpeg();
    scans.truncate(scans.len() - 2);
    scans.extend([&scan[..], &comment, &scan].concat());
    assert!(blocks(&scans).is_cut_off && blocks(&scans).behind_end == 0);
    scans.extend([0xFF, 0xD9, 0, 0]);
    assert!(!blocks(&scans).is_cut_off && blocks(&scans).behind_end == 0);
    // A header of WebP that is wrong takes nothing of the picture away.
    let whole = samples::webp_of(&[(*b"VP8L", b"\x2F\0\0\0\0\0"), (*b"EXIF", b"II*\0")]);
    for length in [0_u32, 4, 20] {
        let mut webp = whole.clone();
        webp[4..8].copy_from_slice(&length.to_le_bytes());
        assert_eq!(
            (blocks(&webp).behind_end, blocks(&webp).is_cut_off),
            (0, false),
            "{length}"
        );
    }
    let tailed = [&whole[..], b"trailing stuff"].concat();
    assert_eq!((blocks(&tailed).behind_end, blocks(&tailed).is_cut_off), (14, false));
    // The end is the first one, whatever stands behind it.
    let jpeg = [&samples::jpeg()[..], b"PK\xFF\xD9\0"].concat();
    assert_eq!(blocks(&jpeg).behind_end, 5);
}

#[test]
fn a_checksum_of_a_store_is_looked_at() {
    let png = |checksum: u32| {
        let chunk = [&4u32.to_be_bytes()[..], b"caBXjumb", &checksum.to_be_bytes()].concat();
        let mut png = samples::png();
        png.splice(33..33, chunk);
        png
    };
    let right = crate::png::checksum(*b"caBX", b"jumb");
    assert!(!blocks(&png(right)).is_store_checksum_wrong);
    assert!(blocks(&png(right ^ 1)).is_store_checksum_wrong);
}

#[test]
fn a_cut_file_is_told() {
    for bytes in [samples::png(), samples::webp()] {
        let cut = &bytes[..bytes.len() - 5];
        assert!(matches!(blocks(cut).unread[..], [(_, Unread::Truncated)]));
    }
    let exif = jpeg(&[(0xE1, b"Exif\0\0II*\0".to_vec())]);
    assert!(matches!(blocks(&exif[..12]).unread[..], [(_, Unread::Truncated)]));
    // Behind all that is read: in the coded pixels, and between two chunks.
    let webp = samples::webp_of(&[(*b"VP8L", b"\x2F\0\0\0\0\0"), (*b"EXIF", b"II*\0")]);
    for (whole, lost) in [(samples::jpeg(), 2), (webp, 12)] {
        let cut = &whole[..whole.len() - lost];
        assert!(blocks(cut).is_cut_off && !blocks(&whole).is_cut_off);
        assert_eq!(blocks(cut).unread, []);
    }
}

#[test]
fn ordinary_pictures_have_nothing_unread() {
    for bytes in [
        samples::jpeg(),
        samples::png(),
        samples::webp(),
        samples::webp_extended(),
    ] {
        assert_eq!(blocks(&bytes).unread, []);
    }
}

proptest! {
    #[test]
    fn finding_never_panics_and_keeps_its_limits(
        start in 0usize..12, bytes in prop::collection::vec(any::<u8>(), 0..300), cut in any::<prop::sample::Index>()
    ) {
        let heads: [&[u8]; 12] = [
            b"\xFF\xD8\xFF\xE1\0\x10", b"\xFF\xD8\xFF\xED\0\x40Photoshop 3.0\08BIM\x04\x04",
            b"\x89PNG\r\n\x1A\n\0\0\0\x10iTXt", b"\x89PNG\r\n\x1A\n\0\0\0\x30zTXtRaw profile type exif\0\0",
            b"RIFF\0\0\0\0WEBPEXIF\x10\0\0\0", b"GIF89a\0\0\0\0\0\0\0!\xFF\x0BXMP DataXMP", b"II*\0\x08\0\0\0\x05\0",
            b"MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10", b"\0\0\0\x14ftypavif\0\0\0\0avif\0\0\0\x80meta\0\0\0\0\0\0\0\x20iinf",
            b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x20brobxml ", b"\xFF\x0A", b"<svg xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>",
        ];
        let file = [heads[start], &bytes, b"SEFT"].concat();
        let file = &file[..heads[start].len() + cut.index(file.len() - heads[start].len() + 1)];
        if let Ok(image) = SourceImage::parse(file, &Limits::default()) {
            let found = image.metadata_blocks();
            prop_assert!(found.list.len() <= MAX_BLOCKS);
        }
    }

    #[test]
    fn damage_to_a_file_never_panics(sample in 0usize..3, at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = [samples::jpeg(), samples::png(), samples::webp_extended()][sample].clone();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(image) = SourceImage::parse(&bytes, &Limits::default()) {
            let _ = image.metadata_blocks();
        }
    }
}
