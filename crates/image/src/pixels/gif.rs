//! GIF pixels: the first frame on its screen.
#![warn(clippy::indexing_slicing)]

use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, MemoryLimit};

use super::{Channels, Pixels, Samples};
use crate::{Error, SourceImage};

const RGBA: usize = 4;

/// Decodes the first frame to RGBA; what of the screen it leaves free is transparent.
pub(super) fn decode(source: &SourceImage<'_>) -> Result<Pixels, Error> {
    let limits = source.limits();
    let screen = source.dimensions().ok_or(source.damaged())?;
    // The screen, and a frame on it of at most its size.
    limits.check_memory(screen, 2 * RGBA as u64)?;

    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    options.check_frame_consistency(true);
    if let Some(memory) = NonZeroU64::new(limits.max_memory) {
        options.set_memory_limit(MemoryLimit::Bytes(memory));
    }
    let mut decoder = options.read_info(source.bytes()).map_err(|_| source.damaged())?;
    let frame = decoder.read_next_frame().map_err(|_| source.damaged())?;
    let frame = frame.ok_or(source.damaged())?;

    let (width, height) = (screen.0 as usize, screen.1 as usize);
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let row = usize::from(frame.width) * RGBA;
    if row == 0 {
        return Err(source.damaged());
    }
    let mut samples = vec![0; width * height * RGBA];
    let lines = samples.chunks_exact_mut(width * RGBA).skip(top);
    for (line, from) in lines.zip(frame.buffer.chunks_exact(row)) {
        let start = left * RGBA;
        let to = line.get_mut(start..start + row).ok_or(source.damaged())?;
        to.copy_from_slice(from);
    }
    let icc = decoder.icc_profile().map(<[u8]>::to_vec);
    source.pixels(screen, Channels::Rgba, Samples::Eight(samples), None, icc)
}
