//! Lays a label over a picture: how large, where, in which tones, and how much contrast that gave.

use touchmark_image::{Pixels, Samples, SamplesMut};

use super::fonts::Fonts;
use super::ink::Ink;
use super::{Drawn, Label, Place, Rectangle, Refusal};
use crate::view::View;

/// Letters are at least a twentieth of the shortest side: GB 45438-2025, 5.2, the strictest rule.
const LETTERS_OF_SIDE: u32 = 20;

/// Letters lower than this many pixels are hard to read at any picture size.
const MIN_LETTERS: u32 = 9;

/// Contrast at which letters stand on the picture itself: WCAG 2.1, 1.4.6. The watermark and lossy coding come after and may
/// take some of it away; 4.5 (1.4.3) must be left.
const BARE_CONTRAST: f32 = 7.0;

/// Luminance that black and white are equally far from, as contrast: sqrt(0.05 * 1.05) - 0.05.
const MIDDLE_LUMINANCE: f32 = 0.179;

/// Draws a label into a picture, upright for whoever looks at it.
///
/// The letters are black or white. They stand on the picture itself where its every pixel there leaves enough contrast, else
/// on a plate; what lies under a plate or a letter becomes opaque. Samples count as sRGB, whatever profile the picture has.
///
/// # Errors
///
/// [`Refusal::Empty`] for a label of nothing, [`Refusal::TooSmall`] where it does not fit; then the picture is unchanged.
pub fn draw(pixels: &mut Pixels, label: &Label) -> Result<Drawn, Refusal> {
    let view = View::of(pixels);
    draw_in(pixels, view, label)
}

pub(super) fn draw_in(pixels: &mut Pixels, view: View, label: &Label) -> Result<Drawn, Refusal> {
    let (width, height) = view.size();
    let letters = width.min(height).div_ceil(LETTERS_OF_SIDE).max(MIN_LETTERS);
    let (ink, rectangle) = fit(label, letters, (width, height))?;
    let beneath = Beneath::measure(pixels, view, rectangle);
    let (tone, plate) = beneath.tones();
    for (at, covered) in ink.coverage.iter().enumerate() {
        let place = locate(view, rectangle, at);
        if plate {
            blend(pixels, place, tone.other(), 1.0);
        }
        if *covered > 0.0 {
            blend(pixels, place, tone, *covered);
        }
    }
    Ok(Drawn {
        rectangle,
        letter_height: letters,
        contrast: contrast_of(pixels, view, rectangle, &ink),
        plate,
    })
}

/// The label's letters, and the rectangle that they get.
fn fit(label: &Label, letters: u32, picture: (u32, u32)) -> Result<(Ink, Rectangle), Refusal> {
    let layouts = label
        .text
        .as_ref()
        .map_or_else(|| vec![Vec::new()], |text| text.layouts());
    if label.text.is_none() && !label.icon {
        return Err(Refusal::Empty);
    }
    let fonts = Fonts::parse();
    let margin = letters / 2;
    let mut needed = picture;
    for lines in layouts {
        let ink = Ink::new(&fonts, &lines, label.icon, letters);
        needed = (ink.width + 2 * margin, ink.height + 2 * margin);
        if needed.0 <= picture.0 && needed.1 <= picture.1 {
            let rectangle = label.place.rectangle((ink.width, ink.height), picture, margin);
            return Ok((ink, rectangle));
        }
    }
    Err(Refusal::TooSmall { picture, needed })
}

impl Place {
    /// A rectangle of `size` at this place, `margin` pixels from the picture's border. There must be room for it.
    fn rectangle(self, size: (u32, u32), picture: (u32, u32), margin: u32) -> Rectangle {
        use Place::{Bottom, BottomLeft, BottomRight, Left, Right, Top, TopLeft, TopRight};
        let (left, top) = (margin, margin);
        let (right, bottom) = (picture.0 - size.0 - margin, picture.1 - size.1 - margin);
        let (centre, middle) = ((picture.0 - size.0) / 2, (picture.1 - size.1) / 2);
        let (x, y) = match self {
            TopLeft => (left, top),
            Top => (centre, top),
            TopRight => (right, top),
            Left => (left, middle),
            Right => (right, middle),
            BottomLeft => (left, bottom),
            Bottom => (centre, bottom),
            BottomRight => (right, bottom),
        };
        Rectangle {
            x,
            y,
            width: size.0,
            height: size.1,
        }
    }
}

/// What of the picture lies under the label.
struct Beneath {
    darkest: f32,
    brightest: f32,
    mean: f32,
    opaque: bool,
}

