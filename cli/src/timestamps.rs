//! Time-stamps, and what the issuer says about revocation: as typed, and asked for over the network with retries.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use clap::Args;
use time::OffsetDateTime;
use touchmark::{Order, Signer, TrustLists, Want};
use touchmark_signing::ocsp::{CertificateStatus, MAX_OCSP_BYTES, OcspAnswer, OcspFault, OcspRequest};
use touchmark_signing::timestamp::{
    MAX_RESPONSE_BYTES, NONCE_BYTES, NoAnswer, NoTimestamp, SET_BACK_AFTER, Timestamp, TimestampAuthorities,
    TimestampAuthority,
};

use crate::config::{Config, Key};
use crate::console::tell_user;
use crate::failure::{Code, Failure};
use crate::lists::Lists;
use crate::post::{self, Poster, Question, Unanswered};

/// How often an authority is asked for one time-stamp before it counts as failed.
const TRIES: u32 = 3;
/// The wait before the second try, in milliseconds; it doubles with each. Drawn from the range, so that a batch's workers
/// do not all come back at once.
const BACK_OFF_MS: Range<u64> = 250..750;

/// What is asked of others for a stamp, as typed.
#[derive(Debug, Args)]
pub struct TimestampArgs {
    /// Have the signature time-stamped (RFC 3161) by the authority at this address, http or https; repeat it for others to
    /// ask where that one fails. Only a hash is sent. `none` asks nobody, whatever the configuration says. Authorities
    /// outside of C2PA's list, such as http://timestamp.digicert.com, are asked too; readers call their time a claim.
    #[arg(long, value_name = "URL")]
    pub timestamp: Vec<String>,
    /// Where no authority gives a time-stamp, stamp without one and say so.
    #[arg(long)]
    pub allow_no_timestamp: bool,
}

/// Whether the issuer of the certificate is asked, as typed.
#[derive(Debug, Args)]
pub struct RevocationArgs {
    /// Ask the responder that the certificate names whether it was revoked, and put the signed answer (OCSP) beside the
    /// time-stamp, without which it is worth nothing. Names the host before it is asked.
    #[arg(long)]
    pub online: bool,
}

impl TimestampArgs {
    /// The addresses to ask, in their order: those of the options, else those of the configuration.
    pub fn addresses(&self, config: &Config) -> Result<Vec<String>, Failure> {
        let configured = || config.get(Key::Timestamp).unwrap_or_default().split_whitespace();
        let addresses: Vec<String> = match self.timestamp.as_slice() {
            [] => configured().map(str::to_owned).collect(),
            typed => typed.to_vec(),
        };
        if addresses.iter().any(|address| address == "none") {
            return match addresses.as_slice() {
                [_] => Ok(Vec::new()),
                _ => Err(Failure::new(Code::TimestampAddress, "ask for time-stamps")
                    .because("`none` stands beside an address")),
            };
        }
        for address in &addresses {
            post::host(address).map_err(|why| {
                Failure::new(Code::TimestampAddress, "ask for time-stamps").because(format_args!(
                    "the address {:?} cannot be used: {why}",
                    post::shown(address)
                ))
            })?;
        }
        Ok(addresses)
    }

    /// Demands a time-stamp of the order where somebody is there to ask.
    pub fn demand(&self, order: &mut Order<'_>, config: &Config) -> Result<(), Failure> {
        order.timestamp = match (self.addresses(config)?.as_slice(), self.allow_no_timestamp) {
            ([], _) => Want::No,
            (_, true) => Want::IfPossible,
            (_, false) => Want::Demanded,
        };
        Ok(())
    }

    /// The authorities, held against the official lists and those that were added; none where nobody is to be asked.
    pub fn authorities(&self, config: &Config) -> Result<Option<TimestampAuthorities>, Failure> {
        let addresses = self.addresses(config)?;
        if addresses.is_empty() {
            return Ok(None);
        }
        let lists = Lists::new(config)?.official_and_added()?;
        Ok(Some(of_servers(addresses, Arc::new(lists))))
    }

    /// How many authorities are configured that nobody typed, and that [`Self::try_each`] leaves alone.
    pub fn not_asked(&self, config: &Config) -> Result<usize, Failure> {
        match self.timestamp.is_empty() {
            true => self.addresses(config).map(|addresses| addresses.len()),
            false => Ok(0),
        }
    }

    /// Asks each authority that was typed for a time-stamp, of nothing in particular. Those of the configuration are not
    /// asked: nobody meant them now.
    pub fn try_each(&self, config: &Config, now: OffsetDateTime) -> Result<Vec<Trial>, Failure> {
        if self.timestamp.is_empty() {
            return Ok(Vec::new());
        }
        let lists = Arc::new(Lists::new(config)?.official_and_added()?);
        let tried = self.addresses(config)?.into_iter().map(|address| {
            let mut nonce = [0; NONCE_BYTES];
            getrandom::fill(&mut nonce)
                .map_err(|error| Failure::new(Code::Randomness, "ask for a time-stamp").because(error))?;
            let authority = of_servers(vec![address.clone()], Arc::clone(&lists));
            let result = authority.timestamp(&nonce, nonce, now);
            Ok(Trial { address, result })
        });
        tried.collect()
    }
}

/// What came of asking an authority.
#[derive(Debug)]
pub struct Trial {
    pub address: String,
    pub result: Result<Timestamp, NoTimestamp>,
}

