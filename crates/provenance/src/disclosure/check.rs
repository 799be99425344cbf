//! What each field may hold: lengths, characters, addresses and numbers. Who passes is a [`super::Disclosure`].
#![warn(clippy::indexing_slicing)]

use std::collections::BTreeMap;

use super::aigc;
use super::parts::{
    About, AcceptableUse, Authority, Capabilities, Children, Compliance, Consequences, Data, Document, HelpLine,
    Provider, Removal, Safeguard, System, Texts,
};
use super::values::{Words, is_language_tag};
use crate::error::{DisclosureFault as Fault, FieldPath};
use crate::names;

/// The longest line, name or address, in characters; keeps what goes into a picture below 4 KB (disclosure.md).
pub const MAX_LINE: usize = 200;
/// The longest text for children, in characters (disclosure.md).
pub const MAX_CHILD_TEXT: usize = 400;
/// The longest of the other texts, in characters: a page's paragraph or two.
pub const MAX_TEXT: usize = 2000;
/// The most entries of a list: more is not read by people.
pub const MAX_ENTRIES: usize = 40;
/// The most help lines: every country has a few.
pub const MAX_HELP_LINES: usize = 250;
/// The most languages.
pub const MAX_LANGUAGES: usize = 40;

/// What the template has in the place of a text.
pub(super) const PLACEHOLDER: &str = "<fill in";

/// Every fault of a document, in the order of the schema.
pub(super) fn faults(document: &Document) -> Vec<(FieldPath, Fault)> {
    let mut checker = Checker::default();
    checker.document(document);
    checker.faults
}

#[derive(Default)]
struct Checker {
    faults: Vec<(FieldPath, Fault)>,
}

impl Checker {
    fn document(&mut self, document: &Document) {
        if document.schema != names::DISCLOSURE_SCHEMA {
            self.fault("schema", Fault::UnknownValue);
        }
        self.about(&document.document);
        if let Some(provider) = &document.provider {
            self.provider(provider);
        }
        if let Some(system) = &document.system {
            self.system(system);
        }
        if let Some(capabilities) = &document.capabilities {
            self.capabilities(capabilities);
        }
        self.entries("safeguards", &document.safeguards, MAX_ENTRIES, Self::safeguard);
        if let Some(acceptable_use) = &document.acceptable_use {
            self.acceptable_use(acceptable_use);
        }
        if let Some(consequences) = &document.consequences {
            self.consequences(consequences);
        }
        if let Some(removal) = &document.removal {
            self.removal(removal);
        }
        if let Some(children) = &document.children {
            self.children(children);
        }
        if let Some(detector) = &document.detector {
            self.link("detector.url", &detector.url);
        }
        if let Some(data) = &document.data {
            self.data(data);
        }
        self.entries("compliance", &document.compliance, MAX_ENTRIES, Self::compliance);
        if document.texts.len() > MAX_LANGUAGES {
            self.fault("texts", Fault::TooMany(MAX_LANGUAGES));
        }
        for (language, texts) in &document.texts {
            self.texts(language, texts);
        }
    }

    fn about(&mut self, about: &About) {
        if let Some(language) = &about.language {
            self.language("document.language", language);
        }
        self.optional("document.url", &about.url, Self::link);
        if let (Some(issued), Some(expires)) = (about.issued, about.expires)
            && expires < issued
        {
            self.fault("document.expires", Fault::OutOfRange);
        }
    }

    fn provider(&mut self, provider: &Provider) {
        self.line("provider.name", &provider.name);
        self.optional("provider.country", &provider.country, Self::country);
        self.address("provider.contact", &provider.contact);
        self.optional("provider.legal_id", &provider.legal_id, Self::line);
        self.optional("provider.eu_representative", &provider.eu_representative, Self::line);
        self.optional(
            "provider.data_protection_officer",
            &provider.data_protection_officer,
            Self::address,
        );
        self.optional("provider.aigc_code", &provider.aigc_code, |checker, path, code| {
            checker.matching(path, code, aigc::is_producer, Fault::UnknownValue);
        });
    }

