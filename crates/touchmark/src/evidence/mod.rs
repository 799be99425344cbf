//! Concludes: from findings to a verdict. Total and pure; the same findings give the same verdict.

mod ai;
mod evaluate;
mod policy;
mod rules;
mod verdict;

pub use evaluate::evaluate;
pub use policy::{Policy, Requirement};
pub use rules::Rule;
pub use verdict::{Ai, Credentials, Extent, Integrity, Level, Reason, SignerAxis, Verdict};
