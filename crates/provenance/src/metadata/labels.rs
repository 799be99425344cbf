//! The labels of a stamp: under which names they are written, and what each says.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::error::Error;
use crate::manifest::{SourceType, StampFacts, rfc3339};
use crate::names::{self, iptc, xmp};

/// A label that is written into XMP, or found there and weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Label {
    /// `Iptc4xmpExt:DigitalSourceType`: how the picture came to be, an IRI.
    DigitalSourceType,
    /// `Iptc4xmpExt:DigitalSourceFileType`, its older name: weighed, never written.
    DigitalSourceFileType,
    /// `Iptc4xmpExt:AISystemUsed`: the system's name.
    AiSystemUsed,
    /// `Iptc4xmpExt:AISystemVersionUsed`: the system's version.
    AiSystemVersionUsed,
    /// `Iptc4xmpExt:AIPromptInformation`: the prompt, on request.
    AiPromptInformation,
    /// `Iptc4xmpExt:AIPromptWriterName`: who wrote the prompt, on request.
    AiPromptWriterName,
    /// `Iptc4xmpExt:DigImageGUID`: the UUID of the manifest's URN.
    DigImageGuid,
    /// `xmp:CreateDate`: when the picture was made.
    CreateDate,
    /// `xmpMM:InstanceID`: the claim's `instanceID`.
    InstanceId,
    /// `touchmark:provider`: who answers for the system.
    Provider,
    /// `touchmark:detector`: where anyone can check a picture of this system.
    Detector,
    /// `TC260:AIGC`: the implicit label of GB 45438-2025.
    Aigc,
}

/// The name of a label in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name {
    pub prefix: &'static str,
    pub namespace: &'static str,
    pub local: &'static str,
}

impl Label {
    /// Every label, in the order in which they are written.
    pub(super) const ALL: [Self; 12] = [
        Self::DigitalSourceType,
        Self::DigitalSourceFileType,
        Self::AiSystemUsed,
        Self::AiSystemVersionUsed,
        Self::AiPromptInformation,
        Self::AiPromptWriterName,
        Self::DigImageGuid,
        Self::CreateDate,
        Self::InstanceId,
        Self::Provider,
        Self::Detector,
        Self::Aigc,
    ];

    /// The label with this name; the AIGC label under each variant of its namespace that is met in the field.
    pub(super) fn of(namespace: &str, local: &str) -> Option<Self> {
        if is_aigc(namespace, local) {
            return Some(Self::Aigc);
        }
        Self::ALL
            .into_iter()
            .find(|label| label.name().local == local && label.name().namespace == namespace)
    }

    /// The label that is meant by this name, where programs spell its namespace or itself in their own way: for whoever
    /// only reads.
    pub(super) fn meant(namespace: &str, local: &str) -> Option<Self> {
        let is_iptc = || namespace.to_ascii_lowercase().contains(iptc::EXTENSION_HOST_AND_PATH);
        let local = match local {
            // ExifTool's spelling.
            "DigitalSourcefileType" => "DigitalSourceFileType",
            local => local,
        };
        Self::of(namespace, local).or_else(|| Self::of(iptc::EXTENSION_NAMESPACE, local).filter(|_| is_iptc()))
    }

    pub(super) fn name(self) -> Name {
        let (prefix, namespace, local) = match self {
            Self::DigitalSourceType => ("Iptc4xmpExt", iptc::EXTENSION_NAMESPACE, "DigitalSourceType"),
            Self::DigitalSourceFileType => ("Iptc4xmpExt", iptc::EXTENSION_NAMESPACE, "DigitalSourceFileType"),
            Self::AiSystemUsed => ("Iptc4xmpExt", iptc::EXTENSION_NAMESPACE, "AISystemUsed"),
            Self::AiSystemVersionUsed => ("Iptc4xmpExt", iptc::EXTENSION_NAMESPACE, "AISystemVersionUsed"),
            Self::AiPromptInformation => ("Iptc4xmpExt", iptc::EXTENSION_NAMESPACE, "AIPromptInformation"),
            Self::AiPromptWriterName => ("Iptc4xmpExt", iptc::EXTENSION_NAMESPACE, "AIPromptWriterName"),
            Self::DigImageGuid => ("Iptc4xmpExt", iptc::EXTENSION_NAMESPACE, "DigImageGUID"),
            Self::CreateDate => ("xmp", xmp::BASIC, "CreateDate"),
            Self::InstanceId => ("xmpMM", xmp::MEDIA_MANAGEMENT, "InstanceID"),
            Self::Provider => ("touchmark", names::METADATA_NAMESPACE, "provider"),
            Self::Detector => ("touchmark", names::METADATA_NAMESPACE, "detector"),
            Self::Aigc => ("TC260", xmp::AIGC, xmp::AIGC_NAME),
        };
        Name {
            prefix,
            namespace,
            local,
        }
    }

