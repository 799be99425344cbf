//! EXIF blocks by hand, with fields in IFD0 and in the EXIF directory.

/// Type 2, text; type 7, undefined (TIFF 6.0, section 2; Exif 3.0, 4.6.2).
const ASCII: u16 = 2;
const UNDEFINED: u16 = 7;

pub(super) const DOCUMENT_NAME: u16 = 0x010D;
pub(super) const IMAGE_DESCRIPTION: u16 = 0x010E;
pub(super) const MAKE: u16 = 0x010F;
pub(super) const MODEL: u16 = 0x0110;
pub(super) const SOFTWARE: u16 = 0x0131;
pub(super) const ARTIST: u16 = 0x013B;
pub(super) const USER_COMMENT: u16 = 0x9286;
pub(super) const EXPOSURE_TIME: u16 = 0x829A;
const EXIF_DIRECTORY: u16 = 0x8769;

/// A block in the order of bytes of Motorola, as most programs write it: fields of IFD0, then of the EXIF directory.
pub(super) fn exif(main: &[(u16, &[u8])], inner: &[(u16, &[u8])]) -> Vec<u8> {
    let main_len = 2 + 12 * (main.len() + 1) + 4;
    let inner_at = 8 + main_len;
    let inner_len = 2 + 12 * inner.len() + 4;
    let mut values_at = inner_at + inner_len;
    let mut values = Vec::new();
    let mut entry = |tag: u16, value: &[u8]| {
        let (kind, mut value) = match tag {
            USER_COMMENT => (UNDEFINED, value.to_vec()),
            _ => (ASCII, [value, b"\0"].concat()),
        };
        let count = value.len() as u32;
        let place = match value.len() {
            ..=4 => {
                value.resize(4, 0);
                value
            }
            length => {
                let at = values_at as u32;
                values_at += length;
                values.extend(value);
                at.to_be_bytes().to_vec()
            }
        };
        [
            &tag.to_be_bytes()[..],
            &kind.to_be_bytes(),
            &count.to_be_bytes(),
            &place,
        ]
        .concat()
    };
    let mut out = b"MM\0*\0\0\0\x08".to_vec();
    out.extend((main.len() as u16 + 1).to_be_bytes());
    for (tag, value) in main {
        out.extend(entry(*tag, value));
    }
    let pointer = [
        &EXIF_DIRECTORY.to_be_bytes()[..],
        b"\0\x04\0\0\0\x01",
        &(inner_at as u32).to_be_bytes(),
    ];
    out.extend(pointer.concat());
    out.extend([0; 4]);
    out.extend((inner.len() as u16).to_be_bytes());
    for (tag, value) in inner {
        out.extend(entry(*tag, value));
    }
    out.extend([0; 4]);
    out.extend(values);
    out
}

/// A `UserComment` in UTF-16, in either order of bytes (Exif 3.0, 4.6.6.8).
pub(super) fn unicode(text: &str, big: bool) -> Vec<u8> {
    let unit = |unit: u16| match big {
        true => unit.to_be_bytes(),
        false => unit.to_le_bytes(),
    };
    [b"UNICODE\0".to_vec(), text.encode_utf16().flat_map(unit).collect()].concat()
}

/// A `UserComment` in ASCII.
pub(super) fn ascii(text: &str) -> Vec<u8> {
    [b"ASCII\0\0\0", text.as_bytes()].concat()
}
