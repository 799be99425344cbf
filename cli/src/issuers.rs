//! One's own directory of issuers as typed and as meant.

use std::path::{Path, PathBuf};

use clap::Args;
use touchmark::issuer::{Directory, MAX_DIRECTORY_BYTES};

use crate::config::{Config, Key};
use crate::failure::{Code, Failure};
use crate::files::{self, display_name};

/// One's own directory of issuers, as typed.
#[derive(Debug, Args)]
pub struct IssuersArgs {
    /// Your own directory of issuers (TOML), looked into beside touchmark's. `touchmark issuers --help` shows the form.
    #[arg(long, value_name = "FILE")]
    pub issuers: Option<PathBuf>,
}

impl IssuersArgs {
    /// The directory, where one is named here or in the configuration.
    pub fn directory(&self, config: &Config) -> Result<Option<Directory>, Failure> {
        let path = self.issuers.as_deref().or_else(|| config.path(Key::Issuers));
        path.map(read).transpose()
    }
}

fn read(path: &Path) -> Result<Directory, Failure> {
    let what = || format!("read {}", display_name(path));
    let text = files::read_text(path, MAX_DIRECTORY_BYTES as u64).map_err(|failure| match failure.code() {
        Code::OverLimit => failure.recast(Code::IssuersUnusable, what()),
        _ => failure,
    })?;
    Directory::parse(&text).map_err(|fault| Failure::new(Code::IssuersUnusable, what()).because(fault))
}
