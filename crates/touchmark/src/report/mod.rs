//! The report: verdict, findings, trust lists, versions and times, the only thing renderers see.
//!
//! The types here *are* the JSON form, schema `touchmark-report/1`. Within that version changes are additive.

mod build;
mod faults;
mod help_words;
mod html;
mod issuers;
mod presentation;
mod signed;
mod text;
mod untrusted;
mod words;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use touchmark_image::Format;

pub use build::FileFacts;
pub use help_words::{HelpSays, help_says};
pub use issuers::{IssuerAnswer, IssuerBasis, IssuerDirectoryReport, IssuerReport, UnaskedReport};
pub use presentation::Presentation;
pub use signed::{MAX_SIGNED_REPORT_BYTES, ReportCheck, SIGNED_SCHEMA, SignedReport, SignedReportFault};
pub use text::rule_says;
pub use touchmark_provenance::hex;
pub use untrusted::{holds_address, visible};
pub use words::Language;

use crate::evidence::{Ai, Credentials, Extent, Integrity, Level, Policy, Signals, SignerAxis, Verdict};
use crate::findings::{Layer, Why};
use crate::help::{HelpFor, HelpKind};
use crate::pixels::MarkKey;
use crate::verify::Store;

/// The name and version of the JSON form.
pub const SCHEMA: &str = "touchmark-report/1";

/// What touchmark says about one picture.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Report {
    /// `touchmark-report/1`.
    pub schema: &'static str,
    /// What examined the picture.
    pub tool: Tool,
    /// When it was examined, RFC 3339.
    pub examined_at: String,
    /// The time as of which certificates and lists were judged, RFC 3339.
    pub as_of: String,
    /// The file that was examined.
    pub file: File,
    /// Whom to turn to, at every verdict: from touchmark's own directory, never from the picture.
    pub help: Help,
    /// What was concluded.
    pub verdict: VerdictReport,
    /// What each layer yielded.
    pub layers: Layers,
    /// The system that made the picture, as stated; `null` where nobody says.
    pub generator: Option<Generator>,
    /// The provider's disclosure, where the record holds and the signer is on a list in force, or where it was asked for;
    /// else `null`. The provider's words, never touchmark's.
    pub disclosure: Option<Value>,
    /// Whether there is a disclosure that is not shown, because its signer is on no list in force.
    pub disclosure_withheld: bool,
    /// Whether names that may be those of people were left out.
    pub names_redacted: bool,
    /// The trust lists in force.
    pub trust_lists: Vec<ListReport>,
    /// The report in plain words.
    pub plain: Plain,
    #[serde(skip)]
    checked: Verdict,
    /// The disclosure as it was found, shown or not.
    #[serde(skip)]
    stated: Option<Value>,
    /// The address of a record kept elsewhere, as the file has it.
    #[serde(skip)]
    remote: Option<String>,
    /// What came of asking issuers.
    #[serde(skip)]
    issuer_answers: Vec<IssuerAnswer>,
    #[serde(skip)]
    presentation: Presentation,
}

/// The program that examined the picture.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Tool {
    /// `touchmark`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// Whom people can turn to who are shown in a picture, or whose child is.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Help {
    /// The country whose services come first, ISO 3166-1; `null` where none is known.
    pub country: Option<String>,
    /// The day as of which the directory was put together, `YYYY-MM-DD`.
    pub dated: String,
    /// What to know first, in plain words.
    pub lead: String,
    /// What the directory is worth, in plain words.
    pub note: String,
    /// The services, those that have pictures taken down first.
    pub entries: Vec<HelpEntry>,
}

/// A service that helps.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HelpEntry {
    /// What it does.
    pub kind: HelpKind,
    /// Whom it is for.
    #[serde(rename = "for")]
    pub readers: HelpFor,
    /// Whether it helps everywhere, not in that country alone.
    pub everywhere: bool,
    /// Its name, in its own language.
    pub name: String,
    /// What it does, in plain words.
    pub says: String,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Its address on the web.
    pub url: Option<String>,
}

/// The file that was examined.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct File {
    /// Its name, where the caller gave one.
    pub name: Option<String>,
    /// Its format, by content, such as `jpeg`.
    pub format: &'static str,
    /// The format that its name ends in, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named_as: Option<&'static str>,
    /// Its size in bytes.
    pub bytes: usize,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Its width in pixels, where the format tells.
    pub width: Option<u32>,
    /// Its height in pixels, where the format tells.
    pub height: Option<u32>,
}

