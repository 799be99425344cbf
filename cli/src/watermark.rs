//! The watermark as typed and as meant: what it says, how strong it is, and with which key it is made or looked for.

use std::env;

use clap::{Args, ValueEnum};
use sha2::{Digest, Sha256};
use touchmark::watermark::{Strength, WatermarkId, WatermarkKey};
use zeroize::Zeroizing;

use crate::config::{Config, Key};
use crate::failure::{Code, Failure};
use crate::identities::read_secret;
use crate::key::{KeyReference, Source};

/// The watermark of a stamp, as typed.
#[derive(Debug, Args)]
pub struct WatermarkArgs {
    /// What the watermark says: 16 hexadecimal digits, by whoever allots ids for you. Default: the provider of the
    /// disclosure, and a random serial.
    #[arg(long, value_name = "HEX", value_parser = id)]
    pub watermark_id: Option<WatermarkId>,
    /// How strong the watermark is: `invisible`, `default` or `strong`.
    #[arg(long, value_enum, value_name = "HOW", default_value_t = StrengthWord::Default, hide_possible_values = true)]
    pub strength: StrengthWord,
    #[command(flatten)]
    pub key: WatermarkKeyArgs,
}

/// The key of watermarks, as typed.
#[derive(Debug, Args)]
pub struct WatermarkKeyArgs {
    /// The key of your own watermarks, `file:PATH` or `env:NAME`: any secret of 16 bytes or more, such as what
    /// `openssl rand -hex 32` prints. Without one they are made with the key that everybody has: anyone can copy, remove
    /// or plant those.
    #[arg(long, value_name = "URI")]
    pub watermark_key: Option<KeyReference>,
}

/// How much a watermark may change a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StrengthWord {
    /// For pictures that are looked at closely and travel little.
    Invisible,
    /// Not seen at twice the size, and read after what platforms do to pictures.
    Default,
    /// For small pictures, and for paths that cost much quality.
    Strong,
}

impl StrengthWord {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invisible => "invisible",
            Self::Default => "default",
            Self::Strong => "strong",
        }
    }
}

impl From<StrengthWord> for Strength {
    fn from(word: StrengthWord) -> Self {
        match word {
            StrengthWord::Invisible => Self::Invisible,
            StrengthWord::Default => Self::Default,
            StrengthWord::Strong => Self::Strong,
        }
    }
}

fn id(typed: &str) -> Result<WatermarkId, String> {
    typed.parse().map_err(|_| "an id has 16 hexadecimal digits".to_owned())
}

/// The least bytes of a secret from which a key is made.
const LEAST_BYTES: usize = 16;

impl WatermarkKeyArgs {
    /// The key, where one is named here or in the configuration.
    pub fn key(&self, config: &Config) -> Result<Option<WatermarkKey>, Failure> {
        Ok(self.secret(config)?.map(|secret| secret.key()))
    }

    /// The secret of the key, where one is named.
    pub fn secret(&self, config: &Config) -> Result<Option<Secret>, Failure> {
        let configured = || Some(KeyReference::from(config.get(Key::Watermark)?.to_owned()));
        let Some(reference) = self.watermark_key.clone().or_else(configured) else {
            return Ok(None);
        };
        let what = || format!("use the watermark key {}", reference.shown());
        let secret = match reference.source() {
            Some(Source::File(path)) => read_secret(path)?,
            Some(Source::Variable(name)) => {
                let value = env::var(name);
                Zeroizing::new(value.map_err(|_| {
                    Failure::new(Code::WatermarkKey, what()).because("the variable is not set, or not UTF-8")
                })?)
            }
            _ => return Err(Failure::new(Code::WatermarkKey, what()).because("it is neither file: nor env:")),
        };
        match secret.trim().as_bytes() {
            short if short.len() < LEAST_BYTES => {
                Err(Failure::new(Code::WatermarkKey, what())
                    .because(format_args!("it has fewer than {LEAST_BYTES} bytes")))
            }
            _ => Ok(Some(Secret(secret))),
        }
    }
}

/// A secret that a key is made from.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Its key: 32 bytes as if random.
    pub fn key(&self) -> WatermarkKey {
        WatermarkKey::from_bytes(self.derived("touchmark watermark key 1\0"))
    }

    /// What it is known again by, and nobody learns the key from.
    pub fn digest(&self) -> [u8; 32] {
        self.derived("touchmark watermark digest 1\0")
    }

    /// Other bytes for each purpose of the same secret.
    fn derived(&self, purpose: &str) -> [u8; 32] {
        let hash = Sha256::new().chain_update(purpose);
        hash.chain_update(self.0.trim()).finalize().into()
    }
}
