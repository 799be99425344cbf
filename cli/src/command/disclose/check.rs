//! `disclose check`: whether the signature holds, and with `--online` whether the addresses answer without a login.

use serde_json::json;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark::TrustLists;
use touchmark::report::{hex, visible};
use touchmark_provenance::disclosure::{Document, SignedDisclosure};
use touchmark_provenance::{DisclosureFault, Error};
use touchmark_signing::trust::{self, Standing};

use crate::args::DiscloseCheck;
use crate::config::Config;
use crate::console::{print, tell_user};
use crate::disclosures::{self, Loaded};
use crate::exit;
use crate::failure::Failure;
use crate::fetch::{Answer, Fetcher};
use crate::files::display_name;
use crate::identities::Identities;
use crate::lists::Lists;

/// One thing that was looked at.
struct Line {
    /// The field, or `signature`.
    field: String,
    /// The address, where it is one.
    address: Option<String>,
    outcome: Outcome,
    says: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Good,
    NotAsked,
    Fails,
}

pub fn run(args: &DiscloseCheck, config: &Config) -> Result<u8, Failure> {
    let loaded = disclosures::read(&args.file)?;
    let (document, digest) = match &loaded {
        Loaded::Document(document) => (document.as_ref(), None),
        Loaded::Signed(signed) => (signed.disclosure().document(), signed.disclosure().signed_digest()),
    };
    let mut lines = vec![match &loaded {
        Loaded::Document(_) => Line {
            field: "signature".to_owned(),
            address: None,
            outcome: Outcome::NotAsked,
            says: "this form is not signed; `touchmark disclose sign` makes one that is".to_owned(),
        },
        Loaded::Signed(signed) => signature(signed, config)?,
    }];
    refuse_faults(args, document)?;
    let targets = targets(document, digest);
    if args.online {
        let fetcher = Fetcher::new(args.allow_private);
        lines.extend(targets.into_iter().map(|target| ask(&fetcher, target)));
    } else {
        lines.extend(targets.into_iter().map(|target| Line {
            field: target.field,
            says: "not asked: --online asks it".to_owned(),
            address: Some(target.address),
            outcome: Outcome::NotAsked,
        }));
    }
    for line in &lines {
        print(&show(args, line))?;
    }
    let fails = lines.iter().any(|line| line.outcome == Outcome::Fails);
    Ok(if fails { exit::SOME_NOT_MET } else { exit::DONE })
}

/// A document with faults is not asked about, but for one: on a machine of one's own, addresses may go without TLS.
fn refuse_faults(args: &DiscloseCheck, document: &Document) -> Result<(), Failure> {
    let is_local = |field: &str| {
        let mut targets = targets(document, None).into_iter();
        targets.any(|target| target.field == field && target.address.starts_with("http://"))
    };
    let fault = document.faults().into_iter().find(|(field, fault)| {
        let is_address = matches!(fault, DisclosureFault::NotALink | DisclosureFault::NotAnAddress);
        !(args.allow_private && is_address && is_local(field.as_str()))
    });
    match fault {
        Some((field, fault)) => {
            let error = Error::Disclosure { field, fault };
            Err(Failure::of_touchmark(
                format!("check {}", display_name(&args.file)),
                &error.into(),
            ))
        }
        None => Ok(()),
    }
}

/// Who signed, as the lists in force see it. That the signature holds was seen when the file was read.
fn signature(signed: &SignedDisclosure, config: &Config) -> Result<Line, Failure> {
    let lists = match config.data_dir() {
        Ok(_) => Lists::new(config)?.in_force(&Identities::new(config)?)?,
        Err(_) => TrustLists::official(),
    };
    let judged = trust::evaluate(signed.chain(), &lists, OffsetDateTime::now_utc());
    let name = judged
        .leaf()
        .and_then(|leaf| leaf.subject().organisation.as_deref())
        .unwrap_or("nobody by name");
    let (outcome, standing) = match judged.standing() {
        Standing::Trusted(list) => (Outcome::Good, format!("on {list}")),
        Standing::Legacy(list) => (Outcome::Good, format!("only on {list}, a list that is no longer kept")),
        Standing::Local => (
            Outcome::Good,
            "this machine's local identity, which nobody checked".to_owned(),
        ),
        Standing::TestKey(_) => (Outcome::Fails, "a test key that everybody has".to_owned()),
        Standing::Unknown => (Outcome::Good, "on no list in force".to_owned()),
        Standing::Expired(_) => (Outcome::Fails, "whose certificate has expired".to_owned()),
        Standing::Revoked(_) => (Outcome::Fails, "whose certificate was revoked".to_owned()),
        Standing::NotYetValid(_) => (Outcome::Fails, "whose certificate is not yet valid".to_owned()),
        Standing::Invalid(_) => (Outcome::Fails, "whose certificate breaks a rule for signers".to_owned()),
    };
    let digest = signed.disclosure().signed_digest().unwrap_or_default();
    Ok(Line {
        field: "signature".to_owned(),
        address: None,
        outcome,
        says: format!("holds; by {name:?}, {standing}; SHA-256 {}", hex(&digest)),
    })
}

