//! The identities on this machine: a folder each, with the signing key beside its certificates in one file, so that
//! a renewal replaces both at once, and the root, which only renewing needs, in another. Where the key is kept elsewhere,
//! a reference to it stands beside the certificates.

mod requests;

use std::env::VarError;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use getrandom::SysRng;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use touchmark_signing::{
    Algorithm, Certificate, CertificateChain, Credential, Error as SigningError, Identity, Passphrase, SecretKey,
    Signer, Subject,
};
use zeroize::Zeroizing;

use crate::config::Config;
use crate::draft::WriteOptions;
use crate::failure::{Code, Failure};
use crate::files;
use crate::key::{self, KeyReference};

pub use requests::{Pending, key_block};

/// The identity that commands mean when none is named.
pub const DEFAULT: &str = "default";

/// The identity that a first `stamp` makes.
pub const LOCAL: &str = "local";

/// The variable that holds a passphrase where no file is named.
pub const PASSPHRASE_VARIABLE: &str = "TOUCHMARK_PASSPHRASE";

const SIGNING_FILE: &str = "signing.pem";
const ROOT_FILE: &str = "root.pem";

/// Says where a key is that is kept elsewhere, and which file beside it has its certificates.
const REFERENCE_FILE: &str = "signing.toml";
const CHAIN_FILE: &str = "chain.pem";

/// Keys and certificates take a few kilobytes.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// The folder of identities.
#[derive(Debug)]
pub struct Identities {
    folder: PathBuf,
}

/// One identity as `keys list` shows it; no secret is read for it.
#[derive(Debug)]
pub struct Entry {
    pub name: String,
    pub certificate: Certificate,
    pub root: Option<Certificate>,
    pub encrypted: bool,
    pub origin: Origin,
    /// Where the key is, fit to be shown, where it is not here.
    pub kept: Option<String>,
}

/// Where an identity comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A first `stamp` made it.
    FirstRun,
    /// `keys new` made it, with a root of its own.
    Own,
    /// `keys import` made it of what an authority issued.
    Imported,
}

/// The content of [`REFERENCE_FILE`]: nothing secret.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reference {
    /// A key reference, as `--key` takes it.
    key: String,
    /// A file in the same folder: a new one for each change, so that key and certificates change at once.
    certificates: String,
}

impl Identities {
    pub fn new(config: &Config) -> Result<Self, Failure> {
        Ok(Self {
            folder: config.data_dir()?.join("identities"),
        })
    }

    /// Whether there is an identity of this name.
    pub fn has(&self, name: &str) -> bool {
        self.is_renewable(name) || self.folder.join(name).join(REFERENCE_FILE).exists()
    }

    /// Whether the key of this identity is here, so that it can be replaced.
    pub fn is_renewable(&self, name: &str) -> bool {
        self.folder.join(name).join(SIGNING_FILE).exists()
    }

    /// The file with an identity's root certificate, for others to trust.
    pub fn root_file(&self, name: &str) -> PathBuf {
        self.folder.join(name).join("root-certificate.pem")
    }

    /// Opens an identity for signing.
    pub fn open(&self, name: &str, passphrase: Option<&Passphrase>) -> Result<Signer, Failure> {
        check_name(name)?;
        if !self.has(name) {
            return Err(Failure::new(Code::NoIdentity, format!("find the identity {name:?}")));
        }
        if !self.is_renewable(name) {
            let (reference, certificates) = self.reference(name)?;
            return key::signer(&reference, Some(&certificates), passphrase);
        }
        let pem = read_secret(&self.folder.join(name).join(SIGNING_FILE))?;
        signer(&pem, &pem, passphrase)
            .map_err(|error| Failure::of_signing(format!("use the identity {name:?}"), &error))
    }

    /// Opens the identity of a first run, making it where there is none. Says whether it was made.
    pub fn open_local(&self, now: OffsetDateTime) -> Result<(Signer, bool), Failure> {
        let new = !self.has(LOCAL);
        if new {
            match self.create(LOCAL, &Subject::local(), Algorithm::Ed25519, None, now) {
                // Another process was first; its identity is as good.
                Err(failure) if failure.code() == Code::IdentityExists => {}
                created => created?,
            }
        }
        let signer = self.open(LOCAL, None).map_err(|failure| self.local_unusable(failure))?;
        Ok((signer, new))
    }

