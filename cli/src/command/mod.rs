//! The commands, one file each.

pub mod completions;
pub mod config;
pub mod explain;
pub mod keys;
pub mod schema;
pub mod stamp;
pub mod trust;
pub mod verify;

use std::io::{self, Write};
use std::path::Path;

use crate::failure::Failure;

/// Prints text to standard output. A reader that has gone away (`| head`) is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::writing(Path::new("standard output"), &error))
        }
        _ => Ok(()),
    }
}
