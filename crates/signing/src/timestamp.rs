//! Who made a time-stamp token (RFC 3161): the certificates in it, the signer's first. Whether the token's signature and
//! imprint hold is for whoever has the stamped bytes.
#![warn(clippy::indexing_slicing)]

use cms::cert::CertificateChoices;
use cms::cert::x509::Certificate as CmsCertificate;
use cms::cert::x509::der::asn1::AnyRef;
use cms::cert::x509::der::{Decode, Encode};
use cms::cert::x509::ext::pkix::SubjectKeyIdentifier;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier};

/// The largest token that is read, in bytes; real ones have 2 to 12 thousand.
pub const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// The certificates of a token, DER, with that of its one signer first, the others in the order of the token.
///
/// Takes a `TimeStampToken` as C2PA 2 stores it (`sigTst2`), or the whole `TimeStampResp` of older files (`sigTst`).
/// `None` for anything that cannot be read or is not signed by exactly one of its own certificates: such a token shows
/// nothing about its authority.
pub fn token_certificates(token: &[u8]) -> Option<Vec<Vec<u8>>> {
    if token.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let info = ContentInfo::from_der(token)
        .ok()
        .or_else(|| ContentInfo::from_der(&response_token(token)?).ok())?;
    let signed: SignedData = info.content.decode_as().ok()?;
    let [signer] = signed.signer_infos.0.as_slice() else {
        return None;
    };
    let certificates: Vec<&CmsCertificate> = signed
        .certificates
        .as_ref()?
        .0
        .iter()
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate),
            CertificateChoices::Other(_) => None,
        })
        .collect();
    let made_it = |certificate: &CmsCertificate| identifies(&signer.sid, certificate);
    let first = certificates.iter().position(|certificate| made_it(certificate))?;
    let others = certificates
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != first)
        .map(|(_, other)| *other);
    std::iter::once(*certificates.get(first)?)
        .chain(others)
        .map(|certificate| certificate.to_der().ok())
        .collect()
}

/// The token in a `TimeStampResp`: a status, then the token (RFC 3161, 2.4.2).
fn response_token(response: &[u8]) -> Option<Vec<u8>> {
    let sequence = AnyRef::from_der(response).ok()?;
    sequence
        .sequence(|reader| {
            AnyRef::decode(reader)?;
            AnyRef::decode(reader)?.to_der()
        })
        .ok()
}

fn identifies(signer: &SignerIdentifier, certificate: &CmsCertificate) -> bool {
    match signer {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            named.issuer == certificate.tbs_certificate.issuer
                && named.serial_number == certificate.tbs_certificate.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(named) => matches!(
            certificate.tbs_certificate.get::<SubjectKeyIdentifier>(),
            Ok(Some((_, identifier))) if identifier == *named
        ),
    }
}
