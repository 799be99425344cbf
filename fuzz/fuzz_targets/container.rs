//! Any bytes are walked or refused, and a store inserted into what was walked is found again as it was.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use touchmark_image::{Layout, Limits, SourceFile, SourceImage, Splice};

/// A JUMBF superbox described as a C2PA manifest store, and nothing in it.
const STORE: &[u8] = b"\0\0\0\x26jumb\0\0\0\x1Ejumdc2pa\0\x11\0\x10\x80\0\0\xAA\0\x38\x9B\x71\x03c2pa\0";

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits {
        max_bytes: 1 << 20,
        max_pixels: 1 << 24,
        max_segments: 1 << 10,
        max_metadata: 1 << 20,
        max_memory: 1 << 26,
    };
    let Ok(source) = SourceImage::parse(bytes, &limits) else {
        return;
    };
    let Ok(container) = source.container() else { return };
    let in_file = SourceFile::open(Cursor::new(bytes), &limits).and_then(|mut file| file.container());
    assert_eq!(in_file.expect("a window over the same bytes"), container);
    let _ = source.xmp(&container);
    let layout = Layout::replacing(&container, Some(b"packet")).expect("a packet of six bytes fits");
    let Ok(splice) = Splice::new(layout, STORE.len()) else { return };
    let spliced = splice.over(&source).expect("the picture that was walked");
    let file = spliced.assemble(STORE).expect("the store has the planned length");
    let again = SourceImage::parse(&file, &Limits::default()).expect("the format is as before");
    let stores = again.container().expect("the container is as sound as before").stores;
    assert_eq!(stores.len(), 1);
    assert_eq!(stores[0].reassemble(&again), STORE);
});
