//! The check of an authority's answer, step by step; only it makes a [`Timestamp`].
#![warn(clippy::indexing_slicing)]

use cms::cert::x509::der::asn1::AnyRef;
use cms::cert::x509::der::{Decode, Encode, Reader, Tag, Tagged};
use time::{Duration, OffsetDateTime};

use super::fault::{Refusal, TimestampFault};
use super::request::TimestampRequest;
use super::token::{MAX_TOKEN_BYTES, Token};
use crate::trust::{TimestampStanding, TimestampTrust, TrustLists};

/// The largest response that is read, in bytes: a token and some words.
pub const MAX_RESPONSE_BYTES: usize = MAX_TOKEN_BYTES + 4096;

/// How far the time in a token may lie from this machine's clock, either way: as much as a usual machine's clock is off,
/// and an answer takes.
pub const MAX_CLOCK_DIFFERENCE: Duration = Duration::minutes(5);

/// A time-stamp on one message, checked. Only [`TimestampRequest::check`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timestamp {
    token: Vec<u8>,
    time: OffsetDateTime,
    trust: TimestampTrust,
    authority: Box<str>,
}

impl Timestamp {
    /// The `TimeStampToken`, DER, as `sigTst2` holds it.
    pub fn token(&self) -> &[u8] {
        &self.token
    }

    /// The time that the authority states (`genTime`).
    pub fn time(&self) -> OffsetDateTime {
        self.time
    }

    /// How the authority stands to the lists. Unlisted ones are taken: readers will call their time a claim.
    pub fn trust(&self) -> &TimestampTrust {
        &self.trust
    }

    /// Which authority was asked, by its name; empty where the caller asked itself.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    pub(super) fn by(mut self, authority: &str) -> Self {
        self.authority = authority.into();
        self
    }
}

impl TimestampRequest {
    /// Checks what an authority answered to this request (a `TimeStampResp`, DER), at this machine's time `now`:
    ///
    /// 1. the status is granted (RFC 3161, 2.4.2); 2. the token is for our message and 3. our nonce; 4. it is signed by
    ///    one of its certificates, over attributes that bind content and certificate; 5. that certificate is fit for
    ///    time-stamps and was valid at the time stated, on a list or not; 6. that time is near `now`.
    ///
    /// # Errors
    /// The first [`TimestampFault`] found.
    pub fn check(&self, response: &[u8], lists: &TrustLists, now: OffsetDateTime) -> Result<Timestamp, TimestampFault> {
        use TimestampFault as Fault;
        if response.len() > MAX_RESPONSE_BYTES {
            return Err(Fault::TooLarge);
        }
        let bytes = granted(response)?;
        let token = Token::parse(&bytes).ok_or(Fault::Malformed)?;
        let info = token.info().ok_or(Fault::Malformed)?;
        if !info.covers_sha256(&self.imprint) {
            return Err(Fault::OtherMessage);
        }
        if info.nonce.as_deref() != Some(&self.nonce) {
            return Err(Fault::OtherRequest);
        }
        let trust = token.judge(&info, lists)?;
        match trust.standing() {
            TimestampStanding::Trusted(_) | TimestampStanding::Unknown => {}
            TimestampStanding::Invalid(rules) => return Err(Fault::Certificate(rules.clone())),
            TimestampStanding::Expired | TimestampStanding::NotYetValid => {
                return Err(Fault::OutsideValidity(info.time));
            }
        }
        if (info.time - now).abs() > MAX_CLOCK_DIFFERENCE {
            return Err(Fault::WrongTime(info.time));
        }
        Ok(Timestamp {
            token: bytes,
            time: info.time,
            trust,
            authority: "".into(),
        })
    }
}

/// The token of a response that grants one, as it stands there.
fn granted(response: &[u8]) -> Result<Vec<u8>, TimestampFault> {
    let malformed = || TimestampFault::Malformed;
    let outer = AnyRef::from_der(response).map_err(|_| malformed())?;
    let (status, token) = outer
        .sequence(|reader| {
            let status = AnyRef::decode(reader)?;
            let token = match reader.is_finished() {
                true => None,
                false => Some(AnyRef::decode(reader)?.to_der()?),
            };
            Ok((status, token))
        })
        .map_err(|_| malformed())?;
    let status = refusal(status).ok_or_else(malformed)?;
    match (status.status, token) {
        // Granted, or granted with modifications: what could be modified is checked.
        (0 | 1, Some(token)) => Ok(token),
        (0 | 1, None) => Err(malformed()),
        _ => Err(TimestampFault::Refused(status)),
    }
}

/// `PKIStatusInfo`: a status, words (which nobody signed, and which are passed over), and bits of failure.
fn refusal(info: AnyRef<'_>) -> Option<Refusal> {
    info.sequence(|reader| {
        let status = u8::decode(reader)?;
        let mut reason = None;
        while !reader.is_finished() {
            let part = AnyRef::decode(reader)?;
            if part.tag() == Tag::BitString {
                // The first octet counts the unused bits.
                let bits = part.value().get(1..).unwrap_or_default();
                let set = |bit: &u8| {
                    bits.get(usize::from(bit / 8))
                        .is_some_and(|byte| byte << (bit % 8) & 0x80 != 0)
                };
                reason = (0..32).find(set);
            }
        }
        Ok(Refusal { status, reason })
    })
    .ok()
}

#[cfg(test)]
mod tests {
    use cms::cert::x509::der::Decode;
    use proptest::prelude::*;
    use x509_tsp::TimeStampReq;

