//! An issuer's domain and its number.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The longest name of a host, in characters, without the dot of the root (RFC 1035, 2.3.4).
const MAX_DOMAIN: usize = 253;
/// The longest label of one.
const MAX_LABEL: usize = 63;

/// The domain of an issuer, in the one form in which it counts: two labels or more of lower-case ASCII letters, digits and
/// hyphens, other scripts as `xn--`, without `www.` before it, and no IP address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Domain(Box<str>);

/// What is no [`Domain`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotADomain;

/// The issuer's number of a domain: the first 24 bits of the SHA-256 of its name in lower case, behind a prefix. Two
/// domains may share one; a directory then names both.
pub fn number(domain: &str) -> u32 {
    let digest = Sha256::new()
        .chain_update("touchmark issuer\0")
        .chain_update(domain.to_ascii_lowercase())
        .finalize();
    let [high, middle, low, ..]: [u8; 32] = digest.into();
    u32::from_be_bytes([0, high, middle, low])
}

/// The host of a contact, `mailto:` or `https:`, without `www.`.
pub(super) fn host(contact: &str) -> Option<&str> {
    let host = match contact.strip_prefix("mailto:") {
        Some(address) => address.split('?').next()?.rsplit('@').next()?,
        None => contact.strip_prefix("https://")?.split(['/', '?', '#', ':']).next()?,
    };
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

impl Domain {
    /// The domain that answers for whoever gives this contact, `mailto:` or `https:`, where it has one.
    pub fn of_contact(contact: &str) -> Option<Self> {
        Self::typed(host(contact)?).ok()
    }

    /// The domain as people type it: in any case, with or without `www.`.
    ///
    /// # Errors
    /// [`NotADomain`] for everything else that is not its one form, such as an address or a path.
    pub fn typed(text: &str) -> Result<Self, NotADomain> {
        let lower = text.to_ascii_lowercase();
        lower.strip_prefix("www.").unwrap_or(&lower).parse()
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its [`number`].
    pub fn number(&self) -> u32 {
        number(&self.0)
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Domain {
    type Err = NotADomain;

    fn from_str(text: &str) -> Result<Self, NotADomain> {
        let is_label = |label: &str| {
            (1..=MAX_LABEL).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        // A name that ends in a number is read as an IPv4 address (WHATWG URL, 3.5).
        let is_name = text
            .rsplit_once('.')
            .is_some_and(|(_, last)| !last.bytes().all(|byte| byte.is_ascii_digit()));
        let is_domain =
            text.len() <= MAX_DOMAIN && is_name && text.split('.').all(is_label) && !text.starts_with("www.");
        is_domain.then(|| Self(text.into())).ok_or(NotADomain)
    }
}

impl fmt::Display for NotADomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "is not a domain such as example.org: lower-case ASCII (xn-- for others), without www., scheme or path",
        )
    }
}

impl std::error::Error for NotADomain {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_has_one_form() {
        for good in [
            "example.org",
            "a.b",
            "xn--bcher-kva.example",
            "1and1.com",
            "a-b.c-d.example",
        ] {
            assert_eq!(good.parse::<Domain>().unwrap().as_str(), good);
        }
        let long = format!("{}.org", "a".repeat(64));
        let longer = format!("{}org", "a.".repeat(126));
        for bad in [
            "",
            "example",
            "Example.org",
            "example.org.",
            ".org",
            "a..b",
            "-a.org",
            "a-.org",
            "www.example.org",
            "example.org/x",
            "https://example.org",
            "example.org:443",
            "user@example.org",
            "bücher.example",
            "127.0.0.1",
            "[::1]",
            "example.org\u{202E}",
            "a b.org",
            "a_b.org",
            &long,
            &longer,
        ] {
            assert_eq!(bad.parse::<Domain>(), Err(NotADomain), "{bad}");
        }
        assert_eq!(Domain::typed("WWW.Example.ORG").unwrap().as_str(), "example.org");
        assert!(Domain::typed("example.org/").is_err());
    }

    #[test]
    fn a_contact_has_the_domain_that_stamps_count_with() {
        for contact in [
            "https://example.org/contact",
            "https://www.example.org:8443",
            "https://Example.org?x",
            "mailto:us@example.org?subject=x",
        ] {
            let domain = Domain::of_contact(contact).unwrap();
            assert_eq!(domain.as_str(), "example.org", "{contact}");
            assert_eq!(domain.number(), number(host(contact).unwrap()), "{contact}");
        }
        for contact in [
            "https://",
            "https://localhost/",
            "http://example.org",
            "mailto:",
            "https://10.0.0.1/",
        ] {
            assert_eq!(Domain::of_contact(contact), None, "{contact}");
        }
    }

    #[test]
    fn a_number_never_changes() {
        // Stamps that are out there carry it.
        assert_eq!(format!("{:06x}", number("example.org")), "e83f40");
        assert!(number("a.example") < 1 << 24);
    }
}
