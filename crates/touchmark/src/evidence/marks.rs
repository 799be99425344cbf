//! What a watermark adds: a pointer, never proof. Who has the key can put any id on any picture.

use touchmark_provenance::manifest::ManifestFinding;

use super::labels::Labels;
use super::rules::Rule;
use super::verdict::{Ai, Reason};
use crate::pixels::WatermarkFinding;

/// Joins what was found of a watermark to the other unsigned marks. `true` where it contradicts a record that holds.
pub(super) fn join(found: &WatermarkFinding, manifest: &ManifestFinding, labels: &mut Labels) -> bool {
    let declared = declared(manifest);
    let rule = match found {
        WatermarkFinding::Found(mark) => match declared {
            Some(ids) if ids.contains(&u64::from(mark.id)) => Rule::WatermarkAgrees,
            Some([_, ..]) => Rule::WatermarkPointsElsewhere,
            _ => Rule::WatermarkFound,
        },
        WatermarkFinding::Unreadable { .. } => Rule::WatermarkUnreadable,
        WatermarkFinding::Absent => match declared {
            Some([_, ..]) => Rule::WatermarkGone,
            _ => return false,
        },
        WatermarkFinding::NotExamined(_) => return false,
    };
    let codes = match found {
        WatermarkFinding::Found(mark) => vec![mark.id.to_string()],
        _ => Vec::new(),
    };
    labels.reasons.push(Reason { rule, codes });
    if matches!(rule, Rule::WatermarkFound | Rule::WatermarkUnreadable) {
        labels.is_mark = true;
        if labels.ai == Ai::Unknown {
            labels.ai = Ai::Possible;
        }
    }
    rule == Rule::WatermarkPointsElsewhere
}

/// The ids that the active manifest states, where its record holds.
fn declared(manifest: &ManifestFinding) -> Option<&[u64]> {
    match manifest {
        ManifestFinding::Read(reading) => {
            reading.verified()?;
            Some(&reading.active()?.watermarks)
        }
        _ => None,
    }
}
