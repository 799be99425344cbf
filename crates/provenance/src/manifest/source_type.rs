//! What a digital source type says about AI, in the sets of C2PA's own rubrics (standards.md 1.4 and 6.1).

use crate::names::iptc;

/// How far a source type speaks of generative AI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SourceType {
    /// States another origin: a camera, a scan, human work, a pure algorithm.
    Other,
    /// Ambiguous: may or may not contain generated parts.
    PossiblyGenerative,
    /// A generative model made a part of it.
    PartlyGenerative,
    /// A generative model made all of it.
    Generative,
}

impl SourceType {
    /// Classifies a digital source type IRI; `None` for one that no vocabulary knows.
    ///
    /// Both `http:` and `https:` forms occur in the field (in-the-wild.md 1), and older files hold the bare code.
    pub fn of_iri(iri: &str) -> Option<Self> {
        let iri = iri.trim().trim_end_matches('/');
        let rest = iri.strip_prefix("https").or_else(|| iri.strip_prefix("http"));
        let iptc = iptc::SOURCE_TYPE_BASE.strip_prefix("http").unwrap_or_default();
        let code = match rest {
            Some(rest) => rest
                .strip_prefix(iptc)
                .or_else(|| rest.strip_prefix("://c2pa.org/digitalsourcetype/"))?,
            // Its short form in NewsML-G2, which some writers take for the whole.
            None => iri.strip_prefix("digsrctype:").unwrap_or(iri),
        };
        Some(match code {
            "trainedAlgorithmicMedia" | "trainedAlgorithmicData" => Self::Generative,
            "compositeWithTrainedAlgorithmicMedia" | "compositeSynthetic" => Self::PartlyGenerative,
            "composite" | "digitalArt" => Self::PossiblyGenerative,
            "algorithmicMedia"
            | "algorithmicallyEnhanced"
            | "dataDrivenMedia"
            | "digitalCreation"
            | "humanEdits"
            | "softwareImage"
            | "compositeCapture"
            | "digitalCapture"
            | "computationalCapture"
            | "negativeFilm"
            | "positiveFilm"
            | "print"
            | "screenCapture"
            | "virtualRecording"
            | "minorHumanEdits"
            | "empty" => Self::Other,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_schemes_and_the_bare_code_are_known() {
        for iri in [
            "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            "https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            "http://c2pa.org/digitalsourcetype/trainedAlgorithmicData",
            "trainedAlgorithmicMedia",
            "digsrctype:trainedAlgorithmicMedia",
            "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia/",
        ] {
            assert_eq!(SourceType::of_iri(iri), Some(SourceType::Generative), "{iri}");
        }
    }

    #[test]
    fn foreign_addresses_say_nothing() {
        for iri in ["https://evil.example/trainedAlgorithmicMedia", "", "http://", "trained"] {
            assert_eq!(SourceType::of_iri(iri), None, "{iri}");
        }
    }
}
