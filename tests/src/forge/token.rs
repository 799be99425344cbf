//! What lies beside signatures: time-stamp tokens (RFC 3161, 2.4.2) with any certificates in them, signed by the one they
//! name or by another, and answers about revocation (RFC 6960).

use x509_cert::der::{Decode, Encode};

use super::Made;
use ed25519_dalek::Signer;
use sha2::{Digest, Sha256};

use crate::certificates::{EcHolder, Holder};

/// A token over `message` that states noon of 22 November 2026, names the first of `named` as its signer, holds the
/// certificates of all, in this order, and is signed by the key of `by`, whoever that is.
///
/// # Errors
/// Those of the encoder; none is expected.
pub fn token(message: &[u8], named: &[&Holder], by: &Holder) -> Made {
    let certificates: Vec<&[u8]> = named.iter().map(|holder| holder.certificate.as_slice()).collect();
    let sign = |message: &[u8]| by.key.sign(message).to_vec();
    assemble(message, &certificates, "20261122120000Z", 7, OID_ED25519, sign)
}

/// A token over `message` by an authority with a key for ES256, which states this time (`YYYYMMDDhhmmssZ`). As long
/// whatever the message: its serial number is the first with which the signature, which DER makes shorter or longer, has its
/// usual length. Else a store that holds it could be planned without end.
///
/// # Errors
/// Those of the encoder; none is expected.
pub fn token_at(message: &[u8], by: &EcHolder, time: &str) -> Made {
    for serial in 1..=0x7F {
        let mut length = 0;
        let token = assemble(message, &[&by.certificate], time, serial, OID_ECDSA_SHA256, |message| {
            let signature = by.sign(message);
            length = signature.len();
            signature
        })?;
        if length == USUAL_ECDSA_LENGTH {
            return Ok(token);
        }
    }
    Err("no signature of the usual length".into())
}

/// Octets of half of all ECDSA signatures over P-256 as DER.
const USUAL_ECDSA_LENGTH: usize = 71;

fn assemble(
    message: &[u8],
    certificates: &[&[u8]],
    time: &str,
    serial: u8,
    algorithm: &[u8],
    sign: impl FnOnce(&[u8]) -> Vec<u8>,
) -> Made {
    let signer = certificates.first().ok_or("nobody signs")?;
    let certificate = x509_cert::Certificate::from_der(signer)?;
    let certificate = certificate.tbs_certificate();
    let issuer_and_serial = [certificate.issuer().to_der()?, certificate.serial_number().to_der()?].concat();

    let sha256 = tlv(SEQUENCE, &[OID_SHA256]);
    let info = tlv(
        SEQUENCE,
        &[
            &tlv(INTEGER, &[&[1]]),
            OID_TST_INFO,
            &tlv(SEQUENCE, &[&sha256, &tlv(OCTET_STRING, &[&Sha256::digest(message)])]),
            &tlv(INTEGER, &[&[serial]]),
            &tlv(GENERALIZED_TIME, &[time.as_bytes()]),
        ],
    );
    let attribute = |kind: &[u8], value: &[u8]| tlv(SEQUENCE, &[kind, &tlv(SET, &[value])]);
    let named_by_hash = tlv(OCTET_STRING, &[&Sha256::digest(signer)]);
    let identifiers = tlv(SEQUENCE, &[&tlv(SEQUENCE, &[&tlv(SEQUENCE, &[&named_by_hash])])]);
    // In the order of DER: by length.
    let attributes = [
        attribute(OID_CONTENT_TYPE, OID_TST_INFO),
        attribute(OID_MESSAGE_DIGEST, &tlv(OCTET_STRING, &[&Sha256::digest(&info)])),
        attribute(OID_SIGNING_CERTIFICATE_V2, &identifiers),
    ]
    .concat();
    let signature = sign(&tlv(SET, &[&attributes]));
    let signer_info = tlv(
        SEQUENCE,
        &[
            &tlv(INTEGER, &[&[1]]),
            &tlv(SEQUENCE, &[&issuer_and_serial]),
            &sha256,
            &tlv(CONTEXT_0, &[&attributes]),
            &tlv(SEQUENCE, &[algorithm]),
            &tlv(OCTET_STRING, &[&signature]),
        ],
    );
    let content = tlv(CONTEXT_0, &[&tlv(OCTET_STRING, &[&info])]);
    let signed_data = tlv(
        SEQUENCE,
        &[
            &tlv(INTEGER, &[&[3]]),
            &tlv(SET, &[&sha256]),
            &tlv(SEQUENCE, &[OID_TST_INFO, &content]),
            &tlv(CONTEXT_0, &[&certificates.concat()]),
            &tlv(SET, &[&signer_info]),
        ],
    );
    Ok(tlv(SEQUENCE, &[OID_SIGNED_DATA, &tlv(CONTEXT_0, &[&signed_data])]))
}

