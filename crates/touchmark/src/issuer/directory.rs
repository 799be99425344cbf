//! A dated directory of issuers, as data: the one that ships, and one's own in the same form.
#![warn(clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use serde::Deserialize;
use time::Date;
use toml::Spanned;
use toml::value::Datetime;
use touchmark_provenance::disclosure::{MAX_LINE, is_address, is_link};

use super::{Domain, NotADomain};
use crate::report::visible;

const SHIPPED: &str = include_str!("directory.toml");

/// A directory has no reason to be larger, in bytes.
pub const MAX_DIRECTORY_BYTES: usize = 1024 * 1024;

/// How many issuers a directory may have.
pub const MAX_ISSUERS: usize = 5000;

/// A directory of issuers and the day as of which it was put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    dated: Date,
    /// With their numbers, in the order of their domains.
    issuers: Vec<(u32, Issuer)>,
}

/// Whom a number leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// The domain, whose hash the number is.
    pub domain: Domain,
    /// Where people can ask whether the provider's system made a picture, `https:`.
    pub detector: Option<String>,
    /// Whom to ask to have a picture taken down, `https:` or `mailto:`.
    pub removal: Option<String>,
    /// Where the entry is from, or can be checked.
    pub source: String,
    /// When it was last looked at.
    pub checked: Date,
}

/// What is wrong with a directory, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryFault {
    /// The line, from 1; none where it is the whole file.
    pub line: Option<usize>,
    /// The field, such as `removal`; none where it is no field of its own.
    pub field: Option<&'static str>,
    /// What is wrong.
    pub fault: EntryFault,
}

/// What can be wrong in a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryFault {
    /// Larger than [`MAX_DIRECTORY_BYTES`].
    TooLarge,
    /// More issuers than [`MAX_ISSUERS`].
    TooMany,
    /// No TOML, a key that there is none of, or one that is missing; the parser's words.
    Syntax(Box<str>),
    /// Not a day of the calendar without a time.
    Date,
    /// Checked on a day after the directory's own.
    CheckedLater,
    /// Not a domain in its one form.
    Domain,
    /// The domain stands in the directory already.
    Duplicate {
        /// On this line.
        first: usize,
    },
    /// Not an `https:` address of up to 200 characters.
    Link,
    /// Not an `https:` or `mailto:` address of up to 200 characters.
    Address,
    /// Not a text of 1 to 200 characters that are all seen.
    Text,
}

impl Directory {
    /// The directory that ships with this version.
    pub fn shipped() -> &'static Self {
        static DIRECTORY: OnceLock<Directory> = OnceLock::new();
        DIRECTORY.get_or_init(|| {
            // A test holds the file to its form; a directory that could not be read would be an empty one.
            Self::parse(SHIPPED).unwrap_or(Self {
                dated: Date::MIN,
                issuers: Vec::new(),
            })
        })
    }

    /// Reads a directory from TOML, of the form that `directory.toml` beside this file explains.
    ///
    /// # Errors
    /// [`DirectoryFault`], the first, with line and field.
    pub fn parse(text: &str) -> Result<Self, DirectoryFault> {
        let whole = |fault| DirectoryFault {
            line: None,
            field: None,
            fault,
        };
        if text.len() > MAX_DIRECTORY_BYTES {
            return Err(whole(EntryFault::TooLarge));
        }
        let at = Place(text);
        let written: Written = toml::from_str(text).map_err(|error| DirectoryFault {
            line: error.span().map(|span| at.line(&span)),
            field: None,
            // What is quoted of the file may hold anything.
            fault: EntryFault::Syntax(visible(&error.message().replace('\n', " ")).into()),
        })?;
        if written.entry.len() > MAX_ISSUERS {
            return Err(whole(EntryFault::TooMany));
        }
        let dated = at.day("dated", &written.dated)?;
        let mut issuers = BTreeMap::new();
        for entry in written.entry {
            let span = entry.domain.span();
            let issuer = at.issuer(entry, dated)?;
            let number = issuer.domain.number();
            if let Some((first, ..)) = issuers.insert(issuer.domain.clone(), (span.clone(), number, issuer)) {
                let first = at.line(&first);
                return Err(at.fault("domain", &span, EntryFault::Duplicate { first }));
            }
        }
        Ok(Self {
            dated,
            issuers: issuers
                .into_values()
                .map(|(_, number, issuer)| (number, issuer))
                .collect(),
        })
    }

    /// The day as of which it was put together.
    pub fn dated(&self) -> Date {
        self.dated
    }

    /// Every issuer, in the order of the domains.
    pub fn issuers(&self) -> impl ExactSizeIterator<Item = &Issuer> {
        self.issuers.iter().map(|(_, issuer)| issuer)
    }

    /// Everybody who has this number: 24 bits are few, so there may be several.
    pub fn find(&self, number: u32) -> Vec<&Issuer> {
        let has_it = self.issuers.iter().filter(|(other, _)| *other == number);
        has_it.map(|(_, issuer)| issuer).collect()
    }
}