/// An address to ask.
struct Target {
    field: String,
    address: String,
    wanted: Wanted,
}

/// What makes an answer a good one.
enum Wanted {
    /// A page that anyone can read.
    Open,
    /// An interface for programs: any answer but "not there".
    Interface,
    /// Exactly these bytes, by their SHA-256.
    Bytes([u8; 32]),
}

/// Every address in a document that can be asked, the removal contact first.
fn targets(document: &Document, digest: Option<[u8; 32]>) -> Vec<Target> {
    let mut found = Vec::new();
    let mut add = |field: &str, address: Option<&String>, wanted: Wanted| {
        // Mailboxes are not asked: nothing tells whether somebody reads them.
        if let Some(address) = address.filter(|address| !address.starts_with("mailto:")) {
            found.push(Target {
                field: field.to_owned(),
                address: address.clone(),
                wanted,
            });
        }
    };
    if let Some(removal) = &document.removal {
        add("removal.url", removal.url.as_ref(), Wanted::Open);
        add("removal.api", removal.api.as_ref(), Wanted::Interface);
        let authority = removal.complaint_authority.as_ref();
        let url = authority.and_then(|authority| authority.url.as_ref());
        add("removal.complaint_authority.url", url, Wanted::Open);
    }
    if let Some(provider) = &document.provider {
        add("provider.contact", Some(&provider.contact), Wanted::Open);
        let officer = provider.data_protection_officer.as_ref();
        add("provider.data_protection_officer", officer, Wanted::Open);
    }
    if let Some(system) = &document.system {
        add("system.documentation", system.documentation.as_ref(), Wanted::Open);
        add(
            "system.bill_of_materials",
            system.bill_of_materials.as_ref(),
            Wanted::Open,
        );
    }
    if let Some(terms) = &document.acceptable_use {
        add("acceptable_use.policy", terms.policy.as_ref(), Wanted::Open);
    }
    if let Some(consequences) = &document.consequences {
        add("consequences.appeal", consequences.appeal.as_ref(), Wanted::Open);
    }
    if let Some(detector) = &document.detector {
        add("detector.url", Some(&detector.url), Wanted::Open);
    }
    for (index, line) in document
        .children
        .iter()
        .flat_map(|children| &children.help_lines)
        .enumerate()
    {
        add(
            &format!("children.help_lines[{index}].url"),
            line.url.as_ref(),
            Wanted::Open,
        );
    }
    let published = digest.map_or(Wanted::Open, Wanted::Bytes);
    add("document.url", document.document.url.as_ref(), published);
    found
}

fn ask(fetcher: &Fetcher, target: Target) -> Line {
    let field = &target.field;
    let answer = fetcher.get(&target.address, |host| {
        tell_user(format_args!("asking {} ({field})", visible(host)));
    });
    let (outcome, says) = match &answer {
        Ok(answer) => judge(answer, &target.wanted),
        Err(why) => (Outcome::Fails, format!("does not answer: {why}")),
    };
    Line {
        field: target.field,
        address: Some(target.address),
        outcome,
        says,
    }
}

fn judge(answer: &Answer, wanted: &Wanted) -> (Outcome, String) {
    let status = answer.status;
    let led = match answer.redirects {
        0 => String::new(),
        _ => format!(", at {}", answer.address),
    };
    if let Wanted::Interface = wanted {
        // Without a body or a key, an interface may well refuse; it is there.
        return match status {
            404 | 410 | 500.. => (Outcome::Fails, format!("answers {status}{led}")),
            _ => (Outcome::Good, format!("answers {status}{led}")),
        };
    }
    if let Some(why) = login(answer) {
        return (Outcome::Fails, format!("{why} ({status}{led})"));
    }
    if !(200..300).contains(&status) {
        return (Outcome::Fails, format!("answers {status}{led}"));
    }
    match wanted {
        Wanted::Bytes(digest) if answer.cut || Sha256::digest(&answer.body).as_slice() != digest => {
            (Outcome::Fails, format!("holds another document than this file{led}"))
        }
        Wanted::Bytes(_) => (Outcome::Good, format!("holds this document, byte for byte{led}")),
        _ => (Outcome::Good, format!("answers {status} without a login{led}")),
    }
}