    fn system(&mut self, system: &System) {
        self.line("system.name", &system.name);
        self.line("system.version", &system.version);
        self.optional("system.identifier", &system.identifier, |checker, path, identifier| {
            checker.matching(path, identifier, is_uri_text, Fault::UnknownValue);
        });
        self.matching(
            "system.model_type",
            &system.model_type,
            is_model_type,
            Fault::UnknownValue,
        );
        self.entries(
            "system.base_models",
            &system.base_models,
            MAX_ENTRIES,
            |checker, path, name| {
                checker.line(path, name);
            },
        );
        self.optional("system.licence", &system.licence, Self::line);
        self.optional("system.documentation", &system.documentation, Self::link);
        self.optional("system.bill_of_materials", &system.bill_of_materials, Self::link);
    }

    fn capabilities(&mut self, capabilities: &Capabilities) {
        self.lines("capabilities.can", &capabilities.can);
        self.lines("capabilities.cannot", &capabilities.cannot);
        self.lines("capabilities.limits", &capabilities.limits);
    }

    fn safeguard(&mut self, path: &str, safeguard: &Safeguard) {
        self.words(&format!("{path}.measure"), &safeguard.measure, MAX_LINE);
        self.optional(&format!("{path}.evidence"), &safeguard.evidence, Self::line);
        if let Some(rate) = safeguard.failure_rate
            && (rate.trials == 0 || rate.failures > rate.trials)
        {
            self.fault(format!("{path}.failure_rate"), Fault::OutOfRange);
        }
    }

    fn acceptable_use(&mut self, acceptable_use: &AcceptableUse) {
        self.lines("acceptable_use.allowed", &acceptable_use.allowed);
        self.lines("acceptable_use.prohibited", &acceptable_use.prohibited);
        self.optional("acceptable_use.policy", &acceptable_use.policy, Self::link);
    }

    fn consequences(&mut self, consequences: &Consequences) {
        self.at_most("consequences.actions", consequences.actions.len(), MAX_ENTRIES);
        if let Some(words) = &consequences.text {
            self.words("consequences.text", words, MAX_TEXT);
        }
        self.optional("consequences.appeal", &consequences.appeal, Self::link);
    }

    fn removal(&mut self, removal: &Removal) {
        self.optional("removal.url", &removal.url, Self::link);
        self.entries(
            "removal.languages",
            &removal.languages,
            MAX_LANGUAGES,
            |checker, path, tag| {
                checker.language(path, tag);
            },
        );
        if removal.response_hours == Some(0) {
            self.fault("removal.response_hours", Fault::OutOfRange);
        }
        self.optional("removal.email", &removal.email, |checker, path, email| {
            checker.matching(path, email, is_mailbox, Fault::UnknownValue);
        });
        self.optional("removal.api", &removal.api, Self::link);
        if let Some(postal) = &removal.postal {
            self.text("removal.postal", postal, MAX_CHILD_TEXT, true);
        }
        self.at_most("removal.hash_types", removal.hash_types.len(), MAX_ENTRIES);
        self.at_most("removal.laws", removal.laws.len(), MAX_ENTRIES);
        if let Some(Authority { name, url }) = &removal.complaint_authority {
            self.line("removal.complaint_authority.name", name);
            self.optional("removal.complaint_authority.url", url, Self::link);
        }
    }

    fn children(&mut self, children: &Children) {
        if children.minimum_age.is_some_and(|age| age > 99) {
            self.fault("children.minimum_age", Fault::OutOfRange);
        }
        if let Some(words) = &children.age_assurance {
            self.words("children.age_assurance", words, MAX_TEXT);
        }
        self.lines("children.safeguards", &children.safeguards);
        self.entries(
            "children.help_lines",
            &children.help_lines,
            MAX_HELP_LINES,
            Self::help_line,
        );
        // Below 10 no sentence fits; above "very easy" it is no text for children (Björnsson 1968).
        if children.reading_level.is_some_and(|lix| !(10..=30).contains(&lix)) {
            self.fault("children.reading_level", Fault::OutOfRange);
        }
    }

    fn help_line(&mut self, path: &str, line: &HelpLine) {
        self.country(&format!("{path}.country"), &line.country);
        self.line(&format!("{path}.name"), &line.name);
        self.optional(&format!("{path}.url"), &line.url, Self::link);
        self.optional(&format!("{path}.phone"), &line.phone, |checker, path, phone| {
            checker.matching(path, phone, is_phone, Fault::UnknownValue);
        });
        if line.url.is_none() && line.phone.is_none() {
            self.fault(format!("{path}.phone"), Fault::Missing);
        }
    }

