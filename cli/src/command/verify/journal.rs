//! The journal of `verify --resume`: JSON lines that are only ever added to, one for each file that was told of.
//!
//! A line is written after its file was told of: what is killed in between is told of again, never left out.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::render::Form;
use super::summary::Counted;
use crate::args::Require;
use crate::failure::{Code, Failure};
use crate::files::is_dash;
use crate::inputs::Input;
use crate::journal::{Name, State, lock, read_all, whole_lines};

/// The first line: what the run was about, so that no other goes on with it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    journal: String,
    require: String,
    refuse_ai: bool,
    form: String,
    /// A digest of whatever else decides what is said of a picture.
    settings: String,
}

/// One file.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    file: Name,
    #[serde(flatten)]
    seen: Seen,
    #[serde(flatten)]
    counted: Counted,
}

/// A picture, and the file beside it that its record may be in, as they were before they were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    beside: Option<State>,
}

impl Seen {
    /// As they are now; `None` where there is no such picture.
    pub fn of(picture: &Path, beside: Option<&Path>) -> Option<Self> {
        let state = |path: &Path| fs::metadata(path).ok().map(|metadata| State::of(&metadata));
        Some(Self {
            state: state(picture)?,
            beside: beside.and_then(state),
        })
    }
}

/// A journal, open for adding to it.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    past: Past,
    /// Whether no run before this one wrote it.
    fresh: bool,
}

/// What earlier runs examined.
#[derive(Debug, Default)]
pub struct Past {
    files: HashMap<Name, (Seen, Counted)>,
}

impl Header {
    /// Of a run with this policy and form, and settings of this digest.
    pub fn new(require: Require, refuse_ai: bool, form: Form, settings: String) -> Self {
        Self {
            journal: "touchmark-verify/1".to_owned(),
            require: require.word().to_owned(),
            refuse_ai,
            form: form.word().to_owned(),
            settings,
        }
    }

    /// How that of a journal is another one, in words.
    fn differs(&self, found: &Self) -> &'static str {
        match (
            found.require == self.require && found.refuse_ai == self.refuse_ai,
            found.form == self.form,
        ) {
            (false, _) => "it was begun with another policy",
            (_, false) => "it was begun with another form of output",
            _ => "it was begun with other trust lists, keys or options",
        }
    }
}

impl Journal {
    /// Opens or makes the journal of such a run.
    ///
    /// # Errors
    /// [`Code::NotAVerifyJournal`] where the file holds anything else, or was begun under another header;
    /// [`Code::JournalInUse`] where another run writes it.
    pub fn open(path: &Path, header: &Header) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::writing(path, &error);
        let opened = OpenOptions::new().read(true).append(true).create(true).open(path);
        let mut file = opened.map_err(failed)?;
        lock(&file, path)?;
        let text = read_all(&file).map_err(|error| Failure::reading(path, &error))?;
        let whole = whole_lines(&text);
        let first = header_line(header)?;
        let fresh = whole.is_empty();
        // What a kill tore off a first line is one as well; any other file stays as it is.
        if fresh && !first.as_bytes().starts_with(&text) {
            return Err(refused(path, "it does not begin as one"));
        }
        let past = if fresh {
            Past::default()
        } else {
            Past::read(path, whole, header)?
        };
        file.set_len(whole.len() as u64).map_err(failed)?;
        if fresh {
            file.write_all(first.as_bytes()).map_err(failed)?;
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            past,
            fresh,
        })
    }

    /// What earlier runs examined.
    pub fn past(&self) -> &Past {
        &self.past
    }

    /// Whether earlier runs wrote the head of their output. What `written`, the last byte of the file that the output goes on
    /// in, does not show may have been lost with whatever was to take it, unless files were told of after it.
    pub fn has_head(&self, written: Option<u8>) -> bool {
        !self.fresh && (written.is_some() || !self.past.files.is_empty())
    }

    /// Notes that a file was told of. Standard input, and what could not be examined, is examined again.
    pub fn examined(&self, input: &Input, seen: Option<Seen>, counted: &Counted) -> Result<(), Failure> {
        let (Some(name), Some(seen)) = (Name::of(&input.path), seen) else {
            return Ok(());
        };
        if is_dash(&input.path) || counted.is_failure() {
            return Ok(());
        }
        let line = Line {
            file: name,
            seen,
            counted: counted.clone(),
        };
        let mut text = serde_json::to_vec(&line)
            .map_err(|error| Failure::new(Code::Library, "write the journal").because(error))?;
        text.push(b'\n');
        let mut file = &self.file;
        file.write_all(&text)
            .map_err(|error| Failure::writing(&self.path, &error))
    }
}

