//! Any text yields a signed report or a fault, and nothing that it says of itself hides anything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use touchmark::TrustLists;
use touchmark::report::{Language, SignedReport};

fuzz_target!(|text: &str| {
    let Ok(report) = SignedReport::parse(text) else {
        return;
    };
    let now = time::macros::datetime!(2026-12-01 0:00 UTC);
    let check = report.check(b"another picture", &TrustLists::empty(), now);
    assert!(!check.is_same_picture());
    let lines = check.lines(Language::English);
    assert!(lines.iter().flat_map(|line| line.chars()).all(|c| !c.is_control()));
});
