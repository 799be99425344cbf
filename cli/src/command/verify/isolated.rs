//! `verify` in worker processes: who is asked about which picture, and how a worker comes to know what the run is about.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Parser;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;
use time::OffsetDateTime;
use touchmark::{Format, Limits};

use super::means::Means;
use super::picture::{Contents, Examining, Found, Judging};
use crate::args::{self, Cli, Command, Verify, VerifyWorker};
use crate::config::Config;
use crate::console::{hushed, tell_user};
use crate::exit;
use crate::failure::{Code, Failure};
use crate::files::{self, display_name, is_dash};
use crate::inputs::{Input, format_by_content};
use crate::isolate::{self, Answer, Bounds, Workers};
use crate::key::{KeyReference, Source};

/// The picture that a worker is to examine.
#[derive(Debug, Serialize, Deserialize)]
struct Question {
    path: OsString,
    /// Where its bytes are, if not there.
    contents: Option<OsString>,
}

/// Where the pictures of a run are examined.
pub enum Isolation {
    /// In this process, documents too, as whoever runs it asked for.
    Off,
    /// Documents in processes of their own: one of kilobytes can unfold to gigabytes. None where a worker could not know what
    /// the run is about.
    OfDocuments(Option<Workers>),
    /// All of them in processes of their own.
    OfAll(Workers),
}

impl Isolation {
    /// What a run asks for, or gets for several pictures.
    ///
    /// # Errors
    /// As [`Workers::new`]; and where `--isolate` meets a file that workers cannot read too.
    pub fn of(args: &Verify, inputs: &[Input], now: OffsetDateTime) -> Result<Self, Failure> {
        let isolation = &args.isolation;
        if isolation.no_isolate {
            return Ok(Self::Off);
        }
        let is_of_all = isolation.isolate || inputs.len() > 1;
        if let Some(path) = own_files(args).find(|path| is_read_once(path)) {
            let name = display_name(path);
            if isolation.isolate {
                let failure = Failure::new(Code::NoWorker, format!("have another process read {name}"));
                return Err(failure
                    .because("it can be read once only")
                    .with_next("give it as a file".to_owned()));
            }
            if is_of_all {
                tell_user(format_args!(
                    "note: {name} can be read once only, so all pictures are examined in this process, as with --no-isolate"
                ));
            }
            return Ok(Self::OfDocuments(None));
        }
        let arguments = [
            OsString::from("verify-worker"),
            "--now".into(),
            now.unix_timestamp_nanos().to_string().into(),
            "--".into(),
        ];
        let arguments = arguments.into_iter().chain(env::args_os().skip(1)).collect();
        let workers = Workers::new(arguments, bounds(isolation))?;
        Ok(match is_of_all {
            true => Self::OfAll(workers),
            false => Self::OfDocuments(Some(workers)),
        })
    }
}

/// Examines a picture where the run's isolation says. What can be read once only is read here.
pub fn examine(examining: &Examining<'_>, input: &Input, isolation: &Isolation) -> Result<Found, Failure> {
    if let Some(fault) = &input.fault {
        return Err(fault.clone());
    }
    let read = match is_read_once(&input.path) {
        true => Some(files::read(&input.path, Limits::default().max_bytes)?),
        false => None,
    };
    let is_document = || {
        let format = match &read {
            Some(bytes) => Format::recognise(bytes),
            // What cannot be opened is a failure wherever it is examined.
            None => format_by_content(&input.path).ok().flatten(),
        };
        format == Some(Format::Pdf)
    };
    let workers = match isolation {
        Isolation::Off => None,
        Isolation::OfAll(workers) => Some(workers),
        Isolation::OfDocuments(workers) if is_document() => {
            let refused = |why: &str| {
                let what = format!("examine {}", display_name(&input.path));
                Failure::new(Code::DocumentHere, what).because(why)
            };
            if !examining.extras.is_empty() {
                return Err(refused(
                    "--html and --sign-report need the report itself, which stays in the worker",
                ));
            }
            let workers = workers.as_ref();
            Some(workers.ok_or_else(|| refused("an option names a file that can be read once only"))?)
        }
        Isolation::OfDocuments(_) => None,
    };
    match workers {
        Some(workers) => ask(workers, input, read),
        None => {
            let contents = read.map_or(Contents::In(&input.path), Contents::Read);
            Ok(examining.find(input, contents, None))
        }
    }
}

