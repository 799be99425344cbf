//! `bench speed`: what stamping and verifying cost on this machine, beside the least that they can.

mod harness;
mod pictures;
mod survive;
mod unmarked;

use std::hint::black_box;
use std::io::{Seek, Write};
use std::path::Path;

use serde_json::json;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark::{Disclosure, Limits, Order, Signer, Stamper, TrustLists, Verifier};

use crate::args::{Bench, BenchSpeed};
use crate::clock::costs;
use crate::console::print;
use crate::exit;
use crate::failure::Failure;
use crate::files::{self, display_name};
use crate::identities;

pub fn run(args: &Bench) -> Result<u8, Failure> {
    match args {
        Bench::Speed(args) => speed(args),
        Bench::Survive(args) => survive::run(args),
        Bench::Unmarked(args) => unmarked::run(args),
        Bench::Embed(args) => harness::embed(args),
        Bench::Detect(args) => harness::detect(args),
    }
}

/// Microseconds of processor time an image.
struct Costs {
    floor: f64,
    stamp: f64,
    file: f64,
    verify: f64,
}

fn speed(args: &BenchSpeed) -> Result<u8, Failure> {
    let now = OffsetDateTime::now_utc();
    let given = args.images.iter().map(|path| read(path));
    let pictures: Vec<(String, Vec<u8>)> = match args.images.is_empty() {
        true => pictures::all()?,
        false => given.collect::<Result<_, _>>()?,
    };
    // An identity that nothing keeps: what is measured does not depend on whose it is.
    let signer = identities::passing_local(now)?;
    if !args.json {
        print(&format!(
            "microseconds of processor time an image, medians; one thread\n{:<24} {:>10} {:>9} {:>9} {:>8} {:>9} {:>9} {:>8}\n",
            "picture", "bytes", "floor", "stamp", "/floor", "to file", "verify", "/floor"
        ))?;
    }
    for (name, bytes) in pictures {
        let costs = measure(&name, &bytes, &signer, now)?;
        print(&match args.json {
            true => format!(
                "{}\n",
                json!({
                    "picture": name,
                    "bytes": bytes.len(),
                    "floor_us": costs.floor,
                    "stamp_us": costs.stamp,
                    "stamp_file_us": costs.file,
                    "verify_us": costs.verify,
                })
            ),
            false => format!(
                "{name:<24} {:>10} {:>9.1} {:>9.1} {:>8.2} {:>9.1} {:>9.1} {:>8.2}\n",
                bytes.len(),
                costs.floor,
                costs.stamp,
                costs.stamp / costs.floor,
                costs.file,
                costs.verify,
                costs.verify / costs.floor,
            ),
        })?;
    }
    if !args.json {
        print(
            "floor: the file hashed, signed and copied once. stamp: manifest and labels, in memory.\n\
             to file: the same from file to file, not synced. verify: the manifest, and the hash of the file.\n",
        )?;
    }
    Ok(exit::DONE)
}

fn read(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    Ok((display_name(path), files::read(path, Limits::default().max_bytes)?))
}

fn measure(name: &str, bytes: &[u8], signer: &Signer, now: OffsetDateTime) -> Result<Costs, Failure> {
    let failed = |error: touchmark::Error| Failure::of_touchmark(format!("measure {name}"), &error);
    let stamper = Stamper::new(signer.clone()).map_err(failed)?;
    let verifier = Verifier::new(TrustLists::official()).map_err(failed)?.without_pixels();
    let disclosure = Disclosure::unfilled();
    let order = Order::without_pixels(&disclosure);
    // What cannot be stamped fails here, not in the clock.
    let stamped = stamper.stamp_as(bytes, &order, now).map_err(failed)?.into_bytes();
    let temporary = || tempfile::tempfile().map_err(|error| Failure::writing(Path::new("a temporary file"), &error));
    let (mut source, mut target) = (temporary()?, temporary()?);
    source
        .write_all(bytes)
        .map_err(|error| Failure::writing(Path::new("a temporary file"), &error))?;
    let signed = bytes.get(..700).unwrap_or(bytes);
    let [floor, stamp, file, verify] = costs([
        &mut || {
            drop(black_box((Sha256::digest(bytes), signer.sign(signed), bytes.to_vec())));
        },
        &mut || drop(black_box(stamper.stamp_as(bytes, &order, now))),
        &mut || {
            // An old file is emptied first, as a new one is.
            let _ = target.set_len(0).and_then(|()| target.rewind());
            drop(black_box(stamper.stamp_file(&source, &mut target, &order, now)));
        },
        &mut || drop(black_box(verifier.verify(&stamped, now))),
    ]);
    Ok(Costs {
        floor,
        stamp,
        file,
        verify,
    })
}
