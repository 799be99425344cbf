//! The statement of a system about itself, from which assertions and reports are derived.
//!
//! This is the first, minimal schema: provider, system, contact and the address of a detector. A document is read
//! from TOML, checked field by field, and only then becomes a [`Disclosure`].

use serde::{Deserialize, Serialize};

use crate::error::{DisclosureFault, Error};
use crate::names;

/// The longest text of a single field, in characters; keeps the assertion below 4 KB (disclosure.md).
const MAX_TEXT: usize = 200;

/// Who provides the system, which system it is, and whom to contact about its pictures.
///
/// Once you hold one, every text is within its limits and every address is an `https:` or `mailto:` address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    schema: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    provider: Option<Provider>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    system: Option<System>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    detector: Option<Detector>,
}

/// The organisation that answers for the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The name of the organisation.
    pub name: String,
    /// Where it is established: ISO 3166-1 alpha-2, such as `DE`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub country: Option<String>,
    /// Where people reach it about a picture: an `https:` or `mailto:` address.
    pub contact: String,
    /// The name or the 27-character code that GB 45438-2025 asks for as `ContentProducer`. Only with it is that label
    /// written.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub aigc_code: Option<String>,
}

/// The system that made the picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Its name, as users know it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// A URI or package URL that identifies the model.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub identifier: Option<String>,
    /// The model's format, one of C2PA's `c2pa.types.model` names.
    #[serde(default = "default_model_type")]
    pub model_type: String,
}

/// Where anyone can check a picture of this system, free of charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detector {
    /// The address of the detector, `https:`.
    pub url: String,
}

impl Disclosure {
    /// Reads a disclosure from TOML and checks every field.
    ///
    /// # Errors
    /// [`Error::Disclosure`] with the first field at fault.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let disclosure: Self = toml::from_str(text).map_err(|error| Error::Disclosure {
            field: "",
            fault: DisclosureFault::Syntax(on_one_line(&error, text).into()),
        })?;
        disclosure.check()?;
        Ok(disclosure)
    }

    /// The disclosure of someone who has not filled one in: no provider, no system, no contact.
    pub fn unfilled() -> Self {
        Self {
            schema: names::DISCLOSURE_SCHEMA.to_owned(),
            provider: None,
            system: None,
            detector: None,
        }
    }

    /// Whether provider and system are stated.
    pub fn is_filled(&self) -> bool {
        self.provider.is_some() && self.system.is_some()
    }

    /// The organisation that answers for the system, where stated.
    pub fn provider(&self) -> Option<&Provider> {
        self.provider.as_ref()
    }

    /// The system that made the picture, where stated.
    pub fn system(&self) -> Option<&System> {
        self.system.as_ref()
    }

    /// The address of the provider's detector, where stated.
    pub fn detector_url(&self) -> Option<&str> {
        self.detector.as_ref().map(|detector| detector.url.as_str())
    }

    /// The provider as the label of GB 45438-2025 names it, where stated.
    pub fn aigc_producer(&self) -> Option<&str> {
        self.provider.as_ref()?.aigc_code.as_deref()
    }

    fn check(&self) -> Result<(), Error> {
        if self.schema != names::DISCLOSURE_SCHEMA {
            return fault("schema", DisclosureFault::UnknownValue);
        }
        match &self.provider {
            None => return fault("provider", DisclosureFault::Missing),
            Some(provider) => provider.check()?,
        }
        match &self.system {
            None => return fault("system", DisclosureFault::Missing),
            Some(system) => system.check()?,
        }
        match &self.detector {
            Some(detector) => address("detector.url", &detector.url),
            None => Ok(()),
        }
    }
}

impl Provider {
    fn check(&self) -> Result<(), Error> {
        text("provider.name", &self.name)?;
        address("provider.contact", &self.contact)?;
        if let Some(code) = &self.aigc_code {
            text("provider.aigc_code", code)?;
            if !code.bytes().all(is_aigc_character) {
                return fault("provider.aigc_code", DisclosureFault::UnknownValue);
            }
        }
        match &self.country {
            Some(code) if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase()) => {
                fault("provider.country", DisclosureFault::UnknownValue)
            }
            _ => Ok(()),
        }
    }
}

impl System {
    fn check(&self) -> Result<(), Error> {
        text("system.name", &self.name)?;
        text("system.version", &self.version)?;
        if let Some(identifier) = &self.identifier {
            text("system.identifier", identifier)?;
        }
        if !is_model_type(&self.model_type) {
            return fault("system.model_type", DisclosureFault::UnknownValue);
        }
        Ok(())
    }
}

/// The parser's words with the line they speak of; its own form spreads over several lines and quotes the file.
fn on_one_line(error: &toml::de::Error, text: &str) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!(
        "line {}: {}",
        before.matches('\n').count() + 1,
        error.message().replace('\n', " ")
    )
}

/// The model type of a system that does not say more.
pub(crate) fn default_model_type() -> String {
    "c2pa.types.model".to_owned()
}

