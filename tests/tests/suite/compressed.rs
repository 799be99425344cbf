//! Compressed manifests (C2PA 2.2, 11.2.4), which c2pa writes on request, are looked into like any other.

use std::sync::Arc;

use c2pa::assertions::DataHash;
use c2pa::{Builder, Context, HashRange, Settings};
use serde_json::json;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark::evidence::{Integrity, Level};
use touchmark::{Limits, Signer, Verifier};
use touchmark_image::{Layout, SourceImage, Splice};
use touchmark_tests::identity;
use touchmark_tests::peer::CoseSigner;
use touchmark_tests::pictures::PICTURES;

/// Salts are random, so the compressed length varies by a few bytes; of so many stores two in a row have one length.
const ATTEMPTS: usize = 500;

#[test]
fn a_compressed_manifest_is_looked_into() {
    let identity = identity::fresh().unwrap();
    let picture = PICTURES
        .iter()
        .find(|picture| picture.name == "palette.png")
        .unwrap()
        .bytes()
        .unwrap();
    let stamped = stamp_compressed(&picture, identity.signer().unwrap());
    assert!(
        stamped.windows(4).any(|window| window == b"brob"),
        "the manifest is compressed"
    );

    let verifier = Verifier::new(identity::trusting(&identity).unwrap()).unwrap();
    let now = OffsetDateTime::now_utc();
    let report = verifier.verify(&stamped, now).unwrap();
    assert_eq!(report.verdict().level, Level::Attested, "{}", report.to_text());

    let mut changed = stamped;
    let last = changed.len() - 20;
    changed[last] ^= 1;
    let verdict = verifier.verify(&changed, now).unwrap().verdict().clone();
    assert_eq!((verdict.level, verdict.integrity), (Level::Broken, Integrity::Altered));
}

pub(super) fn stamp_compressed(bytes: &[u8], signer: Signer) -> Vec<u8> {
    let settings = json!({
        "core": { "prefer_compress_manifests": true },
        "verify": { "verify_after_sign": false },
        "builder": { "thumbnail": { "enabled": false } },
    });
    let settings = Settings::new().with_json(&settings.to_string()).unwrap();
    let context = Arc::new(
        Context::new()
            .with_settings(settings)
            .unwrap()
            .with_signer(CoseSigner(signer)),
    );
    let definition = json!({
        "claim_version": 2,
        "claim_generator_info": [{ "name": "test", "version": "1", "specVersion": "2.4.0" }],
        "format": "image/png",
        "assertions": [{ "label": "c2pa.actions.v2", "created": true, "data": {
            "allActionsIncluded": true,
            "actions": [{
                "action": "c2pa.created",
                "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            }],
        } }],
    });
    let store = |exclusion: (u64, u64), hash: [u8; 32]| {
        let mut builder = Builder::from_shared_context(&context)
            .with_definition(definition.clone())
            .unwrap();
        let mut binding = DataHash::new("jumbf manifest", "sha256");
        binding.add_exclusion(HashRange::new(exclusion.0, exclusion.1));
        binding.set_hash(hash.to_vec());
        builder.add_assertion("c2pa.hash.data", &binding).unwrap();
        builder.sign_embeddable("application/c2pa").unwrap()
    };
    let image = SourceImage::parse(bytes, &Limits::default()).unwrap();
    let container = image.container().unwrap();
    // In PNG the bytes around the store, and so their hash, do not depend on its length.
    let layout = Layout::new(&container, None).unwrap();
    let around = Splice::new(layout.clone(), 0x1000).unwrap();
    let mut sha256 = Sha256::new();
    around
        .over(&image)
        .unwrap()
        .hashed()
        .for_each(|part| sha256.update(part));
    let hash = sha256.finalize().into();
    let mut planned = store(around.exclusion(), hash).len();
    for _ in 0..ATTEMPTS {
        let splice = Splice::new(layout.clone(), planned).unwrap();
        let store = store(splice.exclusion(), hash);
        if store.len() == planned {
            return splice.over(&image).unwrap().assemble(&store).unwrap();
        }
        // A rare length would not come again: the next plan is for the length that just came.
        planned = store.len();
    }
    panic!("no two stores in a row of {ATTEMPTS} had one length");
}
