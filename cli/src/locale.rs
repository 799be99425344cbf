//! The country and the language of whoever uses this machine, as far as its locale tells: for help lines, and for what people
//! read.

use std::env;

use touchmark::help::Country;
use touchmark::report::Language;

/// The region of the locale for messages.
pub fn region() -> Option<Country> {
    region_of(&for_messages()?)
}

/// The language of the locale for messages, where touchmark has words in it.
pub fn language() -> Option<Language> {
    language_of(&for_messages()?)
}

/// The locale for messages, in the order of POSIX (Base Definitions, 8.2).
fn for_messages() -> Option<String> {
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set)
}

/// The region of a locale: `de_AT.UTF-8@euro`, or `de-AT`.
fn region_of(locale: &str) -> Option<Country> {
    name(locale)
        .split(['_', '-'])
        .skip(1)
        .find_map(|part| part.parse().ok())
}

fn language_of(locale: &str) -> Option<Language> {
    Language::from_tag(name(locale)).filter(|language| language.is_written())
}

/// A locale's name without its coding and its variant.
fn name(locale: &str) -> &str {
    locale.split(['.', '@']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_tells_its_region_and_its_language_or_nothing() {
        for (locale, region, language) in [
            ("de_AT.UTF-8", Some("AT"), Some("de")),
            ("de_DE@euro", Some("DE"), Some("de")),
            ("zh-Hans-CN", Some("CN"), None),
            ("en", None, Some("en")),
            ("C.UTF-8", None, None),
            ("POSIX", None, None),
            ("", None, None),
        ] {
            let found = region_of(locale).map(|country| country.to_string());
            assert_eq!(found.as_deref(), region, "{locale}");
            assert_eq!(language_of(locale).map(Language::tag), language, "{locale}");
        }
    }
}
