//! Writes the marked fixtures to `fixtures/marked/` that are not there: those that are stay as they are.

use std::{error::Error, fs};

use touchmark_tests::marked::{MARKED, folder};

fn main() -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder())?;
    for marked in MARKED {
        let path = folder().join(marked.name);
        if path.exists() {
            continue;
        }
        let bytes = marked.bytes()?;
        fs::write(path, &bytes)?;
        println!("{:>7} {}", bytes.len(), marked.name);
    }
    Ok(())
}
