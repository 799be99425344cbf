//! Builds the report from verdict and findings; here untrusted text is made visible, once.

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};
use touchmark_image::{Format, SourceImage};
use touchmark_provenance::hex;
use touchmark_provenance::manifest::{
    Action, Ingredient, Manifest, ManifestFinding, Reading, Scope, Software, Status, StatusKind,
};
use touchmark_signing::trust::{Purpose, Revocation, Standing, TrustList, TrustLists};

use super::untrusted::visible;
use super::words::Language;
use super::{
    ActionReport, CodeReport, File, FindingWord, Generator, Help, IngredientReport, LayerReport, Layers, ListReport,
    ManifestReport, ManifestSummary, NotExaminedReport, Plain, Presentation, ReasonReport, Report, RevocationReport,
    SCHEMA, SignedAt, SignerReport, Tool, VerdictReport,
};
use crate::evidence::{Credentials, Integrity, Verdict};
use crate::findings::Findings;

/// What is known about the file itself.
#[derive(Debug, Clone)]
pub struct FileFacts {
    format: Format,
    bytes: usize,
    sha256: [u8; 32],
    dimensions: Option<(u32, u32)>,
}

impl FileFacts {
    /// The facts of this picture and the SHA-256 of its bytes.
    pub fn of(image: &SourceImage<'_>, sha256: [u8; 32]) -> Self {
        Self {
            format: image.format(),
            bytes: image.bytes().len(),
            sha256,
            dimensions: image.dimensions(),
        }
    }
}

