//! The tile that a picture carries over and over, made from its spectrum.

use rustfft::{FftPlanner, num_complex::Complex32};

use super::{
    code::{self, CODED_BITS},
    id::WatermarkId,
    lattice::{BINS, Bin, Layout, REACH, TEMPLATE_SHARE},
};

/// Amplitude of one payload dimension in a tile of root mean square 1, before it is fitted to a picture.
pub(super) fn unit() -> f32 {
    ((1.0 - TEMPLATE_SHARE) / 2.0 / (2 * BINS.payload.len()) as f32).sqrt()
}

/// The tile's spectrum in the half plane, fitted to a picture: less where the picture already says what the mark would
/// (Miller, Doerr and Cox, informed embedding, IEEE TIP 13(6), 2004).
///
/// `host` is the picture's own spectrum as a detector sees it, in units of the mark's amplitude.
pub(super) fn spectrum(id: WatermarkId, layout: &Layout, host: impl Fn(Bin) -> Complex32) -> Vec<(Bin, Complex32)> {
    let coded: [bool; CODED_BITS] = code::encode(id, layout);
    let payload = BINS.payload.iter().zip(&layout.chips).map(|(&bin, chips)| {
        let host = host(bin);
        let part = |(bit, sign): (usize, f32), host: f32| {
            let wanted = if coded[bit] { sign } else { -sign };
            wanted * (1.0 - host * wanted).clamp(0.35, 2.0)
        };
        (bin, Complex32::new(part(chips[0], host.re), part(chips[1], host.im)))
    });
    // The template stands higher than the payload: its places are few.
    let template = BINS.template.iter().zip(&layout.phases).map(|(&bin, phase)| {
        let agrees = (host(bin) * phase.conj()).re;
        (bin, phase * (1.0 - 0.7 * agrees).clamp(0.5, 2.0))
    });
    let mut spectrum = share(payload.collect(), 1.0 - TEMPLATE_SHARE);
    spectrum.extend(share(template.collect(), TEMPLATE_SHARE));
    spectrum
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
