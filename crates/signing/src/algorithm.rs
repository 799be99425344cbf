//! The signature algorithms of C2PA and the kinds of key that certificates hold, each by its registered name.

use std::fmt;

/// A signature algorithm that C2PA allows (specification 2.2, section 13.2), by its COSE number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// EdDSA with Ed25519, COSE -8.
    Ed25519,
    /// ECDSA with SHA-256, COSE -7.
    Es256,
    /// ECDSA with SHA-384, COSE -35.
    Es384,
    /// ECDSA with SHA-512, COSE -36.
    Es512,
    /// RSASSA-PSS with SHA-256, COSE -37.
    Ps256,
    /// RSASSA-PSS with SHA-384, COSE -38.
    Ps384,
    /// RSASSA-PSS with SHA-512, COSE -39.
    Ps512,
}

impl Algorithm {
    /// Every algorithm with its number in the IANA registry "COSE Algorithms" and its name there (RFC 9053, RFC 8230).
    pub const ALL: [(Self, i64, &'static str); 7] = [
        (Self::Ed25519, -8, "EdDSA"),
        (Self::Es256, -7, "ES256"),
        (Self::Es384, -35, "ES384"),
        (Self::Es512, -36, "ES512"),
        (Self::Ps256, -37, "PS256"),
        (Self::Ps384, -38, "PS384"),
        (Self::Ps512, -39, "PS512"),
    ];

    /// The algorithm with this COSE number, if C2PA allows it.
    pub fn from_cose(number: i64) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(_, cose, _)| *cose == number)
            .map(|(algorithm, ..)| algorithm)
    }

    /// Its COSE number, for the protected header.
    pub fn to_cose(self) -> i64 {
        match self {
            Self::Ed25519 => -8,
            Self::Es256 => -7,
            Self::Es384 => -35,
            Self::Es512 => -36,
            Self::Ps256 => -37,
            Self::Ps384 => -38,
            Self::Ps512 => -39,
        }
    }
}

impl Algorithm {
    /// Whether keys of this kind sign with it (C2PA 2.2, section 13.2.1). COSE ties no curve to a hash, C2PA does not
    /// either; touchmark signs and lets others sign as RFC 7518 pairs them, which every reader accepts.
    pub fn is_of(self, key: KeyAlgorithm) -> bool {
        match self {
            Self::Ed25519 => key == KeyAlgorithm::Ed25519,
            Self::Es256 => key == KeyAlgorithm::P256,
            Self::Es384 => key == KeyAlgorithm::P384,
            Self::Es512 => key == KeyAlgorithm::P521,
            Self::Ps256 | Self::Ps384 | Self::Ps512 => matches!(key, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL
            .into_iter()
            .find(|(algorithm, ..)| algorithm == self)
            .map_or("", |(.., name)| name);
        f.write_str(name)
    }
}

/// The kind of key in a certificate or key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// Ed448, which C2PA does not allow although COSE gives it the same number as Ed25519.
    Ed448,
    /// X25519 or X448, which cannot sign.
    KeyAgreement,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// An elliptic curve that C2PA does not allow.
    OtherCurve,
    /// RSA for any scheme (`rsaEncryption`).
    Rsa,
    /// RSA for PSS only (`id-RSASSA-PSS`).
    RsaPss,
    /// Anything else.
    Other,
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "Ed25519",
            Self::Ed448 => "Ed448",
            Self::KeyAgreement => "X25519 or X448",
            Self::P256 => "ECDSA P-256",
            Self::P384 => "ECDSA P-384",
            Self::P521 => "ECDSA P-521",
            Self::OtherCurve => "another elliptic curve",
            Self::Rsa => "RSA",
            Self::RsaPss => "RSA-PSS",
            Self::Other => "another algorithm",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cose_numbers_go_both_ways() {
        for (algorithm, number, name) in Algorithm::ALL {
            assert_eq!(Algorithm::from_cose(number), Some(algorithm));
            assert_eq!(algorithm.to_cose(), number);
            assert_eq!(algorithm.to_string(), name);
        }
    }

    #[test]
    fn numbers_outside_c2pa_are_unknown() {
        // RS256 (-257), ES256K (-47) and Ed25519 under its own number of RFC 9864 (-19) are not in C2PA 2.2.
        for number in [-257, -47, -19, 0, 1, i64::MIN] {
            assert_eq!(Algorithm::from_cose(number), None);
        }
    }
}
