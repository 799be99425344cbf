//! The metadata layer of a stamp: the XMP packet with the labels, and what the picture's own metadata gave cause to tell.

use touchmark_image::{Container, Error as ImageError, Layout, SourceImage, StoreRefusal, Xmp};
use touchmark_provenance::Error as ProvenanceError;
use touchmark_provenance::manifest::StampFacts;
use touchmark_provenance::metadata::{self, Existing, LabelledXmp, Personal, exif, iptc};

use super::order::Want;
use super::record::{MetadataRefusal, Note};
use crate::error::Error;

/// The packet to write, if any, and what to tell.
#[derive(Debug, Default)]
pub(super) struct Labels {
    packet: Option<Vec<u8>>,
    notes: Vec<Note>,
}

/// What to tell of a picture that is laid out.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Whether the labels are in it.
    pub labelled: bool,
    pub notes: Vec<Note>,
}

/// The metadata that a picture has, as far as it is within the limits.
#[derive(Debug, Default)]
pub(super) struct Own {
    pub xmp: Option<Xmp>,
    /// From the TIFF header on.
    pub exif: Option<Vec<u8>>,
    /// Datasets of IPTC-IIM.
    pub iptc: Option<Vec<u8>>,
}

impl Own {
    /// Reads the metadata of a picture in memory.
    pub fn of(image: &SourceImage<'_>, container: &Container) -> Result<Self, ImageError> {
        Ok(Self {
            xmp: image.xmp(container)?,
            exif: image.exif(container)?,
            iptc: image.iptc(container)?,
        })
    }
}

/// Makes the labels of a picture out of its own metadata and the facts.
pub(super) fn of(
    facts: &StampFacts<'_>,
    want: Want,
    container: &Container,
    own: Result<Own, ImageError>,
) -> Result<Labels, Error> {
    let Own { xmp, exif, iptc } = match own {
        Ok(own) => own,
        Err(ImageError::Limits { .. }) => {
            let mut labels = Labels::left_out(want, MetadataRefusal::OverLimit)?;
            labels.notes.push(Note::PersonalUnknown);
            return Ok(labels);
        }
        Err(error) => return Err(error.into()),
    };
    let existing = Existing {
        main: xmp.as_ref().map(|xmp| xmp.packet.as_slice()),
        extended: xmp.as_ref().and_then(|xmp| xmp.extended.as_deref()),
        aigc_elsewhere: container.metadata.aigc_text || exif.as_deref().is_some_and(exif::carries_aigc),
    };
    let mut labels = match want {
        Want::No => Labels::default(),
        _ if container.metadata.xmp.len() > 1 => Labels::left_out(want, MetadataRefusal::SeveralPackets)?,
        _ => match metadata::label(&existing, facts) {
            Ok(labelled) => Labels::from(labelled),
            Err(ProvenanceError::Metadata { part, fault }) => {
                Labels::left_out(want, MetadataRefusal::Xmp(part, fault))?
            }
            Err(error) => return Err(error.into()),
        },
    };
    if existing.main.is_some() {
        labels.tell(metadata::personal(&existing));
    }
    if let Some(exif) = &exif {
        labels.tell(exif::personal(exif));
    }
    if let Some(iptc) = &iptc {
        labels.tell(iptc::personal(iptc));
    }
    Ok(labels)
}

impl Labels {
    /// Lays the picture out with its labels; without them, where they do not fit and are not demanded.
    pub fn lay_out(
        mut self,
        want: Want,
        lay_out: impl Fn(Option<&[u8]>) -> Result<Layout, ImageError>,
    ) -> Result<(Layout, Notes), Error> {
        let layout = match lay_out(self.packet.as_deref()) {
            Err(ImageError::Store(StoreRefusal::PacketTooLong)) => {
                let left_out = Self::left_out(want, MetadataRefusal::TooLong)?;
                self.packet = None;
                self.notes
                    .retain(|note| matches!(note, Note::Personal(_) | Note::ParentPersonal(_)));
                self.notes.extend(left_out.notes);
                lay_out(None)?
            }
            layout => layout?,
        };
        let notes = Notes {
            labelled: self.packet.is_some(),
            notes: self.notes,
        };
        Ok((layout, notes))
    }

    fn left_out(want: Want, why: MetadataRefusal) -> Result<Self, Error> {
        if want == Want::Demanded {
            return Err(Error::Metadata(why));
        }
        let notes = match want {
            Want::No => Vec::new(),
            _ => vec![Note::MetadataLeftOut(why)],
        };
        Ok(Self { packet: None, notes })
    }

    /// Tells what the metadata of the picture it was edited from names.
    pub fn tell_of_parent(&mut self, personal: Personal) {
        self.notes.extend(personal.fields.into_iter().map(Note::ParentPersonal));
        if personal.incomplete {
            self.notes.push(Note::ParentPersonalUnknown);
        }
    }

    fn tell(&mut self, personal: Personal) {
        self.notes.extend(personal.fields.into_iter().map(Note::Personal));
        if personal.incomplete && !self.notes.contains(&Note::PersonalUnknown) {
            self.notes.push(Note::PersonalUnknown);
        }
    }
}

impl From<LabelledXmp> for Labels {
    fn from(labelled: LabelledXmp) -> Self {
        let differs = labelled.kept.into_iter().filter(|found| !found.agrees);
        let mut notes: Vec<Note> = differs.map(Note::LabelKept).collect();
        notes.extend(labelled.replaced.into_iter().map(Note::LabelReplaced));
        Self {
            packet: Some(labelled.packet),
            notes,
        }
    }
}
