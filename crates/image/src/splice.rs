//! The plan for inserting a manifest store: which bytes of the final file come from the source, which the store
//! covers, and how it is wrapped. Hashing and writing follow the same plan, so they cannot disagree.
#![warn(clippy::indexing_slicing)]

use std::{convert::Infallible, io, ops::Range};

use crate::{
    Container, Error, Format, SourceImage, StoreRefusal,
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
/// of [`Splice::hashed`] and the range of [`Splice::exclusion`].
#[derive(Debug, Clone)]
pub struct Splice<'a> {
    source: &'a [u8],
    before: Vec<Piece>,
    after: Vec<Piece>,
    start: usize,
    wrapped_len: usize,
    store_len: usize,
    riff_size: [u8; 4],
    wrapping: Wrapping,
}

/// A run of the final file outside the store.
#[derive(Debug, Clone)]
enum Piece {
    Source(Range<usize>),
    RiffSize,
    Pad,
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

impl<'a> Splice<'a> {
    /// Plans the insertion of a store of exactly `store_len` bytes into a picture that carries none.
    ///
    /// # Errors
    /// [`Error::Store`]: a store is [already there](StoreRefusal::AlreadyPresent), the length does not fit the
    /// format, or `container` is of another picture.
    pub fn new(source: &SourceImage<'a>, container: &Container, store_len: usize) -> Result<Self, Error> {
        if !container.stores.is_empty() {
            return Err(StoreRefusal::AlreadyPresent.into());
        }
        Self::replacing(source, container, store_len)
    }

    /// Plans the same and leaves out every manifest store the source carries, since two would both be invalid.
    ///
    /// The caller keeps what was there, as an ingredient of the new store.
    ///
    /// # Errors
    /// As [`Splice::new`], but for stores that are there.
    pub fn replacing(source: &SourceImage<'a>, container: &Container, store_len: usize) -> Result<Self, Error> {
        let bytes = source.bytes();
        if container.source_len != bytes.len() || container.format != source.format() {
            return Err(StoreRefusal::OtherPicture.into());
        }
        let wrapping = Wrapping::of(container)?;
        if store_len < BOX_HEADER {
            return Err(StoreRefusal::TooShort.into());
        }
        if store_len % 2 == 1 && Self::store_len_must_be_even(container.format) {
            return Err(StoreRefusal::OddLength.into());
        }
        let wrapped_len = wrapping.wrapped_len(store_len).ok_or(StoreRefusal::TooLong)?;

        let mut before = kept(container, 0..container.insertion);
        let after = kept(container, container.insertion..bytes.len());
        if before
            .iter()
            .chain(&after)
            .any(|piece| bytes.get(piece.clone()).is_none())
        {
            return Err(StoreRefusal::OtherPicture.into());
        }
        let mut start: usize = before.iter().map(Range::len).sum();
        let mut riff_size = [0; 4];
        let before = if let Wrapping::WebP = wrapping {
            if let Some(first) = before.first_mut() {
                first.start = 8;
            }
            let mut pieces = vec![Piece::Source(0..4), Piece::RiffSize];
            pieces.extend(before.into_iter().map(Piece::Source));
            if start % 2 == 1 {
                pieces.push(Piece::Pad);
                start += 1;
            }
            let size = start
                .checked_add(wrapped_len)
                .and_then(|end| u32::try_from(end - 8).ok());
            riff_size = size
                .filter(|&size| size <= MAX_RIFF_SIZE)
                .ok_or(StoreRefusal::TooLong)?
                .to_le_bytes();
            pieces
        } else {
            before.into_iter().map(Piece::Source).collect()
        };
        let after_len: usize = after.iter().map(Range::len).sum();
        start
            .checked_add(wrapped_len)
            .and_then(|n| n.checked_add(after_len))
            .ok_or(StoreRefusal::TooLong)?;
        let after = after.into_iter().map(Piece::Source).collect();
        Ok(Self {
            source: bytes,
            before,
            after,
            start,
            wrapped_len,
            store_len,
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
        (self.start as u64, self.wrapped_len as u64)
    }

    /// The bytes of the final file outside [`Splice::exclusion`], in order and without copying. Usually one to four
    /// slices, none empty.
    pub fn hashed(&self) -> impl Iterator<Item = &[u8]> + Clone {
        self.before.iter().chain(&self.after).map(|piece| self.piece(piece))
    }

    /// Length of the final file in bytes.
    pub fn final_len(&self) -> u64 {
        let outside: usize = self.hashed().map(<[u8]>::len).sum();
        (outside + self.wrapped_len) as u64
    }

    /// Writes the final file. `out` gets few large writes and needs no buffer of its own.
    ///
    /// # Errors
    /// Those of `out`; [`io::ErrorKind::InvalidInput`] holding an [`Error::Store`] if `store` is not of the planned
    /// length, in which case nothing is written.
    pub fn write(&self, store: &[u8], out: &mut impl io::Write) -> io::Result<()> {
        self.check(store)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, Error::from(error)))?;
        self.emit(store, &mut |part| out.write_all(part))
    }

