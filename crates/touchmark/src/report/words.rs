//! The catalogue: every sentence a report says, from one Fluent file a language.

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use schemars::JsonSchema;
use serde::Serialize;

use super::untrusted::unquoted;

/// A language that reports are meant to speak. English and German have a catalogue; the others fall back to English until
/// theirs is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, JsonSchema)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
    /// French.
    #[serde(rename = "fr")]
    French,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
    /// Portuguese.
    #[serde(rename = "pt")]
    Portuguese,
    /// Chinese.
    #[serde(rename = "zh")]
    Chinese,
    /// Japanese.
    #[serde(rename = "ja")]
    Japanese,
    /// Arabic.
    #[serde(rename = "ar")]
    Arabic,
}

/// What is fixed about a language. To add a catalogue: write `words/TAG.ftl` with the ids of `en.ftl`, and name it here.
struct Row {
    language: Language,
    tag: &'static str,
    autonym: &'static str,
    right_to_left: bool,
    catalogue: Option<&'static str>,
}

const ROWS: [Row; 8] = [
    row(Language::English, "en", "English", Some(include_str!("words/en.ftl"))),
    row(Language::German, "de", "Deutsch", Some(include_str!("words/de.ftl"))),
    row(Language::French, "fr", "Français", None),
    row(Language::Spanish, "es", "Español", None),
    row(Language::Portuguese, "pt", "Português", None),
    row(Language::Chinese, "zh", "中文", None),
    row(Language::Japanese, "ja", "日本語", None),
    Row {
        right_to_left: true,
        ..row(Language::Arabic, "ar", "العربية", None)
    },
];

const fn row(language: Language, tag: &'static str, autonym: &'static str, catalogue: Option<&'static str>) -> Row {
    Row {
        language,
        tag,
        autonym,
        right_to_left: false,
        catalogue,
    }
}

impl Language {
    /// Every language, in the order of the table.
    pub const ALL: [Self; 8] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Portuguese,
        Self::Chinese,
        Self::Japanese,
        Self::Arabic,
    ];

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        self.row().tag
    }

    /// What it calls itself.
    pub fn autonym(self) -> &'static str {
        self.row().autonym
    }

    /// Whether it is written from right to left.
    pub fn is_right_to_left(self) -> bool {
        self.row().right_to_left
    }

    /// Whether it has a catalogue.
    pub fn is_written(self) -> bool {
        self.row().catalogue.is_some()
    }

    /// The language in which a report asked for in this one speaks: itself, or English where it has no catalogue.
    pub fn spoken(self) -> Self {
        if self.is_written() { self } else { Self::English }
    }

    /// The language of this tag, dialects included.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    fn row(self) -> &'static Row {
        // A test holds the table to every variant.
        ROWS.iter().find(|row| row.language == self).unwrap_or(&ROWS[0])
    }
}

/// The words of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words {
    language: Language,
    isolating: bool,
}

impl Words {
    /// Words for a terminal and for JSON.
    pub(super) fn plain(language: Language) -> Self {
        Self {
            language: language.spoken(),
            isolating: false,
        }
    }

    /// Words for a page: what is filled in stands between isolation marks, so that names of any script reorder nothing
    /// around them (UAX #9, 2.4).
    pub(super) fn isolating(language: Language) -> Self {
        Self {
            isolating: true,
            ..Self::plain(language)
        }
    }

    /// The language that they are of.
    pub(super) fn language(self) -> Language {
        self.language
    }

    /// The words of this message. An id that the catalogue lacks is said in English; one that no catalogue has comes back
    /// as it is, so that nothing is lost. A test holds the catalogues to every id in use.
    pub(super) fn say(self, id: &str) -> String {
        self.say_with(id, &[])
    }

