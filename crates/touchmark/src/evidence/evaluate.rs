//! The deciding function: findings in, verdict out. No clock, no randomness, no `Result`.

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime, UtcOffset};
use touchmark_provenance::manifest::{Binding, Gravity, ManifestFinding, Reading, Signature, Status, StatusKind};
use touchmark_provenance::metadata::MetadataFinding;
use touchmark_signing::trust::{Otherwise, Revocation, Standing};

use super::labels::{self, Labels};
use super::rules::Rule;
use super::signals::Signals;
use super::verdict::{Ai, Axes, Credentials, Integrity, Level, Reason, SignerAxis, Verdict};
use super::{ai, clash, marks};
use crate::findings::{Findings, Layer};

/// Concludes from all findings of one picture. Total: every combination has a verdict, and every verdict has reasons.
///
/// Labels that anyone can write add what they claim; they change nothing of what the signature is worth.
pub fn evaluate(findings: &Findings) -> Verdict {
    let nothing_found = MetadataFinding::default();
    let metadata = findings.metadata.found().unwrap_or(&nothing_found);
    let mut labels = labels::conclude(metadata, &findings.manifest);
    let points_elsewhere = marks::join(&findings.watermark, &findings.manifest, &mut labels);
    let mut verdict = match &findings.manifest {
        ManifestFinding::Absent { remote } => absent(remote.as_deref(), labels),
        ManifestFinding::UnsupportedFormat => nothing(Reason::new(Rule::ManifestFormatUnsupported), Vec::new(), labels),
        ManifestFinding::Unreadable { statuses, .. } => unreadable(statuses, labels),
        ManifestFinding::Rejected { code, .. } => rejected(code, labels),
        ManifestFinding::Read(reading) => signed(reading, labels, points_elsewhere),
    };
    verdict.signals = Signals::of(&findings.manifest, metadata);
    verdict.not_examined = findings.not_examined();
    let examined = [
        (Layer::Metadata, findings.metadata.found().is_some()),
        (Layer::Watermark, findings.watermark.why_not().is_none()),
        (Layer::Fingerprint, findings.fingerprint.why_not().is_none()),
    ];
    for (layer, _) in examined.into_iter().filter(|(_, examined)| *examined) {
        if !verdict.reasons().any(|reason| reason.rule.layer() == layer) {
            verdict.irrelevant.push(layer);
        }
    }
    verdict
}

fn absent(remote: Option<&str>, labels: Labels) -> Verdict {
    let elsewhere = remote.map(|url| Reason {
        rule: Rule::ManifestRemote,
        codes: vec![url.to_owned()],
    });
    nothing(
        Reason::new(Rule::ManifestAbsent),
        elsewhere.into_iter().collect(),
        labels,
    )
}

/// No record: what is left are labels, if any speak of the picture's origin.
fn nothing(first: Reason, mut others: Vec<Reason>, labels: Labels) -> Verdict {
    let axes = Axes {
        level: match labels.is_mark {
            true => Level::Claimed,
            false => Level::Unknown,
        },
        credentials: Credentials::None,
        integrity: Integrity::NotApplicable,
        signer: SignerAxis::None,
    };
    others.extend(labels.reasons);
    Verdict::new(axes, labels.ai, labels.extent, first, others)
}

fn unreadable(statuses: &[Status], labels: Labels) -> Verdict {
    let axes = Axes {
        level: Level::Malformed,
        credentials: Credentials::Malformed,
        integrity: Integrity::NotApplicable,
        signer: SignerAxis::None,
    };
    let codes = statuses.iter().filter(|status| status.kind == StatusKind::Failure);
    let first = Reason {
        rule: Rule::ManifestUnreadable,
        codes: distinct(codes),
    };
    Verdict::new(axes, labels.ai, labels.extent, first, labels.reasons)
}

/// A manifest that breaks a rule by which reading ended: who signed it was not looked at.
fn rejected(code: &str, labels: Labels) -> Verdict {
    let first = Reason {
        rule: Rule::RecordBroken,
        codes: vec![code.to_owned()],
    };
    Verdict::new(
        broken_axes(Integrity::NotApplicable, SignerAxis::Invalid),
        labels.ai,
        labels.extent,
        first,
        labels.reasons,
    )
}

