//! Records that lie beside their picture, or elsewhere: fetched from a server of our own.

use std::fs;
use std::io::{Cursor, Write};
use std::net::TcpStream;
use std::sync::Arc;

use serde_json::Value;
use touchmark::evidence::{Integrity, SignerAxis};
use touchmark::{Store, TrustLists, Verifier};
use touchmark_tests::keys::JUDGED_AT;
use touchmark_tests::peer::CoseSigner;
use touchmark_tests::{identity, pictures};

use crate::expected::fixtures;
use crate::machine::{Machine, lines, stderr};
use crate::server::serve;

#[test]
fn a_record_beside_the_picture_is_judged_where_it_is_asked_for() {
    let machine = Machine::new();
    // A picture whose record lies elsewhere, and one that it does not belong to.
    let remote = fs::read(fixtures().join("hostile/xmp-names-loopback.jpg")).unwrap();
    fs::write(machine.path("remote.jpg"), &remote).unwrap();
    let store = store_of(&fs::read(fixtures().join("stamped/palette-filled.png")).unwrap());
    fs::write(machine.path("store.c2pa"), &store).unwrap();
    let sidecar = machine.touchmark(&["verify", "remote.jpg", "--sidecar", "store.c2pa", "--json"]);
    let line = &lines(&sidecar)[0];
    assert_eq!(line["layers"]["manifest"]["store"], "sidecar");
    assert_eq!(
        (&line["verdict"]["level"], &line["verdict"]["integrity"]),
        (&"broken".into(), &"altered".into())
    );
    fs::write(machine.path("store.c2pa"), "no store").unwrap();
    let sidecar = machine.touchmark(&["verify", "remote.jpg", "--sidecar", "store.c2pa", "--json"]);
    assert_eq!(lines(&sidecar)[0]["verdict"]["level"], "malformed");
    assert_eq!(sidecar.status.code(), Some(22));
}

/// A sidecar has the name of its picture: it is read where the picture has no record of its own, and only there.
#[test]
fn a_record_beside_the_picture_is_found_by_its_name() {
    let machine = Machine::new();
    let stamped = fs::read(fixtures().join("stamped/palette-filled.png")).unwrap();
    fs::write(machine.path("stamped.png"), &stamped).unwrap();
    machine.put("rgb.png", "plain.png");
    let found = |name: &str, isolation: &str| {
        let output = machine.touchmark(&["verify", "--json", isolation, name]);
        let line = &lines(&output)[0];
        (
            line["layers"]["manifest"]["store"].clone(),
            line["verdict"]["integrity"].clone(),
        )
    };
    let none = (Value::from("embedded"), Value::from("not_applicable"));
    assert_eq!(found("plain.png", "--isolate"), none);
    // The record of another picture: under a name of this picture alone it was changed, else it may be of a `plain.jpg`.
    let changed = (Value::from("sidecar"), Value::from("altered"));
    for (beside, expected) in [("plain.c2pa", &none), ("plain.png.c2pa", &changed)] {
        fs::write(machine.path(beside), store_of(&stamped)).unwrap();
        for isolation in ["--isolate", "--no-isolate"] {
            assert_eq!(&found("plain.png", isolation), expected, "{beside}");
        }
        fs::remove_file(machine.path(beside)).unwrap();
    }
    fs::write(machine.path("stamped.c2pa"), "no store").unwrap();
    assert_eq!(found("stamped.png", "--isolate"), ("embedded".into(), "intact".into()));
    fs::rename(machine.path("stamped.c2pa"), machine.path("plain.c2pa")).unwrap();
    let unreadable = machine.touchmark(&["verify", "plain.png"]);
    assert_eq!(unreadable.status.code(), Some(10));
    assert!(
        stderr(&unreadable).contains("a record lies beside plain.png"),
        "{}",
        stderr(&unreadable)
    );
}

#[test]
fn a_record_made_to_lie_beside_its_picture_holds() {
    let identity = identity::fresh().unwrap();
    let context = c2pa::Context::new()
        .with_settings(r#"{"verify":{"verify_after_sign":false},"builder":{"thumbnail":{"enabled":false}}}"#)
        .unwrap()
        .with_signer(CoseSigner(identity.signer().unwrap()));
    let mut builder = c2pa::Builder::from_shared_context(&Arc::new(context))
        .with_definition(DEFINITION)
        .unwrap();
    builder.set_no_embed(true);
    let picture = fs::read(pictures::folder().join("rgb.png")).unwrap();
    let mut signed = Cursor::new(Vec::new());
    let store = builder
        .save_to_stream("image/png", &mut Cursor::new(&picture), &mut signed)
        .unwrap();
    let signed = signed.into_inner();
    let verifier = Verifier::new(identity::trusting(&identity).unwrap()).unwrap();
    let now = time::OffsetDateTime::now_utc();
    let beside = |picture: &[u8]| {
        let report = verifier.verify_with(picture, Store::Sidecar(&store), now, now).unwrap();
        (
            report.verdict.integrity,
            report.verdict.signer,
            report.layers.manifest.store,
        )
    };
    assert_eq!(beside(&signed), (Integrity::Intact, SignerAxis::Trusted, "sidecar"));
    let mut changed = signed.clone();
    let last = changed.len() - 20;
    changed[last] ^= 1;
    assert_eq!(beside(&changed).0, Integrity::Altered);
    // Without being told of it, there is none.
    let report = verifier.verify(&signed, now).unwrap();
    assert_eq!(report.verdict.level.word(), "unknown");
}

/// What c2pa is to sign.
const DEFINITION: &str = r#"{
    "claim_generator_info": [{ "name": "peer", "version": "1" }],
    "assertions": [{ "label": "c2pa.actions.v2", "created": true, "data": { "actions": [{
        "action": "c2pa.created",
        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    }] } }]
}"#;

