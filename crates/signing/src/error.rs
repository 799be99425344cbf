//! What can go wrong while making or loading an identity. Nothing here speaks about somebody else's signature: that is
//! a standing (`trust`), not an error.

use std::fmt;

use time::OffsetDateTime;

use crate::algorithm::{Algorithm, KeyAlgorithm};
use crate::profile::Rule;

/// Shorthand for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why this crate could not do its work, sorted by what the caller can do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The private key cannot be read or written: ask for another file or passphrase.
    Key(KeyFault),
    /// A certificate or chain cannot be read: ask for another file.
    Certificate(CertificateFault),
    /// Key and certificates do not make a signer: ask for a matching pair.
    Signer(SignerFault),
    /// The certificate is not valid at the given time: renew it, or look at the clock.
    Dates(DatesFault),
    /// A name cannot go into a certificate: ask for another one.
    Subject(SubjectFault),
    /// A list of trust anchors cannot be used: ask for another file.
    TrustList(TrustListFault),
    /// The key is kept elsewhere and did not sign: look at the program or device that holds it.
    Remote(RemoteKeyFault),
    /// The token that keeps the key cannot be used: look at its reference, its PIN, or the device.
    Token(TokenFault),
    /// The source of randomness failed.
    Randomness,
    /// A key or certificate could not be encoded. A bug in touchmark or in an encoder it uses.
    Encoding(&'static str),
}

/// What is wrong with a private key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFault {
    /// The key is encrypted and no passphrase was given.
    PassphraseNeeded,
    /// The passphrase does not open the key (or the encrypted part is damaged: the two look alike).
    WrongPassphrase,
    /// An empty passphrase protects nothing.
    EmptyPassphrase,
    /// The key works with an algorithm that touchmark does not sign with.
    Unsupported(KeyAlgorithm),
    /// An RSA key of this many bits, where 2048 to 8192 are accepted (C2PA 2.2, 13.2.1).
    RsaSize(usize),
    /// New keys are made for Ed25519 and ES256; one for this algorithm must come from elsewhere.
    NotMade(Algorithm),
    /// The key is encrypted in a way that is not PBES2 with AES and PBKDF2 or scrypt.
    UnsupportedEncryption,
    /// Opening the key would cost more work or memory than any honest key asks for.
    TooCostly,
    /// There is no PKCS#8 private key in the text; the payload says what is there.
    NoPrivateKey(PemContent),
    /// There is no public key (`SubjectPublicKeyInfo`) where one was wanted.
    NoPublicKey,
    /// The PEM or DER encoding is broken.
    Malformed,
    /// The text is larger than [`crate::MAX_KEY_PEM_BYTES`].
    TooLarge,
}

/// What a PEM text holds where a private key was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PemContent {
    /// No PEM at all.
    Nothing,
    /// A certificate.
    Certificate,
    /// A public key.
    PublicKey,
    /// OpenSSH's own format (`ssh-keygen -p -m PKCS8` converts it).
    OpenSsh,
    /// Something else.
    Other,
}

/// What is wrong with a certificate or a chain of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateFault {
    /// There is no certificate.
    Empty,
    /// The PEM or DER encoding is broken.
    Malformed,
    /// One certificate is larger than [`crate::MAX_CERTIFICATE_BYTES`].
    TooLarge,
    /// More certificates than [`crate::MAX_CHAIN_CERTIFICATES`].
    TooMany,
    /// The certificates do not form one chain from a single leaf.
    NotAChain,
    /// A certificate is not signed by the next one.
    BrokenSignature,
    /// A certificate is signed with an algorithm that is not accepted.
    UnsupportedSignature,
    /// A date outside the years 1970 to 9999.
    UnusableDate,
}

/// Why a key and a chain do not make a signer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignerFault {
    /// The certificate was issued for another key.
    KeyMismatch,
    /// The certificate's key cannot work with the algorithm that was asked for.
    Algorithm(Algorithm, KeyAlgorithm),
    /// The leaf breaks rules of the C2PA certificate profile; every reader would call its signatures invalid.
    Profile(Vec<Rule>),
    /// The issuing certificate may not issue (not a certificate authority, or issued for another key).
    NotAnIssuer,
}

/// Why a key that is kept elsewhere did not sign. The texts are for people, of bounded length, and hold no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RemoteKeyFault {
    /// Program, device or service could not be reached, or took too long: trying again may help.
    Unavailable(String),
    /// It answered, and would not sign.
    Refused(String),
    /// It answered with something that is no signature.
    Malformed,
    /// It answered with a signature that does not hold under the certificate.
    Mismatch,
}

