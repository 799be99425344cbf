//! What on this machine would spoil stamps or verdicts: the clock, the signing certificate, who can read the keys (in
//! `secrets`), and trust lists that are out of date.

use serde::Serialize;
use time::macros::format_description;
use time::{Date, OffsetDateTime};
use touchmark::report::visible;
use touchmark::{Signer, TrustLists, Want};
use touchmark_signing::trust::TrustList;

#[cfg(unix)]
use super::secrets::keys;
use crate::args::Signing;
use crate::command::trust::has_publisher;
use crate::config::Config;
use crate::failure::Failure;
use crate::lists::{Lists, day, is_to_come};
use crate::timestamps::Trial;

// The names of the checks, for programs.
const CLOCK: &str = "clock";
const CERTIFICATE: &str = "certificate";
pub const KEYS: &str = "keys";
const LISTS: &str = "trust_lists";
const TIMESTAMPS: &str = "timestamps";
const WATERMARK: &str = "watermark";

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
    pub fn good(check: &'static str, says: String) -> Self {
        Self {
            check,
            outcome: Outcome::Good,
            says,
            next: None,
        }
    }

    pub fn bad(check: &'static str, outcome: Outcome, says: String, next: String) -> Self {
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
pub fn look(signer: &Result<Signer, Failure>, signing: &Signing, config: &Config, now: OffsetDateTime) -> Vec<Finding> {
    let mut findings = vec![clock(now), certificate(signer, now)];
    findings.extend(keys(signing, config));
    findings.extend(lists(config, now));
    findings
}

/// Whose key watermarks are made with; nothing where none are made.
pub fn watermark_key(own: bool, wanted: Want) -> Option<Finding> {
    match (wanted, own) {
        (Want::No, _) => None,
        (_, true) => Some(Finding::good(WATERMARK, "made with a key of your own".to_owned())),
        (_, false) => Some(Finding::bad(
            WATERMARK,
            Outcome::Warning,
            "made with the key that everybody has: good for trying things out, but anyone can copy, plant or remove such marks"
                .to_owned(),
            "name a key of your own with --watermark-key, or as `watermark_key` in the settings".to_owned(),
        )),
    }
}

/// That authorities are configured, and that nobody meant them to be asked now.
pub fn authorities_not_asked(count: usize) -> Option<Finding> {
    let says = match count {
        0 => return None,
        1 => "1 authority configured, not asked (--timestamp URL asks it)".to_owned(),
        many => format!("{many} authorities configured, not asked (--timestamp URL asks one)"),
    };
    Some(Finding::good(TIMESTAMPS, says))
}

/// What came of asking a time-stamp authority.
pub fn authority(trial: &Trial) -> Finding {
    let address = visible(&trial.address);
    match &trial.result {
        Ok(timestamp) if timestamp.trust().is_trusted() => Finding::good(TIMESTAMPS, format!("{address} answers")),
        Ok(_) => Finding::bad(
            TIMESTAMPS,
            Outcome::Warning,
            format!("{address} answers, and is on no list of time-stamp authorities in force here"),
            "readers call its time a claim; name an authority of C2PA's list, or `touchmark trust add` its root"
                .to_owned(),
        ),
        Err(missed) => Finding::bad(
            TIMESTAMPS,
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
    let format = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    let says = now.format(format).unwrap_or_default();
    let shipped = TrustLists::official();
    let newest = shipped.lists().iter().filter_map(|list| list.issued()).max();
    match newest.filter(|newest| now.date() < *newest) {
        None => Finding::good(CLOCK, says),
        Some(newest) => Finding::bad(
            CLOCK,
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
    let signer = match signer {
        Ok(signer) => signer,
        Err(failure) => return Finding::failure(CERTIFICATE, failure),
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
                false => Finding::good(CERTIFICATE, says),
                true => {
                    let next = "`touchmark keys renew` for an identity made here; else ask its issuer for a new one";
                    Finding::bad(CERTIFICATE, Outcome::Warning, says, next.to_owned())
                }
            }
        }
        Err(error) => {
            let failure = Failure::of_signing("use the signing certificate".to_owned(), &error);
            Finding::failure(CERTIFICATE, &failure)
        }
    }
}

#[cfg(not(unix))]
fn keys(_: &Signing, _: &Config) -> Option<Finding> {
    None
}

/// The lists in force: readable, not overdue, and not from a day to come.
fn lists(config: &Config, now: OffsetDateTime) -> Vec<Finding> {
    let lists = match Lists::new(config).and_then(|lists| lists.official_and_added()) {
        Ok(lists) => lists,
        Err(failure) => return vec![Finding::failure(LISTS, &failure)],
    };
    let today = now.date();
    let (mut fine, mut findings) = (Vec::new(), Vec::new());
    for list in lists.lists() {
        match complaint(list, today) {
            None => fine.push(with_age(list, today)),
            Some((says, next)) => findings.push(Finding::bad(LISTS, Outcome::Warning, says, next)),
        }
    }
    if !fine.is_empty() {
        findings.insert(0, Finding::good(LISTS, fine.join(", ")));
    }
    findings
}

/// What is wrong with the dates of a list, and what to do about it.
fn complaint(list: &TrustList, today: Date) -> Option<(String, String)> {
    let name = list.name();
    if let Some(issued) = list.issued().filter(|issued| is_to_come(*issued, today)) {
        return Some((
            format!("{name:?}: issued {}, a day to come", day(issued)),
            format!("look at the clock; where it is right, `touchmark trust remove {name:?}` and get the list again"),
        ));
    }
    let due = list.next_update().filter(|_| list.is_overdue(today))?;
    let next = match has_publisher(name) {
        true => "`touchmark trust update --online`, or `touchmark trust update FILE`".to_owned(),
        false => format!(
            "get its next version from whoever issues it: `touchmark trust update FILE --name {name:?} --issued DATE`"
        ),
    };
    Some((
        format!("{}: an update was due {}", with_age(list, today), day(due)),
        next,
    ))
}

/// A list's name, with its age where that is known.
fn with_age(list: &TrustList, today: Date) -> String {
    match list.issued().map(|issued| (today - issued).whole_days()) {
        None => list.name().to_owned(),
        Some(1) => format!("{} (1 day old)", list.name()),
        // Where it was issued it may be tomorrow already.
        Some(days) => format!("{} ({} days old)", list.name(), days.max(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};
    use touchmark_signing::trust::Purpose;

    #[test]
    fn a_clock_behind_the_shipped_lists_is_wrong() {
        assert_eq!(clock(datetime!(2026-08-04 23:59 UTC)).outcome, Outcome::Fails);
        assert_eq!(clock(datetime!(2026-08-05 0:00 UTC)).outcome, Outcome::Good);
    }

    #[test]
    fn dates_of_lists_are_looked_at_each_for_itself() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::load(Some(folder.path())).unwrap();
        let kept = Lists::new(&config).unwrap();
        let official = TrustLists::official();
        let pem = official.lists()[0].certificates()[0].to_pem();
        let put = |name: &str, issued, next_update| {
            let list = TrustList::from_pem(name, Purpose::Signers, pem.as_bytes()).unwrap();
            kept.add(&list.with_dates(issued, next_update), &pem).unwrap();
        };
        put("Late", Some(date!(2026 - 01 - 01)), Some(date!(2026 - 02 - 01)));
        put("C2PA interim trust list", None, Some(date!(2026 - 02 - 01)));
        // Kept before dates were looked at.
        put("Early", Some(date!(2099 - 01 - 01)), None);
        let findings = lists(&config, datetime!(2026-08-06 0:00 UTC));
        let says = |outcome, words: &str, next: &str| {
            findings.iter().any(|finding| {
                let there = finding.next.as_deref().unwrap_or_default();
                finding.outcome == outcome && finding.says.contains(words) && there.contains(next)
            })
        };
        assert!(says(Outcome::Good, "C2PA trust list (1 day old), ", ""), "{findings:?}");
        assert!(says(
            Outcome::Warning,
            "Late (217 days old): an update was due 2026-02-01",
            "--name \"Late\""
        ));
        assert!(says(Outcome::Warning, "C2PA interim trust list", "--online"));
        assert!(says(
            Outcome::Warning,
            "issued 2099-01-01, a day to come",
            "trust remove \"Early\""
        ));
        assert_eq!(findings.len(), 4);
    }
}
