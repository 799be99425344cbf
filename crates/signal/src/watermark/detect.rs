//! Looking for a mark: the search in stages, cheapest first, and what is said of what was found.

use std::fmt;

use touchmark_image::Pixels;

use super::{
    decode::{self, Correlators, Template, Trace},
    id::WatermarkId,
    key::WatermarkKey,
    lattice::{CANONICAL_SIDE, Layout, SYMMETRIES, TILE, period},
    plane::{Plane, Rows, residual, shrink},
    search::{Candidates, Grid, Shape},
    spectrum::{LONGEST, Plans, Spectrum},
};

/// The least short side in which a mark is looked for, in pixels.
const SMALLEST_SIDE: usize = 96;
/// Larger pictures are shrunk to this short side: the mark's band is kept, and noise above it costs no time.
const WORKING_SIDE: f64 = 768.0;
/// The least statistic of a template whose payload is read.
const READABLE: f32 = 6.2;
/// The same where proportions were searched as well, since there are more candidates.
const READABLE_STRETCHED: f32 = 6.5;
/// The same where every upright period is tried.
const READABLE_SCANNED: f32 = 6.6;
/// The least statistic of a template that counts without its payload.
const CERTAIN: f32 = 8.9;
/// All symmetries of the template, and those of pictures that are upright or mirrored.
const ALL: [usize; SYMMETRIES] = [0, 1, 2, 3, 4, 5, 6, 7];
const UPRIGHT_SYMMETRIES: [usize; 2] = [0, 4];
/// Candidates that each stage hands on.
const UPRIGHT: usize = 6;
const TURNED: usize = 12;
const STRETCHED: usize = 24;

/// What was found in a picture. Finding nothing does not mean that there never was a mark.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Detection {
    /// A mark, and what it says.
    Found(Reading),
    /// A mark made with a known key, of which too little is left to read it.
    Unreadable {
        /// Which of the detector's keys.
        key: usize,
        /// As [`Reading::statistic`].
        statistic: f32,
        /// How it lies in the picture.
        placement: Placement,
    },
    /// No mark of these keys.
    Nothing,
    /// The picture is too small to look for one.
    TooSmall,
}

/// What a mark says. It is a pointer, not proof: who has the key can put any id on any picture.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Reading {
    /// The id, whose checksum holds.
    pub id: WatermarkId,
    /// Which of the detector's keys it was made with.
    pub key: usize,
    /// How far the template stands out, in standard deviations of chance: at least 6.2.
    pub statistic: f32,
    /// How well the received bits agree with those of the id, in standard deviations of chance; 20.4 if in full.
    pub code_correlation: f32,
    /// How it lies in the picture.
    pub placement: Placement,
}

/// How a mark lies in a picture, from which follows what was done to it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Placement {
    /// Period of the mark across and down, in pixels of this picture.
    pub period: (f32, f32),
    /// By how many degrees the marked picture was turned clockwise, -180 to 180.
    pub rotation: f32,
    /// Whether it was mirrored left to right, before it was turned.
    pub mirrored: bool,
    /// Where the middle of this picture lies in the tile, across and down: 0 to 1 of a period.
    pub offset: (f32, f32),
}

impl Placement {
    /// By which factors, across and down, a picture that had `width` x `height` pixels when it was marked was scaled to
    /// become this one.
    pub fn scale_of(&self, width: u32, height: u32) -> (f32, f32) {
        let original = period(width, height) as f32;
        (self.period.0 / original, self.period.1 / original)
    }
}

/// Looks for marks made with any of some keys. Immutable: to be made once and shared.
pub struct Detector {
    layouts: Vec<Layout>,
    plans: Plans,
    correlators: Correlators,
}

impl fmt::Debug for Detector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Detector({} keys)", self.layouts.len())
    }
}

/// A stage of the search: at most so many candidates from a spectrum.
type Stage = fn(&Grid, &Spectrum, usize) -> Candidates;

impl Detector {
    /// Draws the lattices of the keys and plans the transforms. Each key costs little more time a picture, and raises the
    /// bound on false positives by its share.
    pub fn new(keys: &[WatermarkKey]) -> Self {
        Self {
            layouts: keys.iter().map(Layout::new).collect(),
            plans: Plans::new(),
            correlators: Correlators::new(),
        }
    }

    /// Looks for a mark in a picture.
    pub fn detect(&self, pixels: &Pixels) -> Detection {
        self.look(pixels)
    }

    /// Looks for a mark in luminances, 0 to 255, in rows of `width` without gaps; `TooSmall` also where they do not fill
    /// their rows.
    pub fn detect_luminance(&self, luminance: &[f32], width: usize) -> Detection {
        if width == 0 || luminance.is_empty() || !luminance.len().is_multiple_of(width) {
            return Detection::TooSmall;
        }
        self.look(&Luminance {
            values: luminance,
            width,
        })
    }

