//! Every identifier that is written into a file or recognised in one: labels, IRIs and versions, in one place.
//!
//! Our own names keep their form until their domain is registered; a change here changes what is signed.

/// The specification version asserted in `claim_generator_info.specVersion` (C2PA 2.4).
pub const SPEC_VERSION: &str = "2.4.0";

/// The name under which touchmark signs claims.
pub const CLAIM_GENERATOR: &str = "touchmark";

/// What stamps and exports call a system whose disclosure was not filled in.
pub const SYSTEM_NOT_STATED: &str = "AI system, name not stated";

/// The label of our own assertion, which carries the system's disclosure.
pub const DISCLOSURE_LABEL: &str = "dev.touchmark.disclosure";

/// The schema name inside the disclosure, in files and in the assertion.
pub const DISCLOSURE_SCHEMA: &str = "touchmark-disclosure/1";

/// Names of soft-binding algorithms: our own, and C2PA's list (standards.md 1.6).
pub mod soft_binding {
    /// Our watermark: the keyed lattice, first layout. Its value is the 64-bit id, big-endian.
    pub const LATTICE: &str = "dev.touchmark.lattice.1";
    /// The International Standard Content Code (ISO 24138); its value is the code's text.
    pub const ISCC: &str = "io.iscc.v0";
}

/// Assertion labels of C2PA 2.4 and CAWG that touchmark writes or reads.
pub mod label {
    /// The assertions of C2PA 2.4 (18), of earlier versions and of CAWG, and our own, without versions and numbers.
    pub const KNOWN: [&str; 43] = [
        super::DISCLOSURE_LABEL,
        "c2pa.actions",
        "c2pa.ai-disclosure",
        "c2pa.alternative-content-representation",
        "c2pa.assertion.metadata",
        "c2pa.asset-ref",
        "c2pa.asset-type",
        "c2pa.certificate-status",
        "c2pa.cloud-data",
        "c2pa.depthmap.GDepth",
        "c2pa.embedded-data",
        "c2pa.environmental-sustainability",
        "c2pa.external-reference",
        "c2pa.hash.bmff",
        "c2pa.hash.boxes",
        "c2pa.hash.collection.data",
        "c2pa.hash.data",
        "c2pa.hash.data.part",
        "c2pa.hash.multi-asset",
        "c2pa.icon",
        "c2pa.ingredient",
        "c2pa.metadata",
        "c2pa.repository-receipt",
        "c2pa.session-keys",
        "c2pa.soft-binding",
        "c2pa.thumbnail.claim",
        "c2pa.thumbnail.claim.jpeg",
        "c2pa.thumbnail.claim.png",
        "c2pa.thumbnail.ingredient",
        "c2pa.thumbnail.ingredient.jpeg",
        "c2pa.thumbnail.ingredient.png",
        "c2pa.time-stamp",
        "c2pa.training-mining",
        "cawg.ai_generative_training",
        "cawg.identity",
        "cawg.metadata",
        "cawg.training-mining",
        "font.info",
        "stds.exif",
        "stds.iptc",
        "stds.iptc.photo-metadata",
        "stds.schema-org.ClaimReview",
        "stds.schema-org.CreativeWork",
    ];
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
    /// Whether the picture may be used for training and mining (CAWG Training and Data Mining 1.1).
    pub const TRAINING_MINING: &str = "cawg.training-mining";
    /// The hash over the file's bytes (C2PA 2.2, 18.5).
    pub const DATA_HASH: &str = "c2pa.hash.data";
    /// The hashes over the segments or chunks of a file (C2PA 2.2, 18.7).
    pub const BOX_HASH: &str = "c2pa.hash.boxes";
    /// The hashes over each picture of a file with several (C2PA 2.2, 18.9).
    pub const MULTI_ASSET_HASH: &str = "c2pa.hash.multi-asset";
    /// The hash over the boxes of an ISO base media file, version by version (C2PA 2.2, 18.6).
    pub const BMFF_HASHES: [&str; 3] = ["c2pa.hash.bmff", "c2pa.hash.bmff.v2", "c2pa.hash.bmff.v3"];
    /// How these begin, instances included.
    pub const BMFF_HASHES_PREFIX: &str = "c2pa.hash.bmff";
    /// What leads back to a manifest that was lost: a watermark or a fingerprint (C2PA 2.4, 18.10).
    pub const SOFT_BINDING: &str = "c2pa.soft-binding";
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
    /// What issuers say about the revocation of certificates (C2PA 2.2, 18.20).
    pub const CERTIFICATE_STATUS: &str = "c2pa.certificate-status";
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
    /// Made by a program without sampled data, such as drawn letters.
    pub const ALGORITHMIC_MEDIA: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia";
    /// Namespace of the extension schema, prefix `Iptc4xmpExt`.
    pub const EXTENSION_NAMESPACE: &str = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
    /// What all forms of [`EXTENSION_NAMESPACE`] in the field have in common, in small letters.
    pub const EXTENSION_HOST_AND_PATH: &str = "iptc.org/std/iptc4xmpext";
}

