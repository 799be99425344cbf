//! The shared `c2pa` contexts: every setting of the SDK that touchmark depends on, stated in one place.

use std::cell::Cell;
use std::sync::Arc;

use c2pa::{Context, ProgressPhase, Reader, Settings};
use serde_json::{Value, json};
use touchmark_signing::Certificate;
use touchmark_signing::trust::{Purpose, TrustLists};

use crate::error::Error;
use crate::names::label;

/// The extended key usages of claim signers in the field that c2pa accepts only when told: documentSigning, Microsoft's, and
/// C2PA's own. emailProtection, timeStamping and OCSPSigning it accepts anyway, and each one named costs every reading a part
/// of a microsecond. Without these c2pa 0.91 calls certificates invalid that it accepted before (in-the-wild.md 2); the
/// profile itself is checked by `touchmark-signing`.
const EXTENDED_KEY_USAGES: &str = "\
1.3.6.1.5.5.7.3.36\n\
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
    bounded(settings)
}

/// A context for what c2pa alone says, with these lists as its anchors, each for its purpose: for the conformance program,
/// never for judging. Legacy lists are left out: c2pa knows no such purpose.
pub(super) fn conformance(lists: &TrustLists) -> Result<Arc<Context>, Error> {
    let anchors: Vec<Value> = lists
        .lists()
        .iter()
        .filter_map(|list| {
            let kind = match list.purpose() {
                Purpose::Signers => "manifest",
                Purpose::Timestamps => "tsa",
                Purpose::Legacy => return None,
            };
            let pem: String = list.certificates().iter().map(Certificate::to_pem).collect();
            // Each list has an address of its own, so that c2pa tells which one vouched.
            let address = format!("urn:sha256:{}", crate::hex(&list.sha256()));
            Some(json!({ "trust_anchors": pem, "trust_uri": address, "trust_kind": kind }))
        })
        .collect();
    let mut settings = offline();
    settings["verify"]["verify_trust"] = true.into();
    settings["verify"]["verify_timestamp_trust"] = true.into();
    settings["trust"] = json!({ "anchors": anchors, "trust_config": EXTENDED_KEY_USAGES });
    bounded(settings)
}

/// Signatures and ingredients that c2pa may check in one reading: it checks an ingredient as often as it is referred to,
/// so that a small file could ask for millions. The largest store seen in the field has 30 manifests and asks for some
/// hundred; so many take a second or two.
const MAX_CHECKS: u32 = 2048;

thread_local! {
    /// Checks of the reading that this thread is in: contexts are shared, and c2pa reads in the thread that asks.
    static CHECKS: Cell<u32> = const { Cell::new(0) };
}

/// A reader for one reading, in this thread, with one of the contexts made here.
pub(super) fn reader(context: &Arc<Context>) -> Reader {
    CHECKS.set(0);
    Reader::from_shared_context(context)
}

/// A context that gives up where a reading asks for more than [`MAX_CHECKS`].
fn bounded(settings: Value) -> Result<Arc<Context>, Error> {
    let goes_on = |phase: ProgressPhase, _: u32, _: u32| {
        // Hashing is bounded by the size of the file, and by `box_work` where it is not.
        if phase != ProgressPhase::VerifyingAssetHash {
            CHECKS.set(CHECKS.get().saturating_add(1));
        }
        CHECKS.get() <= MAX_CHECKS
    };
    Ok(Arc::new(context(parsed(settings)?)?.with_progress_callback(goes_on)))
}

/// Contexts for signing, one with each of two signers: no thumbnail, and no check after signing because the self-check is
/// ours.
pub(super) fn signing<S>(first: S, second: S) -> Result<(Arc<Context>, Arc<Context>), Error>
where
    S: c2pa::Signer + Send + Sync + 'static,
{
    let mut settings = offline();
    settings["verify"]["verify_after_sign"] = false.into();
    settings["builder"] = json!({
        "thumbnail": { "enabled": false },
        // We opened the parent ourselves: our own statement, not merely gathered (C2PA 2.2, 10.3).
        "created_assertion_labels": [label::INGREDIENT_PREFIX],
    });
    settings["trust"] = json!({ "trust_config": EXTENDED_KEY_USAGES });
    // Parsed once for both: that takes longer than all else here.
    let settings = parsed(settings)?;
    let with = |signer| -> Result<_, Error> { Ok(Arc::new(context(settings.clone())?.with_signer(signer))) };
    Ok((with(first)?, with(second)?))
}

fn offline() -> Value {
    json!({
        "verify": { "remote_manifest_fetch": false, "ocsp_fetch": false },
        "core": { "allowed_network_hosts": [], "allow_redirects": false, "decode_identity_assertions": false },
    })
}

fn parsed(settings: Value) -> Result<Settings, Error> {
    Settings::new().with_json(&settings.to_string()).map_err(failed)
}

fn context(settings: Settings) -> Result<Context, Error> {
    Context::new().with_settings(settings).map_err(failed)
}

fn failed(source: c2pa::Error) -> Error {
    Error::Manifest {
        doing: "configure the C2PA library",
        source: Box::new(source),
    }
}
