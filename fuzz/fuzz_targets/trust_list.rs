//! Any bytes in the place of a published list, or of PEM, are refused or give a list within the limits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use touchmark_signing::trust::{MAX_LIST_CERTIFICATES, PublishedList, Purpose, TrustList};

fuzz_target!(|bytes: &[u8]| {
    let read = |pem: &[u8]| {
        if let Ok(list) = TrustList::from_pem("fuzzed", Purpose::Signers, pem) {
            assert!(!list.is_empty() && list.len() <= MAX_LIST_CERTIFICATES);
        }
    };
    read(bytes);
    if let Ok(published) = PublishedList::from_json(bytes) {
        read(published.pem.as_bytes());
    }
});
