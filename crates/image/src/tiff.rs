//! The directories of TIFF, by reference: the fields of EXIF blocks and of TIFF files (TIFF 6.0, section 2; BigTIFF).
//!
//! `kamadak-exif` copies the block and decodes every value; here a field is a slice of the file, so that a gigabyte of TIFF
//! costs no more than its directories.
#![warn(clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::ops::Range;

use crate::bytes::{array, be16, be32, le16, le32};

/// Directories that are followed: IFD0, that of the thumbnail, further pages, EXIF and GPS. What there is to say of a
/// picture, its first page says: further ones than these are no damage.
const MAX_DIRECTORIES: usize = 16;
/// Fields that are listed. Cameras write a hundred.
const MAX_FIELDS: usize = 4096;

const EXIF_DIRECTORY: u16 = 0x8769;

/// The fields of an EXIF block or a TIFF file, as far as they can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExifFields<'a> {
    /// The order of bytes in numbers.
    pub order: ByteOrder,
    /// Each field in the order of the directories, at most 4,096.
    pub list: Vec<ExifField<'a>>,
    /// Whether a directory or a value lies outside the block, or there were more; many pages do not count.
    pub incomplete: bool,
}

/// One field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExifField<'a> {
    /// The directory it stands in.
    pub directory: ExifDirectory,
    /// Its tag.
    pub tag: u16,
    /// The type of its values (TIFF 6.0, section 2: 2 is text, 7 is undefined).
    pub kind: u16,
    /// Its values, as they are in the file.
    pub value: &'a [u8],
    /// Where these begin in the block or file, in bytes.
    pub offset: usize,
}

/// The directory that a field stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExifDirectory {
    /// A directory of the main chain: the picture, its thumbnail, further pages.
    Main,
    /// The EXIF directory.
    Exif,
}

/// The order of bytes in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// `II`.
    Little,
    /// `MM`.
    Big,
}

impl<'a> ExifFields<'a> {
    /// Reads the directories of a block that begins with the TIFF header; `None` where there is no such header. Total.
    pub fn read(tiff: &'a [u8]) -> Option<Self> {
        let (reader, first) = Reader::new(tiff)?;
        let mut fields = Self::none(reader.order);
        let mut queue = vec![(ExifDirectory::Main, first)];
        let mut seen = Vec::new();
        while let Some((directory, at)) = queue.pop() {
            if at == 0 || seen.contains(&at) {
                continue;
            }
            if seen.len() == MAX_DIRECTORIES {
                fields.incomplete |= directory == ExifDirectory::Exif;
                break;
            }
            seen.push(at);
            match reader.directory(directory, at, &mut fields) {
                Some(next) => queue.extend(next.into_iter().rev()),
                // A link that leads nowhere ends the chain; writers leave rubbish there.
                None if directory == ExifDirectory::Main && seen.len() > 1 => {}
                None => fields.incomplete = true,
            }
        }
        Some(fields)
    }

    fn none(order: ByteOrder) -> Self {
        Self {
            order,
            list: Vec::new(),
            incomplete: false,
        }
    }

    /// The first field with this tag.
    pub fn get(&self, directory: ExifDirectory, tag: u16) -> Option<&ExifField<'a>> {
        self.list
            .iter()
            .find(|field| field.tag == tag && field.directory == directory)
    }
}

/// The numbers of a TIFF, in its order of bytes.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    pub(crate) order: ByteOrder,
    /// BigTIFF: counts and offsets of 64 bits.
    big: bool,
}

