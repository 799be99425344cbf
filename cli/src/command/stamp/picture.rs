//! Stamps one picture: one input to one output, or nothing at all.

use std::fs;
use std::io::{self, Cursor, Seek, Write};
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use touchmark::{Error, Limits, Order, ParentCredentials, Record, Stamper};

use super::notes;
use crate::draft::{self, Draft, Original, WriteOptions, folder_of};
use crate::failure::Failure;
use crate::files::{self, FileState, Source, display_name};
use crate::journal::{Before, Journal};
use crate::origin::Origin;
use crate::outputs::{Job, Output};
use crate::rim;

/// What is the same for all pictures of a run. Share it between threads.
#[derive(Debug)]
pub struct Stamping<'a> {
    pub stamper: &'a Stamper,
    pub order: &'a Order<'a>,
    pub origin: &'a Origin,
    /// Whether existing outputs are replaced.
    pub replace: bool,
    /// Whether to wait for the disk.
    pub sync: bool,
    /// Whether everything is done but writing.
    pub dry_run: bool,
    pub journal: Option<&'a Journal>,
}

/// What became of a picture.
#[derive(Debug)]
pub enum Outcome {
    Stamped(Done),
    /// In a dry run; its manifest is nobody's.
    WouldStamp(Done),
    /// In an earlier run, under this manifest.
    StampedBefore(String),
    Failed(Failure),
}

/// A picture that was stamped.
#[derive(Debug)]
pub struct Done {
    pub record: Record,
    /// What was found of the picture it was made from.
    pub parent: Option<ParentCredentials>,
    /// What its maker should know, as lines.
    pub notes: Vec<String>,
    /// The folder that was written to, for making its names durable.
    pub folder: Option<PathBuf>,
}

