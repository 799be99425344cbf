//! Where a file has its manifest store: whether there is one, and its bytes.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use touchmark_image::{Container, ExifDirectory, ExifFields, Format, IsoBox, SourceImage};

use super::boxes::{Boxes, Flaw, expand};
use super::content_box;
use super::source::Source;

/// The type of a store in the description of its superbox (C2PA 2.2, 11.1.4.1), and what stands before: the headers of both.
const TYPE: &[u8] = b"c2pa\x00\x11\x00\x10\x80\x00\x00\xAA\x00\x38\x9B\x71";
const HEADERS: usize = 16;
/// What stands before a store in a segment of JPEG: marker, length, identifier, instance, sequence number.
const JPEG_WRAPPING: usize = 12;
/// What stands before it in a chunk of PNG or RIFF: length and type.
const CHUNK_HEADER: usize = 8;

/// Whether there is a manifest store where the format has its place; in a file that cannot be walked, whether the
/// description box of one, or of a part of one, stands anywhere (ISO 19566-5; standards.md 1.2).
pub(super) fn carries_store(image: &SourceImage<'_>) -> bool {
    /// Two letters stand between: `pa` of the store, `ma` of a manifest, `as`, `cl` and `cs` of what it has.
    const DESCRIPTION: (&[u8], &[u8]) = (b"jumdc2", b"\x00\x11\x00\x10\x80\x00\x00\xAA\x00\x38\x9B\x71");
    let (start, end) = DESCRIPTION;
    let is_description = |at: usize| {
        let rest = image.bytes().get(at + start.len() + 2..);
        rest.is_some_and(|rest| rest.starts_with(end))
    };
    let holds_description = || memchr::memmem::find_iter(image.bytes(), start).any(is_description);
    match (image.container(), image.format()) {
        (Ok(container), _) => !container.stores.is_empty(),
        // A film or a document may show a picture that has one.
        (_, Format::Mp4 | Format::Mov) => {
            let mut boxes = image.outermost_boxes();
            let is_one = |kind: &[u8], payload: &[u8]| kind == b"uuid" && payload.starts_with(content_box::USER_TYPE);
            boxes.any(|outer| is_one(&outer.kind, outer.payload))
                || (boxes.remainder().split_at_checked(8))
                    .is_some_and(|(header, payload)| is_one(header.get(4..).unwrap_or_default(), payload))
        }
        (_, Format::Pdf) => names_store_in_pdf(image.bytes()),
        (_, Format::Svg) => names_store_in_svg(image),
        (_, Format::Tiff | Format::Dng) => has_c2pa_field(image).unwrap_or_else(holds_description),
        (_, Format::JpegXl) if has_compressed_boxes(image) => true,
        _ => holds_description(),
    }
}

/// The bytes of the one store that lies whole, and in one piece, in a file which cannot be walked: cut off, or followed by other
/// things. It must lie where its format has it: a picture within may have a store of its own.
pub(super) fn salvaged<'a>(image: &SourceImage<'a>) -> Option<&'a [u8]> {
    let bytes = image.bytes();
    let stores = memchr::memmem::find_iter(bytes, TYPE).filter_map(|at| {
        let start = at.checked_sub(HEADERS)?;
        let superbox = bytes.get(start..)?;
        let is_one = superbox.get(4..8)? == b"jumb" && superbox.get(12..16)? == b"jumd";
        is_one.then_some((start, superbox))
    });
    let [(start, only)] = *stores.take(2).collect::<Vec<_>>() else {
        return None;
    };
    let length = u32::from_be_bytes(*only.first_chunk()?);
    let store = only.get(..usize::try_from(length).ok()?)?;
    is_in_place(image, start)?.then_some(store)
}

