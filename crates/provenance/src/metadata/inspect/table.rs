//! The table of what generators leave (`generators.toml`), parsed once, and how a field is looked up in it.

#![warn(clippy::indexing_slicing)]

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::Deserialize;

use super::fields::Field;
use super::finding::{FoundLabel, PromptText, Prompts, Says, Writer, WriterKind};
use super::graph::{Graph, Nodes};
use super::json;
use super::prompt::{self, PromptForm};
use super::shape::Shape;
use super::text::capped;

const TABLE: &str = include_str!("generators.toml");

/// The names that stand for all fields in which front-ends write whatever they have.
const FREE: &str = "@free";

/// The table, with what is looked for in each field.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: &'static [Row],
    producers: &'static [Producer],
    by_field: HashMap<&'static str, Vec<usize>>,
    /// Fields that only say whether another one counts.
    beside: Vec<&'static str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    free: Vec<String>,
    tools: Vec<String>,
    makers: Vec<String>,
    producer: Vec<Producer>,
    signal: Vec<Row>,
}

/// A producer of China's label: a service, or the company behind it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Producer {
    code: String,
    pub service: Option<String>,
    pub company: Option<String>,
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
    programs: Vec<String>,
    #[serde(default)]
    contains: Vec<String>,
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    any_keys: Vec<String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
    idle: Option<Graph>,
    shape: Option<Shape>,
}

/// Another field that must be there too.
#[derive(Debug, Deserialize)]
struct Beside {
    fields: Vec<String>,
    #[serde(flatten)]
    conditions: Conditions,
}

/// A form of a label by which its writer is told from the others, or what it did.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    #[serde(flatten)]
    conditions: Conditions,
    writer: Option<String>,
    kind: Option<Kind>,
    says: Option<Claim>,
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

impl Source {
    fn parse() -> Result<Self, toml::de::Error> {
        let mut source: Self = toml::from_str(TABLE)?;
        let nodes = Nodes::new(&source.tools, &source.makers);
        for row in &mut source.signal {
            let variants = row.variants.iter_mut().map(|variant| &mut variant.conditions);
            for graph in variants
                .chain([&mut row.conditions])
                .filter_map(|all| all.idle.as_mut())
            {
                graph.nodes.clone_from(&nodes);
            }
        }
        Ok(source)
    }
}

impl Table {
    /// The table. One that cannot be parsed is empty; a test holds it to be right.
    pub(super) fn get() -> &'static Self {
        static PARSED: OnceLock<Table> = OnceLock::new();
        static SOURCE: OnceLock<Source> = OnceLock::new();
        PARSED.get_or_init(|| Self::index(SOURCE.get_or_init(|| Source::parse().unwrap_or_default())))
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
        table.producers = &source.producer;
        table
    }

    /// Whether anything is looked for in a field of this name.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.by_field.contains_key(name) || self.beside.contains(&name)
    }

    /// The producer whose code in China's label this is.
    pub(super) fn producer(&self, code: &str) -> Option<&'static Producer> {
        self.producers.iter().find(|known| code.starts_with(&known.code))
    }

    /// The label that a field is, by the first row that fits it.
    pub(super) fn label(&self, field: &Field<'_>, all: &[Field<'_>], prompts: Prompts) -> Option<FoundLabel> {
        let rows = self.by_field.get(field.name.as_str())?;
        let row = rows
            .iter()
            .filter_map(|index| self.rows.get(*index))
            .find(|row| row.fits(field, all))?;
        let says = |variant: &Variant| variant.says.filter(|_| variant.conditions.hold(&field.text));
        Some(FoundLabel {
            signal: &row.id,
            place: field.place.clone(),
            field: field.shown.clone(),
            says: match row.variants.iter().find_map(says).unwrap_or(row.says) {
                Claim::Whole => Says::Whole,
                Claim::Part => Says::Part,
                Claim::Possible => Says::Possible,
            },
            source_type: None,
            writer: Some(row.writer(&field.text)),
            system: None,
            provider: None,
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
        let named = self.variants.iter().find_map(|variant| {
            let name = variant.writer.as_ref().filter(|_| variant.conditions.hold(text))?;
            Some((name, variant.kind.unwrap_or(self.kind)))
        });
        let (name, kind) = named.unwrap_or((&self.writer, self.kind));
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
            && (self.programs.is_empty() || self.programs.iter().any(|name| is_program(trimmed, name)))
            && self.contains.iter().all(has)
            && self.shape.is_none_or(|shape| shape.fits(text))
            && self.keys_hold(text)
    }

    fn keys_hold(&self, text: &str) -> bool {
        if self.keys.is_empty() && self.any_keys.is_empty() && self.values.is_empty() && self.idle.is_none() {
            return true;
        }
        json::within(text).is_some_and(|json| {
            let has = |(key, part): (&String, &String)| {
                json::text_under(json, key).is_some_and(|value| value.contains(part.as_str()))
            };
            self.keys.iter().all(|key| json::has_key(json, key))
                && (self.any_keys.is_empty() || self.any_keys.iter().any(|key| json::has_key(json, key)))
                && self.values.iter().all(has)
                && self.idle.as_ref().is_none_or(|graph| graph.is_idle(json))
        })
    }
}

/// Whether a text is the name of a program, alone or with a version: other programs' names begin with it too.
fn is_program(text: &str, name: &str) -> bool {
    text.strip_prefix(name).is_some_and(|rest| {
        let version = rest.strip_prefix([' ', '/', '-', '_']).unwrap_or(rest);
        let number = version.strip_prefix(['v', 'V']).unwrap_or(version);
        // NovelAI names its models by a hash, as `Stable Diffusion XL C1E1DE52`.
        let is_hash = version.len() == 8 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
        rest.is_empty() || version.starts_with('(') || number.starts_with(|c: char| c.is_ascii_digit()) || is_hash
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_parses_and_each_row_asks_for_something() {
        let source: Source = Source::parse().unwrap();
        assert!(source.signal.len() > 30);
        for row in &source.signal {
            assert!(!row.fields.is_empty(), "{}", row.id);
            let conditions = &row.conditions;
            let asks = !(conditions.equals.is_empty()
                && conditions.starts.is_empty()
                && conditions.programs.is_empty()
                && conditions.contains.is_empty()
                && conditions.keys.is_empty()
                && conditions.any_keys.is_empty()
                && conditions.values.is_empty()
                && conditions.idle.is_none()
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
    fn writers_without_a_name_are_those_that_are_described() {
        let source: Source = Source::parse().unwrap();
        let writers = source.signal.iter().flat_map(|row| {
            let variants = row.variants.iter().filter_map(|variant| variant.writer.as_deref());
            variants.chain([row.writer.as_str()])
        });
        let described: BTreeSet<&str> = writers.filter(|name| name.starts_with("a ")).collect();
        assert_eq!(described, BTreeSet::from(crate::metadata::inspect::DESCRIBED_WRITERS));
    }

    #[test]
    fn names_of_programs_are_told_from_longer_ones() {
        for text in [
            "Midjourney",
            "Midjourney 7",
            "Midjourney v6.1",
            "Midjourney/6",
            "Midjourney-V5",
            "Midjourney (beta)",
        ] {
            assert!(is_program(text, "Midjourney"), "{text}");
        }
        for text in [
            "Midjourney Downloader",
            "Midjourneys",
            "Midjourney viewer 2",
            "My Midjourney",
        ] {
            assert!(!is_program(text, "Midjourney"), "{text}");
        }
    }

    #[test]
    fn every_field_of_the_table_is_one_that_is_read() {
        let source: Source = Source::parse().unwrap();
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
