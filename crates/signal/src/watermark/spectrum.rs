//! The spectrum of what a detector looks at: read at any frequency, and as power that stands out of its surroundings.

use std::sync::Arc;

use realfft::RealToComplex;
use rustfft::{Fft, FftPlanner, num_complex::Complex32};

use super::plane::{Plane, smooth_across, smooth_down};

/// Sides of the transforms. A picture takes the first that leaves a quarter of its side empty, so that frequencies
/// between two values can be read.
const SIDES: [usize; 10] = [160, 256, 384, 512, 640, 768, 1024, 1280, 1536, 1920];
const ROOM: f64 = 1.25;
/// The longest side that has a transform.
pub(super) const LONGEST: usize = 1536;
/// Power is compared with its mean within so many frequencies of the picture.
const SURROUNDINGS: f64 = 9.0;
/// More power than this many times its surroundings counts as this many, or lines of a texture would outweigh all.
const CLIP: f32 = 6.0;
/// Values of the transform that one reading takes along each axis.
const TAPS: usize = 8;
const FRACTIONS: usize = 128;

/// Plans of all transforms, made once and shared.
pub(super) struct Plans {
    across: Vec<Arc<dyn RealToComplex<f32>>>,
    down: Vec<Arc<dyn Fft<f32>>>,
    kernel: Vec<[f32; TAPS]>,
}

impl Plans {
    pub(super) fn new() -> Self {
        let mut real = realfft::RealFftPlanner::new();
        let mut complex = FftPlanner::new();
        Self {
            across: SIDES.iter().map(|&side| real.plan_fft_forward(side)).collect(),
            down: SIDES.iter().map(|&side| complex.plan_fft_forward(side)).collect(),
            kernel: kernel(),
        }
    }
}

/// Which transform a side of `len` takes.
fn choose(len: usize) -> usize {
    let wanted = (len as f64 * ROOM) as usize;
    SIDES.iter().position(|&side| side >= wanted).unwrap_or(SIDES.len() - 1)
}

/// Interpolates between the values of a spectrum: a sinc under a Kaiser window, for [`FRACTIONS`] fractions.
fn kernel() -> Vec<[f32; TAPS]> {
    const SHAPE: f64 = 3.0;
    let half = TAPS as f64 / 2.0;
    (0..=FRACTIONS)
        .map(|at| {
            let fraction = at as f64 / FRACTIONS as f64;
            std::array::from_fn(|tap| {
                let t = tap as f64 - (half - 1.0) - fraction;
                let sinc = if t == 0.0 {
                    1.0
                } else {
                    (std::f64::consts::PI * t).sin() / (std::f64::consts::PI * t)
                };
                let window = bessel(SHAPE * (1.0 - (t / half).powi(2)).max(0.0).sqrt()) / bessel(SHAPE);
                (sinc * window) as f32
            })
        })
        .collect()
}

/// Modified Bessel function of order zero, by its series.
fn bessel(x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    for k in 1..20 {
        term *= (x / 2.0 / f64::from(k)).powi(2);
        sum += term;
    }
    sum
}

/// The spectrum of a plane around its middle. Frequencies are in cycles a value, down and across.
pub(super) struct Spectrum<'a> {
    plans: &'a Plans,
    /// Sides of the transform.
    pub(super) down: usize,
    pub(super) across: usize,
    /// Columns of the transform, from frequency `-TAPS / 2` across on; down from the lowest frequency to the highest.
    values: Vec<Complex32>,
    /// Power over its surroundings, clipped; a row of `down` values for each frequency across from zero on.
    pub(super) power: Plane,
    /// The reciprocal of the root of the surroundings, laid out like `power`.
    scale: Plane,
}

impl<'a> Spectrum<'a> {
    /// The spectrum of `plane`, whose sides are at most [`LONGEST`].
    pub(super) fn of(plane: &Plane, plans: &'a Plans) -> Self {
        let (row_plan, column_plan) = (&plans.across[choose(plane.width)], &plans.down[choose(plane.height)]);
        let (across, down) = (row_plan.len(), column_plan.len());
        let half = across / 2 + 1;
        let rows = transform_rows(plane, row_plan.as_ref());

        let guard = TAPS / 2;
        let mut values = vec![Complex32::ZERO; (half + guard) * down];
        let mut scratch = vec![Complex32::ZERO; column_plan.get_inplace_scratch_len()];
        let middle = plane.height / 2;
        for (block, columns) in values[guard * down..].chunks_mut(8 * down).enumerate() {
            for (y, row) in rows.chunks_exact(half).enumerate() {
                let to = (y + down - middle) % down;
                // Alternating signs put frequency zero in the middle of the column.
                let sign = if to.is_multiple_of(2) { 1.0 } else { -1.0 };
                for (column, value) in columns.chunks_exact_mut(down).zip(&row[8 * block..]) {
                    column[to] = value * sign;
                }
            }
            column_plan.process_with_scratch(columns, &mut scratch);
        }
        for v in 1..=guard {
            for u in 1..down {
                values[(guard - v) * down + u] = values[(guard + v) * down + down - u].conj();
            }
        }

        let power = values[guard * down..].iter().map(Complex32::norm_sqr).collect();
        let mut power = Plane {
            width: down,
            height: half,
            values: power,
        };
        let radius = |side: usize, len: usize| (SURROUNDINGS * side as f64 / len as f64).round() as usize;
        let radii = (radius(down, plane.height), radius(across, plane.width));
        let mut scale = surroundings(&power, radii);
        for (power, scale) in power.values.iter_mut().zip(&mut scale.values) {
            *scale = 1.0 / scale.max(f32::MIN_POSITIVE);
            *power = (*power * *scale).min(CLIP);
            *scale = scale.sqrt();
        }
        Self {
            plans,
            down,
            across,
            values,
            power,
            scale,
        }
    }

