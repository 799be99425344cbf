//! Every rule that a reason can cite: its stable id, and the layer it speaks of. Words are in the catalogue.

use crate::findings::Layer;

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal in $layer:ident;)+) => {
        /// What was found, as a stable id that scripts can rely on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule { $($(#[$doc])* $name,)+ }

        impl Rule {
            /// All rules, in the order of this table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable id, such as `manifest.content-changed`.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// The layer it speaks of.
            pub fn layer(self) -> Layer {
                match self { $(Self::$name => Layer::$layer,)+ }
            }
        }
    };
}

impl Rule {
    /// Its place among the reasons of a verdict: what breaks the record first, then content, clashes, signer, signature,
    /// time, revocation, ingredients, AI, labels, marks.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::ManifestUnreadable | Self::SignatureFails | Self::SignatureUnchecked => 0,
            Self::RecordBroken => 1,
            Self::ContentChanged | Self::ContentUnbound | Self::PartlyProtected => 2,
            Self::SignerInvalid => 3,
            Self::ManifestAbsent | Self::ManifestFormatUnsupported | Self::ContentUnchanged => 4,
            Self::WatermarkPointsElsewhere
            | Self::LabelsSayAiAgainstRecord
            | Self::LabelsSayOtherOriginAgainstRecord
            | Self::SourceTypeOmitted => 4,
            Self::SignerTrusted
            | Self::SignerLegacy
            | Self::SignerLocal
            | Self::SignerTestKey
            | Self::SignerUnknown
            | Self::SignerExpired
            | Self::SignerNotYetValid
            | Self::SignerRevoked => 5,
            Self::SignatureHolds | Self::ManifestRemote => 6,
            Self::TimeTrusted | Self::TimeClaimed | Self::StatedAfterSigning => 7,
            Self::SignerNotRevoked | Self::RevocationUnusable => 8,
            Self::IngredientBroken => 9,
            Self::AiStated | Self::AiPassedOn | Self::AiClaimed | Self::AiPossible | Self::OtherOriginStated => 10,
            Self::LabelsClaimAi
            | Self::LabelsClaimPossibleAi
            | Self::LabelsClaimOtherOrigin
            | Self::LabelsDisagree
            | Self::LabelsSayNothing => 11,
            Self::PointerWithoutRecord
            | Self::LabelsNotFullyRead
            | Self::FileCutOff
            | Self::BytesBehindEnd
            | Self::StoreChecksumWrong => 12,
            Self::WatermarkFound | Self::WatermarkUnreadable | Self::WatermarkAgrees | Self::WatermarkGone => 13,
        }
    }
}

