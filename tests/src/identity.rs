//! Identities for tests: made afresh, so that no test depends on a certificate that expires.

use getrandom::SysRng;
use time::OffsetDateTime;
use touchmark::{Disclosure, TrustLists};
use touchmark_signing::trust::{Purpose, TrustList};
use touchmark_signing::{Algorithm, Error, Identity, Subject};

/// A fresh identity of a made-up organisation, valid now.
///
/// # Errors
/// Those of the signing crate; none is expected.
pub fn fresh() -> Result<Identity, Error> {
    Identity::new(
        &Subject::new("Example Images", "Example Images signer")?,
        Algorithm::Ed25519,
        OffsetDateTime::now_utc(),
        &mut SysRng,
    )
}

/// Lists that trust this identity's root for signing, and nothing else.
///
/// # Errors
/// Those of the signing crate; none is expected.
pub fn trusting(identity: &Identity) -> Result<TrustLists, Error> {
    let list = TrustList::from_pem(
        "Test list",
        Purpose::Signers,
        identity.root().certificate.to_pem().as_bytes(),
    )?;
    Ok(TrustLists::empty().with(list))
}

/// A filled disclosure of a made-up provider.
///
/// # Errors
/// Those of the provenance crate; none is expected.
pub fn disclosure() -> Result<Disclosure, touchmark_provenance::Error> {
    Disclosure::from_toml(DISCLOSURE)
}

/// The text of [`disclosure`].
pub const DISCLOSURE: &str = r#"schema = "touchmark-disclosure/1"

[provider]
name = "Example Images"
country = "DE"
contact = "https://example.org/contact"

[system]
name = "Example Diffusion"
version = "3.1"
identifier = "pkg:generic/example-diffusion@3.1"
model_type = "c2pa.types.model.pytorch"

[detector]
url = "https://example.org/detector"
"#;
