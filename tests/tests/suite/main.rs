//! The suite: one binary, a module a topic.

mod conformance;
mod expected;
mod interop;
mod laws;
mod stamping;
