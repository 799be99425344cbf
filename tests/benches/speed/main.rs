//! `cargo speed`: what stamping and verifying cost, as ratios of processor time within one run (performance.md 10).
//!
//! The floor is what physics asks: hash the file once, sign once, copy once (performance.md 1). The peer is c2pa's own
//! `Builder::sign`, `sign_file` and `Reader`, with a shared context, without thumbnail and without check after signing.
//! Each ratio compares two things measured in turns, so that what else the machine does weighs on both alike.

mod children;
mod peer;
mod pixels;
mod processes;
mod verifying;

use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark::{Disclosure, Limits, Order, Signer, Stamped, Stamper};
use touchmark_image::SourceImage;
use touchmark_provenance::manifest::ManifestReader;
use touchmark_tests::pictures::bench::Size;
use touchmark_tests::{identity, pictures};

use peer::Peer;
use touchmark_cli::clock;
use touchmark_cli::clock::costs;

/// Formats and sizes, with what performance.md 10 asks for.
const ROWS: &[Row] = &[
    Row::new("jpeg", Size(680, 680), 1.40, 2.5, 1.8),
    Row::new("jpeg", Size(1280, 1280), 1.15, 2.5, 1.8),
    Row::new("jpeg", Size(2048, 2048), 1.15, 2.5, 1.8),
    Row::new("png", Size(512, 512), 1.15, 1.4, 1.8),
    Row::new("png", Size(1024, 1024), 1.15, 1.4, 1.8),
    Row::new("png", Size(2048, 2048), 1.15, 1.4, 1.8),
    Row::new("webp", Size(1024, 1024), 1.15, 1.4, 1.8),
];

struct Row {
    format: &'static str,
    size: Size,
    /// At most this many times the floor.
    floor: f64,
    /// At least this many times faster than `Builder::sign`.
    builder: f64,
    /// At least this many times faster than `sign_file`.
    sign_file: f64,
}

impl Row {
    const fn new(format: &'static str, size: Size, floor: f64, builder: f64, sign_file: f64) -> Self {
        Self {
            format,
            size,
            floor,
            builder,
            sign_file,
        }
    }
}

/// What the measurements share.
struct Bench {
    stamper: Stamper,
    signer: Arc<Signer>,
    reader: ManifestReader,
    peer: Peer,
    disclosure: Disclosure,
    now: OffsetDateTime,
}

fn main() -> Result<(), Box<dyn Error>> {
    let identity = identity::fresh()?;
    let signer = Arc::new(identity.signer()?);
    let bench = Bench {
        stamper: Stamper::new(identity.signer()?)?,
        reader: ManifestReader::new(Arc::new(identity::trusting(&identity)?))?,
        peer: Peer::new(&signer)?,
        signer,
        disclosure: identity::disclosure()?,
        now: OffsetDateTime::now_utc(),
    };
    let folder = tempfile::tempdir()?;
    println!("microseconds of processor time an image, medians; ratios within each row; goals in brackets");
    println!(
        "{:<16} {:>9} {:>9} {:>9} {:>14} {:>9} {:>15} {:>9} {:>9} {:>15} {:>9} {:>15}",
        "picture",
        "bytes",
        "floor",
        "stamp",
        "/floor",
        "Builder",
        "x stamp",
        "file",
        "sign_file",
        "x file",
        "layer",
        "/Reader"
    );
    for row in ROWS {
        bench.row(row, folder.path())?;
    }
    bench.overhead()?;
    let small = pictures::bench::picture("jpeg", Size(1024, 1024))?;
    // What the machine itself takes for using both cores: nothing is shared, and nothing allocated.
    two_threads("hashing alone", 2000, || {
        black_box(Sha256::digest(&small));
    });
    two_threads("manifest and labels", 600, || drop(black_box(bench.stamp(&small))));
    verifying::measure(&bench)?;
    pixels::measure(&bench, folder.path())?;
    processes::measure(folder.path())?;
    Ok(())
}

/// A batch on two threads: processor time an image beside that on one.
fn two_threads(what: &str, images: usize, work: impl Fn() + Sync) {
    let on = |threads: usize| {
        let before = clock::of_process();
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| (0..images / threads).for_each(|_| work()));
            }
        });
        (clock::of_process() - before).as_secs_f64() * 1e6 / images as f64
    };
    work();
    let mut pairs: Vec<(f64, f64)> = (0..5).map(|_| (on(1), on(2))).collect();
    pairs.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let (one, two) = pairs[2];
    println!(
        "1024x1024 jpeg, {what}: one thread {one:.1}, two threads {two:.1} {}",
        ratio(two / one, "<=", 1.05)
    );
}

