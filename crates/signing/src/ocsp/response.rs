//! The check of a responder's answer about one certificate; only it makes an [`OcspAnswer`].
#![warn(clippy::indexing_slicing)]

use cms::cert::x509::der::asn1::AnyRef;
use cms::cert::x509::der::{Decode, Encode, Reader};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use x509_ocsp::{
    BasicOcspResponse, CertId, CertStatus, OcspGeneralizedTime, OcspResponse, OcspResponseStatus, ResponderId,
    SingleResponse,
};

use super::fault::OcspFault;
use super::request::SHA1;
use crate::algorithm::KeyAlgorithm;
use crate::certificate::Certificate;
use crate::oid;
use crate::timestamp::MAX_CLOCK_DIFFERENCE;
use crate::verify::verify_stated;

/// The largest answer that is read, in bytes; real ones have 300 to 5,000.
pub const MAX_OCSP_BYTES: usize = 32 * 1024;

/// How long an answer counts that names no next update (C2PA 2.2, 15.9; c2pa-rs takes the same).
pub const DEFAULT_LIFETIME: Duration = Duration::days(1);

/// Certificates in an answer that are looked at: the responder's own, and some above it.
const MAX_RESPONDERS: usize = 8;

/// `id-pkix-ocsp-basic` (RFC 6960, 4.2.1).
const BASIC: &str = "1.3.6.1.5.5.7.48.1.1";
/// `id-sha256`.
const SHA256: &str = "2.16.840.1.101.3.4.2.1";

/// What a responder says of one certificate, signed for it by the issuer. Only [`OcspAnswer::check`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspAnswer {
    der: Vec<u8>,
    status: CertificateStatus,
    this_update: OffsetDateTime,
    until: OffsetDateTime,
}

/// The status of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CertificateStatus {
    /// Not revoked.
    Good,
    /// Revoked since this time.
    Revoked(OffsetDateTime),
    /// The responder does not know it.
    Unknown,
}

impl OcspAnswer {
    /// Checks an answer (an `OCSPResponse`, DER) about `leaf`: it is successful, speaks of this certificate by its
    /// issuer and serial number, is signed by the issuer or a responder that the issuer named, and its dates agree.
    /// For which moments it counts is asked with [`OcspAnswer::covers`].
    ///
    /// # Errors
    /// The first [`OcspFault`] found.
    pub fn check(der: &[u8], leaf: &Certificate, issuer: &Certificate) -> Result<Self, OcspFault> {
        if der.len() > MAX_OCSP_BYTES {
            return Err(OcspFault::TooLarge);
        }
        let malformed = |_| OcspFault::Malformed;
        let response = OcspResponse::from_der(der).map_err(malformed)?;
        if response.response_status != OcspResponseStatus::Successful {
            return Err(OcspFault::NoAnswer(response.response_status as u8));
        }
        let bytes = response.response_bytes.ok_or(OcspFault::Malformed)?;
        if bytes.response_type.to_string() != BASIC {
            return Err(OcspFault::Malformed);
        }
        let basic_der = bytes.response.as_bytes();
        let basic = BasicOcspResponse::from_der(basic_der).map_err(malformed)?;
        let about = |single: &&SingleResponse| is_about(&single.cert_id, leaf, issuer);
        let single = basic.tbs_response_data.responses.iter().find(about);
        let single = single.ok_or(OcspFault::OtherCertificate)?;
        let produced = moment(basic.tbs_response_data.produced_at);
        let signed_until = signed_until(&basic, basic_der, issuer, produced).ok_or(OcspFault::Signature)?;
        let this_update = moment(single.this_update);
        let until = match single.next_update {
            Some(next) => moment(next),
            None => produced + DEFAULT_LIFETIME,
        }
        // No answer outlives the certificate of whoever gave it.
        .min(signed_until);
        if until < this_update {
            return Err(OcspFault::OutsideItsTime);
        }
        Ok(Self {
            der: der.to_vec(),
            status: match single.cert_status {
                CertStatus::Good(_) => CertificateStatus::Good,
                CertStatus::Revoked(info) => CertificateStatus::Revoked(moment(info.revocation_time)),
                CertStatus::Unknown(_) => CertificateStatus::Unknown,
            },
            this_update,
            until,
        })
    }