    fn data(&mut self, data: &Data) {
        self.lines("data.recorded", &data.recorded);
        for (path, words) in [
            ("data.place", &data.place),
            ("data.retention", &data.retention),
            ("data.access", &data.access),
            ("data.erasure", &data.erasure),
        ] {
            if let Some(words) = words {
                self.words(path, words, MAX_TEXT);
            }
        }
    }

    fn compliance(&mut self, path: &str, compliance: &Compliance) {
        self.line(&format!("{path}.rule"), &compliance.rule);
        self.optional(&format!("{path}.evidence"), &compliance.evidence, Self::line);
    }

    fn texts(&mut self, language: &str, texts: &Texts) {
        self.language("texts", language);
        for (name, text, limit) in [
            ("summary", &texts.summary, MAX_CHILD_TEXT),
            ("child", &texts.child, MAX_CHILD_TEXT),
            ("adult", &texts.adult, MAX_TEXT),
            ("parent", &texts.parent, MAX_TEXT),
            ("teacher", &texts.teacher, MAX_TEXT),
        ] {
            if let Some(text) = text {
                self.text(&format!("texts.{language}.{name}"), text, limit, true);
            }
        }
    }

    fn lines(&mut self, path: &str, list: &[Words]) {
        self.entries(path, list, MAX_ENTRIES, |checker, path, words| {
            checker.words(path, words, MAX_LINE);
        });
    }

    fn words(&mut self, path: &str, words: &Words, limit: usize) {
        // A line is one line; only what may be a paragraph may have several.
        let breaks = limit > MAX_LINE;
        match words {
            Words::Plain(text) => {
                self.text(path, text, limit, breaks);
            }
            Words::ByLanguage(texts) => self.translations(path, texts, limit, breaks),
        }
    }

    fn translations(&mut self, path: &str, texts: &BTreeMap<String, String>, limit: usize, breaks: bool) {
        if texts.is_empty() {
            self.fault(path, Fault::Missing);
        }
        self.at_most(path, texts.len(), MAX_LANGUAGES);
        for (language, text) in texts {
            self.language(path, language);
            self.text(&format!("{path}.{language}"), text, limit, breaks);
        }
    }

    fn optional(&mut self, path: &str, value: &Option<String>, check: impl FnOnce(&mut Self, &str, &str)) {
        if let Some(value) = value {
            check(self, path, value);
        }
    }

    fn entries<T>(&mut self, path: &str, list: &[T], most: usize, check: impl Fn(&mut Self, &str, &T)) {
        self.at_most(path, list.len(), most);
        for (index, entry) in list.iter().enumerate().take(most) {
            check(self, &format!("{path}[{index}]"), entry);
        }
    }

    fn at_most(&mut self, path: &str, found: usize, most: usize) {
        if found > most {
            self.fault(path, Fault::TooMany(most));
        }
    }

    fn country(&mut self, path: &str, code: &str) {
        self.matching(path, code, is_country, Fault::UnknownValue);
    }

    fn language(&mut self, path: &str, tag: &str) {
        self.matching(path, tag, is_language_tag, Fault::UnknownValue);
    }

    fn link(&mut self, path: &str, value: &str) {
        self.matching(path, value, is_link, Fault::NotALink);
    }

    fn address(&mut self, path: &str, value: &str) {
        self.matching(path, value, is_address, Fault::NotAnAddress);
    }

    fn line(&mut self, path: &str, value: &str) {
        self.text(path, value, MAX_LINE, false);
    }

    /// A line that is also what it has to be.
    fn matching(&mut self, path: &str, value: &str, is_good: impl FnOnce(&str) -> bool, otherwise: Fault) {
        let before = self.faults.len();
        self.line(path, value);
        if self.faults.len() == before && !is_good(value) {
            self.fault(path, otherwise);
        }
    }

