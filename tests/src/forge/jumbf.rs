//! Boxes of a manifest store (ISO 19566-5), written without asking whether they make sense.

/// The content type of a superbox: four characters in the UUID of its description box (C2PA 2.2, 11.1.4).
pub type Kind = [u8; 4];

/// The manifest store.
pub const STORE: Kind = *b"c2pa";
/// A manifest.
pub const MANIFEST: Kind = *b"c2ma";
/// An update manifest (C2PA 2.2, 11.2.3).
pub const UPDATE_MANIFEST: Kind = *b"c2um";
/// The assertions of a manifest.
pub const ASSERTIONS: Kind = *b"c2as";
/// A claim.
pub const CLAIM: Kind = *b"c2cl";
/// A claim's signature.
pub const SIGNATURE: Kind = *b"c2cs";
/// An assertion in CBOR.
pub const CBOR: Kind = *b"cbor";

/// A box: length, type, payload.
pub fn boxed(kind: Kind, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() + 8) as u32;
    [&length.to_be_bytes()[..], &kind, payload].concat()
}

/// A superbox: a description box with the label, then the content boxes.
pub fn superbox(kind: Kind, label: &str, content: &[u8]) -> Vec<u8> {
    let description = [&uuid(kind)[..], &[REQUESTABLE], label.as_bytes(), &[0]].concat();
    boxed(*b"jumb", &[&boxed(*b"jumd", &description), content].concat())
}

/// An embedded file (ISO 19566-5, B.10): a box that describes it, and its bytes.
pub fn embedded_file(label: &str, media_type: &str, name: Option<&str>, bytes: &[u8]) -> Vec<u8> {
    let kind = b"\x40\xCB\x0C\x32\xBB\x8A\x48\x9D\xA7\x0B\x2A\xD6\xF4\x7F\x43\x69";
    let description = [&kind[..], &[REQUESTABLE], label.as_bytes(), &[0]].concat();
    // The first byte says whether there is a name.
    let mut file = [&[u8::from(name.is_some())][..], media_type.as_bytes(), &[0]].concat();
    if let Some(name) = name {
        file.extend([name.as_bytes(), &[0]].concat());
    }
    let content = [
        boxed(*b"jumd", &description),
        boxed(*b"bfdb", &file),
        boxed(*b"bidb", bytes),
    ];
    boxed(*b"jumb", &content.concat())
}

/// What a hashed URI covers: the superbox without its header (C2PA 2.2, 8.4.2.3).
pub fn payload(superbox: &[u8]) -> &[u8] {
    superbox.get(8..).unwrap_or_default()
}

/// "Requestable" and "has a label" (ISO 19566-5, A.3).
const REQUESTABLE: u8 = 0b11;

fn uuid([a, b, c, d]: Kind) -> [u8; 16] {
    [a, b, c, d, 0, 0x11, 0, 0x10, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
}
