//! The tile that a picture carries over and over, made from its spectrum.

use rustfft::{FftPlanner, num_complex::Complex32};

use super::{
    code::{self, CODED_BITS},
    id::WatermarkId,
    lattice::{BINS, Bin, Layout, REACH, TEMPLATE_SHARE},
    plane::Plane,
    spectrum::surroundings,
};

/// Amplitude of one payload dimension in a tile of root mean square 1, before it is fitted to a picture.
pub(super) fn unit() -> f32 {
    ((1.0 - TEMPLATE_SHARE) / 2.0 / (2 * BINS.payload.len()) as f32).sqrt()
}

/// The tile's spectrum in the half plane, fitted to a picture: less for what the picture already says (Miller, Doerr and
/// Cox, informed embedding, IEEE TIP 13(6), 2004), and in what a detector will not hear for the picture's own power.
///
/// `host` is the picture's own spectrum as a detector sees it, in units of the mark's amplitude.
pub(super) fn spectrum(id: WatermarkId, layout: &Layout, host: impl Fn(Bin) -> Complex32) -> Vec<(Bin, Complex32)> {
    let coded: [bool; CODED_BITS] = code::encode(id, layout);
    let weights = Weights::new(&host);
    // What a detector adds up for each coded bit: the picture's part, and that of a mark as strong as the weights.
    let mut own = [0.0f32; CODED_BITS];
    let mut room = [f32::MIN_POSITIVE; CODED_BITS];
    for (&bin, chips) in BINS.payload.iter().zip(&layout.chips) {
        let (host, weight) = (host(bin), weights.at(bin));
        for (&(bit, sign), host) in chips.iter().zip([host.re, host.im]) {
            own[bit] += weight * host * if coded[bit] { sign } else { -sign };
            room[bit] += weight * weight;
        }
    }
    let drives = drives(&own, &room);
    let payload = BINS.payload.iter().zip(&layout.chips).map(|(&bin, chips)| {
        let weight = weights.at(bin);
        let part = |(bit, sign): (usize, f32)| weight * drives[bit] * if coded[bit] { sign } else { -sign };
        (bin, Complex32::new(part(chips[0]), part(chips[1])))
    });
    // The template is only ever added up as a whole: what the picture says at one place of it matters to none.
    let template = BINS.template.iter().copied().zip(layout.phases.iter().copied());
    let mut spectrum = share(payload.collect(), 1.0 - TEMPLATE_SHARE);
    spectrum.extend(share(template.collect(), TEMPLATE_SHARE));
    spectrum
}

/// How strongly to say each coded bit, in units of a mark that says all alike: as much as lifts all to one level with that
/// energy, since the code fails where many bits are weak. The bounds leave something in parts that are cut out, where
/// the picture says other things, and nothing wasted on bits that cannot be won.
///
/// `own` is what the picture says of each bit, `room` what a mark as strong as its weights adds.
fn drives(own: &[f32; CODED_BITS], room: &[f32; CODED_BITS]) -> [f32; CODED_BITS] {
    let at_level =
        |level: f32| -> [f32; CODED_BITS] { std::array::from_fn(|bit| (level - own[bit] / room[bit]).clamp(0.7, 2.0)) };
    let energy = |drives: &[f32; CODED_BITS]| {
        drives
            .iter()
            .zip(room)
            .map(|(drive, room)| room * drive * drive)
            .sum::<f32>()
    };
    let whole: f32 = room.iter().sum();
    let (mut low, mut high) = (-8.0f32, 8.0f32);
    for _ in 0..16 {
        let level = (low + high) / 2.0;
        if energy(&at_level(level)) < whole {
            low = level;
        } else {
            high = level;
        }
    }
    at_level(low)
}

/// How much a detector makes of each bin, and so how much of the mark it should bear: the less, the more power the
/// picture has around it. Their mean square is 1.
struct Weights(Plane);

impl Weights {
    /// Frequencies down and across that count as around.
    const NEAR: usize = 2;
    /// Side of the weights, whose middle is frequency zero.
    const SIDE: usize = 2 * (REACH as usize + Self::NEAR) + 1;
    /// What coding and scaling will add, as the power of so many marks.
    const NOISE: f32 = 3.0;

