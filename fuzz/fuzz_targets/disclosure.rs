//! Any text is a disclosure or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use touchmark_provenance::Disclosure;

fuzz_target!(|text: &str| {
    if let Ok(disclosure) = Disclosure::from_toml(text) {
        assert!(disclosure.is_filled());
    }
});