/// What was concluded: independent axes and their reasons.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VerdictReport {
    /// The axes in one word.
    pub level: Level,
    /// What the credentials are worth.
    pub credentials: Credentials,
    /// Whether the content is what was signed.
    pub integrity: Integrity,
    /// Who signed, as far as it is known.
    pub signer: SignerAxis,
    /// What is said about generative AI, and by whom.
    pub ai: Ai,
    /// How much of the picture that statement means.
    pub extent: Extent,
    /// Why, at least one, the weightiest first.
    pub reasons: Vec<ReasonReport>,
    /// The layers that were not examined.
    pub not_examined: Vec<NotExaminedReport>,
    /// The layers that were examined and hold nothing that bears on this.
    pub irrelevant: Vec<Layer>,
    /// How the picture came to be and what was done to it, in the words of C2PA's official taxonomy; `null` where nobody
    /// says.
    pub signals: Option<Signals>,
}

/// One reason.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReasonReport {
    /// The rule's stable id.
    pub rule: &'static str,
    /// The layer it speaks of.
    pub layer: Layer,
    /// The raw codes or names that it rests on.
    pub codes: Vec<String>,
    /// The rule in plain words.
    pub says: String,
}

/// A layer that was not examined.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NotExaminedReport {
    /// The layer.
    pub layer: Layer,
    /// Why, in a word.
    pub why: Why,
    /// Why, in plain words.
    pub says: String,
}

/// What each layer yielded.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Layers {
    /// The signed manifest store.
    pub manifest: ManifestReport,
    /// Unsigned labels.
    pub metadata: MetadataReport,
    /// The watermark.
    pub watermark: WatermarkReport,
    /// The fingerprint.
    pub fingerprint: FingerprintReport,
    /// The visible label.
    pub label: VisibleLabelReport,
    /// The registry.
    pub registry: LayerReport,
}

/// A layer's finding.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LayerReport {
    /// The finding.
    pub finding: FindingWord,
}

/// The watermark. It points to a record and proves nothing: who has the key can put any id on any picture.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WatermarkReport {
    /// The finding; `damaged` where a mark is there and its id cannot be read.
    pub finding: FindingWord,
    /// What it says, 16 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whose key it was made with: `public`, which everybody has, or `own`, one that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<MarkKey>,
    /// How far its template stands out, in standard deviations of chance: at least 6.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statistic: Option<f32>,
    /// Its size across and down against what a mark in a picture of this size has. 1 where the whole picture was scaled, or
    /// nothing was done; more where a part was cut out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<(f32, f32)>,
    /// By how many degrees the marked picture was turned clockwise, -180 to 180.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation: Option<f32>,
    /// Whether it was mirrored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mirrored: Option<bool>,
    /// Where the middle of the picture lies in a period of the mark, across and down, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<(f32, f32)>,
    /// Its upper 24 bits, 6 hexadecimal digits: the number of whoever put it there, as far as the mark says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Who has that number; several may, and anyone with the key can put any number on any picture. Absent where no id was
    /// read, empty where nobody is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuers: Option<Vec<IssuerReport>>,
    /// The directories that were looked into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_directories: Option<Vec<IssuerDirectoryReport>>,
    /// Issuers that were asked in vain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub issuers_unasked: Vec<UnaskedReport>,
}

/// The fingerprint of the pixels, to find the picture again.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FingerprintReport {
    /// The finding.
    pub finding: FindingWord,
    /// PDQ, 64 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pdq: Option<String>,
    /// How much structure PDQ had to go by, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<u8>,
    /// The International Standard Content Code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iscc: Option<String>,
}

/// The label that people see. touchmark does not read it; a record may say that one was drawn.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VisibleLabelReport {
    /// Always `not_examined`.
    pub finding: FindingWord,
    /// The words that the active manifest says were drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<String>,
}

/// The layer of unsigned labels. Anyone can write any of them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MetadataReport {
    /// The finding; `damaged` where not all could be read.
    pub finding: FindingWord,
    /// Each label, in the order of the file; behind them what imitates credentials, the camera, and what the pixels hold.
    /// Where the file has more than 128, the weightiest of them, weightiest first.
    pub labels: Vec<LabelReport>,
    /// What could not be read to its end.
    pub unread: Vec<UnreadReport>,
}

