//! Readers that must accept our stamps: our own, c2pa's with the rubric over its crJSON, and one that shares no code with
//! either.

use c2pa::ValidationState;
use encypher_c2pa::{VerifyOptions, verify_with_options};
use serde_json::json;
use time::OffsetDateTime;
use touchmark::evidence::{Integrity, Level};
use touchmark::{Format, Verifier};
use touchmark_signing::Identity;
use touchmark_tests::identity;

use crate::conformance::{broken, failures, read};

/// Every reader finds the stamp whole, bound to the picture, by a signer that it trusts, and according to the rules.
pub fn assert_accepted(identity: &Identity, stamped: &[u8], name: &str) {
    let verifier = Verifier::new(identity::trusting(identity).unwrap())
        .unwrap()
        .without_pixels();
    let report = verifier.verify(stamped, OffsetDateTime::now_utc()).unwrap();
    let verdict = report.verdict();
    assert_eq!(
        (verdict.level, verdict.integrity),
        (Level::Attested, Integrity::Intact),
        "{name}"
    );

    let format = Format::recognise(stamped).unwrap();
    let reader = read(identity, format, stamped);
    let crjson = reader.to_crjson_value().unwrap();
    assert_eq!(reader.validation_state(), ValidationState::Trusted, "{name}");
    assert_eq!(broken(&crjson), Vec::<String>::new(), "{name}");
    assert_eq!(failures(&crjson), &json!([]), "{name}");

    let options = VerifyOptions {
        trust_pem: Some(identity.root().certificate.to_pem()),
        no_default_trust: true,
        ..VerifyOptions::default()
    };
    let report = verify_with_options(stamped, format.mime_type(), &options).unwrap();
    assert_eq!(report.validation_results.failure, [], "{name}");
    assert_eq!(
        (&*report.validation_state, &*report.hard_binding),
        ("Trusted", "match"),
        "{name}"
    );
}
