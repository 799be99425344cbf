//! Builds the report from verdict and findings; here text from the file is made visible, once. What a report gets later is
//! made so where it comes in.

use std::collections::{BTreeMap, BTreeSet};

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};
use touchmark_image::{Format, SourceImage};
use touchmark_provenance::hex;
use touchmark_provenance::manifest::{
    Action, Gravity, Ingredient, Manifest, ManifestFinding, Reading, Scope, Software, Status, StatusKind,
};
use touchmark_provenance::metadata::inspect::AI_SYSTEM;
use touchmark_provenance::metadata::{FoundLabel, MetadataFinding, PromptText, Says, WriterKind};
use touchmark_signing::trust::{Purpose, Revocation, TrustList, TrustLists};

use super::issuers;
use super::untrusted::visible;
use super::words::Language;
use super::{
    ActionReport, CodeReport, File, FindingWord, FingerprintReport, Generator, Help, IngredientReport, LabelReport,
    LayerReport, Layers, ListReport, ManifestReport, ManifestSummary, MetadataReport, NotExaminedReport, Plain,
    Presentation, ReasonReport, Report, RevocationReport, SCHEMA, SignedAt, SignerReport, Tool, UnreadReport,
    VerdictReport, VisibleLabelReport, WatermarkReport, WriterReport,
};
use crate::evidence::{Credentials, Integrity, Verdict};
use crate::findings::{Examined, Findings};
use crate::issuer;
use crate::pixels::{FingerprintFinding, WatermarkFinding};

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
    /// Joins everything into the report. `issuers` is the user's own directory; `at` is the time as of which was judged,
    /// `now` when.
    pub(crate) fn new(
        file: FileFacts,
        verdict: &Verdict,
        findings: &Findings,
        lists: &TrustLists,
        issuers: Option<&issuer::Directory>,
        at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Self {
        let reading = match &findings.manifest {
            ManifestFinding::Read(reading) => Some(reading.as_ref()),
            _ => None,
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
                named_as: None,
                bytes: file.bytes,
                sha256: hex(&file.sha256),
                width: file.dimensions.map(|(width, _)| width),
                height: file.dimensions.map(|(_, height)| height),
            },
            help: Help::default(),
            verdict: verdict_report(verdict),
            layers: Layers {
                manifest: manifest_report(&findings.manifest, verdict),
                metadata: metadata_report(&findings.metadata),
                watermark: watermark_report(&findings.watermark, file.dimensions, issuers),
                fingerprint: fingerprint_report(&findings.fingerprint),
                label: VisibleLabelReport {
                    finding: FindingWord::NotExamined,
                    declared: reading
                        .and_then(Reading::active)
                        .and_then(|active| active.visible_label.as_deref())
                        .map(visible),
                },
                registry: LayerReport {
                    finding: FindingWord::NotExamined,
                },
            },
            generator: reading
                .and_then(|reading| generator(reading, verdict.ai_manifest))
                .or_else(|| labelled_generator(findings.metadata.found()?)),
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
            issuer_answers: Vec::new(),
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
        irrelevant: verdict.irrelevant.clone(),
        signals: verdict.signals.clone(),
    }
}

fn watermark_report(
    finding: &WatermarkFinding,
    dimensions: Option<(u32, u32)>,
    issuers: Option<&issuer::Directory>,
) -> WatermarkReport {
    let (word, id, seen) = match finding {
        WatermarkFinding::Found(mark) => (
            FindingWord::Intact,
            Some(mark.id.to_string()),
            Some((mark.key, mark.statistic, mark.placement)),
        ),
        WatermarkFinding::Unreadable {
            key,
            statistic,
            placement,
        } => (FindingWord::Damaged, None, Some((*key, *statistic, *placement))),
        WatermarkFinding::Absent => (FindingWord::Absent, None, None),
        _ => (FindingWord::NotExamined, None, None),
    };
    // More digits than the search resolves would only look precise.
    // Adding zero makes a negative zero positive.
    let rounded = |number: f32, steps: f32| (number * steps).round() / steps + 0.0;
    let pair = |(across, down): (f32, f32)| (rounded(across, 1000.0), rounded(down, 1000.0));
    let placement = seen.map(|(_, _, placement)| placement);
    let number = match finding {
        WatermarkFinding::Found(mark) => Some(mark.id.issuer()),
        _ => None,
    };
    let (known, directories) = number.map(|number| issuers::known(number, issuers)).unzip();
    WatermarkReport {
        finding: word,
        id,
        key: seen.map(|(key, ..)| key),
        statistic: seen.map(|(_, statistic, _)| rounded(statistic, 10.0)),
        scale: placement
            .zip(dimensions)
            .map(|(placement, (width, height))| pair(placement.scale_of(width, height))),
        rotation: placement.map(|placement| rounded(placement.rotation, 10.0)),
        mirrored: placement.map(|placement| placement.mirrored),
        offset: placement.map(|placement| pair(placement.offset)),
        issuer: number.map(issuers::written),
        issuers: known,
        issuer_directories: directories,
        issuers_unasked: Vec::new(),
    }
}

