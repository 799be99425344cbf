//! Files that nobody sees before they are whole: a draft in the target's folder, synced, then renamed.
//!
//! Whenever the process ends, the folder holds the old file or the new one, and at worst a draft, which [`sweep`] finds.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::{Builder, NamedTempFile};

use crate::failure::{Code, Failure};
use crate::files::{self, FileState};

/// A draft is called `.touchmark-XXXXXX.tmp`.
const PREFIX: &str = ".touchmark-";
const SUFFIX: &str = ".tmp";
const RANDOM_LEN: usize = 6;

/// How long nobody has written to a draft before it may be swept. Its lock already tells whether its writer lives; this
/// covers file systems that do not carry locks from one machine to another, and the moment between making and locking.
const ABANDONED_AFTER: Duration = Duration::from_secs(60 * 60);

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

/// A file being written; dropped, it is gone.
#[derive(Debug)]
pub struct Draft {
    file: NamedTempFile,
    /// The name it was asked for, as messages say it.
    path: PathBuf,
    /// Where that leads, links followed.
    target: PathBuf,
    options: WriteOptions,
}

/// The file that a draft replaces, where it was made from that file.
#[derive(Debug, Clone, Copy)]
pub struct Original<'a> {
    /// As it was when it was read.
    pub state: FileState,
    /// The name under which it is kept.
    pub backup: Option<&'a Path>,
}

impl Draft {
    /// Begins a file that is to have this name.
    pub fn new(path: &Path, options: WriteOptions) -> Result<Self, Failure> {
        let target = target(path, options.replace)?;
        let failed = |error| Failure::writing(path, &error);
        let file = temporary(folder_of(&target), options.private).map_err(failed)?;
        // Says to other runs that somebody is writing. Where there are no locks, its age has to say so.
        let _ = file.as_file().try_lock();
        Ok(Self {
            file,
            path: path.to_owned(),
            target,
            options,
        })
    }

    /// The file to write into.
    pub fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Gives the file its name, and returns the folder, for [`sync_folder`].
    pub fn release(self) -> Result<PathBuf, Failure> {
        self.sync()?;
        self.rename()
    }

    /// The same, over the file it was made from, whose permissions it takes. Refused where that has changed meanwhile.
    pub fn release_over(self, original: Original<'_>) -> Result<PathBuf, Failure> {
        let failed = |error| Failure::writing(&self.path, &error);
        let metadata = fs::metadata(&self.target).map_err(failed)?;
        take_over_permissions(self.file.as_file(), &metadata).map_err(failed)?;
        self.sync()?;
        let is_unchanged = |path: &Path| fs::metadata(path).is_ok_and(|now| FileState::of(&now) == original.state);
        let changed = || Failure::new(Code::InputChanged, format!("replace {}", self.path.display()));
        if !is_unchanged(&self.target) {
            return Err(changed());
        }
        if let Some(backup) = original.backup {
            keep(&self.target, backup, self.options.sync)?;
            // What another program put there since the look above is now under both names, and stays.
            if !is_unchanged(&self.target) {
                return Err(changed());
            }
        }
        self.rename()
    }

    fn rename(self) -> Result<PathBuf, Failure> {
        let folder = folder_of(&self.target).to_owned();
        let path = self.path;
        let released = match self.options.replace {
            true => self.file.persist(&self.target),
            false => self.file.persist_noclobber(&self.target),
        };
        released.map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists if !self.options.replace => exists(&path),
            _ => Failure::writing(&path, &error.error),
        })?;
        Ok(folder)
    }

    fn sync(&self) -> Result<(), Failure> {
        match self.options.sync {
            true => self.file.as_file().sync_all(),
            false => Ok(()),
        }
        .map_err(|error| Failure::writing(&self.path, &error))
    }
}

