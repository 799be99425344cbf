//! `schema`: prints a JSON Schema.

use serde_json::{Value, json};
use touchmark::issuer::Statement;
use touchmark::report::SCHEMA;
use touchmark::{Disclosure, Report};

use crate::args::{Schema, SchemaName};
use crate::console::print;
use crate::exit;
use crate::failure::Failure;

pub fn run(args: &Schema) -> Result<u8, Failure> {
    let schema = match args.name {
        SchemaName::Report => report_lines(),
        SchemaName::Disclosure => Disclosure::json_schema(),
        SchemaName::Issuer => Statement::json_schema(),
    };
    print(&format!("{schema:#}\n"))?;
    Ok(exit::DONE)
}

/// A line of `verify --json`: the library's report and whether the policy was met, or what kept a file from being examined.
fn report_lines() -> Value {
    let mut report = Report::json_schema();
    // What speaks of the whole document stays at its top.
    let mut lifted = |key: &str| report.as_object_mut().and_then(|schema| schema.remove(key));
    let (dialect, definitions) = (lifted("$schema"), lifted("$defs"));
    if let Some(Value::Object(properties)) = report.get_mut("properties") {
        properties.insert(
            "policy_met".to_owned(),
            json!({ "type": "boolean", "description": "Whether this file met the policy of the run." }),
        );
    }
    json!({
        "$schema": dialect,
        "title": "Line",
        "description": "A line of `touchmark verify --json`: a report, or why there is none.",
        "anyOf": [report, {
            "title": "Failure",
            "description": "A file that could not be examined.",
            "type": "object",
            "properties": {
                "schema": { "const": SCHEMA },
                "file": {
                    "type": "object",
                    "properties": { "name": { "type": "string" } },
                    "required": ["name"],
                },
                "error": {
                    "type": "object",
                    "properties": {
                        "code": { "type": "string", "description": "The stable code, for `touchmark explain`." },
                        "says": { "type": "string", "description": "What failed and why." },
                    },
                    "required": ["code", "says"],
                },
                "policy_met": { "const": false },
            },
            "required": ["schema", "file", "error", "policy_met"],
        }],
        "$defs": definitions,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_inside_the_report_still_resolve() {
        let schema = report_lines();
        let text = schema.to_string();
        let references: Vec<_> = text.split("\"#/$defs/").skip(1).collect();
        assert!(!references.is_empty());
        for reference in references {
            let name = reference.split('"').next().unwrap();
            assert!(schema["$defs"].get(name).is_some(), "{name}");
        }
        assert_eq!(schema["anyOf"][0]["properties"]["policy_met"]["type"], "boolean");
    }
}
