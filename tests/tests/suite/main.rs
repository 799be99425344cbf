//! The suite: one binary, a module a topic.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails, its helpers too"
)]

mod cli;
mod compressed;
mod conformance;
mod disclosures;
mod expected;
mod identities;
mod interop;
mod laws;
mod reports;
mod stamping;
mod writing;
