//! The laws of walk and splice, over generated containers.

use std::io::Cursor;
use std::ops::Range;

use proptest::{collection::vec, prelude::*, sample::Index};

use crate::{Container, Error, Layout, Limits, SourceFile, SourceImage, Splice, samples};

fn parse(bytes: &[u8]) -> Result<SourceImage<'_>, Error> {
    SourceImage::parse(bytes, &Limits::default())
}

/// Entropy-coded data: random bytes with the zeros stuffed, restart markers between.
fn scan() -> impl Strategy<Value = Vec<u8>> {
    vec(vec(prop_oneof![3 => any::<u8>(), 1 => Just(0xFF)], 0..40), 1..4).prop_map(|intervals| {
        let stuff = |data: Vec<u8>| {
            data.into_iter()
                .flat_map(|b| if b == 0xFF { vec![b, 0] } else { vec![b] })
        };
        let mut out = Vec::new();
        for (restart, interval) in intervals.into_iter().enumerate() {
            if restart > 0 {
                out.extend([0xFF, 0xD0 + (restart as u8 - 1) % 8]);
            }
            out.extend(stuff(interval));
        }
        out
    })
}

fn jpeg_segment() -> impl Strategy<Value = (u8, Vec<u8>)> {
    let body = || vec(any::<u8>(), 0..30);
    prop_oneof![
        Just((0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec())),
        body().prop_map(|b| (0xE1, [b"Exif\0\0".to_vec(), b].concat())),
        (
            prop_oneof![
                Just(0xE0),
                Just(0xE1),
                Just(0xE2),
                Just(0xEB),
                Just(0xFE),
                Just(0xDB),
                Just(0xC4)
            ],
            body()
        ),
        // a JUMBF box of someone else
        (prop_oneof![Just(0x0211u16), any::<u16>()], 1u32..4, body()).prop_map(|(en, z, b)| {
            (
                0xEB,
                [b"JP".to_vec(), en.to_be_bytes().to_vec(), z.to_be_bytes().to_vec(), b].concat(),
            )
        }),
    ]
}

fn jpeg() -> impl Strategy<Value = Vec<u8>> {
    let frames = prop_oneof![Just(0xC0u8), Just(0xC1), Just(0xC2), Just(0xC9)];
    let segments = vec((jpeg_segment(), 0usize..3), 0..6);
    (segments, frames, vec(scan(), 1..4), trailing()).prop_map(|(segments, frame, scans, trailing)| {
        let mut out = vec![0xFF, 0xD8];
        for ((marker, body), fill) in segments {
            out.resize(out.len() + fill, 0xFF);
            samples::segment(&mut out, marker, &body);
        }
        samples::segment(&mut out, frame, &[8, 0, 10, 0, 20, 1, 1, 0x11, 0]);
        for scan in scans {
            samples::segment(&mut out, 0xDA, &[1, 1, 0, 0, 0x3F, 0]);
            out.extend(scan);
        }
        out.extend([0xFF, 0xD9]);
        [out, trailing].concat()
    })
}

fn png() -> impl Strategy<Value = Vec<u8>> {
    let names = prop_oneof![Just(*b"tEXt"), Just(*b"iTXt"), Just(*b"acTL"), Just(*b"eXIf")];
    let others = vec((names, vec(any::<u8>(), 0..40)), 0..4);
    (others, vec(vec(any::<u8>(), 0..60), 1..4), any::<bool>(), trailing()).prop_map(
        |(others, data, late, trailing)| {
            let header = b"\0\0\0\x14\0\0\0\x0A\x08\x02\0\0\0".as_slice();
            let others = others.iter().map(|(name, data)| (*name, data.as_slice()));
            let data = data.iter().map(|data| (*b"IDAT", data.as_slice()));
            let middle: Vec<_> = if late {
                data.chain(others).collect()
            } else {
                others.chain(data).collect()
            };
            let chunks = [vec![(*b"IHDR", header)], middle, vec![(*b"IEND", b"")]].concat();
            [samples::png_of(&chunks), trailing].concat()
        },
    )
}

