//! A fresh machine for tests of the command: a folder of its own, the binary set up for it, and what it says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;
use touchmark::{Policy, Requirement, TrustLists, Verifier};
use touchmark_tests::pictures;

/// The command under test.
pub const BINARY: &str = env!("CARGO_BIN_EXE_touchmark-under-test");

/// Runs the command in a folder, which has its data folder too, and says what came of it.
pub fn touchmark(folder: &Path, args: &[&str]) -> Output {
    Command::new(BINARY)
        .current_dir(folder)
        .env("TOUCHMARK_DATA_DIR", folder.join(".data"))
        .env("HOME", "/nonexistent")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env("LC_ALL", "C")
        .args(args)
        .output()
        .unwrap()
}

/// A folder with its own data folder in it.
pub struct Machine {
    folder: TempDir,
}

impl Machine {
    /// One with nothing on it.
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// One with `picture.png`.
    pub fn with_picture() -> Self {
        let machine = Self::new();
        machine.put("rgb.png", "picture.png");
        machine
    }

    /// One with a folder of four files: two stamped, one not, one that is no picture.
    pub fn with_folder() -> Self {
        let machine = Self::new();
        for name in ["folder/a.png", "folder/sub/b.png", "folder/c.png"] {
            machine.put("rgb.png", name);
        }
        for name in ["folder/a.png", "folder/sub/b.png"] {
            assert!(machine.touchmark(&["stamp", "--in-place", name]).status.success());
        }
        fs::write(machine.path("folder/d.png"), "no picture").unwrap();
        machine
    }

    /// Puts one of `fixtures/images` there, under this name.
    pub fn put(&self, picture: &str, name: impl AsRef<Path>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(pictures::folder().join(picture), path).unwrap();
    }

    /// A program that runs in the folder.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env("TOUCHMARK_DATA_DIR", self.path(".data"))
            .env("HOME", "/nonexistent")
            .env("XDG_CONFIG_HOME", "/nonexistent")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the command under test to its end.
    pub fn touchmark(&self, args: &[&str]) -> Output {
        self.command(BINARY).args(args).output().unwrap()
    }

    /// A path in the folder.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The names in the folder that are neither the picture, nor the data folder, nor in `expected`.
    pub fn left_over(&self, expected: &[&str]) -> Vec<String> {
        fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "picture.png" && name != ".data" && !expected.contains(&name.as_str()))
            .collect()
    }
}

/// What a program wrote as JSON.
pub fn json(text: &[u8]) -> serde_json::Value {
    serde_json::from_slice(text).unwrap()
}

/// The lines of `--json`.
pub fn lines(output: &Output) -> Vec<serde_json::Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| json(line.as_bytes())).collect()
}

/// What was said on standard error.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Whether this is a picture with a stamp that holds.
pub fn is_intact(bytes: &[u8]) -> bool {
    static VERIFIER: LazyLock<Verifier> =
        LazyLock::new(|| Verifier::new(TrustLists::empty()).unwrap().without_pixels());
    let policy = Policy {
        require: Requirement::Intact,
        refuse_ai: false,
    };
    VERIFIER
        .verify(bytes, time::OffsetDateTime::now_utc())
        .is_ok_and(|report| report.meets(&policy))
}
