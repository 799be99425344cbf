//! `disclose sign`: the document that anyone can check, to publish and to stamp with.

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark::report::hex;
use touchmark_provenance::disclosure::{self, Outcome};

use crate::args::DiscloseSign;
use crate::config::Config;
use crate::console::tell_user;
use crate::disclosures;
use crate::exit;
use crate::failure::Failure;
use crate::files::{self, display_name, is_dash};
use crate::identities::signing;

pub fn run(args: &DiscloseSign, config: &Config) -> Result<u8, Failure> {
    let now = OffsetDateTime::now_utc();
    let disclosure = disclosures::load(&args.file)?;
    let signer = signing::of_statement(&args.signing, config)?;
    signer
        .check_dates(now)
        .map_err(|error| Failure::of_signing("use the signing certificate".to_owned(), &error))?;
    let fails = disclosure
        .lint(now.date())
        .iter()
        .filter(|finding| finding.outcome == Outcome::Fails)
        .count();
    let signed = disclosure::sign(&disclosure, &signer)
        .map_err(|error| Failure::of_touchmark("sign the disclosure".to_owned(), &error.into()))?;
    files::write_text(&signed, Some(&args.output), args.force)?;

    tell_user(format_args!(
        "{}: signed as {:?}, SHA-256 {}",
        if is_dash(&args.output) {
            "standard output".to_owned()
        } else {
            display_name(&args.output)
        },
        signer.subject().organisation.as_deref().unwrap_or_default(),
        hex(&Sha256::digest(&signed))
    ));
    match disclosure.document().document.url.as_deref() {
        Some(url) => tell_user(format_args!("note: publish it, byte for byte, as {url}")),
        None => {
            tell_user("note: it does not say where it is published (document.url): stamps will carry its digest alone")
        }
    }
    if fails > 0 {
        tell_user(format_args!(
            "warning: {fails} things in it are missing or wrong; `touchmark disclose lint` names them"
        ));
    }
    if signer.is_local() {
        tell_user(
            "warning: signed with this machine's local identity, which nobody checked: strangers will see \"signer unknown\"",
        );
    }
    Ok(exit::DONE)
}
