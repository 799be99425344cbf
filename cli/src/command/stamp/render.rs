//! What a run says: a line for each picture, for people or for programs, and what it comes to at the end.

use serde::Serialize;
use time::format_description::well_known::Rfc3339;
use touchmark::report::visible;
use touchmark::{Format, Layer, PixelRecord, TimestampRecord};

use super::picture::{Done, Outcome, Stamping};
use crate::args::StampBatch;
use crate::console::{print, tell_user};
use crate::failure::{Code, Failure};
use crate::files::display_name;
use crate::inputs::PassedOver;
use crate::origin::ParentRow;
use crate::outputs::{Job, Output};
use crate::table::csv_line;

/// How many failures the end of a batch names again; the rest are counted.
const MAX_NAMED: usize = 20;

/// Tells what became of each picture.
#[derive(Debug)]
pub struct Renderer<'a> {
    form: Form,
    /// The organisation that signs, where its certificate names one.
    signer: Option<&'a str>,
    local_identity: bool,
    disclosure_filled: bool,
    origin: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Json,
    Csv,
}

/// What programs are told of a picture. Fields are only ever added.
#[derive(Debug, Serialize)]
struct Row<'a> {
    input: String,
    status: &'static str,
    #[serde(flatten)]
    stamp: Option<StampRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Cause>,
}

#[derive(Debug, Default, Serialize)]
struct StampRow<'a> {
    output: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    /// None in a dry run, whose manifests are nobody's.
    #[serde(skip_serializing_if = "Option::is_none")]
    manifest: Option<&'a str>,
    #[serde(flatten)]
    by: Option<SignerRow<'a>>,
}

#[derive(Debug, Serialize)]
struct SignerRow<'a> {
    layers: &'a [Layer],
    /// `created` or `edited`.
    origin: &'static str,
    /// What was found of the picture that was edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<ParentRow<'a>>,
    signer: Option<&'a str>,
    local_identity: bool,
    disclosure_filled: bool,
    bytes: u64,
    #[serde(flatten)]
    pixels: Option<PixelsRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<TimestampRow<'a>>,
    /// What its maker should know of it, as on standard error.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// What is in the pixels.
#[derive(Debug, Serialize)]
struct PixelsRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    watermark: Option<WatermarkRow>,
    fingerprint: FingerprintRow,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct WatermarkRow {
    /// 16 hexadecimal digits.
    id: String,
    /// `public`, which everybody has, or `own`.
    key: &'static str,
    /// Peak signal to noise ratio in dB.
    psnr: f64,
    /// Structural similarity, at most 1.
    ssim: f64,
}

#[derive(Debug, Serialize)]
struct FingerprintRow {
    /// 64 hexadecimal digits.
    pdq: String,
    /// 0 to 100.
    quality: u8,
    iscc: String,
}

#[derive(Debug, Serialize)]
struct TimestampRow<'a> {
    time: String,
    authority: &'a str,
    /// Whether the authority is on a list in force here.
    listed: bool,
}

#[derive(Debug, Serialize)]
struct Cause {
    code: &'static str,
    says: String,
}

/// The columns of `--csv`.
const COLUMNS: [&str; 11] = [
    "input",
    "status",
    "output",
    "format",
    "manifest",
    "signer",
    "local_identity",
    "disclosure_filled",
    "bytes",
    "error_code",
    "error",
];

impl<'a> Renderer<'a> {
    /// Begins to tell, in the form that was asked for.
    pub fn new(args: &StampBatch, stamping: &Stamping<'a>) -> Result<Self, Failure> {
        let form = match (args.json, args.csv) {
            (true, _) => Form::Json,
            (_, true) => Form::Csv,
            _ => Form::Text,
        };
        if form == Form::Csv {
            print(&csv_line(COLUMNS)?)?;
        }
        Ok(Self {
            form,
            signer: stamping.stamper.signer().subject().organisation.as_deref(),
            local_identity: stamping.stamper.signer().is_local(),
            disclosure_filled: stamping.order.disclosure.is_filled(),
            origin: stamping.origin.id(),
        })
    }

