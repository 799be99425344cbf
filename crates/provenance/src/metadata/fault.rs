//! What can be wrong with the XMP of a picture.

use std::fmt;

/// A part of a picture's XMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The packet that every reader sees.
    Main,
    /// The part that JPEG keeps apart because it does not fit into one segment (XMP part 3, 1.1.3.1).
    Extended,
}

/// Why XMP can be neither labelled nor read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum XmpFault {
    /// Longer than this many bytes.
    TooLarge(usize),
    /// Elements in elements, more than this many.
    TooDeep(usize),
    /// More than this many namespace declarations in force at once.
    TooManyNamespaces(usize),
    /// A namespace with a name longer than this many bytes.
    NamespaceTooLong(usize),
    /// Not UTF-8, which JPEG, PNG and WebP ask for (XMP part 3).
    NotUtf8,
    /// A document type declaration, which could define entities.
    DocumentType,
    /// Not well-formed XML at this byte of the packet, its byte order mark not counted.
    Malformed(usize),
    /// Well-formed XML without an `rdf:RDF` element.
    NotRdf,
    /// More than one `rdf:RDF` element.
    SeveralRdf,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Main => "packet",
            Self::Extended => "extended part",
        })
    }
}

impl fmt::Display for XmpFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(limit) => write!(f, "is longer than {limit} bytes"),
            Self::TooDeep(limit) => write!(f, "has elements nested deeper than {limit}"),
            Self::TooManyNamespaces(limit) => write!(f, "has more than {limit} namespace declarations in force"),
            Self::NamespaceTooLong(limit) => write!(f, "has a namespace whose name is longer than {limit} bytes"),
            Self::NotUtf8 => f.write_str("is not in UTF-8"),
            Self::DocumentType => f.write_str("has a document type declaration"),
            Self::Malformed(at) => write!(f, "is not well-formed XML at byte {at}"),
            Self::NotRdf => f.write_str("has no rdf:RDF element"),
            Self::SeveralRdf => f.write_str("has more than one rdf:RDF element"),
        }
    }
}
