//! How a picture is turned for looking at it: read out of EXIF, and applied to samples.

use crate::bytes::{be16, be32, le16, le32};

/// How a picture is turned for looking at it: the values of EXIF's Orientation (CIPA DC-008, 4.6.4.A).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Orientation {
    /// 1: as stored.
    #[default]
    AsStored,
    /// 2: mirrored left to right.
    Mirrored,
    /// 3: turned by 180 degrees.
    Turned180,
    /// 4: mirrored top to bottom.
    Flipped,
    /// 5: mirrored along the diagonal from the top left.
    Transposed,
    /// 6: to be turned clockwise by 90 degrees.
    Turned90,
    /// 7: mirrored along the diagonal from the top right.
    Transversed,
    /// 8: to be turned counterclockwise by 90 degrees.
    Turned270,
}

/// Tag of the orientation in the first directory.
const ORIENTATION: u16 = 0x0112;
/// Bytes of one entry of a directory (TIFF 6.0, section 2).
const ENTRY: usize = 12;

impl Orientation {
    /// The orientation of EXIF's value, 1 to 8.
    pub(crate) fn from_value(value: u16) -> Option<Self> {
        Some(match value {
            1 => Self::AsStored,
            2 => Self::Mirrored,
            3 => Self::Turned180,
            4 => Self::Flipped,
            5 => Self::Transposed,
            6 => Self::Turned90,
            7 => Self::Transversed,
            8 => Self::Turned270,
            _ => return None,
        })
    }

    /// The orientation that an EXIF block states, with or without the name that JPEG puts before its TIFF header; as
    /// stored, where it states none.
    pub(crate) fn of_exif(exif: Option<&[u8]>) -> Self {
        let block = exif.unwrap_or_default();
        Self::find(block.strip_prefix(b"Exif\0\0").unwrap_or(block)).unwrap_or_default()
    }

    fn find(tiff: &[u8]) -> Option<Self> {
        let little = match tiff.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        let int16 = |at| if little { le16(tiff, at) } else { be16(tiff, at) };
        let int32 = |at| if little { le32(tiff, at) } else { be32(tiff, at) };
        let directory = usize::try_from(int32(4)?).ok()?;
        let first = directory.checked_add(2)?;
        let entries = usize::from(int16(directory)?);
        let entry = (0..entries)
            .map(|index| first.saturating_add(index * ENTRY))
            .find(|&entry| int16(entry) == Some(ORIENTATION))?;
        // One SHORT, in the entry itself.
        Self::from_value(int16(entry.checked_add(8)?)?)
    }

    /// Width and height when looked at.
    pub(crate) fn apply_to_size(self, (width, height): (u32, u32)) -> (u32, u32) {
        match self {
            Self::AsStored | Self::Mirrored | Self::Turned180 | Self::Flipped => (width, height),
            Self::Transposed | Self::Turned90 | Self::Transversed | Self::Turned270 => (height, width),
        }
    }

    /// The samples as looked at; `stored` is the size before.
    pub(crate) fn apply<T: Copy>(self, samples: Vec<T>, stored: (u32, u32), channels: usize) -> Vec<T> {
        if self == Self::AsStored {
            return samples;
        }
        let (right, bottom) = (stored.0.saturating_sub(1) as usize, stored.1.saturating_sub(1) as usize);
        let row = stored.0 as usize;
        let (width, height) = self.apply_to_size(stored);
        let mut turned = Vec::with_capacity(samples.len());
        for y in 0..height as usize {
            for x in 0..width as usize {
                let (column, line) = match self {
                    Self::AsStored => (x, y),
                    Self::Mirrored => (right - x, y),
                    Self::Turned180 => (right - x, bottom - y),
                    Self::Flipped => (x, bottom - y),
                    Self::Transposed => (y, x),
                    Self::Turned90 => (y, bottom - x),
                    Self::Transversed => (right - y, bottom - x),
                    Self::Turned270 => (right - y, x),
                };
                let at = (line * row + column) * channels;
                turned.extend_from_slice(&samples[at..at + channels]);
            }
        }
        turned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every orientation by what it makes of `1 2 3 / 4 5 6`.
    #[test]
    fn samples_are_turned_as_exif_says() {
        let turned = |value| {
            let orientation = Orientation::from_value(value).unwrap();
            (
                orientation.apply_to_size((3, 2)),
                orientation.apply(vec![1, 2, 3, 4, 5, 6], (3, 2), 1),
            )
        };
        assert_eq!(turned(1), ((3, 2), vec![1, 2, 3, 4, 5, 6]));
        assert_eq!(turned(2), ((3, 2), vec![3, 2, 1, 6, 5, 4]));
        assert_eq!(turned(3), ((3, 2), vec![6, 5, 4, 3, 2, 1]));
        assert_eq!(turned(4), ((3, 2), vec![4, 5, 6, 1, 2, 3]));
        assert_eq!(turned(5), ((2, 3), vec![1, 4, 2, 5, 3, 6]));
        assert_eq!(turned(6), ((2, 3), vec![4, 1, 5, 2, 6, 3]));
        assert_eq!(turned(7), ((2, 3), vec![6, 3, 5, 2, 4, 1]));
        assert_eq!(turned(8), ((2, 3), vec![3, 6, 2, 5, 1, 4]));
    }

    #[test]
    fn the_tag_is_found_in_both_byte_orders() {
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let little = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0";
        assert_eq!(Orientation::of_exif(Some(big)), Orientation::Turned90);
        assert_eq!(Orientation::of_exif(Some(little)), Orientation::Turned270);
        assert_eq!(Orientation::of_exif(Some(&big[..20])), Orientation::Turned90);
        assert_eq!(Orientation::of_exif(Some(&big[..18])), Orientation::AsStored);
        assert_eq!(Orientation::of_exif(None), Orientation::AsStored);
    }
}
