//! Every fixture before a reader that shares no code with ours, `encypher-c2pa`: where the two do not say the same,
//! `fixtures/disagreements.toml` says why. A disagreement that is not explained fails, and so does a row that is over.

use std::collections::BTreeMap;
use std::fs;

use encypher_c2pa::{VerifyOptions, verify_with_options};
use serde::Deserialize;
use time::format_description::well_known::Rfc3339;
use touchmark::evidence::{Credentials, Integrity};
use touchmark::{Format, TrustLists, Verifier};
use touchmark_tests::keys::JUDGED_AT;

use crate::expected::{files, fixtures};

/// A disagreement that is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    ours: String,
    theirs: String,
    /// Who is right, and by which rule.
    why: String,
}

/// What a reader says of a picture's record and of the content that it binds, in words that both have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Says {
    record: Record,
    content: Option<Content>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Record {
    Absent,
    Holds,
    /// Broken, malformed, or not to be read at all: where one stops reading at a rule, the other may read on and find it broken.
    Fails,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Matches,
    Differs,
    /// It matches where the hash looks, and that is not everywhere.
    Partly,
}

#[test]
fn every_disagreement_with_an_independent_reader_is_explained() {
    let text = fs::read_to_string(fixtures().join("disagreements.toml")).unwrap();
    let mut rows: BTreeMap<String, Row> = toml::from_str(&text).unwrap();
    let verifier = Verifier::new(TrustLists::official())
        .unwrap()
        .without_pixels()
        .with_documents();
    let (mut differences, mut compared) = (String::new(), 0);
    for file in files() {
        let bytes = fs::read(fixtures().join(&file)).unwrap();
        let Some(format) = Format::recognise(&bytes) else {
            continue;
        };
        let Ok(report) = verifier.verify_as_of(&bytes, JUDGED_AT, JUDGED_AT) else {
            continue;
        };
        let ours = Says::ours(report.verdict().credentials, report.verdict().integrity);
        let (theirs, because) = Says::theirs(&bytes, format);
        compared += 1;
        match rows.remove(&file) {
            None if ours.agrees(theirs) => {}
            Some(row) if !ours.agrees(theirs) && (&row.ours, &row.theirs) == (&ours.words(), &theirs.words()) => {
                assert!(row.why.len() > 20, "{file}: {:?} explains nothing", row.why);
            }
            row => {
                differences += &format!(
                    "\n[\"{file}\"]\nours = {:?}\ntheirs = {:?}\n# because of {because}\n# in the table: {row:?}\n",
                    ours.words(),
                    theirs.words()
                );
            }
        }
    }
    assert!(differences.is_empty(), "{differences}");
    assert!(rows.is_empty(), "no such files: {:?}", rows.keys());
    assert!(compared > 150, "{compared} files were compared");
}

impl Says {
    fn ours(credentials: Credentials, integrity: Integrity) -> Self {
        Self {
            record: match credentials {
                Credentials::None => Record::Absent,
                Credentials::Trusted | Credentials::Untrusted => Record::Holds,
                _ => Record::Fails,
            },
            content: match integrity {
                Integrity::Intact => Some(Content::Matches),
                Integrity::Altered => Some(Content::Differs),
                Integrity::PartlyProtected => Some(Content::Partly),
                _ => None,
            },
        }
    }

    /// And because of which codes.
    fn theirs(bytes: &[u8], format: Format) -> (Self, String) {
        let options = VerifyOptions {
            no_default_trust: true,
            validation_time: Some(JUDGED_AT.format(&Rfc3339).unwrap()),
            online: Some(false),
            ..VerifyOptions::default()
        };
        let report = match verify_with_options(bytes, format.mime_type(), &options) {
            Ok(report) => report,
            Err(error) => {
                let fails = Self {
                    record: Record::Fails,
                    content: None,
                };
                return (fails, error.to_string());
            }
        };
        let says = Self {
            record: match (report.present, report.integrity.as_str()) {
                (false, _) => Record::Absent,
                (true, "valid") => Record::Holds,
                (true, _) => Record::Fails,
            },
            content: match report.hard_binding.as_str() {
                "match" => Some(Content::Matches),
                "mismatch" => Some(Content::Differs),
                _ => None,
            },
        };
        let codes = report.validation_results.failure.iter();
        (says, codes.map(|status| format!("{} ", status.code)).collect())
    }

    /// Of content that one of them does not speak of, nothing can be compared.
    fn agrees(self, other: Self) -> bool {
        self.record == other.record
            && (self.content == other.content || self.content.is_none() || other.content.is_none())
    }

    fn words(self) -> String {
        let content = match self.content {
            Some(Content::Matches) => ", content matches",
            Some(Content::Differs) => ", content differs",
            Some(Content::Partly) => ", content partly bound",
            None => "",
        };
        format!("{}{content}", format!("{:?}", self.record).to_lowercase())
    }
}
