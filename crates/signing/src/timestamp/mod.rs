//! Time-stamps (RFC 3161): asked for, and checked before anybody relies on them. Holding a [`Timestamp`] means that its
//! token covers the message, answers the request, and was made by the key in its certificate.
//!
//! The network is the caller's: it brings a [`TimestampAuthority`] for each authority that it knows how to ask.

mod authorities;
mod fault;
mod request;
mod response;
mod token;

pub use authorities::{Attempt, NoTimestamp, SET_BACK_AFTER, TimestampAuthorities, TimestampAuthority};
pub use fault::{NoAnswer, Refusal, TimestampFault};
pub use request::{NONCE_BYTES, TimestampRequest};
pub use response::{MAX_CLOCK_DIFFERENCE, MAX_RESPONSE_BYTES, Timestamp};
pub use token::{MAX_TOKEN_BYTES, StatedTime, verify_token};
