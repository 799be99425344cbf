//! `keys import`: an identity of what a certificate authority issued, and its key.

use time::OffsetDateTime;
use touchmark_signing::profile::{Outcome, Rule};
use touchmark_signing::{Certificate, CertificateChain, SecretKey, Signer, assemble, examine_leaf};
use zeroize::Zeroizing;

use super::key;
use crate::args::KeysImport;
use crate::certificates;
use crate::config::Config;
use crate::console::{print, tell_user};
use crate::exit;
use crate::failure::{Code, Failure};
use crate::identities::{self, DEFAULT, Identities, LOCAL, key_block};
use crate::lists::{Lists, day};
use crate::rules;

/// A key with its PEM block, the certificate that was issued for it, and the name that they get.
struct Match {
    name: String,
    key: SecretKey,
    block: Zeroizing<String>,
    leaf: Certificate,
}

pub fn run(args: &KeysImport, identities: &Identities, config: &Config, now: OffsetDateTime) -> Result<u8, Failure> {
    let given = certificates::read(&args.certificates)?;
    let Match { name, key, block, leaf } = match &args.key {
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
    let signer = Signer::new(key, chain.clone()).map_err(|error| Failure::of_signing(what(), &error))?;
    identities.complete(&name, &block, &chain)?;
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
    check_new(name, identities)?;
    let passphrase = identities::passphrase(args.passphrase_file.as_deref())?;
    let reference = args.key.as_ref().ok_or_else(|| no_request(given))?;
    let (key, block) = key::open(reference, passphrase.as_ref())?;
    let leaf = newest(given, |one| key.belongs_to(&one.public_key_info()))
        .ok_or_else(|| Failure::new(Code::KeyMismatch, "import the certificates"))?;
    Ok(Match {
        name: name.to_owned(),
        key,
        block,
        leaf,
    })
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
        block: key_block(&text),
        name: pending.name,
        key,
        leaf,
    })
}

/// A name that no identity has, and no request waits under.
fn check_new(name: &str, identities: &Identities) -> Result<(), Failure> {
    if name == LOCAL {
        return Err(Failure::new(Code::BadName, format!("use the name {name:?}"))
            .because("it is that of the identity that a first stamp makes"));
    }
    identities.check_requestable(name)?;
    match identities.has(name) {
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
