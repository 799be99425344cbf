//! `trust update`: puts a newer version in the place of a list, from a file or from its publisher, and says what changes.

use std::path::Path;

use sha2::{Digest, Sha256};
use time::macros::date;
use time::{Date, OffsetDateTime};
use touchmark::report::{hex, visible};
use touchmark_signing::Certificate;
use touchmark_signing::trust::{PublishedList, Purpose, TrustList, TrustLists};

use crate::args::TrustUpdate;
use crate::console::{print, tell_user};
use crate::exit;
use crate::failure::{Code, Failure};
use crate::fetch::Fetcher;
use crate::lists::{self, Lists, day, purpose_word};
use crate::post;

/// The names that C2PA gives its lists (`SchemeName`), and ours.
const OFFICIAL: [(&str, &str); 2] = [
    ("C2PA Trust List", "C2PA trust list"),
    ("C2PA TSA Trust List", "C2PA time-stamping trust list"),
];

/// What the list of the time before the conformance programme is called here.
const INTERIM: &str = "C2PA interim trust list";
/// The day on which that list was frozen (in-the-wild.md 2).
const INTERIM_ISSUED: Date = date!(2026 - 01 - 01);

/// A list and the files that it is published in, at its publisher's.
struct Source {
    name: &'static str,
    address: &'static str,
    files: &'static [&'static str],
}

const SOURCES: [Source; 3] = [
    Source {
        name: "C2PA trust list",
        address: "https://raw.githubusercontent.com/c2pa-org/conformance-public/main/trust-list",
        files: &["C2PA-TRUST-LIST.json"],
    },
    Source {
        name: "C2PA time-stamping trust list",
        address: "https://raw.githubusercontent.com/c2pa-org/conformance-public/main/trust-list",
        files: &["C2PA-TSA-TRUST-LIST.json"],
    },
    Source {
        name: INTERIM,
        address: "https://contentcredentials.org/trust",
        // Issuers, and certificates of single signers.
        files: &["anchors.pem", "allowed.pem"],
    },
];

/// Whether `trust update --online` knows where to get this list.
pub fn has_publisher(name: &str) -> bool {
    SOURCES.iter().any(|source| source.name == name)
}

/// A new version of a list.
struct Version {
    list: TrustList,
    pem: String,
}

pub fn run(args: &TrustUpdate, lists: &Lists) -> Result<u8, Failure> {
    let in_force = lists.official_and_added()?;
    let Some(file) = &args.file else {
        return online(args, lists, &in_force);
    };
    let bytes = lists::read_bytes(file)?;
    let version = of_file(args, file, &bytes, &in_force)?;
    put(version, args, lists, &in_force)?;
    Ok(exit::DONE)
}

/// Fetches every list; one that cannot be had does not stop the others.
fn online(args: &TrustUpdate, lists: &Lists, in_force: &TrustLists) -> Result<u8, Failure> {
    let fetcher = Fetcher::new(args.allow_private);
    let wanted: Vec<&Source> = match &args.name {
        None => SOURCES.iter().collect(),
        Some(name) => match SOURCES.iter().find(|source| source.name == name) {
            Some(source) => vec![source],
            None => {
                let names = SOURCES.map(|source| format!("{:?}", source.name)).join(", ");
                return Err(
                    Failure::new(Code::TrustListNotNamed, format!("fetch the trust list {name:?}"))
                        .because(format!("touchmark knows the publishers of {names} alone")),
                );
            }
        },
    };
    let mut code = exit::DONE;
    for source in wanted {
        let updated = fetch(source, args, &fetcher).and_then(|version| put(version, args, lists, in_force));
        if let Err(failure) = updated {
            tell_user(&failure);
            code = failure.code().exit();
        }
    }
    Ok(code)
}

