//! Every identifier that is written into a file or recognised in one: labels, IRIs and versions, in one place.
//!
//! Our own names keep their form until their domain is registered; a change here changes what is signed.

/// The specification version asserted in `claim_generator_info.specVersion` (C2PA 2.4).
pub const SPEC_VERSION: &str = "2.4.0";

/// The name under which touchmark signs claims.
pub const CLAIM_GENERATOR: &str = "touchmark";

/// The label of our own assertion, which carries the system's disclosure.
pub const DISCLOSURE_LABEL: &str = "dev.touchmark.disclosure";

/// The schema name inside the disclosure, in files and in the assertion.
pub const DISCLOSURE_SCHEMA: &str = "touchmark-disclosure/1";

/// Assertion labels of C2PA 2.4 and CAWG that touchmark writes or reads.
pub mod label {
    /// What was done to the picture, first how it came to be (C2PA 2.2, 18.14).
    pub const ACTIONS: &str = "c2pa.actions.v2";
    /// Prefix of every actions assertion, versions and instances included.
    pub const ACTIONS_PREFIX: &str = "c2pa.actions";
    /// The AI model behind the picture (C2PA 2.4, 18.28).
    pub const AI_DISCLOSURE: &str = "c2pa.ai-disclosure";
    /// Metadata from C2PA's list of allowed fields (C2PA 2.2, Appendix B).
    pub const METADATA: &str = "c2pa.metadata";
    /// Metadata outside that list (CAWG Metadata 1.1).
    pub const CAWG_METADATA: &str = "cawg.metadata";
    /// The hash over the file's bytes (C2PA 2.2, 18.5).
    pub const DATA_HASH: &str = "c2pa.hash.data";
    /// How the labels of all hard bindings begin (C2PA 2.2, 9.3).
    pub const HARD_BINDING_PREFIX: &str = "c2pa.hash.";
    /// How the labels of all ingredients begin, versions and instances included (C2PA 2.2, 18.16).
    pub const INGREDIENT_PREFIX: &str = "c2pa.ingredient";
    /// The claim, second version (C2PA 2.2, 10).
    pub const CLAIM_V2: &str = "c2pa.claim.v2";
    /// The claim, first version: read, never written.
    pub const CLAIM_V1: &str = "c2pa.claim";
    /// The box that holds the claim's signature.
    pub const SIGNATURE: &str = "c2pa.signature";
    /// The box that holds a manifest's assertions.
    pub const ASSERTION_STORE: &str = "c2pa.assertions";
    /// The box that holds data of a version 1 manifest's ingredients.
    pub const DATA_BOXES: &str = "c2pa.databoxes";
    /// The box that holds all manifests of a file.
    pub const MANIFEST_STORE: &str = "c2pa";
}

/// IRIs of the IPTC photo metadata standard.
pub mod iptc {
    /// Base of the Digital Source Type vocabulary (IPTC NewsCodes).
    pub const SOURCE_TYPE_BASE: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/";
    /// Made by a model trained on captured content.
    pub const TRAINED_ALGORITHMIC_MEDIA: &str =
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
    /// A captured or drawn picture, partly changed by such a model.
    pub const COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA: &str =
        "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";
    /// Namespace of the extension schema, prefix `Iptc4xmpExt`.
    pub const EXTENSION_NAMESPACE: &str = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
}

/// Namespace of our own metadata fields, prefix `touchmark`.
pub const METADATA_NAMESPACE: &str = "https://touchmark.dev/ns/1/";

/// Where anyone can check a picture, in metadata.
pub const DETECTOR_FIELD: &str = "touchmark:detector";
