//! Any bytes in the place of a certificate chain have a standing, and none that only a list can give.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use touchmark_signing::trust::{TrustLists, evaluate};

static LISTS: LazyLock<TrustLists> = LazyLock::new(TrustLists::official);

fuzz_target!(|chain: Vec<Vec<u8>>| {
    let now = time::macros::datetime!(2026-12-01 0:00 UTC);
    assert!(!evaluate(&chain, &LISTS, now).is_trusted());
});
