//! `doctor`: says what is missing before anything is stamped.

use serde_json::json;
use time::OffsetDateTime;
use touchmark::profile::{Answer, Row};

use super::stamp::{disclosure, identity};
use crate::args::Doctor;
use crate::config::Config;
use crate::console::print;
use crate::exit;
use crate::failure::Failure;
use crate::profile::{name, next, words};

pub fn run(args: &Doctor, config: &Config) -> Result<u8, Failure> {
    let now = OffsetDateTime::now_utc();
    let disclosure = disclosure(args.disclosure.as_deref(), config)?;
    let mut order = args.order.order(&disclosure)?;
    args.profile.demand(&mut order);
    args.timestamps.demand(&mut order, config)?;
    // As in a dry run: no identity is made.
    let signer = identity::signer(&args.signing, config, now, true)?;
    let rows = args.profile.rows(&signer, &order);
    let subject = signer.subject();
    let organisation = subject.organisation.as_deref().unwrap_or("(no organisation)");
    if args.json {
        let report = json!({
            "signer": organisation,
            "local_identity": signer.is_local(),
            "disclosure_filled": disclosure.is_filled(),
            "profiles": rows.iter().map(|row| json!({
                "place": name(row.place),
                "need": words(row.need),
                "rule": row.rule,
                "answer": id(row.answer),
            })).collect::<Vec<_>>(),
        });
        print(&format!("{report}\n"))?;
    } else {
        print(&text(organisation, signer.is_local(), disclosure.is_filled(), &rows))?;
    }
    let ready = rows.iter().all(|row| row.answer == Answer::Met);
    Ok(if ready { exit::DONE } else { exit::FAILED })
}

fn text(organisation: &str, local: bool, filled: bool, rows: &[Row]) -> String {
    let mut out = format!(
        "Signer: {}{}\nDisclosure: {}\n",
        touchmark::report::visible(organisation),
        if local {
            "; strangers will see \"signer unknown\""
        } else {
            ""
        },
        if filled { "filled in" } else { "not filled in" },
    );
    let mut place = None;
    for row in rows {
        if place != Some(row.place) {
            out.push_str(&format!("\n{}\n", name(row.place)));
            place = Some(row.place);
        }
        let (mark, remark) = match row.answer {
            Answer::Met => ("has    ", String::new()),
            Answer::Missing => ("MISSING", format!("\n           what to do: {}", next(row.need))),
            _ => (
                "open   ",
                "\n           this version of touchmark cannot add it".to_owned(),
            ),
        };
        out.push_str(&format!("  {mark}  {} ({}){remark}\n", words(row.need), row.rule));
    }
    out
}

fn id(answer: Answer) -> &'static str {
    match answer {
        Answer::Met => "met",
        Answer::Missing => "missing",
        _ => "open",
    }
}
