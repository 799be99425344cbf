//! The visible label as typed, and as meant.

use clap::{Args, ValueEnum};
use touchmark::label::{Label, Language, Place, Text};

/// The label that people see, as typed.
#[derive(Debug, Args)]
pub struct LabelArgs {
    /// Draw a label that people see: these words, or without words "AI generated" in the disclosure's language. `AI生成`
    /// is what China asks for.
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = "")]
    pub label: Option<String>,
    /// Draw the acronym AI before the label's words; alone, where --label is not given.
    #[arg(long)]
    pub label_icon: bool,
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
    pub fn label(&self, named: bool, language: &str) -> Option<Label> {
        let words = match self.label.as_deref() {
            None if named && !self.label_icon => Some(""),
            typed => typed,
        };
        let text = words.map(|words| match words {
            "" => Text::Generated(Language::of_tag(language).unwrap_or_default()),
            words => Text::Custom(words.to_owned()),
        });
        (text.is_some() || self.label_icon).then(|| Label {
            text,
            icon: self.label_icon,
            place: self.label_place.into(),
        })
    }
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
