//! The page's catalogue: touchmark's own sentences, one Fluent file a language.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// A language in which the page is written, touchmark's reviewed texts included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PageLanguage {
    /// English.
    English,
    /// German.
    German,
}

impl PageLanguage {
    /// Every language of the catalogue.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The language of this tag, dialects included.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let wanted = super::super::values::primary(tag);
        Self::ALL.into_iter().find(|language| language.tag() == wanted)
    }

    /// The words of this message. An id that the catalogue lacks comes back as it is, so that nothing is lost; a test
    /// holds every catalogue to the same ids.
    pub(super) fn say(self, id: &str) -> String {
        self.say_with(id, [])
    }

    /// The words of this message with its variables filled in.
    pub(super) fn say_with<'a, const N: usize>(self, id: &str, variables: [(&'a str, FluentValue<'a>); N]) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let arguments: FluentArgs<'_> = variables.into_iter().collect();
        bundle
            .format_pattern(pattern, Some(&arguments), &mut Vec::new())
            .into_owned()
    }

    /// touchmark's reviewed sentences for these readers, in order.
    pub(super) fn reviewed(self, readers: Readers) -> Vec<String> {
        (1..)
            .map(|number| format!("{}-{number}", readers.id()))
            .take_while(|id| self.bundle().has_message(id))
            .map(|id| self.say(&id))
            .collect()
    }

    fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("words/en.ftl"),
            Self::German => include_str!("words/de.ftl"),
        }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static BUNDLES: [OnceLock<FluentBundle<FluentResource>>; 2] = [const { OnceLock::new() }; 2];
        let [english, german] = &BUNDLES;
        let cell = match self {
            Self::English => english,
            Self::German => german,
        };
        cell.get_or_init(|| {
            // A catalogue with errors still yields its good messages; a test holds it to none.
            let resource = match FluentResource::try_new(self.source().to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            let mut bundle = FluentBundle::new_concurrent(self.tag().parse().into_iter().collect());
            // Names of any script stand inside these sentences: isolated, they reorder nothing around them (UAX #9, 2.4).
            bundle.set_use_isolating(true);
            bundle.add_resource_overriding(resource);
            bundle
        })
    }
}

/// Whom a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    Children,
    Parents,
    Teachers,
}

impl Readers {
    /// The id of their heading, and the start of the ids of their sentences.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Children => "child",
            Self::Parents => "parent",
            Self::Teachers => "teacher",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::disclosure::lix;

    fn ids(language: PageLanguage) -> BTreeSet<String> {
        assert!(
            FluentResource::try_new(language.source().to_owned()).is_ok(),
            "{}",
            language.tag()
        );
        let lines = language.source().lines();
        lines
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| Some(line.split_once(" =")?.0.to_owned()))
            .collect()
    }

    #[test]
    fn every_catalogue_has_the_same_ids() {
        for language in PageLanguage::ALL {
            assert_eq!(ids(language), ids(PageLanguage::English), "{}", language.tag());
            assert_eq!(PageLanguage::from_tag(language.tag()), Some(language));
        }
        assert_eq!(PageLanguage::from_tag("de-AT"), Some(PageLanguage::German));
        assert_eq!(PageLanguage::from_tag("fr"), None);
    }

    #[test]
    fn the_reviewed_texts_keep_to_their_reading_levels() {
        for language in PageLanguage::ALL {
            for (readers, most) in [(Readers::Children, 30), (Readers::Parents, 50), (Readers::Teachers, 50)] {
                let text = language.reviewed(readers).join(" ");
                let level = lix(&text).unwrap();
                assert!(level <= most, "{} {readers:?}: LIX {level}", language.tag());
            }
        }
    }

    #[test]
    fn the_reviewed_texts_say_what_they_must() {
        let says = |language: PageLanguage, readers, sentences: &[&str]| {
            let text = language.reviewed(readers).join(" ").to_lowercase();
            for sentence in sentences {
                assert!(text.contains(sentence), "{} {readers:?}: {sentence}", language.tag());
            }
        };
        for readers in [Readers::Children, Readers::Parents, Readers::Teachers] {
            says(
                PageLanguage::English,
                readers,
                &["did nothing wrong", "do not forward or save it"],
            );
            says(
                PageLanguage::German,
                readers,
                &["nichts falsch gemacht", "nicht weiter und speicher"],
            );
        }
    }

    #[test]
    fn no_sentence_promises_what_nobody_can_know() {
        for language in PageLanguage::ALL {
            for line in language.source().lines().filter(|line| !line.starts_with('#')) {
                let line = line.to_lowercase();
                for word in [
                    "authenti", "genuine", "fake", " safe ", "proven", "verified", "✓", "echt ", "fälsch", "bewiesen",
                    "geprüft",
                ] {
                    assert!(!line.contains(word), "{word:?} in {line:?}");
                }
            }
        }
    }
}
