//! What on this machine would spoil stamps or verdicts: the clock, the signing certificate, who can read the keys, and
//! trust lists that are out of date.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use time::OffsetDateTime;
use time::macros::format_description;
use touchmark::report::visible;
use touchmark::{Signer, TrustLists};

use crate::config::Config;
use crate::failure::Failure;
use crate::lists::{Lists, day};
use crate::timestamps::Trial;

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// Its name, for programs.
    pub check: &'static str,
    pub outcome: Outcome,
    /// What was seen.
    pub says: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What was seen of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Good,
    /// It works, and will not for long, or not as well as it might.
    Warning,
    Fails,
}

impl Finding {
    fn good(check: &'static str, says: String) -> Self {
        Self {
            check,
            outcome: Outcome::Good,
            says,
            next: None,
        }
    }

    fn bad(check: &'static str, outcome: Outcome, says: String, next: String) -> Self {
        Self {
            check,
            outcome,
            says,
            next: Some(next),
        }
    }

    fn failure(check: &'static str, failure: &Failure) -> Self {
        Self::bad(check, Outcome::Fails, failure.says(), failure.next())
    }
}

/// Looks at everything. What is wrong with one thing hides nothing of the others.
pub fn look(signer: &Result<Signer, Failure>, config: &Config, now: OffsetDateTime) -> Vec<Finding> {
    let mut findings = vec![clock(now), certificate(signer, now)];
    findings.extend(keys(config));
    findings.extend(lists(config, now));
    findings
}

/// What came of asking a time-stamp authority.
pub fn authority(trial: &Trial) -> Finding {
    const CHECK: &str = "time-stamps";
    let address = visible(&trial.address);
    match &trial.result {
        Ok(timestamp) if timestamp.trust().is_trusted() => Finding::good(CHECK, format!("{address} answers")),
        Ok(_) => Finding::bad(
            CHECK,
            Outcome::Warning,
            format!("{address} answers, and is on no list of time-stamp authorities in force here"),
            "readers call its time a claim; name an authority of C2PA's list, or `touchmark trust add` its root"
                .to_owned(),
        ),
        Err(missed) => Finding::bad(
            CHECK,
            Outcome::Fails,
            visible(&missed.to_string()),
            missed
                .attempts
                .first()
                .map_or("name an authority", |attempt| attempt.fault.next())
                .to_owned(),
        ),
    }
}

/// A clock that is behind what shipped with this program is wrong. One that is ahead cannot be told without asking
/// somebody.
fn clock(now: OffsetDateTime) -> Finding {
    const CHECK: &str = "clock";
    let format = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    let says = now.format(format).unwrap_or_default();
    let shipped = TrustLists::official();
    let newest = shipped.lists().iter().filter_map(|list| list.issued()).max();
    match newest.filter(|newest| now.date() < *newest) {
        None => Finding::good(CHECK, says),
        Some(newest) => Finding::bad(
            CHECK,
            Outcome::Fails,
            format!(
                "{says}, before {}, when the lists that ship with touchmark were issued",
                day(newest)
            ),
            "set the clock: stamps state its time, and certificates are judged by it".to_owned(),
        ),
    }
}

fn certificate(signer: &Result<Signer, Failure>, now: OffsetDateTime) -> Finding {
    const CHECK: &str = "certificate";
    let signer = match signer {
        Ok(signer) => signer,
        Err(failure) => return Finding::failure(CHECK, failure),
    };
    match signer.check_dates(now) {
        Ok(dates) => {
            let says = format!(
                "{}, valid until {} ({} days)",
                signer.certificate().key_algorithm(),
                day(dates.not_after.date()),
                dates.days_left
            );
            match dates.renewal_due {
                false => Finding::good(CHECK, says),
                true => {
                    let next = "`touchmark keys renew` for an identity made here; else ask its issuer for a new one";
                    Finding::bad(CHECK, Outcome::Warning, says, next.to_owned())
                }
            }
        }
        Err(error) => {
            let failure = Failure::of_signing("use the signing certificate".to_owned(), &error);
            Finding::failure(CHECK, &failure)
        }
    }
}

