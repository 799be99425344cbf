//! Any bytes are decoded or refused; what was decoded is put back, and then decodes to the same pixels.
#![no_main]

use libfuzzer_sys::fuzz_target;
use touchmark_image::{Limits, Loss, SourceImage};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits {
        max_bytes: 1 << 20,
        max_pixels: 1 << 20,
        max_segments: 1 << 10,
        max_metadata: 1 << 20,
        max_memory: 1 << 26,
    };
    let Ok(source) = SourceImage::parse(bytes, &limits) else {
        return;
    };
    let Ok(pixels) = source.decode() else { return };
    let Ok(encoded) = source.encode(&pixels) else { return };
    let again = SourceImage::parse(&encoded.bytes, &Limits::default()).expect("the format is as before");
    let decoded = again.decode().expect("what was written is whole");
    if encoded.how.loss == Loss::None {
        assert_eq!(decoded.samples(), pixels.samples());
    }
    let _ = pixels.upright();
});
