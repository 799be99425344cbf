//! Stamps a picture: plans nothing it cannot keep, signs, checks, and only then hands it out.

mod blocks;
mod edited;
mod labels;
mod order;
mod pixels;
mod probe;
mod record;
mod self_check;
mod templates;
mod timestamps;

use std::sync::{Arc, OnceLock};

use time::OffsetDateTime;
use touchmark_image::{Layout, Limits, SourceImage, Splice};
use touchmark_provenance::Disclosure;
use touchmark_provenance::manifest::{Ids, Origin, PictureHash, PixelFacts, StampFacts, has_store};
use touchmark_signal::watermark::WatermarkKey;
use touchmark_signing::Signer;
use touchmark_signing::ocsp::OcspAnswer;
use touchmark_signing::timestamp::TimestampAuthorities;

pub use self::edited::{Edited, EditedFrom};
pub use self::order::{Order, Want, WatermarkOrder};
use self::pixels::Marker;
pub use self::pixels::{PixelRecord, PixelsRefusal, WatermarkRecord};
pub use self::record::{MetadataRefusal, Note, Record, Stamped, TimestampRecord};
use self::self_check::SelfCheck;
use self::timestamps::{Kit, Timestamps};
use crate::error::Error;

/// Stamps pictures with one identity. Immutable; share it between threads.
#[derive(Debug)]
pub struct Stamper {
    signer: Arc<Signer>,
    /// For stamps without a time-stamp.
    plain: Arc<Kit>,
    timestamps: Option<Timestamps>,
    /// Made when the first watermark is.
    marker: OnceLock<Arc<Marker>>,
    check: SelfCheck,
    check_every_stamp: bool,
    limits: Limits,
}

impl Stamper {
    /// Prepares an identity for stamping, under the default limits.
    ///
    /// # Errors
    /// [`Error::Manifest`] if the C2PA library refuses its settings.
    pub fn new(signer: Signer) -> Result<Self, Error> {
        let signer = Arc::new(signer);
        Ok(Self {
            plain: Arc::new(Kit::new(&signer, 0)?),
            signer,
            timestamps: None,
            marker: OnceLock::new(),
            check: SelfCheck::new()?,
            check_every_stamp: false,
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

    /// The same stamper with authorities for time-stamps (RFC 3161), and what the certificate's issuer says about
    /// revocation, where that is known: it is stapled beside each time-stamp. Whether a stamp has one is for
    /// [`Order::timestamp`]; [`Stamper::stamp`] then demands it.
    pub fn with_timestamps(mut self, authorities: TimestampAuthorities, revocation: Option<OcspAnswer>) -> Self {
        self.timestamps = Some(Timestamps::new(authorities, revocation));
        self
    }

    /// The same stamper with a watermark key of the operator's own. Without one, watermarks are made with the key that
    /// everybody has: anyone can copy, remove or plant those.
    pub fn with_watermark_key(mut self, key: &WatermarkKey) -> Self {
        self.marker = OnceLock::from(Arc::new(Marker::private(key)));
        self
    }

    fn marker(&self) -> Arc<Marker> {
        Arc::clone(self.marker.get_or_init(|| Arc::new(Marker::public())))
    }

    /// The identity that signs.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Stamps a picture that the system has just made: JPEG, PNG or WebP, any colour model, any depth.
    ///
    /// The default layers: manifest, labels and, where the picture can carry one, a watermark. Where pixels change they are
    /// coded again in the picture's own format, JPEG with its own tables; the rest of the file stays as it is. `now`
    /// becomes the stated time of creation.
    ///
    /// # Errors
    /// [`Error::Image`] for input that is damaged or over a limit, [`Error::AlreadyMarked`] where it carries
    /// credentials, [`Error::Identity`] where the certificate is not valid at `now`. On any error nothing is released.
    pub fn stamp(&self, bytes: &[u8], disclosure: &Disclosure, now: OffsetDateTime) -> Result<Stamped, Error> {
        let mut order = Order::of(disclosure);
        if self.timestamps.is_some() {
            order.timestamp = Want::Demanded;
        }
        self.stamp_as(bytes, &order, now)
    }

    /// Stamps as [`Stamper::stamp`], with everything that can be chosen.
    ///
    /// # Errors
    /// As there; [`Error::Metadata`] where labels are demanded and the picture cannot take them, [`Error::Timestamp`] where
    /// a time-stamp is demanded and no authority gives one.
    pub fn stamp_as(&self, bytes: &[u8], order: &Order<'_>, now: OffsetDateTime) -> Result<Stamped, Error> {
        let image = SourceImage::parse(bytes, &self.limits)?;
        let container = image.container()?;
        if has_store(&image, &container) {
            return Err(Error::AlreadyMarked);
        }
        let mut left_out = Vec::new();
        let marked = pixels::mark(&image, order, || self.marker(), &mut left_out)?;
        let (image, container) = match &marked {
            Some(marked) => {
                let image = SourceImage::parse(&marked.bytes, &self.limits)?;
                (image, image.container()?)
            }
            None => (image, container),
        };
        let stated = marked.as_ref().map_or(PixelFacts::none(), |marked| &marked.facts);
        let facts = facts(order, Origin::Created, stated, now)?;
        let labels = labels::of(&facts, order.metadata, &container, labels::Own::of(&image, &container))?;
        let (layout, mut notes) = labels.lay_out(order.metadata, |xmp| Layout::new(&container, xmp))?;
        notes.notes.append(&mut left_out);
        let mut countersigner = self.countersigner(order.timestamp, now)?;
        let bytes = countersigner.rounds(|countersigner| {
            let kit = countersigner.kit();
            let template = kit.templates.get(&kit.signer, &self.check, &facts, &layout)?;
            let splice = Splice::new(layout.clone(), template.store_len())?;
            let spliced = splice.over(&image)?;
            let picture = PictureHash::of(&splice, spliced);
            let salts = salts(template.salts_len())?;
            let mut store = kit.signer.fill(&template, &facts, &picture, &salts)?;
            countersigner.countersign(&mut store)?;
            Ok(spliced.assemble(&store)?)
        })?;
        // The template was tried without a time-stamp, and asking for one takes far longer than this.
        if self.check_every_stamp || countersigner.timestamp().is_some() {
            let reading = self.check.read_back(&bytes, &facts)?;
            self_check::timestamp_is_read(&reading, countersigner.timestamp())?;
        }
        Ok(Stamped {
            record: Record::new(
                &facts,
                image.format(),
                bytes.len() as u64,
                marked.as_ref().map(|marked| marked.record.clone()),
                notes,
                countersigner,
            ),
            bytes,
        })
    }
}

fn facts<'a>(
    order: &'a Order<'_>,
    origin: Origin,
    pixels: &'a PixelFacts,
    now: OffsetDateTime,
) -> Result<StampFacts<'a>, Error> {
    Ok(StampFacts {
        disclosure: order.disclosure,
        origin,
        created: now,
        ids: ids()?,
        pixels,
        requests: &order.requests,
    })
}

fn ids() -> Result<Ids, Error> {
    random().map(Ids::from_random)
}

fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut random = [0; N];
    getrandom::fill(&mut random).map_err(Error::Randomness)?;
    Ok(random)
}

fn salts(length: usize) -> Result<Vec<u8>, Error> {
    let mut salts = vec![0; length];
    getrandom::fill(&mut salts).map_err(Error::Randomness)?;
    Ok(salts)
}
