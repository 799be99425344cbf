//! The visible label as typed, and as meant.

use clap::{Args, ValueEnum};
use touchmark::label::{Label, Language, Place, Text};

use crate::failure::{Code, Failure};

/// The label that people see, as typed.
#[derive(Debug, Args)]
pub struct LabelArgs {
    /// Draw a label that people see: these words, or without words "AI generated" in the disclosure's language.
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = "")]
    pub label: Option<String>,
    /// Draw the acronym AI before the label's words; alone, where --label is not given.
    #[arg(long)]
    pub label_icon: bool,
    /// Add `AI生成` to the ready words, as China asks.
    #[arg(long)]
    pub label_chinese: bool,
    /// Where the label stands: `top-left`, `top`, `top-right`, `left`, `right`, `bottom-left`, `bottom` or `bottom-right`.
    #[arg(long, value_enum, value_name = "PLACE", default_value_t = PlaceWord::TopRight, hide_possible_values = true)]
    pub label_place: PlaceWord,
}

/// Where a label stands, in the picture as it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlaceWord {
    TopLeft,
    Top,
    TopRight,
    Left,
    Right,
    BottomLeft,
    Bottom,
    BottomRight,
}

impl LabelArgs {
    /// The label, where one is wanted; `named` says whether the layers name one.
    pub fn label(&self, named: bool, language: &str) -> Result<Option<Label>, Failure> {
        let words = match self.label.as_deref() {
            None if self.label_chinese || (named && !self.label_icon) => Some(""),
            typed => typed,
        };
        let text = match words {
            None => None,
            Some("") => {
                let spoken = Language::ALL.into_iter().find(|known| known.tag() == primary(language));
                let spoken = spoken.unwrap_or_default();
                Some(match self.label_chinese {
                    true => Text::with_chinese(spoken),
                    false => Text::ready(spoken),
                })
            }
            Some(words) => {
                Some(Text::own(words).map_err(|why| Failure::new(Code::Label, "draw the label").because(why))?)
            }
        };
        Ok((text.is_some() || self.label_icon).then(|| Label {
            text,
            icon: self.label_icon,
            place: self.label_place.into(),
        }))
    }
}

/// The language of a BCP 47 tag, without region and script.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

impl From<PlaceWord> for Place {
    fn from(word: PlaceWord) -> Self {
        match word {
            PlaceWord::TopLeft => Self::TopLeft,
            PlaceWord::Top => Self::Top,
            PlaceWord::TopRight => Self::TopRight,
            PlaceWord::Left => Self::Left,
            PlaceWord::Right => Self::Right,
            PlaceWord::BottomLeft => Self::BottomLeft,
            PlaceWord::Bottom => Self::Bottom,
            PlaceWord::BottomRight => Self::BottomRight,
        }
    }
}
