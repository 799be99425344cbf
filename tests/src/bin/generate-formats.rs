//! Writes the signed files of other formats to `fixtures/formats/` that are not there: those that are stay as they are.

use std::{error::Error, fs};

use touchmark_tests::formats::{files, folder};

fn main() -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder())?;
    for (name, bytes) in files()? {
        let path = folder().join(&name);
        if path.exists() {
            continue;
        }
        fs::write(path, &bytes)?;
        println!("{:>7} {name}", bytes.len());
    }
    Ok(())
}
