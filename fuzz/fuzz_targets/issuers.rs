//! Any text in the place of a directory of issuers is one within the limits, or refused; and so is any answer of an issuer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use touchmark::issuer::{Directory, Domain, MAX_ISSUERS, Statement};

fuzz_target!(|text: &str| {
    if let Ok(directory) = Directory::parse(text) {
        assert!(directory.issuers().len() <= MAX_ISSUERS);
        for issuer in directory.issuers() {
            assert!(directory.find(issuer.domain.number()).contains(&issuer));
        }
    }
    let Ok(asked) = "example.org".parse::<Domain>() else { return };
    if let Ok(said) = Statement::parse(text.as_bytes(), &asked) {
        assert_eq!(said.domain(), &asked);
    }
});
