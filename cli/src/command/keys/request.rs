//! `keys request`: a key, and the request to send to a certificate authority.

use std::path::Path;

use getrandom::SysRng;
use touchmark_signing::{Algorithm, CertificateRequest, Passphrase, SecretKey, Subject};
use zeroize::Zeroizing;

use super::algorithm;
use crate::args::{KeysRequest, NewAlgorithm};
use crate::console::{print, tell_user};
use crate::draft::WriteOptions;
use crate::exit;
use crate::failure::{Code, Failure};
use crate::files::{self, Prepared, is_dash};
use crate::identities::{self, DEFAULT, Identities, Pending, check_own_name, private_options};
use crate::key::{self, Held};

/// Why a request is for ES256 unless asked otherwise: on C2PA's list of 2026-08-05 are 26 authorities with ECDSA and 4 with
/// RSA keys, and its Certificate Policy has no other kind of issuer.
const WHY_ES256: &str = "The key is for ES256 (ECDSA P-256): no authority on C2PA's list issues for Ed25519 yet.";
const ED25519_WARNING: &str =
    "The key is for Ed25519, as asked: no authority on C2PA's list issues for it yet. Without --algorithm it is ES256.";

pub fn run(args: &KeysRequest, identities: &Identities) -> Result<u8, Failure> {
    let name = args.name.as_deref().unwrap_or(DEFAULT);
    check_own_name(name)?;
    let passphrase = identities::passphrase(args.passphrase_file.as_deref())?;
    let common_name = args.common_name.as_deref();
    let subject = super::subject(&args.organisation, common_name, Some(&args.country), "make the request")?;
    if args.key_output.as_ref() == Some(&args.output) && !is_dash(&args.output) {
        return Err(Failure::new(Code::OutputExists, "write the key and the request")
            .because("both would be one file")
            .with_next("give --key-output a name of its own".to_owned()));
    }
    // Both before there is a key: what cannot be written strands none.
    let output = Target::open(
        &args.output,
        WriteOptions {
            replace: args.force,
            sync: true,
            private: false,
        },
    )?;
    let key_output = args.key_output.as_deref();
    let key_output = key_output.map(|path| Target::open(path, private_options(false)));
    let key_output = key_output.transpose()?;

    let kept_here = args.key.is_none() && key_output.is_none();
    let pending = match kept_here {
        true => identities.request(name)?,
        false => None,
    };
    let (request, said) = match pending {
        Some(pending) => (
            repeated(args, &subject, &pending)?,
            format!("It is the one that waits as {name:?} already, with the key that is kept for it.\n"),
        ),
        None => {
            if kept_here {
                identities.check_requestable(name)?;
            }
            let key = key(args, passphrase.as_ref())?;
            let request = request(&subject, &key)?;
            // The key first: a request whose key is nowhere is worth nothing.
            let kept = match (&args.key, key_output) {
                (Some(_), _) => String::new(),
                (None, Some(target)) => {
                    let shown = target.shown();
                    target.write(&key_pem(&key, passphrase.as_ref())?)?;
                    format!("Wrote the private key to {shown}; keep it.\n")
                }
                (None, None) => {
                    identities.keep_request(name, &key_pem(&key, passphrase.as_ref())?, &request)?;
                    format!("Keeps the private key here until its certificate comes, as {name:?}.\n")
                }
            };
            (request, kept + &about(args, &key))
        }
    };
    output.write(&request)?;

    let import = match kept_here {
        true => "touchmark keys import --certificates FILE",
        false => "touchmark keys import --certificates FILE --key URI",
    };
    let whole = format!(
        "Wrote the request to {}. Send it to the authority; with what comes back: `{import}`.\n{said}",
        shown(&args.output)
    );
    // Standard output is for what was asked to go there, and nothing else.
    match is_dash(&args.output) || args.key_output.as_deref().is_some_and(is_dash) {
        true => tell_user(whole.trim_end()),
        false => print(&whole)?,
    }
    Ok(exit::DONE)
}

/// The key that the request is for.
fn key(args: &KeysRequest, passphrase: Option<&Passphrase>) -> Result<Held, Failure> {
    match &args.key {
        Some(reference) => key::uncertified(reference, args.public_key.as_deref(), passphrase),
        None => SecretKey::generate(algorithm(args.algorithm), &mut SysRng)
            .map(Held::Here)
            .map_err(|error| Failure::of_signing("make the request".to_owned(), &error)),
    }
}

/// What is to be known about the key's algorithm, as a line.
fn about(args: &KeysRequest, key: &Held) -> String {
    let line = match (&args.key, args.algorithm) {
        (None, NewAlgorithm::Es256) => WHY_ES256,
        (None, NewAlgorithm::Ed25519) => ED25519_WARNING,
        (Some(_), _) if key.algorithm() == Algorithm::Ed25519 => {
            "The key is for Ed25519: no authority on C2PA's list issues for it yet."
        }
        (Some(_), _) => return String::new(),
    };
    format!("{line}\n")
}

/// Where a request or key goes, found to be writable.
enum Target<'a> {
    Stdout,
    File(&'a Path, Prepared),
}

impl<'a> Target<'a> {
    fn open(path: &'a Path, options: WriteOptions) -> Result<Self, Failure> {
        match is_dash(path) {
            true => Ok(Self::Stdout),
            false => Ok(Self::File(path, Prepared::open(path, options)?)),
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Stdout => shown(Path::new("-")),
            Self::File(path, _) => shown(path),
        }
    }

    fn write(self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Stdout => print(text),
            Self::File(_, prepared) => prepared.write(text.as_bytes()),
        }
    }
}

fn shown(path: &Path) -> String {
    match is_dash(path) {
        true => "standard output".to_owned(),
        false => files::display_name(path),
    }
}

/// The request that waits, to be written again, where it is the very one that is asked for.
fn repeated(args: &KeysRequest, subject: &Subject, pending: &Pending) -> Result<String, Failure> {
    let same = pending.request.is_for(subject) && algorithm(args.algorithm).is_of(pending.request.key_algorithm());
    let what = || format!("make a request for {:?}", pending.name);
    match same {
        false => Err(Failure::new(Code::RequestPending, what())),
        true => pending
            .request
            .to_pem()
            .map_err(|error| Failure::of_signing(what(), &error)),
    }
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
                .with_next(
                    "give it with --public-key FILE; or put it into the token, with the same label or id".to_owned(),
                ));
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
