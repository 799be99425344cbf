//! `verify`: says what is known about pictures, and exits with a code that scripts can act on.

use std::path::Path;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
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
                show(args, &report, index)?;
                exit::of_verdict(report.verdict(), &policy)
            }
            Err(failure) => {
                tell_user(&failure);
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

fn show(args: &Verify, report: &Report, index: usize) -> Result<(), Failure> {
    match (args.json, index) {
        (true, _) => print(&format!("{}\n", report.to_json())),
        (false, 0) => print(&report.to_text()),
        (false, _) => print(&format!("\n{}", report.to_text())),
    }
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
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
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

fn parse_time(text: &str) -> Result<OffsetDateTime, Failure> {
    match OffsetDateTime::parse(text, &Rfc3339) {
        Ok(time) => Ok(time),
        Err(error) => match lists::parse_day(text) {
            Ok(date) => Ok(date.midnight().assume_utc()),
            Err(_) => Err(Failure::new(Code::Time, format!("read the time {text:?}")).because(error)),
        },
    }
}
