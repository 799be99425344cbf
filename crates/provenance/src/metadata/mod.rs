//! The labels that anyone can read and anyone can write: the XMP text of a stamped picture, made and read back, and
//! what other metadata tells about people and places. Pure functions over bytes; containers are `touchmark-image`'s.
//!
//! A stamp's labels go into a picture before its manifest, whose hash then covers them:
//!
//! ```
//! # use touchmark_provenance::{Disclosure, Error};
//! use touchmark_provenance::manifest::{Ids, Origin, PixelFacts, StampFacts};
//! use touchmark_provenance::metadata::{self, Existing, Requests};
//!
//! let facts = StampFacts {
//!     disclosure: &Disclosure::unfilled(),
//!     origin: Origin::Created,
//!     created: time::OffsetDateTime::UNIX_EPOCH,
//!     ids: Ids::from_random([7; 32]),
//!     pixels: PixelFacts::none(),
//!     requests: &Requests::default(),
//! };
//! let labelled = metadata::label(&Existing::default(), &facts)?;
//! let again = Existing { main: Some(&labelled.packet), ..Existing::default() };
//! assert!(metadata::read(&again).get("http://ns.adobe.com/xap/1.0/", "CreateDate").is_some());
//! # Ok::<(), Error>(())
//! ```

pub mod exif;
mod fault;
pub mod inspect;
pub mod iptc;
mod labels;
#[cfg(test)]
mod laws;
mod packet;
mod personal;
mod plan;
mod read;
mod requests;
mod scan;
mod write;
mod xml;

pub use fault::{Part, XmpFault};
pub use inspect::{
    FoundLabel, MetadataFinding, NotRead, NotReadWhy, PromptText, Prompts, Says, Writer, WriterKind, inspect,
    inspect_with, stealth,
};
pub use labels::Label;
pub use packet::Existing;
pub use personal::{Personal, PersonalField, PersonalKind, personal, personal_of_file};
pub use plan::Found;
pub use read::{Form, Properties, Property, read};
pub use requests::{Prompt, RequestFault, RequestText, Requests, TrainingMining, Use};
pub use write::{LabelledXmp, label};
