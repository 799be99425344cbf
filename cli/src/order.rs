//! What a stamp is to carry: as typed, then as meant. Nothing that may tell about people is there unless it is asked for.

use clap::{Args, ValueEnum};
use touchmark::{Disclosure, Order, Want, WatermarkOrder};
use touchmark_provenance::Error;
use touchmark_provenance::metadata::{Prompt, RequestText, Requests, TrainingMining, Use};

use crate::failure::{Code, Failure};
use crate::label::LabelArgs;
use crate::watermark::WatermarkArgs;

/// What a stamp is to carry, as typed.
#[derive(Debug, Args)]
pub struct OrderArgs {
    /// The layers, out of `manifest`, `metadata`, `watermark` and `label`, with commas between. A layer that is named is
    /// demanded: a picture that cannot have it is refused. Default: the first three, and what a picture cannot have is
    /// left out, with a warning.
    #[arg(
        long,
        value_enum,
        value_name = "LIST",
        value_delimiter = ',',
        hide_possible_values = true
    )]
    pub layers: Option<Vec<LayerWord>>,
    #[command(flatten)]
    pub label: LabelArgs,
    #[command(flatten)]
    pub watermark: WatermarkArgs,
    /// Say in XMP what the system was told. It may tell about people; without this option it is nowhere.
    #[arg(long, value_name = "TEXT")]
    pub prompt: Option<String>,
    /// Say in XMP who wrote the prompt.
    #[arg(long, value_name = "NAME", requires = "prompt")]
    pub prompt_writer: Option<String>,
    /// Whether others may mine the picture and train on it: `allowed`, `not-allowed`, or any other text, which is taken
    /// for the conditions. Signed as `cawg.training-mining`; without this option nothing is said.
    #[arg(long, value_name = "USE")]
    pub training_mining: Option<String>,
    /// Read back: `once` for each kind of picture and disclosure, on a built-in picture (default), or `full`, every
    /// stamped picture.
    #[arg(long, value_enum, value_name = "HOW", default_value_t = SelfCheckWord::Once, hide_possible_values = true)]
    pub self_check: SelfCheckWord,
}

/// A layer that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LayerWord {
    /// The signed manifest.
    Manifest,
    /// The labels in XMP.
    Metadata,
    /// The imperceptible mark in the pixels.
    Watermark,
    /// The label that people see.
    Label,
}

/// How much is read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SelfCheckWord {
    /// A built-in picture for each kind.
    Once,
    /// Every picture.
    Full,
}

impl OrderArgs {
    /// Reads what was typed.
    pub fn order<'a>(&self, disclosure: &'a Disclosure) -> Result<Order<'a>, Failure> {
        Ok(Order {
            metadata: self.want(LayerWord::Metadata)?,
            watermark: WatermarkOrder {
                want: self.want(LayerWord::Watermark)?,
                id: self.watermark.watermark_id,
                strength: self.watermark.strength.into(),
            },
            label: self.label.label(self.names(LayerWord::Label), disclosure.language())?,
            requests: Requests {
                training_mining: self.training_mining()?,
                prompt: self.prompt()?,
            },
            ..Order::of(disclosure)
        })
    }

    fn want(&self, layer: LayerWord) -> Result<Want, Failure> {
        match &self.layers {
            None => Ok(Want::IfPossible),
            Some(_) if !self.names(LayerWord::Manifest) => Err(Failure::new(Code::Layers, "stamp without a manifest")),
            Some(_) if self.names(layer) => Ok(Want::Demanded),
            Some(_) => Ok(Want::No),
        }
    }

    fn names(&self, layer: LayerWord) -> bool {
        self.layers.as_ref().is_some_and(|layers| layers.contains(&layer))
    }

    fn prompt(&self) -> Result<Option<Prompt>, Failure> {
        let Some(prompt) = &self.prompt else { return Ok(None) };
        Ok(Some(Prompt {
            text: text(prompt)?,
            writer: self.prompt_writer.as_deref().map(text).transpose()?,
        }))
    }

    fn training_mining(&self) -> Result<Option<TrainingMining>, Failure> {
        let Some(typed) = &self.training_mining else {
            return Ok(None);
        };
        let permission = match typed.as_str() {
            "allowed" => Use::Allowed,
            "not-allowed" => Use::NotAllowed,
            conditions => Use::Constrained(text(conditions)?),
        };
        Ok(Some(TrainingMining {
            data_mining: permission.clone(),
            ai_inference: permission.clone(),
            ai_training: permission.clone(),
            ai_generative_training: permission,
        }))
    }
}

/// A text to be written into files. What it says stays out of the message.
fn text(typed: &str) -> Result<RequestText, Failure> {
    RequestText::new(typed).map_err(|error| {
        let failure = Failure::new(Code::RequestText, "take the text asked for");
        match error {
            Error::Request(fault) => failure.because(format_args!("it {fault}")),
            error => failure.because(error),
        }
    })
}
