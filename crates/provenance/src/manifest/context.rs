//! The shared `c2pa` contexts: every setting of the SDK that touchmark depends on, stated in one place.

use std::sync::Arc;

use c2pa::{Context, Settings};
use serde_json::{Value, json};

use crate::error::Error;
use crate::names::label;

/// Extended key usages of claim signers that occur in the field; the profile itself is checked by `touchmark-signing`.
/// Stated explicitly because c2pa 0.91 otherwise calls certificates invalid that it accepted before (in-the-wild.md 2).
const EXTENDED_KEY_USAGES: &str = "\
1.3.6.1.5.5.7.3.4\n\
1.3.6.1.5.5.7.3.36\n\
1.3.6.1.5.5.7.3.8\n\
1.3.6.1.5.5.7.3.9\n\
1.3.6.1.4.1.311.76.59.1.9\n\
1.3.6.1.4.1.62558.2.1\n";

/// A context for reading: offline, and without c2pa's own judgement of claim signers and time-stamp authorities.
///
/// c2pa 0.91 calls every time-stamp on a version 1 claim trusted, whoever made it; so neither of its words is used.
pub(super) fn reading() -> Result<Arc<Context>, Error> {
    let mut settings = offline();
    settings["verify"]["verify_trust"] = false.into();
    settings["verify"]["verify_timestamp_trust"] = false.into();
    settings["trust"] = json!({ "trust_config": EXTENDED_KEY_USAGES });
    Ok(Arc::new(with_settings(settings)?))
}

/// A context for signing with `signer`: no thumbnail, and no check after signing because the self-check is ours.
pub(super) fn signing(signer: impl c2pa::Signer + Send + Sync + 'static) -> Result<Arc<Context>, Error> {
    let mut settings = offline();
    settings["verify"]["verify_after_sign"] = false.into();
    settings["builder"] = json!({
        "thumbnail": { "enabled": false },
        // We opened the parent ourselves: our own statement, not merely gathered (C2PA 2.2, 10.3).
        "created_assertion_labels": [label::INGREDIENT_PREFIX],
    });
    settings["trust"] = json!({ "trust_config": EXTENDED_KEY_USAGES });
    Ok(Arc::new(with_settings(settings)?.with_signer(signer)))
}

fn offline() -> Value {
    json!({
        "verify": { "remote_manifest_fetch": false, "ocsp_fetch": false },
        "core": { "allowed_network_hosts": [], "allow_redirects": false, "decode_identity_assertions": false },
    })
}

fn with_settings(settings: Value) -> Result<Context, Error> {
    let failed = |source: c2pa::Error| Error::Manifest {
        doing: "configure the C2PA library",
        source: Box::new(source),
    };
    let settings = Settings::new().with_json(&settings.to_string()).map_err(failed)?;
    Context::new().with_settings(settings).map_err(failed)
}
