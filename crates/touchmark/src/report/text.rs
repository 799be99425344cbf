//! The report for people: whom to turn to, then the questions they have, answered in order, in plain words.

use std::collections::BTreeSet;

use touchmark_provenance::metadata::inspect::{CAMERA, DESCRIBED_WRITERS};
use touchmark_provenance::names::SYSTEM_NOT_STATED;

use super::untrusted::holds_address;
use super::words::{Language, Words};
use super::{
    Generator, HelpEntry, LabelReport, ListReport, Plain, ReasonReport, Report, RevocationReport, faults, issuers,
};
use crate::evidence::{Ai, Credentials, Extent, Inception, Integrity, Level, Rule, SignerAxis};
use crate::findings::{Layer, Why};
use crate::help::{HelpFor, HelpKind};
use crate::pixels::MarkKey;

/// One question and what there is to say to it.
pub(super) struct Answer {
    pub(super) question: &'static str,
    pub(super) lines: Vec<String>,
}

/// Width of the column of questions.
const QUESTION_WIDTH: usize = 25;

/// Width of the column of answers, so that a line fits 100 columns.
const ANSWER_WIDTH: usize = 72;

/// Renders the whole report as text; the last line ends with a line feed.
pub(super) fn render(report: &Report) -> String {
    let Plain { headline, language, .. } = &report.plain;
    let words = Words::plain(*language);
    let mut out = match &report.file.name {
        Some(name) => format!("{name}: {headline}\n"),
        None => format!("{headline}\n"),
    };
    for answer in answers(report, words) {
        out.push('\n');
        let mut question = words.say(answer.question);
        for line in answer.lines.iter().flat_map(|line| wrap(line, ANSWER_WIDTH)) {
            out.push_str(&format!("  {question:<QUESTION_WIDTH$} {line}\n"));
            question.clear();
        }
    }
    if let Some(judged) = judged(report, words) {
        out.push_str(&format!("\n  {judged}\n"));
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

/// Both times, where they differ.
pub(super) fn judged(report: &Report, words: Words) -> Option<String> {
    let (as_of, examined) = (report.as_of.as_str(), report.examined_at.as_str());
    (as_of != examined).then(|| words.say_with("judged", &[("as_of", as_of), ("examined", examined)]))
}

/// The report in one line.
pub(super) fn headline(report: &Report, words: Words) -> String {
    let verdict = &report.verdict;
    let is_unknown = but_for(report) == Some(Rule::SignerUnknown.id());
    words.say(match (verdict.level, verdict.signer, verdict.integrity) {
        (Level::Signed, _, Integrity::PartlyProtected) => "headline-signed-partly",
        (Level::Signed, SignerAxis::Expired, _) if is_unknown => "headline-signed-expired-unknown",
        (Level::Signed, SignerAxis::Expired, _) => "headline-signed-expired",
        (Level::Signed, SignerAxis::Revoked, _) if is_unknown => "headline-signed-revoked-unknown",
        (Level::Signed, SignerAxis::Revoked, _) => "headline-signed-revoked",
        (Level::Signed, ..) if of_rule(report, Rule::SignerNotYetValid).is_some() && !is_unknown => {
            "headline-signed-not-yet-valid"
        }
        (Level::Broken, _, Integrity::Altered) => "headline-broken-changed",
        (Level::Attested, ..) => "headline-attested",
        (Level::SignedHere, ..) => "headline-signed_here",
        (Level::Signed, ..) => "headline-signed",
        (Level::Recovered, ..) => "headline-recovered",
        (Level::Claimed, ..) if has_labels(report) => "headline-claimed",
        (Level::Claimed, ..) => "headline-claimed-watermark",
        (Level::Broken, ..) => "headline-broken",
        (Level::Clashing, ..) => "headline-clashing",
        (Level::Malformed, ..) => "headline-malformed",
        (Level::Unknown, ..) if is_elsewhere(report) => "headline-elsewhere",
        (Level::Unknown, ..) => "headline-unknown",
    })
}

/// The answers: help first, at every verdict; then what was found, in the order of interface.md; the file's own contact
/// last.
pub(super) fn answers(report: &Report, words: Words) -> Vec<Answer> {
    let answer = |question, lines| Answer { question, lines };
    let mut answers = vec![
        answer("question-do", what_to_do(report, words)),
        answer("question-mark", mark(report, words)),
        answer("question-changed", changed(report, words)),
        answer("question-who", who(report, words)),
        answer("question-what", what(report, words)),
    ];
    let file = file(report, words);
    if !file.is_empty() {
        answers.push(answer("question-file", file));
    }
    answers.push(answer("question-unchecked", unchecked(report, words)));
    let provider = provider(report, words);
    if !provider.is_empty() {
        answers.push(answer("question-provider", provider));
    }
    answers
}

/// The sentence of a rule that a verdict's reason can cite, for who has no report.
pub fn rule_says(rule: Rule, language: Language) -> String {
    Words::plain(language).say(&rule_message(rule.id()))
}

/// The catalogue's message for a rule, by its id.
pub(super) fn rule_message(rule: &str) -> String {
    format!("rule-{}", rule.replace('.', "-"))
}

/// The catalogue's message for why a layer was not examined.
pub(super) fn why_message(why: Why) -> &'static str {
    match why {
        Why::NoRegistry => "unchecked-no_registry",
        Why::OnlyPeople => "unchecked-only_people",
        Why::NotAsked => "unchecked-not_asked",
        Why::TooSmall => "unchecked-too_small",
        Why::OverLimit => "unchecked-over_limit",
        Why::Damaged => "unchecked-damaged",
        Why::UnsupportedFormat => "unchecked-unsupported_format",
    }
}

/// The catalogue's message for a layer's name.
pub(super) fn layer_message(layer: Layer) -> &'static str {
    match layer {
        Layer::Manifest => "layer-manifest",
        Layer::Metadata => "layer-metadata",
        Layer::Watermark => "layer-watermark",
        Layer::Fingerprint => "layer-fingerprint",
        Layer::Label => "layer-label",
        Layer::Registry => "layer-registry",
    }
}