/// The model formats of C2PA 2.4, 18.28, each behind `c2pa.types.model.`.
const MODEL_FORMATS: &[&str] = &[
    "caffe",
    "caffe2",
    "catboost",
    "coreml",
    "flax",
    "huggingface.transformers",
    "jax",
    "keras",
    "lightgbm",
    "ml_net",
    "mxnet",
    "onnx",
    "openvino",
    "paddle",
    "pytorch",
    "sklearn",
    "tensorflow",
    "tensorrt",
    "tflite",
    "torchscript",
    "xgboost",
];

fn is_model_type(value: &str) -> bool {
    match value.strip_prefix("c2pa.types.model") {
        Some("") => true,
        Some(rest) => rest
            .strip_prefix('.')
            .is_some_and(|format| MODEL_FORMATS.contains(&format)),
        None => false,
    }
}

/// The characters of the label's values: printable ASCII but blank, quotation mark and backslash (GB 45438-2025, 6.1).
fn is_aigc_character(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\')
}

fn text(field: &'static str, value: &str) -> Result<(), Error> {
    if value.trim().is_empty() {
        return fault(field, DisclosureFault::Missing);
    }
    if value.chars().count() > MAX_TEXT {
        return fault(field, DisclosureFault::TooLong(MAX_TEXT));
    }
    if value.chars().any(is_formatting) {
        return fault(field, DisclosureFault::ControlCharacters);
    }
    Ok(())
}

fn address(field: &'static str, value: &str) -> Result<(), Error> {
    text(field, value)?;
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("mailto:"));
    match rest {
        Some(rest) if !rest.is_empty() && !rest.contains(char::is_whitespace) => Ok(()),
        _ => fault(field, DisclosureFault::NotAnAddress),
    }
}

/// Control characters, and the bidirectional controls that make text read as something else (Unicode UAX #9, 2).
fn is_formatting(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn fault(field: &'static str, fault: DisclosureFault) -> Result<(), Error> {
    Err(Error::Disclosure { field, fault })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILLED: &str = r#"
schema = "touchmark-disclosure/1"
[provider]
name = "Example Images"
country = "DE"
contact = "https://example.org/contact"
[system]
name = "Example Diffusion"
version = "3.1"
model_type = "c2pa.types.model.pytorch"
[detector]
url = "https://example.org/detector"
"#;

    fn field_at_fault(text: &str) -> (&'static str, DisclosureFault) {
        match Disclosure::from_toml(text) {
            Err(Error::Disclosure { field, fault }) => (field, fault),
            other => panic!("expected a fault, got {other:?}"),
        }
    }

    #[test]
    fn a_filled_disclosure_is_read() {
        let disclosure = Disclosure::from_toml(FILLED).unwrap();
        assert!(disclosure.is_filled());
        assert_eq!(disclosure.provider().unwrap().name, "Example Images");
        assert_eq!(disclosure.detector_url(), Some("https://example.org/detector"));
    }

    #[test]
    fn each_fault_is_named_with_its_field() {
        for (from, to, field, fault) in [
            (
                "touchmark-disclosure/1",
                "touchmark-disclosure/9",
                "schema",
                DisclosureFault::UnknownValue,
            ),
            ("Example Images", " ", "provider.name", DisclosureFault::Missing),
            (
                "\"DE\"",
                "\"Germany\"",
                "provider.country",
                DisclosureFault::UnknownValue,
            ),
            (
                "https://example.org/contact",
                "http://example.org",
                "provider.contact",
                DisclosureFault::NotAnAddress,
            ),
            (
                "https://example.org/contact",
                "https://a b",
                "provider.contact",
                DisclosureFault::NotAnAddress,
            ),
            (
                "Example Diffusion",
                "a\\u202Eb",
                "system.name",
                DisclosureFault::ControlCharacters,
            ),
            (
                "model.pytorch",
                "model.generative",
                "system.model_type",
                DisclosureFault::UnknownValue,
            ),
            (
                "https://example.org/detector",
                "x",
                "detector.url",
                DisclosureFault::NotAnAddress,
            ),
        ] {
            assert_eq!(
                field_at_fault(&FILLED.replace(from, to)),
                (field, fault),
                "{from} -> {to}"
            );
        }
        let long = FILLED.replace("3.1", &"9".repeat(MAX_TEXT + 1));
        assert_eq!(
            field_at_fault(&long),
            ("system.version", DisclosureFault::TooLong(MAX_TEXT))
        );
    }

    #[test]
    fn an_aigc_code_keeps_the_characters_of_the_standard() {
        let with = |code: &str| FILLED.replace("[system]", &format!("aigc_code = \"{code}\"\n[system]"));
        let disclosure = Disclosure::from_toml(&with("001191110102MACQD9K64010000")).unwrap();
        assert_eq!(disclosure.aigc_producer(), Some("001191110102MACQD9K64010000"));
        for code in ["Example Images", "示例", "a\\\\b", "a\\\"b"] {
            assert_eq!(
                field_at_fault(&with(code)),
                ("provider.aigc_code", DisclosureFault::UnknownValue)
            );
        }
        assert_eq!(Disclosure::from_toml(FILLED).unwrap().aigc_producer(), None);
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let (field, fault) = field_at_fault(&FILLED.replace("country", "contry"));
        assert_eq!(field, "");
        assert!(
            matches!(fault, DisclosureFault::Syntax(words) if words.starts_with("line 5: ") && words.contains("contry"))
        );
    }
}