    /// The local identity is there and cannot be used: nobody made it by hand, so that a new one is as good.
    fn local_unusable(&self, failure: Failure) -> Failure {
        let folder = self.folder.join(LOCAL);
        failure
            .recast(
                Code::LocalUnusable,
                format!("use the local identity in {}", folder.display()),
            )
            .with_next(format!(
                "move the folder {} away; the next `touchmark stamp` makes a new one",
                folder.display()
            ))
    }

    /// Makes an identity. It is there with all its files, or not at all.
    pub fn create(
        &self,
        name: &str,
        subject: &Subject,
        algorithm: Algorithm,
        passphrase: Option<&Passphrase>,
        now: OffsetDateTime,
    ) -> Result<(), Failure> {
        check_name(name)?;
        let what = || format!("make the identity {name:?}");
        let identity =
            Identity::new(subject, algorithm, now, &mut SysRng).map_err(|error| Failure::of_signing(what(), &error))?;
        let target = self.folder.join(name);
        if target.exists() {
            let code = match !self.has(name) && self.is_requested(name) {
                true => Code::RequestPending,
                false => Code::IdentityExists,
            };
            return Err(Failure::new(code, what()));
        }
        make_private_folder(&self.folder)?;
        let draft = tempfile::Builder::new()
            .prefix(".new-")
            .tempdir_in(&self.folder)
            .map_err(|error| Failure::writing(&self.folder, &error))?;
        write_identity(draft.path(), &identity, passphrase)?;
        // A folder replaces an empty folder at most, never an identity.
        fs::rename(draft.path(), &target).map_err(|error| match error.kind() {
            io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists => {
                Failure::new(Code::IdentityExists, what())
            }
            _ => Failure::writing(&target, &error),
        })
    }

    /// Keeps a reference to a key, and the certificates of that key, as an identity. `replace` gives an identity of that
    /// kind its new key or certificates: whoever opens it meanwhile finds the old ones or the new.
    ///
    /// What the reference means must have been tried: nothing is asked for here but that it holds no PIN.
    pub fn keep_reference(
        &self,
        name: &str,
        reference: &KeyReference,
        chain: &CertificateChain,
        replace: bool,
    ) -> Result<(), Failure> {
        check_name(name)?;
        let target = self.folder.join(name);
        if self.is_renewable(name) || (target.exists() && !replace) {
            return Err(Failure::new(
                Code::IdentityExists,
                format!("keep the identity {name:?}"),
            ));
        }
        let here = std::env::current_dir().map_err(|error| Failure::reading(Path::new("."), &error))?;
        let previous = match self.has(name) {
            true => Some(self.reference(name)?.1),
            false => None,
        };
        let stem: String = chain
            .leaf()
            .sha256()
            .iter()
            .take(4)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let certificates = match &previous {
            Some(_) => format!("chain-{stem}.pem"),
            None => CHAIN_FILE.to_owned(),
        };
        let content = Reference {
            key: reference.storable()?.within(&here).as_typed().to_owned(),
            certificates,
        };
        let text = toml::to_string(&content)
            .map_err(|error| Failure::new(Code::Configuration, "write the reference").because(error))?;
        let text = format!("# Where the key of this identity is kept. Nothing here is secret.\n{text}");
        make_private_folder(&target)?;
        let path = target.join(&content.certificates);
        write_private(&path, chain.to_pem().as_bytes())?;
        write_private(&target.join(REFERENCE_FILE), text.as_bytes())?;
        if let Some(previous) = previous.filter(|previous| *previous != path) {
            // Left behind it does no harm.
            let _ = fs::remove_file(previous);
        }
        Ok(())
    }

