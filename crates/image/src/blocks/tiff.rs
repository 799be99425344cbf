//! The metadata of a TIFF file: the file itself as EXIF, and what its directories hold of XMP (XMP part 3, 1.1.5) and IPTC.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use super::{BlockKind, Finder, Place, Unread, photoshop};
use crate::Format;
use crate::tiff::{ExifDirectory, ExifFields};

const XMP: u16 = 700;
const IPTC: u16 = 33723;
const PHOTOSHOP: u16 = 34377;

/// Lists the metadata of a TIFF file: the file itself as EXIF, and what its first directories hold of XMP and IPTC.
pub(super) fn find<'a>(bytes: &'a [u8], found: &mut Finder<'a>) {
    let Some(fields) = ExifFields::read(bytes) else {
        found.unread(Place::File(Format::Tiff), Unread::Damaged);
        return;
    };
    if fields.incomplete {
        found.unread(Place::File(Format::Tiff), Unread::Damaged);
    }
    found.add(BlockKind::Exif, Place::File(Format::Tiff), Cow::Borrowed(bytes));
    let main = fields
        .list
        .iter()
        .filter(|field| field.directory == ExifDirectory::Main);
    for field in main {
        let place = Place::TiffTag(field.tag);
        match field.tag {
            XMP => found.add(BlockKind::Xmp, place, Cow::Borrowed(field.value)),
            IPTC => found.add(BlockKind::Iptc, place, Cow::Borrowed(field.value)),
            PHOTOSHOP => photoshop::find(Cow::Borrowed(field.value), &place, found),
            _ => {}
        }
    }
}
