//! How a claim signer stands to the lists in force at a moment in time: total, pure, and with its reasons.
#![warn(clippy::indexing_slicing)]

use std::sync::Arc;

use time::OffsetDateTime;

use super::list::{Purpose, TrustLists, names_local_identity};
use super::path::PathFault;
use super::{known_keys, path};
use crate::certificate::Certificate;
use crate::chain::MAX_CHAIN_CERTIFICATES;
use crate::profile::{self, Finding, Outcome, Role, Rule};

/// How a claim signer stands, as `signer` in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// On the named list of signers in force, and valid at the time.
    Trusted(String),
    /// On the named list that is no longer kept up, and on none in force.
    Legacy(String),
    /// An identity of this machine.
    Local,
    /// Signed with certificates that everybody has; the payload names them. Anyone can sign with this.
    TestKey(&'static str),
    /// On no list.
    Unknown,
    /// A certificate of the path was over at the time; what it would be otherwise. Nothing is wrong with the content.
    Expired(Otherwise),
    /// The leaf was not yet valid at the time; what it would be otherwise.
    NotYetValid(Otherwise),
    /// Its issuer revoked the certificate at or before the time, by [`Trust::revoked`]; what it would be otherwise.
    Revoked(Otherwise),
    /// The leaf breaks these rules of the certificate profile, or cannot be read: `signingCredential.invalid`.
    Invalid(Vec<Rule>),
}

/// What a signer would be if it were not for the dates or the revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Otherwise {
    /// On the named list of signers in force.
    Trusted(String),
    /// On the named list that is no longer kept up.
    Legacy(String),
    /// An identity of this machine.
    Local,
    /// On no list.
    Unknown,
}

impl Standing {
    /// The list that vouches for the signer's issuer, or would if it were not for the dates or the revocation.
    pub fn list(&self) -> Option<&str> {
        match self {
            Self::Trusted(list) | Self::Legacy(list) => Some(list),
            Self::Expired(otherwise) | Self::NotYetValid(otherwise) | Self::Revoked(otherwise) => match otherwise {
                Otherwise::Trusted(list) | Otherwise::Legacy(list) => Some(list),
                Otherwise::Local | Otherwise::Unknown => None,
            },
            _ => None,
        }
    }
}

/// How the leaf's own dates stand to the time asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DatesStanding {
    /// Valid.
    Valid,
    /// Over.
    Expired,
    /// Not begun.
    NotYetValid,
}

/// One thing that was looked at, and what was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Check {
    /// A rule of the certificate profile.
    Profile(Finding),
    /// The leaf's dates.
    Dates(DatesStanding),
    /// The keys that everybody has: the family that matched.
    TestKeys(Option<&'static str>),
    /// The roots of this machine's identities.
    LocalRoots(Result<(), PathFault>),
    /// A list, by its name.
    List {
        /// The name of the list.
        name: String,
        /// What it vouches for.
        purpose: Purpose,
        /// Whether a path leads to it at the time, else why not.
        path: Result<(), PathFault>,
    },
}

/// A standing with the leaf it is about and the checks that led to it. Only the functions of [`crate::trust`] make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust<S> {
    standing: S,
    /// Shared: decisions are kept and handed out again.
    leaf: Option<Arc<Certificate>>,
    checks: Vec<Check>,
}

/// How a claim signer stands; made by [`evaluate`] alone.
pub type SignerTrust = Trust<Standing>;

impl<S> Trust<S> {
    pub(super) fn new(standing: S, leaf: Option<Certificate>, checks: Vec<Check>) -> Self {
        Self {
            standing,
            leaf: leaf.map(Arc::new),
            checks,
        }
    }

    /// The result.
    pub fn standing(&self) -> &S {
        &self.standing
    }

    /// The leaf's certificate, where it could be read. Its names are claims unless the standing names a list.
    pub fn leaf(&self) -> Option<&Certificate> {
        self.leaf.as_deref()
    }