    /// Where an identity's key is that is kept elsewhere, and its certificates.
    fn reference(&self, name: &str) -> Result<(KeyReference, PathBuf), Failure> {
        let folder = self.folder.join(name);
        let path = folder.join(REFERENCE_FILE);
        let parsed: Result<Reference, _> = toml::from_str(&files::read_text(&path, MAX_FILE_BYTES)?);
        let content = parsed.map_err(|error| {
            Failure::new(Code::Configuration, format!("read {}", path.display()))
                .because(error.message())
                .with_next("import the identity again".to_owned())
        })?;
        Ok((content.key.into(), folder.join(content.certificates)))
    }

    /// Issues a new leaf under the identity's own root; the old key is replaced together with its certificate.
    ///
    /// The new key is protected as the root's is: a passphrase is needed where that is encrypted, and refused where not.
    pub fn renew(
        &self,
        name: &str,
        passphrase: Option<&Passphrase>,
        now: OffsetDateTime,
    ) -> Result<Certificate, Failure> {
        check_name(name)?;
        if !self.has(name) {
            return Err(Failure::new(Code::NoIdentity, format!("find the identity {name:?}")));
        }
        if !self.is_renewable(name) {
            return Err(Failure::new(
                Code::HeldElsewhere,
                format!("renew the identity {name:?}"),
            ));
        }
        let folder = self.folder.join(name);
        if !folder.join(ROOT_FILE).exists() {
            let next = match name {
                DEFAULT => {
                    "`touchmark keys request` makes a new key and the request to send to the authority".to_owned()
                }
                _ => format!(
                    "`touchmark keys request --name {name}` makes a new key and the request to send to the authority"
                ),
            };
            return Err(Failure::new(Code::NotIssuedHere, format!("renew the identity {name:?}")).with_next(next));
        }
        let root = read_secret(&folder.join(ROOT_FILE))?;
        if passphrase.is_some() && !SecretKey::is_encrypted_pem(&root) {
            // With it, the new key would be encrypted and the root beside it would not.
            return Err(
                Failure::new(Code::PassphraseNotWanted, format!("renew the identity {name:?}")).because(format!(
                    "its keys are not encrypted, and --passphrase-file or {PASSPHRASE_VARIABLE} gives a passphrase"
                )),
            );
        }
        let signing = read_secret(&folder.join(SIGNING_FILE))?;
        let failed = |error: SigningError| Failure::of_signing(format!("renew the identity {name:?}"), &error);
        let previous = CertificateChain::from_pem(certificates_in(&signing)).map_err(failed)?;
        let root = Credential {
            key: SecretKey::from_pem(&root, passphrase).map_err(failed)?,
            certificate: Certificate::from_pem(certificates_in(&root)).map_err(failed)?,
        };
        let identity = Identity::renew(root, previous.leaf(), now, &mut SysRng).map_err(failed)?;
        write_signing(&folder, &identity, passphrase)?;
        Ok(identity.leaf().certificate.clone())
    }

    /// All identities, by name. One that cannot be read is left out and named.
    pub fn list(&self) -> Result<(Vec<Entry>, Vec<Failure>), Failure> {
        let (mut entries, mut failures) = (Vec::new(), Vec::new());
        for name in self.names()? {
            if !self.has(&name) && self.is_requested(&name) {
                continue;
            }
            match self.entry(name) {
                Ok(entry) => entries.push(entry),
                Err(failure) => failures.push(failure),
            }
        }
        Ok((entries, failures))
    }

