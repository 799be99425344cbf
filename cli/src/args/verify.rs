//! `verify` and `help-lines` as typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use touchmark::Requirement;
use touchmark::help::Country;
use touchmark::report::Language;

use super::{ProgressMode, Signing};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  touchmark verify picture.jpg
  touchmark verify --require intact picture.jpg && echo signed and unchanged
  touchmark verify --json *.png
  touchmark verify --html report.html --lang de --country AT picture.jpg
  touchmark verify -r pictures --csv --resume batch.journal --summary summary.json >> results.csv
  touchmark verify picture.jpg --sign-report report.jws --identity desk
  touchmark verify picture.jpg --report report.jws     the report that somebody signed, held against the picture

Exit codes: 0 the policy is met · 1 touchmark could not do its work · 2 usage · 3 several files, some not met ·
10 nothing found · 11 only labels that anyone can write · 13 signer on no list · 14 certificate expired or revoked ·
15 partly protected · 20 changed or invalid, also of a signed report · 21 layers disagree · 22 manifest unreadable ·
30 not a picture · 70 a bug in touchmark.
Exit 0 speaks of the policy, never of the picture: a trusted camera and a trusted generator both exit 0.
Nothing found tells nothing about how a picture was made.

Several pictures are examined in processes of their own: one that takes more than 5 s of processor time or 512 MiB of
memory is given up with exit code 30, and the others are examined. Files made to exhaust their reader do, and intact ones
from some 230 MiB on, SVG from 150; --no-isolate takes files of up to 512 MiB. Where only the pixels are too much (256 MiB
to decode: more than some 80 megapixels, and in progressive JPEG, WebP and 16 bits a sample more than some 30), the rest
is told and they are \"over a limit\"; --no-isolate examines them.

Columns of --csv: file, policy_met, level, credentials, integrity, signer, ai, extent, signer_name, trust_list, signed_at,
provider, system, version, created, format, bytes, width, height, sha256, rules, labels, watermark, error_code,
error, near_duplicate_of, system_by. file is the name as it can be shown: what is not UTF-8 or not visible is replaced, so
that two files may have one name there, and sha256 tells them apart. The first line names them; with --resume it is left
out once it was written, and a file that could not be examined is tried again and has a line in each run. system_by says
who names the system: `signer`, who is on a list in force or this machine's own identity, or `claimed`, which nobody known
vouches for. trust_list names the list also of a signer whose certificate has expired, was revoked or is not yet valid.

Of several pictures, those are grouped that look alike: their PDQ fingerprints are at most 31 of 256 bits from that of the
group's first picture. near_duplicate_of names that one (with --redact-names by its number among the inputs), --summary
lists the groups. Likeness says nothing about where a picture comes from.")]
pub struct Verify {
    #[command(flatten)]
    pub inputs: VerifyInputs,
    #[command(flatten)]
    pub outputs: VerifyOutputs,
    /// What must hold for exit code 0.
    #[arg(long, value_enum, value_name = "POLICY")]
    pub require: Option<Require>,
    /// Count any statement of this as "policy not met".
    #[arg(long, value_enum, value_name = "WHAT")]
    pub refuse: Option<Refuse>,
    /// A further list of trusted signers for this run: PEM, DER or PKCS#7.
    #[arg(long, value_name = "FILE")]
    pub trust: Vec<PathBuf>,
    /// Leave out the official and the added lists.
    #[arg(long)]
    pub no_default_trust: bool,
    /// Judge certificates and lists as of this time, RFC 3339, so that a result can be repeated.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// The picture's manifest store in a file of its own (.c2pa), in place of one in the picture. Without it, one beside a
    /// picture that has none is read: `a.jpg.c2pa` or `a.c2pa` of `a.jpg`.
    #[arg(long, value_name = "FILE")]
    pub sidecar: Option<PathBuf>,
    /// Fetch a record that a picture says is kept elsewhere, and ask whoever has the number in its watermark. Each host is
    /// named before it is asked: it learns that somebody looks.
    #[arg(long)]
    pub online: bool,
    /// Ask addresses in private networks and on this machine too, there also without TLS.
    #[arg(long, requires = "online")]
    pub allow_private: bool,
    #[command(flatten)]
    pub isolation: Isolation,
    #[command(flatten)]
    pub watermark: crate::watermark::WatermarkKeyArgs,
    #[command(flatten)]
    pub issuers: crate::issuers::IssuersArgs,
    /// Leave the pixels alone: no watermark is looked for and no fingerprint taken. Much faster.
    #[arg(long)]
    pub no_pixels: bool,
    #[command(flatten)]
    pub presenting: Presenting,
    /// A report that somebody signed (--sign-report): check its signature, who signed, and whether it is about the picture.
    /// Then --require is about who signed: `trusted`, on a list in force; `intact` and `none`, whoever it was.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["html", "csv", "crjson", "summary", "resume", "sign_report", "sidecar", "online", "redact_names", "show_prompts", "show_unverified"])]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub signing: Signing,
}

/// What `verify` reads, and how it works through it.
#[derive(Debug, Args)]
pub struct VerifyInputs {
    /// The pictures: files, patterns such as `*.png`, with -r folders; `-` is standard input. Pipes and devices one at a time.
    #[arg(required_unless_present = "files_from", value_name = "IMAGE|DIR")]
    pub images: Vec<PathBuf>,
    /// Examine the pictures in folders, and in the folders inside.
    #[arg(short, long)]
    pub recursive: bool,
    /// Read names of further pictures from a file, one a line; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// The names of --files-from end with NUL, not with a line break.
    #[arg(short = '0', long, requires = "files_from")]
    pub null: bool,
    /// How many pictures are worked on, and in memory, at once. Default: one for each processor core.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Keep a journal in this file, and leave out what it says was examined: for going on after an interruption, with the same
    /// options, trust lists and keys. What a pipe took counts as told; where its reader goes away, the run ends with exit code 1.
    /// On Linux, in a file whose last line was torn off, the output goes on below it.
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,
    /// Show progress on standard error: `auto` is a bar, on a terminal; `plain` a line at each tenth; `off` nothing.
    #[arg(long, value_enum, value_name = "HOW", default_value_t = ProgressMode::Auto, hide_possible_values = true)]
    pub progress: ProgressMode,
}

