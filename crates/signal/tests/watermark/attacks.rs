//! What happens to pictures, in plain code.

use std::f32::consts::PI;

use crate::pictures::{Picture, hash};

/// A picture of `width` x `height` whose places come from those that `from` says; four samples a pixel.
fn warp(picture: &Picture, width: usize, height: usize, from: impl Fn(f32, f32) -> (f32, f32)) -> Picture {
    const PARTS: [f32; 2] = [-0.25, 0.25];
    Picture::of(width, height, |x, y| {
        let mut sum = 0.0;
        for dy in PARTS {
            for dx in PARTS {
                let (x, y) = from(x as f32 + dx, y as f32 + dy);
                sum += picture.between(x, y, 0.0);
            }
        }
        sum / 4.0
    })
}

/// Scales by factors across and down.
pub(crate) fn resize(picture: &Picture, across: f32, down: f32) -> Picture {
    let side = |len: usize, factor: f32| (len as f32 * factor).round() as usize;
    let (width, height) = (side(picture.width, across), side(picture.height, down));
    let (across, down) = (
        picture.width as f32 / width as f32,
        picture.height as f32 / height as f32,
    );
    warp(picture, width, height, |x, y| {
        ((x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5)
    })
}

/// Turns clockwise about the middle, within the same frame; the corners become black.
pub(crate) fn rotate(picture: &Picture, degrees: f32) -> Picture {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (cx, cy) = ((picture.width - 1) as f32 / 2.0, (picture.height - 1) as f32 / 2.0);
    warp(picture, picture.width, picture.height, |x, y| {
        let (x, y) = (x - cx, y - cy);
        (cx + x * cos + y * sin, cy - x * sin + y * cos)
    })
}

/// Turns clockwise by 90 degrees.
pub(crate) fn quarter(picture: &Picture) -> Picture {
    let bottom = picture.height as isize - 1;
    Picture::of(picture.height, picture.width, |x, y| {
        picture.at(y as isize, bottom - x as isize)
    })
}

/// Mirrors left to right.
pub(crate) fn mirror(picture: &Picture) -> Picture {
    let right = picture.width as isize - 1;
    Picture::of(picture.width, picture.height, |x, y| {
        picture.at(right - x as isize, y as isize)
    })
}

/// Keeps a part of each side, at a place of 0 to 1 of what is left.
pub(crate) fn crop(picture: &Picture, part: f32, across: f32, down: f32) -> Picture {
    let (width, height) = (
        (picture.width as f32 * part) as usize,
        (picture.height as f32 * part) as usize,
    );
    let left = ((picture.width - width) as f32 * across) as isize;
    let top = ((picture.height - height) as f32 * down) as isize;
    Picture::of(width, height, |x, y| picture.at(x as isize + left, y as isize + top))
}

/// The picture on a larger page.
pub(crate) fn letterbox(picture: &Picture) -> Picture {
    let (left, top) = (picture.width / 10, picture.height / 8);
    Picture::of(picture.width * 6 / 5, picture.height * 27 / 20, |x, y| {
        if x < left || y < top || x >= left + picture.width || y >= top + picture.height {
            return 245.0;
        }
        picture.values[(y - top) * picture.width + x - left]
    })
}

/// Adds about normal noise of a standard deviation in grey levels.
pub(crate) fn noise(picture: &Picture, deviation: f32) -> Picture {
    let normal = |x: usize, y: usize| (0..6).map(|at| hash(99 + at, x as i64, y as i64)).sum::<f32>() / 2f32.sqrt();
    Picture::of(picture.width, picture.height, |x, y| {
        picture.at(x as isize, y as isize) + deviation * normal(x, y)
    })
}

/// Mean over squares of `2 * radius + 1` pixels.
pub(crate) fn blur(picture: &Picture, radius: isize) -> Picture {
    Picture::of(picture.width, picture.height, |x, y| {
        let around = (-radius..=radius).flat_map(|dy| (-radius..=radius).map(move |dx| (dx, dy)));
        let sum: f32 = around
            .map(|(dx, dy)| picture.at(x as isize + dx, y as isize + dy))
            .sum();
        sum / ((2 * radius + 1) * (2 * radius + 1)) as f32
    })
}

/// A straight curve of tones.
pub(crate) fn brighten(picture: &Picture, factor: f32, offset: f32) -> Picture {
    Picture::of(picture.width, picture.height, |x, y| {
        picture.at(x as isize, y as isize) * factor + offset
    })
}

/// Rounds the cosine coefficients of blocks of 8 x 8 pixels to multiples of `step` and, higher up, of more: what JPEG loses.
pub(crate) fn dct_quantise(picture: &Picture, step: f32) -> Picture {
    let basis: [[f32; 8]; 8] = std::array::from_fn(|k| {
        let norm = if k == 0 { (1.0f32 / 8.0).sqrt() } else { 0.5 };
        std::array::from_fn(|n| norm * (PI * (2 * n + 1) as f32 * k as f32 / 16.0).cos())
    });
    let mut out = picture.clone();
    for top in (0..picture.height).step_by(8) {
        for left in (0..picture.width).step_by(8) {
            let block: [[f32; 8]; 8] =
                std::array::from_fn(|y| std::array::from_fn(|x| picture.at((left + x) as isize, (top + y) as isize)));
            // Rows, then columns: with the basis forwards, with its transpose backwards.
            let rows = block.map(|row| transform(row, |k, n| basis[k][n]));
            let mut coefficients = transpose(transpose(rows).map(|column| transform(column, |k, n| basis[k][n])));
            for (v, row) in coefficients.iter_mut().enumerate() {
                for (u, value) in row.iter_mut().enumerate() {
                    let step = step * (1.0 + (u + v) as f32 / 4.0);
                    *value = (*value / step).round() * step;
                }
            }
            let columns = transpose(transpose(coefficients).map(|column| transform(column, |n, k| basis[k][n])));
            for (y, row) in columns.map(|row| transform(row, |n, k| basis[k][n])).iter().enumerate() {
                for (x, value) in row.iter().enumerate() {
                    if top + y < picture.height && left + x < picture.width {
                        out.values[(top + y) * picture.width + left + x] = value.clamp(0.0, 255.0).round();
                    }
                }
            }
        }
    }
    out
}

fn transform(values: [f32; 8], weight: impl Fn(usize, usize) -> f32) -> [f32; 8] {
    std::array::from_fn(|k| values.iter().enumerate().map(|(n, value)| weight(k, n) * value).sum())
}

fn transpose(block: [[f32; 8]; 8]) -> [[f32; 8]; 8] {
    std::array::from_fn(|y| std::array::from_fn(|x| block[x][y]))
}