    /// The names of the folders, sorted.
    fn names(&self) -> Result<Vec<String>, Failure> {
        let mut names = Vec::new();
        match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::reading(&self.folder, &error)),
            Ok(entries) => names.extend(
                entries
                    .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                    .filter(|name| !name.starts_with('.')),
            ),
        }
        names.sort();
        Ok(names)
    }

    /// The root of the identity that a first run made, where there is one.
    pub fn local_root(&self) -> Result<Option<Certificate>, Failure> {
        if !self.folder.join(LOCAL).exists() {
            return Ok(None);
        }
        let entry = self.entry(LOCAL.to_owned());
        entry
            .map(|entry| entry.root)
            .map_err(|failure| self.local_unusable(failure))
    }

    fn entry(&self, name: String) -> Result<Entry, Failure> {
        let (path, kept) = match self.has(&name) && !self.is_renewable(&name) {
            true => {
                let (reference, certificates) = self.reference(&name)?;
                (certificates, Some(reference.shown()))
            }
            false => (self.folder.join(&name).join(SIGNING_FILE), None),
        };
        let pem = read_secret(&path)?;
        let chain = CertificateChain::from_pem(certificates_in(&pem))
            .map_err(|error| Failure::of_signing(format!("read the identity {name:?}"), &error))?;
        let origin = match name.as_str() {
            LOCAL => Origin::FirstRun,
            _ if self.folder.join(&name).join(ROOT_FILE).exists() => Origin::Own,
            _ => Origin::Imported,
        };
        Ok(Entry {
            origin,
            name,
            certificate: chain.leaf().clone(),
            root: chain.root().cloned(),
            encrypted: SecretKey::is_encrypted_pem(&pem),
            kept,
        })
    }
}

/// A signer from a key and its certificates, both PEM.
pub fn signer(key: &str, certificates: &str, passphrase: Option<&Passphrase>) -> Result<Signer, SigningError> {
    Signer::new(
        SecretKey::from_pem(key, passphrase)?,
        CertificateChain::from_pem(certificates_in(certificates))?,
    )
}

/// A signer like the local identity's that is kept nowhere: for a run that writes nothing.
pub fn passing_local(now: OffsetDateTime) -> Result<Signer, Failure> {
    let made = Identity::new(&Subject::local(), Algorithm::Ed25519, now, &mut SysRng).and_then(|identity| {
        let pem = identity.to_pem(None, &mut SysRng)?;
        signer(&pem.leaf_key, &pem.chain, None)
    });
    made.map_err(|error| Failure::of_signing("make an identity".to_owned(), &error))
}

/// The passphrase from its file, or from the environment.
pub fn passphrase(file: Option<&Path>) -> Result<Option<Passphrase>, Failure> {
    let what = || match file {
        Some(path) => format!("take the passphrase from {}", path.display()),
        None => format!("take the passphrase from {PASSPHRASE_VARIABLE}"),
    };
    let text = match file {
        Some(path) => {
            let mut text = Zeroizing::new(files::read_text(path, MAX_FILE_BYTES)?);
            // Editors end the last line; a passphrase has no line break of its own.
            let end = text.trim_end_matches(['\r', '\n']).len();
            text.truncate(end);
            text
        }
        None => match std::env::var(PASSPHRASE_VARIABLE) {
            Ok(text) => Zeroizing::new(text),
            Err(VarError::NotPresent) => return Ok(None),
            // Passed over, the keys would be written without the protection that was asked for.
            Err(VarError::NotUnicode(_)) => {
                return Err(Failure::new(Code::PassphraseUnusable, what()).because("it is not UTF-8"));
            }
        },
    };
    Passphrase::new(std::mem::take(&mut *{ text }))
        .map(Some)
        .map_err(|error| Failure::of_signing(what(), &error))
}

/// Reads a file with a secret in it; the bytes are wiped when dropped.
pub fn read_secret(path: &Path) -> Result<Zeroizing<String>, Failure> {
    files::read_text(path, MAX_FILE_BYTES).map(Zeroizing::new)
}

/// Names are file names on every system: letters, digits, `.`, `-` and `_`, beginning with a letter or digit.
pub fn check_name(name: &str) -> Result<(), Failure> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let good = name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(allowed);
    if good {
        Ok(())
    } else {
        Err(Failure::new(Code::BadName, format!("use the name {name:?}")))
    }
}

/// The part of a PEM text from its first certificate on; keys stand before.
pub fn certificates_in(pem: &str) -> &str {
    pem.find("-----BEGIN CERTIFICATE-----")
        .and_then(|at| pem.get(at..))
        .unwrap_or_default()
}