    /// Everything that was looked at, in order. A check that was not reached is not there.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }
}

impl SignerTrust {
    /// Whether the signer is on a list in force.
    pub fn is_trusted(&self) -> bool {
        matches!(self.standing, Standing::Trusted(_))
    }
}

impl SignerTrust {
    /// A chain that was not looked at, since its picture asks for too many: nothing is known of the signer.
    pub fn not_examined() -> Self {
        Self::new(Standing::Unknown, None, Vec::new())
    }

    /// The same signer, whose certificate its issuer revoked ([`super::evaluate_revocation`]). What is worse than revoked,
    /// or not for an issuer to say, stays as it was.
    pub fn revoked(self) -> Self {
        let otherwise = match self.standing {
            Standing::Invalid(_) | Standing::TestKey(_) | Standing::Local => return self,
            Standing::Trusted(list) => Otherwise::Trusted(list),
            Standing::Legacy(list) => Otherwise::Legacy(list),
            Standing::Unknown => Otherwise::Unknown,
            Standing::Expired(otherwise) | Standing::NotYetValid(otherwise) | Standing::Revoked(otherwise) => otherwise,
        };
        Self {
            standing: Standing::Revoked(otherwise),
            ..self
        }
    }
}

/// Decides how the signer with this chain (DER, leaf first, as in the COSE header `x5chain`; the root may be missing)
/// stands to `lists` at the time `at`: the trusted time of signing where there is one, else the present.
///
/// 1. Every certificate can be read, within the limits. 2. The leaf meets the C2PA certificate profile. 3. The chain is
///    not one that everybody has. 4. It leads to an identity of this machine; or 5. to a list of signers in force; or
///    6. to a legacy list; each with its dates at `at`. A chain that names the local identity of a first run skips 5 and
///    6. Lists of time-stamp authorities play no part. Revocation is not looked at.
pub fn evaluate(chain: &[impl AsRef<[u8]>], lists: &TrustLists, at: OffsetDateTime) -> SignerTrust {
    let mut checks = Vec::new();
    let (chain, broken) = read(chain, Role::ClaimSigner, &mut checks);
    let (Some(leaf), []) = (chain.first(), broken.as_slice()) else {
        return Trust::new(Standing::Invalid(broken), chain.into_iter().next(), checks);
    };
    let dates = dates_of(leaf, at);
    checks.push(Check::Dates(dates));
    let linked = path::linked(&chain);
    let family = known_keys::find(&chain, &linked, &[at, leaf.not_after(), leaf.not_before()]);
    checks.push(Check::TestKeys(family));

    let disowned = chain.iter().any(names_local_identity);
    let anchor = |at, checks: &mut Vec<Check>| anchor(&linked, disowned, lists, at, checks);
    let found = anchor(at, &mut checks);
    let standing = match (family, found, dates) {
        (Some(family), ..) => Standing::TestKey(family),
        (None, Otherwise::Unknown, _) => {
            // Nothing at `at`: would there be a path while the leaf was valid? These are not reasons, so not checks.
            let moments = [leaf.not_after(), leaf.not_before()].map(|moment| anchor(moment, &mut Vec::new()));
            let otherwise = moments
                .into_iter()
                .find(|found| *found != Otherwise::Unknown)
                .unwrap_or(Otherwise::Unknown);
            match (dates, otherwise) {
                (DatesStanding::NotYetValid, otherwise) => Standing::NotYetValid(otherwise),
                (DatesStanding::Valid, Otherwise::Unknown) => Standing::Unknown,
                // The leaf itself, or an issuer above it, is over.
                (DatesStanding::Expired | DatesStanding::Valid, otherwise) => Standing::Expired(otherwise),
            }
        }
        (None, Otherwise::Trusted(list), _) => Standing::Trusted(list),
        (None, Otherwise::Legacy(list), _) => Standing::Legacy(list),
        (None, Otherwise::Local, _) => Standing::Local,
    };
    Trust::new(standing, chain.into_iter().next(), checks)
}

