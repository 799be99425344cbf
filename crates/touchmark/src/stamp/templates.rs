//! The templates of a stamper: one for each disclosure and kind of picture that it met, tried before first use.

use std::sync::{Arc, PoisonError, RwLock};

use touchmark_image::{Layout, Limits, SourceImage, Splice};
use touchmark_provenance::Disclosure;
use touchmark_provenance::manifest::{ManifestSigner, PictureHash, PixelFacts, StampFacts, StoreTemplate};
use touchmark_provenance::metadata::TrainingMining;

use super::probe;
use super::self_check::SelfCheck;
use crate::error::{Error, SelfCheckFault};

/// Templates kept at a time; the oldest goes. A generator has one disclosure and one or two formats.
const KEPT: usize = 16;

/// The templates made so far.
#[derive(Debug, Default)]
pub(super) struct Templates {
    kept: RwLock<Vec<Arc<Kept>>>,
}

#[derive(Debug)]
struct Kept {
    disclosure: Disclosure,
    pixels: PixelFacts,
    training_mining: Option<TrainingMining>,
    template: Arc<StoreTemplate>,
}

impl Templates {
    /// The template for such facts and such a picture; made, and tried, where there is none yet.
    pub fn get(
        &self,
        signer: &ManifestSigner,
        check: &SelfCheck,
        facts: &StampFacts<'_>,
        layout: &Layout,
    ) -> Result<Arc<StoreTemplate>, Error> {
        let found = self
            .kept
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .find(|kept| kept.serves(facts, layout))
            .map(|kept| Arc::clone(&kept.template));
        if let Some(template) = found {
            return Ok(template);
        }
        // Made with other ids and values than it is tried with, so that the trial shows them patched.
        let others = facts.pixels.with_values(super::random::<128>()?.into_iter());
        let made = StampFacts {
            ids: super::ids()?,
            pixels: &others,
            ..*facts
        };
        let template = Arc::new(signer.template(&made, layout)?);
        try_out(&template, signer, check, facts, layout)?;
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Arc::new(Kept {
            disclosure: facts.disclosure.clone(),
            pixels: others,
            training_mining: facts.requests.training_mining.clone(),
            template: Arc::clone(&template),
        }));
        Ok(template)
    }
}

impl Kept {
    fn serves(&self, facts: &StampFacts<'_>, layout: &Layout) -> bool {
        self.template.serves(layout)
            && self.pixels.is_like(facts.pixels)
            && self.training_mining == facts.requests.training_mining
            && self.disclosure == *facts.disclosure
    }
}

/// Stamps a tiny built-in picture by way of the template, with other ids, salts and another hash than it was made with,
/// and reads the result back in full: every hash, the signature, the binding, and whose claim it is.
fn try_out(
    template: &StoreTemplate,
    signer: &ManifestSigner,
    check: &SelfCheck,
    facts: &StampFacts<'_>,
    layout: &Layout,
) -> Result<(), Error> {
    let not_tried = || Error::SelfCheck(SelfCheckFault::Unreadable);
    let bytes = probe::picture(layout.format(), layout.start()).ok_or_else(not_tried)?;
    let image = SourceImage::parse(&bytes, &Limits::default())?;
    let layout = Layout::new(&image.container()?, None)?;
    let splice = Splice::new(layout, template.store_len())?;
    let spliced = splice.over(&image)?;
    let picture = PictureHash::of(&splice, spliced);
    let salts = vec![0x5A; template.salts_len()];
    let store = signer.fill(template, facts, &picture, &salts)?;
    check.read_back(&spliced.assemble(&store)?, facts).map(drop)
}
