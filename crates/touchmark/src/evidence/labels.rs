//! What unsigned labels claim, and that anyone can have written them: they name an origin, never a signer.

use touchmark_provenance::manifest::ManifestFinding;
use touchmark_provenance::metadata::inspect::{CAMERA, IMITATION, POINTER};
use touchmark_provenance::metadata::{FoundLabel, MetadataFinding, Says};

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

    let (ai, extent) = match (metadata.says(), &generative) {
        (Some(Says::Whole), _) => (Ai::Claimed, Extent::Whole),
        (Some(Says::Part), _) => (Ai::Claimed, Extent::Part),
        (Some(Says::Possible), _) => (Ai::Possible, Extent::Unknown),
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
    let mut places: Vec<String> = metadata.unread.iter().map(|part| part.place.to_string()).collect();
    places.sort();
    places.dedup();
    places.truncate(SHOWN);
    (!places.is_empty()).then_some(places)
}
