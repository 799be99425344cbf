//! Lists as their publisher states them: the JSON form of ETSI TS 119 602 ("lists of trusted entities"), in which C2PA
//! publishes its lists with their dates. Only what trust rests on is read.
#![warn(clippy::indexing_slicing)]

use serde::Deserialize;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};

use super::list::{MAX_LIST_BYTES, MAX_LIST_CERTIFICATES};
use crate::error::{Result, TrustListFault};

/// The status of a service whose certificates count. Whatever else a publisher may state, they do not.
const TRUSTED: &str = "http://c2pa.org/conformance/trust-list/trusted";

/// A list as published: its name, its dates, and the certificates that its publisher vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedList {
    /// What its publisher calls it; untrusted text.
    pub name: String,
    /// The day of its publication.
    pub issued: Date,
    /// The day on which the next one is due.
    pub next_update: Option<Date>,
    /// The certificates, PEM, in the order of the list: read them with [`super::TrustList::from_pem`].
    pub pem: String,
    /// How many certificates stand in it under another status than "trusted".
    pub left_out: usize,
}

impl PublishedList {
    /// Reads a list from JSON (ETSI TS 119 602-1, annex; standards.md 1.10).
    ///
    /// # Errors
    /// [`TrustListFault::TooLarge`], [`TrustListFault::TooMany`]; [`TrustListFault::Form`] for what is no such list.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        if json.len() > MAX_LIST_BYTES {
            return Err(TrustListFault::TooLarge.into());
        }
        let document: Document = serde_json::from_slice(json).map_err(|_| TrustListFault::Form)?;
        let about = document.list.about;
        let name = about.names.into_iter().next().ok_or(TrustListFault::Form)?.value;
        let (mut pem, mut count, mut left_out) = (String::new(), 0, 0);
        let services = document.list.entities.into_iter().flat_map(|entity| entity.services);
        for service in services.map(|service| service.about) {
            let certificates = service.identity.certificates;
            count += certificates.len();
            if count > MAX_LIST_CERTIFICATES {
                return Err(TrustListFault::TooMany.into());
            }
            if service.status == TRUSTED {
                certificates.iter().for_each(|one| write_pem(&mut pem, &one.value));
            } else {
                left_out += certificates.len();
            }
        }
        Ok(Self {
            name,
            issued: day(&about.issued)?,
            next_update: about.next_update.as_deref().map(day).transpose()?,
            pem,
            left_out,
        })
    }

    /// Whether bytes look like JSON rather than PEM.
    pub fn is_json(bytes: &[u8]) -> bool {
        bytes.trim_ascii_start().starts_with(b"{")
    }
}

/// Writes base64 as a section of PEM (RFC 7468): whatever is wrong with it is found when the PEM is read.
fn write_pem(pem: &mut String, base64: &str) {
    pem.push_str("-----BEGIN CERTIFICATE-----\n");
    let characters: Vec<char> = base64
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='))
        .collect();
    for line in characters.chunks(64) {
        pem.extend(line);
        pem.push('\n');
    }
    pem.push_str("-----END CERTIFICATE-----\n");
}

fn day(text: &str) -> Result<Date> {
    let time = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| TrustListFault::Form)?;
    Ok(time.to_offset(time::UtcOffset::UTC).date())
}

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "LoTE")]
    list: List,
}

#[derive(Deserialize)]
struct List {
    #[serde(rename = "ListAndSchemeInformation")]
    about: About,
    #[serde(rename = "TrustedEntitiesList")]
    entities: Vec<Entity>,
}

#[derive(Deserialize)]
struct About {
    #[serde(rename = "SchemeName")]
    names: Vec<Text>,
    #[serde(rename = "ListIssueDateTime")]
    issued: String,
    #[serde(rename = "NextUpdate")]
    next_update: Option<String>,
}

#[derive(Deserialize)]
struct Text {
    value: String,
}

