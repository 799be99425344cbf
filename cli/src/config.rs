//! The configuration as meant: defaults < user file < project file < `TOUCHMARK_*` < options. Read here and nowhere else.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::failure::{Code, Failure};
use crate::files;

/// The project's configuration file, in the working folder.
const PROJECT_FILE: &str = "touchmark.toml";

/// A configuration file has no reason to be larger.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// The settings: key, variable, and what it is for. One row each.
const SETTINGS: [(Key, &str, &str, &str); 4] = [
    (
        Key::DataDir,
        "data_dir",
        "TOUCHMARK_DATA_DIR",
        "the folder for identities and trust lists",
    ),
    (
        Key::Disclosure,
        "disclosure",
        "TOUCHMARK_DISCLOSURE",
        "the statement about the AI system that stamps carry",
    ),
    (
        Key::Identity,
        "identity",
        "TOUCHMARK_IDENTITY",
        "the identity that signs",
    ),
    (
        Key::Require,
        "require",
        "TOUCHMARK_REQUIRE",
        "what `verify` requires for exit code 0",
    ),
];

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    DataDir,
    Disclosure,
    Identity,
    Require,
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
    pub value: String,
    pub origin: Origin,
}

/// All settings in force.
#[derive(Debug, Default)]
pub struct Config {
    settings: BTreeMap<Key, Setting>,
}

impl Config {
    /// Reads the files and variables. `data_dir` is the option's value.
    pub fn load(data_dir: Option<&Path>) -> Result<Self, Failure> {
        let mut config = Self::default();
        let strategy = etcetera::choose_base_strategy().ok();
        if let Some(strategy) = &strategy {
            let folder = strategy.data_dir().join("touchmark");
            config.set(Key::DataDir, folder.display().to_string(), Origin::Default);
        }
        config.set(Key::Require, "trusted".to_owned(), Origin::Default);
        let user_file = strategy.map(|strategy| strategy.config_dir().join("touchmark").join("config.toml"));
        for path in user_file.into_iter().chain([PathBuf::from(PROJECT_FILE)]) {
            config.load_file(&path)?;
        }
        for (key, _, variable, _) in SETTINGS {
            match env::var(variable) {
                Ok(value) if !value.is_empty() => config.set(key, value, Origin::Variable(variable)),
                _ => {}
            }
        }
        if let Some(folder) = data_dir {
            config.set(Key::DataDir, folder.display().to_string(), Origin::Option);
        }
        Ok(config)
    }

    /// The value of a setting, where it has one.
    pub fn get(&self, key: Key) -> Option<&str> {
        self.settings.get(&key).map(|setting| setting.value.as_str())
    }

    /// The folder for identities and trust lists.
    pub fn data_dir(&self) -> Result<PathBuf, Failure> {
        self.get(Key::DataDir)
            .map(PathBuf::from)
            .ok_or_else(|| Failure::new(Code::NoDataFolder, "find the user's data folder"))
    }

    /// Each setting with its name, its purpose and its value.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, &'static str, Option<&Setting>)> {
        SETTINGS
            .iter()
            .map(|(key, name, _, purpose)| (*name, *purpose, self.settings.get(key)))
    }

    fn set(&mut self, key: Key, value: String, origin: Origin) {
        self.settings.insert(key, Setting { value, origin });
    }

    fn load_file(&mut self, path: &Path) -> Result<(), Failure> {
        if !path.exists() {
            return Ok(());
        }
        let failed = |why: String| Failure::new(Code::Configuration, format!("read {}", path.display())).because(why);
        let table: toml::Table = files::read_text(path, MAX_FILE_BYTES)?
            .parse()
            .map_err(|error: toml::de::Error| failed(error.message().to_owned()))?;
        for (name, value) in table {
            let Some((key, ..)) = SETTINGS.iter().find(|(_, known, ..)| *known == name) else {
                return Err(failed(format!(
                    "unknown key {name:?}; did you mean {:?}?",
                    nearest(&name)
                )));
            };
            let value = value
                .as_str()
                .ok_or_else(|| failed(format!("the value of {name:?} is not a text")))?;
            self.set(*key, relative_to(path, *key, value), Origin::File(path.to_owned()));
        }
        Ok(())
    }
}

/// A path in a file is meant from that file's folder.
fn relative_to(file: &Path, key: Key, value: &str) -> String {
    match (key, file.parent()) {
        (Key::DataDir | Key::Disclosure, Some(folder)) => folder.join(value).display().to_string(),
        _ => value.to_owned(),
    }
}

fn nearest(name: &str) -> &'static str {
    SETTINGS
        .iter()
        .map(|(_, known, ..)| *known)
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
        config.load_file(&path).map(|()| config)
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
        let path = Path::new(config.get(Key::Disclosure).unwrap());
        assert!(path.is_absolute() && path.ends_with("system.toml"));
    }

    #[test]
    fn a_value_of_another_type_is_an_error() {
        assert_eq!(load("identity = 3").unwrap_err().code(), Code::Configuration);
    }
}
