//! `disclose`: the statement about the AI system, from an empty form to a signed page.

mod check;
mod lint;
mod sign;

use time::OffsetDateTime;
use touchmark_provenance::disclosure::{Export, PageLanguage, template};

use crate::args::{Disclose, DiscloseExport, DiscloseInit, DiscloseRender, ExportFormat, Language};
use crate::config::Config;
use crate::console::print;
use crate::disclosures;
use crate::exit;
use crate::failure::Failure;
use crate::files::{self, display_name, is_dash};

pub fn run(args: &Disclose, config: &Config) -> Result<u8, Failure> {
    match args {
        Disclose::Init(args) => init(args),
        Disclose::Lint(args) => lint::run(args),
        Disclose::Render(args) => render(args),
        Disclose::Sign(args) => sign::run(args, config),
        Disclose::Export(args) => export(args),
        Disclose::Check(args) => check::run(args, config),
    }
}

fn init(args: &DiscloseInit) -> Result<u8, Failure> {
    let text = template(OffsetDateTime::now_utc().date());
    files::write_text(&text, Some(&args.file), args.force)?;
    if !is_dash(&args.file) {
        let name = display_name(&args.file);
        print(&format!(
            "Wrote {name}. Fill it in; `touchmark disclose lint {name}` says what is missing.\n"
        ))?;
    }
    Ok(exit::DONE)
}

fn render(args: &DiscloseRender) -> Result<u8, Failure> {
    let disclosure = disclosures::load(&args.file)?;
    let language = match args.lang {
        Some(Language::En) => PageLanguage::English,
        Some(Language::De) => PageLanguage::German,
        None => PageLanguage::from_tag(disclosure.language()).unwrap_or(PageLanguage::English),
    };
    files::write_text(&disclosure.page(language), args.output.as_deref(), args.force)?;
    Ok(exit::DONE)
}

fn export(args: &DiscloseExport) -> Result<u8, Failure> {
    let format = match args.to {
        ExportFormat::Cyclonedx => Export::CycloneDx,
        ExportFormat::Spdx => Export::Spdx,
    };
    let exported = disclosures::load(&args.file)?.export(format, OffsetDateTime::now_utc().date());
    files::write_text(&format!("{exported:#}\n"), args.output.as_deref(), args.force)?;
    Ok(exit::DONE)
}