fn write_identity(folder: &Path, identity: &Identity, passphrase: Option<&Passphrase>) -> Result<(), Failure> {
    write_signing(folder, identity, passphrase)?;
    let pem = identity
        .to_pem(passphrase, &mut SysRng)
        .map_err(|error| Failure::of_signing("encode the identity".to_owned(), &error))?;
    let root = Zeroizing::new(format!("{}{}", *pem.root_key, pem.root_certificate));
    write_private(&folder.join(ROOT_FILE), root.as_bytes())?;
    let public = WriteOptions {
        replace: true,
        sync: true,
        private: false,
    };
    files::write_atomic(
        &folder.join("root-certificate.pem"),
        pem.root_certificate.as_bytes(),
        public,
    )
}

fn write_signing(folder: &Path, identity: &Identity, passphrase: Option<&Passphrase>) -> Result<(), Failure> {
    let pem = identity
        .to_pem(passphrase, &mut SysRng)
        .map_err(|error| Failure::of_signing("encode the identity".to_owned(), &error))?;
    let signing = Zeroizing::new(format!("{}{}", *pem.leaf_key, pem.chain));
    write_private(&folder.join(SIGNING_FILE), signing.as_bytes())
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    files::write_atomic(path, bytes, private_options(true))
}

/// How secrets are written: for their owner alone, and durably.
pub fn private_options(replace: bool) -> WriteOptions {
    WriteOptions {
        replace,
        sync: true,
        private: true,
    }
}

fn make_private_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(|error| Failure::writing(folder, &error))
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn a_reference_is_kept_replaced_and_opened() {
        let (folder, identities) = identities();
        let keep = |name: &str, replace| {
            let identity = identity();
            let pem = identity.to_pem(None, &mut SysRng).unwrap();
            let path = folder.path().join(format!("{name}-key.pem"));
            fs::write(&path, pem.leaf_key.as_bytes()).unwrap();
            let reference = KeyReference::from(format!("file:{}", path.display()));
            let kept = identities.keep_reference(name, &reference, &identity.chain().unwrap(), replace);
            kept.map(|()| identity.leaf().certificate.clone())
        };
        let first = keep("prod", false).unwrap();
        assert!(identities.has("prod") && !identities.is_renewable("prod"));
        assert_eq!(identities.open("prod", None).unwrap().certificate(), &first);
        assert_eq!(keep("prod", false).unwrap_err().code(), Code::IdentityExists);

        // The key file of "prod" was just replaced; the reference says so once it is kept again.
        let second = keep("prod", true).unwrap();
        assert_eq!(identities.open("prod", None).unwrap().certificate(), &second);
        let files = fs::read_dir(identities.folder.join("prod")).unwrap().count();
        assert_eq!(files, 2, "the reference and one chain");

        let (entries, failures) = identities.list().unwrap();
        assert!(failures.is_empty() && entries[0].kept.as_ref().unwrap().starts_with("file:"));
        let renewed = identities.renew("prod", None, OffsetDateTime::now_utc());
        assert_eq!(renewed.unwrap_err().code(), Code::HeldElsewhere);

        identities
            .create(
                "here",
                &Subject::local(),
                Algorithm::Ed25519,
                None,
                OffsetDateTime::now_utc(),
            )
            .unwrap();
        assert_eq!(keep("here", true).unwrap_err().code(), Code::IdentityExists);
    }

    #[test]
    fn a_reference_with_a_secret_is_not_kept() {
        let (_folder, identities) = identities();
        let chain = identity().chain().unwrap();
        let keep = |text: &str| identities.keep_reference("prod", &text.to_owned().into(), &chain, false);
        let pin = keep("pkcs11:token=a?module-path=/m.so&pin-value=1234").unwrap_err();
        assert_eq!(pin.code(), Code::SecretInReference);
        assert_eq!(
            keep("file:-----BEGIN PRIVATE KEY-----").unwrap_err().code(),
            Code::KeyReference
        );
        assert_eq!(keep("MC4CAQAwBQYDK2Vw").unwrap_err().code(), Code::KeyReference);
        assert!(!identities.has("prod"));
        keep("pkcs11:token=a?module-path=/m.so&pin-source=file:/run/pin").unwrap();
    }
}
