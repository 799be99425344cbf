//! Time-stamp tokens (RFC 3161, 2.4.2) with any certificates in them, signed by whoever: by the one they name, or not.

use x509_cert::der::{Decode, Encode};

use super::Made;
use ed25519_dalek::Signer;
use sha2::{Digest, Sha256};

use crate::certificates::Holder;

/// A token over `message` that states noon of 22 November 2026, names the first of `named` as its signer, holds the
/// certificates of all, in this order, and is signed by the key of `by`, whoever that is.
///
/// # Errors
/// Those of the encoder; none is expected.
pub fn token(message: &[u8], named: &[&Holder], by: &Holder) -> Made {
    let signer = named.first().ok_or("nobody signs")?;
    let certificate = x509_cert::Certificate::from_der(&signer.certificate)?;
    let certificate = certificate.tbs_certificate();
    let issuer_and_serial = [certificate.issuer().to_der()?, certificate.serial_number().to_der()?].concat();
    let certificates: Vec<u8> = named.iter().flat_map(|holder| holder.certificate.clone()).collect();

    let sha256 = tlv(SEQUENCE, &[OID_SHA256]);
    let ed25519 = tlv(SEQUENCE, &[OID_ED25519]);
    let info = tlv(
        SEQUENCE,
        &[
            &tlv(INTEGER, &[&[1]]),
            OID_TST_INFO,
            &tlv(SEQUENCE, &[&sha256, &tlv(OCTET_STRING, &[&Sha256::digest(message)])]),
            &tlv(INTEGER, &[&[7]]),
            &tlv(GENERALIZED_TIME, &[b"20261122120000Z"]),
        ],
    );
    let attribute = |kind: &[u8], value: &[u8]| tlv(SEQUENCE, &[kind, &tlv(SET, &[value])]);
    let named_by_hash = tlv(OCTET_STRING, &[&Sha256::digest(&signer.certificate)]);
    let identifiers = tlv(SEQUENCE, &[&tlv(SEQUENCE, &[&tlv(SEQUENCE, &[&named_by_hash])])]);
    // In the order of DER: by length.
    let attributes = [
        attribute(OID_CONTENT_TYPE, OID_TST_INFO),
        attribute(OID_MESSAGE_DIGEST, &tlv(OCTET_STRING, &[&Sha256::digest(&info)])),
        attribute(OID_SIGNING_CERTIFICATE_V2, &identifiers),
    ]
    .concat();
    let signature = by.key.sign(&tlv(SET, &[&attributes]));
    let signer_info = tlv(
        SEQUENCE,
        &[
            &tlv(INTEGER, &[&[1]]),
            &tlv(SEQUENCE, &[&issuer_and_serial]),
            &sha256,
            &tlv(CONTEXT_0, &[&attributes]),
            &ed25519,
            &tlv(OCTET_STRING, &[&signature.to_bytes()]),
        ],
    );
    let content = tlv(CONTEXT_0, &[&tlv(OCTET_STRING, &[&info])]);
    let signed_data = tlv(
        SEQUENCE,
        &[
            &tlv(INTEGER, &[&[3]]),
            &tlv(SET, &[&sha256]),
            &tlv(SEQUENCE, &[OID_TST_INFO, &content]),
            &tlv(CONTEXT_0, &[&certificates]),
            &tlv(SET, &[&signer_info]),
        ],
    );
    Ok(tlv(SEQUENCE, &[OID_SIGNED_DATA, &tlv(CONTEXT_0, &[&signed_data])]))
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