/// Whether a store that begins at `start` is the file's own, where its format has it; `None` where what stands before it
/// cannot be walked.
fn is_in_place(image: &SourceImage<'_>, start: usize) -> Option<bool> {
    let bytes = image.bytes();
    let at = |place: usize, word: &[u8]| bytes.get(place..).is_some_and(|rest| rest.starts_with(word));
    let four = |place: usize| bytes.get(place..)?.first_chunk::<4>();
    // The segment or chunk that the store is in, by steps from the first, so that none within another counts.
    let element = |first: usize, header: usize, length: &dyn Fn(usize) -> Option<usize>| {
        let element = start.checked_sub(header)?;
        let mut place = first;
        while place < element {
            place = place.checked_add(length(place)?)?;
        }
        (place == element).then_some(element)
    };
    Some(match image.format() {
        Format::Jpeg => {
            let segment = element(2, JPEG_WRAPPING, &|place| {
                let length = u16::from_be_bytes(*bytes.get(place + 2..)?.first_chunk()?);
                // What follows the first scan's header is coded data to c2pa.
                (at(place, b"\xFF") && !at(place, b"\xFF\xDA")).then_some(2 + usize::from(length))
            })?;
            at(segment, b"\xFF\xEB") && at(segment + 4, b"JP")
        }
        Format::Png => {
            let length = |place: usize| (u32::from_be_bytes(*four(place)?) as usize).checked_add(12);
            at(element(8, CHUNK_HEADER, &length)? + 4, b"caBX")
        }
        Format::WebP => {
            let length = |place: usize| {
                let length = u32::from_le_bytes(*four(place + 4)?) as usize;
                length.checked_next_multiple_of(2)?.checked_add(8)
            };
            at(element(12, CHUNK_HEADER, &length)?, b"C2PA")
        }
        Format::JpegXl => image.outermost_boxes().any(|outer| outer.range.start == start),
        Format::Avif | Format::Heic | Format::Heif | Format::Mp4 | Format::Mov => {
            let has_it = |outer: IsoBox<'_>| outer.kind == *b"uuid" && outer.range.contains(&start);
            image.outermost_boxes().any(has_it)
        }
        // GIF and SVG hold it in pieces or as text; of a TIFF or a document, nothing tells whose it is.
        _ => false,
    })
}

/// Whether a dictionary in a document says of a file that it is a store (C2PA 2.2, A.4.1), as far as that is not compressed.
fn names_store_in_pdf(bytes: &[u8]) -> bool {
    const KEY: &[u8] = b"/AFRelationship";
    memchr::memmem::find_iter(bytes, KEY).any(|at| {
        let value = bytes.get(at + KEY.len()..).unwrap_or_default().trim_ascii_start();
        let behind = value.strip_prefix(b"/C2PA_Manifest").map(<[u8]>::trim_ascii_start);
        // The next key or the end: no text goes on so.
        behind.is_some_and(|behind| matches!(behind.first(), Some(b'/' | b'>')))
    })
}

/// Whether an element of a drawing is for a store, where it is Base64 (C2PA 2.2, A.3.5).
fn names_store_in_svg(image: &SourceImage<'_>) -> bool {
    let holds = |part: &[u8]| memchr::memmem::find(image.bytes(), part).is_some();
    match image.has_svg_element("manifest") {
        Some(has) => has && (holds(b"<c2pa:manifest") || holds(b"http://c2pa.org/manifest")),
        None => holds(b"<c2pa:manifest"),
    }
}

/// Whether a directory of a TIFF names a store (C2PA 2.2, A.3.4); `None` where they cannot be walked.
fn has_c2pa_field(image: &SourceImage<'_>) -> Option<bool> {
    const C2PA: u16 = 0xCD41;
    let fields = ExifFields::read(image.bytes()).filter(|fields| !fields.incomplete)?;
    Some(fields.get(ExifDirectory::Main, C2PA).is_some())
}

/// Whether JUMBF is compressed in it, as JPEG XL allows for any box and C2PA for none (ISO/IEC 18181-2, 9.8).
fn has_compressed_boxes(image: &SourceImage<'_>) -> bool {
    image
        .outermost_boxes()
        .any(|outer| outer.kind == *b"brob" && outer.payload.starts_with(b"jumb"))
}

