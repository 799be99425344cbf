//! The plan for inserting a manifest store: which bytes of the final file come from the source, which the store
//! covers, and how it is wrapped. Hashing and writing follow the same plan, so they cannot disagree.
#![warn(clippy::indexing_slicing)]

use std::convert::Infallible;
use std::io::{self, Read, Seek, SeekFrom, Write};

use crate::container::Shape;
use crate::layout::Piece;
use crate::{
    Error, Format, Layout, SourceFile, SourceImage, StoreRefusal,
    jpeg::{APP11, JUMBF_IDENTIFIER},
    png, webp,
};

/// Store bytes in one APP11 segment, whose length field counts to 65 535. c2pa-rs takes 64 000; readers accept any.
const JPEG_PAYLOAD: usize = 65_000;
/// Marker, length, CI, En and Z.
const JPEG_OVERHEAD: usize = 12;
/// LBox and TBox, repeated in each further segment.
const BOX_HEADER: usize = 8;
/// Largest RIFF size that libwebp reads (`MAX_CHUNK_PAYLOAD`).
const MAX_RIFF_SIZE: u32 = u32::MAX - 9;

/// A plan for one picture and one length of store; made before the store exists, because the store holds the hash
/// of what is outside it and the range of [`Splice::exclusion`].
#[derive(Debug, Clone)]
pub struct Splice {
    layout: Layout,
    wrapped_len: usize,
    store_len: usize,
    final_len: u64,
    riff_size: [u8; 4],
    wrapping: Wrapping,
}

#[derive(Debug, Clone, Copy)]
enum Wrapping {
    /// APP11 segments with this box instance number (ISO/IEC 19566-5)
    Jpeg(u16),
    /// A `caBX` chunk
    Png,
    /// A `C2PA` chunk
    WebP,
}

impl Splice {
    /// Plans the insertion of a store of exactly `store_len` bytes.
    ///
    /// # Errors
    /// [`Error::Store`] where the length does not fit the format.
    pub fn new(layout: Layout, store_len: usize) -> Result<Self, Error> {
        let wrapping = Wrapping::of(&layout)?;
        if store_len < BOX_HEADER {
            return Err(StoreRefusal::TooShort.into());
        }
        if store_len % 2 == 1 && Self::store_len_must_be_even(layout.format()) {
            return Err(StoreRefusal::OddLength.into());
        }
        let wrapped_len = wrapping.wrapped_len(store_len).ok_or(StoreRefusal::TooLong)?;
        let after: usize = layout.after.iter().map(Piece::len).sum();
        let end = layout.start.checked_add(wrapped_len).ok_or(StoreRefusal::TooLong)?;
        let final_len = end.checked_add(after).ok_or(StoreRefusal::TooLong)?;
        let mut riff_size = [0; 4];
        if let Wrapping::WebP = wrapping {
            riff_size = u32::try_from(end - 8)
                .ok()
                .filter(|&size| size <= MAX_RIFF_SIZE)
                .ok_or(StoreRefusal::TooLong)?
                .to_le_bytes();
        }
        Ok(Self {
            layout,
            wrapped_len,
            store_len,
            final_len: final_len as u64,
            riff_size,
            wrapping,
        })
    }

    /// Whether a store for this format must have an even length.
    ///
    /// True of WebP: the pad byte behind an odd chunk may not lie in the exclusion, and readers differ on whether
    /// it does (c2pa 0.90 takes it in, 0.91 reports `assertion.dataHash.mismatch`). Pad the store by a byte.
    pub fn store_len_must_be_even(format: Format) -> bool {
        format == Format::WebP
    }

    /// Start and length, in bytes of the final file, of what a data hash leaves out: the whole wrapped store.
    /// JPEG: all APP11 segments with their markers; PNG: length, type, data and CRC; WebP: chunk header and data.
    pub fn exclusion(&self) -> (u64, u64) {
        (self.layout.start as u64, self.wrapped_len as u64)
    }

    /// Length of the final file in bytes.
    pub fn final_len(&self) -> u64 {
        self.final_len
    }

