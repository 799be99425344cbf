//! Keys by reference, as people name them: in variables, behind programs, in settings and in saved identities. A stamp made
//! with any of them satisfies every reader; a signature that does not hold goes into no picture.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use getrandom::SysRng;
use tempfile::TempDir;
use time::OffsetDateTime;
use touchmark_signing::{Algorithm, Identity, SecretKey, Subject, verify_signature};
use touchmark_tests::pictures::PICTURES;

use crate::readers::assert_accepted;

/// A folder with a picture, and an identity as `key.pem` and `chain.pem`, with a second as `other-key.pem`.
struct Machine {
    folder: TempDir,
    identity: Identity,
}

impl Machine {
    fn new(algorithm: Algorithm) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let subject = Subject::new("Example Images", "Example Images signer").unwrap();
        let identity = || Identity::new(&subject, algorithm, OffsetDateTime::now_utc(), &mut SysRng).unwrap();
        let machine = Self {
            folder,
            identity: identity(),
        };
        for (prefix, identity) in [("", &machine.identity), ("other-", &identity())] {
            let pem = identity.to_pem(None, &mut SysRng).unwrap();
            machine.write(&format!("{prefix}key.pem"), pem.leaf_key.as_bytes());
            machine.write(&format!("{prefix}chain.pem"), pem.chain.as_bytes());
        }
        let picture = PICTURES.iter().find(|picture| picture.name == "flat.jpg").unwrap();
        machine.write("picture.jpg", &picture.bytes().unwrap());
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_touchmark-under-test"));
        command
            .current_dir(self.folder.path())
            .env("TOUCHMARK_DATA_DIR", self.path(".data"))
            .env("XDG_CONFIG_HOME", self.path(".config"))
            .args(args);
        command
    }

    /// Stamps `picture.jpg` as `stamped.jpg`.
    fn stamp(&self, args: &[&str]) -> Output {
        let args = [&["stamp", "picture.jpg", "-o", "stamped.jpg", "--force"], args].concat();
        self.command(&args).output().unwrap()
    }

    fn assert_stamped(&self, output: &Output, how: &str) {
        assert!(output.status.success(), "{how}: {}", stderr(output));
        assert_accepted(&self.identity, &fs::read(self.path("stamped.jpg")).unwrap(), how);
        fs::remove_file(self.path("stamped.jpg")).unwrap();
    }

    fn assert_refused(&self, output: &Output, words: &[&str]) {
        let said = stderr(output);
        assert!(
            !output.status.success() && words.iter().all(|word| said.contains(word)),
            "{said}"
        );
        assert!(!self.path("stamped.jpg").exists());
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The reference of a program that holds a key, with options.
fn program(scheme: &str, options: &str) -> String {
    let signer = env!("CARGO_BIN_EXE_signer-under-test");
    format!("{scheme}:'{signer}' key.pem chain.pem {options}")
}

#[test]
fn a_key_may_be_in_a_variable() {
    let machine = Machine::new(Algorithm::Es256);
    let pem = fs::read_to_string(machine.path("key.pem")).unwrap();
    let args = [
        "stamp",
        "picture.jpg",
        "-o",
        "stamped.jpg",
        "--key",
        "env:STAMPING_KEY",
        "--certificates",
        "chain.pem",
    ];
    let output = machine.command(&args).env("STAMPING_KEY", &pem).output().unwrap();
    machine.assert_stamped(&output, "env:");
    machine.assert_refused(&machine.stamp(&args[4..]), &["TM0310", "not set"]);
    let garbled = machine.command(&args).env("STAMPING_KEY", "s3cret").output().unwrap();
    machine.assert_refused(&garbled, &["TM0308"]);
    assert!(!stderr(&garbled).contains("s3cret"));
}

#[test]
fn a_key_may_be_behind_a_program() {
    for algorithm in [Algorithm::Ed25519, Algorithm::Es256] {
        let machine = Machine::new(algorithm);
        for scheme in ["cmd", "cmd+stream"] {
            let output = machine.stamp(&["--key", &program(scheme, ""), "--certificates", "chain.pem"]);
            machine.assert_stamped(&output, scheme);
        }
        // c2patool's newer way: the program says which certificates are its own.
        machine.assert_stamped(&machine.stamp(&["--key", &program("cmd", "")]), "--signer-info");
    }
}

#[cfg(unix)]
#[test]
fn the_example_of_openssl_signs_in_full() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/signers/openssl.sh");
    let example = example.canonicalize().unwrap();
    for algorithm in [Algorithm::Ed25519, Algorithm::Es256] {
        let machine = Machine::new(algorithm);
        let reference = format!("cmd:'{}' key.pem", example.display());
        let output = machine.stamp(&["--key", &reference, "--certificates", "chain.pem"]);
        machine.assert_stamped(&output, "openssl.sh");
    }

    let rsa = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/signing/tests/data/openssl-rsa-pkcs1.pem");
    let key = SecretKey::from_pem(&fs::read_to_string(&rsa).unwrap(), None).unwrap();
    let mut child = Command::new(example)
        .arg(rsa)
        .args(["--reserve-size", "20000", "--alg", "ps256", "--sign-cert", "chain.pem"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"message").unwrap();
    let signature = child.wait_with_output().unwrap().stdout;
    assert!(verify_signature(
        Algorithm::Ps256,
        &key.public_key_info().unwrap(),
        b"message",
        &signature
    ));
}

#[test]
fn a_batch_keeps_a_slow_key_busy() {
    let machine = Machine::new(Algorithm::Es256);
    let picture = fs::read(machine.path("picture.jpg")).unwrap();
    for index in 0..40 {
        machine.write(&format!("pictures/{index}.jpg"), &picture);
    }
    for reference in [
        program("cmd", "--delay 20"),
        program("cmd+stream", "--delay 20"),
        program("cmd+stream", "--delay 20 --parallel"),
    ] {
        let args = [
            "stamp",
            "-r",
            "pictures",
            "-d",
            "out",
            "--force",
            "--no-sync",
            "--key",
            &reference,
            "--certificates",
            "chain.pem",
        ];
        let output = machine.command(&args).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(fs::read_dir(machine.path("out")).unwrap().count(), 40);
        for name in ["0.jpg", "39.jpg"] {
            assert_accepted(
                &machine.identity,
                &fs::read(machine.path("out").join(name)).unwrap(),
                &reference,
            );
        }
        fs::remove_dir_all(machine.path("out")).unwrap();
    }
}

#[test]
fn what_does_not_hold_goes_into_no_picture() {
    let machine = Machine::new(Algorithm::Es256);
    for scheme in ["cmd", "cmd+stream"] {
        let other = machine.stamp(&["--key", &program(scheme, ""), "--certificates", "other-chain.pem"]);
        machine.assert_refused(&other, &["TM0305"]);
        let spoiled = machine.stamp(&["--key", &program(scheme, "--spoil"), "--certificates", "chain.pem"]);
        machine.assert_refused(&spoiled, &["TM0331", "does not hold under the certificate"]);
    }
}

#[cfg(unix)]
#[test]
fn a_program_that_fails_is_quoted() {
    let machine = Machine::new(Algorithm::Es256);
    let stamp = |reference: &str| machine.stamp(&["--key", reference, "--certificates", "chain.pem"]);
    let denied = stamp("cmd:sh -c 'echo AccessDenied: kms:Sign >&2; exit 254'");
    machine.assert_refused(
        &denied,
        &["TM0331", "exit code 254", "AccessDenied: kms:Sign", "doctor"],
    );
    machine.assert_refused(&stamp("cmd:/nonexistent/signer"), &["TM0331", "cannot be started"]);
    machine.assert_refused(&stamp("cmd:printf nonsense"), &["TM0331", "no signature"]);
    machine.assert_refused(&stamp("cmd:'unclosed"), &["TM0310", "quotation"]);
    machine.assert_refused(&stamp("cmd:"), &["TM0310", "no program"]);
    // A control character in what it says reaches no terminal.
    let control = stamp(r"cmd:sh -c 'printf \\033[2J >&2; exit 1'");
    machine.assert_refused(&control, &["TM0331"]);
    assert!(!stderr(&control).contains('\u{1b}'));
    let without = machine.stamp(&["--key", "cmd:echo {}"]);
    machine.assert_refused(&without, &["TM0331", "--certificates FILE"]);
}

#[cfg(unix)]
#[test]
fn our_secrets_are_not_for_programs() {
    let machine = Machine::new(Algorithm::Es256);
    let reference = "cmd:sh -c 'env >environment; exit 1'";
    let args = [
        "stamp",
        "picture.jpg",
        "--key",
        reference,
        "--certificates",
        "chain.pem",
    ];
    let mut command = machine.command(&args);
    command
        .env("TOUCHMARK_PIN", "5678")
        .env("TOUCHMARK_PASSPHRASE", "correct horse")
        .env("AWS_PROFILE", "production");
    assert!(!command.output().unwrap().status.success());
    let seen = fs::read_to_string(machine.path("environment")).unwrap();
    assert!(
        seen.contains("AWS_PROFILE=production"),
        "what the program needs is there"
    );
    assert!(!seen.contains("5678") && !seen.contains("correct horse"));
}

#[test]
fn a_key_may_be_a_setting() {
    let machine = Machine::new(Algorithm::Es256);
    machine.write(".config/touchmark/key.pem", &fs::read(machine.path("key.pem")).unwrap());
    machine.write(
        ".config/touchmark/chain.pem",
        &fs::read(machine.path("chain.pem")).unwrap(),
    );
    machine.write(
        ".config/touchmark/config.toml",
        b"key = \"file:key.pem\"\ncertificates = \"chain.pem\"\n",
    );
    machine.assert_stamped(&machine.stamp(&[]), "the user's file");
    // What is nearer counts: an identity by option, a key in the environment.
    machine.assert_refused(&machine.stamp(&["--identity", "nobody"]), &["TM0301"]);
    let other = machine
        .command(&["stamp", "picture.jpg"])
        .env("TOUCHMARK_KEY", "file:other-key.pem")
        .output()
        .unwrap();
    machine.assert_refused(&other, &["TM0305"]);
    let both = machine
        .command(&["stamp", "picture.jpg"])
        .env("TOUCHMARK_KEY", "cmd:a")
        .env("TOUCHMARK_IDENTITY", "b")
        .output();
    machine.assert_refused(&both.unwrap(), &["TM0402", "both key and identity"]);

    // A folder that somebody sends starts no program.
    machine.write("touchmark.toml", b"key = \"cmd:sh -c 'touch started'\"\n");
    machine.assert_refused(&machine.stamp(&[]), &["TM0402", "config.toml"]);
    assert!(!machine.path("started").exists());
}

#[test]
fn settings_are_shown_without_secrets() {
    let machine = Machine::new(Algorithm::Es256);
    for (key, shown) in [("cmd:sign --token s3cret", "cmd:sign .."), ("s3cret", "(not shown)")] {
        for args in [&["config", "show"][..], &["config", "show", "--json"]] {
            let output = machine.command(args).env("TOUCHMARK_KEY", key).output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(said.contains(shown) && !said.contains("s3cret"), "{said}");
        }
    }
}

#[test]
fn key_and_certificates_go_together() {
    let machine = Machine::new(Algorithm::Es256);
    machine.assert_refused(&machine.stamp(&["--key", "file:key.pem"]), &["TM0336"]);
    machine.assert_refused(&machine.stamp(&["--certificates", "chain.pem"]), &["TM0336"]);
    machine.assert_refused(
        &machine.stamp(&["--key", "kms:x", "--certificates", "chain.pem"]),
        &["TM0310"],
    );
}

#[test]
fn a_saved_identity_may_name_a_key_elsewhere() {
    let machine = Machine::new(Algorithm::Es256);
    let key = program("cmd", "").replace("key.pem chain.pem", "'{0}/key.pem' '{0}/chain.pem'");
    let key = key.replace("{0}", machine.folder.path().to_str().unwrap());
    let reference = format!("key = \"\"\"{key}\"\"\"\ncertificates = \"chain.pem\"\n");
    machine.write(".data/identities/prod/signing.toml", reference.as_bytes());
    machine.write(
        ".data/identities/prod/chain.pem",
        &fs::read(machine.path("chain.pem")).unwrap(),
    );
    machine.assert_stamped(&machine.stamp(&["--identity", "prod"]), "a saved reference");
    let list = machine.command(&["keys", "list"]).output().unwrap();
    let said = String::from_utf8_lossy(&list.stdout);
    assert!(
        said.contains("prod: \"Example Images\"") && said.contains("key in cmd:"),
        "{said}"
    );
    assert!(!said.contains("key.pem"), "arguments may be secret: {said}");
    let renew = machine.command(&["keys", "renew", "--name", "prod"]).output().unwrap();
    machine.assert_refused(&renew, &["TM0337"]);
    machine.write(".data/identities/prod/signing.toml", b"pin = 1");
    machine.assert_refused(&machine.stamp(&["--identity", "prod"]), &["TM0402", "signing.toml"]);
}

#[test]
fn doctor_and_disclosures_take_references_too() {
    let machine = Machine::new(Algorithm::Es256);
    let reference = program("cmd", "");
    let key = ["--key", &reference, "--certificates", "chain.pem"];
    let doctor = machine.command(&[&["doctor"], &key[..]].concat()).output().unwrap();
    assert!(
        String::from_utf8_lossy(&doctor.stdout).contains("Signer: Example Images\n"),
        "{}",
        stderr(&doctor)
    );
    machine.write("system.toml", touchmark_tests::identity::DISCLOSURE.as_bytes());
    let sign = [&["disclose", "sign", "system.toml", "-o", "system.jws"], &key[..]].concat();
    let signed = machine.command(&sign).output().unwrap();
    assert!(signed.status.success(), "{}", stderr(&signed));
    let spoiled = program("cmd", "--spoil");
    let sign = [
        "disclose",
        "sign",
        "system.toml",
        "-o",
        "spoiled.jws",
        "--key",
        &spoiled,
        "--certificates",
        "chain.pem",
    ];
    machine.assert_refused(&machine.command(&sign).output().unwrap(), &["TM0331"]);
    assert!(!machine.path("spoiled.jws").exists());
}