/// Why a key in a token (PKCS #11) cannot be used. The texts are for people, of bounded length, and hold no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenFault {
    /// The reference to the key cannot be read; the text says why.
    Reference(&'static str),
    /// The reference holds the PIN.
    PinInReference,
    /// The reference does not say which library talks to the token.
    NoModule,
    /// The library cannot be loaded or initialised.
    Module(String),
    /// No token is meant by the reference; the labels of those that are there.
    NoToken(Vec<String>),
    /// Several tokens are meant.
    SeveralTokens,
    /// No key in the token is meant, or none that its user may see.
    NoKey,
    /// Several keys are meant.
    SeveralKeys,
    /// The key is for neither Ed25519 nor P-256.
    KeyKind,
    /// The token asks for a PIN, and none was given.
    PinNeeded,
    /// The token does not accept the PIN. Repeated attempts lock it.
    PinRefused,
    /// The token is locked, or its PIN has expired.
    PinLocked,
    /// The token wants the PIN for every signature.
    PinEachTime,
    /// Other programs hold all of the token's sessions.
    NoSession,
    /// Something else that the token or its library said.
    Device(String),
}

/// Why a certificate cannot sign now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatesFault {
    /// Valid until the given time, which is over.
    Expired(OffsetDateTime),
    /// Valid from the given time on, which has not come.
    NotYetValid(OffsetDateTime),
}

/// Why a name cannot go into a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubjectFault {
    /// The field is empty or only white space.
    Empty(&'static str),
    /// The field has more characters than the number given (RFC 5280, appendix A.1, upper bounds).
    TooLong(&'static str, usize),
    /// The field has control characters.
    ControlCharacters(&'static str),
    /// The country is not two capital letters (ISO 3166-1 alpha-2).
    Country,
}

/// Why a list of trust anchors cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustListFault {
    /// Not one usable certificate in it.
    Empty,
    /// More than [`crate::trust::MAX_LIST_BYTES`].
    TooLarge,
    /// More certificates than [`crate::trust::MAX_LIST_CERTIFICATES`].
    TooMany,
    /// It is JSON, and not in the form of ETSI TS 119 602.
    Form,
    /// It holds the certificate of an identity that a first run made; nobody checked who that is.
    LocalIdentity,
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Key(fault) => Some(fault),
            Self::Certificate(fault) => Some(fault),
            Self::Signer(fault) => Some(fault),
            Self::Dates(fault) => Some(fault),
            Self::Subject(fault) => Some(fault),
            Self::TrustList(fault) => Some(fault),
            Self::Remote(fault) => Some(fault),
            Self::Token(fault) => Some(fault),
            Self::Randomness | Self::Encoding(_) => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(_) => f.write_str("use the private key"),
            Self::Certificate(_) => f.write_str("read the certificates"),
            Self::Signer(_) => f.write_str("make a signer of this key and these certificates"),
            Self::Dates(_) => f.write_str("sign at this time"),
            Self::Subject(_) => f.write_str("put this name into a certificate"),
            Self::TrustList(_) => f.write_str("use this trust list"),
            Self::Remote(_) => f.write_str("sign with the key"),
            Self::Token(_) => f.write_str("use the key in the token"),
            Self::Randomness => f.write_str("get random bytes"),
            Self::Encoding(what) => write!(f, "encode {what}"),
        }
    }
}

/// Gives every fault its message and its place as a source of [`Error`].
macro_rules! faults {
    ($($fault:ident => $variant:ident, $self:ident, $f:ident, $body:expr;)*) => {$(
        impl std::error::Error for $fault {}
        impl From<$fault> for Error {
            fn from(fault: $fault) -> Self {
                Self::$variant(fault)
            }
        }
        impl fmt::Display for $fault {
            fn fmt(&$self, $f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $body
            }
        }
    )*};
}

