//! The fuzz targets over what they have found before (`fuzz/seeds`): each input that reaches something else, and each that
//! once failed. Finding more is `.ci/fuzz`'s.
#![expect(clippy::expect_used, reason = "a fuzz target tells a fault by ending")]

use std::fs;
use std::path::Path;

/// What stands for libFuzzer.
pub mod libfuzzer {
    /// What libFuzzer's macro of this name wraps becomes a function over one input.
    macro_rules! fuzz_target {
        (|$input:ident: $kind:ty| $body:block) => {
            pub fn run(seed: &[u8]) {
                fn target($input: $kind) $body
                target(super::Input::of(seed));
            }
        };
    }
    pub(crate) use fuzz_target;
}

/// What a target takes, out of the bytes of a file.
trait Input<'a>: Sized {
    fn of(seed: &'a [u8]) -> Self;
}

impl<'a> Input<'a> for &'a [u8] {
    fn of(seed: &'a [u8]) -> Self {
        seed
    }
}

impl<'a> Input<'a> for &'a str {
    fn of(seed: &'a [u8]) -> Self {
        // As libFuzzer does: as far as it is text.
        seed.utf8_chunks().next().map_or("", |chunk| chunk.valid())
    }
}

/// libFuzzer parts the bytes in a way of its own; where, matters little.
impl Input<'_> for Vec<Vec<u8>> {
    fn of(seed: &[u8]) -> Self {
        let (first, second) = seed.split_at(seed.len() / 2);
        vec![first.to_vec(), second.to_vec()]
    }
}

macro_rules! targets {
    ($($name:ident in $path:literal),+ $(,)?) => {
        $(
            #[path = $path]
            #[expect(unused_attributes, reason = "as a program it has no main function")]
            mod $name;

            #[test]
            fn $name() {
                over_seeds(stringify!($name), $name::run);
            }
        )+

        #[test]
        fn every_target_is_here() {
            let folder = Path::new(FUZZ).join("fuzz_targets");
            let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
            let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
            names.sort();
            assert_eq!(names, [$(concat!(stringify!($name), ".rs")),+]);
        }
    };
}

const FUZZ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz");

fn over_seeds(target: &str, run: fn(&[u8])) {
    let folder = Path::new(FUZZ).join("seeds").join(target);
    let mut seeds = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        // Named where it panics.
        println!("{}", path.display());
        run(&fs::read(path).unwrap());
        seeds += 1;
    }
    assert!(seeds > 10, "{seeds} inputs");
}

targets! {
    answers in "../../../fuzz/fuzz_targets/answers.rs",
    bundle in "../../../fuzz/fuzz_targets/bundle.rs",
    certificate in "../../../fuzz/fuzz_targets/certificate.rs",
    container in "../../../fuzz/fuzz_targets/container.rs",
    decode in "../../../fuzz/fuzz_targets/decode.rs",
    disclosure in "../../../fuzz/fuzz_targets/disclosure.rs",
    issuers in "../../../fuzz/fuzz_targets/issuers.rs",
    label_fields in "../../../fuzz/fuzz_targets/label_fields.rs",
    labels in "../../../fuzz/fuzz_targets/labels.rs",
    report in "../../../fuzz/fuzz_targets/report.rs",
    signed_report in "../../../fuzz/fuzz_targets/signed_report.rs",
    store in "../../../fuzz/fuzz_targets/store.rs",
    trust_list in "../../../fuzz/fuzz_targets/trust_list.rs",
    xmp in "../../../fuzz/fuzz_targets/xmp.rs",
}
