//! References to private keys, as typed: `file:`, `env:`, `cmd:`, `cmd+stream:` and `pkcs11:`. What stands in the place of a
//! reference may be the key itself, so that nothing of one is shown but what its form allows.

use std::fmt;
use std::path::Path;

use touchmark_signing::pkcs11::TokenUri;

use crate::failure::{Code, Failure};

/// Where a private key is. `Debug` shows nothing of it; [`KeyReference::shown`] what is fit for people.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyReference(String);

/// What a reference means.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// A PEM file.
    File(&'a Path),
    /// A variable of the environment that holds a PEM text.
    Variable(&'a str),
    /// A program that signs one message, with its arguments.
    Program(&'a str),
    /// A program that signs one message after the other, with its arguments.
    Stream(&'a str),
    /// A key in a token (RFC 7512); the whole reference.
    Token(&'a str),
}

impl KeyReference {
    /// What it means, where its scheme is known.
    pub fn source(&self) -> Option<Source<'_>> {
        let (scheme, rest) = self.0.split_once(':')?;
        match scheme {
            "file" => Some(Source::File(Path::new(rest))),
            "env" => Some(Source::Variable(rest)),
            "cmd" => Some(Source::Program(rest)),
            "cmd+stream" => Some(Source::Stream(rest)),
            "pkcs11" => Some(Source::Token(&self.0)),
            _ => None,
        }
    }

    /// The reference as typed, to be stored. Not for people to see.
    pub fn as_typed(&self) -> &str {
        &self.0
    }

    /// The same, with a file or a program's path meant from this folder. A program's name alone is looked for by the system.
    pub fn within(self, folder: &Path) -> Self {
        let settled = match self.source() {
            Some(Source::File(path)) => folder.join(path).to_str().map(|path| format!("file:{path}")),
            Some(Source::Program(line)) => program_within(line, folder).map(|line| format!("cmd:{line}")),
            Some(Source::Stream(line)) => program_within(line, folder).map(|line| format!("cmd+stream:{line}")),
            Some(Source::Variable(_) | Source::Token(_)) | None => None,
        };
        settled.map_or(self, Self)
    }

    /// Whether it is a program with arguments, any of which may be secret.
    pub fn has_arguments(&self) -> bool {
        match self.source() {
            Some(Source::Program(line) | Source::Stream(line)) => {
                shell_words::split(line).is_ok_and(|words| words.len() > 1)
            }
            _ => false,
        }
    }

    /// The same, where it may be kept in a file: it means something, and holds no PIN.
    pub fn storable(&self) -> Result<Self, Failure> {
        let what = "keep the key's reference";
        match self.source() {
            Some(Source::Token(uri)) => {
                TokenUri::parse(uri).map_err(|error| Failure::of_signing(what.to_owned(), &error))?;
                Ok(self.clone())
            }
            Some(_) if !looks_secret(&self.0) => Ok(self.clone()),
            _ => Err(Failure::new(Code::KeyReference, what)),
        }
    }

    /// What is fit to be shown: arguments of a program, for one, may hold a token.
    pub fn shown(&self) -> String {
        match self.source() {
            Some(Source::File(path)) if !looks_secret(&self.0) => format!("file:{}", path.display()),
            Some(Source::Variable(name)) if is_variable(name) => self.0.clone(),
            Some(Source::Program(line)) => format!("cmd:{}", program(line)),
            Some(Source::Stream(line)) => format!("cmd+stream:{}", program(line)),
            Some(Source::Token(uri)) if TokenUri::parse(uri).is_ok() => self.0.clone(),
            Some(Source::Token(_)) => "pkcs11:(not shown)".to_owned(),
            _ => "(not shown)".to_owned(),
        }
    }
}

impl From<String> for KeyReference {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for KeyReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyReference").finish_non_exhaustive()
    }
}

/// Whether it is certain to be a variable's name: capital letters, digits and underscores. A key in Base64 is not.
fn is_variable(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    (1..=64).contains(&name.len()) && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(allowed)
}

/// The first word of a command line, and that there is more.
fn program(line: &str) -> String {
    match shell_words::split(line).as_deref() {
        Ok([program]) if !looks_secret(program) => program.clone(),
        Ok([program, ..]) if !looks_secret(program) => format!("{program} .."),
        _ => "(not shown)".to_owned(),
    }
}

/// The line with its program as a whole path, where it is one relative to this folder.
fn program_within(line: &str, folder: &Path) -> Option<String> {
    let mut words = shell_words::split(line).ok()?;
    let program = words.first_mut().filter(|program| program.contains('/'))?;
    let path = Path::new(program.as_str());
    if path.is_absolute() {
        return None;
    }
    *program = folder.join(path.strip_prefix(".").unwrap_or(path)).to_str()?.to_owned();
    Some(shell_words::join(words))
}

/// PEM in the place of a path or program.
fn looks_secret(text: &str) -> bool {
    text.contains("-----") || text.contains('\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        KeyReference::from(text.to_owned()).shown()
    }

    #[test]
    fn what_may_be_secret_is_not_shown() {
        let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIHN1cGVy\n-----END PRIVATE KEY-----\n";
        let secret = "MC4CAQAwBQYDK2VwBCIEIHN1cGVy";
        for scheme in ["", "file:", "env:", "cmd:", "cmd+stream:", "pkcs11:", "other:"] {
            assert!(!shown(&format!("{scheme}{pem}")).contains(secret), "{scheme}");
        }
        assert!(!shown(secret).contains(secret) && !shown(&format!("env:{secret}")).contains(secret));
        assert!(!shown("cmd:sign --token s3cret").contains("s3cret"));
        assert!(!shown("pkcs11:token=a?module-path=/m.so&pin-value=1234").contains("1234"));
        let debug = format!("{:?}", KeyReference::from(pem.to_owned()));
        assert!(!debug.contains(secret), "{debug}");
    }

    #[test]
    fn what_is_not_secret_is() {
        for text in [
            "file:/keys/a.pem",
            "env:STAMPING_KEY",
            "cmd:sign",
            "pkcs11:object=a?module-path=/m.so",
        ] {
            assert_eq!(shown(text), text);
        }
        assert_eq!(shown("cmd+stream:'my signer' --profile x"), "cmd+stream:my signer ..");
    }

    #[test]
    fn a_file_is_meant_from_its_folder() {
        let within = |text: &str| KeyReference::from(text.to_owned()).within(Path::new("/etc/touchmark"));
        assert_eq!(within("file:key.pem").as_typed(), "file:/etc/touchmark/key.pem");
        assert_eq!(within("file:/keys/key.pem").as_typed(), "file:/keys/key.pem");
        assert_eq!(within("cmd:sign").as_typed(), "cmd:sign");
        assert_eq!(
            within("cmd:./sign.sh --note 'two words'").as_typed(),
            "cmd:/etc/touchmark/sign.sh --note 'two words'"
        );
        assert_eq!(
            within("cmd+stream:bin/sign").as_typed(),
            "cmd+stream:/etc/touchmark/bin/sign"
        );
        for unchanged in [
            "cmd:/bin/sign  a",
            "cmd:sign ./a",
            "env:A",
            "pkcs11:object=./a",
            "cmd:'open",
        ] {
            assert_eq!(within(unchanged).as_typed(), unchanged);
        }
    }

    #[test]
    fn arguments_are_seen() {
        let has = |text: &str| KeyReference::from(text.to_owned()).has_arguments();
        assert!(has("cmd:sign a") && has("cmd+stream:'my signer' --x"));
        assert!(!has("cmd:sign") && !has("cmd+stream:'my signer'") && !has("file:a b"));
    }
}
