//! C2PA manifests: signed into pictures, and read out of them. Only this module and its children import `c2pa`.

mod assertions;
mod binding;
mod context;
mod cose;
mod finding;
mod graph;
mod jumbf;
mod read;
mod sign;
mod source_type;
mod status;
mod summary;

pub(crate) use assertions::rfc3339;
pub use assertions::{Ids, Origin, StampFacts};
pub use binding::Binding;
pub use finding::{ManifestFinding, Reading, Signature, SigningTime, VerifiedClaim};
pub use read::ManifestReader;
pub use sign::ManifestSigner;
pub use source_type::SourceType;
pub use status::{Gravity, Scope, Status, StatusKind};
pub use summary::{Action, Ingredient, Manifest, Software};
