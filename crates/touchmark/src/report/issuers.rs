//! Whom the number in a watermark leads to, as the report tells it: by directories, and by an issuer's own word.
//!
//! What an issuer says of itself is shown where a directory names the issuer. One that the picture alone names is neither
//! asked nor shown unless the provider's words are: a forger can put an extortionist's domain there.

use schemars::JsonSchema;
use serde::Serialize;

use super::words::Words;
use super::{Report, visible};
use crate::issuer::{Directory, Domain, Issuer, NOBODY, Statement};

/// How many issuers are asked about one picture.
const MAX_ASKED: usize = 4;

/// Somebody who has the number in a mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IssuerReport {
    /// The domain, whose hash the number is.
    pub domain: Domain,
    /// Where people can ask whether the provider's system made a picture, `https:`.
    pub detector: Option<String>,
    /// Whom to ask to have a picture taken down, `https:` or `mailto:`.
    pub removal: Option<String>,
    /// Who says so.
    pub basis: IssuerBasis,
}

/// Who says whom a number leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IssuerBasis {
    /// touchmark's own directory.
    Directory,
    /// A directory that was given for this examination.
    OwnDirectory,
    /// The domain itself, asked during this examination.
    IssuerSays,
}

/// A directory that was looked into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IssuerDirectoryReport {
    /// Whose it is: `directory` or `own_directory`.
    pub basis: IssuerBasis,
    /// The day as of which it was put together, `YYYY-MM-DD`.
    pub dated: String,
}

/// An issuer that was asked in vain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnaskedReport {
    /// The domain.
    pub domain: Domain,
    /// Why nothing came of it.
    pub why: String,
}

/// What came of asking an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssuerAnswer {
    /// It says whom to turn to.
    Says(Statement),
    /// It could not be asked, or gave no statement of its own.
    Unasked {
        /// Who was to be asked.
        domain: Domain,
        /// Why, a fragment; shown as inert text.
        why: Box<str>,
    },
}

/// Who has a number, by the directory that ships and by one's own, and the directories that were looked into.
pub(super) fn known(number: u32, own: Option<&Directory>) -> (Vec<IssuerReport>, Vec<IssuerDirectoryReport>) {
    let shipped = (IssuerBasis::Directory, Directory::shipped());
    let directories: Vec<_> = [shipped]
        .into_iter()
        .chain(own.map(|own| (IssuerBasis::OwnDirectory, own)))
        .collect();
    let issuers = directories.iter().flat_map(|(basis, directory)| {
        let found = directory.find(number).into_iter();
        found.map(|issuer| IssuerReport::of(issuer, *basis))
    });
    let looked_into = directories.iter().map(|(basis, directory)| IssuerDirectoryReport {
        basis: *basis,
        dated: directory.dated().to_string(),
    });
    (issuers.collect(), looked_into.collect())
}

impl IssuerReport {
    fn of(issuer: &Issuer, basis: IssuerBasis) -> Self {
        Self {
            domain: issuer.domain.clone(),
            detector: issuer.detector.clone(),
            removal: issuer.removal.clone(),
            basis,
        }
    }
}

impl Report {
    /// Who can be asked about the mark in the picture, at [`WELL_KNOWN`](crate::issuer::WELL_KNOWN) of the domain: those
    /// whom a directory names, and the provider of the disclosure where that is shown and has the mark's number; at most
    /// four.
    pub fn issuers_to_ask(&self) -> Vec<Domain> {
        let watermark = &self.layers.watermark;
        let Some(issuers) = &watermark.issuers else {
            return Vec::new();
        };
        let by_directory = issuers.iter().filter(|issuer| issuer.basis != IssuerBasis::IssuerSays);
        let stated = || self.disclosure.as_ref()?.get("provider")?.get("contact")?.as_str();
        let stated = stated()
            .and_then(Domain::of_contact)
            .filter(|domain| watermark.issuer.as_deref() == Some(written(domain.number()).as_str()));
        let mut domains: Vec<Domain> = Vec::new();
        for domain in by_directory.map(|issuer| issuer.domain.clone()).chain(stated) {
            if !domains.contains(&domain) {
                domains.push(domain);
            }
        }
        domains.truncate(MAX_ASKED);
        domains
    }