/// The catalogue's message for what a service does.
pub(super) fn help_message(kind: HelpKind, readers: HelpFor) -> String {
    let kind = match kind {
        HelpKind::Removal => "removal",
        HelpKind::Talk => "talk",
        HelpKind::Hotline => "hotline",
        HelpKind::Police => "police",
        HelpKind::Authority => "authority",
    };
    match readers {
        HelpFor::Anyone => format!("help-{kind}"),
        HelpFor::Adults => format!("help-{kind}-adults"),
        HelpFor::Children => format!("help-{kind}-children"),
    }
}

/// The services that a text has room for: everything that has pictures taken down, and of each other kind but authorities
/// the country's own, or one for everywhere; the rest is for `touchmark help-lines`.
fn what_to_do(report: &Report, words: Words) -> Vec<String> {
    let entries = &report.help.entries;
    let of_kind = |kind| entries.iter().filter(move |entry| entry.kind == kind);
    let near = |kind| {
        let own: Vec<&HelpEntry> = of_kind(kind).filter(|entry| !entry.everywhere).collect();
        match own.is_empty() {
            true => of_kind(kind).take(1).collect(),
            false => own,
        }
    };
    let others = [HelpKind::Talk, HelpKind::Hotline, HelpKind::Police]
        .into_iter()
        .flat_map(near);
    std::iter::once(words.say("help-lead"))
        .chain(
            of_kind(HelpKind::Removal)
                .chain(others)
                .map(|entry| service(entry, words)),
        )
        .chain([words.say("help-more")])
        .collect()
}

/// A service in one line.
fn service(entry: &HelpEntry, words: Words) -> String {
    // A number stays on one line.
    let phone = entry.phone.as_deref().map(|phone| phone.replace(' ', "\u{A0}"));
    let how: Vec<&str> = phone.as_deref().into_iter().chain(entry.url.as_deref()).collect();
    words.say_with(
        "help-entry",
        &[("name", &entry.name), ("says", &entry.says), ("how", &how.join(", "))],
    )
}

