//! `keys check`: whether readers will accept certificates, rule by rule, why, and what to do.

use serde_json::{Value, json};
use time::OffsetDateTime;
use touchmark::report::visible;
use touchmark_signing::profile::Outcome;
use touchmark_signing::trust::Standing;
use touchmark_signing::{Certificate, ChainEnd, Examination, examine, examine_leaf};

use crate::args::KeysCheck;
use crate::certificates;
use crate::command::verify::parse_time;
use crate::config::Config;
use crate::console::print;
use crate::exit;
use crate::failure::{Code, Failure};
use crate::identities::{self, Identities};
use crate::key;
use crate::lists::{Lists, day};
use crate::rules::{Words, words};

pub fn run(args: &KeysCheck, identities: &Identities, config: &Config, now: OffsetDateTime) -> Result<u8, Failure> {
    let at = args.at.as_deref().map(parse_time).transpose()?.unwrap_or(now);
    let given = certificates::read(&args.certificates)?;
    let lists = Lists::new(config)?.in_force(identities)?;
    let mut examination = examine(&given, &lists, at)
        .map_err(|error| Failure::of_signing("examine the certificates".to_owned(), &error))?;
    // A program is told the first of the files.
    if let (Some(reference), Some(file)) = (&args.key, args.certificates.first()) {
        let passphrase = identities::passphrase(args.passphrase_file.as_deref())?;
        let leaf = key::newest_of(reference, file, &given, passphrase.as_ref())?;
        if let Some(leaf) = leaf {
            examination = examine_leaf(leaf, &given, &lists, at);
        }
        examination = examination.with_key_match(leaf.is_some());
    }
    match args.json {
        true => print(&format!("{}\n", as_json(&examination, given.len())))?,
        false => print(&as_text(&examination, given.len()))?,
    }
    match examination.rules(Outcome::Broken).count() {
        0 => Ok(exit::DONE),
        broken => Err(Failure::new(
            Code::CertificatesRefused,
            format!("accept the certificates: {} broken", count(broken, "rule")),
        )
        .with_next("do what stands below each FAIL, and check again".to_owned())),
    }
}

fn as_text(examination: &Examination, given: usize) -> String {
    let mut out = String::new();
    if let Some(leaf) = examination.leaf() {
        out.push_str(&format!(
            "Signer: {}, issued by {}\n        {}, valid {} to {}, serial {}\n",
            name(leaf.subject()),
            name(leaf.issuer()),
            key_words(leaf),
            day(leaf.not_before().date()),
            day(leaf.not_after().date()),
            leaf.serial_hex(),
        ));
    }
    out.push_str(&format!("Chain:  {}\n\n", chain_words(examination, given)));
    for finding in examination.findings() {
        let Words { asks, why, fix } = words(finding.rule);
        let mark = match finding.outcome {
            Outcome::Met => "pass  ",
            Outcome::Advised => "advice",
            Outcome::Broken => "FAIL  ",
        };
        out.push_str(&format!("  {mark}  {}: {asks}\n", finding.rule.id()));
        if finding.outcome != Outcome::Met {
            out.push_str(&format!("            why: {why}\n            fix: {fix}\n"));
        }
    }
    out.push('\n');
    out.push_str(&match examination.rules(Outcome::Broken).count() {
        0 => "Readers accept what is signed with these certificates.\n".to_owned(),
        many => format!(
            "As they are, these certificates will not do: {} broken.\n",
            count(many, "rule")
        ),
    });
    match examination.rules(Outcome::Advised).count() {
        0 => {}
        many => out.push_str(&format!("Advice on {} is not followed.\n", count(many, "point"))),
    }
    out.push_str(&format!("{}\n", standing_words(examination)));
    out
}

