//! Batches: every output whole whatever happens, one stamp a picture, lines in the order of the inputs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::machine::{BINARY, Machine, is_intact, lines, stderr};

/// A folder `in` with this many small pictures, in folders of a hundred.
fn with_pictures(count: usize) -> Machine {
    let machine = Machine::new();
    for index in 0..count {
        let (picture, extension) = [("flat.webp", "webp"), ("flat.jpg", "jpg")][index % 2];
        machine.put(picture, format!("in/{:02}/{index:04}.{extension}", index / 100));
    }
    machine
}

/// All files below a folder of the machine, by their path in it, but drafts.
fn files(machine: &Machine, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![machine.path(folder)];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(inside).into_iter().flatten() {
            let path = entry.unwrap().path();
            let is_draft = path.file_name().unwrap().to_string_lossy().starts_with(".touchmark-");
            if path.is_dir() {
                folders.push(path);
            } else if !is_draft {
                let name = path.strip_prefix(machine.path(folder)).unwrap().to_owned();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

/// Whether a file carries the manifest that a line of `--json` names.
fn carries(bytes: &[u8], line: &Value) -> bool {
    let urn = line["manifest"].as_str().unwrap().as_bytes();
    bytes.windows(urn.len()).any(|window| window == urn)
}

/// Runs the command and kills it once it has told of this many pictures that it stamped. Whether it was killed.
fn killed_after(machine: &Machine, args: &[&str], stamped: usize) -> bool {
    let mut child = machine
        .command(BINARY)
        .args(args)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let told = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .filter(|line| line.contains("\"status\":\"stamped\""))
        .take(stamped)
        .count();
    child.kill().unwrap();
    child.wait().unwrap();
    told == stamped
}

fn statuses(output: &Output) -> Vec<String> {
    lines(output)
        .iter()
        .map(|line| line["status"].as_str().unwrap().to_owned())
        .collect()
}

#[cfg(unix)]
#[test]
fn kills_in_mid_batch_leave_whole_files_and_resuming_stamps_each_once() {
    let machine = with_pictures(500);
    let before = files(&machine, "in");
    let args = [
        "stamp",
        "-r",
        "in",
        "-d",
        "out",
        "--resume",
        "journal",
        "--no-sync",
        "-j",
        "2",
        "--json",
        // Slow enough that a kill comes before the end.
        "--self-check",
        "full",
        "--layers",
        "manifest,metadata",
    ];
    let (mut seen, mut kills) = (BTreeMap::new(), 0);
    while killed_after(&machine, &args, 70) {
        kills += 1;
        for (name, bytes) in files(&machine, "out") {
            match seen.get(&name) {
                Some(old) => assert!(*old == bytes, "{name:?} was written twice"),
                None => assert!(is_intact(&bytes), "{name:?} after kill {kills}"),
            }
            seen.insert(name, bytes);
        }
    }
    assert!(kills > 3, "the test shows nothing");

    let output = machine.touchmark(&args);
    assert!(output.status.success(), "{}", stderr(&output));
    let told = lines(&output);
    let after = files(&machine, "out");
    assert!(after.keys().eq(before.keys()));
    assert!(files(&machine, "in") == before, "no input was touched");
    assert!(told.iter().all(|line| line["status"] == "stamped_before"));
    let urns: BTreeSet<_> = told.iter().map(|line| line["manifest"].as_str().unwrap()).collect();
    assert_eq!(urns.len(), 500, "one stamp each");
    for (line, (name, bytes)) in told.iter().zip(&after) {
        assert!(line["output"].as_str().unwrap().ends_with(name.to_str().unwrap()));
        assert!(carries(bytes, line), "{name:?} carries the stamp that the journal has");
        assert!(seen.get(name) == Some(bytes) || is_intact(bytes), "{name:?}");
    }
}

#[cfg(unix)]
#[test]
fn kills_in_place_leave_the_picture_or_its_stamp_and_never_lose_it() {
    let machine = with_pictures(60);
    let before = files(&machine, "in");
    let args = [
        "stamp",
        "-r",
        "in",
        "--in-place",
        "--backup",
        "--resume",
        "journal",
        "--no-sync",
        "-j",
        "2",
        "--json",
        // Slow enough that a kill comes before the end.
        "--self-check",
        "full",
    ];
    let mut kills = 0;
    while killed_after(&machine, &args, 9) {
        kills += 1;
        let now = files(&machine, "in");
        for (name, original) in &before {
            let is_original = now[name] == *original;
            assert!(is_original || is_intact(&now[name]), "{name:?} after kill {kills}");
            let backup = name.with_added_extension("bak");
            match now.get(&backup) {
                Some(kept) => assert!(kept == original, "{backup:?}"),
                None => assert!(is_original, "{name:?} has no backup"),
            }
        }
    }
    assert!(kills > 3, "the test shows nothing");
    let output = machine.touchmark(&args);
    assert!(output.status.success(), "{}", stderr(&output));
    let now = files(&machine, "in");
    assert_eq!(now.len(), 2 * before.len());
    assert!(before.keys().all(|name| is_intact(&now[name])));
}

#[test]
fn a_stamp_whose_journal_line_was_lost_is_recognised() {
    let machine = with_pictures(2);
    for args in [&["-d", "out"][..], &["--in-place"]] {
        let args = [&["stamp", "-r", "in", "--resume", "journal", "--json"], args].concat();
        let first = machine.touchmark(&args);
        assert!(first.status.success(), "{}", stderr(&first));
        let journal = fs::read_to_string(machine.path("journal")).unwrap();
        let begun: Vec<_> = journal.lines().filter(|line| !line.contains("done")).collect();
        assert_eq!(begun.len(), 3);
        fs::write(machine.path("journal"), begun.join("\n") + "\n{\"done\":{\"mani").unwrap();

        for _ in 0..2 {
            let again = machine.touchmark(&args);
            assert!(again.status.success(), "{}", stderr(&again));
            assert_eq!(statuses(&again), ["stamped_before"; 2]);
            let urns = |output: &Output| {
                lines(output)
                    .iter()
                    .map(|line| line["manifest"].clone())
                    .collect::<Vec<_>>()
            };
            assert_eq!(urns(&first), urns(&again));
        }
        fs::remove_file(machine.path("journal")).unwrap();
    }
}

#[test]
fn lines_come_in_the_order_of_the_inputs_whoever_is_first() {
    let machine = with_pictures(40);
    // The first takes longest.
    machine.put("lossless.webp", "in/00/0000-large.webp");
    fs::write(machine.path("in/00/0003-bad.png"), "text").unwrap();
    let run = |out: &str, jobs: &str| {
        let output = machine.touchmark(&["stamp", "-r", "in", "-d", out, "-j", jobs, "--json", "--no-sync"]);
        assert_eq!(output.status.code(), Some(3));
        lines(&output)
            .iter()
            .map(|line| (line["input"].clone(), line["status"].clone()))
            .collect::<Vec<_>>()
    };
    let one = run("one", "1");
    assert_eq!(one, run("eight", "8"));
    assert_eq!(one.len(), 42);
    assert!(one.iter().map(|(input, _)| input.as_str().unwrap()).is_sorted());
}

#[cfg(unix)]
#[test]
fn names_come_from_a_pipe_by_the_ten_thousand_and_need_not_be_text() {
    use std::ffi::OsString;
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    let machine = Machine::new();
    let odd = [
        "in/line\nbreak.jpg".into(),
        OsString::from_vec(b"in/not \xFF text.jpg".to_vec()),
        "-".into(),
    ];
    let mut list = Vec::new();
    for index in 0..10_000 {
        match index % 4_000 {
            7 => {
                let name = &odd[index / 4_000];
                machine.put("flat.jpg", name);
                list.extend_from_slice(name.as_bytes());
            }
            _ => list.extend_from_slice(format!("missing/{index}.png").as_bytes()),
        }
        list.push(0);
    }
    let mut child = machine
        .command(BINARY)
        .args(["stamp", "--files-from", "-", "-0", "-d", "out", "--json", "--no-sync"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || stdin.write_all(&list));
    let output = child.wait_with_output().unwrap();
    feeding.join().unwrap().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let told = lines(&output);
    assert_eq!(told.len(), 10_000);
    for (index, line) in told.iter().enumerate() {
        match index % 4_000 {
            7 => assert_eq!(line["status"], "stamped"),
            _ => assert_eq!(line["input"], format!("missing/{index}.png")),
        }
    }
    for name in &odd {
        assert!(
            is_intact(&fs::read(machine.path("out").join(name)).unwrap()),
            "{name:?}"
        );
    }
    let said = stderr(&output);
    assert!(said.contains("3 of 10000 pictures were stamped") && said.contains("and 9977 more"));
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_read_or_written_does_not_stop_the_others() {
    let machine = with_pictures(4);
    machine.put("rgb.png", "in/00/large.png");
    // Opens, and fails when read, for root too.
    std::os::unix::fs::symlink("/proc/self/mem", machine.path("unreadable.png")).unwrap();
    machine.touchmark(&["stamp", "in/00/0000.webp", "-o", "first.webp"]);
    // A limit on file size ends a write as a full disk does; the signal is ignored so that the error arrives.
    let script = format!("trap '' XFSZ; ulimit -f 20; exec {BINARY} stamp -r unreadable.png in -d out --json");
    let output = machine.command("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let told: Vec<_> = lines(&output)
        .iter()
        .map(|line| line["error"]["code"].clone())
        .collect();
    assert_eq!(
        told,
        [
            Value::from("TM0107"),
            Value::Null,
            Value::Null,
            Value::Null,
            Value::Null,
            "TM0202".into()
        ]
    );
    let out = files(&machine, "out");
    assert_eq!(out.len(), 4);
    assert!(out.values().all(|bytes| is_intact(bytes)));
    assert_eq!(
        fs::read_dir(machine.path("out/00")).unwrap().count(),
        4,
        "no draft is left"
    );
}

#[cfg(unix)]
#[test]
fn two_runs_on_one_folder_stamp_each_picture_once() {
    for args in [&["-d", "out"][..], &["--in-place"]] {
        let machine = with_pictures(40);
        machine.touchmark(&["stamp", "in/00/0000.webp", "-o", "first.webp"]);
        let args = [&["stamp", "-r", "in", "--json", "--no-sync"], args].concat();
        let children: Vec<_> = (0..2)
            .map(|_| machine.command(BINARY).args(&args).spawn().unwrap())
            .collect();
        let mut stamped = Vec::new();
        for child in children {
            let output = child.wait_with_output().unwrap();
            for line in lines(&output) {
                match line["error"]["code"].as_str() {
                    None => stamped.push(line["input"].as_str().unwrap().to_owned()),
                    Some(code) => assert!(["TM0106", "TM0201", "TM0209"].contains(&code), "{line}"),
                }
            }
        }
        stamped.sort();
        assert_eq!(stamped.len(), 40, "{args:?}");
        assert!(stamped.is_sorted_by(|one, next| one < next), "{args:?}");
        let written = files(&machine, if args.contains(&"--in-place") { "in" } else { "out" });
        assert_eq!(written.len(), 40);
        assert!(written.values().all(|bytes| is_intact(bytes)));
    }
}

#[cfg(unix)]
#[test]
fn folders_are_searched_for_what_is_meant() {
    use std::os::unix::fs::symlink;
    let machine = Machine::new();
    for name in [
        "in/a.jpg",
        "in/B.JPG",
        "in/sub/no-extension",
        "in/.hidden/c.jpg",
        "in/.d.jpg",
        "elsewhere/e.jpg",
    ] {
        machine.put("flat.jpg", name);
    }
    machine.put("flat.jpg", "in/f.stamped.jpg");
    machine.put("flat.jpg", "in/g.jpg.bak");
    fs::write(machine.path("in/notes.txt"), "notes").unwrap();
    fs::write(machine.path("in/empty.png"), "").unwrap();
    symlink("../elsewhere", machine.path("in/folder-link")).unwrap();
    symlink("a.jpg", machine.path("in/link.jpg")).unwrap();
    for _ in 0..2 {
        // The folder of the outputs lies in the folder that is searched.
        let output = machine.touchmark(&["stamp", "-r", "in", "-d", "in/out", "--json", "--force"]);
        assert_eq!(output.status.code(), Some(3));
        let told: Vec<_> = lines(&output).iter().map(|line| line["input"].clone()).collect();
        assert_eq!(told, ["in/B.JPG", "in/a.jpg", "in/empty.png", "in/sub/no-extension"]);
        let said = stderr(&output);
        assert!(
            said.contains("passed over: 1 file that is no picture, 2 hidden, 2 links, "),
            "{said}"
        );
    }
    let written: Vec<_> = files(&machine, "in/out").into_keys().collect();
    assert_eq!(
        written,
        [Path::new("B.JPG"), Path::new("a.jpg"), Path::new("sub/no-extension")]
    );
}

#[cfg(unix)]
#[test]
fn in_place_a_link_stays_a_link_and_hard_links_part() {
    let machine = Machine::new();
    for name in ["linked.jpg", "one.jpg"] {
        machine.put("flat.jpg", name);
    }
    std::os::unix::fs::symlink("linked.jpg", machine.path("link.jpg")).unwrap();
    fs::hard_link(machine.path("one.jpg"), machine.path("two.jpg")).unwrap();
    let output = machine.touchmark(&[
        "stamp",
        "--in-place",
        "--backup",
        "link.jpg",
        "one.jpg",
        "two.jpg",
        "--json",
    ]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(machine.path("link.jpg").is_symlink());
    let read = |name: &str| fs::read(machine.path(name)).unwrap();
    assert!(
        ["linked.jpg", "one.jpg", "two.jpg"]
            .iter()
            .all(|name| is_intact(&read(name)))
    );
    assert_ne!(read("one.jpg"), read("two.jpg"), "a stamp each");
    let backups = ["linked.jpg.bak", "one.jpg.bak", "two.jpg.bak"];
    assert!(
        backups
            .iter()
            .all(|name| !is_intact(&read(name)) && read(name) == read(backups[0]))
    );
}

#[test]
fn a_batch_sweeps_what_killed_runs_left_behind() {
    let machine = with_pictures(2);
    let (old, new) = (
        machine.path("in/00/.touchmark-abc123.tmp"),
        machine.path("in/00/.touchmark-def456.tmp"),
    );
    for path in [&old, &new] {
        fs::write(path, "half a picture").unwrap();
    }
    let yesterday = SystemTime::now() - Duration::from_secs(24 * 60 * 60);
    fs::File::options()
        .write(true)
        .open(&old)
        .unwrap()
        .set_modified(yesterday)
        .unwrap();
    let output = machine.touchmark(&["stamp", "-r", "in", "--dry-run"]);
    assert!(output.status.success() && old.exists(), "a dry run removes nothing");
    let output = machine.touchmark(&["stamp", "-r", "in"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("removed an unfinished file"));
    assert!(!old.exists() && new.exists());
}

#[test]
fn a_dry_run_writes_nothing_at_all() {
    let machine = with_pictures(4);
    let before = files(&machine, ".");
    for args in [
        &["-d", "out"][..],
        &["--in-place", "--backup"],
        &[],
        &["--resume", "journal"],
    ] {
        let output = machine.touchmark(&[&["stamp", "-r", "in", "--dry-run"], args].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(output.stdout.split(|byte| *byte == b'\n').count(), 5);
        assert!(files(&machine, ".") == before, "{args:?}");
    }
    let output = machine.touchmark(&["stamp", "in/00/0000.webp", "-o", "-", "--dry-run"]);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "in/00/0000.webp: would be stamped as standard output\n"
    );
}
