//! The schema as types: everything that a disclosure may say, part by part, before any of it is checked.
//!
//! Parsing these refuses keys that the schema does not know and values of another kind; what a text may hold is
//! decided in `check`, what a complete disclosure needs in `lint`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::laws::Law;
use super::values::{Day, Words};

/// A whole disclosure as it stands in its file. Once it has become a [`super::Disclosure`], every part is within its
/// limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "touchmark-disclosure/1")]
pub struct Document {
    /// The name and version of the schema: `touchmark-disclosure/1`.
    #[schemars(extend("const" = crate::names::DISCLOSURE_SCHEMA))]
    pub schema: String,
    /// The document itself: its language, its dates and where it is published.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub document: About,
    /// The organisation that answers for the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<Provider>,
    /// The system that makes the pictures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<System>,
    /// What it can do, what it cannot, and where it fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<Capabilities>,
    /// What keeps it from doing harm; "not in place" is an answer too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub safeguards: Vec<Safeguard>,
    /// What it may be used for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptable_use: Option<AcceptableUse>,
    /// What happens to those who misuse it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consequences: Option<Consequences>,
    /// How somebody who is shown in a picture has it removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removal: Option<Removal>,
    /// How children are protected and told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children: Option<Children>,
    /// Where anyone can check a picture, free of charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detector: Option<Detector>,
    /// What is recorded about each stamp.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Data>,
    /// Rules that the provider says it keeps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compliance: Vec<Compliance>,
    /// The texts for readers, by language (BCP 47).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, Texts>,
}

/// The document itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The language of every text that names no other (BCP 47, such as `de`); English where not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The day it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<Day>,
    /// The last day on which it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Day>,
    /// The address at which the signed document is published, `https:`. Stamps name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// The organisation that answers for the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The name of the organisation.
    pub name: String,
    /// Where it is established: ISO 3166-1 alpha-2, such as `DE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Where people reach it about a picture: an `https:` or `mailto:` address.
    pub contact: String,
    /// Its number in a public register, with the register's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_id: Option<String>,
    /// Its authorised representative in the European Union (AI Act, Article 22 or 54).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eu_representative: Option<String>,
    /// How to reach its data-protection officer: an `https:` or `mailto:` address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_protection_officer: Option<String>,
    /// Whether it provides the system, deploys it, or both (AI Act, Article 3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The code of the service under the Chinese labelling rules: 27 characters by TC260-PG-20252A, or a name in the
    /// standard's own characters. Only a real one: without it no `TC260:AIGC` label is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aigc_code: Option<String>,
}

/// What an organisation is to its system (AI Act, Article 3 (3) and (4)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It develops the system or has it developed.
    Provider,
    /// It uses a system of somebody else under its own authority.
    Deployer,
    /// Both.
    Both,
}

/// The system that makes the pictures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Its name, as users know it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// A URI or package URL that identifies the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// The model's format, one of C2PA's `c2pa.types.model` names.
    #[serde(default = "default_model_type")]
    pub model_type: String,
    /// The models it was made from: names, URIs or package URLs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub base_models: Vec<String>,
    /// The day this version was released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<Day>,
    /// Its licence: an SPDX expression, or a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Its documentation, `https:`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documentation: Option<String>,
    /// Its bill of materials, `https:`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_of_materials: Option<String>,
}

/// The model type of a system that does not say more.
pub(crate) fn default_model_type() -> String {
    "c2pa.types.model".to_owned()
}

/// What the system can do, what it cannot, and where it fails: short lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capabilities {
    /// What it can do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub can: Vec<Words>,
    /// What it cannot do, or refuses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cannot: Vec<Words>,
    /// Where it is known to fail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Words>,
}

/// One safeguard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Safeguard {
    /// What it protects against, or where it sits.
    pub area: Area,
    /// What is done.
    pub measure: Words,
    /// Whether it is.
    pub status: SafeguardStatus,
    /// What shows it: an address or a reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// The day it was last tested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tested: Option<Day>,
    /// How often it failed in that test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_rate: Option<FailureRate>,
}

/// What a safeguard protects against, or where it sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// What users ask for.
    InputFilter,
    /// What comes out.
    OutputFilter,
    /// Likenesses of people who exist.
    RealPersonLikeness,
    /// Intimate imagery without consent.
    IntimateImagery,
    /// Child sexual abuse material.
    ChildSexualAbuseMaterial,
    /// What the model was trained on.
    TrainingData,
    /// Marking of the output.
    Marking,
    /// Watching for abuse.
    AbuseMonitoring,
    /// Review by people.
    HumanReview,
    /// Attacks in one's own tests.
    RedTeaming,
    /// Anything else.
    Other,
}

