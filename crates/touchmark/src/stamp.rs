//! Stamps a picture: plans nothing it cannot keep, signs, checks, and only then hands it out.

mod blocks;
mod edited;
mod labels;
mod order;
mod probe;
mod record;
mod self_check;
mod templates;

use std::sync::Arc;

use time::OffsetDateTime;
use touchmark_image::{Layout, Limits, SourceImage, Splice};
use touchmark_provenance::Disclosure;
use touchmark_provenance::manifest::{Ids, ManifestSigner, Origin, PictureHash, StampFacts, has_store};
use touchmark_signing::Signer;

pub use self::edited::{Edited, EditedFrom};
pub use self::order::{Order, Want};
pub use self::record::{MetadataRefusal, Note, Record, Stamped};
use self::self_check::SelfCheck;
use self::templates::Templates;
use crate::error::Error;

/// Stamps pictures with one identity. Immutable; share it between threads.
#[derive(Debug)]
pub struct Stamper {
    signer: ManifestSigner,
    check: SelfCheck,
    check_every_stamp: bool,
    templates: Templates,
    limits: Limits,
}

impl Stamper {
    /// Prepares an identity for stamping, under the default limits.
    ///
    /// # Errors
    /// [`Error::Manifest`] if the C2PA library refuses its settings.
    pub fn new(signer: Signer) -> Result<Self, Error> {
        Ok(Self {
            signer: ManifestSigner::new(Arc::new(signer))?,
            check: SelfCheck::new()?,
            check_every_stamp: false,
            templates: Templates::default(),
            limits: Limits::default(),
        })
    }

    /// The same stamper under other limits.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same stamper, reading every stamp back in full. Without it, the first stamp of a kind is read back on a
    /// built-in picture, and those after it differ from that only in values of fixed length.
    pub fn with_full_self_check(mut self) -> Self {
        self.check_every_stamp = true;
        self
    }

    /// The identity that signs.
    pub fn signer(&self) -> &Signer {
        self.signer.signer()
    }

    /// Stamps a picture that the system has just made: JPEG, PNG or WebP, any colour model, any depth.
    ///
    /// The coded image data stays as it is, to the byte. `now` becomes the stated time of creation.
    ///
    /// # Errors
    /// [`Error::Image`] for input that is damaged or over a limit, [`Error::AlreadyMarked`] where it carries
    /// credentials, [`Error::Identity`] where the certificate is not valid at `now`. On any error nothing is released.
    pub fn stamp(&self, bytes: &[u8], disclosure: &Disclosure, now: OffsetDateTime) -> Result<Stamped, Error> {
        self.stamp_as(bytes, &Order::of(disclosure), now)
    }

    /// Stamps as [`Stamper::stamp`], with everything that can be chosen.
    ///
    /// # Errors
    /// As there; [`Error::Metadata`] where labels are demanded and the picture cannot take them.
    pub fn stamp_as(&self, bytes: &[u8], order: &Order<'_>, now: OffsetDateTime) -> Result<Stamped, Error> {
        let image = SourceImage::parse(bytes, &self.limits)?;
        let container = image.container()?;
        if has_store(&image, &container) {
            return Err(Error::AlreadyMarked);
        }
        let facts = facts(order, Origin::Created, now)?;
        let labels = labels::of(
            &facts,
            order.metadata,
            &container,
            image.xmp(&container),
            image.exif(&container),
        )?;
        let (layout, notes) = labels.lay_out(order.metadata, |xmp| Layout::new(&container, xmp))?;
        let template = self.templates.get(&self.signer, &self.check, &facts, &layout)?;
        let splice = Splice::new(layout, template.store_len())?;
        let spliced = splice.over(&image)?;
        let picture = PictureHash::of(&splice, spliced);
        let store = self
            .signer
            .fill(&template, &facts, &picture, &salts(template.salts_len())?)?;
        let bytes = spliced.assemble(&store)?;
        if self.check_every_stamp {
            self.check.read_back(&bytes, &facts)?;
        }
        Ok(Stamped {
            record: Record::new(&facts, image.format(), bytes.len() as u64, notes),
            bytes,
        })
    }
}

fn facts<'a>(order: &'a Order<'_>, origin: Origin, now: OffsetDateTime) -> Result<StampFacts<'a>, Error> {
    Ok(StampFacts {
        disclosure: order.disclosure,
        origin,
        created: now,
        ids: ids()?,
        requests: &order.requests,
    })
}

fn ids() -> Result<Ids, Error> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(Error::Randomness)?;
    Ok(Ids::from_random(random))
}

fn salts(length: usize) -> Result<Vec<u8>, Error> {
    let mut salts = vec![0; length];
    getrandom::fill(&mut salts).map_err(Error::Randomness)?;
    Ok(salts)
}
