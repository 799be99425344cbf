//! The statement of a system about itself, from which assertions, labels, the page and reports are derived.
//!
//! A document is read from TOML, from JSON, or from its signed form, checked field by field, and only then becomes a
//! [`Disclosure`]. Whether it says all that is asked for is another question, which [`Document::lint`] answers: a
//! system can stamp before it is done.
//!
//! ```
//! use touchmark_provenance::{Disclosure, disclosure::PageLanguage};
//! let disclosure = Disclosure::from_toml(r#"
//!     schema = "touchmark-disclosure/1"
//!     provider = { name = "Example Images", contact = "https://example.org/contact" }
//! "#)?;
//! assert_eq!(disclosure.assertion("en")["provider"]["name"], "Example Images");
//! assert!(disclosure.page(PageLanguage::German).contains("Example Images"));
//! # Ok::<_, touchmark_provenance::Error>(())
//! ```

mod aigc;
mod assertion;
mod check;
mod export;
mod laws;
mod lint;
mod page;
mod parts;
mod signed;
mod template;
mod values;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{DisclosureFault, Error, FieldPath};
use crate::names;

pub use assertion::MAX_ASSERTION_BYTES;
pub use check::{MAX_CHILD_TEXT, MAX_ENTRIES, MAX_HELP_LINES, MAX_LANGUAGES, MAX_LINE, MAX_TEXT, is_address, is_link};
pub use export::Export;
pub use laws::{LAWS, LAWS_AS_OF, Law, LawLimit};
pub use lint::{Finding, Outcome, lix};
pub use page::PageLanguage;
pub use parts::{
    About, AcceptableUse, Action, Area, Authority, Capabilities, Children, Compliance, ComplianceStatus, Consequences,
    Data, Detector, Document, FailureRate, HashType, HelpLine, Provider, Removal, Role, Safeguard, SafeguardStatus,
    System, Texts,
};
pub use signed::{SignedDisclosure, sign};
pub use template::template;
pub use values::{DEFAULT_LANGUAGE, Day, Words};

pub(crate) use parts::default_model_type;

/// The largest document, in bytes: some hundred pages.
pub const MAX_DOCUMENT_BYTES: usize = 256 * 1024;

/// What a system says about itself.
///
/// Once you hold one, every text is within its limits and free of control and bidirectional characters, every address
/// is an `https:` or `mailto:` address, and every value is one that the schema knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    document: Document,
    digest: Option<[u8; 32]>,
}

impl Disclosure {
    /// Reads a disclosure from TOML and checks every field.
    ///
    /// # Errors
    /// [`Error::Disclosure`] with the first field at fault.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        Document::from_toml(text)?.check()
    }

    /// Reads a disclosure from JSON and checks every field.
    ///
    /// # Errors
    /// [`Error::Disclosure`] with the first field at fault.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        Document::from_json(text)?.check()
    }

    /// The disclosure of someone who has not filled one in: no provider, no system, no contact.
    pub fn unfilled() -> Self {
        Self {
            document: Document::empty(),
            digest: None,
        }
    }

    /// Whether provider and system are stated.
    pub fn is_filled(&self) -> bool {
        self.document.provider.is_some() && self.document.system.is_some()
    }

    /// Everything it says.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The organisation that answers for the system, where stated.
    pub fn provider(&self) -> Option<&Provider> {
        self.document.provider.as_ref()
    }

    /// The system that made the picture, where stated.
    pub fn system(&self) -> Option<&System> {
        self.document.system.as_ref()
    }

    /// The address of the provider's detector, where stated.
    pub fn detector_url(&self) -> Option<&str> {
        self.document.detector.as_ref().map(|detector| detector.url.as_str())
    }

    /// The provider's code or name for `ContentProducer` of a `TC260:AIGC` label (GB 45438-2025, Annex E), where stated.
    /// Never a placeholder: without one, no such label is written.
    pub fn aigc_producer(&self) -> Option<&str> {
        self.provider()?.aigc_code.as_deref()
    }

    /// The language of its texts that name none, a BCP 47 tag.
    pub fn language(&self) -> &str {
        self.document.language()
    }

    /// SHA-256 of the signed document that it was read from; nothing where it was read from another form.
    pub fn signed_digest(&self) -> Option<[u8; 32]> {
        self.digest
    }

    /// The JSON Schema of a document.
    pub fn json_schema() -> Value {
        schemars::schema_for!(Document).to_value()
    }

    /// The document as JSON on one line, always the same for the same content: what is signed.
    pub fn to_json(&self) -> String {
        // Every field is a string, number, list or map with string keys: serialisation cannot fail.
        serde_json::to_string(&self.document).unwrap_or_default()
    }
}

impl Document {
    /// Reads a document from TOML. Texts are not looked at yet.
    ///
    /// # Errors
    /// [`Error::Disclosure`]: too large, no TOML, a key or value that the schema does not know.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        parse(text, |text| {
            toml::from_str(text).map_err(|error| on_one_line(error.message(), error.span(), text))
        })
    }

    /// Reads a document from JSON. Texts are not looked at yet.
    ///
    /// # Errors
    /// [`Error::Disclosure`]: too large, no JSON, a key or value that the schema does not know.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        parse(text, |text| {
            serde_json::from_str(text).map_err(|error| error.to_string())
        })
    }

    /// Every field that is not within its limits, with what is wrong, in the order of the schema.
    pub fn faults(&self) -> Vec<(FieldPath, DisclosureFault)> {
        check::faults(self)
    }

    /// The disclosure, where every field is within its limits.
    ///
    /// # Errors
    /// [`Error::Disclosure`] with the first field at fault.
    pub fn check(self) -> Result<Disclosure, Error> {
        match self.faults().into_iter().next() {
            Some((field, fault)) => Err(Error::Disclosure { field, fault }),
            None => Ok(Disclosure {
                document: self,
                digest: None,
            }),
        }
    }

    /// The language of its texts that name none, a BCP 47 tag.
    pub fn language(&self) -> &str {
        self.document.language.as_deref().unwrap_or(DEFAULT_LANGUAGE)
    }

    /// Nothing but the schema's name.
    fn empty() -> Self {
        Self {
            schema: names::DISCLOSURE_SCHEMA.to_owned(),
            document: About::default(),
            provider: None,
            system: None,
            capabilities: None,
            safeguards: Vec::new(),
            acceptable_use: None,
            consequences: None,
            removal: None,
            children: None,
            detector: None,
            data: None,
            compliance: Vec::new(),
            texts: Default::default(),
        }
    }
}

impl Serialize for Disclosure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.document.serialize(serializer)
    }
}

fn parse<T: DeserializeOwned>(text: &str, parser: impl FnOnce(&str) -> Result<T, String>) -> Result<T, Error> {
    let fault = if text.len() > MAX_DOCUMENT_BYTES {
        DisclosureFault::TooLarge(MAX_DOCUMENT_BYTES)
    } else {
        match parser(text) {
            Ok(document) => return Ok(document),
            Err(words) => DisclosureFault::Syntax(words.into()),
        }
    };
    Err(Error::Disclosure {
        field: FieldPath::default(),
        fault,
    })
}

/// The parser's words with the line they speak of; its own form spreads over several lines and quotes the file.
fn on_one_line(message: &str, span: Option<std::ops::Range<usize>>, text: &str) -> String {
    let before = span.and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!(
        "line {}: {}",
        before.matches('\n').count() + 1,
        message.replace('\n', " ")
    )
}

#[cfg(test)]
mod tests;
