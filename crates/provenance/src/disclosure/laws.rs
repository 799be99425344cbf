//! The laws under which removal requests are answered, with the time that each leaves: a dated table.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::Date;
use time::macros::date;

/// A law under which removal requests are answered. What each asks is in [`Law::limit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Law {
    /// United States: TAKE IT DOWN Act.
    TakeItDown,
    /// United Kingdom: Online Safety Act 2023, as amended.
    UkOnlineSafetyAct,
    /// India: Information Technology (Intermediary Guidelines) Rules 2021, as amended in 2026.
    IndiaItRules,
    /// Australia: Online Safety Act 2021.
    AustraliaOnlineSafetyAct,
    /// European Union: Digital Services Act, Article 16.
    Dsa16,
    /// European Union: General Data Protection Regulation, Article 17.
    Gdpr17,
}

/// What a law asks of whoever answers a removal request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LawLimit {
    /// The law.
    pub law: Law,
    /// Its short name.
    pub name: &'static str,
    /// The hours that it leaves for removing intimate imagery; nothing where it counts none.
    pub hours: Option<u16>,
    /// Since when that applies; nothing where our sources disagree or are silent.
    pub since: Option<Date>,
    /// Where it says so.
    pub source: &'static str,
}

/// The day on which the table was last held against its sources. Those for the United Kingdom and India are secondary.
pub const LAWS_AS_OF: Date = date!(2026 - 11 - 22);

/// Every law that a disclosure can name.
pub const LAWS: &[LawLimit] = &[
    LawLimit {
        law: Law::TakeItDown,
        name: "TAKE IT DOWN Act (US)",
        hours: Some(48),
        since: Some(date!(2026 - 05 - 19)),
        source: "Pub. L. 119-12, section 3(a)(3): not later than 48 hours after a valid request",
    },
    LawLimit {
        law: Law::UkOnlineSafetyAct,
        name: "Online Safety Act (UK)",
        hours: Some(48),
        since: None,
        source: "Online Safety Act 2023 as amended by the Crime and Policing legislation of 2026: 48 hours after a report",
    },
    LawLimit {
        law: Law::IndiaItRules,
        name: "IT Rules (India)",
        hours: Some(2),
        since: Some(date!(2026 - 02 - 20)),
        source: "G.S.R. 120(E) of 10 February 2026, rule 3(2)(b): 2 hours after a complaint by the person shown",
    },
    LawLimit {
        law: Law::AustraliaOnlineSafetyAct,
        name: "Online Safety Act (Australia)",
        hours: Some(24),
        since: Some(date!(2022 - 01 - 23)),
        source: "Online Safety Act 2021, section 77(1)(f): 24 hours after a removal notice",
    },
    LawLimit {
        law: Law::Dsa16,
        name: "DSA Art. 16 (EU)",
        hours: None,
        since: Some(date!(2024 - 02 - 17)),
        source: "Regulation (EU) 2022/2065, Article 16(5) and (6): without undue delay",
    },
    LawLimit {
        law: Law::Gdpr17,
        name: "GDPR Art. 17 (EU)",
        // One month; the shortest has 28 days.
        hours: Some(28 * 24),
        since: Some(date!(2018 - 05 - 25)),
        source: "Regulation (EU) 2016/679, Article 12(3): within one month",
    },
];

impl Law {
    /// What it asks. Every law has its row in [`LAWS`].
    pub fn limit(self) -> Option<&'static LawLimit> {
        LAWS.iter().find(|row| row.law == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_law_of_the_schema_has_one_row() {
        let schema = schemars::schema_for!(Law).to_value().to_string();
        for row in LAWS {
            assert_eq!(row.law.limit(), Some(row), "{}", row.name);
            assert!(schema.contains(serde_json::to_string(&row.law).unwrap().as_str()));
            assert!(row.since <= Some(LAWS_AS_OF) && row.hours != Some(0));
        }
        assert_eq!(schema.matches("\"const\"").count(), LAWS.len());
    }
}
