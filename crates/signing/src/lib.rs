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
//! knows neither C2PA manifests nor images. With the feature `pkcs11`, and only there, it loads a library that its caller
//! names and talks to a device.

mod algorithm;
mod assemble;
mod bundle;
mod certificate;
mod chain;
mod ecdsa;
mod error;
mod examine;
mod identity;
mod issue;
mod key;
pub mod ocsp;
mod oid;
#[cfg(feature = "pkcs11")]
pub mod pkcs11;
pub mod profile;
mod public_key;
mod request;
mod signer;
#[cfg(test)]
mod testing;
pub mod timestamp;
pub mod trust;
mod verify;

pub use algorithm::{Algorithm, KeyAlgorithm};
pub use assemble::{Assembly, ChainEnd, assemble, leaf_of};
pub use bundle::{MAX_BUNDLE_BYTES, MAX_BUNDLE_CERTIFICATES, read_certificates};
pub use certificate::{Certificate, MAX_CERTIFICATE_BYTES, NameParts, certificates_der};
pub use chain::{CertificateChain, MAX_CHAIN_CERTIFICATES};
pub use ecdsa::cose_signature;
pub use error::{
    CertificateFault, DatesFault, Error, KeyFault, PemContent, RemoteKeyFault, Result, SignerFault, SubjectFault,
    TokenFault, TrustListFault,
};
pub use examine::{Examination, examine, examine_leaf};
pub use identity::{Identity, IdentityPem};
pub use issue::{
    BACKDATING, Credential, LEAF_VALIDITY, LOCAL_ORGANISATION, ROOT_VALIDITY, Subject, issue_leaf, issue_root,
};
pub use key::{MAX_KEY_PEM_BYTES, Passphrase, SecretKey};
pub use public_key::PublicKey;
pub use rand_core;
pub use request::{CertificateRequest, MAX_REQUEST_BYTES};
pub use signer::{Dates, RENEWAL_NOTICE, RemoteKey, Signer};
pub use verify::verify_signature;
