//! Metadata in films: XMP, and the texts that programs write into MP4 and QuickTime.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use super::bmff::{each_box, find_packet, place};
use super::{BlockKind, Finder, MAX_KEYWORD, Place};
use crate::Format;
use crate::bmff::{IsoBox, IsoBoxes};
use crate::bytes::{be16, be32};

/// Boxes that are looked at within one.
const MAX_CHILDREN: usize = 256;
/// How Apple begins the names of its own keys.
const APPLE: &[u8] = b"com.apple.quicktime.";

/// Lists the XMP packets and texts of a film: the box that MP4 has for XMP, and QuickTime's among the user data (XMP part 3,
/// 1.1.4 and 2.2.3); the list of texts that iTunes began, and QuickTime's texts (QuickTime File Format, "Metadata" and "User
/// data atoms"). Each is looked for in both formats, since films are renamed from one to the other.
pub(super) fn find<'a>(bytes: &'a [u8], format: Format, found: &mut Finder<'a>) {
    each_box(bytes, format, found, |inner, found| match &inner.kind {
        b"uuid" => find_packet(inner, format, found),
        b"moov" => {
            for child in children(inner.payload) {
                match &child.kind {
                    b"udta" => children(child.payload).for_each(|data| find_in_user_data(&data, format, found)),
                    b"meta" => find_list(child.payload, format, found),
                    _ => {}
                }
            }
        }
        _ => {}
    });
}

fn find_in_user_data<'a>(data: &IsoBox<'a>, format: Format, found: &mut Finder<'a>) {
    match &data.kind {
        b"XMP_" => found.add(BlockKind::Xmp, place(format, data.kind), Cow::Borrowed(data.payload)),
        b"meta" => find_list(data.payload, format, found),
        kind => {
            // Its length and its language stand before the first text.
            let length = be16(data.payload, 0).map_or(0, usize::from);
            let text = data.payload.get(4..).and_then(|rest| rest.get(..length));
            if let (Some(keyword), Some(text)) = (keyword_of(*kind), text) {
                add_text(keyword, text, place(format, *b"udta"), found);
            }
        }
    }
}

/// Lists the texts of a `meta` box, by the names of iTunes or by the keys that the box has before them.
fn find_list<'a>(meta: &'a [u8], format: Format, found: &mut Finder<'a>) {
    // QuickTime has no version and flags before the first box.
    let inner = match meta.get(4..8) {
        Some(b"hdlr") => meta,
        _ => meta.get(4..).unwrap_or_default(),
    };
    let child = |kind: &[u8; 4]| children(inner).find(|child| child.kind == *kind);
    let Some(list) = child(b"ilst") else {
        return;
    };
    let keys: Vec<&[u8]> = child(b"keys").map_or(Vec::new(), |keys| {
        // A key has the form of a box: a length, the kind of key, its name.
        let entries = children(keys.payload.get(8..).unwrap_or_default());
        entries.map(|key| key.payload).collect()
    });
    for item in children(list.payload) {
        let data = children(item.payload).find(|value| value.kind == *b"data");
        let number = be32(&item.kind, 0).and_then(|number| usize::try_from(number).ok()?.checked_sub(1));
        let key = number.and_then(|at| keys.get(at).copied());
        // The kind of value and its country stand before it.
        let text = data.and_then(|data| data.payload.get(8..));
        if let (Some(keyword), Some(text)) = (key.or(keyword_of(item.kind)), text) {
            add_text(keyword, text, place(format, list.kind), found);
        }
    }
}

/// The word for a kind of text that has no name of its own.
fn keyword_of(kind: [u8; 4]) -> Option<&'static [u8]> {
    match &kind {
        b"\xA9cmt" => Some(b"comment"),
        b"\xA9des" | b"desc" => Some(b"description"),
        b"\xA9swr" | b"\xA9too" => Some(b"software"),
        _ => None,
    }
}

fn add_text<'a>(keyword: &[u8], text: &'a [u8], place: Place, found: &mut Finder<'a>) {
    let keyword = keyword.strip_prefix(APPLE).unwrap_or(keyword);
    let keyword = keyword.iter().take(MAX_KEYWORD).map(|byte| char::from(*byte));
    let kind = BlockKind::Text {
        keyword: keyword.collect(),
    };
    found.add(kind, place, Cow::Borrowed(text));
}

/// The first boxes among these bytes. QuickTime's user data may end in four zeros, which are none.
fn children<'a>(bytes: &'a [u8]) -> impl Iterator<Item = IsoBox<'a>> {
    IsoBoxes::new(bytes).take(MAX_CHILDREN)
}
