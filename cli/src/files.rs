//! Reads and writes files: inputs under a limit, outputs whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};
use touchmark::report::visible;

use crate::failure::{Code, Failure};

/// `-` in the place of a file name.
pub fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
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
    let read = if is_dash(path) {
        read_at_most(io::stdin().lock(), 0, max_bytes)
    } else {
        File::open(path).and_then(|file| {
            let metadata = file.metadata()?;
            match metadata.is_dir() {
                true => Err(io::Error::from(io::ErrorKind::IsADirectory)),
                false => read_at_most(file, metadata.len(), max_bytes),
            }
        })
    };
    let bytes = read.map_err(|error| Failure::reading(path, &error))?;
    match bytes {
        Some(bytes) => Ok(bytes),
        None => Err(Failure::new(Code::OverLimit, format!("read {}", display_name(path)))
            .because(format!("it has more than {max_bytes} bytes"))),
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

/// How an output is written.
#[derive(Debug, Clone, Copy)]
pub struct WriteOptions {
    /// Whether an existing file is replaced.
    pub replace: bool,
    /// Whether to wait for the disk.
    pub sync: bool,
    /// Whether only the owner may read the file: for keys.
    pub private: bool,
}

/// Writes a file whole or not at all: a temporary file in the same folder, synced, then renamed.
///
/// Whenever the process ends, the folder holds the old file or the new one. A device or pipe is written in place.
pub fn write_atomic(path: &Path, bytes: &[u8], options: WriteOptions) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::writing(path, &error);
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Err(failed(io::ErrorKind::IsADirectory.into())),
        // Renaming over a device would replace the device.
        Ok(metadata) if !metadata.is_file() => {
            return OpenOptions::new()
                .write(true)
                .open(path)
                .and_then(|mut file| file.write_all(bytes))
                .map_err(failed);
        }
        Ok(_) if !options.replace => return Err(exists(path)),
        _ => {}
    }
    // A link keeps pointing where it did; what it points to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    if !folder.is_dir() {
        let error = io::Error::new(
            io::ErrorKind::NotFound,
            format!("there is no folder {}", folder.display()),
        );
        return Err(failed(error));
    }
    let mut file = temporary(&folder, options.private).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    if options.sync {
        file.as_file().sync_all().map_err(failed)?;
    }
    if options.replace {
        file.persist(&target).map_err(|error| failed(error.error))?;
    } else {
        file.persist_noclobber(&target)
            .map_err(|error| match error.error.kind() {
                io::ErrorKind::AlreadyExists => exists(path),
                _ => failed(error.error),
            })?;
    }
    if options.sync {
        sync_folder(&folder).map_err(failed)?;
    }
    Ok(())
}

fn exists(path: &Path) -> Failure {
    Failure::new(Code::OutputExists, format!("write {}", path.display()))
}

fn temporary(folder: &Path, private: bool) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".touchmark-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The process's own mask takes away from this what its user wants taken away.
        builder.permissions(fs::Permissions::from_mode(if private { 0o600 } else { 0o666 }));
    }
    #[cfg(not(unix))]
    let _ = private;
    builder.tempfile_in(folder)
}

/// Makes the rename itself durable; on systems without synced folders there is nothing to do.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

/// Writes bytes to standard output, never to a terminal.
pub fn write_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    if stdout.is_terminal() {
        return Err(Failure::new(Code::Terminal, "write the picture to standard output"));
    }
    stdout
        .write_all(bytes)
        .and_then(|()| stdout.flush())
        .map_err(|error| Failure::writing(Path::new("standard output"), &error))
}

/// `NAME.stamped.EXT` beside the input; the extension that fits where the input has none.
pub fn stamped_name(input: &Path, default_extension: &str) -> PathBuf {
    let mut name = input.file_stem().map(OsString::from).unwrap_or_default();
    name.push(".stamped.");
    match input.extension() {
        Some(extension) => name.push(extension),
        None => name.push(default_extension),
    }
    input.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            stamped_name(Path::new("d/a.b.png"), "png"),
            Path::new("d/a.b.stamped.png")
        );
        assert_eq!(stamped_name(Path::new("a"), "jpg"), Path::new("a.stamped.jpg"));
    }
}