rules! {
    /// The file carries no manifest.
    ManifestAbsent = "manifest.absent" in Manifest;
    /// The file names a manifest kept elsewhere; nothing was fetched.
    ManifestRemote = "manifest.remote" in Manifest;
    /// Manifests are not read in this format.
    ManifestFormatUnsupported = "manifest.format-unsupported" in Manifest;
    /// There is a manifest, and it cannot be read.
    ManifestUnreadable = "manifest.unreadable" in Manifest;
    /// The content is what was signed.
    ContentUnchanged = "manifest.content-unchanged" in Manifest;
    /// The content is not what was signed.
    ContentChanged = "manifest.content-changed" in Manifest;
    /// The signature leaves part of the file unprotected.
    PartlyProtected = "manifest.partly-protected" in Manifest;
    /// The manifest is not bound to any content.
    ContentUnbound = "manifest.content-unbound" in Manifest;
    /// The signature was made over this record by the key in the certificate.
    SignatureHolds = "manifest.signature-holds" in Manifest;
    /// The signature was not made over this record by that key.
    SignatureFails = "manifest.signature-fails" in Manifest;
    /// The signature could not be checked.
    SignatureUnchecked = "manifest.signature-unchecked" in Manifest;
    /// A part of the record is not as it was signed, or breaks a rule of the standard.
    RecordBroken = "manifest.record-broken" in Manifest;
    /// The record of an ingredient does not hold.
    IngredientBroken = "manifest.ingredient-broken" in Manifest;
    /// The signer chains to a list in force.
    SignerTrusted = "signer.trusted" in Manifest;
    /// The signer chains only to a legacy list.
    SignerLegacy = "signer.legacy" in Manifest;
    /// The signer is the identity that a first run on this machine made.
    SignerLocal = "signer.local" in Manifest;
    /// The signing key is one that everybody has.
    SignerTestKey = "signer.test-key" in Manifest;
    /// The signer is on no list in force.
    SignerUnknown = "signer.unknown" in Manifest;
    /// The certificate had expired at the time that counts.
    SignerExpired = "signer.expired" in Manifest;
    /// The certificate was not yet valid at the time that counts.
    SignerNotYetValid = "signer.not-yet-valid" in Manifest;
    /// The certificate was revoked.
    SignerRevoked = "signer.revoked" in Manifest;
    /// The issuer says that the certificate was not revoked.
    SignerNotRevoked = "signer.not-revoked" in Manifest;
    /// What lies beside the signature about revocation cannot be used.
    RevocationUnusable = "signer.revocation-unusable" in Manifest;
    /// The certificate breaks a rule of the profile.
    SignerInvalid = "signer.invalid" in Manifest;
    /// A time-stamp by an authority on a list in force says when it was signed.
    TimeTrusted = "time.trusted" in Manifest;
    /// A time-stamp says when it was signed, and nobody we know vouches for it.
    TimeClaimed = "time.claimed" in Manifest;
    /// The record states a time after the one at which a time-stamp says that it was signed.
    StatedAfterSigning = "time.stated-after-signing" in Manifest;
    /// A signer on a list in force says that generative AI made or edited it.
    AiStated = "ai.stated" in Manifest;
    /// Somebody says that generative AI made or edited it.
    AiClaimed = "ai.claimed" in Manifest;
    /// A signer on a list in force passed on that generative AI made or edited it, and does not state it.
    AiPassedOn = "ai.passed-on" in Manifest;
    /// What is said leaves open whether generative AI was used.
    AiPossible = "ai.possible" in Manifest;
    /// A signer on a list in force states another origin.
    OtherOriginStated = "ai.other-origin-stated" in Manifest;
    /// The labels say that generative AI made or edited it, and the signed record states another origin.
    LabelsSayAiAgainstRecord = "clash.labels-say-ai" in Metadata;
    /// The labels state another origin, and the signed record says that generative AI made or edited it.
    LabelsSayOtherOriginAgainstRecord = "clash.labels-say-other-origin" in Metadata;
    /// The signed record leaves out how the picture came to be, and its labels say that generative AI made or edited it.
    SourceTypeOmitted = "clash.source-type-omitted" in Metadata;
    /// Labels that anyone can write say that generative AI made or edited it.
    LabelsClaimAi = "labels.ai-claimed" in Metadata;
    /// Labels that anyone can write leave open whether generative AI was used.
    LabelsClaimPossibleAi = "labels.ai-possible" in Metadata;
    /// Labels that anyone can write state another origin.
    LabelsClaimOtherOrigin = "labels.other-origin-claimed" in Metadata;
    /// One label says AI, another states another origin.
    LabelsDisagree = "labels.disagree" in Metadata;
    /// There are labels, and they say nothing about AI.
    LabelsSayNothing = "labels.nothing-about-ai" in Metadata;
    /// Something in the metadata points to credentials, or pretends to be some, and there are none.
    PointerWithoutRecord = "labels.pointer-without-record" in Metadata;
    /// There is a watermark that the record does not speak of, or there is no record.
    WatermarkFound = "watermark.found" in Watermark;
    /// There is a watermark, and too little of it to read its id.
    WatermarkUnreadable = "watermark.unreadable" in Watermark;
    /// The watermark says what the record states.
    WatermarkAgrees = "watermark.agrees" in Watermark;
    /// The record states a watermark, and none was found.
    WatermarkGone = "watermark.gone" in Watermark;
    /// The watermark points to another record than the one that the picture carries.
    WatermarkPointsElsewhere = "clash.watermark-points-elsewhere" in Watermark;
    /// Not all metadata could be read.
    LabelsNotFullyRead = "labels.not-fully-read" in Metadata;
    /// The file ends before its format says that it does.
    FileCutOff = "file.cut-off" in Metadata;
    /// Behind the end of the picture stand more bytes. Not told of a JPEG that ends as one does.
    BytesBehindEnd = "file.bytes-behind-end" in Metadata;
    /// The checksum beside the record is not the one of its bytes.
    StoreChecksumWrong = "file.store-checksum-wrong" in Manifest;
}
