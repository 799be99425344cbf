//! `disclose` as typed.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Signing;

#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  touchmark disclose init system.toml                  a commented file to fill in
  touchmark disclose lint system.toml                  what is missing, and who asks for it
  touchmark disclose sign system.toml -o system.jws    to publish, and to stamp with
  touchmark stamp picture.png --disclosure system.jws")]
pub enum Disclose {
    /// Write a commented file to fill in.
    #[command(after_help = "Example:
  touchmark disclose init system.toml")]
    Init(DiscloseInit),
    /// Say field by field what is missing or wrong, and who asks for it.
    #[command(after_help = "Examples:
  touchmark disclose lint system.toml
  touchmark disclose lint --all --json system.toml
  touchmark disclose lint --at 2027-06-01 system.toml    as of another day

Exit codes: 0 nothing fails · 3 something fails · 1 the file cannot be read as a disclosure.")]
    Lint(DiscloseLint),
    /// Make the page about the system: one HTML file for children, parents, teachers and everybody else.
    #[command(after_help = "Example:
  touchmark disclose render system.jws --lang de -o system.de.html

The page runs no script and loads nothing. touchmark's reviewed texts are always on it; yours stand beside them.")]
    Render(DiscloseRender),
    /// Sign the document with an identity, so that anyone can check it (JSON Web Signature, RFC 7515).
    #[command(after_help = "Example:
  touchmark disclose sign system.toml -o system.jws

Publish the file under the address in its field document.url, and stamp with it: stamps then carry its digest and address.")]
    Sign(DiscloseSign),
    /// Write what overlaps with other formats for AI systems.
    #[command(after_help = "Example:
  touchmark disclose export system.toml --to cyclonedx -o system.cdx.json")]
    Export(DiscloseExport),
    /// Check the signature, and with --online whether the addresses answer without a login.
    #[command(after_help = "Examples:
  touchmark disclose check system.jws
  touchmark disclose check --online system.toml

Without --online nothing is fetched. With it, each host is named before it is asked.
Exit codes: 0 nothing fails · 3 something fails · 1 the file cannot be read as a disclosure.")]
    Check(DiscloseCheck),
}

#[derive(Debug, Args)]
pub struct DiscloseInit {
    /// The file to write; `-` is standard output.
    #[arg(value_name = "FILE", default_value = "disclosure.toml")]
    pub file: PathBuf,
    /// Replace an existing file.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct DiscloseLint {
    /// The disclosures: TOML, JSON or signed; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Show the rules that are kept, too.
    #[arg(long)]
    pub all: bool,
    /// One JSON object a line: each rule's finding in each file.
    #[arg(long)]
    pub json: bool,
    /// Look at dates as of this day, YYYY-MM-DD, so that a result can be repeated.
    #[arg(long, value_name = "DAY")]
    pub at: Option<String>,
}

#[derive(Debug, Args)]
pub struct DiscloseRender {
    /// The disclosure: TOML, JSON or signed; `-` is standard input.
    pub file: PathBuf,
    /// Where to write the page. Default: standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The language of touchmark's words. Default: the document's, where touchmark has it, else English.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub lang: Option<Language>,
    /// Replace an existing output file.
    #[arg(long)]
    pub force: bool,
}

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
}

#[derive(Debug, Args)]
pub struct DiscloseSign {
    /// The disclosure: TOML or JSON; `-` is standard input.
    pub file: PathBuf,
    /// Where to write the signed document; `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Replace an existing output file.
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub signing: Signing,
}

#[derive(Debug, Args)]
pub struct DiscloseExport {
    /// The disclosure: TOML, JSON or signed; `-` is standard input.
    pub file: PathBuf,
    /// The format.
    #[arg(long, value_enum)]
    pub to: ExportFormat,
    /// Where to write it. Default: standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace an existing output file.
    #[arg(long)]
    pub force: bool,
}

/// A format that disclosures are exported to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// CycloneDX 1.6, JSON, with a model card.
    Cyclonedx,
    /// SPDX 3.0.1, JSON-LD, AI profile.
    Spdx,
}

#[derive(Debug, Args)]
pub struct DiscloseCheck {
    /// The disclosure: TOML, JSON or signed; `-` is standard input.
    pub file: PathBuf,
    /// Ask the addresses in it whether they answer without a login.
    #[arg(long)]
    pub online: bool,
    /// Ask addresses in private networks and on this machine too, there also without TLS: for a system not yet public.
    #[arg(long, requires = "online")]
    pub allow_private: bool,
    /// One JSON object a line: each check's finding.
    #[arg(long)]
    pub json: bool,
}
