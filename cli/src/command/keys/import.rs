//! `keys import`: an identity of what a certificate authority issued, and its key.

use std::io::{self, Write};
use std::path::Path;

use time::OffsetDateTime;
use touchmark_signing::profile::{Outcome, Rule};
use touchmark_signing::{
    Certificate, CertificateChain, ChainEnd, Passphrase, SecretKey, Signer, assemble, examine_leaf,
};

use crate::args::{KeyReference, KeysImport};
use crate::certificates::{self, newest};
use crate::config::Config;
use crate::console::{print, tell_user};
use crate::exit;
use crate::failure::{Code, Failure};
use crate::identities::{self, DEFAULT, Identities, Kept, Origin, key_block};
use crate::key::{self, Source};
use crate::lists::{Lists, day};
use crate::rules;

/// A key, the certificate that was issued for it, and the name that they get.
struct Match {
    name: String,
    kept: Kept,
    secret: Secret,
    leaf: Certificate,
    /// Whether they answer the request that waits under the name.
    answers: bool,
}

/// What is needed to sign with the key.
enum Secret {
    Key(Box<SecretKey>),
    /// For a key elsewhere.
    Passphrase(Option<Passphrase>),
}

pub fn run(args: &KeysImport, identities: &Identities, config: &Config, now: OffsetDateTime) -> Result<u8, Failure> {
    let given = certificates::read(&args.certificates)?;
    let found = match &args.key {
        Some(reference) => with_key(args, reference, &given, identities)?,
        None => without_key(args, &given, identities)?,
    };
    let name = found.name.clone();
    let what = || format!("import the identity {name:?}");
    let lists = Lists::new(config)?.in_force(identities)?;
    let examination = examine_leaf(&found.leaf, &given, &lists, now);
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
    let assembly = assemble(&found.leaf, &given, &certificates::known_issuers(&lists));
    let notes = notes(assembly.unused().len(), assembly.added(), assembly.end());
    let chain = assembly
        .into_chain()
        .map_err(|error| Failure::of_signing(what(), &error))?;
    let replaces = identities.has(&name);
    refuse_known(&found, &chain, identities, args)?;
    let Match {
        kept, secret, answers, ..
    } = found;
    // Holds key and chain against each other as signing will.
    let signer = match (&kept, secret) {
        (_, Secret::Key(key)) => {
            Signer::new(*key, chain.clone()).map_err(|error| Failure::of_signing(what(), &error))?
        }
        (Kept::Elsewhere(reference), Secret::Passphrase(passphrase)) => {
            try_out(reference, &chain, passphrase.as_ref())?
        }
        (Kept::Here(_), Secret::Passphrase(_)) => return Err(Failure::new(Code::KeyMismatch, what())),
    };
    match answers {
        true => identities.complete(&name, &kept, &chain)?,
        false => identities.keep(&name, &kept, &chain, replaces)?,
    }
    notes.iter().for_each(tell_user);
    if let Kept::Elsewhere(reference) = &kept
        && reference.has_arguments()
    {
        tell_user(format_args!(
            "warning: the program's arguments are kept as they were typed, in {}; give it what is secret otherwise",
            identities.reference_file(&name).display()
        ));
    }
    print(&format!(
        "Imported the identity {name:?}: {}, {}, valid until {}; stamps will hold {} of its certificates.\n{}",
        super::quoted(signer.subject().organisation.as_deref().unwrap_or("(no organisation)")),
        signer.algorithm(),
        day(chain.leaf().not_after().date()),
        signer.chain_der().len(),
        match examination.trust().is_trusted() {
            true => "",
            false => "It is on no list in force: strangers will see \"signer unknown\".\n",
        }
    ))?;
    Ok(exit::DONE)
}

/// The key that was given, and the newest certificate for it.
fn with_key(
    args: &KeysImport,
    reference: &KeyReference,
    given: &[Certificate],
    identities: &Identities,
) -> Result<Match, Failure> {
    let name = args.name.as_deref().unwrap_or(DEFAULT);
    identities.check_importable(name)?;
    let passphrase = identities::passphrase(args.passphrase_file.as_deref())?;
    let mismatch = || Failure::new(Code::KeyMismatch, "import the certificates");
    let (kept, secret, leaf) = match reference.source() {
        Some(Source::File(path)) => {
            let (key, text) = key::read_file(path, passphrase.as_ref())?;
            let leaf = newest(given, |one| key.belongs_to(&one.public_key_info()));
            (Kept::Here(key_block(&text)), Secret::Key(Box::new(key)), leaf)
        }
        _ => {
            // A program is told the first of the files.
            let file = args.certificates.first().ok_or_else(mismatch)?;
            let leaf = key::newest_of(reference, file, given, passphrase.as_ref())?;
            (
                Kept::Elsewhere(reference.clone()).settled()?,
                Secret::Passphrase(passphrase),
                leaf,
            )
        }
    };
    Ok(Match {
        name: name.to_owned(),
        kept,
        secret,
        leaf: leaf.ok_or_else(mismatch)?.clone(),
        answers: false,
    })
}

