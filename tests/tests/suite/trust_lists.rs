//! Trust lists that are updated: from files and from their publishers, newer for older and never the other way round.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Output;

use getrandom::SysRng;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark::TrustLists;
use touchmark::report::hex;
use touchmark_signing::{Algorithm, Certificate, Identity, Subject};
use touchmark_tests::pictures::PICTURES;

use crate::machine::touchmark;
use crate::server;

const TRUSTED: &str = "http://c2pa.org/conformance/trust-list/trusted";

/// C2PA's list of signers as it publishes it, with another issue date and further certificates.
fn published(name: &str, issued: &str, certificates: &[(Certificate, &str)]) -> String {
    let services: Vec<Value> = certificates
        .iter()
        .map(|(certificate, status)| {
            let pem = certificate.to_pem();
            let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
            json!({"ServiceInformation": {
                "ServiceName": [{"lang": "en", "value": "service"}],
                "ServiceDigitalIdentity": {"X509Certificates": [{"val": base64}]},
                "ServiceStatus": status,
                "StatusStartingTime": "2025-11-19T18:29:44Z",
            }})
        })
        .collect();
    json!({"LoTE": {
        "ListAndSchemeInformation": {
            "LoTEVersionIdentifier": 1,
            "SchemeName": [{"lang": "en", "value": name}],
            "ListIssueDateTime": issued,
            "NextUpdate": "2099-01-01T00:00:00Z",
        },
        "TrustedEntitiesList": [{"TrustedEntityServices": services}],
    }})
    .to_string()
}

fn official(index: usize) -> Vec<(Certificate, &'static str)> {
    let lists = TrustLists::official();
    let certificates = lists.lists()[index].certificates().iter().cloned();
    certificates.map(|one| (one, TRUSTED)).collect()
}

