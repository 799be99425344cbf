//! The lists that ship with touchmark: C2PA's own, of signers and of time-stamp authorities. Where they come from and
//! how they are renewed: `data/README.md`.

use std::sync::LazyLock;

use time::Date;
use time::macros::date;

use super::list::{Purpose, TrustList, TrustLists};
use crate::certificate::Certificate;

struct Shipped {
    name: &'static str,
    purpose: Purpose,
    issued: Date,
    next_update: Date,
    /// SHA-256 of the PEM, in hexadecimal as its publisher's tools print it.
    sha256: [u8; 32],
    /// How many certificates there are in it.
    count: usize,
    certificates: LazyLock<Vec<Certificate>>,
}

/// The PEM files carry no dates; these are `ListIssueDateTime` and `NextUpdate` of the lists' JSON form (ETSI TS 119
/// 602), copied by hand.
static SHIPPED: [Shipped; 2] = [
    Shipped {
        name: "C2PA trust list",
        purpose: Purpose::Signers,
        issued: date!(2026 - 08 - 05),
        next_update: date!(2027 - 08 - 05),
        sha256: bytes(0x75cacc98b79ecac33713c7ecfb58d4a0, 0xef383f3c1f886e7409f9e37e8664aea5),
        count: 30,
        certificates: LazyLock::new(|| read(SIGNERS)),
    },
    Shipped {
        name: "C2PA time-stamping trust list",
        purpose: Purpose::Timestamps,
        issued: date!(2026 - 08 - 05),
        next_update: date!(2027 - 08 - 05),
        sha256: bytes(0xc688d3555f4a2f1f8d663472bbd37888, 0xff234abdd234c25934c0f9292e4eb5c9),
        count: 22,
        certificates: LazyLock::new(|| read(TIMESTAMPS)),
    },
];

const SIGNERS: &[u8] = include_bytes!("../../data/c2pa-signers.pem");
const TIMESTAMPS: &[u8] = include_bytes!("../../data/c2pa-timestamps.pem");

impl TrustLists {
    /// C2PA's official lists of signers and of time-stamp authorities, as shipped.
    pub fn official() -> Self {
        SHIPPED.iter().fold(Self::empty(), |lists, shipped| {
            let (sha256, count) = (shipped.sha256, shipped.count);
            let list = TrustList::shipped(shipped.name, shipped.purpose, sha256, count, &shipped.certificates);
            lists.with(list.with_dates(Some(shipped.issued), Some(shipped.next_update)))
        })
    }
}

/// The certificates of a shipped list; a test reads both in full.
fn read(pem: &[u8]) -> Vec<Certificate> {
    let list = TrustList::parse("", Purpose::Signers, pem);
    list.map(|list| list.certificates().to_vec()).unwrap_or_default()
}

/// A digest from the two halves of its number.
const fn bytes(high: u128, low: u128) -> [u8; 32] {
    let (high, low) = (high.to_be_bytes(), low.to_be_bytes());
    let mut bytes = [0; 32];
    let mut at = 0;
    while at < 16 {
        bytes[at] = high[at];
        bytes[at + 16] = low[at];
        at += 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::may_issue;

    #[test]
    fn what_is_said_of_the_shipped_lists_is_what_reading_them_gives() {
        for (list, pem) in TrustLists::official().lists().iter().zip([SIGNERS, TIMESTAMPS]) {
            let read = TrustList::parse(list.name(), list.purpose(), pem).unwrap();
            assert_eq!(*list, read.with_dates(list.issued(), list.next_update()));
            assert!(list.len() == list.certificates().len() && list.len() > 20);
        }
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
