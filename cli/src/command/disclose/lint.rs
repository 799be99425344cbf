//! `disclose lint`: what a disclosure lacks, field by field, with who asks for it.

use std::path::Path;

use serde_json::json;
use time::{Date, OffsetDateTime};
use touchmark::report::visible;
use touchmark_provenance::disclosure::{Finding, Outcome};

use crate::args::DiscloseLint;
use crate::console::{print, tell_user};
use crate::disclosures::{self, Loaded};
use crate::exit;
use crate::failure::Failure;
use crate::files::display_name;
use crate::lists;

pub fn run(args: &DiscloseLint) -> Result<u8, Failure> {
    let today = match &args.at {
        Some(day) => lists::parse_day(day)?,
        None => OffsetDateTime::now_utc().date(),
    };
    let mut codes = Vec::new();
    for (index, path) in args.files.iter().enumerate() {
        codes.push(match findings(path, today) {
            Ok(findings) => show(args, path, &findings, index)?,
            Err(failure) => {
                tell_user(&failure);
                if args.json {
                    let error = json!({ "code": failure.code().id(), "says": failure.says() });
                    print(&format!("{}\n", json!({ "file": display_name(path), "error": error })))?;
                }
                failure.code().exit()
            }
        });
    }
    match codes.as_slice() {
        [code] => Ok(*code),
        codes if codes.iter().all(|code| *code == exit::DONE) => Ok(exit::DONE),
        _ => Ok(exit::SOME_NOT_MET),
    }
}

/// A document whose fields are good is also held against the room that stamps have.
fn findings(path: &Path, today: Date) -> Result<Vec<Finding>, Failure> {
    Ok(match disclosures::read(path)? {
        Loaded::Signed(signed) => signed.disclosure().lint(today),
        Loaded::Document(document) => match document.clone().check() {
            Ok(disclosure) => disclosure.lint(today),
            Err(_) => document.lint(today),
        },
    })
}

fn show(args: &DiscloseLint, path: &Path, findings: &[Finding], index: usize) -> Result<u8, Failure> {
    let count = |outcome| findings.iter().filter(|finding| finding.outcome == outcome).count();
    let fails = count(Outcome::Fails);
    if args.json {
        for finding in findings.iter().filter(|finding| is_shown(args, finding)) {
            let line = json!({
                "file": display_name(path),
                "field": finding.field.as_str(),
                "rule": finding.rule,
                "asked_by": finding.asked_by,
                "outcome": finding.outcome.id(),
                "says": finding.says,
            });
            print(&format!("{line}\n"))?;
        }
    } else {
        let gap = if index == 0 { "" } else { "\n" };
        let name = display_name(path);
        print(&format!(
            "{gap}{name}: {fails} to correct, {} to consider, {} in order\n",
            count(Outcome::Advice),
            count(Outcome::Met)
        ))?;
        let mut shown: Vec<&Finding> = findings.iter().filter(|finding| is_shown(args, finding)).collect();
        // What fails comes first; within that, the order of the schema stays.
        shown.sort_by_key(|finding| std::cmp::Reverse(finding.outcome));
        for finding in shown {
            print(&line(finding))?;
        }
    }
    Ok(if fails == 0 { exit::DONE } else { exit::SOME_NOT_MET })
}

fn is_shown(args: &DiscloseLint, finding: &Finding) -> bool {
    args.all || finding.outcome != Outcome::Met
}

fn line(finding: &Finding) -> String {
    let word = match finding.outcome {
        Outcome::Fails => "correct ",
        Outcome::Advice => "consider",
        Outcome::Met => "in order",
    };
    format!(
        "  {word}  {}: {}\n            asked for by {}\n",
        visible(finding.field.as_str()),
        visible(&finding.says),
        finding.asked_by
    )
}
