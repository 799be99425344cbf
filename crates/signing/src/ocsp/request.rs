//! What a responder is asked: a certificate, by its issuer and serial number (RFC 6960, 4.1.1).

use cms::cert::x509::der::asn1::{Null, OctetString};
use cms::cert::x509::der::{Any, Encode};
use cms::cert::x509::serial_number::SerialNumber;
use cms::cert::x509::spki::{AlgorithmIdentifierOwned, ObjectIdentifier};
use sha1::{Digest, Sha1};
use x509_ocsp::{CertId, OcspRequest as Request, Request as SingleRequest, TbsRequest};

use crate::certificate::Certificate;
use crate::error::{Error, Result};

/// `id-sha1` (RFC 3279, 2.2.1). It names certificates here and protects nothing; many responders know no other.
pub(super) const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");

/// A question about one certificate. Without a nonce, so that responders can answer from what they signed before.
#[derive(Debug, Clone)]
pub struct OcspRequest {
    der: Vec<u8>,
}

impl OcspRequest {
    /// Asks about `leaf`, issued by `issuer`.
    ///
    /// # Errors
    /// [`Error::Encoding`] for a serial number that OCSP cannot ask about.
    pub fn new(leaf: &Certificate, issuer: &Certificate) -> Result<Self> {
        let failed = |_| Error::Encoding("a question about revocation");
        let [name, key] = issuer_digests(issuer).ok_or(Error::Encoding("the issuer's name"))?;
        let request = Request {
            tbs_request: TbsRequest {
                request_list: vec![SingleRequest {
                    req_cert: CertId {
                        hash_algorithm: AlgorithmIdentifierOwned {
                            oid: SHA1,
                            parameters: Some(Any::encode_from(&Null).map_err(failed)?),
                        },
                        issuer_name_hash: OctetString::new(name).map_err(failed)?,
                        issuer_key_hash: OctetString::new(key).map_err(failed)?,
                        serial_number: SerialNumber::new(leaf.serial()).map_err(failed)?,
                    },
                    single_request_extensions: None,
                }],
                ..TbsRequest::default()
            },
            optional_signature: None,
        };
        let der = request.to_der().map_err(failed)?;
        Ok(Self { der })
    }

    /// The `OCSPRequest`, DER: the body of a `POST` with the type `application/ocsp-request` (RFC 6960, appendix A).
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}

/// SHA-1 of an issuer's name and of its key's bits.
fn issuer_digests(issuer: &Certificate) -> Option<[Vec<u8>; 2]> {
    let digest = |bytes: &[u8]| Sha1::digest(bytes).to_vec();
    Some([digest(&issuer.subject_der()?), digest(&issuer.public_key_bits()?)])
}
