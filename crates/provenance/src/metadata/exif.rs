//! What an EXIF block tells about people, places and devices. It is read, never changed.

use exif::{Context, Error, In, Reader, Tag, Value};

use super::personal::{Personal, PersonalField, PersonalKind};
use crate::names::xmp;

/// The longest block that is looked at, in bytes: twice what a JPEG segment holds. Fields can overlap, and each that is
/// looked at is copied out, so that the length bounds the memory.
const MAX_BYTES: usize = 128 << 10;

/// The fields of an EXIF block (TIFF, without the `Exif` header) that name someone or something.
///
/// Total: see [`Personal::incomplete`].
pub fn personal(tiff: &[u8]) -> Personal {
    let mut personal = Personal::default();
    if tiff.len() > MAX_BYTES {
        personal.incomplete = true;
        return personal;
    }
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let read = reader.read_raw(tiff.to_vec());
    let (block, errors) = match read {
        Ok(block) => (block, Vec::new()),
        Err(Error::PartialResult(partial)) => partial.into_inner(),
        Err(_) => {
            personal.incomplete = true;
            return personal;
        }
    };
    personal.incomplete = !errors.iter().all(is_harmless);
    for &(context, number, name, kind) in FIELDS {
        let field = |ifd| block.get_field(Tag(context, number), ifd);
        if [In::PRIMARY, In::THUMBNAIL]
            .into_iter()
            .filter_map(field)
            .any(|field| is_filled(&field.value))
        {
            personal.fields.push(PersonalField { name, kind });
        }
    }
    personal
}

/// Generators write sub-directories without the link that ends them, so that the next bytes are taken for one (piexif
/// does). Every field was read by then.
fn is_harmless(error: &Error) -> bool {
    matches!(
        error,
        Error::InvalidFormat("Unexpected next IFD" | "Truncated next IFD offset")
    )
}

/// Whether an EXIF block carries an AIGC label in a text field, as GB 45438-2025 also allows (TC260-PG-20259A, Annex B).
pub fn carries_aigc(tiff: &[u8]) -> bool {
    let wide = |to_bytes: fn(u16) -> [u8; 2]| xmp::AIGC_KEY.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
    [
        xmp::AIGC_KEY.as_bytes(),
        &wide(u16::to_le_bytes),
        &wide(u16::to_be_bytes),
    ]
    .into_iter()
    .any(|key| memchr::memmem::find(tiff, key).is_some())
}

/// Blank texts and blocks of zeros are left by cameras whose owner filled in nothing.
fn is_filled(value: &Value) -> bool {
    let is_blank = |bytes: &[u8]| bytes.iter().all(|byte| matches!(byte, 0 | b' '));
    match value {
        Value::Ascii(texts) => !texts.iter().all(|text| is_blank(text)),
        Value::Byte(bytes) | Value::Undefined(bytes, _) => !is_blank(bytes),
        _ => true,
    }
}

/// Where, which tag (EXIF 3.0, 4.6; Windows' own for `XPAuthor`; DNG for `CameraSerialNumber`), its name, what it names.
const FIELDS: &[(Context, u16, &str, PersonalKind)] = {
    use Context::{Exif, Gps, Tiff};
    use PersonalKind::{Device, Person, Place};
    &[
        (Tiff, 0x013B, "Artist", Person),
        (Tiff, 0x8298, "Copyright", Person),
        (Tiff, 0x9C9D, "XPAuthor", Person),
        (Tiff, 0x013C, "HostComputer", Device),
        (Tiff, 0xC62F, "CameraSerialNumber", Device),
        (Exif, 0xA430, "CameraOwnerName", Person),
        (Exif, 0xA437, "Photographer", Person),
        (Exif, 0xA438, "ImageEditor", Person),
        (Exif, 0xA431, "BodySerialNumber", Device),
        (Exif, 0xA435, "LensSerialNumber", Device),
        (Exif, 0x927C, "MakerNote", Device),
        (Gps, 0x0002, "GPSLatitude", Place),
        (Gps, 0x0004, "GPSLongitude", Place),
        (Gps, 0x0006, "GPSAltitude", Place),
        (Gps, 0x0014, "GPSDestLatitude", Place),
        (Gps, 0x0016, "GPSDestLongitude", Place),
        (Gps, 0x001C, "GPSAreaInformation", Place),
    ]
};

#[cfg(test)]
mod tests {
    use exif::experimental::Writer;
    use exif::{Field, Rational};

    use super::*;

    fn block(fields: &[(Tag, Value)], little_endian: bool) -> Vec<u8> {
        let fields: Vec<Field> = fields
            .iter()
            .map(|(tag, value)| Field {
                tag: *tag,
                ifd_num: In::PRIMARY,
                value: value.clone(),
            })
            .collect();
        let mut writer = Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        let mut out = std::io::Cursor::new(Vec::new());
        writer.write(&mut out, little_endian).unwrap();
        out.into_inner()
    }

    fn text(text: &str) -> Value {
        Value::Ascii(vec![text.as_bytes().to_vec()])
    }

    #[test]
    fn a_sub_directory_without_its_last_link_is_complete() {
        // IFD0 with the Exif directory at 26; its one field, a comment of 12 bytes, begins where the link would be.
        let tiff = b"MM\0\x2A\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x1A\0\0\0\0\
            \0\x01\x92\x86\0\x07\0\0\0\x0C\0\0\0\x28UNICODE\0abcd";
        assert_eq!(personal(tiff), Personal::default());
        assert!(personal(&tiff[..30]).incomplete);
    }

    #[test]
    fn filled_fields_are_named_in_both_byte_orders() {
        let degrees = Value::Rational(vec![Rational { num: 50, denom: 1 }; 3]);
        let fields = [
            (Tag::Artist, text("A. Person")),
            (Tag::Copyright, text("    ")),
            (Tag::Make, text("Maker")),
            (Tag::CameraOwnerName, text("")),
            (Tag::BodySerialNumber, text("123")),
            (Tag::GPSLatitude, degrees),
        ];
        for little_endian in [false, true] {
            let personal = personal(&block(&fields, little_endian));
            let names: Vec<_> = personal.fields.iter().map(|field| (field.name, field.kind)).collect();
            assert_eq!(
                names,
                [
                    ("Artist", PersonalKind::Person),
                    ("BodySerialNumber", PersonalKind::Device),
                    ("GPSLatitude", PersonalKind::Place),
                ]
            );
            assert!(!personal.incomplete);
        }
    }

    #[test]
    fn a_damaged_block_is_told_and_read_as_far_as_it_goes() {
        let whole = block(
            &[(Tag::Artist, text("A. Person")), (Tag::Copyright, text("B. Person"))],
            true,
        );
        let mut damaged = whole.clone();
        // The second entry's value lies beyond the block.
        damaged[8 + 2 + 12 + 8..][..4].copy_from_slice(&u32::MAX.to_le_bytes());
        let personal_of_damaged = personal(&damaged);
        assert!(personal_of_damaged.incomplete);
        assert_eq!(personal_of_damaged.fields.len(), 1);
        assert!(personal(&whole[..7]).incomplete);
        assert!(personal(&vec![0; MAX_BYTES + 1]).incomplete);
    }

    #[test]
    fn an_aigc_label_is_found_in_each_encoding() {
        let json = r#"{"AIGC":{"Label":"1","ContentProducer":"x"}}"#;
        assert!(carries_aigc(json.as_bytes()));
        assert!(carries_aigc(
            &json.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>()
        ));
        assert!(carries_aigc(
            &json.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()
        ));
        assert!(!carries_aigc(b"Content"));
    }
}
