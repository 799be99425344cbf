//! A time-stamp token (RFC 3161, 2.4.2; RFC 5652): what it states, who made it, and whether the signature holds. Whether
//! it covers a message is for whoever has that.
#![warn(clippy::indexing_slicing)]

use cms::cert::x509::Certificate as CmsCertificate;
use cms::cert::x509::attr::Attribute;
use cms::cert::x509::der::asn1::{Any, AnyRef, ObjectIdentifier, OctetStringRef};
use cms::cert::x509::der::{Decode, Encode, Reader, Tag, Tagged};
use cms::cert::x509::ext::pkix::SubjectKeyIdentifier;
use cms::cert::x509::spki::AlgorithmIdentifierOwned;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use sha1::Sha1;
use sha2::Digest;
use time::{Date, Month, OffsetDateTime, Time};
use x509_tsp::MessageImprint;

use super::fault::TimestampFault;
use crate::bundle::pkcs7_certificates;
use crate::certificate::Certificate;
use crate::trust::{TimestampTrust, TrustLists, evaluate_timestamp};
use crate::verify::{Hash, verify_stated};

/// The largest token that is read, in bytes; real ones have 2 to 12 thousand.
pub const MAX_TOKEN_BYTES: usize = 64 * 1024;

const fn oid(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

/// `id-signedData` (RFC 5652, 5.1).
const SIGNED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.2");
/// `id-ct-TSTInfo` (RFC 3161, 2.4.2).
const TST_INFO: ObjectIdentifier = oid("1.2.840.113549.1.9.16.1.4");
/// `id-contentType`, `id-messageDigest` (RFC 5652, 11).
const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
/// `id-aa-signingCertificate` and its second version (RFC 5035).
const SIGNING_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.47");

/// The time that a token states, and how its authority stands to the lists then. Only [`verify_token`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedTime {
    time: OffsetDateTime,
    trust: TimestampTrust,
}

impl StatedTime {
    /// The time.
    pub fn time(&self) -> OffsetDateTime {
        self.time
    }

    /// How the authority stands: on a list, the time may be relied on; else it is a claim.
    pub fn trust(&self) -> &TimestampTrust {
        &self.trust
    }
}

/// Checks a token that lies beside a signature, as strictly as an authority's own answer: it covers `message` (by SHA-256,
/// SHA-384 or SHA-512), and one of its certificates made its signature over attributes that name content and certificate.
/// It is that certificate, and no other, that is then judged against the lists at the time stated.
///
/// Takes a `TimeStampToken` as C2PA 2 stores it (`sigTst2`), or the whole `TimeStampResp` of older files (`sigTst`).
///
/// # Errors
/// The first [`TimestampFault`] found: the token shows nothing.
pub fn verify_token(token: &[u8], message: &[u8], lists: &TrustLists) -> Result<StatedTime, TimestampFault> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TimestampFault::TooLarge);
    }
    let token = Token::parse(token).or_else(|| Token::parse(&response_token(token)?));
    let token = token.ok_or(TimestampFault::Malformed)?;
    let info = token.info().ok_or(TimestampFault::Malformed)?;
    if !info.covers(message) {
        return Err(TimestampFault::OtherMessage);
    }
    Ok(StatedTime {
        trust: token.judge(&info, lists)?,
        time: info.time,
    })
}

/// A token that could be read.
#[derive(Debug)]
pub(super) struct Token {
    signed: SignedData,
    /// Its certificates, as the very bytes they are.
    certificates: Vec<Vec<u8>>,
}

/// What a token states: `TSTInfo`, as far as it is looked at.
#[derive(Debug)]
pub(super) struct Info {
    imprint_hash: Option<Hash>,
    imprint: Vec<u8>,
    pub time: OffsetDateTime,
    pub nonce: Option<Vec<u8>>,
}

impl Info {
    /// Whether it is about this message.
    pub fn covers(&self, message: &[u8]) -> bool {
        self.imprint_hash
            .is_some_and(|hash| hash.digest(message) == self.imprint)
    }

    /// Whether it is about the message with this SHA-256.
    pub fn covers_sha256(&self, digest: &[u8; 32]) -> bool {
        matches!(self.imprint_hash, Some(Hash::Sha256)) && self.imprint == digest
    }
}

impl Token {
    pub fn parse(token: &[u8]) -> Option<Self> {
        if token.len() > MAX_TOKEN_BYTES {
            return None;
        }
        let info = ContentInfo::from_der(token).ok()?;
        if info.content_type != SIGNED_DATA {
            return None;
        }
        Some(Self {
            signed: info.content.decode_as().ok()?,
            certificates: pkcs7_certificates(token)?.into_iter().map(<[u8]>::to_vec).collect(),
        })
    }

