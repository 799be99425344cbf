//! touchmark's own directory of help for people shown in pictures: services by country, as dated data with sources.
//!
//! What a picture itself calls a help line is never part of it.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::Date;

const DIRECTORY: &str = include_str!("help/directory.toml");

/// A country by its code, ISO 3166-1 alpha-2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// What is no code of a country: not two letters of the alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCountry;

/// The directory as it ships with this version.
#[derive(Debug)]
pub struct Directory {
    dated: Date,
    entries: Vec<HelpLine>,
}

/// A service that helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpLine {
    /// Where it helps; empty where that is everywhere.
    pub countries: Vec<Country>,
    /// What it does.
    pub kind: HelpKind,
    /// Whom it is for.
    pub readers: HelpFor,
    /// Its name, in its own language.
    pub name: String,
    /// Its telephone number, as it is dialled in the country.
    pub phone: Option<String>,
    /// Its address on the web, `https:`.
    pub url: Option<String>,
    /// Where the entry is from, or can be checked.
    pub source: String,
    /// How the entry is known.
    pub basis: HelpBasis,
    /// When it was last looked at.
    pub checked: Date,
}

/// What a service does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HelpKind {
    /// Has pictures taken down.
    Removal,
    /// Listens and advises.
    Talk,
    /// Takes reports of illegal pictures, of child sexual abuse above all.
    Hotline,
    /// The police, for threats and extortion.
    Police,
    /// Takes complaints about how a company treats data.
    Authority,
}

/// Whom a service is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HelpFor {
    /// Everybody.
    Anyone,
    /// Adults: pictures of people of 18 and older.
    Adults,
    /// Children and young people: pictures of people under 18.
    Children,
}

/// How an entry is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HelpBasis {
    /// Its source was read, in a stored copy.
    SourceRead,
    /// It is public knowledge; the source is where to check it.
    WidelyKnown,
}

impl Directory {
    /// The directory that ships.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Directory> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            // A test holds the file to its form; a directory that could not be read would be an empty one.
            Self::read(DIRECTORY).unwrap_or(Self {
                dated: Date::MIN,
                entries: Vec::new(),
            })
        })
    }

    /// The day as of which it was put together.
    pub fn dated(&self) -> Date {
        self.dated
    }

    /// Every entry, those for everywhere first.
    pub fn entries(&self) -> &[HelpLine] {
        &self.entries
    }

    /// The entries for people in this country, its own before those for everywhere within each kind; without a country
    /// those for everywhere.
    pub fn helping(&self, country: Option<Country>) -> Vec<&HelpLine> {
        let own = |entry: &&HelpLine| country.is_some_and(|country| entry.countries.contains(&country));
        let mut helping: Vec<&HelpLine> = self.entries.iter().filter(own).collect();
        helping.extend(self.entries.iter().filter(|entry| entry.countries.is_empty()));
        helping.sort_by_key(|entry| entry.kind);
        helping
    }

    /// The countries with an entry of their own, in the order of their codes.
    pub fn countries(&self) -> Vec<Country> {
        let mut countries: Vec<Country> = self
            .entries
            .iter()
            .flat_map(|entry| &entry.countries)
            .copied()
            .collect();
        countries.sort_unstable();
        countries.dedup();
        countries
    }

    fn read(text: &str) -> Option<Self> {
        let written: Written = toml::from_str(text).ok()?;
        Some(Self {
            dated: date(written.dated)?,
            entries: written.entry.into_iter().map(HelpLine::read).collect::<Option<_>>()?,
        })
    }
}

impl HelpLine {
    fn read(written: WrittenLine) -> Option<Self> {
        Some(Self {
            countries: written
                .countries
                .iter()
                .map(|code| code.parse().ok())
                .collect::<Option<_>>()?,
            kind: written.kind,
            readers: written.readers,
            name: written.name,
            phone: written.phone,
            url: written.url,
            source: written.source,
            basis: written.basis,
            checked: date(written.checked)?,
        })
    }
}

