//! What can go wrong with a container, sorted by who can act: the picture, the limits, the format, the caller.

use std::fmt;

use crate::Format;

/// Why an image could not be read as a container, or a manifest store could not be placed in it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not a whole picture of their format: another file is needed.
    Input {
        /// What is wrong.
        fault: InputFault,
        /// Where, in bytes from the start of the file.
        offset: u64,
    },
    /// The picture is over one of the [`Limits`](crate::Limits): a smaller one or a higher limit is needed.
    Limits {
        /// Which limit.
        limit: Limit,
        /// What the picture has (bytes, pixels or segments).
        found: u64,
        /// What the limit allows.
        allowed: u64,
    },
    /// touchmark reads this format but cannot place a manifest store in it.
    Unsupported(Format),
    /// The manifest store does not fit the picture or the plan: the calling code must change something.
    Store(StoreRefusal),
    /// The pixels cannot be read, or cannot be changed in this coding: another file is needed.
    Pixels(PixelRefusal),
}

/// What is wrong with the bytes of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputFault {
    /// There are no bytes.
    Empty,
    /// No format that touchmark knows begins like this.
    UnknownFormat,
    /// The element says that it reaches past the end of the file (or, inside RIFF, past the end of the body).
    Truncated(Element),
    /// The format demands this element and it is not there.
    Missing(Element),
    /// The element may occur once and occurs again.
    Duplicate(Element),
    /// The element stands where the format does not allow it.
    Misplaced(Element),
    /// The element's length field or its content contradicts the format.
    Malformed(Element),
    /// The element's CRC-32 does not match its bytes.
    Checksum(Element),
    /// Bytes that belong to no segment or chunk.
    Garbage,
    /// The element gives the picture no width or no height.
    ZeroDimension(Element),
    /// The container may be whole; the coded pixels in it are damaged.
    Coded(Format),
}

/// A named part of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Element {
    /// A JPEG marker segment, by the second byte of its marker (ITU-T T.81, table B.1).
    JpegMarker(u8),
    /// A PNG chunk, by its type.
    PngChunk([u8; 4]),
    /// The outermost RIFF chunk of a WebP file.
    Riff,
    /// A chunk inside RIFF, by its FourCC.
    RiffChunk([u8; 4]),
}

/// One of the [`Limits`](crate::Limits).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// `max_bytes`
    Bytes,
    /// `max_pixels`
    Pixels,
    /// `max_segments`
    Segments,
    /// `max_metadata`
    Metadata,
    /// `max_memory`
    Memory,
}

/// Why pixels were not decoded, or not encoded again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PixelRefusal {
    /// touchmark has no decoder for the format.
    NotDecoded(Format),
    /// touchmark reads the format and does not write it.
    NotEncoded(Format),
    /// A coding of the format that touchmark does not decode: arithmetic or lossless JPEG, 12-bit JPEG, TIFF of unusual
    /// samples.
    Coding(Format),
    /// More than one frame: each would have to be changed.
    Animated,
    /// Four inks. Only a profile tells how they look, so a change of light cannot be turned into one of ink.
    Cmyk,
    /// JPEG: sampling factors that do not divide each other, or tables that change between scans.
    UnusualCoding,
    /// The pixels differ in size, channels or depth from the picture that they are to replace.
    OtherPicture,
}

/// Why a manifest store was not placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreRefusal {
    /// The picture carries a manifest store; a second one would make all invalid (C2PA 2.2, Appendix A).
    /// [`Layout::replacing`](crate::Layout::replacing) removes what is there.
    AlreadyPresent,
    /// Shorter than a JUMBF box header, 8 bytes.
    TooShort,
    /// The format cannot hold this many bytes in a store, or in a file with such a store.
    TooLong,
    /// WebP: the RIFF pad byte after an odd store would be hashed by some readers and not by others.
    OddLength,
    /// The store is not of the length that was planned.
    OtherLength {
        /// Bytes given to [`Splice::new`](crate::Splice::new).
        planned: u64,
        /// Bytes of the store.
        given: u64,
    },
    /// JPEG: a store in several segments with a 64-bit box length (XLBox), which no store below 4 GiB needs.
    LongBoxHeader,
    /// JPEG: all 65 536 box instance numbers are taken by other boxes in APP11.
    NoBoxInstance,
    /// The XMP packet is longer than the format can hold: 65 504 bytes in JPEG, 2 GiB in PNG, 4 GiB in WebP.
    PacketTooLong,
    /// The container was not made from this picture.
    OtherPicture,
}

impl Error {
    pub(crate) fn input(fault: InputFault, offset: usize) -> Self {
        Self::Input {
            fault,
            offset: offset as u64,
        }
    }
}

impl std::error::Error for Error {}

impl From<StoreRefusal> for Error {
    fn from(refusal: StoreRefusal) -> Self {
        Self::Store(refusal)
    }
}