/// A machine with an identity of its own, and a picture stamped with it.
fn machine() -> (tempfile::TempDir, Certificate) {
    let folder = tempfile::tempdir().unwrap();
    let subject = Subject::new("Example Images", "Example Images signer").unwrap();
    let identity = Identity::new(&subject, Algorithm::Es256, OffsetDateTime::now_utc(), &mut SysRng).unwrap();
    let pem = identity.to_pem(None, &mut SysRng).unwrap();
    fs::write(folder.path().join("key.pem"), &*pem.leaf_key).unwrap();
    fs::write(folder.path().join("chain.pem"), &pem.chain).unwrap();
    let picture = PICTURES.iter().find(|picture| picture.name == "flat.jpg").unwrap();
    fs::write(folder.path().join("picture.jpg"), picture.bytes().unwrap()).unwrap();
    let stamped = touchmark(
        folder.path(),
        &[
            "stamp",
            "picture.jpg",
            "-o",
            "stamped.jpg",
            "--key",
            "file:key.pem",
            "--certificates",
            "chain.pem",
        ],
    );
    assert_eq!(stamped.status.code(), Some(0), "{}", said(&stamped));
    (folder, identity.root().certificate.clone())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn verdict(folder: &Path) -> Option<i32> {
    touchmark(folder, &["verify", "stamped.jpg"]).status.code()
}

#[test]
fn a_newer_list_takes_the_place_of_the_one_that_ships() {
    let (folder, root) = machine();
    let folder = folder.path();
    assert_eq!(verdict(folder), Some(13));

    let mut certificates = official(0);
    let gone = certificates.remove(3).0;
    certificates.push((root, TRUSTED));
    let list = published("C2PA Trust List", "2026-09-05T00:00:00Z", &certificates);
    fs::write(folder.join("new.json"), &list).unwrap();
    let rehearsed = touchmark(folder, &["trust", "update", "new.json", "--dry-run"]);
    assert_eq!(rehearsed.status.code(), Some(0), "{}", said(&rehearsed));
    assert_eq!(verdict(folder), Some(13), "a dry run changes nothing");
    let updated = touchmark(folder, &["trust", "update", "new.json"]);
    assert_eq!(updated.status.code(), Some(0), "{}", said(&updated));
    let digest = hex(&Sha256::digest(&list));
    for part in [
        "issued 2026-09-05, before 2026-08-05; 30 certificates, before 30",
        "sha256 before 75cacc98",
        &format!("sha256 after  {digest}"),
        &format!("  - {}", gone.subject().organisation.clone().unwrap()),
        "  + Example Images, Example Images signer root CA",
    ] {
        assert!(told(&updated).contains(part), "{part}\n{}", told(&updated));
    }
    assert_eq!(told(&updated).matches("\n  + ").count(), 1);
    // It is in force, and no third list beside the two.
    assert_eq!(verdict(folder), Some(0));
    let listed = told(&touchmark(folder, &["trust", "list", "--json"]));
    assert_eq!(listed.lines().count(), 2);
    assert!(
        listed.contains(&digest) && listed.contains("\"next_update\":\"2099-01-01\""),
        "{listed}"
    );

    // Again: up to date. Older: refused, with --force too where the one that ships is newer.
    assert!(told(&touchmark(folder, &["trust", "update", "new.json"])).contains("up to date"));
    for (issued, force, code) in [
        ("2026-09-01T00:00:00Z", false, Some(1)),
        ("2026-09-01T00:00:00Z", true, Some(0)),
        ("2026-08-04T23:59:59Z", true, Some(1)),
    ] {
        let older = published("C2PA Trust List", issued, &certificates);
        fs::write(folder.join("older.json"), older).unwrap();
        let mut args = vec!["trust", "update", "older.json"];
        args.extend(force.then_some("--force"));
        let output = touchmark(folder, &args);
        assert_eq!(output.status.code(), code, "{issued} {force}: {}", said(&output));
        assert_eq!(said(&output).contains("TM0507"), code != Some(0));
    }
    // Removed, the one that ships is back.
    assert_eq!(
        touchmark(folder, &["trust", "remove", "C2PA trust list"]).status.code(),
        Some(0)
    );
    assert_eq!(verdict(folder), Some(13));
}

#[test]
fn who_is_struck_off_is_trusted_no_more() {
    let (folder, root) = machine();
    let folder = folder.path();
    for (issued, status, code) in [
        ("2026-08-20T00:00:00Z", TRUSTED, Some(0)),
        (
            "2026-08-21T00:00:00Z",
            "http://c2pa.org/conformance/trust-list/withdrawn",
            Some(13),
        ),
    ] {
        let mut certificates = official(0);
        certificates.push((root.clone(), status));
        fs::write(
            folder.join("list.json"),
            published("C2PA Trust List", issued, &certificates),
        )
        .unwrap();
        let updated = touchmark(folder, &["trust", "update", "list.json"]);
        assert_eq!(updated.status.code(), Some(0), "{}", said(&updated));
        assert_eq!(verdict(folder), code, "{status}");
    }
}

#[test]
fn a_list_of_ones_own_is_updated_by_name() {
    let (folder, root) = machine();
    let folder = folder.path();
    fs::write(folder.join("other.pem"), official(0)[0].0.to_pem()).unwrap();
    let broken = format!(
        "{}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{}",
        official(0)[0].0.to_pem(),
        root.to_pem()
    );
    fs::write(folder.join("mine.pem"), broken).unwrap();
    let add = [
        "trust",
        "add",
        "other.pem",
        "--purpose",
        "signers",
        "--name",
        "Mine",
        "--next-update",
        "2020-01-01",
    ];
    assert_eq!(touchmark(folder, &add).status.code(), Some(0));
    assert!(told(&touchmark(folder, &["trust", "list"])).contains("update was due 2020-01-01"));
    for (args, code, part) in [
        (&["trust", "update", "mine.pem"][..], Some(2), "TM0508"),
        (
            &["trust", "update", "mine.pem", "--name", "Nobody's"],
            Some(1),
            "`touchmark trust add` adds one",
        ),
        (&["trust", "update", "picture.jpg", "--name", "Mine"], Some(1), "TM0501"),
        (
            &["trust", "update", "mine.pem", "--name", "Mine"],
            Some(0),
            "certificate 2 was left out",
        ),
    ] {
        let output = touchmark(folder, args);
        assert_eq!(output.status.code(), code, "{args:?}: {}", said(&output));
        assert!(said(&output).contains(part), "{args:?}: {}", said(&output));
    }
    assert_eq!(verdict(folder), Some(0));
    let listed = told(&touchmark(folder, &["trust", "list"]));
    assert!(
        listed.contains("left out, unreadable or repeated: certificate 2"),
        "{listed}"
    );
    // JSON of somebody else is no list of C2PA's; JSON that is no list says what would be one.
    fs::write(folder.join("junk.json"), "{}").unwrap();
    let output = touchmark(folder, &["trust", "update", "junk.json"]);
    assert!(said(&output).contains("TM0501") && said(&output).contains("give the JSON that C2PA publishes"));
    fs::write(
        folder.join("theirs.json"),
        published("Their List", "2026-08-20T00:00:00Z", &official(0)),
    )
    .unwrap();
    let output = touchmark(folder, &["trust", "update", "theirs.json"]);
    assert!(output.status.code() == Some(1) && said(&output).contains("none of C2PA's own"));
}

#[test]
fn lists_come_from_their_publishers_on_request() {
    let (folder, root) = machine();
    let folder = folder.path();
    let mut signers = official(0);
    signers.push((root.clone(), TRUSTED));
    let files = |time_stamps: &str| {
        BTreeMap::from([
            (
                "/C2PA-TRUST-LIST.json".to_owned(),
                published("C2PA Trust List", "2026-08-20T00:00:00Z", &signers),
            ),
            ("/C2PA-TSA-TRUST-LIST.json".to_owned(), time_stamps.to_owned()),
            ("/anchors.pem".to_owned(), official(0)[1].0.to_pem()),
            ("/allowed.pem".to_owned(), official(1)[1].0.to_pem()),
        ])
    };
    let update = |server: SocketAddr| {
        let mirror = format!("http://{server}");
        touchmark(
            folder,
            &["trust", "update", "--online", "--mirror", &mirror, "--allow-private"],
        )
    };
    // One publisher answers with another list: that one fails, the others are had.
    let wrong = serve(files(&published(
        "C2PA Trust List",
        "2026-08-20T00:00:00Z",
        &official(1),
    )));
    let output = update(wrong);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("TM0501") && said(&output).contains("asking 127.0.0.1"),
        "{}",
        said(&output)
    );
    assert_eq!(verdict(folder), Some(0), "the list of signers is had");
    let listed = told(&touchmark(folder, &["trust", "list"]));
    assert!(
        listed.contains("C2PA interim trust list [legacy]: 2 certificates, issued 2026-01-01"),
        "{listed}"
    );
    // Everything well: the second run finds two of three up to date.
    let right = serve(files(&published(
        "C2PA TSA Trust List",
        "2026-08-20T00:00:00Z",
        &official(1),
    )));
    let output = update(right);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(told(&output).matches("up to date").count(), 2, "{}", told(&output));
    // Nobody there; and no private address without being told.
    let output = update(serve(BTreeMap::new()));
    assert!(output.status.code() == Some(1) && said(&output).matches("TM0509").count() == 3);
    let output = touchmark(
        folder,
        &["trust", "update", "--online", "--mirror", &format!("http://{right}")],
    );
    assert!(said(&output).contains("not an https address"), "{}", said(&output));
    assert_eq!(verdict(folder), Some(0), "what was there stays");
}

