//! Where the template might be: scale, angle and proportions at which its places have more power than others.

use std::f32::consts::{FRAC_PI_2, TAU};

use super::{
    lattice::{BINS, Bin, TILE},
    plane::Plane,
    spectrum::Spectrum,
};

/// Periods that are looked for, in values of the plane.
const PERIODS: (f32, f32) = (44.0, 460.0);
/// Ratio of neighbouring proportions, and how many are tried to each side: 0.845 to 1.184.
const PROPORTION: f32 = 1.01;
const PROPORTIONS: i32 = 17;
/// The largest radius of the template, in cycles a tile.
const RADIUS: f32 = 26.0;
/// Power of noise at one place, on average: clipping at 6 takes off 0.25 %.
const NOISE: f32 = 1.0;

/// How the lattice lies in a plane: its two axes stretched, after it was turned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Geometric mean of the periods down and across, in values of the plane.
    pub(super) period: f32,
    /// Counterclockwise, in radians.
    pub(super) angle: f32,
    /// The period down divided by that across.
    pub(super) proportion: f32,
}

impl Shape {
    /// Neither turned nor stretched.
    pub(super) fn upright(period: f32) -> Self {
        Self {
            period,
            angle: 0.0,
            proportion: 1.0,
        }
    }

    /// The frequency at which a bin of the tile lies, in cycles a value, down and across.
    pub(super) fn frequency(&self, (u, v): Bin) -> (f32, f32) {
        let (sin, cos) = self.angle.sin_cos();
        let (u, v) = (u as f32, v as f32);
        let root = self.proportion.sqrt();
        (
            (u * cos - v * sin) / (self.period * root),
            (u * sin + v * cos) / self.period * root,
        )
    }
}

/// What a search found, best first.
pub(super) type Candidates = Vec<(f32, Shape)>;

/// Distances of the shapes that are tried.
pub(super) struct Grid {
    /// Relative step of the period, and of the angle in radians.
    step: f32,
    periods: Vec<f32>,
}

impl Grid {
    /// For a plane of this size: steps of 0.7 of its frequencies at the template's largest radius.
    pub(super) fn new(width: usize, height: usize) -> Self {
        let (long, short) = (width.max(height) as f32, width.min(height) as f32);
        let period = TILE as f32 * (short / 640.0).max(0.47);
        let step = (0.7 * period / (RADIUS * long)).clamp(0.0025, 0.01);
        let count = ((PERIODS.1 / PERIODS.0).ln() / step) as usize;
        let periods = (0..count).map(|at| PERIODS.0 * (at as f32 * step).exp()).collect();
        Self { step, periods }
    }

    /// The best shapes among those that are not turned: pictures as they were, or only cut and scaled.
    pub(super) fn upright(&self, spectrum: &Spectrum, count: usize) -> Candidates {
        let lines = [-1.0, 0.0, 1.0].map(|turn| {
            let shape = |period| Shape {
                period,
                angle: turn * self.step / 2.0,
                proportion: 1.0,
            };
            self.line(spectrum, shape)
        });
        self.peaks(lines, count)
    }

    /// The best shapes among those that are stretched along one axis.
    pub(super) fn stretched(&self, spectrum: &Spectrum, count: usize) -> Candidates {
        let lines = (-PROPORTIONS..=PROPORTIONS).filter(|&power| power != 0).map(|power| {
            let shape = |period| Shape {
                period,
                angle: 0.0,
                proportion: PROPORTION.powi(power),
            };
            self.line(spectrum, shape)
        });
        self.peaks(lines, count)
    }

    /// The best shapes among those at any angle.
    ///
    /// In logarithmic polar coordinates scale and angle are shifts, and the template's quarters and mirror images fall
    /// together, so that 56 rows are added for each period instead of reading 112 places for each angle.
    pub(super) fn turned(&self, spectrum: &Spectrum, count: usize) -> Candidates {
        let angles = (FRAC_PI_2 / self.step).ceil() as usize;
        let step = FRAC_PI_2 / angles as f32;
        let radius = |(a, b): Bin| ((a * a + b * b) as f32).sqrt();
        let (least, most) = BINS.orbits.iter().fold((f32::MAX, 0.0f32), |(least, most), &orbit| {
            (least.min(radius(orbit)), most.max(radius(orbit)))
        });
        // Row `r` has the frequency `least / PERIODS.1 * exp(r * step)`.
        let lowest = least / PERIODS.1;
        let rows = ((most / least).ln() / self.step) as usize + self.periods.len() + 2;
        let polar = polar(spectrum, lowest, self.step, rows, angles);
        let offsets: Vec<(usize, usize)> = BINS
            .orbits
            .iter()
            .flat_map(|&(a, b)| {
                let row = ((radius((a, b)) / least).ln() / self.step).round() as usize;
                let turn = |u: i32, v: i32| ((u as f32).atan2(v as f32) / step).round() as usize;
                [(row, turn(a, b)), (row, turn(b, a))]
            })
            .collect();

        let mut peaks = Candidates::new();
        let mut sums = vec![0.0f32; angles];
        for &period in &self.periods {
            let base = ((PERIODS.1 / period).ln() / self.step).round() as usize;
            sums.fill(0.0);
            for &(row, shift) in &offsets {
                let line = polar.row((base + row).min(rows - 1));
                let (start, end) = line.split_at(shift % angles);
                let (first, second) = sums.split_at_mut(end.len());
                first.iter_mut().zip(end).for_each(|(sum, value)| *sum += value);
                second.iter_mut().zip(start).for_each(|(sum, value)| *sum += value);
            }
            let mean = sums.iter().sum::<f32>() / angles as f32;
            let variance = sums.iter().map(|sum| (sum - mean).powi(2)).sum::<f32>() / angles as f32;
            let unit = 1.0 / variance.sqrt().max(1.0);
            // Turning counterclockwise lessens the angle from the horizontal downwards.
            for (turn, sum) in sums.iter().enumerate() {
                let score = (sum - mean) * unit;
                if score > 3.0 {
                    peaks.push((
                        score,
                        Shape {
                            period,
                            angle: -(turn as f32) * step,
                            proportion: 1.0,
                        },
                    ));
                }
            }
        }
        self.thin(peaks, count)
    }

