//! Disclosures from files, in each of their three forms; which one it is, the content tells.

use std::path::Path;

use touchmark::Disclosure;
use touchmark_provenance::disclosure::{Document, MAX_DOCUMENT_BYTES, SignedDisclosure};
use touchmark_provenance::{DisclosureFault, Error};

use crate::failure::Failure;
use crate::files::{self, display_name};

/// A signed document is longer by its certificates, and base64.
const MAX_FILE_BYTES: u64 = 2 * MAX_DOCUMENT_BYTES as u64;

/// What a file with a disclosure holds.
pub enum Loaded {
    /// A document as somebody wrote it; its fields are not looked at yet.
    Document(Box<Document>),
    /// A signed document, whose signature holds and whose fields are good.
    Signed(Box<SignedDisclosure>),
}

/// Reads a disclosure that is good enough to stamp with. One that was read from its signed form knows its digest.
pub fn load(path: &Path) -> Result<Disclosure, Failure> {
    match read(path)? {
        Loaded::Document(document) => document.check().map_err(|error| failed(path, error)),
        Loaded::Signed(signed) => Ok(signed.into_disclosure()),
    }
}

/// Reads a disclosure without looking at its fields, where it is not signed.
pub fn read(path: &Path) -> Result<Loaded, Failure> {
    let text = files::read_text(path, MAX_FILE_BYTES)?;
    parse(&text).map_err(|error| failed(path, error))
}

/// A signed document is three words of base64url; JSON begins with a brace, and TOML never does.
fn parse(text: &str) -> Result<Loaded, Error> {
    if SignedDisclosure::is_signed_form(text) {
        return SignedDisclosure::parse(text).map(|signed| Loaded::Signed(Box::new(signed)));
    }
    let document = match text.trim_start().starts_with('{') {
        true => Document::from_json(text)?,
        false => Document::from_toml(text)?,
    };
    Ok(Loaded::Document(Box::new(document)))
}

fn failed(path: &Path, error: Error) -> Failure {
    let meant = match &error {
        Error::Disclosure {
            fault: DisclosureFault::Syntax(words),
            ..
        } => did_you_mean(words).map(str::to_owned),
        _ => None,
    };
    let failure = Failure::of_touchmark(format!("read {}", display_name(path)), &error.into());
    match meant {
        Some(meant) => failure.because(format_args!("did you mean {meant:?}?")),
        None => failure,
    }
}

/// The nearest of the names that the parser would have taken. It gives them in its words alone: "unknown field `a`,
/// expected one of `b`, `c`".
fn did_you_mean(words: &str) -> Option<&str> {
    let unknown = words.split("unknown ").nth(1)?;
    let mut names = unknown.split('`').skip(1).step_by(2);
    let typed = names.next()?;
    names.min_by_key(|name| strsim::damerau_levenshtein(typed, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        match parse(text) {
            Err(error) => failed(Path::new("a.toml"), error).to_string(),
            Ok(_) => panic!("read"),
        }
    }

    #[test]
    fn a_slip_is_answered_with_what_may_be_meant() {
        let head = "schema = \"touchmark-disclosure/1\"\n";
        for (slip, meant) in [
            ("[provider]\nname = \"a\"\ncontact = \"b\"\ncontry = \"DE\"", "country"),
            ("[remowal]", "removal"),
            (
                "[[safeguards]]\narea = \"intimate_imagry\"\nmeasure = \"a\"\nstatus = \"planned\"",
                "intimate_imagery",
            ),
            ("[removal]\nlaws = [\"take_it_dawn\"]", "take_it_down"),
        ] {
            let said = error(&format!("{head}{slip}"));
            assert!(said.contains(&format!("did you mean \"{meant}\"?")), "{said}");
        }
        let said = error("{\"schema\": \"touchmark-disclosure/1\", \"provder\": {}}");
        assert!(said.contains("did you mean \"provider\"?"), "{said}");
        assert!(!error("schema = ").contains("did you mean"));
    }

    #[test]
    fn the_content_tells_the_form() {
        assert!(matches!(
            parse("schema = \"touchmark-disclosure/1\""),
            Ok(Loaded::Document(_))
        ));
        assert!(matches!(
            parse("\n {\"schema\": \"touchmark-disclosure/1\"}"),
            Ok(Loaded::Document(_))
        ));
        assert!(error("eyJhIjoxfQ.e30.AA").contains("TM0404"));
    }
}
