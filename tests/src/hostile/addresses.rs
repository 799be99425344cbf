//! Addresses in files: places that nobody is to ask, and paths that nobody is to open.

use coset::cbor::Value;
use x509_cert::der::oid::ObjectIdentifier;

use super::edit::{insert, segment, xmp};
use super::{Case, GENERATED, Made, authority, case, draft, picture};
use crate::certificates::Plan;
use crate::forge::{Assertion, Draft, Seal, actions, created, map, sign_into, text};
use crate::rules::{object, sequence, tlv};

pub(super) const CASES: &[Case] = &[
    case("xmp-names-missing-store.jpg", missing_store),
    case("xmp-names-loopback.jpg", link_local),
    case("xmp-names-this-machine.jpg", this_machine),
    case("xmp-names-this-machine-as-number.jpg", this_machine_as_number),
    case("xmp-names-this-machine-in-ipv6.jpg", this_machine_in_ipv6),
    case("xmp-names-private-network.jpg", private_network),
    case("xmp-names-name-and-password.jpg", name_and_password),
    case("xmp-names-data.jpg", data),
    case("xmp-names-file.jpg", file),
    case("certificate-names-ocsp-address.jpg", ocsp_address),
    case("generator-icon-elsewhere.jpg", icon_elsewhere),
    case("assertion-elsewhere.jpg", assertion_elsewhere),
    case("identity-by-did-web.jpg", identity_by_did_web),
    case("thumbnail-named-as-path.jpg", thumbnail_named_as_path),
    case("assertion-labelled-as-path.jpg", assertion_labelled_as_path),
];

/// Where clouds keep their secrets.
const METADATA: &str = "http://169.254.169.254/latest/meta-data/";

fn missing_store() -> Made {
    with_provenance("self#jumbf=/c2pa/urn:c2pa:00000000-0000-4000-8000-000000000000")
}

fn link_local() -> Made {
    with_provenance("http://169.254.169.254/latest/meta-data/manifest.c2pa")
}

fn this_machine() -> Made {
    with_provenance("http://localhost:8080/manifest.c2pa")
}

/// 127.0.0.1 as one number, as some resolvers read it.
fn this_machine_as_number() -> Made {
    with_provenance("http://2130706433/manifest.c2pa")
}

fn this_machine_in_ipv6() -> Made {
    with_provenance("http://[::ffff:127.0.0.1]/manifest.c2pa")
}

fn private_network() -> Made {
    with_provenance("https://192.168.0.1/manifest.c2pa")
}

/// What reads like a host is a user's name; the host comes behind it.
fn name_and_password() -> Made {
    with_provenance("https://example.org:443@127.0.0.1/manifest.c2pa")
}

fn data() -> Made {
    with_provenance("data:application/c2pa;base64,AAAACGp1bWI=")
}

fn file() -> Made {
    with_provenance("file:///etc/passwd")
}

/// XMP whose `dcterms:provenance` says where the record is.
fn with_provenance(address: &str) -> Made {
    let packet = ["http://ns.adobe.com/xap/1.0/\0", &xmp(address)].concat();
    Ok(insert(picture("flat.jpg")?, 2, &segment(0xE1, packet.as_bytes())))
}

/// Whoever asked about the revocation of this certificate would ask there (RFC 5280, 4.2.2.1).
fn ocsp_address() -> Made {
    const INFO_ACCESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");
    let location = tlv(0x86, METADATA.as_bytes());
    let access = sequence(&[sequence(&[object("1.3.6.1.5.5.7.48.1")?, location])]);
    let plan = Plan {
        extensions: vec![(INFO_ACCESS, false, access)],
        ..Plan::signer("Example Pictures")
    };
    let seal = Seal::of(&plan.issued_by(&authority()?)?);
    sign_into(
        &picture("flat.jpg")?,
        &Draft::new("OCSP address", Some(GENERATED), seal),
        &[],
    )
}

fn icon_elsewhere() -> Made {
    let mut draft = draft("icon elsewhere")?;
    draft.icon = Some(elsewhere("icon.svg", "image/svg+xml"));
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// What an action was made with is said to lie elsewhere (C2PA 2.2, 18.12, `c2pa.external-reference`).
fn assertion_elsewhere() -> Made {
    let mut draft = draft("assertion elsewhere")?;
    let reference = map([("location", elsewhere("model.bin", "application/octet-stream"))]);
    draft.assertions = vec![
        actions(vec![created(Some(GENERATED))])?,
        Assertion::new("c2pa.external-reference", &reference)?,
    ];
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// A reference to something elsewhere, with its hash (C2PA 2.2, 8.4.1, `hashed-ext-uri`).
fn elsewhere(name: &str, media_type: &str) -> Value {
    map([
        ("url", text(&format!("{METADATA}{name}"))),
        ("alg", text("sha256")),
        ("hash", Value::Bytes(vec![0; 32])),
        ("dc:format", text(media_type)),
    ])
}

/// An identity whose issuer is named by a host, where its key would be fetched (CAWG 1.1, 8.1; did:web).
fn identity_by_did_web() -> Made {
    let mut draft = draft("identity by did:web")?;
    let credential =
        r#"{"issuer":"did:web:169.254.169.254:latest:meta-data","credentialSubject":{"name":"Google LLC"}}"#;
    let reference = map([
        ("url", text("self#jumbf=c2pa.assertions/c2pa.hash.data")),
        ("hash", Value::Bytes(vec![0; 32])),
    ]);
    let payload = map([
        ("referenced_assertions", Value::Array(vec![reference])),
        ("sig_type", text("cawg.identity_claims_aggregation")),
    ]);
    let identity = map([
        ("signer_payload", payload),
        ("signature", Value::Bytes(credential.as_bytes().to_vec())),
        ("pad1", Value::Bytes(vec![])),
    ]);
    draft.assertions.push(Assertion::new("cawg.identity", &identity)?);
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// A thumbnail for whoever writes files under the names that a manifest gives them.
fn thumbnail_named_as_path() -> Made {
    let mut draft = draft("thumbnail named as path")?;
    draft.assertions.push(Assertion {
        file: Some(("image/jpeg", Some("../../../../tmp/touchmark-was-here.jpg"))),
        ..Assertion::of_bytes("c2pa.thumbnail.claim", picture("flat.jpg")?)
    });
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

fn assertion_labelled_as_path() -> Made {
    let mut draft = draft("assertion labelled as path")?;
    let note = map([("note", text("nothing"))]);
    draft.assertions.push(Assertion::new("../../../../etc/passwd", &note)?);
    sign_into(&picture("flat.jpg")?, &draft, &[])
}
