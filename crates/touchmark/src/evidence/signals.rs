//! How a picture came to be and what was done to it, in the words of the official taxonomy (conformance-public,
//! asset-rubrics, 2026-08; in-the-wild.md 4).

use schemars::JsonSchema;
use serde::Serialize;
use touchmark_provenance::manifest::{Action, Manifest, ManifestFinding, SourceType};
use touchmark_provenance::metadata::{MetadataFinding, Says};

use super::labels::weightiest;

/// The official signals of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Signals {
    /// How it came to be.
    pub inception: Inception,
    /// What was done to it since, each once, in the order of the record.
    pub transformations: Vec<Transformation>,
    /// What this rests on: `record` (a manifest, whatever it is worth) or `labels` (anyone can write them).
    pub basis: &'static str,
}

/// How a picture came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Inception {
    /// A generative model made all of it.
    #[serde(rename = "fullyGenAIMedia")]
    FullyGenAiMedia,
    /// A generative model made a part of it.
    #[serde(rename = "partlyGenAICreation")]
    PartlyGenAiCreation,
    /// Put together, perhaps from generated parts.
    #[serde(rename = "compositionMayContainGenAI")]
    CompositionMayContainGenAi,
    /// Taken by a camera or a scanner.
    CapturedMedia,
    /// Put together from several captures.
    CapturedMediaStitched,
    /// Made with other digital means.
    #[serde(rename = "nonGenAIDigitalCreation")]
    NonGenAiDigitalCreation,
    /// Begun empty.
    BlankCanvas,
    /// What a screen showed.
    #[serde(rename = "screenCaptureMayContainGenAI")]
    ScreenCaptureMayContainGenAi,
    /// Not said.
    MediaUnknownProvenance,
}

/// What was done to a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[non_exhaustive]
pub enum Transformation {
    /// A visible change by a generative model.
    #[serde(rename = "perceptibleGenAI")]
    PerceptibleGenAi,
    /// A visible change, perhaps by one.
    #[serde(rename = "perceptiblePossiblyGenAI")]
    PerceptiblePossiblyGenAi,
    /// A visible change by other means.
    #[serde(rename = "perceptibleNonGenAI")]
    PerceptibleNonGenAi,
    /// Nothing that can be seen in the content.
    #[serde(rename = "nonEditorial")]
    NonEditorial,
    /// Not said.
    #[serde(rename = "ambiguous")]
    Ambiguous,
}

/// Parents that are followed; a real store has 30 manifests.
const MAX_PARENTS: usize = 64;

impl Signals {
    /// The signals of the manifests, else those of the labels; `None` where neither says anything.
    pub(super) fn of(manifest: &ManifestFinding, labels: &MetadataFinding) -> Option<Self> {
        match manifest {
            ManifestFinding::Read(reading) => Self::of_record(&reading.manifests),
            _ => Self::of_labels(labels),
        }
    }

    fn of_record(manifests: &[Manifest]) -> Option<Self> {
        let mut manifest = manifests.first()?;
        let mut changes: Vec<Transformation> = Vec::new();
        let mut inception = None;
        for _ in 0..MAX_PARENTS {
            // From the last to the first, because the parents' come before the child's.
            changes.extend(manifest.actions.iter().rev().filter_map(Transformation::of));
            if let Some(created) = manifest.actions.iter().find(|action| action.name == "c2pa.created") {
                inception = created.digital_source_type.as_deref().map(Inception::of_iri);
                break;
            }
            let parent = manifest
                .ingredients
                .iter()
                .find(|ingredient| ingredient.relationship == "parentOf")
                .and_then(|ingredient| ingredient.manifest.as_deref());
            match parent.and_then(|label| manifests.iter().find(|other| other.label == label)) {
                Some(parent) => manifest = parent,
                None => break,
            }
        }
        changes.reverse();
        let mut transformations = Vec::new();
        for change in changes {
            if !transformations.contains(&change) {
                transformations.push(change);
            }
        }
        Some(Self {
            inception: inception.unwrap_or(Inception::MediaUnknownProvenance),
            transformations,
            basis: "record",
        })
    }

    fn of_labels(labels: &MetadataFinding) -> Option<Self> {
        let weightiest = weightiest(labels)?;
        let inception = match (weightiest.source_type.as_deref(), weightiest.says) {
            (Some(text), _) => Inception::of(SourceType::meant_by(text), text),
            (None, Says::Whole) => Inception::FullyGenAiMedia,
            (None, Says::Part) => Inception::PartlyGenAiCreation,
            _ => return None,
        };
        Some(Self {
            inception,
            transformations: Vec::new(),
            basis: "labels",
        })
    }
}

impl Inception {
    /// The inception that a digital source type means (standards.md 6.1).
    fn of_iri(iri: &str) -> Self {
        Self::of(SourceType::of_iri(iri), iri)
    }

