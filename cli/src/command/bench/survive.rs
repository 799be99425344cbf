//! `bench survive`: what is left of the watermark after attacks, and what it costs a picture.

mod chart;
mod codecs;
mod gallery;
mod outcome;
mod table;
mod trial;

use std::thread;

use serde::Serialize;
use touchmark_attacks::Attack;

use crate::args::BenchSurvive;
use crate::batch::{self, Event};
use crate::console::{print, tell_user};
use crate::draft::WriteOptions;
use crate::exit;
use crate::failure::{Code, Failure};
use crate::files;

pub use codecs::{Programs, png};
pub use gallery::{Place, places};
pub use outcome::Unmarked;
pub use table::unmarked;
pub use trial::{Looked, Trial};

pub fn run(args: &BenchSurvive) -> Result<u8, Failure> {
    let attacks: Vec<&Attack> = match args.attacks.is_empty() {
        true => Attack::ALL.iter().collect(),
        false => args.attacks.clone(),
    };
    // What cannot be written is told before the work, not after it.
    let options = WriteOptions {
        replace: args.force,
        sync: true,
        private: false,
    };
    let svg = args
        .svg
        .as_deref()
        .map(|path| files::Prepared::open(path, options))
        .transpose()?;
    let places = places(args.images.as_deref())?;
    let programs = Programs::find(std::env::var_os("PATH").as_deref());
    let trial = Trial::new(attacks.clone(), args.strength.into(), args.seed, &programs);
    let jobs: Vec<(usize, Place)> = places.into_iter().enumerate().collect();
    let mut courses = Vec::with_capacity(jobs.len());
    let work = |(number, place): &(usize, Place)| place.picture().map(|named| trial.run(*number, &named));
    batch::run(&jobs, workers(args.jobs), work, |event| {
        if let Event::Result(number, course) = event {
            let course = course?;
            tell_user(format_args!("{} of {}: {}", number + 1, jobs.len(), course.picture));
            courses.push(course);
        }
        Ok(())
    })?;
    let outcome = outcome::Outcome::new(args.seed, args.strength.name().to_owned(), &attacks, courses);
    if let Some(file) = svg {
        let drawn = chart::chart(&outcome).ok_or_else(|| Failure::new(Code::Bug, "draw the chart"))?;
        file.write(drawn.as_bytes())?;
    }
    print(&match args.json {
        true => json(&outcome)?,
        false => table::table(&outcome),
    })?;
    Ok(exit_code(outcome.false_answers()))
}

/// Pictures that are worked on at once: as many as asked for, else one a core.
pub fn workers(asked: Option<u16>) -> usize {
    asked.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from)
}

/// What is lost is a result; an answer that should not have been given is a fault.
pub fn exit_code(false_answers: usize) -> u8 {
    match false_answers {
        0 => exit::DONE,
        _ => exit::SOME_NOT_MET,
    }
}

/// As JSON, for people too.
pub fn json(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::new(Code::Bug, "write the result as JSON").because(error))?;
    Ok(text + "\n")
}
