//! The box that holds a manifest store in a file on ISO base media (`ContentProvenanceBox`; C2PA 2.2, A.5.1).
#![warn(clippy::indexing_slicing)]

/// Its user type.
pub(super) const USER_TYPE: &[u8] = b"\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81";
/// Where the user type stands, from the start of the box.
pub(super) const USER_TYPE_OFFSET: u64 = 8;
/// Version and flags behind the user type.
const VERSION_LEN: usize = 4;
/// The place of the first Merkle box, in front of a store.
const MERKLE_OFFSET_LEN: usize = 8;
/// The longest name of a purpose; the standard's have at most eight letters.
const LONGEST_PURPOSE: usize = 64;

/// Such a box, out of the payload of a `uuid` box.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ContentBox<'a> {
    /// `manifest`, `original` and `update` hold a store, `merkle` a proof.
    pub purpose: &'a [u8],
    data: &'a [u8],
}

impl<'a> ContentBox<'a> {
    /// Reads the payload of a `uuid` box; `None` for another user type, or without a purpose.
    pub fn parse(payload: &'a [u8]) -> Option<Self> {
        let rest = payload.strip_prefix(USER_TYPE)?.get(VERSION_LEN..)?;
        let end = rest.iter().take(LONGEST_PURPOSE).position(|byte| *byte == 0)?;
        Some(Self {
            purpose: rest.get(..end)?,
            data: rest.get(end + 1..)?,
        })
    }

    /// The store, and the padding behind it, as the store's own length parts them. `None` for a proof.
    pub fn store(&self) -> Option<(&'a [u8], &'a [u8])> {
        let is_for_a_store = matches!(self.purpose, b"manifest" | b"original" | b"update");
        let data = self.data.get(MERKLE_OFFSET_LEN..).filter(|_| is_for_a_store)?;
        let length = u32::from_be_bytes(data.get(..4)?.try_into().ok()?);
        data.split_at_checked(usize::try_from(length).ok()?)
    }

    /// Whether it holds a store and behind it only zeros.
    pub fn is_padded_with_zeros(&self) -> bool {
        self.store()
            .is_some_and(|(_, padding)| padding.iter().all(|byte| *byte == 0))
    }
}

/// The length of the box with which these bytes begin, where it holds this store and behind it only zeros.
pub(super) fn holding(bytes: &[u8], store: &[u8]) -> Option<usize> {
    let length = usize::try_from(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?)).ok()?;
    let payload = bytes.get(4..length)?.strip_prefix(b"uuid")?;
    let content = ContentBox::parse(payload)?;
    let holds = content.store().is_some_and(|(found, _)| found == store) && content.is_padded_with_zeros();
    holds.then_some(length)
}
