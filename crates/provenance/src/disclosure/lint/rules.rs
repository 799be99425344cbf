//! The rules, one table: what is asked of which field, by whom, and how to see whether it is there.
//!
//! Which rule asks for what is disclosure.md's table; the texts behind "who asks" are named there with their dates.

use std::collections::BTreeSet;

use time::Date;

use super::super::aigc;
use super::super::check::is_country;
use super::super::laws::LAWS_AS_OF;
use super::super::parts::{Area, Document, SafeguardStatus, Texts};
use super::super::values::primary;
use super::{Finding, Outcome, lix};
use crate::error::FieldPath;

/// Joint statement of 61 data-protection authorities on generated images of people, 2026.
const JOINT: &str = "joint statement of data-protection authorities (2026)";
/// What California asks for in a latent disclosure.
const CALIFORNIA_A: &str = "California BPC 22757.3(b)(A)";
const CALIFORNIA_B: &str = "California BPC 22757.3(b)(B)";
const EU_AND_CHINA: &str = "EU AI Act Art. 50 and Code of Practice 1.1; GB 45438-2025 Annex E";
const CODE_DETECTOR: &str = "EU Code of Practice 3.4; California BPC 22757.2";
const CODE_MARKS: &str = "EU Code of Practice 1.2";
const DATA_LAW: &str = "joint statement of data-protection authorities (2026); GDPR Art. 13";
const REMOVAL: &str = "joint statement (2026); DSA Art. 16; TAKE IT DOWN Act; UK Online Safety Act; GDPR Art. 17";
const TOUCHMARK: &str = "touchmark: what is out of date misleads";

/// The hardest texts for adults, parents and teachers: "medium", newspapers (Björnsson 1968).
const ADULT_LIX: u32 = 50;
/// The hardest texts for children where the document asks for nothing easier: "very easy", ages 9 to 11.
const CHILD_LIX: u8 = 30;

/// What rules look at.
pub(super) struct Facts<'a> {
    pub(super) document: &'a Document,
    pub(super) today: Date,
}

/// One rule.
pub(super) struct Rule {
    /// Its stable id.
    pub(super) id: &'static str,
    /// The field that it is about.
    field: &'static str,
    /// Who asks for it.
    asked_by: &'static str,
    kind: Kind,
}

