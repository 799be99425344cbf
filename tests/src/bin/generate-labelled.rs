//! Writes the labelled fixtures to `fixtures/labelled/`.

use std::{error::Error, fs};

use touchmark_tests::labelled::{cases, folder};

fn main() -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder())?;
    for case in cases() {
        let bytes = case.bytes().map_err(|error| format!("{}: {error}", case.name))?;
        fs::write(folder().join(case.name), &bytes)?;
        println!("{:>7} {}", bytes.len(), case.name);
    }
    Ok(())
}
