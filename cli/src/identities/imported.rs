//! Identities of what an authority issued: a chain, and its key beside it or a reference to where that is kept. A new chain
//! or key replaces what was there: whoever opens the identity meanwhile finds the old pair or the new one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use touchmark_signing::CertificateChain;
use zeroize::Zeroizing;

use super::requests::key_block;
use super::{Identities, SIGNING_FILE, certificates_in, check_own_name, read_secret, write_private};
use crate::failure::{Code, Failure};
use crate::files;
use crate::key::KeyReference;

/// Says where a key is that is kept elsewhere, and which file beside it has its certificates.
const REFERENCE_FILE: &str = "signing.toml";
const CHAIN_FILE: &str = "chain.pem";

/// A path or URI, and the name of a file.
const MAX_REFERENCE_BYTES: u64 = 64 * 1024;

/// What is kept of the key of an imported identity.
pub enum Kept {
    /// The key itself, as its PEM block stands in its file, encrypted or not.
    Here(Zeroizing<String>),
    /// Where it is.
    Elsewhere(KeyReference),
}

/// An imported identity as it is kept.
pub struct Imported {
    pub key: Kept,
    pub chain: CertificateChain,
}

/// The content of [`REFERENCE_FILE`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reference {
    /// A key reference, as `--key` takes it.
    key: String,
    /// A file in the same folder: a new one for each change, so that key and certificates change at once.
    certificates: String,
}

impl Kept {
    /// The same as it will be kept: a reference that means the same from every folder, without a PIN.
    pub fn settled(self) -> Result<Self, Failure> {
        match self {
            Self::Here(_) => Ok(self),
            Self::Elsewhere(reference) => {
                let here = std::env::current_dir().map_err(|error| Failure::reading(Path::new("."), &error))?;
                Ok(Self::Elsewhere(reference.storable()?.within(&here)))
            }
        }
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Here(one), Self::Here(other)) => one == other,
            (Self::Elsewhere(one), Self::Elsewhere(other)) => one == other,
            _ => false,
        }
    }
}

impl Identities {
    /// Whether what an authority issued may be imported under a name: one that is free, or that of an identity that was
    /// imported. What waits for another certificate, or renews itself, is left alone.
    pub fn check_importable(&self, name: &str) -> Result<(), Failure> {
        check_own_name(name)?;
        if self.is_requested(name) {
            return Err(Failure::new(
                Code::RequestPending,
                format!("import the identity {name:?}"),
            ));
        }
        self.refuse_own(name, || format!("import the identity {name:?}"))
    }

    /// What is kept of an imported identity, where there is one of this name.
    pub fn imported(&self, name: &str) -> Result<Option<Imported>, Failure> {
        if self.renews_itself(name) || !self.has(name) {
            return Ok(None);
        }
        let (key, path) = match self.holds_key(name) {
            true => {
                let path = self.folder.join(name).join(SIGNING_FILE);
                (Kept::Here(key_block(&read_secret(&path)?)), path)
            }
            false => {
                let (reference, certificates) = self.reference(name)?;
                (Kept::Elsewhere(reference), certificates)
            }
        };
        let chain = CertificateChain::from_pem(certificates_in(&read_secret(&path)?))
            .map_err(|error| Failure::of_signing(format!("read the identity {name:?}"), &error))?;
        Ok(Some(Imported { key, chain }))
    }

    /// Keeps a key, or where it is, with the chain that was issued for it: as a new identity; or, where it `replaces` one, in
    /// place of what is kept of an imported one.
    ///
    /// That key and chain belong together must have been tried; `key` is [`Kept::settled`].
    pub fn keep(&self, name: &str, key: &Kept, chain: &CertificateChain, replaces: bool) -> Result<(), Failure> {
        let what = || format!("keep the identity {name:?}");
        check_own_name(name)?;
        self.refuse_own(name, what)?;
        if replaces {
            return write(&self.folder.join(name), self.chain_file(name), key, chain);
        }
        // Of two imports at once, one makes the folder and the other is told.
        let draft = self.draft_folder()?;
        write(draft.path(), None, key, chain)?;
        self.release(&draft, name, what)
    }

    /// Where an identity's key is that is kept elsewhere, and its certificates.
    pub(super) fn reference(&self, name: &str) -> Result<(KeyReference, PathBuf), Failure> {
        let folder = self.folder.join(name);
        let path = folder.join(REFERENCE_FILE);
        let parsed: Result<Reference, _> = toml::from_str(&files::read_text(&path, MAX_REFERENCE_BYTES)?);
        let content = parsed.map_err(|error| {
            Failure::new(Code::Configuration, format!("read {}", path.display()))
                .because(error.message())
                .with_next("import the identity again".to_owned())
        })?;
        Ok((content.key.into(), folder.join(content.certificates)))
    }

