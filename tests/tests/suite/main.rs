//! The suite: one binary, a module a topic.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails, its helpers too"
)]

// The fuzz targets name the crate that stands for libFuzzer by this.
extern crate self as libfuzzer_sys;
pub(crate) use fuzz_seeds::libfuzzer::fuzz_target;

mod adversarial;
mod algorithms;
mod batch;
mod certificates;
mod cli;
mod compressed;
mod conformance;
mod disagreements;
mod disclosures;
mod editing;
mod expected;
mod external_manifests;
mod folders;
mod formats;
mod fuzz_seeds;
mod hardware;
mod identities;
mod inert;
mod interop;
mod isolation;
mod issuers;
mod label_laws;
mod laws;
mod machine;
mod pixels;
mod readers;
mod recipes;
mod references;
mod reports;
mod server;
mod signed_reports;
mod stamping;
mod templates;
mod timestamps;
mod trust_lists;
mod verifying;
mod writing;
