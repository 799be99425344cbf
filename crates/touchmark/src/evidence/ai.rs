//! What is said about generative AI, by whom, and of how much of the picture.

use touchmark_provenance::manifest::{Reading, SourceType};
use touchmark_signing::trust::Standing;

use super::rules::Rule;
use super::verdict::{Ai, Extent, Reason};

/// One manifest's statement, weighed.
struct Statement<'a> {
    label: &'a str,
    says: SourceType,
    /// Signed by a signer on a list in force, over content and record that hold.
    vouched: bool,
    active: bool,
}

/// Walks every manifest of the store: some generators say it only in an ingredient (in-the-wild.md 1).
pub(super) fn conclude(reading: &Reading) -> (Ai, Extent, Option<Reason>) {
    let statements: Vec<Statement<'_>> = statements(reading).collect();
    let generative = |statement: &&Statement<'_>| statement.says >= SourceType::PartlyGenerative;

    for (vouched, ai, rule) in [
        (true, Ai::Stated, Rule::AiStated),
        (false, Ai::Claimed, Rule::AiClaimed),
    ] {
        let mut saying = statements
            .iter()
            .filter(generative)
            .filter(|statement| statement.vouched == vouched);
        // An untouched origin stated by the active signer does not silence a statement further down, nor the reverse.
        if let Some(first) = saying
            .clone()
            .find(|statement| statement.active)
            .or_else(|| saying.next())
        {
            return (ai, extent(first), Some(reason(rule, first)));
        }
    }
    if let Some(open) = statements
        .iter()
        .find(|statement| statement.says == SourceType::PossiblyGenerative)
    {
        return (Ai::Possible, Extent::Unknown, Some(reason(Rule::AiPossible, open)));
    }
    match statements
        .iter()
        .find(|statement| statement.vouched && statement.active)
    {
        Some(other) => (
            Ai::OtherOriginStated,
            Extent::Unknown,
            Some(reason(Rule::OtherOriginStated, other)),
        ),
        None => (Ai::Unknown, Extent::Unknown, None),
    }
}

fn statements(reading: &Reading) -> impl Iterator<Item = Statement<'_>> {
    reading.manifests.iter().enumerate().filter_map(|(index, manifest)| {
        let active = index == 0;
        let on_a_list = matches!(reading.standing_of(index), Some(Standing::Trusted(_)));
        Some(Statement {
            label: &manifest.label,
            says: manifest.source_type?,
            vouched: on_a_list && reading.verified().is_some() && (active || !reading.is_broken(&manifest.label)),
            active,
        })
    })
}

fn extent(statement: &Statement<'_>) -> Extent {
    match (statement.active, statement.says) {
        (false, _) => Extent::Ingredient,
        (true, SourceType::Generative) => Extent::Whole,
        (true, _) => Extent::Part,
    }
}

fn reason(rule: Rule, statement: &Statement<'_>) -> Reason {
    Reason {
        rule,
        codes: vec![statement.label.to_owned()],
    }
}
