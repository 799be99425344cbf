//! The suite: one binary, a module a topic.

mod cli;
mod conformance;
mod expected;
mod interop;
mod laws;
mod stamping;
mod writing;