#[test]
fn only_c2pas_own_json_updates_an_official_list() {
    let (folder, root) = machine();
    let folder = folder.path();
    fs::write(folder.join("root.pem"), root.to_pem()).unwrap();
    let mut args = vec!["trust", "update", "root.pem", "--issued", "2026-09-01", "--name"];
    args.extend(["C2PA trust list", "--force"]);
    let output = touchmark(folder, &args);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    for words in [
        "TM0501",
        "PEM does not say whose list it is",
        "under a name of their own",
    ] {
        assert!(said(&output).contains(words), "{}", said(&output));
    }
    assert_eq!(verdict(folder), Some(13), "nothing is in force that was not");
}

#[test]
fn a_correction_of_the_same_day_is_in_force() {
    let (folder, root) = machine();
    let folder = folder.path();
    let mut certificates = official(0);
    certificates.push((root, TRUSTED));
    let list = published("C2PA Trust List", "2026-08-05T23:00:00Z", &certificates);
    fs::write(folder.join("corrected.json"), list).unwrap();
    let output = touchmark(folder, &["trust", "update", "corrected.json"]);
    assert!(
        told(&output).contains("31 certificates, before 30"),
        "{}",
        said(&output)
    );
    assert_eq!(verdict(folder), Some(0));
}

#[test]
fn dates_that_cannot_be_are_refused() {
    let (folder, root) = machine();
    let folder = folder.path();
    fs::write(folder.join("root.pem"), root.to_pem()).unwrap();
    let of = |issued| published("C2PA Trust List", issued, &official(0));
    fs::write(folder.join("early.json"), of("2098-12-01T00:00:00Z")).unwrap();
    fs::write(folder.join("due.json"), of("2099-02-01T00:00:00Z")).unwrap();
    let tomorrow = OffsetDateTime::now_utc().date().next_day().unwrap().to_string();
    let add = ["trust", "add", "root.pem", "--purpose", "signers", "--name", "Mine"];
    for (command, dates, sound) in [
        (&add[..], &["--issued", "2098-01-01"][..], false),
        (&add, &["--issued", "2026-02-01", "--next-update", "2026-01-31"], false),
        (&["trust", "update", "early.json"], &[], false),
        (&["trust", "update", "early.json"], &["--dry-run", "--force"], false),
        (&["trust", "update", "due.json"], &[], false),
        (
            &add,
            &["--issued", tomorrow.as_str(), "--next-update", tomorrow.as_str()],
            true,
        ),
        (
            &["trust", "update", "root.pem", "--name", "Mine"],
            &["--issued", "2098-01-01"],
            false,
        ),
    ] {
        let output = touchmark(folder, &[command, dates].concat());
        assert_eq!(output.status.success(), sound, "{dates:?}: {}", said(&output));
        assert_eq!(said(&output).contains("TM0510"), !sound, "{dates:?}: {}", said(&output));
    }
    let listed = told(&touchmark(folder, &["trust", "list"]));
    assert!(!listed.contains("2098-01-01") && !listed.contains("--"), "{listed}");
}

