//! A picture in a file, looked at through a window: walked and copied in constant memory, whatever its size.
#![warn(clippy::indexing_slicing)]

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use crate::metadata::{self, Xmp};
use crate::{Container, Error, Format, InputFault, Limits, bytes::Source, source};

/// A file that is not larger is read at once and stays in memory. Tiny in unit tests, so that their pictures are not.
const WINDOW: usize = if cfg!(test) { 16 } else { 1 << 20 };
/// Bytes read where a walk only looks at the head of a chunk.
const HEAD: usize = if cfg!(test) { 8 } else { 4 << 10 };
/// Bytes read and written at a time while copying: they stay in the second-level cache (performance.md 3).
const COPY: usize = if cfg!(test) { 32 } else { 256 << 10 };
/// The longest run of bytes that a walk may ask for at once: a JPEG segment has 64 KiB, heads of chunks far less.
const MAX_RUN: usize = 1 << 20;

/// A file whose format is known and whose size is within [`Limits`]; nothing else is promised.
#[derive(Debug)]
pub struct SourceFile<R> {
    window: Window<R>,
    format: Format,
    limits: Limits,
}

impl<R: Read + Seek> SourceFile<R> {
    /// Recognises the format of a file and checks its size.
    ///
    /// # Errors
    /// Those of `reader`; an [`Error`] inside an [`io::Error`] of kind `InvalidData`: [`Error::Input`] with
    /// [`InputFault::Empty`] or [`InputFault::UnknownFormat`], or [`Error::Limits`].
    pub fn open(mut reader: R, limits: &Limits) -> io::Result<Self> {
        let len = reader.seek(SeekFrom::End(0))?;
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        limits.check_bytes(len)?;
        let mut window = Window {
            reader,
            len,
            start: 0,
            bytes: Vec::new(),
            failure: None,
        };
        window.fill(0, if len <= WINDOW { len } else { COPY });
        window.check()?;
        if window.bytes.is_empty() {
            return Err(Error::input(InputFault::Empty, 0).into());
        }
        let format = Format::recognise(&window.bytes).ok_or(Error::input(InputFault::UnknownFormat, 0))?;
        let dimensions = source::dimensions(&mut window, format, limits);
        window.check()?;
        dimensions?;
        Ok(Self {
            window,
            format,
            limits: *limits,
        })
    }

    /// The format by content.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Size of the file in bytes.
    pub(crate) fn len(&self) -> usize {
        self.window.len
    }

    /// The whole file, if it is small enough to be in memory.
    pub fn bytes(&self) -> Option<&[u8]> {
        (self.window.bytes.len() == self.window.len).then_some(&self.window.bytes)
    }

    /// Reads the whole file into memory.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn read_all(&mut self) -> io::Result<Vec<u8>> {
        let mut all = Vec::with_capacity(self.window.len);
        self.copy(0..self.window.len, &mut |part| {
            all.extend_from_slice(part);
            Ok(())
        })?;
        Ok(all)
    }

    /// Walks the whole container strictly, as [`SourceImage::container`](crate::SourceImage::container).
    ///
    /// # Errors
    /// As there, inside an [`io::Error`]; those of the reader.
    pub fn container(&mut self) -> io::Result<Container> {
        let walked = source::walk(&mut self.window, self.format, &self.limits);
        self.window.check()?;
        Ok(walked?)
    }

    /// The XMP of the picture; `None` if it has none.
    ///
    /// # Errors
    /// [`Error::Limits`] inside an [`io::Error`]; those of the reader.
    pub fn xmp(&mut self, container: &Container) -> io::Result<Option<Xmp>> {
        let read = metadata::xmp(&mut self.window, container, &self.limits);
        self.window.check()?;
        Ok(read?)
    }

    /// The first EXIF block, from its TIFF header on; `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Limits`] inside an [`io::Error`]; those of the reader.
    pub fn exif(&mut self, container: &Container) -> io::Result<Option<Vec<u8>>> {
        let read = metadata::exif(&mut self.window, container, &self.limits);
        self.window.check()?;
        Ok(read?)
    }

    /// The datasets of IPTC-IIM in a JPEG; `None` if there are none.
    ///
    /// # Errors
    /// [`Error::Limits`] inside an [`io::Error`]; those of the reader.
    pub fn iptc(&mut self, container: &Container) -> io::Result<Option<Vec<u8>>> {
        let read = metadata::iptc(&mut self.window, container, &self.limits);
        self.window.check()?;
        Ok(read?)
    }

    /// Hands the bytes of `range` to `out` in blocks, in order, reading each once.
    ///
    /// # Errors
    /// Those of the reader and of `out`; [`io::ErrorKind::UnexpectedEof`] where the file has become shorter.
    pub(crate) fn copy(
        &mut self,
        range: Range<usize>,
        out: &mut impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut at = range.start;
        while at < range.end {
            let wanted = (range.end - at).min(COPY);
            if !self.window.holds(&(at..at + wanted)) {
                self.window.fill(at, wanted);
            }
            self.window.check()?;
            let part = self.window.held(at..at + wanted).ok_or(io::ErrorKind::UnexpectedEof)?;
            out(part)?;
            at += wanted;
        }
        Ok(())
    }
}

/// The part of a file that is at hand.
#[derive(Debug)]
struct Window<R> {
    reader: R,
    len: usize,
    start: usize,
    bytes: Vec<u8>,
    /// A walk sees bytes end where reading failed; whoever started it asks here first.
    failure: Option<io::Error>,
}

impl<R: Read + Seek> Window<R> {
    fn holds(&self, range: &Range<usize>) -> bool {
        self.start <= range.start && range.end <= self.start + self.bytes.len()
    }

    fn held(&self, range: Range<usize>) -> Option<&[u8]> {
        let start = range.start.checked_sub(self.start)?;
        self.bytes.get(start..start + range.len())
    }

    /// Moves to `at` and reads `wanted` bytes, or up to the end.
    fn fill(&mut self, at: usize, wanted: usize) {
        self.start = at;
        self.bytes.clear();
        let wanted = wanted.min(self.len.saturating_sub(at));
        self.bytes.reserve(wanted);
        let read = self
            .reader
            .seek(SeekFrom::Start(at as u64))
            .and_then(|_| self.reader.by_ref().take(wanted as u64).read_to_end(&mut self.bytes));
        if let Err(error) = read {
            self.failure.get_or_insert(error);
        }
    }

    fn check(&mut self) -> io::Result<()> {
        self.failure.take().map_or(Ok(()), Err)
    }
}

impl<R: Read + Seek> Source for Window<R> {
    fn len(&self) -> usize {
        self.len
    }

    fn get(&mut self, range: Range<usize>) -> Option<&[u8]> {
        if range.end > self.len || range.len() > MAX_RUN || range.start > range.end {
            return None;
        }
        if !self.holds(&range) {
            self.fill(range.start, range.len().max(HEAD));
        }
        self.held(range)
    }

    fn view(&mut self, at: usize) -> &[u8] {
        let next = at..at.saturating_add(2).min(self.len);
        if at >= self.len {
            return &[];
        }
        if !self.holds(&next) {
            self.fill(at, COPY);
        }
        at.checked_sub(self.start)
            .and_then(|from| self.bytes.get(from..))
            .unwrap_or_default()
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}
