//! The commands, one file each.

pub mod completions;
pub mod config;
pub mod disclose;
pub mod explain;
pub mod keys;
pub mod schema;
pub mod stamp;
pub mod trust;
pub mod verify;