    /// What a stamp with these facts says; `None` where it has nothing to say.
    pub(super) fn value<'a>(self, facts: &StampFacts<'a>) -> Result<Option<Cow<'a, str>>, Error> {
        let (disclosure, prompt) = (facts.disclosure, facts.requests.prompt.as_ref());
        Ok(match self {
            Self::DigitalSourceType => Some(facts.origin.source_type().into()),
            Self::DigitalSourceFileType => None,
            Self::AiSystemUsed => disclosure.system().map(|system| system.name.as_str().into()),
            Self::AiSystemVersionUsed => disclosure.system().map(|system| system.version.as_str().into()),
            Self::AiPromptInformation => prompt.map(|prompt| prompt.text.as_str().into()),
            Self::AiPromptWriterName => prompt.and_then(|prompt| Some(prompt.writer.as_ref()?.as_str().into())),
            Self::DigImageGuid => Some(facts.ids.manifest.to_string().into()),
            Self::CreateDate => Some(rfc3339(facts.created)?.into()),
            Self::InstanceId => Some(facts.ids.instance_id().into()),
            Self::Provider => disclosure.provider().map(|provider| provider.name.as_str().into()),
            Self::Detector => disclosure.detector_url().map(Into::into),
            Self::Aigc => match disclosure.aigc_producer() {
                Some(producer) => Some(aigc(producer, facts)?.into()),
                None => None,
            },
        })
    }

    /// Whether a value that was found says the same as ours.
    pub(super) fn agrees(self, found: &str, ours: &str) -> bool {
        let time = |text| OffsetDateTime::parse(text, &Rfc3339).ok();
        match self {
            Self::DigitalSourceType => SourceType::of_iri(found) == SourceType::of_iri(ours),
            Self::CreateDate => found == ours || time(found).is_some_and(|found| Some(found) == time(ours)),
            _ => found == ours,
        }
    }
}

/// The label as people who know the field call it, such as `Iptc4xmpExt:DigitalSourceType`.
impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Name { prefix, local, .. } = self.name();
        write!(f, "{prefix}:{local}")
    }
}

/// Whether this is the name of the AIGC label: its host in whatever form of the namespace, so that none is overlooked.
pub(super) fn is_aigc(namespace: &str, local: &str) -> bool {
    local == xmp::AIGC_NAME && is_of_aigc(namespace)
}

/// Whether this is a namespace of the AIGC label.
pub(super) fn is_of_aigc(namespace: &str) -> bool {
    namespace.to_ascii_lowercase().contains(xmp::AIGC_HOST)
}

/// The inner object of the implicit label (GB 45438-2025, Annex E; TC260-PG-20259A): seven keys, all of them text.
///
/// On first writing the propagator is the producer (the standard's note). `ReservedCode1` stays empty: a hash of the
/// file cannot be in the file, and the signature over it is the manifest's.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Aigc<'a> {
    label: &'static str,
    content_producer: &'a str,
    #[serde(rename = "ProduceID")]
    produce_id: &'a str,
    reserved_code1: &'static str,
    content_propagator: &'a str,
    #[serde(rename = "PropagateID")]
    propagate_id: &'a str,
    reserved_code2: &'static str,
}

fn aigc(producer: &str, facts: &StampFacts<'_>) -> Result<String, Error> {
    let number = facts.ids.manifest.to_string();
    let label = Aigc {
        label: "1",
        content_producer: producer,
        produce_id: &number,
        reserved_code1: "",
        content_propagator: producer,
        propagate_id: &number,
        reserved_code2: "",
    };
    serde_json::to_string(&label).map_err(|source| Error::Manifest {
        doing: "write the AIGC label",
        source: Box::new(source),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_label_is_found_by_its_name() {
        for label in Label::ALL {
            assert_eq!(Label::of(label.name().namespace, label.name().local), Some(label));
            assert_eq!(Label::of("http://example.org/", label.name().local), None);
            assert!(label.to_string().ends_with(label.name().local));
        }
    }

    #[test]
    fn the_aigc_label_is_found_in_each_variant_of_its_namespace() {
        for namespace in [
            "https://www.tc260.org.cn/ns/AIGC/1.0",
            "http://www.TC260.org.cn/ns/AIGC/2.0#",
        ] {
            assert_eq!(Label::of(namespace, "AIGC"), Some(Label::Aigc));
        }
        assert_eq!(Label::of(xmp::AIGC, "Other"), None);
    }

    #[test]
    fn labels_are_read_as_they_are_meant() {
        for namespace in [
            "http://iptc.org/std/Iptc4xmpExt/2008-02-29",
            "https://iptc.org/std/Iptc4xmpExt/2008-02-29/",
        ] {
            assert_eq!(
                Label::meant(namespace, "DigitalSourceType"),
                Some(Label::DigitalSourceType)
            );
            assert_eq!(Label::of(namespace, "DigitalSourceType"), None);
        }
        let spelt = Label::meant(iptc::EXTENSION_NAMESPACE, "DigitalSourcefileType");
        assert_eq!(spelt, Some(Label::DigitalSourceFileType));
        assert_eq!(Label::meant("http://example.org/", "DigitalSourceType"), None);
    }

    #[test]
    fn values_are_compared_by_what_they_say() {
        let ours = iptc::TRAINED_ALGORITHMIC_MEDIA;
        assert!(Label::DigitalSourceType.agrees(&ours.replace("http:", "https:"), ours));
        assert!(!Label::DigitalSourceType.agrees(iptc::COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA, ours));
        assert!(Label::CreateDate.agrees("2026-11-22T12:00:00+02:00", "2026-11-22T10:00:00Z"));
        assert!(!Label::CreateDate.agrees("2026-11-22", "2026-11-22T10:00:00Z"));
    }
}
