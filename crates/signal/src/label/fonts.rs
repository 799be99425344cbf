//! The label's fonts, cut out of Noto (`assets/subset.py`), and the way from words to shaped glyphs.

use rustybuzz::ttf_parser::GlyphId;
use rustybuzz::{Direction, Face, UnicodeBuffer};

/// The fonts' bytes, in the order in which a character is looked for, each with the letter whose height counts as that
/// of its capitals.
const FILES: [(&[u8], char); 4] = [
    (include_bytes!("../../assets/latin.ttf"), 'A'),
    (include_bytes!("../../assets/arabic.ttf"), 'ا'),
    (include_bytes!("../../assets/devanagari.ttf"), 'क'),
    (include_bytes!("../../assets/east-asian.otf"), '生'),
];

/// The fonts, parsed.
pub(super) struct Fonts {
    faces: Vec<(Face<'static>, char)>,
}

/// Part of a line in one font, shaped; in ems, from the left.
pub(super) struct Run<'a> {
    pub(super) face: &'a Face<'static>,
    pub(super) glyphs: Vec<Glyph>,
    /// Of the whole run.
    pub(super) advance: f32,
}

/// A glyph and where its origin lies, in ems to the right of the run's origin and above the baseline.
pub(super) struct Glyph {
    pub(super) id: GlyphId,
    pub(super) x: f32,
    pub(super) y: f32,
}

/// The characters that no font has, each once.
pub(super) fn missing(words: &str) -> Vec<char> {
    let fonts = Fonts::parse();
    let mut missing = Vec::new();
    for character in words.chars() {
        if fonts.font_of(character, None).is_none() && !missing.contains(&character) {
            missing.push(character);
        }
    }
    missing
}

impl Fonts {
    pub(super) fn parse() -> Self {
        let parsed = FILES.into_iter().filter_map(|(bytes, letter)| {
            let face = Face::from_slice(bytes, 0)?;
            Some((face, letter))
        });
        Self {
            faces: parsed.collect(),
        }
    }

    /// The font for a character: the one that the text before it uses, where that has it.
    fn font_of(&self, character: char, before: Option<usize>) -> Option<usize> {
        let has = |font: &usize| self.faces[*font].0.glyph_index(character).is_some();
        // Spaces, digits and marks are in several fonts and belong to what surrounds them; letters are not.
        before
            .filter(|font| !character.is_ascii_alphabetic() && has(font))
            .or_else(|| (0..self.faces.len()).find(has))
    }

    /// A line as runs from left to right. Every character must be in a font. A line that begins in Arabic has its runs from
    /// right to left: enough for a few foreign words in a label.
    pub(super) fn shape(&self, line: &str) -> Vec<Run<'_>> {
        let mut parts: Vec<(usize, String)> = Vec::new();
        for character in line.chars() {
            let before = parts.last().map(|(font, _)| *font);
            let Some(font) = self.font_of(character, before) else {
                continue;
            };
            match parts.last_mut() {
                Some((last, part)) if *last == font => part.push(character),
                _ => parts.push((font, character.to_string())),
            }
        }
        let mut runs: Vec<(Run<'_>, Direction)> =
            parts.iter().map(|(font, part)| self.shape_run(*font, part)).collect();
        if matches!(runs.first(), Some((_, Direction::RightToLeft))) {
            runs.reverse();
        }
        runs.into_iter().map(|(run, _)| run).collect()
    }

    fn shape_run(&self, font: usize, text: &str) -> (Run<'_>, Direction) {
        let face = &self.faces[font].0;
        let em = face.units_per_em() as f32;
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let direction = buffer.direction();
        let shaped = rustybuzz::shape(face, &[], buffer);
        let mut pen = (0.0, 0.0);
        let pairs = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
        let glyphs = pairs.map(|(info, position)| {
            let glyph = Glyph {
                // Shaping works on 16-bit indices, whatever the type of the field.
                id: GlyphId(u16::try_from(info.glyph_id).unwrap_or(0)),
                x: pen.0 + position.x_offset as f32 / em,
                y: pen.1 + position.y_offset as f32 / em,
            };
            pen.0 += position.x_advance as f32 / em;
            pen.1 += position.y_advance as f32 / em;
            glyph
        });
        let glyphs = glyphs.collect();
        (
            Run {
                face,
                glyphs,
                advance: pen.0,
            },
            direction,
        )
    }

    /// Height in ems of the lowest letters that count as capitals, among the fonts that the lines use.
    pub(super) fn letter_height(&self, lines: &[String]) -> f32 {
        let characters = lines.iter().flat_map(|line| line.chars());
        let used = characters.filter_map(|character| self.font_of(character, None));
        let heights = used.filter_map(|font| {
            let (face, letter) = &self.faces[font];
            let bounds = face.glyph_bounding_box(face.glyph_index(*letter)?)?;
            Some((bounds.y_max - bounds.y_min) as f32 / face.units_per_em() as f32)
        });
        heights.fold(f32::INFINITY, f32::min)
    }
}
