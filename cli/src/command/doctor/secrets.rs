//! Who can read the files with keys, PINs and passphrases, as Unix tells it.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use touchmark::report::visible;

use super::machine::{Finding, KEYS, Outcome};
use crate::args::Signing;
use crate::config::Config;
use crate::failure::Failure;
use crate::identities::signing::{self, Chosen};
use crate::key;

/// Who can read the files of the identities, and those that are named for what signs. Where there is none, nothing is said.
pub fn keys(signing: &Signing, config: &Config) -> Option<Finding> {
    let folder = config.data_dir().ok()?.join("identities");
    let named: Vec<PathBuf> = named(signing, config)
        .into_iter()
        .filter(|file| file.is_file() && !file.starts_with(&folder))
        .collect();
    let mut open = match fs::read_dir(&folder) {
        Ok(_) => readable_by_others(&folder),
        Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_empty() => return None,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            return Some(Finding::bad(
                KEYS,
                Outcome::Fails,
                Failure::reading(&folder, &error).says(),
                "move away what is there; identities are kept in a folder of this name, which only you can read"
                    .to_owned(),
            ));
        }
    };
    open.extend(named.iter().filter(|file| is_open(file)).cloned());
    let names = |files: &[PathBuf]| {
        let names: Vec<String> = files.iter().map(|file| visible(&file.display().to_string())).collect();
        names.join(", ")
    };
    if !open.is_empty() {
        return Some(Finding::bad(
            KEYS,
            Outcome::Fails,
            format!("others on this machine can read {}", names(&open)),
            "`chmod 600` them; if somebody may have copied one, make a new identity and tell those who trust this one, \
             or change the PIN or passphrase"
                .to_owned(),
        ));
    }
    let folder = folder.exists().then(|| format!("those in {}", folder.display()));
    let seen: Vec<String> = folder
        .into_iter()
        .chain((!named.is_empty()).then(|| names(&named)))
        .collect();
    Some(Finding::good(
        KEYS,
        format!("only you can read {}", seen.join(", and ")),
    ))
}

/// The files with secrets that options and settings name: a key, a token's PIN, a passphrase.
fn named(signing: &Signing, config: &Config) -> Vec<PathBuf> {
    let key = match signing::chosen(signing, config) {
        Ok(Some(Chosen::Key { key, .. })) => key::secret_file(&key),
        // What does not fit together is said where it is opened.
        _ => None,
    };
    key.into_iter().chain(signing.passphrase_file.clone()).collect()
}

/// The files with private keys below a folder that anybody but their owner may read.
fn readable_by_others(folder: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(folder).max_depth(2).sort_by_file_name();
    let files = files.into_iter().flatten().filter(|entry| entry.file_type().is_file());
    files
        .map(walkdir::DirEntry::into_path)
        .filter(|path| is_open(path) && holds_a_key(path))
        .collect()
}

/// Whether anybody but its owner may read or write a file.
fn is_open(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

/// Certificates may be read by anybody; what cannot be told is taken for a key.
fn holds_a_key(path: &Path) -> bool {
    fs::read(path).map_or(true, |bytes| {
        let bytes = zeroize::Zeroizing::new(bytes);
        bytes.windows(11).any(|window| window == b"PRIVATE KEY")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_others_can_read_are_named_and_certificates_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let identity = folder.path().join("studio");
        fs::create_dir(&identity).unwrap();
        let put = |name: &str, text: &str, mode: u32| {
            fs::write(identity.join(name), text).unwrap();
            fs::set_permissions(identity.join(name), fs::Permissions::from_mode(mode)).unwrap();
        };
        put("signing.pem", "-----BEGIN PRIVATE KEY-----", 0o600);
        put("root-certificate.pem", "-----BEGIN CERTIFICATE-----", 0o644);
        assert!(readable_by_others(folder.path()).is_empty());
        put("root.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----", 0o640);
        assert_eq!(readable_by_others(folder.path()), [identity.join("root.pem")]);
    }
}
