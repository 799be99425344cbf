//! `stamp`: signs pictures at generation.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use time::OffsetDateTime;
use touchmark::{Disclosure, Limits, Signer, Stamped, Stamper};
use touchmark_signing::Passphrase;

use crate::args::{KeyReference, Stamp};
use crate::config::{Config, Key};
use crate::console::{print, tell_user};
use crate::disclosures;
use crate::exit;
use crate::failure::{Code, Failure};
use crate::files::{self, WriteOptions, display_name, is_dash};
use crate::identities::{self, DEFAULT, Identities, LOCAL, read_secret};

/// Certificates and their issuers take a few kilobytes.
const MAX_CERTIFICATES_BYTES: u64 = 256 * 1024;

/// Where a stamped picture goes.
#[derive(Debug, Clone)]
enum Output {
    Stdout,
    File(PathBuf),
}

pub fn run(args: &Stamp, config: &Config) -> Result<u8, Failure> {
    let now = OffsetDateTime::now_utc();
    let jobs = plan(args)?;
    let disclosure = disclosure(args, config)?;
    let (signer, identity) = signer(args, config, now)?;
    check_dates(&signer, identity.as_deref(), now)?;
    let stamper = Stamper::new(signer)
        .map_err(|error| Failure::of_touchmark("prepare the identity for stamping".to_owned(), &error))?;

    let mut failures = Vec::new();
    for (input, output) in &jobs {
        if let Err(failure) = stamp(args, &stamper, &disclosure, input, output) {
            tell_user(&failure);
            if args.json {
                let line = json!({
                    "input": display_name(input),
                    "error": { "code": failure.code().id(), "says": failure.says() },
                });
                print_beside(output, &line.to_string())?;
            }
            failures.push(failure.code().exit());
        }
    }
    if failures.len() < jobs.len() {
        say_what_strangers_see(stamper.signer(), &disclosure);
    }
    if jobs.len() > 1 && !failures.is_empty() {
        tell_user(format_args!(
            "{} of {} pictures were not stamped",
            failures.len(),
            jobs.len()
        ));
        return Ok(exit::SOME_NOT_MET);
    }
    Ok(failures.first().copied().unwrap_or(exit::DONE))
}

/// Each input with its output, refused where two would meet in one file.
fn plan(args: &Stamp) -> Result<Vec<(&Path, Option<Output>)>, Failure> {
    if args.output.is_some() && args.images.len() > 1 {
        return Err(Failure::new(Code::OneOutput, "stamp several pictures into one file"));
    }
    if args.images.len() > 1 && args.images.iter().any(|input| is_dash(input)) {
        return Err(Failure::new(
            Code::OneOutput,
            "stamp standard input together with other pictures",
        ));
    }
    refuse_collisions(&args.images)?;
    Ok(args
        .images
        .iter()
        .map(|input| {
            let output = match &args.output {
                Some(path) if is_dash(path) => Some(Output::Stdout),
                Some(path) => Some(Output::File(path.clone())),
                None if is_dash(input) => Some(Output::Stdout),
                // Named once the content has told the format.
                None => None,
            };
            (input.as_path(), output)
        })
        .collect())
}

/// Refuses inputs whose default outputs could have one name, before anything is read: an input without an extension is
/// given that of its content, which may be any other's.
fn refuse_collisions(inputs: &[PathBuf]) -> Result<(), Failure> {
    let mut seen: HashMap<_, HashSet<Option<OsString>>> = HashMap::new();
    for input in inputs {
        let folder = match input.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let stem = input.file_stem().map(as_file_name);
        let extension = input.extension().map(as_file_name);
        let taken = seen.entry((folder, stem)).or_default();
        if taken.contains(&extension) || taken.contains(&None) || (extension.is_none() && !taken.is_empty()) {
            let what = format!("stamp {}: the name of its output is taken", display_name(input));
            return Err(Failure::new(Code::SameOutput, what));
        }
        taken.insert(extension);
    }
    Ok(())
}

/// A name as the usual file system of this operating system compares it.
fn as_file_name(name: &OsStr) -> OsString {
    if cfg!(any(windows, target_os = "macos")) {
        name.to_string_lossy().to_lowercase().into()
    } else {
        name.to_owned()
    }
}

fn stamp(
    args: &Stamp,
    stamper: &Stamper,
    disclosure: &Disclosure,
    input: &Path,
    output: &Option<Output>,
) -> Result<(), Failure> {
    let bytes = files::read(input, Limits::default().max_bytes)?;
    let now = OffsetDateTime::now_utc();
    let stamped = stamper
        .stamp(&bytes, disclosure, now)
        .map_err(|error| Failure::of_touchmark(format!("stamp {}", display_name(input)), &error))?;
    drop(bytes);
    let output = output
        .clone()
        .unwrap_or_else(|| Output::File(files::stamped_name(input, extension(&stamped))));
    match &output {
        Output::Stdout => files::write_stdout(stamped.bytes())?,
        Output::File(path) => {
            warn_of_extension(path, &stamped);
            let options = WriteOptions {
                replace: args.force,
                sync: !args.no_sync,
                private: false,
            };
            files::write_atomic(path, stamped.bytes(), options)?;
        }
    }
    tell(args, stamper, disclosure, input, &output, &stamped)
}

