//! Bits of entropy-coded data, read and written with the stuffed zeros of T.81, B.1.1.5.
#![warn(clippy::indexing_slicing)]

use crate::jpeg::{RST0, RST7};

/// Reads bits, most significant first, up to the next marker; beyond it there are zeros, which are counted.
pub(super) struct BitReader<'a> {
    data: &'a [u8],
    at: usize,
    /// The next bits, from the top. Bits below `count` may be there already; they are the ones to come.
    bits: u64,
    /// How many of `bits` are taken in; below zero where more were asked for than there are.
    count: i32,
    ended: bool,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            at: 0,
            bits: 0,
            count: 0,
            ended: false,
        }
    }

    /// The next 16 bits, which stay.
    pub(super) fn peek16(&mut self) -> u32 {
        if self.count < 32 {
            self.refill();
        }
        (self.bits >> 48) as u32
    }

    /// Drops `n` bits, at most 16, that were looked at.
    pub(super) fn skip(&mut self, n: u32) {
        self.bits <<= n;
        self.count -= n as i32;
    }

    /// The next `n` bits, at most 16.
    pub(super) fn take(&mut self, n: u32) -> u32 {
        let bits = self.peek16() >> (16 - n.min(16));
        self.skip(n);
        bits
    }

    /// Whether more bits were asked for than there are.
    pub(super) fn exhausted(&self) -> bool {
        self.count < 0
    }

    /// Moves behind the next restart marker, which must have this number, 0 to 7; `None` where it has not.
    pub(super) fn restart(&mut self, number: u8) -> Option<()> {
        let rest = self.data.get(self.at..)?;
        let marker = rest
            .windows(2)
            .position(|pair| matches!(pair, [0xFF, code] if *code != 0 && *code != 0xFF))?;
        let code = *rest.get(marker + 1)?;
        (matches!(code, RST0..=RST7) && code - RST0 == number).then_some(())?;
        *self = Self {
            at: self.at + marker + 2,
            ..Self::new(self.data)
        };
        Some(())
    }

    fn refill(&mut self) {
        if self.ended {
            return;
        }
        let eight = self.data.get(self.at..).and_then(|rest| rest.first_chunk::<8>());
        if let Some(eight) = eight {
            let word = u64::from_be_bytes(*eight);
            if !has_ff(word) {
                self.bits |= word >> self.count;
                let bytes = (64 - self.count) / 8;
                self.at += bytes as usize;
                self.count += 8 * bytes;
                return;
            }
        }
        while self.count <= 56 {
            let byte = match (self.data.get(self.at), self.data.get(self.at + 1)) {
                (Some(0xFF), Some(0)) => {
                    self.at += 2;
                    0xFF
                }
                (Some(0xFF) | None, _) => {
                    self.ended = true;
                    return;
                }
                (Some(&byte), _) => {
                    self.at += 1;
                    byte
                }
            };
            self.bits |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }
}

/// Whether one of the eight bytes is FF.
fn has_ff(word: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x8080_8080_8080_8080;
    // A byte of the complement is zero: the carry trick, without false negatives.
    (!word).wrapping_sub(ONES) & word & TOPS != 0
}

/// Writes bits, most significant first.
pub(super) struct BitWriter {
    out: Vec<u8>,
    bits: u64,
    count: u32,
}

impl BitWriter {
    pub(super) fn new(out: Vec<u8>) -> Self {
        Self { out, bits: 0, count: 0 }
    }

    /// Appends the low `n` bits, at most 32.
    pub(super) fn put(&mut self, bits: u32, n: u32) {
        self.bits = self.bits << n | u64::from(bits);
        self.count += n;
        if self.count >= 32 {
            self.count -= 32;
            let word = (self.bits >> self.count) as u32;
            self.push(word);
        }
    }

    /// Fills the last byte with ones (T.81, F.1.2.3) and gives the bytes back.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let fill = (8 - self.count % 8) % 8;
        self.bits = self.bits << fill | ((1 << fill) - 1);
        self.count += fill;
        while self.count > 0 {
            self.count -= 8;
            let byte = (self.bits >> self.count) as u8;
            self.push_byte(byte);
        }
        self.out
    }

    fn push(&mut self, word: u32) {
        let bytes = word.to_be_bytes();
        if bytes.contains(&0xFF) {
            bytes.into_iter().for_each(|byte| self.push_byte(byte));
        } else {
            self.out.extend_from_slice(&bytes);
        }
    }

    fn push_byte(&mut self, byte: u8) {
        self.out.push(byte);
        if byte == 0xFF {
            self.out.push(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_written_is_read(values in prop::collection::vec((any::<u16>(), 1_u32..=16), 0..400)) {
            let mut writer = BitWriter::new(Vec::new());
            let values: Vec<(u32, u32)> = values.into_iter().map(|(v, n)| (u32::from(v) >> (16 - n), n)).collect();
            values.iter().for_each(|&(value, n)| writer.put(value, n));
            let bytes = writer.finish();
            let mut reader = BitReader::new(&bytes);
            for (value, n) in values {
                prop_assert_eq!(reader.take(n), value);
            }
            prop_assert!(!reader.exhausted());
        }
    }

    #[test]
    fn a_marker_ends_the_bits_and_a_restart_begins_them_anew() {
        let data = [0xA5, 0xFF, 0, 0xFF, 0xD0, 0x5A];
        let mut reader = BitReader::new(&data);
        assert_eq!(reader.take(16), 0xA5FF);
        assert!(!reader.exhausted());
        assert_eq!(reader.take(1), 0);
        assert!(reader.exhausted());
        assert_eq!(reader.restart(1), None);
        assert_eq!(reader.restart(0), Some(()));
        assert_eq!(reader.take(8), 0x5A);
    }
}
