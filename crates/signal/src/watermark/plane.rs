//! Luminance as a plane of numbers: taken from samples, shrunk by areas, smoothed by running sums.

use touchmark_image::{Channels, Pixels, Samples};

use super::lattice::TILE;

/// Numbers in rows, from top to bottom without gaps.
#[derive(Debug, Clone)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

impl Plane {
    pub(super) fn zero(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            values: vec![0.0; width * height],
        }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks_exact(self.width)
    }

    pub(super) fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..][..self.width]
    }
}

/// A picture of which only the luminance matters, given row by row.
pub(super) trait Rows {
    /// Width and height in pixels, neither zero.
    fn size(&self) -> (usize, usize);
    /// Writes row `y`: luminance, 0 to 255.
    fn read(&self, y: usize, row: &mut [f32]);
}

impl Rows for Pixels {
    fn size(&self) -> (usize, usize) {
        (self.width() as usize, self.height() as usize)
    }

    fn read(&self, y: usize, row: &mut [f32]) {
        let count = self.channels().count();
        let range = y * row.len() * count..(y + 1) * row.len() * count;
        match self.samples() {
            Samples::Eight(samples) => luminance(&samples[range], self.channels(), row),
            Samples::Sixteen(samples) => luminance(&samples[range], self.channels(), row),
        }
    }
}

/// A sample of either depth.
pub(super) trait Sample: Copy + PartialEq {
    /// How many steps of this depth make one of 8 bits.
    const SCALE: f32;
    const ZERO: Self;
    fn number(self) -> f32;
    /// Moves each sample by its steps, within the range; gives the sum of the squares by which they moved.
    fn move_all(samples: &mut [Self], steps: &[i16]) -> u64;
}

impl Sample for u8 {
    const SCALE: f32 = 1.0;
    const ZERO: Self = 0;

    fn number(self) -> f32 {
        f32::from(self)
    }

    fn move_all(samples: &mut [Self], steps: &[i16]) -> u64 {
        let mut sum = 0;
        // Sums of 1024 squares fit into 32 bits.
        for (samples, steps) in samples.chunks_mut(1024).zip(steps.chunks(1024)) {
            let mut squares = 0u32;
            for (sample, steps) in samples.iter_mut().zip(steps) {
                let moved = i16::from(*sample).saturating_add(*steps).clamp(0, 255);
                let by = i32::from(moved - i16::from(*sample));
                squares += (by * by) as u32;
                *sample = moved as u8;
            }
            sum += u64::from(squares);
        }
        sum
    }
}

impl Sample for u16 {
    const SCALE: f32 = 257.0;
    const ZERO: Self = 0;

    fn number(self) -> f32 {
        f32::from(self)
    }

    fn move_all(samples: &mut [Self], steps: &[i16]) -> u64 {
        let mut sum = 0;
        for (sample, steps) in samples.iter_mut().zip(steps) {
            let moved = (i32::from(*sample) + i32::from(*steps)).clamp(0, 65_535);
            let by = i64::from(moved - i32::from(*sample));
            sum += (by * by) as u64;
            *sample = moved as u16;
        }
        sum
    }
}

/// Luma of ITU-R BT.601, as JPEG weighs it; over white where the picture is transparent, as most programs flatten it.
pub(super) fn luminance<S: Sample>(samples: &[S], channels: Channels, row: &mut [f32]) {
    let unit = 1.0 / S::SCALE;
    let luma = |rgb: [S; 3]| (0.299 * rgb[0].number() + 0.587 * rgb[1].number() + 0.114 * rgb[2].number()) * unit;
    let over_white = |value: f32, alpha: S| {
        let alpha = alpha.number() * unit / 255.0;
        value * alpha + 255.0 * (1.0 - alpha)
    };
    match channels {
        Channels::Grey => {
            for (value, sample) in row.iter_mut().zip(samples) {
                *value = sample.number() * unit;
            }
        }
        Channels::GreyAlpha => {
            for (value, sample) in row.iter_mut().zip(samples.chunks_exact(2)) {
                *value = over_white(sample[0].number() * unit, sample[1]);
            }
        }
        Channels::Rgb => {
            for (value, sample) in row.iter_mut().zip(samples.chunks_exact(3)) {
                *value = luma([sample[0], sample[1], sample[2]]);
            }
        }
        Channels::Rgba => {
            for (value, sample) in row.iter_mut().zip(samples.chunks_exact(4)) {
                *value = over_white(luma([sample[0], sample[1], sample[2]]), sample[3]);
            }
        }
    }
}

