//! `trust`: lists, adds, updates and removes trust lists.

mod update;

pub use update::has_publisher;

use serde_json::json;
use time::OffsetDateTime;
use touchmark::report::hex;
use touchmark_signing::trust::{Purpose, TrustList};

use crate::args::{ListPurpose, Trust, TrustAdd, TrustListArgs};
use crate::config::Config;
use crate::console::print;
use crate::exit;
use crate::failure::Failure;
use crate::lists::{self, Lists, day, purpose_word};

pub fn run(args: &Trust, config: &Config) -> Result<u8, Failure> {
    let lists = Lists::new(config)?;
    match args {
        Trust::List(args) => list(args, &lists),
        Trust::Add(args) => add(args, &lists),
        Trust::Update(args) => update::run(args, &lists),
        Trust::Remove(args) => {
            lists.remove(&args.name)?;
            print(&format!("Removed the trust list {:?}.\n", args.name))?;
            Ok(exit::DONE)
        }
    }
}

fn list(args: &TrustListArgs, lists: &Lists) -> Result<u8, Failure> {
    let today = OffsetDateTime::now_utc().date();
    for list in lists.official_and_added()?.lists() {
        let age = list.issued().map(|issued| (today - issued).whole_days());
        let line = if args.json {
            json!({
                "name": list.name(),
                "purpose": purpose_word(list.purpose()),
                "issued": list.issued().map(day),
                "age_days": age,
                "next_update": list.next_update().map(day),
                "overdue": list.is_overdue(today),
                "anchors": list.len(),
                "sha256": hex(&list.sha256()),
                "left_out": list.skipped().iter().map(|skipped| skipped.position).collect::<Vec<_>>(),
            })
            .to_string()
        } else {
            describe(list, age, list.is_overdue(today))
        };
        print(&format!("{line}\n"))?;
    }
    Ok(exit::DONE)
}

fn describe(list: &TrustList, age: Option<i64>, overdue: bool) -> String {
    let issued = match (list.issued(), age) {
        (Some(issued), Some(days)) => format!("issued {}, {}", day(issued), since(days)),
        _ => "date of issue not stated".to_owned(),
    };
    let next = match list.next_update() {
        Some(next) if overdue => format!(", update was due {}", day(next)),
        Some(next) => format!(", next update {}", day(next)),
        None => String::new(),
    };
    let left_out: Vec<String> = list
        .skipped()
        .iter()
        .map(|skipped| skipped.position.to_string())
        .collect();
    let left_out = match left_out.is_empty() {
        true => String::new(),
        false => format!(
            "\n  left out, unreadable or repeated: certificate {}",
            left_out.join(", ")
        ),
    };
    format!(
        "{} [{}]: {}, {issued}{next}\n  sha256 {}{left_out}",
        list.name(),
        purpose_word(list.purpose()),
        lists::certificates(list.len()),
        hex(&list.sha256())
    )
}

fn since(days: i64) -> String {
    match days {
        ..0 => "which is to come by this machine's clock".to_owned(),
        0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        days => format!("{days} days ago"),
    }
}

fn add(args: &TrustAdd, lists: &Lists) -> Result<u8, Failure> {
    let purpose = match args.purpose {
        ListPurpose::Signers => Purpose::Signers,
        ListPurpose::Timestamps => Purpose::Timestamps,
        ListPurpose::Legacy => Purpose::Legacy,
    };
    lists::check_name(&args.name)?;
    let issued = args.issued.as_deref().map(lists::parse_day).transpose()?;
    let next_update = args.next_update.as_deref().map(lists::parse_day).transpose()?;
    let mut pem = String::new();
    for path in &args.files {
        // Each file on its own first, so that a fault names its file.
        let (_, text) = lists::read(path, &args.name, purpose)?;
        pem.push_str(&text);
        pem.push('\n');
    }
    let list = TrustList::from_pem(&args.name, purpose, pem.as_bytes())
        .map_err(|error| Failure::of_signing(format!("use the trust list {:?}", args.name), &error))?
        .with_dates(issued, next_update);
    lists::check_dates(&list, OffsetDateTime::now_utc().date())?;
    lists.add(&list, &pem)?;
    print(&format!(
        "Added the trust list {:?} for {}: {}.\n",
        list.name(),
        purpose_word(purpose),
        lists::certificates(list.len())
    ))?;
    Ok(exit::DONE)
}