/// A store with what is expanded of it, and the structure of the file that it is of.
pub(super) struct Carried<'a> {
    /// Where touchmark's strict walk reads it.
    pub container: Option<Container>,
    pub store: Option<Cow<'a, [u8]>>,
    pub found: Found,
    expanded: Vec<Vec<u8>>,
}

/// How a store was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// In the file, by touchmark's strict walk, where no reader can find another.
    ByWalk,
    /// In the file, by c2pa; or not at all.
    ByC2pa,
    /// Beside the file.
    Beside,
}

impl<'a> Carried<'a> {
    /// What the file carries.
    pub fn by(source: &Source<'a>) -> Self {
        let container = source.image().container().ok();
        match container.as_ref().and_then(|container| walked(source, container)) {
            Some(store) => Self::new(container, Some(store), Found::ByWalk),
            None => Self::new(container, read_by_c2pa(source).map(Cow::Owned), Found::ByC2pa),
        }
    }

    /// What the file carries by c2pa's walk alone.
    pub fn by_c2pa(source: &Source<'a>) -> Self {
        Self::new(None, read_by_c2pa(source).map(Cow::Owned), Found::ByC2pa)
    }

    /// The store beside the file.
    pub fn beside(source: &Source<'_>, store: &'a [u8]) -> Self {
        Self::new(
            source.image().container().ok(),
            Some(Cow::Borrowed(store)),
            Found::Beside,
        )
    }

    /// No store, as far as was looked.
    pub fn unknown() -> Self {
        Self::new(None, None, Found::ByC2pa)
    }

    fn new(container: Option<Container>, store: Option<Cow<'a, [u8]>>, found: Found) -> Self {
        Self {
            expanded: store.as_deref().map(expand).unwrap_or_default(),
            container,
            store,
            found,
        }
    }

    /// The store where it lies in the file.
    pub fn within(&self) -> Option<&[u8]> {
        self.store.as_deref().filter(|_| self.found != Found::Beside)
    }

    /// The boxes of the store, by our own walk. `None` where there is none.
    pub fn boxes(&self) -> Option<Result<Boxes<'_>, Flaw>> {
        Some(Boxes::parse(self.store.as_deref()?, &self.expanded))
    }
}

/// The store's bytes: where our own walk finds it, without a copy, and no other reader can find another; else as c2pa finds
/// it.
pub(super) fn raw_store<'a>(source: &Source<'a>, container: Option<&Container>) -> Option<Cow<'a, [u8]>> {
    let walked = container.and_then(|container| walked(source, container));
    walked.or_else(|| read_by_c2pa(source).map(Cow::Owned))
}

/// The one store that our own walk finds, without a copy, where no other reader can find another.
fn walked<'a>(source: &Source<'a>, container: &Container) -> Option<Cow<'a, [u8]>> {
    let only = match container.stores.as_slice() {
        [only] if only.defects.is_empty() && !container.has_foreign_boxes() => only,
        _ => return None,
    };
    let image = source.image();
    // Of a length of 64 bits, readers repeat more or less in each segment of JPEG; one by its label alone is none to c2pa.
    let is_plain = |store: &Cow<'_, [u8]>| {
        let is_of_type = store.get(HEADERS..).is_some_and(|rest| rest.starts_with(TYPE));
        is_of_type && !store.starts_with(&[0, 0, 0, 1])
    };
    let wrapping = match image.format() {
        Format::Jpeg => JPEG_WRAPPING,
        _ => CHUNK_HEADER,
    };
    let start = only.ranges.first()?.start.checked_add(wrapping)?;
    Some(only.reassemble(image)).filter(|store| is_plain(store) && is_in_place(image, start) == Some(true))
}

