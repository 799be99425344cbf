//! `completions`: prints a completion script.

use clap::CommandFactory;

use crate::args::{Cli, Completions};
use crate::console::print;
use crate::exit;
use crate::failure::Failure;

pub fn run(args: &Completions) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "touchmark", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(exit::DONE)
}