fn mark(report: &Report, words: Words) -> Vec<String> {
    let manifest = &report.layers.manifest;
    let first = match report.verdict.credentials {
        Credentials::Malformed => words.say("mark-unreadable"),
        Credentials::None if report.verdict.level == Level::Claimed && has_labels(report) => words.say("mark-labels"),
        Credentials::None if report.verdict.level == Level::Claimed => words.say("mark-only-watermark"),
        Credentials::None if not_read(report, Layer::Manifest) => words.say("mark-not-read"),
        Credentials::None if is_elsewhere(report) => words.say("mark-remote"),
        Credentials::None => words.say("mark-nothing"),
        _ => words.say("mark-signed"),
    };
    let place = match (manifest.store, manifest.remote.as_deref()) {
        ("sidecar", _) => Some(words.say("mark-sidecar")),
        ("fetched", Some(address)) => Some(words.say_with("mark-fetched", &[("address", address)])),
        ("fetched", None) => Some(words.say("mark-fetched-elsewhere")),
        _ => is_elsewhere(report).then(|| words.say("mark-remote")),
    };
    let label = report.layers.label.declared.as_deref();
    let label = label.map(|label| words.say_with("mark-visible-label", &[("label", label)]));
    let pointer = of_rule(report, Rule::PointerWithoutRecord).map(|reason| words.say(&rule_message(reason.rule)));
    let place = place.filter(|place| *place != first);
    std::iter::once(first)
        .chain(place)
        .chain(labels(report, words))
        .chain(pointer)
        .chain(label)
        .chain(watermark(report, words))
        .chain(issuers::lines(report, words))
        .collect()
}

/// Where the labels were found on which the verdict rests, or which contradict the record, and who writes such.
fn labels(report: &Report, words: Words) -> Vec<String> {
    const SHOWN: usize = 5;
    if !matches!(
        report.verdict.level,
        Level::Claimed | Level::Clashing | Level::Malformed | Level::Broken
    ) {
        return Vec::new();
    }
    let mut said = BTreeSet::new();
    let speaks = |label: &&LabelReport| !matches!(label.says, "nothing") && label.signal != CAMERA;
    report
        .layers
        .metadata
        .labels
        .iter()
        .filter(speaks)
        .map(|label| match &label.writer {
            Some(writer) => words.say_with(
                "label-found-by",
                &[
                    ("place", &label.place_by_known_names),
                    ("writer", &writer_name(writer.name, words)),
                ],
            ),
            None => words.say_with("label-found", &[("place", &label.place_by_known_names)]),
        })
        .filter(|line| said.insert(line.clone()))
        .take(SHOWN)
        .collect()
}

/// The name of a writer of labels, in the words of the report's language where it is a description.
pub(super) fn writer_name(name: &str, words: Words) -> String {
    let messages = [
        "writer-web-ui",
        "writer-diffusers",
        "writer-front-end",
        "writer-says-so",
    ];
    let described = DESCRIBED_WRITERS.into_iter().zip(messages);
    let message = described.into_iter().find(|(described, _)| *described == name);
    message.map_or_else(|| name.to_owned(), |(_, message)| words.say(message))
}

/// Whether a label speaks of the picture's origin: an invisible mark alone does not.
fn has_labels(report: &Report) -> bool {
    [
        Rule::LabelsClaimAi,
        Rule::LabelsClaimPossibleAi,
        Rule::LabelsClaimOtherOrigin,
    ]
    .into_iter()
    .any(|rule| of_rule(report, rule).is_some())
}