/// Where a name leads, once it is seen that a file can be written there: for a look before the work, and at its begin.
pub fn target(path: &Path, replace: bool) -> Result<PathBuf, Failure> {
    let failed = |error: io::Error| Failure::writing(path, &error);
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Err(failed(io::ErrorKind::IsADirectory.into())),
        Ok(_) if !replace => return Err(exists(path)),
        _ => {}
    }
    // A link keeps pointing where it did; what it points to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = folder_of(&target);
    if !folder.is_dir() {
        let words = format!("there is no folder {}", folder.display());
        return Err(failed(io::Error::new(io::ErrorKind::NotFound, words)));
    }
    Ok(target)
}

/// Whether a backup of this file could be kept under this name, which may be taken by the very same picture.
pub fn check_backup(original: &Path, backup: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(backup) {
        Ok(metadata) if !metadata.is_file() || !same_content(original, backup)? => Err(Failure::new(
            Code::BackupExists,
            format!("keep {} as {}", original.display(), backup.display()),
        )),
        _ => Ok(()),
    }
}

/// Makes the renames in a folder durable; on systems without synced folders there is nothing to do.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

/// Removes the drafts that killed runs left in a folder, and says how many.
///
/// Only what is surely ours and surely abandoned: the name is ours, nobody holds the lock that each writer holds, and
/// nobody has written to it for an hour. What cannot be removed stays.
pub fn sweep(folder: &Path, now: SystemTime) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_str().is_some_and(is_draft_name))
        .filter(|entry| is_abandoned(&entry.path(), now).unwrap_or(false) && fs::remove_file(entry.path()).is_ok())
        .count()
}

fn is_draft_name(name: &str) -> bool {
    name.strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_suffix(SUFFIX))
        .is_some_and(|random| random.len() == RANDOM_LEN && random.chars().all(|c| c.is_ascii_alphanumeric()))
}

fn is_abandoned(path: &Path, now: SystemTime) -> io::Result<bool> {
    let metadata = fs::symlink_metadata(path)?;
    // A clock that was set back makes a file of the future, which is not old.
    let age = now.duration_since(metadata.modified()?).unwrap_or_default();
    Ok(metadata.is_file() && age >= ABANDONED_AFTER && files::try_lock(&File::open(path)?).is_ok())
}

fn exists(path: &Path) -> Failure {
    Failure::new(Code::OutputExists, format!("write {}", path.display()))
}

/// The folder of a path, which is the working folder for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn temporary(folder: &Path, private: bool) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM_LEN);
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

/// Gives a file the mode of another and, where this user may, its owner.
fn take_over_permissions(file: &File, of: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
        let own = file.metadata()?;
        if (own.uid(), own.gid()) != (of.uid(), of.gid()) {
            // Only root may give files away; for others the new file is theirs.
            let _ = fchown(file, Some(of.uid()), Some(of.gid()));
        }
        file.set_permissions(fs::Permissions::from_mode(of.mode() & 0o777))
    }
    #[cfg(not(unix))]
    {
        let _ = (file, of);
        Ok(())
    }
}

/// Keeps a file under a second name, without replacing anything: as a link where the file system has them, else a copy.
fn keep(original: &Path, backup: &Path, sync: bool) -> Result<(), Failure> {
    if fs::symlink_metadata(backup).is_ok() {
        return check_backup(original, backup);
    }
    match fs::hard_link(original, backup) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => check_backup(original, backup),
        Err(_) => copy(original, backup, sync),
        Ok(()) => Ok(()),
    }
}

fn copy(original: &Path, backup: &Path, sync: bool) -> Result<(), Failure> {
    let options = WriteOptions {
        replace: false,
        sync,
        private: false,
    };
    let mut draft = Draft::new(backup, options)?;
    let mut copy = || {
        let mut from = File::open(original)?;
        take_over_permissions(draft.file(), &from.metadata()?)?;
        io::copy(&mut from, draft.file())
    };
    copy().map_err(|error| Failure::writing(backup, &error))?;
    draft.release().map(drop)
}

