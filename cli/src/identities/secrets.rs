//! Files and variables with secrets in them: read into memory that is wiped, under limits.

use std::env::VarError;
use std::path::Path;

use touchmark_signing::Passphrase;
use zeroize::Zeroizing;

use crate::failure::{Code, Failure};
use crate::files;

/// The variable that holds a passphrase where no file is named.
pub const PASSPHRASE_VARIABLE: &str = "TOUCHMARK_PASSPHRASE";

/// Keys and certificates take a few kilobytes.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// The passphrase from its file, or from the environment.
pub fn passphrase(file: Option<&Path>) -> Result<Option<Passphrase>, Failure> {
    let what = || match file {
        Some(path) => format!("take the passphrase from {}", path.display()),
        None => format!("take the passphrase from {PASSPHRASE_VARIABLE}"),
    };
    let text = match file {
        Some(path) => {
            let mut text = read_secret(path)?;
            // Editors end the last line; a passphrase has no line break of its own.
            let end = text.trim_end_matches(['\r', '\n']).len();
            text.truncate(end);
            text
        }
        None => match std::env::var(PASSPHRASE_VARIABLE) {
            Ok(text) => Zeroizing::new(text),
            Err(VarError::NotPresent) => return Ok(None),
            // Passed over, the keys would be written without the protection that was asked for.
            Err(VarError::NotUnicode(_)) => {
                return Err(Failure::new(Code::PassphraseUnusable, what()).because("it is not UTF-8"));
            }
        },
    };
    Passphrase::new(std::mem::take(&mut *{ text }))
        .map(Some)
        .map_err(|error| Failure::of_signing(what(), &error))
}

/// Reads a file with a secret in it; the bytes are wiped when dropped.
pub fn read_secret(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let text = files::read_text(path, MAX_FILE_BYTES).map(Zeroizing::new);
    text.map_err(|failure| match failure.code() {
        // That code is about pictures.
        Code::OverLimit => failure.recast(Code::KeyUnusable, format!("read {}", path.display())),
        _ => failure,
    })
}
