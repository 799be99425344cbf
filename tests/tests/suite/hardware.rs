//! Keys in tokens, on SoftHSM: stamps made with them satisfy every reader, and a session, a login or a library that went
//! away in between is found again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::session::UserType;
use getrandom::SysRng;
use tempfile::TempDir;
use time::OffsetDateTime;
use touchmark_signing::pkcs11::{Pin, TokenKey, TokenUri};
use touchmark_signing::{
    Algorithm, Certificate, Error, Identity, RemoteKey, RemoteKeyFault, Subject, TokenFault, verify_signature,
};
use touchmark_tests::pictures::PICTURES;
use touchmark_tests::rules::{Draft, Issuer};

use crate::readers::assert_accepted;

const PIN: &str = "5678";

/// Where Debian, Fedora, Alpine and Homebrew install SoftHSM's library.
const LIBRARIES: [&str; 6] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    "/usr/lib/pkcs11/libsofthsm2.so",
];

/// A folder with a token "studio", in which the keys "ed" and "ec" are the leaves of two identities.
struct Token {
    folder: TempDir,
    library: &'static str,
    ed: Identity,
    ec: Identity,
}

impl Token {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tokens")).unwrap();
        let configuration = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            folder.path().join("tokens").display()
        );
        fs::write(folder.path().join("softhsm2.conf"), configuration).unwrap();
        let subject = Subject::new("Example Images", "Example Images signer").unwrap();
        let identity = |algorithm| Identity::new(&subject, algorithm, OffsetDateTime::now_utc(), &mut SysRng).unwrap();
        let token = Self {
            library: library(),
            ed: identity(Algorithm::Ed25519),
            ec: identity(Algorithm::Es256),
            folder,
        };
        token.softhsm(&[
            "--init-token",
            "--free",
            "--label",
            "studio",
            "--so-pin",
            "1234",
            "--pin",
            PIN,
        ]);
        for (label, id, identity) in [("ed", "01", &token.ed), ("ec", "02", &token.ec)] {
            let pem = identity.to_pem(None, &mut SysRng).unwrap();
            let file = token.path(&format!("{label}-key.pem"));
            fs::write(&file, pem.leaf_key.as_bytes()).unwrap();
            fs::write(token.path(&format!("{label}.pem")), &pem.chain).unwrap();
            let file = file.to_str().unwrap();
            token.softhsm(&[
                "--import", file, "--token", "studio", "--label", label, "--id", id, "--pin", PIN,
            ]);
            fs::remove_file(file).unwrap();
        }
        let picture = PICTURES.iter().find(|picture| picture.name == "flat.jpg").unwrap();
        fs::write(token.path("picture.jpg"), picture.bytes().unwrap()).unwrap();
        token
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn reference(&self, what: &str) -> String {
        format!("pkcs11:{what}?module-path={}", self.library)
    }

    fn configured(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command
            .current_dir(self.folder.path())
            .env("SOFTHSM2_CONF", self.path("softhsm2.conf"))
            .env("TOUCHMARK_DATA_DIR", self.path(".data"))
            .env("XDG_CONFIG_HOME", "/nonexistent")
            .env_remove("TOUCHMARK_PIN");
        command
    }

    fn softhsm(&self, args: &[&str]) {
        let output = self
            .configured("softhsm2-util")
            .args(args)
            .output()
            .unwrap_or_else(|error| {
                panic!("install softhsm2 (Debian: apt-get install softhsm2): {error}");
            });
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    }

    fn touchmark(&self, pin: Option<&str>, args: &[&str]) -> Output {
        let mut command = self.configured(env!("CARGO_BIN_EXE_touchmark-under-test"));
        command
            .envs(pin.map(|pin| ("TOUCHMARK_PIN", pin)))
            .args(args)
            .output()
            .unwrap()
    }

    /// Stamps with a key of the token, and says how that went.
    fn stamp(&self, pin: Option<&str>, reference: &str, certificates: &str) -> Output {
        let args = [
            "stamp",
            "picture.jpg",
            "-o",
            "stamped.jpg",
            "--force",
            "--key",
            reference,
            "--certificates",
            certificates,
        ];
        self.touchmark(pin, &args)
    }
}

fn library() -> &'static str {
    let found = LIBRARIES.into_iter().find(|path| Path::new(path).exists());
    found.unwrap_or_else(|| {
        panic!("install softhsm2 (Debian: apt-get install softhsm2): there is none of {LIBRARIES:?}")
    })
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn every_reader_accepts_stamps_of_a_token() {
    let token = Token::new();
    for (label, identity) in [("ed", &token.ed), ("ec", &token.ec)] {
        let reference = token.reference(&format!("token=studio;object={label}"));
        let output = token.stamp(Some(PIN), &reference, &format!("{label}.pem"));
        assert!(output.status.success(), "{label}: {}", stderr(&output));
        assert_accepted(identity, &fs::read(token.path("stamped.jpg")).unwrap(), label);
    }
}

