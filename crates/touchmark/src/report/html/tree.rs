//! The history of a picture as a tree: the records of its store and what went into each, drawn in SVG and listed as text.

use maud::{Markup, html};

use crate::report::ManifestSummary;
use crate::report::words::Words;

/// How many records and ingredients are shown; the largest store in the corpus has 30 records.
const MAX_NODES: usize = 64;

/// How deep the tree is followed: deeper ones are chains made to exhaust a reader.
const MAX_DEPTH: usize = 12;

/// Sizes in the drawing, in its own units.
const WIDTH: usize = 320;
const HEIGHT: usize = 85;
const GAP: usize = 14;
const INDENT: usize = 26;

/// The history: what is shown, and how much is not.
pub(super) struct History {
    roots: Vec<Node>,
    shown: usize,
    left_out: usize,
}

/// A record, or an ingredient without one.
struct Node {
    kind: Kind,
    /// Its title or software.
    name: Option<String>,
    /// Who says to have signed it.
    signer: Option<String>,
    /// The source types that its actions state, the last part of each.
    sources: Vec<String>,
    /// Whether its record, as an ingredient, does not hold.
    is_broken: bool,
    children: Vec<Node>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Active,
    Manifest,
    Ingredient,
    Again,
}

impl History {
    /// Whether there is nothing to show.
    pub(super) fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }
}

/// The history of these records, of which the first is the active one. Records that nothing refers to come last, on their
/// own. Each is shown once: a circle ends where it closes. `shown` is what stands for a name of whoever wrote the records.
pub(super) fn of(manifests: &[ManifestSummary], shown: &dyn Fn(&str) -> String) -> History {
    let mut builder = Builder {
        manifests,
        name: shown,
        seen: vec![false; manifests.len()],
        shown: 0,
        left_out: 0,
    };
    let mut roots = Vec::new();
    for index in 0..manifests.len() {
        if builder.seen.get(index) == Some(&false) {
            roots.extend(builder.manifest(index, 0));
        }
    }
    History {
        roots,
        shown: builder.shown,
        left_out: builder.left_out,
    }
}

struct Builder<'a> {
    manifests: &'a [ManifestSummary],
    name: &'a dyn Fn(&str) -> String,
    seen: Vec<bool>,
    shown: usize,
    left_out: usize,
}

impl Builder<'_> {
    fn manifest(&mut self, index: usize, depth: usize) -> Option<Node> {
        let manifest = self.manifests.get(index)?;
        let seen = self.seen.get_mut(index)?;
        let kind = match (std::mem::replace(seen, true), index) {
            (true, _) => Kind::Again,
            (false, 0) => Kind::Active,
            (false, _) => Kind::Manifest,
        };
        self.room(depth)?;
        let mut node = Node {
            kind,
            name: manifest.generator.as_deref().map(self.name),
            signer: manifest.signer.as_deref().map(self.name),
            sources: Vec::new(),
            is_broken: false,
            children: Vec::new(),
        };
        if kind == Kind::Again {
            return Some(node);
        }
        for action in &manifest.actions {
            let source = action
                .digital_source_type
                .as_deref()
                .and_then(|iri| iri.rsplit('/').next())
                .filter(|source| is_word(source));
            if let Some(source) = source.filter(|source| !node.sources.iter().any(|known| known == source)) {
                node.sources.push(source.to_owned());
            }
        }
        for ingredient in &manifest.ingredients {
            let own = ingredient
                .manifest
                .as_deref()
                .and_then(|label| self.manifests.iter().position(|m| m.label == label));
            let child = match own {
                Some(index) => self.manifest(index, depth + 1).map(|mut child| {
                    child.name = ingredient.title.as_deref().map(self.name).or(child.name);
                    child.is_broken = !ingredient.failures.is_empty();
                    child
                }),
                None => self.room(depth + 1).map(|()| Node {
                    kind: Kind::Ingredient,
                    name: ingredient
                        .title
                        .as_deref()
                        .or(ingredient.description.as_deref())
                        .map(self.name),
                    signer: None,
                    sources: Vec::new(),
                    is_broken: !ingredient.failures.is_empty(),
                    children: Vec::new(),
                }),
            };
            node.children.extend(child);
        }
        Some(node)
    }

    /// Whether one more is shown.
    fn room(&mut self, depth: usize) -> Option<()> {
        match self.shown < MAX_NODES && depth < MAX_DEPTH {
            true => {
                self.shown += 1;
                Some(())
            }
            false => {
                self.left_out += 1;
                None
            }
        }
    }
}

