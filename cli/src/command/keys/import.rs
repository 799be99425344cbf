//! `keys import`: an identity of what a certificate authority issued, and its key.

use std::io::{self, Write};
use std::path::Path;

use time::OffsetDateTime;
use touchmark_signing::profile::{Outcome, Rule};
use touchmark_signing::{Certificate, CertificateChain, Passphrase, SecretKey, Signer, assemble, examine_leaf};
use zeroize::Zeroizing;

use crate::args::{KeyReference, KeysImport};
use crate::certificates;
use crate::config::Config;
use crate::console::{print, tell_user};
use crate::exit;
use crate::failure::{Code, Failure};
use crate::identities::{self, DEFAULT, Identities, LOCAL, key_block, read_secret};
use crate::key::{self, Source};
use crate::lists::{Lists, day};
use crate::rules;

/// A key, the certificate that was issued for it, and the name that they get.
struct Match {
    name: String,
    key: Key,
    leaf: Certificate,
}

/// What is kept of a key.
enum Key {
    /// The key itself, as its PEM block stands in its file, encrypted or not.
    Block(Box<SecretKey>, Zeroizing<String>),
    /// Where it is.
    Reference(KeyReference, Option<Passphrase>),
}

pub fn run(args: &KeysImport, identities: &Identities, config: &Config, now: OffsetDateTime) -> Result<u8, Failure> {
    let given = certificates::read(&args.certificates)?;
    let Match { name, key, leaf } = match &args.key {
        Some(_) => with_key(args, &given, identities)?,
        None => with_request(args, &given, identities)?,
    };
    let what = || format!("import the identity {name:?}");
    if let Some(other) = identities.name_of(&leaf)? {
        return Err(Failure::new(Code::AlreadyImported, what()).because(format!("it is called {other:?}")));
    }
    let lists = Lists::new(config)?.in_force(identities)?;
    let examination = examine_leaf(&leaf, &given, &lists, now);
    let broken: Vec<_> = examination
        .rules(Outcome::Broken)
        // What has no place in the chain is left out below.
        .filter(|rule| *rule != Rule::ChainMembers)
        .collect();
    if !broken.is_empty() {
        return Err(Failure::new(Code::CertificatesRefused, what())
            .because("nothing was changed, and its key is kept")
            .with_list(rules::lines(broken)));
    }
    let chain = complete(&leaf, &given, &certificates::known_issuers(&lists))
        .map_err(|error| Failure::of_signing(what(), &error))?;
    // Holds key and chain against each other as signing will.
    let signer = match key {
        Key::Block(key, block) => {
            let signer = Signer::new(*key, chain.clone()).map_err(|error| Failure::of_signing(what(), &error))?;
            identities.complete(&name, &block, &chain)?;
            signer
        }
        Key::Reference(reference, passphrase) => {
            let signer = try_out(&reference, &chain, passphrase.as_ref())?;
            identities.keep_reference(&name, &reference, &chain, identities.has(&name))?;
            signer
        }
    };
    print(&format!(
        "Imported the identity {name:?}: {}, {}, valid until {}; stamps will hold {} of its certificates.\n{}",
        super::quoted(signer.subject().organisation.as_deref().unwrap_or("(no organisation)")),
        signer.algorithm(),
        day(leaf.not_after().date()),
        signer.chain_der().len(),
        match examination.trust().is_trusted() {
            true => "",
            false => "It is on no list in force: strangers will see \"signer unknown\".\n",
        }
    ))?;
    Ok(exit::DONE)
}

/// The key that was given, and the newest certificate for it.
fn with_key(args: &KeysImport, given: &[Certificate], identities: &Identities) -> Result<Match, Failure> {
    let name = args.name.as_deref().unwrap_or(DEFAULT);
    let passphrase = identities::passphrase(args.passphrase_file.as_deref())?;
    let reference = args.key.as_ref().ok_or_else(|| no_request(given))?;
    let mismatch = || Failure::new(Code::KeyMismatch, "import the certificates");
    let (key, leaf) = match reference.source() {
        Some(Source::File(path)) => {
            check_new(name, identities, false)?;
            let (key, block) = of_file(path, passphrase.as_ref())?;
            let leaf = newest(given, |one| key.belongs_to(&one.public_key_info())).ok_or_else(mismatch)?;
            (Key::Block(Box::new(key), block), leaf)
        }
        _ => {
            check_new(name, identities, true)?;
            let leaf = touchmark_signing::leaf_of(given).ok_or_else(mismatch)?.clone();
            let file = args.certificates.first().ok_or_else(mismatch)?;
            if !key::belongs(reference, file, &leaf, passphrase.as_ref())? {
                return Err(mismatch());
            }
            (Key::Reference(reference.clone(), passphrase), leaf)
        }
    };
    Ok(Match {
        name: name.to_owned(),
        key,
        leaf,
    })
}