/// In which process pictures are examined.
#[derive(Debug, Args)]
pub struct Isolation {
    /// Examine in processes of their own, each with 512 MiB of memory: a file that is made to exhaust its reader costs itself
    /// alone. What several pictures get without asking, and a PDF always does. Too little for intact files from some 230 MiB
    /// on (SVG from 150).
    #[arg(long, conflicts_with_all = ["html", "sign_report", "report"])]
    pub isolate: bool,
    /// Examine all pictures in this process, without those bounds.
    #[arg(long, conflicts_with = "isolate")]
    pub no_isolate: bool,
    /// The processor time that such a process may spend on one picture. Default: 5 seconds.
    #[arg(long, value_name = "SECONDS", conflicts_with = "no_isolate", value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub seconds: Option<u16>,
}

/// A process that examines pictures for another one.
#[derive(Debug, Args)]
pub struct VerifyWorker {
    /// When the run began, in nanoseconds since 1970.
    #[arg(long)]
    pub now: i128,
    /// The command line of the run.
    #[arg(last = true)]
    pub arguments: Vec<OsString>,
}

/// What `verify` writes.
#[derive(Debug, Args)]
pub struct VerifyOutputs {
    /// Print the report as JSON, one object a line, also for a file that cannot be examined.
    #[arg(long)]
    pub json: bool,
    /// Print a line of CSV (RFC 4180) a file. A cell that a spreadsheet would take for a formula begins with an apostrophe.
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Print what the C2PA library alone says of one picture, as crJSON: for the conformance program, not for judging.
    #[arg(long, conflicts_with_all = ["json", "csv", "html", "sign_report", "sidecar", "at", "redact_names"])]
    pub crjson: bool,
    /// Write the report on one picture as a page, without script and without anything loaded from elsewhere; `-` is
    /// standard output.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write the report on one picture, signed with the identity or key that is named (default: the default identity).
    #[arg(long, value_name = "FILE")]
    pub sign_report: Option<PathBuf>,
    /// Write what the run comes to, by level, statement of AI and system, and which pictures look alike, as one JSON object.
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// Replace existing files.
    #[arg(long)]
    pub force: bool,
}

/// How reports are put.
#[derive(Debug, Args)]
pub struct Presenting {
    /// The language of the report: en or de. Others are known (fr, es, pt, zh, ja, ar), and fall back to English. Default: that
    /// of the locale; English with --json, --csv and --sign-report.
    #[arg(long, value_name = "LANG", value_parser = language)]
    pub lang: Option<Language>,
    /// The country whose help lines come first, by its code of two letters. Default: that of the locale.
    #[arg(long, value_name = "COUNTRY")]
    pub country: Option<Country>,
    /// Show what a picture says of its provider though who signed is on no list in force. A forger can put an
    /// extortionist's address there.
    #[arg(long)]
    pub show_unverified: bool,
    /// Show the prompts that are found in labels. Without it they are counted.
    #[arg(long)]
    pub show_prompts: bool,
    /// Leave out names that may be those of people: of files, certificates, titles and providers. For reports that travel.
    #[arg(long)]
    pub redact_names: bool,
}

/// What `verify` requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Require {
    /// Signed, unchanged, the signer on a list in force (default).
    Trusted,
    /// Signed and unchanged, whoever signed.
    Intact,
    /// Trusted, and it says that AI made or edited it.
    AiStated,
    /// Any mark at all.
    Marked,
    /// Nothing: report only.
    None,
}

impl Require {
    /// Its word, as it is typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::Intact => "intact",
            Self::AiStated => "ai-stated",
            Self::Marked => "marked",
            Self::None => "none",
        }
    }
}

impl From<Require> for Requirement {
    fn from(word: Require) -> Self {
        match word {
            Require::Trusted => Self::Trusted,
            Require::Intact => Self::Intact,
            Require::AiStated => Self::AiStated,
            Require::Marked => Self::Marked,
            Require::None => Self::None,
        }
    }
}

/// What `verify` refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Refuse {
    /// Any statement or claim that AI made or edited the picture.
    Ai,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  touchmark help-lines                  for the country of the locale, and everywhere
  touchmark help-lines DE --lang de
  touchmark help-lines --all --json

Works offline. No number could be called to check it: each entry has its source, how it is known, and a date.")]
pub struct HelpLines {
    /// The country, by its code of two letters. Default: that of the locale.
    pub country: Option<Country>,
    /// List every entry.
    #[arg(long, conflicts_with = "country")]
    pub all: bool,
    /// The language: en or de. Default: that of the locale; English for JSON.
    #[arg(long, value_name = "LANG", value_parser = language)]
    pub lang: Option<Language>,
    /// One JSON object an entry, with its source.
    #[arg(long)]
    pub json: bool,
}

fn language(tag: &str) -> Result<Language, String> {
    Language::from_tag(tag).ok_or_else(|| {
        let known: Vec<_> = Language::ALL.into_iter().map(Language::tag).collect();
        format!("no such language is known; there are {}", known.join(", "))
    })
}