/// A text whose places faults are told of.
struct Place<'a>(&'a str);

impl Place<'_> {
    fn issuer(&self, written: WrittenIssuer, dated: Date) -> Result<Issuer, DirectoryFault> {
        let domain = written
            .domain
            .get_ref()
            .parse()
            .map_err(|NotADomain| self.fault("domain", &written.domain.span(), EntryFault::Domain))?;
        let is_shown = |text: &str| !text.trim().is_empty() && visible(text) == text;
        let checked = self.day("checked", &written.checked)?;
        if checked > dated {
            return Err(self.fault("checked", &written.checked.span(), EntryFault::CheckedLater));
        }
        Ok(Issuer {
            domain,
            detector: self.line_of("detector", written.detector, is_link, EntryFault::Link)?,
            removal: self.line_of("removal", written.removal, is_address, EntryFault::Address)?,
            source: self
                .line_of("source", Some(written.source), is_shown, EntryFault::Text)?
                .unwrap_or_default(),
            checked,
        })
    }

    /// A line of text that is what it has to be.
    fn line_of(
        &self,
        field: &'static str,
        written: Option<Spanned<String>>,
        is_good: impl FnOnce(&str) -> bool,
        otherwise: EntryFault,
    ) -> Result<Option<String>, DirectoryFault> {
        let Some(written) = written else { return Ok(None) };
        let span = written.span();
        let text = written.into_inner();
        match text.chars().nth(MAX_LINE).is_none() && is_good(&text) {
            true => Ok(Some(text)),
            false => Err(self.fault(field, &span, otherwise)),
        }
    }

    fn day(&self, field: &'static str, written: &Spanned<Datetime>) -> Result<Date, DirectoryFault> {
        let day = match written.get_ref() {
            Datetime {
                date: Some(day),
                time: None,
                offset: None,
            } => day
                .month
                .try_into()
                .ok()
                .and_then(|month| Date::from_calendar_date(i32::from(day.year), month, day.day).ok()),
            _ => None,
        };
        day.ok_or_else(|| self.fault(field, &written.span(), EntryFault::Date))
    }

    fn fault(&self, field: &'static str, span: &Range<usize>, fault: EntryFault) -> DirectoryFault {
        DirectoryFault {
            line: Some(self.line(span)),
            field: Some(field),
            fault,
        }
    }

    /// The line on which a part begins, from 1.
    fn line(&self, span: &Range<usize>) -> usize {
        self.0.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
    }
}

impl fmt::Display for DirectoryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(field) = self.field {
            write!(f, "{field} ")?;
        }
        self.fault.fmt(f)
    }
}

impl std::error::Error for DirectoryFault {}

