//! What of a disclosure other formats for AI systems have a place for.

mod cyclonedx;
mod spdx;

use serde_json::Value;
use sha2::{Digest, Sha256};
use time::Date;
use uuid::Uuid;

use super::{Day, Disclosure, Document, Words};
use crate::names::SYSTEM_NOT_STATED;

/// A format that a disclosure can be exported to, as far as the two overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Export {
    /// CycloneDX 1.6 JSON with a model card (ECMA-424).
    CycloneDx,
    /// SPDX 3.0.1 JSON-LD with the AI profile.
    Spdx,
}

impl Disclosure {
    /// The disclosure in another format, in its own language: always the same for the same document. `today` stands in
    /// for the day of issue where the document has none.
    pub fn export(&self, to: Export, today: Date) -> Value {
        let facts = Facts {
            document: self.document(),
            id: identifier(self),
            issued: self.document().document.issued.unwrap_or(Day(today)),
        };
        match to {
            Export::CycloneDx => cyclonedx::export(&facts),
            Export::Spdx => spdx::export(&facts),
        }
    }
}

/// What both formats are made from.
struct Facts<'a> {
    document: &'a Document,
    /// An identifier that belongs to this content.
    id: Uuid,
    issued: Day,
}

impl<'a> Facts<'a> {
    /// The name of the system, or that it has none.
    fn system_name(&self) -> &'a str {
        let system = self.document.system.as_ref();
        system.map_or(SYSTEM_NOT_STATED, |system| system.name.as_str())
    }

    /// A text in the document's own language.
    fn own(&self, words: &'a Words) -> &'a str {
        let own = self.document.language();
        match words.in_language(own, own) {
            Some((text, _)) => text,
            None => "",
        }
    }

    fn own_list(&self, list: &'a [Words]) -> Vec<&'a str> {
        list.iter().map(|words| self.own(words)).collect()
    }

    /// What the system is, in the document's own language.
    fn summary(&self) -> Option<&'a str> {
        let texts = self.document.texts.get(self.document.language())?;
        texts.summary.as_deref()
    }
}

/// A UUID of version 8 (RFC 9562, 5.8) from the SHA-256 of the content.
fn identifier(disclosure: &Disclosure) -> Uuid {
    let digest: [u8; 32] = Sha256::digest(disclosure.to_json()).into();
    let mut half = [0; 16];
    half.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    uuid::Builder::from_custom_bytes(half).into_uuid()
}

/// The day at midnight UTC, RFC 3339.
fn midnight(day: Day) -> String {
    format!("{day}T00:00:00Z")
}

/// Whether this is an SPDX licence expression (SPDX 3.0.1, annex "SPDX license expressions") and not a name: identifiers
/// between operators, in brackets or not. The list of identifiers is not at hand; nearly all of them have a hyphen.
fn is_licence_expression(licence: &str) -> bool {
    const WITHOUT_HYPHEN: [&str; 8] = [
        "0BSD",
        "Beerware",
        "ISC",
        "MIT",
        "NCSA",
        "PostgreSQL",
        "Unlicense",
        "Zlib",
    ];
    let is_id = |word: &str| {
        let id = word.trim_start_matches('(').trim_end_matches(')');
        let in_set = id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.+:".contains(&b));
        in_set && (WITHOUT_HYPHEN.contains(&id) || id.contains('-'))
    };
    let is_operator = |word: &str| matches!(word, "AND" | "OR" | "WITH");
    let words: Vec<&str> = licence.split(' ').collect();
    words.len() % 2 == 1
        && words.iter().enumerate().all(|(index, word)| match index % 2 {
            0 => is_id(word),
            _ => is_operator(word),
        })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::disclosure::tests::FILLED;

    const TODAY: Date = date!(2026 - 11 - 22);

    #[test]
    fn exports_are_repeatable_and_differ_with_the_content() {
        let one = Disclosure::from_toml(FILLED).unwrap();
        let other = Disclosure::from_toml(&FILLED.replace("3.1", "3.2")).unwrap();
        for format in [Export::CycloneDx, Export::Spdx] {
            assert_eq!(one.export(format, TODAY), one.export(format, TODAY));
            assert_ne!(one.export(format, TODAY), other.export(format, TODAY));
        }
        assert_eq!(
            Disclosure::unfilled().export(Export::CycloneDx, TODAY)["bomFormat"],
            "CycloneDX"
        );
    }

    #[test]
    fn licence_expressions_are_told_from_names() {
        for good in [
            "MIT",
            "Apache-2.0 OR MIT",
            "(MIT OR GPL-2.0+) AND ISC",
            "LicenseRef-example",
        ] {
            assert!(is_licence_expression(good), "{good}");
        }
        for bad in [
            "",
            "Proprietary",
            "our own licence",
            "MIT OR",
            "AND",
            "MIT  ISC",
            "«MIT»",
        ] {
            assert!(!is_licence_expression(bad), "{bad}");
        }
    }
}
