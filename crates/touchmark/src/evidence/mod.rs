//! Concludes: from findings to a verdict. Total and pure; the same findings give the same verdict.

mod ai;
mod clash;
mod evaluate;
mod labels;
mod marks;
mod policy;
mod rules;
mod signals;
mod verdict;

pub use evaluate::evaluate;
pub use policy::{Policy, Requirement};
pub use rules::Rule;
pub use signals::{Inception, Signals, Transformation};
pub use verdict::{Ai, Credentials, Extent, Integrity, Level, Reason, SignerAxis, Verdict};
