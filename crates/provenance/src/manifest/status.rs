//! The status codes of C2PA validation, and what each weighs in touchmark's reading (standards.md 1.12).

/// One status: reported by the C2PA library, recorded by an earlier program, or a failure that touchmark found itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The code, such as `assertion.dataHash.mismatch`.
    pub code: String,
    /// Whether it reports success, information or failure.
    pub kind: StatusKind,
    /// The JUMBF address it speaks of, where given.
    pub url: Option<String>,
    /// Which manifest it speaks of.
    pub scope: Scope,
}

/// Which manifest a status speaks of, as seen from the active one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The active manifest.
    Active,
    /// A manifest between an update and the one that is bound to the content: as grave as the active one's own.
    History,
    /// Something that went into the picture.
    Ingredient,
}

/// The kind of a status, as C2PA sorts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusKind {
    /// A check passed.
    Success,
    /// Worth knowing, decides nothing.
    Informational,
    /// A check failed.
    Failure,
}

/// What a failure means for the manifest it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Gravity {
    /// About the signer's standing, which `touchmark-signing` decides itself; evidence only.
    Credential,
    /// About an ingredient; a warning on that ingredient.
    Ingredient,
    /// The record is not as it was signed, or breaks a rule: an assertion, a reference, an action.
    Record,
    /// The file's content does not match the hard binding.
    Content,
    /// The signature itself fails or is missing.
    Signature,
    /// The manifest cannot be read as a manifest.
    Malformed,
}

impl Status {
    /// A failure that touchmark found itself, or that somebody recorded.
    pub(super) fn failure(code: &str, url: Option<&str>, scope: Scope) -> Self {
        Self {
            code: code.to_owned(),
            kind: StatusKind::Failure,
            url: url.map(str::to_owned),
            scope,
        }
    }

    /// What this failure means. Codes that nobody has heard of weigh as [`Gravity::Record`]: never praise by ignorance.
    pub fn gravity(&self) -> Gravity {
        match (self.scope, Gravity::of_code(&self.code)) {
            // Who signed an ingredient is a matter of its own; that it does not hold is a warning.
            (Scope::Ingredient, Gravity::Credential) => Gravity::Credential,
            (Scope::Ingredient, _) => Gravity::Ingredient,
            // `ingredient.manifest.mismatch` and its like: an update's link to its parent.
            (Scope::History, Gravity::Ingredient) => Gravity::Record,
            (Scope::Active | Scope::History, gravity) => gravity,
        }
    }

    /// Whether it counts for the active manifest, itself or through its history.
    pub(super) fn is_own(&self) -> bool {
        self.scope != Scope::Ingredient
    }

    /// Whether it reports this success of the active manifest itself: a parent's signature is no signature of its own.
    pub(super) fn is_own_success(&self, code: &str) -> bool {
        self.scope == Scope::Active && self.kind == StatusKind::Success && self.code == code
    }
}

impl Gravity {
    /// What a failure with this code means for the manifest it speaks of.
    pub(super) fn of_code(code: &str) -> Self {
        GRAVITIES
            .iter()
            .find(|(prefix, _)| code.starts_with(prefix))
            .map_or(Self::Record, |(_, gravity)| *gravity)
    }
}

/// c2pa's statuses. What it reports of the active manifest's own assertions is the active manifest's, even where it was
/// looking at an ingredient.
pub(super) fn of_results(results: &c2pa::ValidationResults, active: &str) -> Vec<Status> {
    let mut statuses = Vec::new();
    let mut add = |codes: &c2pa::validation_results::StatusCodes, ingredient: bool| {
        for (list, kind) in [
            (codes.success(), StatusKind::Success),
            (codes.informational(), StatusKind::Informational),
            (codes.failure(), StatusKind::Failure),
        ] {
            statuses.extend(list.iter().map(|status| Status {
                code: status.code().to_owned(),
                kind,
                url: status.url().map(str::to_owned),
                scope: match (ingredient || status.ingredient_uri().is_some()) && !speaks_of(status, active) {
                    true => Scope::Ingredient,
                    false => Scope::Active,
                },
            }));
        }
    };
    if let Some(codes) = results.active_manifest() {
        add(codes, false);
    }
    for delta in results.ingredient_deltas().into_iter().flatten() {
        add(delta.validation_deltas(), true);
    }
    statuses
}

/// Whether a status is about an assertion of this manifest.
fn speaks_of(status: &c2pa::validation_status::ValidationStatus, active: &str) -> bool {
    let in_active = status
        .url()
        .is_some_and(|url| !active.is_empty() && url.contains(active));
    in_active && status.code().starts_with("assertion.")
}

/// Code prefixes, most specific first. `signingCredential.` is evidence only: c2pa's profile differs between releases
/// (in-the-wild.md 2), ours is checked rule by rule, and so is what is stapled about revocation.
const GRAVITIES: &[(&str, Gravity)] = &[
    ("signingCredential.", Gravity::Credential),
    ("claimSignature.outsideValidity", Gravity::Credential),
    ("claimSignature.", Gravity::Signature),
    ("algorithm.unsupported", Gravity::Signature),
    ("timeStamp.", Gravity::Credential),
    ("timeOfSigning.", Gravity::Credential),
    ("cawg.", Gravity::Credential),
    ("assertion.dataHash.", Gravity::Content),
    ("assertion.boxesHash.", Gravity::Content),
    ("assertion.bmffHash.", Gravity::Content),
    ("assertion.collectionHash.", Gravity::Content),
    ("assertion.multiAssetHash.", Gravity::Content),
    ("ingredient.", Gravity::Ingredient),
    ("claim.missing", Gravity::Malformed),
    ("claim.multiple", Gravity::Malformed),
    ("claim.cbor.invalid", Gravity::Malformed),
    ("claim.malformed", Gravity::Record),
    ("manifest.inaccessible", Gravity::Malformed),
    ("manifest.compressed.invalid", Gravity::Malformed),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: &str, ingredient: bool) -> Status {
        Status::failure(code, None, if ingredient { Scope::Ingredient } else { Scope::Active })
    }

    #[test]
    fn expiry_is_not_a_change_of_content() {
        assert_eq!(
            failure("signingCredential.expired", false).gravity(),
            Gravity::Credential
        );
        assert_eq!(
            failure("assertion.dataHash.mismatch", false).gravity(),
            Gravity::Content
        );
        assert_eq!(failure("claimSignature.mismatch", false).gravity(), Gravity::Signature);
    }

    #[test]
    fn a_broken_ingredient_stays_with_the_ingredient() {
        assert_eq!(
            failure("assertion.dataHash.mismatch", true).gravity(),
            Gravity::Ingredient
        );
    }

    #[test]
    fn an_unknown_failure_counts_against_the_record() {
        assert_eq!(failure("something.new", false).gravity(), Gravity::Record);
    }
}
