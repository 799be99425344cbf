//! The visible label: words or the acronym "AI" in the picture itself, as tall as the strictest rule asks and always in
//! enough contrast. What it looks like is decided here; what it means is for the manifest to say.

mod draw;
mod fonts;
mod ink;
mod words;

#[cfg(test)]
mod laws;

use std::fmt;

pub use draw::draw;
pub use words::{Language, Text};

/// What a label shows, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The words.
    pub text: Option<Text>,
    /// Whether the acronym "AI" stands before the words, or alone: framed capitals of one height, as the European Union's
    /// Code of Practice on marking and labelling (2026, section 2) describes its basic icon.
    pub icon: bool,
    /// Where.
    pub place: Place,
}

impl Label {
    /// What the label says, for a record: its words, or the acronym where it has none.
    pub fn words(&self) -> String {
        self.text.as_ref().map_or_else(|| "AI".to_owned(), Text::words)
    }
}

/// Corners and edges of a picture as it is looked at (GB 45438-2025, 5.2, asks for one of them).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Place {
    /// The corner at the top left.
    TopLeft,
    /// The middle of the upper edge.
    Top,
    /// The corner at the top right, the Code's example.
    #[default]
    TopRight,
    /// The middle of the left edge.
    Left,
    /// The middle of the right edge.
    Right,
    /// The corner at the bottom left.
    BottomLeft,
    /// The middle of the lower edge.
    Bottom,
    /// The corner at the bottom right.
    BottomRight,
}

/// Where a label was drawn, and how well it can be seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawn {
    /// All that belongs to the label.
    pub rectangle: Rectangle,
    /// Height of its capitals in pixels: at least 5 % of the picture's shortest side.
    pub letter_height: u32,
    /// Contrast ratio of WCAG 2.1, 4.5 to 21: the letters against what lies around them in the picture, at its worst pixel.
    pub contrast: f32,
    /// Whether a plate was laid under the letters, because the picture would have left too little contrast.
    pub plate: bool,
}

/// A rectangle in a picture as it is looked at, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rectangle {
    /// Columns to the left of it.
    pub x: u32,
    /// Rows above it.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// Why a label was not drawn; the picture is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Neither words nor the icon were asked for.
    Empty,
    /// More characters than a label holds.
    TooLong {
        /// Characters that were given.
        found: usize,
        /// Characters that are allowed.
        allowed: usize,
    },
    /// The label's fonts have no form for these characters, each named once.
    Missing(Vec<char>),
    /// The label at its smallest permitted size is larger than the picture, in pixels as looked at.
    TooSmall {
        /// Width and height of the picture.
        picture: (u32, u32),
        /// Width and height that this label needs.
        needed: (u32, u32),
    },
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the label has neither words nor the icon"),
            Self::TooLong { found, allowed } => {
                write!(f, "the label has {found} characters, over the limit of {allowed}")
            }
            Self::Missing(characters) => {
                f.write_str("the label's fonts lack")?;
                let mut separator = " ";
                for character in characters {
                    write!(
                        f,
                        "{separator}{} (U+{:04X})",
                        character.escape_debug(),
                        u32::from(*character)
                    )?;
                    separator = ", ";
                }
                Ok(())
            }
            Self::TooSmall {
                picture: (width, height),
                needed: (wide, high),
            } => write!(
                f,
                "the picture of {width} by {height} pixels is too small for the label, which needs {wide} by {high}"
            ),
        }
    }
}
