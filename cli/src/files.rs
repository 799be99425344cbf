//! Reads files under a limit, and writes small ones whole or not at all.

use std::ffi::OsString;
use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use touchmark::Format;
use touchmark::report::visible;

use crate::console::print;
use crate::draft::{self, Draft, WriteOptions};
use crate::failure::{Code, Failure};

/// `-` in the place of a file name.
pub fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Locks a file that nobody else has locked. A program that another thread starts has our locks until it is what it is to
/// be, between fork and exec; so this looks again for a moment.
pub fn try_lock(file: &File) -> Result<(), TryLockError> {
    for _ in 0..20 {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
            locked => return locked,
        }
    }
    file.try_lock()
}

/// The name of an input as reports show it.
pub fn display_name(path: &Path) -> String {
    if is_dash(path) {
        "standard input".to_owned()
    } else {
        visible(&path.display().to_string())
    }
}

/// Reads a file, or standard input for `-`. What is larger than the limit is refused, a regular file before it is read.
pub fn read(path: &Path, max_bytes: u64) -> Result<Vec<u8>, Failure> {
    Source::open(path)?.read(max_bytes)
}

/// A file that is open for reading, or standard input.
#[derive(Debug)]
pub struct Source<'a> {
    path: &'a Path,
    /// None for standard input.
    file: Option<(File, FileState)>,
}

/// What tells a file from itself after a change: its size, its time of change, and on Unix which file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileState {
    pub bytes: u64,
    pub modified: Option<SystemTime>,
    inode: u64,
}

impl<'a> Source<'a> {
    /// Opens a file, or standard input for `-`.
    pub fn open(path: &'a Path) -> Result<Self, Failure> {
        if is_dash(path) {
            return Ok(Self { path, file: None });
        }
        let open = || {
            let file = File::open(path)?;
            let metadata = file.metadata()?;
            match metadata.is_dir() {
                true => Err(io::Error::from(io::ErrorKind::IsADirectory)),
                false => Ok((file, FileState::of(&metadata))),
            }
        };
        open()
            .map(|file| Self { path, file: Some(file) })
            .map_err(|error| Failure::reading(path, &error))
    }

    /// The file's state when it was opened; standard input has none.
    pub fn state(&self) -> Option<FileState> {
        self.file.as_ref().map(|(_, state)| *state)
    }

    /// The file, where it is a regular one and can be read from any place.
    pub fn regular(&self) -> Option<&File> {
        let regular = |file: &&File| file.metadata().is_ok_and(|metadata| metadata.is_file());
        self.file.as_ref().map(|(file, _)| file).filter(regular)
    }

    /// Waits until no other run is replacing the file, and keeps others from it as long as this is open. Where there are
    /// no locks, nothing does.
    pub fn lock(&self) -> Result<(), Failure> {
        let Some((file, state)) = &self.file else { return Ok(()) };
        let _ = file.lock();
        match std::fs::metadata(self.path) {
            Ok(now) if FileState::of(&now) == *state => Ok(()),
            _ => Err(Failure::new(
                Code::InputChanged,
                format!("replace {}", self.path.display()),
            )),
        }
    }

    /// All its bytes. What is larger than the limit is refused, a regular file before it is read.
    pub fn read(&self, max_bytes: u64) -> Result<Vec<u8>, Failure> {
        let read = match &self.file {
            None => read_at_most(io::stdin().lock(), 0, max_bytes),
            Some((file, state)) => read_at_most(file, state.bytes, max_bytes),
        };
        match read.map_err(|error| Failure::reading(self.path, &error))? {
            Some(bytes) => Ok(bytes),
            None => Err(
                Failure::new(Code::OverLimit, format!("read {}", display_name(self.path)))
                    .because(format!("it has more than {max_bytes} bytes")),
            ),
        }
    }
}

impl FileState {
    /// The state that this metadata tells.
    pub fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(metadata);
        #[cfg(not(unix))]
        let inode = 0;
        Self {
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
            inode,
        }
    }
}

