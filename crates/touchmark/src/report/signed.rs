//! A report that travels: signed over the picture's hash, tool, time and findings, and checked later by anyone.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use touchmark_provenance::jws::{self, Jws, JwsFault};
use touchmark_signing::Signer;
use touchmark_signing::trust::{self, Otherwise, SignerTrust, Standing, TrustLists};

use super::build::{inert, rfc3339};
use super::untrusted::holds_address;
use super::words::{Language, Words};
use super::{Report, hex, visible};
use crate::error::Error;

/// The name and version of what is signed.
pub const SIGNED_SCHEMA: &str = "touchmark-signed-report/1";

/// The longest name and version of a tool together, in characters.
const MAX_TOOL_CHARS: usize = 80;

/// What the signature's header calls it (`typ`), so that no other signature of the same key is taken for one.
const KIND: &str = "touchmark-report+jws";

/// The largest signed report, in bytes: one of a store of 30 manifests has 200 KB.
pub const MAX_SIGNED_REPORT_BYTES: usize = 16 * 1024 * 1024;

/// What is signed. The hash of the content stands first, so that a reader who knows nothing else finds it.
#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    schema: String,
    /// SHA-256 of the picture's bytes, hexadecimal.
    sha256: String,
    tool: SignedTool,
    /// When it was examined, RFC 3339.
    time: String,
    report: Value,
}

#[derive(Debug, Serialize, Deserialize)]
struct SignedTool {
    name: String,
    version: String,
}

/// A signed report whose signature holds. What it says is the word of whoever signed it, as of its time.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedReport {
    sha256: String,
    tool: String,
    /// When the picture was examined.
    time: OffsetDateTime,
    /// As of when it was judged: whoever signs chooses that, and a verdict may be another one at another time.
    as_of: OffsetDateTime,
    report: Value,
    chain: Vec<Vec<u8>>,
}

/// Why a text is no signed report that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignedReportFault {
    /// Form, certificates or signature do not hold.
    Signature(JwsFault),
    /// What is signed is no report.
    NotAReport,
    /// The signature holds, over a report of a version that this touchmark does not know yet.
    NewerVersion,
}

/// What there is to say to a signed report beside a picture.
#[derive(Debug, Clone)]
pub struct ReportCheck<'a> {
    report: &'a SignedReport,
    same_picture: bool,
    signer: SignerTrust,
    list: Option<String>,
}

impl Report {
    /// Signs the report as it is put: `header.payload.signature` (RFC 7515), without a line break.
    ///
    /// Look at [`Signer::check_dates`] first: this does not.
    ///
    /// # Errors
    /// [`Error::Identity`] where a key that is kept elsewhere does not sign.
    pub fn sign(&self, signer: &Signer) -> Result<String, Error> {
        let payload = Payload {
            schema: SIGNED_SCHEMA.to_owned(),
            sha256: self.file.sha256.clone(),
            tool: SignedTool {
                name: self.tool.name.to_owned(),
                version: self.tool.version.to_owned(),
            },
            time: self.examined_at.clone(),
            // Strings, numbers, lists and maps with string keys: serialisation cannot fail.
            report: serde_json::to_value(self).unwrap_or_default(),
        };
        let payload = serde_json::to_string(&payload).unwrap_or_default();
        Ok(jws::sign(&payload, Some(KIND), signer)?)
    }
}

impl SignedReport {
    /// Reads a signed report and checks its signature under its own first certificate. Space around it is passed over.
    ///
    /// # Errors
    /// [`SignedReportFault`].
    pub fn parse(text: &str) -> Result<Self, SignedReportFault> {
        let jws = Jws::parse(text.trim(), Some(KIND), MAX_SIGNED_REPORT_BYTES).map_err(SignedReportFault::Signature)?;
        if is_newer(jws.payload()) {
            return Err(SignedReportFault::NewerVersion);
        }
        let payload: Payload = serde_json::from_str(jws.payload()).map_err(|_| SignedReportFault::NotAReport)?;
        let within = |name: &str| payload.report.get(name).and_then(Value::as_str);
        // The hash and the time in the report are those that are signed for: others make two reports in one.
        let named = payload.report.get("file").and_then(|file| file.get("sha256")?.as_str());
        let is_one = named == Some(payload.sha256.as_str()) && within("examined_at") == Some(payload.time.as_str());
        if payload.schema != SIGNED_SCHEMA || !is_one {
            return Err(SignedReportFault::NotAReport);
        }
        let time = |text: &str| OffsetDateTime::parse(text, &Rfc3339).map_err(|_| SignedReportFault::NotAReport);
        Ok(Self {
            tool: payload.tool.shown().ok_or(SignedReportFault::NotAReport)?,
            time: time(&payload.time)?,
            as_of: time(within("as_of").unwrap_or_default())?,
            sha256: payload.sha256,
            report: inert(&payload.report),
            chain: jws.into_chain(),
        })
    }

    /// When the picture was examined, RFC 3339, by whoever signed.
    pub fn examined_at(&self) -> String {
        rfc3339(self.time)
    }

    /// As of when it was judged, RFC 3339, by whoever signed.
    pub fn as_of(&self) -> String {
        rfc3339(self.as_of)
    }

    /// The report that was signed, as JSON, its texts capped and made visible. Whoever signed it wrote it: treat them as foreign.
    pub fn report(&self) -> &Value {
        &self.report
    }

