//! Whether a disclosure says all that is asked of it: every rule with the field it is about, who asks, and what was found.

mod reading;
mod rules;

use time::Date;

use super::{Disclosure, Document};
use crate::error::FieldPath;

pub use reading::lix;
use rules::RULES;

/// What one rule found in one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The field.
    pub field: FieldPath,
    /// The rule's stable id.
    pub rule: &'static str,
    /// Who asks for it.
    pub asked_by: &'static str,
    /// How it stands.
    pub outcome: Outcome,
    /// What is missing or wrong, as a sentence; what is there, in a word.
    pub says: Box<str>,
}

/// How a rule stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It is kept.
    Met,
    /// Worth a look; the document passes.
    Advice,
    /// The document does not pass.
    Fails,
}

impl Outcome {
    /// The outcome in a word, for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Advice => "advice",
            Self::Fails => "fails",
        }
    }
}

impl Document {
    /// Every rule's finding as of a day, in the order of the schema. A document passes where none fails.
    ///
    /// Faults of single fields (too long, not an address, a placeholder left) come first; where a field has one, no
    /// other rule speaks of it.
    pub fn lint(&self, today: Date) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self
            .faults()
            .into_iter()
            .map(|(field, fault)| Finding {
                says: fault.to_string().into(),
                asked_by: rules::asked_by(field.as_str()).unwrap_or("the schema"),
                field,
                rule: "field.usable",
                outcome: Outcome::Fails,
            })
            .collect();
        let at_fault: Vec<FieldPath> = findings.iter().map(|finding| finding.field.clone()).collect();
        let facts = rules::Facts { document: self, today };
        for rule in RULES {
            findings.extend(
                rule.findings(&facts)
                    .into_iter()
                    .filter(|finding| !at_fault.contains(&finding.field)),
            );
        }
        findings
    }
}

impl Disclosure {
    /// Every rule's finding as of a day; see [`Document::lint`]. Also what of it finds no place in a picture.
    pub fn lint(&self, today: Date) -> Vec<Finding> {
        let mut findings = self.document().lint(today);
        let left_out = self.left_out(self.language());
        let (outcome, says) = match left_out.as_slice() {
            [] => (Outcome::Met, "all short texts fit".to_owned()),
            some => (Outcome::Advice, format!("stamps have no room for {}", some.join(", "))),
        };
        findings.push(Finding {
            field: "texts".into(),
            rule: "stamp.room",
            asked_by: "the 4 KB that a stamp has for it",
            outcome,
            says: says.into(),
        });
        findings
    }
}

#[cfg(test)]
mod tests;
