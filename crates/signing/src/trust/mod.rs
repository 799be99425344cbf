//! Trust in other people's signers: lists of anchors, each for one purpose, and the one function that decides how a
//! signer stands to them at a moment in time. Success is a value that only [`evaluate`] makes, with every check that
//! led to it.

mod evaluate;
mod known_keys;
mod list;
mod official;
mod path;
mod published;
mod revocation;
mod signers;
mod timestamp;

pub use evaluate::{Check, DatesStanding, Otherwise, SignerTrust, Standing, Trust, evaluate};
pub use list::{MAX_LIST_BYTES, MAX_LIST_CERTIFICATES, Purpose, SkipReason, Skipped, TrustList, TrustLists};
pub use path::PathFault;
pub(crate) use path::{find as find_path, has_fitting_purposes};
pub use published::PublishedList;
pub use revocation::{MAX_REVOCATION_ANSWERS, Revocation, evaluate_revocation};
pub use signers::Signers;
pub use timestamp::{TimestampStanding, TimestampTrust, evaluate_timestamp};
