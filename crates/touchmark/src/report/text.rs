//! The report for people: the questions they have, answered in order, in plain words.

use super::build::layer_message;
use super::words::{say, say_with};
use super::{Plain, ReasonReport, Report, RevocationReport};
use crate::evidence::{Ai, Credentials, Extent, Integrity, Level, Rule, SignerAxis};
use crate::findings::{Layer, Why};

/// One question and what there is to say to it.
pub(super) struct Answer {
    question: &'static str,
    pub(super) lines: Vec<String>,
}

/// Width of the column of questions.
const QUESTION_WIDTH: usize = 25;

/// Width of the column of answers, so that a line fits 100 columns.
const ANSWER_WIDTH: usize = 72;

/// Renders the whole report as text; the last line ends with a line feed.
pub(super) fn render(report: &Report) -> String {
    let Plain { headline, .. } = &report.plain;
    let mut out = match &report.file.name {
        Some(name) => format!("{name}: {headline}\n"),
        None => format!("{headline}\n"),
    };
    for answer in answers(report) {
        out.push('\n');
        let mut question = say(answer.question);
        for line in answer.lines.iter().flat_map(|line| wrap(line, ANSWER_WIDTH)) {
            out.push_str(&format!("  {question:<QUESTION_WIDTH$} {line}\n"));
            question.clear();
        }
    }
    if report.as_of != report.examined_at {
        out.push_str(&format!(
            "\n  Judged as of {}, examined at {}.\n",
            report.as_of, report.examined_at
        ));
    }
    out
}

