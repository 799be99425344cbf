//! Outputs are whole or not there: pipes, devices, a full disk, a folder that cannot be written, a kill at any moment.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use touchmark::{TrustLists, Verifier};

use crate::machine::{BINARY, Machine, is_intact, lines, stderr};

#[test]
fn from_a_pipe_to_a_pipe() {
    let machine = Machine::with_picture();
    let mut child = machine
        .command(BINARY)
        .args(["stamp", "-", "-o", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let picture = fs::read(machine.path("picture.png")).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || stdin.write_all(&picture));
    let output = child.wait_with_output().unwrap();
    feeding.join().unwrap().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        is_intact(&output.stdout),
        "standard output holds the picture and nothing else"
    );
    assert_eq!(machine.left_over(&[]), [""; 0]);

    let mut verify = machine
        .command(BINARY)
        .args(["verify", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    verify.stdin.take().unwrap().write_all(&output.stdout).unwrap();
    let verified = verify.wait_with_output().unwrap();
    assert_eq!(verified.status.code(), Some(13));
    assert!(String::from_utf8_lossy(&verified.stdout).starts_with("standard input: "));
}

#[test]
fn each_file_of_a_batch_has_its_line() {
    let machine = Machine::with_picture();
    fs::write(machine.path("text.png"), "text").unwrap();
    let verified = machine.touchmark(&[
        "verify",
        "text.png",
        "picture.png",
        "missing.png",
        "--json",
        "--require",
        "none",
    ]);
    assert_eq!(verified.status.code(), Some(3));
    let told: Vec<_> = lines(&verified)
        .iter()
        .map(|line| {
            assert_eq!(line["schema"], "touchmark-report/1");
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            (
                text(&line["file"]["name"]),
                text(&line["error"]["code"]),
                line["policy_met"].as_bool().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("text.png", "TM0101", false),
        ("picture.png", "", true),
        ("missing.png", "TM0107", false),
    ];
    assert_eq!(told, expected.map(|(name, code, met)| (name.into(), code.into(), met)));

    let stamped = machine.touchmark(&["stamp", "text.png", "picture.png", "--json"]);
    assert_eq!(stamped.status.code(), Some(3));
    let told = lines(&stamped);
    assert_eq!(
        (&told[0]["input"], &told[0]["error"]["code"]),
        (&"text.png".into(), &"TM0101".into())
    );
    assert_eq!(told[1]["output"], "picture.stamped.png");
    assert_eq!(told.len(), 2);
}

#[test]
fn two_outputs_of_one_name_are_refused_before_anything_is_written() {
    let machine = Machine::with_picture();
    fs::copy(machine.path("picture.png"), machine.path("picture")).unwrap();
    for inputs in [
        ["picture", "picture.png"],
        ["picture.png", "./picture"],
        ["picture.png", ".data/../picture.png"],
    ] {
        fs::create_dir_all(machine.path(".data")).unwrap();
        let output = machine.touchmark(&["stamp", inputs[0], inputs[1], "--force"]);
        assert_eq!(output.status.code(), Some(2), "{inputs:?}");
        assert!(stderr(&output).contains("TM0205"), "{}", stderr(&output));
        assert_eq!(machine.left_over(&["picture"]), [""; 0]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_file() {
    let machine = Machine::with_picture();
    fs::write(machine.path("out.png"), "old").unwrap();
    // A limit on file size ends a write as a full disk does; the signal is ignored so that the error arrives.
    let script = format!("trap '' XFSZ; ulimit -f 8; exec {BINARY} stamp picture.png -o out.png --force");
    machine.touchmark(&["stamp", "picture.png", "-o", "first.png"]);
    let output = machine.command("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("TM0202"), "{}", stderr(&output));
    assert_eq!(fs::read(machine.path("out.png")).unwrap(), b"old");
    assert_eq!(machine.left_over(&["out.png", "first.png"]), [""; 0]);
    let output = machine.touchmark(&["stamp", "picture.png", "-o", "/dev/full"]);
    assert!(stderr(&output).contains("TM0202"), "{}", stderr(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let machine = Machine::with_picture();
    let output = machine.touchmark(&["stamp", "picture.png", "-o", "/proc/picture.png"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("TM0202") && stderr(&output).contains("/proc/picture.png"),
        "{}",
        stderr(&output)
    );
}

#[cfg(target_os = "linux")]
#[test]
fn where_nobody_can_be_told_the_exit_code_still_speaks() {
    let machine = Machine::with_picture();
    for redirection in ["2>/dev/full", "2>&-"] {
        let script = format!("exec {BINARY} verify nofile {redirection}");
        let output = machine.command("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{redirection}");
    }
}

#[cfg(unix)]
#[test]
fn a_kill_at_any_moment_leaves_the_old_file_or_the_new_one() {
    let machine = Machine::with_picture();
    machine.touchmark(&["stamp", "picture.png", "-o", "out.png"]);
    let mut killed = 0;
    for microseconds in (0..40_000).step_by(1_000) {
        fs::write(machine.path("out.png"), "old").unwrap();
        let mut child = machine
            .command(BINARY)
            .args(["stamp", "picture.png", "-o", "out.png", "--force"])
            .spawn()
            .unwrap();
        sleep(Duration::from_micros(microseconds));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        let found = fs::read(machine.path("out.png")).unwrap();
        assert!(
            found == b"old" || is_intact(&found),
            "killed after {microseconds} µs: {} bytes",
            found.len()
        );
        assert!(is_intact_identity(&machine.path(".data")), "the identity survives");
    }
    assert!(killed > 0, "no kill came in time: the test shows nothing");
}

/// Whether the local identity's files are there and not empty.
fn is_intact_identity(data: &Path) -> bool {
    ["signing.pem", "root.pem"]
        .iter()
        .all(|name| fs::metadata(data.join("identities/local").join(name)).is_ok_and(|metadata| metadata.len() > 0))
}

#[test]
fn many_first_runs_at_once_make_one_identity() {
    let machine = Machine::with_picture();
    let children: Vec<_> = (0..6)
        .map(|index| {
            let out = format!("out{index}.png");
            machine
                .command(BINARY)
                .args(["stamp", "picture.png", "-o", &out])
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let identities: Vec<_> = fs::read_dir(machine.path(".data/identities")).unwrap().collect();
    assert_eq!(identities.len(), 1, "no drafts are left");
    let root = fs::read(machine.path(".data/identities/local/root-certificate.pem")).unwrap();
    for index in 0..6 {
        let stamped = fs::read(machine.path(format!("out{index}.png"))).unwrap();
        let root = touchmark_signing::Certificate::from_pem(std::str::from_utf8(&root).unwrap()).unwrap();
        let verifier = Verifier::new(TrustLists::empty().with_local_root(root)).unwrap();
        let report = verifier.verify(&stamped, time::OffsetDateTime::now_utc()).unwrap();
        assert_eq!(
            report.verdict().level,
            touchmark::evidence::Level::SignedHere,
            "out{index}.png"
        );
    }
}