    /// What it states. The `x509-tsp` crate would refuse times with fractions of a second, which RFC 3161 allows.
    pub fn info(&self) -> Option<Info> {
        AnyRef::from_der(self.content()?)
            .ok()?
            .sequence(|reader| {
                let version = u8::decode(reader)?;
                ObjectIdentifier::decode(reader)?;
                let imprint = MessageImprint::decode(reader)?;
                let serial = AnyRef::decode(reader)?;
                let time = AnyRef::decode(reader)?;
                let mut nonce = None;
                while !reader.is_finished() {
                    let part = AnyRef::decode(reader)?;
                    if part.tag() == Tag::Integer && nonce.is_none() {
                        nonce = Some(part.value().to_vec());
                    }
                }
                let broken = || Tag::Sequence.value_error();
                if version != 1 || serial.tag() != Tag::Integer || time.tag() != Tag::GeneralizedTime {
                    return Err(broken());
                }
                Ok(Info {
                    imprint_hash: hash(&imprint.hash_algorithm),
                    imprint: imprint.hashed_message.as_bytes().to_vec(),
                    time: generalized_time(time.value()).ok_or_else(broken)?,
                    nonce,
                })
            })
            .ok()
    }

    /// Whether one of its certificates made it, and how that one stands to the lists at the time stated.
    pub fn judge(&self, info: &Info, lists: &TrustLists) -> Result<TimestampTrust, TimestampFault> {
        let chain = self.certificates().ok_or(TimestampFault::NoSigner)?;
        self.check_signature(chain.first().ok_or(TimestampFault::NoSigner)?)?;
        Ok(evaluate_timestamp(&chain, lists, info.time))
    }

    /// The certificates, that of the one signer first.
    fn certificates(&self) -> Option<Vec<&[u8]>> {
        let signer = self.signer()?;
        let made_it =
            |der: &[u8]| CmsCertificate::from_der(der).is_ok_and(|certificate| identifies(&signer.sid, &certificate));
        let (mut matching, mut others) = (Vec::new(), Vec::new());
        for der in &self.certificates {
            match made_it(der) {
                true => matching.push(der.as_slice()),
                false => others.push(der.as_slice()),
            }
        }
        // Two that match would leave open which of them made the signature.
        let [first] = matching.as_slice() else {
            return None;
        };
        Some(std::iter::once(*first).chain(others).collect())
    }

    /// Whether the key in this certificate (DER) signed the token, over attributes that name its content, its kind and
    /// the certificate (RFC 5652, 5.4 and 11; RFC 5816).
    fn check_signature(&self, certificate: &[u8]) -> Result<(), TimestampFault> {
        let signer = self.signer().ok_or(TimestampFault::NoSigner)?;
        let content = self.content().ok_or(TimestampFault::Malformed)?;
        let digest = hash(&signer.digest_alg).ok_or(TimestampFault::Signature)?;
        let bound = is_of_this_kind(signer)
            && states_digest(signer, &digest.digest(content))
            && names_certificate(signer, certificate);
        let attributes = signer.signed_attrs.as_ref().filter(|_| bound);
        // Their DER as a SET OF, whatever their tag in the token.
        let message = attributes.and_then(|attributes| attributes.to_der().ok());
        let message = message.ok_or(TimestampFault::Attributes)?;
        let key = Certificate::from_der(certificate)
            .map_err(|_| TimestampFault::NoSigner)?
            .public_key_info();
        let stated = signer.signature_algorithm.to_der();
        let stated = stated.map_err(|_| TimestampFault::Malformed)?;
        match verify_stated(&stated, Some(digest), &key, &message, signer.signature.as_bytes()) {
            true => Ok(()),
            false => Err(TimestampFault::Signature),
        }
    }

    fn signer(&self) -> Option<&SignerInfo> {
        match self.signed.signer_infos.0.as_slice() {
            [signer] => Some(signer),
            _ => None,
        }
    }

    /// The DER of the `TSTInfo`.
    fn content(&self) -> Option<&[u8]> {
        let content = &self.signed.encap_content_info;
        let inner = content.econtent.as_ref()?;
        (content.econtent_type == TST_INFO && inner.tag() == Tag::OctetString).then(|| inner.value())
    }
}

/// The one value of the one signed attribute of this type.
fn attribute(signer: &SignerInfo, kind: ObjectIdentifier) -> Option<&Any> {
    let attributes = signer.signed_attrs.as_ref()?;
    let mut found = attributes.iter().filter(|attribute: &&Attribute| attribute.oid == kind);
    let (Some(only), None) = (found.next(), found.next()) else {
        return None;
    };
    match only.values.as_slice() {
        [value] => Some(value),
        _ => None,
    }
}

fn is_of_this_kind(signer: &SignerInfo) -> bool {
    let stated = attribute(signer, CONTENT_TYPE).and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
    stated == Some(TST_INFO)
}

fn states_digest(signer: &SignerInfo, digest: &[u8]) -> bool {
    attribute(signer, MESSAGE_DIGEST).is_some_and(|value| value.tag() == Tag::OctetString && value.value() == digest)
}

