//! Geometry by inverse mapping: each new pixel asks where it comes from, and is read there with Keys' cubic.

use super::resample::cubic;
use crate::Picture;
use crate::picture::sample;
use crate::random::Random;

/// What becomes of the corners of a picture that is turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Corners {
    /// The size is kept, and what comes from outside is black.
    Black,
    /// Cut to the largest rectangle of the same proportions that is all picture.
    Cut,
}

/// Turned about its middle, counterclockwise.
pub(super) fn turn(picture: &Picture, degrees: f64, corners: Corners) -> Picture {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (width, height) = (picture.width() as f64, picture.height() as f64);
    let share = match corners {
        Corners::Black => 1.0,
        Corners::Cut => {
            let (sin, cos) = (sin.abs(), cos.abs());
            (width / (width * cos + height * sin)).min(height / (width * sin + height * cos))
        }
    };
    let (kept_width, kept_height) = (width * share, height * share);
    warp(picture, (kept_width as usize, kept_height as usize), |x, y| {
        let (x, y) = (x - kept_width.floor() / 2.0, y - kept_height.floor() / 2.0);
        (cos * x - sin * y + width / 2.0, sin * x + cos * y + height / 2.0)
    })
}

/// Seen at a slant: the corners of the result come from random places up to `inset` of the sides inside.
pub(super) fn perspective(picture: &Picture, inset: f64, random: &mut Random) -> Picture {
    let (width, height) = (picture.width() as f64, picture.height() as f64);
    let mut inside = |side: f64| side * inset * random.unit();
    let quad = [
        (inside(width), inside(height)),
        (width - inside(width), inside(height)),
        (width - inside(width), height - inside(height)),
        (inside(width), height - inside(height)),
    ];
    let map = square_to_quad(quad);
    warp(picture, (picture.width(), picture.height()), |x, y| {
        map(x / width, y / height)
    })
}

/// The projective map of the unit square's corners (0,0), (1,0), (1,1), (0,1) to these (Heckbert, "Fundamentals of
/// texture mapping and image warping", 1989, 2.2.3).
fn square_to_quad([(x0, y0), (x1, y1), (x2, y2), (x3, y3)]: [(f64, f64); 4]) -> impl Fn(f64, f64) -> (f64, f64) {
    let (sum_x, sum_y) = (x0 - x1 + x2 - x3, y0 - y1 + y2 - y3);
    let (dx1, dx2, dy1, dy2) = (x1 - x2, x3 - x2, y1 - y2, y3 - y2);
    let determinant = dx1 * dy2 - dx2 * dy1;
    let g = (sum_x * dy2 - dx2 * sum_y) / determinant;
    let h = (dx1 * sum_y - sum_x * dy1) / determinant;
    let (a, b) = (x1 - x0 + g * x1, x3 - x0 + h * x3);
    let (d, e) = (y1 - y0 + g * y1, y3 - y0 + h * y3);
    move |u, v| {
        let depth = g * u + h * v + 1.0;
        ((a * u + b * v + x0) / depth, (d * u + e * v + y0) / depth)
    }
}

/// A picture of this size whose pixel with its middle at `(x, y)` is read at `source(x, y)`, black outside. Places are
/// in pixels from the top left corner, so that the first pixel's middle is at (0.5, 0.5).
fn warp(picture: &Picture, (width, height): (usize, usize), source: impl Fn(f64, f64) -> (f64, f64)) -> Picture {
    Picture::draw(width, height, |x, y| {
        let (x, y) = source(x as f64 + 0.5, y as f64 + 0.5);
        read(picture, x, y)
    })
}

fn read(picture: &Picture, x: f64, y: f64) -> [u8; 3] {
    let (width, height) = (picture.width(), picture.height());
    if !(0.0..width as f64).contains(&x) || !(0.0..height as f64).contains(&y) {
        return [0; 3];
    }
    let ((columns, across), (rows, down)) = (taps(x, width), taps(y, height));
    let mut sums = [0.0f32; 3];
    for (row, down) in rows.into_iter().zip(down) {
        let row = picture.row(row);
        for (column, across) in columns.into_iter().zip(across) {
            for (sum, &value) in sums.iter_mut().zip(&row[column * 3..][..3]) {
                *sum += down * across * f32::from(value);
            }
        }
    }
    sums.map(sample)
}

/// The four places around `at` along a side, repeated at the ends, and their weights.
fn taps(at: f64, side: usize) -> ([usize; 4], [f32; 4]) {
    let middle = at - 0.5;
    let fraction = middle - middle.floor();
    let first = middle.floor() as isize - 1;
    let last = side as isize - 1;
    (
        [0, 1, 2, 3].map(|tap| (first + tap).clamp(0, last) as usize),
        [1.0, 0.0, -1.0, -2.0].map(|offset| cubic(fraction + offset) as f32),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scene;

    #[test]
    fn half_a_turn_is_two_mirrorings() {
        let picture = Scene::ALL[0].draw(40, 30);
        let turned = turn(&picture, 180.0, Corners::Black);
        for (x, y) in [(0, 0), (5, 17), (39, 29)] {
            assert_eq!(turned.pixel(x, y), picture.pixel(39 - x, 29 - y));
        }
        assert_eq!(turn(&picture, 0.0, Corners::Cut), picture);
    }

    /// Pillow: `Image.rotate(5, BICUBIC)`; a bright square right of the middle moves up.
    #[test]
    fn turning_is_counterclockwise() {
        let picture = Picture::draw(41, 41, |x, y| {
            if x.abs_diff(38) < 2 && y.abs_diff(20) < 2 {
                [255; 3]
            } else {
                [0; 3]
            }
        });
        let turned = turn(&picture, 90.0, Corners::Black);
        assert_eq!(turned.pixel(20, 2), [255; 3]);
        assert_eq!(turned.pixel(38, 20), [0; 3]);
    }

    #[test]
    fn nothing_from_outside_is_left_after_cutting() {
        let white = Picture::draw(120, 80, |_, _| [255; 3]);
        for degrees in [2.0, -5.0, 33.0, 45.0] {
            let cut = turn(&white, degrees, Corners::Cut);
            assert!(cut.samples().iter().all(|&value| value == 255), "{degrees}");
            let whole = turn(&white, degrees, Corners::Black);
            assert_eq!(whole.pixel(0, 0), [0; 3], "{degrees}");
        }
    }

    #[test]
    fn the_corners_of_a_slanted_view_are_inside() {
        let quad = [(3.0, 2.0), (97.0, 1.0), (95.0, 48.0), (4.0, 50.0)];
        let map = square_to_quad(quad);
        for (corner, expected) in [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].into_iter().zip(quad) {
            let (x, y) = map(corner.0, corner.1);
            assert!((x - expected.0).abs() < 1e-9 && (y - expected.1).abs() < 1e-9);
        }
        let white = Picture::draw(100, 50, |_, _| [255; 3]);
        let seen = perspective(&white, 0.1, &mut Random::new(1));
        assert!(seen.samples().iter().all(|&value| value == 255));
    }
}
