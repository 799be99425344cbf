//! `bench embed` and `bench detect`: many pictures in one process, as harnesses of watermark research drive a tool.

use std::path::Path;

use touchmark_attacks::Picture;
use touchmark_image::{Limits, Pixels};
use touchmark_signal::watermark::{Detection, Detector, Embedder, Strength, WatermarkId, WatermarkKey};

use super::survive::{Place, png};
use crate::args::BenchList;
use crate::clock::of_thread;
use crate::console::{print, tell_user};
use crate::draft::WriteOptions;
use crate::exit;
use crate::failure::{Code, Failure};
use crate::files;

/// Lines of id, input and output; prints output and seconds of processor time. Outputs are PNG, without metadata.
pub fn embed(args: &BenchList) -> Result<u8, Failure> {
    let embedder = Embedder::new(&WatermarkKey::public());
    let options = WriteOptions {
        replace: true,
        sync: false,
        private: false,
    };
    for line in lines(args)?.lines() {
        let failed = |why: &dyn std::fmt::Display| Failure::new(Code::Unreadable, format!("mark {line}")).because(why);
        let mut fields = line.split('\t');
        let (Some(id), Some(input), Some(output), None) = (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(failed(&"it is not an id, an input and an output with tabs between"));
        };
        let id = id.parse::<WatermarkId>().map_err(|error| failed(&error))?;
        let mut pixels = read(input)?;
        let before = of_thread();
        if let Err(refusal) = embedder.embed(&mut pixels, id, Strength::Default) {
            tell_user(format_args!("{input}: {refusal}"));
            continue;
        }
        let seconds = (of_thread() - before).as_secs_f64();
        let file = png(&Picture::of(&pixels)).map_err(|error| failed(&error))?;
        files::write_atomic(Path::new(output), &file, options)?;
        print(&format!("{output}\t{seconds:.4}\n"))?;
    }
    Ok(exit::DONE)
}

/// Lines of paths; prints path, id or nothing, and seconds of processor time.
pub fn detect(args: &BenchList) -> Result<u8, Failure> {
    let detector = Detector::new(&[WatermarkKey::public()]);
    for path in lines(args)?.lines() {
        let pixels = read(path)?;
        let before = of_thread();
        let detection = detector.detect(&pixels);
        let seconds = (of_thread() - before).as_secs_f64();
        let id = match detection {
            Detection::Found(reading) => reading.id.to_string(),
            _ => String::new(),
        };
        print(&format!("{path}\t{id}\t{seconds:.4}\n"))?;
    }
    Ok(exit::DONE)
}

fn lines(args: &BenchList) -> Result<String, Failure> {
    files::read_text(&args.list, Limits::default().max_bytes)
}

fn read(path: &str) -> Result<Pixels, Failure> {
    let named = Place::File(path.into()).picture()?;
    let no_pixels = || Failure::new(Code::OverLimit, format!("read {path}"));
    named.picture.into_pixels().ok_or_else(no_pixels)
}
