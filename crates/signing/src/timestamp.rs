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
    // Two that match would leave open which of them made the signature.
    let mut matching = certificates
        .iter()
        .enumerate()
        .filter(|(_, certificate)| made_it(certificate));
    let (Some((first, _)), None) = (matching.next(), matching.next()) else {
        return None;
    };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::Certificate;
    use crate::testing::{NOW, list};
    use crate::trust::{Purpose, TrustLists, evaluate_timestamp};

    const RESPONSE: &[u8] = include_bytes!("../tests/data/openssl-timestamp-response.der");

    #[test]
    fn a_response_and_its_token_name_their_signer_first() {
        let token = response_token(RESPONSE).unwrap();
        for bytes in [RESPONSE, &token] {
            let chain = token_certificates(bytes).unwrap();
            let leaf = Certificate::from_der(&chain[0]).unwrap();
            assert_eq!(leaf.subject().organisation.as_deref(), Some("Example Time"));
            assert_eq!(chain.len(), 2);
        }
    }

    #[test]
    fn the_authority_is_trusted_by_a_list_of_its_kind_alone() {
        let chain = token_certificates(RESPONSE).unwrap();
        let root = Certificate::from_der(&chain[1]).unwrap();
        for (purpose, trusted) in [
            (Purpose::Timestamps, true),
            (Purpose::Signers, false),
            (Purpose::Legacy, false),
        ] {
            let lists = TrustLists::empty().with(list("test", purpose, std::slice::from_ref(&root)));
            assert_eq!(
                evaluate_timestamp(&chain, &lists, NOW).is_trusted(),
                trusted,
                "{purpose:?}"
            );
        }
    }

    #[test]
    fn what_is_no_whole_token_has_no_authority() {
        for end in 0..RESPONSE.len() {
            assert!(token_certificates(&RESPONSE[..end]).is_none(), "cut at {end}");
        }
        assert!(token_certificates(&vec![0x30; MAX_TOKEN_BYTES + 1]).is_none());
    }

    #[test]
    fn a_signer_that_is_not_among_the_certificates_is_none() {
        let serial = Certificate::from_der(&token_certificates(RESPONSE).unwrap()[0])
            .unwrap()
            .serial_hex();
        let bytes: Vec<u8> = (0..serial.len() / 2)
            .map(|i| u8::from_str_radix(&serial[2 * i..2 * i + 2], 16).unwrap())
            .collect();
        let mut changed = RESPONSE.to_vec();
        // The last place that holds the serial is the signer's own.
        let at = changed
            .windows(bytes.len())
            .rposition(|window| window == bytes)
            .unwrap();
        changed[at + bytes.len() - 1] ^= 1;
        assert!(token_certificates(&changed).is_none());
    }
}