/// Why an answer looks like a login, where it does: by its status, by where it led, or by a field for a password.
fn login(answer: &Answer) -> Option<&'static str> {
    const WORDS: &[&str] = &[
        "login",
        "log-in",
        "log_in",
        "logon",
        "signin",
        "sign-in",
        "sign_in",
        "auth",
        "authorize",
        "oauth",
        "oauth2",
        "sso",
        "saml",
        "accounts",
    ];
    if answer.asks_for_credentials || matches!(answer.status, 401 | 407) {
        return Some("asks for a login");
    }
    if answer.status == 403 {
        return Some("refuses to show it");
    }
    // Host labels and path segments, not words inside them: "author" and "catalogin" are no logins.
    let (_, rest) = answer.address.split_once("://")?;
    let place = rest.split(['?', '#']).next().unwrap_or_default();
    let mut parts = place.split(['/', '.']).map(str::to_ascii_lowercase);
    if answer.redirects > 0 && parts.any(|part| WORDS.contains(&part.as_str())) {
        return Some("leads to a login");
    }
    let body = String::from_utf8_lossy(&answer.body).to_ascii_lowercase();
    let asks_for_password = ["type=\"password\"", "type='password'", "type=password"]
        .iter()
        .any(|input| body.contains(input));
    asks_for_password.then_some("asks for a password")
}

fn show(args: &DiscloseCheck, line: &Line) -> String {
    let (id, word) = match line.outcome {
        Outcome::Good => ("good", "good "),
        Outcome::NotAsked => ("not_asked", "  -  "),
        Outcome::Fails => ("fails", "fails"),
    };
    if args.json {
        let line = json!({
            "file": display_name(&args.file),
            "field": visible(&line.field),
            "address": line.address.as_deref().map(visible),
            "outcome": id,
            "says": visible(&line.says),
        });
        return format!("{line}\n");
    }
    let address = line.address.as_deref().map(|address| format!(" {}", visible(address)));
    format!(
        "  {word}  {}{}: {}\n",
        visible(&line.field),
        address.unwrap_or_default(),
        visible(&line.says)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, address: &str, redirects: usize, body: &str) -> Answer {
        Answer {
            status,
            address: address.to_owned(),
            redirects,
            asks_for_credentials: false,
            body: body.as_bytes().to_vec(),
            cut: false,
        }
    }

    #[test]
    fn a_login_is_seen_by_status_place_and_form() {
        for (found, expected) in [
            (answer(401, "https://example.org/", 0, ""), Some("asks for a login")),
            (answer(403, "https://example.org/", 0, ""), Some("refuses to show it")),
            (
                answer(200, "https://login.example.org/", 1, ""),
                Some("leads to a login"),
            ),
            (
                answer(200, "https://example.org/a/SignIn?next=b", 2, ""),
                Some("leads to a login"),
            ),
            (
                answer(200, "https://example.org/", 0, "<INPUT TYPE='password'>"),
                Some("asks for a password"),
            ),
            (answer(200, "https://example.org/login-help", 1, ""), None),
            (answer(200, "https://example.org/authors", 1, "<p>password</p>"), None),
            (answer(200, "https://example.org/removal?from=/login", 1, ""), None),
        ] {
            assert_eq!(login(&found), expected, "{}", found.address);
        }
    }

    #[test]
    fn an_interface_is_there_or_not() {
        for (status, good) in [
            (200, true),
            (401, true),
            (405, true),
            (404, false),
            (410, false),
            (503, false),
        ] {
            let (outcome, _) = judge(&answer(status, "https://example.org/api", 0, ""), &Wanted::Interface);
            assert_eq!(outcome == Outcome::Good, good, "{status}");
        }
    }

    #[test]
    fn the_published_document_is_compared() {
        let wanted = Wanted::Bytes(Sha256::digest("a").into());
        let good = |body| judge(&answer(200, "https://example.org/", 0, body), &wanted).0 == Outcome::Good;
        assert!(good("a") && !good("b") && !good("a\n"));
    }
}
