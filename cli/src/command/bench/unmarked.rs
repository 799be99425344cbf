//! `bench unmarked`: looks for the watermark in many pictures that have none, so that false answers are counted.

use serde::Serialize;
use touchmark_attacks::{NoCodecs, Variant};
use touchmark_signal::watermark::Strength;

use super::survive::{Looked, Trial, Unmarked, exit_code, json, places, unmarked, workers};
use crate::args::BenchUnmarked;
use crate::batch::{self, Event};
use crate::console::{print, tell_user};
use crate::failure::{Code, Failure};

/// How often is said how far it is.
const STEPS: usize = 10;

/// The result, as it is printed as JSON.
#[derive(Debug, Serialize)]
struct Outcome {
    touchmark: &'static str,
    seed: u64,
    pictures: usize,
    #[serde(flatten)]
    unmarked: Unmarked,
    /// Which variants gave an answer.
    answered: Vec<String>,
}

pub fn run(args: &BenchUnmarked) -> Result<u8, Failure> {
    let pictures = places(args.images.as_deref())?
        .iter()
        .map(|place| place.picture())
        .collect::<Result<Vec<_>, _>>()?;
    let trial = Trial::new(Vec::new(), Strength::Default, args.seed, &NoCodecs);
    let numbers: Vec<usize> = (0..args.count as usize).collect();
    let work = |&number: &usize| -> Result<Looked, Failure> {
        let picture = &pictures[number % pictures.len()].picture;
        let variant = Variant::new(args.seed, number as u64).apply(picture, &NoCodecs);
        let variant = variant.map_err(|error| Failure::new(Code::Bug, "draw a variant").because(error))?;
        Ok(trial.look(variant, None))
    };
    let mut outcome = Outcome {
        touchmark: env!("CARGO_PKG_VERSION"),
        seed: args.seed,
        pictures: pictures.len(),
        unmarked: Unmarked::default(),
        answered: Vec::new(),
    };
    batch::run(&numbers, workers(args.jobs), work, |event| {
        if let Event::Result(number, looked) = event {
            let before = outcome.unmarked.false_answers();
            outcome.unmarked.add(looked?);
            if outcome.unmarked.false_answers() > before {
                let variant = Variant::new(args.seed, number as u64);
                let picture = &pictures[number % pictures.len()].name;
                let says = format!("variant {number}, {picture} after {}", variant.attack().name());
                tell_user(format_args!("an answer: {says}"));
                outcome.answered.push(says);
            }
            if (number + 1) % numbers.len().div_ceil(STEPS) == 0 {
                tell_user(format_args!("{} of {}", number + 1, numbers.len()));
            }
        }
        Ok(())
    })?;
    print(&match args.json {
        true => json(&outcome)?,
        false => format!(
            "{}\nseed {}, {} pictures\n",
            unmarked(&outcome.unmarked),
            outcome.seed,
            outcome.pictures
        ),
    })?;
    Ok(exit_code(outcome.unmarked.false_answers()))
}
