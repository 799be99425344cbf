//! The imperceptible mark: a keyed lattice of waves that repeats over the picture and says 64 bits.
//!
//! A tile of 128 x 128 canonical samples is repeated over the picture. Its energy lies at some 1,200 frequencies: 112 are a
//! template of known phases, which tells scale, angle, mirroring and offset; the others carry an id with a checksum under
//! a convolutional code. docs/watermark.md has the design, what it survives and what it does not promise.
//!
//! **False positives.** For any picture that was made without regard to a key, the template's statistic of one trial
//! reaches `x` with a probability of at most `exp(-x * x / 2)`, since the phases are random by the key (Chernoff's bound). How
//! many trials there are, at which thresholds, is in docs/watermark.md; then a checksum of 32 bits must hold. So an unmarked
//! picture yields an id with a probability below **6e-12 a key**, and an unreadable mark below 3e-10 a key.

mod code;
mod decode;
mod detect;
mod embed;
mod id;
mod key;
mod lattice;
mod plane;
mod quality;
mod search;
mod spectrum;
mod tile;

pub use detect::{Detection, Detector, Placement, Reading};
pub use embed::{Embedded, Embedder, Refusal, SMALLEST_SIDE, Strength};
pub use id::{NotAnId, WatermarkId};
pub use key::WatermarkKey;
