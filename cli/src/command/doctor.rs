//! `doctor`: says what is missing before anything is stamped.

mod machine;
#[cfg(unix)]
mod secrets;

use serde_json::json;
use time::OffsetDateTime;
use touchmark::profile::{Answer, Row, Setup};

use self::machine::{Finding, Outcome};
use super::stamp::disclosure;
use crate::args::Doctor;
use crate::config::Config;
use crate::console::print;
use crate::exit;
use crate::failure::Failure;
use crate::identities::signing;
use crate::profile::{name, next, words};

pub fn run(args: &Doctor, config: &Config) -> Result<u8, Failure> {
    let now = OffsetDateTime::now_utc();
    let disclosure = disclosure(args.disclosure.as_deref(), config)?;
    let mut order = args.order.order(&disclosure)?;
    args.profile.demand(&mut order);
    args.timestamps.demand(&mut order, config)?;
    let watermark_key = args.order.watermark.key.key(config)?;
    // As in a dry run: no identity is made.
    let signer = signing::signer(&args.signing, config, now, true);
    let mut findings = machine::look(&signer, &args.signing, config, now);
    findings.extend(machine::watermark_key(watermark_key.is_some(), order.watermark.want));
    findings.extend(machine::authorities_not_asked(args.timestamps.not_asked(config)?));
    let trials = args.timestamps.try_each(config, now)?;
    findings.extend(trials.iter().map(machine::authority));
    let rows = signer
        .as_ref()
        .map(|signer| {
            args.profile.rows(Setup {
                signer,
                order: &order,
                private_watermark_key: watermark_key.is_some(),
            })
        })
        .unwrap_or_default();
    let by = signer.as_ref().ok().map(|signer| By {
        organisation: signer.subject().organisation.as_deref().unwrap_or("(no organisation)"),
        local: signer.is_local(),
    });
    if args.json {
        let report = json!({
            "signer": by.as_ref().map(|by| by.organisation),
            "local_identity": by.as_ref().is_some_and(|by| by.local),
            "disclosure_filled": disclosure.is_filled(),
            "checks": findings,
            "profiles": rows.iter().map(|row| json!({
                "place": name(row.place),
                "need": words(row.need),
                "rule": row.rule,
                "answer": id(row.answer),
            })).collect::<Vec<_>>(),
        });
        print(&format!("{report}\n"))?;
    } else {
        print(&text(by.as_ref(), disclosure.is_filled(), &findings, &rows))?;
    }
    let ready = rows.iter().all(|row| row.answer == Answer::Met)
        && findings.iter().all(|finding| finding.outcome != Outcome::Fails);
    Ok(if ready { exit::DONE } else { exit::FAILED })
}

/// Who would sign.
struct By<'a> {
    organisation: &'a str,
    local: bool,
}

fn text(by: Option<&By<'_>>, filled: bool, findings: &[Finding], rows: &[Row]) -> String {
    let mut out = match by {
        Some(by) => format!(
            "Signer: {}{}\n",
            touchmark::report::visible(by.organisation),
            if by.local {
                "; strangers will see \"signer unknown\""
            } else {
                ""
            },
        ),
        None => "Signer: none that can sign\n".to_owned(),
    };
    out.push_str(&format!(
        "Disclosure: {}\n\nThis machine\n",
        if filled { "filled in" } else { "not filled in" }
    ));
    for finding in findings {
        let mark = match finding.outcome {
            Outcome::Good => "fine   ",
            Outcome::Warning => "WARNING",
            Outcome::Fails => "FAILS  ",
        };
        out.push_str(&format!(
            "  {mark}  {}: {}\n",
            finding.check.replace('_', " "),
            finding.says
        ));
        if let Some(next) = &finding.next {
            out.push_str(&format!("           what to do: {next}\n"));
        }
    }
    let mut place = None;
    for row in rows {
        if place != Some(row.place) {
            out.push_str(&format!("\n{}\n", name(row.place)));
            place = Some(row.place);
        }
        let (mark, remark) = match row.answer {
            Answer::Met => ("has    ", String::new()),
            _ => ("MISSING", format!("\n           what to do: {}", next(row.need))),
        };
        out.push_str(&format!("  {mark}  {} ({}){remark}\n", words(row.need), row.rule));
    }
    out
}

fn id(answer: Answer) -> &'static str {
    match answer {
        Answer::Met => "met",
        _ => "missing",
    }
}
