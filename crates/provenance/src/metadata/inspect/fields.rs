//! The text fields of a picture by name, whatever block they stand in: what the readers of labels look at.

#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use touchmark_image::{BlockKind, Blocks, ExifDirectory, ExifField, ExifFields, MetadataBlock, Place, Unread};

use super::finding::{NotRead, NotReadWhy};
use super::iim;
use super::table::Table;
use super::text::{plain, user_comment, utf16};
use super::{aigc, xmp};
use crate::metadata::Part;
use crate::metadata::labels::Label;

/// Fields that are looked at in one picture, and those beyond that are labels by their own name.
const MAX_FIELDS: usize = 1024;
const MAX_LABEL_FIELDS: usize = 256;
/// Fields of one EXIF tag that are looked at.
const MAX_SAME_TAG: usize = 4;
/// What the EXIF fields of a picture may hold together, in bytes: any number of them can name the same.
const MAX_EXIF: usize = 8 << 20;

/// One text field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field<'a> {
    /// Its name in the table, such as `png:parameters`, `exif:UserComment`, `xmp:dc:description`.
    pub name: String,
    /// The block it stands in.
    pub place: Place,
    /// Its name for people; empty where the block is the field.
    pub shown: Cow<'static, str>,
    /// What it holds.
    pub text: Cow<'a, str>,
    /// The label of the XMP schema that it is.
    pub label: Option<Label>,
}

/// The fields of a picture, and what could not be read.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    pub list: Vec<Field<'a>>,
    pub unread: Vec<NotRead>,
    /// The camera that EXIF names: the field of its model, and both names.
    pub camera: Option<(Place, String)>,
    /// Texts whose keyword pretends to be credentials.
    pub imitations: Vec<(Place, String)>,
    /// Whether there were more fields, which is told once.
    is_full: bool,
    /// What the EXIF fields hold that were looked at, in bytes.
    exif_len: usize,
}

impl<'a> Fields<'a> {
    /// Collects the fields in which anything is looked for.
    pub(super) fn of(blocks: &'a Blocks<'a>, table: &Table) -> Self {
        let mut fields = Self::default();
        for (place, why) in &blocks.unread {
            fields.unread(place, NotReadWhy::Block(*why));
        }
        for block in &blocks.list {
            match &block.kind {
                BlockKind::Text { keyword } => fields.text(block, keyword, table),
                BlockKind::Exif => fields.exif(block),
                BlockKind::Iptc => fields.iptc(block, table),
                BlockKind::Xmp => xmp::collect(&mut fields, block, Part::Main, table),
                BlockKind::ExtendedXmp => xmp::collect(&mut fields, block, Part::Extended, table),
                _ => {}
            }
        }
        fields
    }

    pub(super) fn unread(&mut self, place: &Place, why: NotReadWhy) {
        self.unread.push(NotRead {
            place: place.clone(),
            why,
        });
    }

    pub(super) fn push(&mut self, field: Field<'a>) {
        let most = match field.label {
            Some(_) => MAX_FIELDS + MAX_LABEL_FIELDS,
            None => MAX_FIELDS,
        };
        if self.list.len() < most {
            self.list.push(field);
        } else if !std::mem::replace(&mut self.is_full, true) {
            self.unread(&field.place, NotReadWhy::Block(Unread::TooMany(most)));
        }
    }

    fn text(&mut self, block: &'a MetadataBlock<'a>, keyword: &str, table: &Table) {
        let name = match &block.place {
            _ if keyword.is_empty() => "comment".to_owned(),
            Place::SamsungTrailer(_) => format!("samsung:{keyword}"),
            Place::Svg => format!("svg:{keyword}"),
            // Front-ends name the texts of a film as those of a PNG.
            _ => of_keyword(keyword),
        };
        if keyword.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("c2pa")) {
            self.imitations.push((block.place.clone(), keyword.to_owned()));
        }
        let text = plain(&block.bytes);
        if table.wants(&name) || name == AIGC_TEXT || aigc::unnamed(&text).is_some() {
            self.push(Field {
                name,
                place: block.place.clone(),
                shown: match block.place {
                    // The boxes of all the texts are one to people.
                    Place::Box { .. } => Cow::Owned(keyword.to_owned()),
                    _ => Cow::Borrowed(""),
                },
                text,
                label: None,
            });
        }
    }

    fn exif(&mut self, block: &'a MetadataBlock<'a>) {
        let Some(fields) = ExifFields::read(&block.bytes) else {
            self.unread(&block.place, NotReadWhy::Exif);
            return;
        };
        if fields.incomplete && !matches!(block.place, Place::File(_)) {
            self.unread(&block.place, NotReadWhy::Exif);
        }
        let mut is_too_long = false;
        for (tag, name) in EXIF {
            // Some programs put a tag into the wrong one of the two directories.
            let is_short = |field: &ExifField<'_>| *tag != MAKER_NOTE || field.value.len() <= MAX_MAKER_NOTE;
            let found = fields.list.iter().filter(|field| field.tag == *tag && is_short(field));
            for (index, field) in found.enumerate() {
                if index == MAX_SAME_TAG {
                    // Each page of a TIFF may have its own.
                    if !matches!(block.place, Place::File(_)) {
                        self.unread(&block.place, NotReadWhy::Block(Unread::TooMany(MAX_SAME_TAG)));
                    }
                    break;
                }
                let length = self.exif_len + field.value.len();
                if length > MAX_EXIF {
                    is_too_long = true;
                    continue;
                }
                self.exif_len = length;
                self.push(Field {
                    name: (*name).to_owned(),
                    place: block.place.clone(),
                    shown: Cow::Owned(format!("EXIF {}", name.strip_prefix("exif:").unwrap_or_default())),
                    text: exif_text(field),
                    label: None,
                });
            }
        }
        if is_too_long {
            self.unread(&block.place, NotReadWhy::Block(Unread::TooLong(MAX_EXIF as u64)));
        }
        if self.camera.is_none() {
            self.camera = camera(&fields).map(|camera| (block.place.clone(), camera));
        }
    }

    fn iptc(&mut self, block: &'a MetadataBlock<'a>, table: &Table) {
        let (datasets, whole) = iim::read(&block.bytes);
        if !whole {
            self.unread(&block.place, NotReadWhy::Iptc);
        }
        for dataset in datasets {
            let Some((_, name)) = IPTC.iter().find(|(number, _)| *number == dataset.number) else {
                continue;
            };
            if table.wants(name) {
                self.push(Field {
                    name: (*name).to_owned(),
                    place: block.place.clone(),
                    shown: Cow::Owned(format!("IPTC {}", name.strip_prefix("iptc:").unwrap_or_default())),
                    text: plain(dataset.value),
                    label: None,
                });
            }
        }
    }
}

