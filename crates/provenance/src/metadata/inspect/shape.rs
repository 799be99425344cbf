//! Forms by which labels are told that no list of words tells: a look at the text, never a full parse.

#![warn(clippy::indexing_slicing)]

use std::collections::BTreeMap;

use memchr::memmem;
use serde::Deserialize;

use super::json::{flat, has_key, is_not_zero, value_after};

/// A form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Shape {
    /// A UUID and nothing else.
    Uuid,
    /// A whole number and nothing else.
    Integer,
    /// `Signature: ` and at least forty characters of Base64.
    Base64Signature,
    /// `Job ID: ` and a UUID at the end.
    JobId,
    /// A command line with steps and a seed: `-s 50 -S 123`.
    DreamCommand,
    /// A line with `Steps: 20` and what goes with it, a number for a seed.
    GenerationText,
    /// JSON with a `genAIType` other than 0, in whatever part of it.
    SamsungEdit,
    /// JSON with an `aigc_label_type` or `aigc_type` other than 0, or from a program that does nothing but generate: editors
    /// of the same house write the type 0 into every picture, and so do its generators.
    BytedanceLabel,
}

impl Shape {
    pub(super) fn fits(self, text: &str) -> bool {
        match self {
            Self::Uuid => is_uuid(text.trim()),
            Self::Integer => text.trim().parse::<i128>().is_ok(),
            Self::Base64Signature => text.trim().strip_prefix("Signature: ").is_some_and(is_base64),
            Self::JobId => job_id_at(text).is_some(),
            Self::DreamCommand => has_number(text, " -s") && has_number(text, " -S"),
            Self::GenerationText => generation_at(text).is_some(),
            Self::SamsungEdit => is_not_zero(&flat(text), "genAIType"),
            Self::BytedanceLabel => {
                let json = flat(text);
                let is = |key, value: &str| value_after(&json, key).is_some_and(|found| found.starts_with(value));
                is_not_zero(&json, "aigc_label_type")
                    || has_key(&json, "aigc_info") && is_not_zero(&json, "aigc_type")
                    || is("exportType", "\"generation\"")
                    || is("product", "\"doubao")
            }
        }
    }
}

/// Where `Job ID: ` begins at the end of a text.
pub(super) fn job_id_at(text: &str) -> Option<usize> {
    const NAME: &str = "Job ID: ";
    let at = text.rfind(NAME)?;
    is_uuid(text.get(at + NAME.len()..)?.trim()).then_some(at)
}

/// Where the line of parameters begins, `Steps: 20, `, if enough of what goes with it follows.
pub(super) fn generation_at(text: &str) -> Option<usize> {
    const STEPS: &str = "Steps: ";
    let mut names = Names {
        text,
        found: BTreeMap::new(),
    };
    let begins = |at: &usize| {
        let rest = text.get(at + STEPS.len()..).unwrap_or_default();
        let line = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let start = text.len() - line.len();
        line.len() < rest.len()
            && line.strip_prefix(", ").is_some_and(is_name_first)
            && !names.has_other_seed(start)
            && (usize::from(names.has_negative_prompt(*at)) + names.parameters(start)) >= 2
    };
    memmem::find_iter(text.as_bytes(), STEPS).take(MAX_STEPS).find(begins)
}

/// The names of parameters in a text, looked for from one place after the other: what was found from one counts for those up to
/// it, so that no part of the text is searched twice for a name.
struct Names<'a> {
    text: &'a str,
    found: BTreeMap<&'static str, usize>,
}

impl<'a> Names<'a> {
    /// Where a name stands first from a place on; the end of the text for one that does not.
    fn first(&mut self, name: &'static str, start: usize) -> usize {
        let text = self.text;
        let search = || {
            let at = memmem::find(text.as_bytes().get(start..)?, name.as_bytes())?;
            Some(start + at)
        };
        match self.found.get(name) {
            Some(at) if *at >= start => *at,
            _ => *self
                .found
                .entry(name)
                .insert_entry(search().unwrap_or(text.len()))
                .get(),
        }
    }

    fn has(&mut self, name: &'static str, start: usize) -> bool {
        self.first(name, start) < self.text.len()
    }