impl<'a> Reader<'a> {
    /// Reads the header: how to read on, and where the first directory is.
    pub(crate) fn new(tiff: &'a [u8]) -> Option<(Self, u64)> {
        let mut reader = Reader {
            bytes: tiff,
            order: match tiff.first_chunk::<2>()? {
                b"II" => ByteOrder::Little,
                b"MM" => ByteOrder::Big,
                _ => return None,
            },
            big: false,
        };
        let first = match reader.u16(2)? {
            // Two constant fields stand between version and offset (BigTIFF).
            43 => {
                reader.big = true;
                reader.u64(8)?
            }
            // EXIF in some cameras' files has other numbers here, and readers do not mind.
            _ => reader.u32(4)?.into(),
        };
        Some((reader, first))
    }

    /// The values of a field that are whole numbers without a sign.
    fn numbers(&self, field: &ExifField<'a>) -> impl Iterator<Item = u64> + use<'a> {
        let order = self.order;
        let value = move |bytes: &[u8]| {
            let add = |value, byte: &u8| value << 8 | u64::from(*byte);
            match order {
                ByteOrder::Little => bytes.iter().rev().fold(0, add),
                ByteOrder::Big => bytes.iter().fold(0, add),
            }
        };
        field.value.chunks_exact(size_of(field.kind)).map(value)
    }

    /// Lists the fields of the directory at `at`; returns the directories that it leads to. `None` where it lies outside.
    fn directory(
        &self,
        directory: ExifDirectory,
        at: u64,
        fields: &mut ExifFields<'a>,
    ) -> Option<Vec<(ExifDirectory, u64)>> {
        let at = usize::try_from(at).ok()?;
        let (count, start, entry_len) = match self.big {
            false => (u64::from(self.u16(at)?), at.checked_add(2)?, 12),
            true => (self.u64(at)?, at.checked_add(8)?, 20),
        };
        let mut next = Vec::new();
        let mut entry = start;
        for _ in 0..count {
            let Some(tag) = self.u16(entry) else {
                fields.incomplete = true;
                return Some(next);
            };
            if fields.list.len() == MAX_FIELDS {
                fields.incomplete = true;
                return Some(next);
            }
            match self.field(directory, tag, entry) {
                Some(field) => {
                    if tag == EXIF_DIRECTORY && directory == ExifDirectory::Main {
                        let offset = match field.value.len() {
                            8 => self.offset_in(field.value),
                            _ => self.u32_in(field.value).map(u64::from),
                        };
                        next.extend(offset.map(|offset| (ExifDirectory::Exif, offset)));
                    }
                    fields.list.push(field);
                }
                None => fields.incomplete = true,
            }
            entry = entry.checked_add(entry_len)?;
        }
        // Writers leave the link out behind sub-directories (piexif does), so what stands there is not followed.
        if directory == ExifDirectory::Main {
            let link = match self.big {
                false => self.u32(entry).map(u64::from),
                true => self.u64(entry),
            };
            next.extend(link.map(|link| (ExifDirectory::Main, link)));
        }
        Some(next)
    }

    /// Where the directory at `at` lies, with its entries and the link behind them.
    fn range(&self, at: u64) -> Option<Range<usize>> {
        let start = usize::try_from(at).ok()?;
        let (count, around, entry) = match self.big {
            false => (u64::from(self.u16(start)?), 2 + 4, 12),
            true => (self.u64(start)?, 8 + 8, 20),
        };
        let length = usize::try_from(count).ok()?.checked_mul(entry)?.checked_add(around)?;
        Some(start..start.checked_add(length)?)
    }

    /// The field whose entry begins here; `None` where its value lies outside.
    fn field(&self, directory: ExifDirectory, tag: u16, entry: usize) -> Option<ExifField<'a>> {
        let kind = self.u16(entry.checked_add(2)?)?;
        let (count, value_at, inline) = match self.big {
            false => (u64::from(self.u32(entry.checked_add(4)?)?), entry.checked_add(8)?, 4),
            true => (self.u64(entry.checked_add(4)?)?, entry.checked_add(12)?, 8),
        };
        let length = usize::try_from(count).ok()?.checked_mul(size_of(kind))?;
        let start = match (length <= inline, self.big) {
            (true, _) => value_at,
            (false, false) => usize::try_from(self.u32(value_at)?).ok()?,
            (false, true) => usize::try_from(self.u64(value_at)?).ok()?,
        };
        Some(ExifField {
            directory,
            tag,
            kind,
            value: self.bytes.get(start..start.checked_add(length)?)?,
            offset: start,
        })
    }

