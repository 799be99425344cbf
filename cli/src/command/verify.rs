//! `verify`: says what is known about pictures, and exits with a code that scripts can act on.
//!
//! Pictures are examined side by side, and told of in the order of the inputs. Reports on a file are made by the
//! library; here they are fetched for, put, printed and counted.

mod asking;
mod beside;
mod isolated;
mod journal;
mod means;
mod near_duplicates;
mod picture;
mod render;
mod signed;
mod summary;

use std::thread;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use touchmark::Policy;
use touchmark::report::{Language, Presentation, help_says};

use crate::args::{Refuse, Require, Verify};
use crate::batch::{self, Event};
use crate::config::{Config, Key};
use crate::console::{Delivery, deliver, last_byte_of_output, tell_user};
use crate::exit;
use crate::failure::{Code, Failure};
use crate::files::{self, display_name};
use crate::inputs::{self, Input, Inputs, Task, Wanted};
use crate::lists;
use crate::locale;
use crate::progress::Progress;
use isolated::Isolation;
use journal::{Header, Journal};
use means::Means;
use near_duplicates::NearDuplicates;
use picture::{Examining, Judging};
use render::Form;
use summary::Summary;

pub use isolated::serve;

pub fn run(args: &Verify, config: &Config) -> Result<u8, Failure> {
    let now = OffsetDateTime::now_utc();
    let given_at = judged_at(args)?;
    let judging = Judging {
        policy: policy(args, config)?,
        at: given_at.unwrap_or(now),
        now,
    };
    let presentation = presentation(args);
    tell_if_unwritten(presentation.language);
    let found = find(args)?;
    let alone = one_picture(args, &found.inputs)?;
    let means = Means::read(args, config)?;
    if let (Some(report), Some(input)) = (&args.report, alone) {
        let checking = signed::Checking {
            report,
            lists: &means.lists,
            judging,
            language: presentation.language,
            json: args.outputs.json,
        };
        return signed::check(&checking, input);
    }
    let form = Form::of(&args.outputs);
    let extras = render::Extras::prepare(args, config, now)?;
    let journal = match &args.inputs.resume {
        Some(path) => {
            let header = Header::new(
                required(args, config)?,
                judging.policy.refuse_ai,
                form,
                means.digest(args, given_at),
            );
            Some(Journal::open(path, &header)?)
        }
        None => None,
    };
    let examining = Examining {
        journal: journal.as_ref().map(Journal::past),
        extras,
        ..Examining::new(args, means.verifier(args, false)?, means.sidecar, judging)
    };
    let written = journal.as_ref().and_then(|_| last_byte_of_output());
    let has_head = journal.as_ref().is_some_and(|journal| journal.has_head(written));
    let mut summary = Summary::new(found.inputs.len(), found.passed_over);
    let mut alike = (!args.no_pixels).then(NearDuplicates::default);
    // As far as names are shown; in `--csv` the number of the input stands for one that is not.
    let name = |index: usize| match presentation.redact_names {
        true => None,
        false => found.inputs.get(index).map(|input| display_name(&input.path)),
    };
    let mut told = 0;
    let mut opening = String::new();
    if written.is_some_and(|last| last != b'\n') {
        // A full disk tore off the last line; it is told of again, on a line of its own.
        opening.push('\n');
    }
    if !has_head && let Some(head) = form.head()? {
        opening.push_str(&head);
    }
    if deliver(&opening)? == Delivery::ReaderGone {
        return Ok(exit::FAILED);
    }
    let mut progress = Progress::new(args.inputs.progress, found.inputs.len());
    let isolation = Isolation::of(args, &found.inputs, now)?;
    let work = |input: &Input| examining.examine(input, &isolation);
    let worked = batch::run(&found.inputs, workers(args), work, |event| match event {
        Event::Done => {
            progress.advance();
            Ok(())
        }
        Event::Result(index, done) => {
            let Some(input) = found.inputs.get(index) else {
                return Ok(());
            };
            if let Some(failure) = &done.found.failure {
                progress.around(|| {
                    match presentation.redact_names {
                        true => tell_user(failure.without_names(format!("examine input {}", index + 1))),
                        false => tell_user(failure),
                    }
                    // Who sees herself in it has no report that would begin with help.
                    if found.inputs.len() == 1 && form == Form::Text {
                        let says = help_says(presentation.language);
                        tell_user(format_args!("{} {}", says.lead, says.command));
                    }
                });
            }
            let counted = &done.found.counted;
            let mut delivery = Delivery::Done;
            let earlier = alike.as_mut().and_then(|alike| alike.add(index, counted, done.before));
            if let Some(text) = &done.found.text {
                let earlier = earlier.map(|earlier| name(earlier).unwrap_or_else(|| (earlier + 1).to_string()));
                let text = form.with_near_duplicate(text, earlier)?;
                let between = if told > 0 { form.between() } else { "" };
                told += 1;
                delivery = progress.around(|| deliver(&format!("{between}{text}")))?;
            }
            summary.count(counted, done.before);
            match (delivery, journal.as_ref().filter(|_| !done.before)) {
                // The last one counts where a journal would leave it out.
                (Delivery::ReaderGone, journal) if journal.is_some() || index + 1 < found.inputs.len() => {
                    Err(Ended::ReaderGone)
                }
                (Delivery::Done, Some(journal)) => Ok(journal.examined(input, done.seen, counted)?),
                _ => Ok(()),
            }
        }
    });
    progress.end();
    match worked {
        Ok(()) => {}
        Err(Ended::Failed(failure)) => return Err(failure),
        // Whoever reads a part asked for no more, and is told no more.
        Err(Ended::ReaderGone) => return Ok(exit::FAILED),
    }
    summary.tell();
    if let Some(alike) = &alike {
        alike.tell();
    }
    if let Some(path) = &args.outputs.summary {
        let alike = alike.as_ref().map(|alike| alike.written(name));
        files::write_text(&summary.to_json(now, alike)?, Some(path), args.outputs.force)?;
    }
    Ok(summary.exit_code())
}