impl Beneath {
    fn measure(pixels: &Pixels, view: View, rectangle: Rectangle) -> Self {
        let count = rectangle.width as usize * rectangle.height as usize;
        let mut beneath = Self {
            darkest: 1.0,
            brightest: 0.0,
            mean: 0.0,
            opaque: true,
        };
        for at in 0..count {
            let (luminance, opacity) = read(pixels, locate(view, rectangle, at));
            beneath.darkest = beneath.darkest.min(luminance);
            beneath.brightest = beneath.brightest.max(luminance);
            beneath.mean += luminance / count as f32;
            beneath.opaque &= opacity >= 1.0;
        }
        beneath
    }

    /// The tone of the letters, and whether they need a plate of the other tone. Letters on the picture have the tone with
    /// more contrast; a plate has the tone that stands out from the picture.
    fn tones(&self) -> (Tone, bool) {
        let (white, black) = (contrast(1.0, self.brightest), contrast(self.darkest, 0.0));
        let tone = if white >= black { Tone::White } else { Tone::Black };
        if self.opaque && white.max(black) >= BARE_CONTRAST {
            (tone, false)
        } else if self.mean > MIDDLE_LUMINANCE {
            (Tone::White, true)
        } else {
            (Tone::Black, true)
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Black,
    White,
}

impl Tone {
    fn other(self) -> Self {
        match self {
            Self::Black => Self::White,
            Self::White => Self::Black,
        }
    }

    /// Of the largest value of a sample.
    fn share(self) -> f32 {
        match self {
            Self::Black => 0.0,
            Self::White => 1.0,
        }
    }
}

/// Column and row where the `at`th pixel of a rectangle is stored.
fn locate(view: View, rectangle: Rectangle, at: usize) -> (u32, u32) {
    let (x, y) = (at as u32 % rectangle.width, at as u32 / rectangle.width);
    view.locate(rectangle.x + x, rectangle.y + y)
}

/// Lays a tone over a stored pixel and makes it as opaque as the tone covers it.
fn blend(pixels: &mut Pixels, (column, row): (u32, u32), tone: Tone, covered: f32) {
    let channels = pixels.channels();
    let count = channels.count();
    let at = (row as usize * pixels.width() as usize + column as usize) * count;
    let colours = if channels.has_alpha() { count - 1 } else { count };
    let mix = |sample: f32, channel: usize, largest: f32| {
        let target = if channel < colours { tone.share() } else { 1.0 };
        sample + covered * (target * largest - sample)
    };
    match pixels.samples_mut() {
        SamplesMut::Eight(samples) => {
            for (channel, sample) in samples[at..at + count].iter_mut().enumerate() {
                *sample = mix(f32::from(*sample), channel, 255.0).round() as u8;
            }
        }
        SamplesMut::Sixteen(samples) => {
            for (channel, sample) in samples[at..at + count].iter_mut().enumerate() {
                *sample = mix(f32::from(*sample), channel, 65_535.0).round() as u16;
            }
        }
    }
}

/// Relative luminance (WCAG 2.1) and opacity of a stored pixel, 0 to 1 both.
fn read(pixels: &Pixels, (column, row): (u32, u32)) -> (f32, f32) {
    let channels = pixels.channels();
    let count = channels.count();
    let at = (row as usize * pixels.width() as usize + column as usize) * count;
    let share = |channel: usize| match pixels.samples() {
        Samples::Eight(samples) => f32::from(samples[at + channel]) / 255.0,
        Samples::Sixteen(samples) => f32::from(samples[at + channel]) / 65_535.0,
    };
    let opacity = if channels.has_alpha() { share(count - 1) } else { 1.0 };
    let luminance = if count < 3 {
        linear(share(0))
    } else {
        0.2126 * linear(share(0)) + 0.7152 * linear(share(1)) + 0.0722 * linear(share(2))
    };
    (luminance, opacity)
}

/// An sRGB value as light (IEC 61966-2-1).
fn linear(value: f32) -> f32 {
    if value <= 0.040_45 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

/// WCAG 2.1's ratio, 1 to 21.
fn contrast(brighter: f32, darker: f32) -> f32 {
    (brighter + 0.05) / (darker + 0.05)
}

/// The contrast that a drawn label has: of its whole letters against the rest of its rectangle, at the worst pixel.
fn contrast_of(pixels: &Pixels, view: View, rectangle: Rectangle, ink: &Ink) -> f32 {
    let (mut letters, mut ground) = ((1.0f32, 0.0f32), (1.0f32, 0.0f32));
    for (at, covered) in ink.coverage.iter().enumerate() {
        let extremes = match *covered {
            0.99.. => &mut letters,
            ..0.01 => &mut ground,
            _ => continue,
        };
        let (luminance, _) = read(pixels, locate(view, rectangle, at));
        *extremes = (extremes.0.min(luminance), extremes.1.max(luminance));
    }
    let (letters_darkest, letters_brightest) = letters;
    let (darkest, brightest) = ground;
    if letters_darkest > letters_brightest || darkest > brightest {
        return 1.0;
    }
    contrast(letters_darkest, brightest).max(contrast(darkest, letters_brightest))
}
