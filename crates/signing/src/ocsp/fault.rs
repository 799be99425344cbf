//! Why an answer about revocation cannot be used.

use std::fmt;

/// Why an answer says nothing about the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OcspFault {
    /// Larger than [`super::MAX_OCSP_BYTES`].
    TooLarge,
    /// No `OCSPResponse`, cut off, or of another kind than basic.
    Malformed,
    /// The responder has no answer; its `OCSPResponseStatus` (RFC 6960, 4.2.1).
    NoAnswer(u8),
    /// It speaks of other certificates.
    OtherCertificate,
    /// The issuer's certificate is not at hand, so nothing can be checked.
    NoIssuer,
    /// Signed neither by the issuer nor by a responder that the issuer named for this.
    Signature,
    /// Its dates contradict each other, or it is not for the time asked about.
    OutsideItsTime,
    /// The responder does not know the certificate.
    Unknown,
}

impl OcspFault {
    /// A stable word for reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::TooLarge => "ocsp.too-large",
            Self::Malformed => "ocsp.malformed",
            Self::NoAnswer(_) => "ocsp.no-answer",
            Self::OtherCertificate => "ocsp.other-certificate",
            Self::NoIssuer => "ocsp.no-issuer",
            Self::Signature => "ocsp.signature",
            Self::OutsideItsTime => "ocsp.outside-its-time",
            Self::Unknown => "ocsp.unknown",
        }
    }
}

impl fmt::Display for OcspFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("the answer is too large"),
            Self::Malformed => f.write_str("the answer is no OCSP response, or cut off"),
            Self::NoAnswer(status) => write!(f, "the responder has no answer (status {status})"),
            Self::OtherCertificate => f.write_str("the answer is about another certificate"),
            Self::NoIssuer => f.write_str("the certificate of the issuer is not at hand"),
            Self::Signature => f.write_str("the answer is not signed by the issuer, nor by a responder of its own"),
            Self::OutsideItsTime => f.write_str("the answer is not for this time"),
            Self::Unknown => f.write_str("the responder does not know the certificate"),
        }
    }
}

impl std::error::Error for OcspFault {}
