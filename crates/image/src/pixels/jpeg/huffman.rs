//! Huffman codes: tables of a file to read with (T.81, annex C and F.2.2.3), and the shortest ones to write with
//! (annex K.2).
#![warn(clippy::indexing_slicing)]

use super::bits::BitReader;

/// Codes up to this length are found in one look.
const FAST: u32 = 10;

/// A table to read with.
pub(super) struct Decoding {
    /// By the next [`FAST`] bits: length of the code, then its symbol; zero for longer codes.
    fast: Vec<u16>,
    /// By the length of a code: the code behind the last of that length, moved up to 16 bits.
    ends: [u32; 17],
    /// By length: the symbol's index minus its code.
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

impl Decoding {
    /// The table of these numbers of codes, by length from 1 to 16; `None` if there is no such code.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut fast = vec![0; 1 << FAST];
        let mut ends = [0; 17];
        let mut offsets = [0; 17];
        let (mut code, mut index) = (0_u32, 0_usize);
        for ((length, &count), (end, offset)) in (1_u32..).zip(counts).zip(ends.iter_mut().zip(&mut offsets).skip(1)) {
            *offset = index as i32 - code as i32;
            for &symbol in symbols.get(index..index + usize::from(count))? {
                if code >= 1 << length {
                    return None;
                }
                if length <= FAST {
                    let first = (code << (FAST - length)) as usize;
                    let entry = (length as u16) << 8 | u16::from(symbol);
                    fast.get_mut(first..first + (1 << (FAST - length)))?.fill(entry);
                }
                code += 1;
            }
            index += usize::from(count);
            *end = code << (16 - length);
            code <<= 1;
        }
        Some(Self {
            fast,
            ends,
            offsets,
            symbols: symbols.get(..index)?.to_vec(),
        })
    }

    /// The next symbol; `None` where the bits are no code.
    pub(super) fn read(&self, bits: &mut BitReader<'_>) -> Option<u8> {
        let next = bits.peek16();
        let entry = *self.fast.get((next >> (16 - FAST)) as usize)?;
        if entry != 0 {
            bits.skip(u32::from(entry >> 8));
            return Some(entry as u8);
        }
        let length = (FAST + 1..=16).find(|&length| self.ends.get(length as usize).is_some_and(|&end| next < end))?;
        bits.skip(length);
        let code = (next >> (16 - length)) as i32;
        let index = code + self.offsets.get(length as usize)?;
        self.symbols.get(usize::try_from(index).ok()?).copied()
    }
}

/// How often each symbol occurs.
pub(super) type Histogram = [u32; 256];

/// A table to write with.
pub(super) struct Encoding {
    /// By symbol: code and length, which is zero for a symbol without one.
    pub(super) codes: [(u16, u8); 256],
    /// How many codes there are, by length from 1 to 16.
    pub(super) counts: [u8; 16],
    /// Symbols by increasing length of their codes.
    pub(super) symbols: Vec<u8>,
}

impl Encoding {
    /// The code that makes these symbols shortest, with at most 16 bits each and none of ones alone (T.81, K.2).
    pub(super) fn optimal(histogram: &Histogram) -> Self {
        let mut lengths = code_lengths(histogram);
        limit_lengths(&mut lengths);
        let mut order: Vec<u8> = (0..=255).collect();
        order.retain(|&symbol| count_of(histogram, symbol) > 0);
        // Frequent symbols first; among equals the lower one, so that the file is the same each time.
        order.sort_by_key(|&symbol| (std::cmp::Reverse(count_of(histogram, symbol)), symbol));

        let mut counts = [0; 16];
        let mut codes = [(0, 0); 256];
        let mut symbols = order.iter();
        let mut code = 0_u32;
        for (length, (count, &many)) in (1_u8..).zip(counts.iter_mut().zip(lengths.iter().skip(1))) {
            *count = many.min(255) as u8;
            for &symbol in symbols.by_ref().take(many as usize) {
                if let Some(entry) = codes.get_mut(usize::from(symbol)) {
                    *entry = (code as u16, length);
                }
                code += 1;
            }
            code <<= 1;
        }
        Self {
            codes,
            counts,
            symbols: order,
        }
    }

