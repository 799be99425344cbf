//! The extensions of a GIF that hold XMP (XMP part 3, 1.1.2) and comments (GIF 89a, 24).
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use super::{BlockKind, Finder, Place, Unread};
use crate::Format;

/// Signature and logical screen descriptor.
const HEADER: usize = 13;
const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2C;
const TRAILER: u8 = 0x3B;
const COMMENT: u8 = 0xFE;
const APPLICATION: u8 = 0xFF;
const XMP: &[u8] = b"\x0BXMP DataXMP";
/// The bytes 01 FF FE .. 00 after the packet, which lead any reader of sub-blocks to their end; the terminator is apart.
const MAGIC_TRAILER: usize = 257;

pub(super) fn find<'a>(bytes: &'a [u8], found: &mut Finder<'a>) {
    if walk(bytes, found).is_none() {
        found.unread(Place::File(Format::Gif), Unread::Truncated);
    }
}

/// `None` where the file ends too early.
fn walk<'a>(bytes: &'a [u8], found: &mut Finder<'a>) -> Option<()> {
    let mut at = HEADER + color_table(*bytes.get(10)?);
    for _ in 0..found.max_segments {
        match *bytes.get(at)? {
            TRAILER => return Some(()),
            EXTENSION => {
                let label = *bytes.get(at + 1)?;
                let start = at + 2;
                let end = sub_blocks_end(bytes, start)?;
                let body = bytes.get(start..end)?;
                match label {
                    APPLICATION => {
                        if let Some(data) = body.strip_prefix(XMP) {
                            let packet = data
                                .get(..data.len().saturating_sub(MAGIC_TRAILER + 1))
                                .unwrap_or_default();
                            let place = Place::GifExtension("application extension XMP Data");
                            found.add(BlockKind::Xmp, place, Cow::Borrowed(packet));
                        }
                    }
                    COMMENT => {
                        let kind = BlockKind::Text { keyword: String::new() };
                        let place = Place::GifExtension("comment extension");
                        found.add(kind, place, Cow::Owned(joined(body)));
                    }
                    _ => {}
                }
                at = end;
            }
            IMAGE => {
                // Position, size and flags, a table of colours, the size of codes, then the coded picture.
                let flags = *bytes.get(at + 9)?;
                at = sub_blocks_end(bytes, at + 10 + color_table(flags) + 1)?;
            }
            // A stray byte between blocks: decoders pass over zeros, and nothing else can be told apart.
            0 => at += 1,
            _ => {
                found.unread(Place::File(Format::Gif), Unread::Damaged);
                return Some(());
            }
        }
    }
    let limit = usize::try_from(found.max_segments).unwrap_or(usize::MAX);
    found.unread(Place::File(Format::Gif), Unread::TooMany(limit));
    Some(())
}

/// Bytes of the table that the flags of a screen or an image announce.
fn color_table(flags: u8) -> usize {
    match flags & 0x80 {
        0 => 0,
        _ => 3 << ((flags & 7) + 1),
    }
}

/// Behind the empty sub-block that ends a run of them.
fn sub_blocks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

fn joined(sub_blocks: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(sub_blocks.len());
    let mut rest = sub_blocks;
    while let Some((length @ 1..=255, tail)) = rest.split_first() {
        let Some((block, next)) = tail.split_at_checked(usize::from(*length)) else {
            break;
        };
        out.extend_from_slice(block);
        rest = next;
    }
    out
}
