//! What is said of one picture: for people, as JSON, as CSV, and what is written to files besides.

use std::path::PathBuf;

use serde::Serialize;
use time::OffsetDateTime;
use touchmark::evidence::SignerAxis;
use touchmark::report::{Generator, SCHEMA};
use touchmark::{Policy, Report, Signer};

use crate::args::{Verify, VerifyOutputs};
use crate::config::Config;
use crate::console::tell_user;
use crate::failure::{Code, Failure};
use crate::files::{check_writable, display_name, is_dash, write_text};
use crate::identities::signing;
use crate::table::csv_line;

/// The form of what goes to standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    Json,
    Csv,
    CrJson,
}

/// The columns of `--csv`, as `--help` lists them. Columns are only ever added, at the end.
const COLUMNS: [&str; 27] = [
    "file",
    "policy_met",
    "level",
    "credentials",
    "integrity",
    "signer",
    "ai",
    "extent",
    "signer_name",
    "trust_list",
    "signed_at",
    "provider",
    "system",
    "version",
    "created",
    "format",
    "bytes",
    "width",
    "height",
    "sha256",
    "rules",
    "labels",
    "watermark",
    "error_code",
    "error",
    "near_duplicate_of",
    "system_by",
];

/// The columns that are known of a picture alone; `near_duplicate_of`, the last but one, is known in its turn.
const OWN_COLUMNS: usize = COLUMNS.len() - 1;

impl Form {
    /// The form that was asked for.
    pub fn of(args: &VerifyOutputs) -> Self {
        match (args.json, args.csv, args.crjson) {
            (true, ..) => Self::Json,
            (_, true, _) => Self::Csv,
            (.., true) => Self::CrJson,
            _ => Self::Text,
        }
    }

    /// Its name in a journal.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::CrJson => "crjson",
        }
    }

    /// What comes before the first picture.
    pub fn head(self) -> Result<Option<String>, Failure> {
        match self {
            Self::Csv => csv_line(COLUMNS).map(Some),
            _ => Ok(None),
        }
    }

    /// What parts two pictures.
    pub fn between(self) -> &'static str {
        match self {
            Self::Text => "\n",
            _ => "",
        }
    }

    /// What is said of a picture that could not be examined, beside the failure on standard error. Without its name, the words
    /// are those of the code: what failed names the file, which may name a person.
    pub fn failed(self, name: Option<&str>, failure: &Failure) -> Option<String> {
        let code = failure.code();
        let says = match name {
            Some(_) => failure.says(),
            None => code.title().to_owned(),
        };
        match self {
            Self::Json => json(&FailedLine {
                schema: SCHEMA,
                file: FailedFile { name },
                error: Cause { code: code.id(), says },
                policy_met: false,
            })
            .ok(),
            Self::Csv => {
                let mut cells = vec![String::new(); OWN_COLUMNS];
                let cell = |column: &str| COLUMNS.iter().position(|name| *name == column);
                let values = [
                    ("file", name.unwrap_or_default().to_owned()),
                    ("policy_met", "false".to_owned()),
                    ("error_code", code.id().to_owned()),
                    ("error", says),
                ];
                for (column, value) in values {
                    if let Some(cell) = cell(column).and_then(|index| cells.get_mut(index)) {
                        *cell = value;
                    }
                }
                csv_line(cells).ok()
            }
            Self::Text | Self::CrJson => None,
        }
    }

    /// What was said of a picture, with the earlier one that it looks like. JSON stays as it is: it has the fingerprint.
    pub fn with_near_duplicate(self, text: &str, earlier: Option<String>) -> Result<String, Failure> {
        Ok(match self {
            // The last cell is a word or empty: its comma is the last one.
            Self::Csv => {
                let (before, last) = text.rsplit_once(',').unwrap_or((text, "\r\n"));
                let cell = csv_line([earlier.unwrap_or_default(), String::new()])?;
                format!("{before},{}{last}", cell.trim_end_matches("\r\n"))
            }
            _ => text.to_owned(),
        })
    }
}

/// A report in this form.
pub fn report(form: Form, report: &Report, policy: &Policy) -> Result<String, Failure> {
    let policy_met = report.meets(policy);
    match form {
        Form::Json => json(&ReportLine { report, policy_met }),
        Form::Csv => csv_line(cells(report, policy_met)),
        Form::Text | Form::CrJson => Ok(report.to_text()),
    }
}