    fn look(&self, picture: &impl Rows) -> Detection {
        let (width, height) = picture.size();
        if width.min(height) < SMALLEST_SIDE {
            return Detection::TooSmall;
        }
        let (short, long) = (width.min(height) as f64, width.max(height) as f64);
        let scale = (WORKING_SIDE / short).min(LONGEST as f64 / long).min(1.0);
        let working = |side: usize| ((side as f64 * scale).round() as usize).max(8);
        let plane = shrink(picture, working(width), working(height));
        let factors = (width as f32 / plane.width as f32, height as f32 / plane.height as f32);
        let whole = period(width as u32, height as u32) as f32 / factors.0;
        let searched = self.search(plane, whole);
        let place = |trace: &Trace| placement(trace, factors);
        match searched {
            Some(Search {
                key,
                trace,
                read: Some((id, code_correlation)),
            }) => Detection::Found(Reading {
                id,
                key,
                statistic: trace.statistic,
                code_correlation,
                placement: place(&trace),
            }),
            Some(Search { key, trace, read: None }) if trace.statistic >= CERTAIN => Detection::Unreadable {
                key,
                statistic: trace.statistic,
                placement: place(&trace),
            },
            _ => Detection::Nothing,
        }
    }

    /// `whole` is the period, in values of the plane, of a mark whose picture is neither cut nor scaled.
    fn search(&self, plane: Plane, whole: f32) -> Option<Search> {
        let short = plane.width.min(plane.height) as f32;
        let period = TILE as f32 * (short / CANONICAL_SIDE as f32).max(1.0);
        let grid = Grid::new(plane.width, plane.height);
        let spectrum = Spectrum::of(&residual(plane, period).0, &self.plans);
        let mut best = None;
        let trial = |shape, readable, symmetries| self.try_keys(&spectrum, shape, symmetries, readable, grid.step());

        if keep(&mut best, trial(Shape::upright(whole), READABLE, &ALL)) {
            return best;
        }
        let stages: [(Stage, usize, f32); 3] = [
            (Grid::upright, UPRIGHT, READABLE),
            (Grid::turned, TURNED, READABLE),
            (Grid::stretched, STRETCHED, READABLE_STRETCHED),
        ];
        for (stage, count, readable) in stages {
            for (_, shape) in stage(&grid, &spectrum, count) {
                if keep(&mut best, trial(grid.refine(&spectrum, shape), readable, &ALL)) {
                    return best;
                }
            }
        }
        // Power sees less than phases do: where it shows nothing, all upright shapes are tried by their phases.
        for &period in grid.periods() {
            if keep(
                &mut best,
                trial(Shape::upright(period), READABLE_SCANNED, &UPRIGHT_SYMMETRIES),
            ) {
                return best;
            }
        }
        best
    }

    /// Tries one shape with all keys: the first that is read, or the one whose template stands out most.
    fn try_keys(
        &self,
        spectrum: &Spectrum,
        shape: Shape,
        symmetries: &[usize],
        readable: f32,
        step: f32,
    ) -> Option<Search> {
        let template = Template::read(spectrum, shape);
        let mut best = None;
        for (key, layout) in self.layouts.iter().enumerate() {
            let trace = self.correlators.locate(&template, shape, symmetries, layout);
            let mut search = Search { key, trace, read: None };
            if trace.statistic >= readable {
                // The bound holds for the statistic before this: what follows can only lose a mark, not make one.
                let exact = decode::climb(spectrum, trace, layout, step);
                search.read = decode::read(spectrum, &exact, layout);
                search.trace = Trace {
                    statistic: trace.statistic,
                    ..exact
                };
            }
            if keep(&mut best, Some(search)) {
                break;
            }
        }
        best
    }
}

/// Keeps the better of two outcomes; says whether it was read.
fn keep(best: &mut Option<Search>, next: Option<Search>) -> bool {
    let read = next.as_ref().is_some_and(|next| next.read.is_some());
    let statistic = |search: &Option<Search>| search.as_ref().map_or(0.0, |search| search.trace.statistic);
    if read || statistic(&next) > statistic(best) {
        *best = next;
    }
    read
}

struct Search {
    key: usize,
    trace: Trace,
    read: Option<(WatermarkId, f32)>,
}

struct Luminance<'a> {
    values: &'a [f32],
    width: usize,
}

impl Rows for Luminance<'_> {
    fn size(&self) -> (usize, usize) {
        (self.width, self.values.len() / self.width)
    }

    fn read(&self, y: usize, row: &mut [f32]) {
        row.copy_from_slice(&self.values[y * self.width..][..self.width]);
    }
}

/// In pixels of the picture, whose plane was shrunk by these factors.
fn placement(trace: &Trace, (across, down): (f32, f32)) -> Placement {
    let Shape {
        period,
        angle,
        proportion,
    } = trace.shape;
    let root = proportion.sqrt();
    // Lattice and picture turn against each other: a quarter of `turn` takes what points right to point down.
    let rotation = 90.0 * (trace.symmetry % 4) as f32 - angle.to_degrees();
    Placement {
        period: (period / root * across, period * root * down),
        rotation: (rotation + 180.0).rem_euclid(360.0) - 180.0,
        mirrored: trace.symmetry >= 4,
        offset: (trace.offset.1.rem_euclid(1.0), trace.offset.0.rem_euclid(1.0)),
    }
}
