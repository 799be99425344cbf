//! `stamp`: signs pictures at generation.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde_json::json;
use time::OffsetDateTime;
use touchmark::{Disclosure, Limits, Signer, Stamped, Stamper};

use crate::args::Stamp;
use crate::config::{Config, Key};
use crate::console::{print, tell_user};
use crate::exit;
use crate::failure::{Code, Failure};
use crate::files::{self, WriteOptions, display_name, is_dash};
use crate::identities::{self, DEFAULT, Identities, read_secret};

/// A disclosure is a page of text.
const MAX_DISCLOSURE_BYTES: u64 = 256 * 1024;

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
    let signer = signer(args, config, now)?;
    check_dates(&signer, now)?;
    let stamper = Stamper::new(signer)
        .map_err(|error| Failure::of_touchmark("prepare the identity for stamping".to_owned(), &error))?;

    let mut failures = Vec::new();
    for (input, output) in &jobs {
        if let Err(failure) = stamp(args, &stamper, &disclosure, input, output) {
            tell_user(&failure);
            failures.push(failure.code().exit());
        }
    }
    if failures.len() < jobs.len() {
        say_what_strangers_see(stamper.signer(), &disclosure);
    }
    if jobs.len() > 1 && !failures.is_empty() {
        tell_user(format_args!("{} of {} pictures were not stamped", failures.len(), jobs.len()));
        return Ok(exit::SOME_NOT_MET);
    }
    Ok(failures.first().copied().unwrap_or(exit::DONE))
}

/// Each input with its output, refused where two would meet in one file.
fn plan(args: &Stamp) -> Result<Vec<(&Path, Option<Output>)>, Failure> {
    if args.output.is_some() && args.images.len() > 1 {
        return Err(Failure::new(Code::OneOutput, "stamp several pictures into one file"));
    }
    let mut seen = HashSet::new();
    args.images
        .iter()
        .map(|input| {
            let output = match &args.output {
                Some(path) if is_dash(path) => Some(Output::Stdout),
                Some(path) => Some(Output::File(path.clone())),
                None if is_dash(input) => Some(Output::Stdout),
                // Named once the content has told the format.
                None => None,
            };
            if !seen.insert(files::stamped_name(input, "")) {
                return Err(Failure::new(
                    Code::SameOutput,
                    format!("stamp {} twice", display_name(input)),
                ));
            }
            Ok((input.as_path(), output))
        })
        .collect()
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
        if to_stdout {
            tell_user(line);
        } else {
            print(&format!("{line}\n"))?;
        }
    } else if !to_stdout {
        print(&format!("{}: stamped as {name}\n", display_name(input)))?;
    }
    Ok(())
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
    let path = args
        .disclosure
        .as_deref()
        .or_else(|| config.path(Key::Disclosure));
    let Some(path) = path else {
        return Ok(Disclosure::unfilled());
    };
    let text = files::read_text(path, MAX_DISCLOSURE_BYTES)?;
    Disclosure::from_toml(&text)
        .map_err(|error| Failure::of_touchmark(format!("read {}", path.display()), &error.into()))
}

/// The identity that signs: by key, by name, the default one, or the local one that a first run makes.
fn signer(args: &Stamp, config: &Config, now: OffsetDateTime) -> Result<Signer, Failure> {
    let passphrase = identities::passphrase(args.passphrase_file.as_deref())?;
    if let Some((key, certificates)) = args.key.as_ref().zip(args.certificates.as_ref()) {
        let path = key.strip_prefix("file:").ok_or_else(|| {
            Failure::new(Code::KeyReference, "use the key")
                .because(format!("{:?}", key.split(':').next().unwrap_or_default()))
        })?;
        let key = read_secret(Path::new(path))?;
        let certificates = files::read_text(certificates, MAX_DISCLOSURE_BYTES)?;
        return identities::signer(&key, &certificates, passphrase.as_ref())
            .map_err(|error| Failure::of_signing(format!("use the key {path}"), &error));
    }
    let identities = Identities::new(config)?;
    if let Some(name) = args.identity.as_deref().or_else(|| config.get(Key::Identity)) {
        return identities.open(name, passphrase.as_ref());
    }
    if identities.has(DEFAULT) {
        return identities.open(DEFAULT, passphrase.as_ref());
    }
    let (signer, new) = identities.open_local(now)?;
    if new {
        tell_user("note: made a local identity for this machine; it is kept for the next stamps");
    }
    Ok(signer)
}

/// An expired certificate is refused before any picture is read; one that is about to expire is worth a warning.
fn check_dates(signer: &Signer, now: OffsetDateTime) -> Result<(), Failure> {
    let dates = signer
        .check_dates(now)
        .map_err(|error| Failure::of_signing("use the signing certificate".to_owned(), &error))?;
    if dates.renewal_due {
        tell_user(format_args!(
            "warning: the signing certificate expires in {} days; `touchmark keys renew` makes a new one",
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
