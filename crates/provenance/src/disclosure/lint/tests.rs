use time::macros::date;

use super::*;

const TODAY: Date = date!(2026 - 11 - 22);

/// A document that passes, with nothing to advise but what is named in the tests.
const COMPLETE: &str = r#"
schema = "touchmark-disclosure/1"
compliance = [{ rule = "EU AI Act Art. 50(2)", status = "claimed" }]

[document]
issued = 2026-11-01
expires = 2027-10-31
url = "https://example.org/disclosure.jws"

[provider]
name = "Example Images"
country = "DE"
contact = "mailto:images@example.org"
legal_id = "HRB 1"
role = "both"
data_protection_officer = "mailto:privacy@example.org"
aigc_code = "001191110102MACQD9K64010000"

[system]
name = "Example Diffusion"
version = "3.1"
identifier = "pkg:generic/example@3.1"
released = 2026-10-01
licence = "Apache-2.0"
documentation = "https://example.org/docs"

[capabilities]
can = ["Makes pictures."]
cannot = ["Writes no text."]
limits = ["Hands."]

[[safeguards]]
area = "intimate_imagery"
measure = "A filter."
status = "in_force"
tested = 2026-10-01

[[safeguards]]
area = "child_sexual_abuse_material"
measure = "None yet."
status = "not_in_place"

[acceptable_use]
allowed = ["Art."]
prohibited = ["Likenesses without consent."]
policy = "https://example.org/terms"
no_mark_removal = true

[consequences]
actions = ["warning"]
text = "We close accounts."
appeal = "https://example.org/appeal"

[removal]
url = "https://example.org/removal"
languages = ["en", "de-AT"]
response_hours = 48
no_account_needed = true
no_upload_needed = true
email = "removal@example.org"
hash_types = ["pdq"]
laws = ["take_it_down", "dsa16", "gdpr17"]
complaint_authority = { name = "Example Authority" }

[children]
minimum_age = 18
age_assurance = "We ask."
may_depict_minors = false
safeguards = ["A filter."]
help_lines = [{ country = "DE", name = "Nummer gegen Kummer", phone = "116 111" }]

[detector]
url = "https://example.org/detector"

[data]
recorded = ["The time."]
place = "Germany."
retention = "A year."
access = "Nobody else."
erasure = "Write to us."

[texts.en]
child = "You did nothing wrong."
adult = "A system that makes pictures."

[texts.de]
child = "Du hast nichts falsch gemacht."
"#;

fn lint(text: &str) -> Vec<Finding> {
    Document::from_toml(text).unwrap().lint(TODAY)
}

/// The fields and rules that do not pass, or are worth a look.
fn found(text: &str, outcome: Outcome) -> Vec<(String, &'static str)> {
    let findings = lint(text).into_iter().filter(|finding| finding.outcome == outcome);
    findings
        .map(|finding| (finding.field.to_string(), finding.rule))
        .collect()
}

#[test]
fn a_complete_document_passes_without_advice() {
    assert_eq!(found(COMPLETE, Outcome::Fails), []);
    assert_eq!(found(COMPLETE, Outcome::Advice), []);
    assert!(lint(COMPLETE).iter().all(|finding| !finding.asked_by.is_empty()));
}

#[test]
fn each_mandatory_field_is_missed() {
    let none = found("schema = \"touchmark-disclosure/1\"", Outcome::Fails);
    let mandatory: Vec<_> = lint(COMPLETE)
        .into_iter()
        .filter(|finding| finding.rule == "field.stated")
        .map(|finding| finding.field.to_string())
        .collect();
    assert_eq!(mandatory.len(), 28);
    for field in &mandatory {
        assert!(none.contains(&(field.clone(), "field.stated")), "{field}");
    }
    for line in COMPLETE.lines().filter(|line| line.contains(" = ")) {
        let without = COMPLETE.replacen(&format!("{line}\n"), "", 1);
        // What the parser itself asks for cannot be left out.
        let Ok(document) = Document::from_toml(&without) else {
            continue;
        };
        let worse = document
            .lint(TODAY)
            .into_iter()
            .any(|finding| finding.outcome != Outcome::Met);
        assert!(worse || line.starts_with("compliance"), "{line}");
    }
}

