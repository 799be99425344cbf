//! Who speaks: signing keys, certificates, the claim signer, and trust in other people's signers.
//!
//! ```
//! # use touchmark_signing::{Algorithm, Identity, Subject};
//! # fn main() -> Result<(), touchmark_signing::Error> {
//! # let now = time::macros::datetime!(2026-11-22 10:00 UTC);
//! let subject = Subject::new("Example Ltd", "Image service")?;
//! let signer = Identity::new(&subject, Algorithm::Ed25519, now, &mut getrandom::SysRng)?.signer()?;
//! assert!(signer.check_dates(now).is_ok() && signer.sign(b"message")?.len() == 64);
//! # Ok(())
//! # }
//! ```
//!
//! The crate is a function of its arguments: bytes, the time, and a source of randomness
//! ([`rand_core::TryCryptoRng`], for example `getrandom::SysRng`). It opens no file, asks no clock and no network, and
//! knows neither C2PA manifests nor images.

mod algorithm;
mod certificate;
mod chain;
mod error;
mod identity;
mod issue;
mod key;
pub mod ocsp;
mod oid;
pub mod profile;
mod signer;
#[cfg(test)]
mod testing;
pub mod timestamp;
pub mod trust;
mod verify;

pub use algorithm::{Algorithm, KeyAlgorithm};
pub use certificate::{Certificate, MAX_CERTIFICATE_BYTES, NameParts, certificates_der};
pub use chain::{CertificateChain, MAX_CHAIN_CERTIFICATES};
pub use error::{
    CertificateFault, DatesFault, Error, KeyFault, PemContent, RemoteKeyFault, Result, SignerFault, SubjectFault,
    TrustListFault,
};
pub use identity::{Identity, IdentityPem};
pub use issue::{
    BACKDATING, Credential, LEAF_VALIDITY, LOCAL_ORGANISATION, ROOT_VALIDITY, Subject, issue_leaf, issue_root,
};
pub use key::{MAX_KEY_PEM_BYTES, Passphrase, SecretKey};
pub use rand_core;
pub use signer::{Dates, RENEWAL_NOTICE, RemoteKey, Signer};
pub use timestamp::token_certificates;
pub use verify::verify_signature;
