//! Where labels contradict a signed record that holds. Each rule is a function; the signed statement still wins, and the
//! reader is told that the two disagree.

use touchmark_provenance::manifest::{Reading, SourceType};

use super::labels::Labels;
use super::rules::Rule;
use super::verdict::{Ai, Reason};

/// The contradictions between a record and the labels beside it; none where the record does not hold, because then there
/// is nothing to contradict.
pub(super) fn find(reading: &Reading, ai: Ai, labels: &Labels) -> Vec<Reason> {
    if reading.verified().is_none() {
        return Vec::new();
    }
    [
        labels_say_ai(reading, labels),
        labels_say_other_origin(reading, ai, labels),
        source_type_omitted(reading, labels),
    ]
    .into_iter()
    .flatten()
    .map(Reason::new)
    .collect()
}

/// The record's own statement is another origin, nothing in its history says AI, and the labels do: somebody washed a
/// generated picture, or somebody labelled a photograph.
fn labels_say_ai(reading: &Reading, labels: &Labels) -> Option<Rule> {
    let states_other = reading.source_type() == Some(SourceType::Other);
    let says_only_other = strongest(reading) == Some(SourceType::Other);
    (labels.ai == Ai::Claimed && states_other && says_only_other).then_some(Rule::LabelsSayAiAgainstRecord)
}

/// The record says of the picture itself that AI made or edited it, and the labels name a camera or the like.
fn labels_say_other_origin(reading: &Reading, ai: Ai, labels: &Labels) -> Option<Rule> {
    let says_ai = reading.source_type() >= Some(SourceType::PartlyGenerative);
    let is_said = matches!(ai, Ai::Stated | Ai::Claimed);
    (labels.other_origin && says_ai && is_said).then_some(Rule::LabelsSayOtherOriginAgainstRecord)
}

/// No manifest says how the picture came to be, and the labels say AI: a generator that signs and leaves out the one thing
/// that is asked of it (in-the-wild.md 3.3, row 30).
fn source_type_omitted(reading: &Reading, labels: &Labels) -> Option<Rule> {
    (labels.ai == Ai::Claimed && strongest(reading).is_none()).then_some(Rule::SourceTypeOmitted)
}

/// The strongest statement about AI in any manifest of the store.
fn strongest(reading: &Reading) -> Option<SourceType> {
    let statements = reading
        .manifests
        .iter()
        .flat_map(|manifest| [manifest.source_type, manifest.gathered_source_type]);
    statements.flatten().max()
}