/// Steps 1 and 2: reads every certificate and holds the leaf against the profile. Gives the certificates up to the first
/// that cannot be read, and the rules that are broken; where there are none, there is a leaf.
pub(super) fn read(chain: &[impl AsRef<[u8]>], role: Role, checks: &mut Vec<Check>) -> (Vec<Certificate>, Vec<Rule>) {
    let ders = chain.iter().take(MAX_CHAIN_CERTIFICATES);
    let read: Vec<_> = ders.map_while(|der| Certificate::from_der(der.as_ref()).ok()).collect();
    let readable = !read.is_empty() && read.len() == chain.len();
    let outcome = if readable { Outcome::Met } else { Outcome::Broken };
    let mut findings = vec![Finding {
        rule: Rule::Readable,
        outcome,
    }];
    if let Some(leaf) = read.first().filter(|_| readable) {
        findings.extend(profile::check(leaf, role));
    }
    checks.extend(findings.iter().copied().map(Check::Profile));
    let broken = findings
        .into_iter()
        .filter(|finding| finding.outcome == Outcome::Broken);
    (read, broken.map(|finding| finding.rule).collect())
}

pub(super) fn dates_of(leaf: &Certificate, at: OffsetDateTime) -> DatesStanding {
    match leaf.is_valid_at(at) {
        true => DatesStanding::Valid,
        false if at < leaf.not_before() => DatesStanding::NotYetValid,
        false => DatesStanding::Expired,
    }
}

