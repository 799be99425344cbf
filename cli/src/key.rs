//! Private keys by reference: in a file, in a variable, behind a program, in a token. What a reference means becomes a key
//! here, and with its certificates a signer.

mod environment;
mod process;
mod program;
mod reference;
mod stream;
mod token;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use touchmark_signing::{
    Algorithm, Certificate, CertificateChain, Error as SigningError, KeyAlgorithm, Passphrase, RemoteKey, SecretKey,
    Signer, verify_signature,
};
use zeroize::Zeroizing;

use crate::certificates;
use crate::failure::{Code, Failure};
use crate::files;
use crate::identities::read_secret;
use process::CommandLine;
use program::ProgramKey;
pub use reference::{KeyReference, Source};
use stream::StreamKey;

/// The variable that holds a token's PIN where its reference names no file.
pub const PIN_VARIABLE: &str = "TOUCHMARK_PIN";

/// A key that can be asked before it has a certificate.
#[derive(Debug)]
pub enum Held {
    /// Here, in memory.
    Here(SecretKey),
    /// In a token.
    Elsewhere {
        key: Arc<dyn RemoteKey>,
        algorithm: Algorithm,
        /// The DER of the `SubjectPublicKeyInfo`, where the token keeps it.
        public_key_info: Option<Vec<u8>>,
    },
}

impl Held {
    /// What it signs with.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Here(key) => key.algorithm(),
            Self::Elsewhere { algorithm, .. } => *algorithm,
        }
    }
}

/// A signer from a key and its certificates. Without a file of certificates, the program that holds the key is asked
/// for them. No message says more of a reference than its form allows: what was typed in its place may be the key itself.
pub fn signer(
    reference: &KeyReference,
    certificates: Option<&Path>,
    passphrase: Option<&Passphrase>,
) -> Result<Signer, Failure> {
    let source = source(reference)?;
    let signer = match (source, certificates) {
        (Source::Program(line), Some(path)) => {
            let chain = chain(path)?;
            let algorithm = algorithm_of(chain.leaf())?;
            let command = CommandLine::parse(line)?.with(program::arguments(algorithm, path));
            Signer::remote(Arc::new(ProgramKey::new(command, algorithm)), algorithm, chain)
        }
        (Source::Program(line), None) => {
            let command = CommandLine::parse(line)?;
            let info = program::info(&command)?;
            Signer::remote(
                Arc::new(ProgramKey::new(command, info.algorithm)),
                info.algorithm,
                info.chain,
            )
        }
        (Source::Stream(line), Some(path)) => {
            let chain = chain(path)?;
            let algorithm = algorithm_of(chain.leaf())?;
            let command = CommandLine::parse(line)?.with(stream::arguments(algorithm, path));
            Signer::remote(Arc::new(StreamKey::new(command, algorithm)), algorithm, chain)
        }
        (_, None) => {
            return Err(Failure::new(Code::KeyWithoutCertificates, "use the key")
                .because("its certificates are not given, and only a program of cmd: can be asked for them"));
        }
        (_, Some(path)) => match load(reference, passphrase)? {
            Held::Here(key) => Signer::new(key, chain(path)?),
            Held::Elsewhere { key, algorithm, .. } => Signer::remote(key, algorithm, chain(path)?),
        },
    };
    signer.map_err(|error| failure(source, &error))
}

/// The key alone, for asking an authority to certify it.
pub fn load(reference: &KeyReference, passphrase: Option<&Passphrase>) -> Result<Held, Failure> {
    let pem: Zeroizing<String> = match source(reference)? {
        Source::File(path) => read_secret(path).map_err(|failure| {
            let code = failure.code();
            failure.recast(code, "read the file given with --key")
        })?,
        Source::Variable(name) => environment::read(name)?,
        Source::Token(uri) => {
            let key = token::open(uri)?;
            return Ok(Held::Elsewhere {
                algorithm: key.algorithm(),
                public_key_info: key.public_key_info().map(<[u8]>::to_vec),
                key: Arc::new(key),
            });
        }
        Source::Program(_) | Source::Stream(_) => {
            return Err(Failure::new(Code::KeyReference, "use the key")
                .because("a program signs, and cannot be asked for its public key")
                .with_next(
                    "make the request with the tools of whoever keeps the key; docs/keys.md shows how".to_owned(),
                ));
        }
    };
    let key = SecretKey::from_pem(&pem, passphrase);
    key.map(Held::Here)
        .map_err(|error| failure(Source::Variable(""), &error))
}