#[derive(Deserialize)]
struct Entity {
    #[serde(rename = "TrustedEntityServices")]
    services: Vec<Service>,
}

#[derive(Deserialize)]
struct Service {
    #[serde(rename = "ServiceInformation")]
    about: ServiceInformation,
}

#[derive(Deserialize)]
struct ServiceInformation {
    #[serde(rename = "ServiceDigitalIdentity")]
    identity: Identity,
    #[serde(rename = "ServiceStatus")]
    status: String,
}

#[derive(Deserialize)]
struct Identity {
    #[serde(rename = "X509Certificates")]
    certificates: Vec<Certificate>,
}

#[derive(Deserialize)]
struct Certificate {
    #[serde(rename = "val")]
    value: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;
    use crate::error::Error;
    use crate::trust::{Purpose, TrustList, TrustLists};

    /// C2PA's list in its JSON form, from the certificates that ship.
    fn json(status: &str, issued: &str) -> String {
        let lists = TrustLists::official();
        let services: Vec<_> = lists.lists()[0]
            .certificates()
            .iter()
            .enumerate()
            .map(|(index, certificate)| {
                let pem = certificate.to_pem();
                let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
                let status = if index == 0 { status } else { TRUSTED };
                format!(
                    r#"{{"ServiceInformation":{{"ServiceDigitalIdentity":{{"X509Certificates":[{{"val":"{base64}"}}]}},"ServiceStatus":"{status}"}}}}"#
                )
            })
            .collect();
        format!(
            r#"{{"LoTE":{{"ListAndSchemeInformation":{{"SchemeName":[{{"lang":"en","value":"C2PA Trust List"}}],"ListIssueDateTime":"{issued}","NextUpdate":"2028-01-31T00:00:00Z"}},"TrustedEntitiesList":[{{"TrustedEntityServices":[{}]}}]}}}}"#,
            services.join(",")
        )
    }

    #[test]
    fn a_published_list_gives_its_certificates_and_dates() {
        let published = PublishedList::from_json(json(TRUSTED, "2027-02-01T23:30:00-02:00").as_bytes()).unwrap();
        assert_eq!((&*published.name, published.left_out), ("C2PA Trust List", 0));
        assert_eq!(
            (published.issued, published.next_update),
            (date!(2027 - 02 - 02), Some(date!(2028 - 01 - 31)))
        );
        let read = TrustList::from_pem("x", Purpose::Signers, published.pem.as_bytes()).unwrap();
        assert_eq!(read.certificates(), TrustLists::official().lists()[0].certificates());
    }

    #[test]
    fn what_is_not_trusted_any_more_is_left_out() {
        let json = json(
            "http://c2pa.org/conformance/trust-list/withdrawn",
            "2027-02-01T00:00:00Z",
        );
        let published = PublishedList::from_json(json.as_bytes()).unwrap();
        assert_eq!(published.left_out, 1);
        let read = TrustList::from_pem("x", Purpose::Signers, published.pem.as_bytes()).unwrap();
        assert_eq!(read.len(), TrustLists::official().lists()[0].len() - 1);
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for text in ["", "{}", "[]", "{\"LoTE\":{}}", &json(TRUSTED, "yesterday")] {
            let refused = PublishedList::from_json(text.as_bytes()).unwrap_err();
            assert_eq!(refused, Error::TrustList(TrustListFault::Form), "{text:.40}");
        }
        let huge = vec![b' '; MAX_LIST_BYTES + 1];
        assert_eq!(
            PublishedList::from_json(&huge).unwrap_err(),
            Error::TrustList(TrustListFault::TooLarge)
        );
    }

    proptest! {
        #[test]
        fn no_certificate_text_breaks_out_of_its_section(text in "[-A-Za-z0-9+/=\n ]{0,200}") {
            let mut pem = String::new();
            write_pem(&mut pem, &text);
            prop_assert_eq!(pem.matches("-----").count(), 4);
        }
    }
}
