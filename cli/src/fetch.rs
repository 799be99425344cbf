//! The network, on request alone: one `GET` at a time to a public host over TLS, without cookies, credentials or proxy,
//! under limits of bytes, time and redirects.
//!
//! Addresses come from documents that others wrote (registry.md, SSRF): names are resolved once, every address found
//! must be public, and the connection goes to the addresses that were looked at. Redirects begin again from the start.

use std::fmt;
use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, ResponseExt as _};

/// How long one request may take, from name to last byte.
const MAX_TIME: Duration = Duration::from_secs(15);
/// How long a connection may take.
const MAX_CONNECT_TIME: Duration = Duration::from_secs(5);
/// How much of an answer is read.
const MAX_BODY_BYTES: u64 = 1024 * 1024;
/// How many redirects are followed.
const MAX_REDIRECTS: usize = 5;
/// How much of a manifest store is read: one of 30 manifests with their thumbnails has 4 MB.
const MAX_STORE_BYTES: u64 = 16 * 1024 * 1024;

/// Asks addresses. Nothing is kept between two requests.
pub struct Fetcher {
    agent: Agent,
    allow_private: bool,
    max_redirects: usize,
    max_body_bytes: u64,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status, of the last redirect's target.
    pub status: u16,
    /// The address that answered.
    pub address: String,
    /// How many redirects led there.
    pub redirects: usize,
    /// Whether it asked for credentials (`WWW-Authenticate`).
    pub asks_for_credentials: bool,
    /// The body, up to the limit.
    pub body: Vec<u8>,
    /// Whether there was more.
    pub cut: bool,
}

/// Why an address was not asked or did not answer, as a fragment.
#[derive(Debug)]
pub struct NoAnswer(String);

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Fetcher {
    /// A fetcher for public hosts; with `allow_private` for private ones too, and for this machine without TLS.
    pub fn new(allow_private: bool) -> Self {
        let config = config(MAX_TIME, MAX_CONNECT_TIME, 0);
        let resolver = PublicAddresses {
            system: DefaultResolver::default(),
            allow_private,
        };
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), resolver),
            allow_private,
            max_redirects: MAX_REDIRECTS,
            max_body_bytes: MAX_BODY_BYTES,
        }
    }

    /// The same for manifest stores, whose addresses whoever made a picture wrote: no redirect is followed (registry.md).
    pub fn of_stores(allow_private: bool) -> Self {
        Self {
            max_redirects: 0,
            max_body_bytes: MAX_STORE_BYTES,
            ..Self::new(allow_private)
        }
    }

    /// Gets an address and follows its redirects. `announce` is told each host before it is asked.
    ///
    /// # Errors
    /// Where the address may not be asked, or nothing came back.
    pub fn get(&self, address: &str, mut announce: impl FnMut(&str)) -> Result<Answer, NoAnswer> {
        let mut address = address.to_owned();
        for redirects in 0..=self.max_redirects {
            let uri = self.permitted(&address)?;
            announce(uri.host().unwrap_or_default());
            let mut response = self
                .agent
                .get(uri.clone())
                .call()
                .map_err(|error| NoAnswer(words(&error)))?;
            let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
            let status = response.status();
            if status.is_redirection()
                && let Some(location) = header("location")
            {
                address = resolved(&uri, location)?;
                continue;
            }
            let asks_for_credentials = header("www-authenticate").is_some();
            let address = response.get_uri().to_string();
            let mut body = Vec::new();
            let read = response
                .body_mut()
                .as_reader()
                .take(self.max_body_bytes + 1)
                .read_to_end(&mut body);
            if let Err(error) = read {
                return Err(NoAnswer(format!("the answer broke off: {error}")));
            }
            let cut = body.len() as u64 > self.max_body_bytes;
            body.truncate(usize::try_from(self.max_body_bytes).unwrap_or(usize::MAX));
            return Ok(Answer {
                status: status.as_u16(),
                address,
                redirects,
                asks_for_credentials,
                body,
                cut,
            });
        }
        Err(NoAnswer(match self.max_redirects {
            0 => "it redirects, which is not followed here".to_owned(),
            most => format!("it redirects more than {most} times"),
        }))
    }

    /// The address, where it may be asked: `https`, without credentials; without TLS on this machine alone, and only
    /// where private addresses are allowed.
    fn permitted(&self, address: &str) -> Result<Uri, NoAnswer> {
        let uri: Uri = address.parse().map_err(|_| NoAnswer("it is no address".to_owned()))?;
        let authority = uri.authority().ok_or_else(|| NoAnswer("it names no host".to_owned()))?;
        if authority.as_str().contains('@') {
            return Err(NoAnswer("it holds credentials".to_owned()));
        }
        match uri.scheme_str() {
            Some("https") => Ok(uri),
            Some("http") if self.allow_private && is_this_machine(authority.host()) => Ok(uri),
            _ => Err(NoAnswer("it is not an https address".to_owned())),
        }
    }
}

/// How every request is made: no redirect is followed, no status is an error, and no proxy is asked. `idle` connections
/// are kept between requests.
pub fn config(max_time: Duration, max_connect_time: Duration, idle: usize) -> Config {
    Config::builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .timeout_global(Some(max_time))
        .timeout_connect(Some(max_connect_time))
        .max_response_header_size(64 * 1024)
        .max_idle_connections(idle)
        .user_agent(concat!("touchmark/", env!("CARGO_PKG_VERSION")))
        .build()
}

fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Where a redirect leads (RFC 3986, 5.2): an address of its own, or one on the same host. A relative path is taken
/// from the root's folder, which is as far as redirects need it.
fn resolved(from: &Uri, location: &str) -> Result<String, NoAnswer> {
    let broken = || NoAnswer("its redirect leads nowhere".to_owned());
    let to: Uri = location.parse().map_err(|_| broken())?;
    if to.scheme().is_some() {
        return Ok(location.to_owned());
    }
    let (scheme, authority) = from.scheme_str().zip(from.authority()).ok_or_else(broken)?;
    Ok(match location {
        other if other.starts_with("//") => format!("{scheme}:{other}"),
        path if path.starts_with('/') => format!("{scheme}://{authority}{path}"),
        relative => {
            let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{scheme}://{authority}{folder}/{relative}")
        }
    })
}

/// What went wrong, as a fragment.
pub fn words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Other(inner) if inner.is::<NotPublic>() => inner.to_string(),
        ureq::Error::HostNotFound => "there is no such host".to_owned(),
        ureq::Error::Timeout(_) => "it took too long".to_owned(),
        other => other.to_string(),
    }
}

/// Resolves names with the system's resolver, and refuses hosts with an address that is not public.
#[derive(Debug)]
struct PublicAddresses {
    system: DefaultResolver,
    allow_private: bool,
}

#[derive(Debug)]
struct NotPublic(IpAddr);

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the host has the address {}, which is not public", self.0)
    }
}

impl std::error::Error for NotPublic {}

impl Resolver for PublicAddresses {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.system.resolve(uri, config, timeout)?;
        let private = found.iter().map(|socket| socket.ip()).find(|ip| !is_public(*ip));
        match private {
            Some(ip) if !self.allow_private => Err(ureq::Error::Other(Box::new(NotPublic(ip)))),
            _ => Ok(found),
        }
    }
}

/// Whether an address is one of the public internet: the IANA special-purpose registries (RFC 6890), as of 2026-11.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(ip),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    /// Base and prefix length of what is not public.
    const SPECIAL: &[([u8; 4], u32)] = &[
        ([0, 0, 0, 0], 8),
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
        ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12),
        ([192, 0, 0, 0], 24),
        ([192, 0, 2, 0], 24),
        ([192, 31, 196, 0], 24),
        ([192, 52, 193, 0], 24),
        ([192, 88, 99, 0], 24),
        ([192, 168, 0, 0], 16),
        ([192, 175, 48, 0], 24),
        ([198, 18, 0, 0], 15),
        ([198, 51, 100, 0], 24),
        ([203, 0, 113, 0], 24),
        // Multicast, reserved, broadcast.
        ([224, 0, 0, 0], 3),
    ];
    let bits = u32::from(ip);
    !SPECIAL.iter().any(|(base, prefix)| {
        let mask = u32::MAX << (32 - prefix);
        bits & mask == u32::from(Ipv4Addr::from(*base)) & mask
    })
}

/// Global unicast (2000::/3) without protocol assignments (Teredo among them), documentation, and 6to4, which wraps an
/// IPv4 address. NAT64, unique local, link-local and multicast addresses lie outside.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    let is_global_unicast = first & 0xE000 == 0x2000;
    let is_assigned_to_protocols = first == 0x2001 && second < 0x0200;
    let is_documentation = (first == 0x2001 && second == 0x0DB8) || (first == 0x3FFF && second < 0x1000);
    let is_6to4 = first == 0x2002;
    is_global_unicast && !is_assigned_to_protocols && !is_documentation && !is_6to4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_internet_are_asked() {
        for public in [
            "93.184.216.34",
            "1.1.1.1",
            "2606:4700::1111",
            "2a00:1450::1",
            "::ffff:1.1.1.1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "127.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for edge in [
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "223.255.255.255",
        ] {
            assert!(is_public(edge.parse().unwrap()), "{edge}");
        }
    }

    #[test]
    fn what_may_not_be_asked_is_not_asked() {
        let mut asked = Vec::new();
        for (address, why) in [
            ("http://example.org/", "not an https"),
            ("http://127.0.0.1:9/", "not an https"),
            ("https://user:word@example.org/", "credentials"),
            ("ftp://example.org/", "not an https"),
            ("file:///etc/passwd", "no address"),
            ("/path", "no host"),
        ] {
            let refused = Fetcher::new(false)
                .get(address, |host| asked.push(host.to_owned()))
                .unwrap_err()
                .to_string();
            assert!(refused.contains(why), "{address}: {refused}");
        }
        assert!(asked.is_empty(), "{asked:?}");
        // Announced, then refused before a connection: its address is not public.
        for address in ["https://127.0.0.1:9/", "https://[::1]:9/", "https://localhost:9/"] {
            let refused = Fetcher::new(false).get(address, |_| {}).unwrap_err().to_string();
            assert!(refused.contains("not public"), "{address}: {refused}");
        }
    }

    #[test]
    fn redirects_lead_where_they_say() {
        let from: Uri = "https://example.org/a/b?c".parse().unwrap();
        for (location, to) in [
            ("https://other.example/x", "https://other.example/x"),
            ("//other.example/x", "https://other.example/x"),
            ("/x?y", "https://example.org/x?y"),
            ("x", "https://example.org/a/x"),
        ] {
            assert_eq!(resolved(&from, location).unwrap(), to);
        }
    }
}
