//! Certificates examined before anybody signs with them: the rules that `verify` applies to other people's, the chain,
//! and the lists in force, each with its outcome.
#![warn(clippy::indexing_slicing)]

use std::slice;

use time::OffsetDateTime;

use crate::assemble::{Assembly, ChainEnd, assemble, leaf_of};
use crate::certificate::Certificate;
use crate::error::{CertificateFault, Result};
use crate::profile::{Finding, Outcome, Role, Rule, check, may_issue};
use crate::trust::{Check, PathFault, SignerTrust, TrustLists, evaluate, find_path, has_fitting_purposes};

/// What was found out about a chain, rule by rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    assembly: Assembly,
    findings: Vec<Finding>,
    trust: SignerTrust,
}

/// Examines certificates as they stand in a file, at a time. The leaf is the one that issued none of the others.
///
/// # Errors
/// [`CertificateFault::Empty`] where there is none.
pub fn examine(given: &[Certificate], lists: &TrustLists, at: OffsetDateTime) -> Result<Examination> {
    let leaf = leaf_of(given).ok_or(CertificateFault::Empty)?;
    Ok(examine_leaf(leaf, given, lists, at))
}

/// As [`examine`], for a leaf that is known, for example as the certificate of a key.
pub fn examine_leaf(leaf: &Certificate, given: &[Certificate], lists: &TrustLists, at: OffsetDateTime) -> Examination {
    let known: Vec<_> = lists
        .lists()
        .iter()
        .flat_map(|list| list.certificates().iter().cloned())
        .collect();
    let assembly = assemble(leaf, given, &known);
    // What a signature would hold: what is in the file, without the root.
    let embedded: Vec<_> = assembly
        .certificates()
        .iter()
        .filter(|one| given.contains(one) && (*one == leaf || !one.is_self_signed()))
        .map(Certificate::der)
        .collect();
    let trust = evaluate(&embedded, lists, at);
    let mut findings = of_leaf(&trust, leaf, at);
    findings.extend(of_chain(&assembly, given, at));
    findings.extend(of_path(&assembly, at, &findings));
    findings.push(finding(Rule::ChainComplete, is_complete(&assembly), Outcome::Advised));
    Examination {
        assembly,
        findings,
        trust,
    }
}

impl Examination {
    /// The same with an answer to whether a private key is the leaf's.
    #[must_use]
    pub fn with_key_match(mut self, matches: bool) -> Self {
        self.findings.push(finding(Rule::KeyMatch, matches, Outcome::Broken));
        self
    }

    /// Every rule with its outcome.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The rules with this outcome.
    pub fn rules(&self, outcome: Outcome) -> impl Iterator<Item = Rule> {
        let findings = self.findings.iter().filter(move |finding| finding.outcome == outcome);
        findings.map(|finding| finding.rule)
    }

    /// Whether no rule is broken, so that readers accept what is signed with these certificates. Whether they know the
    /// signer is another matter: [`Examination::trust`].
    pub fn is_accepted(&self) -> bool {
        self.rules(Outcome::Broken).next().is_none()
    }

    /// How the signer stands to the lists in force.
    pub fn trust(&self) -> &SignerTrust {
        &self.trust
    }

    /// The chain that was found.
    pub fn assembly(&self) -> &Assembly {
        &self.assembly
    }

    /// The certificate that it is about.
    pub fn leaf(&self) -> Option<&Certificate> {
        self.assembly.certificates().first()
    }
}

/// What trust looked at and concerns the leaf. It stops where the profile is broken; the dates are told all the same.
fn of_leaf(trust: &SignerTrust, leaf: &Certificate, at: OffsetDateTime) -> Vec<Finding> {
    let looked_at = trust.checks().iter().filter_map(|check| match check {
        Check::Profile(finding) => Some(*finding),
        Check::TestKeys(family) => Some(finding(Rule::OwnKey, family.is_none(), Outcome::Broken)),
        _ => None,
    });
    let dates = finding(Rule::Dates, leaf.is_valid_at(at), Outcome::Broken);
    looked_at.chain([dates]).collect()
}

fn of_chain(assembly: &Assembly, given: &[Certificate], at: OffsetDateTime) -> [Finding; 6] {
    let chain = assembly.certificates();
    let issuers = chain.get(1..).unwrap_or_default();
    let placed: Vec<_> = given.iter().filter(|one| chain.contains(one)).collect();
    let in_order = chain
        .iter()
        .filter(|one| given.contains(one))
        .eq(placed.iter().copied());
    let algorithms = assembly.end() != ChainEnd::UnsupportedSignature || issuers.is_empty();
    [
        finding(Rule::ChainMembers, assembly.unused().is_empty(), Outcome::Broken),
        finding(Rule::ChainOrder, in_order, Outcome::Advised),
        finding(
            Rule::ChainSignatures,
            assembly.end() != ChainEnd::BrokenSignature,
            Outcome::Broken,
        ),
        finding(Rule::ChainAlgorithms, algorithms, Outcome::Broken),
        finding(
            Rule::ChainIssuers,
            // Between an issuer and the leaf stand as many others as it is steps above the first.
            issuers
                .iter()
                .enumerate()
                .all(|(below, issuer)| may_issue(issuer) && reaches(issuer, below)),
            Outcome::Broken,
        ),
        finding(
            Rule::ChainDates,
            issuers.iter().all(|issuer| issuer.is_valid_at(at)),
            Outcome::Broken,
        ),
    ]
}

fn is_complete(assembly: &Assembly) -> bool {
    matches!(assembly.end(), ChainEnd::Root | ChainEnd::Known)
}