fn same_content(one: &Path, other: &Path) -> Result<bool, Failure> {
    use io::{BufRead, BufReader};
    let open = |path: &Path| File::open(path).map(|file| BufReader::with_capacity(1 << 16, file));
    let compare = || {
        let (mut one, mut other) = (open(one)?, open(other)?);
        loop {
            let (a, b) = (one.fill_buf()?, other.fill_buf()?);
            let len = a.len().min(b.len());
            if len == 0 {
                return Ok(a.is_empty() && b.is_empty());
            }
            if a.get(..len) != b.get(..len) {
                return Ok(false);
            }
            one.consume(len);
            other.consume(len);
        }
    };
    compare().map_err(|error| Failure::reading(other, &error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const REPLACE: WriteOptions = WriteOptions {
        replace: true,
        sync: false,
        private: false,
    };

    fn over(path: &Path, bytes: &[u8], backup: Option<&Path>) -> Result<PathBuf, Failure> {
        let state = FileState::of(&fs::metadata(path).unwrap());
        let mut draft = Draft::new(path, REPLACE).unwrap();
        draft.file().write_all(bytes).unwrap();
        draft.release_over(Original { state, backup })
    }

    #[test]
    fn a_backup_is_kept_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (path, backup) = (folder.path().join("a.png"), folder.path().join("a.png.bak"));
        fs::write(&path, "old").unwrap();
        over(&path, b"new", Some(&backup)).unwrap();
        assert_eq!(
            (fs::read(&path).unwrap(), fs::read(&backup).unwrap()),
            (b"new".into(), b"old".into())
        );

        let refused = over(&path, b"newer", Some(&backup)).unwrap_err();
        assert_eq!(refused.code(), Code::BackupExists);
        assert_eq!(
            (fs::read(&path).unwrap(), fs::read(&backup).unwrap()),
            (b"new".into(), b"old".into())
        );

        // As a run leaves it that was killed between the backup and the rename.
        fs::remove_file(&backup).unwrap();
        fs::hard_link(&path, &backup).unwrap();
        over(&path, b"newest", Some(&backup)).unwrap();
        assert_eq!(
            (fs::read(&path).unwrap(), fs::read(&backup).unwrap()),
            (b"newest".into(), b"new".into())
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no draft is left");
    }

    #[test]
    fn where_there_are_no_links_a_backup_is_a_copy() {
        let folder = tempfile::tempdir().unwrap();
        let (path, backup) = (folder.path().join("a.png"), folder.path().join("a.png.bak"));
        fs::write(&path, "old").unwrap();
        copy(&path, &backup, true).unwrap();
        assert_eq!(fs::read(&backup).unwrap(), b"old");
        assert_eq!(copy(&path, &backup, true).unwrap_err().code(), Code::OutputExists);
    }

    #[test]
    fn what_was_changed_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        fs::write(&path, "old").unwrap();
        let state = FileState::of(&fs::metadata(&path).unwrap());
        let draft = Draft::new(&path, REPLACE).unwrap();
        fs::write(&path, "edited").unwrap();
        let refused = draft.release_over(Original { state, backup: None }).unwrap_err();
        assert_eq!(refused.code(), Code::InputChanged);
        assert_eq!(fs::read(&path).unwrap(), b"edited");
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_keeps_its_mode() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        over(&path, b"new", None).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn only_abandoned_drafts_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let later = SystemTime::now() + 2 * ABANDONED_AFTER;
        for name in [
            ".touchmark-abc123.tmp",
            ".touchmark-notes.tmp",
            ".touchmark-abc12!.tmp",
            "touchmark-abc123.tmp",
        ] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::create_dir(folder.path().join(".touchmark-folder.tmp")).unwrap();
        let mut written = Draft::new(&folder.path().join("out"), REPLACE).unwrap();
        written.file().write_all(b"half").unwrap();

        assert_eq!(
            sweep(folder.path(), SystemTime::now()),
            0,
            "a new one may be somebody's"
        );
        assert_eq!(sweep(folder.path(), later), 1);
        assert!(!folder.path().join(".touchmark-abc123.tmp").exists());
        written.release().unwrap();
        assert_eq!(fs::read(folder.path().join("out")).unwrap(), b"half");
    }
}
