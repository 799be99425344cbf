//! Which metadata of a picture names a person, a place or one device: the fields, never what they say, so that whoever
//! stamps someone's picture can be warned of what it passes on.

use touchmark_image::{BlockKind, SourceImage};

use super::packet::Existing;
use super::read::read;
use super::{exif, iptc};
use crate::names::iptc as names;
use crate::names::xmp;

/// The fields that name someone or something, and whether all of the metadata was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Personal {
    /// The fields, each once.
    pub fields: Vec<PersonalField>,
    /// Whether part of the metadata is damaged or over a limit and was not looked at.
    pub incomplete: bool,
}

/// A field that is filled in and names someone or something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PersonalField {
    /// Its name in its standard, such as `GPSLatitude` or `dc:creator`.
    pub name: &'static str,
    /// What it names.
    pub kind: PersonalKind,
}

/// What a field names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PersonalKind {
    /// Someone: the author, the owner, who is shown.
    Person,
    /// Where the picture was made, or what place it shows.
    Place,
    /// One camera, lens or computer, told apart from others of its kind.
    Device,
}

/// Looks through the XMP of a picture. Total: see [`Personal::incomplete`].
pub fn personal(existing: &Existing<'_>) -> Personal {
    let properties = read(existing);
    let mut personal = Personal {
        fields: Vec::new(),
        incomplete: properties.cut || !properties.faults.is_empty(),
    };
    for &(namespace, local, name, kind) in FIELDS {
        if properties.all(namespace, local).any(|property| !property.empty) {
            personal.fields.push(PersonalField { name, kind });
        }
    }
    personal
}

/// Looks through every block of metadata of a picture of any format: XMP, EXIF, IPTC-IIM. Each field once. Total.
pub fn personal_of_file(image: &SourceImage<'_>) -> Personal {
    let blocks = image.metadata_blocks();
    let mut all = Personal {
        fields: Vec::new(),
        incomplete: !blocks.unread.is_empty(),
    };
    for block in &blocks.list {
        let found = match block.kind {
            BlockKind::Xmp => personal(&Existing {
                main: Some(&block.bytes),
                ..Existing::default()
            }),
            BlockKind::ExtendedXmp => personal(&Existing {
                extended: Some(&block.bytes),
                ..Existing::default()
            }),
            BlockKind::Exif => exif::personal(&block.bytes),
            BlockKind::Iptc => iptc::personal(&block.bytes),
            _ => Personal::default(),
        };
        all.incomplete |= found.incomplete;
        for field in found.fields {
            if !all.fields.contains(&field) {
                all.fields.push(field);
            }
        }
    }
    all
}

