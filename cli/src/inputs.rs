//! What a command is to read: names as typed, patterns, folders and lists become one sequence of inputs.
//!
//! The sequence is the same on every run: as named, and sorted by name within a folder. What a person names is taken as
//! named; what touchmark finds by itself, in folders and by patterns, is looked at first.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use glob::{MatchOptions, Pattern};
use touchmark::Format;
use walkdir::{DirEntry, WalkDir};

use crate::failure::{Code, Failure};
use crate::files::{self, has_extension_of, is_dash, is_own_name};

/// A list of names: a million long paths.
const MAX_LIST_BYTES: u64 = 256 * 1024 * 1024;

/// Enough to recognise every format: an SVG shows itself behind a prolog of so many bytes at most.
const HEAD_LEN: usize = 16 * 1024;

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Names and patterns as typed; `-` is standard input.
    pub names: &'a [PathBuf],
    /// A file that lists further names.
    pub list: Option<&'a Path>,
    /// Whether these end with NUL, not with a line break.
    pub null: bool,
    /// Whether folders are searched.
    pub recursive: bool,
    /// A folder that is passed over in searching, because the outputs go there.
    pub except: Option<&'a Path>,
    pub task: Task,
}

/// What the files are wanted for, which decides what is taken in searching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Pictures by name, and what can be stamped by content. Not what touchmark wrote, by its name: who stamps does not mean
    /// that.
    Stamping,
    /// Every format that is verified, by name or content.
    Verifying,
}

/// A file to read, or why a name leads to none.
#[derive(Debug)]
pub struct Input {
    /// As it is opened, and named in messages.
    pub path: PathBuf,
    /// Its place below a folder that outputs go to: where it was found, from where the search began.
    pub place: PathBuf,
    /// Why there is nothing to read.
    pub fault: Option<Failure>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Inputs {
    pub inputs: Vec<Input>,
    pub passed_over: PassedOver,
}

/// How many files and folders were found and not taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// Files that are no pictures, nor films or documents where these are wanted, by name and by content; devices and pipes.
    pub others: usize,
    /// What has a name with a dot in front; a folder counts once.
    pub hidden: usize,
    /// Symbolic links.
    pub links: usize,
    /// Folders that a pattern matches where folders are not searched.
    pub folders: usize,
    /// Files that touchmark wrote, by their names, and the folder that outputs go to, counted once.
    pub own: usize,
}