    /// Binds the plan to the picture it was made for.
    ///
    /// # Errors
    /// [`StoreRefusal::OtherPicture`] in an [`Error::Store`] for another picture.
    pub fn over<'a>(&'a self, source: &SourceImage<'a>) -> Result<Spliced<'a>, Error> {
        if self.layout.source_len != source.bytes().len() || self.layout.format() != source.format() {
            return Err(StoreRefusal::OtherPicture.into());
        }
        Ok(Spliced {
            plan: self,
            source: source.bytes(),
        })
    }

    /// Writes the final file but for its store, in blocks and in constant memory, and shows `hash` the bytes outside
    /// [`Splice::exclusion`] in order. A gap is left for the store; [`Splice::fill`] fills it.
    ///
    /// # Errors
    /// Those of source and `out`; [`StoreRefusal::OtherPicture`] inside an [`io::Error`] for another picture.
    pub fn copy<R: Read + Seek>(
        &self,
        source: &mut SourceFile<R>,
        out: &mut (impl Write + Seek),
        mut hash: impl FnMut(&[u8]),
    ) -> io::Result<()> {
        if self.layout.source_len != source.len() || self.layout.format() != source.format() {
            return Err(Error::from(StoreRefusal::OtherPicture).into());
        }
        let mut both = |part: &[u8]| {
            hash(part);
            out.write_all(part)
        };
        for piece in &self.layout.before {
            self.emit_piece(piece, source, &mut both)?;
        }
        out.seek(SeekFrom::Current(self.wrapped_len as i64))?;
        let mut both = |part: &[u8]| {
            hash(part);
            out.write_all(part)
        };
        for piece in &self.layout.after {
            self.emit_piece(piece, source, &mut both)?;
        }
        Ok(())
    }

    /// Writes the store into the gap that [`Splice::copy`] left in a file that began at position 0 of `out`.
    ///
    /// # Errors
    /// Those of `out`; an [`Error::Store`] inside an [`io::Error`] if `store` is not of the planned length.
    pub fn fill(&self, store: &[u8], out: &mut (impl Write + Seek)) -> io::Result<()> {
        self.check(store).map_err(Error::from)?;
        out.seek(SeekFrom::Start(self.layout.start as u64))?;
        let mut wrapped = Vec::with_capacity(self.wrapped_len);
        let Ok(()) = self.wrapping.emit::<Infallible>(store, &mut |part| {
            wrapped.extend_from_slice(part);
            Ok(())
        });
        out.write_all(&wrapped)
    }

    fn emit_piece<R: Read + Seek>(
        &self,
        piece: &Piece,
        source: &mut SourceFile<R>,
        out: &mut impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        match piece {
            Piece::Source(range) => source.copy(range.clone(), out),
            Piece::New(bytes) => out(bytes),
            Piece::RiffSize => out(&self.riff_size),
        }
    }

    fn check(&self, store: &[u8]) -> Result<(), StoreRefusal> {
        if store.len() != self.store_len {
            return Err(StoreRefusal::OtherLength {
                planned: self.store_len as u64,
                given: store.len() as u64,
            });
        }
        let several = matches!(self.wrapping, Wrapping::Jpeg(_)) && store.len() > JPEG_PAYLOAD;
        if several && store.starts_with(&[0, 0, 0, 1]) {
            return Err(StoreRefusal::LongBoxHeader);
        }
        Ok(())
    }
}

/// A [`Splice`] over the picture it was made for, in memory.
#[derive(Debug, Clone, Copy)]
pub struct Spliced<'a> {
    plan: &'a Splice,
    source: &'a [u8],
}

