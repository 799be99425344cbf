//! What a stamp says only where it was asked to: terms for training and mining, and the prompt.

use std::fmt;

use serde_json::{Value, json};

use super::xml::first_forbidden;
use crate::error::Error;

/// What was asked for beyond the labels that every stamp carries. By default nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requests {
    /// Whether the picture may be used for training and mining: `cawg.training-mining` in the manifest.
    pub training_mining: Option<TrainingMining>,
    /// The prompt: IPTC's `AIPromptInformation` in XMP. It may tell about people, so nothing else brings it there.
    pub prompt: Option<Prompt>,
}

/// The prompt of a picture and who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What the system was told.
    pub text: RequestText,
    /// Who wrote it.
    pub writer: Option<RequestText>,
}

/// The terms for the four uses that CAWG Training and Data Mining 1.1 names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingMining {
    /// Analysing the picture to find patterns, trends and correlations.
    pub data_mining: Use,
    /// Giving it to a trained model as input.
    pub ai_inference: Use,
    /// Training a model that generates nothing.
    pub ai_training: Use,
    /// Training a generative model.
    pub ai_generative_training: Use,
}

/// Whether a use is permitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// It is.
    Allowed,
    /// It is not.
    NotAllowed,
    /// It is under conditions, which the text tells or leads to.
    Constrained(RequestText),
}

/// A text that was asked to be written: not blank, limited, of characters that XML can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestText(String);

/// Why a text cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestFault {
    /// It is empty or blank.
    Empty,
    /// It is longer than this many characters.
    TooLong(usize),
    /// It holds a character that no XML can hold (XML 1.0, 2.2).
    Characters,
}

/// The longest text, in characters: with four bytes a character it leaves room for the other labels in the 65,502
/// bytes that JPEG has for a packet (XMP part 3, 1.1.3).
const MAX_CHARACTERS: usize = 8_000;

impl RequestText {
    /// Checks a text.
    ///
    /// # Errors
    /// [`Error::Request`] for one that is blank, longer than 8,000 characters, or holds what XML cannot hold.
    pub fn new(text: impl Into<String>) -> Result<Self, Error> {
        let text = text.into();
        if text.trim().is_empty() {
            return Err(Error::Request(RequestFault::Empty));
        }
        if text.chars().nth(MAX_CHARACTERS).is_some() {
            return Err(Error::Request(RequestFault::TooLong(MAX_CHARACTERS)));
        }
        if first_forbidden(&text).is_some() {
            return Err(Error::Request(RequestFault::Characters));
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TrainingMining {
    /// The assertion's data (CAWG Training and Data Mining 1.1, 3).
    pub(crate) fn assertion(&self) -> Value {
        json!({ "entries": {
            "cawg.data_mining": self.data_mining.entry(),
            "cawg.ai_inference": self.ai_inference.entry(),
            "cawg.ai_training": self.ai_training.entry(),
            "cawg.ai_generative_training": self.ai_generative_training.entry(),
        } })
    }
}

impl Use {
    fn entry(&self) -> Value {
        match self {
            Self::Allowed => json!({ "use": "allowed" }),
            Self::NotAllowed => json!({ "use": "notAllowed" }),
            Self::Constrained(terms) => json!({ "use": "constrained", "constraint_info": terms.as_str() }),
        }
    }
}

impl fmt::Display for RequestFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::TooLong(limit) => write!(f, "is longer than {limit} characters"),
            Self::Characters => f.write_str("holds control characters that XML cannot hold"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_checked() {
        assert_eq!(
            RequestText::new("a cat\n\tin the sun").unwrap().as_str(),
            "a cat\n\tin the sun"
        );
        assert!(RequestText::new("𝄞".repeat(MAX_CHARACTERS)).is_ok());
        for (text, fault) in [
            (" \n".to_owned(), RequestFault::Empty),
            ("a".repeat(MAX_CHARACTERS + 1), RequestFault::TooLong(MAX_CHARACTERS)),
            ("a\u{1b}[2J".to_owned(), RequestFault::Characters),
            ("a\0".to_owned(), RequestFault::Characters),
            ("a\u{FFFE}".to_owned(), RequestFault::Characters),
        ] {
            assert!(matches!(RequestText::new(text), Err(Error::Request(found)) if found == fault));
        }
    }

    #[test]
    fn the_four_uses_are_named_as_cawg_names_them() {
        let terms = TrainingMining {
            data_mining: Use::Allowed,
            ai_inference: Use::Constrained(RequestText::new("ask us").unwrap()),
            ai_training: Use::NotAllowed,
            ai_generative_training: Use::NotAllowed,
        };
        assert_eq!(
            terms.assertion(),
            json!({ "entries": {
                "cawg.data_mining": { "use": "allowed" },
                "cawg.ai_inference": { "use": "constrained", "constraint_info": "ask us" },
                "cawg.ai_training": { "use": "notAllowed" },
                "cawg.ai_generative_training": { "use": "notAllowed" },
            } })
        );
    }
}
