//! What people look at most: a face, a page of text, a drawing.

use super::noise::{Fractal, chance, hash};
use super::{Canvas, Paint, lit, mix, smooth};

/// A head before a background out of focus: shaded skin, hair, a woven coat.
pub(super) fn portrait(canvas: &Canvas) -> Paint {
    let (width, height, seed) = (canvas.width, canvas.height, canvas.seed);
    let (room, skin, hair) = (
        Fractal::new(seed, 2),
        Fractal::new(seed + 1, 4),
        Fractal::new(seed + 2, 4),
    );
    Box::new(move |x, y| {
        // In half widths from the middle, downwards from the top.
        let (across, down) = ((x - width / 2.0) / (width / 2.0), y / (width / 2.0));
        let scale = height / width * 0.75;
        let down = down / scale;
        let mut colour = lit(
            mix(
                [120.0, 128.0, 120.0],
                [196.0, 176.0, 146.0],
                0.5 + 0.35 * room.at(x / width * 3.0, y / width * 3.0),
            ),
            1.0 - 0.2 * across,
        );
        let shoulders = ((across / 0.92).powi(2) + ((down - 2.35) / 0.85).powi(2)).sqrt();
        if shoulders < 1.0 {
            let weave = if (x as i32 / 2 + y as i32 / 2) % 2 == 0 {
                1.06
            } else {
                0.94
            };
            colour = lit(
                [52.0, 64.0, 92.0],
                weave * (1.25 - 0.5 * shoulders + 0.06 * skin.at(x / 20.0, y / 20.0)),
            );
        }
        let mane = ((across / 0.52).powi(2) + ((down - 0.92) / 0.66).powi(2)).sqrt();
        if mane < 1.0 {
            let strand = hair.at(x / 2.4 + 6.0 * room.at(x / 90.0, y / 90.0), y / 46.0);
            colour = lit(
                [66.0, 44.0, 30.0],
                1.0 + 0.28 * strand + 0.5 * smooth(0.5, 0.0, (across + 0.2).abs()),
            );
        }
        let neck = across.abs() < 0.17 && (1.3..1.75).contains(&down);
        let face = ((across / 0.36).powi(2) + ((down - 1.08) / 0.5).powi(2)).sqrt();
        if face < 1.0 || neck {
            let round = (1.0 - face.min(1.0).powi(2)).sqrt();
            let light = 0.62 + 0.34 * round - 0.22 * across + if neck && face >= 1.0 { -0.05 } else { 0.0 };
            let pore = 0.018 * skin.at(x / 3.0, y / 3.0) + 0.03 * skin.at(x / 60.0, y / 60.0);
            colour = lit([232.0, 184.0, 156.0], light + pore);
            for eye in [-0.15, 0.15] {
                let white = (((across - eye) / 0.07).powi(2) + ((down - 0.98) / 0.034).powi(2)).sqrt();
                let iris = (((across - eye) / 0.03).powi(2) + ((down - 0.98) / 0.034).powi(2)).sqrt();
                colour = mix([228.0, 222.0, 216.0], colour, smooth(0.9, 1.1, white));
                colour = mix([44.0, 34.0, 26.0], colour, smooth(0.85, 1.05, iris));
                let brow = (((across - eye) / 0.1).powi(2) + ((down - 0.87) / 0.018).powi(2)).sqrt();
                colour = mix([78.0, 54.0, 38.0], colour, smooth(0.6, 1.2, brow));
            }
            let nose = ((across - 0.03) / 0.035).powi(2) + ((down - 1.13) / 0.12).powi(2);
            colour = lit(colour, 1.0 - 0.14 * smooth(1.2, 0.3, nose));
            let mouth = ((across / 0.12).powi(2) + ((down - 1.33) / 0.032).powi(2)).sqrt();
            colour = mix([172.0, 88.0, 82.0], colour, smooth(0.8, 1.15, mouth));
        }
        colour
    })
}

/// Flat areas of few colours with dark outlines, as in a comic.
pub(super) fn drawing(canvas: &Canvas) -> Paint {
    const COLOURS: [[f32; 3]; 5] = [
        [246.0, 238.0, 220.0],
        [236.0, 152.0, 84.0],
        [84.0, 148.0, 156.0],
        [252.0, 212.0, 122.0],
        [140.0, 92.0, 128.0],
    ];
    let side = canvas.width.min(canvas.height);
    let (shape, other) = (Fractal::new(canvas.seed, 3), Fractal::new(canvas.seed + 1, 2));
    Box::new(move |x, y| {
        let (across, down) = (x / side * 3.0, y / side * 3.0);
        let height = shape.at(across, down) * 1.4 + other.at(across * 0.7, down * 0.7) + 20.0;
        let step = 3.0 / side;
        let climb = (shape.at(across + step, down) - shape.at(across, down)).abs()
            + (shape.at(across, down + step) - shape.at(across, down)).abs();
        // The distance to the next level, in pixels, as far as the slope tells.
        let edge = (height - height.round()).abs() / (1.4 * climb).max(0.004);
        let colour = COLOURS[(height + 0.5) as usize % COLOURS.len()];
        mix([36.0, 30.0, 34.0], colour, smooth(1.5, 2.5, edge))
    })
}

/// A page of small print with a picture in it, as in a screenshot.
pub(super) fn page(canvas: &Canvas) -> Paint {
    const CELL: (i32, i32) = (8, 20);
    const MARGIN: f32 = 0.08;
    let (width, height, seed) = (canvas.width, canvas.height, canvas.seed);
    let texture = Fractal::new(seed, 6);
    Box::new(move |x, y| {
        let (across, down) = (x / width, y / height);
        let inside = (MARGIN..1.0 - MARGIN).contains(&across) && (MARGIN..1.0 - MARGIN).contains(&down);
        if !inside {
            return [250.0, 250.0, 248.0];
        }
        if (0.3..0.6).contains(&down) && across > 0.4 {
            return lit(
                [122.0, 142.0, 150.0],
                (1.0 + 0.3 * texture.at(x / 100.0, y / 100.0)).max(0.1),
            );
        }
        let (column, line) = (x as i32 / CELL.0, y as i32 / CELL.1);
        let (px, py) = (x as i32 % CELL.0, y as i32 % CELL.1);
        // A gap after every few letters, and a short last line to each paragraph.
        let gap = chance(seed, column, line) < 0.17 || line % 9 == 8;
        let stroke = (1..7).contains(&px) && (4..15).contains(&py);
        if gap || !stroke {
            return [253.0; 3];
        }
        // A letter: cells of 2 by 2 pixels, inked or not.
        let letter = hash(seed as u32, (chance(seed + 1, column, line) * 26.0) as i32, 77);
        let bit = (px - 1) / 2 + 3 * ((py - 4) / 2);
        if letter >> (bit % 32) & 1 == 1 {
            [38.0; 3]
        } else {
            [253.0; 3]
        }
    })
}