impl Past {
    /// What an earlier run found of this file, where neither it nor what lies beside it has changed since.
    pub fn examined(&self, path: &Path, seen: Option<Seen>) -> Option<Counted> {
        let (then, counted) = self.files.get(&Name::of(path)?)?;
        (seen? == *then).then(|| counted.clone())
    }

    fn read(path: &Path, whole: &[u8], header: &Header) -> Result<Self, Failure> {
        let mut past = Self::default();
        for (index, line) in whole.split(|byte| *byte == b'\n').enumerate() {
            match index {
                0 => match serde_json::from_slice::<Header>(line) {
                    Ok(found) if found == *header => {}
                    Ok(found) if found.journal == header.journal => {
                        return Err(refused(path, header.differs(&found)));
                    }
                    _ => return Err(refused(path, "it does not begin as one of this version")),
                },
                _ if line.is_empty() => {}
                _ => {
                    let line: Line = serde_json::from_slice(line)
                        .map_err(|_| refused(path, &format!("its line {} is of another kind", index + 1)))?;
                    past.files.insert(line.file, (line.seen, line.counted));
                }
            }
        }
        Ok(past)
    }
}

fn header_line(header: &Header) -> Result<String, Failure> {
    let line = serde_json::to_string(header)
        .map_err(|error| Failure::new(Code::Library, "write the journal").because(error))?;
    Ok(format!("{line}\n"))
}

fn refused(path: &Path, why: &str) -> Failure {
    Failure::new(Code::NotAVerifyJournal, format!("use {} as a journal", path.display())).because(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(refuse_ai: bool, settings: &str) -> Header {
        Header::new(Require::Trusted, refuse_ai, Form::Json, settings.to_owned())
    }

    fn open(path: &Path) -> Result<Journal, Failure> {
        Journal::open(path, &header(false, "settings"))
    }

    #[test]
    fn what_was_examined_is_known_while_it_does_not_change() {
        let folder = tempfile::tempdir().unwrap();
        let (journal, picture) = (folder.path().join("journal"), folder.path().join("a.png"));
        fs::write(&picture, "a picture").unwrap();
        let beside = folder.path().join("a.png.c2pa");
        let seen = |beside| Seen::of(&picture, beside);
        let input = Input {
            path: picture.clone(),
            place: PathBuf::from("a.png"),
            fault: None,
        };
        let counted = Counted::found(13);
        {
            let opened = open(&journal).unwrap();
            assert!(!opened.has_head(Some(b'\n')));
            assert_eq!(open(&journal).unwrap_err().code(), Code::JournalInUse);
            drop(opened);
            let opened = open(&journal).unwrap();
            assert!(!opened.has_head(None) && opened.has_head(Some(b'\n')));
            opened.examined(&input, seen(None), &counted).unwrap();
            opened
                .examined(&input, seen(None), &Counted::failed(Code::Damaged))
                .unwrap();
        }
        let opened = open(&journal).unwrap();
        assert!(opened.has_head(None));
        assert_eq!(opened.past().examined(&picture, seen(None)), Some(counted));
        fs::write(&beside, "a record").unwrap();
        assert_eq!(opened.past().examined(&picture, seen(Some(&beside))), None);
        fs::write(&picture, "another picture").unwrap();
        assert_eq!(opened.past().examined(&picture, seen(None)), None);
    }

    #[test]
    fn another_file_and_another_policy_are_refused_and_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        for text in ["a picture", "{}\n", "{\"journal\":\"touchmark-stamp/1\"}\n"] {
            fs::write(&path, text).unwrap();
            assert_eq!(open(&path).unwrap_err().code(), Code::NotAVerifyJournal, "{text}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        fs::remove_file(&path).unwrap();
        drop(open(&path).unwrap());
        for (other, why) in [
            (header(true, "settings"), "another policy"),
            (header(false, "others"), "trust lists, keys or options"),
        ] {
            let failure = Journal::open(&path, &other).unwrap_err();
            assert!(failure.says().contains(why), "{failure}");
        }
        let first = fs::read_to_string(&path).unwrap();
        assert!(first.contains(r#""require":"trusted""#), "{first}");
    }

    #[test]
    fn whatever_a_kill_tears_off_the_whole_lines_hold() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        drop(open(&path).unwrap());
        let text = fs::read(&path).unwrap();
        for len in 0..=text.len() {
            fs::write(&path, &text[..len]).unwrap();
            drop(open(&path).unwrap_or_else(|failure| panic!("{len}: {failure}")));
            assert_eq!(fs::read(&path).unwrap(), text, "{len}");
        }
    }
}
