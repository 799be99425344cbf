//! One picture with each layer of a stamp alone, with all of them, and what is left of them on the picture's way through
//! platforms. `generate-marked` writes those to `fixtures/marked/` that are not there. They stay as they were written:
//! later versions must go on reading the marks of earlier ones.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use jpeg_encoder::{ColorType, Encoder};
use touchmark::label::{self, Label, Language, Place, Text};
use touchmark::watermark::{Embedder, Strength, WatermarkId, WatermarkKey};
use touchmark::{Limits, Order, Stamper, Want, WatermarkOrder, issuer};
use touchmark_attacks::{Attack, NoCodecs, Picture, Scene};
use touchmark_image::{Layout, SourceImage};
use touchmark_provenance::manifest::{Ids, ManifestSigner, Origin, PixelFacts, SoftBinding, StampFacts};
use touchmark_provenance::metadata::Requests;
use touchmark_provenance::names::soft_binding;

use crate::{identity, keys, seeded};

type Made = Result<Vec<u8>, Box<dyn Error>>;

/// One fixture.
#[derive(Debug, Clone, Copy)]
pub struct Marked {
    /// File name in `fixtures/marked/`.
    pub name: &'static str,
    make: Make,
}

#[derive(Debug, Clone, Copy)]
enum Make {
    /// As it is drawn.
    Original,
    /// Stamped with these layers beside the manifest.
    Stamped {
        metadata: Want,
        watermark: Want,
        label: bool,
    },
    /// The XMP of a stamp whose store was cut out.
    MetadataAlone,
    /// The mark and no word about it.
    WatermarkAlone,
    /// The visible label and no word about it.
    LabelAlone,
    /// A record that states another id than the one that the pixels say.
    OtherId,
    /// A fixture before this one after an attack, coded again without its metadata.
    Attacked(&'static str, &'static str),
}

/// Every fixture, each after those it is made from.
pub const MARKED: &[Marked] = &[
    Marked::new("original.jpg", Make::Original),
    Marked::new("manifest-alone.jpg", stamped(Want::No, Want::No, false)),
    Marked::new("manifest-and-metadata.jpg", stamped(Want::Demanded, Want::No, false)),
    Marked::new("metadata-alone.jpg", Make::MetadataAlone),
    Marked::new("watermark-alone.jpg", Make::WatermarkAlone),
    Marked::new("label-alone.jpg", Make::LabelAlone),
    Marked::new("manifest-and-watermark.jpg", stamped(Want::No, Want::Demanded, false)),
    Marked::new("all-layers.jpg", stamped(Want::Demanded, Want::Demanded, true)),
    Marked::new("record-states-other-id.jpg", Make::OtherId),
    Marked::new("all-layers-stripped.jpg", Make::Attacked("all-layers.jpg", "none")),
    Marked::new("all-layers-jpeg50.jpg", Make::Attacked("all-layers.jpg", "jpeg50")),
    Marked::new(
        "all-layers-resize0.75.jpg",
        Make::Attacked("all-layers.jpg", "resize0.75"),
    ),
    Marked::new("all-layers-crop50.jpg", Make::Attacked("all-layers.jpg", "crop50")),
    Marked::new("all-layers-rot5.jpg", Make::Attacked("all-layers.jpg", "rot5")),
    Marked::new("all-layers-hflip.jpg", Make::Attacked("all-layers.jpg", "hflip")),
    Marked::new(
        "all-layers-screenshot.jpg",
        Make::Attacked("all-layers.jpg", "screenshot"),
    ),
    Marked::new("original-screenshot.jpg", Make::Attacked("original.jpg", "screenshot")),
];

const fn stamped(metadata: Want, watermark: Want, label: bool) -> Make {
    Make::Stamped {
        metadata,
        watermark,
        label,
    }
}

/// The folder the files are committed in.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/marked"))
}

/// What the marks say, under the issuer of the disclosure.
///
/// # Errors
/// None is expected.
pub fn id() -> Result<WatermarkId, Box<dyn Error>> {
    let disclosure = identity::disclosure()?;
    let issuer = issuer::domain(&disclosure).map_or(0, issuer::number);
    Ok(WatermarkId::new(issuer, 0x00_1D5E_2026).ok_or("no id")?)
}

