//! Image containers: what format some bytes are, where their parts lie, and how a C2PA manifest store is
//! inserted without touching the coded picture; and [`Pixels`], decoded, and put back with all else as it was.
//! Works on bytes within [`Limits`].
//!
//! ```
//! # use touchmark_image::{Error, Layout, Limits, SourceImage, Splice};
//! # fn insert(bytes: &[u8], store: &[u8]) -> Result<Vec<u8>, Error> {
//! let source = SourceImage::parse(bytes, &Limits::default())?;
//! let splice = Splice::new(Layout::new(&source.container()?, None)?, store.len())?;
//! splice.over(&source)?.assemble(store)
//! # }
//! # assert!(insert(b"not a picture", b"").is_err());
//! ```

mod blocks;
mod bmff;
mod brotli;
mod bytes;
mod container;
mod error;
mod file;
mod format;
mod gif;
mod jpeg;
mod layout;
mod limits;
mod media;
mod metadata;
mod pixels;
mod png;
mod source;
mod splice;
mod tiff;
mod webp;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod samples;

pub use blocks::{BlockKind, Blocks, MetadataBlock, Place, Unread};
pub use bmff::{IsoBox, IsoBoxes};
pub use brotli::{has_large_window, unbrotli};
pub use container::{Coding, Container, StoreDefect, StoreSegment};
pub use error::{Element, Error, InputFault, Limit, PixelRefusal, StoreRefusal};
pub use file::SourceFile;
pub use format::Format;
pub use layout::Layout;
pub use limits::Limits;
pub use media::merged;
pub use metadata::{Block, Encoding, Metadata, Xmp};
pub use pixels::{Channels, CodingChange, Loss, Orientation, Pixels, Reencoded, Reencoding, Samples, SamplesMut};
pub use source::SourceImage;
pub use splice::{Splice, Spliced};
pub use tiff::{ByteOrder, ExifDirectory, ExifField, ExifFields};