impl Node {
    /// What is said of it, at most four lines: what it is, its name, what its actions state, who signed it.
    fn lines(&self, words: Words) -> Vec<String> {
        let kind = words.say(match (self.kind, self.is_broken) {
            (Kind::Active, _) => "page-tree-active",
            (Kind::Manifest, false) => "page-tree-manifest",
            (Kind::Manifest, true) => "page-tree-broken",
            (Kind::Ingredient, false) => "page-tree-ingredient",
            (Kind::Ingredient, true) => "page-tree-ingredient-broken",
            (Kind::Again, _) => "page-tree-again",
        });
        let signer = match (&self.signer, self.kind) {
            (Some(signer), _) => words.combine("page-signed-by", &[("name", signer)]),
            (None, Kind::Ingredient) => String::new(),
            (None, _) => words.say("page-unsigned-name"),
        };
        let mut lines = vec![
            kind,
            self.name.clone().unwrap_or_default(),
            self.sources.join(", "),
            signer,
        ];
        lines.retain(|line| !line.is_empty());
        lines
    }
}

/// Whether it can be the name of a source type: others are words of whoever wrote the record.
fn is_word(source: &str) -> bool {
    const LONGEST: usize = 48;
    source.len() <= LONGEST && source.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The history as nested lists: the drawing's alternative, and what a printer or a reader of Braille gets.
pub(super) fn list(history: &History, words: Words) -> Markup {
    html! {
        (items(&history.roots, words))
        @if history.left_out > 0 { p { (left_out(history, words)) } }
    }
}

fn items(nodes: &[Node], words: Words) -> Markup {
    html! {
        ul {
            @for node in nodes {
                li {
                    @for (index, line) in node.lines(words).iter().enumerate() { @if index > 0 { "; " } bdi { (line) } }
                    @if !node.children.is_empty() { (items(&node.children, words)) }
                }
            }
        }
    }
}

fn left_out(history: &History, words: Words) -> String {
    words.say_with("page-tree-more", &[("count", &history.left_out.to_string())])
}

/// A node at its place in the drawing.
struct Placed<'a> {
    node: &'a Node,
    x: usize,
    y: usize,
    /// The row of what it went into.
    parent: Option<usize>,
}

/// The history drawn: a box each, lines from each to what went into it. Too wide for a phone, it scrolls.
pub(super) fn drawing(history: &History, words: Words) -> Markup {
    let mut placed = Vec::new();
    for root in &history.roots {
        place(root, 0, None, &mut placed);
    }
    let width = placed.iter().map(|one| one.x + WIDTH).max().unwrap_or(WIDTH) + 2;
    let height = placed.len() * (HEIGHT + GAP);
    let label = words.say_with("page-tree-label", &[("count", &history.shown.to_string())]);
    html! {
        div.scroll role="group" tabindex="0" aria-label=(label) {
            svg.tree role="img" aria-label=(label) direction="ltr" width=(width) height=(height) viewBox={ "-1 0 " (width) " " (height) } {
                @for one in &placed {
                    @if let Some(parent) = one.parent.and_then(|row| placed.get(row)) { path.edge d=(edge(parent, one)) {} }
                }
                @for one in &placed { (drawn(one, words)) }
            }
        }
    }
}

