//! Values of the schema that are more than a string: days, and texts in several languages.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// The language of a document that names none.
pub const DEFAULT_LANGUAGE: &str = "en";

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// A day, `YYYY-MM-DD` (RFC 3339 `full-date`); in TOML with quotes or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.format(DAY).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DayVisitor;
        impl<'de> Visitor<'de> for DayVisitor {
            type Value = Day;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a day such as 2026-11-22")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Day, E> {
                Date::parse(text, DAY)
                    .ok()
                    .filter(|date| date.year() >= 1)
                    .map(Day)
                    .ok_or_else(|| E::custom("not a day such as 2026-11-22"))
            }

            // TOML hands its own dates over as a map with one private key, which its own type reads.
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Day, A::Error> {
                let datetime = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
                match datetime {
                    toml::value::Datetime {
                        date: Some(date),
                        time: None,
                        offset: None,
                    } => self.visit_str(&date.to_string()),
                    _ => Err(A::Error::custom("not a day such as 2026-11-22")),
                }
            }
        }
        deserializer.deserialize_any(DayVisitor)
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "date",
            "description": "A day, YYYY-MM-DD.",
        })
    }
}

/// A text: in the document's language where it is one string, else one for each language (BCP 47).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Words {
    /// In the document's language.
    Plain(String),
    /// By language.
    ByLanguage(BTreeMap<String, String>),
}

impl Words {
    /// The text in `wanted`, else in the document's own language, else in the first there is; with its language.
    ///
    /// A dialect gives way to its language: `de-AT` finds `de`.
    pub fn in_language<'a>(&'a self, wanted: &'a str, own: &'a str) -> Option<(&'a str, &'a str)> {
        match self {
            Self::Plain(text) => Some((text, own)),
            Self::ByLanguage(texts) => [wanted, primary(wanted), own]
                .into_iter()
                .find_map(|language| texts.get_key_value(language))
                .or_else(|| texts.first_key_value())
                .map(|(language, text)| (text.as_str(), language.as_str())),
        }
    }
}

/// The language of a tag without script and region.
pub(super) fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordsVisitor;
        // Not derived as untagged, whose only message is that no variant matched.
        impl<'de> Visitor<'de> for WordsVisitor {
            type Value = Words;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or a table of texts by language")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Words, E> {
                Ok(Words::Plain(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Words, A::Error> {
                BTreeMap::deserialize(MapAccessDeserializer::new(map)).map(Words::ByLanguage)
            }
        }
        deserializer.deserialize_any(WordsVisitor)
    }
}

/// A value of the schema by the name that it has there.
pub(super) fn id_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(id)) => id,
        _ => String::new(),
    }
}

/// Whether this has the form of a language tag that the schema takes: a language of two or three letters, then
/// perhaps a script and a region (RFC 5646, 2.1). Variants and extensions are not taken.
pub(super) fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let is_language = matches!(language.len(), 2 | 3) && language.bytes().all(|b| b.is_ascii_lowercase());
    let mut rest: Vec<&str> = parts.collect();
    if rest.first().is_some_and(|part| is_script(part)) {
        rest.remove(0);
    }
    is_language && (rest.is_empty() || matches!(rest.as_slice(), [region] if is_region(region)))
}

fn is_script(part: &str) -> bool {
    let mut bytes = part.bytes();
    part.len() == 4 && bytes.next().is_some_and(|b| b.is_ascii_uppercase()) && bytes.all(|b| b.is_ascii_lowercase())
}

fn is_region(part: &str) -> bool {
    match part.len() {
        2 => part.bytes().all(|b| b.is_ascii_uppercase()),
        3 => part.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Holder {
        day: Day,
        words: Words,
    }

    #[test]
    fn a_day_is_read_with_and_without_quotes() {
        for day in ["2026-11-22", "\"2026-11-22\""] {
            let holder: Holder = toml::from_str(&format!("day = {day}\nwords = 'a'")).unwrap();
            assert_eq!(holder.day.to_string(), "2026-11-22");
        }
        let json: Day = serde_json::from_str("\"2026-02-28\"").unwrap();
        assert_eq!(serde_json::to_string(&json).unwrap(), "\"2026-02-28\"");
        for bad in [
            "2026-02-30",
            "2026-11-22T10:00:00Z",
            "10:00:00",
            "\"soon\"",
            "3",
            "{ year = 2026 }",
        ] {
            assert!(
                toml::from_str::<Holder>(&format!("day = {bad}\nwords = 'a'")).is_err(),
                "{bad}"
            );
        }
    }

    #[test]
    fn words_are_found_by_language() {
        let holder: Holder = toml::from_str("day = 2026-11-22\nwords = { de = 'Bild', en = 'picture' }").unwrap();
        for (wanted, own, found) in [
            ("de", "en", ("Bild", "de")),
            ("de-AT", "en", ("Bild", "de")),
            ("fr", "en", ("picture", "en")),
            ("fr", "fr", ("Bild", "de")),
        ] {
            assert_eq!(holder.words.in_language(wanted, own), Some(found), "{wanted} {own}");
        }
        assert_eq!(Words::Plain("a".into()).in_language("de", "fr"), Some(("a", "fr")));
        let error = toml::from_str::<Holder>("day = 2026-11-22\nwords = 3").unwrap_err();
        assert!(error.message().contains("a table of texts by language"), "{error}");
    }

    #[test]
    fn tags_have_a_language_and_perhaps_script_and_region() {
        for good in ["en", "de-AT", "zh-Hans", "zh-Hant-TW", "es-419", "gsw"] {
            assert!(is_language_tag(good), "{good}");
        }
        for bad in [
            "",
            "e",
            "EN",
            "deutsch",
            "de-",
            "de-at",
            "de_AT",
            "zh-hans",
            "en-US-x-a",
            "de-AT-AT",
        ] {
            assert!(!is_language_tag(bad), "{bad}");
        }
    }
}
