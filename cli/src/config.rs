//! The configuration as meant: defaults < user file < project file < `TOUCHMARK_*` < options. Read here and nowhere else.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::failure::{Code, Failure};
use crate::files;
use crate::key::KeyReference;
use crate::post;

/// The project's configuration file, in the working folder. Whoever sent that folder may have written it.
const PROJECT_FILE: &str = "touchmark.toml";

/// A configuration file has no reason to be larger.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// The settings, one row each.
const SETTINGS: [Row; 8] = [
    Row {
        key: Key::DataDir,
        name: "data_dir",
        variable: "TOUCHMARK_DATA_DIR",
        in_project: false,
        purpose: "the folder for identities and trust lists",
    },
    Row {
        key: Key::Disclosure,
        name: "disclosure",
        variable: "TOUCHMARK_DISCLOSURE",
        in_project: true,
        purpose: "the statement about the AI system that stamps carry",
    },
    Row {
        key: Key::Identity,
        name: "identity",
        variable: "TOUCHMARK_IDENTITY",
        in_project: true,
        purpose: "the identity that signs",
    },
    Row {
        key: Key::Signing,
        name: "key",
        variable: "TOUCHMARK_KEY",
        // A reference may start a program or load a library.
        in_project: false,
        purpose: "the private key that signs, in place of an identity",
    },
    Row {
        key: Key::Certificates,
        name: "certificates",
        variable: "TOUCHMARK_CERTIFICATES",
        in_project: false,
        purpose: "the certificates of that key",
    },
    Row {
        key: Key::Require,
        name: "require",
        variable: "TOUCHMARK_REQUIRE",
        in_project: false,
        purpose: "what `verify` requires for exit code 0",
    },
    Row {
        key: Key::Timestamp,
        name: "timestamp",
        variable: "TOUCHMARK_TIMESTAMP",
        in_project: false,
        purpose: "the addresses of time-stamp authorities, with spaces between, in the order in which to ask",
    },
    Row {
        key: Key::WatermarkKey,
        name: "watermark_key",
        variable: "TOUCHMARK_WATERMARK_KEY",
        in_project: false,
        purpose: "the key of your own watermarks",
    },
];

/// What is fixed about a setting.
struct Row {
    key: Key,
    name: &'static str,
    variable: &'static str,
    /// Whether a project's file may set it: nothing that decides whom to trust, whom to ask, or what is required.
    in_project: bool,
    purpose: &'static str,
}

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    DataDir,
    Disclosure,
    Identity,
    Signing,
    Certificates,
    Require,
    Timestamp,
    WatermarkKey,
}

