//! The labelled fixtures: pictures with labels that anyone can write, each signal of in-the-wild.md 1 in each container it
//! occurs in, and the traps beside them. `generate-labelled` writes them to `fixtures/labelled/`, the same bytes on every
//! machine; `fixtures/expected.toml` says what each must yield.

mod clashes;
mod exif;
mod front_ends;
mod services;
mod traps;
mod wrap;
mod xmp;

use std::fs;
use std::path::PathBuf;

use crate::forge::Made;

/// One labelled fixture and how it is made.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// File name in `fixtures/labelled/`.
    pub name: &'static str,
    make: fn() -> Made,
}

impl Case {
    /// Makes the file.
    ///
    /// # Errors
    /// Those of the encoders; none is expected.
    pub fn bytes(&self) -> Made {
        (self.make)()
    }
}

/// Every labelled fixture. To add one: a function and its line in the module of its kind, `generate-labelled`, an entry in
/// `fixtures/expected.toml`.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    [
        xmp::CASES,
        front_ends::CASES,
        services::CASES,
        traps::CASES,
        clashes::CASES,
    ]
    .into_iter()
    .flatten()
}

/// The folder the files are committed in.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/labelled"))
}

const fn case(name: &'static str, make: fn() -> Made) -> Case {
    Case { name, make }
}

/// A picture of `fixtures/images/`.
fn picture(name: &str) -> Made {
    Ok(fs::read(crate::pictures::folder().join(name))?)
}

/// A UUID as services number their jobs.
const UUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// What AUTOMATIC1111 writes.
const PARAMETERS: &str = "a lighthouse at dawn\nNegative prompt: people\nSteps: 20, Sampler: Euler a, CFG scale: 7, \
    Seed: 965400086, Size: 512x512, Model hash: 6ce0161689, Model: dream_v5, Version: v1.10.1";

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_case_is_made_again_as_committed() {
        for case in cases() {
            let committed = fs::read(folder().join(case.name)).unwrap();
            assert!(
                case.bytes().unwrap() == committed,
                "{} differs: run generate-labelled",
                case.name
            );
        }
    }

    #[test]
    fn the_folder_holds_these_files_and_no_others() {
        let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap());
        let names: BTreeSet<_> = files.map(|file| file.file_name().into_string().unwrap()).collect();
        assert_eq!(names, cases().map(|case| case.name.to_owned()).collect());
    }
}
