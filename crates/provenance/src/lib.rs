//! What an image file says about its origin: the provider's disclosure, and C2PA manifests signed and read.
//!
//! ```
//! use touchmark_provenance::Disclosure;
//! let disclosure = Disclosure::unfilled();
//! assert!(!disclosure.is_filled());
//! ```
//!
//! This is the only crate that imports `c2pa`; none of its types appear in a public signature.

mod disclosure;
mod error;
pub mod manifest;
pub mod metadata;
pub mod names;

pub use disclosure::{Detector, Disclosure, Provider, System};
pub use error::{DisclosureFault, Error};
