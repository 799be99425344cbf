//! The extensions of a GIF that hold XMP (XMP part 3, 1.1.2) and comments (GIF 89a, 24).
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use super::{BlockKind, Finder, Place, Unread};
use crate::Format;
use crate::gif::{Block, blocks};

const COMMENT: u8 = 0xFE;
const APPLICATION: u8 = 0xFF;
const XMP: &[u8] = b"\x0BXMP DataXMP";
/// The bytes 01 FF FE .. 00 after the packet, which lead any reader of sub-blocks to their end; the terminator is apart.
const MAGIC_TRAILER: usize = 257;

pub(super) fn find<'a>(bytes: &'a [u8], found: &mut Finder<'a>) {
    let most = usize::try_from(found.limits.max_segments).unwrap_or(usize::MAX);
    let mut blocks = blocks(bytes);
    for block in blocks.by_ref().take(most) {
        match block {
            Block::Extension(APPLICATION, body) => {
                if let Some(data) = body.strip_prefix(XMP) {
                    let packet = data
                        .get(..data.len().saturating_sub(MAGIC_TRAILER + 1))
                        .unwrap_or_default();
                    let place = Place::GifExtension("application extension XMP Data");
                    found.add(BlockKind::Xmp, place, Cow::Borrowed(packet));
                }
            }
            Block::Extension(COMMENT, body) => {
                let kind = BlockKind::Text { keyword: String::new() };
                let place = Place::GifExtension("comment extension");
                found.add(kind, place, Cow::Owned(joined(body)));
            }
            Block::Trailer(rest) => found.behind_end(rest),
            Block::Unknown => found.unread(Place::File(Format::Gif), Unread::Damaged),
            Block::CutOff => found.unread(Place::File(Format::Gif), Unread::Truncated),
            Block::Extension(..) | Block::Image | Block::Stray => {}
        }
    }
    if blocks.next().is_some() {
        found.unread(Place::File(Format::Gif), Unread::TooMany(most));
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