    /// The inception of a source type that was classified already.
    fn of(source_type: Option<SourceType>, iri: &str) -> Self {
        let iri = iri.trim().to_ascii_lowercase();
        let address = iri.split(['?', '#']).next().unwrap_or_default();
        let code = address.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        match source_type {
            Some(SourceType::Generative) => Self::FullyGenAiMedia,
            Some(SourceType::PartlyGenerative) => Self::PartlyGenAiCreation,
            Some(SourceType::PossiblyGenerative) => match code {
                "screencapture" => Self::ScreenCaptureMayContainGenAi,
                _ => Self::CompositionMayContainGenAi,
            },
            Some(SourceType::Other) => match code {
                "digitalcapture" | "computationalcapture" | "negativefilm" | "positivefilm" | "print" => {
                    Self::CapturedMedia
                }
                "compositecapture" => Self::CapturedMediaStitched,
                "empty" => Self::BlankCanvas,
                _ => Self::NonGenAiDigitalCreation,
            },
            _ => Self::MediaUnknownProvenance,
        }
    }
}

impl Transformation {
    /// What an action means; `None` for those that begin a record.
    fn of(action: &Action) -> Option<Self> {
        let name = action.name.strip_prefix("c2pa.").unwrap_or(&action.name);
        let iri = action.digital_source_type.as_deref();
        let source_type = iri.and_then(SourceType::of_iri);
        // What a screen shows leaves open how a picture began, not what was done to it.
        let is_of_screen = iri.map(Inception::of_iri) == Some(Inception::ScreenCaptureMayContainGenAi);
        Some(match (name, source_type) {
            ("created" | "opened", _) => return None,
            (
                "converted"
                | "transcoded"
                | "repackaged"
                | "published"
                | "resized.proportional"
                | "edited.metadata"
                | "redacted"
                | "watermarked"
                | "watermarked.bound"
                | "watermarked.unbound"
                | "copied"
                | "formatted"
                | "version_updated"
                | "printed"
                | "managed"
                | "produced"
                | "saved",
                _,
            ) => Self::NonEditorial,
            (_, Some(SourceType::Generative | SourceType::PartlyGenerative)) => Self::PerceptibleGenAi,
            (_, Some(SourceType::PossiblyGenerative)) if !is_of_screen => Self::PerceptiblePossiblyGenAi,
            (_, Some(_)) => Self::PerceptibleNonGenAi,
            ("cropped" | "resized" | "trimmed" | "orientation" | "adjustedColor" | "color_adjustments", None) => {
                Self::PerceptibleNonGenAi
            }
            (_, None) => Self::Ambiguous,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_types_become_the_official_words() {
        let base = "http://cv.iptc.org/newscodes/digitalsourcetype/";
        for (code, word) in [
            ("trainedAlgorithmicMedia", "fullyGenAIMedia"),
            ("compositeSynthetic", "partlyGenAICreation"),
            ("composite", "compositionMayContainGenAI"),
            ("digitalCapture", "capturedMedia"),
            ("compositeCapture", "capturedMediaStitched"),
            ("humanEdits", "nonGenAIDigitalCreation"),
            ("screenCapture", "screenCaptureMayContainGenAI"),
            ("somethingElse", "mediaUnknownProvenance"),
        ] {
            let inception = serde_json::to_value(Inception::of_iri(&format!("{base}{code}"))).unwrap();
            assert_eq!(inception, word);
        }
        let typed = "http://cv.iptc.org/newscodes/digitalsourcetype/DigitalCapture?lang=en";
        assert_eq!(
            Inception::of(SourceType::meant_by(typed), typed),
            Inception::CapturedMedia
        );
        let empty = Inception::of_iri("http://c2pa.org/digitalsourcetype/empty");
        assert_eq!(serde_json::to_value(empty).unwrap(), "blankCanvas");
    }

    #[test]
    fn actions_become_the_official_words() {
        let action = |name: &str, source_type: Option<&str>| Action {
            name: name.to_owned(),
            digital_source_type: source_type.map(str::to_owned),
            software: None,
            when: None,
        };
        for (name, source_type, expected) in [
            ("c2pa.created", Some("trainedAlgorithmicMedia"), None),
            (
                "c2pa.edited",
                Some("compositeWithTrainedAlgorithmicMedia"),
                Some(Transformation::PerceptibleGenAi),
            ),
            (
                "c2pa.edited",
                Some("composite"),
                Some(Transformation::PerceptiblePossiblyGenAi),
            ),
            (
                "c2pa.edited",
                Some("humanEdits"),
                Some(Transformation::PerceptibleNonGenAi),
            ),
            (
                "c2pa.placed",
                Some("screenCapture"),
                Some(Transformation::PerceptibleNonGenAi),
            ),
            ("c2pa.edited", None, Some(Transformation::Ambiguous)),
            ("c2pa.cropped", None, Some(Transformation::PerceptibleNonGenAi)),
            ("c2pa.watermarked.bound", None, Some(Transformation::NonEditorial)),
        ] {
            assert_eq!(Transformation::of(&action(name, source_type)), expected, "{name}");
        }
    }
}
