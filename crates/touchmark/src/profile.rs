//! The places whose rules a stamp can be held to: what each demands, and whether a stamp as it is set up has it.
//!
//! One table, after standards.md 8 and interface.md; a row names the rule it comes from.

use touchmark_provenance::Disclosure;
use touchmark_signing::Signer;

use crate::stamp::{Order, Want};

/// A place with rules for pictures made by AI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Place {
    /// AI Act, article 50(2), as the Code of Practice of 2026-06-10 reads it.
    Eu,
    /// Business and Professions Code, 22757 to 22757.6.
    California,
    /// Measures for Labelling, and GB 45438-2025.
    China,
    /// G.S.R. 120(E) of 2026-02-10.
    India,
    /// AI Basic Act, article 31.
    Korea,
}

/// Something that a place asks a stamp to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Need {
    /// That AI made the picture, stated in a signed record.
    SourceType,
    /// When it was made.
    Time,
    /// An identifier that no other picture has.
    Identifier,
    /// An identity that names who answers for the system; this machine's own names nobody.
    Identity,
    /// Provider, system and version.
    Disclosure,
    /// Labels in XMP.
    Metadata,
    /// The address of a free detector.
    Detector,
    /// The provider's code, or a name fit for the label of GB 45438.
    ProviderCode,
    /// A time-stamp by an authority.
    Timestamp,
    /// An imperceptible watermark with a key of the operator's own.
    PrivateWatermark,
    /// A label that people see.
    VisibleLabel,
}

/// Whether a stamp has what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Answer {
    /// It has.
    Met,
    /// It has not, and could.
    Missing,
}

/// One row of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Who asks.
    pub place: Place,
    /// For what.
    pub need: Need,
    /// In which rule.
    pub rule: &'static str,
    /// Whether the stamp has it.
    pub answer: Answer,
}

impl Place {
    /// Every place, in the order in which they are listed.
    pub const ALL: [Self; 5] = [Self::Eu, Self::California, Self::China, Self::India, Self::Korea];

    /// What it asks of a stamp, with the rule.
    pub fn needs(self) -> &'static [(Need, &'static str)] {
        use Need::*;
        match self {
            Self::Eu => &[
                (SourceType, "Code of Practice 1.1.1"),
                (Time, "Code of Practice 1.1.1"),
                (Identity, "Code of Practice 1.1.1"),
                (Disclosure, "AI Act 50(2)"),
                (Metadata, "Code of Practice 3.4"),
                (Detector, "Code of Practice 3.4(ii)"),
                (Timestamp, "Code of Practice 1.1.1"),
                (PrivateWatermark, "Code of Practice 1.1.2"),
            ],
            Self::California => &[
                (SourceType, "22757.3(b)"),
                (Disclosure, "22757.3(b)(A), (B)"),
                (Time, "22757.3(b)(C)"),
                (Identifier, "22757.3(b)(D)"),
                (Identity, "22757.3(b)(A)"),
                (Metadata, "22757.3(b), industry standards"),
                (Detector, "22757.2"),
                (PrivateWatermark, "22757.3(b), extraordinarily difficult to remove"),
            ],
            Self::China => &[
                (Metadata, "GB 45438-2025 6.1"),
                (ProviderCode, "GB 45438-2025 6.1, annex E"),
                (Identifier, "Measures for Labelling, 5"),
                (VisibleLabel, "GB 45438-2025 5.2"),
            ],
            Self::India => &[
                (Metadata, "Rule 3(3)(a)(ii)"),
                (Identifier, "Rule 3(3)(a)(ii)"),
                (Disclosure, "Rule 3(3)(a)(ii)"),
                (VisibleLabel, "Rule 3(3)(a)(ii)"),
            ],
            Self::Korea => &[
                (SourceType, "AI Basic Act 31(2)"),
                (VisibleLabel, "AI Basic Act 31(3), or a spoken notice"),
            ],
        }
    }
}

/// How stamps are to be made.
#[derive(Debug, Clone, Copy)]
pub struct Setup<'a> {
    /// Who signs.
    pub signer: &'a Signer,
    /// What a stamp carries.
    pub order: &'a Order<'a>,
    /// Whether watermarks are made with a key of the operator's own.
    pub private_watermark_key: bool,
}

/// What the places ask of stamps that are made so, row by row.
pub fn check(places: &[Place], setup: Setup<'_>) -> Vec<Row> {
    let asked = places.iter().flat_map(|&place| {
        let rows = place.needs().iter();
        rows.map(move |&(need, rule)| (place, need, rule))
    });
    asked
        .map(|(place, need, rule)| Row {
            place,
            need,
            rule,
            answer: answer(need, setup),
        })
        .collect()
}

fn answer(need: Need, setup: Setup<'_>) -> Answer {
    let Setup {
        signer,
        order,
        private_watermark_key,
    } = setup;
    let disclosure: &Disclosure = order.disclosure;
    let met = match need {
        Need::SourceType | Need::Time | Need::Identifier => true,
        Need::Identity => !signer.is_local(),
        Need::Disclosure => disclosure.is_filled(),
        Need::Metadata => order.metadata == Want::Demanded,
        Need::Detector => disclosure.detector_url().is_some(),
        Need::ProviderCode => disclosure.aigc_producer().is_some(),
        Need::Timestamp => order.timestamp == Want::Demanded,
        Need::PrivateWatermark => order.watermark.want == Want::Demanded && private_watermark_key,
        Need::VisibleLabel => order.label.is_some(),
    };
    if met { Answer::Met } else { Answer::Missing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_place_asks_for_a_thing_twice() {
        for place in Place::ALL {
            let mut needs: Vec<Need> = place.needs().iter().map(|(need, _)| *need).collect();
            let all = needs.len();
            needs.sort_by_key(|need| format!("{need:?}"));
            needs.dedup();
            assert_eq!(needs.len(), all, "{place:?}");
            assert!(place.needs().iter().all(|(_, rule)| !rule.is_empty()));
        }
    }

    /// What interface.md demands of the profiles, as far as a stamp can be without it.
    #[test]
    fn the_needs_of_the_design_are_in_the_table() {
        let asks = |place: Place, need| place.needs().iter().any(|(asked, _)| *asked == need);
        for (place, need) in [
            (Place::Eu, Need::Timestamp),
            (Place::Eu, Need::Detector),
            (Place::Eu, Need::PrivateWatermark),
            (Place::Eu, Need::Disclosure),
            (Place::Eu, Need::Identity),
            (Place::California, Need::Disclosure),
            (Place::California, Need::Detector),
            (Place::China, Need::VisibleLabel),
            (Place::China, Need::ProviderCode),
            (Place::India, Need::VisibleLabel),
            (Place::Korea, Need::VisibleLabel),
        ] {
            assert!(asks(place, need), "{place:?} {need:?}");
        }
    }
}
