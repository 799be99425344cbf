//! What goes into a picture: the short part of a disclosure, in one language, at most 4 KB.

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
        let mut summary = Summary {
            fields: core(&self.document),
            left_out: Vec::new(),
        };
        if let Some(digest) = self.digest {
            let mut published = Map::new();
            insert(&mut published, "url", &self.document.document.url);
            published.insert("sha256".into(), crate::hex(&digest).into());
            summary.fields.insert("document".into(), published.into());
        }
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
    left_out: Vec<String>,
}

impl Summary {
    fn text(&mut self, language: &str, name: &str, text: &Option<String>) {
        let Some(text) = text else { return };
        self.add(format!("texts.{language}.{name}"), |fields| {
            let texts = fields.entry("texts").or_insert_with(|| json!({ "language": language }));
            texts[name] = text.as_str().into();
        });
    }

    fn help_line(&mut self, line: &HelpLine) {
        let mut entry = Map::new();
        entry.insert("country".into(), line.country.as_str().into());
        entry.insert("name".into(), line.name.as_str().into());
        insert(&mut entry, "url", &line.url);
        insert(&mut entry, "phone", &line.phone);
        self.add(format!("children.help_lines: {}", line.name), |fields| {
            if let Value::Array(lines) = fields.entry("help_lines").or_insert_with(|| json!([])) {
                lines.push(entry.into());
            }
        });
    }

    /// Adds a piece, if the whole stays within the limit.
    fn add(&mut self, path: String, write: impl FnOnce(&mut Map<String, Value>)) {
        let mut with = self.fields.clone();
        write(&mut with);
        if json_len(&with) <= MAX_ASSERTION_BYTES {
            self.fields = with;
        } else {
            self.left_out.push(path);
        }
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

fn json_len(fields: &Map<String, Value>) -> usize {
    serde_json::to_string(fields).map_or(usize::MAX, |json| json.len())
}