faults! {
    KeyFault => Key, self, f, match self {
        Self::PassphraseNeeded => f.write_str("the key is encrypted and needs its passphrase"),
        Self::WrongPassphrase => f.write_str("the passphrase does not open the key"),
        Self::EmptyPassphrase => f.write_str("the passphrase is empty"),
        Self::Unsupported(found) => write!(f, "the key is for {found}, not Ed25519, ECDSA P-256 or RSA"),
        Self::RsaSize(bits) => write!(f, "the RSA key has {bits} bits, not 2048 to 8192"),
        Self::NotMade(algorithm) => write!(f, "new keys are made for Ed25519 and ES256, not {algorithm}"),
        Self::UnsupportedEncryption => f.write_str("the key is encrypted with an unsupported algorithm"),
        Self::TooCostly => f.write_str("the key's encryption asks for too much work or memory"),
        Self::NoPrivateKey(PemContent::Nothing) => f.write_str("there is no PEM in the text"),
        Self::NoPrivateKey(PemContent::Certificate) => f.write_str("this is a certificate, not a private key"),
        Self::NoPrivateKey(PemContent::PublicKey) => f.write_str("this is a public key, not a private key"),
        Self::NoPrivateKey(PemContent::OpenSsh) => f.write_str("this is an OpenSSH key, not PKCS#8"),
        Self::NoPrivateKey(PemContent::Other) => f.write_str("the PEM is not a PKCS#8 private key"),
        Self::NoPublicKey => f.write_str("there is no public key in it"),
        Self::Malformed => f.write_str("the key's encoding is broken"),
        Self::TooLarge => f.write_str("the text is too large for a key"),
    };
    CertificateFault => Certificate, self, f, f.write_str(match self {
        Self::Empty => "there is no certificate",
        Self::Malformed => "a certificate's encoding is broken",
        Self::TooLarge => "a certificate is too large",
        Self::TooMany => "there are too many certificates",
        Self::NotAChain => "the certificates do not form one chain",
        Self::BrokenSignature => "a certificate is not signed by the next one",
        Self::UnsupportedSignature => "a certificate is signed with an algorithm that is not accepted",
        Self::UnusableDate => "a certificate has a date that cannot be used",
    });
    SignerFault => Signer, self, f, match self {
        Self::KeyMismatch => f.write_str("the certificate was issued for another key"),
        Self::Algorithm(algorithm, key) => write!(f, "the certificate is for {key}, which cannot sign with {algorithm}"),
        Self::Profile(rules) => {
            f.write_str("the certificate breaks rules for signers: ")?;
            for (index, rule) in rules.iter().enumerate() {
                write!(f, "{}{}", if index == 0 { "" } else { ", " }, rule.id())?;
            }
            Ok(())
        }
        Self::NotAnIssuer => f.write_str("the issuing certificate and key may not issue certificates"),
    };
    RemoteKeyFault => Remote, self, f, match self {
        Self::Unavailable(why) => write!(f, "it could not be reached: {why}"),
        Self::Refused(why) => write!(f, "it refused: {why}"),
        Self::Malformed => f.write_str("its answer is no signature"),
        Self::Mismatch => f.write_str("its signature does not hold under the certificate"),
    };
    TokenFault => Token, self, f, match self {
        Self::Reference(why) => write!(f, "the reference cannot be read: {why}"),
        Self::PinInReference => f.write_str("the reference holds the PIN"),
        Self::NoModule => f.write_str("the reference has no module-path"),
        Self::Module(why) => write!(f, "the token's library cannot be used: {why}"),
        Self::NoToken(others) if others.is_empty() => f.write_str("there is no token"),
        Self::NoToken(others) => write!(f, "no token is meant by the reference; there is {}", others.join(", ")),
        Self::SeveralTokens => f.write_str("several tokens are meant by the reference"),
        Self::NoKey => f.write_str("the token has no private key that the reference means"),
        Self::SeveralKeys => f.write_str("the token has several private keys that the reference means"),
        Self::KeyKind => f.write_str("the key is neither Ed25519 nor ECDSA P-256"),
        Self::PinNeeded => f.write_str("the token asks for its PIN"),
        Self::PinRefused => f.write_str("the token does not accept the PIN"),
        Self::PinLocked => f.write_str("the token's PIN is locked or has expired"),
        Self::PinEachTime => f.write_str("the token wants the PIN for every signature"),
        Self::NoSession => f.write_str("other programs hold all sessions of the token"),
        Self::Device(why) => f.write_str(why),
    };
    DatesFault => Dates, self, f, match self {
        Self::Expired(at) => write!(f, "the certificate expired on {}", at.date()),
        Self::NotYetValid(at) => write!(f, "the certificate is valid from {} on", at.date()),
    };
    SubjectFault => Subject, self, f, match self {
        Self::Empty(field) => write!(f, "{field} is empty"),
        Self::TooLong(field, most) => write!(f, "{field} has more than {most} characters"),
        Self::ControlCharacters(field) => write!(f, "{field} has control characters"),
        Self::Country => f.write_str("country is not two capital letters"),
    };
    TrustListFault => TrustList, self, f, f.write_str(match self {
        Self::Empty => "it holds no usable certificate",
        Self::TooLarge => "it is too large",
        Self::TooMany => "it holds too many certificates",
        Self::Form => "it is JSON, and no list in the form of ETSI TS 119 602",
        Self::LocalIdentity => "it holds a local identity that nobody checked",
    });
}
