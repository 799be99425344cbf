//! What unsigned labels claim, and that anyone can have written them: they name an origin, never a signer.

use touchmark_provenance::manifest::ManifestFinding;
use touchmark_provenance::metadata::inspect::{CAMERA, IMITATION, POINTER, SOURCE_TYPE};
use touchmark_provenance::metadata::{FoundLabel, MetadataFinding, NotRead, Says};

use super::rules::Rule;
use super::verdict::{Ai, Extent, Reason};

/// What the labels of a picture come to.
pub(super) struct Labels {
    /// [`Ai::Claimed`], [`Ai::Possible`] or [`Ai::Unknown`].
    pub ai: Ai,
    pub extent: Extent,
    /// Whether any label speaks of the picture's origin: then it carries a mark, of the kind that anyone can write.
    pub is_mark: bool,
    /// Whether a label states another origin than AI, in the vocabulary made for it.
    pub other_origin: bool,
    pub reasons: Vec<Reason>,
}

/// Weighs the labels; the finding of the manifest only tells whether a pointer leads anywhere.
pub(super) fn conclude(metadata: &MetadataFinding, manifest: &ManifestFinding) -> Labels {
    let says = |is_meant: fn(&FoundLabel) -> bool| signals(metadata, is_meant);
    let generative = says(|label| label.says.is_ai());
    let possible = says(|label| label.says == Says::Possible);
    let other_origin = says(|label| label.says == Says::OtherOrigin && label.signal != CAMERA);
    // Nearly every photograph names its camera: that is no label of its origin.
    let silent = says(|label| label.says == Says::Nothing && !is_pointer(label) || label.signal == CAMERA);

    let (ai, extent) = match weightiest(metadata).map(|label| label.says) {
        Some(Says::Whole) => (Ai::Claimed, Extent::Whole),
        Some(Says::Part) => (Ai::Claimed, Extent::Part),
        Some(Says::Possible) => (Ai::Possible, Extent::Unknown),
        _ => (Ai::Unknown, Extent::Unknown),
    };
    let pointers = match manifest {
        ManifestFinding::Absent { remote: None } | ManifestFinding::UnsupportedFormat => says(is_pointer),
        // The address is a reason of its own, and there may be a record.
        ManifestFinding::Absent { remote: Some(_) } => says(|label| label.signal == IMITATION),
        _ => None,
    };
    let disagree = (generative.is_some() && other_origin.is_some()).then(Vec::new);
    let is_mark = ai != Ai::Unknown || other_origin.is_some();
    let has_other_origin = other_origin.is_some();
    let reasons = [
        (Rule::LabelsClaimAi, generative),
        (Rule::LabelsClaimPossibleAi, possible),
        (Rule::LabelsClaimOtherOrigin, other_origin),
        (Rule::LabelsDisagree, disagree),
        (Rule::LabelsSayNothing, silent),
        (Rule::PointerWithoutRecord, pointers),
        (Rule::LabelsNotFullyRead, unread(metadata)),
        (Rule::FileCutOff, metadata.is_cut_off.then(Vec::new)),
        (
            Rule::BytesBehindEnd,
            (metadata.behind_end > 0).then(|| vec![metadata.behind_end.to_string()]),
        ),
        (
            Rule::StoreChecksumWrong,
            metadata.is_store_checksum_wrong.then(Vec::new),
        ),
    ];
    Labels {
        ai,
        extent,
        is_mark,
        other_origin: has_other_origin,
        reasons: reasons
            .into_iter()
            .filter_map(|(rule, codes)| Some(Reason { rule, codes: codes? }))
            .collect(),
    }
}

/// The label that counts: a source type that states how much a model made, before what is guessed from a program's traces;
/// else the strongest. `None` where there are no labels.
pub(super) fn weightiest(metadata: &MetadataFinding) -> Option<&FoundLabel> {
    let stated = metadata.of(SOURCE_TYPE).max_by_key(|label| label.says);
    stated
        .filter(|label| label.says.is_ai())
        .or_else(|| metadata.labels.iter().max_by_key(|label| label.says))
}

fn is_pointer(label: &FoundLabel) -> bool {
    matches!(label.signal, POINTER | IMITATION)
}

/// The kinds of labels that are meant, each once; `None` where there are none.
fn signals(metadata: &MetadataFinding, is_meant: fn(&FoundLabel) -> bool) -> Option<Vec<String>> {
    let meant = metadata.labels.iter().filter(|label| is_meant(label));
    let mut signals: Vec<String> = meant.map(|label| label.signal.to_owned()).collect();
    signals.sort();
    signals.dedup();
    (!signals.is_empty()).then_some(signals)
}

/// Where something was not read to its end, at most a few places.
fn unread(metadata: &MetadataFinding) -> Option<Vec<String>> {
    const SHOWN: usize = 8;
    let mut places: Vec<String> = metadata.unread.iter().map(NotRead::found_in_by_known_names).collect();
    places.sort();
    places.dedup();
    places.truncate(SHOWN);
    (!places.is_empty()).then_some(places)
}

#[cfg(test)]
mod tests {
    use touchmark_image::{Limits, SourceImage};
    use touchmark_provenance::metadata::inspect::inspect;

    use super::*;

    const PARAMETERS: &str = "a cat\nNegative prompt: dog\nSteps: 20, Sampler: Euler, CFG scale: 7, Size: 512x512";

    /// What a PNG says with this source type in its XMP and these parameters.
    fn extent(source_type: &str, parameters: &str) -> Option<Says> {
        let packet = format!(
            "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:Description r:about='' \
            xmlns:i='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' i:DigitalSourceType='{source_type}'/></r:RDF>"
        );
        let mut png = b"\x89PNG\r\n\x1A\n".to_vec();
        for (keyword, text) in [("parameters", parameters), ("XML:com.adobe.xmp", &packet)] {
            let data = [keyword.as_bytes(), b"\0", text.as_bytes()].concat();
            png.extend((data.len() as u32).to_be_bytes());
            png.extend([b"tEXt", &data[..], &[0; 4]].concat());
        }
        png.extend(b"\0\0\0\0IEND\0\0\0\0");
        let image = SourceImage::parse(&png, &Limits::default()).unwrap();
        weightiest(&inspect(&image)).map(|label| label.says)
    }

    #[test]
    fn a_source_type_counts_before_a_guess() {
        assert_eq!(
            extent("compositeWithTrainedAlgorithmicMedia", PARAMETERS),
            Some(Says::Part)
        );
        assert_eq!(extent("trainedAlgorithmicMedia", PARAMETERS), Some(Says::Whole));
        for other in ["composite", "digitalCapture", "unheardOf"] {
            assert_eq!(extent(other, PARAMETERS), Some(Says::Whole), "{other}");
        }
        assert_eq!(extent("digitalCapture", "a cat"), Some(Says::OtherOrigin));
    }
}