    /// The same report with what came of asking issuers. An answer of somebody who was not [to be
    /// asked](Self::issuers_to_ask) is not shown.
    pub fn with_issuer_answers(mut self, answers: Vec<IssuerAnswer>) -> Self {
        self.issuer_answers = answers;
        self.say();
        self
    }

    /// Puts the answers of issuers beside what the directories say.
    pub(super) fn tell_issuer_answers(&mut self) {
        let to_ask = self.issuers_to_ask();
        let watermark = &mut self.layers.watermark;
        let Some(issuers) = &mut watermark.issuers else { return };
        issuers.retain(|issuer| issuer.basis != IssuerBasis::IssuerSays);
        watermark.issuers_unasked.clear();
        for answer in &self.issuer_answers {
            match answer {
                IssuerAnswer::Says(said) if to_ask.contains(said.domain()) => issuers.push(IssuerReport {
                    domain: said.domain().clone(),
                    detector: said.detector().map(visible),
                    removal: said.removal().map(visible),
                    basis: IssuerBasis::IssuerSays,
                }),
                IssuerAnswer::Unasked { domain, why } if to_ask.contains(domain) => {
                    watermark.issuers_unasked.push(UnaskedReport {
                        domain: domain.clone(),
                        why: visible(why),
                    });
                }
                _ => {}
            }
        }
    }
}

/// A number as reports have it: the first six digits of an id.
pub(super) fn written(number: u32) -> String {
    format!("{number:06x}")
}

/// Whom to ask about the mark, in words; and that a mark proves nothing, wherever somebody is named.
pub(super) fn lines(report: &Report, words: Words) -> Vec<String> {
    let watermark = &report.layers.watermark;
    let (Some(number), Some(issuers)) = (&watermark.issuer, &watermark.issuers) else {
        return Vec::new();
    };
    let date = |basis| {
        let mut directories = watermark.issuer_directories.iter().flatten();
        let directory = directories.find(|directory| directory.basis == basis);
        directory.map(|directory| directory.dated.as_str()).unwrap_or_default()
    };
    let mut lines = match issuers.iter().all(|issuer| issuer.basis == IssuerBasis::IssuerSays) {
        true => unknown(report, number, words),
        false => Vec::new(),
    };
    if issuers.is_empty() && watermark.issuers_unasked.is_empty() {
        return lines;
    }
    let mut say = |line: String| {
        // A directory and the issuer itself may name the same addresses.
        if !lines.contains(&line) {
            lines.push(line);
        }
    };
    for issuer in issuers {
        let domain = issuer.domain.as_str();
        say(match issuer.basis {
            IssuerBasis::IssuerSays => words.say_with("issuer-says", &[("domain", domain), ("number", number)]),
            basis => words.say_with(
                match basis {
                    IssuerBasis::OwnDirectory => "issuer-own-directory",
                    _ => "issuer-directory",
                },
                &[("domain", domain), ("number", number), ("date", date(basis))],
            ),
        });
        let ways = [
            ("issuer-detector", &issuer.detector),
            ("issuer-removal", &issuer.removal),
        ];
        for (message, address) in ways {
            if let Some(address) = address {
                say(words.say_with(message, &[("domain", domain), ("address", address)]));
            }
        }
        if issuer.detector.is_none() && issuer.removal.is_none() {
            say(words.say_with("issuer-no-address", &[("domain", domain)]));
        }
    }
    for unasked in &watermark.issuers_unasked {
        let values = [("domain", unasked.domain.as_str()), ("why", unasked.why.as_str())];
        say(words.say_with("issuer-unasked", &values));
    }
    if issuers
        .iter()
        .any(|issuer| Some(&issuer.domain) != issuers.first().map(|first| &first.domain))
    {
        say(words.say("issuer-several"));
    }
    say(words.say("issuer-caution"));
    lines
}

/// That the number is in no directory, or nobody's.
fn unknown(report: &Report, number: &str, words: Words) -> Vec<String> {
    if number == written(NOBODY) {
        return vec![words.say("issuer-nobody")];
    }
    let directories = report.layers.watermark.issuer_directories.iter().flatten();
    directories
        .map(|directory| {
            let message = match directory.basis {
                IssuerBasis::OwnDirectory => "issuer-unknown-own",
                _ => "issuer-unknown",
            };
            words.say_with(message, &[("date", &directory.dated), ("number", number)])
        })
        .collect()
}
