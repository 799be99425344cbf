//! Where each stamped picture goes, decided for all inputs before anything is written, and refused where two would meet.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::args::StampOutputs;
use crate::failure::{Code, Failure};
use crate::files::{self, display_name, is_dash};
use crate::inputs::{Input, format_by_content};
use crate::places::{Place, Places};

/// One picture of the batch.
#[derive(Debug)]
pub struct Job {
    pub input: PathBuf,
    pub output: Output,
    /// Why there is nothing to stamp.
    pub fault: Option<Failure>,
}

/// Where a stamped picture goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    Stdout,
    /// A device or a pipe.
    Stream(PathBuf),
    File(PathBuf),
    /// A file whose folder is made where there is none.
    InFolder(PathBuf),
    /// The input itself, which may be kept under another name.
    InPlace {
        path: PathBuf,
        backup: Option<PathBuf>,
    },
}

impl Output {
    /// The file that it is, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Stdout | Self::Stream(_) => None,
            Self::File(path) | Self::InFolder(path) | Self::InPlace { path, .. } => Some(path),
        }
    }

    /// Its name as messages show it.
    pub fn name(&self) -> String {
        match self {
            Self::Stdout => "standard output".to_owned(),
            Self::Stream(path) | Self::File(path) | Self::InFolder(path) | Self::InPlace { path, .. } => {
                display_name(path)
            }
        }
    }
}

/// Gives each input its output.
///
/// # Errors
/// [`Code::OneOutput`], [`Code::Nameless`], and, naming every one, [`Code::SameOutput`] where outputs of two inputs would
/// be one file and [`Code::InputOverwritten`] where an output would be an input.
pub fn plan(args: &StampOutputs, inputs: Vec<Input>) -> Result<Vec<Job>, Failure> {
    if args.output.is_some() && inputs.len() > 1 {
        return Err(Failure::new(Code::OneOutput, "stamp several pictures into one file"));
    }
    if let Some(input) = inputs.iter().find(|input| is_dash(&input.path)) {
        refuse_stdin(args, input, inputs.len())?;
    }
    let jobs: Vec<Job> = inputs
        .into_iter()
        .map(|input| Job {
            output: output(args, &input),
            input: input.path,
            fault: input.fault,
        })
        .collect();
    refuse_collisions(&jobs)?;
    Ok(jobs)
}

fn refuse_stdin(args: &StampOutputs, input: &Input, inputs: usize) -> Result<(), Failure> {
    if inputs > 1 {
        let what = "stamp standard input together with other pictures";
        return Err(Failure::new(Code::OneOutput, what));
    }
    if args.in_place || args.dir.is_some() {
        return Err(Failure::new(
            Code::Nameless,
            format!("stamp {}", display_name(&input.path)),
        ));
    }
    Ok(())
}

fn output(args: &StampOutputs, input: &Input) -> Output {
    if let Some(path) = &args.output {
        return match is_dash(path) {
            true => Output::Stdout,
            false if files::is_stream(path) => Output::Stream(path.clone()),
            false => Output::File(path.clone()),
        };
    }
    if is_dash(&input.path) {
        return Output::Stdout;
    }
    if let Some(folder) = &args.dir {
        return Output::InFolder(folder.join(&input.place));
    }
    if args.in_place {
        return Output::InPlace {
            path: input.path.clone(),
            backup: args.backup.then(|| backup(&input.path)),
        };
    }
    let extension = match input.path.extension() {
        Some(_) => None,
        None => extension_by_content(&input.path),
    };
    Output::File(files::stamped_name(&input.path, extension))
}

/// A link stays a link; what it leads to is replaced, and kept beside itself.
fn backup(path: &Path) -> PathBuf {
    match fs::canonicalize(path) {
        Ok(target) if path.is_symlink() => files::backup_name(&target),
        _ => files::backup_name(path),
    }
}

/// What fits a file without an extension. A pipe is not looked into: what is read of it is gone.
fn extension_by_content(path: &Path) -> Option<&'static str> {
    let format = match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => format_by_content(path).ok().flatten(),
        _ => None,
    };
    format.and_then(|format| format.extensions().first().copied())
}

fn refuse_collisions(jobs: &[Job]) -> Result<(), Failure> {
    let mut places = Places::default();
    let mut inputs: HashSet<Place> = HashSet::new();
    // The first of each place, then all that want it too.
    let mut wanted: HashMap<Place, Vec<&Job>> = HashMap::new();
    let mut order = Vec::new();
    for job in jobs.iter().filter(|job| job.fault.is_none()) {
        if !is_dash(&job.input) {
            inputs.insert(places.of(&job.input));
        }
        if let Some(path) = job.output.file() {
            let place = places.of(path);
            let jobs = wanted.entry(place.clone()).or_default();
            if jobs.is_empty() {
                order.push((place, job));
            }
            jobs.push(job);
        }
    }
    refuse(Code::SameOutput, "find a file of its own for each picture", {
        order.iter().filter_map(|(place, first)| {
            let jobs = wanted.get(place).filter(|jobs| jobs.len() > 1)?;
            let names: Vec<_> = jobs.iter().map(|job| display_name(&job.input)).collect();
            Some(format!("{}: from {}", first.output.name(), names.join(", ")))
        })
    })?;
    refuse(Code::InputOverwritten, "leave the pictures as they are", {
        order
            .iter()
            .filter(|(place, job)| inputs.contains(place) && !matches!(job.output, Output::InPlace { .. }))
            .map(|(_, job)| format!("{}: from {}", job.output.name(), display_name(&job.input)))
    })
}

/// Refuses the plan where there is anything to list.
fn refuse(code: Code, what: &str, list: impl Iterator<Item = String>) -> Result<(), Failure> {
    let list: Vec<_> = list.collect();
    match list.is_empty() {
        true => Ok(()),
        false => Err(Failure::new(code, what).with_list(list)),
    }
}
