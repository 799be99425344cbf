//! Writes the fixture pictures to `fixtures/images/`.

use std::{error::Error, fs};

use touchmark_tests::pictures::{PICTURES, folder};

fn main() -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder())?;
    for picture in PICTURES {
        let bytes = picture.bytes()?;
        fs::write(folder().join(picture.name), &bytes)?;
        println!("{:>7} {}", bytes.len(), picture.name);
    }
    Ok(())
}