/// Why a run ended before its last picture.
enum Ended {
    Failed(Failure),
    ReaderGone,
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Says so where a language has no words yet: nobody is to think that it was misread.
pub fn tell_if_unwritten(language: Language) {
    if !language.is_written() {
        let spoken = language.spoken();
        tell_user(format_args!(
            "note: touchmark has no words in {} ({}) yet; this is in {}",
            language.autonym(),
            language.tag(),
            spoken.autonym()
        ));
    }
}

/// What is to be examined; where there is nothing, that is no success.
fn find(args: &Verify) -> Result<Inputs, Failure> {
    let found = inputs::find(Wanted {
        names: &args.inputs.images,
        list: args.inputs.files_from.as_deref(),
        null: args.inputs.null,
        recursive: args.inputs.recursive,
        except: None,
        task: Task::Verifying,
    })?;
    if !found.inputs.is_empty() {
        return Ok(found);
    }
    Err(
        Failure::new(Code::NothingToExamine, "find a file to examine").because(match found.passed_over.words() {
            Some(passed_over) => format!("passed over: {passed_over}"),
            None => "there is none in the folders or the list".to_owned(),
        }),
    )
}

/// The picture, where there is one alone; options that are for one alone take no other number.
fn one_picture<'a>(args: &Verify, inputs: &'a [Input]) -> Result<Option<&'a Input>, Failure> {
    let outputs = &args.outputs;
    let option = [
        (outputs.html.is_some(), "--html"),
        (outputs.sign_report.is_some(), "--sign-report"),
        (outputs.crjson, "--crjson"),
        (args.sidecar.is_some(), "--sidecar"),
        (args.report.is_some(), "--report"),
    ]
    .into_iter()
    .find_map(|(given, name)| given.then_some(name));
    match (inputs, option) {
        ([one], _) => Ok(Some(one)),
        (_, None) => Ok(None),
        (several, Some(name)) => Err(Failure::new(
            Code::OnePicture,
            format!("use {name} with {} pictures", several.len()),
        )),
    }
}

fn workers(args: &Verify) -> usize {
    match args.inputs.jobs {
        Some(jobs) => usize::from(jobs),
        None => thread::available_parallelism().map_or(1, usize::from),
    }
}

/// How reports are put: in the language of whoever reads them, and for programs in English unless another is named.
fn presentation(args: &Verify) -> Presentation {
    let (presenting, outputs) = (&args.presenting, &args.outputs);
    let is_for_people = !outputs.json && !outputs.csv && outputs.sign_report.is_none();
    let of_locale = || is_for_people.then(locale::language).flatten();
    Presentation {
        language: presenting.lang.or_else(of_locale).unwrap_or_default(),
        country: presenting.country.or_else(locale::region),
        show_unverified: presenting.show_unverified,
        redact_names: presenting.redact_names,
    }
}

/// The time as of which is judged, where one is given.
fn judged_at(args: &Verify) -> Result<Option<OffsetDateTime>, Failure> {
    args.at.as_deref().map(parse_time).transpose()
}

fn policy(args: &Verify, config: &Config) -> Result<Policy, Failure> {
    Ok(Policy {
        require: required(args, config)?.into(),
        refuse_ai: matches!(args.refuse, Some(Refuse::Ai)),
    })
}

fn required(args: &Verify, config: &Config) -> Result<Require, Failure> {
    match (args.require, config.get(Key::Require)) {
        (Some(require), _) => Ok(require),
        (None, Some(word)) => <Require as clap::ValueEnum>::from_str(word, false)
            .map_err(|_| Failure::new(Code::Configuration, format!("use {word:?} as what `verify` requires"))),
        (None, None) => Ok(Require::Trusted),
    }
}

pub fn parse_time(text: &str) -> Result<OffsetDateTime, Failure> {
    match OffsetDateTime::parse(text, &Rfc3339) {
        Ok(time) => Ok(time),
        Err(error) => match lists::parse_day(text) {
            Ok(date) => Ok(date.midnight().assume_utc()),
            Err(_) => Err(Failure::new(Code::Time, format!("read the time {text:?}")).because(error)),
        },
    }
}
