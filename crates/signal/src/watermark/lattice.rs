//! Where the mark lies in the spectrum of its tile, and what a key makes of it.
//!
//! The places are the same for all keys, so that one search serves any number of them; phases, signs and the order of
//! the bits are the key's. Hiding the places would hide nothing: the template stands out of any averaged spectrum.

use std::{f32::consts::TAU, sync::LazyLock};

use rustfft::num_complex::Complex32;

use super::{
    code::CODED_BITS,
    key::{Stream, WatermarkKey},
};

/// Side of the canonical tile in samples: frequencies are in cycles a tile.
pub(super) const TILE: usize = 128;
/// Short side of a picture, in samples of the canonical scale: larger pictures carry larger tiles, so that there are
/// five across and the band survives downscaling to the sizes of the web.
pub(super) const CANONICAL_SIDE: u32 = 640;
/// The largest frequency of the lattice along an axis, in cycles a tile.
pub(super) const REACH: i32 = 28;
/// Radii of the payload, in cycles a tile.
const PAYLOAD: (i32, i32) = (5, REACH);
/// Radii of the template, in cycles a tile.
const TEMPLATE: (i32, i32) = (9, 26);
/// Orbits of the square's symmetry group in the template.
pub(super) const ORBITS: usize = 28;
/// Places of the template in the half plane.
pub(super) const TEMPLATE_BINS: usize = 4 * ORBITS;
/// Share of the template in the mark's energy.
pub(super) const TEMPLATE_SHARE: f32 = 0.3;
/// The symmetries of a square.
pub(super) const SYMMETRIES: usize = 8;

/// A frequency of the tile: cycles down, cycles across.
pub(super) type Bin = (i32, i32);

/// The period of the mark in a picture, in pixels; even, which halves the transforms of the tile.
pub(super) fn period(width: u32, height: u32) -> usize {
    let side = f64::from(width.min(height).max(CANONICAL_SIDE));
    2 * (side / f64::from(CANONICAL_SIDE) * (TILE / 2) as f64).round() as usize
}

/// The places of the lattice, in the half plane of positive frequencies.
pub(super) struct Bins {
    /// `a > b > 0` of each orbit, by radius; the template is `(a, b), (a, -b), (b, a), (b, -a)` of each.
    pub(super) orbits: Vec<Bin>,
    pub(super) template: Vec<Bin>,
    pub(super) payload: Vec<Bin>,
    /// For each symmetry and place of the template: the place it is taken to, and whether its negative is meant.
    pub(super) turned: Vec<[(usize, bool); TEMPLATE_BINS]>,
}

/// Version 1 of the lattice.
pub(super) static BINS: LazyLock<Bins> = LazyLock::new(Bins::draw);

impl Bins {
    fn draw() -> Self {
        let within = |(u, v): Bin, (low, high): (i32, i32)| (low * low..=high * high).contains(&(u * u + v * v));
        let mut candidates: Vec<Bin> = (1..=REACH)
            .flat_map(|a| (1..a).map(move |b| (a, b)))
            .filter(|&bin| within(bin, TEMPLATE))
            .collect();
        candidates.sort_by_key(|&(a, b)| (a * a + b * b, a));
        // One orbit from each stratum of radius: scale and angle are then told by all radii.
        let mut random = Stream::new(*b"touchmark watermark lattice v. 1", 0);
        let orbits: Vec<Bin> = (0..ORBITS)
            .map(|stratum| {
                let range = stratum * candidates.len() / ORBITS..(stratum + 1) * candidates.len() / ORBITS;
                candidates[range.start + random.below(range.len())]
            })
            .collect();
        let template: Vec<Bin> = orbits
            .iter()
            .flat_map(|&(a, b)| [(a, b), (a, -b), (b, a), (b, -a)])
            .collect();
        let payload = (0..=REACH)
            .flat_map(|u| (-REACH..=REACH).map(move |v| (u, v)))
            .filter(|&(u, v)| u > 0 || v > 0)
            .filter(|&bin| within(bin, PAYLOAD) && !template.contains(&bin))
            .collect();
        let turned = (0..SYMMETRIES)
            .map(|symmetry| {
                std::array::from_fn(|at| {
                    let (u, v) = turn(template[at], symmetry);
                    let place = |bin| template.iter().position(|&other| other == bin);
                    place((u, v)).map_or_else(|| (place((-u, -v)).unwrap_or(at), true), |to| (to, false))
                })
            })
            .collect();
        Self {
            orbits,
            template,
            payload,
            turned,
        }
    }
}

/// One of the eight symmetries: mirrored left to right from 4 on, then turned by `symmetry % 4` quarters.
pub(super) fn turn((u, v): Bin, symmetry: usize) -> Bin {
    let (u, v) = if symmetry >= 4 { (u, -v) } else { (u, v) };
    match symmetry % 4 {
        0 => (u, v),
        1 => (v, -u),
        2 => (-u, -v),
        _ => (-v, u),
    }
}

/// What a key makes of the lattice.
pub(super) struct Layout {
    /// Phases of the template, of magnitude 1.
    pub(super) phases: Vec<Complex32>,
    /// For each payload bin, its real and its imaginary part: the coded bit it carries, and with which sign.
    pub(super) chips: Vec<[(usize, f32); 2]>,
    /// Start of the checksum.
    pub(super) check_seed: u32,
}

impl Layout {
    pub(super) fn new(key: &WatermarkKey) -> Self {
        let mut random = key.stream(1);
        let phases = (0..TEMPLATE_BINS)
            .map(|_| Complex32::from_polar(1.0, random.bits() as f32 / 2f32.powi(32) * TAU))
            .collect();
        let mut random = key.stream(2);
        let mut bits: Vec<usize> = (0..2 * BINS.payload.len()).map(|at| at % CODED_BITS).collect();
        random.shuffle(&mut bits);
        let chips = bits
            .chunks_exact(2)
            .map(|pair| [pair[0], pair[1]].map(|bit| (bit, if random.bits() & 1 == 0 { 1.0 } else { -1.0 })))
            .collect();
        let check_seed = key.stream(3).bits();
        Self {
            phases,
            chips,
            check_seed,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_lattice_is_what_version_1_says() {
        let all: HashSet<Bin> = BINS.template.iter().chain(&BINS.payload).copied().collect();
        assert_eq!(all.len(), BINS.template.len() + BINS.payload.len());
        assert_eq!(BINS.template.len(), TEMPLATE_BINS);
        assert!(all.iter().all(|&(u, v)| !all.contains(&(-u, -v))));
        let digest = BINS.orbits.iter().fold(0u64, |sum, &(a, b)| {
            sum.wrapping_mul(1_000_003).wrapping_add((a * 100 + b) as u64)
        });
        // Changing the places makes every mark in the world unreadable.
        assert_eq!((BINS.payload.len(), digest), (1080, 1_965_851_926_264_619_222));
    }

    #[test]
    fn symmetries_permute_the_template() {
        for turned in &BINS.turned {
            let places: HashSet<usize> = turned.iter().map(|&(to, _)| to).collect();
            assert_eq!(places.len(), TEMPLATE_BINS);
        }
    }

    #[test]
    fn the_period_follows_the_short_side() {
        assert_eq!(period(256, 300), 128);
        assert_eq!(period(640, 9000), 128);
        assert_eq!(period(4000, 3000), 600);
    }
}
