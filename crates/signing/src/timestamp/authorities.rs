//! Several authorities, asked in their order until one gives a time-stamp that holds.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use time::OffsetDateTime;

use super::fault::{NoAnswer, TimestampFault};
use super::request::{NONCE_BYTES, TimestampRequest};
use super::response::Timestamp;
use crate::error::Result;
use crate::trust::TrustLists;

/// After so many failures in a row an authority is asked behind the others, until it answers again.
pub const SET_BACK_AFTER: u32 = 3;

/// Somebody who can be asked for time-stamps. Whoever implements it brings the network, time limits and retries.
pub trait TimestampAuthority: fmt::Debug + Send + Sync {
    /// How messages call it, such as its address.
    fn name(&self) -> &str;

    /// Sends a `TimeStampReq` (DER) and gives the `TimeStampResp` as it came, unchecked.
    ///
    /// # Errors
    /// [`NoAnswer`] where nothing usable came back.
    fn request(&self, request: &[u8]) -> Result<Vec<u8>, NoAnswer>;
}

/// Authorities in the order in which they are asked, and the lists that they are held against. Share it between threads.
#[derive(Debug)]
pub struct TimestampAuthorities {
    members: Vec<Member>,
    lists: Arc<TrustLists>,
}

#[derive(Debug)]
struct Member {
    authority: Arc<dyn TimestampAuthority>,
    failures: AtomicU32,
}

/// What an authority was asked for in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Which one, by its name.
    pub authority: Box<str>,
    /// Why there is no time-stamp by it.
    pub fault: TimestampFault,
}

/// No authority gave a time-stamp that holds: why, one by one. Empty where there is none to ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoTimestamp {
    /// In the order in which they were asked.
    pub attempts: Vec<Attempt>,
}

impl TimestampAuthorities {
    /// Authorities to be asked in this order. Their standing on `lists` is told, and does not decide whether their
    /// time-stamps are taken.
    pub fn new(authorities: Vec<Arc<dyn TimestampAuthority>>, lists: Arc<TrustLists>) -> Self {
        let members = authorities.into_iter().map(|authority| Member {
            authority,
            failures: AtomicU32::new(0),
        });
        Self {
            members: members.collect(),
            lists,
        }
    }

    /// A time-stamp on this message, by the first authority whose answer holds. `nonce` is random, `now` this machine's
    /// time.
    ///
    /// # Errors
    /// [`NoTimestamp`] with what went wrong at each.
    pub fn timestamp(
        &self,
        message: &[u8],
        nonce: [u8; NONCE_BYTES],
        now: OffsetDateTime,
    ) -> Result<Timestamp, NoTimestamp> {
        let mut attempts = Vec::new();
        for member in self.in_order() {
            match member.ask(message, nonce, &self.lists, now) {
                Ok(timestamp) => return Ok(timestamp),
                Err(fault) => attempts.push(Attempt {
                    authority: member.authority.name().into(),
                    fault,
                }),
            }
        }
        Err(NoTimestamp { attempts })
    }

    fn in_order(&self) -> Vec<&Member> {
        let (set_back, first): (Vec<_>, Vec<_>) = self
            .members
            .iter()
            .partition(|member| member.failures.load(Ordering::Relaxed) >= SET_BACK_AFTER);
        first.into_iter().chain(set_back).collect()
    }
}

impl Member {
    fn ask(
        &self,
        message: &[u8],
        nonce: [u8; NONCE_BYTES],
        lists: &TrustLists,
        now: OffsetDateTime,
    ) -> Result<Timestamp, TimestampFault> {
        let asked = TimestampRequest::new(message, nonce)
            .map_err(|_| TimestampFault::Malformed)
            .and_then(|request| {
                let answer = self.authority.request(request.der());
                request.check(&answer.map_err(TimestampFault::NoAnswer)?, lists, now)
            });
        match &asked {
            Ok(_) => self.failures.store(0, Ordering::Relaxed),
            // Wraps after four billion; until then it stays set back.
            Err(_) => drop(self.failures.fetch_add(1, Ordering::Relaxed)),
        }
        asked.map(|timestamp| timestamp.by(self.authority.name()))
    }
}

impl fmt::Display for NoTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.attempts.is_empty() {
            return f.write_str("no time-stamp authority is named");
        }
        for (index, attempt) in self.attempts.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{}: {}", attempt.authority, attempt.fault)?;
        }
        Ok(())
    }
}

impl std::error::Error for NoTimestamp {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.attempts.as_slice() {
            [only] => Some(&only.fault),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::testing::NOW;

    #[derive(Debug)]
    struct Silent(&'static str, Arc<Mutex<Vec<&'static str>>>);

    impl TimestampAuthority for Silent {
        fn name(&self) -> &str {
            self.0
        }

        fn request(&self, _: &[u8]) -> Result<Vec<u8>, NoAnswer> {
            self.1.lock().unwrap().push(self.0);
            Err(NoAnswer::new(&"x".repeat(1000)))
        }
    }

    #[test]
    fn each_failure_is_named_and_repeated_ones_set_an_authority_back() {
        let asked = Arc::default();
        let silent = |name| Arc::new(Silent(name, Arc::clone(&asked))) as Arc<dyn TimestampAuthority>;
        let authorities = TimestampAuthorities::new(vec![silent("a"), silent("b")], Arc::default());
        let ask = || authorities.timestamp(b"", [0; NONCE_BYTES], NOW).unwrap_err();
        assert!(ask().to_string().starts_with("a: no answer: xxx"));
        assert_eq!(ask().attempts.len(), 2);
        assert!(ask().to_string().len() < 500, "words are cut");
        // Now both are set back; one that answers again comes first.
        authorities.members[1].failures.store(0, Ordering::Relaxed);
        ask();
        assert_eq!(*asked.lock().unwrap(), ["a", "b", "a", "b", "a", "b", "b", "a"]);
        let none = TimestampAuthorities::new(Vec::new(), Arc::default());
        let none = none.timestamp(b"", [0; NONCE_BYTES], NOW).unwrap_err();
        assert_eq!(none.to_string(), "no time-stamp authority is named");
    }
}