impl<'a> Spliced<'a> {
    /// The bytes of the final file outside [`Splice::exclusion`], in order and without copying. Usually one to six
    /// slices, none empty.
    pub fn hashed(&self) -> impl Iterator<Item = &'a [u8]> + Clone {
        let Self { plan, source } = *self;
        let pieces = plan.layout.before.iter().chain(&plan.layout.after);
        pieces.map(move |piece| match piece {
            Piece::Source(range) => source.get(range.clone()).unwrap_or_default(),
            Piece::New(bytes) => bytes,
            Piece::RiffSize => &plan.riff_size,
        })
    }

    /// The final file in memory, allocated once.
    ///
    /// # Errors
    /// [`Error::Store`] if `store` is not of the planned length.
    pub fn assemble(&self, store: &[u8]) -> Result<Vec<u8>, Error> {
        self.plan.check(store)?;
        let mut out = Vec::with_capacity(usize::try_from(self.plan.final_len).map_err(|_| StoreRefusal::TooLong)?);
        let before = self.plan.layout.before.len();
        self.hashed().take(before).for_each(|part| out.extend_from_slice(part));
        let Ok(()) = self.plan.wrapping.emit::<Infallible>(store, &mut |part| {
            out.extend_from_slice(part);
            Ok(())
        });
        self.hashed().skip(before).for_each(|part| out.extend_from_slice(part));
        Ok(out)
    }
}

impl Wrapping {
    fn of(layout: &Layout) -> Result<Self, Error> {
        Ok(match layout.shape {
            Shape::Jpeg { free_instance, .. } => Self::Jpeg(free_instance.ok_or(StoreRefusal::NoBoxInstance)?),
            Shape::Png => Self::Png,
            Shape::WebP { .. } => Self::WebP,
        })
    }

    /// Length of a store with its wrapping; `None` if the format cannot hold it.
    fn wrapped_len(self, store_len: usize) -> Option<usize> {
        let stated = u32::try_from(store_len).ok()?;
        match self {
            Self::Jpeg(_) => {
                let segments = store_len.div_ceil(JPEG_PAYLOAD);
                let repeated = segments.saturating_sub(1).checked_mul(BOX_HEADER)?;
                segments
                    .checked_mul(JPEG_OVERHEAD)?
                    .checked_add(repeated)?
                    .checked_add(store_len)
            }
            Self::Png => (stated <= png::MAX_LENGTH)
                .then_some(store_len)?
                .checked_add(png::OVERHEAD),
            Self::WebP => store_len.checked_add(webp::CHUNK_HEADER),
        }
    }