    /// The final file in memory, allocated once.
    ///
    /// # Errors
    /// [`Error::Store`] if `store` is not of the planned length.
    pub fn assemble(&self, store: &[u8]) -> Result<Vec<u8>, Error> {
        self.check(store)?;
        let mut out = Vec::with_capacity(usize::try_from(self.final_len()).map_err(|_| StoreRefusal::TooLong)?);
        let Ok(()) = self.emit::<Infallible>(store, &mut |part| {
            out.extend_from_slice(part);
            Ok(())
        });
        Ok(out)
    }

    fn piece(&self, piece: &Piece) -> &[u8] {
        match piece {
            Piece::Source(range) => self.source.get(range.clone()).unwrap_or_default(),
            Piece::RiffSize => &self.riff_size,
            Piece::Pad => &[0],
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

    fn emit<E>(&self, store: &[u8], out: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        self.before.iter().try_for_each(|piece| out(self.piece(piece)))?;
        self.wrapping.emit(store, out)?;
        self.after.iter().try_for_each(|piece| out(self.piece(piece)))
    }
}

impl Wrapping {
    fn of(container: &Container) -> Result<Self, Error> {
        match container.format {
            Format::Jpeg => Ok(Self::Jpeg(container.free_instance.ok_or(StoreRefusal::NoBoxInstance)?)),
            Format::Png => Ok(Self::Png),
            Format::WebP => Ok(Self::WebP),
            other => Err(Error::Unsupported(other)),
        }
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

/// The parts of `range` that belong to no manifest store, none empty.
fn kept(container: &Container, range: Range<usize>) -> Vec<Range<usize>> {
    let mut removed: Vec<_> = container
        .stores
        .iter()
        .flat_map(|store| store.ranges.iter().cloned())
        .collect();
    removed.sort_unstable_by_key(|gap| gap.start);
    let mut parts = Vec::new();
    let mut from = range.start;
    for gap in removed {
        let to = gap.start.clamp(from, range.end);
        parts.push(from..to);
        from = gap.end.clamp(to, range.end);
    }
    parts.push(from..range.end);
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, samples};

    fn plan(bytes: &[u8], store_len: usize) -> Result<Splice<'_>, Error> {
        let source = SourceImage::parse(bytes, &Limits::default())?;
        Splice::new(&source, &source.container()?, store_len)
    }

    #[test]
    fn png_exclusion_is_the_whole_chunk_behind_ihdr() {
        let bytes = samples::png();
        let store = samples::store(100, 1);
        let splice = plan(&bytes, 100).unwrap();
        assert_eq!(splice.exclusion(), (33, 112));
        let out = splice.assemble(&store).unwrap();
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
        let out = splice.assemble(&store).unwrap();
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
        let out = splice.assemble(&samples::store(40, 1)).unwrap();
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
        assert_eq!(splice.assemble(&[0; 41]), Err(Error::Store(refusal)));
        let mut out = Vec::new();
        assert_eq!(
            splice.write(&[0; 41], &mut out).unwrap_err().kind(),
            io::ErrorKind::InvalidInput
        );
        assert!(out.is_empty());
        let mut long = samples::store(JPEG_PAYLOAD + 1, 1);
        long[..4].copy_from_slice(&[0, 0, 0, 1]);
        let refused = plan(&bytes, long.len()).unwrap().assemble(&long);
        assert_eq!(refused, Err(Error::Store(StoreRefusal::LongBoxHeader)));
    }

    #[test]
    fn a_container_of_another_picture_is_refused() {
        let (jpeg, png) = (samples::jpeg(), samples::png());
        let jpeg = SourceImage::parse(&jpeg, &Limits::default()).unwrap();
        let png = SourceImage::parse(&png, &Limits::default()).unwrap();
        let refused = Splice::new(&jpeg, &png.container().unwrap(), 40).unwrap_err();
        assert_eq!(refused, Error::Store(StoreRefusal::OtherPicture));
        let mut wild = jpeg.container().unwrap();
        wild.insertion = usize::MAX;
        assert!(Splice::new(&jpeg, &wild, 40).is_err());
    }
}