#[test]
fn the_newest_certificate_of_a_tokens_key_is_imported() {
    let token = Token::new();
    let root = Issuer::root().unwrap();
    let issued = |days_ago| {
        let mut draft = Draft::signer(token.ec.leaf().certificate.public_key_info()).unwrap();
        let begin = OffsetDateTime::now_utc() - time::Duration::days(days_ago);
        draft.valid = (begin, begin + time::Duration::days(300));
        Certificate::from_der(&draft.issued_by(&root).unwrap())
            .unwrap()
            .to_pem()
    };
    let (old, new) = (issued(30), issued(1));
    // Somebody else's comes first, and for another algorithm.
    let stranger = token.ed.leaf().certificate.to_pem();
    fs::write(token.path("bundle.pem"), format!("{stranger}{old}{new}")).unwrap();
    let reference = token.reference("token=studio;object=ec");
    let with = |command: &str| {
        let args = ["keys", command, "--certificates", "bundle.pem", "--key", &reference];
        token.touchmark(Some(PIN), &args)
    };
    let shown = String::from_utf8_lossy(&with("check").stdout).into_owned();
    assert!(shown.contains("pass    key.match"), "{shown}");
    let imported = with("import");
    assert!(imported.status.success(), "{}", stderr(&imported));
    assert_eq!(
        fs::read_to_string(token.path(".data/identities/default/chain.pem")).unwrap(),
        new
    );
    let stamped = token.touchmark(Some(PIN), &["stamp", "picture.jpg"]);
    assert!(stamped.status.success(), "{}", stderr(&stamped));
}

#[test]
fn a_batch_of_a_token_is_made_by_several_sessions() {
    let token = Token::new();
    let picture = fs::read(token.path("picture.jpg")).unwrap();
    fs::create_dir(token.path("pictures")).unwrap();
    for index in 0..60 {
        fs::write(token.path(&format!("pictures/{index}.jpg")), &picture).unwrap();
    }
    let reference = token.reference("token=studio;id=%02");
    let args = [
        "stamp",
        "-r",
        "pictures",
        "-d",
        "out",
        "--no-sync",
        "--key",
        &reference,
        "--certificates",
        "ec.pem",
    ];
    let output = token.touchmark(Some(PIN), &args);
    assert!(output.status.success(), "{}", stderr(&output));
    let stamped = fs::read(token.path("out/59.jpg")).unwrap();
    assert_accepted(&token.ec, &stamped, "the last of the batch");
    assert_eq!(fs::read_dir(token.path("out")).unwrap().count(), 60);
}

#[test]
fn what_a_token_lacks_is_named() {
    let token = Token::new();
    token.softhsm(&[
        "--init-token",
        "--free",
        "--label",
        "other",
        "--so-pin",
        "1234",
        "--pin",
        PIN,
    ]);
    let cases = [
        (
            Some(PIN),
            token.reference("token=studio;object=nobody"),
            "TM0332",
            "no private key",
        ),
        (
            Some(PIN),
            token.reference("token=studio"),
            "TM0332",
            "several private keys",
        ),
        (Some(PIN), token.reference("object=ed"), "TM0332", "several tokens"),
        (
            Some(PIN),
            token.reference("token=nobody;object=ed"),
            "TM0332",
            "there is ",
        ),
        (
            Some(PIN),
            "pkcs11:token=studio;object=ed?module-path=/nonexistent.so".to_owned(),
            "TM0332",
            "library",
        ),
        (
            Some(PIN),
            token.reference("token=studio;object=ec"),
            "TM0309",
            "cannot sign with ES256",
        ),
        (
            None,
            token.reference("token=studio;object=ed"),
            "TM0333",
            "TOUCHMARK_PIN",
        ),
        (Some(""), token.reference("token=studio;object=ed"), "TM0333", "empty"),
        (
            Some("0000"),
            token.reference("token=studio;object=ed"),
            "TM0334",
            "does not accept",
        ),
        (Some(PIN), token.reference("tokken=studio"), "TM0310", "does not know"),
        (
            Some(PIN),
            "pkcs11:token=studio;object=ed".to_owned(),
            "TM0310",
            "module-path",
        ),
        (
            None,
            format!("{}&pin-value={PIN}", token.reference("object=ed")),
            "TM0335",
            "pin-source",
        ),
    ];
    for (pin, reference, code, words) in cases {
        let output = token.stamp(pin, &reference, "ed.pem");
        let said = stderr(&output);
        assert!(
            !output.status.success() && said.contains(code) && said.contains(words),
            "{reference}: {said}"
        );
        assert!(!said.contains(PIN), "{said}");
        assert!(!token.path("stamped.jpg").exists());
    }
}