impl fmt::Display for EntryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "it has more than {MAX_DIRECTORY_BYTES} bytes"),
            Self::TooMany => write!(f, "it has more than {MAX_ISSUERS} issuers"),
            Self::Syntax(words) => f.write_str(words),
            Self::Date => f.write_str("is not a day such as 2026-11-22"),
            Self::CheckedLater => f.write_str("is after the day that the directory is dated"),
            Self::Domain => NotADomain.fmt(f),
            Self::Duplicate { first } => write!(f, "stands on line {first} already"),
            Self::Link => write!(f, "is not an https address of up to {MAX_LINE} characters"),
            Self::Address => write!(f, "is not an https or mailto address of up to {MAX_LINE} characters"),
            Self::Text => write!(f, "is not a text of 1 to {MAX_LINE} characters that are all seen"),
        }
    }
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    dated: Spanned<Datetime>,
    #[serde(default)]
    entry: Vec<WrittenIssuer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenIssuer {
    domain: Spanned<String>,
    detector: Option<Spanned<String>>,
    removal: Option<Spanned<String>>,
    source: Spanned<String>,
    checked: Spanned<Datetime>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::issuer::number;

    fn entry(domain: &str) -> String {
        format!("[[entry]]\ndomain = \"{domain}\"\nsource = \"a letter\"\nchecked = 2026-11-20\n")
    }

    fn of<'a>(domains: impl IntoIterator<Item = &'a String>) -> Directory {
        let entries: String = domains.into_iter().map(|domain| entry(domain)).collect();
        Directory::parse(&format!("dated = 2026-11-22\n{entries}")).unwrap()
    }

    #[test]
    fn what_ships_is_dated_and_names_nobody_who_did_not_ask() {
        let shipped = Directory::parse(SHIPPED).unwrap();
        assert_eq!(&shipped, Directory::shipped());
        assert_eq!(shipped.dated(), time::macros::date!(2026 - 11 - 22));
        assert_eq!(shipped.issuers().len(), SHIPPED.matches("\n[[entry]]").count());
        for issuer in shipped.issuers() {
            assert!(is_link(&issuer.source), "{}", issuer.domain);
        }
    }

    #[test]
    fn a_directory_of_ones_own_is_read() {
        let text = "dated = 2026-11-22\n[[entry]]\ndomain = \"example.org\"\ndetector = \"https://example.org/detector\"\n\
                    removal = \"mailto:removal@example.org\"\nsource = \"https://example.org/\"\nchecked = 2026-11-22\n";
        let directory = Directory::parse(text).unwrap();
        let [issuer] = directory.find(number("example.org"))[..] else {
            panic!("{directory:?}");
        };
        assert_eq!(issuer.detector.as_deref(), Some("https://example.org/detector"));
        assert_eq!(issuer.removal.as_deref(), Some("mailto:removal@example.org"));
        assert!(directory.find(number("example.org") ^ 1).is_empty());
    }

    #[test]
    fn a_fault_is_told_with_its_line_and_field() {
        let head = "dated = 2026-11-22\n";
        let long = "a".repeat(MAX_LINE + 1);
        for (text, line, field, fault) in [
            ("", Some(1), None, "missing field `dated`"),
            ("dated = 2026-11-22T10:00:00Z", Some(1), Some("dated"), "is not a day"),
            (
                "dated = 2026-11-22\nentries = []",
                Some(2),
                None,
                "unknown field `entries`",
            ),
            (&format!("{head}[[entry]]\ndomain = 3"), Some(3), None, "invalid type"),
            (&format!("{head}[[entry]]\n"), Some(2), None, "missing field"),
            (
                &format!("{head}{}", entry("https://a.example")),
                Some(3),
                Some("domain"),
                "not a domain",
            ),
            (
                &format!("{head}{}\n{}", entry("a.example"), entry("a.example")),
                Some(8),
                Some("domain"),
                "stands on line 3",
            ),
            (
                &format!("{head}{}detector = \"mailto:a@b.example\"", entry("a.example")),
                Some(6),
                Some("detector"),
                "https",
            ),
            (
                &format!("{head}{}removal = \"+49 666\"", entry("a.example")),
                Some(6),
                Some("removal"),
                "mailto",
            ),
            (
                &format!("dated = 2026-11-19\n{}", entry("a.example")),
                Some(5),
                Some("checked"),
                "is after",
            ),
            (
                &format!("{head}{}", entry("a.example").replace("a letter", "\\u202E")),
                Some(4),
                Some("source"),
                "all seen",
            ),
            (
                &format!("{head}{}", entry("a.example").replace("a letter", &long)),
                Some(4),
                Some("source"),
                "200",
            ),
            (
                &"#".repeat(MAX_DIRECTORY_BYTES + 1),
                None,
                None,
                "more than 1048576 bytes",
            ),
        ] {
            let refused = Directory::parse(text).unwrap_err();
            assert_eq!((refused.line, refused.field), (line, field), "{refused}");
            assert!(refused.to_string().contains(fault), "{refused}");
        }
        let many: String = (0..=MAX_ISSUERS)
            .map(|index| entry(&format!("a{index}.example")))
            .collect();
        assert_eq!(
            Directory::parse(&format!("{head}{many}")).unwrap_err().fault,
            EntryFault::TooMany
        );
    }

    /// A domain, and another one with the same number: 24 bits are few, and found in a moment.
    #[test]
    fn everybody_with_a_number_is_named() {
        let mut seen = std::collections::HashMap::new();
        let (one, other) = (0..)
            .find_map(|index| {
                let domain = format!("a{index}.example");
                let before = seen.insert(number(&domain), domain.clone());
                before.map(|before| (before, domain))
            })
            .unwrap();
        let directory = of([&other, &one]);
        let found: BTreeSet<&str> = directory
            .find(number(&one))
            .iter()
            .map(|issuer| issuer.domain.as_str())
            .collect();
        assert_eq!(found, BTreeSet::from([one.as_str(), other.as_str()]));
    }

    proptest! {
        #[test]
        fn every_entry_is_found_by_its_number_in_any_order(
            domains in prop::collection::btree_set("[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?\\.(org|example|co\\.uk)", 0..40)
                .prop_map(|domains| domains.into_iter().filter(|domain| !domain.starts_with("www.")).collect::<Vec<_>>()),
            turn in 0usize..40,
        ) {
            let directory = of(&domains);
            let mut turned = domains.clone();
            turned.rotate_left(turn.checked_rem(domains.len()).unwrap_or_default());
            turned.reverse();
            prop_assert_eq!(&of(&turned), &directory);
            prop_assert_eq!(directory.issuers().len(), domains.len());
            for domain in &domains {
                let found = directory.find(number(domain));
                prop_assert!(found.iter().any(|issuer| issuer.domain.as_str() == domain));
                prop_assert!(found.iter().all(|issuer| issuer.domain.number() == number(domain)));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "(\\PC|\n){0,200}") {
            let _ = Directory::parse(&text);
        }
    }
}