impl PassedOver {
    /// What was passed over, in words; nothing where nothing was.
    pub fn words(self) -> Option<String> {
        let part = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{count} {many}")),
        };
        let parts: Vec<_> = [
            part(self.others, "file that is no picture", "files that are no pictures"),
            part(self.hidden, "hidden", "hidden"),
            part(self.links, "link", "links"),
            part(self.folders, "folder", "folders"),
            part(self.own, "that touchmark wrote", "that touchmark wrote"),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// Finds the inputs. Names that lead nowhere, or among others to a pipe or device, are inputs with a fault, so that they do not
/// stop the others.
///
/// # Errors
/// Where the list of names cannot be read; [`Code::StdinTwice`] where standard input is named twice.
pub fn find(wanted: Wanted<'_>) -> Result<Inputs, Failure> {
    let names = wanted.names.iter().map(PathBuf::as_path);
    if names.chain(wanted.list).filter(|name| is_dash(name)).count() > 1 {
        return Err(Failure::new(Code::StdinTwice, "read standard input twice"));
    }
    let mut search = Search {
        recursive: wanted.recursive,
        task: wanted.task,
        except: wanted.except.and_then(|folder| fs::canonicalize(folder).ok()),
        found: Inputs::default(),
        endless: Vec::new(),
    };
    for name in wanted.names {
        search.typed(name);
    }
    if let Some(list) = wanted.list {
        let bytes = files::read(list, MAX_LIST_BYTES)?;
        for name in names_in(&bytes, wanted.null) {
            search.listed(path_of(name, list)?);
        }
    }
    search.keep_endless_from_others();
    Ok(search.found)
}

/// A search under way.
struct Search {
    recursive: bool,
    task: Task,
    except: Option<PathBuf>,
    found: Inputs,
    /// The places among the inputs of those that may never end.
    endless: Vec<usize>,
}

impl Search {
    /// A name from the command line: a file, a folder, or a pattern where no file has that very name.
    fn typed(&mut self, name: &Path) {
        if !is_dash(name)
            && fs::symlink_metadata(name).is_err()
            && let Some((base, patterns)) = split_pattern(name)
        {
            let before = (self.found.inputs.len(), self.found.passed_over);
            self.matching(&base, &base, &patterns);
            if before == (self.found.inputs.len(), self.found.passed_over) {
                let failure = Failure::new(Code::Unreadable, format!("read {}", name.display()))
                    .because("no file has this name, and none matches it as a pattern");
                self.fault(name, failure);
            }
            return;
        }
        self.named(name.to_owned(), file_name(name).into());
    }

    /// A name from a list, taken as it stands. One below the working folder keeps its folders.
    fn listed(&mut self, name: PathBuf) {
        let below: Option<PathBuf> = name
            .components()
            .filter(|component| *component != Component::CurDir)
            .map(|component| match component {
                Component::Normal(part) => Some(part),
                _ => None,
            })
            .collect();
        let place = below.unwrap_or_else(|| file_name(&name).into());
        self.named(name, place);
    }

    fn named(&mut self, path: PathBuf, place: PathBuf) {
        let kind = fs::metadata(&path).map(|metadata| metadata.file_type());
        if is_dash(&path) || !kind.as_ref().is_ok_and(fs::FileType::is_dir) {
            if kind.is_ok_and(|kind| !kind.is_file()) && !is_dash(&path) && !is_open_already(&path) {
                self.endless.push(self.found.inputs.len());
            }
            self.take(path, place);
        } else if self.recursive {
            self.folder(&path, place.parent().unwrap_or(Path::new("")));
        } else {
            let error = io::Error::from(io::ErrorKind::IsADirectory);
            let failure = Failure::reading(&path, &error)
                .with_next("name the pictures in it, or take all of them with -r".to_owned());
            self.fault(&path, failure);
        }
    }

    /// Everything below a folder.
    fn folder(&mut self, folder: &Path, place: &Path) {
        let mut walk = WalkDir::new(folder).sort_by_file_name().into_iter();
        while let Some(entry) = walk.next() {
            match entry {
                Ok(entry) if entry.depth() == 0 => {}
                Ok(entry) if entry.file_type().is_dir() => {
                    if !self.enters(&entry) {
                        walk.skip_current_dir();
                    }
                }
                Ok(entry) if is_hidden(entry.file_name()) => self.found.passed_over.hidden += 1,
                Ok(entry) => {
                    let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
                    self.came_across(entry.path(), place.join(below), entry.file_type());
                }
                Err(error) => {
                    let path = error.path().unwrap_or(folder).to_owned();
                    let error = error.into_io_error().unwrap_or(io::ErrorKind::Other.into());
                    self.fault(&path, Failure::reading(&path, &error));
                }
            }
        }
    }

    fn enters(&mut self, folder: &DirEntry) -> bool {
        if is_hidden(folder.file_name()) {
            self.found.passed_over.hidden += 1;
            false
        } else if self.is_excepted(folder.path()) {
            self.found.passed_over.own += 1;
            false
        } else {
            true
        }
    }

    /// What matches the patterns, one for each component, below a folder. `**` stands for any number of folders.
    fn matching(&mut self, base: &Path, folder: &Path, patterns: &[Pattern]) {
        let Some((pattern, rest)) = patterns.split_first() else {
            return;
        };
        let any_depth = pattern.as_str() == "**";
        if any_depth && !rest.is_empty() {
            self.matching(base, folder, rest);
        }
        let read_from = match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        };
        let listed = fs::read_dir(read_from).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        let mut entries = match listed {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => return self.fault(read_from, Failure::reading(read_from, &error)),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let (name, path) = (entry.file_name(), folder.join(entry.file_name()));
            // What a pattern with a dot in front asks for is not hidden from it.
            let hidden = is_hidden(&name) && !pattern.as_str().starts_with('.');
            if hidden || !(any_depth || matches(pattern, &name)) {
                continue;
            }
            let Ok(kind) = entry.file_type() else { continue };
            let place = || path.strip_prefix(base).unwrap_or(&path).to_owned();
            if kind.is_dir() && self.is_excepted(&path) {
                self.found.passed_over.own += 1;
            } else if any_depth && kind.is_dir() {
                self.matching(base, &path, patterns);
            } else if !rest.is_empty() {
                if !any_depth && path.is_dir() {
                    self.matching(base, &path, rest);
                }
            } else if !kind.is_dir() {
                self.came_across(&path, place(), kind);
            } else if self.recursive {
                self.named(path.clone(), place());
            } else {
                self.found.passed_over.folders += 1;
            }
        }
    }

    /// A file that nobody named.
    fn came_across(&mut self, path: &Path, place: PathBuf, kind: fs::FileType) {
        let passed_over = &mut self.found.passed_over;
        if kind.is_symlink() {
            passed_over.links += 1;
        } else if self.task == Task::Stamping && is_own_name(path) {
            passed_over.own += 1;
        } else if !kind.is_file() || !self.task.could_mean(path) {
            passed_over.others += 1;
        } else {
            self.take(path.to_owned(), place);
        }
    }

    fn is_excepted(&self, folder: &Path) -> bool {
        self.except.is_some() && self.except == fs::canonicalize(folder).ok()
    }

    /// Whoever names a pipe alone waits for it; among others, it would keep them waiting for who may never write to it.
    fn keep_endless_from_others(&mut self) {
        if self.found.inputs.len() < 2 {
            return;
        }
        for index in &self.endless {
            if let Some(input) = self.found.inputs.get_mut(*index) {
                let failure = Failure::new(Code::Unreadable, format!("read {}", input.path.display()))
                    .because("it is a pipe or a device, which may never end")
                    .with_next("name it in a run of its own, or write what comes from it to a file first".to_owned());
                input.fault = Some(failure);
            }
        }
    }

    fn take(&mut self, path: PathBuf, place: PathBuf) {
        self.found.inputs.push(Input {
            path,
            place,
            fault: None,
        });
    }

    fn fault(&mut self, path: &Path, failure: Failure) {
        self.found.inputs.push(Input {
            path: path.to_owned(),
            place: file_name(path).into(),
            fault: Some(failure),
        });
    }
}

impl Task {
    /// Whether a file claims by its name to be what is wanted, so that a damaged one is named, or is that by its first bytes.
    /// One that cannot be opened might be: it is reported, not passed over.
    fn could_mean(self, path: &Path) -> bool {
        let by_name = |format: Format| self == Self::Verifying || format.is_picture();
        let by_content = |format: Format| self == Self::Verifying || format.supports_stamping();
        has_extension_of(path, by_name) || format_by_content(path).map_or(true, |format| format.is_some_and(by_content))
    }
}

/// The format of a file, by its first bytes. A DNG whose directory is further in is a TIFF.
pub fn format_by_content(path: &Path) -> io::Result<Option<Format>> {
    let mut head = Vec::with_capacity(HEAD_LEN);
    File::open(path)?.take(HEAD_LEN as u64).read_to_end(&mut head)?;
    Ok(Format::recognise(&head))
}

/// Whether it names what whoever started this process opened for it, such as `<(program)` in a shell.
fn is_open_already(path: &Path) -> bool {
    path == Path::new("/dev/stdin")
        || ["/dev/fd", "/proc/self/fd"]
            .iter()
            .any(|folder| path.starts_with(folder))
}

/// The name without its folders; the whole path where it has none, such as `..`.
fn file_name(path: &Path) -> &OsStr {
    path.file_name().unwrap_or(path.as_os_str())
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// The leading folders of a pattern that are no patterns themselves, and a pattern for each component after them. None
/// where it is no pattern: without `*`, `?` or `[`, not UTF-8, or malformed.
fn split_pattern(path: &Path) -> Option<(PathBuf, Vec<Pattern>)> {
    let mut components: VecDeque<_> = path.components().collect();
    let is_pattern = |component: &Component| matches!(component, Component::Normal(name) if name.as_encoded_bytes().iter().any(|byte| b"*?[".contains(byte)));
    let mut base = PathBuf::new();
    while let Some(component) = components.pop_front_if(|component| !is_pattern(component)) {
        base.push(component);
    }
    let mut patterns: Vec<Pattern> = components
        .into_iter()
        .map(|component| Pattern::new(component.as_os_str().to_str()?).ok())
        .collect::<Option<_>>()?;
    patterns.dedup_by(|one, other| one.as_str() == "**" && other.as_str() == "**");
    (!patterns.is_empty()).then_some((base, patterns))
}

fn matches(pattern: &Pattern, name: &OsStr) -> bool {
    let options = MatchOptions {
        case_sensitive: !cfg!(windows),
        ..MatchOptions::new()
    };
    // A name that is not UTF-8 can match only where a wildcard stands for what is not.
    pattern.matches_with(&name.to_string_lossy(), options)
}

/// The names of a list; empty ones are no names.
fn names_in(bytes: &[u8], null: bool) -> impl Iterator<Item = &[u8]> {
    let end = if null { b'\0' } else { b'\n' };
    let bytes = match null {
        true => bytes,
        // Some editors begin a text with a byte order mark.
        false => bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes),
    };
    bytes
        .split(move |byte| *byte == end)
        .map(move |name| match null {
            true => name,
            false => name.strip_suffix(b"\r").unwrap_or(name),
        })
        .filter(|name| !name.is_empty())
}

#[cfg(unix)]
fn path_of(name: &[u8], _: &Path) -> Result<PathBuf, Failure> {
    use std::os::unix::ffi::OsStrExt;
    Ok(literal(Path::new(OsStr::from_bytes(name))))
}

#[cfg(not(unix))]
fn path_of(name: &[u8], list: &Path) -> Result<PathBuf, Failure> {
    std::str::from_utf8(name)
        .map(|name| literal(Path::new(name)))
        .map_err(|_| {
            let error = io::Error::new(io::ErrorKind::InvalidData, "a name in it is not UTF-8");
            Failure::reading(list, &error)
        })
}

/// In a list, `-` is a file of that name.
fn literal(name: &Path) -> PathBuf {
    match is_dash(name) {
        true => Path::new(".").join(name),
        false => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with files of these names, empty ones.
    fn with(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    fn found(folder: &tempfile::TempDir, name: &str, recursive: bool) -> (Vec<String>, PassedOver, usize) {
        found_for(Task::Stamping, folder, name, recursive)
    }

    fn found_for(
        task: Task,
        folder: &tempfile::TempDir,
        name: &str,
        recursive: bool,
    ) -> (Vec<String>, PassedOver, usize) {
        let found = find(Wanted {
            names: &[folder.path().join(name)],
            list: None,
            null: false,
            recursive,
            except: None,
            task,
        })
        .unwrap();
        let faults = found.inputs.iter().filter(|input| input.fault.is_some()).count();
        let places = found.inputs.iter().filter(|input| input.fault.is_none());
        let places = places.map(|input| input.place.to_str().unwrap().to_owned()).collect();
        (places, found.passed_over, faults)
    }

    #[test]
    fn a_pattern_stands_for_names_from_its_first_wildcard_on() {
        let folder = with(&[
            "a.png",
            "b.png",
            "B.txt",
            ".h.png",
            "s/c.png",
            "s/t/d.png",
            "s/.t/e.png",
            "s/f.stamped.png",
        ]);
        for (pattern, expected) in [
            ("*.png", &["a.png", "b.png"][..]),
            ("[!a].png", &["b.png"]),
            ("?/c.png", &["s/c.png"]),
            ("*/*/*.png", &["s/t/d.png"]),
            ("**/*.png", &["a.png", "b.png", "s/c.png", "s/t/d.png"]),
            ("**/**/d.png", &["s/t/d.png"]),
            ("s/**", &["c.png", "t/d.png"]),
            (".h*", &[".h.png"]),
            ("s/../*.png", &["a.png", "b.png"]),
            ("a.png", &["a.png"]),
        ] {
            let (mut places, _, faults) = found(&folder, pattern, false);
            places.sort();
            assert_eq!(
                (places.as_slice(), faults),
                (
                    &expected.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()[..],
                    0
                ),
                "{pattern}"
            );
        }
    }

    #[test]
    fn a_pattern_without_a_match_is_a_fault_and_an_existing_name_no_pattern() {
        let folder = with(&["[x].png", "x.png"]);
        assert_eq!(found(&folder, "[x].png", false).0, ["[x].png"]);
        for pattern in ["*.jpg", "[", "no/*.png"] {
            let (places, _, faults) = found(&folder, pattern, false);
            let is_name = pattern == "[";
            assert_eq!(
                (places.len(), faults),
                (usize::from(is_name), usize::from(!is_name)),
                "{pattern}"
            );
        }
    }

    #[test]
    fn what_is_found_is_looked_at_and_what_is_named_is_not() {
        let folder = with(&["a.png", "notes.txt", "a.stamped.png", "a.png.bak", "no-extension"]);
        fs::write(folder.path().join("no-extension"), b"\x89PNG\r\n\x1A\n and so on").unwrap();
        let (places, passed_over, faults) = found(&folder, "", true);
        assert_eq!(
            (places, faults),
            (vec!["a.png".to_owned(), "no-extension".to_owned()], 0)
        );
        let expected = PassedOver {
            others: 1,
            own: 2,
            ..PassedOver::default()
        };
        assert_eq!(passed_over, expected);
        for name in ["notes.txt", "a.stamped.png", "a.png.bak"] {
            assert_eq!(found(&folder, name, true).0, [name]);
        }
        assert_eq!(found(&folder, "", false).2, 1, "a folder is named, and not searched");
    }

    #[test]
    fn what_is_verified_is_recognised_by_content_in_every_format() {
        let folder = with(&["damaged.pdf", "damaged.jpg", "notes.txt"]);
        let prolog = format!("<!--{}--><svg/>", " ".repeat(10_000));
        let brands = format!("\0\0\0\x3Cftypmif1\0\0\0\0{}avif", "miaf".repeat(10));
        for (name, content) in [
            ("document", &b"%PDF-1.7"[..]),
            ("drawing.bin", prolog.as_bytes()),
            ("film", b"\0\0\0\x18ftypisom\0\0\0\0isommp42"),
            ("late-brand", brands.as_bytes()),
            ("still", b"GIF89a"),
            ("text", b"a text"),
        ] {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let (places, passed_over, _) = found_for(Task::Verifying, &folder, "", true);
        let expected = [
            "damaged.jpg",
            "damaged.pdf",
            "document",
            "drawing.bin",
            "film",
            "late-brand",
            "still",
        ];
        assert_eq!(
            (places.as_slice(), passed_over.others),
            (&expected.map(str::to_owned)[..], 2)
        );
        assert_eq!(found_for(Task::Verifying, &folder, "*", false).0, places);
        assert_eq!(found(&folder, "", true).0, ["damaged.jpg"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_or_pipe_is_read_where_it_is_named_alone() {
        use std::os::unix::net::UnixListener;

        let folder = with(&["a.png"]);
        let _socket = UnixListener::bind(folder.path().join("socket")).unwrap();
        let list = folder.path().join("list");
        for (names, faults) in [
            (&["/dev/null"][..], 0),
            (&["/dev/null", "a.png"], 1),
            (&["a.png", "socket", "/dev/zero"], 2),
            (&["/dev/fd/0", "/dev/stdin", "a.png"], 0),
        ] {
            let names: Vec<_> = names.iter().map(|name| folder.path().join(name)).collect();
            let text: Vec<_> = names.iter().map(|name| name.to_str().unwrap()).collect();
            fs::write(&list, text.join("\n")).unwrap();
            for (names, list) in [(&names[..], None), (&[], Some(list.as_path()))] {
                let found = find(verifying(names, list)).unwrap();
                let found = found.inputs.iter().filter(|input| input.fault.is_some()).count();
                assert_eq!(found, faults, "{names:?}");
            }
        }
    }

    fn verifying<'a>(names: &'a [PathBuf], list: Option<&'a Path>) -> Wanted<'a> {
        Wanted {
            names,
            list,
            null: false,
            recursive: false,
            except: None,
            task: Task::Verifying,
        }
    }

    #[test]
    fn standard_input_is_named_once() {
        let dashes = ["-", "-"].map(PathBuf::from);
        for (names, list) in [(&dashes[..], None), (&dashes[..1], Some(Path::new("-")))] {
            assert_eq!(find(verifying(names, list)).unwrap_err().code(), Code::StdinTwice);
        }
    }

    #[test]
    fn lists_have_names_and_nothing_else() {
        let names = |text: &'static str, null| {
            names_in(text.as_bytes(), null)
                .map(|name| std::str::from_utf8(name).unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(names("a\nb c\r\n\n \nd", false), ["a", "b c", " ", "d"]);
        assert_eq!(names("\u{FEFF}a\n", false), ["a"]);
        assert_eq!(names("a\nb\r\0\0c", true), ["a\nb\r", "c"]);
        assert_eq!(names("", false), [""; 0]);
    }

    #[test]
    fn names_in_a_list_keep_their_folders_below_the_working_folder_alone() {
        let folder = with(&[]);
        let list = folder.path().join("list");
        fs::write(&list, "a/./b.png\n./c.png\n../d.png\n/e/f.png\n-\n*.png\n").unwrap();
        let found = find(Wanted {
            names: &[],
            list: Some(&list),
            null: false,
            recursive: false,
            except: None,
            task: Task::Stamping,
        })
        .unwrap();
        let places: Vec<_> = found.inputs.iter().map(|input| input.place.to_str().unwrap()).collect();
        assert_eq!(places, ["a/b.png", "c.png", "d.png", "f.png", "-", "*.png"]);
        assert_eq!(found.inputs[4].path, Path::new("./-"));
    }

    #[test]
    fn what_was_passed_over_is_said_in_words() {
        let counts = PassedOver {
            others: 2,
            links: 1,
            ..PassedOver::default()
        };
        assert_eq!(counts.words().unwrap(), "2 files that are no pictures, 1 link");
        assert_eq!(PassedOver::default().words(), None);
    }
}