#[test]
fn the_pin_may_come_from_a_file() {
    let token = Token::new();
    fs::write(token.path("pin"), format!("{PIN}\n")).unwrap();
    let pin_source = format!("&pin-source=file:{}", token.path("pin").display());
    let reference = token.reference("token=studio;object=ed") + &pin_source;
    // The variable would be wrong, and is not looked at.
    let output = token.stamp(Some("0000"), &reference, "ed.pem");
    assert!(output.status.success(), "{}", stderr(&output));
    let relative = token.reference("token=studio;object=ed") + "&pin-source=file:pin";
    let output = token.stamp(None, &relative, "ed.pem");
    assert!(stderr(&output).contains("TM0333"), "{}", stderr(&output));
}

/// Library and token are settings of a process, so what disturbs them has one of its own: the tests below, which only run
/// inside of this one.
#[test]
fn what_went_away_is_found_again() {
    let token = Token::new();
    for test in [
        "a_lost_login",
        "a_finalised_library",
        "a_pin_that_was_changed",
        "a_token_made_anew",
    ] {
        let output = token
            .configured(std::env::current_exe().unwrap())
            .args([
                "--exact",
                &format!("hardware::inside::{test}"),
                "--ignored",
                "--nocapture",
            ])
            .env("TOKEN_UNDER_TEST", token.library)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{test}: {said}{}", stderr(&output));
        assert!(said.contains("1 passed"), "{said}");
    }
}

mod inside {
    use super::*;

    fn open(label: &str) -> Result<TokenKey, Error> {
        let library = std::env::var("TOKEN_UNDER_TEST").unwrap();
        let uri = TokenUri::parse(&format!("pkcs11:token=studio;object={label}?module-path={library}"))?;
        TokenKey::open(uri, Some(Pin::new(PIN.to_owned())))
    }

    /// The library once more, as another part of the process would use it.
    fn module() -> Pkcs11 {
        let module = Pkcs11::new(std::env::var("TOKEN_UNDER_TEST").unwrap()).unwrap();
        // Initialised already, where the key was opened.
        let _ = module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
        module
    }

    fn assert_signs(key: &TokenKey) {
        thread::scope(|scope| {
            for index in 0..8 {
                scope.spawn(move || {
                    let message = format!("message {index}");
                    let signature = key.sign(message.as_bytes()).unwrap();
                    let info = key.public_key_info().unwrap();
                    assert!(verify_signature(key.algorithm(), info, message.as_bytes(), &signature));
                });
            }
        });
    }

    #[test]
    #[ignore = "run by what_went_away_is_found_again"]
    fn a_lost_login() {
        for (label, algorithm) in [("ed", Algorithm::Ed25519), ("ec", Algorithm::Es256)] {
            let key = open(label).unwrap();
            assert_eq!(key.algorithm(), algorithm);
            assert_signs(&key);
            let module = module();
            for slot in module.get_slots_with_initialized_token().unwrap() {
                module.open_ro_session(slot).unwrap().logout().unwrap();
            }
            assert_signs(&key);
        }
    }

    #[test]
    #[ignore = "run by what_went_away_is_found_again"]
    fn a_finalised_library() {
        let key = open("ed").unwrap();
        assert_signs(&key);
        module().finalize().unwrap();
        assert_signs(&key);
        // Initialised again by somebody else, so that every session is unknown.
        module().finalize().unwrap();
        module();
        assert_signs(&key);
    }

    #[test]
    #[ignore = "run by what_went_away_is_found_again"]
    fn a_token_made_anew() {
        let key = open("ed").unwrap();
        assert_signs(&key);
        module().finalize().unwrap();
        let module = module();
        let slot = module.get_slots_with_initialized_token().unwrap()[0];
        module.init_token(slot, &"1234".into(), "studio").unwrap();
        let session = module.open_rw_session(slot).unwrap();
        session.login(UserType::So, Some(&"1234".into())).unwrap();
        session.init_pin(&PIN.into()).unwrap();
        drop(session);
        let RemoteKeyFault::Unavailable(why) = key.sign(b"message").unwrap_err() else {
            panic!("another fault");
        };
        assert!(why.contains("no private key"), "{why}");
    }

    #[test]
    #[ignore = "run by what_went_away_is_found_again"]
    fn a_pin_that_was_changed() {
        let key = open("ed").unwrap();
        let change = |old: &str, new: &str| {
            let module = module();
            let slot = module.get_slots_with_initialized_token().unwrap()[0];
            let session = module.open_rw_session(slot).unwrap();
            // The process is logged in already where the key is.
            let _ = session.login(UserType::User, Some(&old.into()));
            session.set_pin(&old.into(), &new.into()).unwrap();
        };
        change(PIN, "8765");
        module().finalize().unwrap();
        let refused = |fault| matches!(fault, Err(RemoteKeyFault::Refused(_)));
        assert!(refused(key.sign(b"message")));
        assert!(matches!(open("ed"), Err(Error::Token(TokenFault::PinRefused))));
        change("8765", PIN);
        // Never tried again by itself: each attempt brings a token nearer to locking itself.
        assert!(refused(key.sign(b"message")));
        assert_signs(&open("ed").unwrap());
    }
}
