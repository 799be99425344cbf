//! `verify` over folders: tables, summaries, runs that go on where one ended, pictures that look alike.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};

use serde_json::Value;

use crate::expected::fixtures;
use crate::machine::{BINARY, Machine, json, lines, stderr};

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
fn a_folder_is_told_of_in_order_and_summed_up() {
    let machine = Machine::with_folder();
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

/// A pipe that nobody writes to costs itself alone.
#[cfg(unix)]
#[test]
fn a_pipe_among_others_is_not_waited_for() {
    let machine = Machine::with_folder();
    let made = machine.command("mkfifo").arg("pipe.jpg").status().unwrap();
    assert!(made.success());
    let output = machine.touchmark(&["verify", "--json", "--no-pixels", "pipe.jpg", "folder/a.png"]);
    let (lines, said) = (lines(&output), stderr(&output));
    assert_eq!(lines[0]["error"]["code"], "TM0107", "{said}");
    assert_eq!(lines[1]["file"]["name"], "folder/a.png");
    assert!(said.contains("a run of its own"), "{said}");
}

#[test]
fn a_run_goes_on_where_it_ended() {
    let machine = Machine::with_folder();
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
    let machine = Machine::with_folder();
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

/// What decides what is said of a picture decides whether a journal goes on.
#[test]
fn a_journal_is_of_one_set_of_options() {
    let machine = Machine::with_folder();
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
