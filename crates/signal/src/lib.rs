//! What the pixels of a picture say: an imperceptible watermark, perceptual fingerprints and a visible label.
//! Arithmetic on pixels alone: no files, no clock, no cryptography.

pub mod fingerprint;
pub mod label;
mod view;
pub mod watermark;
