//! `bench` as typed.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use touchmark_attacks::Attack;

use crate::watermark::StrengthWord;

#[derive(Debug, Subcommand)]
pub enum Bench {
    /// Processor time of stamping and verifying, beside the least that they can take.
    Speed(BenchSpeed),
    /// What is left of the watermark after attacks, and what it costs a picture.
    Survive(BenchSurvive),
    /// Look for the watermark where there is none.
    Unmarked(BenchUnmarked),
    /// Mark the pictures of a list, for other programs that measure: lines of id, input and output, tabs between.
    #[command(hide = true)]
    Embed(BenchList),
    /// Look for marks in the pictures of a list, for other programs that measure.
    #[command(hide = true)]
    Detect(BenchList),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  touchmark bench speed                                pictures of usual sizes, made for this
  touchmark bench speed mine.png --json                pictures of yours; nothing is written beside them")]
pub struct BenchSpeed {
    /// Pictures to measure with, JPEG, PNG or WebP, without credentials.
    #[arg(value_name = "IMAGE")]
    pub images: Vec<PathBuf>,
    /// Answer as JSON, one object for each picture.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  touchmark bench survive                              pictures that touchmark draws, all attacks
  touchmark bench survive --images photos --svg survival.svg
  touchmark bench survive --attacks jpeg50,crop25,print-scan --json

Every picture is marked with the public key, attacked, and looked at; its unmarked original too. Nothing is written
beside the pictures. WebP and AVIF go through cwebp, avifenc and avifdec (Debian: webp, libavif-bin) where they are
installed; else those rows say so. Noise and places are drawn from --seed, so that a result can be repeated.

Exit codes: 0 measured, whatever was lost · 1 touchmark could not do its work · 2 usage ·
3 an answer that should not have been given: a wrong id, or a mark seen on an unmarked picture.")]
pub struct BenchSurvive {
    /// Use the pictures in this folder.
    #[arg(long, value_name = "DIR")]
    pub images: Option<PathBuf>,
    /// Only these attacks, with commas between.
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = attack)]
    pub attacks: Vec<&'static Attack>,
    /// How much the mark may change a picture.
    #[arg(long, value_enum, value_name = "STRENGTH", default_value_t = StrengthWord::Default)]
    pub strength: StrengthWord,
    /// Where noise, places and ids are drawn from.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// Pictures that are worked on at once (default: one a core).
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Answer as JSON.
    #[arg(long)]
    pub json: bool,
    /// Draw the result as a chart into this file.
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Replace the chart's file.
    #[arg(short, long, requires = "svg")]
    pub force: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  touchmark bench unmarked                             1,000 variants of pictures that touchmark draws
  touchmark bench unmarked --images photos --count 10000 --seed 7

A variant is a random part of a picture, in a random size, after a random attack. There is no mark in any, so every answer
is a false one.

Exit codes: 0 no answer · 1 touchmark could not do its work · 2 usage · 3 an answer, or a mark that was seen.")]
pub struct BenchUnmarked {
    /// Use the pictures in this folder, which must not carry marks made with the public key.
    #[arg(long, value_name = "DIR")]
    pub images: Option<PathBuf>,
    /// How many variants.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub count: u32,
    /// Where variants are drawn from.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// Pictures that are worked on at once (default: one a core).
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Answer as JSON.
    #[arg(long)]
    pub json: bool,
}

/// A list of work for `bench embed` and `bench detect`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  wmbench.py --images photos --name touchmark --embed-batch 'touchmark bench embed {list}' \\
      --detect-batch 'touchmark bench detect {list}'")]
pub struct BenchList {
    /// The list; `-` is standard input.
    pub list: PathBuf,
}

fn attack(name: &str) -> Result<&'static Attack, String> {
    Attack::named(name).ok_or_else(|| {
        let names: Vec<&str> = Attack::ALL.iter().map(Attack::name).collect();
        format!("the attacks are: {}", names.join(", "))
    })
}
