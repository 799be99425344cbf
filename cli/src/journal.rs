//! The journal of a batch, for going on after an interruption: JSON lines that are only ever added to.
//!
//! Each picture has two lines. `begun` is written before its output gets its name, `done` after, so that whatever is
//! killed in between is recognised by the manifest that the output carries, and no picture is stamped twice.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{self, Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use touchmark::report::hex;

use crate::failure::{Code, Failure};
use crate::files::{self, FileState};

/// What the first line says.
const HEADER: &str = r#"{"journal":"touchmark-stamp/1"}"#;

/// More than a million pictures.
pub const MAX_JOURNAL_BYTES: u64 = 1 << 30;

/// A journal, open for adding to it. Share it between threads.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    mode: Mode,
    /// Locked as long as it is open. None before there is one, and in a dry run.
    file: Option<File>,
    /// How much of it is whole lines.
    whole: u64,
    /// Held while a line is written, so that lines stay whole.
    writing: Mutex<()>,
    past: Past,
}

/// How the journal is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Dry,
    Plain,
    Synced,
}

/// What runs before this one did.
#[derive(Debug, Default)]
struct Past {
    begun: HashMap<(Name, Name), (State, String)>,
    done: HashMap<String, State>,
    outputs: HashSet<Name>,
}

/// What is known of a picture from an earlier run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Before {
    /// It was stamped, under this manifest, and the output is as it was left.
    Done(String),
    /// Under this manifest it may have been stamped: its output tells.
    Begun(String),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Begun {
        input: Name,
        input_state: State,
        output: Name,
        manifest: String,
    },
    Done {
        manifest: String,
        output_state: State,
    },
}

/// An absolute path: as text, or its bytes where it is none. Journals of every kind name files so.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Name {
    Text(String),
    Bytes { hex: String },
}

/// Size and time of change, by which a file is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    bytes: u64,
    /// Nanoseconds since 1970; none where the file system does not tell.
    modified: Option<i64>,
}

impl Journal {
    /// Opens the journal in this file, where there is one, for reading what earlier runs did. Nothing is written yet, in
    /// a dry run never.
    ///
    /// # Errors
    /// [`Code::NotAJournal`] where the file holds anything else, [`Code::JournalInUse`] where another run writes it.
    pub fn open(path: &Path, sync: bool, dry_run: bool) -> Result<Self, Failure> {
        let mode = match (dry_run, sync) {
            (true, _) => Mode::Dry,
            (_, true) => Mode::Synced,
            _ => Mode::Plain,
        };
        let opened = match mode {
            Mode::Dry => File::open(path),
            _ => OpenOptions::new().read(true).append(true).open(path),
        };
        let file = match opened {
            Ok(file) => Some(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Failure::reading(path, &error)),
        };
        let text = match &file {
            Some(file) => {
                if mode != Mode::Dry {
                    lock(file, path)?;
                }
                read_all(file).map_err(|error| Failure::reading(path, &error))?
            }
            None => Vec::new(),
        };
        let whole = whole_lines(&text);
        Ok(Self {
            path: path.to_owned(),
            mode,
            past: Past::read(path, whole, &text)?,
            whole: whole.len() as u64,
            file: file.filter(|_| mode != Mode::Dry),
            writing: Mutex::new(()),
        })
    }

    /// Makes it ready for adding: it is made where there is none, and what a kill tore off its end is cut away.
    pub fn start(&mut self) -> Result<(), Failure> {
        if self.mode == Mode::Dry {
            return Ok(());
        }
        let failed = |error: io::Error| Failure::writing(&self.path, &error);
        let mut file = match self.file.take() {
            Some(file) => {
                file.set_len(self.whole).map_err(failed)?;
                file
            }
            None => {
                let made = OpenOptions::new().append(true).create_new(true).open(&self.path);
                let file = made.map_err(failed)?;
                lock(&file, &self.path)?;
                file
            }
        };
        if self.whole == 0 {
            file.write_all(format!("{HEADER}\n").as_bytes()).map_err(failed)?;
        }
        self.file = Some(file);
        Ok(())
    }

    /// Whether an earlier run wrote this file, and not over its own input.
    pub fn wrote(&self, path: &Path) -> bool {
        Name::of(path).is_some_and(|name| self.past.outputs.contains(&name))
    }

    /// What an earlier run did with this picture, where nothing has changed since.
    pub fn before(&self, input: &Path, output: &Path) -> Option<Before> {
        let key = (Name::of(input)?, Name::of(output)?);
        let (input_state, manifest) = self.past.begun.get(&key)?;
        let output_now = State::of(&fs::metadata(output).ok()?);
        let input_now = State::of(&fs::metadata(input).ok()?);
        match self.past.done.get(manifest) {
            // In place, the input is the output, and must be as it was left.
            Some(left) if key.0 == key.1 => (output_now == *left).then(|| Before::Done(manifest.clone())),
            Some(left) => {
                (output_now.bytes == left.bytes && input_now == *input_state).then(|| Before::Done(manifest.clone()))
            }
            None => (key.0 == key.1 || input_now == *input_state).then(|| Before::Begun(manifest.clone())),
        }
    }

