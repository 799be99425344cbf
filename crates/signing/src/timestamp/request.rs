//! What an authority is asked: a hash of the message, a number used once, and its certificates (RFC 3161, 2.4.1).

use cms::cert::x509::der::asn1::{Int, Null, OctetString};
use cms::cert::x509::der::{Any, Encode};
use cms::cert::x509::spki::{AlgorithmIdentifier, ObjectIdentifier};
use sha2::{Digest, Sha256};
use x509_tsp::{MessageImprint, TimeStampReq, TspVersion};

use crate::error::{Error, Result};

/// Random bytes that go into the nonce; RFC 3161, 2.4.1, asks for 64 bits.
pub const NONCE_BYTES: usize = 8;

/// `id-sha256` (RFC 5754, 2).
pub(super) const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// A request for a time-stamp on one message. It also checks the answer: [`TimestampRequest::check`].
#[derive(Debug, Clone)]
pub struct TimestampRequest {
    pub(super) imprint: [u8; 32],
    pub(super) nonce: [u8; NONCE_BYTES],
    der: Vec<u8>,
}

impl TimestampRequest {
    /// Asks for the time of `message` (of a claim: the Sig_structure with context `CounterSignature` over its signature,
    /// C2PA 2.2, 10.3.2.5). Only its SHA-256 leaves the machine. `nonce` is random.
    ///
    /// # Errors
    /// [`Error::Encoding`], a bug.
    pub fn new(message: &[u8], mut nonce: [u8; NONCE_BYTES]) -> Result<Self> {
        // A positive integer of full length, so that it is the same octets in DER.
        nonce[0] = nonce[0] & 0x7F | 0x40;
        let imprint: [u8; 32] = Sha256::digest(message).into();
        let failed = |_| Error::Encoding("a time-stamp request");
        let request = TimeStampReq {
            version: TspVersion::V1,
            message_imprint: MessageImprint {
                hash_algorithm: AlgorithmIdentifier {
                    oid: SHA256,
                    parameters: Some(Any::encode_from(&Null).map_err(failed)?),
                },
                hashed_message: OctetString::new(imprint).map_err(failed)?,
            },
            req_policy: None,
            nonce: Some(Int::new(&nonce).map_err(failed)?),
            cert_req: true,
            extensions: None,
        };
        Ok(Self {
            imprint,
            nonce,
            der: request.to_der().map_err(failed)?,
        })
    }

    /// The `TimeStampReq`, DER: the body of a `POST` with the type `application/timestamp-query` (RFC 3161, 3.4).
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cms::cert::x509::der::Decode;

    #[test]
    fn any_randomness_makes_a_positive_nonce() {
        for nonce in [[0; 8], [0xFF; 8], [0x80, 0, 0, 0, 0, 0, 0, 1]] {
            let request = TimestampRequest::new(b"message", nonce).unwrap();
            let read = TimeStampReq::from_der(request.der()).unwrap();
            assert_eq!(read.nonce.unwrap().as_bytes(), request.nonce);
            assert!(read.cert_req && read.message_imprint.hashed_message.as_bytes() == request.imprint);
        }
    }
}