    /// Tells what became of a picture: on standard output; on standard error what went wrong, and everything where the
    /// picture takes the other.
    pub fn tell(&mut self, job: &Job, outcome: &Outcome) -> Result<(), Failure> {
        match outcome {
            Outcome::Failed(failure) => tell_user(failure),
            Outcome::Stamped(done) | Outcome::WouldStamp(done) => {
                done.notes.iter().for_each(tell_user);
            }
            Outcome::StampedBefore(_) => {}
        }
        let line = match self.form {
            Form::Text => match words(job, outcome) {
                Some(words) => words + "\n",
                None => return Ok(()),
            },
            Form::Json => {
                serde_json::to_string(&self.row(job, outcome))
                    .map_err(|error| Failure::new(Code::Library, "write JSON").because(error))?
                    + "\n"
            }
            Form::Csv => csv_line(self.row(job, outcome).cells())?,
        };
        match (&job.output, outcome) {
            (Output::Stdout, Outcome::WouldStamp(_)) => print(&line),
            (Output::Stdout, _) if self.form == Form::Text => Ok(()),
            (Output::Stdout, _) => {
                tell_user(line.trim_end());
                Ok(())
            }
            _ => print(&line),
        }
    }

    fn row<'b>(&'b self, job: &Job, outcome: &'b Outcome) -> Row<'b> {
        let stamp = |format: Option<Format>, manifest, by| {
            Some(StampRow {
                output: job.output.name(),
                format: format.map(Format::id),
                manifest,
                by,
            })
        };
        let (status, stamp, error) = match outcome {
            Outcome::Stamped(done) => {
                let stamp = stamp(
                    Some(done.record.format),
                    Some(done.record.manifest.as_str()),
                    self.by(done),
                );
                ("stamped", stamp, None)
            }
            Outcome::WouldStamp(done) => (
                "would_be_stamped",
                stamp(Some(done.record.format), None, self.by(done)),
                None,
            ),
            Outcome::StampedBefore(manifest) => ("stamped_before", stamp(None, Some(manifest.as_str()), None), None),
            Outcome::Failed(failure) => {
                let cause = Cause {
                    code: failure.code().id(),
                    says: failure.says(),
                };
                ("failed", None, Some(cause))
            }
        };
        Row {
            input: display_name(&job.input),
            status,
            stamp,
            error,
        }
    }

    fn by<'b>(&'b self, done: &'b Done) -> Option<SignerRow<'b>> {
        Some(SignerRow {
            layers: &done.record.layers,
            origin: self.origin,
            parent: done.parent.as_ref().map(ParentRow::of),
            signer: self.signer,
            local_identity: self.local_identity,
            disclosure_filled: self.disclosure_filled,
            bytes: done.record.bytes,
            pixels: done.record.pixels.as_ref().map(PixelsRow::of),
            timestamp: done.record.timestamp.as_ref().map(TimestampRow::of),
            notes: &done.notes,
        })
    }
}

impl<'a> PixelsRow<'a> {
    fn of(record: &'a PixelRecord) -> Self {
        let rounded = |number: f64, steps: f64| (number * steps).round() / steps;
        Self {
            watermark: record.watermark.map(|mark| WatermarkRow {
                id: mark.id.to_string(),
                key: if mark.public_key { "public" } else { "own" },
                psnr: rounded(mark.embedded.psnr, 100.0),
                ssim: rounded(mark.embedded.ssim, 10_000.0),
            }),
            fingerprint: FingerprintRow {
                pdq: record.fingerprint.pdq.to_string(),
                quality: record.fingerprint.quality,
                iscc: record.fingerprint.iscc.to_string(),
            },
            label: record.label.as_deref(),
        }
    }
}

impl<'a> TimestampRow<'a> {
    fn of(record: &'a TimestampRecord) -> Self {
        Self {
            time: record.time.format(&Rfc3339).unwrap_or_default(),
            authority: &record.authority,
            listed: record.listed,
        }
    }
}

impl Row<'_> {
    /// In the order of [`COLUMNS`].
    fn cells(self) -> [String; COLUMNS.len()] {
        let stamp = self.stamp.unwrap_or_default();
        let (signer, local, filled, bytes) = match stamp.by {
            Some(by) => (
                by.signer.unwrap_or_default().to_owned(),
                by.local_identity.to_string(),
                by.disclosure_filled.to_string(),
                by.bytes.to_string(),
            ),
            None => Default::default(),
        };
        let (code, says) = self.error.map(|cause| (cause.code, cause.says)).unwrap_or_default();
        [
            self.input,
            self.status.to_owned(),
            stamp.output,
            stamp.format.unwrap_or_default().to_owned(),
            stamp.manifest.unwrap_or_default().to_owned(),
            signer,
            local,
            filled,
            bytes,
            code.to_owned(),
            says,
        ]
    }
}

