//! The trust lists on this machine: the official ones that ship with touchmark, and those that were added, a file each.

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Duration};
use touchmark::report::{hex, visible};
use touchmark_signing::trust::{MAX_LIST_BYTES, Purpose, SkipReason, TrustList, TrustLists};
use touchmark_signing::{Certificate, CertificateFault, Error as SigningError, TrustListFault, read_certificates};

use crate::config::Config;
use crate::console::tell_user;
use crate::draft::WriteOptions;
use crate::failure::{Code, Failure};
use crate::files;
use crate::identities::Identities;

/// A date as lists state it.
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// The folder of added lists.
#[derive(Debug)]
pub struct Lists {
    folder: PathBuf,
}

/// An added list as it is kept.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    name: String,
    purpose: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next_update: Option<String>,
    /// SHA-256 of the file as published, where the PEM was made from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    /// Whether it stands in the place of a list that ships with touchmark.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    official: bool,
    pem: String,
}

impl Lists {
    pub fn new(config: &Config) -> Result<Self, Failure> {
        Ok(Self {
            folder: config.data_dir()?.join("trust"),
        })
    }

    /// The lists in force: official, added, and the roots of this machine's local identity.
    pub fn in_force(&self, identities: &Identities) -> Result<TrustLists, Failure> {
        Ok(with_local(self.official_and_added()?, identities))
    }

    /// The official lists and those that were added, no two of one name.
    ///
    /// One that cannot be used is a failure: left out, it would change verdicts without a word.
    pub fn official_and_added(&self) -> Result<TrustLists, Failure> {
        let mut lists = TrustLists::official();
        for path in self.files()? {
            let (list, official) = load(&path).map_err(|failure| unusable(failure, &path))?;
            if official {
                lists = newer(lists, list);
                continue;
            }
            if is_taken(list.name(), &lists) {
                let failure = Failure::new(Code::TrustListExists, "")
                    .because(format!("another list is called {:?} too", list.name()));
                return Err(unusable(failure, &path));
            }
            lists = lists.with(list);
        }
        Ok(lists)
    }

    /// The files of the lists that were added, in order.
    fn files(&self) -> Result<Vec<PathBuf>, Failure> {
        let failed = |error: io::Error| Failure::reading(&self.folder, &error);
        let mut paths = Vec::new();
        match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
            Ok(entries) => {
                for entry in entries {
                    paths.push(entry.map_err(failed)?.path());
                }
            }
        }
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        paths.sort();
        Ok(paths)
    }

    /// Keeps a list. An existing one of the same name stays, the official ones included.
    pub fn add(&self, list: &TrustList, pem: &str) -> Result<(), Failure> {
        if is_taken(list.name(), &self.official_and_added()?) {
            return Err(Failure::new(
                Code::TrustListExists,
                format!("add the trust list {:?}", list.name()),
            ));
        }
        self.write(list, pem, false).map_err(|failure| match failure.code() {
            Code::OutputExists => Failure::new(Code::TrustListExists, format!("add the trust list {:?}", list.name())),
            _ => failure,
        })
    }

    /// Keeps a list in the place of the one of its name, which may be one that ships with touchmark.
    pub fn replace(&self, list: &TrustList, pem: &str) -> Result<(), Failure> {
        self.write(list, pem, true)
    }

    fn write(&self, list: &TrustList, pem: &str, replace: bool) -> Result<(), Failure> {
        let path = self.path(list.name());
        let stored = Stored {
            name: list.name().to_owned(),
            purpose: purpose_word(list.purpose()).to_owned(),
            issued: list.issued().map(day),
            next_update: list.next_update().map(day),
            sha256: Some(hex(&list.sha256())),
            official: is_official(list.name()),
            pem: pem.to_owned(),
        };
        let text = toml::to_string(&stored)
            .map_err(|error| Failure::new(Code::Library, format!("write {}", path.display())).because(error))?;
        fs::create_dir_all(&self.folder).map_err(|error| Failure::writing(&self.folder, &error))?;
        files::write_atomic(
            &path,
            text.as_bytes(),
            WriteOptions {
                replace,
                sync: true,
                private: false,
            },
        )
    }

    /// Removes a list that was added.
    pub fn remove(&self, name: &str) -> Result<(), Failure> {
        let path = self.path(name);
        fs::remove_file(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Failure::new(Code::NoTrustList, format!("remove the trust list {name:?}")),
            _ => Failure::writing(&path, &error),
        })
    }

    /// The file of a list: its name with everything but letters and digits as `-`, and a hash of the name itself so
    /// that two names never share a file.
    fn path(&self, name: &str) -> PathBuf {
        let words: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '-'
                }
            })
            .take(40)
            .collect();
        let hash = hex(&Sha256::digest(name)[..8]);
        self.folder.join(format!("{words}-{hash}.toml"))
    }
}

