//! What is said to people and programs: standard output, whose failure is a failure, and standard error, whose is none.

use std::cell::Cell;
use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::failure::Failure;

/// Prints text to standard output. A reader that has gone away (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    deliver(text).map(drop)
}

/// What became of text for standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    Done,
    /// Whoever read it has gone away, and nobody will read more.
    ReaderGone,
}

/// Prints text to standard output, for whoever stops where nobody reads it.
pub fn deliver(text: &str) -> Result<Delivery, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(Delivery::Done),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Delivery::ReaderGone),
        Err(error) => Err(Failure::writing(Path::new("standard output"), &error)),
    }
}

/// The last byte of the file that standard output goes to; none where that is empty or no file, and on systems that do not
/// tell (all but Linux).
pub fn last_byte_of_output() -> Option<u8> {
    last_byte(Path::new("/proc/self/fd/1"))
}

fn last_byte(path: &Path) -> Option<u8> {
    // A pipe is not even opened: as long as it were, its reader could not be seen to go.
    fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let mut file = File::open(path).ok()?;
    file.seek(SeekFrom::End(-1)).ok()?;
    let mut last = [0];
    file.read_exact(&mut last).ok()?;
    Some(last[0])
}

/// Says a line on standard error. Where that is closed or full there is nobody to tell, and the exit code still speaks.
pub fn tell_user(line: impl Display) {
    if !HUSHED.get() {
        let _ = writeln!(io::stderr(), "{line}");
    }
}

thread_local! {
    static HUSHED: Cell<bool> = const { Cell::new(false) };
}

/// Does something whose notes in this thread were said before, by the process that started this one.
pub fn hushed<T>(work: impl FnOnce() -> T) -> T {
    HUSHED.set(true);
    let done = work();
    HUSHED.set(false);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_with_something_in_it_has_a_last_byte() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        for (text, last) in [("", None), ("a\n", Some(b'\n')), ("torn", Some(b'n'))] {
            fs::write(&file, text).unwrap();
            assert_eq!(last_byte(&file), last);
        }
        assert_eq!(last_byte(folder.path()), None);
        assert_eq!(last_byte(Path::new("/dev/zero")), None);
    }
}