    /// What follows a name, as far as a value is looked at.
    fn value(&mut self, name: &'static str, start: usize) -> Option<&'a str> {
        const LONGEST: usize = 64;
        let text = self.text;
        let value = text.get(self.first(name, start) + name.len()..)?;
        value.get(..value.floor_char_boundary(LONGEST))
    }

    /// Whether a negative prompt stands before the line.
    fn has_negative_prompt(&mut self, end: usize) -> bool {
        self.first("\nNegative prompt: ", 0) < end
    }

    /// Whether the seed is another than a number, as in recipes. JSON and markup may follow it.
    fn has_other_seed(&mut self, start: usize) -> bool {
        self.value(", Seed: ", start).is_some_and(|rest| {
            let seed = rest.trim_start_matches([' ', '-']);
            let behind = seed.trim_start_matches(|c: char| c.is_ascii_digit());
            behind.len() == seed.len() || behind.trim_start_matches(' ').starts_with(char::is_alphanumeric)
        })
    }

    /// How many of the parameters follow that go with an image: simulations and plots have steps, a seed and perhaps one.
    fn parameters(&mut self, start: usize) -> usize {
        const NAMES: [&[&str]; 6] = [
            &[SAMPLER],
            &[", Schedule type: "],
            &[
                ", CFG scale: ",
                ", CFG Scale: ",
                ", Guidance: ",
                ", Guidance Scale: ",
                ", Distilled CFG Scale: ",
            ],
            &[", Model: "],
            &[", Model hash: "],
            &[", Version: "],
        ];
        let is_there = |names: &&&[&'static str]| names.iter().any(|name| self.has(name, start));
        NAMES.iter().filter(is_there).count()
            + usize::from(self.has_size(start))
            + usize::from(self.has_known_sampler(start))
    }

    /// Whether the sampler is one of those for diffusion: that is as telling as two parameters.
    fn has_known_sampler(&mut self, start: usize) -> bool {
        const KNOWN: [&str; 10] = [
            "euler", "dpm", "ddim", "lms", "heun", "unipc", "uni_pc", "plms", "lcm", "deis",
        ];
        self.value(SAMPLER, start).is_some_and(|name| {
            let starts = |known: &&str| {
                name.get(..known.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(known))
            };
            KNOWN.iter().any(starts)
        })
    }

    /// Whether a parameter is the size of a picture: `Size: 512x512`.
    fn has_size(&mut self, start: usize) -> bool {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        self.value(", Size: ", start)
            .and_then(|value| value.split_once('x'))
            .is_some_and(|(width, rest)| !width.is_empty() && digits(width) == width.len() && digits(rest) > 0)
    }
}

const SAMPLER: &str = ", Sampler: ";

/// Whether an option of a command line has a number.
fn has_number(text: &str, option: &str) -> bool {
    let value = |at: usize| text.get(at + option.len()..).unwrap_or_default().trim_start();
    memmem::find_iter(text.as_bytes(), option).any(|at| value(at).starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a text begins with the name of a parameter: words, a colon, a blank.
fn is_name_first(text: &str) -> bool {
    const LONGEST: usize = 32;
    text.split_once(": ").is_some_and(|(name, _)| {
        name.len() <= LONGEST && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ')
    })
}

/// Places that are looked at.
const MAX_STEPS: usize = 64;

fn is_uuid(text: &str) -> bool {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let is_hex = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.len() == 36 && text.split('-').map(str::len).eq(GROUPS) && text.split('-').all(is_hex)
}

fn is_base64(text: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_');
    text.trim().len() >= 40 && text.trim().bytes().all(is_sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

    #[test]
    fn forms_are_told_from_what_only_looks_like_them() {
        let generation = "a cat\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1";
        for (shape, fits, does_not) in [
            (Shape::Uuid, UUID.to_owned(), format!("{UUID}0")),
            (Shape::Integer, " -42".to_owned(), "of the moss".to_owned()),
            (
                Shape::JobId,
                format!("a cat --ar 2:3 Job ID: {UUID}"),
                "Job ID: 12".to_owned(),
            ),
            (
                Shape::DreamCommand,
                "a cat -s50 -S 123".to_owned(),
                "I walked -slowly up the -Stairs".to_owned(),
            ),
            (
                Shape::GenerationText,
                generation.to_owned(),
                "Steps: wash, rinse. Sampler: music".to_owned(),
            ),
            (
                Shape::Base64Signature,
                format!("Signature: {}=", "aB3/".repeat(12)),
                "Signature: J. Doe".to_owned(),
            ),
            (
                Shape::SamsungEdit,
                "{\"genAIType\": 1}".to_owned(),
                "{\"genAIType\":0}".to_owned(),
            ),
            (
                Shape::BytedanceLabel,
                r#"{"aigc_info":{"aigc_label_type":0},"data":{"exportType":"generation"}}"#.to_owned(),
                r#"{"aigc_info":{"aigc_label_type":0},"data":{"product":"lv","exportType":"export"}}"#.to_owned(),
            ),
            (
                Shape::BytedanceLabel,
                r#"{"aigc_label_type":2}"#.to_owned(),
                r#"{"aigc_label_type":0}"#.to_owned(),
            ),
            (
                Shape::BytedanceLabel,
                r#"{"aigc_info":{"aigc_type":1},"data":{"product":"aweme"}}"#.to_owned(),
                r#"{"aigc_type":1}"#.to_owned(),
            ),
            (
                Shape::BytedanceLabel,
                r#"{"aigc_info":"{\"aigc_label_type\":1}","data":{"product":"lv"}}"#.to_owned(),
                r#"{"aigc_info":"{\"aigc_label_type\":0}","data":{"product":"lv"}}"#.to_owned(),
            ),
            (
                Shape::SamsungEdit,
                r#"{"a":{"genAIType":0},"b":"{\"genAIType\":[2]}"}"#.to_owned(),
                r#"{"a":{"genAIType":0},"b":{"genAIType":-1}}"#.to_owned(),
            ),
        ] {
            assert!(shape.fits(&fits), "{shape:?} {fits}");
            assert!(!shape.fits(&does_not), "{shape:?} {does_not}");
        }
        assert!(!Shape::GenerationText.fits("Steps: 1. wash 2. rinse. Sampler: of wines"));
        assert!(!Shape::GenerationText.fits("Steps: 20, and no more"));
        for two in [
            "Steps: 8, Sampler: Euler, Seed: 1, Version: f2.0.1",
            "Steps: 8, CFG Scale: 4, Size: 64x64",
            "Steps: 8, Schedule type: Karras, Guidance: 3.5",
            "Steps: 8, Model hash: 6ce0161689, Model: dream",
            "a cat\nNegative prompt: dog\nSteps: 8, Sampler: Restart, Seed: 1",
            "a cat\nSteps: 8, Sampler: DPM++ 2M, Seed: 1",
            "Steps: 8, Sampler: Euler, Seed: -1\nTime taken: 2 s",
            r#"{"parameters": "Steps: 8, Sampler: Euler, Seed: 1\nTime taken: 2 s"}"#,
            r#"{"parameters": "Steps: 8, Sampler: Euler, Seed: 1"}"#,
        ] {
            assert!(Shape::GenerationText.fits(two), "{two}");
        }
        for one in [
            "Steps: 100000, Seed: 3, lr: 0.001",
            "Steps: 5000, Sampler: NUTS, Seed: 1, chains: 4",
            "Lattice simulation\nSteps: 2000, Temperature: 0.5, Seed: 42, Size: 64x64",
            "Steps: 20, Size: x, Model: 3",
            "Recipe. Steps: 5, Sampler: sourdough, Seed: 30 g, Size: 20x20",
            "Steps: 5, Sampler: Euler, Seed: of doubt, Size: 20x20",
        ] {
            assert!(!Shape::GenerationText.fits(one), "{one}");
        }
        assert!(!Shape::GenerationText.fits("Steps: 20, down to the beach. Sampler: a box of chocolates"));
    }

    #[test]
    fn parameters_are_counted_from_each_place_on() {
        let text = "Steps: 1, Model: a, Seed: b\nSteps: 2, Seed: 1, Size: 1x1\nSteps: 3, Seed: 2, Model: c";
        assert_eq!(generation_at(text), Some(text.find("Steps: 2").unwrap()));
        let text = "Negative: \nSteps: 1, Model: a\nNegative prompt: b\nSteps: 2, Model: c";
        assert_eq!(generation_at(text), Some(text.find("Steps: 2").unwrap()));
        assert_eq!(generation_at("Steps: 1, Model: a\nSteps: 2, Model: b"), None);
        assert_eq!(generation_at("Steps: 1, Model: a, Version: "), Some(0), "to the end");
    }
}