    pub(super) fn has_reference(&self, name: &str) -> bool {
        self.reference_file(name).exists()
    }

    /// The file that says where an identity's key is kept.
    pub fn reference_file(&self, name: &str) -> PathBuf {
        self.folder.join(name).join(REFERENCE_FILE)
    }

    fn chain_file(&self, name: &str) -> Option<PathBuf> {
        self.reference(name).ok().map(|(_, certificates)| certificates)
    }

    /// An identity with a root of its own is made and renewed here, never imported over.
    pub(super) fn refuse_own(&self, name: &str, what: impl Fn() -> String) -> Result<(), Failure> {
        match self.renews_itself(name) {
            true => Err(Failure::new(Code::IdentityExists, what())
                .because("that identity has a root of its own")
                .with_next("choose another --name".to_owned())),
            false => Ok(()),
        }
    }
}

/// Writes key and chain into a folder. A key in a file counts before a reference, so that it is written first and removed
/// last; `previous` is the chain of the reference before.
fn write(folder: &Path, previous: Option<PathBuf>, key: &Kept, chain: &CertificateChain) -> Result<(), Failure> {
    let mut obsolete = Vec::new();
    match key {
        Kept::Here(block) => {
            let signing = Zeroizing::new(format!("{}{}", **block, chain.to_pem()));
            write_private(&folder.join(SIGNING_FILE), signing.as_bytes())?;
            obsolete.push(folder.join(REFERENCE_FILE));
            obsolete.extend(previous);
        }
        Kept::Elsewhere(reference) => {
            let path = folder.join(chain_name(previous.is_some(), chain));
            write_private(&path, chain.to_pem().as_bytes())?;
            write_private(
                &folder.join(REFERENCE_FILE),
                reference_text(reference, &path)?.as_bytes(),
            )?;
            obsolete.push(folder.join(SIGNING_FILE));
            obsolete.extend(previous.filter(|previous| *previous != path));
        }
    }
    obsolete.iter().try_for_each(|path| match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Failure::writing(path, &error)),
        _ => Ok(()),
    })
}

/// The first chain has a plain name; those that replace one have their leaf's, so that the reference alone decides which
/// pair counts.
fn chain_name(replaces: bool, chain: &CertificateChain) -> String {
    if !replaces {
        return CHAIN_FILE.to_owned();
    }
    let digest = chain.leaf().sha256();
    let stem: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("chain-{stem}.pem")
}

fn reference_text(reference: &KeyReference, chain: &Path) -> Result<String, Failure> {
    let name = chain.file_name().and_then(|name| name.to_str()).unwrap_or(CHAIN_FILE);
    let content = Reference {
        key: reference.as_typed().to_owned(),
        certificates: name.to_owned(),
    };
    let text = toml::to_string(&content)
        .map_err(|error| Failure::new(Code::Configuration, "write the reference").because(error))?;
    let what_else = match reference.has_arguments() {
        true => " The program's arguments stand here as they were typed.",
        false => "",
    };
    Ok(format!("# Where the key of this identity is kept.{what_else}\n{text}"))
}

#[cfg(test)]
mod tests {
    use getrandom::SysRng;
    use time::OffsetDateTime;
    use touchmark_signing::{Algorithm, Certificate, Identity, SecretKey, Subject};

    use super::super::DEFAULT;
    use super::*;

    fn identities() -> (tempfile::TempDir, Identities) {
        let folder = tempfile::tempdir().unwrap();
        let identities = Identities {
            folder: folder.path().join("identities"),
        };
        (folder, identities)
    }

    fn identity() -> Identity {
        let subject = Subject::new("Example Images", "signer").unwrap();
        Identity::new(&subject, Algorithm::Es256, OffsetDateTime::now_utc(), &mut SysRng).unwrap()
    }

    /// A key in a file outside, and the reference to it.
    fn outside(folder: &Path, identity: &Identity) -> KeyReference {
        let path = folder.join("outside.pem");
        fs::write(&path, identity.to_pem(None, &mut SysRng).unwrap().leaf_key.as_bytes()).unwrap();
        KeyReference::from(format!("file:{}", path.display()))
    }

    fn opened(identities: &Identities, name: &str) -> Certificate {
        identities.open(name, None).unwrap().certificate().clone()
    }