/// Who can read the files of the identities. Where there is none, nothing is said.
#[cfg(unix)]
fn keys(config: &Config) -> Option<Finding> {
    const CHECK: &str = "keys";
    let folder = config.data_dir().ok()?.join("identities");
    if !folder.exists() {
        return None;
    }
    let open = readable_by_others(&folder);
    let says = |files: &[PathBuf]| {
        let names: Vec<String> = files.iter().map(|file| visible(&file.display().to_string())).collect();
        format!("others on this machine can read {}", names.join(", "))
    };
    Some(match open.as_slice() {
        [] => Finding::good(CHECK, format!("only you can read those in {}", folder.display())),
        files => Finding::bad(
            CHECK,
            Outcome::Fails,
            says(files),
            "`chmod 600` them; if somebody may have copied one, make a new identity and tell those who trust this one"
                .to_owned(),
        ),
    })
}

#[cfg(not(unix))]
fn keys(_: &Config) -> Option<Finding> {
    None
}

/// The files with private keys below a folder that anybody but their owner may read.
#[cfg(unix)]
fn readable_by_others(folder: &Path) -> Vec<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let files = walkdir::WalkDir::new(folder).max_depth(2).sort_by_file_name();
    let files = files.into_iter().flatten().filter(|entry| entry.file_type().is_file());
    files
        .filter(|entry| {
            let others = entry
                .metadata()
                .is_ok_and(|about| about.permissions().mode() & 0o077 != 0);
            others && holds_a_key(entry.path())
        })
        .map(walkdir::DirEntry::into_path)
        .collect()
}

/// Certificates may be read by anybody; what cannot be told is taken for a key.
#[cfg(unix)]
fn holds_a_key(path: &Path) -> bool {
    fs::read(path).map_or(true, |bytes| {
        let bytes = zeroize::Zeroizing::new(bytes);
        bytes.windows(11).any(|window| window == b"PRIVATE KEY")
    })
}

/// The lists in force: readable, and not overdue.
fn lists(config: &Config, now: OffsetDateTime) -> Vec<Finding> {
    const CHECK: &str = "trust_lists";
    let lists = match Lists::new(config).and_then(|lists| lists.official_and_added()) {
        Ok(lists) => lists,
        Err(failure) => return vec![Finding::failure(CHECK, &failure)],
    };
    let today = now.date();
    let overdue: Vec<Finding> = lists
        .lists()
        .iter()
        .filter(|list| list.is_overdue(today))
        .map(|list| {
            let due = list.next_update().map(day).unwrap_or_default();
            Finding::bad(
                CHECK,
                Outcome::Warning,
                format!("{:?}: an update was due {due}", list.name()),
                "`touchmark trust update --online`, or `touchmark trust update FILE`".to_owned(),
            )
        })
        .collect();
    match overdue.is_empty() {
        false => overdue,
        true => {
            let words: Vec<String> = lists
                .lists()
                .iter()
                .map(|list| match list.issued() {
                    Some(issued) => format!("{} ({} days old)", list.name(), (today - issued).whole_days()),
                    None => list.name().to_owned(),
                })
                .collect();
            vec![Finding::good(CHECK, words.join(", "))]
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use time::macros::datetime;

    #[test]
    fn a_clock_behind_the_shipped_lists_is_wrong() {
        assert_eq!(clock(datetime!(2026-08-04 23:59 UTC)).outcome, Outcome::Fails);
        assert_eq!(clock(datetime!(2026-08-05 0:00 UTC)).outcome, Outcome::Good);
    }

    #[test]
    fn keys_that_others_can_read_are_named_and_certificates_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let identity = folder.path().join("studio");
        fs::create_dir(&identity).unwrap();
        let put = |name: &str, text: &str, mode: u32| {
            fs::write(identity.join(name), text).unwrap();
            fs::set_permissions(identity.join(name), fs::Permissions::from_mode(mode)).unwrap();
        };
        put("signing.pem", "-----BEGIN PRIVATE KEY-----", 0o600);
        put("root-certificate.pem", "-----BEGIN CERTIFICATE-----", 0o644);
        assert!(readable_by_others(folder.path()).is_empty());
        put("root.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----", 0o640);
        assert_eq!(readable_by_others(folder.path()), [identity.join("root.pem")]);
    }
}