impl Country {
    /// Its code, two capital letters.
    pub fn code(&self) -> &str {
        // Two ASCII letters, by construction.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Country {
    type Err = NoCountry;

    fn from_str(text: &str) -> Result<Self, NoCountry> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                // What people write for the country whose code is GB.
                let code = match [a.to_ascii_uppercase(), b.to_ascii_uppercase()] {
                    [b'U', b'K'] => *b"GB",
                    code => code,
                };
                Ok(Self(code))
            }
            _ => Err(NoCountry),
        }
    }
}

impl fmt::Display for NoCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is not a code of two letters (ISO 3166-1), such as DE")
    }
}

impl std::error::Error for NoCountry {}

/// A telephone number as a `tel:` address has it (RFC 3966).
pub fn dialled(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

fn date(written: toml::value::Datetime) -> Option<Date> {
    let day = written.date?;
    Date::from_calendar_date(i32::from(day.year), day.month.try_into().ok()?, day.day).ok()
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    dated: toml::value::Datetime,
    entry: Vec<WrittenLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLine {
    countries: Vec<String>,
    kind: HelpKind,
    #[serde(rename = "for")]
    readers: HelpFor,
    name: String,
    phone: Option<String>,
    url: Option<String>,
    source: String,
    basis: HelpBasis,
    checked: toml::value::Datetime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_can_be_reached_and_has_a_source() {
        let written: Written = toml::from_str(DIRECTORY).unwrap();
        let directory = Directory::read(DIRECTORY).unwrap();
        assert_eq!(directory.entries().len(), written.entry.len());
        for entry in directory.entries() {
            let name = &entry.name;
            assert!(entry.phone.is_some() || entry.url.is_some(), "{name}");
            for address in entry.url.iter().chain([&entry.source]) {
                assert!(
                    address.starts_with("https://") && !address.contains(char::is_whitespace),
                    "{name}: {address}"
                );
            }
            if let Some(phone) = &entry.phone {
                assert!(
                    phone.chars().all(|c| c.is_ascii_digit() || " -+".contains(c)),
                    "{name}: {phone}"
                );
            }
            assert!(entry.checked <= directory.dated(), "{name}");
            assert_eq!(*name, crate::report::visible(name));
        }
    }

    #[test]
    fn help_is_there_everywhere() {
        let directory = Directory::shipped();
        for country in directory
            .countries()
            .into_iter()
            .map(Some)
            .chain([None, "ZZ".parse().ok()])
        {
            let helping = directory.helping(country);
            for readers in [HelpFor::Adults, HelpFor::Children] {
                let removes = |entry: &&&HelpLine| entry.kind == HelpKind::Removal && entry.readers == readers;
                assert!(helping.iter().any(|entry| removes(&entry)), "{country:?} {readers:?}");
            }
            assert!(helping.iter().any(|entry| entry.kind == HelpKind::Talk), "{country:?}");
        }
    }

    #[test]
    fn a_country_comes_before_everywhere() {
        let germany = Directory::shipped().helping("de".parse().ok());
        let talk: Vec<_> = germany.iter().filter(|entry| entry.kind == HelpKind::Talk).collect();
        assert_eq!(talk[0].phone.as_deref(), Some("116 111"));
        assert_eq!(talk[1].phone.as_deref(), Some("116 006"));
        assert_eq!(talk[2].name, "Child Helpline International");
        assert_eq!(dialled("116 111"), "116111");
        assert!(!germany.iter().any(|entry| entry.name == "Childline"));
    }

    #[test]
    fn a_country_is_two_letters() {
        assert_eq!("uk".parse::<Country>().unwrap().code(), "GB");
        assert_eq!("at".parse::<Country>().unwrap().to_string(), "AT");
        for text in ["", "D", "DEU", "D1", "ÄT", "*"] {
            assert_eq!(text.parse::<Country>(), Err(NoCountry), "{text}");
        }
    }
}
