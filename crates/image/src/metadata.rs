//! Where a picture's metadata lies: XMP packets, EXIF, and how an XMP packet is read out of its wrapping.
#![warn(clippy::indexing_slicing)]

use std::io::Read;
use std::ops::Range;

use flate2::bufread::ZlibDecoder;

use crate::blocks::photoshop;
use crate::error::Limit;
use crate::{Container, Error, Limits, bytes::Source};

/// The blocks of metadata that a walk met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metadata {
    /// XMP packets in file order; a sound file has at most one.
    pub xmp: Vec<Block>,
    /// JPEG: portions of extended XMP (XMP part 3, 1.1.3.1), in file order.
    pub extended_xmp: Vec<Block>,
    /// The first EXIF block; its payload begins with the TIFF header.
    pub exif: Option<Block>,
    /// JPEG: Photoshop's image resources in APP13, in file order; they may go on from one segment to the next.
    pub photoshop: Vec<Block>,
    /// PNG: whether a text chunk has the keyword `AIGC`, the other place of China's label (TC260-PG-20259A, annex B).
    pub aigc_text: bool,
}

/// One block of metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Block {
    /// The whole segment or chunk, with its wrapping.
    pub range: Range<usize>,
    /// What is wrapped.
    pub payload: Range<usize>,
    /// How it is written.
    pub encoding: Encoding,
}

/// How the payload of a block is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// As it is.
    Plain,
    /// In zlib's form (PNG: compressed text).
    Deflated,
}

/// The XMP of a picture, out of its wrapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Xmp {
    /// The packet.
    pub packet: Vec<u8>,
    /// JPEG: the extended part, put together from its portions.
    pub extended: Option<Vec<u8>>,
}

/// Reads the XMP of a walked picture; `None` if it has none.
pub(crate) fn xmp(source: &mut impl Source, container: &Container, limits: &Limits) -> Result<Option<Xmp>, Error> {
    let Some(first) = container.metadata.xmp.first() else {
        return Ok(None);
    };
    let packet = read(source, first, limits)?;
    let extended = extended(source, &container.metadata.extended_xmp, limits)?;
    Ok(Some(Xmp { packet, extended }))
}

/// Reads the EXIF block of a walked picture, from its TIFF header on.
pub(crate) fn exif(source: &mut impl Source, container: &Container, limits: &Limits) -> Result<Option<Vec<u8>>, Error> {
    let block = container.metadata.exif.as_ref();
    block.map(|block| read(source, block, limits)).transpose()
}

/// Reads the IPTC-IIM of a walked JPEG out of Photoshop's resources; `None` if there is none. Damaged resources yield what
/// stands before the damage.
pub(crate) fn iptc(source: &mut impl Source, container: &Container, limits: &Limits) -> Result<Option<Vec<u8>>, Error> {
    let mut resources = Vec::new();
    for block in &container.metadata.photoshop {
        resources.extend(read(source, block, limits)?);
        limits.check_metadata(resources.len())?;
    }
    let (ranges, _) = photoshop::iptc(&resources);
    let datasets: Vec<u8> = ranges
        .into_iter()
        .flat_map(|range| resources.get(range).unwrap_or_default())
        .copied()
        .collect();
    Ok((!datasets.is_empty()).then_some(datasets))
}

fn read(source: &mut impl Source, block: &Block, limits: &Limits) -> Result<Vec<u8>, Error> {
    limits.check_metadata(block.payload.len())?;
    let mut bytes = Vec::with_capacity(block.payload.len());
    copy(source, block.payload.clone(), &mut bytes);
    match block.encoding {
        Encoding::Plain => Ok(bytes),
        Encoding::Deflated => inflate(&bytes, limits),
    }
}

fn copy(source: &mut impl Source, range: Range<usize>, out: &mut Vec<u8>) {
    let mut at = range.start;
    while at < range.end {
        let view = source.view(at);
        let part = view.get(..view.len().min(range.end - at)).unwrap_or_default();
        if part.is_empty() {
            break;
        }
        out.extend_from_slice(part);
        at += part.len();
    }
}

fn inflate(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    // What does not inflate ends where it breaks: whoever parses the packet names the fault.
    let _ = ZlibDecoder::new(bytes)
        .take(limits.max_metadata.saturating_add(1))
        .read_to_end(&mut out);
    limits.check_metadata(out.len())?;
    Ok(out)
}

/// GUID, full length and offset stand before each portion.
const GUID: usize = 32;
const PORTION_HEADER: usize = GUID + 8;

/// Puts the portions of the first GUID together; `None` if they leave gaps, or do not agree how long the whole is.
pub(crate) fn extended(
    source: &mut impl Source,
    portions: &[Block],
    limits: &Limits,
) -> Result<Option<Vec<u8>>, Error> {
    let mut first = None;
    let mut whole = Vec::new();
    let mut filled = 0;
    for portion in portions {
        let data = portion.payload.start + PORTION_HEADER..portion.payload.end;
        let Some(found) = source.array::<GUID>(portion.payload.start) else {
            return Ok(None);
        };
        let (Some(length), Some(offset)) = (
            source.be32(portion.payload.start + GUID),
            source.be32(portion.payload.start + GUID + 4),
        ) else {
            return Ok(None);
        };
        let (length, offset) = (length as usize, offset as usize);
        match *first.get_or_insert((found, length)) {
            (guid, _) if guid != found => continue,
            (_, stated) if stated != length => return Ok(None),
            _ => {}
        }
        if whole.is_empty() {
            limits.check_metadata(length)?;
            whole.resize(length, 0);
        }
        let part = source.get(data).unwrap_or_default();
        let place = offset
            .checked_add(part.len())
            .and_then(|end| whole.get_mut(offset..end));
        let Some(place) = place else { return Ok(None) };
        place.copy_from_slice(part);
        filled += part.len();
    }
    Ok((filled > 0 && filled == whole.len()).then_some(whole))
}

impl Limits {
    pub(crate) fn check_metadata(&self, found: usize) -> Result<(), Error> {
        if found as u64 <= self.max_metadata {
            Ok(())
        } else {
            Err(Error::Limits {
                limit: Limit::Metadata,
                found: found as u64,
                allowed: self.max_metadata,
            })
        }
    }
}
