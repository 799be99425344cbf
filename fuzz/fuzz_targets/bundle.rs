//! Any bytes in the place of a file of certificates, or of a public key, are read or refused, and what is read can be
//! examined.
#![no_main]

use libfuzzer_sys::fuzz_target;
use touchmark_signing::trust::TrustLists;
use touchmark_signing::{MAX_BUNDLE_CERTIFICATES, PublicKey, examine, read_certificates};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(key) = PublicKey::read(bytes) {
        assert_eq!(PublicKey::read(key.der()), Ok(key));
    }
    let Ok(certificates) = read_certificates(bytes) else { return };
    assert!(!certificates.is_empty() && certificates.len() <= MAX_BUNDLE_CERTIFICATES);
    let at = time::macros::datetime!(2026-12-01 0:00 UTC);
    let examination = examine(&certificates, &TrustLists::empty(), at);
    assert!(examination.is_ok_and(|examination| !examination.trust().is_trusted()));
});
