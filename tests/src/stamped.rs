//! The stamped fixtures: what touchmark writes, signed with the committed test identity, in each format and with the
//! disclosure filled in or not. `generate-stamped` writes them to `fixtures/stamped/`. They stay as they were written:
//! later versions must go on reading them, so nothing compares them with what would be written today.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use touchmark::{Disclosure, Limits};
use touchmark_image::{Layout, SourceImage};
use touchmark_provenance::manifest::{Ids, ManifestSigner, Origin, StampFacts};
use touchmark_provenance::metadata::Requests;

use crate::{identity, keys, pictures, seeded};

/// One stamped fixture.
#[derive(Debug, Clone, Copy)]
pub struct Stamped {
    /// File name in `fixtures/stamped/`.
    pub name: &'static str,
    /// The picture in `fixtures/images/` that was stamped.
    pub picture: &'static str,
    /// Whether the disclosure was filled in.
    pub filled: bool,
}

/// Every stamped fixture.
pub const STAMPED: &[Stamped] = &[
    filled("progressive-icc-filled.jpg", "progressive-icc.jpg"),
    unfilled("flat-unfilled.jpg", "flat.jpg"),
    filled("trailing-filled.jpg", "trailing.jpg"),
    filled("palette-filled.png", "palette.png"),
    unfilled("animated-unfilled.png", "animated.png"),
    filled("flat-filled.webp", "flat.webp"),
    unfilled("odd-unpadded-unfilled.webp", "odd-unpadded.webp"),
];

/// The folder the files are committed in.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/stamped"))
}

impl Stamped {
    /// Stamps the picture.
    ///
    /// # Errors
    /// Those of the library; none is expected.
    pub fn bytes(&self) -> Result<Vec<u8>, Box<dyn Error>> {
        let picture = fs::read(pictures::folder().join(self.picture))?;
        let image = SourceImage::parse(&picture, &Limits::default())?;
        let disclosure = match self.filled {
            true => identity::disclosure()?,
            false => Disclosure::unfilled(),
        };
        let facts = StampFacts {
            disclosure: &disclosure,
            origin: Origin::Created,
            created: keys::STAMPED_AT,
            ids: Ids::from_random(seeded::bytes(self.name)),
            requests: &Requests::default(),
        };
        let signer = ManifestSigner::new(Arc::new(keys::test_signer()?))?;
        let container = image.container()?;
        let layout = Layout::new(&container, None)?;
        Ok(signer.sign(&image, &container, layout, &facts)?)
    }
}

const fn filled(name: &'static str, picture: &'static str) -> Stamped {
    Stamped {
        name,
        picture,
        filled: true,
    }
}

const fn unfilled(name: &'static str, picture: &'static str) -> Stamped {
    Stamped {
        filled: false,
        ..filled(name, picture)
    }
}