/// The picture at `width` x `height`, neither larger than it: each value is the mean of the area that it covers.
pub(super) fn shrink(picture: &impl Rows, width: usize, height: usize) -> Plane {
    let (full_width, full_height) = picture.size();
    let mut plane = Plane::zero(width, height);
    if (width, height) == (full_width, full_height) {
        for (y, row) in plane.values.chunks_exact_mut(width).enumerate() {
            picture.read(y, row);
        }
        return plane;
    }
    let step = full_height as f64 / height as f64;
    let mut source = vec![0.0; full_width];
    let mut read = usize::MAX;
    let mut sum = vec![0.0; full_width];
    for (y, row) in plane.values.chunks_exact_mut(width).enumerate() {
        let (top, bottom) = (y as f64 * step, ((y + 1) as f64 * step).min(full_height as f64));
        sum.fill(0.0);
        for line in top as usize..(bottom.ceil() as usize).min(full_height) {
            if read != line {
                picture.read(line, &mut source);
                read = line;
            }
            let weight = (bottom.min((line + 1) as f64) - top.max(line as f64)) / step;
            for (sum, value) in sum.iter_mut().zip(&source) {
                *sum += weight as f32 * value;
            }
        }
        shrink_row(&sum, row);
    }
    plane
}

/// Means over equal parts of a row, by differences of its running integral.
fn shrink_row(source: &[f32], row: &mut [f32]) {
    let step = source.len() as f64 / row.len() as f64;
    let (mut sum, mut next, mut before) = (0.0f64, 0, 0.0f64);
    for (x, value) in row.iter_mut().enumerate() {
        let end = ((x + 1) as f64 * step).min(source.len() as f64);
        while next < end as usize {
            sum += f64::from(source[next]);
            next += 1;
        }
        let partial = source
            .get(next)
            .map_or(0.0, |&value| (end - next as f64) * f64::from(value));
        *value = ((sum + partial - before) / step) as f32;
        before = sum + partial;
    }
}

/// Smooths by two running means along each axis, about as a Gaussian of standard deviation `sigma` would; at the
/// borders over what is there.
pub(super) fn smooth(plane: &mut Plane, sigma: f32) {
    // The variance of a mean over n samples is (n^2 - 1) / 12 (Wells, PAMI 8(2), 1986).
    let radius = (((6.0 * sigma * sigma + 1.0).sqrt() - 1.0) / 2.0).round() as usize;
    for _ in 0..2 {
        smooth_across(plane, radius);
        smooth_down(plane, radius);
    }
}

/// The running mean over `2 * radius + 1` values of each row.
pub(super) fn smooth_across(plane: &mut Plane, radius: usize) {
    let width = plane.width;
    let shares: Vec<f32> = (0..width)
        .map(|x| 1.0 / ((x + radius).min(width - 1) - x.saturating_sub(radius) + 1) as f32)
        .collect();
    // Four rows at a time: each sum waits for its own last addition alone.
    let mut lines = vec![[0.0f32; 4]; width];
    for rows in plane.values.chunks_mut(4 * width) {
        let count = rows.len() / width;
        for (at, row) in rows.chunks_exact(width).enumerate() {
            for (line, value) in lines.iter_mut().zip(row) {
                line[at] = *value;
            }
        }
        // In 64 bits, or the rounding of a bright edge would stay in the sum.
        let mut sums = [0.0f64; 4];
        for line in &lines[..radius.min(width)] {
            add(&mut sums, line, 1.0);
        }
        for (x, share) in shares.iter().enumerate() {
            if let Some(line) = lines.get(x + radius) {
                add(&mut sums, line, 1.0);
            }
            if let Some(line) = x.checked_sub(radius + 1).and_then(|x| lines.get(x)) {
                add(&mut sums, line, -1.0);
            }
            for (at, sum) in sums.iter().enumerate().take(count) {
                rows[at * width + x] = *sum as f32 * share;
            }
        }
    }
}

fn add(sums: &mut [f64; 4], line: &[f32; 4], sign: f64) {
    for (sum, value) in sums.iter_mut().zip(line) {
        *sum += sign * f64::from(*value);
    }
}

/// The running mean over `2 * radius + 1` values of each column.
pub(super) fn smooth_down(plane: &mut Plane, radius: usize) {
    let (width, height) = (plane.width, plane.height);
    // Rows that are overwritten and still to be taken from the sums.
    let mut kept = vec![0.0f32; (radius + 1) * width];
    let mut sums = vec![0.0f64; width];
    for y in 0..radius.min(height) {
        for (sum, value) in sums.iter_mut().zip(plane.row(y)) {
            *sum += f64::from(*value);
        }
    }
    for y in 0..height {
        if y + radius < height {
            for (sum, value) in sums.iter_mut().zip(plane.row(y + radius)) {
                *sum += f64::from(*value);
            }
        }
        let kept = &mut kept[y % (radius + 1) * width..][..width];
        if y > radius {
            for (sum, value) in sums.iter_mut().zip(kept.iter()) {
                *sum -= f64::from(*value);
            }
        }
        kept.copy_from_slice(plane.row(y));
        let share = 1.0 / ((y + radius).min(height - 1) - y.saturating_sub(radius) + 1) as f32;
        for (value, sum) in plane.values[y * width..][..width].iter_mut().zip(&sums) {
            *value = *sum as f32 * share;
        }
    }
}

