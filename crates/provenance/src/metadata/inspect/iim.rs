//! The datasets of IPTC-IIM (IPTC-NAA Information Interchange Model 4.2, 1.5), record 2.

#![warn(clippy::indexing_slicing)]

/// A dataset of the application record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::metadata) struct Dataset<'a> {
    /// Its number in record 2.
    pub number: u8,
    pub value: &'a [u8],
}

/// Datasets that are looked at.
const MAX_DATASETS: usize = 1024;

const TAG_MARKER: u8 = 0x1C;
const APPLICATION: u8 = 2;
/// A length with this bit is that of the length to come.
const EXTENDED: u16 = 0x8000;

/// The datasets of record 2, and whether all was read. Total.
pub(in crate::metadata) fn read(mut bytes: &[u8]) -> (Vec<Dataset<'_>>, bool) {
    let mut datasets = Vec::new();
    for _ in 0..MAX_DATASETS {
        // Padding to a whole number of words may follow.
        if bytes.iter().take(5).all(|byte| *byte == 0) {
            return (datasets, true);
        }
        let Some((record, dataset, rest)) = dataset(bytes) else {
            return (datasets, false);
        };
        if record == APPLICATION {
            datasets.push(dataset);
        }
        bytes = rest;
    }
    (datasets, false)
}

fn dataset(bytes: &[u8]) -> Option<(u8, Dataset<'_>, &[u8])> {
    let [TAG_MARKER, record, number, l1, l0, rest @ ..] = bytes else {
        return None;
    };
    let length = u16::from_be_bytes([*l1, *l0]);
    let (length, rest) = match length & EXTENDED {
        0 => (usize::from(length), rest),
        _ => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & !EXTENDED))?;
            let length = digits.iter().try_fold(0usize, |length, byte| {
                length.checked_mul(256)?.checked_add(usize::from(*byte))
            })?;
            (length, rest)
        }
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((*record, Dataset { number: *number, value }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datasets_are_read_with_short_and_long_lengths() {
        let bytes = b"\x1C\x01\x5A\0\x03\x1B%G\x1C\x02\x50\0\x06A. One\x1C\x02\x78\x80\x04\0\0\0\x02hi\0\0";
        let (datasets, whole) = read(bytes);
        assert!(whole);
        let seen: Vec<_> = datasets.iter().map(|dataset| (dataset.number, dataset.value)).collect();
        assert_eq!(seen, [(80, &b"A. One"[..]), (120, b"hi")]);
        assert!(!read(&bytes[..20]).1);
        assert!(!read(b"abcde").1);
        assert!(read(b"").1);
    }
}