/// What people are told of a picture on standard output.
fn words(job: &Job, outcome: &Outcome) -> Option<String> {
    let (input, output) = (display_name(&job.input), job.output.name());
    let backup = match &job.output {
        Output::InPlace {
            backup: Some(backup), ..
        } => format!(", and kept as {}", display_name(backup)),
        _ => String::new(),
    };
    let in_place = matches!(job.output, Output::InPlace { .. });
    Some(match outcome {
        Outcome::Stamped(_) if in_place => format!("{input}: stamped in place{backup}"),
        Outcome::Stamped(_) => format!("{input}: stamped as {output}"),
        Outcome::WouldStamp(_) if in_place => format!("{input}: would be stamped in place{backup}"),
        Outcome::WouldStamp(_) => format!("{input}: would be stamped as {output}"),
        Outcome::StampedBefore(_) if in_place => format!("{input}: was stamped in place before"),
        Outcome::StampedBefore(_) => format!("{input}: was stamped before, as {output}"),
        Outcome::Failed(_) => return None,
    })
}

/// What a run comes to.
#[derive(Debug)]
pub struct Summary {
    pub total: usize,
    /// In a dry run, those that would be.
    pub stamped: usize,
    pub before: usize,
    pub failed: Vec<FailedPicture>,
    /// Whether any has a watermark.
    pub watermarked: bool,
    /// An authority whose time-stamps readers will call a claim.
    unlisted: Option<Box<str>>,
    passed_over: PassedOver,
    dry_run: bool,
}

/// A picture that was not stamped.
#[derive(Debug)]
pub struct FailedPicture {
    pub name: String,
    pub code: Code,
}

impl Summary {
    /// Nothing has been done yet.
    pub fn new(total: usize, passed_over: PassedOver, dry_run: bool) -> Self {
        Self {
            total,
            stamped: 0,
            before: 0,
            failed: Vec::new(),
            watermarked: false,
            unlisted: None,
            passed_over,
            dry_run,
        }
    }

    /// Counts a picture.
    pub fn count(&mut self, job: &Job, outcome: &Outcome) {
        match outcome {
            Outcome::Stamped(done) | Outcome::WouldStamp(done) => {
                self.stamped += 1;
                self.watermarked |= done
                    .record
                    .pixels
                    .as_ref()
                    .is_some_and(|pixels| pixels.watermark.is_some());
                let unlisted = done.record.timestamp.as_ref().filter(|timestamp| !timestamp.listed);
                self.unlisted = self.unlisted.take().or(unlisted.map(|one| one.authority.clone()));
            }
            Outcome::StampedBefore(_) => self.before += 1,
            Outcome::Failed(failure) => self.failed.push(FailedPicture {
                name: display_name(&job.input),
                code: failure.code(),
            }),
        }
    }

    /// Says it on standard error; of one picture all has been said.
    pub fn tell(&self) {
        if let Some(authority) = &self.unlisted {
            tell_user(format_args!(
                "warning: the authority {} is on no list of time-stamp authorities in force here: where that is so, readers \
                 call its time a claim, and the stamp expires with its certificate",
                visible(authority)
            ));
        }
        let passed_over = self.passed_over.words();
        if self.total == 1 && passed_over.is_none() {
            return;
        }
        let verb = if self.dry_run { "would be" } else { "were" };
        let mut line = format!("{} of {} pictures {verb} stamped", self.stamped, self.total);
        if self.before > 0 {
            line += &format!(", {} had been before", self.before);
        }
        if let Some(passed_over) = passed_over {
            line += &format!("; passed over: {passed_over}");
        }
        tell_user(line);
        if self.failed.is_empty() || self.total == 1 {
            return;
        }
        tell_user(format_args!("not stamped: {}", self.failed.len()));
        for FailedPicture { name, code } in self.failed.iter().take(MAX_NAMED) {
            tell_user(format_args!("  {name}: {}, {}", code.id(), code.title()));
        }
        if let Some(more) = self.failed.len().checked_sub(MAX_NAMED).filter(|more| *more > 0) {
            tell_user(format_args!("  and {more} more; each is named above"));
        }
    }
}