impl Marked {
    const fn new(name: &'static str, make: Make) -> Self {
        Self { name, make }
    }

    /// Makes the file, from others in the folder where it is made from those.
    ///
    /// # Errors
    /// Those of the library; none is expected.
    pub fn bytes(&self) -> Made {
        match self.make {
            Make::Original => original(),
            Make::Stamped {
                metadata,
                watermark,
                label,
            } => stamp(metadata, watermark, label),
            Make::MetadataAlone => {
                let mut bytes = fs::read(folder().join("manifest-and-metadata.jpg"))?;
                let ranges = {
                    let image = SourceImage::parse(&bytes, &Limits::default())?;
                    image.container()?.stores[0].ranges.clone()
                };
                for range in ranges.into_iter().rev() {
                    bytes.drain(range);
                }
                Ok(bytes)
            }
            Make::WatermarkAlone => {
                let bytes = original()?;
                let image = SourceImage::parse(&bytes, &Limits::default())?;
                let (before, mut after) = (image.decode()?, image.decode()?);
                Embedder::new(&WatermarkKey::public()).embed(&mut after, id()?, Strength::Default)?;
                Ok(image.encode_change(&before, &after)?.bytes)
            }
            Make::LabelAlone => {
                let bytes = original()?;
                let image = SourceImage::parse(&bytes, &Limits::default())?;
                let (before, mut after) = (image.decode()?, image.decode()?);
                label::draw(&mut after, &words())?;
                Ok(image.encode_change(&before, &after)?.bytes)
            }
            Make::OtherId => other_id(self.name),
            Make::Attacked(of, attack) => {
                let bytes = fs::read(folder().join(of))?;
                let pixels = SourceImage::parse(&bytes, &Limits::default())?.decode()?;
                let attack = Attack::named(attack).ok_or("no such attack")?;
                jpeg(&attack.apply(&Picture::of(&pixels), 1, &NoCodecs)?)
            }
        }
    }
}

/// A portrait, drawn, of which a platform has made a JPEG.
fn original() -> Made {
    let scene = Scene::ALL.iter().find(|scene| scene.name() == "portrait");
    jpeg(&scene.ok_or("no such scene")?.draw(480, 640))
}

fn jpeg(picture: &Picture) -> Made {
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 80).encode(
        picture.samples(),
        picture.width().try_into()?,
        picture.height().try_into()?,
        ColorType::Rgb,
    )?;
    Ok(bytes)
}

fn words() -> Label {
    Label {
        text: Some(Text::ready(Language::English)),
        icon: false,
        place: Place::default(),
    }
}

fn stamp(metadata: Want, watermark: Want, label: bool) -> Made {
    let disclosure = identity::disclosure()?;
    let order = Order {
        metadata,
        watermark: WatermarkOrder {
            want: watermark,
            id: Some(id()?),
            strength: Strength::Default,
        },
        label: label.then(words),
        ..Order::of(&disclosure)
    };
    let stamper = Stamper::new(keys::test_signer()?)?;
    Ok(stamper.stamp_as(&original()?, &order, keys::STAMPED_AT)?.into_bytes())
}

fn other_id(name: &str) -> Made {
    let picture = fs::read(folder().join("watermark-alone.jpg"))?;
    let image = SourceImage::parse(&picture, &Limits::default())?;
    let stated = SoftBinding {
        algorithm: soft_binding::LATTICE,
        value: (u64::from(id()?) ^ 1).to_be_bytes().into(),
    };
    let facts = StampFacts {
        disclosure: &identity::disclosure()?,
        origin: Origin::Created,
        created: keys::STAMPED_AT,
        ids: Ids::from_random(seeded::bytes(name)),
        pixels: &PixelFacts {
            watermark: Some(stated),
            fingerprint: None,
            label: None,
        },
        requests: &Requests::default(),
    };
    let container = image.container()?;
    let layout = Layout::new(&container, None)?;
    let signer = ManifestSigner::new(Arc::new(keys::test_signer()?))?;
    Ok(signer.sign(&image, &container, layout, &facts)?)
}