    /// The sums over the template's places for each period.
    fn line(&self, spectrum: &Spectrum, shape: impl Fn(f32) -> Shape) -> Candidates {
        let unit = shape(1.0);
        let (down, across) = (spectrum.down as f32, spectrum.across as f32);
        let places: Vec<(f32, f32)> = BINS
            .template
            .iter()
            .map(|&bin| {
                let (u, v) = unit.frequency(bin);
                let sign = if v < 0.0 { -1.0 } else { 1.0 };
                (sign * u * down, sign * v * across)
            })
            .collect();
        let (middle, rows) = ((spectrum.down / 2) as f32 + 0.5, spectrum.power.height);
        let sums: Vec<f32> = self
            .periods
            .iter()
            .map(|period| {
                let scale = 1.0 / period;
                let read = |&(u, v): &(f32, f32)| {
                    let (x, y) = (u * scale + middle, (v * scale + 0.5) as usize);
                    if x < 0.0 || x as usize >= spectrum.down || y >= rows {
                        return NOISE;
                    }
                    spectrum.power.values[y * spectrum.down + x as usize]
                };
                places.iter().map(read).sum()
            })
            .collect();
        // Long periods read few frequencies near the middle, where power varies: what counts is the difference from
        // neighbouring periods.
        let mut around = Plane {
            width: sums.len(),
            height: 1,
            values: sums.clone(),
        };
        super::plane::smooth_across(&mut around, 30);
        let scores = sums.iter().zip(&around.values).map(|(sum, around)| sum - around);
        scores.zip(self.periods.iter().map(|&period| shape(period))).collect()
    }

    fn peaks(&self, lines: impl IntoIterator<Item = Candidates>, count: usize) -> Candidates {
        let mut peaks = Candidates::new();
        for mut line in lines {
            line.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
            line.truncate(4 * count);
            peaks.extend(line);
        }
        self.thin(peaks, count)
    }

    /// The best, without the neighbours of better ones.
    fn thin(&self, mut peaks: Candidates, count: usize) -> Candidates {
        peaks.sort_by(|a, b| b.0.total_cmp(&a.0));
        let reach = 4.5 * self.step;
        let mut best = Candidates::new();
        for (score, shape) in peaks {
            let near = |other: &Shape| {
                let turn = (shape.angle - other.angle).rem_euclid(FRAC_PI_2);
                (shape.period / other.period).ln().abs() < reach
                    && turn.min(FRAC_PI_2 - turn) < reach
                    && (shape.proportion / other.proportion).ln().abs() < 0.025
            };
            if !best.iter().any(|(_, other)| near(other)) {
                best.push((score, shape));
                if best.len() == count {
                    break;
                }
            }
        }
        best
    }

    /// The best shape within one step, by power between the frequencies. Proportions move only where they are not even.
    pub(super) fn refine(&self, spectrum: &Spectrum, shape: Shape) -> Shape {
        let steps = |reach: i32| (-reach..=reach).map(move |at| at as f32 / reach.max(1) as f32);
        let mut best = (f32::MIN, shape);
        for stretch in steps(if shape.proportion == 1.0 { 0 } else { 2 }) {
            for scale in steps(5) {
                for turn in steps(5) {
                    let shape = Shape {
                        period: shape.period * (scale * 0.8 * self.step).exp(),
                        angle: shape.angle + turn * 0.8 * self.step,
                        proportion: shape.proportion * (stretch * (PROPORTION - 1.0) / 2.0).exp(),
                    };
                    let sum = BINS
                        .template
                        .iter()
                        .map(|&bin| spectrum.power_at(shape.frequency(bin)))
                        .sum();
                    if sum > best.0 {
                        best = (sum, shape);
                    }
                }
            }
        }
        best.1
    }

    /// The periods that are looked for.
    pub(super) fn periods(&self) -> &[f32] {
        &self.periods
    }

    /// Relative step of the periods, and of the angles in radians.
    pub(super) fn step(&self) -> f32 {
        self.step
    }
}

/// Power in logarithmic polar coordinates, both quarters of the half plane added: `rows` radii from `lowest` on, in
/// cycles a value, and `angles` of a quarter turn, from the horizontal downwards.
fn polar(spectrum: &Spectrum, lowest: f32, step: f32, rows: usize, angles: usize) -> Plane {
    let directions: Vec<(f32, f32)> = (0..angles)
        .map(|at| (at as f32 / angles as f32 * TAU / 4.0).sin_cos())
        .collect();
    let mut polar = Plane::zero(angles, rows);
    for (row, values) in polar.values.chunks_exact_mut(angles).enumerate() {
        let radius = lowest * (row as f32 * step).exp();
        for (value, (sin, cos)) in values.iter_mut().zip(&directions) {
            let (u, v) = (radius * sin, radius * cos);
            *value = spectrum.power_at((u, v)) + spectrum.power_at((v, -u));
        }
    }
    polar
}
