//! `trust` as typed.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  touchmark trust list
  touchmark trust add root.pem --purpose signers --name \"Example Images\"
  touchmark trust update --online
  touchmark trust remove \"Example Images\"")]
pub enum Trust {
    /// List the trust lists in force.
    #[command(after_help = "Example:
  touchmark trust list --json")]
    List(TrustListArgs),
    /// Add a list of trusted certificates.
    #[command(after_help = "Example:
  touchmark trust add anchors.pem --purpose legacy --name \"Interim list\" --issued 2026-01-01")]
    Add(TrustAdd),
    /// Put a newer version in the place of a list.
    #[command(after_help = "Examples:
  touchmark trust update C2PA-TRUST-LIST.json          a list as its publisher states it, with its dates
  touchmark trust update anchors.pem --name \"Example Images\" --issued 2026-11-01
  touchmark trust update --online                      the official lists and the interim one, from their publishers

--online asks raw.githubusercontent.com (C2PA's lists) and contentcredentials.org (the interim list), and names each host
before it is asked. Nothing else in touchmark fetches a list.")]
    Update(TrustUpdate),
    /// Remove a list that was added.
    #[command(after_help = "Example:
  touchmark trust remove \"Interim list\"")]
    Remove(TrustRemove),
}

#[derive(Debug, Args)]
pub struct TrustListArgs {
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct TrustAdd {
    /// The certificates: PEM, DER or PKCS#7.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What its certificates are trusted for.
    #[arg(long, value_enum)]
    pub purpose: ListPurpose,
    /// A name, shown in every report that rests on the list.
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// When its publisher issued it, YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub issued: Option<String>,
    /// When the next version is due, YYYY-MM-DD: from then on, `trust list` and `doctor` warn.
    #[arg(long, value_name = "DATE")]
    pub next_update: Option<String>,
}

/// What the certificates of a list are trusted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListPurpose {
    /// Issuing certificates of signers.
    Signers,
    /// Issuing certificates of time-stamp authorities.
    Timestamps,
    /// Signers of the past: shown as such, never counted as trusted.
    Legacy,
}

#[derive(Debug, Args)]
pub struct TrustUpdate {
    /// The list's new version: JSON as C2PA publishes it (ETSI TS 119 602), the only form for C2PA's own; else PEM, DER or
    /// PKCS#7.
    #[arg(value_name = "FILE", required_unless_present = "online", conflicts_with = "online")]
    pub file: Option<PathBuf>,
    /// The list that it updates. JSON of C2PA's own lists says so itself.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// When its publisher issued it, YYYY-MM-DD. JSON says so itself.
    #[arg(long, value_name = "DATE", conflicts_with = "online")]
    pub issued: Option<String>,
    /// When the next one is due, YYYY-MM-DD. JSON says so itself.
    #[arg(long, value_name = "DATE", conflicts_with = "online")]
    pub next_update: Option<String>,
    /// Fetch C2PA's official lists and the interim one from their publishers.
    #[arg(long)]
    pub online: bool,
    /// Fetch them from here instead, under the names that their publishers give them.
    #[arg(long, value_name = "URL", requires = "online")]
    pub mirror: Option<String>,
    /// Let the mirror be in a private network or on this machine, there also without TLS.
    #[arg(long, requires = "mirror")]
    pub allow_private: bool,
    /// Say what would change, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Take a list that is older than the one in force.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct TrustRemove {
    /// The name of the list.
    pub name: String,
}
