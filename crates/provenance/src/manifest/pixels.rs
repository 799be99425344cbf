//! What a manifest states of the pixels: the watermark and the fingerprint as soft bindings (C2PA 2.4, 18.10), and the
//! label that people see.

use serde_json::{Value, json};

use crate::names::{iptc, label};

/// What was put into the pixels of a picture, and what can be told from them; stated in its manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PixelFacts {
    /// The watermark that is in them.
    pub watermark: Option<SoftBinding>,
    /// A fingerprint of them.
    pub fingerprint: Option<SoftBinding>,
    /// The words of the visible label that was drawn.
    pub label: Option<String>,
}

/// A soft binding: leads from a picture that lost its manifest to a record. It points, and proves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoftBinding {
    /// The algorithm's name, from C2PA's list or with a reverse domain of its own.
    pub algorithm: &'static str,
    /// The value for the whole picture, in the algorithm's own form.
    pub value: Vec<u8>,
}

/// Nothing in the pixels, and nothing told of them.
static NOTHING: PixelFacts = PixelFacts {
    watermark: None,
    fingerprint: None,
    label: None,
};

impl PixelFacts {
    /// The facts of a picture whose pixels were left alone.
    pub fn none() -> &'static Self {
        &NOTHING
    }

    /// The soft bindings, in the order of their assertions: the watermark comes first, as the action refers to it.
    pub(super) fn bindings(&self) -> impl Iterator<Item = &SoftBinding> {
        self.watermark.iter().chain(&self.fingerprint)
    }

    /// Whether a template for a picture with those facts serves one with these: all but the bindings' values is the same.
    pub fn is_like(&self, other: &Self) -> bool {
        let shape = |facts: &Self| {
            let shape = |binding: &SoftBinding| (binding.algorithm, binding.value.len());
            (
                facts.watermark.as_ref().map(shape),
                facts.fingerprint.as_ref().map(shape),
            )
        };
        shape(self) == shape(other) && self.label == other.label
    }

    /// The same with other values, made of this random byte stream: a template is found by its values.
    pub fn with_values(&self, mut random: impl Iterator<Item = u8>) -> Self {
        let mut facts = self.clone();
        for binding in facts.watermark.iter_mut().chain(&mut facts.fingerprint) {
            binding
                .value
                .iter_mut()
                .zip(&mut random)
                .for_each(|(to, from)| *to = from);
        }
        facts
    }

    /// The actions, after the one that made the picture. `related` stands for the hash of the watermark's assertion,
    /// which is not known before it is salted.
    pub(super) fn actions(&self, related: [u8; 32]) -> impl Iterator<Item = Value> {
        let drawn = self.label.as_ref().map(|words| {
            json!({
                "action": ADDED_TEXT,
                "digitalSourceType": iptc::ALGORITHMIC_MEDIA,
                "description": format!("{VISIBLE_LABEL}{words}"),
            })
        });
        let marked = self.watermark.as_ref().map(|_| {
            json!({
                "action": "c2pa.watermarked.bound",
                "parameters": { "relatedAssertions": [{
                    "url": format!("self#jumbf={}/{}", label::ASSERTION_STORE, label::SOFT_BINDING),
                    "hash": related,
                }] },
            })
        });
        drawn.into_iter().chain(marked)
    }
}

/// The action that draws a label.
pub(super) const ADDED_TEXT: &str = "c2pa.addedText";

/// How the description of the action that drew a visible label begins; the label's words follow.
pub(super) const VISIBLE_LABEL: &str = "visible label: ";

impl SoftBinding {
    /// The assertion's content (C2PA 2.4, 18.10): one block, whose empty scope is the whole picture.
    pub(super) fn assertion(&self) -> Value {
        json!({ "alg": self.algorithm, "blocks": [{ "scope": {}, "value": self.value }], "pad": [] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> PixelFacts {
        let binding = |algorithm, value: &[u8]| {
            Some(SoftBinding {
                algorithm,
                value: value.to_vec(),
            })
        };
        PixelFacts {
            watermark: binding("a.b.1", &[1; 8]),
            fingerprint: binding("io.iscc.v0", b"text"),
            label: Some("AI".into()),
        }
    }

    #[test]
    fn a_template_serves_whatever_differs_in_values_alone() {
        let other = facts().with_values(7..);
        assert_eq!(other.watermark.as_ref().unwrap().value, [7, 8, 9, 10, 11, 12, 13, 14]);
        assert_eq!(other.fingerprint.as_ref().unwrap().value, [15, 16, 17, 18]);
        assert!(other != facts() && other.is_like(&facts()));
        for change in [
            |facts: &mut PixelFacts| facts.watermark = None,
            |facts: &mut PixelFacts| facts.label = None,
            |facts: &mut PixelFacts| facts.fingerprint.as_mut().unwrap().value.push(0),
            |facts: &mut PixelFacts| facts.watermark.as_mut().unwrap().algorithm = "a.b.2",
        ] {
            let mut other = facts();
            change(&mut other);
            assert!(!other.is_like(&facts()), "{other:?}");
        }
    }
}
