//! Edited pictures.

use time::OffsetDateTime;
use touchmark::{EditedFrom, Order, ParentCredentials, Stamper, TrustLists, Verifier};
use touchmark_tests::identity;

#[test]
fn corpus() {
    let identity = identity::fresh().unwrap();
    let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
    let verifier = Verifier::new(TrustLists::official()).unwrap();
    let picture = std::fs::read(touchmark_tests::pictures::folder().join("flat.jpg")).unwrap();
    let mut files: Vec<_> = std::fs::read_dir("/work/shared/corpus")
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    let now = OffsetDateTime::now_utc();
    std::fs::create_dir_all("/tmp/edits-out").unwrap();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.contains(&std::env::var("ONLY").unwrap_or_default()) || name.ends_with("md") || name.ends_with("tsv") {
            continue;
        }
        let bytes = std::fs::read(&file).unwrap();
        let start = std::time::Instant::now();
        match stamper.stamp_edited(
            &picture,
            EditedFrom::picture(&bytes),
            &Order::of(&identity::disclosure().unwrap()),
            now,
        ) {
            Ok(edited) => {
                let report = verifier.verify(edited.stamped.bytes(), now).unwrap();
                let before = verifier.verify(&bytes, now).unwrap();
                let enc = encypher_c2pa::verify_with_options(
                    edited.stamped.bytes(),
                    "image/jpeg",
                    &encypher_c2pa::VerifyOptions {
                        trust_pem: Some(identity.root().certificate.to_pem()),
                        no_default_trust: true,
                        ..Default::default()
                    },
                )
                .unwrap();
                let codes: Vec<_> = enc.validation_results.failure.iter().map(|s| s.code.clone()).collect();
                let p = match &edited.parent {
                    ParentCredentials::Carried {
                        failures,
                        redactions,
                        data_boxes,
                    } => format!(
                        "carried fail={failures:?} red={} boxes={data_boxes}",
                        redactions
                            .iter()
                            .map(|r| r.assertion.as_str())
                            .collect::<Vec<_>>()
                            .join(",")
                    ),
                    o => format!("{o:?}"),
                };
                println!(
                    "{name}: {}kB->{}kB {:?} before={:?} {p}\n     now {:?} {:?} rules={:?} ENC {} {codes:?}",
                    bytes.len() / 1000,
                    edited.stamped.bytes().len() / 1000,
                    start.elapsed().as_millis(),
                    before.verdict().level,
                    report.verdict().level,
                    report.verdict().extent,
                    report.verdict().reasons().map(|r| r.rule.id()).collect::<Vec<_>>(),
                    enc.validation_state
                );
                std::fs::write(format!("/tmp/edits-out/{name}.jpg"), edited.stamped.bytes()).unwrap();
            }
            Err(e) => println!("{name}: ERR {e:?}"),
        }
    }
    std::fs::write("/tmp/edits-out/root.pem", identity.root().certificate.to_pem()).unwrap();
}