/// Says what was done: on standard output for programs, on standard error for people where the picture takes the other.
fn tell(
    args: &Stamp,
    stamper: &Stamper,
    disclosure: &Disclosure,
    input: &Path,
    output: &Output,
    stamped: &Stamped,
) -> Result<(), Failure> {
    let record = stamped.record();
    let to_stdout = matches!(output, Output::Stdout);
    let name = match output {
        Output::Stdout => "standard output".to_owned(),
        Output::File(path) => display_name(path),
    };
    if args.json {
        let line = json!({
            "input": display_name(input),
            "output": name,
            "format": record.format.id(),
            "manifest": record.manifest,
            "layers": ["manifest"],
            "signer": stamper.signer().subject().organisation,
            "local_identity": stamper.signer().is_local(),
            "disclosure_filled": disclosure.is_filled(),
            "bytes": stamped.bytes().len(),
        });
        print_beside(&Some(output.clone()), &line.to_string())?;
    } else if !to_stdout {
        print(&format!("{}: stamped as {name}\n", display_name(input)))?;
    }
    Ok(())
}

/// Prints a line for programs where the picture does not go.
fn print_beside(output: &Option<Output>, line: &str) -> Result<(), Failure> {
    match output {
        Some(Output::Stdout) => {
            tell_user(line);
            Ok(())
        }
        _ => print(&format!("{line}\n")),
    }
}

fn extension(stamped: &Stamped) -> &'static str {
    stamped.record().format.extensions().first().copied().unwrap_or("img")
}

fn warn_of_extension(path: &Path, stamped: &Stamped) {
    let format = stamped.record().format;
    let given = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    if let Some(given) = given.filter(|given| !format.extensions().contains(&given.as_str())) {
        tell_user(format_args!(
            "warning: {} holds {}, though its name ends in .{given}",
            display_name(path),
            format.name()
        ));
    }
}

fn disclosure(args: &Stamp, config: &Config) -> Result<Disclosure, Failure> {
    let path = args.disclosure.as_deref().or_else(|| config.path(Key::Disclosure));
    let Some(path) = path else {
        return Ok(Disclosure::unfilled());
    };
    disclosures::load(path)
}

/// What signs, with the identity's name where it is one: by key, by name, the default identity, or the local one that
/// a first run makes.
fn signer(args: &Stamp, config: &Config, now: OffsetDateTime) -> Result<(Signer, Option<String>), Failure> {
    let passphrase = identities::passphrase(args.passphrase_file.as_deref())?;
    if let Some((key, certificates)) = args.key.as_ref().zip(args.certificates.as_ref()) {
        return Ok((signer_of_key(key, certificates, passphrase.as_ref())?, None));
    }
    let identities = Identities::new(config)?;
    let named = args.identity.as_deref().or_else(|| config.get(Key::Identity));
    if let Some(name) = named.or_else(|| identities.has(DEFAULT).then_some(DEFAULT)) {
        return Ok((identities.open(name, passphrase.as_ref())?, Some(name.to_owned())));
    }
    let (signer, new) = identities.open_local(now)?;
    if new {
        tell_user("note: made a local identity for this machine; it is kept for the next stamps");
    }
    Ok((signer, Some(LOCAL.to_owned())))
}

/// No message says more of the reference than its scheme: what was typed in its place may be the key itself.
fn signer_of_key(
    reference: &KeyReference,
    certificates: &Path,
    passphrase: Option<&Passphrase>,
) -> Result<Signer, Failure> {
    let path = reference.file().ok_or_else(|| {
        Failure::new(Code::KeyReference, "use the key").because(match reference.scheme() {
            Some(scheme) => format!("{scheme}: is not supported yet"),
            None => "what was given does not begin with file:".to_owned(),
        })
    })?;
    let key = read_secret(path).map_err(|failure| {
        let code = failure.code();
        failure.recast(code, "read the file given with --key")
    })?;
    let certificates = files::read_text(certificates, MAX_CERTIFICATES_BYTES)?;
    identities::signer(&key, &certificates, passphrase)
        .map_err(|error| Failure::of_signing("use the key given with --key".to_owned(), &error))
}

/// An expired certificate is refused before any picture is read; one that is about to expire is worth a warning.
fn check_dates(signer: &Signer, identity: Option<&str>, now: OffsetDateTime) -> Result<(), Failure> {
    let next = match identity {
        Some(DEFAULT) => "`touchmark keys renew` makes a new one".to_owned(),
        Some(name) => format!("`touchmark keys renew --name {name}` makes a new one"),
        None => "ask its issuer for a new one".to_owned(),
    };
    let dates = signer.check_dates(now).map_err(|error| {
        let failure = Failure::of_signing("use the signing certificate".to_owned(), &error);
        match failure.code() {
            Code::Expired => failure.with_next(next.clone()),
            _ => failure,
        }
    })?;
    if dates.renewal_due {
        tell_user(format_args!(
            "warning: the signing certificate expires in {} days; {next}",
            dates.days_left
        ));
    }
    Ok(())
}

fn say_what_strangers_see(signer: &Signer, disclosure: &Disclosure) {
    if signer.is_local() {
        tell_user(format_args!(
            "note: signed with this machine's local identity, which nobody checked: strangers will see \"signer unknown\""
        ));
    }
    if !disclosure.is_filled() {
        tell_user(format_args!(
            "note: the disclosure is not filled in: the stamp names no provider, system or contact (--disclosure)"
        ));
    }
}