enum Kind {
    /// Not to be left out.
    Mandatory(fn(&Document) -> bool),
    /// Asked for by some, or only of some.
    Asked(fn(&Document) -> bool),
    /// Anything else: each thing found, empty where the rule is kept.
    Looks(fn(&Facts<'_>) -> Vec<Found>),
}

/// What a rule found: the field, how bad, and the sentence.
type Found = (FieldPath, Outcome, String);

impl Rule {
    pub(super) fn findings(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let found = |field: FieldPath, outcome, says: &str| Finding {
            field,
            rule: self.id,
            asked_by: self.asked_by,
            outcome,
            says: says.into(),
        };
        let missing = match self.kind {
            Kind::Mandatory(is_there) => (!is_there(facts.document)).then_some(Outcome::Fails),
            Kind::Asked(is_there) => (!is_there(facts.document)).then_some(Outcome::Advice),
            Kind::Looks(look) => {
                let all = look(facts);
                if !all.is_empty() {
                    return all
                        .into_iter()
                        .map(|(field, outcome, says)| found(field, outcome, &says))
                        .collect();
                }
                None
            }
        };
        vec![match missing {
            Some(outcome) => found(self.field.into(), outcome, "is missing"),
            None => found(self.field.into(), Outcome::Met, "stated"),
        }]
    }
}

/// Who asks for a field, or for the list or part that it stands in.
pub(super) fn asked_by(field: &str) -> Option<&'static str> {
    let is_inside = |rest: &str| rest.is_empty() || rest.starts_with(['.', '[']);
    RULES
        .iter()
        .filter(|rule| field.strip_prefix(rule.field).is_some_and(is_inside))
        .max_by_key(|rule| rule.field.len())
        .map(|rule| rule.asked_by)
}

const fn mandatory(field: &'static str, asked_by: &'static str, is_there: fn(&Document) -> bool) -> Rule {
    Rule {
        id: "field.stated",
        field,
        asked_by,
        kind: Kind::Mandatory(is_there),
    }
}

const fn asked(field: &'static str, asked_by: &'static str, is_there: fn(&Document) -> bool) -> Rule {
    Rule {
        id: "field.asked-for",
        field,
        asked_by,
        kind: Kind::Asked(is_there),
    }
}

const fn looks(
    id: &'static str,
    field: &'static str,
    asked_by: &'static str,
    look: fn(&Facts<'_>) -> Vec<Found>,
) -> Rule {
    Rule {
        id,
        field,
        asked_by,
        kind: Kind::Looks(look),
    }
}

/// Whether a part is there and this of it.
macro_rules! there {
    ($part:ident) => {
        |d| d.$part.is_some()
    };
    ($part:ident . $field:ident) => {
        |d| d.$part.as_ref().is_some_and(|part| part.$field.is_some())
    };
    ($part:ident [ $list:ident ]) => {
        |d| d.$part.as_ref().is_some_and(|part| !part.$list.is_empty())
    };
}

/// Every rule, in the order of the schema.
pub(super) const RULES: &[Rule] = &[
    mandatory("document.issued", TOUCHMARK, |d| d.document.issued.is_some()),
    mandatory("document.expires", TOUCHMARK, |d| d.document.expires.is_some()),
    looks("document.in-force", "document.expires", TOUCHMARK, in_force),
    asked(
        "document.url",
        "touchmark: stamps name where the signed document is",
        |d| d.document.url.is_some(),
    ),
    mandatory("provider.name", CALIFORNIA_A, there!(provider)),
    mandatory("provider.country", EU_AND_CHINA, there!(provider.country)),
    mandatory("provider.contact", JOINT, there!(provider)),
    asked("provider.legal_id", EU_AND_CHINA, there!(provider.legal_id)),
    asked("provider.role", "EU AI Act Art. 3", there!(provider.role)),
    asked(
        "provider.data_protection_officer",
        "GDPR Art. 37",
        there!(provider.data_protection_officer),
    ),
    looks(
        "provider.eu-representative",
        "provider.eu_representative",
        "EU AI Act Art. 22",
        eu_representative,
    ),
    looks(
        "provider.aigc-code",
        "provider.aigc_code",
        "GB 45438-2025; TC260-PG-20252A",
        aigc_code,
    ),
    mandatory("system.name", CALIFORNIA_B, there!(system)),
    mandatory("system.version", CALIFORNIA_B, there!(system)),
    asked("system.identifier", "C2PA 2.4 ai-disclosure", there!(system.identifier)),
    asked("system.released", "SPDX 3.0 AI profile", there!(system.released)),
    asked("system.licence", "SPDX 3.0 AI profile", there!(system.licence)),
    asked(
        "system.documentation",
        "EU AI Act Art. 50",
        there!(system.documentation),
    ),
    mandatory("capabilities.can", JOINT, there!(capabilities[can])),
    mandatory("capabilities.cannot", JOINT, there!(capabilities[cannot])),
    mandatory("capabilities.limits", JOINT, there!(capabilities[limits])),
    looks(
        "safeguards.named",
        "safeguards",
        "joint statement (2026); EU AI Act Art. 5",
        named_safeguards,
    ),
    looks("safeguards.evidence", "safeguards", JOINT, safeguard_evidence),
    mandatory("acceptable_use.allowed", JOINT, there!(acceptable_use[allowed])),
    mandatory("acceptable_use.prohibited", JOINT, there!(acceptable_use[prohibited])),
    mandatory("acceptable_use.policy", JOINT, there!(acceptable_use.policy)),
    looks(
        "acceptable_use.marks",
        "acceptable_use.no_mark_removal",
        CODE_MARKS,
        marks_stay,
    ),
    mandatory("consequences.actions", JOINT, there!(consequences[actions])),
    asked("consequences.text", JOINT, there!(consequences.text)),
    asked("consequences.appeal", "DSA Art. 20", there!(consequences.appeal)),
    mandatory("removal.url", REMOVAL, there!(removal.url)),
    mandatory("removal.languages", JOINT, there!(removal[languages])),
    mandatory("removal.response_hours", REMOVAL, there!(removal.response_hours)),
    looks("removal.within-law", "removal.response_hours", REMOVAL, within_law),
    mandatory("removal.no_account_needed", JOINT, there!(removal.no_account_needed)),
    mandatory("removal.no_upload_needed", JOINT, there!(removal.no_upload_needed)),
    looks("removal.open", "removal", JOINT, open_to_all),
    asked("removal.email", "DSA Art. 16", there!(removal.email)),
    asked("removal.hash_types", JOINT, there!(removal[hash_types])),
    asked("removal.laws", REMOVAL, there!(removal[laws])),
    asked(
        "removal.complaint_authority",
        "GDPR Art. 13(2)(d)",
        there!(removal.complaint_authority),
    ),
    mandatory("children.minimum_age", JOINT, there!(children.minimum_age)),
    asked("children.age_assurance", JOINT, there!(children.age_assurance)),
    mandatory("children.may_depict_minors", JOINT, there!(children.may_depict_minors)),
    mandatory("children.safeguards", JOINT, there!(children[safeguards])),
    mandatory("children.help_lines", JOINT, there!(children[help_lines])),
    asked("detector.url", CODE_DETECTOR, there!(detector)),
    mandatory("data.recorded", DATA_LAW, there!(data[recorded])),
    mandatory("data.place", DATA_LAW, there!(data.place)),
    mandatory("data.retention", DATA_LAW, there!(data.retention)),
    mandatory("data.access", DATA_LAW, there!(data.access)),
    mandatory("data.erasure", DATA_LAW, there!(data.erasure)),
    looks("texts.child", "texts", JOINT, child_texts),
    asked("texts.adult", JOINT, |d| {
        d.texts.values().any(|texts| texts.adult.is_some())
    }),
    looks("texts.reading-level", "texts", JOINT, reading_levels),
];

fn in_force(facts: &Facts<'_>) -> Vec<Found> {
    let about = &facts.document.document;
    let mut found = Vec::new();
    if let Some(expires) = about.expires.filter(|expires| expires.0 < facts.today) {
        let says = format!("expired on {expires}: issue it again, or say how long it holds");
        found.push(("document.expires".into(), Outcome::Fails, says));
    }
    if let Some(issued) = about.issued.filter(|issued| issued.0 > facts.today) {
        let says = format!("is issued on {issued}, a day to come");
        found.push(("document.issued".into(), Outcome::Advice, says));
    }
    found
}

/// A representative is asked of providers established elsewhere, as far as the country tells.
fn eu_representative(facts: &Facts<'_>) -> Vec<Found> {
    /// The member states, ISO 3166-1.
    const EU: [&str; 27] = [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
        "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    ];
    let Some(provider) = &facts.document.provider else {
        return Vec::new();
    };
    let elsewhere = provider
        .country
        .as_deref()
        .is_some_and(|country| is_country(country) && !EU.contains(&country));
    match elsewhere && provider.eu_representative.is_none() {
        true => vec![advice(
            "provider.eu_representative",
            "is missing, and the provider is established outside the EU",
        )],
        false => Vec::new(),
    }
}

fn aigc_code(facts: &Facts<'_>) -> Vec<Found> {
    let provider = facts.document.provider.as_ref();
    match provider.and_then(|provider| provider.aigc_code.as_deref()) {
        None => vec![advice(
            "provider.aigc_code",
            "is missing: no label of the Chinese standard is written",
        )],
        Some(code) if aigc::check_character_holds(code) == Some(false) => vec![advice(
            "provider.aigc_code",
            "holds a unified social credit code whose check character is wrong (GB 32100-2015)",
        )],
        Some(_) => Vec::new(),
    }
}

/// Intimate imagery and child sexual abuse material are named, whatever the status: "not in place" is an answer.
fn named_safeguards(facts: &Facts<'_>) -> Vec<Found> {
    let names = |area| facts.document.safeguards.iter().any(|safeguard| safeguard.area == area);
    [
        (Area::IntimateImagery, "intimate_imagery"),
        (Area::ChildSexualAbuseMaterial, "child_sexual_abuse_material"),
    ]
    .into_iter()
    .filter(|(area, _)| !names(*area))
    .map(|(_, id)| {
        let says = format!("name none for {id}; `not_in_place` is an answer, silence is not");
        ("safeguards".into(), Outcome::Fails, says)
    })
    .collect()
}

/// What is said to work should be shown to.
fn safeguard_evidence(facts: &Facts<'_>) -> Vec<Found> {
    let entries = facts.document.safeguards.iter().enumerate();
    entries
        .filter(|(_, one)| matches!(one.status, SafeguardStatus::InForce | SafeguardStatus::Partial))
        .filter(|(_, one)| one.evidence.is_none() && one.tested.is_none())
        .map(|(index, _)| {
            let says = "is said to work, without evidence or date of a test".to_owned();
            (format!("safeguards[{index}]").into(), Outcome::Advice, says)
        })
        .collect()
}

fn marks_stay(facts: &Facts<'_>) -> Vec<Found> {
    let terms = facts.document.acceptable_use.as_ref();
    match terms.and_then(|terms| terms.no_mark_removal) {
        Some(true) => Vec::new(),
        Some(false) => vec![advice(
            "acceptable_use.no_mark_removal",
            "the terms do not forbid removing marks",
        )],
        None => vec![advice("acceptable_use.no_mark_removal", "is missing")],
    }
}

fn within_law(facts: &Facts<'_>) -> Vec<Found> {
    let Some(removal) = &facts.document.removal else {
        return Vec::new();
    };
    let Some(hours) = removal.response_hours else {
        return Vec::new();
    };
    removal
        .laws
        .iter()
        .filter_map(|law| law.limit())
        .filter_map(|limit| Some((limit, limit.hours?)))
        .filter(|(_, most)| hours > *most)
        .map(|(limit, most)| {
            let says = format!(
                "{hours} hours, and {} leaves {most} ({}; table of {LAWS_AS_OF})",
                limit.name, limit.source
            );
            ("removal.response_hours".into(), Outcome::Fails, says)
        })
        .collect()
}

fn open_to_all(facts: &Facts<'_>) -> Vec<Found> {
    let Some(removal) = &facts.document.removal else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if removal.no_account_needed == Some(false) {
        found.push(advice(
            "removal.no_account_needed",
            "whoever is shown in a picture needs an account to have it removed",
        ));
    }
    if removal.no_upload_needed == Some(false) {
        found.push(advice(
            "removal.no_upload_needed",
            "whoever is shown in a picture has to upload it once more to have it removed",
        ));
    }
    found
}

/// Every language offered, in texts, by the removal contact or as the document's own, has a text for children.
fn child_texts(facts: &Facts<'_>) -> Vec<Found> {
    let document = facts.document;
    let mut languages: BTreeSet<&str> = document.texts.keys().map(String::as_str).collect();
    languages.insert(document.language());
    languages.extend(
        document
            .removal
            .iter()
            .flat_map(|removal| &removal.languages)
            .map(String::as_str),
    );
    let has_child_text = |language: &str| {
        [language, primary(language)]
            .into_iter()
            .filter_map(|tag| document.texts.get(tag))
            .any(|texts| texts.child.is_some())
    };
    languages
        .into_iter()
        .filter(|language| !has_child_text(language))
        .map(|language| {
            let says = "is missing, and the language is offered".to_owned();
            (format!("texts.{language}.child").into(), Outcome::Fails, says)
        })
        .collect()
}

fn reading_levels(facts: &Facts<'_>) -> Vec<Found> {
    let document = facts.document;
    let stated = document.children.as_ref().and_then(|children| children.reading_level);
    let for_children = u32::from(stated.unwrap_or(CHILD_LIX));
    let mut found = Vec::new();
    for (language, texts) in &document.texts {
        for (name, text, most) in levels(texts, for_children) {
            let field: FieldPath = format!("texts.{language}.{name}").into();
            match text.as_deref().map(lix) {
                Some(Some(level)) if level > most => {
                    let says = format!(
                        "has LIX {level}, above the {most} stated for it: shorter sentences, fewer long words (Björnsson 1968)"
                    );
                    found.push((field, Outcome::Fails, says));
                }
                Some(None) => {
                    let says =
                        "is in a script without spaces between words; its reading level is not measured".to_owned();
                    found.push((field, Outcome::Advice, says));
                }
                _ => {}
            }
        }
    }
    found
}

fn levels(texts: &Texts, for_children: u32) -> [(&'static str, &Option<String>, u32); 5] {
    [
        ("child", &texts.child, for_children),
        ("summary", &texts.summary, ADULT_LIX),
        ("adult", &texts.adult, ADULT_LIX),
        ("parent", &texts.parent, ADULT_LIX),
        ("teacher", &texts.teacher, ADULT_LIX),
    ]
}

fn advice(field: &str, says: &str) -> Found {
    (field.into(), Outcome::Advice, says.to_owned())
}
