//! `verify` over folders, its reports that travel, and records fetched from a server of our own.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Cursor, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use serde_json::Value;
use touchmark::evidence::{Integrity, SignerAxis};
use touchmark::report::{Language, SIGNED_SCHEMA, SignedReport, SignedReportFault};
use touchmark::{Store, TrustLists, Verifier};
use touchmark_provenance::jws;
use touchmark_signing::trust::{Purpose, TrustList};
use touchmark_tests::keys::{JUDGED_AT, test_signer};
use touchmark_tests::peer::CoseSigner;
use touchmark_tests::{identity, pictures};

use crate::expected::fixtures;
use crate::machine::{BINARY, Machine, lines, stderr};

fn json(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap()
}

/// A machine with a folder of four files: two stamped, one not, one that is no picture.
fn with_folder() -> Machine {
    let machine = Machine::new();
    for name in ["folder/a.png", "folder/sub/b.png", "folder/c.png"] {
        machine.put("rgb.png", name);
    }
    for name in ["folder/a.png", "folder/sub/b.png"] {
        assert!(machine.touchmark(&["stamp", "--in-place", name]).status.success());
    }
    fs::write(machine.path("folder/d.png"), "no picture").unwrap();
    machine
}

#[test]
fn a_folder_is_told_of_in_order_and_summed_up() {
    let machine = with_folder();
    let verify = |jobs: &str| {
        machine.touchmark(&[
            "verify",
            "-r",
            "folder",
            "--csv",
            "--require",
            "intact",
            "-j",
            jobs,
            "--summary",
            "summary.json",
            "--force",
        ])
    };
    let output = verify("1");
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let rows: Vec<&str> = text.split("\r\n").filter(|row| !row.is_empty()).collect();
    assert_eq!(rows.len(), 5);
    assert!(
        rows[0].starts_with("file,policy_met,level,")
            && rows[0].ends_with(",rules,labels,watermark,error_code,error,near_duplicate_of,system_by")
    );
    let columns = rows[0].split(',').count();
    for (row, begins) in rows[1..].iter().zip([
        "folder/a.png,true,signed_here,untrusted,intact,local,claimed,whole,",
        "folder/c.png,false,unknown,none,",
        "folder/d.png,false,,,",
        "folder/sub/b.png,true,signed_here,",
    ]) {
        assert!(row.starts_with(begins), "{row}");
        assert!(row.split(',').count() >= columns, "{row}");
    }
    assert!(rows[3].contains("TM0101"), "{}", rows[3]);
    let said = stderr(&output);
    for words in [
        "2 of 4 files did not meet the policy",
        "by level: signed_here 2, unknown 1",
        "by what they say of AI: claimed 2, unknown 1",
        "not examined, by error code: TM0101 1",
        "\"AI system, name not stated\" 2",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let summary = json(&fs::read(machine.path("summary.json")).unwrap());
    assert_eq!(
        (&summary["schema"], &summary["files"], &summary["policy_met"]),
        (&"touchmark-summary/1".into(), &4.into(), &2.into())
    );
    assert_eq!(summary["by_system"]["AI system, name not stated"], 2);
    // As many workers as there are: the same bytes.
    assert_eq!(verify("8").stdout, output.stdout);
}

#[test]
fn a_run_goes_on_where_it_ended() {
    let machine = with_folder();
    let verify = |folder: &str| {
        machine.touchmark(&[
            "verify",
            "-r",
            folder,
            "--json",
            "--require",
            "intact",
            "--resume",
            "journal",
        ])
    };
    let first = verify("folder/sub");
    assert_eq!((lines(&first).len(), first.status.code()), (1, Some(0)));
    let second = verify("folder");
    let names: Vec<_> = lines(&second).iter().map(|line| line["file"]["name"].clone()).collect();
    assert_eq!(names, ["folder/a.png", "folder/c.png", "folder/d.png"]);
    assert!(
        stderr(&second).contains("1 of 4 files had been examined before"),
        "{}",
        stderr(&second)
    );
    assert_eq!(second.status.code(), Some(3));
    // What could not be examined is tried again; the policy's outcome is that of all.
    let third = verify("folder");
    assert_eq!((lines(&third).len(), third.status.code()), (1, Some(3)));
    let other = machine.touchmark(&["verify", "-r", "folder", "--json", "--resume", "journal"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(stderr(&other).contains("TM0220"), "{}", stderr(&other));
}

/// Where whoever reads goes away, the rest is left for the next run: no result is lost.
#[cfg(unix)]
#[test]
fn what_nobody_read_is_examined_again() {
    use std::process::Stdio;

    const PICTURES: usize = 60;
    let machine = Machine::new();
    for index in 0..PICTURES {
        machine.put("rgb.png", format!("folder/{index:02}.png"));
    }
    // More than a pipe holds.
    let args = [
        "verify",
        "-r",
        "folder",
        "--json",
        "--no-pixels",
        "--no-isolate",
        "-j",
        "1",
    ];
    let args = [&args[..], &["--resume", "journal"]].concat();
    let mut command = machine.command(BINARY);
    let mut begun = command.args(&args).stdout(Stdio::piped()).spawn().unwrap();
    let mut read = BufReader::new(begun.stdout.take().unwrap());
    read.read_line(&mut String::new()).unwrap();
    drop(read);
    assert_eq!(begun.wait().unwrap().code(), Some(1));
    let journal = fs::read_to_string(machine.path("journal")).unwrap();
    let told = journal.lines().count() - 1;
    assert!(told < PICTURES, "{told} of them");
    assert_eq!(lines(&machine.touchmark(&args)).len(), PICTURES - told);
}

/// The head of a table that nothing could take is written again, and a line that a full disk tore off is left as it is.
#[cfg(target_os = "linux")]
#[test]
fn output_that_was_lost_or_torn_off_is_gone_on_with_in_lines_of_its_own() {
    let machine = with_folder();
    let verify = |folder: &str, output: File| {
        let args = ["verify", "--csv", "--no-pixels", "--resume", "journal", folder];
        let mut command = machine.command(BINARY);
        command.args(args).stdout(output).status().unwrap().code()
    };
    let csv = machine.path("results.csv");
    let append = || File::options().append(true).create(true).open(&csv).unwrap();
    let full = File::options().write(true).open("/dev/full").unwrap();
    assert_eq!(verify("folder/a.png", full), Some(1));
    verify("folder/a.png", append());
    append().write_all(b"folder/c.pn").unwrap();
    verify("folder/c.png", append());
    let text = fs::read_to_string(&csv).unwrap();
    let begins: Vec<_> = text.lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(begins, ["file", "folder/a.png", "folder/c.pn", "folder/c.png"]);
}

/// A pipe that nobody writes to costs itself alone.
#[cfg(unix)]
#[test]
fn a_pipe_among_others_is_not_waited_for() {
    let machine = with_folder();
    let made = machine.command("mkfifo").arg("pipe.jpg").status().unwrap();
    assert!(made.success());
    let output = machine.touchmark(&["verify", "--json", "--no-pixels", "pipe.jpg", "folder/a.png"]);
    let (lines, said) = (lines(&output), stderr(&output));
    assert_eq!(lines[0]["error"]["code"], "TM0107", "{said}");
    assert_eq!(lines[1]["file"]["name"], "folder/a.png");
    assert!(said.contains("a run of its own"), "{said}");
}

/// Codings of one picture, what is not like them, and what has no pixels to compare.
fn with_copies() -> Machine {
    let machine = Machine::new();
    fs::create_dir(machine.path("folder")).unwrap();
    for (from, name) in [
        ("marked/all-layers.jpg", "a.jpg"),
        ("marked/all-layers-hflip.jpg", "b.jpg"),
        ("marked/all-layers-jpeg50.jpg", "c.jpg"),
        ("marked/original.jpg", "e.jpg"),
    ] {
        fs::copy(fixtures().join(from), machine.path("folder").join(name)).unwrap();
    }
    fs::write(machine.path("folder/d.jpg"), "no picture").unwrap();
    machine
}

#[test]
fn pictures_that_look_alike_are_grouped() {
    let machine = with_copies();
    let verify = |options: &[&str]| {
        let args = [
            "verify",
            "-r",
            "folder",
            "--csv",
            "--summary",
            "summary.json",
            "--force",
        ];
        let output = machine.touchmark(&[&args, options].concat());
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        let rows: Vec<String> = text.split_terminator("\r\n").skip(1).map(str::to_owned).collect();
        let like = rows
            .iter()
            .map(|row| row.rsplit(',').nth(1).unwrap().to_owned())
            .collect::<Vec<_>>();
        let summary = json(&fs::read(machine.path("summary.json")).unwrap());
        (like, summary, stderr(&output))
    };
    for options in [&["-j", "3"][..], &["--no-isolate"]] {
        let (like, summary, said) = verify(options);
        assert_eq!(like, ["", "", "folder/a.jpg", "", "folder/a.jpg"], "{options:?}");
        assert!(
            said.contains("3 of 4 compared pictures look alike, in 1 group"),
            "{said}"
        );
        assert_eq!(summary["compared"], 4);
        let [group] = summary["near_duplicates"].as_array().unwrap().as_slice() else {
            panic!("one group: {summary}")
        };
        let members: Vec<_> = group
            .as_array()
            .unwrap()
            .iter()
            .map(|member| (&member["input"], &member["name"]))
            .collect();
        let (inputs, names) = (
            [1, 3, 5].map(Value::from),
            ["a", "c", "e"].map(|name| Value::from(format!("folder/{name}.jpg"))),
        );
        assert!(members.into_iter().eq(inputs.iter().zip(&names)), "{group}");
        assert!(group[0]["distance"] == 0 && group[1]["distance"].as_u64().is_some_and(|bits| bits <= 31));
    }
    // Where names are left out, the numbers of the inputs tell which.
    let (like, summary, _) = verify(&["--redact-names"]);
    assert_eq!(like, ["", "", "1", "", "1"]);
    assert_eq!(
        (
            &summary["near_duplicates"][0][1]["input"],
            &summary["near_duplicates"][0][1]["name"]
        ),
        (&3.into(), &Value::Null)
    );
    // Without pixels there is nothing to compare, and nothing is said.
    let (like, summary, said) = verify(&["--no-pixels"]);
    assert_eq!(like, [""; 5]);
    assert!(
        summary.get("near_duplicates").is_none() && !said.contains("alike"),
        "{said}"
    );
}

#[test]
fn what_was_examined_before_is_grouped_too() {
    let machine = with_copies();
    fs::copy(fixtures().join("formats/signed.pdf"), machine.path("folder/f.pdf")).unwrap();
    let args = ["verify", "--csv", "--resume", "journal"];
    machine.touchmark(&[&args[..], &["folder/a.jpg", "folder/f.pdf"]].concat());
    let output = machine.touchmark(&[&args[..], &["-r", "folder"]].concat());
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let row = text
        .split_terminator("\r\n")
        .find(|row| row.starts_with("folder/c.jpg,"))
        .unwrap();
    assert_eq!(row.rsplit(',').nth(1), Some("folder/a.jpg"), "{row}");
    for said_then in [
        "3 of 4 compared pictures look alike",
        // What has no pixels is told of.
        "left no fingerprint, and were compared with none: 1",
    ] {
        assert!(stderr(&output).contains(said_then), "{}", stderr(&output));
    }
}

#[test]
fn a_signed_report_is_checked_later() {
    let machine = with_folder();
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

    let machine = with_folder();
    let text = jws::sign(&newer.to_string(), Some("touchmark-report+jws"), &signer).unwrap();
    fs::write(machine.path("newer.jws"), text).unwrap();
    let output = machine.touchmark(&["verify", "--report", "newer.jws", "folder/a.png"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("TM0226"), "{}", stderr(&output));
}

#[test]
fn options_for_one_picture_take_one() {
    let machine = with_folder();
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
    let machine = with_folder();
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
fn a_run_that_examined_nothing_is_no_success() {
    let machine = Machine::new();
    fs::create_dir_all(machine.path("folder/.hidden")).unwrap();
    fs::write(machine.path("folder/notes.txt"), "no picture").unwrap();
    fs::write(machine.path("list"), "").unwrap();
    for (args, why) in [
        (
            &["-r", "folder"][..],
            "passed over: 1 file that is no picture, 1 hidden",
        ),
        (&["folder/*"], "passed over: 1 file that is no picture"),
        (&["--files-from", "list"], "there is none in the folders or the list"),
    ] {
        for form in [&[][..], &["--json"], &["--csv", "--summary", "summary.json"]] {
            let output = machine.touchmark(&[&["verify"], args, form].concat());
            assert_eq!(output.status.code(), Some(1), "{args:?}");
            let said = stderr(&output);
            assert!(said.contains("TM0115") && said.contains(why), "{said}");
        }
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

/// What decides what is said of a picture decides whether a journal goes on.
#[test]
fn a_journal_is_of_one_set_of_options() {
    let machine = with_folder();
    let root = fixtures().join("keys/test-root.pem");
    fs::write(machine.path("key"), "a secret of sixteen bytes and more").unwrap();
    let verify = |options: &[&str]| {
        let args = ["verify", "folder/a.png", "--no-pixels", "--json", "--resume", "journal"];
        machine.touchmark(&[&args, options].concat())
    };
    assert_eq!(verify(&[]).status.code(), Some(13));
    assert_eq!(lines(&verify(&[])).len(), 0);
    for options in [
        &["--trust", root.to_str().unwrap()][..],
        &["--no-default-trust"],
        &["--show-unverified"],
        &["--at", "2026-12-01"],
        &["--watermark-key", "file:key"],
        &["--online"],
        &["--lang", "de"],
        &["--redact-names"],
    ] {
        let other = verify(options);
        assert_eq!(other.status.code(), Some(2), "{options:?}: {}", stderr(&other));
        let said = stderr(&other);
        assert!(
            said.contains("TM0220") && said.contains("other trust lists, keys or options"),
            "{said}"
        );
    }
    // In which process it is examined is no such thing.
    assert_eq!(verify(&["--no-isolate"]).status.code(), Some(13));
    let journal = fs::read_to_string(machine.path("journal")).unwrap();
    assert!(journal.contains(r#""require":"trusted""#), "{journal}");
    assert!(!journal.contains("secret of sixteen"), "{journal}");
}

#[test]
fn the_table_says_who_names_the_system() {
    let machine = Machine::with_picture();
    let disclosure = fixtures().join("disclosures/social-app.toml");
    let stamp = ["stamp", "picture.png", "--disclosure", disclosure.to_str().unwrap()];
    assert!(machine.touchmark(&stamp).status.success());
    let output = machine.touchmark(&[
        "verify",
        "--csv",
        "--no-pixels",
        "--require",
        "none",
        "picture.stamped.png",
        // Signed with a key that everybody has.
        fixtures().join("stamped/palette-filled.png").to_str().unwrap(),
        fixtures().join("marked/original.jpg").to_str().unwrap(),
    ]);
    let text = String::from_utf8(output.stdout).unwrap();
    let last: Vec<_> = text
        .split_terminator("\r\n")
        .map(|row| row.rsplit(',').next().unwrap())
        .collect();
    assert_eq!(last, ["system_by", "signer", "claimed", ""], "{text}");
}

#[test]
fn crjson_is_what_the_library_says_with_the_lists_in_force() {
    let machine = with_folder();
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

#[test]
fn a_run_that_goes_on_sees_what_came_beside_a_picture() {
    let machine = Machine::new();
    let hostile = |name: &str| fixtures().join("hostile").join(name);
    fs::copy(hostile("detached.jpg"), machine.path("a.jpg")).unwrap();
    let run = || {
        let output = machine.touchmark(&["verify", "a.jpg", "--json", "--require", "none", "--resume", "journal"]);
        assert!(output.status.success(), "{}", stderr(&output));
        let found = lines(&output);
        found
            .first()
            .map(|report| report["verdict"]["level"].as_str().unwrap().to_owned())
    };
    assert_eq!(run().as_deref(), Some("unknown"));
    assert_eq!(run(), None);
    fs::copy(hostile("detached.c2pa"), machine.path("a.jpg.c2pa")).unwrap();
    assert_eq!(run().as_deref(), Some("signed"));
    assert_eq!(run(), None);
    fs::remove_file(machine.path("a.jpg.c2pa")).unwrap();
    assert_eq!(run().as_deref(), Some("unknown"));
}

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

/// What c2pa is to sign.
const DEFINITION: &str = r#"{
    "claim_generator_info": [{ "name": "peer", "version": "1" }],
    "assertions": [{ "label": "c2pa.actions.v2", "created": true, "data": { "actions": [{
        "action": "c2pa.created",
        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    }] } }]
}"#;

#[test]
fn a_record_kept_elsewhere_is_fetched_on_request_alone() {
    let machine = Machine::new();
    let store = store_of(&fs::read(fixtures().join("stamped/palette-filled.png")).unwrap());
    let server = serve(store);
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

/// A server on this machine that answers until the tests end.
fn serve(store: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let store = store.clone();
            thread::spawn(move || answer(stream, &store));
        }
    });
    address
}

/// Answers one request. A client that goes away early is no failure of the server.
fn answer(mut stream: TcpStream, store: &[u8]) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut request = String::new();
    let _ = reader.read_line(&mut request);
    let mut header = String::new();
    while reader.read_line(&mut header).is_ok_and(|read| read > 2) {
        header.clear();
    }
    let mut send = |head: &str, body: &[u8]| {
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    };
    match request.split(' ').nth(1).unwrap_or_default() {
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
