//! Why a time-stamp was not had from an authority, each with what to do about it.

use std::fmt;

use time::OffsetDateTime;

use crate::profile::Rule;

/// The most characters of somebody else's words that are kept.
const MAX_WORDS: usize = 200;

/// Why an answer is no time-stamp on this message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimestampFault {
    /// Nothing usable came back: network, HTTP status, time limit.
    NoAnswer(NoAnswer),
    /// The answer is larger than [`super::MAX_RESPONSE_BYTES`].
    TooLarge,
    /// The answer is no `TimeStampResp`, cut off, or holds no whole token.
    Malformed,
    /// The authority refused (RFC 3161, 2.4.2).
    Refused(Refusal),
    /// The token is for another message.
    OtherMessage,
    /// The token answers another request: its nonce is missing or another one.
    OtherRequest,
    /// The token is not signed by exactly one of the certificates in it.
    NoSigner,
    /// The signed attributes are missing or contradict the token, or do not bind the certificate (RFC 5035).
    Attributes,
    /// The signature does not hold, or uses an algorithm that is not accepted.
    Signature,
    /// The certificate breaks these rules for time-stamp authorities.
    Certificate(Vec<Rule>),
    /// The certificate, or one above it, was not valid at the time stated.
    OutsideValidity(OffsetDateTime),
    /// The time stated is further from this machine's clock than [`super::MAX_CLOCK_DIFFERENCE`].
    WrongTime(OffsetDateTime),
}

/// Why nothing came back, in words that are safe to show once escaped: at most 200 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoAnswer(Box<str>);

/// What an authority said in refusing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// `PKIStatus`: 2 rejection, 3 waiting, 4 and 5 about revocation.
    pub status: u8,
    /// The first bit of `PKIFailureInfo` that is set, where given.
    pub reason: Option<u8>,
}

impl NoAnswer {
    /// Keeps the beginning of these words.
    pub fn new(words: &str) -> Self {
        Self(words.chars().take(MAX_WORDS).collect())
    }
}

impl TimestampFault {
    /// What to do about it.
    pub fn next(&self) -> &'static str {
        match self {
            Self::NoAnswer(_) => "look at the address and the network; name a second authority",
            Self::TooLarge | Self::Malformed => "look whether the address is one of RFC 3161 time-stamps",
            Self::Refused(refusal) if refusal.reason == Some(14) => "the authority has no time now; try again later",
            Self::Refused(_) => "ask the authority's operator, or name another authority",
            Self::OtherMessage | Self::OtherRequest => {
                "something between this machine and the authority answers from a cache, or alters; name another authority"
            }
            Self::NoSigner | Self::Attributes | Self::Signature | Self::Certificate(_) => {
                "this authority's tokens would not be accepted by readers; name another authority"
            }
            Self::OutsideValidity(_) => "the authority has to renew its certificate; name another authority",
            Self::WrongTime(_) => "look at this machine's clock; where it is right, name another authority",
        }
    }
}

impl fmt::Display for TimestampFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer(words) => write!(f, "no answer: {words}"),
            Self::TooLarge => f.write_str("the answer is too large"),
            Self::Malformed => f.write_str("the answer is no time-stamp, or cut off"),
            Self::Refused(refusal) => refusal.fmt(f),
            Self::OtherMessage => f.write_str("the token is for another message"),
            Self::OtherRequest => f.write_str("the token answers another request"),
            Self::NoSigner => f.write_str("the token is not signed by one of the certificates in it"),
            Self::Attributes => f.write_str("the token's signed attributes do not bind it to its certificate"),
            Self::Signature => f.write_str("the token's signature does not hold"),
            Self::Certificate(rules) => {
                f.write_str("the authority's certificate breaks rules for time-stamps: ")?;
                for (index, rule) in rules.iter().enumerate() {
                    write!(f, "{}{}", if index == 0 { "" } else { ", " }, rule.id())?;
                }
                Ok(())
            }
            Self::OutsideValidity(time) => write!(f, "the authority's certificate was not valid at {time}"),
            Self::WrongTime(time) => write!(f, "it states the time {time}, far from this machine's clock"),
        }
    }
}

impl std::error::Error for TimestampFault {}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // RFC 3161, 2.4.2.
        let reason = match self.reason {
            Some(0) => "the hash is not accepted",
            Some(2) => "the request is not permitted",
            Some(5) => "the request has the wrong format",
            Some(14) => "its time source is not available",
            Some(15) => "the policy is not supported",
            Some(16) => "an extension is not supported",
            Some(17) => "information asked for is not available",
            Some(25) => "it has a failure of its own",
            _ => "no reason that we know is given",
        };
        write!(f, "the authority refused (status {}): {reason}", self.status)
    }
}