impl Key {
    fn is_path(self) -> bool {
        matches!(self, Self::DataDir | Self::Disclosure | Self::Certificates)
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Default,
    File(PathBuf),
    Variable(&'static str),
    Option,
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// A path as the system has it; every other value is UTF-8.
    pub value: OsString,
    pub origin: Origin,
}

/// All settings in force.
#[derive(Debug, Default)]
pub struct Config {
    settings: BTreeMap<Key, Setting>,
}

/// Whose file it is.
#[derive(Debug, Clone, Copy)]
enum Scope<'a> {
    User,
    /// With the user's own file, where the rest belongs.
    Project(Option<&'a Path>),
}

impl Config {
    /// Reads the files and variables. `data_dir` is the option's value.
    pub fn load(data_dir: Option<&Path>) -> Result<Self, Failure> {
        let mut config = Self::default();
        let strategy = etcetera::choose_base_strategy().ok();
        if let Some(strategy) = &strategy {
            config.set(
                Key::DataDir,
                strategy.data_dir().join("touchmark").into_os_string(),
                Origin::Default,
            );
        }
        config.set(Key::Require, "trusted".into(), Origin::Default);
        let user_file = strategy.map(|strategy| strategy.config_dir().join("touchmark").join("config.toml"));
        if let Some(path) = &user_file {
            config.load_file(path, Scope::User)?;
        }
        config.load_file(Path::new(PROJECT_FILE), Scope::Project(user_file.as_deref()))?;
        let given = |row: &&Row| env::var_os(row.variable).is_some();
        one_signs("the environment", SETTINGS.iter().filter(given).map(|row| row.name))?;
        for row in &SETTINGS {
            if let Some(value) = env::var_os(row.variable) {
                config.set(row.key, checked(row, value)?, Origin::Variable(row.variable));
            }
        }
        if let Some(folder) = data_dir {
            config.set(Key::DataDir, folder.as_os_str().to_owned(), Origin::Option);
        }
        Ok(config)
    }

    /// The value of a setting that is a word, where it has one.
    pub fn get(&self, key: Key) -> Option<&str> {
        self.value(key).and_then(OsStr::to_str)
    }

    /// The value of a setting that is a path, where it has one.
    pub fn path(&self, key: Key) -> Option<&Path> {
        self.value(key).map(Path::new)
    }

    /// The folder for identities and trust lists.
    pub fn data_dir(&self) -> Result<PathBuf, Failure> {
        self.path(Key::DataDir)
            .map(Path::to_owned)
            .ok_or_else(|| Failure::new(Code::NoDataFolder, "find the user's data folder"))
    }

    /// Each setting with its name, its purpose and its value as it is fit to be shown.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, &'static str, Option<Setting>)> {
        SETTINGS.iter().map(|row| {
            let setting = self.settings.get(&row.key).cloned();
            (row.name, row.purpose, setting.map(|setting| shown(row.key, setting)))
        })
    }

    fn value(&self, key: Key) -> Option<&OsStr> {
        self.settings.get(&key).map(|setting| setting.value.as_os_str())
    }

    fn set(&mut self, key: Key, value: OsString, origin: Origin) {
        // Either of the two says what signs; the nearer one counts.
        match key {
            Key::Signing => self.settings.remove(&Key::Identity),
            Key::Identity => self.settings.remove(&Key::Signing),
            _ => None,
        };
        self.settings.insert(key, Setting { value, origin });
    }

    fn load_file(&mut self, path: &Path, scope: Scope<'_>) -> Result<(), Failure> {
        if !path.exists() {
            return Ok(());
        }
        let failed = |why: String| Failure::new(Code::Configuration, format!("read {}", path.display())).because(why);
        let table: toml::Table = files::read_text(path, MAX_FILE_BYTES)?
            .parse()
            .map_err(|error: toml::de::Error| failed(error.message().to_owned()))?;
        one_signs(&path.display().to_string(), table.keys().map(String::as_str))?;
        for (name, value) in table {
            let Some(row) = SETTINGS.iter().find(|row| row.name == name) else {
                return Err(failed(format!(
                    "unknown key {name:?}; did you mean {:?}?",
                    nearest(&name)
                )));
            };
            if let Scope::Project(user_file) = scope
                && !row.in_project
            {
                return Err(failed(refused(row, user_file)));
            }
            let value = value
                .as_str()
                .ok_or_else(|| failed(format!("the value of {name:?} is not a text")))?;
            self.set(
                row.key,
                relative_to(path, row.key, value),
                Origin::File(path.to_owned()),
            );
        }
        Ok(())
    }
}

/// Why a project's file may not set this, and where it belongs.
fn refused(row: &Row, user_file: Option<&Path>) -> String {
    let place = match user_file {
        Some(path) => path.display().to_string(),
        None => "the user's own configuration file".to_owned(),
    };
    format!(
        "the file of a folder may not set {:?}, which decides for all pictures; it belongs into {place}",
        row.name
    )
}

/// A variable's value: nothing is guessed from one that is empty or garbled.
fn checked(row: &Row, value: OsString) -> Result<OsString, Failure> {
    let failed = |why: &str| Failure::new(Code::Configuration, format!("use {}", row.variable)).because(why);
    if value.is_empty() {
        Err(failed("it is set and empty; unset it where nothing is meant"))
    } else if !row.key.is_path() && value.to_str().is_none() {
        Err(failed("it is not UTF-8"))
    } else {
        Ok(value)
    }
}

/// A path in a file is meant from that file's folder.
fn relative_to(file: &Path, key: Key, value: &str) -> OsString {
    match file.parent() {
        Some(folder) if key.is_path() => folder.join(value).into_os_string(),
        Some(folder) if matches!(key, Key::Signing | Key::WatermarkKey) => {
            KeyReference::from(value.to_owned()).within(folder).as_typed().into()
        }
        _ => value.into(),
    }
}

/// One place may say what signs by a key or by an identity, not by both.
fn one_signs<'a>(place: &str, names: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
    match names.filter(|name| ["key", "identity"].contains(name)).count() {
        2 => Err(Failure::new(Code::Configuration, format!("read {place}"))
            .because("it sets both key and identity, and one of them signs")),
        _ => Ok(()),
    }
}

