//! Stamps pictures made by AI with signed provenance, and says what is known about any picture.
//!
//! ```
//! # use touchmark::{Disclosure, Signer, Stamper, Verifier};
//! # fn three_lines(signer: Signer, trust_lists: touchmark::TrustLists, bytes: &[u8], disclosure: &Disclosure, now: time::OffsetDateTime) -> Result<(), touchmark::Error> {
//! let stamped = Stamper::new(signer)?.stamp(bytes, disclosure, now)?;
//! let report = Verifier::new(trust_lists)?.verify(stamped.bytes(), now)?;
//! println!("{}", report.to_text());
//! # Ok(()) }
//! ```
//!
//! Functions of bytes, configuration and time alone: no files, no clock, no environment, no network; stamping also takes
//! randomness from the operating system. An image that fails is a result, not an error.

mod error;
pub mod evidence;
pub mod findings;
pub mod help;
pub mod issuer;
pub mod pixels;
pub mod profile;
pub mod report;
mod stamp;
mod verify;

pub use error::{Error, SelfCheckFault};
pub use evidence::{Policy, Requirement, Verdict};
pub use findings::Layer;
pub use report::Report;
pub use stamp::{
    Edited, EditedFrom, MetadataRefusal, Note, Order, PixelRecord, PixelsRefusal, Record, Stamped, Stamper,
    TimestampRecord, Want, WatermarkOrder, WatermarkRecord,
};
pub use touchmark_image::{Format, Limits};
pub use touchmark_provenance::Disclosure;
pub use touchmark_provenance::manifest::{ParentCredentials, ParentMetadata};
pub use touchmark_signal::{fingerprint, label, watermark};
pub use touchmark_signing::{CertificateChain, SecretKey, Signer, trust::TrustLists};
pub use verify::{BeforePixels, Store, Verifier};
