//! Where paths lead on the file systems of this machine, so that two ways to name one file are found to be one.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::draft::folder_of;

/// Tells names of one file from names of two; remembers each folder, so that a look costs one call a path.
#[derive(Debug, Default)]
pub struct Places {
    folders: HashMap<PathBuf, Folder>,
}

#[derive(Debug, Clone)]
struct Folder {
    /// Without links; what does not exist yet is taken as typed.
    path: PathBuf,
    ignores_case: bool,
}

/// One file under all its names; two names of one file have equal keys. Hard links are two files, since a file that is
/// renamed over one leaves the other as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place(PathBuf);

impl Places {
    /// The place that a path leads to, whether or not there is a file.
    pub fn of(&mut self, path: &Path) -> Place {
        let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        let followed = is_link.then(|| fs::canonicalize(path).ok()).flatten();
        let path = followed.as_deref().unwrap_or(path);
        let Some(name) = path.file_name() else {
            return Place(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()));
        };
        let folder = self.folder(folder_of(path));
        let place = folder.path.join(name);
        match folder.ignores_case {
            true => Place(PathBuf::from(place.to_string_lossy().to_lowercase())),
            false => Place(place),
        }
    }

    fn folder(&mut self, folder: &Path) -> Folder {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let found = match (fs::canonicalize(folder), folder.parent(), folder.file_name()) {
            (Ok(path), ..) => Folder {
                ignores_case: ignores_case(&path),
                path,
            },
            // It does not exist yet, and will be made below the one that does.
            (Err(_), Some(_), Some(name)) => {
                let above = self.folder(folder_of(folder));
                Folder {
                    path: above.path.join(name),
                    ..above
                }
            }
            (Err(_), ..) => Folder {
                path: folder.to_owned(),
                ignores_case: IGNORES_CASE,
            },
        };
        self.folders.insert(folder.to_owned(), found.clone());
        found
    }
}

/// Whether the usual file system of this operating system takes names that differ in case for one.
const IGNORES_CASE: bool = cfg!(any(windows, target_os = "macos"));

/// Whether the file system of a folder takes names that differ in case for one: told by a file in it that answers to its
/// name in the other case. A folder without such a file is taken for usual.
fn ignores_case(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return IGNORES_CASE;
    };
    let sample = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find(|name| name.contains(|c: char| c.is_ascii_alphabetic()));
    let Some(name) = sample else { return IGNORES_CASE };
    let swapped: String = name
        .chars()
        .map(|c| match c.is_ascii_lowercase() {
            true => c.to_ascii_uppercase(),
            false => c.to_ascii_lowercase(),
        })
        .collect();
    is_same_file(&folder.join(name), &folder.join(swapped))
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    let (Ok(one), Ok(other)) = (fs::symlink_metadata(one), fs::symlink_metadata(other)) else {
        return false;
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (one.dev(), one.ino()) == (other.dev(), other.ino())
    }
    #[cfg(not(unix))]
    {
        one.len() == other.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_name_one_file_are_one_place() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir(at("sub")).unwrap();
        fs::write(at("a.png"), "").unwrap();
        let mut places = Places::default();
        let place = places.of(&at("a.png"));
        assert_eq!(place, places.of(&at("sub/../a.png")));
        assert_eq!(place, places.of(&at("./a.png")));
        assert_ne!(place, places.of(&at("sub/a.png")));
        assert_eq!(
            places.of(&at("new/deep/b.png")),
            places.of(&at("sub/../new/deep/b.png"))
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_the_place_it_leads_to_and_a_hard_link_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::write(at("a.png"), "").unwrap();
        std::os::unix::fs::symlink("a.png", at("link.png")).unwrap();
        fs::hard_link(at("a.png"), at("hard.png")).unwrap();
        let mut places = Places::default();
        assert_eq!(places.of(&at("link.png")), places.of(&at("a.png")));
        assert_ne!(places.of(&at("hard.png")), places.of(&at("a.png")));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn case_counts_where_the_file_system_counts_it() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.png"), "").unwrap();
        let mut places = Places::default();
        assert_ne!(
            places.of(&folder.path().join("b.png")),
            places.of(&folder.path().join("B.png"))
        );
        let ignoring = Folder {
            path: folder.path().to_owned(),
            ignores_case: true,
        };
        places.folders.insert(folder.path().to_owned(), ignoring);
        assert_eq!(
            places.of(&folder.path().join("b.png")),
            places.of(&folder.path().join("B.PNG"))
        );
    }
}
