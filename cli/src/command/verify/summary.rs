//! What a run of `verify` comes to: how many met the policy, by level, by what they say of AI, and by system; and which
//! pictures look alike.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use touchmark::Report;
use touchmark::report::holds_address;

use super::near_duplicates::{self, Print};
use super::render::json;
use crate::console::tell_user;
use crate::exit;
use crate::failure::{Code, Failure};
use crate::inputs::PassedOver;

/// How many systems are counted apart: names come from files, and each may be another.
const MAX_SYSTEMS: usize = 10_000;

/// How many systems are named on standard error; `--summary` has all.
const MAX_NAMED: usize = 10;

/// The name and version of what `--summary` writes. Fields are only ever added.
const SCHEMA: &str = "touchmark-summary/1";

/// What is counted of a picture, and kept in a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Its exit code alone.
    pub code: u8,
    /// Its level; none where it could not be examined.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ai: Option<String>,
    /// The system, as whoever wrote its record states it.
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    /// Why it could not be examined.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// What it is compared with others by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub print: Option<Print>,
}

impl Counted {
    /// What counts of a report, whose exit code is `code`.
    pub fn of(report: &Report, code: u8) -> Self {
        Self {
            code,
            level: Some(report.verdict.level.word().to_owned()),
            ai: Some(report.verdict.ai.word().to_owned()),
            system: report.generator.as_ref().and_then(|generator| generator.system.clone()),
            error: None,
            print: Print::of(report),
        }
    }

    /// A picture that could not be examined.
    pub fn failed(code: Code) -> Self {
        Self {
            code: code.exit(),
            level: None,
            ai: None,
            system: None,
            error: Some(code.id().to_owned()),
            print: None,
        }
    }

    /// Whether it could not be examined.
    pub fn is_failure(&self) -> bool {
        self.error.is_some()
    }

    /// A picture with this exit code and nothing else.
    #[cfg(test)]
    pub fn found(code: u8) -> Self {
        Self {
            code,
            level: None,
            ai: None,
            system: None,
            error: None,
            print: None,
        }
    }
}

/// What a run comes to.
#[derive(Debug)]
pub struct Summary {
    total: usize,
    before: usize,
    unmet: usize,
    /// The code of the last one, which is that of the run where it is alone.
    code: u8,
    levels: BTreeMap<String, usize>,
    ai: BTreeMap<String, usize>,
    systems: BTreeMap<String, usize>,
    /// Files of systems beyond [`MAX_SYSTEMS`].
    further_systems: usize,
    failed: BTreeMap<String, usize>,
    passed_over: PassedOver,
}

/// What `--summary` writes.
#[derive(Serialize)]
struct Written<'a> {
    schema: &'static str,
    examined_at: String,
    files: usize,
    policy_met: usize,
    /// Files that an earlier run of the same journal examined.
    examined_before: usize,
    by_level: &'a BTreeMap<String, usize>,
    by_ai: &'a BTreeMap<String, usize>,
    /// As whoever wrote the record states it.
    by_system: &'a BTreeMap<String, usize>,
    further_systems: usize,
    /// Files that could not be examined, by error code.
    not_examined: &'a BTreeMap<String, usize>,
    /// Absent where no pixels were to be examined.
    #[serde(flatten)]
    alike: Option<near_duplicates::Written>,
}

impl Summary {
    /// Nothing has been examined yet.
    pub fn new(total: usize, passed_over: PassedOver) -> Self {
        Self {
            total,
            before: 0,
            unmet: 0,
            code: exit::DONE,
            levels: BTreeMap::new(),
            ai: BTreeMap::new(),
            systems: BTreeMap::new(),
            further_systems: 0,
            failed: BTreeMap::new(),
            passed_over,
        }
    }

    /// Counts a picture; `before` where an earlier run examined it.
    pub fn count(&mut self, counted: &Counted, before: bool) {
        let one_more = |counts: &mut BTreeMap<String, usize>, key: &Option<String>| {
            if let Some(key) = key {
                *counts.entry(key.clone()).or_default() += 1;
            }
        };
        self.before += usize::from(before);
        self.unmet += usize::from(counted.code != exit::DONE);
        self.code = counted.code;
        one_more(&mut self.levels, &counted.level);
        one_more(&mut self.ai, &counted.ai);
        one_more(&mut self.failed, &counted.error);
        match &counted.system {
            Some(system) if self.systems.len() >= MAX_SYSTEMS && !self.systems.contains_key(system) => {
                self.further_systems += 1;
            }
            system => one_more(&mut self.systems, system),
        }
    }

