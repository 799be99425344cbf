//! Stamps a picture that a model made from another: the picture it began from becomes the parent, with all that can be
//! said of its credentials.

use time::OffsetDateTime;
use touchmark_image::{Layout, SourceImage};
use touchmark_provenance::ParentFault;
use touchmark_provenance::manifest::{Gravity, Origin, Parent, ParentCredentials, ParentMetadata, PixelFacts, Reading};
use touchmark_provenance::metadata::personal_of_file;

use super::self_check::timestamp_is_read;
use super::{Note, Order, Record, Stamped, Stamper, Want, facts, labels, pixels};
use crate::error::{Error, SelfCheckFault};

/// What a picture was edited from, and what becomes of the metadata in the parent's manifests.
#[derive(Debug, Clone, Copy)]
pub struct EditedFrom<'a> {
    picture: Option<&'a [u8]>,
    metadata: ParentMetadata,
}

/// An edited picture with its stamp, and what was found of its parent.
#[derive(Debug)]
pub struct Edited {
    /// The stamp, already read back and found right.
    pub stamped: Stamped,
    /// What was found of the parent's credentials.
    pub parent: ParentCredentials,
}

impl<'a> EditedFrom<'a> {
    /// From this picture, of any format that touchmark recognises.
    pub fn picture(bytes: &'a [u8]) -> Self {
        Self {
            picture: Some(bytes),
            metadata: ParentMetadata::default(),
        }
    }

    /// From a picture that is not at hand, whose credentials the edited one still carries.
    pub fn itself() -> Self {
        Self {
            picture: None,
            metadata: ParentMetadata::default(),
        }
    }

    /// The same, with what becomes of thumbnails, and of assertions that may name a person or a place.
    pub fn with_metadata(mut self, metadata: ParentMetadata) -> Self {
        self.metadata = metadata;
        self
    }
}

impl Stamper {
    /// Stamps a picture that the system made from another: JPEG, PNG or WebP.
    ///
    /// Pixels change for the layers that the order wants, as in [`stamp`](Self::stamp). The parent is judged by the official
    /// lists alone, so that no list of this machine is named in the file. Thumbnails in its manifests, and assertions that
    /// may name a person or a place, are redacted unless kept on request. A picture that carries its parent's credentials has
    /// them replaced.
    ///
    /// # Errors
    /// [`Error::Parent`] where the picture carries credentials of some other picture, where there is no parent, or where
    /// its credentials cannot be carried on; else as [`stamp`](Self::stamp). On any error nothing is released.
    pub fn stamp_edited(
        &self,
        bytes: &[u8],
        from: EditedFrom<'_>,
        order: &Order<'_>,
        now: OffsetDateTime,
    ) -> Result<Edited, Error> {
        let image = SourceImage::parse(bytes, &self.limits)?;
        let container = image.container()?;
        let parent = match from.picture {
            Some(bytes) => SourceImage::parse(bytes, &self.limits).map_err(Error::ParentImage)?,
            None => image,
        };
        // A mark that will be put on top may make an older one unreadable.
        let older = match order.watermark.want {
            Want::No => None,
            Want::IfPossible | Want::Demanded => self.marker().read(&parent),
        };
        // Where the picture is its own parent, its metadata is told of as its own.
        let of_parent = from.picture.map(|_| personal_of_file(&parent));
        let parent =
            Parent::read(&self.check.reader, &parent, now, from.metadata)?.with_watermark(older.map(u64::from));
        if from.picture.is_none() && *parent.credentials() == ParentCredentials::Absent {
            return Err(fault(ParentFault::Missing));
        }
        let mut left_out: Vec<Note> = older.map(Note::ParentWatermark).into_iter().collect();
        // The parent's mark may lie beneath: one above it counts only where it can be read.
        let marked = pixels::mark(&image, order, || self.marker(), true, &mut left_out)?;
        let (image, container) = match &marked {
            Some(marked) => {
                let image = SourceImage::parse(&marked.bytes, &self.limits)?;
                (image, image.container()?)
            }
            None => (image, container),
        };
        let stated = marked.as_ref().map_or(PixelFacts::none(), |marked| &marked.facts);
        let facts = facts(order, Origin::Edited, stated, now)?;
        let mut labels = labels::of(&facts, order.metadata, &container, labels::Own::of(&image, &container))?;
        if let Some(personal) = of_parent {
            labels.tell_of_parent(personal);
        }
        let (layout, mut notes) = labels.lay_out(order.metadata, |xmp| Layout::replacing(&container, xmp))?;
        notes.notes.append(&mut left_out);
        let mut countersigner = self.countersigner(order.timestamp, now)?;
        let bytes = countersigner.rounds(|countersigner| {
            let (kit, layout) = (countersigner.kit(), layout.clone());
            kit.signer
                .sign_edited(&image, &container, layout, &facts, &parent, |store| {
                    countersigner.countersign(store)
                })
        })?;
        match self.check.read_back(&bytes, &facts) {
            Ok(reading) => {
                timestamp_is_read(&reading, countersigner.timestamp())?;
                check_history(&reading, &parent)?;
            }
            // What is wrong with some parents would be wrong with every manifest above them.
            Err(Error::SelfCheck(SelfCheckFault::NotValid)) if parent.fails() => {
                return Err(fault(ParentFault::Uncarriable));
            }
            Err(error) => return Err(error),
        }
        let record = Record::new(
            &facts,
            image.format(),
            bytes.len() as u64,
            marked.as_ref().map(|marked| marked.record.clone()),
            notes,
            countersigner,
        );
        Ok(Edited {
            stamped: Stamped { bytes, record },
            parent: parent.credentials().clone(),
        })
    }
}

fn fault(fault: ParentFault) -> Error {
    Error::Parent { fault, source: None }
}

/// The history must read as it did in the parent. A fault that is new is one of carrying it on, as where a program stated
/// hashes in a way that no reader takes once something is redacted.
fn check_history(reading: &Reading, parent: &Parent) -> Result<(), Error> {
    match reading
        .failures(Gravity::Ingredient)
        .all(|status| parent.has_failure(&status.code))
    {
        true => Ok(()),
        false => Err(fault(ParentFault::Uncarriable)),
    }
}