fn broken_axes(integrity: Integrity, signer: SignerAxis) -> Axes {
    Axes {
        level: Level::Broken,
        credentials: Credentials::Invalid,
        integrity,
        signer,
    }
}

/// A store that was read: everything found becomes a reason; what breaks the record outranks who signed it.
fn signed(reading: &Reading, labels: Labels, points_elsewhere: bool) -> Verdict {
    let ai = ai::conclude(reading);
    let clashes = clash::find(reading, ai.ai, &labels);
    let (signer, standing) = signer(reading);
    let record = broken(reading, Gravity::Record, Rule::RecordBroken);
    // A record that does not hold tells nothing about the content, and nothing about who signed.
    let holds = reading.signature == Signature::Holds && record.is_none();
    let others = [
        (holds || reading.binding == Binding::Changed).then(|| content(reading)),
        (reading.signature == Signature::Holds).then_some(standing),
        broken(reading, Gravity::Malformed, Rule::ManifestUnreadable),
        record,
        reading.signing_time.map(|time| {
            Reason::new(if time.trusted {
                Rule::TimeTrusted
            } else {
                Rule::TimeClaimed
            })
        }),
        holds.then(|| stated_after_signing(reading)).flatten(),
        holds.then(|| revocation(reading.revocation)).flatten(),
        broken(reading, Gravity::Ingredient, Rule::IngredientBroken),
        ai.reason,
    ];
    let mut axes = axes(reading, signer);
    // Only a record that holds can be contradicted.
    if (points_elsewhere || !clashes.is_empty())
        && matches!(axes.credentials, Credentials::Trusted | Credentials::Untrusted)
    {
        axes.level = Level::Clashing;
    }
    let others = others.into_iter().flatten().chain(clashes).chain(labels.reasons);
    // What a signature says wins; labels speak where it is silent or leaves the matter open.
    let labels_win = matches!(ai.ai, Ai::Unknown | Ai::Possible) && matches!(labels.ai, Ai::Claimed)
        || ai.ai == Ai::Unknown && labels.ai != Ai::Unknown;
    let (said, extent, speaker) = match labels_win {
        true => (labels.ai, labels.extent, None),
        false => (ai.ai, ai.extent, ai.manifest),
    };
    let mut verdict = Verdict::new(axes, said, extent, signature(reading), others.collect());
    verdict.ai_manifest = speaker;
    verdict
}

/// The rows of interface.md's table, from the worst to the best.
fn axes(reading: &Reading, signer: SignerAxis) -> Axes {
    let axes = |level, credentials, integrity, signer| Axes {
        level,
        credentials,
        integrity,
        signer,
    };
    let unreadable = reading.failures(Gravity::Malformed).next().is_some();
    if unreadable || reading.signature == Signature::Unchecked {
        return axes(
            Level::Malformed,
            Credentials::Malformed,
            Integrity::NotApplicable,
            SignerAxis::None,
        );
    }
    let record_holds = reading.signature == Signature::Holds && reading.failures(Gravity::Record).next().is_none();
    if !record_holds || signer == SignerAxis::Invalid || matches!(reading.binding, Binding::Changed | Binding::Unbound)
    {
        // Nobody stands behind a record that does not hold, whoever's certificate lies beside it.
        return match reading.binding {
            Binding::Changed if reading.signature == Signature::Holds => broken_axes(Integrity::Altered, signer),
            Binding::Changed => broken_axes(Integrity::Altered, SignerAxis::Invalid),
            _ => broken_axes(Integrity::NotApplicable, SignerAxis::Invalid),
        };
    }
    // Only a claim that the reader itself calls verified can rise above "partly protected".
    match (reading.verified(), signer) {
        (None, _) => axes(
            Level::Signed,
            Credentials::Untrusted,
            Integrity::PartlyProtected,
            signer,
        ),
        (Some(_), SignerAxis::Trusted) => axes(Level::Attested, Credentials::Trusted, Integrity::Intact, signer),
        (Some(_), SignerAxis::Local) => axes(Level::SignedHere, Credentials::Untrusted, Integrity::Intact, signer),
        (Some(_), _) => axes(Level::Signed, Credentials::Untrusted, Integrity::Intact, signer),
    }
}

fn content(reading: &Reading) -> Reason {
    let rule = match reading.binding {
        Binding::Intact => Rule::ContentUnchanged,
        Binding::PartlyProtected => Rule::PartlyProtected,
        Binding::Changed => Rule::ContentChanged,
        _ => Rule::ContentUnbound,
    };
    Reason {
        rule,
        codes: distinct(reading.failures(Gravity::Content)),
    }
}

