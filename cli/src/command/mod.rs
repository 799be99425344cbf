//! The commands, one file each.

pub mod bench;
pub mod completions;
pub mod config;
pub mod disclose;
pub mod doctor;
pub mod explain;
pub mod fingerprint;
pub mod help_lines;
pub mod keys;
pub mod schema;
pub mod stamp;
pub mod trust;
pub mod verify;
