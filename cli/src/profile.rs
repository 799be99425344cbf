//! The places a stamp is held to, as typed; and what to say of what they ask for.

use clap::{Args, ValueEnum};
use touchmark::profile::{self, Answer, Need, Place, Row, Setup};
use touchmark::{Order, Want};

use crate::failure::{Code, Failure};

/// The places whose rules a stamp is held to.
#[derive(Debug, Args)]
pub struct ProfileArgs {
    /// Refuse what the rules of these places would not accept, and name each missing thing: `eu`, `california`, `china`,
    /// `india`, `korea`, with commas between.
    #[arg(
        long,
        value_enum,
        value_name = "PLACES",
        value_delimiter = ',',
        hide_possible_values = true
    )]
    pub profile: Vec<PlaceWord>,
}

/// A place, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlaceWord {
    Eu,
    California,
    China,
    India,
    Korea,
}

impl ProfileArgs {
    /// The places, each once, in the order of the table.
    pub fn places(&self) -> Vec<Place> {
        let asked = |place: &Place| self.profile.iter().any(|word| Place::from(*word) == *place);
        Place::ALL.into_iter().filter(asked).collect()
    }

    /// Demands of the order what the places ask for and a picture might lack.
    pub fn demand(&self, order: &mut Order<'_>) {
        for (need, want) in [
            (Need::Metadata, &mut order.metadata),
            (Need::PrivateWatermark, &mut order.watermark.want),
        ] {
            if *want == Want::IfPossible && self.ask_for(need) {
                *want = Want::Demanded;
            }
        }
    }

    fn ask_for(&self, need: Need) -> bool {
        let asks = |place: &Place| place.needs().iter().any(|(asked, _)| *asked == need);
        self.places().iter().any(asks)
    }

    /// Whether a place asks for an identity that somebody checked, so that no stamp by a local one is made.
    pub fn refuses_local(&self) -> bool {
        self.ask_for(Need::Identity)
    }

    /// What the places ask of stamps that are made so.
    pub fn rows(&self, setup: Setup<'_>) -> Vec<Row> {
        profile::check(&self.places(), setup)
    }
}

impl From<PlaceWord> for Place {
    fn from(word: PlaceWord) -> Self {
        match word {
            PlaceWord::Eu => Self::Eu,
            PlaceWord::California => Self::California,
            PlaceWord::China => Self::China,
            PlaceWord::India => Self::India,
            PlaceWord::Korea => Self::Korea,
        }
    }
}

/// The failure that names everything that is missing; none where nothing is.
pub fn refusal(rows: &[Row]) -> Option<Failure> {
    let missing: Vec<String> = rows
        .iter()
        .filter(|row| row.answer == Answer::Missing)
        .map(|row| format!("{} asks for {} ({})", name(row.place), words(row.need), row.rule))
        .collect();
    (!missing.is_empty())
        .then(|| Failure::new(Code::Profile, "keep the rules of every --profile").because(missing.join("; ")))
}

/// The name of a place, for people.
pub fn name(place: Place) -> &'static str {
    match place {
        Place::Eu => "EU",
        Place::California => "California",
        Place::China => "China",
        Place::India => "India",
        Place::Korea => "Korea",
        _ => "another place",
    }
}

/// What is needed, for people.
pub fn words(need: Need) -> &'static str {
    match need {
        Need::SourceType => "a signed statement that AI made the picture",
        Need::Time => "the time of creation",
        Need::Identifier => "a unique identifier",
        Need::Identity => "an identity that names the provider",
        Need::Disclosure => "a filled disclosure: provider, system, version",
        Need::Metadata => "labels in metadata",
        Need::Detector => "the address of a free detector",
        Need::ProviderCode => "a provider code for the AIGC label",
        Need::Timestamp => "a time-stamp",
        Need::PrivateWatermark => "a watermark with a key of your own",
        Need::VisibleLabel => "a visible label",
        _ => "something that this version does not know",
    }
}

/// What to do about a need that is missing.
pub fn next(need: Need) -> &'static str {
    match need {
        Need::Identity => "make one with `touchmark keys new --organisation NAME`",
        Need::Disclosure => "`touchmark disclose init` makes a file to fill in; name it with --disclosure",
        Need::Metadata => "leave --layers out, or name metadata in it",
        Need::Detector => "state detector.url in the disclosure",
        Need::Timestamp => "name an authority with --timestamp URL, and leave --allow-no-timestamp out",
        Need::ProviderCode => "state provider.aigc_code in the disclosure",
        Need::PrivateWatermark => "name your key with --watermark-key, and leave --layers out or name watermark in it",
        Need::VisibleLabel => "add --label",
        _ => "",
    }
}
