//! Any bytes yield a report or an error, and no rendering of it holds a character that a file could hide behind.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use touchmark::{Limits, TrustLists, Verifier};

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let limits = Limits {
        max_bytes: 1 << 20,
        max_pixels: 1 << 24,
        max_segments: 1 << 10,
        ..Limits::default()
    };
    Verifier::new(TrustLists::official())
        .expect("the settings are ours")
        .with_limits(limits)
        // Decoding has its own target, and looking at pixels would leave time for four files a second.
        .without_pixels()
        .with_documents()
});

fuzz_target!(|bytes: &[u8]| {
    let now = time::macros::datetime!(2026-12-01 0:00 UTC);
    let Ok(report) = VERIFIER.verify(bytes, now) else {
        return;
    };
    let text = report.to_text();
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
    assert!(report.to_json().starts_with('{'));
    let html = report.to_html();
    assert!(html.chars().all(|c| c == '\n' || !c.is_control()));
    assert!(!html.contains("<script"));
    assert!(report.verdict().reasons().count() > 0);
});
