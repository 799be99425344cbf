//! `cargo speed`: what stamping and verifying cost, as ratios of processor time within one run.
//!
//! The floor is what physics asks: hash the file once, sign once, copy once (performance.md 1). The peer is c2pa's own
//! `Builder::sign` and `Reader`, with a shared context and without thumbnail or check after signing.

use std::hint::black_box;
use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use c2pa::{Builder, Context, Reader};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark::{Limits, Stamper, Verifier};
use touchmark_image::{Layout, SourceImage};
use touchmark_provenance::manifest::{Ids, ManifestReader, ManifestSigner, Origin, StampFacts};
use touchmark_provenance::metadata::Requests;
use touchmark_signing::Signer;
use touchmark_tests::peer::CoseSigner;
use touchmark_tests::{identity, pictures};

/// Processor time spent on each figure.
const BUDGET: Duration = Duration::from_millis(400);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let identity = identity::fresh()?;
    let disclosure = identity::disclosure()?;
    let signer = Arc::new(identity.signer()?);
    let stamper = Stamper::new(identity.signer()?)?;
    let manifests = ManifestSigner::new(Arc::clone(&signer))?;
    let lists = Arc::new(identity::trusting(&identity)?);
    let verifier = Verifier::new(identity::trusting(&identity)?)?;
    let reader = ManifestReader::new(lists)?;
    let peer = Peer::new(&signer)?;
    let now = OffsetDateTime::now_utc();

    println!("microseconds of processor time an image, and ratios to the floor or the peer of the same row");
    println!(
        "{:<18} {:>8} {:>8} {:>14} {:>14} {:>14} {:>8} {:>14} {:>14}",
        "picture", "bytes", "floor", "sign", "stamp", "Builder::sign", "Reader", "manifest layer", "verify"
    );
    for name in ["flat.jpg", "baseline-exif.jpg", "rgb.png", "lossless.webp"] {
        let Some(picture) = pictures::PICTURES.iter().find(|picture| picture.name == name) else {
            continue;
        };
        let bytes = picture.bytes()?;
        let image = SourceImage::parse(&bytes, &Limits::default())?;
        let container = image.container()?;
        let layout = Layout::new(&container, None)?;
        let stamped = stamper.stamp(&bytes, &disclosure, now)?.into_bytes();
        let stamped_image = SourceImage::parse(&stamped, &Limits::default())?;
        let mime = image.format().mime_type();

        let floor = cost(|| {
            (
                Sha256::digest(&bytes),
                signer.sign(&bytes[..bytes.len().min(700)]),
                bytes.clone(),
            )
        });
        let sign = cost(|| {
            let facts = StampFacts {
                disclosure: &disclosure,
                origin: Origin::Created,
                created: now,
                ids: Ids::from_random([7; 32]),
                requests: &Requests::default(),
            };
            manifests.sign(&image, &container, layout.clone(), &facts)
        });
        let stamp = cost(|| stamper.stamp(&bytes, &disclosure, now));
        let builder = cost(|| peer.sign(mime, &bytes));
        let reading = cost(|| peer.read(mime, &stamped));
        let layer = cost(|| reader.read(&stamped_image, now));
        let verify = cost(|| verifier.verify(&stamped, now));
        println!(
            "{name:<18} {:>8} {floor:>8.1} {} {} {} {reading:>8.1} {} {}",
            bytes.len(),
            ratio(sign, floor),
            ratio(stamp, floor),
            ratio(builder, floor),
            ratio(layer, reading),
            ratio(verify, reading),
        );
    }
    Ok(())
}

fn ratio(cost: f64, to: f64) -> String {
    format!("{cost:>8.1} {:>4.2}x", cost / to)
}

/// Mean microseconds of this thread's processor time for one call.
fn cost<T>(mut call: impl FnMut() -> T) -> f64 {
    black_box(call());
    let start = processor_time();
    let mut calls = 0_u32;
    while processor_time() - start < BUDGET {
        black_box(call());
        calls += 1;
    }
    (processor_time() - start).as_secs_f64() * 1e6 / f64::from(calls)
}

/// Processor time of the calling thread; wall time is no measure on a shared machine.
#[cfg(unix)]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Wall time, where the thread's own is not to be had.
#[cfg(not(unix))]
fn processor_time() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// c2pa's own way of signing and reading.
struct Peer {
    signing: Arc<Context>,
    reading: Arc<Context>,
}

const DEFINITION: &str = r#"{"claim_generator_info":[{"name":"peer","version":"1"}],"assertions":[{"label":"c2pa.actions.v2",
"data":{"actions":[{"action":"c2pa.created","digitalSourceType":"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"}]}}]}"#;

impl Peer {
    fn new(signer: &Arc<Signer>) -> Result<Self, c2pa::Error> {
        let settings = r#"{"verify":{"verify_after_sign":false,"remote_manifest_fetch":false},"builder":{"thumbnail":{"enabled":false}}}"#;
        Ok(Self {
            signing: Arc::new(
                Context::new()
                    .with_settings(settings)?
                    .with_signer(CoseSigner(Signer::clone(signer))),
            ),
            reading: Arc::new(Context::new().with_settings(settings)?),
        })
    }

    fn sign(&self, mime: &str, bytes: &[u8]) -> Result<Vec<u8>, c2pa::Error> {
        let mut out = Cursor::new(Vec::new());
        Builder::from_shared_context(&self.signing)
            .with_definition(DEFINITION)?
            .save_to_stream(mime, &mut Cursor::new(bytes), &mut out)?;
        Ok(out.into_inner())
    }

    fn read(&self, mime: &str, bytes: &[u8]) -> Result<Reader, c2pa::Error> {
        Reader::from_shared_context(&self.reading).with_stream(mime, Cursor::new(bytes))
    }
}
