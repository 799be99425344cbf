//! The walk over the boxes of a manifest store (ISO 19566-5), as far as touchmark checks things for itself.
#![warn(clippy::indexing_slicing)]

/// Boxes inside boxes inside boxes: a store holds manifests, those hold assertion stores, those hold assertions.
/// Deeper nesting has no meaning in C2PA.
const MAX_DEPTH: usize = 6;

/// Superboxes in one store; the largest store seen in the field has 30 manifests with some 20 assertions each.
const MAX_BOXES: usize = 100_000;

/// A superbox: its label and what it contains.
#[derive(Debug, Clone, Copy)]
pub(super) struct Superbox<'a> {
    /// The label of its description box.
    pub label: &'a str,
    /// Everything after its header: what a hash of the box is made over (C2PA 2.2, 8.4.2.3).
    pub payload: &'a [u8],
    /// Its description box with the header.
    pub description: &'a [u8],
    /// The boxes after the description box.
    content: &'a [u8],
    /// The description box's private box, if any.
    private: Option<([u8; 4], &'a [u8])>,
}

impl<'a> Superbox<'a> {
    /// Reads the superbox at the start of `bytes`: a manifest store, as it stands in the file.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (kind, payload, _) = next_box(bytes)?;
        (kind == *b"jumb").then(|| Self::from_payload(payload)).flatten()
    }

    /// The boxes directly inside behind the description box: type and payload.
    pub fn boxes(&self) -> impl Iterator<Item = ([u8; 4], &'a [u8])> + use<'a> {
        boxes(self.content)
    }

    /// The superboxes directly inside.
    pub fn children(&self) -> impl Iterator<Item = Superbox<'a>> + use<'a> {
        self.boxes()
            .filter(|(kind, _)| kind == b"jumb")
            .filter_map(|(_, payload)| Self::from_payload(payload))
    }

    /// The superbox with this label directly inside.
    pub fn child(&self, label: &str) -> Option<Superbox<'a>> {
        // By its label before the rest of it is read.
        let has_label = |payload: &[u8]| {
            let labelled =
                next_box(payload).and_then(|(_, description, _)| description.get(17..)?.strip_prefix(label.as_bytes()));
            labelled.is_some_and(|rest| rest.first() == Some(&0)) || label.is_empty()
        };
        let mut superboxes = self
            .boxes()
            .filter(|(kind, payload)| kind == b"jumb" && has_label(payload));
        superboxes.find_map(|(_, payload)| Self::from_payload(payload).filter(|child| child.label == label))
    }

    /// The payload of the first content box of this type, such as `cbor`.
    pub fn content(&self, kind: &[u8; 4]) -> Option<&'a [u8]> {
        boxes(self.content)
            .find(|(found, _)| found == kind)
            .map(|(_, payload)| payload)
    }

    /// The salt beside the label (C2PA 2.2, 8.4.2.3).
    pub fn salt(&self) -> Option<&'a [u8]> {
        self.private.filter(|(kind, _)| kind == b"c2sh").map(|(_, salt)| salt)
    }

    /// Whether its content was taken out: nothing but zeros behind the description box (C2PA 2.2, 6.8).
    pub fn is_blank(&self) -> bool {
        self.boxes().all(|(_, payload)| payload.iter().all(|byte| *byte == 0))
    }

    /// Whether every walk finds the same boxes in it: each fills what is around it, no length, type or description is of a kind
    /// that parsers read in different ways, and they nest no deeper and are no more than any manifest store needs. Behind the
    /// last box in the outermost there may be zeros.
    pub fn is_sound(&self) -> bool {
        fn is_sound(of: &Superbox<'_>, depth: usize, left: &mut usize) -> bool {
            depth < MAX_DEPTH
                && is_plain(of.description)
                && is_filled(of.content, depth == 0)
                && of.boxes().filter(|(kind, _)| kind == b"jumb").all(|(_, payload)| {
                    *left = left.saturating_sub(1);
                    *left > 0 && Superbox::from_payload(payload).is_some_and(|child| is_sound(&child, depth + 1, left))
                })
        }
        is_sound(self, 0, &mut MAX_BOXES.clone())
    }

    /// The part of its type that tells C2PA's superboxes apart; `None` for those of others (C2PA 2.2, 11.1).
    pub fn kind(&self) -> Option<[u8; 4]> {
        /// Length and type of the description box.
        const HEADER: usize = 8;
        const REST: &[u8] = b"\x00\x11\x00\x10\x80\x00\x00\xAA\x00\x38\x9B\x71";
        let (kind, rest) = self.description.get(HEADER..)?.split_first_chunk()?;
        rest.starts_with(REST).then_some(*kind)
    }

    /// The label of the superbox with this payload, where it is one.
    pub fn labelled(payload: &[u8]) -> Option<&str> {
        Some(Superbox::from_payload(payload)?.label)
    }

    /// Reads what follows the header of a superbox. A description box: UUID (16), toggles (1), and a NUL-terminated label where toggle bit 1 says so (A.3).
    pub fn from_payload(payload: &'a [u8]) -> Option<Self> {
        let (kind, description, content) = next_box(payload)?;
        if kind != *b"jumd" {
            return None;
        }
        let toggles = *description.get(16)?;
        let mut rest = description.get(17..)?;
        let mut label = "";
        if toggles & LABEL != 0 {
            let end = memchr::memchr(0, rest)?;
            label = std::str::from_utf8(rest.get(..end)?).ok()?;
            rest = rest.get(end + 1..)?;
        }
        // An id of 4 bytes or a signature of 32 may stand before the private box; C2PA has neither.
        let private = (toggles & (ID | SIGNATURE | PRIVATE) == PRIVATE).then(|| next_box(rest));
        let description = payload.get(..payload.len().checked_sub(content.len())?)?;
        Some(Self {
            label,
            payload,
            description,
            content,
            private: private.flatten().map(|(kind, payload, _)| (kind, payload)),
        })
    }
}

