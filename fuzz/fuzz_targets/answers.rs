//! Any bytes in the place of an authority's answer are a fault: a time-stamp, or an answer about revocation, comes of a
//! signature alone.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use touchmark_signing::CertificateChain;
use touchmark_signing::ocsp::OcspAnswer;
use touchmark_signing::timestamp::{TimestampRequest, verify_token};
use touchmark_signing::trust::TrustLists;

static REQUEST: LazyLock<TimestampRequest> =
    LazyLock::new(|| TimestampRequest::new(b"message", [7; 8]).expect("a request"));
static CHAIN: LazyLock<CertificateChain> = LazyLock::new(|| {
    CertificateChain::from_pem(include_str!("../../crates/signing/tests/data/revocation.pem")).expect("a chain")
});

fuzz_target!(|answer: &[u8]| {
    let now = time::macros::datetime!(2026-12-01 0:00 UTC);
    assert!(REQUEST.check(answer, &TrustLists::empty(), now).is_err());
    let stated = verify_token(answer, b"message", &TrustLists::empty());
    assert!(!stated.is_ok_and(|stated| stated.trust().is_trusted()));
    if let Ok(found) = OcspAnswer::check(answer, CHAIN.leaf(), &CHAIN.issuers()[0]) {
        // Only what OpenSSL signed for this certificate, in the corpus.
        assert_eq!(found.der(), answer);
    }
});