fn webp() -> impl Strategy<Value = Vec<u8>> {
    let names = prop_oneof![Just(*b"EXIF"), Just(*b"XMP "), Just(*b"ICCP"), Just(*b"abcd")];
    let others = vec((names, vec(any::<u8>(), 0..40)), 0..4);
    (vec(any::<u8>(), 0..30), others, any::<bool>(), trailing()).prop_map(|(data, others, unpadded, trailing)| {
        let picture = [b"\x2F\x13\x40\x02\0".to_vec(), data].concat();
        let others = others.iter().map(|(name, data)| (*name, data.as_slice()));
        let chunks: Vec<_> = std::iter::once((*b"VP8L", picture.as_slice())).chain(others).collect();
        let mut out = samples::webp_of(&chunks);
        if unpadded && chunks.last().is_some_and(|(_, data)| data.len() % 2 == 1) {
            out.pop();
            let size = out.len() as u32 - 8;
            out[4..8].copy_from_slice(&size.to_le_bytes());
        }
        [out, trailing].concat()
    })
}

fn trailing() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![3 => Just(Vec::new()), 1 => vec(any::<u8>(), 1..20)]
}

fn picture() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![jpeg(), png(), webp()]
}

/// An even length, mostly of one JPEG segment, sometimes of several.
fn store() -> impl Strategy<Value = Vec<u8>> {
    let len = prop_oneof![8 => 19usize..200, 1 => 32_490usize..32_510, 1 => 64_990usize..65_010];
    (len, any::<u8>()).prop_map(|(half, seed)| samples::store(half * 2, seed))
}

/// A picture cut off somewhere, or with bytes changed.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let changes = vec((any::<Index>(), any::<u8>()), 0..4);
    (picture(), any::<Index>(), any::<bool>(), changes).prop_map(|(mut bytes, cut, whole, changes)| {
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let cut = if whole { bytes.len() } else { cut.index(bytes.len()) };
        bytes.truncate(cut);
        bytes
    })
}

/// Checks everything that must hold of a store inserted into a picture that could be walked.
fn splice_laws(bytes: &[u8], store: &[u8]) -> Result<(), TestCaseError> {
    let source = parse(bytes).unwrap();
    let container = source.container().unwrap();
    let splice = Splice::new(Layout::replacing(&container, None).unwrap(), store.len()).unwrap();
    let file = splice.over(&source).unwrap().assemble(store).unwrap();
    let excluded = excluded(&splice);
    prop_assert_eq!(file.len() as u64, splice.final_len());
    prop_assert_eq!(file.capacity(), file.len());

    let (written, hashed) = streamed(bytes, &splice, store);
    prop_assert_eq!(&written, &file);

    let outside = [&file[..excluded.start], &file[excluded.end..]].concat();
    let parts: Vec<&[u8]> = splice.over(&source).unwrap().hashed().collect();
    prop_assert!(parts.iter().all(|part| !part.is_empty()));
    prop_assert_eq!(&parts.concat(), &outside);
    prop_assert_eq!(&hashed, &outside);
    if container.stores.is_empty() {
        prop_assert_eq!(undo(outside, bytes, &container, excluded.start), bytes);
    }

    let again = parse(&file).unwrap();
    let walked = again.container().unwrap();
    prop_assert_eq!(walked.stores.len(), 1);
    prop_assert_eq!(&walked.stores[0].ranges, &[excluded]);
    prop_assert_eq!(&walked.stores[0].defects, &[]);
    prop_assert_eq!(walked.stores[0].reassemble(&again), store);
    prop_assert_eq!(walked.dimensions, container.dimensions);
    prop_assert_eq!(walked.coding, container.coding);
    prop_assert_eq!(&file[walked.trailing], &bytes[container.trailing]);
    prop_assert!(Layout::new(&again.container().unwrap(), None).is_err());
    Ok(())
}

/// The file as written in blocks, and what was hashed on the way.
fn streamed(bytes: &[u8], splice: &Splice, store: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut source = SourceFile::open(Cursor::new(bytes), &Limits::default()).unwrap();
    let (mut out, mut hashed) = (Cursor::new(Vec::new()), Vec::new());
    splice
        .copy(&mut source, &mut out, |part| hashed.extend_from_slice(part))
        .unwrap();
    splice.fill(store, &mut out).unwrap();
    (out.into_inner(), hashed)
}

fn excluded(splice: &Splice) -> Range<usize> {
    let (start, length) = splice.exclusion();
    start as usize..(start + length) as usize
}

/// Undoes the patched RIFF size and the added pad byte.
fn undo(mut outside: Vec<u8>, source: &[u8], container: &Container, start: usize) -> Vec<u8> {
    if container.format == crate::Format::WebP {
        outside[4..8].copy_from_slice(&source[4..8]);
        if start > container.insertion {
            assert_eq!(outside.remove(container.insertion), 0);
        }
    }
    outside
}

