//! The committed test identity in `fixtures/keys/`: made once from published seeds, so that anyone can sign with it.
//! `generate-keys` writes it; `touchmark-signing` knows its root and calls every signature under it `test_key`.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use time::OffsetDateTime;
use time::macros::datetime;
use touchmark::{CertificateChain, SecretKey, Signer};
use touchmark_signing::{Algorithm, Credential, Subject, issue_leaf, issue_root};

use crate::seeded::Seeded;

/// The day as of which fixtures are judged: inside the validity of the test leaf, so that no test rots.
pub const JUDGED_AT: OffsetDateTime = datetime!(2026-12-01 12:00 UTC);
/// When the fixtures were stamped.
pub const STAMPED_AT: OffsetDateTime = datetime!(2026-11-15 10:00 UTC);

const ROOT_FROM: OffsetDateTime = datetime!(2024-01-01 00:00 UTC);
const LEAF_FROM: OffsetDateTime = datetime!(2026-11-01 00:00 UTC);
const EXPIRED_LEAF_FROM: OffsetDateTime = datetime!(2024-06-01 00:00 UTC);

/// The folder the keys are committed in.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/keys"))
}

/// Makes every file of the folder but its README: name and text.
///
/// # Errors
/// Those of the signing crate; none is expected.
pub fn files() -> Result<Vec<(&'static str, String)>, touchmark_signing::Error> {
    let subject = Subject::new("touchmark test identity", "anyone can sign with this")?;
    let root = issue_root(&subject, Algorithm::Ed25519, ROOT_FROM, &mut Seeded::new("test root"))?;
    let signing = issue_leaf(&root, &subject, LEAF_FROM, &mut Seeded::new("test leaf"))?;
    let expired = issue_leaf(
        &root,
        &subject,
        EXPIRED_LEAF_FROM,
        &mut Seeded::new("expired test leaf"),
    )?;
    let mismatched = Credential {
        key: expired.key.clone(),
        certificate: signing.certificate.clone(),
    };
    Ok(vec![
        ("test-root.pem", root.certificate.to_pem()),
        ("test-signing.pem", key_and_chain(&signing, &root)?),
        ("test-expired.pem", key_and_chain(&expired, &root)?),
        ("test-mismatched.pem", key_and_chain(&mismatched, &root)?),
    ])
}

/// The test identity as committed.
///
/// # Errors
/// Where the file cannot be read or is not as it was written.
pub fn test_signer() -> Result<Signer, Box<dyn Error>> {
    let pem = fs::read_to_string(folder().join("test-signing.pem"))?;
    Ok(Signer::new(
        SecretKey::from_pem(&pem, None)?,
        CertificateChain::from_pem(&pem)?,
    )?)
}

fn key_and_chain(leaf: &Credential, root: &Credential) -> Result<String, touchmark_signing::Error> {
    let (key, chain) = (
        leaf.key.to_pem()?,
        [&leaf.certificate, &root.certificate].map(|one| one.to_pem()),
    );
    Ok([key.as_str(), &chain.concat()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use touchmark_signing::{DatesFault, SignerFault};

    fn signer(name: &str) -> Result<Signer, touchmark_signing::Error> {
        let pem = fs::read_to_string(folder().join(name)).unwrap();
        Signer::new(SecretKey::from_pem(&pem, None)?, CertificateChain::from_pem(&pem)?)
    }

    #[test]
    fn the_keys_are_made_again_as_committed() {
        for (name, text) in files().unwrap() {
            assert_eq!(
                fs::read_to_string(folder().join(name)).unwrap(),
                text,
                "{name}: run generate-keys"
            );
        }
    }

    #[test]
    fn each_file_is_what_its_name_says() {
        let signing = signer("test-signing.pem").unwrap();
        assert!(signing.check_dates(JUDGED_AT).is_ok() && signing.check_dates(STAMPED_AT).is_ok());
        let expired = signer("test-expired.pem").unwrap().check_dates(JUDGED_AT).unwrap_err();
        assert!(matches!(
            expired,
            touchmark_signing::Error::Dates(DatesFault::Expired(_))
        ));
        let mismatch = signer("test-mismatched.pem").unwrap_err();
        assert_eq!(mismatch, touchmark_signing::Error::Signer(SignerFault::KeyMismatch));
    }

    #[test]
    fn touchmark_knows_the_root() {
        let known = folder().join("../../crates/signing/data/test-root-touchmark.pem");
        let root = fs::read_to_string(folder().join("test-root.pem")).unwrap();
        assert_eq!(root, fs::read_to_string(known).unwrap());
    }
}