fn fingerprint_report(finding: &FingerprintFinding) -> FingerprintReport {
    let found = match finding {
        FingerprintFinding::Of(found) => Some(found),
        _ => None,
    };
    FingerprintReport {
        finding: match found {
            Some(_) => FindingWord::Intact,
            None => FindingWord::NotExamined,
        },
        pdq: found.map(|found| found.pdq.to_string()),
        quality: found.map(|found| found.quality),
        iscc: found.map(|found| found.iscc.to_string()),
    }
}

fn metadata_report(finding: &Examined<MetadataFinding>) -> MetadataReport {
    let Some(found) = finding.found() else {
        return MetadataReport {
            finding: FindingWord::NotExamined,
            labels: Vec::new(),
            unread: Vec::new(),
        };
    };
    MetadataReport {
        finding: match (found.labels.as_slice(), found.unread.as_slice()) {
            (_, [_, ..]) => FindingWord::Damaged,
            ([], []) => FindingWord::Absent,
            _ => FindingWord::Intact,
        },
        labels: found.labels.iter().map(label_report).collect(),
        unread: found
            .unread
            .iter()
            .map(|part| UnreadReport {
                place: visible(&part.place.to_string()),
                place_by_known_names: visible(&part.found_in_by_known_names()),
                why: part.why.to_string(),
            })
            .collect(),
    }
}

fn label_report(label: &FoundLabel) -> LabelReport {
    LabelReport {
        signal: label.signal,
        place: visible(&label.found_in()),
        place_by_known_names: visible(&label.found_in_by_known_names()),
        says: label.says.word(),
        writer: label.writer.map(|writer| WriterReport {
            name: writer.name,
            kind: writer.kind.word(),
        }),
        digital_source_type: label.source_type.as_deref().map(visible),
        value: label.value.as_deref().map(visible),
        prompt_characters: label.prompt.as_ref().map(PromptText::characters),
        prompt: label.prompt.as_ref().and_then(PromptText::reveal).map(visible),
    }
}

/// The system that the weightiest label names, where no record names one.
fn labelled_generator(found: &MetadataFinding) -> Option<Generator> {
    let ai = || found.labels.iter().filter(|label| label.says >= Says::Possible);
    let named = || ai().filter(|label| label.system.is_some() || label.provider.is_some());
    let stated = named()
        .find(|label| label.signal == AI_SYSTEM)
        .or_else(|| named().next());
    let writer = ai()
        .filter(|label| label.writer.is_some())
        .max_by_key(|label| label.says)
        .and_then(|label| label.writer);
    let generator = Generator {
        // A service that names no system is named once.
        provider: stated
            .and_then(|label| label.provider.as_deref().map(visible))
            .or_else(|| {
                writer
                    .filter(|writer| writer.kind == WriterKind::Service && stated.is_some())
                    .map(|writer| writer.name.to_owned())
            }),
        system: stated
            .and_then(|label| label.system.as_deref().map(visible))
            .or_else(|| writer.map(|writer| writer.name.to_owned())),
        version: None,
        created: None,
        basis: "label",
    };
    (generator.system.is_some() || generator.provider.is_some()).then_some(generator)
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
            let failures = failures_of_ingredients(reading);
            report.manifests = reading
                .manifests
                .iter()
                .map(|manifest| manifest_summary(manifest, &failures))
                .collect();
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
        list: reading.signer.standing().list().map(visible),
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

/// The codes by which the manifests of ingredients do not hold, by the manifests' labels.
type Failures<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

fn failures_of_ingredients(reading: &Reading) -> Failures<'_> {
    /// Codes that are told of one manifest: those that programs recorded are the file's own words.
    const MOST: usize = 16;
    let mut failures = Failures::new();
    for status in reading.failures(Gravity::Ingredient) {
        let Some(url) = status.url.as_deref() else { continue };
        // A label, or the address of something in that manifest.
        let label = match url.split_once("/c2pa/") {
            Some((_, path)) => path.split('/').next().unwrap_or(path),
            None => url,
        };
        let codes = failures.entry(label).or_default();
        if codes.len() < MOST {
            codes.insert(&status.code);
        }
    }
    failures
}

fn manifest_summary(manifest: &Manifest, failures: &Failures<'_>) -> ManifestSummary {
    ManifestSummary {
        label: visible(&manifest.label),
        signer: manifest.signer.as_deref().map(visible),
        generator: manifest.generator.as_ref().map(software),
        actions: manifest.actions.iter().map(action_report).collect(),
        assertions: manifest.assertions.iter().map(|label| visible(label)).collect(),
        ingredients: manifest
            .ingredients
            .iter()
            .map(|ingredient| ingredient_report(ingredient, failures))
            .collect(),
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

fn ingredient_report(ingredient: &Ingredient, failures: &Failures<'_>) -> IngredientReport {
    let codes = ingredient.manifest.as_deref().and_then(|label| failures.get(label));
    IngredientReport {
        failures: codes.into_iter().flatten().map(|code| visible(code)).collect(),
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
pub(super) fn inert(value: &serde_json::Value) -> serde_json::Value {
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
        age_days: list
            .issued()
            .map(|issued| (today - issued).whole_days())
            .filter(|days| *days >= 0),
        next_update: list.next_update().map(day),
        overdue: list.is_overdue(today),
        anchors: list.len(),
        sha256: hex(&list.sha256()),
    }
}

pub(super) fn rfc3339(time: OffsetDateTime) -> String {
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
