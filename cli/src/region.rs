//! The country of whoever uses this machine, as far as its locale tells: for help lines alone.

use std::env;

use touchmark::help::Country;

/// The region of the locale for messages, in the order of POSIX (Base Definitions, 8.2).
pub fn of_locale() -> Option<Country> {
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set)?;
    region(&locale)
}

/// The region of a locale: `de_AT.UTF-8@euro`, or `de-AT`.
fn region(locale: &str) -> Option<Country> {
    let name = locale.split(['.', '@']).next()?;
    name.split(['_', '-']).skip(1).find_map(|part| part.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_tells_its_region_or_nothing() {
        for (locale, expected) in [
            ("de_AT.UTF-8", Some("AT")),
            ("de_DE@euro", Some("DE")),
            ("zh-Hans-CN", Some("CN")),
            ("en", None),
            ("C.UTF-8", None),
            ("POSIX", None),
            ("", None),
        ] {
            assert_eq!(
                region(locale).map(|country| country.to_string()).as_deref(),
                expected,
                "{locale}"
            );
        }
    }
}
