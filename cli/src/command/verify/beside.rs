//! The file beside a picture that its manifest store may be in: found by its name, as C2PA's tools write it.

use std::fs;
use std::path::{Path, PathBuf};

use touchmark::Report;
use touchmark::evidence::Credentials;

use crate::files::is_dash;

/// A file beside a picture that its manifest store may be in.
pub struct Beside {
    path: PathBuf,
    /// Whether its name is of this picture alone: `a.jpg.c2pa`, where `a.c2pa` may be of `a.png`.
    is_named_for_it: bool,
}

impl Beside {
    /// Looks for it; as in folders, a link is none.
    pub fn find(picture: &Path) -> Option<Self> {
        let mut whole = picture.as_os_str().to_owned();
        whole.push(".c2pa");
        let is_file = |path: &Path| fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
        [(PathBuf::from(whole), true), (picture.with_extension("c2pa"), false)]
            .into_iter()
            .find(|(path, _)| !is_dash(picture) && path != picture && is_file(path))
            .map(|(path, is_named_for_it)| Self { path, is_named_for_it })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the record in it, by this report, is of the picture: nobody but its name said so.
    pub fn is_of(&self, report: &Report) -> bool {
        match report.verdict().credentials {
            Credentials::None | Credentials::Malformed => false,
            Credentials::Invalid => self.is_named_for_it,
            _ => true,
        }
    }
}
