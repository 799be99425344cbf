use encypher_c2pa::{VerifyOptions, verify_with_options};
use time::OffsetDateTime;
use touchmark_tests::identity;
use touchmark_tests::pictures::PICTURES;

#[test]
fn probe() {
    let identity = identity::fresh().unwrap();
    let stamper = identity::stamper(identity.signer().unwrap()).unwrap();
    let disclosure = identity::disclosure().unwrap();
    for picture in PICTURES {
        let s = stamper.stamp(&picture.bytes().unwrap(), &disclosure, OffsetDateTime::now_utc()).unwrap();
        let o = VerifyOptions { trust_pem: Some(identity.root().certificate.to_pem()), no_default_trust: true, strict_conformance: std::env::var_os("STRICT").is_some(), ..VerifyOptions::default() };
        let r = verify_with_options(s.bytes(), s.record().format.mime_type(), &o).unwrap();
        println!("{} {} {} {} {} {:?} {} {:?} inf {:?}", picture.name, r.profile, r.integrity, r.signature, r.hard_binding, r.trust, r.validation_state, r.validation_results.failure, r.validation_results.informational);
        if picture.name == "flat.webp" { println!("{}", serde_json::to_string_pretty(&r.manifest_report).unwrap()); println!("{:?}", r.validation_results.success); }
    }
}
