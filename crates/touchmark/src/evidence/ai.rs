//! What is said about generative AI, by whom, and of how much of the picture.

use std::collections::BTreeSet;

use touchmark_provenance::manifest::{Reading, SourceType};
use touchmark_signing::trust::Standing;

use super::rules::Rule;
use super::verdict::{Ai, Extent, Reason};

/// One manifest's statement, weighed.
struct Statement<'a> {
    label: &'a str,
    index: usize,
    says: SourceType,
    /// Whether it is about this very content, and not about something that went into it.
    of_content: bool,
    /// Who stands behind it.
    backing: Backing,
}

/// Who stands behind a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Backing {
    /// A signer on a list in force states it, and the whole history up to it was signed by such.
    Stated,
    /// Such a signer sealed it, and it is among what was only gathered: nobody's own statement (C2PA 2.2, 10.3.1). Libraries
    /// put all actions there for years.
    PassedOn,
    /// Anybody may have written it.
    Anybody,
}

/// What is said of AI, and by which manifest.
pub(super) struct Conclusion {
    pub ai: Ai,
    pub extent: Extent,
    /// The place of the manifest that says it, in [`Reading::manifests`].
    pub manifest: Option<usize>,
    pub reason: Option<Reason>,
}

/// Walks every manifest of the store: some generators say it only in an ingredient (in-the-wild.md 1).
pub(super) fn conclude(reading: &Reading) -> Conclusion {
    let statements = statements(reading);
    let of = |ai, extent, rule, statement: &Statement<'_>| Conclusion {
        ai,
        extent,
        manifest: Some(statement.index),
        reason: Some(Reason {
            rule,
            codes: vec![statement.label.to_owned()],
        }),
    };
    for (backing, ai, rule) in [
        (Backing::Stated, Ai::Stated, Rule::AiStated),
        (Backing::PassedOn, Ai::Claimed, Rule::AiPassedOn),
        (Backing::Anybody, Ai::Claimed, Rule::AiClaimed),
    ] {
        // The active manifest is first, so its own statement is the one that is shown.
        let generative = |statement: &&Statement<'_>| statement.says >= SourceType::PartlyGenerative;
        if let Some(first) = statements
            .iter()
            .filter(generative)
            .find(|statement| statement.backing == backing)
        {
            return of(ai, extent(first), rule, first);
        }
    }
    if let Some(open) = statements
        .iter()
        .find(|statement| statement.says == SourceType::PossiblyGenerative)
    {
        return of(Ai::Possible, Extent::Unknown, Rule::AiPossible, open);
    }
    match statements
        .iter()
        .find(|statement| statement.backing == Backing::Stated && statement.of_content)
    {
        Some(other) => of(Ai::OtherOriginStated, Extent::Unknown, Rule::OtherOriginStated, other),
        None => Conclusion {
            ai: Ai::Unknown,
            extent: Extent::Unknown,
            manifest: None,
            reason: None,
        },
    }
}

fn statements(reading: &Reading) -> Vec<Statement<'_>> {
    let vouched = vouched(reading);
    let mut statements = Vec::new();
    for (index, manifest) in reading.manifests.iter().enumerate() {
        let by_a_listed = |backing| match vouched.contains(&index) {
            true => backing,
            false => Backing::Anybody,
        };
        let attributed = manifest.source_type.map(|says| (says, by_a_listed(Backing::Stated)));
        let gathered = manifest
            .gathered_source_type
            .map(|says| (says, by_a_listed(Backing::PassedOn)));
        for (says, backing) in attributed.into_iter().chain(gathered) {
            statements.push(Statement {
                label: &manifest.label,
                index,
                says,
                of_content: reading.is_of_content(index),
                backing,
            });
        }
    }
    statements
}

/// The manifests whose statements are their signers': from the active one down, each by a signer on a list in force and
/// as signed. What hangs below anybody else may have been hung there by them, true as it is by itself.
fn vouched(reading: &Reading) -> BTreeSet<usize> {
    let is_listed = |index| matches!(reading.standing_of(index), Some(Standing::Trusted(_)));
    let mut vouched = BTreeSet::new();
    let mut next: Vec<usize> = (reading.verified().is_some() && is_listed(0))
        .then_some(0)
        .into_iter()
        .collect();
    while let Some(index) = next.pop() {
        let Some(manifest) = reading.manifests.get(index).filter(|_| vouched.insert(index)) else {
            continue;
        };
        let labels = manifest
            .ingredients
            .iter()
            .filter_map(|ingredient| ingredient.manifest.as_deref());
        next.extend(
            labels
                .filter_map(|label| reading.manifests.iter().position(|other| other.label == label))
                .filter(|other| is_listed(*other) && reading.is_as_signed(*other)),
        );
    }
    vouched
}

fn extent(statement: &Statement<'_>) -> Extent {
    match (statement.of_content, statement.says) {
        (true, SourceType::Generative) => Extent::Whole,
        (true, _) => Extent::Part,
        (false, _) => Extent::Ingredient,
    }
}
