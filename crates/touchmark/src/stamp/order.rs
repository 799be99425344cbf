//! What is asked for on a picture.

use touchmark_provenance::Disclosure;
use touchmark_provenance::metadata::Requests;

/// What a stamp is to carry. Start from [`Order::of`] and change what differs.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// The statement about the system.
    pub disclosure: &'a Disclosure,
    /// Labels in XMP beside the manifest.
    pub metadata: Want,
    /// A time-stamp on the signature, by one of the authorities that the stamper was given.
    pub timestamp: Want,
    /// What goes into a stamp only on request.
    pub requests: Requests,
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
            timestamp: Want::No,
            requests: Requests::default(),
        }
    }
}
