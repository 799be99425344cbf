//! From a shape of the lattice to what the mark says: symmetry and offset by the template's phases, then the code.

use std::{f32::consts::TAU, sync::Arc};

use rustfft::{Fft, FftPlanner, num_complex::Complex32};

use super::{
    code::{self, CODED_BITS},
    id::WatermarkId,
    lattice::{BINS, Bin, Layout, REACH, TEMPLATE_BINS, TILE, turn},
    search::Shape,
    spectrum::Spectrum,
};

/// Magnitudes count up to this many times their surroundings.
const CLIP: f32 = 3.0;
/// Below this statistic on the coarse raster the fine one is not worth its time.
const WORTHWHILE: f32 = 4.0;
/// Side of the coarse raster: twice the template's reach and more.
const COARSE: usize = 64;

/// Where a template was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trace {
    pub(super) shape: Shape,
    pub(super) symmetry: usize,
    /// Offset of the tile from the middle of the plane, down and across, in periods.
    pub(super) offset: (f32, f32),
    /// Sum of the template's phases in standard deviations: for any picture, random phases reach `x` with a
    /// probability of at most `exp(-x * x / 2)`.
    pub(super) statistic: f32,
}

/// Transforms that find the offset.
pub(super) struct Correlators {
    coarse: Arc<dyn Fft<f32>>,
    fine: Arc<dyn Fft<f32>>,
}

impl Correlators {
    pub(super) fn new() -> Self {
        let mut planner = FftPlanner::new();
        Self {
            coarse: planner.plan_fft_inverse(COARSE),
            fine: planner.plan_fft_inverse(TILE),
        }
    }

    /// The template's best offset in this shape, and which of some symmetries it has.
    pub(super) fn locate(&self, template: &Template, shape: Shape, symmetries: &[usize], layout: &Layout) -> Trace {
        let mut best = Trace {
            shape,
            symmetry: 0,
            offset: (0.0, 0.0),
            statistic: 0.0,
        };
        for &symmetry in symmetries {
            let products = template.products(symmetry, layout);
            let coarse = peak(&products, self.coarse.as_ref());
            if coarse.0 < WORTHWHILE.max(0.8 * best.statistic) {
                continue;
            }
            let (statistic, offset) = peak(&products, self.fine.as_ref());
            if statistic > best.statistic {
                best = Trace {
                    shape,
                    symmetry,
                    offset,
                    statistic,
                };
            }
        }
        best
    }
}

/// The spectrum at the template's places.
pub(super) struct Template([Complex32; TEMPLATE_BINS]);

impl Template {
    pub(super) fn read(spectrum: &Spectrum, shape: Shape) -> Self {
        Self(std::array::from_fn(|at| {
            clip(spectrum.value_at(shape.frequency(BINS.template[at])))
        }))
    }

    /// What is left of each value when the template is taken off, under one symmetry.
    fn products(&self, symmetry: usize, layout: &Layout) -> [Complex32; TEMPLATE_BINS] {
        std::array::from_fn(|at| {
            let (from, negative) = BINS.turned[symmetry][at];
            let value = if negative { self.0[from].conj() } else { self.0[from] };
            value * layout.phases[at].conj()
        })
    }
}

fn clip(value: Complex32) -> Complex32 {
    value / (value.norm() / CLIP).max(1.0)
}

/// The largest sum of the products over all offsets of a raster, in standard deviations, and where it is.
fn peak(products: &[Complex32; TEMPLATE_BINS], transform: &dyn Fft<f32>) -> (f32, (f32, f32)) {
    let side = transform.len();
    let mut rows = vec![Complex32::ZERO; side * side];
    for (&(u, v), product) in BINS.template.iter().zip(products) {
        rows[u as usize * side + v.rem_euclid(side as i32) as usize] += product;
    }
    // The template has no frequency down below 1 or beyond a quarter of the tile: the other rows are empty.
    let filled = side.min(TILE / 4);
    transform.process(&mut rows[..filled * side]);
    let mut columns = vec![Complex32::ZERO; side * side];
    for (y, row) in rows.chunks_exact(side).take(filled).enumerate() {
        for (column, value) in columns.chunks_exact_mut(side).zip(row) {
            column[y] = *value;
        }
    }
    transform.process(&mut columns);
    let (at, largest) =
        columns.iter().enumerate().fold(
            (0, f32::MIN),
            |best, (at, value)| if value.re > best.1 { (at, value.re) } else { best },
        );
    let offset = ((at % side) as f32 / side as f32, (at / side) as f32 / side as f32);
    (largest / deviation(products), offset)
}

fn deviation(products: &[Complex32; TEMPLATE_BINS]) -> f32 {
    (products.iter().map(Complex32::norm_sqr).sum::<f32>() / 2.0)
        .sqrt()
        .max(f32::MIN_POSITIVE)
}

