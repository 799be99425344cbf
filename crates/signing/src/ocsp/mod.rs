//! Whether a certificate was revoked, as its issuer's OCSP responder says (RFC 6960): asked for by whoever has a network,
//! checked here before it is stapled, and read again by whoever verifies.

mod fault;
mod request;
mod response;

pub use fault::OcspFault;
pub use request::OcspRequest;
pub use response::{CertificateStatus, DEFAULT_LIFETIME, MAX_OCSP_BYTES, OcspAnswer};
