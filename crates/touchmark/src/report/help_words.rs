//! The words around touchmark's own directory of help, for who shows it without a report.

use super::text;
use super::words::{Language, Words};
use crate::help::{Country, HelpLine};

/// The sentences around the directory, in one language.
#[derive(Debug, Clone)]
pub struct HelpSays {
    words: Words,
    /// What to know first.
    pub lead: String,
    /// Which command shows the directory, for who has no report.
    pub command: String,
    /// What the directory is worth.
    pub note: String,
    /// The heading of services for everywhere.
    pub everywhere: String,
}

/// The sentences around the directory.
pub fn help_says(language: Language) -> HelpSays {
    let words = Words::plain(language);
    HelpSays {
        words,
        lead: words.say("help-lead"),
        command: words.say("help-command"),
        note: words.say("help-note"),
        everywhere: words.say("help-everywhere"),
    }
}

impl HelpSays {
    /// What a service does.
    pub fn of(&self, entry: &HelpLine) -> String {
        self.words.say(&text::help_message(entry.kind, entry.readers))
    }

    /// That there is no entry for this country alone.
    pub fn none_for(&self, country: Country) -> String {
        self.words.say_with("help-no-country", &[("country", country.code())])
    }

    /// The day as of which the directory was put together.
    pub fn dated(&self, date: &str) -> String {
        self.words.say_with("help-dated", &[("date", date)])
    }
}
