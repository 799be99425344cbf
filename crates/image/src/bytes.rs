//! Foreign bytes, in memory or behind a window over a file, and the integers in them; `None` where they end too early.

use std::ops::Range;

/// Bytes that a walk looks at: a slice, or a [window](crate::file) that moves over a file.
pub(crate) trait Source {
    /// How many there are.
    fn len(&self) -> usize;

    /// The bytes of `range`, or `None` if it reaches past the end or is longer than a window.
    fn get(&mut self, range: Range<usize>) -> Option<&[u8]>;

    /// As many of the bytes from `at` on as are at hand, for scans: empty only at the end.
    fn view(&mut self, at: usize) -> &[u8];

    /// The `N` bytes at `at`.
    fn array<const N: usize>(&mut self, at: usize) -> Option<[u8; N]> {
        array(self.get(at..at.checked_add(N)?)?, 0)
    }

    /// Big-endian 16-bit integer at `at`.
    fn be16(&mut self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_be_bytes)
    }

    /// Big-endian 32-bit integer at `at`.
    fn be32(&mut self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_be_bytes)
    }

    /// Little-endian 32-bit integer at `at`.
    fn le32(&mut self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }
}

impl Source for &[u8] {
    fn len(&self) -> usize {
        <[u8]>::len(self)
    }

    fn get(&mut self, range: Range<usize>) -> Option<&[u8]> {
        <[u8]>::get(self, range)
    }

    fn view(&mut self, at: usize) -> &[u8] {
        <[u8]>::get(self, at..).unwrap_or_default()
    }
}

/// The `N` bytes at `at`.
pub(crate) fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk::<N>().copied()
}

/// Big-endian 16-bit integer at `at`.
pub(crate) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}

/// Big-endian 32-bit integer at `at`.
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

/// Little-endian 16-bit integer at `at`.
pub(crate) fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

/// Little-endian 24-bit integer at `at`.
pub(crate) fn le24(bytes: &[u8], at: usize) -> Option<u32> {
    array::<3>(bytes, at).map(|[a, b, c]| u32::from_le_bytes([a, b, c, 0]))
}

/// Little-endian 32-bit integer at `at`.
pub(crate) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_end_with_the_bytes() {
        let bytes = [1, 2, 3, 4, 5];
        assert_eq!(be16(&bytes, 3), Some(0x0405));
        assert_eq!(be16(&bytes, 4), None);
        assert_eq!(be32(&bytes, 1), Some(0x0203_0405));
        assert_eq!(le16(&bytes, 0), Some(0x0201));
        assert_eq!(le24(&bytes, 2), Some(0x05_0403));
        assert_eq!(le24(&bytes, 3), None);
        assert_eq!(le32(&bytes, usize::MAX), None);
    }
}