    #[test]
    fn a_key_moves_between_here_and_elsewhere_and_leaves_nothing_behind() {
        let (folder, identities) = identities();
        let mut count = Vec::new();
        let mut keep = |elsewhere: bool| {
            let identity = identity();
            let key = match elsewhere {
                true => Kept::Elsewhere(outside(folder.path(), &identity)),
                false => Kept::Here(identity.to_pem(None, &mut SysRng).unwrap().leaf_key),
            };
            identities
                .keep(
                    "prod",
                    &key.settled().unwrap(),
                    &identity.chain().unwrap(),
                    identities.has("prod"),
                )
                .unwrap();
            assert_eq!(opened(&identities, "prod"), identity.leaf().certificate);
            assert_eq!(identities.holds_key("prod"), !elsewhere);
            let kept = identities.imported("prod").unwrap().unwrap();
            assert_eq!(kept.chain.leaf(), &identity.leaf().certificate);
            assert_eq!(matches!(kept.key, Kept::Elsewhere(_)), elsewhere);
            count.push(fs::read_dir(identities.folder.join("prod")).unwrap().count());
        };
        [true, true, false, false, true].into_iter().for_each(&mut keep);
        assert_eq!(
            count,
            [2, 2, 1, 1, 2],
            "a reference and its chain, or one file with both"
        );

        let (entries, failures) = identities.list().unwrap();
        assert!(failures.is_empty() && entries[0].kept.as_ref().unwrap().starts_with("file:"));
        let renewed = identities.renew("prod", None, OffsetDateTime::now_utc());
        assert_eq!(renewed.unwrap_err().code(), Code::HeldElsewhere);
        // A request would end in a key here, beside the reference.
        let requested = identities.check_requestable("prod").unwrap_err();
        assert_eq!(requested.code(), Code::HeldElsewhere);
    }

    #[test]
    fn an_identity_with_a_root_of_its_own_is_never_replaced() {
        let (folder, identities) = identities();
        let now = OffsetDateTime::now_utc();
        identities
            .create(DEFAULT, &Subject::local(), Algorithm::Ed25519, None, now)
            .unwrap();
        let identity = identity();
        let key = Kept::Elsewhere(outside(folder.path(), &identity));
        for replaces in [false, true] {
            let kept = identities.keep(DEFAULT, &key, &identity.chain().unwrap(), replaces);
            assert_eq!(kept.unwrap_err().code(), Code::IdentityExists);
        }
        assert_eq!(
            identities.check_importable(DEFAULT).unwrap_err().code(),
            Code::IdentityExists
        );
        assert!(identities.imported(DEFAULT).unwrap().is_none());
    }

    #[test]
    fn of_two_imports_at_once_one_is_told() {
        let (_folder, identities) = identities();
        let results: Vec<_> = std::thread::scope(|scope| {
            let import = || {
                let identity = identity();
                let key = Kept::Here(identity.to_pem(None, &mut SysRng).unwrap().leaf_key);
                identities.keep("prod", &key, &identity.chain().unwrap(), false)
            };
            let imports: Vec<_> = (0..4).map(|_| scope.spawn(import)).collect();
            imports.into_iter().map(|import| import.join().unwrap()).collect()
        });
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let signing = read_secret(&identities.folder.join("prod").join(SIGNING_FILE)).unwrap();
        assert!(SecretKey::from_pem(&signing, None).is_ok());
        assert_eq!(fs::read_dir(&identities.folder).unwrap().count(), 1, "no drafts");
    }

    #[test]
    fn a_reference_with_a_secret_is_not_kept() {
        let settled = |text: &str| Kept::Elsewhere(text.to_owned().into()).settled().map(|_| ());
        let pin = settled("pkcs11:token=a?module-path=/m.so&pin-value=1234").unwrap_err();
        assert_eq!(pin.code(), Code::SecretInReference);
        for secret in ["file:-----BEGIN PRIVATE KEY-----", "MC4CAQAwBQYDK2Vw"] {
            assert_eq!(settled(secret).unwrap_err().code(), Code::KeyReference);
        }
        settled("pkcs11:token=a?module-path=/m.so&pin-source=file:/run/pin").unwrap();
    }

    #[test]
    fn arguments_are_not_called_harmless() {
        let text = |reference: &str| {
            let reference = KeyReference::from(reference.to_owned());
            reference_text(&reference, Path::new("/x/chain.pem")).unwrap()
        };
        assert!(text("cmd:/bin/sign --token x").contains("as they were typed"));
        assert!(!text("cmd:/bin/sign").contains("as they were typed"));
    }
}
