//! The forward DCT of a block (T.81, A.3.3).

use std::f32::consts::FRAC_1_SQRT_2;

/// Place in a block, row by row, of each coefficient in zigzag order (T.81, figure A.6).
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
];

/// By row or column: what the fast transform leaves to be multiplied (Arai, Agui, Nakajima 1988): 1, then
/// sqrt(2) cos(k pi / 16); with the 1/8 of both directions in [`scales`].
const AAN: [f32; 8] = [
    1.0,
    1.387_039_8,
    1.306_563,
    1.175_875_6,
    1.0,
    0.785_694_96,
    0.541_196_1,
    0.275_899_38,
];

/// Transforms 8 rows of 8 samples in place; coefficient `[v][u]` is then too large by `8 AAN[u] AAN[v]`.
pub(super) fn forward(block: &mut [[f32; 8]; 8]) {
    columns(block);
    transpose(block);
    columns(block);
    transpose(block);
}

/// What a coefficient of [`forward`] is multiplied with to be in quantisation steps, row by row; `steps` in zigzag order.
pub(super) fn scales(steps: &[u16; 64]) -> [f32; 64] {
    let mut scales = [0.0; 64];
    for (&place, &step) in ZIGZAG.iter().zip(steps) {
        let place = usize::from(place);
        scales[place] = 1.0 / (f32::from(step) * AAN[place / 8] * AAN[place % 8] * 8.0);
    }
    scales
}

/// One pass of the fast transform (Arai, Agui, Nakajima 1988) down all eight columns at once.
#[expect(
    clippy::needless_range_loop,
    reason = "eight columns side by side become vector code"
)]
fn columns(b: &mut [[f32; 8]; 8]) {
    const C4: f32 = FRAC_1_SQRT_2;
    const C6: f32 = 0.382_683_43;
    const C2_MINUS_C6: f32 = 0.541_196_1;
    const C2_PLUS_C6: f32 = 1.306_563;
    for x in 0..8 {
        let (s07, d07) = (b[0][x] + b[7][x], b[0][x] - b[7][x]);
        let (s16, d16) = (b[1][x] + b[6][x], b[1][x] - b[6][x]);
        let (s25, d25) = (b[2][x] + b[5][x], b[2][x] - b[5][x]);
        let (s34, d34) = (b[3][x] + b[4][x], b[3][x] - b[4][x]);

        let (even0, even3) = (s07 + s34, s07 - s34);
        let (even1, even2) = (s16 + s25, s16 - s25);
        b[0][x] = even0 + even1;
        b[4][x] = even0 - even1;
        let z1 = (even2 + even3) * C4;
        b[2][x] = even3 + z1;
        b[6][x] = even3 - z1;

        let (odd0, odd1, odd2) = (d34 + d25, d25 + d16, d16 + d07);
        let z5 = (odd0 - odd2) * C6;
        let z2 = odd0 * C2_MINUS_C6 + z5;
        let z4 = odd2 * C2_PLUS_C6 + z5;
        let z3 = odd1 * C4;
        let (z11, z13) = (d07 + z3, d07 - z3);
        b[5][x] = z13 + z2;
        b[3][x] = z13 - z2;
        b[1][x] = z11 + z4;
        b[7][x] = z11 - z4;
    }
}

fn transpose(block: &mut [[f32; 8]; 8]) {
    let from = *block;
    *block = std::array::from_fn(|y| std::array::from_fn(|x| from[x][y]));
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use proptest::prelude::*;

    use super::*;

    /// The formula of A.3.3.
    fn plain(samples: &[[f32; 8]; 8], u: usize, v: usize) -> f64 {
        let c = |k| if k == 0 { 0.5_f64.sqrt() } else { 1.0 };
        let cosine = |x: usize, k: usize| ((2 * x + 1) as f64 * k as f64 * PI / 16.0).cos();
        let mut sum = 0.0;
        for (y, row) in samples.iter().enumerate() {
            for (x, &sample) in row.iter().enumerate() {
                sum += f64::from(sample) * cosine(x, u) * cosine(y, v);
            }
        }
        sum * c(u) * c(v) / 4.0
    }

    proptest! {
        #[test]
        fn the_fast_transform_is_the_transform(samples in prop::array::uniform8(prop::array::uniform8(-255_f32..255.0))) {
            let mut fast = samples;
            forward(&mut fast);
            let scales = scales(&[1; 64]);
            for (place, scale) in scales.iter().enumerate() {
                let (v, u) = (place / 8, place % 8);
                let found = f64::from(fast[v][u] * scale);
                prop_assert!((found - plain(&samples, u, v)).abs() < 0.01, "{u} {v}");
            }
        }
    }

    #[test]
    fn the_zigzag_visits_every_place_once() {
        let mut places = ZIGZAG;
        places.sort_unstable();
        assert!(places.iter().enumerate().all(|(at, &place)| at == usize::from(place)));
    }
}
