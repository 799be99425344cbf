//! The crate's error: why a manifest could not be written or a disclosure could not be used.

use std::error::Error as StdError;
use std::fmt;

/// Why provenance could not be written or read. What is wrong with a *picture's claims* is never an error but a finding.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The disclosure cannot be used: the first fault found, with the field's path.
    Disclosure {
        /// The path of the field, such as `provider.name`; empty when the document as a whole is at fault.
        field: &'static str,
        /// What is wrong with it.
        fault: DisclosureFault,
    },
    /// The picture's XMP cannot take labels; whoever calls may refuse the picture or leave the labels out.
    Metadata {
        /// Where the fault is.
        part: crate::metadata::Part,
        /// What is wrong with it.
        fault: crate::metadata::XmpFault,
    },
    /// A text that was asked to be written cannot be.
    Request(crate::metadata::RequestFault),
    /// The picture cannot take a manifest: damaged, or of a kind that is not stamped.
    Image(touchmark_image::Error),
    /// The picture already carries a manifest store.
    AlreadySigned,
    /// The signing identity cannot be used now.
    Identity(touchmark_signing::Error),
    /// The manifest could not be built; the source tells why.
    Manifest {
        /// What was being done.
        doing: &'static str,
        /// The SDK's own account.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The manifest's size did not settle, so its place in the file cannot be signed.
    UnstableSize,
}

/// What is wrong with a disclosure.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DisclosureFault {
    /// Not valid TOML, or a key that the schema does not know; the parser's words, with the line.
    Syntax(Box<str>),
    /// A mandatory field is missing or empty.
    Missing,
    /// The text is longer than this many characters.
    TooLong(usize),
    /// The text holds control or bidirectional formatting characters.
    ControlCharacters,
    /// Not an address that starts with `https://` or `mailto:`.
    NotAnAddress,
    /// Not one of the values that the schema allows.
    UnknownValue,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disclosure { field: "", fault } => write!(f, "use the disclosure: {fault}"),
            Self::Disclosure { field, fault } => write!(f, "use the disclosure: {field} {fault}"),
            Self::Metadata { part, fault } => write!(f, "write labels into the picture's XMP: the {part} {fault}"),
            Self::Request(fault) => write!(f, "write the text asked for: it {fault}"),
            Self::Image(source) => source.fmt(f),
            Self::AlreadySigned => f.write_str("sign a picture that already carries credentials"),
            Self::Identity(source) => source.fmt(f),
            Self::Manifest { doing, .. } => f.write_str(doing),
            Self::UnstableSize => f.write_str("settle the size of the manifest"),
        }
    }
}

impl fmt::Display for DisclosureFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(words) => write!(f, "cannot be read: {words}"),
            Self::Missing => f.write_str("is missing or empty"),
            Self::TooLong(limit) => write!(f, "is longer than {limit} characters"),
            Self::ControlCharacters => f.write_str("holds control characters"),
            Self::NotAnAddress => f.write_str("is not an address starting with https:// or mailto:"),
            Self::UnknownValue => f.write_str("is not one of the allowed values"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Image(source) => Some(source),
            Self::Identity(source) => Some(source),
            Self::Manifest { source, .. } => Some(source.as_ref()),
            Self::Disclosure { .. }
            | Self::Metadata { .. }
            | Self::Request(_)
            | Self::AlreadySigned
            | Self::UnstableSize => None,
        }
    }
}

impl From<touchmark_image::Error> for Error {
    fn from(source: touchmark_image::Error) -> Self {
        Self::Image(source)
    }
}

impl From<touchmark_signing::Error> for Error {
    fn from(source: touchmark_signing::Error) -> Self {
        Self::Identity(source)
    }
}
