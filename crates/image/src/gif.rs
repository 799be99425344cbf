//! The blocks of a GIF, one after the other (GIF 89a, appendix B).
#![warn(clippy::indexing_slicing)]

/// Signature and logical screen descriptor.
const HEADER: usize = 13;
const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2C;
const TRAILER: u8 = 0x3B;

/// What follows the header, step by step.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Block<'a> {
    /// An extension: its label, and its sub-blocks with their lengths, the empty one included.
    Extension(u8, &'a [u8]),
    /// A picture.
    Image,
    /// The end of the picture, and what stands behind it.
    Trailer(&'a [u8]),
    /// A zero between blocks, over which decoders pass.
    Stray,
    /// What is none of these; the walk ends.
    Unknown,
    /// The file ends inside a block; the walk ends.
    CutOff,
}

/// Walks the blocks up to the trailer, or to where none can be told.
pub(crate) fn blocks<'a>(bytes: &'a [u8]) -> impl Iterator<Item = Block<'a>> + use<'a> {
    let mut at = bytes.get(10).map(|flags| HEADER + color_table(*flags));
    let mut is_over = false;
    std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        let (block, next) = at
            .and_then(|at| read(bytes, at))
            .map_or((Block::CutOff, None), |(block, next)| (block, Some(next)));
        at = next;
        is_over = matches!(block, Block::Trailer(_) | Block::Unknown | Block::CutOff);
        Some(block)
    })
}

/// The block that begins here, and where the next one does; `None` where the file ends too early.
fn read(bytes: &[u8], at: usize) -> Option<(Block<'_>, usize)> {
    match *bytes.get(at)? {
        EXTENSION => {
            let label = *bytes.get(at + 1)?;
            let end = sub_blocks_end(bytes, at + 2)?;
            Some((Block::Extension(label, bytes.get(at + 2..end)?), end))
        }
        IMAGE => {
            // Position, size and flags, a table of colours, the size of codes, then the coded picture.
            let flags = *bytes.get(at + 9)?;
            Some((Block::Image, sub_blocks_end(bytes, at + 10 + color_table(flags) + 1)?))
        }
        TRAILER => Some((Block::Trailer(bytes.get(at + 1..)?), at + 1)),
        0 => Some((Block::Stray, at + 1)),
        _ => Some((Block::Unknown, at)),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_walked_to_the_trailer_or_to_where_none_can_be_told() {
        let head = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF";
        let (comment, picture) = (b"!\xFE\x01a\0", b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0");
        let walked = |parts: &[&[u8]]| {
            let file = [&head[..], &parts.concat()].concat();
            blocks(&file)
                .map(|block| format!("{block:?}"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            walked(&[comment, picture, b";", b"?"]),
            "Extension(254, [1, 97, 0]) Image Trailer([63])"
        );
        assert_eq!(walked(&[b"\0\0", picture, b"?;"]), "Stray Stray Image Unknown");
        assert_eq!(walked(&[&picture[..9]]), "CutOff");
        assert_eq!(walked(&[]), "CutOff");
    }
}