/// A setting without what may be secret in it.
fn shown(key: Key, setting: Setting) -> Setting {
    let value = match (key, setting.value.to_str()) {
        (Key::Signing | Key::WatermarkKey, Some(text)) => KeyReference::from(text.to_owned()).shown().into(),
        (Key::Timestamp, Some(text)) => post::shown(text).into(),
        _ => return setting,
    };
    Setting { value, ..setting }
}

fn nearest(name: &str) -> &'static str {
    SETTINGS
        .iter()
        .map(|row| row.name)
        .min_by_key(|known| strsim::levenshtein(known, name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        let mut config = Config::default();
        config.load_file(&path, Scope::User).map(|()| config)
    }

    #[test]
    fn the_file_of_a_folder_decides_neither_trust_nor_policy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(PROJECT_FILE);
        let user_file = Path::new("/home/user/config.toml");
        for row in &SETTINGS {
            std::fs::write(&path, format!("{} = \"x\"", row.name)).unwrap();
            let loaded = Config::default().load_file(&path, Scope::Project(Some(user_file)));
            match row.key {
                Key::Disclosure | Key::Identity => loaded.unwrap(),
                Key::DataDir | Key::Require | Key::Timestamp | Key::Signing | Key::Certificates | Key::WatermarkKey => {
                    let failure = loaded.unwrap_err();
                    assert_eq!(failure.code(), Code::Configuration);
                    assert!(failure.to_string().contains("/home/user/config.toml"), "{failure}");
                }
            }
        }
    }

    #[test]
    fn a_variable_is_meant_or_refused() {
        for row in &SETTINGS {
            assert!(checked(row, OsString::new()).is_err(), "{}", row.name);
            assert_eq!(checked(row, "x".into()).unwrap(), "x");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_path_keeps_its_bytes_and_a_word_is_utf_8() {
        use std::os::unix::ffi::OsStringExt;
        for row in &SETTINGS {
            let garbled = OsString::from_vec(vec![b'x', 0xFF]);
            match row.key {
                Key::DataDir | Key::Disclosure | Key::Certificates => {
                    assert_eq!(checked(row, garbled.clone()).unwrap(), garbled);
                }
                Key::Identity | Key::Require | Key::Signing | Key::Timestamp | Key::WatermarkKey => {
                    assert_eq!(checked(row, garbled).unwrap_err().code(), Code::Configuration);
                }
            }
        }
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        let failure = load("identiti = \"studio\"").unwrap_err().to_string();
        assert!(
            failure.contains("TM0402") && failure.contains("\"identity\""),
            "{failure}"
        );
    }

    #[test]
    fn paths_are_meant_from_the_file() {
        let config = load("disclosure = \"system.toml\"").unwrap();
        let path = config.path(Key::Disclosure).unwrap();
        assert!(path.is_absolute() && path.ends_with("system.toml"));
    }

    #[test]
    fn a_key_or_an_identity_signs() {
        assert_eq!(
            load("identity = \"a\"\nkey = \"cmd:b\"").unwrap_err().code(),
            Code::Configuration
        );
        let mut config = load("key = \"cmd:b\"").unwrap();
        config.set(Key::Identity, "a".into(), Origin::Option);
        assert_eq!((config.get(Key::Signing), config.get(Key::Identity)), (None, Some("a")));
        config.set(Key::Signing, "cmd:c".into(), Origin::Option);
        assert_eq!(
            (config.get(Key::Signing), config.get(Key::Identity)),
            (Some("cmd:c"), None)
        );
    }

    #[test]
    fn a_key_is_meant_from_the_file_and_shown_without_secrets() {
        let config = load("key = \"file:key.pem\"").unwrap();
        let typed = config.get(Key::Signing).unwrap();
        assert!(Path::new(typed.strip_prefix("file:").unwrap()).is_absolute(), "{typed}");
        let config = load("key = \"cmd:sign --token s3cret\"").unwrap();
        let shown: Vec<_> = config
            .rows()
            .filter_map(|(name, _, setting)| Some((name, setting?.value)))
            .collect();
        assert_eq!(shown, [("key", OsString::from("cmd:sign .."))]);
        let config = load("timestamp = \"https://u:s3cret@tsa.example/x\"").unwrap();
        let mut rows = config.rows().filter_map(|(_, _, setting)| Some(setting?.value));
        assert_eq!(rows.next(), Some(OsString::from("https://tsa.example/..")));
    }

    #[test]
    fn a_value_of_another_type_is_an_error() {
        assert_eq!(load("identity = 3").unwrap_err().code(), Code::Configuration);
    }
}