/// Breaks a line at spaces so that no part is longer than `width` characters, but for words that are longer themselves.
fn wrap(line: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        match lines.last_mut() {
            Some(last) if last.is_empty() => last.push_str(word),
            Some(last) if last.chars().count() + 1 + word.chars().count() <= width => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The report in one line.
pub(super) fn headline(report: &Report) -> String {
    let verdict = &report.verdict;
    say(match (verdict.level, verdict.signer, verdict.integrity) {
        (Level::Signed, _, Integrity::PartlyProtected) => "headline-signed-partly",
        (Level::Signed, SignerAxis::Expired, _) => "headline-signed-expired",
        (Level::Signed, SignerAxis::Revoked, _) => "headline-signed-revoked",
        (Level::Broken, _, Integrity::Altered) => "headline-broken-changed",
        (Level::Attested, ..) => "headline-attested",
        (Level::SignedHere, ..) => "headline-signed_here",
        (Level::Signed, ..) => "headline-signed",
        (Level::Recovered, ..) => "headline-recovered",
        (Level::Claimed, ..) => "headline-claimed",
        (Level::Broken, ..) => "headline-broken",
        (Level::Clashing, ..) => "headline-clashing",
        (Level::Malformed, ..) => "headline-malformed",
        (Level::Unknown, ..) => "headline-unknown",
    })
}

/// The answers, in the order of interface.md.
pub(super) fn answers(report: &Report) -> Vec<Answer> {
    let mut answers = vec![Answer {
        question: "question-mark",
        lines: mark(report),
    }];
    if !matches!(report.verdict.credentials, Credentials::None | Credentials::Malformed) {
        answers.push(Answer {
            question: "question-changed",
            lines: changed(report),
        });
        answers.push(Answer {
            question: "question-who",
            lines: who(report),
        });
        answers.push(Answer {
            question: "question-what",
            lines: what(report),
        });
    } else if report.verdict.level == Level::Claimed {
        answers.push(Answer {
            question: "question-what",
            lines: what(report),
        });
    }
    answers.push(Answer {
        question: "question-unchecked",
        lines: unchecked(report),
    });
    answers.push(Answer {
        question: "question-do",
        lines: what_to_do(report),
    });
    answers
}

fn mark(report: &Report) -> Vec<String> {
    let manifest = &report.layers.manifest;
    let first = match report.verdict.credentials {
        Credentials::Malformed => say("mark-unreadable"),
        Credentials::None if report.verdict.level == Level::Claimed => say("mark-labels"),
        Credentials::None if not_read(report, Layer::Manifest) => say("mark-not-read"),
        Credentials::None => say("mark-nothing"),
        _ => say("mark-signed"),
    };
    let remote = manifest
        .remote
        .as_deref()
        .map(|address| say_with("mark-remote", &[("address", address)]));
    std::iter::once(first).chain(remote).collect()
}

fn not_read(report: &Report, layer: Layer) -> bool {
    let not_examined = &report.verdict.not_examined;
    not_examined
        .iter()
        .any(|entry| entry.layer == layer && entry.why == Why::UnsupportedFormat)
}

/// Whether the content changed; and where the record does not hold, or that of an ingredient, why.
fn changed(report: &Report) -> Vec<String> {
    let first = say(match report.verdict.integrity {
        Integrity::Intact => "changed-intact",
        Integrity::PartlyProtected => "changed-partly_protected",
        Integrity::Altered => "changed-altered",
        Integrity::NotApplicable => "changed-not_applicable",
    });
    let faults = report
        .verdict
        .reasons
        .iter()
        .filter(|reason| FAULTS.iter().any(|rule| rule.id() == reason.rule))
        .map(|reason| match reason.codes.as_slice() {
            [] => reason.says.clone(),
            codes => format!("{} [{}]", reason.says, codes.join(", ")),
        });
    std::iter::once(first).chain(faults).collect()
}

/// The reasons that the text names with their codes; the others have words of their own.
const FAULTS: [Rule; 5] = [
    Rule::SignatureFails,
    Rule::RecordBroken,
    Rule::ContentUnbound,
    Rule::SignerInvalid,
    Rule::IngredientBroken,
];

fn who(report: &Report) -> Vec<String> {
    let signer = report.layers.manifest.signer.as_ref();
    let name = signer.and_then(|signer| signer.organisation.as_deref().or(signer.common_name.as_deref()));
    let name = name.map_or_else(|| say("who-not-named"), |name| format!("“{name}”"));
    let list = signer.and_then(|signer| signer.list.as_deref()).unwrap_or_default();
    let day = |time: Option<&str>| {
        time.and_then(|time| time.split('T').next())
            .unwrap_or_default()
            .to_owned()
    };
    let begins = day(signer.and_then(|signer| signer.not_before.as_deref()));
    let ends = day(signer.and_then(|signer| signer.not_after.as_deref()));
    let reasons = &report.verdict.reasons;
    let not_yet_valid = reasons.iter().any(|reason| reason.rule == Rule::SignerNotYetValid.id());
    let first = match report.verdict.signer {
        SignerAxis::Trusted => say_with("who-trusted", &[("name", &name), ("list", &dated(report, list))]),
        SignerAxis::Legacy => say_with("who-legacy", &[("name", &name), ("list", list)]),
        SignerAxis::Local => say("who-local"),
        SignerAxis::TestKey => say("who-test_key"),
        SignerAxis::Unknown if not_yet_valid => say_with("who-not-yet-valid", &[("name", &name), ("date", &begins)]),
        SignerAxis::Unknown => say_with("who-unknown", &[("name", &name)]),
        SignerAxis::Expired => {
            let content = say(match report.verdict.integrity {
                Integrity::Intact => "who-expired-intact",
                _ => "who-expired-other",
            });
            say_with(
                "who-expired",
                &[("name", &name), ("date", &ends), ("content", &content)],
            )
        }
        SignerAxis::Revoked => {
            let since = day(revocation(report).map(|found| found.date.as_str()));
            say_with("who-revoked", &[("name", &name), ("date", &since)])
        }
        SignerAxis::Invalid => say("who-invalid"),
        SignerAxis::None => say("who-none"),
    };
    let time = report.layers.manifest.signed_at.as_ref().map(|stamp| {
        say_with(
            if stamp.trusted { "time-trusted" } else { "time-claimed" },
            &[("time", &stamp.time)],
        )
    });
    let not_revoked = of_rule(report, Rule::SignerNotRevoked)
        .and_then(|_| revocation(report))
        .map(|found| say_with("revocation-good", &[("date", &day(Some(&found.date)))]));
    std::iter::once(first).chain(time).chain(not_revoked).collect()
}

fn revocation(report: &Report) -> Option<&RevocationReport> {
    report.layers.manifest.signer.as_ref()?.revocation.as_ref()
}

fn of_rule(report: &Report, rule: Rule) -> Option<&ReasonReport> {
    let reasons = &report.verdict.reasons;
    reasons.iter().find(|reason| reason.rule == rule.id())
}

/// The list's name with the date of its issue, where it has one.
fn dated(report: &Report, list: &str) -> String {
    match report
        .trust_lists
        .iter()
        .find(|entry| entry.name == list)
        .and_then(|entry| entry.issued.as_ref())
    {
        Some(issued) => format!("{list} ({issued})"),
        None => list.to_owned(),
    }
}

fn what(report: &Report) -> Vec<String> {
    let system = system(report);
    let verdict = &report.verdict;
    let extent = match verdict.extent {
        Extent::Whole => "whole",
        Extent::Part => "part",
        Extent::Ingredient | Extent::Unknown => "ingredient",
    };
    match verdict.ai {
        Ai::Stated | Ai::Claimed => {
            let id = format!("what-{}-{extent}", verdict.ai.word());
            vec![
                say_with(&id, &[("system", &system)]),
                say("what-not-a-person"),
                say("what-independent"),
            ]
        }
        Ai::Possible => vec![say("what-possible"), say("what-independent")],
        Ai::OtherOriginStated => vec![say("what-other_origin_stated"), say("what-independent")],
        Ai::Unknown => vec![say("what-unknown"), say("what-independent")],
    }
}

fn system(report: &Report) -> String {
    let Some(generator) = &report.generator else {
        return say("what-system-not-named");
    };
    let name = match (&generator.system, &generator.version) {
        (Some(system), Some(version)) => format!("{system} {version}"),
        (Some(system), None) => system.clone(),
        (None, _) => say("what-system-not-named"),
    };
    let day = generator
        .created
        .as_deref()
        .and_then(|created| created.split('T').next());
    [Some(name.as_str()), generator.provider.as_deref(), day]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

fn unchecked(report: &Report) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for why in [Why::UnsupportedFormat, Why::NotBuilt] {
        let layers: Vec<String> = report
            .verdict
            .not_examined
            .iter()
            .filter(|entry| entry.why == why)
            .map(|entry| say(layer_message(entry.layer)))
            .collect();
        if let Some(says) = report
            .verdict
            .not_examined
            .iter()
            .find(|entry| entry.why == why)
            .map(|entry| &entry.says)
        {
            lines.push(format!("{}: {says}.", layers.join(", ")));
        }
    }
    if !matches!(
        report.verdict.signer,
        SignerAxis::None | SignerAxis::Invalid | SignerAxis::Revoked
    ) && of_rule(report, Rule::SignerNotRevoked).is_none()
    {
        lines.push(match of_rule(report, Rule::RevocationUnusable) {
            Some(reason) => say_with("unchecked-revocation-unusable", &[("why", &reason.codes.join(", "))]),
            None => say("unchecked-revocation"),
        });
    }
    lines.push(say("unchecked-synthid"));
    for list in report.trust_lists.iter().filter(|list| list.overdue) {
        let date = list.next_update.as_deref().unwrap_or_default();
        lines.push(say_with("list-overdue", &[("list", &list.name), ("date", date)]));
    }
    lines
}

/// Help first, at every verdict; then the file's own contact, and only from a signer on a list in force: a forger can
/// put an extortionist's address there.
fn what_to_do(report: &Report) -> Vec<String> {
    let contact = report
        .disclosure
        .as_ref()
        .filter(|_| report.verdict.credentials == Credentials::Trusted)
        .and_then(|disclosure| disclosure.get("provider")?.get("contact")?.as_str())
        .map(|contact| say_with("do-contact", &[("contact", contact)]));
    std::iter::once(say("do-help")).chain(contact).collect()
}
