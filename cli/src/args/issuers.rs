//! `issuers` as typed.

use clap::Args;
use touchmark::issuer::Domain;

use crate::issuers::IssuersArgs;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  touchmark issuers                                 the directories, with their dates
  touchmark issuers example.org                     the domain's number, and what is known of it
  touchmark issuers --issuers own.toml --json

A directory of your own names whom marks lead to, for `verify` too (--issuers, or the setting issuers):

  dated = 2026-11-22

  [[entry]]
  domain = \"example.org\"                            without www., xn-- for other scripts
  detector = \"https://example.org/detector\"         optional
  removal = \"mailto:removal@example.org\"            or https:, optional
  source = \"https://example.org/.well-known/touchmark.json\"
  checked = 2026-11-20

The number is 24 bits of the domain's hash, so that two domains may share one; all are named. A mark is a pointer, never
proof: anyone with the key can put any number on any picture.")]
pub struct Issuers {
    /// Domains, such as example.org. Without one, the directories are listed.
    #[arg(value_name = "DOMAIN", value_parser = domain)]
    pub domains: Vec<Domain>,
    #[command(flatten)]
    pub issuers: IssuersArgs,
    /// Answer as JSON, one object.
    #[arg(long)]
    pub json: bool,
}

fn domain(typed: &str) -> Result<Domain, String> {
    Domain::typed(typed).map_err(|not| format!("it {not}"))
}
