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
    /// Classifies a digital source type IRI of a record; `None` for one that no vocabulary knows.
    ///
    /// Both `http:` and `https:` forms occur in the field (in-the-wild.md 1), and older files hold the bare code.
    pub fn of_iri(iri: &str) -> Option<Self> {
        let code = code(iri.trim())?;
        let known = CODES.iter().find(|(known, _)| *known == code)?;
        Some(known.1)
    }

    /// Classifies what a label has for such an IRI: people and programs change letters to capitals or small ones, add a
    /// language to the address, leave out how it begins, or part the words of the code. Records are signed as they are, and
    /// read by [`of_iri`](Self::of_iri).
    pub fn meant_by(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.split(['?', '#']).next().unwrap_or_default();
        let (_, no_scheme) = iptc::SOURCE_TYPE_BASE.split_once("//").unwrap_or_default();
        let code = code(text.strip_prefix(no_scheme).unwrap_or(text))?.replace(' ', "");
        let known = CODES.iter().find(|(known, _)| known.eq_ignore_ascii_case(&code))?;
        Some(known.1)
    }
}

/// The code in an IRI of one of the vocabularies.
fn code(iri: &str) -> Option<&str> {
    let iri = iri.trim_end_matches('/');
    let rest = iri.strip_prefix("https").or_else(|| iri.strip_prefix("http"));
    let iptc = iptc::SOURCE_TYPE_BASE.strip_prefix("http").unwrap_or_default();
    match rest {
        Some(rest) => rest
            .strip_prefix(iptc)
            .or_else(|| rest.strip_prefix("://c2pa.org/digitalsourcetype/")),
        // Its short form in NewsML-G2, which some writers take for the whole.
        None => Some(iri.strip_prefix("digsrctype:").unwrap_or(iri)),
    }
}

/// The codes of IPTC's vocabulary and of C2PA's, retired ones included.
const CODES: [(&str, SourceType); 22] = [
    ("trainedAlgorithmicMedia", SourceType::Generative),
    ("trainedAlgorithmicData", SourceType::Generative),
    ("compositeWithTrainedAlgorithmicMedia", SourceType::PartlyGenerative),
    ("compositeSynthetic", SourceType::PartlyGenerative),
    ("composite", SourceType::PossiblyGenerative),
    ("digitalArt", SourceType::PossiblyGenerative),
    ("screenCapture", SourceType::PossiblyGenerative),
    ("algorithmicMedia", SourceType::Other),
    ("algorithmicallyEnhanced", SourceType::Other),
    ("dataDrivenMedia", SourceType::Other),
    ("digitalCreation", SourceType::Other),
    ("humanEdits", SourceType::Other),
    ("softwareImage", SourceType::Other),
    ("compositeCapture", SourceType::Other),
    ("digitalCapture", SourceType::Other),
    ("computationalCapture", SourceType::Other),
    ("negativeFilm", SourceType::Other),
    ("positiveFilm", SourceType::Other),
    ("print", SourceType::Other),
    ("virtualRecording", SourceType::Other),
    ("minorHumanEdits", SourceType::Other),
    ("empty", SourceType::Other),
];

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
    fn labels_may_be_written_otherwise_and_records_may_not() {
        for text in [
            "http://cv.iptc.org/newscodes/digitalsourcetype/TrainedAlgorithmicMedia?lang=en",
            "HTTP://CV.IPTC.ORG/newscodes/digitalsourcetype/trainedAlgorithmicMedia#x",
            "trainedalgorithmicmedia",
            "cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            "Trained Algorithmic Media",
        ] {
            assert_eq!(SourceType::meant_by(text), Some(SourceType::Generative), "{text}");
            assert_eq!(SourceType::of_iri(text), None, "{text}");
        }
        for other in [
            "https://evil.example/trainedAlgorithmicMedia",
            "evil.example/digitalsourcetype/trainedAlgorithmicMedia",
            "Not trained algorithmic media",
        ] {
            assert_eq!(SourceType::meant_by(other), None, "{other}");
        }
        for (code, says) in CODES {
            assert_eq!(
                (SourceType::of_iri(code), SourceType::meant_by(code)),
                (Some(says), Some(says))
            );
        }
    }

    #[test]
    fn what_may_contain_ai_by_the_official_signals_is_possible() {
        for code in ["composite", "digitalArt", "screenCapture"] {
            assert_eq!(SourceType::of_iri(code), Some(SourceType::PossiblyGenerative), "{code}");
        }
    }

    #[test]
    fn foreign_addresses_say_nothing() {
        for iri in ["https://evil.example/trainedAlgorithmicMedia", "", "http://", "trained"] {
            assert_eq!(SourceType::of_iri(iri), None, "{iri}");
        }
    }
}
