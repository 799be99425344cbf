//! Messages between the program and its workers: what it is, a byte; the length, 4 bytes with the highest first; and then so
//! many bytes.

use std::io::{self, Read, Write};

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// From a worker: it waits for questions.
    Ready = b'r',
    /// To a worker.
    Question = b'q',
    /// From a worker: what it can answer already.
    Part = b'p',
    /// From a worker: its answer.
    Answer = b'a',
}

impl Kind {
    const ALL: [Self; 4] = [Self::Ready, Self::Question, Self::Part, Self::Answer];
}

/// Writes one message, and sees that it is on its way.
pub fn write(to: &mut impl Write, kind: Kind, message: &[u8]) -> io::Result<()> {
    let length = u32::try_from(message.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    to.write_all(&[kind as u8])?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(message)?;
    to.flush()
}

/// Reads one message, or nothing where there are no more. One that is longer than `most` is an error.
pub fn read(from: &mut impl Read, most: usize) -> io::Result<Option<(Kind, Vec<u8>)>> {
    let mut kind = [0];
    if from.read(&mut kind)? == 0 {
        return Ok(None);
    }
    let kind = Kind::ALL.into_iter().find(|known| [*known as u8] == kind);
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    let Some(kind) = kind.filter(|_| length <= most) else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    // Grows with what comes: whoever announces much and sends little costs little.
    let mut message = Vec::new();
    from.take(length as u64).read_to_end(&mut message)?;
    match message.len() == length {
        true => Ok(Some((kind, message))),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_as_they_were_sent_until_there_are_no_more() {
        let messages: [&[u8]; 4] = [b"first", b"", &[7; 70_000], b"last"];
        let mut pipe = Vec::new();
        for (kind, message) in Kind::ALL.into_iter().zip(messages) {
            write(&mut pipe, kind, message).unwrap();
        }
        let mut from = pipe.as_slice();
        for sent in Kind::ALL.into_iter().zip(messages.map(<[u8]>::to_vec)) {
            assert_eq!(read(&mut from, 70_000).unwrap(), Some(sent));
        }
        assert_eq!(read(&mut from, 70_000).unwrap(), None);
    }

    #[test]
    fn what_is_cut_off_too_long_or_no_message_is_refused() {
        let mut pipe = Vec::new();
        write(&mut pipe, Kind::Answer, b"message").unwrap();
        for len in 1..pipe.len() {
            assert!(read(&mut &pipe[..len], 100).is_err(), "{len}");
        }
        assert!(read(&mut pipe.as_slice(), 6).is_err());
        pipe[0] = b'x';
        assert!(read(&mut pipe.as_slice(), 100).is_err());
        assert!(read(&mut &[b'a', 0xFF, 0xFF, 0xFF, 0xFF][..], 1 << 20).is_err());
    }
}