/// Writes a box with a 32-bit length (ISO 19566-5, 4.2). `None` for a payload that this cannot state.
pub(super) fn write_box(kind: [u8; 4], payload: &[&[u8]]) -> Option<Vec<u8>> {
    let len = payload.iter().map(|part| part.len()).sum::<usize>().checked_add(8)?;
    let mut bytes = Vec::with_capacity(len);
    bytes.extend_from_slice(&u32::try_from(len).ok()?.to_be_bytes());
    bytes.extend_from_slice(&kind);
    payload.iter().for_each(|part| bytes.extend_from_slice(part));
    Some(bytes)
}

/// A superbox of one of C2PA's types, with these boxes in it.
#[cfg(test)]
pub(super) fn superbox(kind: &[u8; 4], label: &str, content: &[u8]) -> Vec<u8> {
    let uuid = [kind, &b"\0\x11\0\x10\x80\0\0\xAA\0\x38\x9B\x71"[..]].concat();
    let description = write_box(*b"jumd", &[&uuid, &[3], label.as_bytes(), &[0]]).unwrap();
    write_box(*b"jumb", &[&description, content]).unwrap()
}

/// Toggles of a description box (A.3).
const LABEL: u8 = 0b10;
const ID: u8 = 0b100;
const SIGNATURE: u8 = 0b1000;
const PRIVATE: u8 = 0b1_0000;
const LABEL_AND_PRIVATE: u8 = LABEL | PRIVATE;

/// Where `part`, a slice of `whole`, lies in it.
pub(super) fn range_in(part: &[u8], whole: &[u8]) -> Option<std::ops::Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    let range = start..start.checked_add(part.len())?;
    whole.get(range.clone()).is_some().then_some(range)
}

fn boxes<'a>(mut bytes: &'a [u8]) -> impl Iterator<Item = ([u8; 4], &'a [u8])> + use<'a> {
    std::iter::from_fn(move || {
        let (kind, payload, rest) = next_box(bytes)?;
        bytes = rest;
        Some((kind, payload))
    })
}

/// Whether there are boxes one behind the other, each with a length of 32 bits and a type: to c2pa 0.91, a box of type 0 and
/// zeros end what is around them.
fn is_filled(mut bytes: &[u8], may_be_padded: bool) -> bool {
    let is_padding = |bytes: &[u8]| may_be_padded && bytes.iter().all(|byte| *byte == 0);
    while !bytes.is_empty() && !is_padding(bytes) {
        let header = bytes.first_chunk::<8>().map(|[a, b, c, d, kind @ ..]| {
            let length = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d]));
            length.ok().filter(|length| *length >= 8 && *kind != [0; 4])
        });
        match header.flatten().and_then(|length| bytes.get(length..)) {
            Some(rest) => bytes = rest,
            None => return false,
        }
    }
    true
}

/// Whether a description box is one that all parsers read to the same end: a length of 32 bits, a label, and behind it at
/// most a salt (C2PA 2.2, 8.4.2.3 and 11.1.4). c2pa 0.91 reads 8 bytes further where a length has 64 bits.
fn is_plain(description: &[u8]) -> bool {
    const REQUESTABLE: u8 = 0b1;
    let read = || {
        let (length, rest) = description.split_first_chunk::<4>()?;
        let rest = rest.get(20..).filter(|_| u32::from_be_bytes(*length) > 1)?;
        let (toggles, rest) = rest.split_first()?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        let rest = rest.get(end + 1..)?;
        Some(match toggles & !REQUESTABLE {
            LABEL => rest.is_empty(),
            LABEL_AND_PRIVATE => {
                let length = u32::from_be_bytes(*rest.first_chunk()?);
                rest.get(4..8) == Some(b"c2sh") && usize::try_from(length) == Ok(rest.len())
            }
            _ => false,
        })
    };
    read() == Some(true)
}