#[test]
fn lists_and_chains_are_read_in_every_form() {
    let (folder, root) = machine();
    let folder = folder.path();
    fs::write(folder.join("root.der"), root.der()).unwrap();
    let verified = touchmark(folder, &["verify", "stamped.jpg", "--trust", "root.der"]);
    assert_eq!(verified.status.code(), Some(0), "{}", said(&verified));
    let add = ["trust", "add", "root.der", "--purpose", "signers", "--name", "Mine"];
    let added = touchmark(folder, &add);
    assert!(told(&added).contains("signers: 1 certificate."), "{}", said(&added));
    assert_eq!(verdict(folder), Some(0));
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/signing/tests/data");
    for form in ["openssl-chain.p7b", "openssl-chain-der.p7b"] {
        fs::copy(data.join(form), folder.join(form)).unwrap();
        let output = touchmark(folder, &["trust", "add", form, "--purpose", "legacy", "--name", form]);
        assert_eq!(output.status.code(), Some(0), "{form}: {}", said(&output));
        // Of another key: the chain is read, and that is what is said.
        let stamp = [
            "stamp",
            "picture.jpg",
            "-o",
            "x.jpg",
            "--key",
            "file:key.pem",
            "--certificates",
        ];
        let output = touchmark(folder, &[&stamp[..], &[form]].concat());
        assert!(said(&output).contains("TM0305"), "{form}: {}", said(&output));
    }
    fs::write(folder.join("large.pem"), vec![b' '; 5 << 20]).unwrap();
    let add = ["trust", "add", "large.pem", "--purpose", "signers", "--name", "Large"];
    let large = touchmark(folder, &add);
    assert!(
        said(&large).contains("TM0501") && said(&large).contains("divide it"),
        "{}",
        said(&large)
    );
}

#[cfg(unix)]
#[test]
fn secrets_that_others_can_read_are_named_wherever_they_are() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, _) = machine();
    let folder = folder.path();
    let doctor = |args: &[&str]| told(&touchmark(folder, &[&["doctor"], args].concat()));
    let mode = |name: &str, mode| fs::set_permissions(folder.join(name), fs::Permissions::from_mode(mode)).unwrap();
    let pin = folder.join("pin");
    fs::write(&pin, "1234").unwrap();
    let token = format!("pkcs11:object=a?module-path=/m.so&pin-source=file:{}", pin.display());
    for (name, key) in [("key.pem", "file:key.pem"), ("pin", &token)] {
        let said = |bits| {
            mode(name, bits);
            doctor(&["--key", key, "--certificates", "chain.pem"])
        };
        let (open, closed) = (said(0o644), said(0o600));
        assert!(
            open.contains("FAILS    keys: others on this machine can read"),
            "{open}"
        );
        assert!(
            closed.contains("fine     keys: only you can read") && closed.contains(name),
            "{closed}"
        );
    }
    fs::remove_dir_all(folder.join(".data/identities")).unwrap_or_default();
    fs::create_dir_all(folder.join(".data")).unwrap();
    fs::write(folder.join(".data/identities"), "").unwrap();
    let said = doctor(&[]);
    assert!(said.contains("FAILS    keys: failed to read"), "{said}");
}

#[test]
fn a_mirrors_credentials_are_not_shown() {
    let (folder, _) = machine();
    let mirror = "https://u:s3cret@mirror.example/lists";
    let output = touchmark(folder.path(), &["trust", "update", "--online", "--mirror", mirror]);
    let said = said(&output);
    assert!(
        said.contains("TM0509") && said.contains("https://mirror.example/..") && !said.contains("s3cret"),
        "{said}"
    );
}

/// A server on this machine with these files.
fn serve(files: BTreeMap<String, String>) -> SocketAddr {
    server::serve(move |stream, path| answer(stream, path, &files))
}

fn answer(mut stream: TcpStream, path: &str, files: &BTreeMap<String, String>) {
    let body = files.get(path);
    let status = if body.is_some() { "200 OK" } else { "404 Not Found" };
    let body = body.map(String::as_str).unwrap_or_default();
    let _ = stream.write_all(
        format!(
            "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .as_bytes(),
    );
}