fn fetch(source: &Source, args: &TrustUpdate, fetcher: &Fetcher) -> Result<Version, Failure> {
    let base = args.mirror.as_deref().unwrap_or(source.address).trim_end_matches('/');
    let mut bodies = Vec::new();
    for file in source.files {
        let address = format!("{base}/{file}");
        let failed = |why: String| {
            Failure::new(Code::NotFetched, format!("fetch {}", visible(&post::shown(&address)))).because(why)
        };
        let answer = fetcher
            .get(&address, |host| tell_user(format_args!("asking {}", visible(host))))
            .map_err(|error| failed(error.to_string()))?;
        match answer.status {
            200 if !answer.cut => bodies.push(answer.body),
            200 => return Err(failed("it is larger than a list is".to_owned())),
            status => return Err(failed(format!("HTTP status {status}"))),
        }
    }
    let [bytes] = bodies.as_slice() else {
        return of_pem(
            source.name,
            Purpose::Legacy,
            (Some(INTERIM_ISSUED), None),
            String::from_utf8_lossy(&bodies.join(&b'\n')).into_owned(),
        );
    };
    let version = of_json(bytes, source.name)?;
    match version.list.name() == source.name {
        true => Ok(version),
        false => Err(
            Failure::new(Code::TrustListUnusable, format!("update {:?}", source.name))
                .because(format!("what came is {:?}", version.list.name()))
                .with_next("look whether the address given with --mirror has the files of the publisher".to_owned()),
        ),
    }
}

fn of_file(args: &TrustUpdate, file: &Path, bytes: &[u8], in_force: &TrustLists) -> Result<Version, Failure> {
    if PublishedList::is_json(bytes) {
        return of_json(bytes, &file.display().to_string());
    }
    let what = || format!("update a trust list from {}", file.display());
    let name = args
        .name
        .as_deref()
        .ok_or_else(|| Failure::new(Code::TrustListNotNamed, what()))?;
    if lists::is_official(name) {
        return Err(Failure::new(Code::TrustListUnusable, what())
            .because(format!("PEM does not say whose list it is, and {name:?} is C2PA's"))
            .with_next(
                "give the JSON that C2PA publishes, or use --online; certificates of others go to `touchmark trust add` \
                 under a name of their own"
                    .to_owned(),
            ));
    }
    let old = in_force.lists().iter().find(|list| list.name() == name);
    let purpose = match old {
        Some(old) => old.purpose(),
        None => {
            return Err(Failure::new(Code::NoTrustList, what()).with_next(
                "`touchmark trust list` shows those there are; `touchmark trust add` adds one that is new".to_owned(),
            ));
        }
    };
    let dates = (
        args.issued.as_deref().map(lists::parse_day).transpose()?,
        args.next_update.as_deref().map(lists::parse_day).transpose()?,
    );
    of_pem(name, purpose, dates, lists::to_pem(bytes, file)?)
}

/// One of C2PA's own lists: the only ones whose JSON says what they are for.
fn of_json(bytes: &[u8], source: &str) -> Result<Version, Failure> {
    let failed = |error: &_| Failure::of_signing(format!("use the trust list {}", visible(source)), error);
    let published = PublishedList::from_json(bytes).map_err(|error| failed(&error))?;
    let official = TrustLists::official();
    let ours = OFFICIAL.iter().find(|(theirs, _)| *theirs == published.name);
    let Some(old) = ours.and_then(|(_, ours)| official.lists().iter().find(|list| list.name() == *ours)) else {
        return Err(Failure::new(
            Code::TrustListUnusable,
            format!("use the trust list {}", visible(source)),
        )
        .because(format!(
            "it calls itself {:?}, which is none of C2PA's own",
            visible(&published.name)
        ))
        .with_next("give its certificates to `touchmark trust add`, as PEM, DER or PKCS#7".to_owned()));
    };
    if published.left_out > 0 {
        tell_user(format_args!(
            "note: {:?} states another status than \"trusted\" of {}: left out",
            old.name(),
            lists::certificates(published.left_out)
        ));
    }
    let list = TrustList::from_pem(old.name(), old.purpose(), published.pem.as_bytes())
        .map_err(|error| failed(&error))?
        .with_dates(Some(published.issued), published.next_update)
        .with_sha256(Sha256::digest(bytes).into());
    Ok(Version {
        list,
        pem: published.pem,
    })
}