fn read_by_c2pa(source: &Source<'_>) -> Option<Vec<u8>> {
    let mime = source.image().format().mime_type();
    let read = c2pa::jumbf_io::load_jumbf_from_stream(mime, &mut source.stream());
    read.map_err(|error| source.noted(error)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use touchmark_image::Limits;

    use super::*;

    /// What somebody does to a file at a place in its first kilobytes.
    #[derive(Debug, Clone)]
    enum Change {
        Set(u8),
        Insert(Vec<u8>),
        Remove(usize),
        Repeat(usize),
    }

    impl Change {
        fn any() -> impl Strategy<Value = Self> {
            prop_oneof![
                any::<u8>().prop_map(Self::Set),
                prop::collection::vec(any::<u8>(), 1..40).prop_map(Self::Insert),
                (1_usize..64).prop_map(Self::Remove),
                (1_usize..6000).prop_map(Self::Repeat),
            ]
        }

        fn apply(self, bytes: &mut Vec<u8>, at: usize) {
            let upto = |length: usize| at..bytes.len().min(at + length);
            match self {
                Self::Set(byte) => bytes[at] = byte,
                Self::Insert(inserted) => drop(bytes.splice(at..at, inserted)),
                Self::Remove(length) => drop(bytes.drain(upto(length))),
                Self::Repeat(length) => {
                    let repeated = bytes[upto(length)].to_vec();
                    bytes.splice(at..at, repeated);
                }
            }
        }
    }

    const PICTURES: [&[u8]; 7] = [
        include_bytes!("../../../../fixtures/stamped/flat-edited.jpg"),
        include_bytes!("../../../../fixtures/stamped/flat-unfilled.jpg"),
        include_bytes!("../../../../fixtures/stamped/trailing-filled.jpg"),
        include_bytes!("../../../../fixtures/stamped/palette-filled.png"),
        include_bytes!("../../../../fixtures/stamped/animated-unfilled.png"),
        include_bytes!("../../../../fixtures/stamped/flat-filled.webp"),
        include_bytes!("../../../../fixtures/stamped/odd-unpadded-unfilled.webp"),
    ];

    /// The store by our own walk, where c2pa's is not asked; and by c2pa's.
    fn by_both(bytes: &[u8]) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
        let image = SourceImage::parse(bytes, &Limits::default()).ok()?;
        let source = Source::new(&image);
        let store = walked(&source, &image.container().ok()?)?.into_owned();
        Some((store, read_by_c2pa(&source)))
    }

    proptest! {
        // Were the files few that our walk is enough for, the law would say nothing: they are almost half.
        #![proptest_config(ProptestConfig { cases: 1000, max_global_rejects: 3000, ..ProptestConfig::default() })]

        #[test]
        fn where_our_walk_is_enough_c2pa_finds_the_same(
            picture in prop::sample::select(&PICTURES[..]),
            changes in prop::collection::vec((any::<prop::sample::Index>(), Change::any()), 0..4),
        ) {
            let mut bytes = picture.to_vec();
            for (place, change) in changes {
                let at = place.index(bytes.len());
                change.apply(&mut bytes, at);
            }
            let both = by_both(&bytes);
            prop_assume!(both.is_some());
            let (ours, theirs) = both.unwrap_or_default();
            let found = theirs.as_ref().map(Vec::len);
            prop_assert!(theirs.as_ref() == Some(&ours), "{} bytes, by c2pa {found:?}", ours.len());
        }
    }

    #[test]
    fn our_walk_is_not_enough_for_a_store_by_its_label_alone_or_behind_the_scan() {
        for picture in PICTURES {
            let (ours, theirs) = by_both(picture).unwrap();
            assert_eq!(theirs, Some(ours));
            let mut damaged = picture.to_vec();
            let at = memchr::memmem::find(&damaged, TYPE).unwrap();
            damaged[at] = b'C';
            assert_eq!(by_both(&damaged), None);
        }
        let jpeg = PICTURES[1];
        let image = SourceImage::parse(jpeg, &Limits::default()).unwrap();
        let place = image.container().unwrap().stores[0].ranges[0].clone();
        let (picture, end) = jpeg[place.end..].split_at(jpeg.len() - place.end - 2);
        let moved = [&jpeg[..place.start], picture, &jpeg[place.clone()], end].concat();
        let scan = &picture[memchr::memmem::find(picture, b"\xFF\xDA").unwrap()..];
        let between = [&jpeg[..place.start], picture, &jpeg[place.clone()], scan, end].concat();
        let filled = [&jpeg[..place.start], b"\xFF", &jpeg[place.start..]].concat();
        for changed in [moved, between, filled] {
            let image = SourceImage::parse(&changed, &Limits::default()).unwrap();
            assert_eq!(image.container().unwrap().stores.len(), 1);
            assert_eq!(by_both(&changed), None);
        }
    }

    fn carries(file: &[u8]) -> bool {
        carries_store(&SourceImage::parse(file, &Limits::default()).unwrap())
    }

    #[test]
    fn an_element_of_another_namespace_is_no_store() {
        assert!(carries(b"<svg><c2pa:manifest>AA</c2pa:manifest></svg>"));
        assert!(carries(b"<svg xmlns:x='http://c2pa.org/manifest'><x:manifest/></svg>"));
        assert!(carries(b"<svg><c2pa:manifest>AA"), "cut off");
        assert!(!carries(
            b"<svg xmlns:c2pa='http://c2pa.org/manifest'><!-- <c2pa:manifest> --></svg>"
        ));
        assert!(!carries(b"<svg><manifest package='a'/></svg>"));
        assert!(!carries(b"<svg><x:manifest xmlns:x='urn:x'/></svg>"));
    }

    #[test]
    fn a_store_is_salvaged_from_its_place_alone() {
        let kind = b"c2pa\x00\x11\x00\x10\x80\x00\x00\xAA\x00\x38\x9B\x71";
        let description = [&b"\0\0\0\x1Ejumd"[..], kind, b"\x03c2pa\0"].concat();
        let store = [&b"\0\0\0\x26jumb"[..], &description].concat();
        let png = |name: &[u8], count: usize| {
            let chunk = [b"\0\0\0\x26", name, &store, b"\0\0\0\0"].concat();
            [&b"\x89PNG\r\n\x1A\n"[..], &chunk.repeat(count), b"\0\0\0\x09ID"].concat()
        };
        let found = |bytes: &[u8]| {
            let image = SourceImage::parse(bytes, &Limits::default()).unwrap();
            salvaged(&image).map(<[u8]>::to_vec)
        };
        assert_eq!(found(&png(b"caBX", 1)), Some(store.clone()));
        assert_eq!(found(&png(b"eXIf", 1)), None);
        assert_eq!(found(&png(b"caBX", 2)), None);
        // A picture within the metadata of another.
        let within = png(b"caBX", 1);
        let chunk = [&(within.len() as u32).to_be_bytes()[..], b"eXIf", &within, b"\0\0\0\0"].concat();
        assert_eq!(found(&[&b"\x89PNG\r\n\x1A\n"[..], &chunk].concat()), None);
        let jpeg = |marker: &[u8], header: &[u8]| [b"\xFF\xD8", marker, b"\0\x30", header, &store].concat();
        let header = b"JP\x02\x11\0\0\0\x01";
        assert_eq!(found(&jpeg(b"\xFF\xEB", header)), Some(store.clone()));
        assert_eq!(found(&jpeg(b"\xFF\xE1", header)), None);
    }

    #[test]
    fn a_film_that_ends_within_its_box_had_one() {
        let film = [
            &b"\0\0\0\x10ftypisom\0\0\0\0\0\0\x10\0uuid"[..],
            content_box::USER_TYPE,
            b"\0\0",
        ]
        .concat();
        assert!(carries(&film));
        assert!(!carries(&film[..film.len() - 3]), "of another kind, as far as it goes");
    }

    #[test]
    fn words_about_a_store_in_a_document_are_none() {
        assert!(carries(
            b"%PDF-1.7 1 0 obj << /AFRelationship /C2PA_Manifest /Type /Filespec >>"
        ));
        assert!(carries(
            b"%PDF-1.7 1 0 obj <</Type/Filespec/AFRelationship/C2PA_Manifest>>"
        ));
        assert!(!carries(
            b"%PDF-1.7 BT (The key /AFRelationship is /C2PA_Manifest.) Tj ET"
        ));
        assert!(!carries(b"%PDF-1.7 BT (/AFRelationship /C2PA_Manifest) Tj ET"));
    }
}
