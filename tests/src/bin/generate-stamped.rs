//! Writes the stamped fixtures to `fixtures/stamped/`.

use std::{error::Error, fs};

use touchmark_tests::stamped::{STAMPED, folder};

fn main() -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder())?;
    for stamped in STAMPED {
        let bytes = stamped.bytes()?;
        fs::write(folder().join(stamped.name), &bytes)?;
        println!("{:>7} {}", bytes.len(), stamped.name);
    }
    Ok(())
}