/// Whether the path that trust would follow holds, were the chain's last certificate on a list: so a chain is judged alike
/// before its root is on one. As trust does, it stops where the profile of the leaf is broken; and what another rule tells
/// already is not told again.
fn of_path(assembly: &Assembly, at: OffsetDateTime, others: &[Finding]) -> Option<Finding> {
    let (anchor, chain) = assembly.certificates().split_last()?;
    let leaf = chain.first()?;
    if check(leaf, Role::ClaimSigner)
        .iter()
        .any(|finding| finding.outcome == Outcome::Broken)
    {
        return None;
    }
    // A list may hold the last one as it is, but one whose issuer is not there is no more than another step.
    let last_fits = is_complete(assembly) || has_fitting_purposes(anchor);
    let told = || others.iter().any(|finding| finding.outcome == Outcome::Broken);
    let holds = match find_path(chain, slice::from_ref(anchor), at, Role::ClaimSigner) {
        Ok(()) => true,
        Err(PathFault::Purpose | PathFault::NameConstraint | PathFault::Unprocessable | PathFault::TooComplex) => false,
        Err(_) => told(),
    };
    Some(finding(Rule::ChainPath, holds && last_fits, Outcome::Broken))
}

/// Whether an issuer's path length allows this many certificates between it and the leaf (RFC 5280, 4.2.1.9).
fn reaches(issuer: &Certificate, below: usize) -> bool {
    let limit = issuer
        .basic_constraints()
        .and_then(|(_, constraints)| constraints.path_len_constraint);
    limit.is_none_or(|limit| below <= usize::from(limit))
}

fn finding(rule: Rule, met: bool, otherwise: Outcome) -> Finding {
    let outcome = if met { Outcome::Met } else { otherwise };
    Finding { rule, outcome }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, list, sections};
    use crate::trust::{Purpose, Standing};

    fn unmet(given: &[Certificate], lists: &TrustLists, at: OffsetDateTime) -> Vec<Rule> {
        let examination = examine(given, lists, at).unwrap();
        [Outcome::Broken, Outcome::Advised]
            .into_iter()
            .flat_map(|outcome| examination.rules(outcome).collect::<Vec<_>>())
            .filter(|rule| rule.id().starts_with("chain."))
            .collect()
    }

    #[test]
    fn chains_are_judged_by_their_links() {
        let none = TrustLists::empty();
        for (label, chain) in sections(include_str!("../tests/data/openssl-issuers.pem")) {
            let expected: &[_] = match label {
                "issuer" => &[Rule::ChainIssuers],
                "purpose" | "name-constraint" | "unprocessable" => &[Rule::ChainPath],
                _ => &[],
            };
            assert_eq!(unmet(&chain, &none, NOW), expected, "{label}");
            // As verifying decides once the root is on a list.
            let trusted = TrustLists::empty().with(list("test", Purpose::Signers, &chain[2..]));
            let examination = examine(&chain, &trusted, NOW).unwrap();
            assert_eq!(examination.is_accepted(), examination.trust().is_trusted(), "{label}");
            if label == "purpose" {
                let incomplete = [Rule::ChainPath, Rule::ChainComplete];
                assert_eq!(unmet(&chain[..2], &none, NOW), incomplete);
            }
        }
        let (_, chain) = &sections(include_str!("../tests/data/openssl-issuers.pem"))[0];
        let stranger = &sections(include_str!("../tests/data/openssl-paths.pem"))[0].1[1];
        let [leaf, middle, root] = chain.as_slice() else {
            panic!("three certificates")
        };
        let of = |given: &[&Certificate]| -> Vec<Certificate> { given.iter().map(|one| (*one).clone()).collect() };
        assert_eq!(unmet(&of(&[root, leaf, middle]), &none, NOW), [Rule::ChainOrder]);
        assert_eq!(unmet(&of(&[leaf, middle]), &none, NOW), [Rule::ChainComplete]);
        assert_eq!(
            unmet(&of(&[leaf, root]), &none, NOW),
            [Rule::ChainMembers, Rule::ChainComplete]
        );
        assert_eq!(
            unmet(&of(&[leaf, middle, root, stranger]), &none, NOW),
            [Rule::ChainMembers]
        );
        let listed = TrustLists::empty().with(list("test", Purpose::Signers, &chain[1..2]));
        assert_eq!(unmet(&of(&[leaf]), &listed, NOW), []);
        let late = root.not_after() + time::Duration::SECOND;
        assert_eq!(unmet(chain, &none, late), [Rule::ChainDates]);
    }

    #[test]
    fn it_decides_as_verifying_does() {
        for (_, chain) in sections(include_str!("../tests/data/openssl-leaves.pem")) {
            let lists = TrustLists::empty().with(list("test", Purpose::Signers, &chain[1..]));
            let examination = examine(&chain[..1], &lists, NOW).unwrap();
            let ders = [chain[0].der()];
            assert_eq!(examination.trust(), &evaluate(&ders, &lists, NOW));
            let invalid = matches!(examination.trust().standing(), Standing::Invalid(_));
            assert!(invalid && !examination.is_accepted());
        }
    }

    #[test]
    fn a_key_of_another_certificate_is_told() {
        let (_, chain) = &sections(include_str!("../tests/data/openssl-paths.pem"))[0];
        let examination = examine(chain, &TrustLists::empty(), NOW).unwrap();
        assert!(examination.is_accepted() && examination.clone().with_key_match(true).is_accepted());
        assert!(!examination.with_key_match(false).is_accepted());
    }
}
