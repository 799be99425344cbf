//! Writes certificates that break one rule each to `tests/cmd/keys-check.in/`.

use std::{error::Error, fs};

use touchmark_tests::rules::{files, folder};

fn main() -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder())?;
    for (name, text) in files()? {
        fs::write(folder().join(&name), text)?;
        println!("{name}");
    }
    Ok(())
}