/// Has a worker examine a picture: its pixels too, as far as that is within the bounds. What was read becomes a file before.
fn ask(workers: &Workers, input: &Input, read: Option<Vec<u8>>) -> Result<Found, Failure> {
    let kept = read.map(|bytes| keep(&input.path, &bytes)).transpose()?;
    let question = Question {
        path: input.path.clone().into_os_string(),
        contents: kept.as_ref().map(|file| file.path().as_os_str().to_owned()),
    };
    let answer = workers.ask(&format!("examine {}", display_name(&input.path)), &question)?;
    // Where a bound was not kept over the pixels, the report says that they are over a limit.
    Ok(match answer {
        Answer::Whole(found) | Answer::Part(found) => found,
    })
}

/// Answers questions about pictures, as the run whose command line these are would itself.
pub fn serve(args: &VerifyWorker) -> Result<u8, Failure> {
    let wrong = |why: &str| Failure::new(Code::Bug, "work in a process of its own").because(why);
    let line = [OsString::from("touchmark")]
        .into_iter()
        .chain(args.arguments.iter().cloned());
    let cli = Cli::try_parse_from(line).map_err(|error| wrong(&error.to_string()))?;
    let Command::Verify(verify) = &cli.command else {
        return Err(wrong("its command line is not one of `verify`"));
    };
    let config = Config::load(cli.data_dir.as_deref())?;
    let means = hushed(|| Means::read(verify, &config))?;
    let now = OffsetDateTime::from_unix_timestamp_nanos(args.now).map_err(|error| wrong(&error.to_string()))?;
    let judging = Judging {
        policy: super::policy(verify, &config)?,
        at: super::judged_at(verify)?.unwrap_or(now),
        now,
    };
    let bounds = bounds(&verify.isolation);
    let verifier = means.verifier(verify, true)?.with_limits(Limits {
        // So that pixels which would not fit are refused before they are decoded; as much again is for looking at them.
        max_memory: bounds.memory / 2,
        ..Limits::default()
    });
    let examining = Examining::new(verify, verifier, means.sidecar, judging);
    isolate::serve(&bounds, |question: Question, part: &mut dyn FnMut(Found)| {
        let path = PathBuf::from(question.path);
        let contents = question.contents.map_or_else(|| path.clone(), PathBuf::from);
        let input = Input {
            place: path.clone(),
            path,
            fault: None,
        };
        let found = examining.find(&input, Contents::In(&contents), Some(part));
        match &found.failure {
            Some(failure) if failure.is_out_of_memory() => isolate::end_for_memory(),
            _ => found,
        }
    })?;
    Ok(exit::DONE)
}

fn bounds(args: &args::Isolation) -> Bounds {
    Bounds::default().with_processor_time(args.seconds.map(u64::from))
}

/// The files that a run reads besides its pictures, and each worker again.
fn own_files(args: &Verify) -> impl Iterator<Item = &Path> {
    let key = args.watermark.watermark_key.as_ref().and_then(KeyReference::source);
    let key = key.and_then(|source| match source {
        Source::File(path) => Some(path),
        _ => None,
    });
    let given = args.trust.iter().chain(&args.sidecar).chain(&args.issuers.issuers);
    given.map(PathBuf::as_path).chain(key)
}

/// Whether a file is another one to a worker, or empty, once it was read here: standard input, a pipe, a descriptor.
pub fn is_read_once(path: &Path) -> bool {
    is_dash(path)
        || ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder))
        || fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Such a picture in a temporary file.
enum Kept {
    /// Without a name, so that nothing is left of it however this process ends; reached through this process.
    #[cfg(target_os = "linux")]
    Nameless { path: PathBuf, _file: fs::File },
    /// Where the system has no such way.
    Named(NamedTempFile),
}

impl Kept {
    fn new(bytes: &[u8]) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        {
            use std::os::fd::AsRawFd;
            let mut file = tempfile::tempfile()?;
            let path = PathBuf::from(format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd()));
            if path.exists() {
                file.write_all(bytes)?;
                return Ok(Self::Nameless { path, _file: file });
            }
        }
        let mut file = NamedTempFile::new()?;
        file.write_all(bytes)?;
        Ok(Self::Named(file))
    }

    fn path(&self) -> &Path {
        match self {
            #[cfg(target_os = "linux")]
            Self::Nameless { path, .. } => path,
            Self::Named(file) => file.path(),
        }
    }
}

fn keep(path: &Path, bytes: &[u8]) -> Result<Kept, Failure> {
    Kept::new(bytes).map_err(|error| {
        let what = format!("keep {} for a process of its own", display_name(path));
        let folder = env::temp_dir();
        Failure::new(Code::NoWorker, what).because(error).with_next(format!(
            "make room in {}, name another folder with TMPDIR, or examine in this process with --no-isolate",
            folder.display()
        ))
    })
}
