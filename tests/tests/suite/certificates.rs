//! Certificates before anybody signs with them: each rule, the way from a request to a stamp, and that nothing but the
//! very chain that was issued is trusted.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use proptest::prelude::*;
use tempfile::TempDir;
use time::OffsetDateTime;
use touchmark_signing::profile::Outcome;
use touchmark_signing::trust::{Purpose, TrustList, TrustLists, evaluate};
use touchmark_signing::{Certificate, CertificateRequest, examine, read_certificates};
use touchmark_tests::pictures::PICTURES;
use touchmark_tests::rules::{Draft, EXAMINED_AT, Issuer, files, folder, signer_key};

fn trusting(root: &Certificate) -> TrustLists {
    let list = TrustList::from_pem("Test list", Purpose::Signers, root.to_pem().as_bytes()).unwrap();
    TrustLists::empty().with(list)
}

#[test]
fn each_certificate_breaks_the_rule_it_is_called_after_and_no_other() {
    let lists = trusting(&Issuer::root().unwrap().certificate);
    for (name, text) in files().unwrap() {
        assert_eq!(fs::read_to_string(folder().join(&name)).unwrap(), text, "{name}");
        let name = name.strip_suffix(".pem").unwrap();
        if ["root", "key", "other-key"].contains(&name) {
            continue;
        }
        let examination = examine(&read_certificates(text.as_bytes()).unwrap(), &lists, EXAMINED_AT).unwrap();
        let unmet: Vec<_> = [Outcome::Broken, Outcome::Advised]
            .into_iter()
            .flat_map(|outcome| examination.rules(outcome).collect::<Vec<_>>())
            .map(|rule| rule.id())
            .collect();
        // No reader can follow a signature that it refuses, and what the file leaves out does not lead to a root.
        if name == "certificate.own-key" {
            assert!(unmet.contains(&name) && !examination.is_accepted());
            continue;
        }
        let expected: &[&str] = match name {
            "sound" | "sound-chain" => &[],
            "certificate.signature-algorithm" => &[name, "chain.complete"],
            "certificate.validity-period-level-2" => &["certificate.validity-period"],
            "chain.members" => &[name],
            "chain.signatures" | "chain.algorithms" => &[name, "chain.complete"],
            _ => &[name],
        };
        assert_eq!(unmet, expected, "{name}");
        let trusted = examination.trust().is_trusted();
        let reachable =
            unmet.is_empty() || examination.is_accepted() && name != "chain.complete" || name == "chain.members";
        assert_eq!(trusted, reachable, "{name}: {:?}", examination.trust());
    }
}

struct Chains {
    /// On a list.
    root: Certificate,
    /// A leaf and an intermediate below that root.
    issued: [Vec<u8>; 2],
    /// Somebody else's, of the same names.
    foreign: [Vec<u8>; 2],
}

static CHAINS: LazyLock<Chains> = LazyLock::new(|| {
    let root = Issuer::root().unwrap();
    let middle = Issuer::below(&root, "middle", |_| {}).unwrap();
    let draft = Draft::signer(signer_key().unwrap().public_key_info().unwrap()).unwrap();
    let issued = [draft.issued_by(&middle).unwrap(), middle.certificate.der().to_vec()];
    // An issuer of the same name, below one that no file holds: nothing leads from it to the root.
    let outsider = Issuer::below(&root, "outsider", |_| {}).unwrap();
    let stranger = Issuer::below(&outsider, "stranger", |_| {}).unwrap();
    let foreign = [draft.issued_by(&stranger).unwrap(), stranger.certificate.der().to_vec()];
    Chains {
        root: root.certificate,
        issued,
        foreign,
    }
});