/// The sum of the products at one offset.
fn correlation(products: &[Complex32; TEMPLATE_BINS], (down, across): (f32, f32)) -> f32 {
    let turned = |(&(u, v), product): (&(i32, i32), &Complex32)| {
        (product * Complex32::from_polar(1.0, TAU * (u as f32 * down + v as f32 * across))).re
    };
    BINS.template.iter().zip(products).map(turned).sum()
}

/// Moves shape and offset to where the template agrees best: from the raster's nearest place to the true one.
pub(super) fn climb(spectrum: &Spectrum, trace: Trace, layout: &Layout, step: f32) -> Trace {
    let mut best = (0.0, trace);
    let mut reach = 0.5 * step;
    let mut offset_reach = 0.5 / TILE as f32;
    for round in 0..5 {
        for axis in 0..3 {
            for sign in [0.0, 1.0, -1.0] {
                if sign == 0.0 && (round, axis) != (0, 0) {
                    continue;
                }
                let mut next = best.1;
                let by = sign * reach;
                match axis {
                    0 => next.shape.period *= by.exp(),
                    1 => next.shape.angle += by,
                    _ => next.shape.proportion *= by.exp(),
                }
                let products = Template::read(spectrum, next.shape).products(next.symmetry, layout);
                let agreement = settle(&products, &mut next.offset, offset_reach);
                if agreement > best.0 {
                    best = (agreement, next);
                }
            }
        }
        reach *= 0.6;
        offset_reach *= 0.6;
    }
    best.1
}

/// Moves the offset by up to `reach` along each axis, to the top of a parabola; gives the sum there.
fn settle(products: &[Complex32; TEMPLATE_BINS], offset: &mut (f32, f32), reach: f32) -> f32 {
    let mut top = correlation(products, *offset);
    for axis in [0, 1] {
        let moved = |by: f32| {
            if axis == 0 {
                (offset.0 + by, offset.1)
            } else {
                (offset.0, offset.1 + by)
            }
        };
        let (before, after) = (
            correlation(products, moved(-reach)),
            correlation(products, moved(reach)),
        );
        let bend = before - 2.0 * top + after;
        let by = if bend < 0.0 {
            (0.5 * (before - after) / bend).clamp(-1.0, 1.0) * reach
        } else {
            0.0
        };
        let there = correlation(products, moved(by));
        if there > top {
            *offset = moved(by);
            top = there;
        }
    }
    top
}

/// Reads the payload where the template was found; `None` where the checksum does not hold. Also gives the code's
/// correlation.
pub(super) fn read(spectrum: &Spectrum, trace: &Trace, layout: &Layout) -> Option<(WatermarkId, f32)> {
    let reliability = reliability(spectrum, trace, layout);
    let mut soft = [0.0; CODED_BITS];
    for (&(u, v), chips) in BINS.payload.iter().zip(&layout.chips) {
        let value = clip(spectrum.value_at(trace.shape.frequency(turn((u, v), trace.symmetry))));
        let cycles = u as f32 * trace.offset.0 + v as f32 * trace.offset.1;
        let weight = reliability[radius((u, v)) as usize];
        let value = value * Complex32::from_polar(weight, TAU * cycles);
        for ((bit, sign), part) in chips.iter().zip([value.re, value.im]) {
            soft[*bit] += sign * part;
        }
    }
    code::decode(&soft, layout)
}

/// How much of the mark is left at each radius, as far as the template tells: coding takes the high frequencies first.
/// These are the weights of a matched filter, since the noise was made even.
fn reliability(spectrum: &Spectrum, trace: &Trace, layout: &Layout) -> [f32; REACH as usize + 1] {
    /// Radii that count for each other.
    const NEAR: f32 = 6.0;
    /// Of the most reliable radius; the estimate is rough.
    const LEAST: f32 = 0.2;
    let products = Template::read(spectrum, trace.shape).products(trace.symmetry, layout);
    let agreements: Vec<(f32, f32)> = BINS
        .template
        .iter()
        .zip(&products)
        .map(|(&bin, product)| {
            let cycles = bin.0 as f32 * trace.offset.0 + bin.1 as f32 * trace.offset.1;
            (radius(bin), (product * Complex32::from_polar(1.0, TAU * cycles)).re)
        })
        .collect();
    let mut left: [f32; REACH as usize + 1] = std::array::from_fn(|at| {
        // The template begins at 9 cycles.
        let at = (at as f32).max(11.0);
        let near = |radius: f32| (1.0 - (radius - at).abs() / NEAR).max(0.0);
        let (sum, weights) = agreements.iter().fold((0.0, 0.0), |sums, &(radius, agreement)| {
            (sums.0 + near(radius) * agreement, sums.1 + near(radius))
        });
        sum / weights.max(f32::MIN_POSITIVE)
    });
    let most = left.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    left.iter_mut().for_each(|left| *left = (*left / most).max(LEAST));
    left
}

fn radius((u, v): Bin) -> f32 {
    ((u * u + v * v) as f32).sqrt()
}