fn of_servers(addresses: Vec<String>, lists: Arc<TrustLists>) -> TimestampAuthorities {
    let poster = Poster::new();
    let servers = addresses
        .into_iter()
        .map(|address| Arc::new(Server::new(address, &poster)) as Arc<dyn TimestampAuthority>);
    TimestampAuthorities::new(servers.collect(), lists)
}

impl RevocationArgs {
    /// What the issuer says about the signer's certificate, where it is to be asked and names somebody to ask. A revoked
    /// certificate signs nothing.
    pub fn answer(
        &self,
        signer: &Signer,
        timestamped: bool,
        now: OffsetDateTime,
    ) -> Result<Option<OcspAnswer>, Failure> {
        if !self.online {
            return Ok(None);
        }
        let Some(address) = signer.certificate().ocsp_responder() else {
            tell_user("note: the signing certificate names nobody to ask about its revocation");
            return Ok(None);
        };
        if !timestamped {
            return Err(Failure::new(Code::RevocationAlone, "ask about revocation"));
        }
        let what = "learn whether the signing certificate was revoked";
        let failed = |why: &dyn std::fmt::Display| Failure::new(Code::RevocationUnknown, what).because(why);
        let issuer = signer.chain().issuers().first().ok_or_else(|| {
            failed(&"its issuer's certificate is not beside it")
                .with_next("put the issuer's certificate into the same file, or leave --online out".to_owned())
        })?;
        let host = post::host(&address).map_err(|why| {
            failed(&format_args!(
                "the address of the responder in it cannot be used: {why}"
            ))
            .with_next("leave --online out; only a certificate of its issuer can name another address".to_owned())
        })?;
        tell_user(format_args!(
            "note: asking {} whether the signing certificate was revoked",
            touchmark::report::visible(&host)
        ));
        let request = OcspRequest::new(signer.certificate(), issuer).map_err(|error| failed(&error))?;
        let question = Question {
            address: &address,
            media_type: "application/ocsp-request",
            body: request.der(),
            max_bytes: MAX_OCSP_BYTES,
        };
        let der = with_retries(TRIES, || Poster::new().ask(question)).map_err(|why| failed(&why))?;
        let answer = OcspAnswer::check(&der, signer.certificate(), issuer).map_err(|fault| failed(&fault))?;
        match answer.status() {
            CertificateStatus::Revoked(since) => Err(Failure::new(Code::Revoked, "use the signing certificate")
                .because(format_args!("it was revoked on {}", since.date()))),
            CertificateStatus::Good if answer.covers(now) => Ok(Some(answer)),
            CertificateStatus::Good => Err(failed(&OcspFault::OutsideItsTime).with_next(
                "look at this machine's clock; where it is right, try again later, or leave --online out".to_owned(),
            )),
            CertificateStatus::Unknown => Err(failed(&OcspFault::Unknown)
                .with_next("ask the issuer of the certificate why its responder does not know it".to_owned())),
        }
    }
}

/// A time-stamp authority at an address.
#[derive(Debug)]
struct Server {
    address: String,
    poster: Poster,
    /// In a row; where there were many, it is asked once and not waited for.
    failures: AtomicU32,
}

impl Server {
    fn new(address: String, poster: &Poster) -> Self {
        Self {
            address,
            poster: poster.clone(),
            failures: AtomicU32::new(0),
        }
    }
}

impl TimestampAuthority for Server {
    fn name(&self) -> &str {
        &self.address
    }

    fn request(&self, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        let question = Question {
            address: &self.address,
            media_type: "application/timestamp-query",
            body: request,
            max_bytes: MAX_RESPONSE_BYTES,
        };
        let tries = match self.failures.load(Ordering::Relaxed) {
            0..SET_BACK_AFTER => TRIES,
            _ => 1,
        };
        let answer = with_retries(tries, || self.poster.ask(question));
        match &answer {
            Ok(_) => self.failures.store(0, Ordering::Relaxed),
            Err(_) => drop(self.failures.fetch_add(1, Ordering::Relaxed)),
        }
        answer
    }
}

/// Asks again, after a wait, where what went wrong may pass.
fn with_retries(tries: u32, mut ask: impl FnMut() -> Result<Vec<u8>, Unanswered>) -> Result<Vec<u8>, NoAnswer> {
    let mut tried = 1;
    loop {
        match ask() {
            Err(unanswered) if unanswered.passing && tried < tries => {
                thread::sleep(back_off(tried));
                tried += 1;
            }
            done => return done.map_err(|unanswered| unanswered.why),
        }
    }
}

/// The wait after so many tries: between half and one and a half of a time that doubles.
fn back_off(tried: u32) -> Duration {
    let mut random = [0; 2];
    // Without randomness the wait is the shortest.
    let _ = getrandom::fill(&mut random);
    let spread = BACK_OFF_MS.end - BACK_OFF_MS.start;
    let first = BACK_OFF_MS.start + u64::from(u16::from_le_bytes(random)) % spread;
    Duration::from_millis(first.saturating_mul(1 << (tried - 1).min(8)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for (passing, expected) in [(true, 2), (false, 1)] {
            let mut asked = 0;
            let answer = with_retries(2, || {
                asked += 1;
                Err(Unanswered {
                    why: NoAnswer::new("HTTP status 503"),
                    passing,
                })
            });
            assert_eq!((asked, answer), (expected, Err(NoAnswer::new("HTTP status 503"))));
        }
    }

    #[test]
    fn waits_grow_and_differ() {
        for tried in 1..=TRIES {
            let wait = back_off(tried).as_millis();
            let doubled = 1 << (tried - 1);
            assert!((250 * doubled..750 * doubled).contains(&wait), "{wait}");
        }
    }
}
