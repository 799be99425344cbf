//! `verify` in processes of their own: the worst file costs itself, and good files are told of as they would be otherwise.

use std::fs::{self, File};
use std::io::Write;

use crate::expected::fixtures;
use crate::machine::{Machine, lines, stderr};

/// Everything that is known of every fixture, byte by byte, but for the moment of the run.
#[test]
fn what_workers_find_is_what_one_process_finds() {
    let machine = Machine::new();
    let mut files: Vec<String> = ["hostile", "stamped", "labelled"]
        .iter()
        .flat_map(|folder| fs::read_dir(fixtures().join(folder)).unwrap())
        .map(|file| file.unwrap().path().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    for form in [&["--json"][..], &["--csv"], &["--lang", "de", "--redact-names"]] {
        // All in the form that tells most; of each kind some in the others.
        let step = if form == ["--json"] { 1 } else { 8 };
        let files: Vec<&str> = files.iter().step_by(step).map(String::as_str).collect();
        let run = |isolation: &[&str]| {
            let options = ["verify", "--at", "2026-12-01"];
            let output = machine.touchmark(&[&options[..], form, isolation, &files[..]].concat());
            let text = String::from_utf8(output.stdout.clone()).unwrap();
            (output.status.code(), without_moment(&text), stderr(&output))
        };
        let (workers, one_process) = (run(&["-j", "3"]), run(&["--no-isolate"]));
        assert_eq!(workers, one_process, "{form:?}");
        // What panics is caught; what is known to is refused before.
        assert!(!one_process.2.contains("panicked"), "{}", one_process.2);
    }
}

/// A file that asks for more memory than a worker may have, among others.
#[cfg(target_os = "linux")]
#[test]
fn the_worst_file_costs_itself_and_the_batch_goes_on() {
    let machine = Machine::new();
    machine.put("rgb.png", "a.png");
    machine.put("rgb.png", "c.png");
    // A picture of 500 MiB to whoever reads it, and of some bytes to the disk.
    let mut bomb = File::create(machine.path("b.jpg")).unwrap();
    bomb.write_all(&[0xFF, 0xD8, 0xFF]).unwrap();
    bomb.set_len(500 << 20).unwrap();
    let output = machine.touchmark(&[
        "verify",
        "--json",
        "--require",
        "none",
        "-j",
        "1",
        "a.png",
        "b.jpg",
        "c.png",
    ]);
    let reports = lines(&output);
    assert_eq!(output.status.code(), Some(3));
    let [before, bomb, after] = reports.as_slice() else {
        panic!("three lines: {reports:?}")
    };
    assert_eq!(bomb["error"]["code"], "TM0120");
    assert_eq!(bomb["file"]["name"], "b.jpg");
    let says = bomb["error"]["says"].as_str().unwrap();
    assert!(says.ends_with("it took more than 512 MiB of memory"), "{says}");
    assert!(stderr(&output).contains("--no-isolate"), "{}", stderr(&output));
    for (report, name) in [(before, "a.png"), (after, "c.png")] {
        assert_eq!(report["file"]["name"], name);
        assert_eq!(report["verdict"]["level"], "unknown");
    }
    let alone = machine.touchmark(&["verify", "--isolate", "b.jpg"]);
    assert_eq!(alone.status.code(), Some(30), "{}", stderr(&alone));
}

/// Of files with credentials that are larger than the C2PA library can copy in a worker, nothing is concluded: one process says
/// that they were changed, a worker must not say that their record cannot be read.
#[cfg(target_os = "linux")]
#[test]
fn want_of_memory_is_no_verdict() {
    let machine = Machine::new();
    for (name, fixture) in [("a.jpg", "stamped/flat-edited.jpg"), ("b.pdf", "formats/signed.pdf")] {
        fs::copy(fixtures().join(fixture), machine.path(name)).unwrap();
        let file = File::options().write(true).open(machine.path(name)).unwrap();
        file.set_len(256 << 20).unwrap();
    }
    let options = ["verify", "--json", "--no-pixels", "--isolate", "--seconds", "60"];
    let output = machine.touchmark(&[&options[..], &["a.jpg", "b.pdf"]].concat());
    for report in lines(&output) {
        assert_eq!(report["error"]["code"], "TM0120", "{report}");
    }
    assert_eq!(lines(&output).len(), 2);
}

/// A picture of 144 megapixels in some hundred kilobytes: its record and its labels are examined, its pixels are too many.
#[test]
fn where_only_the_pixels_are_too_much_the_rest_is_told() {
    const SIDE: u32 = 12_000;
    let machine = Machine::new();
    let mut writer = png::Encoder::new(File::create(machine.path("large.png")).unwrap(), SIDE, SIDE);
    writer.set_color(png::ColorType::Rgb);
    writer.set_compression(png::Compression::Fastest);
    let mut writer = writer.write_header().unwrap();
    let mut rows = writer.stream_writer().unwrap();
    let row = vec![0x55; 3 * SIDE as usize];
    (0..SIDE).for_each(|_| rows.write_all(&row).unwrap());
    rows.finish().unwrap();
    drop(writer);
    let output = machine.touchmark(&["verify", "--json", "--isolate", "large.png"]);
    assert_eq!(output.status.code(), Some(10), "{}", stderr(&output));
    let report = &lines(&output)[0];
    assert_eq!(report["file"]["width"], SIDE);
    let not_examined = report["verdict"]["not_examined"].as_array().unwrap();
    for layer in ["watermark", "fingerprint"] {
        let why = not_examined.iter().find(|one| one["layer"] == layer).unwrap();
        assert_eq!(why["why"], "over_limit", "{why}");
    }
}

#[test]
fn standard_input_is_examined_in_a_process_of_its_own_too() {
    let machine = Machine::new();
    machine.put("rgb.png", "a.png");
    let run = |args: &[&str]| {
        let mut command = machine.command(crate::machine::BINARY);
        command.args(args).stdin(File::open(machine.path("a.png")).unwrap());
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        (output.status.code(), without_moment(&text), stderr(&output))
    };
    let alone = run(&["verify", "--json", "--at", "2026-12-01", "--isolate", "-"]);
    assert_eq!(alone, run(&["verify", "--json", "--at", "2026-12-01", "-"]));
    assert_eq!(alone.0, Some(10), "{}", alone.2);
}

/// A picture that is a pipe, among others: a worker's own standard input is another.
#[cfg(unix)]
#[test]
fn what_can_be_read_once_only_is_examined_once() {
    let machine = Machine::new();
    machine.put("rgb.png", "a.png");
    machine.put("flat.jpg", "b.jpg");
    let run = |args: &[&str]| {
        let mut command = machine.command(crate::machine::BINARY);
        command
            .args(["verify", "--json", "--no-pixels", "--at", "2026-12-01"])
            .args(args);
        let output = command
            .stdin(File::open(machine.path("b.jpg")).unwrap())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        (output.status.code(), without_moment(&text), stderr(&output))
    };
    let files = ["a.png", "/dev/stdin"];
    let (code, reports, _) = run(&files);
    assert_eq!((code, reports.lines().count()), (Some(3), 2), "{reports}");
    assert_eq!(reports, run(&[&files[..], &["--no-isolate"]].concat()).1);
    // A list of signers that only this process can read: said, and examined here; refused where processes are asked for.
    let root = fs::read(fixtures().join("keys/test-root.pem")).unwrap();
    fs::write(machine.path("b.jpg"), root).unwrap();
    let (code, _, said) = run(&["--trust", "-", "a.png", "a.png"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("standard input can be read once only"), "{said}");
    let (code, _, said) = run(&["--trust", "-", "--isolate", "a.png"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("TM0605") && said.contains("give it as a file"), "{said}");
}

/// A document is examined in a process of its own, and nowhere else without being asked for: also where it comes from a pipe.
#[cfg(unix)]
#[test]
fn a_document_is_examined_wherever_it_comes_from_or_refused() {
    let machine = Machine::new();
    fs::copy(fixtures().join("formats/signed.pdf"), machine.path("a.pdf")).unwrap();
    let run = |args: &[&str], input: &str| {
        let mut command = machine.command(crate::machine::BINARY);
        command
            .args(["verify", "--json", "--at", "2026-12-01"])
            .args(args)
            .stdin(File::open(machine.path(input)).unwrap());
        let output = command.output().unwrap();
        let levels: Vec<_> = lines(&output)
            .iter()
            .map(|line| line["verdict"]["level"].clone())
            .collect();
        (output.status.code(), levels, stderr(&output))
    };
    let (code, levels, _) = run(&["a.pdf"], "a.pdf");
    for args in [&["-"][..], &["/dev/stdin"], &["--isolate", "-"], &["--no-isolate", "-"]] {
        let found = run(args, "a.pdf");
        assert_eq!((found.0, &found.1), (code, &levels), "{args:?}: {}", found.2);
    }
    assert_eq!(levels, ["signed"]);
    // Where no worker can do what is asked: never as if nothing were in it.
    let root = fs::read(fixtures().join("keys/test-root.pem")).unwrap();
    fs::write(machine.path("root.pem"), root).unwrap();
    for (args, why) in [
        (&["a.pdf", "--trust", "-"][..], "can be read once only"),
        (&["a.pdf", "--html", "page.html"], "--sign-report need the report"),
    ] {
        let (code, _, said) = run(args, "root.pem");
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains("TM0606") && said.contains(why) && said.contains("--no-isolate"),
            "{said}"
        );
    }
    let here = run(&["a.pdf", "--html", "page.html", "--no-isolate"], "root.pem");
    assert_eq!(here.0, code, "{}", here.2);
    assert!(machine.path("page.html").exists());
}

/// Without a place for it, standard input cannot be handed to a worker, and nothing is blamed on the picture.
#[cfg(unix)]
#[test]
fn where_there_is_no_room_for_standard_input_that_is_said() {
    let machine = Machine::new();
    machine.put("rgb.png", "a.png");
    let mut command = machine.command(crate::machine::BINARY);
    command
        .args(["verify", "--isolate", "-"])
        .env("TMPDIR", "/nonexistent")
        .stdin(File::open(machine.path("a.png")).unwrap());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(said.contains("TM0605") && said.contains("/nonexistent"), "{said}");
}

/// Nobody types it, and it does nothing that `verify` does not do.
#[test]
fn the_hidden_command_is_not_in_the_help() {
    let machine = Machine::new();
    let help = machine.touchmark(&["--help"]);
    assert!(!String::from_utf8(help.stdout).unwrap().contains("verify-worker"));
    let other = machine.touchmark(&["verify-worker", "--now", "0", "--", "trust", "list"]);
    assert_eq!(other.status.code(), Some(70), "{}", stderr(&other));
}

/// The text with the moment of its run taken out, as JSON and as German have it.
fn without_moment(text: &str) -> String {
    let mut text = text.to_owned();
    for (before, after) in [("\"examined_at\":\"", '"'), ("untersucht am ", '.')] {
        let mut parts = text.split(before);
        let mut kept = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            kept += part.split_once(after).unwrap().1;
        }
        text = kept;
    }
    text
}
