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
            .or_else(|| of_rule(wanted.trim()))
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

fn of_rule(wanted: &str) -> Option<String> {
    let rule = Rule::ALL.iter().find(|rule| rule.id().eq_ignore_ascii_case(wanted))?;
    Some(format!("{}: {}\n", rule.id(), says(*rule)))
}

fn says(rule: Rule) -> String {
    rule_says(rule, Language::English)
}