#[test]
fn a_record_cut_out_of_its_picture_protects_less_than_all() {
    let mut picture = fs::read(fixtures().join("stamped/palette-filled.png")).unwrap();
    let store = store_of(&picture);
    // Where the store was, anything may be: the chunk gets another name and other content.
    let at = picture.windows(4).position(|bytes| bytes == b"caBX").unwrap();
    picture[at..at + 4].copy_from_slice(b"zzZz");
    picture[at + 4..at + 4 + store.len()].fill(0x41);
    let checksum = crc32fast::hash(&picture[at..at + 4 + store.len()]).to_be_bytes();
    picture[at + 4 + store.len()..at + 8 + store.len()].copy_from_slice(&checksum);
    let verifier = Verifier::new(TrustLists::official()).unwrap();
    let report = verifier
        .verify_with(&picture, Store::Sidecar(&store), JUDGED_AT, JUDGED_AT)
        .unwrap();
    assert!(
        matches!(
            report.verdict.integrity,
            Integrity::PartlyProtected | Integrity::Altered
        ),
        "{:?}",
        report.verdict
    );
}

#[test]
fn a_record_kept_elsewhere_is_fetched_on_request_alone() {
    let machine = Machine::new();
    let store = store_of(&fs::read(fixtures().join("stamped/palette-filled.png")).unwrap());
    let server = serve(move |stream, path| answer(stream, path, &store));
    let picture = |path: &str| {
        let bytes = fs::read(fixtures().join("hostile/xmp-names-loopback.jpg")).unwrap();
        fs::write(
            machine.path("remote.jpg"),
            naming(&bytes, &format!("http://{server}{path}")),
        )
        .unwrap();
    };
    let verify =
        |args: &[&str]| machine.touchmark(&[&["verify", "remote.jpg", "--json", "--require", "none"], args].concat());

    picture("/store");
    let silent = verify(&[]);
    assert!(!stderr(&silent).contains("asking"), "{}", stderr(&silent));
    assert_eq!(lines(&silent)[0]["layers"]["manifest"]["store"], "embedded");
    // Without TLS, and in a private network: refused before anybody is asked.
    let refused = verify(&["--online"]);
    assert!(
        stderr(&refused).contains("was not fetched: it is not an https address"),
        "{}",
        stderr(&refused)
    );
    assert!(!stderr(&refused).contains("asking"), "{}", stderr(&refused));
    let fetched = verify(&["--online", "--allow-private"]);
    assert!(
        stderr(&fetched).contains("asking 127.0.0.1 for the record of remote.jpg"),
        "{}",
        stderr(&fetched)
    );
    let line = &lines(&fetched)[0];
    assert_eq!(line["layers"]["manifest"]["store"], "fetched");
    // It is the record of another picture.
    assert_eq!(line["verdict"]["level"], "broken");

    for (path, why) in [
        ("/redirect", "it redirects"),
        ("/missing", "the answer was 404"),
        ("/endless", "it is too large"),
    ] {
        picture(path);
        let output = verify(&["--online", "--allow-private"]);
        assert!(stderr(&output).contains(why), "{path}: {}", stderr(&output));
        assert_eq!(lines(&output)[0]["verdict"]["level"], "unknown", "{path}");
    }
}

/// The manifest store of a PNG: the content of its `caBX` chunk.
fn store_of(png: &[u8]) -> Vec<u8> {
    let at = png.windows(4).position(|bytes| bytes == b"caBX").unwrap();
    let length = u32::from_be_bytes(png[at - 4..at].try_into().unwrap()) as usize;
    png[at + 4..at + 4 + length].to_vec()
}

/// The picture with another address in its XMP, whose segment (APP1) becomes as long as that needs.
fn naming(jpeg: &[u8], address: &str) -> Vec<u8> {
    const NAME: &str = "dcterms:provenance=\"";
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|window| window == what).unwrap();
    let from = find(jpeg, NAME.as_bytes()) + NAME.len();
    let to = from + find(&jpeg[from..], b"\"");
    let header = jpeg[..from]
        .windows(2)
        .rposition(|bytes| bytes == [0xFF, 0xE1])
        .unwrap();
    let length = usize::from(u16::from_be_bytes([jpeg[header + 2], jpeg[header + 3]]));
    let length = u16::try_from(length + address.len() - (to - from)).unwrap();
    [
        &jpeg[..header + 2],
        &length.to_be_bytes(),
        &jpeg[header + 4..from],
        address.as_bytes(),
        &jpeg[to..],
    ]
    .concat()
}

/// Answers one request. A client that goes away early is no failure of the server.
fn answer(mut stream: TcpStream, path: &str, store: &[u8]) {
    let mut send = |head: &str, body: &[u8]| {
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    };
    match path {
        "/store" => send(
            &format!(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                store.len()
            ),
            store,
        ),
        "/redirect" => send(
            "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: /store\r\nContent-Length: 0\r\n\r\n",
            &[],
        ),
        "/endless" => {
            send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", &[]);
            while stream.write_all(&[b' '; 65536]).is_ok() {}
        }
        _ => send(
            "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            &[],
        ),
    }
}