/// What the invisible mark says, and how much that is worth.
fn watermark(report: &Report, words: Words) -> Vec<String> {
    let found = &report.layers.watermark;
    let says = match (&found.id, found.key) {
        (Some(id), Some(MarkKey::Public)) => words.say_with("watermark-public", &[("id", id)]),
        (Some(id), _) => words.say_with("watermark-own", &[("id", id)]),
        (None, Some(_)) => words.say("watermark-unreadable"),
        (None, None) => {
            return of_rule(report, Rule::WatermarkGone)
                .map(|_| words.say("watermark-gone"))
                .into_iter()
                .collect();
        }
    };
    let points = [
        (Rule::WatermarkAgrees, "watermark-agrees"),
        (Rule::WatermarkPointsElsewhere, "watermark-points-elsewhere"),
        (Rule::WatermarkFound, "watermark-not-looked-up"),
    ]
    .into_iter()
    .find(|(rule, _)| of_rule(report, *rule).is_some())
    .map(|(_, message)| words.say(message));
    std::iter::once(says).chain(points).collect()
}

/// What the invisible mark tells of what was done since.
fn since_marked(report: &Report, words: Words) -> Option<String> {
    let found = &report.layers.watermark;
    let degrees = found.rotation.filter(|degrees| degrees.abs() >= 0.5);
    let message = match (degrees, found.mirrored) {
        (Some(_), Some(true)) => "watermark-turned-and-mirrored",
        (Some(_), _) => "watermark-turned",
        (None, Some(true)) => "watermark-mirrored",
        _ => return None,
    };
    let degrees = degrees.unwrap_or_default().to_string();
    Some(words.say_with(message, &[("degrees", &degrees)]))
}

fn not_read(report: &Report, layer: Layer) -> bool {
    let not_examined = &report.verdict.not_examined;
    not_examined
        .iter()
        .any(|entry| entry.layer == layer && entry.why == Why::UnsupportedFormat)
}

/// Whether the file points to a record elsewhere, which was not fetched.
fn is_elsewhere(report: &Report) -> bool {
    of_rule(report, Rule::ManifestRemote).is_some()
}

/// Why a record that may be there was not looked at.
fn unseen(report: &Report) -> Option<&'static str> {
    match report.verdict.credentials {
        Credentials::Malformed => Some("unseen-unreadable"),
        Credentials::None if not_read(report, Layer::Manifest) => Some("unseen-format"),
        Credentials::None => is_elsewhere(report).then_some("unseen-elsewhere"),
        _ => None,
    }
}

/// Whether the content changed; and why a record does not hold.
fn changed(report: &Report, words: Words) -> Vec<String> {
    let since_marked = since_marked(report, words);
    let no_record = report.verdict.credentials == Credentials::None;
    let message = match report.verdict.integrity {
        Integrity::NotApplicable if let Some(message) = unseen(report) => message,
        Integrity::NotApplicable if no_record => "changed-without-record",
        Integrity::Intact => "changed-intact",
        Integrity::PartlyProtected => "changed-partly_protected",
        Integrity::Altered => "changed-altered",
        Integrity::NotApplicable => "changed-not_applicable",
    };
    // Where there is nothing else to tell by, the mark does.
    let first = match &since_marked {
        Some(said) if no_record => said.clone(),
        _ => words.say(message),
    };
    std::iter::once(first)
        .chain(since_marked.filter(|_| !no_record))
        .chain(faults::lines(report, words))
        .collect()
}

/// What is unusual about the file itself; nothing of it changes the verdict.
fn file(report: &Report, words: Words) -> Vec<String> {
    let named = report
        .file
        .named_as
        .map(|named| words.say_with("file-named", &[("named", named), ("format", report.file.format)]));
    let said = [Rule::FileCutOff, Rule::BytesBehindEnd, Rule::StoreChecksumWrong]
        .into_iter()
        .filter_map(|rule| Some((rule, of_rule(report, rule)?)))
        .map(|(rule, reason)| match rule {
            Rule::BytesBehindEnd => words.say_with("file-bytes-behind-end", &[("count", &reason.codes.concat())]),
            _ => words.say(&rule_message(reason.rule)),
        });
    named.into_iter().chain(said).collect()
}

