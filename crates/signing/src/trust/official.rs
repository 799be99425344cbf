//! The lists that ship with touchmark: C2PA's own, of signers and of time-stamp authorities. Where they come from and
//! how they are renewed: `data/README.md`.

use time::Date;
use time::macros::date;

use super::list::{Purpose, TrustList, TrustLists};

struct Shipped {
    name: &'static str,
    purpose: Purpose,
    issued: Date,
    next_update: Date,
    pem: &'static [u8],
}

/// The PEM files carry no dates; these are `ListIssueDateTime` and `NextUpdate` of the lists' JSON form (ETSI TS 119
/// 602), copied by hand.
const SHIPPED: [Shipped; 2] = [
    Shipped {
        name: "C2PA trust list",
        purpose: Purpose::Signers,
        issued: date!(2026 - 08 - 05),
        next_update: date!(2027 - 08 - 05),
        pem: include_bytes!("../../data/c2pa-signers.pem"),
    },
    Shipped {
        name: "C2PA time-stamping trust list",
        purpose: Purpose::Timestamps,
        issued: date!(2026 - 08 - 05),
        next_update: date!(2027 - 08 - 05),
        pem: include_bytes!("../../data/c2pa-timestamps.pem"),
    },
];

impl TrustLists {
    /// C2PA's official lists of signers and of time-stamp authorities, as shipped.
    pub fn official() -> Self {
        SHIPPED.iter().fold(Self::empty(), |lists, shipped| {
            match TrustList::parse(shipped.name, shipped.purpose, shipped.pem) {
                Ok(list) => lists.with(list.with_dates(Some(shipped.issued), Some(shipped.next_update))),
                // Not reached: a test reads both lists in full.
                Err(_) => lists,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::may_issue;

    #[test]
    fn the_shipped_lists_are_those_that_were_published() {
        let lists = TrustLists::official();
        let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let found: Vec<_> = lists
            .lists()
            .iter()
            .map(|list| (list.purpose(), list.certificates().len(), hex(list.sha256())))
            .collect();
        let expected = [
            (
                Purpose::Signers,
                30,
                "75cacc98b79ecac33713c7ecfb58d4a0ef383f3c1f886e7409f9e37e8664aea5".to_owned(),
            ),
            (
                Purpose::Timestamps,
                22,
                "c688d3555f4a2f1f8d663472bbd37888ff234abdd234c25934c0f9292e4eb5c9".to_owned(),
            ),
        ];
        assert_eq!(found, expected);
        assert!(lists.lists().iter().all(|list| list.skipped().is_empty()));
    }

    #[test]
    fn every_shipped_anchor_can_anchor() {
        for list in TrustLists::official().lists() {
            for anchor in list.certificates() {
                assert!(may_issue(anchor), "{anchor:?} on {}", list.name());
            }
        }
    }
}