/// The bytes, or nothing where there are more than the limit.
fn read_at_most(from: impl Read, expected: u64, max_bytes: u64) -> io::Result<Option<Vec<u8>>> {
    if expected > max_bytes {
        return Ok(None);
    }
    let most = max_bytes.saturating_add(1);
    let mut bytes = Vec::new();
    // The size that the system states saves growing; it is a hint, not a promise.
    bytes.try_reserve(usize::try_from(expected.min(most)).unwrap_or(0))?;
    from.take(most).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= max_bytes).then_some(bytes))
}

/// Reads a text file of at most this many bytes.
pub fn read_text(path: &Path, max_bytes: u64) -> Result<String, Failure> {
    let bytes = read(path, max_bytes)?;
    String::from_utf8(bytes)
        .map_err(|_| Failure::reading(path, &io::Error::new(io::ErrorKind::InvalidData, "not UTF-8 text")))
}

/// Writes a file whole or not at all: whenever the process ends, the folder holds the old file or the new one.
///
/// A device or pipe is written in place.
pub fn write_atomic(path: &Path, bytes: &[u8], options: WriteOptions) -> Result<(), Failure> {
    Prepared::open(path, options)?.write(bytes)
}

/// How what is made for people to read is written.
fn readable(replace: bool) -> WriteOptions {
    WriteOptions {
        replace,
        sync: true,
        private: false,
    }
}

/// Writes a text to a file, whole or not at all, or to standard output.
pub fn write_text(text: &str, output: Option<&Path>, replace: bool) -> Result<(), Failure> {
    match output {
        Some(path) if !is_dash(path) => write_atomic(path, text.as_bytes(), readable(replace)),
        _ => print(text),
    }
}

/// Whether [`write_text`] will be able to, as far as that can be known before there is a text.
pub fn check_writable(output: &Path, replace: bool) -> Result<(), Failure> {
    match is_dash(output) {
        true => Ok(()),
        false => Prepared::open(output, readable(replace)).map(drop),
    }
}

/// A file that was found to be writable before the work for it begins; dropped, nothing was changed.
#[derive(Debug)]
pub struct Prepared {
    path: PathBuf,
    /// None for a device or pipe.
    draft: Option<Draft>,
    sync: bool,
}

impl Prepared {
    /// Begins a file that is to have this name.
    pub fn open(path: &Path, options: WriteOptions) -> Result<Self, Failure> {
        let draft = match is_stream(path) {
            true => None,
            false => Some(Draft::new(path, options)?),
        };
        Ok(Self {
            path: path.to_owned(),
            draft,
            sync: options.sync,
        })
    }

    /// Writes it whole or not at all.
    pub fn write(self, bytes: &[u8]) -> Result<(), Failure> {
        let Some(mut draft) = self.draft else {
            return write_stream(&self.path, bytes);
        };
        let failed = |error| Failure::writing(&self.path, &error);
        draft.file().write_all(bytes).map_err(failed)?;
        let folder = draft.release()?;
        match self.sync {
            true => draft::sync_folder(&folder).map_err(failed),
            false => Ok(()),
        }
    }
}

/// Whether this is a device or a pipe: a file renamed over one would replace it.
pub fn is_stream(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// Writes to a device or a pipe.
pub fn write_stream(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    OpenOptions::new()
        .write(true)
        .open(path)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|error| Failure::writing(path, &error))
}

/// Writes bytes to standard output, never to a terminal.
pub fn write_stdout(bytes: &[u8]) -> Result<(), Failure> {
    check_stdout()?;
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(bytes)
        .and_then(|()| stdout.flush())
        .map_err(|error| Failure::writing(Path::new("standard output"), &error))
}

/// Whether bytes may go to standard output.
pub fn check_stdout() -> Result<(), Failure> {
    match io::stdout().is_terminal() {
        true => Err(Failure::new(Code::Terminal, "write the picture to standard output")),
        false => Ok(()),
    }
}

