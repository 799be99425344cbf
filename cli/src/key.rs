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
    Algorithm, Certificate, CertificateChain, Error as SigningError, KeyAlgorithm, KeyFault, MAX_KEY_PEM_BYTES,
    Passphrase, PublicKey, RemoteKey, SecretKey, Signer, leaf_of, verify_signature,
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

/// What a key that is kept elsewhere signs, to show which it is.
const SAMPLE: &[u8] = b"touchmark: is this the key of the certificate?";

/// A key that can be asked before it has a certificate.
#[derive(Debug)]
pub enum Held {
    /// Here, in memory.
    Here(SecretKey),
    /// In a token, or behind a program.
    Elsewhere {
        key: Arc<dyn RemoteKey>,
        algorithm: Algorithm,
        /// The DER of the `SubjectPublicKeyInfo`, where the token keeps it or it was given.
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
        (Source::Program(line), None) => {
            let command = CommandLine::parse(line)?;
            let info = program::info(&command)?;
            Signer::remote(
                Arc::new(ProgramKey::new(command, info.algorithm)),
                info.algorithm,
                info.chain,
            )
        }
        (_, None) => {
            return Err(Failure::new(Code::KeyWithoutCertificates, "use the key")
                .because("its certificates are not given, and only a program of cmd: can be asked for them"));
        }
        (Source::Program(_) | Source::Stream(_), Some(path)) => {
            let chain = chain(path)?;
            let algorithm = algorithm_of(chain.leaf().key_algorithm())?;
            Signer::remote(behind(source, algorithm, path)?, algorithm, chain)
        }
        (_, Some(path)) => match load(reference, passphrase)? {
            Held::Here(key) => Signer::new(key, chain(path)?),
            Held::Elsewhere { key, algorithm, .. } => Signer::remote(key, algorithm, chain(path)?),
        },
    };
    signer.map_err(|error| failure(source, &error))
}

/// The key alone, for asking an authority to certify it. `public` is the file of its public key, without which the key
/// behind a program cannot be certified.
pub fn uncertified(
    reference: &KeyReference,
    public: Option<&Path>,
    passphrase: Option<&Passphrase>,
) -> Result<Held, Failure> {
    let public = public.map(|path| Ok((path, public_key(path)?))).transpose()?;
    match (source(reference)?, public) {
        (source @ (Source::Program(_) | Source::Stream(_)), Some((path, public))) => {
            let algorithm = certifiable(public.key_algorithm())?;
            Ok(Held::Elsewhere {
                // There is no certificate yet: the program is told of the public key in its place.
                key: behind(source, algorithm, path)?,
                algorithm,
                public_key_info: Some(public.der().to_vec()),
            })
        }
        (Source::Program(_) | Source::Stream(_), None) => Err(Failure::new(Code::KeyReference, "use the key")
            .because("a program signs, and cannot be asked for its public key")
            .with_next(
                "give the public key, as the service that keeps the key exports it, with --public-key FILE".to_owned(),
            )),
        (_, public) => match (load(reference, passphrase)?, public) {
            (held, None) => Ok(held),
            (Held::Here(key), Some((_, public))) if !key.belongs_to(public.der()) => {
                Err(Failure::new(Code::KeyMismatch, "use the key")
                    .because("--public-key is of another")
                    .with_next("leave --public-key out: the key has its own".to_owned()))
            }
            (held @ Held::Here(_), Some(_)) => Ok(held),
            (Held::Elsewhere { key, algorithm, .. }, Some((_, public))) => Ok(Held::Elsewhere {
                key,
                algorithm,
                public_key_info: Some(public.der().to_vec()),
            }),
        },
    }
}

/// The newest of the certificates that were issued for a key, whatever else is wrong with them; a key elsewhere is asked for
/// a signature. `file` is what a program is told to be the certificates.
pub fn newest_of<'a>(
    reference: &KeyReference,
    file: &Path,
    given: &'a [Certificate],
    passphrase: Option<&Passphrase>,
) -> Result<Option<&'a Certificate>, Failure> {
    let source = source(reference)?;
    if !matches!(source, Source::Program(_) | Source::Stream(_)) {
        return match load(reference, passphrase)? {
            Held::Here(key) => Ok(certificates::newest(given, |one| {
                key.belongs_to(&one.public_key_info())
            })),
            Held::Elsewhere { key, algorithm, .. } => signed_by(source, key.as_ref(), algorithm, given),
        };
    }
    // A program is told what to sign with, which the certificates alone say. There may be other signers' among them, for
    // other algorithms, that it refuses.
    let mut algorithms: Vec<Algorithm> = Vec::new();
    let leaves = leaf_of(given)
        .into_iter()
        .chain(given.iter().filter(|one| !one.is_ca()));
    for leaf in leaves {
        let algorithm = algorithm_of(leaf.key_algorithm())?;
        if !algorithms.contains(&algorithm) {
            algorithms.push(algorithm);
        }
    }
    let mut refused = None;
    for algorithm in algorithms {
        let key = behind(source, algorithm, file)?;
        match signed_by(source, key.as_ref(), algorithm, given) {
            Ok(None) => {}
            Ok(found) => return Ok(found),
            Err(failure) => refused = refused.or(Some(failure)),
        }
    }
    refused.map_or(Ok(None), Err)
}

