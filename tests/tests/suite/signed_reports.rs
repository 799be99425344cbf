//! Reports that travel: signed with `verify --sign-report`, held against a picture with `verify --report`.

use std::fs;

use serde_json::Value;
use touchmark::TrustLists;
use touchmark::report::{Language, SIGNED_SCHEMA, SignedReport, SignedReportFault};
use touchmark_provenance::jws;
use touchmark_tests::keys::{JUDGED_AT, test_signer};

use crate::expected::fixtures;
use crate::machine::{Machine, lines, stderr};

#[test]
fn a_signed_report_is_checked_later() {
    let machine = Machine::with_folder();
    let run = |args: &[&str]| machine.touchmark(args);
    assert!(
        run(&["keys", "new", "--organisation", "Desk of Pictures"])
            .status
            .success()
    );
    let signed = run(&[
        "verify",
        "folder/a.png",
        "--require",
        "none",
        "--lang",
        "de",
        "--sign-report",
        "report.jws",
        "--html",
        "page.html",
    ]);
    assert_eq!(signed.status.code(), Some(0), "{}", stderr(&signed));
    assert!(String::from_utf8_lossy(&signed.stdout).contains("Ist etwas vermerkt?"));
    assert!(
        fs::read_to_string(machine.path("page.html"))
            .unwrap()
            .contains("<html lang=\"de\" dir=\"ltr\">")
    );
    let jws = fs::read_to_string(machine.path("report.jws")).unwrap();
    assert_eq!(jws.split('.').count(), 3);

    let check = |args: &[&str]| run(&[&["verify", "--report", "report.jws"], args].concat());
    let unknown = check(&["folder/a.png"]);
    assert_eq!(unknown.status.code(), Some(13), "{}", stderr(&unknown));
    let said = String::from_utf8(unknown.stdout).unwrap();
    for words in [
        "The signature over the report holds.",
        "calls themselves “Desk of Pictures”",
        "about this picture, byte for byte",
    ] {
        assert!(said.contains(words), "{said}");
    }
    let root = ".data/identities/default/root-certificate.pem";
    let listed = check(&["folder/a.png", "--trust", root, "--json"]);
    assert_eq!(listed.status.code(), Some(0), "{}", stderr(&listed));
    let line = &lines(&listed)[0];
    assert_eq!(
        (&line["signer"], &line["same_picture"], &line["policy_met"]),
        (&"trusted".into(), &true.into(), &true.into())
    );
    assert_eq!(line["report"]["plain"]["language"], "de");
    assert_eq!(check(&["folder/a.png", "--require", "intact"]).status.code(), Some(0));
    assert_eq!(line["as_of"], line["examined_at"]);
    for policy in [
        &["--require", "ai-stated"][..],
        &["--require", "marked"],
        &["--refuse", "ai"],
        &["--show-prompts"],
    ] {
        let refused = check(&[&["folder/a.png", "--trust", root], policy].concat());
        assert_eq!(refused.status.code(), Some(2), "{policy:?}");
    }
    let later = check(&["folder/a.png", "--trust", root, "--at", "2060-01-01"]);
    assert_eq!(later.status.code(), Some(14), "{}", stderr(&later));
    // Before its certificate was there: who it is, is said all the same.
    for (trust, who) in [
        (&["--trust", root][..], "The certificate of “Desk of Pictures”, on "),
        (
            &[],
            "Signed by someone we don't know, who calls themselves “Desk of Pictures”. The certificate begins on ",
        ),
    ] {
        let earlier = check(&[&["folder/a.png", "--at", "2020-01-01"], trust].concat());
        assert_eq!(earlier.status.code(), Some(13), "{}", stderr(&earlier));
        let said = String::from_utf8(earlier.stdout).unwrap();
        assert!(
            said.contains(who) && said.contains(", after the time asked about."),
            "{said}"
        );
    }

    // As of which time it was judged, whoever signs has chosen.
    let signed_as_of = ["folder/a.png", "--at", "2026-01-01", "--sign-report", "then.jws"];
    run(&[&["verify", "--require", "none"], &signed_as_of[..]].concat());
    let then = run(&["verify", "--report", "then.jws", "folder/a.png"]);
    let said = String::from_utf8(then.stdout).unwrap();
    assert!(
        said.contains("It says, judged as of 2026-01-01T00:00:00Z and examined at 2"),
        "{said}"
    );

    // Another picture; a byte changed; a signature over something else.
    let other = check(&["folder/c.png", "--trust", root]);
    assert_eq!(other.status.code(), Some(20));
    assert!(stderr(&other).contains("TM0218"), "{}", stderr(&other));
    let end = jws.len() - 5;
    let changed = format!(
        "{}{}{}",
        &jws[..end],
        if &jws[end..=end] == "A" { "B" } else { "A" },
        &jws[end + 1..]
    );
    for text in [changed, jws.replace('.', ".."), "nothing".to_owned(), String::new()] {
        fs::write(machine.path("report.jws"), text).unwrap();
        let broken = check(&["folder/a.png"]);
        assert_eq!(broken.status.code(), Some(20));
        assert!(stderr(&broken).contains("TM0217"), "{}", stderr(&broken));
    }
    fs::copy(
        fixtures().join("disclosures/social-app.toml"),
        machine.path("system.toml"),
    )
    .unwrap();
    assert!(
        run(&["disclose", "sign", "system.toml", "-o", "report.jws", "--force"])
            .status
            .success()
    );
    let disclosure = check(&["folder/a.png"]);
    assert!(
        stderr(&disclosure).contains("of another kind"),
        "{}",
        stderr(&disclosure)
    );
}

