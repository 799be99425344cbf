//! The command line as typed. What it means is decided in `config` and the commands.

mod bench;
mod disclose;
mod issuers;
mod keys;
mod trust;
mod verify;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use bench::{Bench, BenchList, BenchSpeed, BenchSurvive, BenchUnmarked};
pub use disclose::{
    Disclose, DiscloseCheck, DiscloseExport, DiscloseInit, DiscloseLint, DiscloseRender, DiscloseSign, ExportFormat,
    Language,
};
pub use issuers::Issuers;
pub use keys::{Keys, KeysCheck, KeysImport, KeysList, KeysNew, KeysRenew, KeysRequest, NewAlgorithm};
pub use trust::{ListPurpose, Trust, TrustAdd, TrustListArgs, TrustUpdate};
pub use verify::{HelpLines, Isolation, Refuse, Require, Verify, VerifyOutputs, VerifyWorker};

pub use crate::key::KeyReference;
use crate::order::OrderArgs;
use crate::origin::OriginArgs;
use crate::profile::ProfileArgs;
use crate::timestamps::{RevocationArgs, TimestampArgs};

/// Stamps pictures made by AI with signed provenance, and says what is known about any picture.
#[derive(Debug, Parser)]
#[command(
    name = "touchmark",
    bin_name = "touchmark",
    version,
    propagate_version = true,
    max_term_width = 100
)]
#[command(after_help = "Examples:
  touchmark stamp picture.png -o stamped.png    sign a picture that your system made
  touchmark verify stamped.png                  say what is known about a picture
  touchmark explain TM0106                      what an error code means

