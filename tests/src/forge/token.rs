//! Time-stamp tokens (RFC 3161, 2.4.2) with any certificates in them. Nothing in them was signed: they are for what looks
//! at the certificates alone.

use x509_cert::der::{Decode, Encode};

use super::Made;
use crate::certificates::Holder;

/// A token that names the first of these as its signer and holds the certificates of all, in this order.
///
/// # Errors
/// Those of the encoder; none is expected.
pub fn token(holders: &[&Holder]) -> Made {
    let signer = holders.first().ok_or("nobody signs")?;
    let certificate = x509_cert::Certificate::from_der(&signer.certificate)?;
    let certificate = certificate.tbs_certificate();
    let issuer_and_serial = [certificate.issuer().to_der()?, certificate.serial_number().to_der()?].concat();
    let certificates: Vec<u8> = holders.iter().flat_map(|holder| holder.certificate.clone()).collect();

    let sha256 = tlv(SEQUENCE, &[OID_SHA256]);
    let ed25519 = tlv(SEQUENCE, &[OID_ED25519]);
    let signer_info = tlv(
        SEQUENCE,
        &[
            &tlv(INTEGER, &[&[1]]),
            &tlv(SEQUENCE, &[&issuer_and_serial]),
            &sha256,
            &ed25519,
            &tlv(OCTET_STRING, &[&[0; 64]]),
        ],
    );
    let signed_data = tlv(
        SEQUENCE,
        &[
            &tlv(INTEGER, &[&[3]]),
            &tlv(SET, &[&sha256]),
            &tlv(SEQUENCE, &[OID_TST_INFO]),
            &tlv(CONTEXT_0, &[&certificates]),
            &tlv(SET, &[&signer_info]),
        ],
    );
    Ok(tlv(SEQUENCE, &[OID_SIGNED_DATA, &tlv(CONTEXT_0, &[&signed_data])]))
}

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
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