    /// The exit code of the run.
    pub fn exit_code(&self) -> u8 {
        match (self.total, self.unmet) {
            (1, _) => self.code,
            (_, 0) => exit::DONE,
            _ => exit::SOME_NOT_MET,
        }
    }

    /// Says it on standard error; of one picture all has been said.
    pub fn tell(&self) {
        if let Some(passed_over) = self.passed_over.words() {
            tell_user(format_args!("passed over: {passed_over}"));
        }
        if self.total == 1 {
            return;
        }
        if self.before > 0 {
            tell_user(format_args!(
                "{} of {} files had been examined before",
                self.before, self.total
            ));
        }
        if self.unmet > 0 {
            tell_user(format_args!(
                "{} of {} files did not meet the policy",
                self.unmet, self.total
            ));
        }
        let line = |name: &str, counts: Vec<(&String, &usize)>| {
            if !counts.is_empty() {
                let counts: Vec<_> = counts
                    .into_iter()
                    .map(|(key, count)| format!("{key} {count}"))
                    .collect();
                tell_user(format_args!("{name}: {}", counts.join(", ")));
            }
        };
        line("by level", self.levels.iter().collect());
        line("by what they say of AI", self.ai.iter().collect());
        line("not examined, by error code", self.failed.iter().collect());
        // What holds an address would stand here as a word of ours; `--summary` has it.
        let shown: BTreeMap<String, usize> = self
            .systems
            .iter()
            .filter(|(name, _)| !holds_address(name))
            .map(|(name, count)| (format!("{name:?}"), *count))
            .collect();
        let mut systems: Vec<_> = shown.iter().collect();
        systems.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        systems.truncate(MAX_NAMED);
        line("by system, as whoever wrote the records names it", systems);
    }

    /// What `--summary` writes, with the pictures that look alike.
    ///
    /// # Errors
    /// Where serialising fails, which is a bug.
    pub fn to_json(&self, now: OffsetDateTime, alike: Option<near_duplicates::Written>) -> Result<String, Failure> {
        json(&Written {
            schema: SCHEMA,
            examined_at: now.format(&Rfc3339).unwrap_or_default(),
            files: self.total,
            policy_met: self.total - self.unmet,
            examined_before: self.before,
            by_level: &self.levels,
            by_ai: &self.ai,
            by_system: &self.systems,
            further_systems: self.further_systems,
            not_examined: &self.failed,
            alike,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(code: u8, level: &str, system: Option<String>) -> Counted {
        Counted {
            code,
            level: Some(level.to_owned()),
            ai: Some("claimed".to_owned()),
            system,
            error: None,
            print: None,
        }
    }

    #[test]
    fn a_run_of_one_has_its_code_and_of_several_whether_all_met() {
        let mut one = Summary::new(1, PassedOver::default());
        one.count(&counted(13, "signed", None), false);
        assert_eq!(one.exit_code(), 13);
        let mut two = Summary::new(2, PassedOver::default());
        two.count(&counted(0, "attested", None), true);
        two.count(&Counted::failed(Code::NotAPicture), false);
        assert_eq!(two.exit_code(), exit::SOME_NOT_MET);
        let written: serde_json::Value =
            serde_json::from_str(&two.to_json(OffsetDateTime::UNIX_EPOCH, None).unwrap()).unwrap();
        assert_eq!(
            (&written["policy_met"], &written["examined_before"]),
            (&1.into(), &1.into())
        );
        assert_eq!(written["not_examined"]["TM0101"], 1);
        assert_eq!(Summary::new(0, PassedOver::default()).exit_code(), exit::DONE);
    }

    #[test]
    fn systems_without_end_do_not_fill_the_memory() {
        let mut summary = Summary::new(2 * MAX_SYSTEMS, PassedOver::default());
        for number in 0..2 * MAX_SYSTEMS {
            summary.count(&counted(0, "claimed", Some(number.to_string())), false);
        }
        assert_eq!(
            (summary.systems.len(), summary.further_systems),
            (MAX_SYSTEMS, MAX_SYSTEMS)
        );
    }
}
