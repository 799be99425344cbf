//! What the labels of a picture say, as plain data: each label with its place, its writer as far as the tables tell, and
//! what could not be read. The words are the file's and stay untrusted until a renderer has escaped them.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};
use touchmark_image::{Place, Unread};

use super::fields::{AIGC_TEXT, of_keyword};
use super::table::Table;
use crate::manifest::SourceType;
use crate::metadata::labels::Label;
use crate::metadata::{Part, XmpFault};

/// The unsigned labels of a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MetadataFinding {
    /// Each label in the order of the file; behind them imitations of credentials and the camera. Where there are more than
    /// 128, the weightiest of them, weightiest first. Whoever looks at the pixels too adds what they hold.
    pub labels: Vec<FoundLabel>,
    /// What was not read to its end, and why.
    pub unread: Vec<NotRead>,
    /// Whether the file ends before its format says that it does: labels may be missing too.
    pub is_cut_off: bool,
    /// Bytes behind the end of the picture, where they are more than zeros and blanks; not told of a JPEG that ends as one does.
    pub behind_end: usize,
    /// Whether the checksum beside a manifest store is not the one of its bytes.
    pub is_store_checksum_wrong: bool,
}

/// One label. Anyone can write any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundLabel {
    /// What kind of label it is, a stable id such as `iptc.digital-source-type` or `a1111.parameters`.
    pub signal: &'static str,
    /// Where the block stands that holds it.
    pub place: Place,
    /// The field within that block, such as `EXIF UserComment`; empty where the block is the field.
    pub field: Cow<'static, str>,
    /// What it says about generative AI.
    pub says: Says,
    /// The source type that it names, where it names one.
    pub source_type: Option<String>,
    /// Who wrote it, as far as its form tells.
    pub writer: Option<Writer>,
    /// The system that it names, in the file's words, or by a code that is known; at most 256 characters.
    pub system: Option<String>,
    /// Who provides the system, in the file's words, where it names no system that is known; at most 256 characters.
    pub provider: Option<String>,
    /// What it says, in the file's words, at most 256 characters; never a prompt.
    pub value: Option<String>,
    /// The prompt in it.
    pub prompt: Option<PromptText>,
}

/// What a label says about generative AI, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Says {
    /// Nothing about it.
    Nothing,
    /// Another origin, such as a camera.
    OtherOrigin,
    /// It may have been used.
    Possible,
    /// It made a part, or it leaves open how much.
    Part,
    /// It made all of it.
    Whole,
}

/// Who wrote a label, as far as its form tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Writer {
    /// Its name in our table.
    pub name: &'static str,
    /// Whether others run it.
    pub kind: WriterKind,
}

/// Who runs a program that writes labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WriterKind {
    /// A service that makes pictures for others.
    Service,
    /// A program that people run themselves.
    FrontEnd,
}

/// A part of the metadata that was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotRead {
    /// Where it stands.
    pub place: Place,
    /// Why.
    pub why: NotReadWhy,
}

/// Why a part of the metadata was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotReadWhy {
    /// Its wrapping.
    Block(Unread),
    /// Its XMP.
    Xmp(Part, XmpFault),
    /// An EXIF block is damaged.
    Exif,
    /// Datasets of IPTC-IIM are damaged.
    Iptc,
    /// There are more labels than are listed.
    TooManyLabels(usize),
}

/// A prompt: what someone typed. Counted, and shown only where the caller asks for it.
#[derive(Clone, PartialEq, Eq)]
pub struct PromptText {
    characters: usize,
    text: Option<Box<str>>,
}

/// What becomes of prompts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Prompts {
    /// They are counted.
    #[default]
    Count,
    /// They are kept as text, at most 10,000 characters each.
    Keep,
}

impl MetadataFinding {
    /// The strongest thing that is said about generative AI; `None` where there are no labels.
    pub fn says(&self) -> Option<Says> {
        self.labels.iter().map(|label| label.says).max()
    }

    /// The labels of this kind.
    pub fn of(&self, signal: &str) -> impl Iterator<Item = &FoundLabel> {
        self.labels.iter().filter(move |label| label.signal == signal)
    }
}

impl FoundLabel {
    /// Where it was found, in words, such as `JPEG APP1 segment Exif, EXIF UserComment`. Keywords in it are the file's.
    pub fn found_in(&self) -> String {
        match self.field.as_ref() {
            "" => self.place.to_string(),
            field => format!("{}, {field}", self.place),
        }
    }

