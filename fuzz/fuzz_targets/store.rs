//! Any bytes in the place of a picture's record, as they come out of a sidecar or from a stranger's server, yield a report.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use touchmark::{Store, TrustLists, Verifier};

const PICTURE: &[u8] = include_bytes!("../../fixtures/images/flat.jpg");

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    Verifier::new(TrustLists::official())
        .expect("the settings are ours")
        .without_pixels()
});

fuzz_target!(|store: &[u8]| {
    let now = time::macros::datetime!(2026-12-01 0:00 UTC);
    let report = VERIFIER.verify_with(PICTURE, Store::Sidecar(store), now, now);
    let report = report.expect("the picture is one");
    let text = report.to_text();
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
    // Somebody said that it is the picture's record.
    assert_ne!(report.verdict().level.word(), "unknown");
});
