//! What happens to pictures on their way: the [attacks](Attack) that a watermark is to survive, [scenes](Scene) to try
//! them on, and how far two pictures are [apart](psnr). Arithmetic on pixels and a seed alone.
//!
//! ```
//! # use touchmark_attacks::{Attack, NoCodecs, Scene, psnr};
//! let before = Scene::ALL[0].draw(96, 64);
//! let attack = Attack::named("jpeg50").ok_or("no such attack")?;
//! let after = attack.apply(&before, 7, &NoCodecs)?;
//! assert!(psnr(&before, &after).is_some_and(|decibels| decibels > 25.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attack;
mod codec;
mod distance;
mod picture;
mod random;
mod scene;
mod step;
mod variant;

pub use attack::{Attack, Kind};
pub use codec::{Codecs, Coding, Error, NoCodecs};
pub use distance::{psnr, ssim};
pub use picture::Picture;
pub use scene::Scene;
pub use variant::Variant;
