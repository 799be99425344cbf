//! `help-lines`: whom to turn to, by country, offline.

use serde::Serialize;
use touchmark::help::{Country, Directory, HelpBasis, HelpFor, HelpKind, HelpLine};
use touchmark::report::{Language, help_says};

use crate::args::HelpLines;
use crate::command::verify::tell_if_unwritten;
use crate::console::print;
use crate::exit;
use crate::failure::{Code, Failure};
use crate::locale;

/// An entry as a line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    countries: Vec<&'a str>,
    kind: HelpKind,
    #[serde(rename = "for")]
    readers: HelpFor,
    name: &'a str,
    says: String,
    phone: Option<&'a str>,
    url: Option<&'a str>,
    source: &'a str,
    basis: HelpBasis,
    checked: String,
}

pub fn run(args: &HelpLines) -> Result<u8, Failure> {
    let of_locale = || (!args.json).then(locale::language).flatten();
    let language = args.lang.or_else(of_locale).unwrap_or_default();
    tell_if_unwritten(language);
    let directory = Directory::shipped();
    let country = args.country.or_else(locale::region);
    let entries: Vec<&HelpLine> = match args.all {
        true => directory.entries().iter().collect(),
        false => directory.helping(country),
    };
    if args.json {
        for entry in entries {
            let line = serde_json::to_string(&Line::of(entry, language))
                .map_err(|error| Failure::new(Code::Library, "write the help lines as JSON").because(error))?;
            print(&format!("{line}\n"))?;
        }
        return Ok(exit::DONE);
    }
    let words = help_says(language);
    let mut text = format!("{}\n", words.lead);
    for entry in entries {
        let place = match entry.countries.as_slice() {
            [] => words.everywhere.clone(),
            countries if !args.all && country.is_some_and(|country| countries.contains(&country)) => {
                country.map(|country| country.to_string()).unwrap_or_default()
            }
            countries => countries.iter().map(Country::code).collect::<Vec<_>>().join(", "),
        };
        text += &format!("\n{} ({place})\n  {}\n", entry.name, words.of(entry));
        for way in entry.phone.iter().chain(&entry.url) {
            text += &format!("  {way}\n");
        }
    }
    if let Some(country) = country.filter(|country| !args.all && !directory.countries().contains(country)) {
        text += &format!("\n{}\n", words.none_for(country));
    }
    let date = directory.dated().to_string();
    text += &format!("\n{} {}\n", words.note, words.dated(&date));
    print(&text)?;
    Ok(exit::DONE)
}

impl<'a> Line<'a> {
    fn of(entry: &'a HelpLine, language: Language) -> Self {
        Self {
            countries: entry.countries.iter().map(Country::code).collect(),
            kind: entry.kind,
            readers: entry.readers,
            name: &entry.name,
            says: help_says(language).of(entry),
            phone: entry.phone.as_deref(),
            url: entry.url.as_deref(),
            source: &entry.source,
            basis: entry.basis,
            checked: entry.checked.to_string(),
        }
    }
}
