//! The 64 bits with a checksum, protected by a convolutional code that is decoded by soft decisions.

use super::{id::WatermarkId, lattice::Layout};

/// Constraint length of the code, in bits.
const CONSTRAINT: usize = 9;
/// Generators of the rate 1/4 code with the largest free distance, 24, at this constraint length (Proakis, Digital
/// Communications, table 8.2-3).
const GENERATORS: [u32; 4] = [0o463, 0o535, 0o733, 0o745];
const RATE: usize = GENERATORS.len();
const STATES: usize = 1 << (CONSTRAINT - 1);
const ID_BITS: usize = 64;
const CHECK_BITS: usize = 32;
const INFO_BITS: usize = ID_BITS + CHECK_BITS;
/// Steps of the encoder: the tail takes it back to its first state.
const STEPS: usize = INFO_BITS + CONSTRAINT - 1;
/// Bits that the lattice carries.
pub(super) const CODED_BITS: usize = STEPS * RATE;

/// The bits that the lattice carries for an id.
pub(super) fn encode(id: WatermarkId, layout: &Layout) -> [bool; CODED_BITS] {
    let id = u64::from(id);
    convolve(u128::from(id) << CHECK_BITS | u128::from(check(id, layout)))
}

/// The id that a received word says, and how well they agree: the correlation of `soft` with the word of that id, in
/// standard deviations of a chance agreement. `None` where the checksum does not hold.
///
/// `soft` is positive where a bit is likely set.
pub(super) fn decode(soft: &[f32; CODED_BITS], layout: &Layout) -> Option<(WatermarkId, f32)> {
    let info = viterbi(soft);
    let id = (info >> CHECK_BITS) as u64;
    if check(id, layout) != info as u32 {
        return None;
    }
    let energy: f32 = soft.iter().map(|value| value * value).sum();
    let agreement: f32 = soft
        .iter()
        .zip(convolve(info))
        .map(|(value, bit)| if bit { *value } else { -value })
        .sum();
    Some((WatermarkId::from(id), agreement / energy.sqrt().max(f32::MIN_POSITIVE)))
}

/// CRC-32 (ISO/IEC 3309), from a start that the key gives.
fn check(id: u64, layout: &Layout) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(layout.check_seed);
    hasher.update(&id.to_be_bytes());
    hasher.finalize()
}

/// Encodes `INFO_BITS` bits, the highest first.
fn convolve(info: u128) -> [bool; CODED_BITS] {
    let mut register = 0u32;
    let mut coded = [false; CODED_BITS];
    for (step, out) in coded.chunks_exact_mut(RATE).enumerate() {
        let bit = if step < INFO_BITS {
            info >> (INFO_BITS - 1 - step) & 1
        } else {
            0
        };
        register = (register << 1 | bit as u32) & ((1 << CONSTRAINT) - 1);
        for (out, generator) in out.iter_mut().zip(GENERATORS) {
            *out = (register & generator).count_ones() & 1 == 1;
        }
    }
    coded
}

/// The most likely `INFO_BITS` bits (Viterbi, 1967).
fn viterbi(soft: &[f32; CODED_BITS]) -> u128 {
    let mut metrics = [f32::NEG_INFINITY; STATES];
    metrics[0] = 0.0;
    let mut choices = [[false; STATES]; STEPS];
    for (step, (received, choices)) in soft.chunks_exact(RATE).zip(&mut choices).enumerate() {
        // What the encoder gives for each of the 16 combinations of its output bits.
        let branch: [f32; 1 << RATE] = std::array::from_fn(|word| {
            let signed = |(at, value): (usize, &f32)| if word >> at & 1 == 1 { *value } else { -value };
            received.iter().enumerate().map(signed).sum()
        });
        let mut next = [f32::NEG_INFINITY; STATES];
        for (state, (next, choice)) in next.iter_mut().zip(choices).enumerate() {
            // In the tail only zeros go in.
            if step >= INFO_BITS && state & 1 == 1 {
                continue;
            }
            let (low, high) = (state >> 1, state >> 1 | STATES >> 1);
            let from_low = metrics[low] + branch[OUTPUTS[state]];
            let from_high = metrics[high] + branch[OUTPUTS[state | STATES]];
            *choice = from_high > from_low;
            *next = from_low.max(from_high);
        }
        metrics = next;
    }
    let (mut state, mut info) = (0, 0u128);
    for (step, choices) in choices.iter().enumerate().rev() {
        if step < INFO_BITS {
            info |= (state as u128 & 1) << (INFO_BITS - 1 - step);
        }
        state = state >> 1 | if choices[state] { STATES >> 1 } else { 0 };
    }
    info
}

/// The output bits of each content of the register, as a number.
static OUTPUTS: [usize; 2 * STATES] = {
    let mut outputs = [0; 2 * STATES];
    let mut register = 0;
    while register < outputs.len() {
        let mut at = 0;
        while at < RATE {
            outputs[register] |= (((register as u32 & GENERATORS[at]).count_ones() & 1) as usize) << at;
            at += 1;
        }
        register += 1;
    }
    outputs
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watermark::key::{Stream, WatermarkKey};

    fn noisy(id: WatermarkId, layout: &Layout, amplitude: f32, random: &mut Stream) -> [f32; CODED_BITS] {
        encode(id, layout).map(|bit| {
            // Twelve uniform numbers make a normal one.
            let noise = (0..12).map(|_| random.bits() as f32 / 2f32.powi(32)).sum::<f32>() - 6.0;
            noise + if bit { amplitude } else { -amplitude }
        })
    }

    #[test]
    fn reads_what_was_written_through_noise() {
        let layout = Layout::new(&WatermarkKey::public());
        let mut random = Stream::new([7; 32], 0);
        for serial in 0..20u64 {
            let id = WatermarkId::from(serial.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            // 3 dB above where the code fails.
            let (read, agreement) = decode(&noisy(id, &layout, 1.0, &mut random), &layout).unwrap();
            assert_eq!(read, id);
            assert!(agreement > 12.0, "{agreement}");
        }
    }

    #[test]
    fn noise_and_other_keys_say_nothing() {
        let layout = Layout::new(&WatermarkKey::public());
        let other = Layout::new(&WatermarkKey::from_bytes([1; 32]));
        let mut random = Stream::new([8; 32], 0);
        for serial in 0..20 {
            let id = WatermarkId::from(serial);
            assert_eq!(decode(&noisy(id, &layout, 0.0, &mut random), &layout), None);
            assert_eq!(decode(&noisy(id, &layout, 2.0, &mut random), &other), None);
        }
    }

    #[test]
    fn the_smallest_distance_is_the_codes() {
        // A single set bit runs through the whole register: the weight of its word is that of the generators.
        let weight = |info| convolve(info).iter().filter(|bit| **bit).count();
        assert_eq!(
            weight(1 << 40),
            GENERATORS.iter().map(|g| g.count_ones() as usize).sum::<usize>()
        );
        assert_eq!((1..4096u128).map(|low| weight(low << 40)).min(), Some(24));
    }
}
