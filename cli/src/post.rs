//! Questions to servers that the user named or whose certificate the user signs with: one `POST`, under limits of bytes
//! and time, without redirects, cookies, credentials or proxy.
//!
//! `http` is allowed: what comes back is signed, and checked before it is used. So are private addresses: an authority of
//! a company's own network is as good as any. Addresses that others wrote go through `fetch` instead.

use std::io::Read;
use std::time::Duration;

use touchmark_signing::timestamp::NoAnswer;
use ureq::Agent;
use ureq::http::Uri;

use crate::fetch::{self, words};

/// How long one request may take, from name to last byte.
const MAX_TIME: Duration = Duration::from_secs(10);
/// How long a connection may take.
const MAX_CONNECT_TIME: Duration = Duration::from_secs(5);
/// Connections that are kept: a batch asks one authority for every picture, several at once.
const MAX_IDLE: usize = 10;

/// Asks servers. Share it between threads.
#[derive(Debug, Clone)]
pub struct Poster {
    agent: Agent,
}

/// A question.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// An `http` or `https` address that [`host`] found fit to be asked.
    pub address: &'a str,
    /// The media type of the body.
    pub media_type: &'static str,
    pub body: &'a [u8],
    /// The most bytes of an answer.
    pub max_bytes: usize,
}

/// Why there is no answer, and whether to ask again makes sense.
#[derive(Debug)]
pub struct Unanswered {
    pub why: NoAnswer,
    pub passing: bool,
}

impl Poster {
    pub fn new() -> Self {
        Self {
            agent: Agent::new_with_config(fetch::config(MAX_TIME, MAX_CONNECT_TIME, MAX_IDLE)),
        }
    }

    /// Asks, and gives the body of an answer with HTTP status 200.
    pub fn ask(&self, question: Question<'_>) -> Result<Vec<u8>, Unanswered> {
        let passing = |why: &str| Unanswered {
            why: NoAnswer::new(why),
            passing: true,
        };
        let mut response = self
            .agent
            .post(question.address)
            .header("content-type", question.media_type)
            .send(question.body)
            .map_err(|error| Unanswered {
                why: NoAnswer::new(&words(&error)),
                // Whoever let the whole time pass would do so again, and a batch would wait for each.
                passing: !matches!(error, ureq::Error::Timeout(_)),
            })?;
        let status = response.status();
        if status.as_u16() != 200 {
            let why = match status.is_redirection() {
                true => "it redirects to another address; name that one".to_owned(),
                false => format!("HTTP status {}", status.as_u16()),
            };
            return Err(Unanswered {
                why: NoAnswer::new(&why),
                // RFC 9110, 15.5.9 and 15.6; RFC 6585, 4.
                passing: status.is_server_error() || matches!(status.as_u16(), 408 | 429),
            });
        }
        let mut body = Vec::new();
        // One byte more tells that there is more; whoever reads it refuses what is too large.
        let most = u64::try_from(question.max_bytes).unwrap_or(u64::MAX).saturating_add(1);
        let read = response.body_mut().as_reader().take(most).read_to_end(&mut body);
        read.map_err(|error| passing(&format!("the answer broke off: {error}")))?;
        Ok(body)
    }
}

/// The host of an address that may be asked: `http` or `https`, without credentials.
pub fn host(address: &str) -> Result<String, &'static str> {
    let uri: Uri = address.parse().map_err(|_| "it is no address")?;
    let authority = uri.authority().ok_or("it names no host")?;
    if authority.as_str().contains('@') {
        return Err("it holds credentials, which others on this machine could read");
    }
    match uri.scheme_str() {
        Some("http" | "https") => Ok(authority.host().to_owned()),
        _ => Err("it is neither an http nor an https address"),
    }
}

/// Addresses, with spaces between, as they are fit to be shown: where credentials may be among them, no more of each than
/// scheme and host.
pub fn shown(addresses: &str) -> String {
    if !addresses.contains('@') {
        return addresses.to_owned();
    }
    let parts = addresses.split_whitespace().map(|address| {
        let uri = address.parse::<Uri>().ok();
        let parts = uri.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.host()?)));
        match parts {
            Some((scheme, host)) => format!("{scheme}://{host}/.."),
            None => "..".to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_web_servers_are_asked() {
        assert_eq!(
            host("http://timestamp.example:8080/tsa"),
            Ok("timestamp.example".to_owned())
        );
        assert_eq!(host("https://[::1]/"), Ok("[::1]".to_owned()));
        for (address, why) in [
            ("timestamp.example", "neither"),
            ("/tsa", "no host"),
            ("ftp://timestamp.example/", "neither"),
            ("http://user:word@timestamp.example/", "credentials"),
            ("not an address", "no address"),
        ] {
            assert!(host(address).unwrap_err().contains(why), "{address}");
        }
    }

    #[test]
    fn credentials_in_addresses_are_not_shown() {
        let plain = "https://tsa.example/a?b http://other.example:80";
        assert_eq!(shown(plain), plain);
        for (typed, fit) in [
            ("https://u:s3cret@tsa.example/tsr", "https://tsa.example/.."),
            (
                "http://a.example/x https://s3cret@b.example:1/",
                "http://a.example/.. https://b.example/..",
            ),
            ("u:s3cret@tsa.example", ".."),
            ("https://u:s3cret@ x", ".. .."),
            ("https://u:s3 cret@tsa.example/", "https://u/.. .."),
        ] {
            assert_eq!(shown(typed), fit);
        }
    }
}
