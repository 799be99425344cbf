//! The catalogue: every sentence a report says, from one Fluent file a language.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

/// The language of the catalogue, a BCP 47 tag.
pub(super) const LANGUAGE: &str = "en";

const ENGLISH: &str = include_str!("words/en.ftl");

/// The words of this message. An id that the catalogue lacks comes back as it is, so that nothing is lost; a test
/// holds the catalogue to every id in use.
pub(super) fn say(id: &str) -> String {
    say_with(id, &[])
}

/// The words of this message with its variables filled in. Values from files must be made visible before.
pub(super) fn say_with(id: &str, variables: &[(&'static str, &str)]) -> String {
    let bundle = bundle();
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        return id.to_owned();
    };
    let arguments: FluentArgs<'_> = variables.iter().map(|(name, value)| (*name, *value)).collect();
    bundle
        .format_pattern(pattern, Some(&arguments), &mut Vec::new())
        .into_owned()
}

fn bundle() -> &'static FluentBundle<FluentResource> {
    static BUNDLE: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    BUNDLE.get_or_init(|| {
        // A catalogue with errors still yields its good messages; a test holds it to none.
        let resource = match FluentResource::try_new(ENGLISH.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        let mut bundle = FluentBundle::new_concurrent(LANGUAGE.parse().into_iter().collect());
        // Isolation marks are invisible characters; untrusted text has none that reorders (see `untrusted`).
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        bundle
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Rule;

    #[test]
    fn the_catalogue_parses() {
        FluentResource::try_new(ENGLISH.to_owned()).unwrap();
    }

    #[test]
    fn every_rule_has_words() {
        for rule in Rule::ALL {
            let id = super::super::build::rule_message(*rule);
            assert_ne!(say(&id), id, "no words for {id}");
        }
    }

    #[test]
    fn no_sentence_promises_what_nobody_can_know() {
        for line in ENGLISH.lines().filter(|line| !line.starts_with('#')) {
            let line = line.to_lowercase();
            for word in ["authentic", "genuine", "fake", " safe", "proven", "verified", "✓"] {
                assert!(!line.contains(word), "{word:?} in {line:?}");
            }
            // "real" only in the fixed line about real persons (interface.md, Words).
            assert!(!line.replace("no real person", "").contains(" real "), "{line:?}");
        }
    }
}
