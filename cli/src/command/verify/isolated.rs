//! `verify` in worker processes: who is asked about which picture, and how a worker comes to know what the run is about.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Parser;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;
use time::OffsetDateTime;
use touchmark::Limits;

use super::picture::{Examining, Found};
use super::render::{Extras, Form};
use crate::args::{Cli, Command, Isolation, VerifyWorker};
use crate::config::Config;
use crate::console::hushed;
use crate::exit;
use crate::failure::{Code, Failure};
use crate::fetch::Fetcher;
use crate::files::{display_name, is_dash};
use crate::inputs::Input;
use crate::isolate::{self, Answer, Bounds, Workers};

/// The picture that a worker is to examine.
#[derive(Debug, Serialize, Deserialize)]
struct Question {
    path: OsString,
    /// Where its bytes are, if not there.
    contents: Option<OsString>,
}

/// The workers of a run: for several pictures, or where they are asked for. None where all is to be done in this process.
///
/// # Errors
/// As [`Workers::new`].
pub fn workers(args: &Isolation, pictures: usize, now: OffsetDateTime) -> Result<Option<Workers>, Failure> {
    if !args.isolate && (pictures < 2 || args.no_isolate) {
        return Ok(None);
    }
    let arguments = [
        OsString::from("verify-worker"),
        "--now".into(),
        now.unix_timestamp_nanos().to_string().into(),
        "--".into(),
    ];
    let arguments = arguments.into_iter().chain(env::args_os().skip(1)).collect();
    Workers::new(arguments, bounds(args)).map(Some)
}

/// Has a worker examine a picture: its pixels too, as far as that is within the bounds. Standard input, which is the worker's own, becomes a file before.
pub fn ask(workers: &Workers, input: &Input) -> Result<Found, Failure> {
    let kept = match is_dash(&input.path) {
        true => Some(keep_stdin(&input.path)?),
        false => None,
    };
    let question = Question {
        path: input.path.clone().into_os_string(),
        contents: kept.as_ref().map(|file| file.path().as_os_str().to_owned()),
    };
    let answer = workers.ask(&format!("examine {}", display_name(&input.path)), &question)?;
    // Where it was given up over the pixels, the report says that they are over a limit.
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
    let verifier = super::verifier(verify, &config, lists)?.with_limits(Limits {
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
        examining.find(&input, &contents, Some(part))
    })?;
    Ok(exit::DONE)
}

fn bounds(args: &Isolation) -> Bounds {
    Bounds::default().with_processor_time(args.seconds.map(u64::from))
}

/// Standard input in a temporary file, up to a byte more than a picture may have.
fn keep_stdin(path: &Path) -> Result<NamedTempFile, Failure> {
    let failed = |error: io::Error| Failure::reading(path, &error);
    let file = NamedTempFile::new().map_err(failed)?;
    let mut to: &File = file.as_file();
    io::copy(&mut io::stdin().lock().take(Limits::default().max_bytes + 1), &mut to).map_err(failed)?;
    Ok(file)
}