    use super::*;
    use crate::certificate::Certificate;
    use crate::profile::Rule;
    use crate::testing::list;
    use crate::trust::Purpose;

    const QUERY: &[u8] = include_bytes!("../../tests/data/answers.tsq");
    const EC: &[u8] = include_bytes!("../../tests/data/answers-ec.tsr");
    const EC_ROOT: &str = include_str!("../../tests/data/answers-ec.pem");
    const RSA: &[u8] = include_bytes!("../../tests/data/answers-rsa.tsr");
    const RSA_SHA1: &[u8] = include_bytes!("../../tests/data/answers-rsa-sha1.tsr");
    const REFUSED: &[u8] = include_bytes!("../../tests/data/answers-refused.tsr");

    /// The request that OpenSSL made.
    fn request() -> TimestampRequest {
        let read = TimeStampReq::from_der(QUERY).unwrap();
        let nonce = read.nonce.unwrap().as_bytes().try_into().unwrap();
        let mut request = TimestampRequest::new(b"message", nonce).unwrap();
        assert_eq!(request.imprint, read.message_imprint.hashed_message.as_bytes());
        request.nonce = nonce;
        request
    }

    /// The time in a token, whatever else is said of it.
    fn time_of(response: &[u8]) -> OffsetDateTime {
        let token = granted(response).unwrap();
        Token::parse(&token).unwrap().info().unwrap().time
    }

    fn check(response: &[u8]) -> Result<Timestamp, TimestampFault> {
        request().check(response, &TrustLists::empty(), time_of(EC))
    }

    #[test]
    fn answers_by_openssl_hold() {
        for response in [EC, RSA, RSA_SHA1] {
            let now = time_of(response);
            let timestamp = request().check(response, &TrustLists::empty(), now).unwrap();
            assert_eq!(timestamp.time(), now);
            assert_eq!(timestamp.token(), granted(response).unwrap());
            assert_eq!(*timestamp.trust().standing(), TimestampStanding::Unknown);
        }
        let root = Certificate::from_pem(EC_ROOT).unwrap();
        for (purpose, trusted) in [(Purpose::Timestamps, true), (Purpose::Signers, false)] {
            let lists = TrustLists::empty().with(list("test", purpose, std::slice::from_ref(&root)));
            let timestamp = request().check(EC, &lists, time_of(EC)).unwrap();
            assert_eq!(timestamp.trust().is_trusted(), trusted);
        }
    }

    #[test]
    fn each_step_has_its_fault() {
        use TimestampFault as Fault;
        assert_eq!(check(&vec![0x30; MAX_RESPONSE_BYTES + 1]), Err(Fault::TooLarge));
        for end in 0..EC.len() {
            assert_eq!(check(&EC[..end]), Err(Fault::Malformed), "cut at {end}");
        }
        let refusal = Refusal {
            status: 2,
            reason: Some(0),
        };
        assert_eq!(check(REFUSED), Err(Fault::Refused(refusal)));
        let now = time_of(EC);
        let other = |change: fn(&mut TimestampRequest)| {
            let mut request = request();
            change(&mut request);
            request.check(EC, &TrustLists::empty(), now)
        };
        assert_eq!(other(|request| request.imprint[31] ^= 1), Err(Fault::OtherMessage));
        assert_eq!(other(|request| request.nonce[7] ^= 1), Err(Fault::OtherRequest));
        // As old programs stored it, and as nobody answers.
        assert_eq!(check(&granted(EC).unwrap()), Err(Fault::Malformed));
    }

    #[test]
    fn the_clock_may_be_off_by_so_much() {
        let (edge, second) = (MAX_CLOCK_DIFFERENCE, Duration::SECOND);
        let stated = time_of(EC);
        let at = |now| request().check(EC, &TrustLists::empty(), now).map(drop);
        for now in [stated - edge, stated + edge] {
            assert_eq!(at(now), Ok(()));
        }
        for now in [stated - edge - second, stated + edge + second] {
            assert_eq!(at(now), Err(TimestampFault::WrongTime(stated)));
        }
    }

    /// What the token and its signer's certificate must keep, one byte changed after another.
    #[test]
    fn a_changed_answer_states_what_it_stated_or_nothing() {
        let mut refused = 0;
        for at in 0..EC.len() {
            let mut changed = EC.to_vec();
            changed[at] ^= 1 << (at % 8);
            match check(&changed) {
                // Bytes that nobody signed: versions, lists of algorithms, certificates beside the signer's.
                Ok(timestamp) => assert_eq!(timestamp.time(), time_of(EC), "{at}"),
                Err(_) => refused += 1,
            }
        }
        assert!(refused > EC.len() / 2, "{refused}");
    }

    #[test]
    fn faults_have_words_and_a_next_step() {
        let at = time_of(EC);
        for fault in [
            TimestampFault::Malformed,
            TimestampFault::Signature,
            TimestampFault::Certificate(vec![Rule::ExtendedKeyUsage, Rule::Key]),
            TimestampFault::OutsideValidity(at),
            TimestampFault::Refused(Refusal {
                status: 2,
                reason: Some(14),
            }),
        ] {
            assert!(!fault.to_string().is_empty() && !fault.next().is_empty());
        }
    }

    proptest! {
        #[test]
        fn garbage_is_a_fault_and_never_a_panic(response in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(check(&response).is_err());
        }
    }
}
