//! Image containers: what format some bytes are, where their parts lie, and how a C2PA manifest store is
//! inserted without touching the coded picture. Works on bytes within [`Limits`]; pixels are not decoded.
//!
//! ```
//! # use touchmark_image::{Error, Limits, SourceImage, Splice};
//! # fn insert(bytes: &[u8], store: &[u8]) -> Result<Vec<u8>, Error> {
//! let source = SourceImage::parse(bytes, &Limits::default())?;
//! let splice = Splice::new(&source, &source.container()?, store.len())?;
//! splice.assemble(store)
//! # }
//! # assert!(insert(b"not a picture", b"").is_err());
//! ```

mod bytes;
mod container;
mod error;
mod format;
mod jpeg;
mod limits;
mod png;
mod source;
mod splice;
mod webp;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod samples;

pub use container::{Coding, Container, StoreDefect, StoreSegment};
pub use error::{Element, Error, InputFault, Limit, StoreRefusal};
pub use format::Format;
pub use limits::Limits;
pub use source::SourceImage;
pub use splice::Splice;