/// The newest certificate under which a signature of this key holds.
fn signed_by<'a>(
    source: Source<'_>,
    key: &dyn RemoteKey,
    algorithm: Algorithm,
    given: &'a [Certificate],
) -> Result<Option<&'a Certificate>, Failure> {
    let signature = key
        .sign(SAMPLE)
        .map_err(|fault| failure(source, &SigningError::from(fault)))?;
    Ok(certificates::newest(given, |one| {
        algorithm.is_of(one.key_algorithm()) && verify_signature(algorithm, &one.public_key_info(), SAMPLE, &signature)
    }))
}

/// A private key in a file, and its text as it stands there. No message says more of the file than the option's name: what
/// was typed in its place may be the key itself.
pub fn read_file(path: &Path, passphrase: Option<&Passphrase>) -> Result<(SecretKey, Zeroizing<String>), Failure> {
    let text = read_secret(path).map_err(|failure| {
        let code = failure.code();
        failure.recast(code, "read the file given with --key")
    })?;
    let key = SecretKey::from_pem(&text, passphrase).map_err(|error| failure(Source::File(path), &error))?;
    Ok((key, text))
}

/// A key that needs no certificate to be opened.
fn load(reference: &KeyReference, passphrase: Option<&Passphrase>) -> Result<Held, Failure> {
    match source(reference)? {
        Source::File(path) => read_file(path, passphrase).map(|(key, _)| Held::Here(key)),
        Source::Variable(name) => SecretKey::from_pem(&environment::read(name)?, passphrase)
            .map(Held::Here)
            .map_err(|error| failure(Source::Variable(name), &error)),
        Source::Token(uri) => {
            let key = token::open(uri)?;
            Ok(Held::Elsewhere {
                algorithm: key.algorithm(),
                public_key_info: key.public_key_info().map(<[u8]>::to_vec),
                key: Arc::new(key),
            })
        }
        // Not reached: whoever asks has looked.
        Source::Program(_) | Source::Stream(_) => {
            Err(Failure::new(Code::KeyReference, "use the key").because("a program is told what it signs with"))
        }
    }
}

/// The key behind a program, which is told the algorithm and a file.
fn behind(source: Source<'_>, algorithm: Algorithm, file: &Path) -> Result<Arc<dyn RemoteKey>, Failure> {
    match source {
        Source::Stream(line) => {
            let command = CommandLine::parse(line)?.with(stream::arguments(algorithm, file));
            Ok(Arc::new(StreamKey::new(command, algorithm)))
        }
        Source::Program(line) => {
            let command = CommandLine::parse(line)?.with(program::arguments(algorithm, file));
            Ok(Arc::new(ProgramKey::new(command, algorithm)))
        }
        _ => Err(Failure::new(Code::KeyReference, "use the key").because("it is behind no program")),
    }
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

fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    let failed = |error: &SigningError| Failure::of_signing(format!("read {}", files::display_name(path)), error);
    let bytes = files::read(path, MAX_KEY_PEM_BYTES as u64).map_err(|failure| match failure.code() {
        // That code is about pictures.
        Code::OverLimit => failed(&KeyFault::TooLarge.into()),
        _ => failure,
    })?;
    PublicKey::read(&bytes).map_err(|error| failed(&error))
}

/// What a key elsewhere signs with, by its kind alone.
fn algorithm_of(key: KeyAlgorithm) -> Result<Algorithm, Failure> {
    let mut fitting = Algorithm::ALL
        .into_iter()
        .map(|(algorithm, ..)| algorithm)
        .filter(|algorithm| algorithm.is_of(key));
    // Of those for RSA, the first is PS256.
    fitting.next().ok_or_else(|| {
        Failure::new(
            Code::CertificatesUnusable,
            "use the certificates given with --certificates",
        )
        .because(format!("they are for {key}, which C2PA does not allow"))
    })
}

/// What a key signs its request with.
fn certifiable(key: KeyAlgorithm) -> Result<Algorithm, Failure> {
    let asked = [Algorithm::Es256, Algorithm::Ed25519, Algorithm::Ps256];
    let found = asked.into_iter().find(|algorithm| algorithm.is_of(key));
    found.ok_or_else(|| {
        let unsupported = SigningError::from(KeyFault::Unsupported(key));
        Failure::of_signing("request a certificate for the key".to_owned(), &unsupported)
    })
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
            let newest = |given: &[Certificate]| {
                let newest = newest_of(&reference.clone().into(), Path::new("chain.pem"), given, None).unwrap();
                newest.cloned()
            };
            let of = |identity: &Identity| identity.leaf().certificate.clone();
            assert_eq!(newest(&[of(&mine)]), Some(of(&mine)), "{reference}");
            assert_eq!(newest(&[of(&other)]), None, "{reference}");
            for given in [[of(&other), of(&mine)], [of(&mine), of(&other)]] {
                assert_eq!(newest(&given), Some(of(&mine)), "{reference}");
            }
        }
    }

    #[test]
    fn each_kind_of_certificate_has_one_algorithm() {
        for algorithm in [Algorithm::Ed25519, Algorithm::Es256] {
            let subject = Subject::new("Example Images", "signer").unwrap();
            let identity = Identity::new(&subject, algorithm, OffsetDateTime::now_utc(), &mut SysRng).unwrap();
            assert_eq!(
                algorithm_of(identity.leaf().certificate.key_algorithm()).unwrap(),
                algorithm
            );
        }
    }
}
