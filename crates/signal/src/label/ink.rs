//! What of a label's rectangle its letters cover.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use rustybuzz::ttf_parser::OutlineBuilder;

use super::fonts::{Fonts, Run};

/// The letters of a label, on the rectangle that it takes.
pub(super) struct Ink {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Row by row: how much of a pixel is covered, 0 to 1.
    pub(super) coverage: Vec<f32>,
}

/// Clear space around all, in heights of the capitals.
const CLEAR_SPACE: f32 = 0.5;

/// From one line's lowest to the next line's highest ink, in heights of the capitals.
const LINE_GAP: f32 = 0.4;

/// From the icon to the words, in heights of the capitals.
const AFTER_ICON: f32 = 0.5;

/// The icon's measures in whole pixels, so that both capitals end on the same rows.
struct Icon {
    letters: f32,
    /// Thickness of the frame around the acronym.
    frame: f32,
    /// Clear space between frame and capitals.
    clear: f32,
    /// Width of A, and of its legs measured along a row.
    a_width: f32,
    leg: f32,
    /// Between A and I.
    gap: f32,
    /// Width of I.
    stem: f32,
}

impl Ink {
    /// Lines from top to bottom with capitals of `letters` pixels, the acronym before them.
    pub(super) fn new(fonts: &Fonts, lines: &[String], with_icon: bool, letters: u32) -> Self {
        let letters = letters as f32;
        let em = if lines.is_empty() {
            0.0
        } else {
            letters / fonts.letter_height(lines)
        };
        let shaped: Vec<Line<'_>> = lines.iter().map(|line| Line::new(fonts.shape(line), em)).collect();
        let (space, gap) = (CLEAR_SPACE * letters, LINE_GAP * letters);

        let text_width = shaped.iter().map(Line::width).fold(0.0, f32::max);
        let text_height = shaped.iter().map(Line::height).sum::<f32>() + gap * lines.len().saturating_sub(1) as f32;
        let icon = with_icon.then(|| Icon::new(letters));
        let (icon_width, icon_height) = icon.as_ref().map_or((0.0, 0.0), Icon::size);
        let both = with_icon && !lines.is_empty();
        let after = if both { AFTER_ICON * letters } else { 0.0 };
        let inner = (icon_width + after + text_width, text_height.max(icon_height));
        let (width, height) = (
            (inner.0 + 2.0 * space).ceil() as u32,
            (inner.1 + 2.0 * space).ceil() as u32,
        );

        let mut pen = Pen::new(width, height);
        if let Some(icon) = &icon {
            icon.draw(&mut pen, space.round(), (space + (inner.1 - icon_height) / 2.0).round());
        }
        let mut top = space + (inner.1 - text_height) / 2.0;
        for line in &shaped {
            let left = space + icon_width + after + (text_width - line.width()) / 2.0;
            line.draw(&mut pen, left - line.bounds.left, top + line.bounds.top, em);
            top += line.height() + gap;
        }
        Self {
            width,
            height,
            coverage: pen.finish(),
        }
    }
}

/// A line of runs and where its ink lies around its origin, in pixels.
struct Line<'a> {
    runs: Vec<Run<'a>>,
    bounds: Bounds,
}

/// Ink to the left (negative) and right of an origin, and above and below its baseline.
#[derive(Clone, Copy)]
struct Bounds {
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
}

impl<'a> Line<'a> {
    fn new(runs: Vec<Run<'a>>, em: f32) -> Self {
        let mut bounds: Option<Bounds> = None;
        let mut pen = 0.0;
        for run in &runs {
            let unit = em / run.face.units_per_em() as f32;
            for glyph in &run.glyphs {
                let Some(ink) = run.face.glyph_bounding_box(glyph.id) else {
                    continue;
                };
                let (x, y) = (pen + glyph.x * em, glyph.y * em);
                let ink = Bounds {
                    left: x + f32::from(ink.x_min) * unit,
                    right: x + f32::from(ink.x_max) * unit,
                    top: y + f32::from(ink.y_max) * unit,
                    bottom: -y - f32::from(ink.y_min) * unit,
                };
                bounds = Some(bounds.map_or(ink, |bounds| Bounds {
                    left: bounds.left.min(ink.left),
                    right: bounds.right.max(ink.right),
                    top: bounds.top.max(ink.top),
                    bottom: bounds.bottom.max(ink.bottom),
                }));
            }
            pen += run.advance * em;
        }
        let nothing = Bounds {
            left: 0.0,
            right: 0.0,
            top: 0.0,
            bottom: 0.0,
        };
        Self {
            runs,
            bounds: bounds.unwrap_or(nothing),
        }
    }

    fn width(&self) -> f32 {
        self.bounds.right - self.bounds.left
    }

    fn height(&self) -> f32 {
        self.bounds.top + self.bounds.bottom
    }

