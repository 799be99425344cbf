//! tests

pub mod pictures;