fn of_pem(
    name: &str,
    purpose: Purpose,
    (issued, next_update): (Option<Date>, Option<Date>),
    pem: String,
) -> Result<Version, Failure> {
    let list = TrustList::from_pem(name, purpose, pem.as_bytes())
        .map_err(|error| Failure::of_signing(format!("use the trust list {name:?}"), &error))?
        .with_dates(issued, next_update);
    Ok(Version { list, pem })
}

/// Says what changes, and puts the new version in its place. An older one is refused: whoever could hold back a list
/// could bring back a signer who was struck off.
fn put(new: Version, args: &TrustUpdate, lists: &Lists, in_force: &TrustLists) -> Result<(), Failure> {
    let list = &new.list;
    lists::check_dates(list, OffsetDateTime::now_utc().date())?;
    lists::tell_of_skipped(list, &format_args!("{:?}", list.name()));
    let old = in_force.lists().iter().find(|old| old.name() == list.name());
    if let Some(old) = old {
        let same = old.certificates() == list.certificates()
            && old.issued() == list.issued()
            && old.next_update() == list.next_update();
        if same {
            return print(&format!(
                "{}: up to date, issued {}\n  sha256 {} (now), {} (new)\n",
                list.name(),
                issued(list),
                hex(&old.sha256()),
                hex(&list.sha256())
            ));
        }
        let shipped = TrustLists::official();
        let shipped = shipped.lists().iter().find(|shipped| shipped.name() == list.name());
        let refused = |than: &TrustList, which: &str| {
            Err(
                Failure::new(Code::TrustListOlder, format!("update {:?}", list.name())).because(format!(
                    "the one {which} was issued {}, this one {}",
                    issued(than),
                    issued(list)
                )),
            )
        };
        match shipped {
            Some(shipped) if !lists::supersedes(list, shipped) => {
                return refused(shipped, "that ships with touchmark")
                    .map_err(|failure: Failure| failure.with_next("get the newest one from its publisher".to_owned()));
            }
            _ if !lists::supersedes(list, old) && !args.force => return refused(old, "in force"),
            _ => {}
        }
    }
    print(&changes(old, list))?;
    if args.dry_run {
        return print("  nothing was written (--dry-run)\n");
    }
    lists.replace(list, &new.pem)
}

/// What a new version changes, for people: dates, digests, and each certificate that comes or goes.
fn changes(old: Option<&TrustList>, new: &TrustList) -> String {
    let certificates = |list: Option<&TrustList>| list.map(TrustList::certificates).unwrap_or_default().to_vec();
    let (before, after) = (certificates(old), certificates(Some(new)));
    let mut out = format!(
        "{} [{}]: issued {}, before {}; {}, before {}\n  sha256 before {}\n  sha256 after  {}\n",
        new.name(),
        purpose_word(new.purpose()),
        issued(new),
        old.map_or_else(|| "not there".to_owned(), issued),
        lists::certificates(after.len()),
        before.len(),
        old.map_or_else(|| "none".to_owned(), |old| hex(&old.sha256())),
        hex(&new.sha256())
    );
    let mut tell = |mark: char, of: &[Certificate], than: &[Certificate]| {
        for certificate in of.iter().filter(|one| !than.contains(one)) {
            out.push_str(&format!("  {mark} {}\n", name(certificate)));
        }
    };
    tell('-', &before, &after);
    tell('+', &after, &before);
    out
}

fn issued(list: &TrustList) -> String {
    list.issued().map_or_else(|| "on a day not stated".to_owned(), day)
}

/// A certificate in one line; its names are whatever its maker wrote.
fn name(certificate: &Certificate) -> String {
    let subject = certificate.subject();
    let parts = [&subject.organisation, &subject.common_name];
    let names: Vec<String> = parts.into_iter().flatten().map(|part| visible(part)).collect();
    format!(
        "{}, until {}, sha256 {}",
        names.join(", "),
        day(certificate.not_after().date()),
        hex(&certificate.sha256()[..8])
    )
}
