//! Credentials and XMP are read in every format in which c2pa can write a store, and a change behind the signature is
//! found there.

use time::OffsetDateTime;
use touchmark::evidence::{Ai, Credentials, Integrity, Level};
use touchmark::{Format, TrustLists, Verifier};
use touchmark_tests::formats::{change_label, signed, sources};
use touchmark_tests::identity;

#[test]
fn credentials_and_labels_are_read_wherever_c2pa_writes_a_store() {
    let identity = identity::fresh().unwrap();
    let verifier = Verifier::new(identity::trusting(&identity).unwrap())
        .unwrap()
        .with_documents();
    let now = OffsetDateTime::now_utc();
    for (format, source) in sources().unwrap() {
        assert_eq!(Format::recognise(&source), Some(format), "{format}");
        let bare = verifier.verify(&source, now).unwrap();
        // No labels are looked for in documents.
        let expected = match format {
            Format::Pdf => (Level::Unknown, Ai::Unknown),
            _ => (Level::Claimed, Ai::Claimed),
        };
        assert_eq!((bare.verdict().level, bare.verdict().ai), expected, "{format}");

        let mut signed = signed(identity.signer().unwrap(), format, &source).unwrap();
        let report = verifier.verify(&signed, now).unwrap();
        let verdict = report.verdict();
        assert_eq!(
            (verdict.level, verdict.integrity, verdict.ai),
            (Level::Attested, Integrity::Intact, Ai::Stated),
            "{format}"
        );

        change_label(&mut signed).unwrap();
        let report = verifier.verify(&signed, now).unwrap();
        let verdict = report.verdict();
        assert_eq!(
            (verdict.level, verdict.integrity),
            (Level::Broken, Integrity::Altered),
            "{format}"
        );
        // Damage to what holds it takes nothing from the record: the picture is another now.
        let cut_short = signed[..signed.len() - 40].to_vec();
        let appended = [&signed[..], b"PK\x03\x04 and more of an archive"].concat();
        for damaged in [cut_short, appended] {
            let report = verifier.verify(&damaged, now).unwrap();
            let verdict = report.verdict();
            assert_ne!(verdict.integrity, Integrity::Intact, "{format}");
            assert_ne!(verdict.credentials, Credentials::None, "{format}");
        }
    }
}

/// Nothing can be looked up in a document that cannot be opened; it is not said to be without credentials.
#[test]
fn a_damaged_document_is_not_examined() {
    let verifier = Verifier::new(TrustLists::empty()).unwrap().with_documents();
    let (_, document) = sources().unwrap().pop().unwrap();
    assert!(document.starts_with(b"%PDF-"));
    for damaged in [b"%PDF-1.7 and no more", &document[..document.len() / 2]] {
        let report = verifier.verify(damaged, OffsetDateTime::now_utc()).unwrap();
        let rules: Vec<&str> = report.verdict().reasons().map(|reason| reason.rule.id()).collect();
        assert!(rules.contains(&"manifest.format-unsupported"), "{rules:?}");
    }
}

/// In a process without bounds a document is left alone, unless its owner asks.
#[test]
fn a_document_is_read_where_it_is_asked_for_alone() {
    let (_, document) = sources().unwrap().pop().unwrap();
    let verifier = Verifier::new(TrustLists::empty()).unwrap();
    let is_looked_into = |verifier: &Verifier| {
        let report = verifier.verify(&document, OffsetDateTime::now_utc()).unwrap();
        let rules: Vec<&str> = report.verdict().reasons().map(|reason| reason.rule.id()).collect();
        rules.contains(&"manifest.absent")
    };
    assert!(!is_looked_into(&verifier));
    assert!(is_looked_into(&verifier.with_documents()));
}