    /// The answer as it came, DER: what `rVals` holds.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// What it says.
    pub fn status(&self) -> CertificateStatus {
        self.status
    }

    /// From when the status is known.
    pub fn this_update(&self) -> OffsetDateTime {
        self.this_update
    }

    /// Until when the answer counts: its next update, else a day after it was made.
    pub fn until(&self) -> OffsetDateTime {
        self.until
    }

    /// Whether it can be given now: begun, but for a clock that is [`MAX_CLOCK_DIFFERENCE`] slow, and not over.
    pub fn covers(&self, now: OffsetDateTime) -> bool {
        self.this_update - MAX_CLOCK_DIFFERENCE <= now && now <= self.until
    }
}

/// Whether an identifier means this certificate (RFC 6960, 4.1.1). Issuers are named by SHA-1 or SHA-256.
fn is_about(id: &CertId, leaf: &Certificate, issuer: &Certificate) -> bool {
    let digest: fn(&[u8]) -> Vec<u8> = match id.hash_algorithm.oid {
        oid if oid == SHA1 => |bytes| Sha1::digest(bytes).to_vec(),
        oid if oid.to_string() == SHA256 => |bytes| Sha256::digest(bytes).to_vec(),
        _ => return false,
    };
    let (Some(name), Some(key)) = (issuer.subject_der(), issuer.public_key_bits()) else {
        return false;
    };
    id.issuer_name_hash.as_bytes() == digest(&name)
        && id.issuer_key_hash.as_bytes() == digest(&key)
        && positive(id.serial_number.as_bytes()) == positive(leaf.serial())
}

fn positive(serial: &[u8]) -> &[u8] {
    let zeros = serial.iter().take_while(|byte| **byte == 0).count();
    serial.get(zeros..).unwrap_or_default()
}

/// The end of the certificate that signed it: the issuer's, or that of a responder which the issuer made for this (RFC
/// 6960, 4.2.2.2), valid when the answer was made. Ed25519 is not allowed here (C2PA 2.2, 14.5.1.1). `None` where neither
/// did.
fn signed_until(
    basic: &BasicOcspResponse,
    der: &[u8],
    issuer: &Certificate,
    produced: OffsetDateTime,
) -> Option<OffsetDateTime> {
    let responder = &basic.tbs_response_data.responder_id;
    let (Some(message), Some(signature), Ok(stated)) = (
        first_element(der),
        basic.signature.as_bytes(),
        basic.signature_algorithm.to_der(),
    ) else {
        return None;
    };
    let made_by = |certificate: &Certificate| {
        is_named(responder, certificate)
            && verify_stated(&stated, None, &certificate.public_key_info(), &message, signature)
    };
    let responders = basic.certs.iter().flatten().take(MAX_RESPONDERS);
    if made_by(issuer) {
        return Some(issuer.not_after());
    }
    responders
        .filter_map(|certificate| Certificate::from_der(&certificate.to_der().ok()?).ok())
        .find(|delegate| may_answer_for(delegate, issuer, produced) && made_by(delegate))
        .map(|delegate| delegate.not_after())
}

fn may_answer_for(delegate: &Certificate, issuer: &Certificate, at: OffsetDateTime) -> bool {
    let purposes = delegate.extended_key_usage();
    let named = purposes.is_some_and(|(_, purposes)| purposes.0.contains(&oid::EKU_OCSP_SIGNING));
    named
        && delegate.is_valid_at(at)
        && delegate.key_algorithm() != KeyAlgorithm::Ed25519
        && delegate.names_issuer(issuer)
        && delegate.is_signed_by(issuer)
}

fn is_named(responder: &ResponderId, certificate: &Certificate) -> bool {
    match responder {
        ResponderId::ByName(name) => name.to_der().ok() == certificate.subject_der(),
        ResponderId::ByKey(hash) => certificate
            .public_key_bits()
            .is_some_and(|key| Sha1::digest(key).as_slice() == hash.as_bytes()),
    }
}

