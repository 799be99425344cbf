//! `verify --report`: a report that somebody signed, held against a picture.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;
use touchmark::report::{Language, MAX_SIGNED_REPORT_BYTES, ReportCheck, SignedReport, SignedReportFault};
use touchmark::{Limits, Policy, Requirement, TrustLists};
use touchmark_signing::trust::Standing;

use super::picture::Judging;
use super::render::json;
use crate::console::print;
use crate::exit;
use crate::failure::{Code, Failure};
use crate::files::{self, display_name};
use crate::inputs::Input;

/// What a report is checked under.
pub struct Checking<'a> {
    pub report: &'a Path,
    pub lists: &'a TrustLists,
    pub judging: Judging,
    pub language: Language,
    pub json: bool,
}

/// What `--json` says of a check. Fields are only ever added.
#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    report_file: String,
    file: String,
    /// The signature holds: otherwise there is no such line.
    signature: &'static str,
    same_picture: bool,
    signer: &'static str,
    signer_name: Option<String>,
    policy_met: bool,
    /// When the picture was examined, and as of when it was judged, as whoever signed says.
    examined_at: String,
    as_of: String,
    /// What was signed, in the words of whoever signed it.
    report: &'a Value,
}

/// Checks a signed report. A signature that does not hold, and a report about another picture, are failures: neither
/// says anything about the picture.
pub fn check(checking: &Checking<'_>, input: &Input) -> Result<u8, Failure> {
    refuse_policy_of_picture(checking.judging.policy)?;
    let text = files::read_text(checking.report, MAX_SIGNED_REPORT_BYTES as u64)?;
    let name = display_name(checking.report);
    let report = SignedReport::parse(&text).map_err(|fault| {
        let code = match fault {
            SignedReportFault::NewerVersion => Code::ReportOfNewer,
            _ => Code::NotASignedReport,
        };
        Failure::new(code, format!("use {name}")).because(fault)
    })?;
    if let Some(fault) = &input.fault {
        return Err(fault.clone());
    }
    let bytes = files::read(&input.path, Limits::default().max_bytes)?;
    let checked = report.check(&bytes, checking.lists, checking.judging.at);
    let (signer, code) = standing(checked.signer().standing());
    let met = code == exit::DONE || checking.judging.policy.require != Requirement::Trusted;
    match checking.json {
        true => print(&json(&Line {
            schema: "touchmark-report-check/1",
            report_file: name.clone(),
            file: display_name(&input.path),
            signature: "holds",
            same_picture: checked.is_same_picture(),
            signer,
            signer_name: checked.signer_name(),
            policy_met: met && checked.is_same_picture(),
            examined_at: report.examined_at(),
            as_of: report.as_of(),
            report: report.report(),
        })?)?,
        false => print(&told(&checked, &name, checking.language))?,
    }
    if !checked.is_same_picture() {
        let what = format!("use {name} for {}", display_name(&input.path));
        return Err(Failure::new(Code::ReportOfAnother, what));
    }
    Ok(if met { exit::DONE } else { code })
}

/// What is checked is who signed the report. What it says of the picture is their word, and meets no policy of ours.
fn refuse_policy_of_picture(policy: Policy) -> Result<(), Failure> {
    let is_of_signer = matches!(
        policy.require,
        Requirement::Trusted | Requirement::Intact | Requirement::None
    );
    match is_of_signer && !policy.refuse_ai {
        true => Ok(()),
        false => Err(Failure::new(
            Code::ReportPolicy,
            "hold a signed report against this policy",
        )),
    }
}

fn told(checked: &ReportCheck<'_>, name: &str, language: Language) -> String {
    let lines = checked.lines(language);
    lines
        .iter()
        .fold(format!("{name}:\n"), |text, line| text + "  " + line + "\n")
}

/// A signer's standing in a word, and the exit code where a listed signer is required.
fn standing(standing: &Standing) -> (&'static str, u8) {
    match standing {
        Standing::Trusted(_) => ("trusted", exit::DONE),
        Standing::Legacy(_) => ("legacy", exit::SIGNER_NOT_LISTED),
        Standing::Local => ("local", exit::SIGNER_NOT_LISTED),
        Standing::TestKey(_) => ("test_key", exit::SIGNER_NOT_LISTED),
        Standing::Unknown | Standing::NotYetValid(_) => ("unknown", exit::SIGNER_NOT_LISTED),
        Standing::Expired(_) => ("expired", exit::EXPIRED_OR_REVOKED),
        Standing::Revoked(_) => ("revoked", exit::EXPIRED_OR_REVOKED),
        Standing::Invalid(_) => ("invalid", exit::BROKEN),
    }
}
