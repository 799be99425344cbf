//! What a stamp leaves behind: the file, what there is to remember of it, and what its maker should be told.

use time::OffsetDateTime;
use touchmark_image::Format;
use touchmark_provenance::manifest::StampFacts;
use touchmark_provenance::metadata::{Found, Part, PersonalField, XmpFault};
use touchmark_signing::timestamp::{NoTimestamp, Timestamp};

use super::pixels::{PixelRecord, PixelsRefusal};
use super::timestamps::Countersigner;
use crate::findings::Layer;

/// A picture with its stamp: made by a template that was tried, or read back itself.
#[derive(Debug)]
pub struct Stamped {
    pub(super) bytes: Vec<u8>,
    pub(super) record: Record,
}

/// What there is to remember about a stamp; never the picture.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// The manifest's URN.
    pub manifest: String,
    /// The format of the picture.
    pub format: Format,
    /// When it was stamped.
    pub created: OffsetDateTime,
    /// Length of the stamped file in bytes.
    pub bytes: u64,
    /// The layers that the stamp has.
    pub layers: Vec<Layer>,
    /// What is in its pixels; `None` where they were left alone.
    pub pixels: Option<PixelRecord>,
    /// The time-stamp on its signature.
    pub timestamp: Option<TimestampRecord>,
    /// What whoever made the picture should know.
    pub notes: Vec<Note>,
}

/// A time-stamp that a stamp has.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimestampRecord {
    /// The time that it states.
    pub time: OffsetDateTime,
    /// Who was asked, by the name that the authority was given with.
    pub authority: Box<str>,
    /// Whether the authority is on a list in force: else readers call its time a claim.
    pub listed: bool,
}

/// Something about a stamp, or about the picture's own metadata, that its maker should know.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Note {
    /// The labels were left out because the picture cannot take them.
    MetadataLeftOut(MetadataRefusal),
    /// The watermark was left out because the picture cannot have one.
    WatermarkLeftOut(PixelsRefusal),
    /// A label that was there stays, and says something else than this stamp.
    LabelKept(Found),
    /// A label that was there contradicted the stamp and gave way.
    LabelReplaced(Found),
    /// The picture's metadata names a person, a place or a device; it stays.
    Personal(PersonalField),
    /// Not all of the picture's metadata could be looked at for names and places.
    PersonalUnknown,
    /// The metadata of the picture that it was edited from names a person, a place or a device; it is not copied.
    ParentPersonal(PersonalField),
    /// Not all metadata of that picture could be looked at for names and places.
    ParentPersonalUnknown,
    /// There is no time-stamp, though one was wanted.
    NoTimestamp(NoTimestamp),
}

/// Why a picture cannot take labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetadataRefusal {
    /// Its XMP cannot be read to the end, so nothing can be added without losing something.
    Xmp(Part, XmpFault),
    /// It has several XMP packets, of which readers see one or another.
    SeveralPackets,
    /// With the labels its XMP would not fit the format: JPEG has room for 65 504 bytes.
    TooLong,
    /// A block of its metadata is over the limit.
    OverLimit,
}

impl Record {
    pub(super) fn new(
        facts: &StampFacts<'_>,
        format: Format,
        bytes: u64,
        pixels: Option<PixelRecord>,
        labels: super::labels::Notes,
        countersigner: Countersigner<'_>,
    ) -> Self {
        let mut layers = vec![Layer::Manifest];
        let (timestamp, missed) = countersigner.into_record();
        let mut notes = labels.notes;
        notes.extend(missed.map(Note::NoTimestamp));
        if labels.labelled {
            layers.push(Layer::Metadata);
        }
        if let Some(pixels) = &pixels {
            layers.extend(pixels.watermark.map(|_| Layer::Watermark));
            layers.push(Layer::Fingerprint);
            layers.extend(pixels.label.as_ref().map(|_| Layer::Label));
        }
        Self {
            manifest: facts.ids.manifest_urn(),
            format,
            created: facts.created,
            bytes,
            layers,
            pixels,
            timestamp,
            notes,
        }
    }
}

impl TimestampRecord {
    pub(super) fn of(timestamp: &Timestamp) -> Self {
        Self {
            time: timestamp.time(),
            authority: timestamp.authority().into(),
            listed: timestamp.trust().is_trusted(),
        }
    }
}

impl Stamped {
    /// The stamped file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What there is to remember about it.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The stamped file, by value.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl std::fmt::Display for MetadataRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Xmp(Part::Main, fault) => write!(f, "its XMP packet {fault}"),
            Self::Xmp(Part::Extended, fault) => write!(f, "its extended XMP {fault}"),
            Self::SeveralPackets => f.write_str("it has several XMP packets"),
            Self::TooLong => f.write_str("its XMP would not fit the format"),
            Self::OverLimit => f.write_str("a block of its metadata is over the limit"),
        }
    }
}

impl std::error::Error for MetadataRefusal {}
