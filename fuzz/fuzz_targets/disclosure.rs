//! Any text is a disclosure, in one of its three forms, or an error; and what is a disclosure can be stamped, shown,
//! looked over and exported.
#![no_main]

use libfuzzer_sys::fuzz_target;
use time::macros::date;
use touchmark_provenance::Disclosure;
use touchmark_provenance::disclosure::{Document, Export, MAX_ASSERTION_BYTES, PageLanguage, SignedDisclosure};

fuzz_target!(|text: &str| {
    let today = date!(2026 - 11 - 22);
    for document in [Document::from_toml(text), Document::from_json(text)].into_iter().flatten() {
        // A document that is not within its limits is looked over too.
        document.lint(today);
        let Ok(disclosure) = document.check() else { continue };
        assert!(disclosure.assertion("de").to_string().len() <= MAX_ASSERTION_BYTES);
        let page = disclosure.page(PageLanguage::German);
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("href=\"javascript:"));
        disclosure.export(Export::CycloneDx, today);
        disclosure.export(Export::Spdx, today);
        disclosure.lint(today);
        assert_eq!(Disclosure::from_json(&disclosure.to_json()).as_ref().ok(), Some(&disclosure));
    }
    if let Ok(signed) = SignedDisclosure::parse(text) {
        assert!(signed.disclosure().signed_digest().is_some());
    }
});
