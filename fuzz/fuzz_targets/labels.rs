//! Any bytes are a picture whose labels are read, or are refused; what is read keeps its limits, and shows no prompt that was
//! not asked for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use touchmark_image::{Limits, SourceImage};
use touchmark_provenance::metadata::{Prompts, inspect, inspect_with, personal_of_file};

fuzz_target!(|bytes: &[u8]| {
    let Ok(image) = SourceImage::parse(bytes, &Limits::default()) else {
        return;
    };
    let counted = inspect(&image);
    assert!(counted.labels.len() <= 128);
    for label in &counted.labels {
        assert!(label.value.as_ref().is_none_or(|value| value.chars().count() <= 256));
        assert!(label.prompt.as_ref().is_none_or(|prompt| prompt.reveal().is_none()));
    }
    let kept = inspect_with(&image, Prompts::Keep);
    assert_eq!(kept.labels.len(), counted.labels.len());
    assert_eq!(kept.unread, counted.unread);
    let _ = personal_of_file(&image);
});
