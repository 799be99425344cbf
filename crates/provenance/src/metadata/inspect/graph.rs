//! Whether a graph of ComfyUI makes anything, by the names of its nodes: a look at them, never at what flows between.

#![warn(clippy::indexing_slicing)]

use std::collections::BTreeSet;

use serde::Deserialize;

use super::json;

/// Different names that are looked at: each is held against all patterns. The largest graphs have hundreds.
const MAX_NAMES: usize = 4096;

/// What the names of nodes have in them that bring a picture into a graph: ComfyUI's own, and those of others.
const LOADS: [&str; 5] = ["loadimage", "load image", "imageload", "image load", "vhs_loadvideo"];

/// The key under which graphs that were drawn name their nodes.
const DRAWN: &str = "type";

/// What nodes do, by patterns of their names.
#[derive(Debug, Clone, Default)]
pub(super) struct Nodes {
    tools: Vec<Pattern>,
    makers: Vec<Pattern>,
}

/// The key under which a graph names its nodes, and what these do.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "String")]
pub(super) struct Graph {
    key: String,
    pub nodes: Nodes,
}

/// A name in small letters, for programs spell `RMBG` and `Rembg`; `*` before or behind it stands for anything.
#[derive(Debug, Clone)]
struct Pattern {
    word: String,
    is_open: (bool, bool),
}

impl Nodes {
    pub(super) fn new(tools: &[String], makers: &[String]) -> Self {
        let patterns = |list: &[String]| list.iter().map(|text| Pattern::new(text)).collect();
        Self {
            tools: patterns(tools),
            makers: patterns(makers),
        }
    }
}

impl Graph {
    /// Whether nothing in the graph makes a picture: all of it are tools, or it loads a picture and has none of the makers
    /// beside. There are thousands of nodes that others wrote, and what is in none of the lists may be either; without a
    /// picture to begin with, a graph that ran made one. One that was drawn may be of any program.
    pub(super) fn is_idle(&self, json: &str) -> bool {
        let mut names = BTreeSet::new();
        for name in json::texts_under(json, &self.key) {
            if names.len() == MAX_NAMES {
                return false;
            }
            names.insert(name.to_ascii_lowercase());
        }
        let is_in = |list: &[Pattern], name: &String| list.iter().any(|pattern| pattern.fits(name));
        let mut others = names.iter().filter(|name| !is_in(&self.nodes.tools, name)).peekable();
        let is_drawn = self.key == DRAWN;
        let loads = || names.iter().any(|name| LOADS.iter().any(|load| name.contains(load)));
        match others.peek() {
            None => is_drawn || !names.is_empty(),
            Some(_) => (is_drawn || loads()) && !others.any(|name| is_in(&self.nodes.makers, name)),
        }
    }
}

impl From<String> for Graph {
    fn from(key: String) -> Self {
        Self {
            key,
            nodes: Nodes::default(),
        }
    }
}

impl Pattern {
    fn new(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        // ComfyUI's name for what may be of any type.
        if text == "*" {
            return Self {
                word: text,
                is_open: (false, false),
            };
        }
        Self {
            word: text.trim_matches('*').to_owned(),
            is_open: (text.starts_with('*'), text.ends_with('*')),
        }
    }

    fn fits(&self, name: &str) -> bool {
        match self.is_open {
            (false, false) => name == self.word,
            (false, true) => name.starts_with(&self.word),
            (true, false) => name.ends_with(&self.word),
            (true, true) => name.contains(&self.word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_open_where_they_say_so() {
        for (pattern, fits, does_not) in [
            ("LoadImage", "LoadImage", "LoadImageMask"),
            ("Primitive*", "PrimitiveFloat", "APrimitive"),
            ("*API", "FluxProUltraAPI", "APIKey"),
            ("*Sampler*", "KSampler (Efficient)", "Sample"),
            ("*", "*", "KSampler"),
        ] {
            let is = |name: &str| Pattern::new(pattern).fits(&name.to_ascii_lowercase());
            assert!(is(fits) && !is(does_not), "{pattern}");
        }
    }

    #[test]
    fn a_flood_of_names_is_not_called_idle() {
        let nodes = Nodes::new(&[], &["*Sampler*".to_owned()]);
        let graph = Graph {
            key: "class_type".to_owned(),
            nodes,
        };
        let of = |count: usize| {
            let flood = (0..count).map(|index| format!(r#""class_type":"{index}","#));
            format!(r#"{{{}"class_type":"LoadImage"}}"#, flood.collect::<String>())
        };
        assert!(graph.is_idle(&of(100)));
        assert!(!graph.is_idle(&of(MAX_NAMES)));
    }
}