#[derive(Debug, Clone)]
enum Mutation {
    Flip(usize, prop::sample::Index, u8),
    Drop(usize),
    Repeat(usize),
    Swap,
    ForeignLeaf,
    ForeignIssuer,
    /// Other dates in the leaf, under the old signature.
    Dates(usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (0_usize..4, any::<prop::sample::Index>(), 1_u8..).prop_map(|(which, at, by)| Mutation::Flip(which, at, by)),
        (0_usize..4).prop_map(Mutation::Drop),
        (0_usize..4).prop_map(Mutation::Repeat),
        Just(Mutation::Swap),
        Just(Mutation::ForeignLeaf),
        Just(Mutation::ForeignIssuer),
        (0_usize..26).prop_map(Mutation::Dates),
    ]
}

fn mutate(chain: &mut Vec<Vec<u8>>, mutation: &Mutation) {
    let foreign = &CHAINS.foreign;
    match mutation {
        Mutation::Flip(which, at, by) => {
            if let Some(one) = chain.get_mut(*which) {
                let at = at.index(one.len());
                one[at] ^= by;
            }
        }
        Mutation::Drop(which) if *which < chain.len() => drop(chain.remove(*which)),
        Mutation::Repeat(which) => chain.extend(chain.get(*which).cloned()),
        Mutation::Swap => chain.reverse(),
        Mutation::ForeignLeaf if !chain.is_empty() => chain[0] = foreign[0].clone(),
        Mutation::ForeignIssuer if chain.len() > 1 => chain[1] = foreign[1].clone(),
        Mutation::Dates(digit) => {
            if let Some(one) = chain.first_mut() {
                let at = one.windows(2).position(|pair| pair == [0x17, 0x0D]).map(|at| at + 2);
                // The two dates stand side by side, 13 digits each behind its tag and length.
                let skip = usize::from(*digit >= 13) * 2;
                if let Some(byte) = at.and_then(|at| one.get_mut(at + digit + skip)) {
                    *byte = if byte.is_ascii_digit() {
                        b'0' + (*byte - b'0' + 1) % 10
                    } else {
                        *byte ^ 1
                    };
                }
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Trusted is the leaf that was issued, with the intermediate that issued it, to the byte; nothing else.
    #[test]
    fn no_mutation_of_a_chain_is_trusted(mutations in prop::collection::vec(mutation(), 0..4)) {
        let Chains { root, issued: chain, .. } = &*CHAINS;
        let lists = trusting(root);
        let mut mutated = chain.to_vec();
        mutations.iter().for_each(|mutation| mutate(&mut mutated, mutation));
        let trusted = evaluate(&mutated, &lists, EXAMINED_AT).is_trusted();
        let same = mutated.first() == Some(&chain[0]) && mutated[1..].contains(&chain[1]);
        prop_assert!(!trusted || same, "{mutations:?}");
        if mutated == chain.to_vec() {
            prop_assert!(trusted);
        }
    }
}

fn touchmark(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_touchmark-under-test"))
        .current_dir(folder)
        .env("TOUCHMARK_DATA_DIR", folder.join(".data"))
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .args(args)
        .output()
        .unwrap()
}

/// Runs a command that must succeed, and gives what it printed.
fn done(folder: &Path, args: &[&str]) -> String {
    let output = touchmark(folder, args);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs a command that must fail with this code.
fn refused(folder: &Path, args: &[&str], code: &str) -> String {
    let output = touchmark(folder, args);
    assert!(
        !output.status.success() && said(&output).contains(code),
        "{args:?}: {}",
        said(&output)
    );
    said(&output)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn machine() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let picture = PICTURES.iter().find(|picture| picture.name == "flat.jpg").unwrap();
    fs::write(folder.path().join("picture.jpg"), picture.bytes().unwrap()).unwrap();
    folder
}

const REQUEST: [&str; 6] = ["keys", "request", "--organisation", "Example Ltd", "--country", "DE"];

/// What an authority makes of a request, valid now: leaf, intermediate.
fn issue(request: &Path) -> [String; 2] {
    let request = CertificateRequest::from_pem(&fs::read_to_string(request).unwrap()).unwrap();
    let middle = Issuer::below(&Issuer::root().unwrap(), "middle", |_| {}).unwrap();
    let mut draft = Draft::signer(request.public_key_info()).unwrap();
    let now = OffsetDateTime::now_utc();
    draft.valid = (now - time::Duration::DAY, now + time::Duration::days(300));
    let leaf = Certificate::from_der(&draft.issued_by(&middle).unwrap()).unwrap();
    [leaf.to_pem(), middle.certificate.to_pem()]
}

#[test]
fn a_request_becomes_an_identity_that_stamps() {
    for algorithm in ["es256", "ed25519"] {
        let folder = machine();
        let at = folder.path();
        let asked = done(
            at,
            &[&REQUEST[..], &["-o", "request.pem", "--algorithm", algorithm]].concat(),
        );
        assert!(asked.contains("no authority on C2PA's list issues for"), "{asked}");
        assert!(done(at, &["keys", "list"]).contains("requested; waits"));
        // A second request would put the first one's key aside.
        let again = [&REQUEST[..], &["-o", "again.pem", "--algorithm", algorithm]].concat();
        assert!(done(at, &again).contains("waits as \"default\" already"));
        let [first, second] = ["request.pem", "again.pem"].map(|name| fs::read(at.join(name)).unwrap());
        assert_eq!(first, second);
        let other = [
            &again[..7],
            &["third.pem", "--common-name", "Other", "--algorithm", algorithm],
        ]
        .concat();
        refused(at, &other, "TM0323");

        let [leaf, middle] = issue(&at.join("request.pem"));
        fs::write(at.join("root.pem"), Issuer::root().unwrap().certificate.to_pem()).unwrap();
        done(
            at,
            &["trust", "add", "root.pem", "--purpose", "signers", "--name", "Test"],
        );
        // In the wrong order, from two files, with the root and a certificate of somebody else.
        let other = Issuer::below(&Issuer::root().unwrap(), "other", |_| {}).unwrap();
        let root = Issuer::root().unwrap().certificate.to_pem();
        fs::write(
            at.join("issuers.pem"),
            format!("{root}{}{middle}", other.certificate.to_pem()),
        )
        .unwrap();
        fs::write(at.join("leaf.pem"), &leaf).unwrap();
        let import = ["keys", "import", "--certificates", "issuers.pem", "leaf.pem"];
        let imported = done(at, &import);
        assert!(
            imported.contains("stamps will hold 2 of its certificates"),
            "{imported}"
        );
        let list = done(at, &["keys", "list", "--json"]);
        assert!(
            list.contains("\"origin\":\"imported\"") && list.contains(algorithm),
            "{list}"
        );
        assert!(!at.join(".data/identities/default/request.pem").exists());

        done(at, &["stamp", "picture.jpg"]);
        done(at, &["verify", "picture.stamped.jpg"]);
        refused(at, &["keys", "renew"], "TM0324");
        refused(at, &import, "TM0325");
    }
}

/// A certificate for the key of `public`, issued so many days ago, with that of its issuer.
fn issue_for(public_key_info: Vec<u8>, days_ago: i64) -> [String; 2] {
    let middle = Issuer::below(&Issuer::root().unwrap(), "middle", |_| {}).unwrap();
    let mut draft = Draft::signer(public_key_info).unwrap();
    let begin = OffsetDateTime::now_utc() - time::Duration::days(days_ago);
    draft.valid = (begin, begin + time::Duration::days(300));
    let leaf = Certificate::from_der(&draft.issued_by(&middle).unwrap()).unwrap();
    [leaf.to_pem(), middle.certificate.to_pem()]
}

#[test]
fn a_request_that_cannot_be_written_strands_no_key() {
    let folder = machine();
    let at = folder.path();
    fs::write(at.join("taken.pem"), "mine").unwrap();
    for (to, code) in [("taken.pem", "TM0201"), ("/nonexistent/x.pem", "TM0202")] {
        refused(at, &[&REQUEST[..], &["-o", to]].concat(), code);
        refused(
            at,
            &[&REQUEST[..], &["-o", to, "--key-output", "key.pem"]].concat(),
            code,
        );
        refused(
            at,
            &[&REQUEST[..], &["-o", "new.pem", "--key-output", to]].concat(),
            code,
        );
        refused(
            at,
            &[&REQUEST[..], &["-o", "one.pem", "--key-output", "one.pem"]].concat(),
            "TM0201",
        );
    }
    for absent in ["key.pem", "new.pem", "one.pem", ".data/identities"] {
        assert!(!at.join(absent).exists(), "{absent}");
    }
    assert_eq!(fs::read_to_string(at.join("taken.pem")).unwrap(), "mine");
    done(at, &[&REQUEST[..], &["-o", "request.pem"]].concat());
}

#[test]
fn a_request_goes_to_standard_output_alone() {
    let folder = machine();
    let at = folder.path();
    let output = touchmark(at, &[&REQUEST[..], &["-o", "-"]].concat());
    assert!(output.status.success() && said(&output).contains("Wrote the request to standard output"));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(CertificateRequest::from_pem(&printed).is_ok(), "{printed}");
    assert!(!at.join("-").exists());
}

#[test]
fn a_broken_request_is_named_and_hides_nothing() {
    let folder = machine();
    let at = folder.path();
    done(at, &["keys", "new", "--organisation", "Example Ltd", "--name", "own"]);
    done(at, &[&REQUEST[..], &["-o", "request.pem", "--name", "studio"]].concat());
    fs::create_dir_all(at.join(".data/identities/bad")).unwrap();
    fs::write(at.join(".data/identities/bad/request.pem"), "").unwrap();
    let list = touchmark(at, &["keys", "list"]);
    let shown = String::from_utf8_lossy(&list.stdout);
    assert!(shown.contains("own: ") && shown.contains("studio: "), "{shown}");
    assert!(
        said(&list).contains("TM0326") && said(&list).contains("bad/request.pem"),
        "{}",
        said(&list)
    );
    let chain = issue(&at.join("request.pem")).concat();
    fs::write(at.join("chain.pem"), chain).unwrap();
    done(at, &["keys", "import", "--certificates", "chain.pem"]);
}

#[test]
fn a_chain_is_mended_and_a_certificate_renewed_for_the_same_key() {
    let folder = machine();
    let at = folder.path();
    done(at, &[&REQUEST[..], &["-o", "request.pem", "--name", "studio"]].concat());
    let request = CertificateRequest::from_pem(&fs::read_to_string(at.join("request.pem")).unwrap()).unwrap();
    let [leaf, middle] = issue_for(request.public_key_info(), 30);
    fs::write(at.join("leaf.pem"), &leaf).unwrap();
    fs::write(at.join("whole.pem"), format!("{leaf}{middle}")).unwrap();
    let import = |file: &str| touchmark(at, &["keys", "import", "--certificates", file]);
    let signing = || fs::read_to_string(at.join(".data/identities/studio/signing.pem")).unwrap();

    let incomplete = import("leaf.pem");
    assert!(incomplete.status.success(), "{}", said(&incomplete));
    assert!(said(&incomplete).contains("leads to no root"), "{}", said(&incomplete));
    assert_eq!(signing().matches("BEGIN CERTIFICATE").count(), 1);
    assert!(import("whole.pem").status.success());
    assert_eq!(signing().matches("BEGIN CERTIFICATE").count(), 2);
    for nothing_new in ["whole.pem", "leaf.pem"] {
        refused(at, &["keys", "import", "--certificates", nothing_new], "TM0325");
    }

    // Issued again for the same key; and then the earlier one does not come back.
    let [renewed, _] = issue_for(request.public_key_info(), 1);
    fs::write(at.join("renewed.pem"), format!("{leaf}{renewed}{middle}")).unwrap();
    assert!(import("renewed.pem").status.success());
    assert!(signing().contains(&renewed));
    let back = refused(at, &["keys", "import", "--certificates", "whole.pem"], "TM0325");
    assert!(back.contains("newer"), "{back}");
    done(at, &["stamp", "picture.jpg", "--identity", "studio"]);
}

/// The signer's key in a file, a program that signs with it, and a chain for it; `openssl` is what most have.
#[cfg(unix)]
fn with_signer(at: &Path) -> Vec<u8> {
    use std::os::unix::fs::PermissionsExt;
    let info = signer_key().unwrap().public_key_info().unwrap();
    fs::write(at.join("key.pem"), signer_key().unwrap().to_pem().unwrap().as_bytes()).unwrap();
    fs::write(at.join("chain.pem"), issue_for(info.clone(), 1).concat()).unwrap();
    let script = format!(
        "#!/bin/sh\nexec openssl dgst -sha256 -sign '{}/key.pem'\n",
        at.display()
    );
    fs::write(at.join("sign.sh"), script).unwrap();
    fs::set_permissions(at.join("sign.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    info
}

#[cfg(unix)]
#[test]
fn a_key_moves_and_an_identity_follows() {
    let folder = machine();
    let at = folder.path();
    with_signer(at);
    let import = |key: &str, more: &[&str]| {
        let args = ["keys", "import", "--certificates", "chain.pem", "--key", key];
        touchmark(at, &[&args[..], more].concat())
    };
    let list = || done(at, &["keys", "list"]);
    // From the file to a program, whose folder is meant and not that of whoever stamps; and back.
    assert!(import("file:key.pem", &[]).status.success());
    let moved = import("cmd:./sign.sh --token S3CRET", &[]);
    assert!(
        moved.status.success() && said(&moved).contains("arguments are kept"),
        "{}",
        said(&moved)
    );
    assert!(
        !said(&moved).contains("S3CRET") && list().contains("key in cmd:/"),
        "{}",
        list()
    );
    let reference = fs::read_to_string(at.join(".data/identities/default/signing.toml")).unwrap();
    assert!(reference.contains("as they were typed") && !reference.contains("Nothing here is secret"));
    assert!(!at.join(".data/identities/default/signing.pem").exists());
    fs::create_dir(at.join("elsewhere")).unwrap();
    let stamp = Command::new(env!("CARGO_BIN_EXE_touchmark-under-test"))
        .current_dir(at.join("elsewhere"))
        .env("TOUCHMARK_DATA_DIR", at.join(".data"))
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .args(["stamp", "../picture.jpg"])
        .output()
        .unwrap();
    assert!(stamp.status.success(), "{}", said(&stamp));
    assert_eq!(import("cmd:./sign.sh --token S3CRET", &[]).status.code(), Some(1));
    // A request would put a key in a file in its place.
    refused(at, &[&REQUEST[..], &["-o", "request.pem"]].concat(), "TM0337");
    assert!(import("file:key.pem", &[]).status.success());
    assert!(!at.join(".data/identities/default/signing.toml").exists());

    // Another key takes its place only by name; an own identity's place, never.
    fs::copy(folder_of("other-key.pem"), at.join("other.pem")).unwrap();
    let other =
        touchmark_signing::SecretKey::from_pem(&fs::read_to_string(at.join("other.pem")).unwrap(), None).unwrap();
    fs::write(
        at.join("chain.pem"),
        issue_for(other.public_key_info().unwrap(), 1).concat(),
    )
    .unwrap();
    let unnamed = import("file:other.pem", &[]);
    assert!(
        said(&unnamed).contains("TM0302") && said(&unnamed).contains("--name default"),
        "{}",
        said(&unnamed)
    );
    assert!(import("file:other.pem", &["--name", "default"]).status.success());
    done(at, &["keys", "new", "--organisation", "Example Ltd", "--name", "own"]);
    let own = import("file:other.pem", &["--name", "own"]);
    assert!(
        said(&own).contains("TM0302") && said(&own).contains("root of its own"),
        "{}",
        said(&own)
    );
}

#[cfg(unix)]
#[test]
fn the_newest_certificate_of_a_key_is_meant_wherever_the_key_is() {
    let folder = machine();
    let at = folder.path();
    let info = with_signer(at);
    let [old, middle] = issue_for(info.clone(), 20);
    let [new, _] = issue_for(info, 1);
    let other =
        touchmark_signing::SecretKey::from_pem(&fs::read_to_string(folder_of("other-key.pem")).unwrap(), None).unwrap();
    let [stranger, _] = issue_for(other.public_key_info().unwrap(), 0);
    fs::write(at.join("bundle.pem"), format!("{stranger}{old}{new}{middle}")).unwrap();
    for (name, key) in [("one", "file:key.pem"), ("two", "cmd:./sign.sh")] {
        let check = touchmark(at, &["keys", "check", "--certificates", "bundle.pem", "--key", key]);
        let shown = String::from_utf8_lossy(&check.stdout);
        assert!(shown.contains("pass    key.match"), "{key}: {shown}");
        done(
            at,
            &[
                "keys",
                "import",
                "--certificates",
                "bundle.pem",
                "--key",
                key,
                "--name",
                name,
            ],
        );
        let kept = ["signing.pem", "chain.pem"].map(|file| at.join(".data/identities").join(name).join(file));
        let kept = kept.iter().find_map(|path| fs::read_to_string(path).ok()).unwrap();
        assert!(kept.contains(&new) && !kept.contains(&old), "{key}");
        fs::remove_dir_all(at.join(".data")).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_key_behind_a_program_is_requested_for_by_its_public_key() {
    let folder = machine();
    let at = folder.path();
    let info = with_signer(at);
    fs::write(at.join("public.der"), &info).unwrap();
    let ask = |more: &[&str]| {
        let args = ["-o", "request.pem", "--key", "cmd:./sign.sh"];
        [&REQUEST[..], &args, more]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let as_args = |args: &[String]| touchmark(at, &args.iter().map(String::as_str).collect::<Vec<_>>());
    let without = as_args(&ask(&[]));
    assert!(said(&without).contains("--public-key FILE"), "{}", said(&without));
    let with = as_args(&ask(&["--public-key", "public.der"]));
    assert!(with.status.success(), "{}", said(&with));
    let request = CertificateRequest::from_pem(&fs::read_to_string(at.join("request.pem")).unwrap()).unwrap();
    assert_eq!(request.public_key_info(), info);
    // Of another key, and no public key at all.
    fs::remove_file(at.join("request.pem")).unwrap();
    let other =
        touchmark_signing::SecretKey::from_pem(&fs::read_to_string(folder_of("other-key.pem")).unwrap(), None).unwrap();
    fs::write(at.join("other.der"), other.public_key_info().unwrap()).unwrap();
    for (file, code) in [("other.der", "TM0331"), ("key.pem", "TM0308")] {
        let refused = as_args(&ask(&["--public-key", file]));
        assert!(said(&refused).contains(code), "{file}: {}", said(&refused));
    }
    assert!(!at.join("request.pem").exists());
}

/// What an imported identity is told before it ends: not `keys renew`, which cannot.
#[test]
fn an_imported_identity_is_sent_to_its_authority() {
    let folder = machine();
    let at = folder.path();
    done(at, &[&REQUEST[..], &["-o", "request.pem", "--name", "studio"]].concat());
    let request = CertificateRequest::from_pem(&fs::read_to_string(at.join("request.pem")).unwrap()).unwrap();
    fs::write(at.join("chain.pem"), issue_for(request.public_key_info(), 295).concat()).unwrap();
    done(at, &["keys", "import", "--certificates", "chain.pem"]);
    let stamp = touchmark(at, &["stamp", "picture.jpg", "--identity", "studio"]);
    assert!(
        said(&stamp).contains("keys request --name studio") && !said(&stamp).contains("keys renew"),
        "{}",
        said(&stamp)
    );
}

/// Certificates for `stamp --key` in the forms that authorities send.
#[test]
fn certificates_for_a_key_may_be_in_any_form() {
    let folder = machine();
    let at = folder.path();
    let [leaf, _] = issue_for(signer_key().unwrap().public_key_info().unwrap(), 1);
    fs::write(at.join("key.pem"), signer_key().unwrap().to_pem().unwrap().as_bytes()).unwrap();
    fs::write(at.join("leaf.cer"), Certificate::from_pem(&leaf).unwrap().der()).unwrap();
    let stamp = |certificates| {
        touchmark(
            at,
            &[
                "stamp",
                "picture.jpg",
                "--key",
                "file:key.pem",
                "--certificates",
                certificates,
                "--dry-run",
            ],
        )
    };
    assert!(stamp("leaf.cer").status.success(), "{}", said(&stamp("leaf.cer")));
    fs::write(at.join("large.pem"), vec![b' '; 2 << 20]).unwrap();
    for (file, said_of) in [
        ("key.pem", "read the certificates in key.pem"),
        ("large.pem", "read large.pem"),
    ] {
        let said = said(&stamp(file));
        assert!(
            said.contains("TM0309") && said.contains(said_of) && !said.contains("picture is over"),
            "{said}"
        );
    }
}

#[test]
fn an_issuer_that_is_missing_is_taken_from_the_lists() {
    let folder = machine();
    let at = folder.path();
    done(at, &[&REQUEST[..], &["-o", "request.pem", "--name", "studio"]].concat());
    let [leaf, middle] = issue(&at.join("request.pem"));
    fs::write(at.join("leaf.pem"), leaf).unwrap();
    fs::write(at.join("middle.pem"), middle).unwrap();
    done(
        at,
        &["trust", "add", "middle.pem", "--purpose", "signers", "--name", "Test"],
    );
    let output = touchmark(at, &["keys", "import", "--certificates", "leaf.pem"]);
    assert!(
        output.status.success() && said(&output).contains("added 1 issuer"),
        "{}",
        said(&output)
    );
}

#[test]
fn what_cannot_be_imported_changes_nothing() {
    let folder = machine();
    let at = folder.path();
    done(at, &[&REQUEST[..], &["-o", "request.pem"]].concat());
    let pending = at.join(".data/identities/default/request.pem");
    let before = fs::read_to_string(&pending).unwrap();

    // For another key; then for the right one, and expired.
    fs::write(
        at.join("chain.pem"),
        fs::read_to_string(folder_of("sound-chain.pem")).unwrap(),
    )
    .unwrap();
    let said = refused(at, &["keys", "import", "--certificates", "chain.pem"], "TM0322");
    assert!(said.contains("Example Ltd"), "{said}");
    let request = CertificateRequest::from_pem(&fs::read_to_string(at.join("request.pem")).unwrap()).unwrap();
    let mut draft = Draft::signer(request.public_key_info()).unwrap();
    draft.valid.0 -= time::Duration::days(9000);
    draft.valid.1 -= time::Duration::days(9000);
    let root = Issuer::root().unwrap();
    let expired = Certificate::from_der(&draft.issued_by(&root).unwrap()).unwrap();
    fs::write(at.join("expired.pem"), expired.to_pem()).unwrap();
    let said = refused(at, &["keys", "import", "--certificates", "expired.pem"], "TM0321");
    assert!(said.contains("certificate.dates") && said.contains("fix: "), "{said}");
    // A key of another certificate.
    fs::copy(folder_of("other-key.pem"), at.join("other.pem")).unwrap();
    let mismatch = [
        "keys",
        "import",
        "--certificates",
        "chain.pem",
        "--key",
        "file:other.pem",
        "--name",
        "x",
    ];
    refused(at, &mismatch, "TM0305");

    assert_eq!(fs::read_to_string(&pending).unwrap(), before);
    assert!(!at.join(".data/identities/default/signing.pem").exists());
    assert!(!at.join(".data/identities/x").exists());
}

#[test]
fn a_key_from_elsewhere_is_imported_with_its_protection() {
    let folder = machine();
    let at = folder.path();
    fs::write(at.join("passphrase.txt"), "correct horse").unwrap();
    let to_file = [
        "-o",
        "request.pem",
        "--key-output",
        "key.pem",
        "--passphrase-file",
        "passphrase.txt",
    ];
    done(at, &[&REQUEST[..], &to_file].concat());
    let [leaf, middle] = issue(&at.join("request.pem"));
    fs::write(at.join("chain.pem"), leaf + &middle).unwrap();
    let import = ["keys", "import", "--certificates", "chain.pem", "--key", "file:key.pem"];
    refused(at, &import, "TM0306");
    let import = [&import[..], &["--passphrase-file", "passphrase.txt"]].concat();
    done(at, &import);
    let signing = fs::read_to_string(at.join(".data/identities/default/signing.pem")).unwrap();
    assert!(signing.contains("BEGIN ENCRYPTED PRIVATE KEY"));
    refused(at, &[&import[..], &["--name", "twice"]].concat(), "TM0325");
    #[cfg(unix)]
    for name in ["key.pem", ".data/identities/default/signing.pem"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(at.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

/// RSA keys are made elsewhere; the one of the signing crate's test data is published.
#[test]
fn an_rsa_key_is_requested_for_imported_and_signs() {
    let folder = machine();
    let at = folder.path();
    let key = include_str!("../../../crates/signing/tests/data/openssl-rsa.pem");
    fs::write(at.join("rsa.pem"), key).unwrap();
    done(
        at,
        &[&REQUEST[..], &["-o", "request.pem", "--key", "file:rsa.pem"]].concat(),
    );
    let [leaf, middle] = issue(&at.join("request.pem"));
    fs::write(at.join("chain.pem"), leaf + &middle).unwrap();
    let imported = done(
        at,
        &["keys", "import", "--certificates", "chain.pem", "--key", "file:rsa.pem"],
    );
    assert!(imported.contains("PS256"), "{imported}");
    done(at, &["stamp", "picture.jpg"]);
    done(at, &["verify", "picture.stamped.jpg", "--require", "intact"]);
}

#[test]
fn openssl_accepts_requests() {
    let folder = machine();
    let at = folder.path();
    if Command::new("openssl").arg("version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI needs openssl");
        eprintln!("openssl is not installed: nothing was checked");
        return;
    }
    fs::write(
        at.join("rsa.pem"),
        include_str!("../../../crates/signing/tests/data/openssl-rsa.pem"),
    )
    .unwrap();
    for (name, more) in [
        ("es256", &[][..]),
        ("ed25519", &["--algorithm", "ed25519"]),
        ("rsa", &["--key", "file:rsa.pem"]),
    ] {
        let output = format!("{name}.pem.csr");
        let named = ["-o", &output, "--key-output", "unused.pem"];
        let named = if name == "rsa" { &named[..2] } else { &named[..] };
        done(at, &[&REQUEST[..], named, more].concat());
        let _ = fs::remove_file(at.join("unused.pem"));
        let read = Command::new("openssl")
            .current_dir(at)
            .args(["req", "-verify", "-noout", "-text", "-in", &output])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&read.stdout);
        assert!(read.status.success(), "{name}: {}", said(&read));
        for part in [
            "C = DE, O = Example Ltd",
            "1.3.6.1.4.1.62558.2.1",
            "E-mail Protection",
            "Non Repudiation",
        ] {
            assert!(text.contains(part), "{name}: {part}: {text}");
        }
    }
}

fn folder_of(name: &str) -> std::path::PathBuf {
    folder().join(name)
}