    /// Whether it is about these bytes.
    pub fn is_about(&self, bytes: &[u8]) -> bool {
        hex(&Sha256::digest(bytes)) == self.sha256
    }

    /// Holds it against a picture, and its signer against these lists as of `at`.
    pub fn check(&self, bytes: &[u8], lists: &TrustLists, at: OffsetDateTime) -> ReportCheck<'_> {
        let signer = trust::evaluate(&self.chain, lists, at);
        let list = signer.standing().list().map(visible);
        ReportCheck {
            report: self,
            same_picture: self.is_about(bytes),
            signer,
            list,
        }
    }
}

/// Whether a report calls itself one of a later version than this; whatever else it holds may have another form.
fn is_newer(payload: &str) -> bool {
    #[derive(Deserialize)]
    struct Outer {
        schema: String,
    }
    let version = |schema: &str| -> Option<u32> {
        let (name, version) = schema.rsplit_once('/')?;
        (name == "touchmark-signed-report").then(|| version.parse().ok())?
    };
    let known = version(SIGNED_SCHEMA);
    serde_json::from_str(payload).is_ok_and(|Outer { schema }| version(&schema) > known)
}

impl SignedTool {
    /// Its name and version, where they are that: they stand among our own words.
    fn shown(&self) -> Option<String> {
        let shown = format!("{} {}", self.name, self.version);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ".+ _-".contains(c);
        (shown.len() <= MAX_TOOL_CHARS && shown.chars().all(is_plain)).then_some(shown)
    }
}

impl ReportCheck<'_> {
    /// Whether the report is about the picture.
    pub fn is_same_picture(&self) -> bool {
        self.same_picture
    }

    /// How its signer stands.
    pub fn signer(&self) -> &SignerTrust {
        &self.signer
    }

    /// The organisation in the signer's certificate, in its own words.
    pub fn signer_name(&self) -> Option<String> {
        let subject = self.signer.leaf()?.subject();
        let name = subject.organisation.as_deref().or(subject.common_name.as_deref())?;
        Some(visible(name))
    }

    /// What there is to say, for people: a line each.
    pub fn lines(&self, language: Language) -> Vec<String> {
        let words = Words::plain(language);
        let name = self.signer_name();
        let name = match &name {
            Some(name) => words.say_with("who-named", &[("name", name)]),
            None => words.say("who-not-named"),
        };
        let list = self.list.as_deref().unwrap_or_default();
        let listed = |message| words.combine(message, &[("name", &name), ("list", list)]);
        let withheld = self.list.is_none() && self.signer_name().is_some_and(|name| holds_address(&name));
        let unknown = || match withheld {
            true => words.say("signed-report-unknown-withheld"),
            false => words.combine("signed-report-unknown", &[("name", &name)]),
        };
        // Whom a list would vouch for is named with it; of the others it is said first who they are.
        let but_for = |otherwise: &Otherwise, message: &str, date: &str| {
            let unlisted =
                |who: String| words.combine(&format!("{message}-unlisted"), &[("who", who.as_str()), ("date", date)]);
            match otherwise {
                Otherwise::Trusted(_) | Otherwise::Legacy(_) => {
                    words.combine(message, &[("name", &name), ("list", list), ("date", date)])
                }
                Otherwise::Local => unlisted(words.say("signed-report-local")),
                Otherwise::Unknown => unlisted(unknown()),
            }
        };
        let begins = || self.signer.leaf().map(|leaf| leaf.not_before().date().to_string());
        let who = match self.signer.standing() {
            Standing::Trusted(_) => listed("signed-report-trusted"),
            Standing::Legacy(_) => listed("who-legacy"),
            Standing::Local => words.say("signed-report-local"),
            Standing::TestKey(_) => words.say("who-test_key"),
            Standing::Unknown => unknown(),
            Standing::Expired(otherwise) => but_for(otherwise, "signed-report-expired", ""),
            Standing::NotYetValid(otherwise) => but_for(otherwise, "who-not-yet-valid", &begins().unwrap_or_default()),
            // No answer about revocation is part of a signed report.
            Standing::Revoked(_) | Standing::Invalid(_) => words.say("signed-report-invalid"),
        };
        let about = match self.same_picture {
            true => words.say("signed-report-same"),
            false => words.say("signed-report-other"),
        };
        let said = |path: [&str; 2]| self.report.report.get(path[0])?.get(path[1])?.as_str().map(visible);
        let headline = said(["plain", "headline"]).unwrap_or_default();
        let headline = match self.list.is_none() && holds_address(&headline) {
            true => words.say("name-withheld"),
            false => headline,
        };
        let id = match self.report.as_of == self.report.time {
            true => "signed-report-says",
            false => "signed-report-says-as-of",
        };
        let says = words.say_with(
            id,
            &[
                ("time", &self.report.examined_at()),
                ("as_of", &self.report.as_of()),
                ("tool", &self.report.tool),
                ("headline", &headline),
            ],
        );
        vec![words.say("signed-report-holds"), who, about, says]
    }
}

impl fmt::Display for SignedReportFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature(fault) => fault.fmt(f),
            Self::NotAReport => f.write_str("what is signed is no report of touchmark"),
            Self::NewerVersion => f.write_str("its form is of a later version than this touchmark knows"),
        }
    }
}

impl std::error::Error for SignedReportFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Signature(fault) => Some(fault),
            Self::NotAReport | Self::NewerVersion => None,
        }
    }
}
