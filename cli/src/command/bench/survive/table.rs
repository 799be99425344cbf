//! The outcome of a trial as a table to read.

use std::fmt::Write;

use super::outcome::{Outcome, Row, Unmarked};
use super::trial::Marking;

/// The table, with what was marked above and what it means below.
pub fn table(outcome: &Outcome) -> String {
    let mut text = String::new();
    let width = outcome.pictures.iter().map(|course| course.picture.len()).max();
    let width = width.unwrap_or_default().max("picture".len());
    let mut line = |words: std::fmt::Arguments<'_>| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{words}");
    };
    line(format_args!(
        "{:<width$} {:>11} {:>7} {:>7} {:>9} {:>9}",
        "picture", "size", "PSNR", "SSIM", "embed ms", "recovered"
    ));
    for course in &outcome.pictures {
        let size = format!("{}x{}", course.width, course.height);
        match &course.marking {
            Marking::Marked {
                psnr, ssim, embed_ms, ..
            } => line(format_args!(
                "{:<width$} {size:>11} {psnr:>7.2} {ssim:>7.4} {embed_ms:>9.1} {:>9}",
                course.picture,
                format!("{}/{}", course.recovered, course.tried())
            )),
            Marking::Refused(why) => line(format_args!("{:<width$} {size:>11} not marked: {why}", course.picture)),
        }
    }
    line(format_args!(
        "\n{:<15} {:>9} {:>6} {:>10} {:>10}  what",
        "attack", "recovered", "wrong", "unreadable", "detect ms"
    ));
    for row in &outcome.attacks {
        line(format_args!("{}", attack(row)));
    }
    let marked = &outcome.marked;
    let (tried, recovered) = outcome.attacks.iter().fold((0, 0), |(tried, recovered), row| {
        (tried + row.tried, recovered + row.recovered)
    });
    line(format_args!(
        "\nmarked: {} pictures at strength {}, PSNR {:.2} dB (least {:.2}), SSIM {:.4} (least {:.4}), {:.1} ms a megapixel",
        marked.pictures,
        outcome.strength,
        marked.psnr_mean,
        marked.psnr_least,
        marked.ssim_mean,
        marked.ssim_least,
        marked.embed_ms_per_megapixel,
    ));
    line(format_args!(
        "recovered: {recovered} of {tried}, {:.1} %",
        100.0 * recovered as f64 / tried.max(1) as f64
    ));
    line(format_args!("{}", unmarked(&outcome.unmarked)));
    line(format_args!(
        "recovered: exactly the id that was embedded. ms: of one thread's processor time. Seed {}.",
        outcome.seed
    ));
    text
}

/// What was seen where there was nothing to see.
pub fn unmarked(unmarked: &Unmarked) -> String {
    format!(
        "unmarked: {} answers and {} unreadable marks in {} pictures, {:.0} ms a picture",
        unmarked.answers, unmarked.unreadable, unmarked.tried, unmarked.detect_ms
    )
}

fn attack(row: &Row) -> String {
    if row.tried == 0 {
        let why = row.not_run.as_deref().unwrap_or("no picture was marked");
        return format!("{:<15} not run: {why}  {}", row.attack, row.what);
    }
    format!(
        "{:<15} {:>9} {:>6} {:>10} {:>10.0}  {}",
        row.attack,
        format!("{}/{}", row.recovered, row.tried),
        row.wrong,
        row.unreadable,
        row.detect_ms,
        row.what
    )
}