/// One label.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LabelReport {
    /// What kind of label it is, a stable id such as `iptc.digital-source-type`.
    pub signal: &'static str,
    /// Where it was found, such as `PNG iTXt chunk XML:com.adobe.xmp, Iptc4xmpExt:DigitalSourceType`.
    pub place: String,
    /// The same without what only the file calls so.
    #[serde(skip)]
    place_by_known_names: String,
    /// What it says about generative AI: `whole`, `part`, `possible`, `other_origin` or `nothing`.
    pub says: &'static str,
    /// Who wrote it, as far as its form tells.
    pub writer: Option<WriterReport>,
    /// The digital source type that it names, an IRI.
    pub digital_source_type: Option<String>,
    /// What it says, in the file's words.
    pub value: Option<String>,
    /// How many characters the prompt in it has.
    pub prompt_characters: Option<usize>,
    /// The prompt, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
}

/// Who wrote a label, as far as its form tells.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WriterReport {
    /// The name of the service or program in touchmark's table.
    pub name: &'static str,
    /// `service` or `front_end` (a program that people run themselves).
    pub kind: &'static str,
}

/// A part of the metadata that could not be read to its end.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UnreadReport {
    /// Where it stands.
    pub place: String,
    /// The same without what only the file calls so.
    #[serde(skip)]
    place_by_known_names: String,
    /// Why.
    pub why: String,
}

/// A finding in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingWord {
    /// The layer is there and holds.
    Intact,
    /// The layer is there and does not hold, or not all of it.
    Damaged,
    /// The layer is not there.
    Absent,
    /// The layer was not examined.
    NotExamined,
}

/// The manifest layer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ManifestReport {
    /// The finding.
    pub finding: FindingWord,
    /// The label of the active manifest.
    pub active: Option<String>,
    /// The certificate that signed it.
    pub signer: Option<SignerReport>,
    /// The time that a time-stamp on the signature states, RFC 3339.
    pub signed_at: Option<SignedAt>,
    /// Every manifest of the store, the active one first.
    pub manifests: Vec<ManifestSummary>,
    /// Every status that the C2PA library reported, that earlier programs recorded of ingredients, or that touchmark's own
    /// look adds: raw evidence, not the answer.
    pub codes: Vec<CodeReport>,
    /// The address of a manifest kept elsewhere: fetched where `store` says so, else not.
    pub remote: Option<String>,
    /// Where the store was read from: `embedded` in the picture, `sidecar` or `fetched`.
    pub store: &'static str,
    /// Why the manifest could not be read.
    pub unreadable: Option<String>,
}

/// The certificate beside the active signature. Its names are its own words unless `list` says who vouches for them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SignerReport {
    /// The organisation it names.
    pub organisation: Option<String>,
    /// The common name it gives.
    pub common_name: Option<String>,
    /// The organisation that issued it.
    pub issuer: Option<String>,
    /// Its serial number, hexadecimal.
    pub serial: Option<String>,
    /// When it begins to be valid, RFC 3339.
    pub not_before: Option<String>,
    /// When it ends, RFC 3339.
    pub not_after: Option<String>,
    /// The list that vouches for its issuer, or would if the certificate were not expired, revoked or not yet valid.
    pub list: Option<String>,
    /// What the issuer says about its revocation, where that lies beside the signature and can be used. Nobody was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation: Option<RevocationReport>,
}

/// What an issuer says about the revocation of a certificate.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RevocationReport {
    /// Whether it was revoked at the time that counts.
    pub revoked: bool,
    /// Since when it is revoked, else as of when it was not, RFC 3339.
    pub date: String,
}

/// The time of a time-stamp.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SignedAt {
    /// The time, RFC 3339.
    pub time: String,
    /// Whether its authority is on a time-stamp list in force.
    pub trusted: bool,
}

/// One manifest of the store.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ManifestSummary {
    /// Its label.
    pub label: String,
    /// The organisation in its certificate, in its own words.
    pub signer: Option<String>,
    /// The software that wrote it.
    pub generator: Option<String>,
    /// What was done, in order.
    pub actions: Vec<ActionReport>,
    /// The labels of its assertions.
    pub assertions: Vec<String>,
    /// What went into it.
    pub ingredients: Vec<IngredientReport>,
}