impl Stamping<'_> {
    /// Stamps a picture. Whatever goes wrong concerns this picture alone.
    pub fn stamp(&self, job: &Job) -> Outcome {
        rim::caught(|| self.attempt(job)).unwrap_or_else(Outcome::Failed)
    }

    fn attempt(&self, job: &Job) -> Result<Outcome, Failure> {
        if let Some(fault) = &job.fault {
            return Err(fault.clone());
        }
        if let Some(manifest) = self.stamped_before(job)? {
            return Ok(Outcome::StampedBefore(manifest));
        }
        let source = Source::open(&job.input)?;
        if self.dry_run {
            self.check_output(&job.output)?;
            return self.fill(&source, job, &mut io::empty()).map(Outcome::WouldStamp);
        }
        match job.output.file() {
            Some(path) => self.to_file(source, job, path),
            None => self.to_stream(source, job),
        }
        .map(Outcome::Stamped)
    }

    /// The picture gets its name once it is whole, and the journal has it before and after.
    fn to_file(&self, source: Source<'_>, job: &Job, path: &Path) -> Result<Done, Failure> {
        let state = source.state();
        if let Output::InPlace { .. } = job.output {
            source.lock()?;
        }
        let mut draft = self.draft(&job.output, path)?;
        let mut done = self.fill(&source, job, draft.file())?;
        if let (Some(journal), Some(state)) = (self.journal, state) {
            journal.begun(&job.input, state, path, &done.record.manifest)?;
        }
        // The lock is held until the picture is replaced; but Windows replaces no file that is open.
        let held = (!cfg!(windows)).then_some(source);
        done.folder = Some(release(draft, &job.output, state)?);
        drop(held);
        if let Some(journal) = self.journal
            && let Err(failure) = journal.done(path, &done.record.manifest)
        {
            // The next run finds the manifest in the output.
            done.notes.push(format!("warning: {}", failure.says()));
        }
        Ok(done)
    }

    fn to_stream(&self, source: Source<'_>, job: &Job) -> Result<Done, Failure> {
        let mut bytes = Cursor::new(Vec::new());
        let done = self.fill(&source, job, &mut bytes)?;
        let bytes = bytes.into_inner();
        match &job.output {
            Output::Stream(path) => files::write_stream(path, &bytes)?,
            _ => files::write_stdout(&bytes)?,
        }
        Ok(done)
    }

    /// The one place where a picture is read, stamped and written: into a draft that nobody sees.
    fn fill(&self, source: &Source<'_>, job: &Job, target: &mut (impl Write + Seek)) -> Result<Done, Failure> {
        let now = OffsetDateTime::now_utc();
        let stamped = match (self.origin, source.regular()) {
            // A large picture is never in memory as a whole.
            (Origin::Created, Some(file)) => self
                .stamper
                .stamp_file(file, target, self.order, now)
                .map(|record| (record, None)),
            (origin, _) => {
                let bytes = source.read(Limits::default().max_bytes)?;
                origin
                    .stamp(self.stamper, &bytes, self.order, now)
                    .and_then(|(stamped, parent)| {
                        target.write_all(stamped.bytes()).map_err(Error::Write)?;
                        Ok((stamped.record().clone(), parent))
                    })
            }
        };
        let (record, parent) = stamped.map_err(|error| match error {
            Error::Read(error) => Failure::reading(&job.input, &error),
            Error::Write(error) => Failure::writing(job.output.file().unwrap_or(&job.input), &error),
            error => Failure::of_touchmark(format!("stamp {}", display_name(&job.input)), &error),
        })?;
        let mut notes = parent
            .as_ref()
            .map(|parent| self.origin.notes(parent))
            .unwrap_or_default();
        notes.extend(notes::of(&record, &job.input));
        notes.extend(other_extension(&job.output, record.format));
        Ok(Done {
            record,
            parent,
            notes,
            folder: None,
        })
    }

    fn draft(&self, output: &Output, path: &Path) -> Result<Draft, Failure> {
        if let Output::InFolder(path) = output {
            let folder = folder_of(path);
            fs::create_dir_all(folder).map_err(|error| Failure::writing(folder, &error))?;
        }
        let options = WriteOptions {
            replace: self.replaces(output),
            sync: self.sync,
            private: false,
        };
        Draft::new(path, options)
    }

    /// Whether the output could be written, as far as can be told without writing.
    fn check_output(&self, output: &Output) -> Result<(), Failure> {
        match output {
            Output::Stdout => files::check_stdout(),
            Output::Stream(_) => Ok(()),
            Output::InFolder(path) if !folder_of(path).exists() => {
                let above = path.ancestors().skip(1).find(|above| above.exists());
                match above.is_none_or(|above| above.is_dir()) {
                    true => Ok(()),
                    false => Err(Failure::writing(folder_of(path), &io::ErrorKind::NotADirectory.into())),
                }
            }
            Output::File(path) | Output::InFolder(path) => draft::target(path, self.replaces(output)).map(drop),
            Output::InPlace { path, backup } => {
                let target = draft::target(path, true)?;
                backup
                    .as_ref()
                    .map_or(Ok(()), |backup| draft::check_backup(&target, backup))
            }
        }
    }

    fn replaces(&self, output: &Output) -> bool {
        self.replace || matches!(output, Output::InPlace { .. })
    }

    /// The manifest of an earlier run, where the journal has one and the output still carries it.
    fn stamped_before(&self, job: &Job) -> Result<Option<String>, Failure> {
        let Some((journal, path)) = self.journal.zip(job.output.file()) else {
            return Ok(None);
        };
        Ok(match journal.before(&job.input, path) {
            Some(Before::Done(manifest)) => Some(manifest),
            // The run was killed between the picture's name and the journal's line.
            Some(Before::Begun(manifest)) if carries(path, &manifest)? => {
                journal.done(path, &manifest)?;
                Some(manifest)
            }
            _ => None,
        })
    }
}

fn release(draft: Draft, output: &Output, state: Option<FileState>) -> Result<PathBuf, Failure> {
    match (output, state) {
        (Output::InPlace { backup, .. }, Some(state)) => draft.release_over(Original {
            state,
            backup: backup.as_deref(),
        }),
        _ => draft.release(),
    }
}

/// Whether a file carries the manifest of this URN. No other file does: its name is random, and nobody else knows it.
fn carries(path: &Path, manifest: &str) -> Result<bool, Failure> {
    let bytes = files::read(path, u64::MAX)?;
    Ok(bytes
        .windows(manifest.len())
        .any(|window| window == manifest.as_bytes()))
}

/// A warning where the output's name says another format.
fn other_extension(output: &Output, format: touchmark::Format) -> Option<String> {
    let given = output.file()?.extension()?.to_string_lossy().to_ascii_lowercase();
    (!format.extensions().contains(&given.as_str())).then(|| {
        format!(
            "warning: {} holds {}, though its name ends in .{}",
            output.name(),
            format.name(),
            touchmark::report::visible(&given)
        )
    })
}
