//! The stamped fixtures: what touchmark writes, signed with the committed test identity, in each format, with the
//! disclosure filled in or not, created and edited. `generate-stamped` writes those to `fixtures/stamped/` that are not
//! there. They stay as they were written: later versions must go on reading them, so nothing compares them with what would
//! be written today.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use touchmark::{Disclosure, Limits, ParentMetadata, TrustLists};
use touchmark_image::{Layout, SourceImage};
use touchmark_provenance::manifest::{Ids, ManifestReader, ManifestSigner, Origin, Parent, PixelFacts, StampFacts};
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
    /// The picture below `fixtures/` that it was edited from.
    pub parent: Option<&'static str>,
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
    edited("palette-edited.png", "palette.png", "images/rgb.png"),
    edited("flat-edited.webp", "flat.webp", "stamped/flat-filled.webp"),
    edited("flat-edited.jpg", "flat.jpg", "stamped/progressive-icc-filled.jpg"),
    edited("flat-edited-twice.jpg", "flat.jpg", "stamped/flat-edited.jpg"),
    edited("flat-edited-from-changed.jpg", "flat.jpg", "hostile/pixel-changed.jpg"),
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
            origin: match self.parent {
                None => Origin::Created,
                Some(_) => Origin::Edited,
            },
            created: keys::STAMPED_AT,
            ids: Ids::from_random(seeded::bytes(self.name)),
            pixels: PixelFacts::none(),
            requests: &Requests::default(),
        };
        let signer = ManifestSigner::new(Arc::new(keys::test_signer()?))?;
        let container = image.container()?;
        let Some(parent) = self.parent else {
            let layout = Layout::new(&container, None)?;
            return Ok(signer.sign(&image, &container, layout, &facts)?);
        };
        let parent = fs::read(folder().join("..").join(parent))?;
        let parent = SourceImage::parse(&parent, &Limits::default())?;
        let reader = ManifestReader::new(Arc::new(TrustLists::official()))?;
        let parent = Parent::read(&reader, &parent, facts.created, ParentMetadata::Redact)?;
        let layout = Layout::replacing(&container, None)?;
        let nothing = |_: &mut [u8]| Ok::<_, touchmark_provenance::Error>(());
        Ok(signer.sign_edited(&image, &container, layout, &facts, &parent, nothing)?)
    }
}

const fn filled(name: &'static str, picture: &'static str) -> Stamped {
    Stamped {
        name,
        picture,
        filled: true,
        parent: None,
    }
}

const fn edited(name: &'static str, picture: &'static str, parent: &'static str) -> Stamped {
    Stamped {
        parent: Some(parent),
        ..filled(name, picture)
    }
}

const fn unfilled(name: &'static str, picture: &'static str) -> Stamped {
    Stamped {
        filled: false,
        ..filled(name, picture)
    }
}
