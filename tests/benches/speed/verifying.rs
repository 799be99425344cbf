//! Verifying, layer by layer: what labels add, and a batch on two threads.

use std::error::Error;
use std::hint::black_box;

use touchmark::{Limits, TrustLists, Verifier};
use touchmark_image::SourceImage;
use touchmark_provenance::metadata::{Prompts, inspect_with};
use touchmark_tests::pictures::{self, bench::Size};

use super::{Bench, two_threads};
use touchmark_cli::clock::costs;

/// Prints what the labels of stamped pictures of about a megabyte cost, and a whole look without the pixels on two threads.
pub fn measure(bench: &Bench) -> Result<(), Box<dyn Error>> {
    for (format, size) in [
        ("jpeg", Size(3072, 3072)),
        ("png", Size(900, 900)),
        ("webp", Size(900, 900)),
    ] {
        let stamped = bench.stamp(&pictures::bench::picture(format, size)?)?;
        let image = SourceImage::parse(stamped.bytes(), &Limits::default())?;
        let [labels] = costs([&mut || drop(black_box(inspect_with(&image, Prompts::Count)))]);
        println!(
            "labels of a stamped {format} of {} bytes: {labels:.1} [<= 50]",
            stamped.bytes().len()
        );
    }
    let verifier = Verifier::new(TrustLists::official())?.without_pixels();
    let stamped = bench.stamp(&pictures::bench::picture("jpeg", Size(1024, 1024))?)?;
    two_threads("verified without its pixels", 300, || {
        drop(black_box(verifier.verify(stamped.bytes(), bench.now)));
    });
    Ok(())
}
