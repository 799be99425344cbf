//! Writes the test identity to `fixtures/keys/`.

use std::{error::Error, fs};

use touchmark_tests::keys::{files, folder};

fn main() -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder())?;
    for (name, text) in files()? {
        fs::write(folder().join(name), text)?;
        println!("{name}");
    }
    Ok(())
}
