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
        field: FieldPath,
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
    /// The picture that was edited cannot be recorded as the parent.
    Parent {
        /// What stands in the way.
        fault: ParentFault,
        /// The SDK's own account, where it has one.
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// The manifest could not be built; the source tells why.
    Manifest {
        /// What was being done.
        doing: &'static str,
        /// The SDK's own account.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The template of the manifest was made for pictures of another kind.
    Template,
    /// The manifest's size did not settle, so its place in the file cannot be signed.
    UnstableSize,
    /// There was not enough memory to read the picture's credentials: nothing is known of them.
    OutOfMemory,
}

/// Why a picture that was edited cannot be recorded as the parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParentFault {
    /// None is given, and the picture has no credentials that could tell of one.
    Missing,
    /// The edited picture carries credentials that are not its parent's, and would lose them.
    OtherCredentials,
    /// The edited picture carries credentials in a damaged wrapping, out of which they cannot be taken.
    Irremovable,
    /// The parent's credentials are over a limit on what a stamp carries on.
    OverLimit,
    /// The parent's credentials can be read, and not be carried on.
    Uncarriable,
}

/// The path of a field in a disclosure, such as `safeguards[2].measure`; empty for the document as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(Box<str>);

impl FieldPath {
    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for FieldPath {
    fn from(path: &str) -> Self {
        Self(path.into())
    }
}

impl From<String> for FieldPath {
    fn from(path: String) -> Self {
        Self(path.into())
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is wrong with a disclosure.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DisclosureFault {
    /// Not valid TOML or JSON, or a key that the schema does not know; the parser's words, with the line.
    Syntax(Box<str>),
    /// A mandatory field is missing or empty.
    Missing,
    /// The text is longer than this many characters.
    TooLong(usize),
    /// The text holds control or bidirectional formatting characters.
    ControlCharacters,
    /// Not an address that starts with `https://` or `mailto:`.
    NotAnAddress,
    /// Not an address that starts with `https://`.
    NotALink,
    /// Not one of the values that the schema allows.
    UnknownValue,
    /// The template's own words are still there.
    Placeholder,
    /// More entries than this.
    TooMany(usize),
    /// The document is larger than this many bytes.
    TooLarge(usize),
    /// A number outside of what it can mean.
    OutOfRange,
    /// The signature, its certificates or their form do not hold; why.
    Signature(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disclosure { field, fault } if field.as_str().is_empty() => write!(f, "use the disclosure: {fault}"),
            Self::Disclosure { field, fault } => write!(f, "use the disclosure: {field} {fault}"),
            Self::Metadata { part, fault } => write!(f, "write labels into the picture's XMP: the {part} {fault}"),
            Self::Request(fault) => write!(f, "write the text asked for: it {fault}"),
            Self::Image(source) => source.fmt(f),
            Self::AlreadySigned => f.write_str("sign a picture that already carries credentials"),
            Self::Identity(source) => source.fmt(f),
            Self::Parent { fault, .. } => write!(f, "record the picture that was edited: {fault}"),
            Self::Manifest { doing, .. } => f.write_str(doing),
            Self::Template => f.write_str("fill in a template that was made for other pictures"),
            Self::UnstableSize => f.write_str("settle the size of the manifest"),
            Self::OutOfMemory => f.write_str("there was not enough memory to read the credentials"),
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
            Self::NotALink => f.write_str("is not an address starting with https://"),
            Self::UnknownValue => f.write_str("is not one of the allowed values"),
            Self::Placeholder => f.write_str("is not filled in"),
            Self::TooMany(limit) => write!(f, "has more than {limit} entries"),
            Self::TooLarge(limit) => write!(f, "it has more than {limit} bytes"),
            Self::OutOfRange => f.write_str("is a number outside of its range"),
            Self::Signature(why) => write!(f, "its signature does not hold: {why}"),
        }
    }
}

impl fmt::Display for ParentFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "none is given, and this one carries no credentials of its own",
            Self::OtherCredentials => "the edited picture carries credentials that are not its parent's",
            Self::Irremovable => "the edited picture carries credentials in a damaged wrapping",
            Self::OverLimit => "its credentials are larger than a stamp carries on",
            Self::Uncarriable => "its credentials are made so that they cannot be carried on",
        })
    }
}

impl From<ParentFault> for Error {
    fn from(fault: ParentFault) -> Self {
        Self::Parent { fault, source: None }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Image(source) => Some(source),
            Self::Identity(source) => Some(source),
            Self::Manifest { source, .. } => Some(source.as_ref()),
            Self::Parent { source, .. } => source.as_deref().map(|source| source as &(dyn StdError + 'static)),
            Self::Disclosure { .. }
            | Self::Metadata { .. }
            | Self::Request(_)
            | Self::AlreadySigned
            | Self::Template
            | Self::UnstableSize
            | Self::OutOfMemory => None,
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
