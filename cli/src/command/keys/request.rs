//! `keys request`: a key, and the request to send to a certificate authority.

use getrandom::SysRng;
use touchmark_signing::{Algorithm, CertificateRequest, Passphrase, SecretKey, Subject};
use zeroize::Zeroizing;

use super::algorithm;
use crate::args::{KeysRequest, NewAlgorithm};
use crate::console::print;
use crate::draft::WriteOptions;
use crate::exit;
use crate::failure::{Code, Failure};
use crate::files;
use crate::identities::{self, DEFAULT, Identities, LOCAL, private_options};
use crate::key::{self, Held};

/// Why a request is for ES256 unless asked otherwise: on C2PA's list of 2026-08-05 are 26 authorities with ECDSA and 4 with
/// RSA keys, and its Certificate Policy has no other kind of issuer.
const WHY_ES256: &str = "The key is for ES256 (ECDSA P-256): no authority on C2PA's list issues for Ed25519 yet.";
const ED25519_WARNING: &str =
    "The key is for Ed25519, as asked: no authority on C2PA's list issues for it yet. Without --algorithm it is ES256.";

pub fn run(args: &KeysRequest, identities: &Identities) -> Result<u8, Failure> {
    let what = || "make the request".to_owned();
    let passphrase = identities::passphrase(args.passphrase_file.as_deref())?;
    let name = args.name.as_deref().unwrap_or(DEFAULT);
    if name == LOCAL {
        return Err(Failure::new(Code::BadName, format!("use the name {name:?}"))
            .because("it is that of the identity that a first stamp makes"));
    }
    let common_name = args.common_name.clone();
    let common_name = common_name.unwrap_or_else(|| format!("{} signer", args.organisation));
    let subject = Subject::new(&args.organisation, &common_name)
        .and_then(|subject| subject.with_country(&args.country))
        .map_err(|error| Failure::of_signing(what(), &error))?;
    let kept_here = args.key.is_none() && args.key_output.is_none();
    if kept_here {
        identities.check_requestable(name)?;
    }
    let made = |error| Failure::of_signing(what(), &error);
    let key = match &args.key {
        Some(reference) => key::load(reference, passphrase.as_ref())?,
        None => Held::Here(SecretKey::generate(algorithm(args.algorithm), &mut SysRng).map_err(made)?),
    };
    let request = request(&subject, &key)?;

    // The key first: a request whose key is nowhere is worth nothing.
    let mut said = match (&args.key, &args.key_output) {
        (Some(_), _) => String::new(),
        (None, Some(path)) => {
            let pem = key_pem(&key, passphrase.as_ref())?;
            files::write_atomic(path, pem.as_bytes(), private_options(false))?;
            format!("Wrote the private key to {}; keep it.\n", files::display_name(path))
        }
        (None, None) => {
            identities.keep_request(name, &key_pem(&key, passphrase.as_ref())?, &request)?;
            format!("Keeps the private key here until its certificate comes, as {name:?}.\n")
        }
    };
    let public = WriteOptions {
        replace: args.force,
        sync: true,
        private: false,
    };
    files::write_atomic(&args.output, request.as_bytes(), public)?;

    if args.key.is_none() {
        let why = match args.algorithm {
            NewAlgorithm::Es256 => WHY_ES256,
            NewAlgorithm::Ed25519 => ED25519_WARNING,
        };
        said.push_str(&format!("{why}\n"));
    } else if key.algorithm() == Algorithm::Ed25519 {
        said.push_str("The key is for Ed25519: no authority on C2PA's list issues for it yet.\n");
    }
    let import = match kept_here {
        true => "touchmark keys import --certificates FILE",
        false => "touchmark keys import --certificates FILE --key URI",
    };
    print(&format!(
        "Wrote the request to {}. Send it to the authority; with what comes back: `{import}`.\n{said}",
        files::display_name(&args.output)
    ))?;
    Ok(exit::DONE)
}

/// The request as PEM, signed by the key wherever it is.
fn request(subject: &Subject, key: &Held) -> Result<String, Failure> {
    let request = match key {
        Held::Here(key) => CertificateRequest::new(subject, key),
        Held::Elsewhere {
            key,
            algorithm,
            public_key_info: Some(info),
        } => CertificateRequest::remote(subject, key.as_ref(), *algorithm, info),
        Held::Elsewhere { .. } => {
            return Err(Failure::new(Code::TokenUnusable, "make the request")
                .because("the token does not have the public key beside the private one")
                .with_next("put the public key into the token, with the same label or id".to_owned()));
        }
    };
    request
        .and_then(|request| request.to_pem())
        .map_err(|error| Failure::of_signing("make the request".to_owned(), &error))
}

fn key_pem(key: &Held, passphrase: Option<&Passphrase>) -> Result<Zeroizing<String>, Failure> {
    // What is made here is here.
    let Held::Here(key) = key else {
        return Err(Failure::new(Code::HeldElsewhere, "write the key"));
    };
    let pem = match passphrase {
        Some(passphrase) => key.to_encrypted_pem(passphrase, &mut SysRng),
        None => key.to_pem(),
    };
    pem.map_err(|error| Failure::of_signing("encode the key".to_owned(), &error))
}