/// `NAME.stamped.EXT` beside the input; the extension that fits where the input has none and there is one.
pub fn stamped_name(input: &Path, default_extension: Option<&str>) -> PathBuf {
    let mut name = input.file_stem().map(OsString::from).unwrap_or_default();
    name.push(".stamped");
    if let Some(extension) = input.extension().or(default_extension.map(AsRef::as_ref)) {
        name.push(".");
        name.push(extension);
    }
    input.with_file_name(name)
}

/// `NAME.EXT.bak` beside the input.
pub fn backup_name(input: &Path) -> PathBuf {
    let mut name = input.file_name().map(OsString::from).unwrap_or_default();
    name.push(".bak");
    input.with_file_name(name)
}

/// Whether a file has a name that [`stamped_name`] gives, or [`backup_name`] gives to a picture.
pub fn is_own_name(path: &Path) -> bool {
    let stem = path.file_stem().map(Path::new);
    stem.is_some_and(|stem| match path.extension() {
        Some(extension) if extension == "bak" => has_picture_extension(stem),
        _ => stem.extension().is_some_and(|extension| extension == "stamped"),
    })
}

/// Whether a file is a picture by its name.
pub fn has_picture_extension(path: &Path) -> bool {
    has_extension_of(path, Format::is_picture)
}

/// Whether a file is of one of these formats by its name.
pub fn has_extension_of(path: &Path, formats: impl Fn(Format) -> bool) -> bool {
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    extension.is_some_and(|extension| {
        Format::ALL
            .iter()
            .any(|format| formats(*format) && format.extensions().contains(&extension.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const PLAIN: WriteOptions = WriteOptions {
        replace: false,
        sync: true,
        private: false,
    };

    #[test]
    fn an_existing_file_stays_unless_replacing_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write_atomic(&path, b"old", PLAIN).unwrap();
        let refused = write_atomic(&path, b"new", PLAIN).unwrap_err();
        assert_eq!(refused.code(), Code::OutputExists);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        write_atomic(&path, b"new", WriteOptions { replace: true, ..PLAIN }).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "no temporary file is left"
        );
    }

    #[cfg(unix)]
    #[test]
    fn keys_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        write_atomic(&path, b"secret", WriteOptions { private: true, ..PLAIN }).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_and_not_replaced() {
        write_atomic(Path::new("/dev/null"), b"x", WriteOptions { replace: true, ..PLAIN }).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    fn what_is_over_the_limit_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("big");
        fs::write(&path, [0; 100]).unwrap();
        assert_eq!(read(&path, 99).unwrap_err().code(), Code::OverLimit);
        assert_eq!(read_text(&path, 99).unwrap_err().code(), Code::OverLimit);
        assert_eq!(read(&path, 100).unwrap().len(), 100);
        assert!(
            read_at_most(io::repeat(0), 0, 99).unwrap().is_none(),
            "a stream without an end"
        );
    }

    #[test]
    fn stamped_names_keep_the_extension() {
        assert_eq!(
            stamped_name(Path::new("d/a.b.png"), Some("webp")),
            Path::new("d/a.b.stamped.png")
        );
        assert_eq!(stamped_name(Path::new("a"), Some("jpg")), Path::new("a.stamped.jpg"));
        assert_eq!(stamped_name(Path::new("a"), None), Path::new("a.stamped"));
        for (name, is_ours) in [
            ("d/a.b.stamped.png", true),
            ("a.stamped.png", true),
            ("a.stamped", false),
            ("stamped.png", false),
            (".stamped.png", false),
            ("astamped.png", false),
            ("d/a.PNG.bak", true),
            ("a.bak", false),
            ("notes.txt.bak", false),
        ] {
            assert_eq!(is_own_name(Path::new(name)), is_ours, "{name}");
        }
    }
}