/// The key of the request that the certificates answer; or of an identity that was imported, where they are its next ones or
/// the rest of its chain.
fn without_key(args: &KeysImport, given: &[Certificate], identities: &Identities) -> Result<Match, Failure> {
    let is_meant = |name: &str| args.name.as_deref().is_none_or(|meant| meant == name);
    let of_key = |info: &[u8]| newest(given, |one| one.public_key_info() == info).cloned();
    let opened = |name: &str, text: &str, encrypted: bool| {
        let passphrase = match encrypted {
            true => identities::passphrase(args.passphrase_file.as_deref())?,
            false => None,
        };
        SecretKey::from_pem(text, passphrase.as_ref())
            .map(|key| Secret::Key(Box::new(key)))
            .map_err(|error| Failure::of_signing(format!("open the key of {name:?}"), &error))
    };

    let (requests, unusable) = identities.requests()?;
    for pending in requests.into_iter().filter(|pending| is_meant(&pending.name)) {
        if let Some(leaf) = of_key(&pending.request.public_key_info()) {
            let text = identities.request_text(&pending.name)?;
            return Ok(Match {
                secret: opened(&pending.name, &text, pending.encrypted)?,
                kept: Kept::Here(key_block(&text)),
                name: pending.name,
                leaf,
                answers: true,
            });
        }
    }
    let (entries, _) = identities.list()?;
    let imported = |origin| origin == Origin::Imported;
    for entry in entries
        .into_iter()
        .filter(|entry| imported(entry.origin) && is_meant(&entry.name))
    {
        let found = of_key(&entry.certificate.public_key_info()).zip(identities.imported(&entry.name)?);
        if let Some((leaf, identity)) = found {
            let secret = match &identity.key {
                Kept::Here(block) => opened(&entry.name, block, entry.encrypted)?,
                Kept::Elsewhere(_) => Secret::Passphrase(identities::passphrase(args.passphrase_file.as_deref())?),
            };
            return Ok(Match {
                name: entry.name,
                kept: identity.key,
                secret,
                leaf,
                answers: false,
            });
        }
    }
    // The request that they answer may be one of these.
    unusable.iter().for_each(tell_user);
    Err(no_request(given))
}

/// Refuses what changes nothing, what would go back, and what would replace another key without being told to.
fn refuse_known(
    found: &Match,
    chain: &CertificateChain,
    identities: &Identities,
    args: &KeysImport,
) -> Result<(), Failure> {
    let name = &found.name;
    let what = || format!("import the identity {name:?}");
    let (entries, _) = identities.list()?;
    let same = |entry: &&identities::Entry| entry.certificate == *chain.leaf() && entry.name != *name;
    if let Some(other) = entries.iter().find(same) {
        return Err(Failure::new(Code::AlreadyImported, what())
            .because(format!("it is called {:?}", other.name))
            .with_next(format!(
                "give --name {} to change how that identity keeps it; nothing was changed",
                other.name
            )));
    }
    if found.answers || !identities.has(name) {
        return Ok(());
    }
    // One that cannot be read is mended by this.
    let Ok(Some(present)) = identities.imported(name) else {
        return Ok(());
    };
    let leaf = present.chain.leaf();
    if leaf.public_key_info() != chain.leaf().public_key_info() {
        // Its key may be nowhere else.
        return match args.name {
            Some(_) => Ok(()),
            None => Err(Failure::new(Code::IdentityExists, what()).with_next(format!(
                "choose another --name; `--name {name}` replaces that identity and its key"
            ))),
        };
    }
    let already = Failure::new(Code::AlreadyImported, what());
    if leaf.not_before() > chain.leaf().not_before() {
        return Err(already.because("it has a newer certificate of this key"));
    }
    let nothing_new = leaf == chain.leaf() && present.chain.issuers().starts_with(chain.issuers());
    match nothing_new && present.key == found.kept {
        true => Err(already.because("with all of these certificates and this key")),
        false => Ok(()),
    }
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

/// What is to be said of a chain that was put together.
fn notes(unused: usize, added: usize, end: ChainEnd) -> Vec<String> {
    let mut notes = Vec::new();
    match unused {
        0 => {}
        1 => notes.push("note: left 1 certificate out, which has no place in the chain".to_owned()),
        many => notes.push(format!(
            "note: left {many} certificates out, which have no place in the chain"
        )),
    }
    match added {
        0 => {}
        1 => notes.push("note: added 1 issuer that was missing, from the lists in force or the system".to_owned()),
        many => notes.push(format!(
            "note: added {many} issuers that were missing, from the lists in force or the system"
        )),
    }
    if end == ChainEnd::UnknownIssuer {
        notes.push(
            "warning: the chain leads to no root: where an intermediate is missing, readers find no way to a list they \
             know; import it again with the authority's other certificates"
                .to_owned(),
        );
    }
    notes
}