fn as_json(examination: &Examination, given: usize) -> Value {
    let (standing, list) = standing(examination.trust().standing());
    let rules: Vec<_> = examination
        .findings()
        .iter()
        .map(|finding| {
            let Words { asks, why, fix } = words(finding.rule);
            let failed = finding.outcome != Outcome::Met;
            json!({
                "rule": finding.rule.id(),
                "outcome": match finding.outcome {
                    Outcome::Met => "pass",
                    Outcome::Advised => "advice",
                    Outcome::Broken => "fail",
                },
                "asks": asks,
                "why": failed.then_some(why),
                "fix": failed.then_some(fix),
            })
        })
        .collect();
    let leaf = examination.leaf().map(|leaf| {
        json!({
            "organisation": leaf.subject().organisation,
            "common_name": leaf.subject().common_name,
            "issuer": leaf.issuer().display_name(),
            "key": leaf.key_algorithm().to_string(),
            "serial": leaf.serial_hex(),
            "not_before": day(leaf.not_before().date()),
            "not_after": day(leaf.not_after().date()),
            "sha256": touchmark::report::hex(&leaf.sha256()),
        })
    });
    json!({
        "accepted": examination.is_accepted(),
        "signer": standing,
        "list": list,
        "certificate": leaf,
        "certificates": given,
        "chain": examination.assembly().certificates().len(),
        "rules": rules,
    })
}

fn chain_words(examination: &Examination, given: usize) -> String {
    let assembly = examination.assembly();
    let known = match assembly.added() {
        0 => String::new(),
        many => format!(" and {many} on the lists in force"),
    };
    let end = match assembly.end() {
        ChainEnd::Root => "it ends at a root",
        ChainEnd::Known => "it ends at a certificate on a list in force",
        ChainEnd::UnknownIssuer => "the issuer of the last one is not there",
        ChainEnd::BrokenSignature => "it breaks at an issuer that did not sign",
        ChainEnd::UnsupportedSignature => "it breaks at a signature of a kind that readers do not accept",
        ChainEnd::TooLong => "it is too long",
    };
    format!("{} given{known}; {end}", count(given, "certificate"))
}

fn standing_words(examination: &Examination) -> String {
    match standing(examination.trust().standing()) {
        ("trusted", Some(list)) => format!("The signer is on the list in force {list:?}."),
        ("legacy", Some(list)) => format!(
            "The signer is on {list:?} alone, which is no longer kept up: strangers will see \"signer unknown\"."
        ),
        ("expired" | "not_yet_valid", Some(list)) => {
            format!("The signer is on the list {list:?}, and not valid at this time.")
        }
        ("test_key", Some(family)) => format!("Anyone can sign with this: {family}."),
        ("local", _) => "This machine's own local identity: strangers will see \"signer unknown\".".to_owned(),
        ("invalid", _) => "Readers will call the signer invalid, whatever list the issuer is on.".to_owned(),
        _ => "The signer is on no list in force: strangers will see \"signer unknown\".".to_owned(),
    }
}

/// The standing as reports name it, and the list or family that it rests on.
fn standing(standing: &Standing) -> (&'static str, Option<&str>) {
    let word = match standing {
        Standing::Trusted(_) => "trusted",
        Standing::Legacy(_) => "legacy",
        Standing::Local => "local",
        Standing::TestKey(family) => return ("test_key", Some(family)),
        Standing::Unknown => "unknown",
        Standing::Revoked(_) => "revoked",
        Standing::Expired(_) => "expired",
        Standing::NotYetValid(_) => "not_yet_valid",
        Standing::Invalid(_) => "invalid",
    };
    (word, standing.list())
}

fn key_words(leaf: &Certificate) -> String {
    match leaf.rsa_bits() {
        Some(bits) => format!("{} of {bits} bits", leaf.key_algorithm()),
        None => leaf.key_algorithm().to_string(),
    }
}

fn name(parts: &touchmark_signing::NameParts) -> String {
    let parts: Vec<_> = [&parts.organisation, &parts.common_name]
        .into_iter()
        .flatten()
        .map(|part| visible(part))
        .collect();
    match parts.is_empty() {
        true => "(no name)".to_owned(),
        false => format!("{:?}", parts.join(", ")),
    }
}

fn count(many: usize, what: &str) -> String {
    match many {
        1 => format!("1 {what}"),
        _ => format!("{many} {what}s"),
    }
}