/// Whether a key is the one that a certificate was issued for, whatever else is wrong with that; a key elsewhere is asked
/// for a signature. `certificates` is the file that a program is told.
pub fn belongs(
    reference: &KeyReference,
    certificates: &Path,
    leaf: &Certificate,
    passphrase: Option<&Passphrase>,
) -> Result<bool, Failure> {
    let source = source(reference)?;
    let info = leaf.public_key_info();
    let (key, algorithm): (Arc<dyn RemoteKey>, _) = match source {
        Source::Program(line) => {
            let algorithm = algorithm_of(leaf)?;
            let command = CommandLine::parse(line)?.with(program::arguments(algorithm, certificates));
            (Arc::new(ProgramKey::new(command, algorithm)), algorithm)
        }
        Source::Stream(line) => {
            let algorithm = algorithm_of(leaf)?;
            let command = CommandLine::parse(line)?.with(stream::arguments(algorithm, certificates));
            (Arc::new(StreamKey::new(command, algorithm)), algorithm)
        }
        _ => match load(reference, passphrase)? {
            Held::Here(key) => return Ok(key.belongs_to(&info)),
            Held::Elsewhere { key, algorithm, .. } => (key, algorithm),
        },
    };
    let message = b"touchmark keys check";
    let signature = key
        .sign(message)
        .map_err(|fault| failure(source, &SigningError::from(fault)))?;
    Ok(verify_signature(algorithm, &info, message, &signature))
}

/// The file with a secret that a reference names: the key itself, or the PIN of the token that has it.
pub fn secret_file(reference: &KeyReference) -> Option<PathBuf> {
    match reference.source()? {
        Source::File(path) => Some(path.to_owned()),
        Source::Token(uri) => token::pin_file(uri),
        _ => None,
    }
}

fn source(reference: &KeyReference) -> Result<Source<'_>, Failure> {
    reference.source().ok_or_else(|| {
        Failure::new(Code::KeyReference, "use the key")
            .because("what was given does not begin with a scheme that is known")
    })
}

fn chain(path: &Path) -> Result<CertificateChain, Failure> {
    let certificates = certificates::read(&[path.to_owned()])?;
    CertificateChain::new(certificates).map_err(|error| {
        let what = format!("use the certificates in {}", files::display_name(path));
        Failure::of_signing(what, &error)
    })
}

/// What a key elsewhere signs with, by the certificate alone.
fn algorithm_of(leaf: &Certificate) -> Result<Algorithm, Failure> {
    let key = leaf.key_algorithm();
    let mut fitting = Algorithm::ALL
        .into_iter()
        .map(|(algorithm, ..)| algorithm)
        .filter(|algorithm| algorithm.is_of(key));
    // Of those for RSA, the first is PS256.
    fitting.next().ok_or_else(|| unusable(key))
}

fn unusable(key: KeyAlgorithm) -> Failure {
    Failure::new(
        Code::CertificatesUnusable,
        "use the certificates given with --certificates",
    )
    .because(format!("they are for {key}, which C2PA does not allow"))
}

fn failure(source: Source<'_>, error: &SigningError) -> Failure {
    let what = match source {
        Source::Program(_) | Source::Stream(_) => "use the key behind the program",
        Source::Token(_) => "use the key in the token",
        Source::File(_) | Source::Variable(_) => "use the key given with --key",
    };
    Failure::of_signing(what.to_owned(), error)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use getrandom::SysRng;
    use time::OffsetDateTime;
    use touchmark_signing::{Identity, Subject};

    use super::*;

    #[test]
    fn a_key_belongs_to_its_certificate_wherever_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let subject = Subject::new("Example Images", "signer").unwrap();
        let identity = || Identity::new(&subject, Algorithm::Es256, OffsetDateTime::now_utc(), &mut SysRng).unwrap();
        let (mine, other) = (identity(), identity());
        let file = folder.path().join("key.pem");
        std::fs::write(&file, mine.to_pem(None, &mut SysRng).unwrap().leaf_key.as_bytes()).unwrap();
        let file = file.display();
        for reference in [
            format!("file:{file}"),
            // What touchmark adds goes to the shell's parameters.
            format!("cmd:sh -c 'openssl dgst -sha256 -sign {file}'"),
        ] {
            let belongs = |identity: &Identity| {
                let leaf = &identity.leaf().certificate;
                belongs(&reference.clone().into(), Path::new("chain.pem"), leaf, None).unwrap()
            };
            assert!(belongs(&mine) && !belongs(&other), "{reference}");
        }
    }

    #[test]
    fn each_kind_of_certificate_has_one_algorithm() {
        for algorithm in [Algorithm::Ed25519, Algorithm::Es256] {
            let subject = Subject::new("Example Images", "signer").unwrap();
            let identity = Identity::new(&subject, algorithm, OffsetDateTime::now_utc(), &mut SysRng).unwrap();
            assert_eq!(algorithm_of(&identity.leaf().certificate).unwrap(), algorithm);
        }
    }
}