/// Splits the first box off: type, payload, what follows. A length of 1 announces 64 bits; 0 means to the end (4.2).
fn next_box(bytes: &[u8]) -> Option<([u8; 4], &[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (kind, rest) = rest.split_first_chunk::<4>()?;
    let (payload, after) = match u32::from_be_bytes(*length) {
        0 => (rest, &[][..]),
        1 => {
            let (length, rest) = rest.split_first_chunk::<8>()?;
            rest.split_at_checked(usize::try_from(u64::from_be_bytes(*length)).ok()?.checked_sub(16)?)?
        }
        length => rest.split_at_checked(usize::try_from(length).ok()?.checked_sub(8)?)?,
    };
    Some((*kind, payload, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len() + 8).unwrap();
        [&length.to_be_bytes()[..], kind, payload].concat()
    }

    fn superbox(label: &str, content: &[u8]) -> Vec<u8> {
        let description = make(b"jumd", &[&[0; 16][..], &[0b11], label.as_bytes(), &[0]].concat());
        make(b"jumb", &[description, content.to_vec()].concat())
    }

    #[test]
    fn descriptions_that_parsers_read_to_different_ends_are_not_sound() {
        let content = make(b"cbor", b"abc");
        let of_description = |description: &[u8]| {
            let parts = [description, &content].concat();
            Superbox::parse(&make(b"jumb", &parts)).is_some_and(|found| found.is_sound())
        };
        let with = |toggles: u8, rest: &[u8]| make(b"jumd", &[&[0; 16][..], &[toggles], b"a\0", rest].concat());
        let salt = make(b"c2sh", &[7; 16]);
        assert!(of_description(&with(0b11, b"")) && of_description(&with(0b1_0011, &salt)));
        let long = [&[0, 0, 0, 1][..], b"c2sh", &[0, 0, 0, 0, 0, 0, 0, 32], &[7; 16]].concat();
        for damaged in [
            with(0b11, &salt),
            with(0b1_0011, b""),
            with(0b1_0011, &long),
            with(0b1_0011, &[&salt[..], &salt].concat()),
            with(0b111, &[0; 4]),
            with(0b1011, &[0; 32]),
            [
                &[0, 0, 0, 1][..],
                b"jumd",
                &[0, 0, 0, 0, 0, 0, 0, 35],
                &[0; 16],
                &[0b11],
                b"a\0",
            ]
            .concat(),
        ] {
            assert!(!of_description(&damaged), "{}", damaged.escape_ascii());
        }
    }

    #[test]
    fn a_box_is_found_by_its_path() {
        let bytes = superbox(
            "c2pa",
            &superbox("urn:c2pa:1", &superbox("claim", &make(b"cbor", b"abc"))),
        );
        let store = Superbox::parse(&bytes).unwrap();
        let claim = store
            .child("urn:c2pa:1")
            .and_then(|manifest| manifest.child("claim"))
            .unwrap();
        assert_eq!(claim.content(b"cbor"), Some(&b"abc"[..]));
        assert!(claim.content(b"json").is_none());
        assert!(store.is_sound());
    }

    #[test]
    fn impossible_lengths_end_the_walk() {
        for length in [2_u32, 4, 7, 9, u32::MAX] {
            let mut bytes = superbox("c2pa", &[]);
            bytes[..4].copy_from_slice(&length.to_be_bytes());
            assert!(Superbox::parse(&bytes).is_none(), "length {length}");
        }
        let mut long = vec![0, 0, 0, 1];
        long.extend_from_slice(b"jumb");
        long.extend_from_slice(&u64::MAX.to_be_bytes());
        assert!(Superbox::parse(&long).is_none());
    }

    #[test]
    fn what_parsers_walk_in_different_ways_is_not_sound() {
        let is_sound = |content: &[u8]| Superbox::parse(&superbox("c2pa", content)).unwrap().is_sound();
        let inner = superbox("a", &make(b"cbor", b"1"));
        assert!(
            is_sound(&inner) && is_sound(&[&inner[..], &[0; 12]].concat()),
            "padding"
        );
        let no_description = make(b"jumb", b"what is this");
        let mut to_the_end = inner.clone();
        to_the_end[..4].fill(0);
        for content in [
            [&b"\0\0\0\x01jumb"[..], &inner].concat(),
            [&inner[..], b"\0\0\0\x04"].concat(),
            [&inner[..], b"rest"].concat(),
            [&no_description[..], &inner].concat(),
            to_the_end,
            superbox("b", &[&inner[..], b"\0\0\0\x01jumb"].concat()),
            superbox("b", &[&inner[..], &[0; 12]].concat()),
            [&make(&[0; 4], &inner)[..], &inner].concat(),
        ] {
            assert!(!is_sound(&content), "{}", content.escape_ascii());
        }
    }

    #[test]
    fn deep_nesting_is_over_the_limit() {
        let mut bytes = superbox("x", &[]);
        for _ in 0..MAX_DEPTH {
            bytes = superbox("x", &bytes);
        }
        assert!(!Superbox::parse(&bytes).unwrap().is_sound());
    }
}