/// Whether `ESSCertIDv2`, or the older `ESSCertID` with SHA-1, names this certificate first. The newer one decides where
/// both are there.
fn names_certificate(signer: &SignerInfo, certificate: &[u8]) -> bool {
    let stated = |kind, version| attribute(signer, kind).map(|value| first_identifier(value, version));
    let by_sha1 = || stated(SIGNING_CERTIFICATE, 1);
    match stated(SIGNING_CERTIFICATE_V2, 2).or_else(by_sha1).flatten() {
        Some((None, digest)) => Sha1::digest(certificate).as_slice() == digest,
        Some((Some(hash), digest)) => hash.digest(certificate) == digest,
        None => false,
    }
}

/// The hash of the first identifier in a `SigningCertificate(V2)`, and its algorithm: none is SHA-1, of version 1 alone.
fn first_identifier(value: &Any, version: u8) -> Option<(Option<Hash>, Vec<u8>)> {
    let first_of = |outer: AnyRef<'_>| {
        outer
            .sequence(|reader| {
                let first = AnyRef::decode(reader)?.to_der();
                while !reader.is_finished() {
                    AnyRef::decode(reader)?;
                }
                first
            })
            .ok()
    };
    let list = first_of(AnyRef::from(value))?;
    let identifier = first_of(AnyRef::from_der(&list).ok()?)?;
    AnyRef::from_der(&identifier)
        .ok()?
        .sequence(|reader| {
            let mut hash = (version == 2).then_some(Hash::Sha256);
            let mut part = AnyRef::decode(reader)?;
            if part.tag() == Tag::Sequence && version == 2 {
                let stated = AlgorithmIdentifierOwned::from_der(&part.to_der()?)?;
                hash = Some(self::hash(&stated).ok_or_else(|| Tag::Sequence.value_error())?);
                part = AnyRef::decode(reader)?;
            }
            let digest = part.decode_as::<OctetStringRef<'_>>()?.as_bytes().to_vec();
            while !reader.is_finished() {
                AnyRef::decode(reader)?;
            }
            Ok((hash, digest))
        })
        .ok()
}

fn hash(algorithm: &AlgorithmIdentifierOwned) -> Option<Hash> {
    const KNOWN: [(ObjectIdentifier, Hash); 3] = [
        (super::request::SHA256, Hash::Sha256),
        (oid("2.16.840.1.101.3.4.2.2"), Hash::Sha384),
        (oid("2.16.840.1.101.3.4.2.3"), Hash::Sha512),
    ];
    let known = KNOWN.into_iter().find(|(known, _)| *known == algorithm.oid);
    known.map(|(_, hash)| hash)
}

/// `YYYYMMDDhhmmss[.f..]Z` (RFC 3161, 2.4.2), to the second below.
fn generalized_time(text: &[u8]) -> Option<OffsetDateTime> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let number = |from: usize, to: usize| whole.get(from..to)?.parse::<u8>().ok();
    let date = Date::from_calendar_date(
        whole.get(..4)?.parse().ok()?,
        Month::try_from(number(4, 6)?).ok()?,
        number(6, 8)?,
    );
    let time = Time::from_hms(number(8, 10)?, number(10, 12)?, number(12, 14)?);
    Some(date.ok()?.with_time(time.ok()?).assume_utc())
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

    /// The certificates of a token or of a response with one, that of its signer first.
    fn token_certificates(token: &[u8]) -> Option<Vec<Vec<u8>>> {
        let token = Token::parse(token).or_else(|| Token::parse(&response_token(token)?))?;
        Some(token.certificates()?.into_iter().map(<[u8]>::to_vec).collect())
    }
    use crate::testing::{NOW, list};
    use crate::trust::Purpose;

    const RESPONSE: &[u8] = include_bytes!("../../tests/data/openssl-timestamp-response.der");

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
    fn the_certificate_that_is_judged_is_the_one_that_signed() {
        let token = Token::parse(&response_token(RESPONSE).unwrap()).unwrap();
        let chain = token.certificates().unwrap();
        assert_eq!(token.check_signature(chain[0]), Ok(()));
        assert!(token.check_signature(chain[1]).is_err());
        // Another certificate in the place of the signer's, under its name: nothing of the token holds.
        let mut swapped = Token::parse(&response_token(RESPONSE).unwrap()).unwrap();
        let mut der = chain[0].to_vec();
        let key = Certificate::from_der(&der).unwrap().public_key_bits().unwrap();
        let at = der.windows(key.len()).position(|window| window == key).unwrap();
        der[at + key.len() - 1] ^= 1;
        let place = swapped.certificates.iter().position(|one| one == chain[0]).unwrap();
        swapped.certificates[place] = der;
        let judged = swapped.judge(&swapped.info().unwrap(), &TrustLists::empty());
        assert!(
            matches!(judged, Err(TimestampFault::Attributes | TimestampFault::Signature)),
            "{judged:?}"
        );
    }

    #[test]
    fn what_is_no_whole_token_has_no_authority() {
        for end in 0..RESPONSE.len() {
            assert!(token_certificates(&RESPONSE[..end]).is_none(), "cut at {end}");
        }
        let huge = verify_token(&vec![0x30; MAX_TOKEN_BYTES + 1], b"", &TrustLists::empty());
        assert_eq!(huge, Err(TimestampFault::TooLarge));
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
