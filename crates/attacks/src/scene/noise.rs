//! Noise with the spectrum of photographs, and the lattice of random values that it is made of.

/// Sum of octaves of value noise: sizes and amplitudes halve, so power falls with the square of the frequency, as in
/// photographs (Field, JOSA A 4(12), 1987).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fractal {
    seed: u32,
    octaves: u32,
}

/// Deviation of one octave: uniform values from -1 to 1 between smooth steps.
const DEVIATION: f32 = 0.42;

impl Fractal {
    pub(crate) fn new(seed: u64, octaves: u32) -> Self {
        Self {
            seed: (seed ^ (seed >> 32)) as u32,
            octaves,
        }
    }

    /// The value at a place, of mean 0 and a deviation of about 1; the coarsest cells are 1 wide.
    pub(crate) fn at(self, x: f32, y: f32) -> f32 {
        let (mut sum, mut squares, mut scale, mut amplitude) = (0.0, 0.0, 1.0, 1.0);
        for octave in 0..self.octaves {
            sum += amplitude
                * lattice(
                    self.seed.wrapping_add(octave.wrapping_mul(0x9E37_79B9)),
                    x * scale,
                    y * scale,
                );
            squares += amplitude * amplitude;
            scale *= 2.0;
            amplitude *= 0.5;
        }
        sum / (DEVIATION * squares.sqrt())
    }
}

/// Random values from -1 to 1 at whole places, smooth between them.
fn lattice(seed: u32, x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (tx, ty) = (fade(x - left), fade(y - top));
    let corner = |right: i32, down: i32| {
        let word = hash(seed, left as i32 + right, top as i32 + down);
        word as f32 / (u32::MAX / 2) as f32 - 1.0
    };
    let between = |a: f32, b: f32, t: f32| a + (b - a) * t;
    let above = between(corner(0, 0), corner(1, 0), tx);
    let below = between(corner(0, 1), corner(1, 1), tx);
    between(above, below, ty)
}

/// The cubic that is flat at both ends.
fn fade(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// A word for a cell (the finaliser of MurmurHash3).
pub(crate) fn hash(seed: u32, x: i32, y: i32) -> u32 {
    let mut word = seed ^ (x as u32).wrapping_mul(0x85EB_CA6B) ^ (y as u32).wrapping_mul(0xC2B2_AE35).rotate_left(16);
    word = (word ^ (word >> 16)).wrapping_mul(0x85EB_CA6B);
    word = (word ^ (word >> 13)).wrapping_mul(0xC2B2_AE35);
    word ^ (word >> 16)
}

/// From 0 to 1 for a cell.
pub(crate) fn chance(seed: u64, x: i32, y: i32) -> f32 {
    hash(seed as u32, x, y) as f32 / u32::MAX as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_as_stated() {
        let fractal = Fractal::new(9, 6);
        let values: Vec<f32> = (0..60_000)
            .map(|at| fractal.at((at % 300) as f32 * 0.31, (at / 300) as f32 * 0.31))
            .collect();
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / values.len() as f32;
        assert!(mean.abs() < 0.1, "{mean}");
        assert!((0.8..1.25).contains(&variance.sqrt()), "{}", variance.sqrt());
    }

    #[test]
    fn it_has_no_jumps() {
        let fractal = Fractal::new(2, 3);
        for at in 0..1000 {
            let x = at as f32 * 0.01 - 5.0;
            assert!((fractal.at(x, -1.3) - fractal.at(x + 0.001, -1.3)).abs() < 0.05);
        }
    }
}
