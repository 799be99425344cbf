//! Where the prompt is in a label, so that it can be counted and nothing of it is shown by accident.

#![warn(clippy::indexing_slicing)]

use serde::Deserialize;
use serde_json::Value;

use super::{json, shape};

/// Where a label has its prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PromptForm {
    /// It is the prompt.
    Whole,
    /// Before the line of parameters, with the negative prompt.
    A1111,
    /// Before the job's number.
    JobId,
    /// In JSON, under one of the usual names.
    Json,
    /// In the texts of a graph's nodes.
    Comfyui,
}

/// Under what names JSON has prompts.
const NAMES: [&str; 10] = [
    "prompt",
    "Prompt",
    "positive_prompt",
    "positivePrompt",
    "PositivePrompt",
    "full_prompt",
    "raw_prompt",
    "input",
    "base_caption",
    "c",
];

/// Under what names nodes of ComfyUI have texts.
const NODE_NAMES: [&str; 8] = [
    "text", "prompt", "positive", "negative", "text_g", "text_l", "string", "clip_l",
];

/// Under what names JSON has the name of a model.
const MODEL_NAMES: [&str; 9] = [
    "model",
    "base_model",
    "base_model_name",
    "model_name",
    "ModelName",
    "sd_model_name",
    "baseModel",
    "model_weights",
    "sd_model_checkpoint",
];

/// Under what names a text is JSON itself (NovelAI, Civitai).
const NESTED: [&str; 2] = ["Comment", "extraMetadata"];

/// Elements within elements that are looked through.
const MAX_DEPTH: usize = 8;

impl PromptForm {
    /// The prompt in a label's text; empty where there is none.
    pub(super) fn of(self, text: &str) -> String {
        match self {
            Self::Whole => text.to_owned(),
            Self::A1111 => {
                let end = shape::generation_at(text).unwrap_or(text.len());
                text.get(..end).unwrap_or_default().trim_end().to_owned()
            }
            Self::JobId => {
                let end = shape::job_id_at(text).unwrap_or(text.len());
                text.get(..end).unwrap_or_default().trim_end().to_owned()
            }
            Self::Json => joined(text, &NAMES),
            Self::Comfyui => joined(text, &NODE_NAMES),
        }
    }
}

/// The name of the model in a label's text.
pub(super) fn model(text: &str) -> Option<String> {
    if let Some(at) = shape::generation_at(text) {
        let line = text.get(at..)?;
        let (_, rest) = line.split_once("Model: ")?;
        return Some(rest.split([',', '\n']).next()?.trim().to_owned());
    }
    let value = parse(text)?;
    let mut found = Vec::new();
    collect(&value, &MODEL_NAMES, MAX_DEPTH, &mut found);
    found.into_iter().next()
}

/// The texts under these names, a line each.
fn joined(text: &str, names: &[&str]) -> String {
    let Some(value) = parse(text) else {
        return String::new();
    };
    let mut found = Vec::new();
    collect(&value, names, MAX_DEPTH, &mut found);
    // The same prompt stands several times in some labels.
    found.dedup();
    found.join("\n")
}

/// Parses what may be JSON: Python writes NaN where JSON has no word. Nesting is limited by `serde_json` (128).
fn parse(text: &str) -> Option<Value> {
    let json = json::within(text)?;
    serde_json::from_str(json)
        .or_else(|_| serde_json::from_str(&json.replace("NaN", "null")))
        .ok()
}

/// The texts under these names, at any depth.
fn collect(value: &Value, names: &[&str], depth: usize, found: &mut Vec<String>) {
    if depth == 0 {
        return;
    }
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) if names.contains(&key.as_str()) => found.push(text.clone()),
                    Value::String(text) if NESTED.contains(&key.as_str()) => {
                        if let Some(inner) = parse(text) {
                            collect(&inner, names, depth - 1, found);
                        }
                    }
                    Value::String(_) => {}
                    other => collect(other, names, depth - 1, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names, depth - 1, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_and_models_are_found_in_each_form() {
        let a1111 = "a cat\nNegative prompt: dog\nSteps: 20, Sampler: Euler, Model: dream_v5, Seed: 1";
        assert_eq!(PromptForm::A1111.of(a1111), "a cat\nNegative prompt: dog");
        assert_eq!(model(a1111).as_deref(), Some("dream_v5"));
        let swarm = r#"{"sui_image_params": {"prompt": "a cat", "model": "flux"}}"#;
        assert_eq!(PromptForm::Json.of(swarm), "a cat");
        assert_eq!(model(swarm).as_deref(), Some("flux"));
        let graph = r#"{"3": {"class_type": "CLIPTextEncode", "inputs": {"text": "a cat", "clip": ["4", 1]}, "is_changed": [NaN]}}"#;
        assert_eq!(PromptForm::Comfyui.of(graph), "a cat");
        let nested = r#"{"Comment": "{\"prompt\": \"a cat\"}"}"#;
        assert_eq!(PromptForm::Json.of(nested), "a cat");
        assert_eq!(
            PromptForm::JobId.of("a cat --v 6 Job ID: 0f8fad5b-d9cb-469f-a165-70867728950e"),
            "a cat --v 6"
        );
    }

    #[test]
    fn deep_and_broken_json_has_no_prompt() {
        assert_eq!(PromptForm::Json.of(&"[".repeat(100_000)), "");
        assert_eq!(PromptForm::Json.of("{\"prompt\": \"a"), "");
    }
}