impl Bench {
    /// Manifest and labels: the stamp that leaves the coded picture as it is, to the byte.
    fn stamp(&self, bytes: &[u8]) -> Result<Stamped, touchmark::Error> {
        self.stamper
            .stamp_as(bytes, &Order::without_pixels(&self.disclosure), self.now)
    }

    fn row(&self, row: &Row, folder: &Path) -> Result<(), Box<dyn Error>> {
        let bytes = pictures::bench::picture(row.format, row.size)?;
        let stamped = self.stamp(&bytes)?.into_bytes();
        let image = SourceImage::parse(&stamped, &Limits::default())?;
        let mime = image.format().mime_type();
        let source = folder.join(format!("source.{}", row.format));
        fs::write(&source, &bytes)?;
        let order = Order::without_pixels(&self.disclosure);

        let [floor, stamp, builder] = costs([
            &mut || {
                drop(black_box((
                    Sha256::digest(&bytes),
                    self.signer.sign(&bytes[..bytes.len().min(700)]),
                    bytes.clone(),
                )));
            },
            &mut || drop(black_box(self.stamp(&bytes))),
            &mut || drop(black_box(self.peer.sign(mime, &bytes))),
        ]);
        let (ours, theirs) = (folder.join("ours"), folder.join(format!("theirs.{}", row.format)));
        let [file, sign_file] = costs([
            &mut || {
                let _ = fs::remove_file(&ours);
                let (source, target) = (File::open(&source), File::create(&ours));
                if let (Ok(source), Ok(mut target)) = (source, target) {
                    drop(black_box(self.stamper.stamp_file(
                        source,
                        &mut target,
                        &order,
                        self.now,
                    )));
                }
            },
            &mut || {
                let _ = fs::remove_file(&theirs);
                drop(black_box(self.peer.sign_file(mime, &source, &theirs)));
            },
        ]);
        let [layer, reader] = costs([&mut || drop(black_box(self.reader.read(&image, self.now))), &mut || {
            drop(black_box(self.peer.read(mime, &stamped)))
        }]);
        println!(
            "{:<16} {:>9} {floor:>9.1} {stamp:>9.1} {} {builder:>9.1} {} {file:>9.1} {sign_file:>9.1} {} {layer:>9.1} {}",
            format!("{}x{} {}", row.size.0, row.size.1, row.format),
            bytes.len(),
            ratio(stamp / floor, "<=", row.floor),
            ratio(builder / stamp, ">=", row.builder),
            ratio(sign_file / file, ">=", row.sign_file),
            ratio(layer / reader, "<=", 1.05),
        );
        Ok(())
    }

    /// What a stamp adds to a file, and how much of it is assertions.
    fn overhead(&self) -> Result<(), Box<dyn Error>> {
        let bytes = pictures::bench::picture("jpeg", Size(512, 512))?;
        let stamped = self.stamp(&bytes)?;
        let image = SourceImage::parse(stamped.bytes(), &Limits::default())?;
        let container = image.container()?;
        let store = container.stores[0].reassemble(&image).into_owned();
        let assertions = assertions_len(&store).ok_or("no assertions in the store")?;
        println!(
            "manifest: {} bytes, {} of them assertions, {} beside [<= 3072]; XMP: {} bytes",
            store.len(),
            assertions,
            store.len() - assertions,
            stamped.bytes().len() - bytes.len() - container.stores[0].ranges[0].len(),
        );
        Ok(())
    }
}

fn ratio(found: f64, relation: &str, goal: f64) -> String {
    format!("{found:>6.2} [{relation} {goal:.2}]")
}

/// Bytes of the assertion store: the payload of the box whose label that is.
fn assertions_len(store: &[u8]) -> Option<usize> {
    let label = store.windows(16).position(|window| window == b"c2pa.assertions\0")?;
    // Length and type of the superbox, length and type of its description, UUID and toggles stand before the label.
    let start = label.checked_sub(8 + 8 + 16 + 1)?;
    let length = store.get(start..start + 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(length)).ok()
}