    fn emit<E>(self, store: &[u8], out: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        // Truncation cannot happen: `wrapped_len` bounded the length and the number of segments.
        let len = store.len() as u32;
        match self {
            Self::Jpeg(instance) => {
                let header = store.get(..BOX_HEADER).unwrap_or_default();
                for (payload, sequence) in store.chunks(JPEG_PAYLOAD).zip(1u32..) {
                    let repeated = if sequence == 1 { [].as_slice() } else { header };
                    let [len1, len0] = ((JPEG_OVERHEAD - 2 + repeated.len() + payload.len()) as u16).to_be_bytes();
                    let [ci1, ci0] = JUMBF_IDENTIFIER;
                    let [en1, en0] = instance.to_be_bytes();
                    let [z3, z2, z1, z0] = sequence.to_be_bytes();
                    out(&[0xFF, APP11, len1, len0, ci1, ci0, en1, en0, z3, z2, z1, z0])?;
                    out(repeated)?;
                    out(payload)?;
                }
                Ok(())
            }
            Self::Png => {
                out(&len.to_be_bytes())?;
                out(&png::CABX)?;
                out(store)?;
                out(&png::checksum(png::CABX, store).to_be_bytes())
            }
            Self::WebP => {
                out(&webp::C2PA)?;
                out(&len.to_le_bytes())?;
                out(store)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, samples};

    fn plan(bytes: &[u8], store_len: usize) -> Result<Splice, Error> {
        Splice::new(Layout::new(&source(bytes).container()?, None)?, store_len)
    }

    fn source(bytes: &[u8]) -> SourceImage<'_> {
        SourceImage::parse(bytes, &Limits::default()).unwrap()
    }

    fn assemble(splice: &Splice, bytes: &[u8], store: &[u8]) -> Result<Vec<u8>, Error> {
        splice.over(&source(bytes))?.assemble(store)
    }

    #[test]
    fn png_exclusion_is_the_whole_chunk_behind_ihdr() {
        let bytes = samples::png();
        let store = samples::store(100, 1);
        let splice = plan(&bytes, 100).unwrap();
        assert_eq!(splice.exclusion(), (33, 112));
        let out = assemble(&splice, &bytes, &store).unwrap();
        assert_eq!(&out[33..41], b"\0\0\0\x64caBX");
        assert_eq!(&out[41..141], store);
        assert_eq!(&out[145..], &bytes[33..]);
    }

    #[test]
    fn jpeg_store_is_split_with_the_box_header_repeated() {
        let bytes = samples::jpeg();
        let store = samples::store(JPEG_PAYLOAD + 1, 1);
        let splice = plan(&bytes, store.len()).unwrap();
        let (start, length) = splice.exclusion();
        assert_eq!(length, (store.len() + 12 + 12 + 8) as u64);
        let out = assemble(&splice, &bytes, &store).unwrap();
        let wrapped = &out[start as usize..][..length as usize];
        assert_eq!(wrapped[..12], [0xFF, 0xEB, 0xFD, 0xF2, b'J', b'P', 2, 0x11, 0, 0, 0, 1]);
        let (_, second) = wrapped.split_at(12 + JPEG_PAYLOAD);
        assert_eq!(second[..12], [0xFF, 0xEB, 0, 19, b'J', b'P', 2, 0x11, 0, 0, 0, 2]);
        assert_eq!(second[12..20], store[..8]);
        assert_eq!(second[20..], store[JPEG_PAYLOAD..]);
    }

    #[test]
    fn webp_size_counts_the_store_and_the_new_pad_byte() {
        let mut bytes = samples::webp_of(&[(*b"VP8L", b"\x2F\x03\x80\0\0")]);
        bytes.pop();
        bytes[4] -= 1;
        assert_eq!(bytes.len() % 2, 1);
        let splice = plan(&bytes, 40).unwrap();
        let out = assemble(&splice, &bytes, &samples::store(40, 1)).unwrap();
        assert_eq!(splice.exclusion(), (bytes.len() as u64 + 1, 48));
        assert_eq!(out[4..8], (out.len() as u32 - 8).to_le_bytes());
        assert_eq!(out[bytes.len()], 0);
    }

    #[test]
    fn lengths_that_do_not_fit_are_refused() {
        let refusal = |bytes: &[u8], len| plan(bytes, len).unwrap_err();
        assert_eq!(refusal(&samples::webp(), 41), Error::Store(StoreRefusal::OddLength));
        assert_eq!(refusal(&samples::png(), 7), Error::Store(StoreRefusal::TooShort));
        assert_eq!(refusal(&samples::png(), 1 << 31), Error::Store(StoreRefusal::TooLong));
        assert_eq!(
            refusal(&samples::jpeg(), usize::MAX),
            Error::Store(StoreRefusal::TooLong)
        );
        assert_eq!(
            refusal(&samples::webp(), u32::MAX as usize - 9),
            Error::Store(StoreRefusal::TooLong)
        );
    }

    #[test]
    fn another_store_than_planned_is_refused_before_anything_is_written() {
        let bytes = samples::jpeg();
        let splice = plan(&bytes, 40).unwrap();
        let refusal = StoreRefusal::OtherLength { planned: 40, given: 41 };
        assert_eq!(assemble(&splice, &bytes, &[0; 41]), Err(Error::Store(refusal)));
        let mut out = io::Cursor::new(Vec::new());
        assert_eq!(
            splice.fill(&[0; 41], &mut out).unwrap_err().kind(),
            io::ErrorKind::InvalidData
        );
        assert!(out.into_inner().is_empty());
        let mut long = samples::store(JPEG_PAYLOAD + 1, 1);
        long[..4].copy_from_slice(&[0, 0, 0, 1]);
        let refused = assemble(&plan(&bytes, long.len()).unwrap(), &bytes, &long);
        assert_eq!(refused, Err(Error::Store(StoreRefusal::LongBoxHeader)));
    }

    #[test]
    fn a_container_of_another_picture_is_refused() {
        let (jpeg, png) = (samples::jpeg(), samples::png());
        let splice = plan(&jpeg, 40).unwrap();
        let other = Error::Store(StoreRefusal::OtherPicture);
        assert_eq!(splice.over(&source(&png)).unwrap_err(), other);
        let mut file = SourceFile::open(io::Cursor::new(&png), &Limits::default()).unwrap();
        let copied = splice.copy(&mut file, &mut io::Cursor::new(Vec::new()), |_| {});
        assert_eq!(copied.unwrap_err().kind(), io::ErrorKind::InvalidData);
        let mut wild = source(&jpeg).container().unwrap();
        wild.insertion = usize::MAX;
        assert_eq!(Layout::new(&wild, None).unwrap_err(), other);
    }

    #[test]
    fn a_simple_webp_becomes_an_extended_one_for_xmp() {
        let opaque = samples::webp_of(&[(*b"VP8L", b"\x2F\x03\x80\0\0")]);
        let alpha = samples::webp_of(&[(*b"VP8L", b"\x2F\x03\x80\0\x10")]);
        for (bytes, flags) in [(opaque, 0x04), (alpha, 0x14)] {
            let layout = Layout::new(&source(&bytes).container().unwrap(), Some(b"packet!")).unwrap();
            let out = assemble(&Splice::new(layout, 40).unwrap(), &bytes, &samples::store(40, 1)).unwrap();
            let extended = [b"VP8X\x0A\0\0\0", &[flags][..], b"\0\0\0\x03\0\0\x02\0\0"].concat();
            assert_eq!(out[12..30], extended);
            assert_eq!(out[30..44], bytes[12..26]);
            assert_eq!(&out[44..60], b"XMP \x07\0\0\0packet!\0");
            assert_eq!(out[4..8], (out.len() as u32 - 8).to_le_bytes());
        }
        let known = samples::webp_of(&[
            (*b"VP8X", b"\x10\0\0\0\x03\0\0\x02\0\0"),
            (*b"VP8L", b"\x2F\x03\x80\0\x10"),
        ]);
        let layout = Layout::new(&source(&known).container().unwrap(), Some(b"p")).unwrap();
        let out = assemble(&Splice::new(layout, 40).unwrap(), &known, &samples::store(40, 1)).unwrap();
        assert_eq!(out[20], 0x14);
        assert_eq!(
            out[21..],
            [&known[21..], b"XMP \x01\0\0\0p\0C2PA\x28\0\0\0", &samples::store(40, 1)].concat()
        );
    }

    #[test]
    fn a_packet_under_the_name_that_imagemagick_gives_it_is_replaced_by_a_sound_one() {
        let bytes = samples::webp_of(&[
            (*b"VP8X", b"\0\0\0\0\x03\0\0\x02\0\0"),
            (*b"VP8L", b"\x2F\x03\x80\0\0"),
            (*b"XMP\0", b"old"),
        ]);
        let layout = Layout::new(&source(&bytes).container().unwrap(), Some(b"new!")).unwrap();
        let out = assemble(&Splice::new(layout, 40).unwrap(), &bytes, &samples::store(40, 1)).unwrap();
        assert_eq!(out[20], 0x04);
        let expected = [
            &bytes[21..44],
            b"XMP \x04\0\0\0new!C2PA\x28\0\0\0",
            &samples::store(40, 1),
        ]
        .concat();
        assert_eq!(out[21..], expected);
    }

    #[test]
    fn a_packet_too_long_for_jpeg_is_refused() {
        let bytes = samples::jpeg();
        let container = source(&bytes).container().unwrap();
        assert!(Layout::new(&container, Some(&[b' '; 65_504])).is_ok());
        assert!(Layout::new(&container, Some(&[b' '; 65_505])).is_err());
    }
}