    pub(crate) fn u16(&self, at: usize) -> Option<u16> {
        match self.order {
            ByteOrder::Little => le16(self.bytes, at),
            ByteOrder::Big => be16(self.bytes, at),
        }
    }

    pub(crate) fn u32(&self, at: usize) -> Option<u32> {
        match self.order {
            ByteOrder::Little => le32(self.bytes, at),
            ByteOrder::Big => be32(self.bytes, at),
        }
    }

    fn u64(&self, at: usize) -> Option<u64> {
        self.offset_in(self.bytes.get(at..)?)
    }

    fn u32_in(&self, value: &[u8]) -> Option<u32> {
        match self.order {
            ByteOrder::Little => le32(value, 0),
            ByteOrder::Big => be32(value, 0),
        }
    }

    fn offset_in(&self, value: &[u8]) -> Option<u64> {
        let bytes = array::<8>(value, 0)?;
        Some(match self.order {
            ByteOrder::Little => u64::from_le_bytes(bytes),
            ByteOrder::Big => u64::from_be_bytes(bytes),
        })
    }
}

/// Tells where a TIFF file has what it shows: the strips and tiles of all its directories, thumbnails and raw pictures
/// included, and those directories with their values, but for a manifest store. `None` where a directory is damaged, or there
/// are more of them, or of their strips, than any file has.
pub(crate) fn each_media(bytes: &[u8], mut tell: impl FnMut(Range<usize>)) -> Option<()> {
    const MOST: usize = 1024;
    /// A gigapixel in tiles of 32 pixels has a million.
    const MOST_PLACES: usize = 1 << 22;
    const SUB_DIRECTORIES: u16 = 330;
    /// A manifest store (C2PA 2.2, A.3.4).
    const STORE: u16 = 0xCD41;
    /// Tags of places and of lengths: strips, tiles, and the JPEG of an older form.
    const PLACES: [(u16, u16); 3] = [(273, 279), (324, 325), (513, 514)];
    let (reader, first) = Reader::new(bytes)?;
    let (mut queue, mut seen, mut left) = (vec![first], BTreeSet::new(), MOST_PLACES);
    while let Some(at) = queue.pop() {
        if at == 0 || !seen.insert(at) {
            continue;
        }
        let mut fields = ExifFields::none(reader.order);
        let Some(next) = reader.directory(ExifDirectory::Main, at, &mut fields) else {
            // What stands behind the last directory is rubbish in many files.
            continue;
        };
        if seen.len() > MOST || fields.incomplete {
            return None;
        }
        tell(reader.range(at)?);
        for field in fields.list.iter().filter(|field| field.tag != STORE) {
            tell(field.offset..field.offset + field.value.len());
        }
        let main = next.into_iter().filter(|(kind, _)| *kind == ExifDirectory::Main);
        queue.extend(main.map(|(_, at)| at));
        let of = |tag| {
            let field = fields.get(ExifDirectory::Main, tag);
            field.into_iter().flat_map(|field| reader.numbers(field))
        };
        queue.extend(of(SUB_DIRECTORIES).take(MOST));
        for (places, lengths) in PLACES {
            let lengths = of(lengths).chain(std::iter::repeat(1));
            for (place, length) in of(places).zip(lengths) {
                left = left.checked_sub(1)?;
                tell(usize::try_from(place).ok()?..usize::try_from(place.checked_add(length)?).ok()?);
            }
        }
    }
    Some(())
}

/// Bytes of one value; those of unknown types count as bytes.
fn size_of(kind: u16) -> usize {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        _ => 1,
    }
}
