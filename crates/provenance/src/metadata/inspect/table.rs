//! The table of what generators leave (`generators.toml`), parsed once, and how a field is looked up in it.

#![warn(clippy::indexing_slicing)]

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::Deserialize;

use super::fields::Field;
use super::finding::{FoundLabel, PromptText, Prompts, Says, Writer, WriterKind};
use super::prompt::{self, PromptForm};
use super::shape::{self, Shape};
use super::text::capped;

const TABLE: &str = include_str!("generators.toml");

/// The names that stand for all fields in which front-ends write whatever they have.
const FREE: &str = "@free";

/// The table, with what is looked for in each field.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: &'static [Row],
    free: &'static [String],
    by_field: HashMap<&'static str, Vec<usize>>,
    /// Fields that only say whether another one counts.
    beside: Vec<&'static str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    free: Vec<String>,
    signal: Vec<Row>,
}

/// A signal: what a field must be, and what it then says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    writer: String,
    kind: Kind,
    says: Claim,
    fields: Vec<String>,
    #[serde(flatten)]
    conditions: Conditions,
    #[serde(default)]
    also: Vec<Beside>,
    prompt: Option<PromptForm>,
    value: Option<Value>,
    #[serde(default)]
    variants: Vec<Variant>,
}

#[derive(Debug, Default, Deserialize)]
struct Conditions {
    #[serde(default)]
    equals: Vec<String>,
    #[serde(default)]
    starts: Vec<String>,
    #[serde(default)]
    contains: Vec<String>,
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    any_keys: Vec<String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
    shape: Option<Shape>,
}

/// Another field that must be there too.
#[derive(Debug, Deserialize)]
struct Beside {
    fields: Vec<String>,
    #[serde(flatten)]
    conditions: Conditions,
}

/// A writer that is told from the others by a word.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    contains: String,
    writer: String,
    kind: Option<Kind>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Service,
    FrontEnd,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Claim {
    Whole,
    Part,
    Possible,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Value {
    Whole,
    Model,
}

impl Table {
    /// The table. One that cannot be parsed is empty; a test holds it to be right.
    pub(super) fn get() -> &'static Self {
        static PARSED: OnceLock<Table> = OnceLock::new();
        static SOURCE: OnceLock<Source> = OnceLock::new();
        PARSED.get_or_init(|| Self::index(SOURCE.get_or_init(|| toml::from_str(TABLE).unwrap_or_default())))
    }

    fn index(source: &'static Source) -> Self {
        let mut table = Self::default();
        for (index, row) in source.signal.iter().enumerate() {
            for name in &row.fields {
                let names = match name.as_str() {
                    FREE => source.free.as_slice(),
                    _ => std::slice::from_ref(name),
                };
                for name in names {
                    table.by_field.entry(name).or_default().push(index);
                }
            }
            let beside = row.also.iter().flat_map(|beside| &beside.fields);
            table.beside.extend(beside.map(String::as_str));
        }
        table.rows = &source.signal;
        table.free = &source.free;
        table
    }

    /// Whether anything is looked for in a field of this name.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.by_field.contains_key(name) || self.beside.contains(&name)
    }

    /// Whether a field of this name is one in which programs write whatever they have.
    pub(super) fn is_free(&self, name: &str) -> bool {
        self.free.iter().any(|free| free == name)
    }

    /// The label that a field is, by the first row that fits it.
    pub(super) fn label(&self, field: &Field<'_>, all: &[Field<'_>], prompts: Prompts) -> Option<FoundLabel> {
        let rows = self.by_field.get(field.name.as_str())?;
        let row = rows
            .iter()
            .filter_map(|index| self.rows.get(*index))
            .find(|row| row.fits(field, all))?;
        Some(FoundLabel {
            signal: &row.id,
            place: field.place.clone(),
            field: field.shown.clone(),
            says: match row.says {
                Claim::Whole => Says::Whole,
                Claim::Part => Says::Part,
                Claim::Possible => Says::Possible,
            },
            source_type: None,
            writer: Some(row.writer(&field.text)),
            value: match row.value {
                Some(Value::Whole) => Some(capped(&field.text)),
                Some(Value::Model) => prompt::model(&field.text).map(|model| capped(&model)),
                None => None,
            },
            prompt: row
                .prompt
                .and_then(|form| PromptText::new(&form.of(&field.text), prompts)),
        })
    }
}