/// The least value of each square of `2 * radius + 1` values.
pub(super) fn erode(plane: &mut Plane, radius: usize) {
    let (width, height) = (plane.width, plane.height);
    if radius == 0 {
        return;
    }
    let mut line = vec![0.0f32; width];
    for row in plane.values.chunks_exact_mut(width) {
        line.copy_from_slice(row);
        for shift in 1..=radius.min(width - 1) {
            row[shift..]
                .iter_mut()
                .zip(&line)
                .for_each(|(value, other)| *value = value.min(*other));
            row.iter_mut()
                .zip(&line[shift..])
                .for_each(|(value, other)| *value = value.min(*other));
        }
    }
    // Rows above that are overwritten, the nearest last.
    let mut above: Vec<Vec<f32>> = Vec::new();
    for y in 0..height {
        let (done, below) = plane.values.split_at_mut((y + 1) * width);
        let row = &mut done[y * width..];
        line.copy_from_slice(row);
        for other in above
            .iter()
            .map(Vec::as_slice)
            .chain(below.chunks_exact(width).take(radius))
        {
            row.iter_mut()
                .zip(other)
                .for_each(|(value, other)| *value = value.min(*other));
        }
        let mut kept = if above.len() == radius {
            above.remove(0)
        } else {
            vec![0.0; width]
        };
        kept.copy_from_slice(&line);
        above.push(kept);
    }
}

/// Flat areas are not amplified beyond this deviation, in grey levels.
const FLOOR: f32 = 3.0;

/// What a detector looks at: the picture without its local mean, divided by its local deviation. Also the reciprocal
/// of that deviation. `period` is that of the mark, in values of the plane.
pub(super) fn residual(mut plane: Plane, period: f32) -> (Plane, Plane) {
    let sigma = 5.0 * period / TILE as f32;
    // One plane for the mean, then for the variance, then for the gain: a picture may be large.
    let mut gain = plane.clone();
    smooth(&mut gain, sigma);
    for (value, mean) in plane.values.iter_mut().zip(&mut gain.values) {
        *value -= *mean;
        *mean = *value * *value;
    }
    smooth(&mut gain, sigma);
    for (value, gain) in plane.values.iter_mut().zip(&mut gain.values) {
        *gain = 1.0 / (gain.max(0.0) + FLOOR * FLOOR).sqrt();
        *value *= *gain;
    }
    (plane, gain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(width: usize, height: usize) -> Plane {
        let values = (0..width * height)
            .map(|at| (at % width * 3 + at / width * 5) as f32)
            .collect();
        Plane { width, height, values }
    }

    impl Rows for Plane {
        fn size(&self) -> (usize, usize) {
            (self.width, self.height)
        }

        fn read(&self, y: usize, row: &mut [f32]) {
            row.copy_from_slice(self.row(y));
        }
    }

    #[test]
    fn a_running_mean_is_the_mean() {
        for (width, height, radius) in [(9, 7, 2), (3, 2, 5), (1, 1, 1), (6, 5, 0)] {
            let source = ramp(width, height);
            let (mut across, mut down) = (source.clone(), source.clone());
            smooth_across(&mut across, radius);
            smooth_down(&mut down, radius);
            for y in 0..height {
                for x in 0..width {
                    let near = |at: usize, end: usize| at.saturating_sub(radius)..(at + radius + 1).min(end);
                    let mean = |values: Vec<f32>| values.iter().sum::<f32>() / values.len() as f32;
                    let row = mean(near(x, width).map(|x| source.row(y)[x]).collect());
                    let column = mean(near(y, height).map(|y| source.row(y)[x]).collect());
                    assert!((across.row(y)[x] - row).abs() < 1e-3);
                    assert!((down.row(y)[x] - column).abs() < 1e-3);
                }
            }
        }
    }

    #[test]
    fn erosion_takes_the_least_around() {
        let mut plane = Plane::zero(7, 6);
        plane.values.fill(5.0);
        plane.values[2 * 7 + 3] = 1.0;
        erode(&mut plane, 2);
        for (at, value) in plane.values.iter().enumerate() {
            let near = (at / 7).abs_diff(2) <= 2 && (at % 7).abs_diff(3) <= 2;
            assert_eq!(*value, if near { 1.0 } else { 5.0 }, "{at}");
        }
    }

    #[test]
    fn shrinking_keeps_the_mean() {
        let source = ramp(100, 75);
        let mean = |plane: &Plane| plane.values.iter().sum::<f32>() / plane.values.len() as f32;
        assert!((mean(&shrink(&source, 37, 20)) - mean(&source)).abs() < 0.01);
        let small = shrink(&source, 50, 25);
        assert!((small.row(10)[20] - small.row(10)[19] - 6.0).abs() < 1e-3);
        assert!((small.row(11)[20] - small.row(10)[20] - 15.0).abs() < 1e-3);
        assert_eq!(shrink(&source, 100, 75).values, source.values);
    }

    #[test]
    fn what_is_transparent_is_white() {
        let mut row = [0.0; 2];
        luminance(&[0u8, 0, 0, 0, 10, 20, 30, 255], Channels::Rgba, &mut row);
        assert_eq!(row[0], 255.0);
        assert!((row[1] - 18.15).abs() < 0.01);
        luminance(&[0u16, 0, 0x8080, 0xFFFF], Channels::GreyAlpha, &mut row);
        assert!((row[1] - 128.0).abs() < 0.01);
    }
}
