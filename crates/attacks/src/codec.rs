//! Codecs that attacks need and this crate has not: whoever applies an attack brings them.

use std::{error, fmt};

use crate::Picture;

/// Coding with loss that an attack asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    /// Lossy WebP.
    WebP {
        /// 0 to 100, as libwebp counts.
        quality: u8,
    },
    /// AVIF, 4:2:0.
    Avif {
        /// 0 to 100, as libavif counts.
        quality: u8,
    },
}

impl fmt::Display for Coding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WebP { quality } => write!(f, "WebP {quality}"),
            Self::Avif { quality } => write!(f, "AVIF {quality}"),
        }
    }
}

/// What codes pictures and decodes them again.
pub trait Codecs {
    /// The picture after coding; of the same size.
    ///
    /// # Errors
    /// [`Error::NoCodec`] where there is none for this coding, [`Error::Codec`] where it failed.
    fn transcode(&self, picture: &Picture, coding: Coding) -> Result<Picture, Error>;
}

/// No codecs: attacks that need one are not possible.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCodecs;

impl Codecs for NoCodecs {
    fn transcode(&self, _: &Picture, coding: Coding) -> Result<Picture, Error> {
        Err(Error::NoCodec(coding))
    }
}

/// Why an attack was not applied.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no encoder, or no decoder, for this coding.
    NoCodec(Coding),
    /// A codec failed.
    Codec(Coding, Box<dyn error::Error + Send + Sync>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCodec(coding) => write!(f, "no codec for {coding} here"),
            Self::Codec(coding, _) => write!(f, "the codec for {coding} failed"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::NoCodec(_) => None,
            Self::Codec(_, source) => Some(source.as_ref()),
        }
    }
}
