//! The hostile fixtures: one small function a case, named by the defect. `generate-hostile` writes them to
//! `fixtures/hostile/`, the same bytes on every machine; `fixtures/expected.toml` says what each must yield and teaches.
//! The signer is a made-up organisation on no list, unless the case is about the signer.

mod addresses;
mod containers;
mod content;
pub(crate) mod edit;
mod files;
mod formats;
mod histories;
mod parsers;
mod records;
mod redactions;
mod signers;
mod sizes;
mod statements;
mod stores;
mod times;

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use crate::certificates::{Holder, Plan};
use crate::forge::{self, Draft, Made, Seal};

/// One hostile fixture and how it is made.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// File name in `fixtures/hostile/`.
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

/// Every hostile fixture. To add one: a function and its line in the module of its kind, `generate-hostile`, an entry in
/// `fixtures/expected.toml`.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    [
        content::CASES,
        records::CASES,
        histories::CASES,
        parsers::CASES,
        redactions::CASES,
        signers::CASES,
        times::CASES,
        statements::CASES,
        stores::CASES,
        sizes::CASES,
        containers::CASES,
        formats::CASES,
        addresses::CASES,
        files::CASES,
    ]
    .into_iter()
    .flatten()
}

/// Cases that are too large to be kept as files.
pub fn large_cases() -> impl Iterator<Item = &'static Case> {
    sizes::LARGE.iter()
}

/// The folder the files are committed in.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/hostile"))
}

const fn case(name: &'static str, make: fn() -> Made) -> Case {
    Case { name, make }
}

/// Made by AI, all of it.
const GENERATED: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

/// Taken by a camera.
const CAMERA: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture";

/// A picture of `fixtures/images/`.
fn picture(name: &str) -> Made {
    Ok(fs::read(crate::pictures::folder().join(name))?)
}

/// The authority behind the stranger and most other signers here. On no list, unless a test puts it on one.
///
/// # Errors
/// Those of the encoder; none is expected.
pub fn authority() -> Result<Holder, Box<dyn Error>> {
    Plan::authority("Example Authority").self_signed()
}

/// The authority behind the outsider alone, so that a list can hold one and not the other.
///
/// # Errors
/// Those of the encoder; none is expected.
pub fn other_authority() -> Result<Holder, Box<dyn Error>> {
    Plan::authority("Other Authority").self_signed()
}

/// A signer that nobody knows and nothing is wrong with.
fn stranger() -> Result<Holder, Box<dyn Error>> {
    Plan::signer("Example Pictures").issued_by(&authority()?)
}

/// Another such signer, under another authority.
fn outsider() -> Result<Holder, Box<dyn Error>> {
    Plan::signer("Outside Pictures").issued_by(&other_authority()?)
}

/// A manifest of the stranger's that says "made by AI".
fn draft(name: &str) -> Result<Draft, Box<dyn Error>> {
    Ok(Draft::new(name, Some(GENERATED), Seal::of(&stranger()?)))
}

/// A picture that the stranger signed, nothing wrong with it.
fn signed(name: &str) -> Made {
    forge::sign_into(&picture(name)?, &draft(name)?, &[])
}

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
                "{} differs: run generate-hostile",
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