fn place<'a>(node: &'a Node, depth: usize, parent: Option<usize>, placed: &mut Vec<Placed<'a>>) {
    let row = placed.len();
    placed.push(Placed {
        node,
        x: depth * INDENT,
        y: row * (HEIGHT + GAP),
        parent,
    });
    for child in &node.children {
        place(child, depth + 1, Some(row), placed);
    }
}

/// From the lower left of what it went into, down and across.
fn edge(parent: &Placed<'_>, child: &Placed<'_>) -> String {
    let (down, across) = (parent.x + INDENT / 2, child.y + HEIGHT / 2);
    format!("M{down} {} V{across} H{}", parent.y + HEIGHT, child.x)
}

/// A box of its own, at whose edges long text ends.
fn drawn(one: &Placed<'_>, words: Words) -> Markup {
    let class = match one.node.kind {
        Kind::Active => "node active",
        Kind::Manifest => "node",
        Kind::Ingredient | Kind::Again => "node other",
    };
    let lines = one.node.lines(words);
    html! {
        svg class=(class) x=(one.x) y=(one.y) width=(WIDTH) height=(HEIGHT) {
            rect x="1" y="1" width=(WIDTH - 2) height=(HEIGHT - 2) rx="6" {}
            @for (index, line) in lines.iter().enumerate() {
                text class=(if index == 0 { "kind" } else { "line" }) x="12" y=(20 + index * 19) { (line) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::words::Language;
    use crate::report::{ActionReport, IngredientReport};

    fn manifest(label: &str, ingredients: &[&str]) -> ManifestSummary {
        ManifestSummary {
            label: label.to_owned(),
            signer: Some("Someone".to_owned()),
            generator: Some(format!("program {label}")),
            actions: vec![ActionReport {
                action: "c2pa.created".to_owned(),
                digital_source_type: Some("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture".to_owned()),
                software: None,
                when: None,
            }],
            assertions: Vec::new(),
            ingredients: ingredients
                .iter()
                .map(|label| IngredientReport {
                    title: None,
                    description: None,
                    relationship: "parentOf".to_owned(),
                    manifest: Some((*label).to_owned()),
                    failures: Vec::new(),
                })
                .collect(),
        }
    }

    #[test]
    fn a_circle_ends_where_it_closes() {
        let manifests = [manifest("a", &["b", "c"]), manifest("b", &["a"]), manifest("d", &[])];
        let history = of(&manifests, &str::to_owned);
        assert_eq!((history.roots.len(), history.shown, history.left_out), (2, 5, 0));
        let words = Words::plain(Language::English);
        let listed = list(&history, words).into_string();
        assert_eq!(listed.matches("drawn above").count(), 1);
        assert_eq!(listed.matches("without a record").count(), 1);
        assert!(listed.contains("digitalCapture"), "{listed}");
        let drawn = drawing(&history, words).into_string();
        assert_eq!(drawn.matches("<rect").count(), 5);
        assert_eq!(drawn.matches("class=\"edge\"").count(), 3);
    }

    #[test]
    fn what_is_too_much_is_counted() {
        let many: Vec<String> = (0..2 * MAX_NODES).map(|number| number.to_string()).collect();
        let names: Vec<&str> = many.iter().map(String::as_str).collect();
        let history = of(&[manifest("a", &names)], &str::to_owned);
        assert_eq!((history.shown, history.left_out), (MAX_NODES, MAX_NODES + 1));
        // A chain ends too; what lies beyond its end is referred to, and so not shown on its own.
        let chain: Vec<_> = names.windows(2).map(|pair| manifest(pair[0], &[pair[1]])).collect();
        let history = of(&chain, &str::to_owned);
        assert!(history.shown <= MAX_NODES && history.left_out > 0);
        let words = Words::plain(Language::German);
        assert!(list(&history, words).into_string().contains("nicht gezeichnet"));
    }
}