/// Bytes of a field that is looked at beside another: for each that fits, all are.
const LONGEST_COMPANION: usize = 1024;

impl Row {
    fn fits(&self, field: &Field<'_>, all: &[Field<'_>]) -> bool {
        self.conditions.hold(&field.text)
            && self.also.iter().all(|beside| {
                all.iter().any(|other| {
                    other.text.len() <= LONGEST_COMPANION
                        && beside.fields.contains(&other.name)
                        && beside.conditions.hold(&other.text)
                })
            })
    }

    fn writer(&'static self, text: &str) -> Writer {
        let variant = self
            .variants
            .iter()
            .find(|variant| memchr::memmem::find(text.as_bytes(), variant.contains.as_bytes()).is_some());
        let (name, kind) = match variant {
            Some(variant) => (&variant.writer, variant.kind.unwrap_or(self.kind)),
            None => (&self.writer, self.kind),
        };
        Writer {
            name,
            kind: match kind {
                Kind::Service => WriterKind::Service,
                Kind::FrontEnd => WriterKind::FrontEnd,
            },
        }
    }
}

impl Conditions {
    fn hold(&self, text: &str) -> bool {
        let trimmed = text.trim();
        let has = |part: &String| memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some();
        !trimmed.is_empty()
            && (self.equals.is_empty() || self.equals.iter().any(|equal| trimmed == equal))
            && (self.starts.is_empty() || self.starts.iter().any(|start| trimmed.starts_with(start.as_str())))
            && self.contains.iter().all(has)
            && self.shape.is_none_or(|shape| shape.fits(text))
            && self.keys_hold(text)
    }

    fn keys_hold(&self, text: &str) -> bool {
        if self.keys.is_empty() && self.any_keys.is_empty() && self.values.is_empty() {
            return true;
        }
        shape::json(text).is_some_and(|json| {
            let has = |(key, part): (&String, &String)| {
                shape::text_under(json, key).is_some_and(|value| value.contains(part.as_str()))
            };
            self.values.iter().all(has)
                && self.keys.iter().all(|key| shape::has_key(json, key))
                && (self.any_keys.is_empty() || self.any_keys.iter().any(|key| shape::has_key(json, key)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_parses_and_each_row_asks_for_something() {
        let source: Source = toml::from_str(TABLE).unwrap();
        assert!(source.signal.len() > 30);
        for row in &source.signal {
            assert!(!row.fields.is_empty(), "{}", row.id);
            let conditions = &row.conditions;
            let asks = !(conditions.equals.is_empty()
                && conditions.starts.is_empty()
                && conditions.contains.is_empty()
                && conditions.keys.is_empty()
                && conditions.any_keys.is_empty()
                && conditions.values.is_empty()
                && conditions.shape.is_none());
            // A keyword that only one program writes is enough; a field that anyone fills in is not.
            let own = row
                .fields
                .iter()
                .all(|name| name.starts_with("png:") && !source.free.contains(name));
            assert!(asks || own, "{}", row.id);
        }
    }

    #[test]
    fn every_field_of_the_table_is_one_that_is_read() {
        let source: Source = toml::from_str(TABLE).unwrap();
        let named = source.signal.iter().flat_map(|row| {
            row.fields
                .iter()
                .chain(row.also.iter().flat_map(|beside| &beside.fields))
        });
        for name in named.chain(&source.free).filter(|name| *name != FREE) {
            assert!(super::super::fields::is_read(name), "{name}");
        }
    }
}