/// Whether a list may stand in the place of another: it was issued no earlier. One of the same day corrects the other.
pub fn supersedes(update: &TrustList, other: &TrustList) -> bool {
    update.issued() >= other.issued()
}

/// The lists with a newer version of one of them. An older one than ships with touchmark has served its time.
fn newer(lists: TrustLists, update: TrustList) -> TrustLists {
    let is_it = |list: &TrustList| list.name() == update.name() && list.purpose() == update.purpose();
    lists.lists().iter().fold(TrustLists::empty(), |all, list| {
        let replaces = is_it(list) && supersedes(&update, list);
        all.with(if replaces { update.clone() } else { list.clone() })
    })
}

/// Adds the roots of this machine's local identity, which mark a signer as local and never as trusted.
pub fn with_local(lists: TrustLists, identities: &Identities) -> TrustLists {
    match identities.local_root() {
        Ok(Some(root)) => lists.with_local_root(root),
        Ok(None) => lists,
        Err(failure) => {
            // Verifying goes on without it: what it signed is then called "unknown", which is no less true.
            tell_user(format_args!(
                "warning[{}]: {}; what it stamped shows as \"signer unknown\"\n  what to do:    {}",
                failure.code().id(),
                failure.says(),
                failure.next()
            ));
            lists
        }
    }
}

/// The name of a list that is given as a file: the file's, unless that would pose as another list.
pub fn name_of_file(path: &Path, lists: &TrustLists) -> String {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    match is_taken(&name, lists) || is_official(&name) {
        true => format!("the file {}", path.display()),
        false => name,
    }
}

/// Whether this is the name of a list that ships with touchmark, as people read names.
pub fn is_official(name: &str) -> bool {
    is_taken(name, &TrustLists::official())
}

/// Whether a list of this name stands there already, as people read names: case and spaces aside.
fn is_taken(name: &str, lists: &TrustLists) -> bool {
    lists.lists().iter().any(|list| as_read(list.name()) == as_read(name))
}

fn as_read(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether a list can have this name: it is shown in reports, where nothing may hide in it.
pub fn check_name(name: &str) -> Result<(), Failure> {
    let good = !name.trim().is_empty() && name.chars().count() <= 100 && visible(name) == name;
    match good {
        true => Ok(()),
        false => Err(Failure::new(Code::TrustListName, format!("use the name {name:?}"))),
    }
}

/// Whether a list can have its dates: issued by now, and its next version due no earlier than it. One from the future
/// would keep out every later one as older.
pub fn check_dates(list: &TrustList, today: Date) -> Result<(), Failure> {
    let failed = |why: String| {
        let what = format!("use the trust list {:?}", list.name());
        Err(Failure::new(Code::TrustListDates, what).because(why))
    };
    match (list.issued(), list.next_update()) {
        (Some(issued), _) if is_to_come(issued, today) => {
            failed(format!("it was issued {}, and today is {}", day(issued), day(today)))
        }
        (Some(issued), Some(next)) if next < issued => failed(format!(
            "it was issued {}, and its next version due {}",
            day(issued),
            day(next)
        )),
        _ => Ok(()),
    }
}

/// Whether a day is to come wherever one is: somewhere it is tomorrow already.
pub fn is_to_come(date: Date, today: Date) -> bool {
    date - today > Duration::DAY
}

fn unusable(failure: Failure, path: &Path) -> Failure {
    failure
        .recast(
            Code::AddedListUnusable,
            format!("use the trust list in {}", path.display()),
        )
        .with_next(format!(
            "delete {}, or `touchmark trust remove` its list; then add it again",
            path.display()
        ))
}

/// Reads a list for a purpose from a file of PEM, DER or PKCS#7. Certificates that are left out are named on standard
/// error.
pub fn read(path: &Path, name: &str, purpose: Purpose) -> Result<(TrustList, String), Failure> {
    let pem = to_pem(&read_bytes(path)?, path)?;
    let list = parse(name, purpose, &pem, path)?;
    tell_of_skipped(&list, &path.display());
    Ok((list, pem))
}

/// Reads the file of a list, under the limit of one.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    files::read(path, MAX_LIST_BYTES as u64).map_err(|failure| match failure.code() {
        Code::OverLimit => failure
            .recast(
                Code::TrustListUnusable,
                format!("use the trust list {}", files::display_name(path)),
            )
            .with_next(FEWER.to_owned()),
        _ => failure,
    })
}

