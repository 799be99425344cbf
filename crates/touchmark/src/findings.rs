//! What each layer yielded: always exactly one finding a layer, "not examined" included.

use touchmark_provenance::manifest::ManifestFinding;
use touchmark_provenance::metadata::{FoundLabel, MetadataFinding};

use crate::pixels::{FingerprintFinding, PixelFindings, WatermarkFinding};

/// A layer that can carry something about a picture's origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Layer {
    /// The signed C2PA manifest store.
    Manifest,
    /// Unsigned labels: XMP, EXIF, IPTC, text chunks.
    Metadata,
    /// The imperceptible watermark in the pixels.
    Watermark,
    /// The perceptual fingerprint of the pixels.
    Fingerprint,
    /// The label that people see.
    Label,
    /// What a registry remembers.
    Registry,
}

/// Why a layer was not examined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Why {
    /// No registry was given.
    NoRegistry,
    /// Only people can read it.
    OnlyPeople,
    /// The caller did not ask for it.
    NotAsked,
    /// The picture is too small.
    TooSmall,
    /// The picture is over a limit.
    OverLimit,
    /// The coded pixels are damaged.
    Damaged,
    /// The file's format is not one in which the layer is read.
    UnsupportedFormat,
}

/// The findings of one picture, one field a layer, so that a forgotten layer does not compile.
#[derive(Debug)]
pub struct Findings {
    /// The signed manifest store.
    pub manifest: ManifestFinding,
    /// Unsigned labels.
    pub metadata: Examined<MetadataFinding>,
    /// The watermark.
    pub watermark: WatermarkFinding,
    /// The fingerprint.
    pub fingerprint: FingerprintFinding,
    /// The visible label: what the record says of it is the manifest's.
    pub label: NotExamined,
    /// The registry.
    pub registry: NotExamined,
}

/// The finding of a layer that was not examined, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotExamined(pub Why);

/// The finding of a layer that is examined where it can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Examined<T> {
    /// What was found, which may be nothing.
    Found(T),
    /// It was not examined.
    NotExamined(Why),
}

impl<T> Examined<T> {
    /// What was found, if it was examined.
    pub fn found(&self) -> Option<&T> {
        match self {
            Self::Found(found) => Some(found),
            Self::NotExamined(_) => None,
        }
    }

    fn why_not(&self) -> Option<Why> {
        match self {
            Self::Found(_) => None,
            Self::NotExamined(why) => Some(*why),
        }
    }
}

impl Findings {
    /// The findings of a picture that was examined without a registry.
    pub fn of(manifest: ManifestFinding, metadata: MetadataFinding, pixels: PixelFindings) -> Self {
        Self {
            manifest,
            metadata: Examined::Found(metadata),
            watermark: pixels.watermark,
            fingerprint: pixels.fingerprint,
            label: NotExamined(Why::OnlyPeople),
            registry: NotExamined(Why::NoRegistry),
        }
    }

    /// Adds labels that stood elsewhere than in metadata.
    pub(crate) fn add_labels(&mut self, labels: impl IntoIterator<Item = FoundLabel>) {
        if let Examined::Found(metadata) = &mut self.metadata {
            metadata.labels.extend(labels);
        }
    }

    /// Takes over what the pixels say.
    pub(crate) fn set_pixels(&mut self, pixels: PixelFindings) {
        (self.watermark, self.fingerprint) = (pixels.watermark, pixels.fingerprint);
    }

    /// The layers that were not examined, in their order.
    pub fn not_examined(&self) -> Vec<(Layer, Why)> {
        let Self {
            manifest,
            metadata,
            watermark,
            fingerprint,
            label,
            registry,
        } = self;
        let unsupported = matches!(manifest, ManifestFinding::UnsupportedFormat);
        unsupported
            .then_some((Layer::Manifest, Why::UnsupportedFormat))
            .into_iter()
            .chain(metadata.why_not().map(|why| (Layer::Metadata, why)))
            .chain(watermark.why_not().map(|why| (Layer::Watermark, why)))
            .chain(fingerprint.why_not().map(|why| (Layer::Fingerprint, why)))
            .chain([(Layer::Label, label.0), (Layer::Registry, registry.0)])
            .collect()
    }
}