    /// Notes that a picture is about to be written under its name.
    pub fn begun(&self, input: &Path, state: FileState, output: &Path, manifest: &str) -> Result<(), Failure> {
        let (Some(input), Some(output)) = (Name::of(input), Name::of(output)) else {
            return Ok(());
        };
        self.add(&Line::Begun {
            input,
            input_state: State::from(state),
            output,
            manifest: manifest.to_owned(),
        })?;
        match &self.file {
            // A name that outlives a loss of power must not outlive its line.
            Some(file) if self.mode == Mode::Synced => {
                file.sync_data().map_err(|error| Failure::writing(&self.path, &error))
            }
            _ => Ok(()),
        }
    }

    /// Notes that it was written.
    pub fn done(&self, output: &Path, manifest: &str) -> Result<(), Failure> {
        let metadata = fs::metadata(output).map_err(|error| Failure::reading(output, &error))?;
        self.add(&Line::Done {
            manifest: manifest.to_owned(),
            output_state: State::of(&metadata),
        })
    }

    fn add(&self, line: &Line) -> Result<(), Failure> {
        let Some(mut file) = self.file.as_ref() else {
            return Ok(());
        };
        let mut text = serde_json::to_vec(line)
            .map_err(|error| Failure::new(Code::Library, "write the journal").because(error))?;
        text.push(b'\n');
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&text)
            .map_err(|error| Failure::writing(&self.path, &error))
    }
}

impl Past {
    /// Reads the whole lines of a journal; `text` also has what follows the last of them.
    fn read(path: &Path, whole: &[u8], text: &[u8]) -> Result<Self, Failure> {
        let refused =
            |why: String| Failure::new(Code::NotAJournal, format!("use {} as a journal", path.display())).because(why);
        let mut past = Self::default();
        if whole.is_empty() {
            // A journal that was killed at its first line, at most.
            return match HEADER.as_bytes().starts_with(text) {
                true => Ok(past),
                false => Err(refused("it does not begin as one".to_owned())),
            };
        }
        for (index, line) in whole.split(|byte| *byte == b'\n').enumerate() {
            match index {
                0 if line == HEADER.as_bytes() => {}
                0 => return Err(refused("it does not begin as one of this version".to_owned())),
                _ if line.is_empty() => {}
                _ => {
                    let line = serde_json::from_slice(line)
                        .map_err(|_| refused(format!("its line {} is of another kind", index + 1)))?;
                    past.add(line);
                }
            }
        }
        Ok(past)
    }

    fn add(&mut self, line: Line) {
        match line {
            Line::Begun {
                input,
                input_state,
                output,
                manifest,
            } => {
                if input != output {
                    self.outputs.insert(output.clone());
                }
                self.begun.insert((input, output), (input_state, manifest));
            }
            Line::Done { manifest, output_state } => {
                self.done.insert(manifest, output_state);
            }
        }
    }
}

impl Name {
    /// The name of this path; none where the working folder is gone.
    pub fn of(path: &Path) -> Option<Self> {
        let path = path::absolute(path).ok()?;
        let os: &OsStr = path.as_os_str();
        Some(match os.to_str() {
            Some(text) => Self::Text(text.to_owned()),
            None => Self::Bytes {
                hex: hex(os.as_encoded_bytes()),
            },
        })
    }
}

impl State {
    /// The state that this metadata tells.
    pub fn of(metadata: &Metadata) -> Self {
        Self::from(FileState::of(metadata))
    }
}

impl From<FileState> for State {
    fn from(state: FileState) -> Self {
        let nanoseconds = |duration: std::time::Duration| i64::try_from(duration.as_nanos()).ok();
        let modified = state.modified.and_then(|time| match time.duration_since(UNIX_EPOCH) {
            Ok(since) => nanoseconds(since),
            Err(before) => nanoseconds(before.duration()).map(|nanoseconds| -nanoseconds),
        });
        Self {
            bytes: state.bytes,
            modified,
        }
    }
}

/// Locks a journal, as long as it is open.
pub fn lock(file: &File, path: &Path) -> Result<(), Failure> {
    match files::try_lock(file) {
        Err(TryLockError::WouldBlock) => Err(Failure::new(Code::JournalInUse, format!("write {}", path.display()))),
        // Where there are no locks, nothing tells.
        _ => Ok(()),
    }
}

/// All of a journal, under its limit.
pub fn read_all(file: &File) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    match file.take(MAX_JOURNAL_BYTES).read_to_end(&mut text)? as u64 {
        MAX_JOURNAL_BYTES => Err(io::ErrorKind::FileTooLarge.into()),
        _ => Ok(text),
    }
}

