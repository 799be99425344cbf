//! A picture as the C2PA library reads it, which notes where there was no memory for what the library made of it: some of that
//! comes back as another error, and some as a status that says the picture was changed.

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, Ordering};

use touchmark_image::SourceImage;

use crate::error::Error;

/// A picture to be read.
pub(super) struct Source<'a> {
    image: &'a SourceImage<'a>,
    ran_out: AtomicBool,
}

impl<'a> Source<'a> {
    pub fn new(image: &'a SourceImage<'a>) -> Self {
        Self {
            image,
            ran_out: AtomicBool::new(false),
        }
    }

    pub fn image(&self) -> &'a SourceImage<'a> {
        self.image
    }

    /// The picture's bytes, from the first.
    pub fn stream(&self) -> Stream<'_> {
        Stream {
            bytes: Cursor::new(self.image.bytes()),
            ran_out: &self.ran_out,
        }
    }

    /// The error, noted where memory is what there was not enough of.
    pub fn noted(&self, error: c2pa::Error) -> c2pa::Error {
        if is_of_memory(&error) {
            self.ran_out.store(true, Ordering::Relaxed);
        }
        error
    }

    /// What was found, unless there was not enough memory to tell.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`] there.
    pub fn vouched<T>(&self, found: T) -> Result<T, Error> {
        match self.ran_out.load(Ordering::Relaxed) {
            true => Err(Error::OutOfMemory),
            false => Ok(found),
        }
    }
}

fn is_of_memory(error: &c2pa::Error) -> bool {
    use c2pa::Error as E;
    match error {
        E::InsufficientMemory => true,
        E::IoError(error) => error.kind() == io::ErrorKind::OutOfMemory,
        E::OtherError(error) => error
            .downcast_ref()
            .is_some_and(|error: &io::Error| error.kind() == io::ErrorKind::OutOfMemory),
        _ => false,
    }
}

/// The bytes of a [`Source`].
pub(super) struct Stream<'a> {
    bytes: Cursor<&'a [u8]>,
    ran_out: &'a AtomicBool,
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer)
    }

    fn read_to_end(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        let read = self.bytes.read_to_end(buffer);
        if let Err(error) = &read
            && error.kind() == io::ErrorKind::OutOfMemory
        {
            self.ran_out.store(true, Ordering::Relaxed);
        }
        read
    }
}

impl Seek for Stream<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use touchmark_image::Limits;

    use super::*;

    #[test]
    fn what_there_is_no_memory_for_says_nothing_of_the_picture() {
        let image = SourceImage::parse(b"<svg/>", &Limits::default()).unwrap();
        let out_of_memory = || io::Error::from(io::ErrorKind::OutOfMemory);
        for (error, ran_out) in [
            (c2pa::Error::IoError(out_of_memory()), true),
            (c2pa::Error::OtherError(Box::new(out_of_memory())), true),
            (c2pa::Error::InsufficientMemory, true),
            (c2pa::Error::IoError(io::ErrorKind::UnexpectedEof.into()), false),
            (c2pa::Error::InvalidAsset("out of memory".to_owned()), false),
        ] {
            let source = Source::new(&image);
            let error = source.noted(error);
            assert_eq!(source.vouched(()).is_err(), ran_out, "{error:?}");
        }
    }

    #[test]
    fn the_stream_is_the_picture() {
        let bytes = b"<svg/> and more";
        let image = SourceImage::parse(bytes, &Limits::default()).unwrap();
        let source = Source::new(&image);
        let (mut stream, mut all) = (source.stream(), Vec::new());
        stream.seek(SeekFrom::Start(6)).unwrap();
        assert_eq!(stream.read_to_end(&mut all).unwrap(), 9);
        assert_eq!(all, b" and more");
        assert!(source.vouched(()).is_ok());
    }
}
