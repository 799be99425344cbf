//! `verify`: says what is known about pictures, and exits with a code that scripts can act on.

use std::path::Path;

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use touchmark::report::SCHEMA;
use touchmark::{Limits, Policy, Report, Requirement, TrustLists, Verifier};
use touchmark_signing::trust::Purpose;

use crate::args::{Refuse, Require, Verify};
use crate::config::{Config, Key};
use crate::console::{print, tell_user};
use crate::exit;
use crate::failure::{Code, Failure};
use crate::files::{self, display_name};
use crate::identities::Identities;
use crate::lists::{self, Lists};

pub fn run(args: &Verify, config: &Config) -> Result<u8, Failure> {
    let now = OffsetDateTime::now_utc();
    let at = args.at.as_deref().map(parse_time).transpose()?.unwrap_or(now);
    let policy = policy(args, config)?;
    let verifier = Verifier::new(trust_lists(args, config)?)
        .map_err(|error| Failure::of_touchmark("prepare verifying".to_owned(), &error))?;

    let mut codes = Vec::new();
    for (index, path) in args.images.iter().enumerate() {
        let code = match verify(&verifier, path, at, now) {
            Ok(report) => {
                show(args, &report, &policy, index)?;
                exit::of_verdict(report.verdict(), &policy)
            }
            Err(failure) => {
                tell_user(&failure);
                if args.json {
                    print_json(&FailedLine::new(path, &failure))?;
                }
                failure.code().exit()
            }
        };
        codes.push(code);
    }
    let unmet = codes.iter().filter(|code| **code != exit::DONE).count();
    match codes.as_slice() {
        [code] => Ok(*code),
        _ if unmet == 0 => Ok(exit::DONE),
        _ => {
            tell_user(format_args!("{unmet} of {} files did not meet the policy", codes.len()));
            Ok(exit::SOME_NOT_MET)
        }
    }
}

fn verify(verifier: &Verifier, path: &Path, at: OffsetDateTime, now: OffsetDateTime) -> Result<Report, Failure> {
    let bytes = files::read(path, Limits::default().max_bytes)?;
    let report = verifier
        .verify_as_of(&bytes, at, now)
        .map_err(|error| Failure::of_touchmark(format!("examine {}", display_name(path)), &error))?;
    Ok(report.with_file_name(&display_name(path)))
}

fn show(args: &Verify, report: &Report, policy: &Policy, index: usize) -> Result<(), Failure> {
    match (args.json, index) {
        (true, _) => print_json(&ReportLine {
            report,
            policy_met: report.meets(policy),
        }),
        (false, 0) => print(&report.to_text()),
        (false, _) => print(&format!("\n{}", report.to_text())),
    }
}

/// A report as a line of `--json`.
#[derive(Serialize)]
struct ReportLine<'a> {
    #[serde(flatten)]
    report: &'a Report,
    /// Whether this file met the policy of the run.
    policy_met: bool,
}

/// The line of a file that could not be examined.
#[derive(Serialize)]
struct FailedLine {
    schema: &'static str,
    file: FailedFile,
    error: Cause,
    /// What could not be examined meets no policy.
    policy_met: bool,
}

#[derive(Serialize)]
struct FailedFile {
    name: String,
}

#[derive(Serialize)]
struct Cause {
    code: &'static str,
    says: String,
}

impl FailedLine {
    fn new(path: &Path, failure: &Failure) -> Self {
        Self {
            schema: SCHEMA,
            file: FailedFile {
                name: display_name(path),
            },
            error: Cause {
                code: failure.code().id(),
                says: failure.says(),
            },
            policy_met: false,
        }
    }
}

fn print_json(line: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(line)
        .map_err(|error| Failure::new(Code::Library, "write the report as JSON").because(error))?;
    print(&format!("{text}\n"))
}

fn trust_lists(args: &Verify, config: &Config) -> Result<TrustLists, Failure> {
    // Without a data folder there is nothing added and nothing local; the official lists stand.
    let mut lists = match config.data_dir() {
        Ok(_) => {
            let identities = Identities::new(config)?;
            match args.no_default_trust {
                true => lists::with_local(TrustLists::empty(), &identities),
                false => Lists::new(config)?.in_force(&identities)?,
            }
        }
        Err(_) if args.no_default_trust => TrustLists::empty(),
        Err(_) => TrustLists::official(),
    };
    for path in &args.trust {
        let name = lists::name_of_file(path, &lists);
        lists = lists.with(lists::read(path, &name, Purpose::Signers)?.0);
    }
    Ok(lists)
}

fn policy(args: &Verify, config: &Config) -> Result<Policy, Failure> {
    let require = match (args.require, config.get(Key::Require)) {
        (Some(require), _) => require,
        (None, Some(word)) => <Require as clap::ValueEnum>::from_str(word, false)
            .map_err(|_| Failure::new(Code::Configuration, format!("use {word:?} as what `verify` requires")))?,
        (None, None) => Require::Trusted,
    };
    Ok(Policy {
        require: match require {
            Require::Trusted => Requirement::Trusted,
            Require::Intact => Requirement::Intact,
            Require::AiStated => Requirement::AiStated,
            Require::Marked => Requirement::Marked,
            Require::None => Requirement::None,
        },
        refuse_ai: matches!(args.refuse, Some(Refuse::Ai)),
    })
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