impl From<PixelRefusal> for Error {
    fn from(refusal: PixelRefusal) -> Self {
        Self::Pixels(refusal)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input {
                fault: fault @ (InputFault::Empty | InputFault::UnknownFormat | InputFault::Coded(_)),
                ..
            } => fault.fmt(f),
            Self::Input { fault, offset } => write!(f, "{fault} (byte {offset})"),
            Self::Limits { limit, found, allowed } => {
                write!(f, "the picture has {found} {limit}, over the limit of {allowed}")
            }
            Self::Unsupported(format) => write!(f, "no manifest store can be placed in {} files yet", format.name()),
            Self::Store(refusal) => refusal.fmt(f),
            Self::Pixels(refusal) => refusal.fmt(f),
        }
    }
}

impl fmt::Display for InputFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::UnknownFormat => f.write_str("the bytes are no picture format that touchmark knows"),
            Self::Truncated(element) => write!(f, "the {element} reaches past the end"),
            Self::Missing(element) => write!(f, "the {element} is missing"),
            Self::Duplicate(element) => write!(f, "the {element} occurs twice"),
            Self::Misplaced(element) => write!(f, "the {element} stands in a place not allowed for it"),
            Self::Malformed(element) => write!(f, "the {element} has an impossible length or content"),
            Self::Checksum(element) => write!(f, "the {element} has a wrong checksum"),
            Self::Garbage => f.write_str("bytes that belong to no segment"),
            Self::ZeroDimension(element) => write!(f, "the {element} gives a width or height of zero"),
            Self::Coded(format) => write!(f, "the coded pixels of the {} picture are damaged", format.name()),
        }
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::JpegMarker(0xC0) => f.write_str("JPEG frame header (SOF)"),
            Self::JpegMarker(0xD8) => f.write_str("JPEG start of image (SOI)"),
            Self::JpegMarker(0xD9) => f.write_str("JPEG end of image (EOI)"),
            Self::JpegMarker(0xDA) => f.write_str("JPEG scan (SOS)"),
            Self::JpegMarker(code) => write!(f, "JPEG segment FF{code:02X}"),
            Self::PngChunk(name) => write!(f, "PNG chunk {}", name.escape_ascii()),
            Self::Riff => f.write_str("RIFF body"),
            Self::RiffChunk(name) => write!(f, "WebP chunk {}", name.trim_ascii_end().escape_ascii()),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "bytes",
            Self::Pixels => "pixels",
            Self::Segments => "segments",
            Self::Metadata => "bytes of metadata in one block",
            Self::Memory => "bytes of decoded pixels",
        })
    }
}

impl fmt::Display for PixelRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotDecoded(format) => write!(f, "the pixels of {} files are not decoded yet", format.name()),
            Self::NotEncoded(format) => write!(f, "the pixels of {} files cannot be changed yet", format.name()),
            Self::Coding(format) => write!(f, "this coding of {} is not decoded", format.name()),
            Self::Animated => f.write_str("the picture is animated, and only still ones can be changed"),
            Self::Cmyk => f.write_str("the picture is made of four inks (CMYK), and only grey and RGB can be changed"),
            Self::UnusualCoding => f.write_str("the JPEG picture is coded in a way too unusual to be changed"),
            Self::OtherPicture => f.write_str("the changed pixels are of another size or kind than the picture"),
        }
    }
}

impl fmt::Display for StoreRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyPresent => f.write_str("the picture already carries a manifest store"),
            Self::TooShort => f.write_str("the manifest store is shorter than a box header"),
            Self::TooLong => f.write_str("the manifest store is longer than the format allows"),
            Self::OddLength => f.write_str("the manifest store of a WebP picture needs an even length"),
            Self::OtherLength { planned, given } => {
                write!(f, "the manifest store has {given} bytes where {planned} were planned")
            }
            Self::LongBoxHeader => f.write_str("the manifest store has a 64-bit box length"),
            Self::NoBoxInstance => f.write_str("no box instance number is free in the JPEG segments APP11"),
            Self::PacketTooLong => f.write_str("the XMP packet is longer than the format can hold"),
            Self::OtherPicture => f.write_str("the container was made from another picture"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_element_and_the_place() {
        let error = Error::input(InputFault::Truncated(Element::PngChunk(*b"IDAT")), 41);
        assert_eq!(error.to_string(), "the PNG chunk IDAT reaches past the end (byte 41)");
        let error = Error::input(InputFault::Missing(Element::RiffChunk(*b"VP8 ")), 12);
        assert_eq!(error.to_string(), "the WebP chunk VP8 is missing (byte 12)");
        assert_eq!(Error::input(InputFault::Empty, 0).to_string(), "the file is empty");
    }

    #[test]
    fn names_out_of_a_file_are_escaped() {
        assert_eq!(Element::PngChunk(*b"\x1b[2J").to_string(), "PNG chunk \\x1b[2J");
    }
}
