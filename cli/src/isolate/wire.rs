//! Messages between the program and its workers: the length, 4 bytes with the highest first, and then so many bytes.

use std::io::{self, Read, Write};

/// Writes one message, and sees that it is on its way.
pub fn write(to: &mut impl Write, message: &[u8]) -> io::Result<()> {
    let length = u32::try_from(message.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(message)?;
    to.flush()
}

/// Reads one message, or nothing where there are no more. One that is longer than `most` is an error.
pub fn read(from: &mut impl Read, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read(&mut length)? {
        0 => return Ok(None),
        some => from.read_exact(length.get_mut(some..).unwrap_or_default())?,
    }
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > most {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // Grows with what comes: whoever announces much and sends little costs little.
    let mut message = Vec::new();
    from.take(length as u64).read_to_end(&mut message)?;
    match message.len() == length {
        true => Ok(Some(message)),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_as_they_were_sent_until_there_are_no_more() {
        let messages: [&[u8]; 3] = [b"first", b"", &[7; 70_000]];
        let mut pipe = Vec::new();
        messages.iter().for_each(|message| write(&mut pipe, message).unwrap());
        let mut from = pipe.as_slice();
        for message in messages {
            assert_eq!(read(&mut from, 70_000).unwrap().as_deref(), Some(message));
        }
        assert_eq!(read(&mut from, 70_000).unwrap(), None);
    }

    #[test]
    fn what_is_cut_off_or_too_long_is_refused() {
        let mut pipe = Vec::new();
        write(&mut pipe, b"message").unwrap();
        for len in 1..pipe.len() {
            assert!(read(&mut &pipe[..len], 100).is_err(), "{len}");
        }
        assert!(read(&mut pipe.as_slice(), 6).is_err());
        assert!(read(&mut &[0xFF; 4][..], 1 << 20).is_err());
    }
}
