//! Writes the stamped fixtures to `fixtures/stamped/` that are not there: those that are stay as they are.

use std::{error::Error, fs};

use touchmark_tests::stamped::{STAMPED, folder};

fn main() -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder())?;
    for stamped in STAMPED {
        let path = folder().join(stamped.name);
        if path.exists() {
            continue;
        }
        let bytes = stamped.bytes()?;
        fs::write(path, &bytes)?;
        println!("{:>7} {}", bytes.len(), stamped.name);
    }
    Ok(())
}
