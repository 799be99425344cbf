//! The `touchmark` command as a library, so that the test suite drives the same code: [`run`] is the whole binary.
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     touchmark_cli::run()
//! }
//! ```

mod args;
mod batch;
mod certificates;
pub mod clock;
mod command;
mod config;
mod console;
mod disclosures;
mod draft;
pub mod exit;
mod failure;
mod fetch;
mod files;
mod identities;
mod inputs;
mod isolate;
mod issuers;
mod journal;
mod key;
mod label;
mod lists;
mod locale;
mod order;
mod origin;
mod outputs;
mod places;
mod post;
mod profile;
mod progress;
mod rim;
mod rules;
mod table;
mod timestamps;
mod watermark;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use config::Config;
use failure::Failure;

/// Runs the command line of this process and returns its exit code.
pub fn run() -> ExitCode {
    rim::keep_panics_quiet();
    ExitCode::from(rim::guarded(|| dispatch(&Cli::parse())))
}

fn dispatch(cli: &Cli) -> Result<u8, Failure> {
    // These need no configuration, and must work where it is broken.
    match &cli.command {
        Command::Explain(args) => return command::explain::run(args),
        Command::Fingerprint(args) => return command::fingerprint::run(args),
        Command::Schema(args) => return command::schema::run(args),
        Command::Completions(args) => return command::completions::run(args),
        Command::Bench(args) => return command::bench::run(args),
        Command::HelpLines(args) => return command::help_lines::run(args),
        // It has the configuration of the run that it works for.
        Command::VerifyWorker(args) => return command::verify::serve(args),
        _ => {}
    }
    let config = Config::load(cli.data_dir.as_deref())?;
    match &cli.command {
        Command::Stamp(args) => command::stamp::run(args, &config),
        Command::Verify(args) => command::verify::run(args, &config),
        Command::Keys(args) => command::keys::run(args, &config),
        Command::Trust(args) => command::trust::run(args, &config),
        Command::Doctor(args) => command::doctor::run(args, &config),
        Command::Disclose(args) => command::disclose::run(args, &config),
        Command::Config(args) => command::config::run(args, &config),
        Command::Issuers(args) => command::issuers::run(args, &config),
        Command::Explain(_)
        | Command::Fingerprint(_)
        | Command::Schema(_)
        | Command::Completions(_)
        | Command::Bench(_)
        | Command::HelpLines(_)
        | Command::VerifyWorker(_) => Ok(exit::DONE),
    }
}