    fn text(&mut self, path: &str, value: &str, limit: usize, breaks: bool) {
        let is_forbidden = |c: char| is_formatting(c) && !(breaks && c == '\n');
        if value.trim().is_empty() {
            self.fault(path, Fault::Missing);
        } else if value.contains(PLACEHOLDER) {
            self.fault(path, Fault::Placeholder);
        } else if value.chars().nth(limit).is_some() {
            self.fault(path, Fault::TooLong(limit));
        } else if value.chars().any(is_forbidden) {
            self.fault(path, Fault::ControlCharacters);
        }
    }

    fn fault(&mut self, path: impl Into<FieldPath>, fault: Fault) {
        self.faults.push((path.into(), fault));
    }
}

/// Control characters; the bidirectional controls that make text read as something else (UAX #9, 2); and characters
/// that show nothing and join nothing: separators, the zero-width space, the byte order mark, tags. The joiners that
/// scripts and emoji need (ZWJ, ZWNJ, variation selectors) stay.
fn is_formatting(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

pub(super) fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())
}

/// Whether this is an address for people: one that [`is_link`] takes, or `mailto:` and a mailbox.
pub fn is_address(value: &str) -> bool {
    is_link(value) || is_mailto(value)
}

/// Whether this is an address on the web: `https://`, a host in plain sight (no user name before it, RFC 3986, 7.6), and
/// characters of a URI alone. Its length is not looked at.
pub fn is_link(value: &str) -> bool {
    let Some(rest) = value.strip_prefix("https://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => host,
        Some(_) => return false,
        None => authority,
    };
    let is_name = host.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    });
    is_name && is_uri_text(value)
}

fn is_mailto(value: &str) -> bool {
    value
        .strip_prefix("mailto:")
        .is_some_and(|rest| is_mailbox(rest.split('?').next().unwrap_or_default()) && is_uri_text(rest))
}

/// `local@domain` in the usual characters (RFC 5322, 3.2.3 `dot-atom`); quoted forms are not taken.
fn is_mailbox(value: &str) -> bool {
    let is_atom = |part: &str, extra: &str| {
        part.split('.').all(|label| {
            !label.is_empty()
                && label
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-' || extra.contains(c))
        })
    };
    value.split_once('@').is_some_and(|(local, domain)| {
        is_atom(local, "!#$%&'*+/=?^_`{|}~") && is_atom(domain, "") && domain.contains('.')
    })
}

/// Only characters that a URI may hold (RFC 3986, 2).
fn is_uri_text(value: &str) -> bool {
    value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&b))
}

/// A number as people write it: digits, `+`, and what stands between (ITU-T E.123).
fn is_phone(value: &str) -> bool {
    value.len() <= 40
        && value.bytes().any(|b| b.is_ascii_digit())
        && value
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b' ' | b'(' | b')' | b'-' | b'/' | b'.'))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_https_with_a_plain_host() {
        for good in [
            "https://example.org",
            "https://example.org:8443/a?b=c#d",
            "https://xn--bcher-kva.example/%20",
        ] {
            assert!(is_link(good), "{good}");
        }
        for bad in [
            "http://example.org",
            "https://",
            "https:///path",
            "https://user@example.org",
            "https://example.org@evil.example",
            "https://example..org",
            "https://example.org:",
            "https://exa mple.org",
            "https://bücher.example",
            "https://example.org/\"onclick=",
            "https://example.org\\evil.example",
            "javascript:alert(1)//https://",
        ] {
            assert!(!is_link(bad), "{bad}");
        }
    }

    #[test]
    fn a_mailbox_is_one_address() {
        for good in [
            "mailto:abuse@example.org",
            "mailto:a.b+c@mail.example.org?subject=Removal",
        ] {
            assert!(is_mailto(good), "{good}");
        }
        for bad in [
            "mailto:",
            "mailto:abuse",
            "mailto:a@b",
            "mailto:a@b.org,c@d.org",
            "mailto:a b@c.org",
            "mailto:a@b@c.org",
        ] {
            assert!(!is_mailto(bad), "{bad}");
        }
    }

    #[test]
    fn a_telephone_number_has_digits_and_what_stands_between() {
        assert!(is_phone("116 111") && is_phone("+44 (0)800-1111"));
        assert!(!is_phone("call me") && !is_phone("---") && !is_phone("0800 1111 ext. 3"));
    }
}
