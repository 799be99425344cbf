//! Built and rendered scenes: a street, a city at night, spheres.

use super::noise::{Fractal, chance};
use super::{Canvas, Paint, lit, mix, smooth};

/// A row of houses with windows, below a grey sky.
pub(super) fn street(canvas: &Canvas) -> Paint {
    let (height, seed) = (canvas.height, canvas.seed);
    let (plaster, cloud) = (Fractal::new(seed, 5), Fractal::new(seed + 1, 4));
    Box::new(move |x, y| {
        let (across, down) = (x / height, y / height);
        let house = (across / 0.31).floor();
        let roof = 0.1 + 0.16 * chance(seed, house as i32, 0);
        if down > 0.88 {
            let stone = plaster.at(x / 14.0, y / 6.0);
            return lit([112.0, 110.0, 108.0], 1.0 + 0.14 * stone);
        }
        if down < roof {
            return lit([196.0, 202.0, 208.0], 1.0 + 0.04 * cloud.at(across * 3.0, down * 4.0));
        }
        let wall = [0.0, 1.0, 2.0].map(|channel: f32| 120.0 + 90.0 * chance(seed + 2, house as i32, channel as i32));
        let (cell_x, cell_y) = ((across / 0.31).fract() * 4.0, (down - roof) / 0.115);
        let (u, v) = (cell_x.fract(), cell_y.fract());
        let mut colour = lit(
            wall,
            1.0 + 0.05 * plaster.at(x / 30.0, y / 30.0) + 0.03 * plaster.at(x / 3.0, y / 3.0),
        );
        if (0.2..0.8).contains(&u) && (0.15..0.85).contains(&v) {
            colour = [232.0, 230.0, 224.0];
            let cross = (u - 0.5).abs() < 0.03 || (v - 0.45).abs() < 0.025;
            if (0.25..0.75).contains(&u) && (0.2..0.8).contains(&v) && !cross {
                let dark = chance(seed + 3, (house * 4.0 + cell_x.floor()) as i32, cell_y.floor() as i32);
                colour = lit([96.0, 112.0, 126.0], 0.35 + 0.9 * dark * (1.2 - v));
            }
        }
        // The shadow of a cornice.
        lit(colour, 1.0 - 0.35 * smooth(0.02, 0.0, (down - roof - 0.012).abs()))
    })
}

/// Dark towers with lit windows, and lamps that glow.
pub(super) fn night(canvas: &Canvas) -> Paint {
    let (width, height, seed) = (canvas.width, canvas.height, canvas.seed);
    let (air, wall) = (Fractal::new(seed, 4), Fractal::new(seed + 1, 5));
    let lamps: Vec<(f32, f32)> = (0..14)
        .map(|lamp| {
            (
                width * chance(seed, lamp, 1),
                height * (0.72 + 0.2 * chance(seed, lamp, 2)),
            )
        })
        .collect();
    Box::new(move |x, y| {
        let (across, down) = (x / height, y / height);
        let mut colour = mix([10.0, 12.0, 30.0], [62.0, 46.0, 58.0], down / 0.8);
        colour = lit(colour, 1.0 + 0.1 * air.at(across * 3.0, down * 3.0));
        let tower = (across / 0.13).floor() as i32;
        if down > 0.25 + 0.4 * chance(seed, tower, 5) {
            colour = lit([26.0, 27.0, 33.0], 1.0 + 0.2 * wall.at(x / 20.0, y / 20.0));
            let (cell_x, cell_y) = (across / 0.022, down / 0.028);
            let window = (0.25..0.8).contains(&cell_x.fract()) && (0.3..0.75).contains(&cell_y.fract());
            let bright = chance(seed + 1, cell_x as i32, cell_y as i32);
            if window && bright > 0.55 {
                colour = lit([250.0, 204.0, 130.0], bright * bright);
            }
        }
        for &(lamp_x, lamp_y) in &lamps {
            let distance = ((x - lamp_x).powi(2) + (y - lamp_y).powi(2)) / (height * height);
            let glow = 0.0006 / (0.0006 + distance);
            colour = mix(colour, [255.0, 226.0, 168.0], glow * glow);
        }
        colour
    })
}

/// Spheres over a plane, rendered without noise: the smoothest of pictures, as generators like to make.
pub(super) fn render(canvas: &Canvas) -> Paint {
    let side = canvas.width.min(canvas.height);
    const SPHERES: [(f32, f32, f32, [f32; 3]); 4] = [
        (0.34, 0.46, 0.24, [214.0, 74.0, 66.0]),
        (0.70, 0.58, 0.17, [66.0, 122.0, 208.0]),
        (0.52, 0.74, 0.10, [232.0, 190.0, 74.0]),
        (0.16, 0.76, 0.08, [92.0, 176.0, 120.0]),
    ];
    Box::new(move |x, y| {
        let (x, y) = (x / side, y / side);
        let mut colour = match y < 0.6 {
            true => mix([38.0, 44.0, 70.0], [228.0, 196.0, 186.0], y / 0.6),
            false => mix([150.0, 140.0, 148.0], [92.0, 86.0, 100.0], (y - 0.6) / 0.4),
        };
        for (middle_x, middle_y, radius, tint) in SPHERES {
            let (dx, dy) = ((x - middle_x) / radius, (y - middle_y) / radius);
            // Its shadow on the plane.
            let shadow = (dx - 0.3).powi(2) + ((dy - 1.0) / 0.25).powi(2);
            if y > 0.6 {
                colour = lit(colour, 1.0 - 0.35 * smooth(1.2, 0.2, shadow));
            }
            let square = dx * dx + dy * dy;
            if square < 1.0 {
                let dz = (1.0 - square).sqrt();
                // Light from the upper left, in front.
                let light = (-0.5 * dx - 0.62 * dy + 0.6 * dz).max(0.0);
                let shine = smooth(0.965, 1.0, light);
                colour = mix(lit(tint, 0.22 + 0.85 * light), [255.0; 3], 0.8 * shine);
            }
        }
        colour
    })
}