    fn new(host: &impl Fn(Bin) -> Complex32) -> Self {
        let mut power = Plane::zero(Self::SIDE, Self::SIDE);
        let middle = (Self::SIDE / 2) as i32;
        for (at, value) in power.values.iter_mut().enumerate() {
            let bin = ((at / Self::SIDE) as i32 - middle, (at % Self::SIDE) as i32 - middle);
            *value = host(bin).norm_sqr() / 2.0;
        }
        let mut weights = surroundings(&power, (Self::NEAR, Self::NEAR));
        for weight in &mut weights.values {
            *weight = 1.0 / (*weight + Self::NOISE);
        }
        let mut weights = Self(weights);
        let squares: f32 = BINS.payload.iter().map(|&bin| weights.at(bin).powi(2)).sum();
        let unit = (BINS.payload.len() as f32 / squares).sqrt();
        weights.0.values.iter_mut().for_each(|weight| *weight *= unit);
        weights
    }

    fn at(&self, (u, v): Bin) -> f32 {
        let place = |frequency: i32| (frequency + (Self::SIDE / 2) as i32) as usize;
        self.0.values[place(u) * Self::SIDE + place(v)]
    }
}

/// Scales to `energy`, counting the other half plane.
fn share(mut bins: Vec<(Bin, Complex32)>, energy: f32) -> Vec<(Bin, Complex32)> {
    let sum: f32 = bins.iter().map(|(_, value)| value.norm_sqr()).sum();
    let factor = (energy / (2.0 * sum)).sqrt();
    bins.iter_mut().for_each(|(_, value)| *value *= factor);
    bins
}

/// A tile of `period` x `period` values with the root mean square of its spectrum.
pub(super) fn synthesise(spectrum: &[(Bin, Complex32)], period: usize) -> Vec<f32> {
    let wrapped = |frequency: i32| frequency.rem_euclid(period as i32) as usize;
    // Down first: only the columns up to the reach are not empty, the others follow from symmetry.
    let mut columns = vec![Complex32::ZERO; (REACH as usize + 1) * period];
    for &((u, v), value) in spectrum {
        let (u, v, value) = if v < 0 { (-u, -v, value.conj()) } else { (u, v, value) };
        columns[v as usize * period + wrapped(u)] += value;
        if v == 0 {
            columns[wrapped(-u)] += value.conj();
        }
    }
    FftPlanner::new().plan_fft_inverse(period).process(&mut columns);
    let across = realfft::RealFftPlanner::new().plan_fft_inverse(period);
    let mut row_spectrum = across.make_input_vec();
    let mut scratch = across.make_scratch_vec();
    let mut tile = vec![0.0; period * period];
    for (y, row) in tile.chunks_exact_mut(period).enumerate() {
        row_spectrum.fill(Complex32::ZERO);
        for (value, column) in row_spectrum.iter_mut().zip(columns.chunks_exact(period)) {
            *value = column[y];
        }
        // Real by symmetry, but for rounding.
        row_spectrum[0].im = 0.0;
        if across
            .process_with_scratch(&mut row_spectrum, row, &mut scratch)
            .is_err()
        {
            // Lengths match by construction, and the first value is real.
            row.fill(0.0);
        }
    }
    tile
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;
    use crate::watermark::key::WatermarkKey;

    #[test]
    fn a_tile_is_the_sum_of_its_waves() {
        let layout = Layout::new(&WatermarkKey::public());
        let spectrum = spectrum(WatermarkId::from(5), &layout, |_| Complex32::ZERO);
        let tile = synthesise(&spectrum, 130);
        let energy: f32 = tile.iter().map(|value| value * value).sum::<f32>() / tile.len() as f32;
        assert!((energy - 1.0).abs() < 1e-3, "{energy}");
        for (y, x) in [(0usize, 0usize), (17, 99), (129, 64)] {
            let wave = |&((u, v), value): &(Bin, Complex32)| {
                let cycles = (u * y as i32 + v * x as i32) as f32 / 130.0;
                2.0 * (value * Complex32::from_polar(1.0, cycles.fract() * TAU)).re
            };
            let sum: f32 = spectrum.iter().map(wave).sum();
            assert!((sum - tile[y * 130 + x]).abs() < 1e-2, "{sum} {}", tile[y * 130 + x]);
        }
    }
}