fn signature(reading: &Reading) -> Reason {
    let rule = match reading.signature {
        Signature::Holds => Rule::SignatureHolds,
        Signature::Fails => Rule::SignatureFails,
        Signature::Unchecked => Rule::SignatureUnchecked,
    };
    Reason {
        rule,
        codes: distinct(reading.failures(Gravity::Signature)),
    }
}

fn signer(reading: &Reading) -> (SignerAxis, Reason) {
    let with = |rule: Rule, code: &str| Reason {
        rule,
        codes: vec![code.to_owned()],
    };
    match reading.signer.standing() {
        Standing::Trusted(list) => (SignerAxis::Trusted, with(Rule::SignerTrusted, list)),
        Standing::Legacy(list) => (SignerAxis::Legacy, with(Rule::SignerLegacy, list)),
        Standing::Local => (SignerAxis::Local, Reason::new(Rule::SignerLocal)),
        Standing::TestKey(family) => (SignerAxis::TestKey, with(Rule::SignerTestKey, family)),
        Standing::Unknown => (SignerAxis::Unknown, Reason::new(Rule::SignerUnknown)),
        Standing::Revoked(otherwise) => (SignerAxis::Revoked, but_for(Rule::SignerRevoked, otherwise)),
        Standing::Expired(otherwise) => (SignerAxis::Expired, but_for(Rule::SignerExpired, otherwise)),
        // No list vouches for a certificate before it begins; that is no fault of the content.
        Standing::NotYetValid(otherwise) => (SignerAxis::Unknown, but_for(Rule::SignerNotYetValid, otherwise)),
        Standing::Invalid(rules) => {
            let codes = rules.iter().map(|rule| rule.id().to_owned()).collect();
            (
                SignerAxis::Invalid,
                Reason {
                    rule: Rule::SignerInvalid,
                    codes,
                },
            )
        }
    }
}

/// The reason for a standing, with the list that the signer would be on but for it, or else the rule that would hold.
fn but_for(rule: Rule, otherwise: &Otherwise) -> Reason {
    let code = match otherwise {
        Otherwise::Trusted(list) | Otherwise::Legacy(list) => list,
        Otherwise::Local => Rule::SignerLocal.id(),
        Otherwise::Unknown => Rule::SignerUnknown.id(),
    };
    Reason {
        rule,
        codes: vec![code.to_owned()],
    }
}

/// The latest time that an action of the active manifest states, where a time-stamp says that all of it was signed before.
/// Clocks differ, and so do ten minutes of one; hours of another time zone are told.
fn stated_after_signing(reading: &Reading) -> Option<Reason> {
    let signed = reading.signing_time?.time;
    let stated = reading
        .active()?
        .actions
        .iter()
        .filter_map(|action| action.when.as_deref());
    let latest = stated
        .filter_map(|stated| OffsetDateTime::parse(stated, &Rfc3339).ok())
        .max()?;
    // In our own words: the file's may have room for others.
    let stated = latest.checked_to_offset(UtcOffset::UTC)?.replace_nanosecond(0).ok()?;
    (latest - signed > Duration::minutes(10)).then(|| Reason {
        rule: Rule::StatedAfterSigning,
        codes: stated.format(&Rfc3339).ok().into_iter().collect(),
    })
}

/// What lies beside the signature about revocation; that the certificate was revoked is the signer's reason.
fn revocation(found: Revocation) -> Option<Reason> {
    match found {
        Revocation::Good { .. } => Some(Reason::new(Rule::SignerNotRevoked)),
        Revocation::Unusable(fault) => Some(Reason {
            rule: Rule::RevocationUnusable,
            codes: vec![fault.id().to_owned()],
        }),
        _ => None,
    }
}

fn broken(reading: &Reading, gravity: Gravity, rule: Rule) -> Option<Reason> {
    let codes = distinct(reading.failures(gravity));
    (!codes.is_empty()).then_some(Reason { rule, codes })
}

fn distinct<'a>(statuses: impl Iterator<Item = &'a Status>) -> Vec<String> {
    let mut codes: Vec<String> = statuses.map(|status| status.code.clone()).collect();
    codes.sort();
    codes.dedup();
    codes
}
