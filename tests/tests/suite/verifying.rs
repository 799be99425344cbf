//! `verify` of one picture: its options, its languages, and what its lists say.

use std::fs;

use serde_json::Value;
use touchmark::evidence::SignerAxis;
use touchmark::{TrustLists, Verifier};
use touchmark_signing::trust::{Purpose, TrustList};

use crate::expected::fixtures;
use crate::machine::{BINARY, Machine, json, lines, stderr};

#[test]
fn options_for_one_picture_take_one() {
    let machine = Machine::with_folder();
    for option in [
        &["--html", "x.html"][..],
        &["--sign-report", "x.jws"],
        &["--crjson"],
        &["--sidecar", "x"],
        &["--report", "x"],
    ] {
        let output = machine.touchmark(&[&["verify", "folder/a.png", "folder/c.png"], option].concat());
        assert_eq!(output.status.code(), Some(2), "{option:?}");
        assert!(stderr(&output).contains("TM0216"), "{}", stderr(&output));
    }
    assert!(!machine.path("x.html").exists());
    for option in ["--redact-names", "--at=2026-12-01"] {
        let pair = machine.touchmark(&["verify", "folder/a.png", "--crjson", option]);
        assert_eq!(pair.status.code(), Some(2), "{option}: {}", stderr(&pair));
    }
    let existing = machine.touchmark(&["verify", "folder/a.png", "--html", "folder/c.png"]);
    assert!(stderr(&existing).contains("TM0201"), "{}", stderr(&existing));
}

/// Found out before a long run, not after it.
#[test]
fn an_output_that_exists_is_refused_before_anything_is_examined() {
    let machine = Machine::with_folder();
    for option in ["--summary", "--html", "--sign-report"] {
        if option == "--sign-report" {
            assert!(
                machine
                    .touchmark(&["keys", "new", "--organisation", "Desk"])
                    .status
                    .success()
            );
        }
        let output = machine.touchmark(&["verify", "folder/a.png", option, "folder/c.png"]);
        assert_eq!(output.status.code(), Some(1), "{option}");
        assert!(output.stdout.is_empty(), "{option}");
        let said = stderr(&output);
        assert!(said.contains("TM0201") && !said.contains("-o"), "{said}");
    }
}

#[test]
fn names_that_are_left_out_are_said_nowhere() {
    let machine = Machine::new();
    machine.put("rgb.png", "anna.png");
    fs::write(machine.path("anna.jpg"), "no picture").unwrap();
    fs::copy(fixtures().join("keys/test-root.pem"), machine.path("anna.pem")).unwrap();
    fs::copy(
        fixtures().join("hostile/xmp-names-loopback.jpg"),
        machine.path("anna-remote.jpg"),
    )
    .unwrap();
    let args = [
        "verify",
        "--redact-names",
        "--no-pixels",
        "--online",
        "--trust",
        "anna.pem",
        "anna.png",
        "anna.jpg",
        "anna-remote.jpg",
        "anna-missing.jpg",
    ];
    for form in [&[][..], &["--json"], &["--csv"], &["--json", "--no-isolate"]] {
        let output = machine.touchmark(&[&args, form].concat());
        let text = String::from_utf8(output.stdout.clone()).unwrap() + &stderr(&output);
        assert!(!text.contains("anna"), "{text}");
        assert!(
            text.contains("failed to examine input 2") && text.contains("failed to examine input 4"),
            "{text}"
        );
    }
    let failed = &lines(&machine.touchmark(&[&args[..], &["--json"]].concat()))[1];
    assert_eq!(failed["file"]["name"], Value::Null);
    assert!(
        failed["error"]["says"]
            .as_str()
            .unwrap()
            .starts_with("the input is not a picture"),
        "{failed}"
    );
}

#[test]
fn people_are_told_in_the_language_of_their_locale() {
    let machine = Machine::with_picture();
    let begins = |locale: &str, args: &[&str]| {
        let mut command = machine.command(BINARY);
        let output = command.env("LC_ALL", locale).args(args).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().next().unwrap().to_owned()
    };
    let verify = ["verify", "picture.png", "--require", "none"];
    assert_eq!(begins("de_AT.UTF-8", &verify), "picture.png: Nichts gefunden");
    assert_eq!(begins("fr_FR.UTF-8", &verify), "picture.png: Nothing was found");
    let english = [&verify[..], &["--lang", "en"]].concat();
    assert_eq!(begins("de_AT.UTF-8", &english), "picture.png: Nothing was found");
    let programs = begins("de_AT.UTF-8", &[&verify[..], &["--json"]].concat());
    assert_eq!(json(programs.as_bytes())["plain"]["language"], "en");
    let help = begins("de_AT.UTF-8", &["help-lines"]);
    assert_eq!(help, begins("C", &["help-lines", "--lang", "de"]));
}

#[test]
fn crjson_is_what_the_library_says_with_the_lists_in_force() {
    let machine = Machine::with_folder();
    assert!(
        machine
            .touchmark(&["keys", "new", "--organisation", "Studio"])
            .status
            .success()
    );
    assert!(
        machine
            .touchmark(&["stamp", "folder/c.png", "-o", "c.png"])
            .status
            .success()
    );
    let root = ".data/identities/default/root-certificate.pem";
    let crjson = |args: &[&str]| {
        json(
            &machine
                .touchmark(&[&["verify", "c.png", "--crjson", "--require", "none"], args].concat())
                .stdout,
        )
        .to_string()
    };
    assert!(crjson(&["--trust", root]).contains("signingCredential.trusted"));
    assert!(crjson(&[]).contains("signingCredential.untrusted"));
    let none = machine.touchmark(&["verify", "folder/c.png", "--crjson", "--require", "none"]);
    assert_eq!(none.status.code(), Some(10));
    assert!(stderr(&none).contains("TM0221"), "{}", stderr(&none));
}

/// A list counts before its issue too, since the certificates were there; that it is younger is said, and it has no age.
#[test]
fn a_list_that_is_younger_than_the_time_asked_about_says_so() {
    let machine = Machine::with_picture();
    for args in [
        &["keys", "new", "--organisation", "Desk"][..],
        &["stamp", "picture.png"],
    ] {
        assert!(machine.touchmark(args).status.success());
    }
    let root = fs::read(machine.path(".data/identities/default/root-certificate.pem")).unwrap();
    let picture = fs::read(machine.path("picture.stamped.png")).unwrap();
    let now = time::OffsetDateTime::now_utc();
    let today = now.date();
    for (issued, age) in [(today.next_day().unwrap(), None), (today, Some(0))] {
        let list = TrustList::from_pem("Desks", Purpose::Signers, &root).unwrap();
        let lists = TrustLists::empty().with(list.with_dates(Some(issued), None));
        let report = Verifier::new(lists).unwrap().verify(&picture, now).unwrap();
        assert_eq!(report.verdict.signer, SignerAxis::Trusted);
        assert_eq!(report.trust_lists[0].age_days, age);
        let is_later = format!("The trust list Desks was issued on {issued}");
        assert_eq!(
            report.to_text().contains(&is_later),
            age.is_none(),
            "{}",
            report.to_text()
        );
        assert_eq!(
            report.to_html().contains("issued after the time asked about"),
            age.is_none()
        );
    }
}
