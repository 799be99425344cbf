//! `explain`: what an error code means and what to do, and what a rule says that a verdict rests on.

use touchmark::evidence::Rule;
use touchmark::report::{Language, rule_says};

use crate::args::Explain;
use crate::console::print;
use crate::exit;
use crate::failure::{Code, Failure};

pub fn run(args: &Explain) -> Result<u8, Failure> {
    print(&match &args.code {
        None => all(),
        Some(wanted) => of_code(wanted.trim())
            .or_else(|| of_rules(wanted.trim()))
            .ok_or_else(|| Failure::new(Code::NotExplained, format!("explain {wanted:?}")))?,
    })?;
    Ok(exit::DONE)
}

fn all() -> String {
    let codes = Code::ALL.iter().map(|code| (code.id(), code.title().to_owned()));
    let rules = Rule::ALL.iter().map(|rule| (rule.id(), says(*rule)));
    let lines = |entries: Vec<(&str, String)>| {
        let width = entries.iter().map(|(id, _)| id.len()).max().unwrap_or(0);
        let line = |(id, says): &(&str, String)| format!("{id:width$}  {says}\n");
        entries.iter().map(line).collect::<String>()
    };
    let (codes, rules) = (lines(codes.collect()), lines(rules.collect()));
    format!("{codes}\nRules of `verify`:\n{rules}")
}

fn of_code(wanted: &str) -> Option<String> {
    let code = Code::ALL.iter().find(|code| code.id().eq_ignore_ascii_case(wanted))?;
    Some(format!(
        "{}: {}\n\nWhat to do: {}\nExit code:  {}\n",
        code.id(),
        code.title(),
        code.next(),
        code.exit()
    ))
}

/// The rule of this name, or those whose names begin with this word.
fn of_rules(wanted: &str) -> Option<String> {
    let is_meant = |id: &str| {
        let (word, _) = id.split_once('.').unwrap_or_default();
        id.eq_ignore_ascii_case(wanted) || word.eq_ignore_ascii_case(wanted)
    };
    let meant = Rule::ALL.iter().filter(|rule| is_meant(rule.id()));
    let said: String = meant.map(|rule| format!("{}: {}\n", rule.id(), says(*rule))).collect();
    (!said.is_empty()).then_some(said)
}

fn says(rule: Rule) -> String {
    rule_says(rule, Language::English)
}
