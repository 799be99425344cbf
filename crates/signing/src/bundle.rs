//! The certificates in a file, in whatever form authorities hand them out: PEM, DER, or PKCS#7 ("p7b", RFC 5652 without
//! signers) in either. Of PKCS#7 only the certificates are taken, as the very bytes they are: to decode and encode them
//! again would break signatures over what a program wrote in its own way.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{AnyRef, Decode, Reader, SliceReader};

use crate::certificate::Certificate;
use crate::error::{CertificateFault, Result};
use crate::oid;

/// The most certificates that are read from one file: a chain, and what authorities add to it.
pub const MAX_BUNDLE_CERTIFICATES: usize = 64;

/// The largest file that is read for certificates, in bytes.
pub const MAX_BUNDLE_BYTES: usize = 1024 * 1024;

/// The first byte of every certificate and of PKCS#7: the tag of a SEQUENCE. As text it is `0`.
const SEQUENCE: u8 = 0x30;

/// Reads all certificates of a file, in its order, repeated ones once. Keys and comments around them in PEM are skipped.
///
/// # Errors
/// [`CertificateFault`]: none there, broken, too large or too many.
pub fn read_certificates(bytes: &[u8]) -> Result<Vec<Certificate>> {
    if bytes.len() > MAX_BUNDLE_BYTES {
        return Err(CertificateFault::TooLarge.into());
    }
    let mut certificates = Vec::new();
    for section in sections(bytes)? {
        // Told apart by content, since programs label one as the other.
        match pkcs7_certificates(&section) {
            Some(ders) => ders.into_iter().try_for_each(|der| push(&mut certificates, der))?,
            None => push(&mut certificates, &section)?,
        }
    }
    match certificates.is_empty() {
        true => Err(CertificateFault::Empty.into()),
        false => Ok(certificates),
    }
}

/// The DER of each PEM section that may hold certificates, or the bytes themselves where they are no PEM.
fn sections(bytes: &[u8]) -> Result<Vec<Cow<'_, [u8]>>> {
    // The length of a whole certificate takes more than one byte, whose first is no character of a text.
    if let [SEQUENCE, 0x80..=0xFF, ..] = bytes {
        return Ok(vec![Cow::Borrowed(bytes)]);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| CertificateFault::Malformed)?;
    // RFC 7468, section 8, and the labels of older programs, which the PEM reader does not know.
    let text = ["PKCS7", "CMS", "PKCS #7 SIGNED DATA", "X509 CERTIFICATE"]
        .into_iter()
        .fold(text.to_owned(), |text, label| {
            ["BEGIN", "END"].into_iter().fold(text, |text, side| {
                text.replace(
                    &format!("-----{side} {label}-----"),
                    &format!("-----{side} CERTIFICATE-----"),
                )
            })
        });
    // What stands before is no concern of ours, and may be no PEM of RFC 7468, such as OpenSSL's older encrypted keys.
    let begin = text.find("-----BEGIN CERTIFICATE-----");
    let text = begin.and_then(|at| text.get(at..)).unwrap_or_default();
    CertificateDer::pem_slice_iter(text.as_bytes())
        .map(|section| match section {
            Ok(der) => Ok(Cow::Owned(der.to_vec())),
            Err(_) => Err(CertificateFault::Malformed.into()),
        })
        .collect()
}

fn push(certificates: &mut Vec<Certificate>, der: &[u8]) -> Result<()> {
    let certificate = Certificate::from_der(der)?;
    if certificates.contains(&certificate) {
        return Ok(());
    }
    if certificates.len() == MAX_BUNDLE_CERTIFICATES {
        return Err(CertificateFault::TooMany.into());
    }
    certificates.push(certificate);
    Ok(())
}

/// The certificates of a `SignedData` in a `ContentInfo` (RFC 5652, sections 3 and 5.1), `None` where it is none.
pub(crate) fn pkcs7_certificates(der: &[u8]) -> Option<Vec<&[u8]>> {
    let (kind, content) = AnyRef::from_der(der)
        .ok()?
        .sequence(|reader| Ok::<_, x509_cert::der::Error>((ObjectIdentifier::decode(reader)?, AnyRef::decode(reader)?)))
        .ok()?;
    if kind != oid::SIGNED_DATA {
        return None;
    }
    let set = AnyRef::from_der(content.value())
        .ok()?
        .sequence(|reader| {
            // Version, digest algorithms, what was signed.
            for _ in 0..3 {
                reader.tlv_bytes()?;
            }
            let certificates = AnyRef::decode(reader)?;
            reader.read_slice(reader.remaining_len())?;
            Ok::<_, x509_cert::der::Error>(certificates)
        })
        .ok()?;
    let mut reader = SliceReader::new(set.value()).ok()?;
    let mut certificates = Vec::new();
    while !reader.is_finished() {
        let one = reader.tlv_bytes().ok()?;
        // The others are attribute certificates and forms of no use here (section 10.2.2).
        if one.first() == Some(&SEQUENCE) {
            certificates.push(one);
        }
    }
    Some(certificates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::testing::sections as cases;

    const PATHS: &str = include_str!("../tests/data/openssl-issuers.pem");
    const P7B_PEM: &[u8] = include_bytes!("../tests/data/openssl-chain.p7b");
    const P7B_DER: &[u8] = include_bytes!("../tests/data/openssl-chain-der.p7b");

    fn chain() -> Vec<Certificate> {
        cases(PATHS).into_iter().next().unwrap().1
    }

    fn fault(bytes: &[u8]) -> CertificateFault {
        match read_certificates(bytes) {
            Err(Error::Certificate(fault)) => fault,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_form_holds_the_same_certificates() {
        let chain = chain();
        let pem: String = chain.iter().map(Certificate::to_pem).collect();
        let noisy = format!("key\r\n{}\n{pem}", pem.replace('\n', "\r\n"));
        let after_a_key = format!("{}{pem}", include_str!("../tests/data/openssl-rsa-des.pem"));
        for bytes in [
            pem.as_bytes(),
            noisy.as_bytes(),
            after_a_key.as_bytes(),
            P7B_PEM,
            P7B_DER,
        ] {
            let mut read = read_certificates(bytes).unwrap();
            read.sort_by_key(|one| chain.iter().position(|other| other == one));
            assert_eq!(read, chain);
        }
        assert_eq!(read_certificates(chain[0].der()).unwrap(), chain[..1]);
    }

    #[test]
    fn what_holds_no_certificate_is_refused() {
        assert_eq!(fault(b""), CertificateFault::Empty);
        assert_eq!(fault(b"hello"), CertificateFault::Empty);
        assert_eq!(fault(b"\xFF\xFE"), CertificateFault::Malformed);
        assert_eq!(fault(&vec![SEQUENCE; MAX_BUNDLE_BYTES + 1]), CertificateFault::TooLarge);
        let broken = b"-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n";
        assert_eq!(fault(broken), CertificateFault::Malformed);
        for end in 2..P7B_DER.len() {
            assert_eq!(fault(&P7B_DER[..end]), CertificateFault::Malformed, "cut at {end}");
        }
    }
}