/// The first element of a sequence as it stands there: `tbsResponseData`, over which the signature is.
fn first_element(der: &[u8]) -> Option<Vec<u8>> {
    AnyRef::from_der(der)
        .ok()?
        .sequence(|reader| {
            let first = AnyRef::decode(reader)?.to_der();
            while !reader.is_finished() {
                AnyRef::decode(reader)?;
            }
            first
        })
        .ok()
}

fn moment(time: OcspGeneralizedTime) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + time.0.to_unix_duration()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chain::CertificateChain;
    use crate::ocsp::OcspRequest;

    macro_rules! answer {
        ($name:literal) => {
            include_bytes!(concat!("../../tests/data/revocation-", $name, ".der")) as &[u8]
        };
    }

    fn chain() -> (Certificate, Certificate) {
        let chain = CertificateChain::from_pem(include_str!("../../tests/data/revocation.pem")).unwrap();
        (chain.leaf().clone(), chain.issuers()[0].clone())
    }

    fn check(der: &[u8]) -> Result<OcspAnswer, OcspFault> {
        let (leaf, issuer) = chain();
        OcspAnswer::check(der, &leaf, &issuer)
    }

    #[test]
    fn answers_by_openssl_hold_where_the_issuer_stands_behind_them() {
        for good in [
            answer!("good"),
            answer!("good-sha256"),
            answer!("good-delegated"),
            answer!("good-by-key"),
        ] {
            let found = check(good).unwrap();
            assert_eq!((found.status(), found.der()), (CertificateStatus::Good, good));
            assert!(found.covers(found.this_update()) && found.covers(found.until()));
            assert!(!found.covers(found.until() + Duration::SECOND));
            assert!(!found.covers(found.this_update() - MAX_CLOCK_DIFFERENCE - Duration::SECOND));
        }
        let since = time::macros::datetime!(2026-01-01 0:00 UTC);
        let revoked = check(answer!("revoked")).unwrap();
        assert_eq!(revoked.status(), CertificateStatus::Revoked(since));
        assert_eq!(check(answer!("unknown")).unwrap().status(), CertificateStatus::Unknown);
        assert_eq!(check(answer!("wrong-signer")), Err(OcspFault::Signature));
    }

    #[test]
    fn other_certificates_and_broken_answers_are_told_apart() {
        let (leaf, issuer) = chain();
        let good = answer!("good");
        assert_eq!(
            OcspAnswer::check(good, &issuer, &issuer),
            Err(OcspFault::OtherCertificate)
        );
        assert_eq!(OcspAnswer::check(good, &leaf, &leaf), Err(OcspFault::OtherCertificate));
        for end in 0..good.len() {
            assert_eq!(check(&good[..end]), Err(OcspFault::Malformed), "cut at {end}");
        }
        assert_eq!(check(&[0x30; MAX_OCSP_BYTES + 1]), Err(OcspFault::TooLarge));
        // `tryLater`, without more.
        assert_eq!(check(&[0x30, 0x03, 0x0A, 0x01, 0x03]), Err(OcspFault::NoAnswer(3)));
    }

    #[test]
    fn no_change_makes_another_answer_of_it() {
        for der in [answer!("good"), answer!("revoked"), answer!("good-delegated")] {
            let sound = check(der).unwrap();
            for at in 0..der.len() {
                let mut changed = der.to_vec();
                changed[at] ^= 1;
                if let Ok(found) = check(&changed) {
                    assert_eq!(found.status(), sound.status(), "{at}");
                    assert_eq!(
                        (found.this_update(), found.until()),
                        (sound.this_update(), sound.until())
                    );
                }
            }
        }
    }

    #[test]
    fn the_question_names_the_certificate_and_its_address_is_found() {
        let (leaf, issuer) = chain();
        assert_eq!(leaf.ocsp_responder().as_deref(), Some("http://ocsp.example/"));
        assert_eq!(issuer.ocsp_responder(), None);
        let request = OcspRequest::new(&leaf, &issuer).unwrap();
        let read = x509_ocsp::OcspRequest::from_der(request.der()).unwrap();
        assert!(is_about(&read.tbs_request.request_list[0].req_cert, &leaf, &issuer));
    }

    proptest! {
        #[test]
        fn garbage_is_a_fault_and_never_a_panic(der in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(check(&der).is_err());
        }
    }
}
