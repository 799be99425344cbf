//! The flat frame around a picture: letterbox bars, a border that a platform added. It moves every frequency that PDQ looks
//! at, so a framed copy is looked up without it as well.

use touchmark_image::{Channels, Pixels, Samples};

use super::Region;

/// How far, in grey levels of 255, a frame's pixels may be from the mean of its outermost line: what JPEG makes of flat areas.
const TOLERANCE: u32 = 10;

/// Of how many pixels of a line one may be further off: ringing beside the picture, a small mark on a bar.
const OUTLIER_EVERY: usize = 50;

/// The part of a side that must remain; what has a wider frame is rather a flat picture.
const KEPT: u32 = 4;

/// Frames within frames that are looked for.
const ROUNDS: usize = 3;

/// What a flat frame surrounds; `None` where there is no such frame.
pub(super) fn content(pixels: &Pixels) -> Option<Region> {
    let whole = Region::whole(pixels);
    let mut region = whole;
    for _ in 0..ROUNDS {
        let before = region;
        let rows = |row| (0..region.width).map(move |x| (region.left + x, row));
        let (top, bottom) = flat_lines(pixels, region.top, region.height, rows);
        region.top += top;
        region.height -= top + bottom;
        let columns = |column| (0..region.height).map(move |y| (column, region.top + y));
        let (left, right) = flat_lines(pixels, region.left, region.width, columns);
        region.left += left;
        region.width -= left + right;
        if region == before {
            break;
        }
    }
    let kept = region.width >= whole.width / KEPT && region.height >= whole.height / KEPT;
    (kept && region != whole).then_some(region)
}

/// How many lines are flat at the beginning and at the end of `length` lines; at least one line is left.
fn flat_lines<P: Iterator<Item = (u32, u32)>>(
    pixels: &Pixels,
    first: u32,
    length: u32,
    places: impl Fn(u32) -> P,
) -> (u32, u32) {
    let line = |at: u32| places(first + at).map(|(x, y)| grey(pixels, x, y)).collect::<Vec<_>>();
    let flat_from = |outermost: u32, inwards: &mut dyn Iterator<Item = u32>| {
        let edge = line(outermost);
        let mean = edge.iter().sum::<u32>() / edge.len().max(1) as u32;
        let is_flat = |at: &u32| {
            let line = line(*at);
            let outliers = line.iter().filter(|grey| grey.abs_diff(mean) > TOLERANCE).count();
            outliers <= line.len() / OUTLIER_EVERY
        };
        inwards.take_while(is_flat).count() as u32
    };
    let begin = flat_from(0, &mut (0..length - 1));
    let end = flat_from(length - 1, &mut (begin + 1..length).rev());
    (begin, end)
}

/// Luma of a pixel, 0 to 255.
fn grey(pixels: &Pixels, x: u32, y: u32) -> u32 {
    let count = pixels.channels().count();
    let at = (y as usize * pixels.width() as usize + x as usize) * count;
    let sample = |channel: usize| match pixels.samples() {
        Samples::Eight(samples) => u32::from(samples[at + channel]),
        Samples::Sixteen(samples) => u32::from(samples[at + channel] >> 8),
    };
    match pixels.channels() {
        Channels::Grey | Channels::GreyAlpha => sample(0),
        Channels::Rgb | Channels::Rgba => (299 * sample(0) + 587 * sample(1) + 114 * sample(2)) / 1000,
    }
}
