//! What an issuer publishes about itself, at an address that follows from its domain.
#![warn(clippy::indexing_slicing)]

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use touchmark_provenance::disclosure::{MAX_LINE, is_address, is_link};

use super::Domain;

/// Where an issuer publishes its statement, on its domain (a well-known place, RFC 8615).
pub const WELL_KNOWN: &str = "/.well-known/touchmark.json";

/// The name and version of the statement's form.
pub const STATEMENT_SCHEMA: &str = "touchmark-issuer/1";

/// A statement has no reason to be larger, in bytes.
pub const MAX_STATEMENT_BYTES: usize = 64 * 1024;

/// An issuer's own words about whom to turn to: addresses that anybody can publish who has the domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    domain: Domain,
    detector: Option<String>,
    removal: Option<String>,
}

/// Why an answer is no statement of the domain that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatementFault {
    /// Larger than [`MAX_STATEMENT_BYTES`].
    TooLarge,
    /// No JSON object with the members that a statement has.
    Form,
    /// Of another schema or version.
    Schema,
    /// It speaks of another domain.
    OtherDomain,
    /// The detector is no `https:` address of up to 200 characters.
    Detector,
    /// The removal is no `https:` or `mailto:` address of up to 200 characters.
    Removal,
}

/// Whom to turn to about pictures with a domain's watermark, on it at `/.well-known/touchmark.json`. More members may follow.
#[derive(Deserialize, JsonSchema)]
#[schemars(title = "touchmark-issuer/1")]
struct Written {
    /// The name and version of this form.
    #[schemars(extend("const" = STATEMENT_SCHEMA))]
    schema: String,
    /// The domain that this is published on: lower-case ASCII, without `www.`.
    domain: String,
    /// Where people can ask, free of charge, whether the provider's system made a picture: `https:`.
    #[schemars(length(max = 200))]
    detector: Option<String>,
    /// Whom to ask to have a picture taken down: `https:` or `mailto:`.
    #[schemars(length(max = 200))]
    removal: Option<String>,
}

impl Statement {
    /// Reads what a domain answered.
    ///
    /// # Errors
    /// [`StatementFault`] where it is no statement, or not that of this domain.
    pub fn parse(answer: &[u8], asked: &Domain) -> Result<Self, StatementFault> {
        if answer.len() > MAX_STATEMENT_BYTES {
            return Err(StatementFault::TooLarge);
        }
        let written: Written = serde_json::from_slice(answer).map_err(|_| StatementFault::Form)?;
        let is_bad = |address: &Option<String>, is_good: fn(&str) -> bool| {
            address
                .as_deref()
                .is_some_and(|address| address.len() > MAX_LINE || !is_good(address))
        };
        match written {
            other if other.schema != STATEMENT_SCHEMA => Err(StatementFault::Schema),
            other if other.domain != asked.as_str() => Err(StatementFault::OtherDomain),
            other if is_bad(&other.detector, is_link) => Err(StatementFault::Detector),
            other if is_bad(&other.removal, is_address) => Err(StatementFault::Removal),
            Written { detector, removal, .. } => Ok(Self {
                domain: asked.clone(),
                detector,
                removal,
            }),
        }
    }

    /// Who says it.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// Where people can ask whether the provider's system made a picture, `https:`.
    pub fn detector(&self) -> Option<&str> {
        self.detector.as_deref()
    }

    /// Whom to ask to have a picture taken down, `https:` or `mailto:`.
    pub fn removal(&self) -> Option<&str> {
        self.removal.as_deref()
    }

    /// The JSON Schema of what an issuer publishes.
    pub fn json_schema() -> Value {
        schemars::schema_for!(Written).to_value()
    }
}

impl fmt::Display for StatementFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "the answer has more than {MAX_STATEMENT_BYTES} bytes"),
            Self::Form => f.write_str("the answer is no JSON with schema and domain"),
            Self::Schema => write!(f, "the answer's schema is not {STATEMENT_SCHEMA}"),
            Self::OtherDomain => f.write_str("the answer is about another domain"),
            Self::Detector => write!(f, "its detector is no https address of up to {MAX_LINE} characters"),
            Self::Removal => write!(
                f,
                "its removal is no https or mailto address of up to {MAX_LINE} characters"
            ),
        }
    }
}

impl std::error::Error for StatementFault {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn asked() -> Domain {
        "example.org".parse().unwrap()
    }

    fn good() -> Value {
        json!({
            "schema": STATEMENT_SCHEMA,
            "domain": "example.org",
            "detector": "https://example.org/detector",
            "removal": "mailto:removal@example.org",
        })
    }

    #[test]
    fn what_a_domain_says_of_itself_is_read() {
        let mut answer = good();
        answer["added later"] = json!({ "a": [1, 2] });
        let said = Statement::parse(answer.to_string().as_bytes(), &asked()).unwrap();
        assert_eq!(said.domain(), &asked());
        assert_eq!(said.detector(), Some("https://example.org/detector"));
        assert_eq!(said.removal(), Some("mailto:removal@example.org"));
        let bare = r#"{"schema":"touchmark-issuer/1","domain":"example.org","removal":null}"#;
        let said = Statement::parse(bare.as_bytes(), &asked()).unwrap();
        assert_eq!((said.detector(), said.removal()), (None, None));
    }

    #[test]
    fn anything_else_is_named() {
        let long = format!("https://example.org/{}", "a".repeat(MAX_LINE));
        for (member, value, fault) in [
            ("schema", json!("touchmark-issuer/2"), StatementFault::Schema),
            ("schema", json!(1), StatementFault::Form),
            ("domain", json!("example.com"), StatementFault::OtherDomain),
            ("domain", json!("Example.org"), StatementFault::OtherDomain),
            ("domain", json!(null), StatementFault::Form),
            ("detector", json!("http://example.org"), StatementFault::Detector),
            ("detector", json!("mailto:a@example.org"), StatementFault::Detector),
            ("detector", json!(long), StatementFault::Detector),
            ("removal", json!("javascript:alert(1)"), StatementFault::Removal),
            ("removal", json!("https://user@example.org/"), StatementFault::Removal),
            (
                "removal",
                json!("https://example.org/\u{202E}x"),
                StatementFault::Removal,
            ),
            ("removal", json!(["mailto:a@example.org"]), StatementFault::Form),
        ] {
            let mut answer = good();
            answer[member] = value;
            assert_eq!(
                Statement::parse(answer.to_string().as_bytes(), &asked()),
                Err(fault),
                "{answer}"
            );
        }
        let large = format!("{}{}", good(), " ".repeat(MAX_STATEMENT_BYTES));
        for (answer, fault) in [
            ("", StatementFault::Form),
            ("<!doctype html>", StatementFault::Form),
            ("[]", StatementFault::Form),
            (
                r#"{"domain":"a.b","domain":"example.org","schema":"touchmark-issuer/1"}"#,
                StatementFault::Form,
            ),
            (large.as_str(), StatementFault::TooLarge),
        ] {
            assert_eq!(Statement::parse(answer.as_bytes(), &asked()), Err(fault));
        }
    }

    #[test]
    fn the_schema_says_what_is_read() {
        let schema = Statement::json_schema();
        assert_eq!(schema["properties"]["schema"]["const"], STATEMENT_SCHEMA);
        assert_eq!(schema["required"], json!(["schema", "domain"]));
    }

    proptest! {
        #[test]
        fn any_answer_is_read_or_refused(answer in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Statement::parse(&answer, &asked());
        }
    }
}
