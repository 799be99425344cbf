//! What an image file says about its origin: the provider's disclosure, and C2PA manifests signed and read.
//!
//! ```
//! use touchmark_provenance::Disclosure;
//! let disclosure = Disclosure::unfilled();
//! assert!(!disclosure.is_filled());
//! ```
//!
//! This is the only crate that imports `c2pa`; none of its types appear in a public signature.

pub mod disclosure;
mod error;
pub mod jws;
pub mod manifest;
pub mod metadata;
pub mod names;

pub use disclosure::{Detector, Disclosure, Provider, System};
pub use error::{DisclosureFault, Error, FieldPath, ParentFault};

/// Bytes in hexadecimal, lower case, as digests are written.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            // Writing into a String cannot fail.
            let _ = write!(out, "{byte:02x}");
            out
        })
}