    /// The same without what only the file calls so: no word of a stranger's stands among ours.
    pub fn found_in_by_known_names(&self) -> String {
        let place = by_known_names(&self.place);
        match (place.as_ref(), self.field.as_ref()) {
            (_, "") => place.to_string(),
            // The keyword of a text in a film, or a property's name.
            (Place::Box { .. }, field) if !is_known_name(field) => place.to_string(),
            (_, field) => format!("{place}, {field}"),
        }
    }
}

impl NotRead {
    /// Where it stands, without what only the file calls so.
    pub fn found_in_by_known_names(&self) -> String {
        by_known_names(&self.place).to_string()
    }
}

fn by_known_names(place: &Place) -> Cow<'_, Place> {
    match place.keyword().is_none_or(is_known_name) {
        true => Cow::Borrowed(place),
        false => Cow::Owned(place.without_keyword()),
    }
}

/// Whether a keyword or a property has this name in touchmark's tables or in the standard: others are words of the file.
fn is_known_name(name: &str) -> bool {
    /// Of PNG itself (PNG, 11.3.3.2), of XMP in it (XMP part 3, 1.1.5), and what ImageMagick names profiles.
    const OF_PNG: [&str; 16] = [
        "Title",
        "Author",
        "Description",
        "Copyright",
        "Creation Time",
        "Software",
        "Disclaimer",
        "Warning",
        "Source",
        "Comment",
        "XML:com.adobe.xmp",
        "Raw profile type exif",
        "Raw profile type iptc",
        "Raw profile type 8bim",
        "Raw profile type xmp",
        "Raw profile type APP1",
    ];
    let table = Table::get();
    name.is_empty()
        || OF_PNG.contains(&name)
        || Label::ALL.iter().any(|label| label.to_string() == name)
        || of_keyword(name) == AIGC_TEXT
        || table.wants(&of_keyword(name))
        || ["xmp", "samsung"]
            .into_iter()
            .any(|kind| table.wants(&format!("{kind}:{name}")))
}

impl Says {
    pub(super) fn of(source_type: SourceType) -> Self {
        match source_type {
            SourceType::Other => Self::OtherOrigin,
            SourceType::PossiblyGenerative => Self::Possible,
            SourceType::PartlyGenerative => Self::Part,
            SourceType::Generative => Self::Whole,
        }
    }

    /// The word that stands for it in reports and tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::OtherOrigin => "other_origin",
            Self::Possible => "possible",
            Self::Part => "part",
            Self::Whole => "whole",
        }
    }

    /// Whether it says that generative AI had a part in it.
    pub fn is_ai(self) -> bool {
        matches!(self, Self::Part | Self::Whole)
    }
}

impl WriterKind {
    /// The word that stands for it in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::FrontEnd => "front_end",
        }
    }
}

/// The longest prompt that is kept, in characters.
const MAX_PROMPT: usize = 10_000;

impl PromptText {
    pub(super) fn new(text: &str, prompts: Prompts) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self {
            characters: text.chars().count(),
            text: match prompts {
                Prompts::Count => None,
                Prompts::Keep => Some(text.chars().take(MAX_PROMPT).collect::<String>().into()),
            },
        })
    }

    /// How many characters it has.
    pub fn characters(&self) -> usize {
        self.characters
    }

    /// The text, where it was asked for ([`Prompts::Keep`]).
    pub fn reveal(&self) -> Option<&str> {
        self.text.as_deref()
    }
}

/// Never the text, so that no log has it.
impl fmt::Debug for PromptText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PromptText({} characters)", self.characters)
    }
}

/// The number of characters.
impl Serialize for PromptText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.characters as u64)
    }
}

impl fmt::Display for NotReadWhy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block(why) => why.fmt(f),
            Self::Xmp(part, fault) => write!(f, "the {part} {fault}"),
            Self::Exif => f.write_str("its EXIF is damaged"),
            Self::Iptc => f.write_str("its IPTC datasets are damaged"),
            Self::TooManyLabels(limit) => write!(f, "it has more than {limit} labels"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_is_counted_and_not_shown() {
        let secret = "a person by name";
        for prompts in [Prompts::Count, Prompts::Keep] {
            let prompt = PromptText::new(secret, prompts).unwrap();
            assert_eq!(format!("{prompt:?}"), "PromptText(16 characters)");
            assert_eq!(serde_json::to_string(&prompt).unwrap(), "16");
            assert_eq!(prompt.reveal(), (prompts == Prompts::Keep).then_some(secret));
        }
        assert_eq!(PromptText::new(" \n", Prompts::Keep), None);
    }
}