/// Namespace, name, and how people who know the field call it.
const FIELDS: &[(&str, &str, &str, PersonalKind)] = {
    use PersonalKind::{Device, Person, Place};
    &[
        (xmp::DUBLIN_CORE, "creator", "dc:creator", Person),
        (xmp::DUBLIN_CORE, "contributor", "dc:contributor", Person),
        (xmp::DUBLIN_CORE, "publisher", "dc:publisher", Person),
        (xmp::DUBLIN_CORE, "rights", "dc:rights", Person),
        (xmp::DUBLIN_CORE, "coverage", "dc:coverage", Place),
        (xmp::RIGHTS, "Owner", "xmpRights:Owner", Person),
        (xmp::PHOTOSHOP, "AuthorsPosition", "photoshop:AuthorsPosition", Person),
        (xmp::PHOTOSHOP, "CaptionWriter", "photoshop:CaptionWriter", Person),
        (xmp::PHOTOSHOP, "City", "photoshop:City", Place),
        (xmp::PHOTOSHOP, "State", "photoshop:State", Place),
        (xmp::PHOTOSHOP, "Country", "photoshop:Country", Place),
        (
            xmp::IPTC_CORE,
            "CreatorContactInfo",
            "Iptc4xmpCore:CreatorContactInfo",
            Person,
        ),
        (xmp::IPTC_CORE, "Location", "Iptc4xmpCore:Location", Place),
        (xmp::IPTC_CORE, "CountryCode", "Iptc4xmpCore:CountryCode", Place),
        (
            names::EXTENSION_NAMESPACE,
            "PersonInImage",
            "Iptc4xmpExt:PersonInImage",
            Person,
        ),
        (
            names::EXTENSION_NAMESPACE,
            "PersonInImageWDetails",
            "Iptc4xmpExt:PersonInImageWDetails",
            Person,
        ),
        (
            names::EXTENSION_NAMESPACE,
            "AIPromptWriterName",
            "Iptc4xmpExt:AIPromptWriterName",
            Person,
        ),
        (
            names::EXTENSION_NAMESPACE,
            "ImageRegion",
            "Iptc4xmpExt:ImageRegion",
            Person,
        ),
        (
            names::EXTENSION_NAMESPACE,
            "Contributor",
            "Iptc4xmpExt:Contributor",
            Person,
        ),
        (
            names::EXTENSION_NAMESPACE,
            "LocationCreated",
            "Iptc4xmpExt:LocationCreated",
            Place,
        ),
        (
            names::EXTENSION_NAMESPACE,
            "LocationShown",
            "Iptc4xmpExt:LocationShown",
            Place,
        ),
        (xmp::PLUS, "ImageCreator", "plus:ImageCreator", Person),
        (xmp::PLUS, "CopyrightOwner", "plus:CopyrightOwner", Person),
        (xmp::PLUS, "Licensor", "plus:Licensor", Person),
        (xmp::MWG_REGIONS, "Regions", "mwg-rs:Regions", Person),
        (xmp::MICROSOFT_PEOPLE, "RegionInfo", "MP:RegionInfo", Person),
        (
            xmp::MICROSOFT_PHOTO,
            "LastKeywordXMP",
            "MicrosoftPhoto:LastKeywordXMP",
            Person,
        ),
        (xmp::PDF, "Author", "pdf:Author", Person),
        (xmp::TIFF, "Artist", "tiff:Artist", Person),
        (xmp::TIFF, "Copyright", "tiff:Copyright", Person),
        (xmp::EXIF, "GPSLatitude", "exif:GPSLatitude", Place),
        (xmp::EXIF, "GPSLongitude", "exif:GPSLongitude", Place),
        (xmp::EXIF, "GPSAltitude", "exif:GPSAltitude", Place),
        (xmp::EXIF, "GPSDestLatitude", "exif:GPSDestLatitude", Place),
        (xmp::EXIF, "GPSDestLongitude", "exif:GPSDestLongitude", Place),
        (xmp::EXIF, "GPSAreaInformation", "exif:GPSAreaInformation", Place),
        (xmp::EXIF_EX, "CameraOwnerName", "exifEX:CameraOwnerName", Person),
        (xmp::EXIF_EX, "BodySerialNumber", "exifEX:BodySerialNumber", Device),
        (xmp::EXIF_EX, "LensSerialNumber", "exifEX:LensSerialNumber", Device),
        (xmp::EXIF_AUX, "OwnerName", "aux:OwnerName", Person),
        (xmp::EXIF_AUX, "SerialNumber", "aux:SerialNumber", Device),
        (xmp::EXIF_AUX, "LensSerialNumber", "aux:LensSerialNumber", Device),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_named_once_and_only_where_they_are_filled() {
        let main = "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
            xmlns:d='http://purl.org/dc/elements/1.1/' xmlns:p='http://ns.adobe.com/photoshop/1.0/' \
            xmlns:e='http://ns.adobe.com/exif/1.0/'><r:Description r:about='' p:City='Kyiv' p:State=' ' \
            e:GPSLatitude='50,27.0N'><d:contributor>\n<r:Bag><r:li xml:lang='en'/></r:Bag></d:contributor><d:creator><r:Seq><r:li>A</r:li></r:Seq></d:creator></r:Description></r:RDF>";
        let extended = main.replace("p:City", "p:Country");
        let existing = Existing {
            main: Some(main.as_bytes()),
            extended: Some(extended.as_bytes()),
            ..Existing::default()
        };
        let personal = personal(&existing);
        let names: Vec<_> = personal.fields.iter().map(|field| (field.name, field.kind)).collect();
        assert_eq!(
            names,
            [
                ("dc:creator", PersonalKind::Person),
                ("photoshop:City", PersonalKind::Place),
                ("photoshop:Country", PersonalKind::Place),
                ("exif:GPSLatitude", PersonalKind::Place),
            ]
        );
        assert!(!personal.incomplete);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let damaged = Existing {
            main: Some(b"<x"),
            ..Existing::default()
        };
        assert!(personal(&damaged).incomplete);
        assert_eq!(personal(&Existing::default()), Personal::default());
    }
}