    /// The code of a symbol and its length.
    pub(super) fn code(&self, symbol: u8) -> (u32, u32) {
        let (code, length) = self.codes.get(usize::from(symbol)).copied().unwrap_or_default();
        (u32::from(code), u32::from(length))
    }
}

fn count_of(histogram: &Histogram, symbol: u8) -> u32 {
    histogram.get(usize::from(symbol)).copied().unwrap_or_default()
}

/// How many codes there are of each length, before any limit; one more symbol, the rarest, keeps the code of ones
/// alone free and is taken away by [`limit_lengths`].
fn code_lengths(histogram: &Histogram) -> Vec<u32> {
    // Each tree: its weight and the depths of its leaves.
    let mut trees: Vec<(u64, Vec<u32>)> = histogram
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| (u64::from(count) + 1, vec![0]))
        .collect();
    trees.push((0, vec![0]));
    while trees.len() > 1 {
        trees.sort_by_key(|(weight, leaves)| std::cmp::Reverse((*weight, leaves.len())));
        let (Some(first), Some(second)) = (trees.pop(), trees.pop()) else {
            break;
        };
        let leaves = first.1.into_iter().chain(second.1).map(|depth| depth + 1);
        trees.push((first.0 + second.0, leaves.collect()));
    }
    let depths = trees.pop().map(|(_, depths)| depths).unwrap_or_default();
    let deepest = depths.iter().copied().max().unwrap_or_default().max(16);
    let mut lengths = vec![0; deepest as usize + 1];
    for depth in depths {
        if let Some(count) = lengths.get_mut(depth as usize) {
            *count += 1;
        }
    }
    lengths
}

/// Brings codes of more than 16 bits to 16 (T.81, figure K.3), and takes one code of the longest away.
fn limit_lengths(lengths: &mut Vec<u32>) {
    let mut length = lengths.len() - 1;
    let at = |lengths: &Vec<u32>, length: usize| lengths.get(length).copied().unwrap_or_default();
    let add = |lengths: &mut Vec<u32>, length: usize, change: i32| {
        if let Some(count) = lengths.get_mut(length) {
            *count = count.saturating_add_signed(change);
        }
    };
    while length > 16 {
        while at(lengths, length) > 0 {
            // Two of this length become one that is shorter by one bit, and the other goes below a shorter code.
            let Some(shorter) = (1..length - 1).rev().find(|&shorter| at(lengths, shorter) > 0) else {
                return;
            };
            add(lengths, length, -2);
            add(lengths, length - 1, 1);
            add(lengths, shorter + 1, 2);
            add(lengths, shorter, -1);
        }
        length -= 1;
    }
    lengths.truncate(17);
    if let Some(longest) = (1..=16).rev().find(|&length| at(lengths, length) > 0) {
        add(lengths, longest, -1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::bits::BitWriter;
    use super::*;

    proptest! {
        #[test]
        fn what_is_written_with_the_optimal_code_is_read_with_its_table(
            exponents in prop::collection::vec(0_u32..31, 1..256),
            picks in prop::collection::vec(any::<prop::sample::Index>(), 0..200),
        ) {
            let mut histogram = [0; 256];
            for (count, exponent) in histogram.iter_mut().zip(&exponents) {
                // Weights that grow like this make the deepest trees.
                *count = 1 << exponent;
            }
            let table = Encoding::optimal(&histogram);
            prop_assert!(table.codes.iter().all(|&(code, length)| length == 0 || u32::from(code) != (1 << length) - 1));
            let symbols: Vec<u8> = picks.iter().map(|pick| pick.index(exponents.len()) as u8).collect();
            let mut writer = BitWriter::new(Vec::new());
            for &symbol in &symbols {
                let (code, length) = table.code(symbol);
                prop_assert!((1..=16).contains(&length));
                writer.put(code, length);
            }
            let bytes = writer.finish();
            let reading = Decoding::new(&table.counts, &table.symbols).unwrap();
            let mut bits = BitReader::new(&bytes);
            for symbol in symbols {
                prop_assert_eq!(reading.read(&mut bits), Some(symbol));
            }
        }
    }

    #[test]
    fn more_codes_than_there_are_is_no_table() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Decoding::new(&counts, &[1, 2, 3]).is_none());
        counts[0] = 2;
        assert!(Decoding::new(&counts, &[1]).is_none());
        assert!(Decoding::new(&counts, &[1, 2]).is_some());
    }
}
