//! Where a mark may be strong: by how much a picture varies from place to place.

use super::{
    embed::Strength,
    plane::{Plane, erode, halve, smooth, smooth_across, smooth_down, subtract_doubled},
    quality::squared_error,
};

/// Local deviation in grey levels from which an area counts as structured: less than the grain of a camera or a model, so
/// that only what was drawn by arithmetic has none.
const TEXTURE: f32 = 0.25;
/// Steps of a grey level in which deviations are counted, and how many there are.
const FINENESS: f32 = 16.0;
const DEVIATIONS: usize = 1024;

/// The local deviation at half the size, in grey levels: what hides a mark.
pub(super) fn deviation(plane: &Plane) -> Plane {
    const WIDE: f32 = 3.0;
    /// Reaches in values of the half size.
    const NARROW: usize = 1;
    const EDGE: usize = 1;
    let mut mean = halve(plane);
    smooth(&mut mean, WIDE / 2.0);
    let mut deviation = Plane::zero(mean.width, mean.height);
    subtract_doubled(&mut plane.clone(), &mean, &mut deviation);
    smooth(&mut deviation, WIDE / 2.0);
    let mut narrow = detail(plane);
    smooth_across(&mut narrow, NARROW);
    smooth_down(&mut narrow, NARROW);
    for (value, narrow) in deviation.values.iter_mut().zip(&narrow.values) {
        *value = value.max(0.0).sqrt().min(2.5 * narrow + 0.5);
    }
    // Both measures reach over an edge into what is even beside it: take that back.
    erode(&mut deviation, EDGE);
    smooth_across(&mut deviation, EDGE);
    smooth_down(&mut deviation, EDGE);
    deviation
}

/// At half the size, the mean absolute difference from what lies within two values: two running means over three along
/// each axis.
fn detail(plane: &Plane) -> Plane {
    const REACH: usize = 2;
    let (width, height) = (plane.width, plane.height);
    let mut detail = Plane::zero(width.div_ceil(2), height.div_ceil(2));
    let mut line = vec![0.0f32; width + 2 * REACH];
    let mut differences = vec![0.0f32; 2 * detail.width];
    for (half, row) in detail.values.chunks_exact_mut(width.div_ceil(2)).enumerate() {
        for y in [2 * half, (2 * half + 1).min(height - 1)] {
            let rows: [&[f32]; 5] = std::array::from_fn(|at| plane.row((y + at).saturating_sub(REACH).min(height - 1)));
            let [a, b, c, d, e] = rows;
            for (x, line) in line[REACH..][..width].iter_mut().enumerate() {
                *line = (a[x] + e[x]) + 2.0 * (b[x] + d[x]) + 3.0 * c[x];
            }
            let (first, last) = (line[REACH], line[REACH + width - 1]);
            line[..REACH].fill(first);
            line[REACH + width..].fill(last);
            let taps = line.windows(5).zip(c);
            for (difference, (line, value)) in differences.iter_mut().zip(taps) {
                let near = (line[0] + line[4]) + 2.0 * (line[1] + line[3]) + 3.0 * line[2];
                *difference = (value - near * (1.0 / 81.0)).abs();
            }
            if !width.is_multiple_of(2) {
                differences[width] = differences[width - 1];
            }
            for (value, pair) in row.iter_mut().zip(differences.as_chunks::<2>().0) {
                *value += 0.25 * (pair[0] + pair[1]);
            }
        }
    }
    detail
}

/// Turns local deviations into the root mean square of the mark there, in grey levels, so that it comes to the bound of
/// the strength, or near it where the picture cannot hide that much. Gives the share of the picture that has structure.
///
/// The mark is equally strong wherever that is not seen: what goes beyond in a rough area is what a detector hears least
/// of, by the picture's own noise, and costs the most.
pub(super) fn scale_to(mask: &mut Plane, strength: Strength) -> f32 {
    let place = |deviation: f32| ((deviation * FINENESS) as usize).min(DEVIATIONS - 1);
    let mut counts = vec![0u32; DEVIATIONS];
    for value in &mask.values {
        counts[place(*value)] += 1;
    }
    let most: Vec<f32> = (0..DEVIATIONS)
        .map(|at| strength.most((at as f32 + 0.5) / FINENESS))
        .collect();
    let pixels = mask.values.len() as f64;
    let target = squared_error(strength.bounds().0) * pixels;
    let (mut low, mut high) = (0.0f32, strength.most(DEVIATIONS as f32 / FINENESS));
    for _ in 0..20 {
        let level = (low + high) / 2.0;
        let squares = counts
            .iter()
            .zip(&most)
            .map(|(&count, most)| f64::from(count) * f64::from(level.min(*most)).powi(2));
        if squares.sum::<f64>() < target {
            low = level
        } else {
            high = level
        }
    }
    for value in &mut mask.values {
        *value = low.min(most[place(*value)]);
    }
    f64::from(counts[place(TEXTURE)..].iter().sum::<u32>()) as f32 / pixels as f32
}
