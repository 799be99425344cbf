//! What of the final file does not depend on the manifest store's length: which bytes come from the source, which
//! metadata is new, and where the store begins.
#![warn(clippy::indexing_slicing)]

use std::ops::Range;

use crate::container::Shape;
use crate::{Container, Error, Format, StoreRefusal, jpeg, png, webp};

/// The final file but for its manifest store; the store's place is known before its length is.
#[derive(Debug, Clone)]
pub struct Layout {
    pub(crate) before: Vec<Piece>,
    pub(crate) after: Vec<Piece>,
    pub(crate) start: usize,
    pub(crate) shape: Shape,
    pub(crate) source_len: usize,
    format: Format,
}

/// A run of the final file outside the store.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    /// Bytes of the source.
    Source(Range<usize>),
    /// New bytes.
    New(Vec<u8>),
    /// WebP: the size of the RIFF body, four bytes, which depends on the store.
    RiffSize,
}

impl Piece {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Source(range) => range.len(),
            Self::New(bytes) => bytes.len(),
            Self::RiffSize => 4,
        }
    }
}

impl Layout {
    /// Lays out a picture that carries no manifest store; with `xmp`, that packet takes the place of the first one
    /// or, where there is none, the place that the format has for it.
    ///
    /// A simple WebP file becomes an extended one for it (RFC 9649, 2.7), the coded picture stays.
    ///
    /// # Errors
    /// [`Error::Store`]: a store is [already there](StoreRefusal::AlreadyPresent), or the packet is
    /// [too long](StoreRefusal::PacketTooLong).
    pub fn new(container: &Container, xmp: Option<&[u8]>) -> Result<Self, Error> {
        if !container.stores.is_empty() {
            return Err(StoreRefusal::AlreadyPresent.into());
        }
        Self::replacing(container, xmp)
    }

    /// Lays out the same and leaves out every manifest store the source carries, since two would both be invalid.
    ///
    /// The caller keeps what was there, as an ingredient of the new store.
    ///
    /// # Errors
    /// As [`Layout::new`], but for stores that are there.
    pub fn replacing(container: &Container, xmp: Option<&[u8]>) -> Result<Self, Error> {
        if container.insertion > container.source_len {
            return Err(StoreRefusal::OtherPicture.into());
        }
        let mut edits: Vec<Edit> = container
            .stores
            .iter()
            .flat_map(|store| store.ranges.iter().cloned())
            .map(|range| Edit { range, new: Vec::new() })
            .collect();
        let mut appended = None;
        if let Some(packet) = xmp {
            let wrapped = wrap(container.format, packet)?;
            match container.metadata.xmp.first() {
                Some(block) => edits.push(Edit {
                    range: block.range.clone(),
                    new: wrapped,
                }),
                None => appended = Some(wrapped),
            }
            edits.extend(vp8x(container));
        }
        edits.sort_by_key(|edit| edit.range.start);

        let mut before = pieces(0..container.insertion, &edits);
        let mut after = pieces(container.insertion..container.source_len, &edits);
        if container.format == Format::WebP {
            before = with_riff_size(before);
            let len: usize = before.iter().map(Piece::len).sum();
            // Chunks begin at even places; the writer of the source forgot the last pad byte.
            if len % 2 == 1 {
                before.push(Piece::New(vec![0]));
            }
            before.extend(appended.map(Piece::New));
        } else if let Some(packet) = appended {
            after.insert(0, Piece::New(packet));
        }
        Ok(Self {
            start: before.iter().map(Piece::len).sum(),
            before,
            after,
            shape: container.shape,
            source_len: container.source_len,
            format: container.format,
        })
    }

    /// Where the manifest store with its wrapping begins, in bytes of the final file.
    pub fn start(&self) -> u64 {
        self.start as u64
    }

    /// The format of source and final file.
    pub fn format(&self) -> Format {
        self.format
    }
}

/// New bytes in place of a range of the source.
struct Edit {
    range: Range<usize>,
    new: Vec<u8>,
}

/// The parts of `region` with the edits that lie in it, none empty.
fn pieces(region: Range<usize>, edits: &[Edit]) -> Vec<Piece> {
    let mut parts = Vec::new();
    let mut from = region.start;
    for edit in edits {
        let Range { start, end } = edit.range;
        if start < region.start || start >= region.end {
            continue;
        }
        let start = start.max(from);
        parts.push(Piece::Source(from..start));
        parts.push(Piece::New(edit.new.clone()));
        from = end.clamp(start, region.end);
    }
    parts.push(Piece::Source(from..region.end));
    parts.retain(|part| part.len() > 0);
    parts
}

/// An XMP packet in the wrapping of its format.
fn wrap(format: Format, packet: &[u8]) -> Result<Vec<u8>, Error> {
    match format {
        Format::Jpeg => {
            let length = u16::try_from(2 + jpeg::XMP.len() + packet.len()).map_err(|_| StoreRefusal::PacketTooLong)?;
            Ok([&[0xFF, jpeg::APP1], &length.to_be_bytes()[..], jpeg::XMP, packet].concat())
        }
        Format::Png => {
            // Not compressed, no language, no translated keyword.
            let data = [png::XMP_KEYWORD, &[0, 0, 0, 0], packet].concat();
            let length = u32::try_from(data.len())
                .ok()
                .filter(|&length| length <= png::MAX_LENGTH);
            let length = length.ok_or(StoreRefusal::PacketTooLong)?;
            let checksum = png::checksum(*b"iTXt", &data).to_be_bytes();
            Ok([&length.to_be_bytes(), &b"iTXt"[..], &data, &checksum].concat())
        }
        Format::WebP => {
            let length = u32::try_from(packet.len()).map_err(|_| StoreRefusal::PacketTooLong)?;
            let pad: &[u8] = if packet.len() % 2 == 1 { &[0] } else { &[] };
            Ok([b"XMP ", &length.to_le_bytes()[..], packet, pad].concat())
        }
        other => Err(Error::Unsupported(other)),
    }
}

/// WebP: says in VP8X that there is an XMP chunk, and adds VP8X to a simple file.
fn vp8x(container: &Container) -> Option<Edit> {
    let Shape::WebP { extended, alpha } = container.shape else {
        return None;
    };
    Some(match extended {
        Some((at, flags)) => Edit {
            range: at..at + 1,
            new: vec![flags | webp::XMP_FLAG],
        },
        None => {
            let flags = webp::XMP_FLAG | if alpha { webp::ALPHA_FLAG } else { 0 };
            let (width, height) = container.dimensions;
            let [w0, w1, w2, _] = (width - 1).to_le_bytes();
            let [h0, h1, h2, _] = (height - 1).to_le_bytes();
            let data = [flags, 0, 0, 0, w0, w1, w2, h0, h1, h2];
            Edit {
                range: webp::FILE_HEADER..webp::FILE_HEADER,
                new: [b"VP8X", &10_u32.to_le_bytes()[..], &data].concat(),
            }
        }
    })
}

/// Puts the size field in place of the source's own.
fn with_riff_size(mut pieces: Vec<Piece>) -> Vec<Piece> {
    if let Some(Piece::Source(first)) = pieces.first_mut() {
        first.start = 8;
    }
    pieces.splice(0..0, [Piece::Source(0..4), Piece::RiffSize]);
    pieces.retain(|piece| piece.len() > 0);
    pieces
}
