//! Whole runs of the command: processor time of one picture, and the memory that a large one takes.

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use touchmark_tests::pictures::{self, bench::Size};

use super::children;

/// Runs whose mean is told.
const RUNS: usize = 100;
/// The layers that leave the coded picture as it is.
const UNCHANGED: &str = "manifest,metadata";
/// Far more than what may be in memory.
const LARGE: u64 = 300 << 20;

/// Prints what a run costs.
pub fn measure(folder: &Path) -> Result<(), Box<dyn Error>> {
    let program = Path::new(env!("CARGO_BIN_EXE_touchmark-under-test"));
    let data = folder.join("data");
    let touchmark = || {
        let mut command = Command::new(program);
        command
            .env("TOUCHMARK_DATA_DIR", &data)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    for (format, size) in [("jpeg", Size(1024, 1024)), ("png", Size(1024, 1024))] {
        let (picture, stamped) = (
            folder.join(format!("one.{format}")),
            folder.join(format!("one.stamped.{format}")),
        );
        fs::write(&picture, pictures::bench::picture(format, size)?)?;
        let stamp = || {
            let mut command = touchmark();
            command
                .args(["stamp", "--layers", UNCHANGED, "--force", "--no-sync", "-o"])
                .arg(&stamped)
                .arg(&picture);
            command
        };
        let verify = || {
            let mut command = touchmark();
            command
                .args(["verify", "--no-pixels", "--require", "intact"])
                .arg(&stamped);
            command
        };
        // Makes the local identity.
        stamp().status()?;
        println!(
            "one process, one 1024x1024 {format}: stamp {:.1} ms [<= 7], verify {:.1} ms [<= 6]",
            mean(stamp)? * 1e3,
            mean(verify)? * 1e3
        );
    }
    let (picture, stamped) = (folder.join("large.png"), folder.join("large.stamped.png"));
    write_large_png(&picture)?;
    let mut command = touchmark();
    command
        .args(["stamp", "--layers", UNCHANGED, "--no-sync", "-o"])
        .arg(&stamped)
        .arg(&picture);
    println!(
        "peak memory of stamping a PNG of {} MiB: {} [<= 20 MiB]",
        LARGE >> 20,
        peak(command)?
    );
    Ok(())
}

/// Mean processor seconds of a finished child. The kernel tells them in steps of 10 ms for all children together, so
/// many run between two looks.
fn mean(command: impl Fn() -> Command) -> Result<f64, Box<dyn Error>> {
    let before = children::processor_time();
    for _ in 0..RUNS {
        let status = command().status()?;
        if !status.success() {
            return Err(format!("the command failed: {status}").into());
        }
    }
    Ok((children::processor_time() - before).as_secs_f64() / RUNS as f64)
}

/// The most memory that a child had, as GNU time tells it.
fn peak(command: Command) -> Result<String, Box<dyn Error>> {
    let mut timed = Command::new("time");
    timed
        .args(["-f", "%M", "--"])
        .arg(command.get_program())
        .args(command.get_args());
    for (key, value) in command.get_envs() {
        timed.env(key, value.unwrap_or_default());
    }
    let output = match timed.stdout(Stdio::null()).output() {
        Ok(output) => output,
        Err(error) => return Ok(format!("not measured, GNU time does not run: {error}")),
    };
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let kibibytes: f64 = told.lines().last().unwrap_or_default().trim().parse()?;
    Ok(format!("{:.1} MiB", kibibytes / 1024.0))
}

/// A PNG whose coded data is noise: nothing decodes it here.
fn write_large_png(path: &Path) -> Result<(), Box<dyn Error>> {
    let small = pictures::bench::picture("png", Size(64, 64))?;
    let mut file = File::create(path)?;
    file.write_all(&small[..small.len() - 12])?;
    let mut noise = vec![0_u8; 1 << 20];
    getrandom::fill(&mut noise)?;
    let crc = {
        let mut crc = crc32fast::Hasher::new();
        crc.update(b"IDAT");
        crc.update(&noise);
        crc.finalize().to_be_bytes()
    };
    for _ in 0..LARGE >> 20 {
        file.write_all(&(1_u32 << 20).to_be_bytes())?;
        file.write_all(b"IDAT")?;
        file.write_all(&noise)?;
        file.write_all(&crc)?;
    }
    file.write_all(&small[small.len() - 12..])?;
    Ok(())
}
