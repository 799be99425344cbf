//! C2PA manifests: signed into pictures, and read out of them. Only this module and its children import `c2pa`.

mod assertions;
mod binding;
mod bmff_hash;
mod cbor;
mod context;
mod cose;
mod countersign;
mod exclusions;
mod finding;
mod graph;
mod ingredient;
mod jumbf;
mod parent;
mod pixels;
mod read;
mod redact;
mod seal;
mod sign;
mod source_type;
mod status;
mod summary;
mod template;

pub(crate) use assertions::rfc3339;
pub use assertions::{Ids, Origin, StampFacts};
pub use binding::Binding;
pub use countersign::{Countersigning, RoomNeeded, room};
pub use finding::{ManifestFinding, Reading, Signature, SigningTime, VerifiedClaim};
pub use parent::{Parent, ParentCredentials};
pub use pixels::{PixelFacts, SoftBinding};
pub use read::ManifestReader;
pub use redact::{ParentMetadata, Redaction, Subject};
pub use sign::{ManifestSigner, has_store};
pub use source_type::SourceType;
pub use status::{Gravity, Scope, Status, StatusKind};
pub use summary::{Action, Ingredient, Manifest, Software};
pub use template::{PictureHash, StoreTemplate};
