//! What identities may be called: names that are folders on every system.

use crate::failure::{Code, Failure};

/// The identity that commands mean when none is named.
pub const DEFAULT: &str = "default";

/// The identity that a first `stamp` makes.
pub const LOCAL: &str = "local";

/// The devices that Windows finds under every folder, whatever extension follows.
const WINDOWS_DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Names are file names on every system: letters, digits, `.`, `-` and `_`, beginning with a letter or digit, not ending
/// with a dot, and not those of Windows' devices.
pub fn check_name(name: &str) -> Result<(), Failure> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let good = name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(allowed)
        && !name.ends_with('.');
    match good {
        false => Err(Failure::new(Code::BadName, format!("use the name {name:?}"))),
        true if is_windows_device(name) => Err(Failure::new(Code::BadName, format!("use the name {name:?}"))
            .because("it is that of a device on Windows")
            .with_next("choose another --name".to_owned())),
        true => Ok(()),
    }
}

/// As [`check_name`], for an identity that is made or imported by hand: not the one that a first stamp makes.
pub fn check_own_name(name: &str) -> Result<(), Failure> {
    if name == LOCAL {
        return Err(Failure::new(Code::BadName, format!("use the name {name:?}"))
            .because("it is that of the identity that a first stamp makes"));
    }
    check_name(name)
}

fn is_windows_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |device: &str| {
        let number = stem.strip_prefix(device).map(str::as_bytes);
        matches!(number, Some([b'0'..=b'9']))
    };
    WINDOWS_DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folders_on_every_system() {
        for good in ["default", "studio-2", "a", "com", "com10", "console", "v1.2"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            ".hidden",
            "a/b",
            "..",
            "a.",
            "CON",
            "nul",
            "Com1",
            "lpt9.old",
            "aux.txt",
            "ä",
            &"a".repeat(65),
        ] {
            assert_eq!(check_name(bad).unwrap_err().code(), Code::BadName, "{bad}");
        }
        assert!(check_name(LOCAL).is_ok() && check_own_name(LOCAL).is_err());
    }
}
