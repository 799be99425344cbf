//! What goes into a picture: the short part of a disclosure, in one language, at most 4 KB.
#![warn(clippy::indexing_slicing)]

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::parts::{HelpLine, Texts};
use super::values::primary;
use super::{Disclosure, Document};

/// The most that a disclosure takes up inside a picture, in bytes of its JSON, which is never shorter than its CBOR.
pub const MAX_ASSERTION_BYTES: usize = 4096;

impl Disclosure {
    /// The short part that is signed into pictures, its texts in `language` (BCP 47) where there are any, else in the
    /// document's own.
    ///
    /// Who answers for the system, how to have a picture removed, and where the signed document is, always fit. After
    /// them come the child's text, the help lines and the other short texts, each whole or not at all. Where the
    /// document was read from its signed form, `document` holds that form's SHA-256 and its address.
    pub fn assertion(&self, language: &str) -> Value {
        self.summary(language).0.into()
    }

    /// What of the short texts and help lines found no place in [`Self::assertion`], by path.
    pub(super) fn left_out(&self, language: &str) -> Vec<String> {
        self.summary(language).1
    }

    fn summary(&self, language: &str) -> (Map<String, Value>, Vec<String>) {
        let mut fields = core(&self.document);
        if let Some(digest) = self.digest {
            let mut published = Map::new();
            insert(&mut published, "url", &self.document.document.url);
            published.insert("sha256".into(), crate::hex(&digest).into());
            fields.insert("document".into(), published.into());
        }
        let mut summary = Summary {
            room: MAX_ASSERTION_BYTES.saturating_sub(json_len(&fields)),
            fields,
            left_out: Vec::new(),
        };
        let texts = texts(&self.document, language);
        if let Some((language, texts)) = texts {
            summary.text(language, "child", &texts.child);
        }
        for line in self.document.children.iter().flat_map(|children| &children.help_lines) {
            summary.help_line(line);
        }
        if let Some((language, texts)) = texts {
            summary.text(language, "summary", &texts.summary);
            summary.text(language, "adult", &texts.adult);
            summary.text(language, "parent", &texts.parent);
            summary.text(language, "teacher", &texts.teacher);
        }
        (summary.fields, summary.left_out)
    }
}

/// A summary under construction; what does not fit is named.
struct Summary {
    fields: Map<String, Value>,
    /// Bytes that are left.
    room: usize,
    left_out: Vec<String>,
}

impl Summary {
    fn text(&mut self, language: &str, name: &str, text: &Option<String>) {
        let Some(text) = text else { return };
        let piece = json!({ name: text });
        if self.takes("texts", json!({ "language": language }), &piece) {
            if let Some(Value::Object(texts)) = self.fields.get_mut("texts") {
                texts.insert(name.to_owned(), text.as_str().into());
            }
        } else {
            self.left_out.push(format!("texts.{language}.{name}"));
        }
    }

    fn help_line(&mut self, line: &HelpLine) {
        let mut entry = Map::new();
        entry.insert("country".into(), line.country.as_str().into());
        entry.insert("name".into(), line.name.as_str().into());
        insert(&mut entry, "url", &line.url);
        insert(&mut entry, "phone", &line.phone);
        let piece = Value::from(entry);
        if self.takes("help_lines", json!([]), &piece) {
            if let Some(Value::Array(lines)) = self.fields.get_mut("help_lines") {
                lines.push(piece);
            }
        } else {
            self.left_out.push(format!("children.help_lines: {}", line.name));
        }
    }

    /// Takes the room for one more piece of a part, and begins the part where it is not there yet; or does neither.
    fn takes(&mut self, part: &str, begun: Value, piece: &Value) -> bool {
        // A piece costs its JSON and a comma; a part its name in quotation marks, a colon and a comma besides.
        let begins = !self.fields.contains_key(part);
        let beginning = if begins { json_len(&begun) + part.len() + 4 } else { 0 };
        let Some(left) = self.room.checked_sub(beginning + json_len(piece) + 1) else {
            return false;
        };
        self.room = left;
        if begins {
            self.fields.insert(part.to_owned(), begun);
        }
        true
    }
}

/// What every reader needs, in the places where readers of the first version look. By the limits of its fields it
/// always fits: three names of 200 characters of 4 bytes, six addresses of 200, and their keys.
fn core(document: &Document) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("schema".into(), document.schema.as_str().into());
    if let Some(provider) = &document.provider {
        let mut map = Map::new();
        map.insert("name".into(), provider.name.as_str().into());
        insert(&mut map, "country", &provider.country);
        map.insert("contact".into(), provider.contact.as_str().into());
        fields.insert("provider".into(), map.into());
    }
    if let Some(system) = &document.system {
        let mut map = Map::new();
        map.insert("name".into(), system.name.as_str().into());
        map.insert("version".into(), system.version.as_str().into());
        insert(&mut map, "identifier", &system.identifier);
        map.insert("model_type".into(), system.model_type.as_str().into());
        fields.insert("system".into(), map.into());
    }
    if let Some(detector) = &document.detector {
        fields.insert("detector".into(), json!({ "url": detector.url }));
    }
    if let Some(removal) = &document.removal {
        let mut map = Map::new();
        insert(&mut map, "url", &removal.url);
        insert(&mut map, "email", &removal.email);
        insert(&mut map, "response_hours", &removal.response_hours);
        insert(&mut map, "no_account_needed", &removal.no_account_needed);
        insert(&mut map, "no_upload_needed", &removal.no_upload_needed);
        if !map.is_empty() {
            fields.insert("removal".into(), map.into());
        }
    }
    fields
}

fn insert<T: Clone + Into<Value>>(map: &mut Map<String, Value>, key: &str, value: &Option<T>) {
    if let Some(value) = value {
        map.insert(key.to_owned(), value.clone().into());
    }
}

/// The texts in this language, in its dialects' language, in the document's own, else in the first there is.
fn texts<'a>(document: &'a Document, language: &'a str) -> Option<(&'a str, &'a Texts)> {
    [language, primary(language), document.language()]
        .into_iter()
        .find_map(|tag| document.texts.get_key_value(tag))
        .or_else(|| document.texts.first_key_value())
        .map(|(tag, texts)| (tag.as_str(), texts))
}

fn json_len(value: &impl Serialize) -> usize {
    serde_json::to_string(value).map_or(MAX_ASSERTION_BYTES, |json| json.len())
}
