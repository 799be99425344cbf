//! What signs: a key that was given, an identity that was named, the default one, or this machine's local one.

use std::path::Path;

use time::OffsetDateTime;
use touchmark::Signer;
use touchmark_signing::Passphrase;

use crate::args::{KeyReference, Signing};
use crate::config::{Config, Key};
use crate::console::tell_user;
use crate::failure::{Code, Failure};
use crate::files;
use crate::identities::{self, DEFAULT, Identities, LOCAL, read_secret};

/// Certificates and their issuers take a few kilobytes.
const MAX_CERTIFICATES_BYTES: u64 = 256 * 1024;

/// What signs, with the identity's name where it is one: by key, by name, the default identity, or the local one that
/// a first run makes.
///
/// An expired certificate is refused before any picture is read. A dry run makes no identity that stays.
pub fn signer(args: &Signing, config: &Config, now: OffsetDateTime, dry_run: bool) -> Result<Signer, Failure> {
    let (signer, identity) = find(args, config, now, dry_run)?;
    check_dates(&signer, identity.as_deref(), now)?;
    Ok(signer)
}

fn find(
    args: &Signing,
    config: &Config,
    now: OffsetDateTime,
    dry_run: bool,
) -> Result<(Signer, Option<String>), Failure> {
    let passphrase = identities::passphrase(args.passphrase_file.as_deref())?;
    if let Some((key, certificates)) = args.key.as_ref().zip(args.certificates.as_ref()) {
        return Ok((signer_of_key(key, certificates, passphrase.as_ref())?, None));
    }
    let identities = Identities::new(config)?;
    let named = args.identity.as_deref().or_else(|| config.get(Key::Identity));
    if let Some(name) = named.or_else(|| identities.has(DEFAULT).then_some(DEFAULT)) {
        return Ok((identities.open(name, passphrase.as_ref())?, Some(name.to_owned())));
    }
    if dry_run && !identities.has(LOCAL) {
        tell_user("note: the first stamp will make a local identity for this machine");
        return Ok((identities::passing_local(now)?, Some(LOCAL.to_owned())));
    }
    let (signer, new) = identities.open_local(now)?;
    if new {
        tell_user("note: made a local identity for this machine; it is kept for the next stamps");
    }
    Ok((signer, Some(LOCAL.to_owned())))
}

/// A key that was given, with its certificates. No message says more of the reference than its scheme: what was typed in its place may be the key itself.
pub fn signer_of_key(
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

/// A certificate that is about to expire is worth a warning.
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