    fn draw(&self, pen: &mut Pen, left: f32, baseline: f32, em: f32) {
        let mut origin = left;
        for run in &self.runs {
            pen.scale = em / run.face.units_per_em() as f32;
            for glyph in &run.glyphs {
                pen.origin = point(origin + glyph.x * em, baseline - glyph.y * em);
                // A glyph without outlines, such as a space, has no ink.
                let _ = run.face.outline_glyph(glyph.id, pen);
            }
            origin += run.advance * em;
        }
    }
}

impl Icon {
    fn new(letters: f32) -> Self {
        let share = |of_letters: f32| (of_letters * letters).round().max(1.0);
        Self {
            letters,
            frame: share(0.1),
            clear: share(0.3),
            a_width: share(1.0),
            leg: share(0.24),
            gap: share(0.16),
            stem: share(0.22),
        }
    }

    /// Width and height.
    fn size(&self) -> (f32, f32) {
        let around = 2.0 * (self.frame + self.clear);
        (around + self.a_width + self.gap + self.stem, around + self.letters)
    }

    /// Draws it with its upper left corner at `(x, y)`.
    fn draw(&self, pen: &mut Pen, x: f32, y: f32) {
        let (width, height) = self.size();
        let (right, bottom) = (x + width, y + height);
        pen.rectangle(x, y, right, y + self.frame);
        pen.rectangle(x, bottom - self.frame, right, bottom);
        pen.rectangle(x, y + self.frame, x + self.frame, bottom - self.frame);
        pen.rectangle(right - self.frame, y + self.frame, right, bottom - self.frame);

        let (left, top) = (x + self.frame + self.clear, y + self.frame + self.clear);
        let (foot, middle) = (top + self.letters, left + self.a_width / 2.0);
        // Legs as slanted bars that cover each other at the apex; where they part, the counter begins.
        for side in [-1.0, 1.0] {
            let (apex, end) = (middle + side * self.leg / 2.0, middle + side * self.a_width / 2.0);
            let (inner_apex, inner_end) = (apex - side * self.leg, end - side * self.leg);
            pen.polygon(&[(apex, top), (end, foot), (inner_end, foot), (inner_apex, top)]);
        }
        let bar = |share: f32| {
            // As far from the middle as the legs' own middle at this height.
            let reach = share * (self.a_width - self.leg) / 2.0;
            (top + share * self.letters, reach)
        };
        let ((upper, narrow), (lower, wide)) = (bar(0.62), bar(0.8));
        pen.polygon(&[
            (middle - narrow, upper),
            (middle + narrow, upper),
            (middle + wide, lower),
            (middle - wide, lower),
        ]);
        let stem = left + self.a_width + self.gap;
        pen.rectangle(stem, top, stem + self.stem, foot);
    }
}

/// Draws outlines in font units, whose y grows upwards, onto pixels.
struct Pen {
    raster: Rasterizer,
    coverage: Vec<f32>,
    origin: Point,
    scale: f32,
    start: Point,
    at: Point,
}

impl Pen {
    fn new(width: u32, height: u32) -> Self {
        let nowhere = point(0.0, 0.0);
        Self {
            raster: Rasterizer::new(width as usize, height as usize),
            coverage: vec![0.0; width as usize * height as usize],
            origin: nowhere,
            scale: 1.0,
            start: nowhere,
            at: nowhere,
        }
    }

    fn place(&self, x: f32, y: f32) -> Point {
        point(self.origin.x + x * self.scale, self.origin.y - y * self.scale)
    }

    /// A closed polygon in pixels.
    fn polygon(&mut self, corners: &[(f32, f32)]) {
        let ends = corners.iter().cycle().skip(1);
        for ((x0, y0), (x1, y1)) in corners.iter().zip(ends) {
            self.raster.draw_line(point(*x0, *y0), point(*x1, *y1));
        }
        self.gather();
    }

    fn rectangle(&mut self, left: f32, top: f32, right: f32, bottom: f32) {
        self.polygon(&[(left, top), (right, top), (right, bottom), (left, bottom)]);
    }

    /// Adds what was drawn since the last time: shapes that overlap do not cancel each other out.
    fn gather(&mut self) {
        let coverage = &mut self.coverage;
        self.raster.for_each_pixel(|at, covered| {
            if let Some(sum) = coverage.get_mut(at) {
                *sum = (*sum + covered).min(1.0);
            }
        });
        self.raster.clear();
    }

    fn finish(mut self) -> Vec<f32> {
        self.gather();
        self.coverage
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.start = self.place(x, y);
        self.at = self.start;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.place(x, y);
        self.raster.draw_line(self.at, to);
        self.at = to;
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (control, to) = (self.place(x1, y1), self.place(x, y));
        self.raster.draw_quad(self.at, control, to);
        self.at = to;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (first, second, to) = (self.place(x1, y1), self.place(x2, y2), self.place(x, y));
        self.raster.draw_cubic(self.at, first, second, to);
        self.at = to;
    }

    fn close(&mut self) {
        self.raster.draw_line(self.at, self.start);
        self.at = self.start;
    }
}