/// Steps 4 to 6: what the chain leads to at a moment.
fn anchor(
    chain: &[Certificate],
    disowned: bool,
    lists: &TrustLists,
    at: OffsetDateTime,
    checks: &mut Vec<Check>,
) -> Otherwise {
    let local = path::find(chain, lists.local_roots(), at, Role::ClaimSigner);
    checks.push(Check::LocalRoots(local));
    if local.is_ok() {
        return Otherwise::Local;
    }
    let mut on_list = |purpose| {
        let mut first = None;
        for list in lists.of(purpose) {
            let path = match disowned {
                true => Err(PathFault::LocalIdentity),
                false => path::find(chain, list.certificates(), at, Role::ClaimSigner),
            };
            checks.push(Check::List {
                name: list.name().to_owned(),
                purpose,
                path,
            });
            if path.is_ok() && first.is_none() {
                first = Some(list.name().to_owned());
            }
        }
        first
    };
    match (on_list(Purpose::Signers), on_list(Purpose::Legacy)) {
        (Some(name), _) => Otherwise::Trusted(name),
        (None, Some(name)) => Otherwise::Legacy(name),
        (None, None) => Otherwise::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use time::Duration;
    use time::macros::datetime;

    use super::*;
    use crate::algorithm::Algorithm;
    use crate::identity::Identity;
    use crate::issue::{LEAF_VALIDITY, ROOT_VALIDITY, Subject, issue_leaf};
    use crate::testing::{NOW, list, rng, sections};

    static IDENTITY: LazyLock<Identity> =
        LazyLock::new(|| identity(&Subject::new("Example Ltd", "Images").unwrap(), 1));

    fn identity(subject: &Subject, seed: u64) -> Identity {
        Identity::new(subject, Algorithm::Ed25519, NOW, &mut rng(seed)).unwrap()
    }

    fn root_list(name: &str, purpose: Purpose) -> TrustLists {
        TrustLists::empty().with(list(name, purpose, std::slice::from_ref(&IDENTITY.root().certificate)))
    }

    fn standing(chain: &[Certificate], lists: &TrustLists, at: OffsetDateTime) -> Standing {
        let ders: Vec<_> = chain.iter().map(Certificate::der).collect();
        evaluate(&ders, lists, at).standing().clone()
    }

    fn leaf() -> Vec<Certificate> {
        vec![IDENTITY.leaf().certificate.clone()]
    }

    #[test]
    fn the_purpose_of_the_list_decides() {
        let name = || "test".to_owned();
        let cases = [
            (Purpose::Signers, Standing::Trusted(name())),
            (Purpose::Legacy, Standing::Legacy(name())),
            (Purpose::Timestamps, Standing::Unknown),
        ];
        for (purpose, expected) in cases {
            assert_eq!(standing(&leaf(), &root_list("test", purpose), NOW), expected);
        }
        assert_eq!(standing(&leaf(), &TrustLists::official(), NOW), Standing::Unknown);
        let both = root_list("old", Purpose::Legacy).with(root_list("new", Purpose::Signers).lists()[0].clone());
        assert_eq!(standing(&leaf(), &both, NOW), Standing::Trusted("new".to_owned()));
    }

    #[test]
    fn a_list_may_name_the_signer_itself() {
        let lists = TrustLists::empty().with(list("allowed", Purpose::Legacy, &leaf()));
        assert_eq!(standing(&leaf(), &lists, NOW), Standing::Legacy("allowed".to_owned()));
        let after = NOW + LEAF_VALIDITY;
        let expected = Standing::Expired(Otherwise::Legacy("allowed".to_owned()));
        assert_eq!(standing(&leaf(), &lists, after), expected);
        // A sibling of the listed leaf gains nothing.
        let sibling = issue_leaf(
            IDENTITY.root(),
            &Subject::new("Example Ltd", "Two").unwrap(),
            NOW,
            &mut rng(7),
        )
        .unwrap();
        assert_eq!(standing(&[sibling.certificate], &lists, NOW), Standing::Unknown);
    }

    #[test]
    fn dates_are_told_apart_from_everything_else() {
        let lists = root_list("test", Purpose::Signers);
        let trusted = || Otherwise::Trusted("test".to_owned());
        let certificate = &IDENTITY.leaf().certificate;
        let (start, end, second) = (certificate.not_before(), certificate.not_after(), Duration::SECOND);
        let cases = [
            (start, Standing::Trusted("test".to_owned())),
            (end, Standing::Trusted("test".to_owned())),
            (end + second, Standing::Expired(trusted())),
            (start - second, Standing::NotYetValid(trusted())),
            (datetime!(1960-01-01 0:00 UTC), Standing::NotYetValid(trusted())),
            (NOW + ROOT_VALIDITY + ROOT_VALIDITY, Standing::Expired(trusted())),
        ];
        for (at, expected) in cases {
            assert_eq!(standing(&leaf(), &lists, at), expected, "{at}");
        }
        let nowhere = TrustLists::empty();
        assert_eq!(
            standing(&leaf(), &nowhere, end + second),
            Standing::Expired(Otherwise::Unknown)
        );
        assert_eq!(
            standing(&leaf(), &nowhere, start - second),
            Standing::NotYetValid(Otherwise::Unknown)
        );
    }

    #[test]
    fn an_anchor_that_is_over_anchors_nothing() {
        let (_, chain) = &sections(include_str!("../../tests/data/openssl-short-root.pem"))[0];
        let lists = TrustLists::empty().with(list("test", Purpose::Signers, &chain[1..]));
        let end = chain[1].not_after();
        assert!(chain[0].is_valid_at(end + Duration::DAY));
        assert_eq!(standing(&chain[..1], &lists, end), Standing::Trusted("test".to_owned()));
        let expected = Standing::Expired(Otherwise::Trusted("test".to_owned()));
        assert_eq!(standing(&chain[..1], &lists, end + Duration::SECOND), expected);
    }

    #[test]
    fn identities_of_this_machine_are_local_even_on_a_list() {
        let lists = root_list("test", Purpose::Signers).with_local_root(IDENTITY.root().certificate.clone());
        assert_eq!(standing(&leaf(), &lists, NOW), Standing::Local);
        assert_eq!(
            standing(&leaf(), &lists, NOW + LEAF_VALIDITY),
            Standing::Expired(Otherwise::Local)
        );
    }

    #[test]
    fn the_local_identity_of_another_machine_is_unknown_on_every_list() {
        let local = identity(&Subject::local(), 5);
        // A list that was made by other means than `from_pem`.
        let pem = local.root().certificate.to_pem();
        for purpose in [Purpose::Signers, Purpose::Legacy] {
            let smuggled = super::super::TrustList::parse("smuggled", purpose, pem.as_bytes()).unwrap();
            let lists = TrustLists::empty().with(smuggled);
            let chain = std::slice::from_ref(&local.leaf().certificate);
            let trust = evaluate(&[chain[0].der()], &lists, NOW);
            assert_eq!(trust.standing(), &Standing::Unknown);
            let refused = Check::List {
                name: "smuggled".to_owned(),
                purpose,
                path: Err(PathFault::LocalIdentity),
            };
            assert!(trust.checks().contains(&refused));
        }
    }

    #[test]
    fn self_signed_and_unreadable_chains_are_invalid() {
        let lists = root_list("test", Purpose::Signers);
        let root = vec![IDENTITY.root().certificate.clone()];
        let Standing::Invalid(rules) = standing(&root, &lists, NOW) else {
            panic!("accepted a root as a signer")
        };
        assert!(rules.contains(&Rule::NotSelfSigned));
        let unreadable = Standing::Invalid(vec![Rule::Readable]);
        assert_eq!(standing(&[], &lists, NOW), unreadable);
        let leaf = IDENTITY.leaf().certificate.der();
        assert_eq!(evaluate(&[b"garbage".as_slice()], &lists, NOW).standing(), &unreadable);
        assert_eq!(evaluate(&[leaf, b"garbage"], &lists, NOW).standing(), &unreadable);
        assert_eq!(
            evaluate(&[leaf; MAX_CHAIN_CERTIFICATES + 1], &lists, NOW).standing(),
            &unreadable
        );
    }

    #[test]
    fn every_broken_rule_makes_a_listed_signer_invalid() {
        for (rule, chain) in sections(include_str!("../../tests/data/openssl-leaves.pem")) {
            let lists = TrustLists::empty().with(list("test", Purpose::Signers, &chain[1..]));
            let Standing::Invalid(rules) = standing(&chain[..1], &lists, NOW) else {
                panic!("{rule} was accepted")
            };
            assert!(rules.iter().any(|broken| broken.id() == rule), "{rule}: {rules:?}");
        }
    }

    #[test]
    fn every_accepted_signature_algorithm_makes_a_path() {
        for (label, chain) in sections(include_str!("../../tests/data/openssl-paths.pem")) {
            let lists = TrustLists::empty().with(list(label, Purpose::Signers, &chain[1..]));
            assert_eq!(standing(&chain[..1], &lists, NOW), Standing::Trusted(label.to_owned()));
        }
    }

    #[test]
    fn only_those_that_signed_are_on_the_way() {
        let cases = sections(include_str!("../../tests/data/openssl-issuers.pem"));
        let (_, sound) = cases.iter().find(|(label, _)| *label == "sound").unwrap();
        let [leaf, middle, root] = sound.as_slice() else {
            panic!("three certificates")
        };
        let stranger = IDENTITY.root().certificate.clone();
        let impostor = cases
            .iter()
            .find(|(label, chain)| *label != "sound" && leaf.names_issuer(&chain[1]));
        let mut above = vec![stranger, root.clone(), middle.clone()];
        above.extend(impostor.map(|(_, chain)| chain[1].clone()));
        let chain = [std::slice::from_ref(leaf), &above].concat();
        // In the order in which they signed, whatever the order in which they were given.
        assert_eq!(path::linked(&chain), [leaf.clone(), middle.clone(), root.clone()]);
        assert_eq!(path::linked(&chain[..2]), std::slice::from_ref(leaf));
        assert_eq!(path::linked(&[]), []);
    }

    #[test]
    fn revocation_is_for_signers_that_somebody_could_trust() {
        let judged = |lists: &TrustLists| evaluate(&[IDENTITY.leaf().certificate.der()], lists, NOW);
        for (lists, otherwise) in [
            (TrustLists::empty(), Otherwise::Unknown),
            (
                root_list("test", Purpose::Signers),
                Otherwise::Trusted("test".to_owned()),
            ),
            (root_list("test", Purpose::Legacy), Otherwise::Legacy("test".to_owned())),
        ] {
            let revoked = judged(&lists).revoked();
            assert_eq!(revoked.standing(), &Standing::Revoked(otherwise));
            assert_eq!(revoked.clone().revoked(), revoked);
        }
        let invalid = evaluate(&[b"garbage"], &TrustLists::empty(), NOW);
        assert_eq!(invalid.clone().revoked(), invalid);
        let local = judged(&TrustLists::empty().with_local_root(IDENTITY.root().certificate.clone()));
        assert_eq!(local.clone().revoked(), local);
    }

    #[test]
    fn intermediates_must_be_allowed_to_issue() {
        let faults = [
            ("sound", Ok(())),
            ("purpose", Err(PathFault::Purpose)),
            ("issuer", Err(PathFault::Issuer)),
            ("name-constraint", Err(PathFault::NameConstraint)),
            ("unprocessable", Err(PathFault::Unprocessable)),
        ];
        for (label, chain) in sections(include_str!("../../tests/data/openssl-issuers.pem")) {
            let lists = TrustLists::empty().with(list("test", Purpose::Signers, &chain[2..]));
            let ders: Vec<_> = chain[..2].iter().map(Certificate::der).collect();
            let trust = evaluate(&ders, &lists, NOW);
            let (_, path) = faults.iter().find(|(known, _)| *known == label).unwrap();
            let check = Check::List {
                name: "test".to_owned(),
                purpose: Purpose::Signers,
                path: *path,
            };
            assert!(trust.checks().contains(&check), "{label}: {:?}", trust.checks());
            assert_eq!(trust.is_trusted(), path.is_ok(), "{label}");
            // Without its intermediate, the leaf leads nowhere; with the root in the chain, nothing changes.
            assert!(!evaluate(&ders[..1], &lists, NOW).is_trusted());
            let all: Vec<_> = chain.iter().map(Certificate::der).collect();
            assert_eq!(evaluate(&all, &lists, NOW).standing(), trust.standing());
        }
    }

    #[test]
    fn a_listed_certificate_that_may_not_issue_anchors_nothing() {
        let cases = sections(include_str!("../../tests/data/openssl-issuers.pem"));
        let mut powerless = 0;
        for (label, chain) in &cases {
            let lists = TrustLists::empty().with(list("test", Purpose::Signers, &chain[1..2]));
            let may = profile::may_issue(&chain[1]);
            powerless += usize::from(!may);
            if *label == "issuer" && !may {
                assert_eq!(standing(&chain[..1], &lists, NOW), Standing::Unknown);
            }
        }
        assert_eq!(powerless, 2);
    }

    #[test]
    fn a_root_with_the_same_name_and_another_key_vouches_for_nothing() {
        let impostor = identity(&Subject::new("Example Ltd", "Images").unwrap(), 99);
        let lists = TrustLists::empty().with(list("test", Purpose::Signers, &[impostor.root().certificate.clone()]));
        let trust = evaluate(&[IDENTITY.leaf().certificate.der()], &lists, NOW);
        assert_eq!(trust.standing(), &Standing::Unknown);
        let path = Err(PathFault::Signature);
        assert!(trust.checks().contains(&Check::List {
            name: "test".to_owned(),
            purpose: Purpose::Signers,
            path
        }));
    }

    #[test]
    fn keys_that_everybody_has_are_named_even_on_a_list() {
        // A public sample file of c2pa-rs: leaf and intermediate, the root is among the known ones.
        let (_, chain) = &sections(include_str!("../../tests/data/c2pa-rs-signer.pem"))[0];
        let expected = Standing::TestKey("c2pa-rs test certificates");
        let lists = TrustLists::empty().with(list("test", Purpose::Signers, &chain[1..]));
        for lists in [TrustLists::official(), lists] {
            assert_eq!(standing(chain, &lists, NOW), expected);
            assert_eq!(standing(chain, &lists, NOW + Duration::days(36_500)), expected);
        }
        // Without the intermediate no path is found, but the leaf says what it is.
        assert!(matches!(
            standing(&chain[..1], &TrustLists::empty(), NOW),
            Standing::TestKey(_)
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn no_changed_byte_stays_trusted(at in any::<prop::sample::Index>(), change in 1_u8..) {
            let mut der = IDENTITY.leaf().certificate.der().to_vec();
            let at = at.index(der.len());
            der[at] ^= change;
            let trust = evaluate(&[der], &root_list("test", Purpose::Signers), NOW);
            prop_assert!(!trust.is_trusted(), "byte {at}: {trust:?}");
        }

        #[test]
        fn no_changed_byte_of_an_intermediate_stays_trusted(at in any::<prop::sample::Index>(), change in 1_u8..) {
            let cases = sections(include_str!("../../tests/data/openssl-issuers.pem"));
            let (_, chain) = cases.iter().find(|(label, _)| *label == "sound").unwrap();
            let lists = TrustLists::empty().with(list("test", Purpose::Signers, &chain[2..]));
            let mut middle = chain[1].der().to_vec();
            prop_assert!(evaluate(&[chain[0].der(), &middle], &lists, NOW).is_trusted());
            let at = at.index(middle.len());
            middle[at] ^= change;
            prop_assert!(!evaluate(&[chain[0].der(), &middle], &lists, NOW).is_trusted(), "byte {}", at);
        }

        #[test]
        fn arbitrary_bytes_are_never_trusted_and_never_a_panic(chain in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..4)) {
            prop_assert!(!evaluate(&chain, &TrustLists::official(), NOW).is_trusted());
        }

        #[test]
        fn the_order_of_lists_does_not_matter(order in Just(vec![0, 1, 2, 3]).prop_shuffle(), hours in -50_000_i64..150_000) {
            let root = &IDENTITY.root().certificate;
            let stranger = identity(&Subject::new("Other", "Other").unwrap(), 8).root().certificate.clone();
            let lists = [
                list("b", Purpose::Signers, std::slice::from_ref(root)),
                list("a", Purpose::Signers, std::slice::from_ref(root)),
                list("c", Purpose::Legacy, std::slice::from_ref(root)),
                list("d", Purpose::Timestamps, &[stranger]),
            ];
            let at = NOW + Duration::hours(hours);
            let of = |order: &[usize]| order.iter().fold(TrustLists::empty(), |all, which| all.with(lists[*which].clone()));
            let ders = [IDENTITY.leaf().certificate.der()];
            prop_assert_eq!(evaluate(&ders, &of(&order), at), evaluate(&ders, &of(&[0, 1, 2, 3]), at));
        }

        #[test]
        fn more_anchors_never_repair_an_invalid_signer(which in any::<prop::sample::Index>()) {
            let cases = sections(include_str!("../../tests/data/openssl-leaves.pem"));
            let (_, chain) = &cases[which.index(cases.len())];
            let before = standing(&chain[..1], &TrustLists::empty(), NOW);
            prop_assert!(matches!(before, Standing::Invalid(_)));
            let all: Vec<_> = cases.iter().flat_map(|(_, chain)| chain.clone()).collect();
            let lists = TrustLists::official()
                .with(list("everything", Purpose::Signers, &all))
                .with(list("everything", Purpose::Legacy, &all))
                .with_local_root(chain[1].clone());
            prop_assert_eq!(standing(&chain[..1], &lists, NOW), before);
        }
    }
}