/// A responder's answer about the second of these certificates by its issuer, the first, whose key it is: revoked since
/// this time, or not (RFC 6960, 4.2.1).
///
/// # Errors
/// Those of the encoder; none is expected.
pub fn revocation_answer(issuer: &EcHolder, leaf: &[u8], revoked: Option<&str>) -> Made {
    const ENUMERATED_0: &[u8] = &[0x0A, 1, 0];
    let above = x509_cert::Certificate::from_der(&issuer.certificate)?;
    let above = above.tbs_certificate();
    let leaf = x509_cert::Certificate::from_der(leaf)?;
    let key = above.subject_public_key_info().subject_public_key.raw_bytes();
    let (produced, next) = ("20261122120000Z", "20270101000000Z");
    let time = |text: &str| tlv(GENERALIZED_TIME, &[text.as_bytes()]);
    let about = tlv(
        SEQUENCE,
        &[
            &tlv(SEQUENCE, &[OID_SHA256]),
            &tlv(OCTET_STRING, &[&Sha256::digest(above.subject().to_der()?)]),
            &tlv(OCTET_STRING, &[&Sha256::digest(key)]),
            &leaf.tbs_certificate().serial_number().to_der()?,
        ],
    );
    let status = match revoked {
        Some(since) => tlv(0xA1, &[&time(since)]),
        None => vec![0x80, 0],
    };
    let single = tlv(
        SEQUENCE,
        &[&about, &status, &time(produced), &tlv(CONTEXT_0, &[&time(next)])],
    );
    let responder = tlv(0xA1, &[&above.subject().to_der()?]);
    let stated = tlv(SEQUENCE, &[&responder, &time(produced), &tlv(SEQUENCE, &[&single])]);
    let signature = tlv(0x03, &[&[0], &issuer.sign(&stated)]);
    let basic = tlv(SEQUENCE, &[&stated, &tlv(SEQUENCE, &[OID_ECDSA_SHA256]), &signature]);
    let bytes = tlv(SEQUENCE, &[OID_OCSP_BASIC, &tlv(OCTET_STRING, &[&basic])]);
    Ok(tlv(SEQUENCE, &[ENUMERATED_0, &tlv(CONTEXT_0, &[&bytes])]))
}

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const CONTEXT_0: u8 = 0xA0;

/// `id-sha256`, 2.16.840.1.101.3.4.2.1.
const OID_SHA256: &[u8] = b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01";
/// `id-Ed25519`, 1.3.101.112.
const OID_ED25519: &[u8] = b"\x06\x03\x2B\x65\x70";
/// `ecdsa-with-SHA256`, 1.2.840.10045.4.3.2.
const OID_ECDSA_SHA256: &[u8] = b"\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x02";
/// `id-pkix-ocsp-basic`, 1.3.6.1.5.5.7.48.1.1.
const OID_OCSP_BASIC: &[u8] = b"\x06\x09\x2B\x06\x01\x05\x05\x07\x30\x01\x01";
/// `id-signedData`, 1.2.840.113549.1.7.2.
const OID_SIGNED_DATA: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";
/// `id-ct-TSTInfo`, 1.2.840.113549.1.9.16.1.4.
const OID_TST_INFO: &[u8] = b"\x06\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x04";

/// `id-contentType` and `id-messageDigest`, 1.2.840.113549.1.9.3 and 4.
const OID_CONTENT_TYPE: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x09\x03";
const OID_MESSAGE_DIGEST: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x09\x04";
/// `id-aa-signingCertificateV2`, 1.2.840.113549.1.9.16.2.47.
const OID_SIGNING_CERTIFICATE_V2: &[u8] = b"\x06\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x2F";

/// A DER element; lengths in the short form and in two bytes are all that is needed (X.690, 8.1.3).
fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = match u8::try_from(content.len()) {
        Ok(short @ 0..=0x7F) => vec![short],
        Ok(one) => vec![0x81, one],
        Err(_) => [&[0x82][..], &(content.len() as u16).to_be_bytes()].concat(),
    };
    [&[tag][..], &length, &content].concat()
}
