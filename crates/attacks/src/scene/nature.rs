//! Scenes without people: sky, leaves, water, sand.

use super::noise::Fractal;
use super::{Canvas, Paint, lit, mix, smooth};
use crate::random::Random;

/// A smooth sky with thin clouds above three ridges: what shows mottling first.
pub(super) fn sky(canvas: &Canvas) -> Paint {
    let height = canvas.height;
    let (cloud, ridge, ground) = (
        Fractal::new(canvas.seed, 5),
        Fractal::new(canvas.seed + 1, 6),
        Fractal::new(canvas.seed + 2, 6),
    );
    Box::new(move |x, y| {
        let (across, down) = (x / height, y / height);
        let mut colour = mix([88.0, 138.0, 205.0], [214.0, 226.0, 236.0], down / 0.62);
        let veil = cloud.at(across * 2.0, down * 5.0) - 0.4;
        colour = mix(colour, [247.0, 247.0, 246.0], 0.5 * smooth(0.0, 1.6, veil));
        for (number, (level, tint)) in [
            (0.60, [128.0, 146.0, 160.0]),
            (0.68, [84.0, 106.0, 92.0]),
            (0.80, [62.0, 78.0, 44.0]),
        ]
        .into_iter()
        .enumerate()
        {
            let crest = level + 0.035 * ridge.at(across * 3.0 + 17.0 * number as f32, 0.5);
            if down > crest {
                let detail = ground.at(x / 40.0, y / 24.0 + 50.0 * number as f32);
                colour = lit(tint, 1.0 + (0.06 + 0.08 * number as f32) * detail);
            }
        }
        colour
    })
}

/// Occluding discs whose radii follow a power law: the dead leaves model, whose edges and scales are those of
/// photographs (Lee, Mumford and Huang, IJCV 41, 2001).
pub(super) fn leaves(canvas: &Canvas) -> Paint {
    dead_leaves(
        canvas,
        (2.5, 110.0),
        [[52.0, 84.0, 30.0], [150.0, 160.0, 62.0], [96.0, 70.0, 38.0]],
    )
}

/// The same in greys and browns, with little contrast.
pub(super) fn pebbles(canvas: &Canvas) -> Paint {
    dead_leaves(
        canvas,
        (5.0, 40.0),
        [[132.0, 126.0, 118.0], [178.0, 170.0, 158.0], [104.0, 100.0, 98.0]],
    )
}

fn dead_leaves(canvas: &Canvas, (smallest, largest): (f32, f32), palette: [[f32; 3]; 3]) -> Paint {
    let (width, height) = (canvas.width as usize, canvas.height as usize);
    let mut random = Random::new(canvas.seed);
    let mut unit = || random.unit() as f32;
    let mut colours = vec![palette[0]; width * height];
    // Enough to cover each pixel some four times.
    let mean_area = 2.0 * std::f32::consts::PI * smallest * smallest * (largest / smallest).ln();
    let count = (4.0 * canvas.width * canvas.height / mean_area) as usize;
    for _ in 0..count {
        // The inverse of the distribution function of a density that falls with the cube of the radius.
        let share = 1.0 - unit() * (1.0 - (smallest / largest).powi(2));
        let radius = smallest / share.sqrt();
        let (middle_x, middle_y) = (unit() * canvas.width, unit() * canvas.height);
        let tint = unit() * 2.0;
        let colour = match tint < 1.0 {
            true => mix(palette[0], palette[1], tint),
            false => mix(palette[1], palette[2], tint - 1.0),
        };
        let (colour, tilt) = (lit(colour, 0.75 + 0.5 * unit()), (unit() - 0.5, unit() - 0.5));
        let from = |middle: f32| (middle - radius).max(0.0) as usize;
        let to = |middle: f32, side: usize| ((middle + radius) as usize + 1).min(side);
        for y in from(middle_y)..to(middle_y, height) {
            for x in from(middle_x)..to(middle_x, width) {
                let (dx, dy) = ((x as f32 - middle_x) / radius, (y as f32 - middle_y) / radius);
                if dx * dx + dy * dy <= 1.0 {
                    colours[y * width + x] = lit(colour, 1.0 + 0.3 * (tilt.0 * dx + tilt.1 * dy));
                }
            }
        }
    }
    let vein = Fractal::new(canvas.seed, 4);
    Box::new(move |x, y| {
        let colour = colours[y as usize * width + x as usize];
        lit(colour, 1.0 + 0.05 * vein.at(x / 9.0, y / 9.0))
    })
}

/// Waves that grow towards the viewer, with glitter.
pub(super) fn water(canvas: &Canvas) -> Paint {
    let height = canvas.height;
    let (wave, ripple) = (Fractal::new(canvas.seed, 4), Fractal::new(canvas.seed + 1, 5));
    Box::new(move |x, y| {
        let down = y / height;
        let near = 0.15 + down;
        let swell = wave.at(x / (180.0 * near), y / (26.0 * near));
        let fine = ripple.at(x / (30.0 * near), y / (7.0 * near));
        let colour = mix([146.0, 178.0, 196.0], [24.0, 62.0, 86.0], down * 0.9 + 0.1);
        let glitter = smooth(1.5, 2.4, swell * 0.6 + fine);
        mix(
            lit(colour, 1.0 + 0.16 * swell + 0.1 * fine),
            [246.0, 246.0, 238.0],
            glitter,
        )
    })
}

/// Fine texture all over: the hardest to see a mark in.
pub(super) fn foliage(canvas: &Canvas) -> Paint {
    let (mass, leaf, tint) = (
        Fractal::new(canvas.seed, 7),
        Fractal::new(canvas.seed + 1, 3),
        Fractal::new(canvas.seed + 2, 2),
    );
    Box::new(move |x, y| {
        let light = 1.0 + 0.32 * mass.at(x / 128.0, y / 128.0) + 0.2 * leaf.at(x / 6.0, y / 6.0);
        let colour = mix(
            [70.0, 104.0, 44.0],
            [140.0, 138.0, 60.0],
            0.5 + 0.4 * tint.at(x / 90.0, y / 90.0),
        );
        lit(colour, light.max(0.12))
    })
}

/// Dunes: large smooth slopes, fine grain.
pub(super) fn sand(canvas: &Canvas) -> Paint {
    let height = canvas.height;
    let (dune, wind, grain) = (
        Fractal::new(canvas.seed, 3),
        Fractal::new(canvas.seed + 1, 4),
        Fractal::new(canvas.seed + 2, 2),
    );
    Box::new(move |x, y| {
        let (across, down) = (x / height, y / height);
        let slope = dune.at(across * 2.2 + 3.0, down * 3.5);
        // Ripples across the wind, bent by it.
        let phase = (down * 55.0 + 2.5 * wind.at(across * 3.0, down * 3.0)).fract();
        let ripple = (phase - 0.5).abs() * 4.0 - 1.0;
        let light = 1.0 + 0.17 * slope + 0.05 * ripple + 0.035 * grain.at(x / 2.5, y / 2.5);
        lit(
            mix([222.0, 184.0, 132.0], [186.0, 140.0, 96.0], 0.5 + 0.3 * slope),
            light,
        )
    })
}
