//! The identities on this machine: a folder each, with the signing key beside its certificates in one file, so that
//! a renewal replaces both at once, and the root, which only renewing needs, in another. Where the key is kept elsewhere,
//! a reference to it stands beside the certificates.

mod imported;
mod names;
mod requests;
mod secrets;
pub mod signing;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use getrandom::SysRng;
use tempfile::TempDir;
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
use crate::key;

pub use imported::Kept;
pub use names::{DEFAULT, LOCAL, check_name, check_own_name};
pub use requests::{Pending, key_block};
pub use secrets::{PASSPHRASE_VARIABLE, passphrase, read_secret};

const SIGNING_FILE: &str = "signing.pem";
const ROOT_FILE: &str = "root.pem";

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

impl Identities {
    pub fn new(config: &Config) -> Result<Self, Failure> {
        Ok(Self {
            folder: config.data_dir()?.join("identities"),
        })
    }

    /// Whether there is an identity of this name.
    pub fn has(&self, name: &str) -> bool {
        self.holds_key(name) || self.has_reference(name)
    }

    /// Whether the key of this identity is here.
    pub fn holds_key(&self, name: &str) -> bool {
        self.folder.join(name).join(SIGNING_FILE).exists()
    }

    /// Whether this identity has a root of its own, which issues its next certificate.
    pub fn renews_itself(&self, name: &str) -> bool {
        self.folder.join(name).join(ROOT_FILE).exists()
    }

    /// How an identity gets its next certificate, as a next step.
    pub fn renewal(&self, name: &str) -> String {
        let named = match name {
            DEFAULT => String::new(),
            _ => format!(" --name {name}"),
        };
        // A local identity that is yet to be made renews itself too.
        if self.renews_itself(name) || name == LOCAL {
            format!("`touchmark keys renew{named}` makes a new one")
        } else if self.holds_key(name) {
            format!("`touchmark keys request{named}` makes a new key and the request to send to the authority")
        } else {
            "have its issuer make a new one for the same key; `touchmark keys import --certificates FILE` takes it"
                .to_owned()
        }
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
        if !self.holds_key(name) {
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
        let draft = self.draft_folder()?;
        write_identity(draft.path(), &identity, passphrase)?;
        self.release(&draft, name, what)
    }

    /// A folder for an identity in the making, for its owner alone; dropped, it is gone.
    fn draft_folder(&self) -> Result<TempDir, Failure> {
        make_private_folder(&self.folder)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".new-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o700));
        }
        builder
            .tempdir_in(&self.folder)
            .map_err(|error| Failure::writing(&self.folder, &error))
    }

    /// Gives a folder its name. It replaces an empty folder at most, never an identity.
    fn release(&self, draft: &TempDir, name: &str, what: impl Fn() -> String) -> Result<(), Failure> {
        let target = self.folder.join(name);
        fs::rename(draft.path(), &target).map_err(|error| match error.kind() {
            io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists => {
                Failure::new(Code::IdentityExists, what())
            }
            _ => Failure::writing(&target, &error),
        })
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
        let folder = self.folder.join(name);
        if !self.renews_itself(name) {
            let code = match self.holds_key(name) {
                true => Code::NotIssuedHere,
                false => Code::HeldElsewhere,
            };
            let failure = Failure::new(code, format!("renew the identity {name:?}"));
            return Err(failure.with_next(self.renewal(name)));
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
        let (path, kept) = match self.has(&name) && !self.holds_key(&name) {
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
            _ if self.renews_itself(&name) => Origin::Own,
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