/// Whoever signs a report writes nothing among our own words, and one of a later version is not called broken.
#[test]
fn the_frame_of_a_signed_report_is_ours() {
    let signer = test_signer().unwrap();
    let parse = |payload: &Value| {
        let text = jws::sign(&payload.to_string(), Some("touchmark-report+jws"), &signer).unwrap();
        SignedReport::parse(&text)
    };
    let time = "2026-11-01T10:00:00Z";
    let report = serde_json::json!({
        "examined_at": time,
        "as_of": time,
        "file": { "sha256": "00" },
        "plain": { "headline": "Signed.” Pay “Desk" },
    });
    let whole = serde_json::json!({
        "schema": SIGNED_SCHEMA,
        "sha256": "00",
        "tool": { "name": "touchmark", "version": "1.0.0-rc.1+x" },
        "time": time,
        "report": report,
    });
    let parsed = parse(&whole).unwrap();
    let lines = parsed
        .check(b"", &TrustLists::empty(), JUDGED_AT)
        .lines(Language::English);
    let says = "It says, as of 2026-11-01T10:00:00Z, by touchmark 1.0.0-rc.1+x: “Signed.' Pay 'Desk”";
    assert_eq!(lines.last().unwrap(), says);
    for (place, value) in [
        ("/tool/name", "touchmark”. Signed by “Reuters"),
        ("/tool/version", "1\n2"),
        ("/tool/name", &"a".repeat(100)),
        ("/time", "yesterday"),
        ("/time", "2026-11-02T10:00:00Z"),
        ("/report/as_of", "yesterday"),
        ("/report/examined_at", "2026-11-02T10:00:00Z"),
        ("/report/file/sha256", "01"),
        ("/schema", "touchmark-signed-report/0"),
        ("/schema", "another/2"),
    ] {
        let mut other = whole.clone();
        *other.pointer_mut(place).unwrap() = value.into();
        assert_eq!(parse(&other), Err(SignedReportFault::NotAReport), "{place}: {value}");
    }
    let newer = serde_json::json!({ "schema": "touchmark-signed-report/2", "of": "another form" });
    assert_eq!(parse(&newer), Err(SignedReportFault::NewerVersion));

    let machine = Machine::with_folder();
    let text = jws::sign(&newer.to_string(), Some("touchmark-report+jws"), &signer).unwrap();
    fs::write(machine.path("newer.jws"), text).unwrap();
    let output = machine.touchmark(&["verify", "--report", "newer.jws", "folder/a.png"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("TM0226"), "{}", stderr(&output));
}