/// Whether a safeguard works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SafeguardStatus {
    /// It works now.
    InForce,
    /// It works in part.
    Partial,
    /// It is meant to come.
    Planned,
    /// There is none. To say so is better than silence.
    NotInPlace,
}

/// A rate as it was counted, so that readers see how much it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FailureRate {
    /// How often it failed; at most `trials`.
    pub failures: u32,
    /// How often it was tried; at least 1.
    pub trials: u32,
}

/// What the system may be used for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptableUse {
    /// What is allowed: short lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<Words>,
    /// What is prohibited: short lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prohibited: Vec<Words>,
    /// The full policy, `https:`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Whether the terms forbid removing marks (EU Code of Practice, measure 1.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_mark_removal: Option<bool>,
}

/// What happens to those who misuse the system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consequences {
    /// What is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Words>,
    /// Where to object, `https:`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeal: Option<String>,
}

/// What is done about misuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A warning.
    Warning,
    /// The picture is not handed out.
    OutputBlocked,
    /// The account is suspended.
    AccountSuspended,
    /// The account is closed.
    AccountClosed,
    /// Copies of the picture are blocked by hash.
    HashBlocked,
    /// A report to a hotline.
    ReportToHotline,
    /// A report to the police.
    ReportToPolice,
    /// A claim before a civil court.
    CivilClaim,
}

/// How somebody who is shown in a picture has it removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Removal {
    /// Where to ask, `https:`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The languages in which requests are answered (BCP 47).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// Within how many hours a request is acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_hours: Option<u16>,
    /// Whether it works without an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_account_needed: Option<bool>,
    /// Whether it works without uploading the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_upload_needed: Option<bool>,
    /// An e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// An interface for programs, `https:`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// A postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal: Option<String>,
    /// The kinds of hash that are taken in place of a picture.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hash_types: Vec<HashType>,
    /// The laws under which requests are answered; each may limit `response_hours`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub laws: Vec<Law>,
    /// Who hears complaints about the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complaint_authority: Option<Authority>,
}

/// A kind of hash by which a picture is found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HashType {
    /// SHA-256 of the file.
    Sha256,
    /// MD5 of the file, which hotlines' lists still carry.
    Md5,
    /// PDQ, a perceptual hash.
    Pdq,
    /// PhotoDNA, a perceptual hash.
    Photodna,
    /// ISCC (ISO 24138).
    Iscc,
}

/// An authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// Its name.
    pub name: String,
    /// Its address, `https:`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// How children are protected and told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Children {
    /// The lowest age of users, in years; 0 where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_age: Option<u8>,
    /// How that is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_assurance: Option<Words>,
    /// Whether pictures may show minors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_depict_minors: Option<bool>,
    /// What protects children: short lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub safeguards: Vec<Words>,
    /// Whom a child can turn to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub help_lines: Vec<HelpLine>,
    /// The LIX that no text for children goes above (Björnsson 1968); 30, "very easy", where not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading_level: Option<u8>,
}

/// Whom a child can turn to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpLine {
    /// Where it answers: ISO 3166-1 alpha-2.
    pub country: String,
    /// Its name.
    pub name: String,
    /// Its address, `https:`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Where anyone can check a picture of this system, free of charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Detector {
    /// The address of the detector, `https:`.
    pub url: String,
}

/// What is recorded about each stamp.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// What is recorded: short lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recorded: Vec<Words>,
    /// Where it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Words>,
    /// For how long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<Words>,
    /// Who may look it up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<Words>,
    /// How to be forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erasure: Option<Words>,
}

/// A rule that the provider says it keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compliance {
    /// The rule: a law, standard or code.
    pub rule: String,
    /// How far that goes.
    pub status: ComplianceStatus,
    /// What shows it: an address or a reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// How far compliance goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComplianceStatus {
    /// The provider says so.
    Claimed,
    /// Somebody else looked.
    Assessed,
    /// Somebody else certified it.
    Certified,
    /// The rule does not apply.
    NotApplicable,
}

/// The texts for readers, in one language. They stand beside touchmark's own and never in their place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// What the system is, in a sentence or two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// For children, at most 400 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child: Option<String>,
    /// For adults.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adult: Option<String>,
    /// For parents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// For teachers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teacher: Option<String>,
}

impl HashType {
    /// Its name, as its publisher writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Md5 => "MD5",
            Self::Pdq => "PDQ",
            Self::Photodna => "PhotoDNA",
            Self::Iscc => "ISCC",
        }
    }
}

impl About {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