/// One action.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ActionReport {
    /// Its name.
    pub action: String,
    /// The digital source type, an IRI.
    pub digital_source_type: Option<String>,
    /// The software that did it.
    pub software: Option<String>,
    /// When, in the file's words.
    pub when: Option<String>,
}

/// One ingredient.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IngredientReport {
    /// Its title.
    pub title: Option<String>,
    /// What whoever took it in said of it, such as that its credentials could not be read.
    pub description: Option<String>,
    /// How it went in.
    pub relationship: String,
    /// The label of its own manifest, where it has one.
    pub manifest: Option<String>,
    /// The C2PA status codes by which that manifest does not hold. A warning about the ingredient, not about the picture.
    pub failures: Vec<String>,
}

/// One status code of C2PA, reported, recorded or added.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CodeReport {
    /// The code.
    pub code: String,
    /// `success`, `informational` or `failure`.
    pub kind: &'static str,
    /// Whether it speaks of another manifest than the active one.
    pub ingredient: bool,
    /// The JUMBF address or manifest label that it speaks of, where given.
    pub url: Option<String>,
}

/// The system that made the picture, as stated.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Generator {
    /// Who provides it.
    pub provider: Option<String>,
    /// Its name.
    pub system: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// When the picture was made, in the file's words.
    pub created: Option<String>,
    /// What the statement rests on: `signed` (the signature holds, whoever signed) or `label` (anyone can have written it).
    pub basis: &'static str,
}

/// One trust list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ListReport {
    /// Its name.
    pub name: String,
    /// What its anchors are trusted for: `signers`, `timestamps` or `legacy`.
    pub purpose: &'static str,
    /// When it was issued, `YYYY-MM-DD`.
    pub issued: Option<String>,
    /// Its age in days at the time as of which was judged. Null where that was before its issue: the certificates it vouches
    /// for may have been there, so that it counts.
    pub age_days: Option<i64>,
    /// When its publisher announced the next, `YYYY-MM-DD`.
    pub next_update: Option<String>,
    /// Whether that date had passed at the time as of which was judged.
    pub overdue: bool,
    /// How many anchors it holds.
    pub anchors: usize,
    /// SHA-256 of the list, hexadecimal.
    pub sha256: String,
}

/// The report in plain words.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Plain {
    /// The language, a BCP 47 tag.
    pub language: Language,
    /// One line.
    pub headline: String,
    /// The answers to the questions people have, in order.
    pub lines: Vec<String>,
}

impl Report {
    /// What was concluded, for decisions.
    pub fn verdict(&self) -> &Verdict {
        &self.checked
    }

    /// Whether the picture meets a policy.
    pub fn meets(&self, policy: &Policy) -> bool {
        policy.is_met(&self.checked)
    }

    /// Names the file. The name becomes part of the report as it is; control characters are made visible.
    pub fn with_file_name(mut self, name: &str) -> Self {
        let format = Format::ALL.into_iter().find(|format| format.id() == self.file.format);
        let named = Format::named(name).filter(|named| format.is_some_and(|format| !format.is_also(*named)));
        let named_before = std::mem::replace(&mut self.file.named_as, named.map(Format::id));
        if !self.presentation.redact_names {
            self.file.name = Some(untrusted::visible(name));
        }
        if self.file.named_as != named_before {
            self.say();
        }
        self
    }

    /// The address at which the picture says that its record is kept, where it carries none itself and none was fetched.
    pub fn remote_record(&self) -> Option<&str> {
        self.remote.as_deref()
    }

    /// Notes where the manifest store was read from.
    pub(crate) fn read_from(mut self, store: Store<'_>) -> Self {
        let manifest = &mut self.layers.manifest;
        manifest.store = match store {
            Store::Embedded => return self,
            Store::Sidecar(_) => "sidecar",
            Store::Fetched { address, .. } => {
                manifest.remote = Some(visible(address));
                self.remote = None;
                "fetched"
            }
        };
        self.say();
        self
    }

    /// The report for people, plain text.
    pub fn to_text(&self) -> String {
        text::render(self)
    }

    /// The report for people, one HTML file without script and without anything loaded from elsewhere.
    pub fn to_html(&self) -> String {
        html::render(self)
    }

    /// The report for programs, one JSON object on one line.
    pub fn to_json(&self) -> String {
        // Every field is a string, number, list or map with string keys: serialisation cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The JSON Schema of the report.
    pub fn json_schema() -> Value {
        schemars::schema_for!(Report).to_value()
    }
}
