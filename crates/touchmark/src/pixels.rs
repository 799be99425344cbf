//! What the pixels of a picture say: a mark, where there is one, and a fingerprint.

use std::sync::OnceLock;

use touchmark_image::{Error as ImageError, Pixels};
use touchmark_signal::fingerprint::{self, Fingerprint};
use touchmark_signal::watermark::{Detection, Detector, Placement, WatermarkId, WatermarkKey};

use crate::findings::Why;

/// Looks at pixels with a set of watermark keys. Its tables are made when the first picture is looked at.
#[derive(Debug, Default)]
pub(crate) struct PixelReader {
    own: Vec<WatermarkKey>,
    detector: OnceLock<Detector>,
}

/// What was found in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct PixelFindings {
    /// The watermark.
    pub watermark: WatermarkFinding,
    /// The fingerprint, which every picture has.
    pub fingerprint: FingerprintFinding,
}

/// What was found of a watermark. Finding none does not mean that there never was one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum WatermarkFinding {
    /// A mark whose id can be read.
    Found(Mark),
    /// A mark of a known key of which too little is left to read its id.
    Unreadable {
        /// As [`Mark::key`].
        key: MarkKey,
        /// As [`Mark::statistic`].
        statistic: f32,
        /// How it lies in the picture.
        placement: Placement,
    },
    /// No mark of the keys at hand.
    Absent,
    /// Not looked for.
    NotExamined(Why),
}

/// A mark in a picture. It points to a record and proves nothing: who has the key can put any id on any picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// What it says.
    pub id: WatermarkId,
    /// The key that it was made with.
    pub key: MarkKey,
    /// How far its template stands out, in standard deviations of chance: at least 6.2.
    pub statistic: f32,
    /// How it lies in the picture.
    pub placement: Placement,
}

/// Whose key a mark was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkKey {
    /// The key that everybody has: anyone can put such a mark on any picture.
    Public,
    /// A key that was given for this examination.
    Own,
}

/// What was found as fingerprint.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum FingerprintFinding {
    /// The fingerprint of the picture as it is looked at.
    Of(Fingerprint),
    /// Not taken.
    NotExamined(Why),
}

impl PixelReader {
    /// Looks for marks of these keys as well as for those of the key that everybody has.
    pub fn new(own: Vec<WatermarkKey>) -> Self {
        Self {
            own,
            detector: OnceLock::new(),
        }
    }

    /// Looks at a decoded picture.
    pub fn read(&self, pixels: &Pixels) -> PixelFindings {
        PixelFindings {
            watermark: self.watermark(pixels),
            fingerprint: FingerprintFinding::Of(fingerprint::of(pixels)),
        }
    }

    /// Looks for a watermark alone.
    pub fn watermark(&self, pixels: &Pixels) -> WatermarkFinding {
        match self.detector().detect(pixels) {
            Detection::Found(reading) => WatermarkFinding::Found(Mark {
                id: reading.id,
                key: self.key(reading.key),
                statistic: reading.statistic,
                placement: reading.placement,
            }),
            Detection::Unreadable {
                key: index,
                statistic,
                placement,
            } => WatermarkFinding::Unreadable {
                key: self.key(index),
                statistic,
                placement,
            },
            Detection::TooSmall => WatermarkFinding::NotExamined(Why::TooSmall),
            _ => WatermarkFinding::Absent,
        }
    }

    fn key(&self, index: usize) -> MarkKey {
        match index < self.own.len() {
            true => MarkKey::Own,
            false => MarkKey::Public,
        }
    }

    /// The public key comes last: a mark of one's own may lie over one of that key, and is what a record states.
    fn detector(&self) -> &Detector {
        self.detector.get_or_init(|| {
            let public = std::iter::once(WatermarkKey::public());
            let keys: Vec<WatermarkKey> = self.own.iter().cloned().chain(public).collect();
            Detector::new(&keys)
        })
    }
}

impl WatermarkFinding {
    pub(crate) fn why_not(&self) -> Option<Why> {
        match self {
            Self::NotExamined(why) => Some(*why),
            _ => None,
        }
    }
}

impl FingerprintFinding {
    pub(crate) fn why_not(&self) -> Option<Why> {
        match self {
            Self::NotExamined(why) => Some(*why),
            Self::Of(_) => None,
        }
    }
}

impl PixelFindings {
    /// Pixels that could not be decoded.
    pub fn not_decoded(error: &ImageError) -> Self {
        Self::not_examined(why(error))
    }

    /// Pixels that were not looked at.
    pub fn not_examined(why: Why) -> Self {
        Self {
            watermark: WatermarkFinding::NotExamined(why),
            fingerprint: FingerprintFinding::NotExamined(why),
        }
    }
}

fn why(error: &ImageError) -> Why {
    match error {
        ImageError::Limits { .. } => Why::OverLimit,
        ImageError::Pixels(_) => Why::UnsupportedFormat,
        _ => Why::Damaged,
    }
}