#[test]
fn each_rule_can_fail() {
    use Outcome::{Advice, Fails};
    for (from, to, outcome, field, rule) in [
        (
            "2027-10-31",
            "2026-11-21",
            Fails,
            "document.expires",
            "document.in-force",
        ),
        (
            "2026-11-01",
            "2026-11-23",
            Advice,
            "document.issued",
            "document.in-force",
        ),
        (
            "\"DE\"\ncontact",
            "\"US\"\ncontact",
            Advice,
            "provider.eu_representative",
            "provider.eu-representative",
        ),
        (
            "MACQD9K640",
            "MACQD9K641",
            Advice,
            "provider.aigc_code",
            "provider.aigc-code",
        ),
        (
            "\"intimate_imagery\"",
            "\"other\"",
            Fails,
            "safeguards",
            "safeguards.named",
        ),
        (
            "\"child_sexual_abuse_material\"",
            "\"other\"",
            Fails,
            "safeguards",
            "safeguards.named",
        ),
        (
            "tested = 2026-10-01",
            "",
            Advice,
            "safeguards[0]",
            "safeguards.evidence",
        ),
        (
            "no_mark_removal = true",
            "no_mark_removal = false",
            Advice,
            "acceptable_use.no_mark_removal",
            "acceptable_use.marks",
        ),
        (
            "response_hours = 48",
            "response_hours = 49",
            Fails,
            "removal.response_hours",
            "removal.within-law",
        ),
        (
            "\"take_it_down\"",
            "\"india_it_rules\"",
            Fails,
            "removal.response_hours",
            "removal.within-law",
        ),
        (
            "\"take_it_down\"",
            "\"australia_online_safety_act\"",
            Fails,
            "removal.response_hours",
            "removal.within-law",
        ),
        (
            "no_account_needed = true",
            "no_account_needed = false",
            Advice,
            "removal.no_account_needed",
            "removal.open",
        ),
        (
            "no_upload_needed = true",
            "no_upload_needed = false",
            Advice,
            "removal.no_upload_needed",
            "removal.open",
        ),
        ("\"de-AT\"", "\"fr\"", Fails, "texts.fr.child", "texts.child"),
        (
            "child = \"Du hast nichts falsch gemacht.\"",
            "adult = \"Ein Bild.\"",
            Fails,
            "texts.de.child",
            "texts.child",
        ),
        (
            "Du hast nichts falsch gemacht.",
            "Unverzügliche Benachrichtigung erziehungsberechtigter Vertrauenspersonen empfohlen.",
            Fails,
            "texts.de.child",
            "texts.reading-level",
        ),
        (
            "minimum_age = 18",
            "minimum_age = 18\nreading_level = 10",
            Fails,
            "texts.de.child",
            "texts.reading-level",
        ),
        (
            "Du hast nichts falsch gemacht.",
            "你没有做错任何事。",
            Advice,
            "texts.de.child",
            "texts.reading-level",
        ),
        (
            "A system that makes pictures.",
            "Probabilistic generative synthesis architecture.",
            Fails,
            "texts.en.adult",
            "texts.reading-level",
        ),
        (
            "Example Images",
            "<fill in: a name>",
            Fails,
            "provider.name",
            "field.usable",
        ),
    ] {
        assert!(COMPLETE.contains(from), "{from}");
        let found = found(&COMPLETE.replacen(from, to, 1), outcome);
        assert!(found.contains(&(field.to_owned(), rule)), "{from} -> {to}: {found:?}");
    }
}

#[test]
fn not_in_place_passes_and_silence_does_not() {
    let honest = COMPLETE.replace("\"in_force\"", "\"not_in_place\"");
    assert_eq!(found(&honest, Outcome::Fails), []);
}

#[test]
fn a_field_at_fault_is_named_once() {
    let text = COMPLETE.replace("Example Images", "<fill in: a name>");
    let about = lint(&text)
        .into_iter()
        .filter(|finding| finding.field.as_str() == "provider.name");
    let about: Vec<_> = about.collect();
    assert_eq!(about.len(), 1);
    assert_eq!(
        about[0].asked_by, "California BPC 22757.3(b)(A)",
        "who asks for the field"
    );
}

#[test]
fn a_stamp_without_room_is_worth_a_look() {
    let last = |text: &str| {
        let disclosure = Disclosure::from_toml(text).unwrap();
        disclosure.lint(TODAY).pop().unwrap()
    };
    assert_eq!(
        (last(COMPLETE).rule, last(COMPLETE).outcome),
        ("stamp.room", Outcome::Met)
    );
    let long = COMPLETE.replace("A system that makes pictures.", &"It makes it. ".repeat(150));
    let full = long.replace(
        "child = \"You did",
        &format!(
            "teacher = \"{}\"\nparent = \"{0}\"\nchild = \"You did",
            "Do it now. ".repeat(150)
        ),
    );
    let finding = last(&full);
    assert_eq!(finding.outcome, Outcome::Advice);
    assert!(finding.says.contains("texts.en.teacher"), "{}", finding.says);
}