/// Namespace of our own metadata fields, prefix `touchmark`.
pub const METADATA_NAMESPACE: &str = "https://touchmark.dev/ns/1/";

/// Where anyone can check a picture, in metadata.
pub const DETECTOR_FIELD: &str = "touchmark:detector";

/// Namespaces of the metadata that is written into XMP packets or recognised in them.
pub mod xmp {
    /// RDF, the form of every packet (ISO 16684-1, 7.4).
    pub const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    /// The element around the RDF, prefix `x` (ISO 16684-1, 7.3.3).
    pub const META: &str = "adobe:ns:meta/";
    /// The basic schema, prefix `xmp` (ISO 16684-1, 8.4).
    pub const BASIC: &str = "http://ns.adobe.com/xap/1.0/";
    /// Media management, prefix `xmpMM` (ISO 16684-1, 8.6).
    pub const MEDIA_MANAGEMENT: &str = "http://ns.adobe.com/xap/1.0/mm/";
    /// The label of GB 45438-2025, prefix `TC260` (TC260-PG-20259A).
    pub const AIGC: &str = "http://www.tc260.org.cn/ns/AIGC/1.0/";
    /// The host in [`AIGC`]: files in the field vary its scheme, its version and its last character.
    pub const AIGC_HOST: &str = "tc260.org.cn";
    /// The name of that label, under whatever prefix.
    pub const AIGC_NAME: &str = "AIGC";
    /// A key that the label's JSON always has; finds it in EXIF text.
    pub const AIGC_KEY: &str = "ContentProducer";
    /// Dublin Core, prefix `dc`.
    pub const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
    /// Dublin Core's terms, prefix `dcterms`: one points to a manifest.
    pub const DUBLIN_CORE_TERMS: &str = "http://purl.org/dc/terms/";
    /// Rights, prefix `xmpRights`.
    pub const RIGHTS: &str = "http://ns.adobe.com/xap/1.0/rights/";
    /// What Lightroom and Camera Raw were set to, prefix `crs`.
    pub const CAMERA_RAW: &str = "http://ns.adobe.com/camera-raw-settings/1.0/";
    /// Photoshop's schema, prefix `photoshop`.
    pub const PHOTOSHOP: &str = "http://ns.adobe.com/photoshop/1.0/";
    /// EXIF in XMP, prefix `exif`.
    pub const EXIF: &str = "http://ns.adobe.com/exif/1.0/";
    /// EXIF 2.3 and later in XMP, prefix `exifEX`.
    pub const EXIF_EX: &str = "http://cipa.jp/exif/1.0/";
    /// Further EXIF fields, prefix `aux`.
    pub const EXIF_AUX: &str = "http://ns.adobe.com/exif/1.0/aux/";
    /// What stable-diffusion.cpp writes into WebP, prefix `sdcpp`.
    pub const SDCPP: &str = "https://github.com/leejet/stable-diffusion.cpp/ns/1.0/";
    /// TIFF fields in XMP, prefix `tiff`.
    pub const TIFF: &str = "http://ns.adobe.com/tiff/1.0/";
    /// PDF's schema, prefix `pdf`.
    pub const PDF: &str = "http://ns.adobe.com/pdf/1.3/";
    /// IPTC Core, prefix `Iptc4xmpCore`.
    pub const IPTC_CORE: &str = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/";
    /// PLUS licensing, prefix `plus`.
    pub const PLUS: &str = "http://ns.useplus.org/ldf/xmp/1.0/";
    /// Regions of the Metadata Working Group, prefix `mwg-rs`: faces and their names.
    pub const MWG_REGIONS: &str = "http://www.metadataworkinggroup.com/schemas/regions/";
    /// Microsoft's schema for people, prefix `MP`.
    pub const MICROSOFT_PEOPLE: &str = "http://ns.microsoft.com/photo/1.2/";
    /// Microsoft's photo schema, prefix `MicrosoftPhoto`.
    pub const MICROSOFT_PHOTO: &str = "http://ns.microsoft.com/photo/1.0/";
}