proptest! {
    #[test]
    fn a_store_goes_in_and_comes_out(bytes in picture(), store in store()) {
        splice_laws(&bytes, &store)?;
    }

    #[test]
    fn replacing_a_store_gives_the_file_that_inserting_gives(bytes in picture(), old in store(), new in store()) {
        let source = parse(&bytes).unwrap();
        let container = source.container().unwrap();
        let insert = |store: &[u8]| {
            let splice = Splice::new(Layout::new(&container, None).unwrap(), store.len()).unwrap();
            splice.over(&source).unwrap().assemble(store).unwrap()
        };
        let first = insert(&old);
        let first = parse(&first).unwrap();
        let layout = Layout::replacing(&first.container().unwrap(), None).unwrap();
        let second = Splice::new(layout, new.len()).unwrap();
        prop_assert_eq!(second.over(&first).unwrap().assemble(&new).unwrap(), insert(&new));
    }

    /// An XMP packet goes in and comes out, twice; the rest of the file stays.
    #[test]
    fn a_packet_goes_in_and_comes_out(bytes in picture(), first in vec(any::<u8>(), 1..90), second in vec(any::<u8>(), 1..90)) {
        let source = parse(&bytes).unwrap();
        let container = source.container().unwrap();
        let store = samples::store(80, 1);
        let with = |source: &SourceImage<'_>, container: &Container, packet: &[u8]| {
            let splice = Splice::new(Layout::replacing(container, Some(packet)).unwrap(), store.len()).unwrap();
            let file = splice.over(source).unwrap().assemble(&store).unwrap();
            let (written, _) = streamed(source.bytes(), &splice, &store);
            assert_eq!(written, file);
            file
        };
        let once = with(&source, &container, &first);
        let once = parse(&once).unwrap();
        let walked = once.container().unwrap();
        prop_assert_eq!(walked.metadata.xmp.len(), container.metadata.xmp.len().max(1));
        prop_assert_eq!(once.xmp(&walked).unwrap().unwrap().packet, first);
        prop_assert_eq!(walked.dimensions, container.dimensions);
        prop_assert_eq!(walked.coding, container.coding);
        let twice = with(&once, &walked, &second);
        prop_assert_eq!(twice, with(&source, &container, &second));
    }

    #[test]
    fn damage_gives_an_error_or_a_sound_walk(bytes in damaged(), store in store()) {
        if parse(&bytes).and_then(|source| source.container()).is_ok() {
            splice_laws(&bytes, &store)?;
        }
    }

    #[test]
    fn a_walk_through_a_window_finds_what_a_walk_in_memory_finds(bytes in prop_oneof![picture(), damaged()]) {
        let in_memory = parse(&bytes).and_then(|source| source.container());
        let in_file = SourceFile::open(Cursor::new(&bytes), &Limits::default()).and_then(|mut file| file.container());
        match (in_memory, in_file) {
            (Ok(in_memory), Ok(in_file)) => prop_assert_eq!(in_memory, in_file),
            (Err(in_memory), Err(in_file)) => {
                let in_file = in_file.get_ref().and_then(|error| error.downcast_ref::<Error>());
                prop_assert_eq!(in_file, Some(&in_memory));
            }
            (in_memory, in_file) => prop_assert!(false, "{in_memory:?} in memory, {in_file:?} in a file"),
        }
    }

    #[test]
    fn any_bytes_behind_a_signature_are_walked_or_refused(rest in vec(any::<u8>(), 0..200), start in 0usize..4) {
        let starts: [&[u8]; 4] = [b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1A\n", b"RIFF\xA0\0\0\0WEBPVP8X", b""];
        let bytes = [starts[start], &rest].concat();
        let _ = parse(&bytes).and_then(|source| source.container());
    }
}

/// Every cut of one file of each format, beside the random ones above.
#[test]
fn no_cut_of_a_stamped_file_is_taken_for_whole() {
    for bytes in [samples::jpeg(), samples::png(), samples::webp_extended()] {
        let source = parse(&bytes).unwrap();
        let store = samples::store(80, 3);
        let splice = Splice::new(Layout::new(&source.container().unwrap(), None).unwrap(), 80).unwrap();
        let file = splice.over(&source).unwrap().assemble(&store).unwrap();
        for cut in 0..file.len() {
            assert!(
                parse(&file[..cut]).and_then(|source| source.container()).is_err(),
                "cut at {cut}"
            );
        }
    }
}
