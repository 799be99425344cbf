//! What signs: a key that was given, an identity that was named, the default one, or this machine's local one.

use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use touchmark::Signer;

use super::{DEFAULT, Identities, LOCAL};
use crate::args::Signing;
use crate::config::{Config, Key};
use crate::console::tell_user;
use crate::failure::{Code, Failure};
use crate::key::{self, KeyReference};

/// What signs: by key, by name, the default identity, or the local one that a first run makes.
///
/// An expired certificate is refused before any picture is read. A dry run makes no identity that stays.
pub fn signer(args: &Signing, config: &Config, now: OffsetDateTime, dry_run: bool) -> Result<Signer, Failure> {
    let (signer, renewal) = find(args, config, now, dry_run)?;
    check_dates(&signer, &renewal, now)?;
    Ok(signer)
}

/// What signs, and how it gets its next certificate.
fn find(args: &Signing, config: &Config, now: OffsetDateTime, dry_run: bool) -> Result<(Signer, String), Failure> {
    let passphrase = super::passphrase(args.passphrase_file.as_deref())?;
    let identities = Identities::new(config)?;
    let name = match chosen(args, config)? {
        Some(Chosen::Key { key, certificates }) => {
            let signer = key::signer(&key, certificates.as_deref(), passphrase.as_ref())?;
            return Ok((signer, "ask its issuer for a new one".to_owned()));
        }
        Some(Chosen::Identity(name)) => Some(name),
        None => identities.has(DEFAULT).then(|| DEFAULT.to_owned()),
    };
    if let Some(name) = name {
        let signer = identities.open(&name, passphrase.as_ref())?;
        return Ok((signer, identities.renewal(&name)));
    }
    if dry_run && !identities.has(LOCAL) {
        tell_user("note: the first stamp will make a local identity for this machine");
        return Ok((super::passing_local(now)?, identities.renewal(LOCAL)));
    }
    let (signer, new) = identities.open_local(now)?;
    if new {
        tell_user("note: made a local identity for this machine; it is kept for the next stamps");
    }
    Ok((signer, identities.renewal(LOCAL)))
}

/// What signs a public statement: the key that is given, the identity that is named, or the default one. Such a statement is signed with
/// the identity that a first stamp makes only where that is asked for by name.
pub fn of_statement(args: &Signing, config: &Config) -> Result<Signer, Failure> {
    let passphrase = super::passphrase(args.passphrase_file.as_deref())?;
    let name = match chosen(args, config)? {
        Some(Chosen::Key { key, certificates }) => {
            return key::signer(&key, certificates.as_deref(), passphrase.as_ref());
        }
        Some(Chosen::Identity(name)) => name,
        None => DEFAULT.to_owned(),
    };
    Identities::new(config)?.open(&name, passphrase.as_ref())
}

/// What options or settings choose for signing.
#[derive(Debug)]
pub enum Chosen {
    Key {
        key: KeyReference,
        certificates: Option<PathBuf>,
    },
    Identity(String),
}

/// What is chosen: by options, else by settings. Certificates among the settings are those of the key there.
pub fn chosen(args: &Signing, config: &Config) -> Result<Option<Chosen>, Failure> {
    let given = args.certificates.clone();
    if let Some(key) = args.key.clone() {
        let certificates = given;
        return Ok(Some(Chosen::Key { key, certificates }));
    }
    if let Some(name) = args
        .identity
        .clone()
        .or_else(|| config.get(Key::Identity).map(str::to_owned))
        && given.is_none()
    {
        return Ok(Some(Chosen::Identity(name)));
    }
    match config.get(Key::Signing) {
        Some(key) => Ok(Some(Chosen::Key {
            key: key.to_owned().into(),
            certificates: given.or_else(|| config.path(Key::Certificates).map(Path::to_owned)),
        })),
        None if given.is_some() => {
            Err(Failure::new(Code::KeyWithoutCertificates, "use the certificates")
                .because("there is no --key for them"))
        }
        None => Ok(None),
    }
}

/// A certificate that is about to expire is worth a warning.
fn check_dates(signer: &Signer, renewal: &str, now: OffsetDateTime) -> Result<(), Failure> {
    let dates = signer.check_dates(now).map_err(|error| {
        let failure = Failure::of_signing("use the signing certificate".to_owned(), &error);
        match failure.code() {
            Code::Expired => failure.with_next(renewal.to_owned()),
            _ => failure,
        }
    })?;
    if dates.renewal_due {
        tell_user(format_args!(
            "warning: the signing certificate expires in {} days; {renewal}",
            dates.days_left
        ));
    }
    Ok(())
}
