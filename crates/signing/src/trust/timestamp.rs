//! How a time-stamp authority stands to the lists of time-stamp authorities at the time that it states.

use time::OffsetDateTime;

use super::evaluate::{Check, DatesStanding, Trust, dates_of, read};
use super::list::{Purpose, TrustLists};
use super::path;
use crate::profile::{Role, Rule};

/// How a time-stamp authority stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimestampStanding {
    /// On the named list of time-stamp authorities, and valid at the time: the time may be relied on.
    Trusted(String),
    /// On no such list: the time is a claim.
    Unknown,
    /// A certificate of the path was over at the time.
    Expired,
    /// The leaf was not yet valid at the time.
    NotYetValid,
    /// The leaf breaks these rules for time-stamp authorities, or cannot be read: `timeStamp.credentialInvalid`.
    Invalid(Vec<Rule>),
}

/// How a time-stamp authority stands; made by [`evaluate_timestamp`] alone.
pub type TimestampTrust = Trust<TimestampStanding>;

impl TimestampTrust {
    /// Whether the time may be relied on.
    pub fn is_trusted(&self) -> bool {
        matches!(self.standing(), TimestampStanding::Trusted(_))
    }
}

/// Decides how the authority with this chain (DER, leaf first; other certificates in any order) stands at the time that
/// its token states. Only lists of [`Purpose::Timestamps`] count; the leaf's one purpose is time-stamping, critical.
pub fn evaluate_timestamp(chain: &[impl AsRef<[u8]>], lists: &TrustLists, at: OffsetDateTime) -> TimestampTrust {
    const ROLE: Role = Role::TimestampAuthority;
    let mut checks = Vec::new();
    let (chain, broken) = read(chain, ROLE, &mut checks);
    let (Some(leaf), []) = (chain.first(), broken.as_slice()) else {
        return Trust::new(TimestampStanding::Invalid(broken), chain.into_iter().next(), checks);
    };
    let dates = dates_of(leaf, at);
    checks.push(Check::Dates(dates));
    let linked = path::linked(&chain);
    let (mut trusted, mut over) = (None, false);
    for list in lists.of(Purpose::Timestamps) {
        let path = path::find(&linked, list.certificates(), at, ROLE);
        checks.push(Check::List {
            name: list.name().to_owned(),
            purpose: Purpose::Timestamps,
            path,
        });
        match path {
            Ok(()) if trusted.is_none() => trusted = Some(list.name().to_owned()),
            Ok(()) => {}
            Err(_) => over |= path::find(&linked, list.certificates(), leaf.not_before(), ROLE).is_ok(),
        }
    }
    let standing = match (trusted, dates) {
        (Some(list), _) => TimestampStanding::Trusted(list),
        (None, DatesStanding::NotYetValid) => TimestampStanding::NotYetValid,
        (None, DatesStanding::Expired) => TimestampStanding::Expired,
        (None, DatesStanding::Valid) if over => TimestampStanding::Expired,
        (None, DatesStanding::Valid) => TimestampStanding::Unknown,
    };
    Trust::new(standing, chain.into_iter().next(), checks)
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;
    use crate::certificate::Certificate;
    use crate::testing::{NOW, list, sections};

    fn chains() -> Vec<(&'static str, Vec<Certificate>)> {
        sections(include_str!("../../tests/data/openssl-timestamps.pem"))
    }

    fn standing(chain: &[Certificate], purpose: Purpose, at: OffsetDateTime) -> TimestampStanding {
        let lists = TrustLists::empty().with(list("test", purpose, &chain[1..]));
        evaluate_timestamp(&[chain[0].der()], &lists, at).standing().clone()
    }

    #[test]
    fn only_lists_of_time_stamp_authorities_count() {
        let (_, chain) = &chains()[0];
        assert_eq!(
            standing(chain, Purpose::Timestamps, NOW),
            TimestampStanding::Trusted("test".to_owned())
        );
        assert_eq!(standing(chain, Purpose::Signers, NOW), TimestampStanding::Unknown);
        assert_eq!(standing(chain, Purpose::Legacy, NOW), TimestampStanding::Unknown);
    }

    #[test]
    fn rules_and_dates_are_kept_apart() {
        for (label, chain) in chains() {
            match standing(&chain, Purpose::Timestamps, NOW) {
                TimestampStanding::Trusted(_) => assert_eq!(label, "sound"),
                TimestampStanding::Invalid(rules) => assert_eq!(rules[0].id(), label),
                other => panic!("{label}: {other:?}"),
            }
        }
        let (_, chain) = &chains()[0];
        let (start, end) = (chain[0].not_before(), chain[0].not_after());
        let second = Duration::SECOND;
        assert_eq!(
            standing(chain, Purpose::Timestamps, end + second),
            TimestampStanding::Expired
        );
        assert_eq!(
            standing(chain, Purpose::Timestamps, start - second),
            TimestampStanding::NotYetValid
        );
    }

    #[test]
    fn a_time_stamp_authority_on_a_list_is_no_signer() {
        let (_, chain) = &chains()[0];
        let lists = TrustLists::empty().with(list("test", Purpose::Timestamps, &chain[1..]));
        assert!(!crate::trust::evaluate(&[chain[0].der()], &lists, NOW).is_trusted());
    }
}