/// In the order of [`COLUMNS`], without the one that is known later.
fn cells(report: &Report, policy_met: bool) -> [String; OWN_COLUMNS] {
    let (file, verdict, manifest) = (&report.file, &report.verdict, &report.layers.manifest);
    let signer = manifest.signer.as_ref();
    let generator = report.generator.as_ref();
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let mut signals: Vec<&str> = report.layers.metadata.labels.iter().map(|label| label.signal).collect();
    signals.dedup();
    let rules: Vec<&str> = verdict.reasons.iter().map(|reason| reason.rule).collect();
    [
        text(file.name.as_ref()),
        policy_met.to_string(),
        verdict.level.word().to_owned(),
        verdict.credentials.word().to_owned(),
        verdict.integrity.word().to_owned(),
        verdict.signer.word().to_owned(),
        verdict.ai.word().to_owned(),
        verdict.extent.word().to_owned(),
        text(signer.and_then(|signer| signer.organisation.as_ref().or(signer.common_name.as_ref()))),
        text(signer.and_then(|signer| signer.list.as_ref())),
        text(manifest.signed_at.as_ref().map(|stamp| &stamp.time)),
        text(generator.and_then(|generator| generator.provider.as_ref())),
        text(generator.and_then(|generator| generator.system.as_ref())),
        text(generator.and_then(|generator| generator.version.as_ref())),
        text(generator.and_then(|generator| generator.created.as_ref())),
        file.format.to_owned(),
        file.bytes.to_string(),
        number(file.width),
        number(file.height),
        file.sha256.clone(),
        rules.join(" "),
        signals.join(" "),
        text(report.layers.watermark.id.as_ref()),
        String::new(),
        String::new(),
        generator
            .map(|generator| system_by(generator, verdict.signer))
            .unwrap_or_default()
            .to_owned(),
    ]
}

/// Who says which system it was: a signer who is known, or a claim. With a key of one's own, or one that everybody has, anyone
/// can sign.
fn system_by(generator: &Generator, signer: SignerAxis) -> &'static str {
    match (&generator.system, generator.basis, signer) {
        (None, ..) => "",
        (_, "signed", SignerAxis::Trusted | SignerAxis::Local) => "signer",
        _ => "claimed",
    }
}

/// A report as a line of `--json`.
#[derive(Serialize)]
struct ReportLine<'a> {
    #[serde(flatten)]
    report: &'a Report,
    /// Whether this file met the policy of the run.
    policy_met: bool,
}

/// The line of a file that could not be examined.
#[derive(Serialize)]
struct FailedLine<'a> {
    schema: &'static str,
    file: FailedFile<'a>,
    error: Cause,
    /// What could not be examined meets no policy.
    policy_met: bool,
}

#[derive(Serialize)]
struct FailedFile<'a> {
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct Cause {
    code: &'static str,
    says: String,
}

/// One line of JSON, inert also where it is put into the script of a page: `<` is in strings alone.
pub fn json(line: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string(line)
        .map_err(|error| Failure::new(Code::Library, "write the report as JSON").because(error))?;
    Ok(inert_in_page(&text) + "\n")
}

/// JSON as it may stand in a page.
pub fn inert_in_page(json: &str) -> String {
    json.replace('<', "\\u003c")
}

/// What is written of the one picture besides: a page, a signed report.
pub struct Extras {
    html: Option<PathBuf>,
    signed: Option<(PathBuf, Signer)>,
    force: bool,
}

impl Extras {
    /// Opens what signs before anything is examined, and finds out whether all outputs can be written.
    pub fn prepare(args: &Verify, config: &Config, now: OffsetDateTime) -> Result<Self, Failure> {
        let both = [&args.outputs.html, &args.outputs.sign_report];
        for path in both.into_iter().chain([&args.outputs.summary]).flatten() {
            check_writable(path, args.outputs.force)?;
        }
        if both.into_iter().flatten().filter(|path| is_dash(path)).count() > 1 {
            let what = "write both a page and a signed report to standard output";
            return Err(Failure::new(Code::OneOutput, what).with_next("name a file for one of them".to_owned()));
        }
        let signed = match &args.outputs.sign_report {
            Some(path) => {
                let signer = signing::of_statement(&args.signing, config)?;
                signer
                    .check_dates(now)
                    .map_err(|error| Failure::of_signing("use the signing certificate".to_owned(), &error))?;
                Some((path.clone(), signer))
            }
            None => None,
        };
        Ok(Self {
            html: args.outputs.html.clone(),
            signed,
            force: args.outputs.force,
        })
    }

    /// Nothing besides.
    pub fn none() -> Self {
        Self {
            html: None,
            signed: None,
            force: false,
        }
    }

    /// Whether there is nothing besides.
    pub fn is_empty(&self) -> bool {
        self.html.is_none() && self.signed.is_none()
    }

    /// Whether standard output is for one of them.
    pub fn takes_stdout(&self) -> bool {
        let signed = self.signed.as_ref().map(|(path, _)| path);
        [self.html.as_ref(), signed]
            .into_iter()
            .flatten()
            .any(|path| is_dash(path))
    }

    /// Writes them.
    pub fn write(&self, report: &Report) -> Result<(), Failure> {
        if let Some(path) = &self.html {
            write_text(&report.to_html(), Some(path), self.force)?;
        }
        if let Some((path, signer)) = &self.signed {
            let signed = report
                .sign(signer)
                .map_err(|error| Failure::of_touchmark("sign the report".to_owned(), &error))?;
            write_text(&signed, Some(path), self.force)?;
            tell_user(format_args!(
                "{}: signed as {:?}",
                display_name(path),
                signer.subject().organisation.as_deref().unwrap_or_default()
            ));
        }
        Ok(())
    }
}