/// Everything up to the last line break.
pub fn whole_lines(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with an input, an output and a journal.
    struct Place {
        folder: tempfile::TempDir,
    }

    impl Place {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("in"), "in").unwrap();
            fs::write(folder.path().join("out"), "out").unwrap();
            Self { folder }
        }

        fn at(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn open(&self) -> Result<Journal, Failure> {
            let mut journal = Journal::open(&self.at("journal"), false, false)?;
            journal.start()?;
            Ok(journal)
        }

        fn before(&self) -> Option<Before> {
            self.open().unwrap().before(&self.at("in"), &self.at("out"))
        }

        fn state(&self, name: &str) -> FileState {
            FileState::of(&fs::metadata(self.at(name)).unwrap())
        }

        fn begun(&self) {
            let journal = self.open().unwrap();
            journal
                .begun(&self.at("in"), self.state("in"), &self.at("out"), "urn:1")
                .unwrap();
        }

        fn done(&self) {
            self.open().unwrap().done(&self.at("out"), "urn:1").unwrap();
        }
    }

    #[test]
    fn what_is_done_is_known_while_nothing_changes() {
        let place = Place::new();
        assert_eq!(place.before(), None);
        place.begun();
        assert_eq!(place.before(), Some(Before::Begun("urn:1".to_owned())));
        place.done();
        assert_eq!(place.before(), Some(Before::Done("urn:1".to_owned())));
        assert!(place.open().unwrap().wrote(&place.at("out")) && !place.open().unwrap().wrote(&place.at("in")));
        fs::write(place.at("out"), "shorter or longer").unwrap();
        assert_eq!(place.before(), None);
        fs::write(place.at("out"), "out").unwrap();
        fs::write(place.at("in"), "another").unwrap();
        assert_eq!(place.before(), None);
    }

    #[test]
    fn an_output_that_is_gone_is_made_again() {
        let place = Place::new();
        place.begun();
        place.done();
        fs::remove_file(place.at("out")).unwrap();
        assert_eq!(place.before(), None);
    }

    #[test]
    fn in_place_the_picture_must_be_as_it_was_left() {
        let place = Place::new();
        let path = place.at("in");
        let journal = place.open().unwrap();
        journal.begun(&path, place.state("in"), &path, "urn:1").unwrap();
        fs::write(&path, "stamped").unwrap();
        journal.done(&path, "urn:1").unwrap();
        drop(journal);
        let journal = place.open().unwrap();
        assert_eq!(journal.before(&path, &path), Some(Before::Done("urn:1".to_owned())));
        assert!(!journal.wrote(&path));
        fs::write(&path, "a new picture").unwrap();
        assert_eq!(journal.before(&path, &path), None);
    }

    #[test]
    fn whatever_a_kill_tears_off_the_whole_lines_hold() {
        let place = Place::new();
        place.begun();
        place.done();
        let text = fs::read(place.at("journal")).unwrap();
        for len in 0..text.len() {
            fs::write(place.at("journal"), &text[..len]).unwrap();
            let journal = place.open().unwrap_or_else(|failure| panic!("{len}: {failure}"));
            journal.done(&place.at("out"), "urn:2").unwrap();
            drop(journal);
            assert!(place.open().is_ok(), "{len}");
        }
    }

    #[test]
    fn another_file_is_no_journal_and_stays() {
        let place = Place::new();
        for text in [
            "a picture",
            "a picture\n",
            "{}\n",
            "{\"journal\":\"touchmark-stamp/2\"}\n",
            "\n",
        ] {
            fs::write(place.at("journal"), text).unwrap();
            assert_eq!(place.open().unwrap_err().code(), Code::NotAJournal, "{text}");
            assert_eq!(fs::read_to_string(place.at("journal")).unwrap(), text);
        }
        fs::write(place.at("journal"), format!("{HEADER}\nnonsense\n")).unwrap();
        let failure = place.open().unwrap_err();
        assert!(failure.says().contains("line 2"), "{failure}");
    }

    #[test]
    fn one_run_at_a_time_writes_it_and_a_dry_run_does_not() {
        let place = Place::new();
        let held = place.open().unwrap();
        assert_eq!(place.open().unwrap_err().code(), Code::JournalInUse);
        drop(held);
        let before = fs::read(place.at("journal")).unwrap();
        let mut dry = Journal::open(&place.at("journal"), true, true).unwrap();
        dry.start().unwrap();
        dry.begun(&place.at("in"), place.state("in"), &place.at("out"), "urn:1")
            .unwrap();
        assert_eq!(fs::read(place.at("journal")).unwrap(), before);
        Journal::open(&place.at("new"), true, true).unwrap().start().unwrap();
        Journal::open(&place.at("new"), true, false).unwrap();
        assert!(!place.at("new").exists(), "made before it is started");
    }
}