fn who(report: &Report, words: Words) -> Vec<String> {
    let signer = report.layers.manifest.signer.as_ref();
    let own = signer.and_then(|signer| signer.organisation.as_deref().or(signer.common_name.as_deref()));
    let name = match own {
        Some(name) => words.say_with("who-named", &[("name", name)]),
        None if report.names_redacted => words.say("who-withheld"),
        None => words.say("who-not-named"),
    };
    let list = signer.and_then(|signer| signer.list.as_deref());
    let day = |time: Option<&str>| {
        time.and_then(|time| time.split('T').next())
            .unwrap_or_default()
            .to_owned()
    };
    let begins = day(signer.and_then(|signer| signer.not_before.as_deref()));
    let ends = day(signer.and_then(|signer| signer.not_after.as_deref()));
    let listed = dated(report, list.unwrap_or_default());
    let is_legacy = report
        .trust_lists
        .iter()
        .any(|entry| Some(entry.name.as_str()) == list && entry.purpose == "legacy");
    let kept = match is_legacy {
        true => words.say_with("list-no-longer-kept", &[("list", &listed)]),
        false => listed.clone(),
    };
    let unknown = || match own.is_some_and(|name| is_withheld(report, name)) {
        true => words.say("who-unknown-withheld"),
        false => words.combine("who-unknown", &[("name", &name)]),
    };
    // Whom a list would vouch for is named with it; of the others it is said first who they are.
    let but_for = |message: &str, variables: &[(&'static str, &str)]| match list {
        Some(_) => words.combine(
            message,
            &[&[("name", name.as_str()), ("list", kept.as_str())], variables].concat(),
        ),
        None => {
            let who = match but_for(report) {
                Some(code) if code == Rule::SignerLocal.id() => words.say("who-local"),
                _ => unknown(),
            };
            words.combine(
                &format!("{message}-unlisted"),
                &[&[("who", who.as_str())], variables].concat(),
            )
        }
    };
    let first = match report.verdict.signer {
        SignerAxis::Trusted => words.combine("who-trusted", &[("name", &name), ("list", &listed)]),
        SignerAxis::Legacy => words.combine("who-legacy", &[("name", &name), ("list", list.unwrap_or_default())]),
        SignerAxis::Local => words.say("who-local"),
        SignerAxis::TestKey => words.say("who-test_key"),
        SignerAxis::Unknown if of_rule(report, Rule::SignerNotYetValid).is_some() => {
            but_for("who-not-yet-valid", &[("date", &begins)])
        }
        SignerAxis::Unknown => unknown(),
        SignerAxis::Expired => {
            let content = words.say(match report.verdict.integrity {
                Integrity::Intact => "who-expired-intact",
                _ => "who-expired-other",
            });
            but_for("who-expired", &[("date", &ends), ("content", &content)])
        }
        SignerAxis::Revoked => {
            let since = day(revocation(report).map(|found| found.date.as_str()));
            but_for("who-revoked", &[("date", &since)])
        }
        SignerAxis::Invalid => words.say("who-invalid"),
        SignerAxis::None => words.say(unseen(report).unwrap_or("who-none")),
    };
    let time = report.layers.manifest.signed_at.as_ref().map(|stamp| {
        words.say_with(
            if stamp.trusted { "time-trusted" } else { "time-claimed" },
            &[("time", &stamp.time)],
        )
    });
    let not_revoked = of_rule(report, Rule::SignerNotRevoked)
        .and_then(|_| revocation(report))
        .map(|found| words.say_with("revocation-good", &[("date", &day(Some(&found.date)))]));
    let stated = of_rule(report, Rule::StatedAfterSigning)
        .map(|reason| words.say_with("time-stated-after-signing", &[("stated", &reason.codes.concat())]));
    std::iter::once(first)
        .chain(time)
        .chain(stated)
        .chain(not_revoked)
        .collect()
}

/// Whether a signer's name is not shown: it holds an address, and no list vouches for who has it.
pub(super) fn is_withheld(report: &Report, name: &str) -> bool {
    let signer = report.layers.manifest.signer.as_ref();
    let is_listed = signer.is_some_and(|signer| signer.list.is_some());
    !is_listed && !report.presentation.show_unverified && holds_address(name)
}

/// The code of the reason why a certificate does not count: the list that the signer would be on but for it, or else the
/// rule that would hold.
fn but_for(report: &Report) -> Option<&str> {
    let reasons = [Rule::SignerExpired, Rule::SignerRevoked, Rule::SignerNotYetValid];
    let reason = reasons.into_iter().find_map(|rule| of_rule(report, rule))?;
    reason.codes.first().map(String::as_str)
}

fn revocation(report: &Report) -> Option<&RevocationReport> {
    report.layers.manifest.signer.as_ref()?.revocation.as_ref()
}

fn of_rule(report: &Report, rule: Rule) -> Option<&ReasonReport> {
    let reasons = &report.verdict.reasons;
    reasons.iter().find(|reason| reason.rule == rule.id())
}

/// Whether the verdict rests on the list.
fn is_of_verdict(report: &Report, list: &ListReport) -> bool {
    let signer = report.layers.manifest.signer.as_ref();
    signer.and_then(|signer| signer.list.as_ref()) == Some(&list.name)
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

fn what(report: &Report, words: Words) -> Vec<String> {
    let system = system(report, words);
    let verdict = &report.verdict;
    let extent = match verdict.extent {
        Extent::Whole => "whole",
        Extent::Part => "part",
        Extent::Ingredient | Extent::Unknown => "ingredient",
    };
    let mut lines = match verdict.ai {
        Ai::Stated | Ai::Claimed => {
            let basis = match of_rule(report, Rule::AiPassedOn) {
                Some(_) => "passed_on",
                None => verdict.ai.word(),
            };
            let id = format!("what-{basis}-{extent}");
            vec![
                words.say_with(&id, &[("system", &system)]),
                words.say("what-not-a-person"),
                words.say("what-independent"),
            ]
        }
        Ai::Possible => vec![words.say("what-possible"), words.say("what-independent")],
        Ai::OtherOriginStated => vec![words.say("what-other_origin_stated"), words.say("what-independent")],
        Ai::Unknown => vec![
            words.say(match names_other_origin(report) {
                true => "what-other_origin_claimed",
                false => unseen(report).unwrap_or("what-unknown"),
            }),
            words.say("what-independent"),
        ],
    };
    let contradictions = verdict
        .reasons
        .iter()
        .filter(|reason| CONTRADICTIONS.iter().any(|rule| rule.id() == reason.rule))
        .map(|reason| words.say(&rule_message(reason.rule)));
    lines.extend(contradictions);
    lines.extend(prompts(report, words));
    lines
}

/// Whether somebody states another origin than AI whom no list vouches for.
fn names_other_origin(report: &Report) -> bool {
    let recorded = report.verdict.signals.as_ref().is_some_and(|signals| {
        matches!(
            signals.inception,
            Inception::CapturedMedia | Inception::CapturedMediaStitched | Inception::NonGenAiDigitalCreation
        )
    });
    report.verdict.credentials != Credentials::Trusted && recorded
        || of_rule(report, Rule::LabelsClaimOtherOrigin).is_some()
}

/// The prompts where they were asked for, else how long the longest is: each may stand in several labels.
fn prompts(report: &Report, words: Words) -> Vec<String> {
    const SHOWN: usize = 5;
    let labels = &report.layers.metadata.labels;
    let shown: BTreeSet<&str> = labels.iter().filter_map(|label| label.prompt.as_deref()).collect();
    if !shown.is_empty() {
        let shown = shown.into_iter().take(SHOWN);
        return shown
            .map(|prompt| words.say_with("what-prompt", &[("prompt", prompt)]))
            .collect();
    }
    let longest = labels.iter().filter_map(|label| label.prompt_characters).max();
    longest
        .map(|count| words.say_with("page-label-prompt", &[("count", &count.to_string())]))
        .into_iter()
        .collect()
}

/// The rules that tell of a contradiction.
const CONTRADICTIONS: [Rule; 4] = [
    Rule::LabelsSayAiAgainstRecord,
    Rule::LabelsSayOtherOriginAgainstRecord,
    Rule::SourceTypeOmitted,
    Rule::LabelsDisagree,
];

fn system(report: &Report, words: Words) -> String {
    let Some(generator) = &report.generator else {
        return words.say("what-system-not-named");
    };
    let name = match (&generator.system, &generator.version) {
        (Some(system), Some(version)) => Some(format!("{system} {version}")),
        (Some(system), None) if system == SYSTEM_NOT_STATED => Some(words.say("what-system-not-named")),
        (Some(system), None) => Some(writer_name(system, words)),
        (None, _) if generator.provider.is_some() => None,
        (None, _) => Some(words.say("what-system-not-named")),
    };
    if !names_are_vouched_for(report)
        && [name.as_ref(), generator.provider.as_ref()]
            .into_iter()
            .flatten()
            .any(|name| holds_address(name))
    {
        return words.say("what-system-withheld");
    }
    let day = generator
        .created
        .as_deref()
        .and_then(|created| created.split('T').next());
    [name.as_deref(), generator.provider.as_deref(), day]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

/// Whether the names of system and provider are a listed signer's, or were asked for whoever wrote them.
fn names_are_vouched_for(report: &Report) -> bool {
    let is_signed = |generator: &Generator| generator.basis == "signed";
    report.presentation.show_unverified
        || report.verdict.credentials == Credentials::Trusted && report.generator.as_ref().is_some_and(is_signed)
}

fn unchecked(report: &Report, words: Words) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for why in [
        Why::UnsupportedFormat,
        Why::Damaged,
        Why::OverLimit,
        Why::TooSmall,
        Why::NotAsked,
        Why::OnlyPeople,
        Why::NoRegistry,
    ] {
        let layers: Vec<String> = report
            .verdict
            .not_examined
            .iter()
            .filter(|entry| entry.why == why)
            .map(|entry| words.say(layer_message(entry.layer)))
            .collect();
        if let Some(says) = report
            .verdict
            .not_examined
            .iter()
            .find(|entry| entry.why == why)
            .map(|entry| words.say(why_message(entry.why)))
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
            Some(reason) => words.say_with("unchecked-revocation-unusable", &[("why", &reason.codes.join(", "))]),
            None => words.say("unchecked-revocation"),
        });
    }
    if let Some(reason) = of_rule(report, Rule::LabelsNotFullyRead) {
        lines.push(format!(
            "{} [{}]",
            words.say(&rule_message(reason.rule)),
            reason.codes.join(", ")
        ));
    }
    lines.push(words.say("unchecked-synthid"));
    for list in report.trust_lists.iter().filter(|list| list.overdue) {
        let date = list.next_update.as_deref().unwrap_or_default();
        lines.push(words.say_with("list-overdue", &[("list", &list.name), ("date", date)]));
    }
    let lists = report.trust_lists.iter();
    for list in lists.filter(|list| list.age_days.is_none() && is_of_verdict(report, list)) {
        if let Some(date) = &list.issued {
            lines.push(words.say_with("list-later", &[("list", &list.name), ("date", date)]));
        }
    }
    lines
}

/// What the provider says of itself: its own words, and only from a signer on a list in force or where they were asked
/// for, because a forger can put an extortionist's address there.
fn provider(report: &Report, words: Words) -> Vec<String> {
    let Some(disclosure) = &report.disclosure else {
        return report
            .disclosure_withheld
            .then(|| words.say("provider-withheld"))
            .into_iter()
            .collect();
    };
    let text = |part: &str, field: &str| disclosure.get(part)?.get(field)?.as_str();
    let warning = (report.verdict.credentials != Credentials::Trusted).then(|| words.say("provider-unchecked"));
    let contact =
        text("provider", "contact").map(|contact| words.say_with("provider-contact", &[("contact", contact)]));
    let removal = text("removal", "url").map(|address| words.say_with("provider-removal", &[("address", address)]));
    let said: Vec<String> = contact.into_iter().chain(removal).collect();
    match said.is_empty() {
        true => said,
        false => warning.into_iter().chain(said).collect(),
    }
}
