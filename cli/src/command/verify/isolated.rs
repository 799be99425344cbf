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

use super::asking::Asking;
use super::picture::{Examining, Found};
use super::render::{Extras, Form};
use crate::args::{Cli, Command, Isolation, Verify, VerifyWorker};
use crate::config::Config;
use crate::console::{hushed, tell_user};
use crate::exit;
use crate::failure::{Code, Failure};
use crate::fetch::Fetcher;
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

/// The workers of a run: for several pictures, for documents, or where they are asked for. None where all is to be done in
/// this process.
///
/// # Errors
/// As [`Workers::new`]; and where `--isolate` meets a file that workers cannot read too.
pub fn workers(args: &Verify, inputs: &[Input], now: OffsetDateTime) -> Result<Option<Workers>, Failure> {
    let isolation = &args.isolation;
    // A document of kilobytes can unfold to gigabytes, so that even one alone is examined elsewhere.
    let is_document = |input: &Input| {
        !is_read_once(&input.path) && format_by_content(&input.path).is_ok_and(|format| format == Some(Format::Pdf))
    };
    let few = inputs.len() < 2 && !inputs.iter().any(is_document);
    if !isolation.isolate && (few || isolation.no_isolate) {
        return Ok(None);
    }
    if let Some(path) = own_files(args).find(|path| is_read_once(path)) {
        let name = display_name(path);
        if isolation.isolate {
            let failure = Failure::new(Code::NoWorker, format!("have another process read {name}"));
            return Err(failure
                .because("it can be read once only")
                .with_next("give it as a file".to_owned()));
        }
        tell_user(format_args!(
            "note: {name} can be read once only, so all pictures are examined in this process, as with --no-isolate"
        ));
        return Ok(None);
    }
    let arguments = [
        OsString::from("verify-worker"),
        "--now".into(),
        now.unix_timestamp_nanos().to_string().into(),
        "--".into(),
    ];
    let arguments = arguments.into_iter().chain(env::args_os().skip(1)).collect();
    Workers::new(arguments, bounds(isolation)).map(Some)
}

/// Has a worker examine a picture: its pixels too, as far as that is within the bounds. What can be read once only becomes a
/// file before.
pub fn ask(workers: &Workers, input: &Input) -> Result<Found, Failure> {
    let kept = match is_read_once(&input.path) {
        true => Some(keep(&input.path)?),
        false => None,
    };
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
    let lists = hushed(|| super::trust_lists(verify, &config))?;
    let now = OffsetDateTime::from_unix_timestamp_nanos(args.now).map_err(|error| wrong(&error.to_string()))?;
    let at = verify.at.as_deref().map(super::parse_time).transpose()?.unwrap_or(now);
    let bounds = bounds(&verify.isolation);
    let verifier = super::verifier(verify, &config, lists, true)?.with_limits(Limits {
        // So that pixels which would not fit are refused before they are decoded; as much again is for looking at them.
        max_memory: bounds.memory / 2,
        ..Limits::default()
    });
    let sidecar = super::sidecar(verify)?;
    let examining = Examining {
        verifier: &verifier,
        policy: &super::policy(verify, &config)?,
        presentation: &super::presentation(&verify.presenting),
        form: Form::of(&verify.outputs),
        at,
        now,
        sidecar: sidecar.as_deref(),
        fetcher: verify.online.then(|| Fetcher::of_stores(verify.allow_private)),
        asking: verify
            .online
            .then(|| Asking::new(Fetcher::of_issuers(verify.allow_private))),
        journal: None,
        extras: Extras::none(),
    };
    isolate::serve(&bounds, |question: Question, part: &mut dyn FnMut(Found)| {
        let path = PathBuf::from(question.path);
        let contents = question.contents.map_or_else(|| path.clone(), PathBuf::from);
        let input = Input {
            place: path.clone(),
            path,
            fault: None,
        };
        let found = examining.find(&input, &contents, Some(part));
        match &found.failure {
            Some(failure) if failure.is_out_of_memory() => isolate::end_for_memory(),
            _ => found,
        }
    })?;
    Ok(exit::DONE)
}

fn bounds(args: &Isolation) -> Bounds {
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
fn is_read_once(path: &Path) -> bool {
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

fn keep(path: &Path) -> Result<Kept, Failure> {
    let bytes = files::read(path, Limits::default().max_bytes)?;
    Kept::new(&bytes).map_err(|error| {
        let what = format!("keep {} for a process of its own", display_name(path));
        let folder = env::temp_dir();
        Failure::new(Code::NoWorker, what).because(error).with_next(format!(
            "make room in {}, name another folder with TMPDIR, or examine in this process with --no-isolate",
            folder.display()
        ))
    })
}
