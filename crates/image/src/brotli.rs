//! Brotli (RFC 7932), as the boxes of JPEG XL and compressed manifests hold it.

use std::io::Read;

use brotli_decompressor::Decompressor;

/// The decompressor's buffer, in bytes.
const BUFFER_BYTES: usize = 4096;

/// Decompresses Brotli while it is read. `None` for a stream with a [large window](has_large_window).
pub fn unbrotli(compressed: &[u8]) -> Option<impl Read> {
    (!has_large_window(compressed)).then(|| Decompressor::new(compressed, BUFFER_BYTES))
}

/// Whether a stream asks for a "large window", which the standard does not know: decompressors that do would take a GiB for it
/// before the first byte.
pub fn has_large_window(compressed: &[u8]) -> bool {
    // The seven bits stand for no window of the standard (RFC 7932, 9.1).
    compressed.first().is_some_and(|head| head & 0x7F == 0x11)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_the_standard_does_not_know_is_refused() {
        // One stored block under windows of 16 and of 24 bits, the largest that there is; the same under one of 25.
        let read = |stream: &[u8]| {
            let mut text = String::new();
            unbrotli(stream)?.read_to_string(&mut text).ok()?;
            Some(text)
        };
        assert_eq!(read(b"\x30\0\x10<x/>\x03"), Some("<x/>".to_owned()));
        assert_eq!(read(b"\x8F\x01\x80<x/>\x03"), Some("<x/>".to_owned()));
        assert_eq!(read(b"\x11\x19\x06\0\x02<x/>\x03"), None);
    }
}
