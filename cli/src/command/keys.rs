//! `keys`: makes, requests, checks, imports, renews and lists identities.

mod check;
mod import;
mod request;

use serde_json::json;
use time::OffsetDateTime;
use touchmark::report::{hex, visible};
use touchmark_signing::{Algorithm, Certificate, KeyAlgorithm, RENEWAL_NOTICE, Subject};

use crate::args::{Keys, KeysList, KeysNew, KeysRenew, NewAlgorithm};
use crate::config::Config;
use crate::console::{print, tell_user};
use crate::exit;
use crate::failure::Failure;
use crate::identities::{self, DEFAULT, Identities, LOCAL, Origin, Pending, check_own_name};
use crate::lists::day;

/// Who can read the files with keys, in words that hold on this system.
const READERS: &str = if cfg!(unix) {
    "only you can read"
} else {
    "whoever may read your data folder can read"
};

pub fn run(args: &Keys, config: &Config) -> Result<u8, Failure> {
    let identities = Identities::new(config)?;
    let now = OffsetDateTime::now_utc();
    match args {
        Keys::New(args) => new(args, &identities, now),
        Keys::Renew(args) => renew(args, &identities, now),
        Keys::Check(args) => check::run(args, &identities, config, now),
        Keys::Request(args) => request::run(args, &identities),
        Keys::Import(args) => import::run(args, &identities, config, now),
        Keys::List(args) => list(args, &identities, now),
    }
}

fn new(args: &KeysNew, identities: &Identities, now: OffsetDateTime) -> Result<u8, Failure> {
    let name = args.name.as_deref().unwrap_or(DEFAULT);
    check_own_name(name)?;
    let passphrase = identities::passphrase(args.passphrase_file.as_deref())?;
    let (common_name, country) = (args.common_name.as_deref(), args.country.as_deref());
    let what = format!("make the identity {name:?}");
    let subject = subject(&args.organisation, common_name, country, &what)?;
    identities.create(name, &subject, algorithm(args.algorithm), passphrase.as_ref(), now)?;
    let protection = if passphrase.is_some() {
        "encrypted with your passphrase"
    } else {
        "not encrypted"
    };
    print(&format!(
        "Made the identity {name:?} for {:?}. Its keys are {protection}, in files that {READERS}.\n\
         Others will see \"signer unknown\" until they trust its root:\n  {}\n",
        args.organisation,
        identities.root_file(name).display()
    ))?;
    Ok(exit::DONE)
}

fn renew(args: &KeysRenew, identities: &Identities, now: OffsetDateTime) -> Result<u8, Failure> {
    let name = match args.name.as_deref() {
        Some(name) => name,
        None if !identities.has(DEFAULT) && identities.has(LOCAL) => LOCAL,
        None => DEFAULT,
    };
    let passphrase = identities::passphrase(args.passphrase_file.as_deref())?;
    let certificate = identities.renew(name, passphrase.as_ref(), now)?;
    print(&format!(
        "Renewed the identity {name:?}: a new key and certificate under the same root, valid until {}.\n",
        day(certificate.not_after().date())
    ))?;
    Ok(exit::DONE)
}

fn list(args: &KeysList, identities: &Identities, now: OffsetDateTime) -> Result<u8, Failure> {
    let (entries, mut failures) = identities.list()?;
    let (requests, unusable) = identities.requests()?;
    failures.extend(unusable);
    for failure in &failures {
        tell_user(failure);
    }
    if entries.is_empty() && requests.is_empty() && failures.is_empty() && !args.json {
        print(
            "There is no identity yet. `touchmark keys new` makes one; a first `touchmark stamp` makes a local one.\n",
        )?;
    }
    for entry in &entries {
        let organisation = entry.certificate.subject().organisation.as_deref().unwrap_or_default();
        let state = state(&entry.certificate, now);
        let line = if args.json {
            json!({
                "name": entry.name,
                "organisation": organisation,
                "algorithm": algorithm_id(entry.certificate.key_algorithm()),
                "origin": origin_id(entry.origin),
                "serial": entry.certificate.serial_hex(),
                "not_before": day(entry.certificate.not_before().date()),
                "not_after": day(entry.certificate.not_after().date()),
                "state": state,
                "encrypted": entry.encrypted,
                "key": entry.kept,
                "root_sha256": entry.root.as_ref().map(|root| hex(&root.sha256())),
            })
            .to_string()
        } else {
            let encrypted = match &entry.kept {
                Some(kept) => format!(", key in {}", visible(kept)),
                None if entry.encrypted => ", encrypted".to_owned(),
                None => String::new(),
            };
            format!(
                "{}: {}, {}, valid until {} ({state}, {}{encrypted})",
                entry.name,
                quoted(organisation),
                entry.certificate.key_algorithm(),
                day(entry.certificate.not_after().date()),
                origin_words(entry.origin),
            )
        };
        print(&format!("{line}\n"))?;
    }
    for pending in &requests {
        print(&format!("{}\n", request_line(pending, args.json)))?;
    }
    Ok(failures.first().map_or(exit::DONE, |failure| failure.code().exit()))
}

fn request_line(pending: &Pending, as_json: bool) -> String {
    let organisation = pending.request.subject().organisation.unwrap_or_default();
    match as_json {
        true => json!({
            "name": pending.name,
            "organisation": organisation,
            "state": "requested",
            "encrypted": pending.encrypted,
        })
        .to_string(),
        false => format!(
            "{}: {}, requested; waits for its certificate (`touchmark keys import`)",
            pending.name,
            quoted(&organisation)
        ),
    }
}

/// Whom a certificate is to name, as options say it.
fn subject(
    organisation: &str,
    common_name: Option<&str>,
    country: Option<&str>,
    what: &str,
) -> Result<Subject, Failure> {
    let common_name = common_name.map_or_else(|| format!("{organisation} signer"), str::to_owned);
    Subject::new(organisation, &common_name)
        .and_then(|subject| match country {
            Some(country) => subject.with_country(country),
            None => Ok(subject),
        })
        .map_err(|error| Failure::of_signing(what.to_owned(), &error))
}

/// Text from a certificate, in quotation marks and harmless to show.
fn quoted(text: &str) -> String {
    format!("{:?}", visible(text))
}

fn algorithm(named: NewAlgorithm) -> Algorithm {
    match named {
        NewAlgorithm::Ed25519 => Algorithm::Ed25519,
        NewAlgorithm::Es256 => Algorithm::Es256,
    }
}

/// What a key signs with, as `--algorithm` names it.
fn algorithm_id(key: KeyAlgorithm) -> &'static str {
    match key {
        KeyAlgorithm::Ed25519 => "ed25519",
        KeyAlgorithm::P256 => "es256",
        KeyAlgorithm::P384 => "es384",
        KeyAlgorithm::P521 => "es512",
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => "ps256",
        _ => "other",
    }
}

fn origin_id(origin: Origin) -> &'static str {
    match origin {
        Origin::FirstRun => "first_run",
        Origin::Own => "own",
        Origin::Imported => "imported",
    }
}

fn origin_words(origin: Origin) -> &'static str {
    match origin {
        Origin::FirstRun => "made by a first stamp",
        Origin::Own => "own root",
        Origin::Imported => "imported",
    }
}

fn state(certificate: &Certificate, now: OffsetDateTime) -> &'static str {
    if now > certificate.not_after() {
        "expired"
    } else if now < certificate.not_before() {
        "not yet valid"
    } else if certificate.not_after() - now < RENEWAL_NOTICE {
        "renew soon"
    } else {
        "valid"
    }
}