impl Report {
    /// Joins everything into the report. `at` is the time as of which was judged, `now` when.
    pub(crate) fn new(
        file: FileFacts,
        verdict: &Verdict,
        findings: &Findings,
        lists: &TrustLists,
        at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Self {
        let reading = match &findings.manifest {
            ManifestFinding::Read(reading) => Some(reading.as_ref()),
            _ => None,
        };
        let not_examined = LayerReport {
            finding: FindingWord::NotExamined,
        };
        let stated = reading
            .filter(|_| matches!(verdict.credentials, Credentials::Trusted | Credentials::Untrusted))
            .and_then(Reading::active)
            .and_then(|active| active.disclosure.as_ref())
            .map(inert);
        let mut report = Self {
            schema: SCHEMA,
            tool: Tool {
                name: "touchmark",
                version: env!("CARGO_PKG_VERSION"),
            },
            examined_at: rfc3339(now),
            as_of: rfc3339(at),
            file: File {
                name: None,
                format: file.format.id(),
                bytes: file.bytes,
                sha256: hex(&file.sha256),
                width: file.dimensions.map(|(width, _)| width),
                height: file.dimensions.map(|(_, height)| height),
            },
            help: Help::default(),
            verdict: verdict_report(verdict),
            layers: Layers {
                manifest: manifest_report(&findings.manifest, verdict),
                metadata: not_examined.clone(),
                watermark: not_examined.clone(),
                fingerprint: not_examined.clone(),
                label: not_examined.clone(),
                registry: not_examined,
            },
            generator: reading.and_then(|reading| generator(reading, verdict.ai_manifest)),
            disclosure: None,
            disclosure_withheld: false,
            names_redacted: false,
            trust_lists: lists.lists().iter().map(|list| list_report(list, at.date())).collect(),
            plain: Plain {
                language: Language::default(),
                headline: String::new(),
                lines: Vec::new(),
            },
            checked: verdict.clone(),
            stated,
            remote: match &findings.manifest {
                ManifestFinding::Absent { remote } => remote.clone(),
                _ => None,
            },
            presentation: Presentation::default(),
        };
        report.say();
        report
    }
}

fn verdict_report(verdict: &Verdict) -> VerdictReport {
    VerdictReport {
        level: verdict.level,
        credentials: verdict.credentials,
        integrity: verdict.integrity,
        signer: verdict.signer,
        ai: verdict.ai,
        extent: verdict.extent,
        reasons: verdict
            .reasons()
            .map(|reason| ReasonReport {
                rule: reason.rule.id(),
                layer: reason.rule.layer(),
                codes: reason.codes.iter().map(|code| visible(code)).collect(),
                says: String::new(),
            })
            .collect(),
        not_examined: verdict
            .not_examined
            .iter()
            .map(|(layer, why)| NotExaminedReport {
                layer: *layer,
                why: *why,
                says: String::new(),
            })
            .collect(),
    }
}

fn manifest_report(finding: &ManifestFinding, verdict: &Verdict) -> ManifestReport {
    let mut report = ManifestReport {
        finding: FindingWord::Absent,
        active: None,
        signer: None,
        signed_at: None,
        manifests: Vec::new(),
        codes: Vec::new(),
        remote: None,
        store: "embedded",
        unreadable: None,
    };
    match finding {
        ManifestFinding::Absent { remote } => report.remote = remote.as_deref().map(visible),
        ManifestFinding::UnsupportedFormat => report.finding = FindingWord::NotExamined,
        ManifestFinding::Unreadable { statuses, detail } => {
            report.finding = FindingWord::Damaged;
            report.codes = codes(statuses);
            report.unreadable = Some(visible(detail));
        }
        ManifestFinding::Rejected { code, detail } => {
            report.finding = FindingWord::Damaged;
            report.codes = vec![CodeReport {
                code: (*code).to_owned(),
                kind: "failure",
                ingredient: false,
                url: None,
            }];
            report.unreadable = Some(visible(detail));
        }
        ManifestFinding::Read(reading) => {
            report.finding = match verdict.integrity {
                Integrity::Intact => FindingWord::Intact,
                _ => FindingWord::Damaged,
            };
            report.active = reading.active().map(|active| visible(&active.label));
            report.signer = Some(signer_report(reading));
            report.signed_at = reading.signing_time.map(|stamp| SignedAt {
                time: rfc3339(stamp.time),
                trusted: stamp.trusted,
            });
            report.manifests = reading.manifests.iter().map(manifest_summary).collect();
            report.codes = codes(&reading.statuses);
        }
    }
    report
}

fn signer_report(reading: &Reading) -> SignerReport {
    let certificate = reading.signer.leaf();
    let text = |text: Option<&str>| text.map(visible);
    SignerReport {
        organisation: text(certificate.and_then(|certificate| certificate.subject().organisation.as_deref())),
        common_name: text(certificate.and_then(|certificate| certificate.subject().common_name.as_deref())),
        issuer: text(certificate.and_then(|certificate| certificate.issuer().organisation.as_deref())),
        serial: certificate.map(|certificate| certificate.serial_hex()),
        not_before: certificate.map(|certificate| rfc3339(certificate.not_before())),
        not_after: certificate.map(|certificate| rfc3339(certificate.not_after())),
        list: match reading.signer.standing() {
            Standing::Trusted(list) | Standing::Legacy(list) => Some(visible(list)),
            _ => None,
        },
        revocation: match reading.revocation {
            Revocation::Good { as_of } => Some((false, as_of)),
            Revocation::Revoked { since } => Some((true, since)),
            _ => None,
        }
        .map(|(revoked, date)| RevocationReport {
            revoked,
            date: rfc3339(date),
        }),
    }
}

fn manifest_summary(manifest: &Manifest) -> ManifestSummary {
    ManifestSummary {
        label: visible(&manifest.label),
        signer: manifest.signer.as_deref().map(visible),
        generator: manifest.generator.as_ref().map(software),
        actions: manifest.actions.iter().map(action_report).collect(),
        assertions: manifest.assertions.iter().map(|label| visible(label)).collect(),
        ingredients: manifest.ingredients.iter().map(ingredient_report).collect(),
    }
}

fn action_report(action: &Action) -> ActionReport {
    ActionReport {
        action: visible(&action.name),
        digital_source_type: action.digital_source_type.as_deref().map(visible),
        software: action.software.as_ref().map(software),
        when: action.when.as_deref().map(visible),
    }
}

fn ingredient_report(ingredient: &Ingredient) -> IngredientReport {
    IngredientReport {
        title: ingredient.title.as_deref().map(visible),
        description: ingredient.description.as_deref().map(visible),
        relationship: ingredient.relationship.clone(),
        manifest: ingredient.manifest.as_deref().map(visible),
    }
}

fn software(software: &Software) -> String {
    match &software.version {
        Some(version) => visible(&format!("{} {version}", software.name)),
        None => visible(&software.name),
    }
}

fn codes(statuses: &[Status]) -> Vec<CodeReport> {
    statuses
        .iter()
        .map(|status| CodeReport {
            code: visible(&status.code),
            kind: match status.kind {
                StatusKind::Success => "success",
                StatusKind::Informational => "informational",
                StatusKind::Failure => "failure",
            },
            ingredient: status.scope != Scope::Active,
            url: status.url.as_deref().map(visible),
        })
        .collect()
}

/// The system as the manifest that speaks of AI states it, or the active one: our disclosure first, else the software of
/// the creating action. Never one manifest's words in another signer's mouth.
fn generator(reading: &Reading, speaker: Option<usize>) -> Option<Generator> {
    let index = speaker.unwrap_or(0);
    let active = reading.manifests.get(index)?;
    let disclosed = |part: &str, field: &str| active.disclosure.as_ref()?.get(part)?.get(field)?.as_str().map(visible);
    let made = active
        .actions
        .iter()
        .find(|action| action.software.is_some() || action.when.is_some());
    let agent = made.and_then(|action| action.software.as_ref());
    let generator = Generator {
        provider: disclosed("provider", "name"),
        system: disclosed("system", "name").or_else(|| agent.map(|agent| visible(&agent.name))),
        version: disclosed("system", "version")
            .or_else(|| agent.and_then(|agent| agent.version.as_deref()).map(visible)),
        created: made.and_then(|action| action.when.as_deref()).map(visible),
        basis: match index {
            0 if reading.verified().is_some() => "signed",
            1.. if reading.is_as_signed(index) => "signed",
            _ => "label",
        },
    };
    let says_something = generator.provider.is_some() || generator.system.is_some() || generator.created.is_some();
    says_something.then_some(generator)
}

/// A value from a file with every string in it made visible.
fn inert(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value as V;
    match value {
        V::String(text) => V::String(visible(text)),
        V::Array(items) => V::Array(items.iter().map(inert).collect()),
        V::Object(map) => V::Object(map.iter().map(|(key, value)| (visible(key), inert(value))).collect()),
        other => other.clone(),
    }
}

fn list_report(list: &TrustList, today: Date) -> ListReport {
    ListReport {
        name: visible(list.name()),
        purpose: match list.purpose() {
            Purpose::Signers => "signers",
            Purpose::Timestamps => "timestamps",
            Purpose::Legacy => "legacy",
        },
        issued: list.issued().map(day),
        next_update: list.next_update().map(day),
        overdue: list.is_overdue(today),
        anchors: list.len(),
        sha256: hex(&list.sha256()),
    }
}

fn rfc3339(time: OffsetDateTime) -> String {
    // Only years beyond 9999 cannot be written; a certificate may name one.
    time.replace_nanosecond(0)
        .unwrap_or(time)
        .format(&Rfc3339)
        .unwrap_or_else(|_| "9999-12-31T23:59:59Z".to_owned())
}

fn day(date: Date) -> String {
    const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
    date.format(DAY).unwrap_or_default()
}
