//! The crate's error: why touchmark could not do its work. What is wrong with a picture's claims ends in a verdict.

use std::error::Error as StdError;
use std::fmt;

use crate::stamp::{MetadataRefusal, PixelsRefusal};

use touchmark_provenance::ParentFault;
use touchmark_signing::timestamp::NoTimestamp;

/// Why a picture could not be stamped or examined, sorted by who can act.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The input is no picture that touchmark reads, is damaged, or is over a limit.
    Image(touchmark_image::Error),
    /// The picture given as the parent is none that touchmark reads, is damaged, or is over a limit.
    ParentImage(touchmark_image::Error),
    /// The picture that was edited cannot be recorded as the parent.
    Parent {
        /// What stands in the way.
        fault: ParentFault,
        /// The account of the C2PA library, where it has one.
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// The picture already carries credentials; stamping it as new would hide them.
    AlreadyMarked,
    /// The disclosure cannot be used.
    Disclosure(touchmark_provenance::Error),
    /// The signing identity cannot be used.
    Identity(touchmark_signing::Error),
    /// The manifest could not be written.
    Manifest(touchmark_provenance::Error),
    /// The stamped picture, read back, was not as it must be. Nothing is handed out.
    SelfCheck(SelfCheckFault),
    /// A time-stamp is demanded, and no authority gave one.
    Timestamp(NoTimestamp),
    /// Labels are demanded and the picture cannot take them.
    Metadata(MetadataRefusal),
    /// A watermark or a visible label is demanded and the picture cannot have it.
    Pixels(PixelsRefusal),
    /// The source could not be read.
    Read(std::io::Error),
    /// The target could not be written.
    Write(std::io::Error),
    /// The operating system gave no random bytes.
    Randomness(getrandom::Error),
    /// There was not enough memory for the picture.
    OutOfMemory,
}

/// What the self-check of a stamp found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SelfCheckFault {
    /// The stamped file could not be read as a picture.
    Unreadable,
    /// No valid claim was found in it.
    NotValid,
    /// The active claim is another one than was written.
    OtherClaim,
    /// The time-stamp that was put in is not read.
    OtherTimestamp,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(source) => source.fmt(f),
            Self::ParentImage(source) => write!(f, "read the picture that was edited: {source}"),
            Self::Parent { fault, .. } => write!(f, "record the picture that was edited: {fault}"),
            Self::AlreadyMarked => f.write_str("stamp a picture that already carries credentials"),
            Self::Disclosure(source) | Self::Manifest(source) => source.fmt(f),
            Self::Identity(source) => source.fmt(f),
            Self::SelfCheck(SelfCheckFault::Unreadable) => f.write_str("read the stamped picture back"),
            Self::SelfCheck(SelfCheckFault::NotValid) => f.write_str("find a valid claim in the stamped picture"),
            Self::SelfCheck(SelfCheckFault::OtherClaim) => f.write_str("find our own claim in the stamped picture"),
            Self::SelfCheck(SelfCheckFault::OtherTimestamp) => {
                f.write_str("find the time-stamp in the stamped picture")
            }
            Self::Timestamp(source) => write!(f, "get a time-stamp: {source}"),
            Self::Metadata(why) => write!(f, "write labels into the picture: {why}"),
            Self::Pixels(why) => write!(f, "mark the pixels: {why}"),
            Self::Read(source) => write!(f, "read the picture: {source}"),
            Self::Write(source) => write!(f, "write the stamped picture: {source}"),
            Self::Randomness(source) => write!(f, "get random bytes from the operating system: {source}"),
            Self::OutOfMemory => f.write_str("there was not enough memory for it"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Image(source) => source.source(),
            Self::ParentImage(source) => Some(source),
            Self::Parent { source, .. } => source.as_deref().map(|source| source as &(dyn StdError + 'static)),
            Self::Disclosure(source) | Self::Manifest(source) => source.source(),
            Self::Identity(source) => source.source(),
            Self::Metadata(source) => Some(source),
            Self::Pixels(source) => Some(source),
            Self::Timestamp(source) => Some(source),
            Self::Read(source) | Self::Write(source) => Some(source),
            Self::Randomness(source) => Some(source),
            Self::AlreadyMarked | Self::SelfCheck(_) | Self::OutOfMemory => None,
        }
    }
}

impl From<touchmark_image::Error> for Error {
    fn from(source: touchmark_image::Error) -> Self {
        Self::Image(source)
    }
}

impl From<touchmark_provenance::Error> for Error {
    fn from(source: touchmark_provenance::Error) -> Self {
        use touchmark_provenance::Error as E;
        match source {
            E::AlreadySigned => Self::AlreadyMarked,
            E::OutOfMemory => Self::OutOfMemory,
            E::Parent { fault, source } => Self::Parent { fault, source },
            E::Image(source) => Self::Image(source),
            E::Identity(source) => Self::Identity(source),
            source @ E::Disclosure { .. } => Self::Disclosure(source),
            source => Self::Manifest(source),
        }
    }
}