    /// Power at a frequency, between the four nearest values; the mean of noise beyond what the spectrum has.
    pub(super) fn power_at(&self, (u, v): (f32, f32)) -> f32 {
        let (u, v) = if v < 0.0 { (-u, -v) } else { (u, v) };
        let (x, y) = (u * self.down as f32 + (self.down / 2) as f32, v * self.across as f32);
        let (left, top) = (x as usize, y as usize);
        if x < 0.0 || left + 1 >= self.power.width || top + 1 >= self.power.height {
            return 1.0;
        }
        let (fx, fy) = (x - left as f32, y - top as f32);
        let at = top * self.power.width + left;
        let between = |at: usize| self.power.values[at] + fx * (self.power.values[at + 1] - self.power.values[at]);
        let upper = between(at);
        upper + fy * (between(at + self.power.width) - upper)
    }

    /// The spectrum at a frequency, divided by the root of the power around it; zero beyond what the spectrum has.
    pub(super) fn value_at(&self, (u, v): (f32, f32)) -> Complex32 {
        if v < 0.0 {
            self.half_plane(-u, -v).conj()
        } else {
            self.half_plane(u, v)
        }
    }

    fn half_plane(&self, u: f32, v: f32) -> Complex32 {
        let (x, y) = (u * self.down as f32 + (self.down / 2) as f32, v * self.across as f32);
        let (left, top) = (x as usize, y as usize);
        let guard = TAPS / 2;
        if x < guard as f32 || left + guard >= self.down || top + guard >= self.power.height {
            return Complex32::ZERO;
        }
        let taps = |fraction: f32| &self.plans.kernel[(fraction * FRACTIONS as f32 + 0.5) as usize];
        let (across, down) = (taps(y - top as f32), taps(x - left as f32));
        let mut sum = Complex32::ZERO;
        for (row, weight) in across.iter().enumerate() {
            // Columns begin `guard` before zero, the kernel `guard - 1` before the value.
            let values = &self.values[(top + row + 1) * self.down + left + 1 - guard..][..TAPS];
            let mut line = Complex32::ZERO;
            for (value, weight) in values.iter().zip(down) {
                line += value * weight;
            }
            sum += line * weight;
        }
        let nearest = (y.round() as usize) * self.down + x.round() as usize;
        sum * self.scale.values[nearest]
    }
}

/// Transforms each row, its middle at the first value so that phases turn slowly, under a window that is flat but for
/// its edges.
fn transform_rows(plane: &Plane, plan: &dyn RealToComplex<f32>) -> Vec<Complex32> {
    let (columns, lines) = (taper(plane.width), taper(plane.height));
    let half = plan.len() / 2 + 1;
    let mut rows = vec![Complex32::ZERO; half * plane.height];
    let mut input = vec![0.0; plan.len()];
    let mut scratch = plan.make_scratch_vec();
    let middle = plane.width / 2;
    for ((row, line), output) in plane.rows().zip(&lines).zip(rows.chunks_exact_mut(half)) {
        input.fill(0.0);
        let weighted = |(value, column): (&f32, &f32)| value * column * line;
        let end = plan.len() - middle;
        for (input, value) in input[end..].iter_mut().zip(row.iter().zip(&columns).map(weighted)) {
            *input = value;
        }
        for (input, value) in input
            .iter_mut()
            .zip(row.iter().zip(&columns).skip(middle).map(weighted))
        {
            *input = value;
        }
        if plan.process_with_scratch(&mut input, output, &mut scratch).is_err() {
            // Lengths match by construction.
            output.fill(Complex32::ZERO);
        }
    }
    rows
}

/// Tukey's window, a tenth of which falls off.
fn taper(len: usize) -> Vec<f32> {
    let edge = (len as f32 * 0.05).max(1.0);
    (0..len)
        .map(|at| {
            let distance = (at.min(len - 1 - at) as f32 + 0.5) / edge;
            if distance >= 1.0 {
                1.0
            } else {
                (distance * std::f32::consts::FRAC_PI_2).sin().powi(2)
            }
        })
        .collect()
}

/// The mean power around each frequency, without what stands out.
fn surroundings(power: &Plane, (down, across): (usize, usize)) -> Plane {
    let mean = |plane: &mut Plane| {
        smooth_across(plane, down);
        smooth_down(plane, across);
    };
    let mut around = power.clone();
    mean(&mut around);
    for (around, power) in around.values.iter_mut().zip(&power.values) {
        *around = power.min(4.0 * *around);
    }
    mean(&mut around);
    around
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;

    #[test]
    fn a_wave_is_read_at_its_frequency_with_its_phase() {
        let plans = Plans::new();
        for (u, v) in [(0.1103, 0.0719), (0.09, -0.13), (0.2, 0.003)] {
            let mut plane = Plane::zero(300, 210);
            for (at, value) in plane.values.iter_mut().enumerate() {
                let (y, x) = ((at / 300) as f32 - 105.0, (at % 300) as f32 - 150.0);
                *value = (TAU * (u * y + v * x) + 0.7).cos() + ((at * 7919) % 101) as f32 * 0.02;
            }
            let spectrum = Spectrum::of(&plane, &plans);
            let value = spectrum.value_at((u, v));
            assert!((value.arg() - 0.7).abs() < 0.05, "{u} {v}: {}", value.arg());
            assert!((spectrum.value_at((-u, -v)) - value.conj()).norm() < 1e-3 * value.norm());
            assert!(value.norm() > 2.0 * spectrum.value_at((u + 0.02, v)).norm());
            assert!(spectrum.power_at((u, v)) > 4.0);
            assert_eq!(spectrum.value_at((0.7, 0.1)), Complex32::ZERO);
        }
    }
}