/// The key in a file, and its PEM block as it stands there. No message says more of the file than the option's name: what
/// was typed in its place may be the key itself.
fn of_file(path: &Path, passphrase: Option<&Passphrase>) -> Result<(SecretKey, Zeroizing<String>), Failure> {
    let text = read_secret(path).map_err(|failure| {
        let code = failure.code();
        failure.recast(code, "read the file given with --key")
    })?;
    let key = SecretKey::from_pem(&text, passphrase)
        .map_err(|error| Failure::of_signing("use the key given with --key".to_owned(), &error))?;
    Ok((key, key_block(&text)))
}

/// A signer of a key that is kept elsewhere, with the chain as it will stand beside the reference.
fn try_out(
    reference: &KeyReference,
    chain: &CertificateChain,
    passphrase: Option<&Passphrase>,
) -> Result<Signer, Failure> {
    let failed = |error: &io::Error| Failure::writing(Path::new("a temporary file"), error);
    let mut file = tempfile::NamedTempFile::new().map_err(|error| failed(&error))?;
    file.write_all(chain.to_pem().as_bytes())
        .map_err(|error| failed(&error))?;
    key::signer(reference, Some(file.path()), passphrase)
}

/// The request that the certificates answer, with its key.
fn with_request(args: &KeysImport, given: &[Certificate], identities: &Identities) -> Result<Match, Failure> {
    let mut requests = identities.requests()?;
    if let Some(name) = &args.name {
        requests.retain(|pending| pending.name == *name);
    }
    let answered = requests.into_iter().find_map(|pending| {
        let asked_for = pending.request.public_key_info();
        newest(given, |one| one.public_key_info() == asked_for).map(|leaf| (pending, leaf))
    });
    let (pending, leaf) = answered.ok_or_else(|| no_request(given))?;
    let passphrase = match pending.encrypted {
        true => identities::passphrase(args.passphrase_file.as_deref())?,
        false => None,
    };
    let text = identities.request_text(&pending.name)?;
    let key = SecretKey::from_pem(&text, passphrase.as_ref())
        .map_err(|error| Failure::of_signing(format!("open the key of the request {:?}", pending.name), &error))?;
    Ok(Match {
        key: Key::Block(Box::new(key), key_block(&text)),
        name: pending.name,
        leaf,
    })
}

/// A name that no identity has, and no request waits under; or one of an identity whose key is elsewhere, which gets the
/// certificates of its next key.
fn check_new(name: &str, identities: &Identities, elsewhere: bool) -> Result<(), Failure> {
    if name == LOCAL {
        return Err(Failure::new(Code::BadName, format!("use the name {name:?}"))
            .because("it is that of the identity that a first stamp makes"));
    }
    identities.check_requestable(name)?;
    let taken = match elsewhere {
        true => identities.is_renewable(name),
        false => identities.has(name),
    };
    match taken {
        true => Err(
            Failure::new(Code::IdentityExists, format!("import the identity {name:?}"))
                .with_next("choose another --name".to_owned()),
        ),
        false => Ok(()),
    }
}

fn no_request(given: &[Certificate]) -> Failure {
    let leaf = touchmark_signing::leaf_of(given);
    let subject = leaf
        .and_then(|leaf| leaf.subject().display_name())
        .unwrap_or("(no name)");
    Failure::new(
        Code::NoRequest,
        format!("find the key of the certificate for {subject:?}"),
    )
}

/// An authority may send a renewed certificate with the earlier one.
fn newest(given: &[Certificate], is_it: impl Fn(&Certificate) -> bool) -> Option<Certificate> {
    let matching = given.iter().filter(|one| is_it(one));
    matching.max_by_key(|one| one.not_before()).cloned()
}

/// The chain, from what was given and from what this machine knows.
fn complete(
    leaf: &Certificate,
    given: &[Certificate],
    known: &[Certificate],
) -> Result<CertificateChain, touchmark_signing::Error> {
    let assembly = assemble(leaf, given, known);
    match assembly.unused().len() {
        0 => {}
        1 => tell_user("note: left 1 certificate out, which has no place in the chain"),
        many => tell_user(format_args!(
            "note: left {many} certificates out, which have no place in the chain"
        )),
    }
    match assembly.added() {
        0 => {}
        1 => tell_user("note: added 1 issuer that was missing, from the lists in force or the system"),
        many => tell_user(format_args!(
            "note: added {many} issuers that were missing, from the lists in force or the system"
        )),
    }
    assembly.into_chain()
}