    /// The words of this message with its variables filled in. Values from files must be made visible before; quotation marks
    /// in them become apostrophes, so that none ends where we do not.
    pub(super) fn say_with(self, id: &str, variables: &[(&'static str, &str)]) -> String {
        let unquoted: Vec<_> = variables.iter().map(|(name, value)| (*name, unquoted(value))).collect();
        let variables: Vec<_> = unquoted.iter().map(|(name, value)| (*name, value.as_ref())).collect();
        self.combine(id, &variables)
    }

    /// The words of this message with others that the catalogue said filled in.
    pub(super) fn combine(self, id: &str, variables: &[(&'static str, &str)]) -> String {
        let known = [self.language, Language::English]
            .into_iter()
            .find_map(|language| Some((bundle(language), bundle(language).get_message(id)?.value()?)));
        let Some((bundle, pattern)) = known else {
            return id.to_owned();
        };
        let arguments: FluentArgs<'_> = variables
            .iter()
            .map(|(name, value)| (*name, self.filled_in(value)))
            .collect();
        bundle
            .format_pattern(pattern, Some(&arguments), &mut Vec::new())
            .into_owned()
    }

    fn filled_in(self, value: &str) -> Cow<'_, str> {
        match self.isolating {
            true => Cow::Owned(format!("\u{2068}{value}\u{2069}")),
            false => Cow::Owned(value.to_owned()),
        }
    }
}

fn bundle(language: Language) -> &'static FluentBundle<FluentResource> {
    static BUNDLES: [OnceLock<FluentBundle<FluentResource>>; ROWS.len()] = [const { OnceLock::new() }; ROWS.len()];
    let row = language.row();
    let cell = BUNDLES.get(language as usize).unwrap_or(&BUNDLES[0]);
    cell.get_or_init(|| {
        // A catalogue with errors still yields its good messages; a test holds each to none.
        let source = row.catalogue.unwrap_or_default().to_owned();
        let resource = match FluentResource::try_new(source) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        let mut bundle = FluentBundle::new_concurrent(row.tag.parse().into_iter().collect());
        // Isolation is added where it is wanted: on a terminal the marks are invisible characters.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        bundle
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::evidence::Rule;

    fn catalogues() -> impl Iterator<Item = (&'static str, &'static str)> {
        ROWS.iter().filter_map(|row| Some((row.tag, row.catalogue?)))
    }

    /// Each id with the variables of its message.
    fn ids(catalogue: &str) -> BTreeMap<String, BTreeSet<String>> {
        let lines = catalogue
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        lines
            .map(|line| {
                let (id, words) = line.split_once(" = ").unwrap_or_else(|| panic!("{line}"));
                let variables = words.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next());
                (id.to_owned(), variables.map(str::to_owned).collect())
            })
            .collect()
    }

    #[test]
    fn the_table_is_in_order() {
        for (index, language) in Language::ALL.into_iter().enumerate() {
            assert_eq!((ROWS[index].language, language as usize), (language, index));
            assert_eq!(Language::from_tag(language.tag()), Some(language));
            assert_eq!(serde_json::to_value(language).unwrap(), language.tag());
        }
        assert_eq!(Language::from_tag("de_AT.UTF-8"), Some(Language::German));
        assert_eq!(Language::from_tag("tlh"), None);
        let right_to_left: Vec<_> = Language::ALL
            .into_iter()
            .filter(|language| language.is_right_to_left())
            .collect();
        assert_eq!(right_to_left, [Language::Arabic]);
    }

    #[test]
    fn every_catalogue_has_the_same_ids_and_variables() {
        let english = ids(ROWS[0].catalogue.unwrap());
        for (tag, catalogue) in catalogues() {
            FluentResource::try_new(catalogue.to_owned()).unwrap_or_else(|(_, errors)| panic!("{tag}: {errors:?}"));
            let found = ids(catalogue);
            let missing: Vec<_> = english.keys().filter(|id| !found.contains_key(*id)).collect();
            let unknown: Vec<_> = found.keys().filter(|id| !english.contains_key(*id)).collect();
            assert!(
                missing.is_empty() && unknown.is_empty(),
                "{tag}: missing {missing:?}, unknown {unknown:?}"
            );
            for (id, variables) in &english {
                assert_eq!(&found[id], variables, "{tag}: {id}");
            }
        }
        assert_eq!(catalogues().count(), 2);
    }

    #[test]
    fn a_language_without_words_speaks_english() {
        let arabic = Words::plain(Language::Arabic);
        assert_eq!(arabic.language(), Language::English);
        assert_eq!(arabic.say("question-mark"), "Is there a mark?");
        assert_eq!(Words::plain(Language::German).say("no-such-id"), "no-such-id");
    }

    #[test]
    fn every_rule_has_words() {
        for rule in Rule::ALL {
            let id = super::super::text::rule_message(rule.id());
            for (tag, catalogue) in catalogues() {
                assert!(ids(catalogue).contains_key(&id), "{tag}: no words for {id}");
            }
        }
    }

    #[test]
    fn names_on_a_page_are_isolated() {
        let said = Words::isolating(Language::English).say_with("who-unknown", &[("name", "صورة")]);
        assert!(said.contains("\u{2068}صورة\u{2069}"), "{said}");
        let said = Words::plain(Language::English).say_with("who-unknown", &[("name", "صورة")]);
        assert!(!said.contains('\u{2068}'), "{said}");
    }

    #[test]
    fn no_sentence_promises_what_nobody_can_know() {
        for (tag, catalogue) in catalogues() {
            for line in catalogue.lines().filter(|line| !line.starts_with('#')) {
                let line = line.to_lowercase();
                for word in [
                    "authenti",
                    "genuine",
                    "fake",
                    " safe",
                    "proven",
                    "verified",
                    "✓",
                    " echt",
                    "gefälscht",
                    "fälschung",
                    "bewiesen",
                    " sicher ",
                    "verifiziert",
                ] {
                    assert!(!line.contains(word), "{tag}: {word:?} in {line:?}");
                }
                // "real" only in the fixed line about real persons (interface.md, Words).
                assert!(
                    !line.replace("no real person", "").contains(" real "),
                    "{tag}: {line:?}"
                );
            }
        }
    }
}