/// The name of a text under a keyword: programs that convert pictures change capitals to small letters.
pub(super) fn of_keyword(keyword: &str) -> String {
    format!("png:{}", keyword.to_ascii_lowercase())
}

/// The keyword under which PNG may hold the label of GB 45438 (TC260-PG-20259A, annex B).
pub(super) const AIGC_TEXT: &str = "png:aigc";

/// The tags whose text is looked at (Exif 3.0, 4.6.4 and 4.6.6; Windows' own for `XPComment`).
const EXIF: &[(u16, &str)] = &[
    (0x010D, "exif:DocumentName"),
    (0x010E, "exif:ImageDescription"),
    (0x010F, "exif:Make"),
    (0x0110, "exif:Model"),
    (0x0131, "exif:Software"),
    (0x013B, "exif:Artist"),
    (0x8298, "exif:Copyright"),
    (USER_COMMENT, "exif:UserComment"),
    (MAKER_NOTE, "exif:MakerNote"),
    (XP_COMMENT, "exif:XPComment"),
];
const USER_COMMENT: u16 = 0x9286;
const MAKER_NOTE: u16 = 0x927C;
/// Front-ends write a word; what cameras write is longer, and no text.
const MAX_MAKER_NOTE: usize = 64;
const XP_COMMENT: u16 = 0x9C9C;

/// The datasets whose text is looked at (IPTC-IIM 4.2, record 2).
const IPTC: &[(u8, &str)] = &[
    (65, "iptc:OriginatingProgram"),
    (80, "iptc:By-line"),
    (110, "iptc:Credit"),
    (120, "iptc:Caption"),
];

/// Whether a field of this name can be met at all, for the table's test.
#[cfg(test)]
pub(super) fn is_read(name: &str) -> bool {
    let in_xmp = |rest: &str| rest.split_once(':').is_some_and(|(prefix, _)| xmp::is_prefix(prefix));
    name == "comment"
        || name
            .strip_prefix("png:")
            .is_some_and(|keyword| name == of_keyword(keyword))
        || name.starts_with("samsung:")
        || name == "svg:metadata"
        || EXIF.iter().any(|(_, known)| *known == name)
        || IPTC.iter().any(|(_, known)| *known == name)
        || name.strip_prefix("xmp:").is_some_and(in_xmp)
}

fn exif_text<'a>(field: &ExifField<'a>) -> Cow<'a, str> {
    match field.tag {
        USER_COMMENT => user_comment(field.value),
        XP_COMMENT => Cow::Owned(utf16(field.value)),
        _ => plain(field.value),
    }
}

/// Make and model, where exposure or focal length stand beside them: a camera's block and no scanner's or program's.
fn camera(fields: &ExifFields<'_>) -> Option<String> {
    const EXPOSURE_TIME: u16 = 0x829A;
    const F_NUMBER: u16 = 0x829D;
    let exposed = [EXPOSURE_TIME, F_NUMBER]
        .into_iter()
        .any(|tag| fields.get(ExifDirectory::Exif, tag).is_some());
    let text = |tag| fields.get(ExifDirectory::Main, tag).map(|field| plain(field.value));
    let (make, model) = (text(0x010F)?, text(0x0110)?);
    let names = format!("{} {}", make.trim(), model.trim());
    (exposed && !names.contains(['{', '['])).then_some(names)
}
