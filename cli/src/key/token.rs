//! `pkcs11:`: where the PIN of a token comes from. Never from the command line, which every program on the machine sees.

use std::env::{self, VarError};
use std::path::{Path, PathBuf};

use touchmark_signing::pkcs11::{Pin, TokenKey, TokenUri};
use zeroize::Zeroizing;

use super::PIN_VARIABLE;
use crate::failure::{Code, Failure};
use crate::identities::read_secret;

/// Opens the key that a reference names.
pub fn open(reference: &str) -> Result<TokenKey, Failure> {
    let failed = |error| Failure::of_signing("use the key in the token".to_owned(), &error);
    let uri = TokenUri::parse(reference).map_err(failed)?;
    let pin = pin(&uri)?;
    TokenKey::open(uri, pin).map_err(failed)
}

/// The file that a reference names for its PIN.
pub fn pin_file(reference: &str) -> Option<PathBuf> {
    let uri = TokenUri::parse(reference).ok()?;
    path_in(uri.pin_source()?).map(Path::to_owned)
}

/// The path in a `pin-source` (RFC 7512, section 2.4): a URI of scheme file, or a path alone; `|program` and other schemes
/// are not for us.
fn path_in(source: &str) -> Option<&Path> {
    let path = source.strip_prefix("file:").unwrap_or(source);
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(Path::new(path)).filter(|path| path.is_absolute())
}

/// The PIN: from where the reference says, else from the variable.
fn pin(uri: &TokenUri) -> Result<Option<Pin>, Failure> {
    let failed = |why: &str| Failure::new(Code::PinNeeded, "take the token's PIN").because(why);
    let mut text = match uri.pin_source().map(path_in) {
        Some(Some(path)) => read_secret(path)?,
        Some(None) => return Err(failed("pin-source is not file: and an absolute path")),
        None => match env::var(PIN_VARIABLE) {
            Ok(text) => Zeroizing::new(text),
            Err(VarError::NotPresent) => return Ok(None),
            Err(VarError::NotUnicode(_)) => return Err(failed("the variable is not UTF-8")),
        },
    };
    // Editors end the last line; a PIN has no line break of its own.
    let end = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(end);
    match text.is_empty() {
        true => Err(failed("it is empty")),
        false => Ok(Some(Pin::new(std::mem::take(&mut *text)))),
    }
}