/// What to do about a list that is over a limit.
pub const FEWER: &str = "divide it: a list has at most 2,000 certificates and 4 MiB; PKCS#7 at most 64 certificates";

/// The certificates of a file as PEM. PEM stays as it is, so that what cannot be read in it is named; DER and PKCS#7
/// become PEM. What is neither is left for the reader of PEM to refuse.
pub fn to_pem(bytes: &[u8], path: &Path) -> Result<String, Failure> {
    // Its purpose is of no account here.
    let is_pem = !matches!(
        TrustList::from_pem("", Purpose::Legacy, bytes),
        Err(SigningError::TrustList(TrustListFault::Empty))
    );
    let kept = || String::from_utf8_lossy(bytes).into_owned();
    if is_pem {
        return Ok(kept());
    }
    match read_certificates(bytes) {
        Ok(certificates) => Ok(certificates.iter().map(Certificate::to_pem).collect()),
        Err(SigningError::Certificate(fault @ (CertificateFault::TooMany | CertificateFault::TooLarge))) => {
            let what = format!("use the trust list {}", files::display_name(path));
            Err(Failure::new(Code::TrustListUnusable, what)
                .because(fault)
                .with_next(FEWER.to_owned()))
        }
        Err(_) => Ok(kept()),
    }
}

/// So many certificates, in words.
pub fn certificates(count: usize) -> String {
    match count {
        1 => "1 certificate".to_owned(),
        many => format!("{many} certificates"),
    }
}

/// Names the certificates of a list that are left out.
pub fn tell_of_skipped(list: &TrustList, source: &dyn Display) {
    for skipped in list.skipped() {
        let why = match skipped.why {
            SkipReason::Repeated => "it stands in the list already",
            _ => "it cannot be read",
        };
        tell_user(format_args!(
            "warning: {source}: certificate {} was left out: {why}",
            skipped.position
        ));
    }
}

/// A day as `YYYY-MM-DD`.
pub fn day(date: Date) -> String {
    date.format(DAY).unwrap_or_default()
}

/// Reads a day.
pub fn parse_day(text: &str) -> Result<Date, Failure> {
    Date::parse(text, DAY).map_err(|error| Failure::new(Code::Time, format!("read the date {text:?}")).because(error))
}

/// The word for a purpose.
pub fn purpose_word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Signers => "signers",
        Purpose::Timestamps => "timestamps",
        Purpose::Legacy => "legacy",
    }
}

fn parse(name: &str, purpose: Purpose, pem: &str, path: &Path) -> Result<TrustList, Failure> {
    TrustList::from_pem(name, purpose, pem.as_bytes())
        .map_err(|error| Failure::of_signing(format!("use the trust list {}", path.display()), &error))
}

/// A list as it is kept, and whether it stands in the place of an official one.
fn load(path: &Path) -> Result<(TrustList, bool), Failure> {
    let text = files::read_text(path, 2 * MAX_LIST_BYTES as u64)?;
    let failed = |why: String| Failure::new(Code::TrustListUnusable, format!("read {}", path.display())).because(why);
    let stored: Stored = toml::from_str(&text).map_err(|error| failed(error.message().to_owned()))?;
    check_name(&stored.name)?;
    let purpose = [Purpose::Signers, Purpose::Timestamps, Purpose::Legacy]
        .into_iter()
        .find(|purpose| purpose_word(*purpose) == stored.purpose)
        .ok_or_else(|| failed(format!("unknown purpose {:?}", stored.purpose)))?;
    let issued = stored.issued.as_deref().map(parse_day).transpose()?;
    let next_update = stored.next_update.as_deref().map(parse_day).transpose()?;
    let list = parse(&stored.name, purpose, &stored.pem, path)?.with_dates(issued, next_update);
    let list = match &stored.sha256 {
        Some(digits) => list.with_sha256(digest(digits).ok_or_else(|| failed("sha256 is no digest".to_owned()))?),
        None => list,
    };
    Ok((list, stored.official))
}

/// A digest from its 64 hexadecimal digits.
fn digest(digits: &str) -> Option<[u8; 32]> {
    let byte = |at: usize| u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..32).map(byte).collect();
    bytes.filter(|_| digits.len() == 64)?.try_into().ok()
}
