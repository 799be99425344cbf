//! What is asked for on a picture.

use touchmark_provenance::Disclosure;
use touchmark_provenance::metadata::Requests;
use touchmark_signal::label::Label;
use touchmark_signal::watermark::{Strength, WatermarkId};

/// What a stamp is to carry. Start from [`Order::of`] and change what differs.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// The statement about the system.
    pub disclosure: &'a Disclosure,
    /// Labels in XMP beside the manifest.
    pub metadata: Want,
    /// The imperceptible mark in the pixels.
    pub watermark: WatermarkOrder,
    /// The label that people see, where one is wanted: then it is demanded.
    pub label: Option<Label>,
    /// A time-stamp on the signature, by one of the authorities that the stamper was given.
    pub timestamp: Want,
    /// What goes into a stamp only on request.
    pub requests: Requests,
}

/// The watermark that is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WatermarkOrder {
    /// Whether there is to be one.
    pub want: Want,
    /// What it says. `None` for the issuer of the disclosure and a random serial.
    pub id: Option<WatermarkId>,
    /// How much it may change the picture.
    pub strength: Strength,
}

/// How much a layer, or a time-stamp, is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Want {
    /// Not at all.
    No,
    /// Where it can be; else the record says why not.
    #[default]
    IfPossible,
    /// A picture that cannot have it is refused.
    Demanded,
}

impl<'a> Order<'a> {
    /// The default layers with this statement, without a time-stamp.
    pub fn of(disclosure: &'a Disclosure) -> Self {
        Self {
            disclosure,
            metadata: Want::default(),
            watermark: WatermarkOrder::default(),
            label: None,
            timestamp: Want::No,
            requests: Requests::default(),
        }
    }

    /// The default layers without the watermark, so that the picture's coded data stays as it is, to the byte.
    pub fn without_pixels(disclosure: &'a Disclosure) -> Self {
        let mut order = Self::of(disclosure);
        order.watermark.want = Want::No;
        order
    }

    /// Whether a layer is wanted for which pixels change.
    pub(super) fn changes_pixels(&self) -> bool {
        self.label.is_some() || self.watermark.want != Want::No
    }

    /// Whether a picture that cannot have all pixel layers is refused.
    pub(super) fn demands_pixels(&self) -> bool {
        self.label.is_some() || self.watermark.want == Want::Demanded
    }
}
