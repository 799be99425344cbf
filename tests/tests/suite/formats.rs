//! Credentials and XMP are read in every format in which c2pa can write a store, and a change behind the signature is
//! found there.

use std::fs;
use std::io::Cursor;
use std::sync::Arc;

use c2pa::{Builder, Context, Settings};
use serde_json::json;
use time::OffsetDateTime;
use touchmark::evidence::{Ai, Integrity, Level};
use touchmark::{Format, Verifier};
use touchmark_signing::Identity;
use touchmark_tests::identity;
use touchmark_tests::peer::CoseSigner;

use crate::expected::fixtures;

/// In the XMP of each of these files.
const GENERATED: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

#[test]
fn credentials_and_labels_are_read_wherever_c2pa_writes_a_store() {
    let identity = identity::fresh().unwrap();
    let verifier = Verifier::new(identity::trusting(&identity).unwrap()).unwrap();
    let now = OffsetDateTime::now_utc();
    for (format, source) in sources() {
        assert_eq!(Format::recognise(&source), Some(format), "{format}");
        let bare = verifier.verify(&source, now).unwrap();
        // No labels are looked for in documents.
        let expected = match format {
            Format::Pdf => (Level::Unknown, Ai::Unknown),
            _ => (Level::Claimed, Ai::Claimed),
        };
        assert_eq!((bare.verdict().level, bare.verdict().ai), expected, "{format}");

        let mut signed = signed(&identity, format, &source);
        let report = verifier.verify(&signed, now).unwrap();
        let verdict = report.verdict();
        assert_eq!(
            (verdict.level, verdict.integrity, verdict.ai),
            (Level::Attested, Integrity::Intact, Ai::Stated),
            "{format}"
        );

        let at = signed
            .windows(GENERATED.len())
            .position(|part| part == GENERATED.as_bytes())
            .unwrap();
        signed[at + GENERATED.len() - 1] ^= 1;
        let report = verifier.verify(&signed, now).unwrap();
        assert_eq!(report.verdict().level, Level::Broken, "{format}");
        let report = verifier.verify(&signed[..signed.len() - 40], now).unwrap();
        assert_ne!(report.verdict().integrity, Integrity::Intact, "{format}, cut short");
    }
}

/// Nothing can be looked up in a document that cannot be opened; it is not said to be without credentials.
#[test]
fn a_damaged_document_is_not_examined() {
    let verifier = Verifier::new(identity::trusting(&identity::fresh().unwrap()).unwrap()).unwrap();
    let document = pdf();
    for damaged in [b"%PDF-1.7 and no more", &document[..document.len() / 2]] {
        let report = verifier.verify(damaged, OffsetDateTime::now_utc()).unwrap();
        let rules: Vec<&str> = report.verdict().reasons().map(|reason| reason.rule.id()).collect();
        assert!(rules.contains(&"manifest.format-unsupported"), "{rules:?}");
    }
}

fn sources() -> Vec<(Format, Vec<u8>)> {
    let fixture = |name: &str| fs::read(fixtures().join("labelled").join(name)).unwrap();
    vec![
        (Format::Gif, fixture("xmp.gif")),
        (Format::Tiff, fixture("xmp.tiff")),
        (Format::Avif, fixture("xmp.avif")),
        (Format::Heic, fixture("xmp.heic")),
        (Format::JpegXl, fixture("xmp.jxl")),
        (Format::Svg, fixture("xmp.svg")),
        (Format::Mp4, film(b"isom\0\0\0\0isommp42")),
        (Format::Mov, film(b"qt  \0\0\0\0qt  ")),
        (Format::Pdf, pdf()),
    ]
}

fn xmp() -> String {
    format!(
        r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:iptc="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" iptc:DigitalSourceType="{GENERATED}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"#
    )
}

/// A film of these brands, without a track.
fn film(brands: &[u8]) -> Vec<u8> {
    let boxed =
        |kind: &[u8; 4], content: &[u8]| [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat();
    let uuid = b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
    [
        boxed(b"ftyp", brands),
        boxed(b"uuid", &[&uuid[..], xmp().as_bytes()].concat()),
        boxed(b"mdat", &[7; 200]),
    ]
    .concat()
}

/// An empty page, and XMP.
fn pdf() -> Vec<u8> {
    let xmp = xmp();
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>".to_owned(),
        format!(
            "<< /Type /Metadata /Subtype /XML /Length {} >>\nstream\n{xmp}\nendstream",
            xmp.len()
        ),
    ];
    let (mut file, mut table) = ("%PDF-1.7\n".to_owned(), "0000000000 65535 f \n".to_owned());
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let (start, count) = (file.len(), objects.len() + 1);
    file += &format!("xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}

/// Signed by c2pa as the work of a model.
fn signed(identity: &Identity, format: Format, source: &[u8]) -> Vec<u8> {
    let settings =
        json!({ "verify": { "verify_after_sign": false }, "builder": { "thumbnail": { "enabled": false } } });
    let settings = Settings::new().with_json(&settings.to_string()).unwrap();
    let signer = || CoseSigner(identity.signer().unwrap());
    let context = Arc::new(Context::new().with_settings(settings).unwrap().with_signer(signer()));
    let definition = json!({
        "claim_version": 2,
        "claim_generator_info": [{ "name": "a generator", "version": "1", "specVersion": "2.4.0" }],
        "format": format.mime_type(),
        "assertions": [{ "label": "c2pa.actions.v2", "kind": "Cbor", "created": true, "data": {
            "allActionsIncluded": true,
            "actions": [{ "action": "c2pa.created", "digitalSourceType": GENERATED }],
        } }],
    });
    let mut signed = Cursor::new(Vec::new());
    Builder::from_shared_context(&context)
        .with_definition(definition)
        .unwrap()
        .sign(&signer(), format.mime_type(), &mut Cursor::new(source), &mut signed)
        .unwrap_or_else(|error| panic!("{format}: {error}"));
    signed.into_inner()
}
