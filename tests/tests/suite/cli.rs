//! The binary, as people type it: each case in `tests/cmd/` is a session, run in a copy of its own folder.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use trycmd::TestCases;
use trycmd::schema::Bin;

use crate::machine::touchmark;

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_working_folder_decides_neither_trust_nor_policy() {
    let folder = tempfile::tempdir().unwrap();
    for setting in ["data_dir = \"evil\"", "require = \"none\""] {
        fs::write(folder.path().join("touchmark.toml"), setting).unwrap();
        let output = touchmark(folder.path(), &["trust", "list"]);
        assert_eq!(output.status.code(), Some(2), "{setting}");
        assert!(
            stderr(&output).contains("TM0402") && stderr(&output).contains("config.toml"),
            "{}",
            stderr(&output)
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_data_folder_keeps_its_bytes() {
    use std::os::unix::ffi::OsStringExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join(std::ffi::OsString::from_vec(b"data\xFF".to_vec()));
    let made = Command::new(env!("CARGO_BIN_EXE_touchmark-under-test"))
        .env("TOUCHMARK_DATA_DIR", &data)
        .args(["keys", "new", "--organisation", "Studio"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", stderr(&made));
    assert!(data.join("identities/default/signing.pem").exists());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no other folder");
}

#[test]
fn a_key_given_in_place_of_its_reference_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        touchmark(folder.path(), &["keys", "new", "--organisation", "Studio"])
            .status
            .success()
    );
    let pem = fs::read_to_string(folder.path().join(".data/identities/default/signing.pem")).unwrap();
    let secret = pem.lines().nth(1).unwrap();
    for reference in [
        pem.clone(),
        secret.to_owned(),
        format!("file:{pem}"),
        format!("{secret}:"),
    ] {
        for rest in [&["--certificates", "chain.pem"][..], &[]] {
            let typed = [&["stamp", "picture.jpg", "--key", &reference][..], rest].concat();
            let output = touchmark(folder.path(), &typed);
            assert!(!output.status.success());
            let said = stderr(&output);
            assert!(!said.contains(secret) && !said.is_empty(), "{said}");
        }
    }
}

#[test]
fn an_added_list_that_cannot_be_used_is_named_and_stops_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let lists = folder.path().join(".data/trust");
    assert!(
        touchmark(folder.path(), &["keys", "new", "--organisation", "Studio"])
            .status
            .success()
    );
    let root = fs::read_to_string(folder.path().join(".data/identities/default/root-certificate.pem")).unwrap();
    fs::create_dir_all(&lists).unwrap();
    let posing = format!("name = \"C2PA  TRUST list\"\npurpose = \"signers\"\npem = \"\"\"\n{root}\"\"\"\n");
    for content in ["", "name = 3", posing.as_str()] {
        fs::write(lists.join("broken.toml"), content).unwrap();
        for command in [&["trust", "list"][..], &["verify", "any.png"]] {
            let output = touchmark(folder.path(), command);
            assert_eq!(output.status.code(), Some(1));
            let said = stderr(&output);
            assert!(
                said.contains("TM0506") && said.contains("delete ") && said.contains("broken.toml"),
                "{said}"
            );
        }
    }
    fs::remove_file(lists.join("broken.toml")).unwrap();
    assert!(touchmark(folder.path(), &["trust", "list"]).status.success());
}

#[test]
fn sessions_print_what_they_say() {
    TestCases::new()
        .register_bin(
            "touchmark",
            Bin::Path(Path::new(env!("CARGO_BIN_EXE_touchmark-under-test")).to_owned()),
        )
        // Relative: inside the copy of the case's folder, so that each case is a fresh machine.
        .env("TOUCHMARK_DATA_DIR", ".data")
        .env("HOME", "/nonexistent")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env("LC_ALL", "C")
        .env("XDG_DATA_HOME", "/nonexistent")
        .case("cmd/*.trycmd")
        .run();
}