No account, no upload: nothing leaves this machine unasked.")]
pub struct Cli {
    /// The folder for identities and trust lists, instead of the user's data folder.
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sign and label pictures at generation.
    Stamp(Stamp),
    /// Say what is known about a picture, and what is not.
    Verify(Verify),
    /// Say whom to turn to, by country: offline, from touchmark's own directory.
    HelpLines(HelpLines),
    /// Say whom the number in a watermark leads to, and the number of a domain: offline, from dated directories.
    Issuers(Issuers),
    /// Examine pictures for a run of `verify`, which starts this itself.
    #[command(hide = true)]
    VerifyWorker(VerifyWorker),
    /// Make, request, check, import, renew and list signing identities.
    #[command(subcommand)]
    Keys(Keys),
    /// List, add, update and remove trust lists.
    #[command(subcommand)]
    Trust(Trust),
    /// Say what is missing before anything is stamped.
    Doctor(Doctor),
    /// Measure what stamping and verifying cost, and what the watermark survives.
    #[command(subcommand)]
    Bench(Bench),
    /// Write, check, show and sign the statement about the AI system.
    #[command(subcommand)]
    Disclose(Disclose),
    /// Print what finds a picture again, or how far two pictures are apart.
    Fingerprint(Fingerprint),
    /// Explain an error code, or a rule of `verify`.
    Explain(Explain),
    /// Print a JSON Schema.
    Schema(Schema),
    /// Print a completion script for a shell.
    Completions(Completions),
    /// Show the configuration in force.
    #[command(subcommand)]
    Config(Config),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  touchmark stamp picture.png                          writes picture.stamped.png
  touchmark stamp picture.jpg -o out.jpg --disclosure system.toml
  touchmark stamp edited.png --parent photo.jpg        a picture that the system made from another
  touchmark stamp -r pictures -d stamped --resume batch.journal
  find . -name '*.png' -print0 | touchmark stamp --files-from - -0 --in-place --backup
  generate | touchmark stamp - -o - > stamped.webp     from a pipe to a pipe
  touchmark stamp *.png --certificates chain.pem --key 'cmd:./aws-kms.sh alias/stamping'
  touchmark stamp *.png --certificates chain.pem --key 'pkcs11:object=key?module-path=/lib/hsm.so'
  touchmark stamp picture.png --timestamp http://timestamp.example.com
                                                       with the time of the signature, by an authority

The first stamp on a machine makes a local identity; strangers will see \"signer unknown\".
With a watermark or a label the pixels change, else the picture's coded data stays as it is. On any failure nothing is
written for that picture; the others are stamped.
In folders and patterns, touchmark passes over hidden files, links, files that are no pictures by name and content, the
folder of -d, and what it wrote itself (NAME.stamped.EXT, NAME.EXT.bak), and says how many.

Exit codes: 0 done, or done before (--resume) · 1 touchmark could not do its work · 2 usage, nothing was written ·
3 several pictures, some not stamped · 30 not a picture · 42 already carries credentials · 43 self-check failed ·
70 a bug in touchmark.")]
pub struct Stamp {
    #[command(flatten)]
    pub inputs: StampInputs,
    #[command(flatten)]
    pub outputs: StampOutputs,
    /// The statement about the AI system: TOML, JSON, or as `disclose sign` signed it.
    #[arg(long, value_name = "FILE")]
    pub disclosure: Option<PathBuf>,
    #[command(flatten)]
    pub order: OrderArgs,
    #[command(flatten)]
    pub profile: ProfileArgs,
    #[command(flatten)]
    pub origin: OriginArgs,
    #[command(flatten)]
    pub signing: Signing,
    #[command(flatten)]
    pub timestamps: TimestampArgs,
    #[command(flatten)]
    pub revocation: RevocationArgs,
    #[command(flatten)]
    pub batch: StampBatch,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  touchmark doctor                                     who would sign, and what is wrong on this machine
  touchmark doctor --profile eu,china --disclosure system.toml

Exit codes: 0 nothing is missing · 1 something is, or this version of touchmark cannot add it.")]
pub struct Doctor {
    /// The statement about the AI system: TOML, JSON, or as `disclose sign` signed it.
    #[arg(long, value_name = "FILE")]
    pub disclosure: Option<PathBuf>,
    #[command(flatten)]
    pub order: OrderArgs,
    #[command(flatten)]
    pub profile: ProfileArgs,
    #[command(flatten)]
    pub signing: Signing,
    #[command(flatten)]
    pub timestamps: TimestampArgs,
    /// Answer as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  touchmark fingerprint *.jpg                          PDQ and ISCC of each picture
  touchmark fingerprint --distance one.jpg other.png   how far two pictures are apart, in bits

A fingerprint finds pictures that look alike. It proves nothing about who made one.

Exit codes: 0 done · 1 a file could not be read · 2 usage · 3 several pictures, some without a fingerprint ·
30 not a picture that touchmark decodes.")]
pub struct Fingerprint {
    /// The pictures.
    #[arg(required = true, value_name = "IMAGE")]
    pub images: Vec<PathBuf>,
    /// Measure how far the two pictures are apart.
    #[arg(long)]
    pub distance: bool,
    /// Answer as JSON, one object for each picture.
    #[arg(long)]
    pub json: bool,
}

/// What `stamp` reads.
#[derive(Debug, Args)]
pub struct StampInputs {
    /// The pictures, JPEG, PNG or WebP: files, patterns such as `*.png`, with -r folders; `-` is standard input. Pipes and
    /// devices one at a time.
    #[arg(required_unless_present = "files_from", value_name = "IMAGE|DIR")]
    pub images: Vec<PathBuf>,
    /// Stamp the pictures in folders, and in the folders inside.
    #[arg(short, long)]
    pub recursive: bool,
    /// Read names of further pictures from a file, one a line; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// The names of --files-from end with NUL, not with a line break.
    #[arg(short = '0', long, requires = "files_from")]
    pub null: bool,
}

/// Where `stamp` writes.
#[derive(Debug, Args)]
pub struct StampOutputs {
    /// Where to write the stamped picture; `-` is standard output. Default: NAME.stamped.EXT beside the input.
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["dir", "in_place"])]
    pub output: Option<PathBuf>,
    /// Write into this folder, under the same names. Pictures found in folders, by patterns and in lists keep the
    /// folders they were found in.
    #[arg(short, long, value_name = "DIR", conflicts_with = "in_place")]
    pub dir: Option<PathBuf>,
    /// Replace each picture by its stamped one.
    #[arg(long)]
    pub in_place: bool,
    /// Keep each replaced picture as NAME.EXT.bak; never replaces another backup.
    #[arg(long, requires = "in_place")]
    pub backup: bool,
    /// Replace an existing output file.
    #[arg(long)]
    pub force: bool,
    /// Do not wait for the disk to confirm the write.
    #[arg(long)]
    pub no_sync: bool,
}

/// What signs.
#[derive(Debug, Args)]
pub struct Signing {
    /// The identity that signs.
    #[arg(long, value_name = "NAME", conflicts_with = "key")]
    pub identity: Option<String>,
    /// The private key that signs: `file:PATH`, `env:NAME`, `cmd:PROGRAM ARGS`, `cmd+stream:PROGRAM ARGS`, or
    /// `pkcs11:token=LABEL;object=LABEL?module-path=LIBRARY`.
    // A key given in place of its reference begins with hyphens, and must not come back in a message.
    #[arg(long, value_name = "URI", allow_hyphen_values = true)]
    pub key: Option<KeyReference>,
    /// The certificate of that key and its issuers: PEM, DER or PKCS#7. A program of `cmd:` can be asked for them instead.
    #[arg(long, value_name = "FILE", conflicts_with = "identity")]
    pub certificates: Option<PathBuf>,
    /// The file that holds the key's passphrase; the variable TOUCHMARK_PASSPHRASE works too.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// How `stamp` works through many pictures, and what it says.
#[derive(Debug, Args)]
pub struct StampBatch {
    /// How many pictures are worked on, and in memory, at once. Default: one for each processor core; four with time-stamps,
    /// and 32 where the key is behind a program or in a token: those are waited for.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Do everything but write: say what would be written, and what would fail.
    #[arg(long)]
    pub dry_run: bool,
    /// Keep a journal in this file, and leave out what it says was done: for going on after an interruption.
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,
    /// Say what was done as JSON, one object for each picture, on standard output.
    #[arg(long)]
    pub json: bool,
    /// Say what was done as CSV (RFC 4180). A cell that a spreadsheet would take for a formula begins with an apostrophe.
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Show progress on standard error: `auto` is a bar, on a terminal; `plain` a line at each tenth; `off` nothing.
    #[arg(long, value_enum, value_name = "HOW", default_value_t = ProgressMode::Auto, hide_possible_values = true)]
    pub progress: ProgressMode,
}

/// How progress is shown: auto, plain or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressMode {
    /// A bar where standard error is a terminal, else nothing.
    Auto,
    /// A line at each tenth of the work.
    Plain,
    /// Nothing.
    Off,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  touchmark explain TM0106
  touchmark explain signer.expired     what `rules` in CSV and `reasons` in JSON name
  touchmark explain clash              all rules of a kind")]
pub struct Explain {
    /// The code, such as TM0106, or the rule. Without one, all are listed.
    #[arg(value_name = "CODE|RULE")]
    pub code: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  touchmark schema report > touchmark-report.schema.json")]
pub struct Schema {
    /// Which schema.
    #[arg(value_enum)]
    pub name: SchemaName,
}

/// The schemas that can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// The report of `verify --json`.
    Report,
    /// The statement about an AI system, as `disclose` reads it.
    Disclosure,
    /// What a provider publishes for whoever finds its watermark.
    Issuer,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  touchmark completions bash > ~/.local/share/bash-completion/completions/touchmark")]
pub struct Completions {
    /// The shell.
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Subcommand)]
#[command(after_help = "Example:
  touchmark config show")]
pub enum Config {
    /// Show each setting, its value, and where it comes from.
    #[command(after_help = "Example:
  touchmark config show --json

Order: defaults < user file < project file (touchmark.toml) < TOUCHMARK_* variables < options.
The project file may set disclosure and identity: a folder from elsewhere decides neither trust nor policy.")]
    Show(ConfigShow),
}

#[derive(Debug, Args)]
pub struct ConfigShow {
    /// One JSON object.
    #[arg(long)]
    pub json: bool,
}
