//! One picture through everything: marked, measured, attacked, looked at; and unmarked through some of it.

use std::time::Duration;

use serde::Serialize;
use touchmark_attacks::{Attack, Codecs, Error, Picture, psnr, ssim};
use touchmark_signal::watermark::{Detection, Detector, Embedder, Strength, WatermarkId, WatermarkKey};

use super::gallery::Named;
use crate::clock::of_thread;

/// Attacks on unmarked pictures whose answers would be false: those of the benchmark that the mark was designed with.
pub const UNMARKED: [&str; 8] = [
    "none",
    "jpeg50",
    "resize0.75",
    "crop50",
    "rot5",
    "gray",
    "noise8",
    "screenshot",
];

/// What every picture goes through. Shared by all workers.
pub struct Trial<'a> {
    pub attacks: Vec<&'static Attack>,
    pub strength: Strength,
    pub seed: u64,
    pub codecs: &'a (dyn Codecs + Sync),
    embedder: Embedder,
    detector: Detector,
}

/// What became of one picture.
#[derive(Debug, Clone, Serialize)]
pub struct Course {
    pub picture: String,
    pub width: usize,
    pub height: usize,
    #[serde(flatten)]
    pub marking: Marking,
    /// After how many of the attacks that were tried the id was read.
    pub recovered: usize,
    #[serde(skip)]
    pub attacked: Vec<Attacked>,
    #[serde(skip)]
    pub unmarked: Vec<Looked>,
}

/// How marking went.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Marking {
    /// What it cost: dB, similarity, milliseconds of processor time.
    Marked {
        id: String,
        psnr: f64,
        ssim: f64,
        embed_ms: f64,
    },
    /// Why the picture cannot carry a mark.
    Refused(String),
}

/// One attack on the marked picture.
#[derive(Debug, Clone)]
pub struct Attacked {
    pub attack: &'static Attack,
    /// Or why the attack was not tried.
    pub looked: Result<Looked, String>,
}

impl Course {
    /// How many attacks were tried.
    pub fn tried(&self) -> usize {
        self.attacked.iter().filter(|attacked| attacked.looked.is_ok()).count()
    }
}

impl Attacked {
    fn is_recovered(&self) -> bool {
        self.looked.as_ref().is_ok_and(|looked| looked.answer == Answer::Right)
    }
}

/// One look at a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Looked {
    pub answer: Answer,
    /// Processor time of detection in milliseconds.
    pub ms: f64,
}

/// What the detector said, beside what was embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The id that was embedded.
    Right,
    /// Another id; on an unmarked picture, any.
    Wrong,
    /// A mark that cannot be read.
    Unreadable,
    /// Nothing.
    Nothing,
}

impl<'a> Trial<'a> {
    /// A trial with the public key.
    pub fn new(attacks: Vec<&'static Attack>, strength: Strength, seed: u64, codecs: &'a (dyn Codecs + Sync)) -> Self {
        let key = WatermarkKey::public();
        Self {
            attacks,
            strength,
            seed,
            codecs,
            embedder: Embedder::new(&key),
            detector: Detector::new(&[key]),
        }
    }

    /// Takes the picture of this number through all.
    pub fn run(&self, number: usize, named: &Named) -> Course {
        let original = &named.picture;
        let seed = self.seed.wrapping_add(number as u64);
        let course = |marking, attacked: Vec<Attacked>, unmarked| Course {
            picture: named.name.clone(),
            width: original.width(),
            height: original.height(),
            marking,
            recovered: attacked.iter().filter(|attacked| attacked.is_recovered()).count(),
            attacked,
            unmarked,
        };
        let unmarked = || {
            UNMARKED
                .iter()
                .filter_map(|name| self.look_unmarked(name, original, seed))
        };
        let (marked, marking) = match self.mark(original, seed) {
            Ok(marked) => marked,
            Err(refused) => return course(Marking::Refused(refused), Vec::new(), unmarked().collect()),
        };
        let attacked = self.attacks.iter().map(|attack| Attacked {
            attack,
            looked: match attack.apply(&marked, seed, self.codecs) {
                Ok(picture) => Ok(self.look(picture, Some(id_of(seed)))),
                Err(error) => Err(why(&error)),
            },
        });
        course(marking, attacked.collect(), unmarked().collect())
    }

    fn mark(&self, original: &Picture, seed: u64) -> Result<(Picture, Marking), String> {
        let id = id_of(seed);
        let mut pixels = original.clone().into_pixels().ok_or("its sides do not fit 32 bits")?;
        let before = of_thread();
        self.embedder
            .embed(&mut pixels, id, self.strength)
            .map_err(|refusal| refusal.to_string())?;
        let embed_ms = milliseconds(of_thread() - before);
        let marked = Picture::of(&pixels);
        let marking = Marking::Marked {
            id: id.to_string(),
            psnr: psnr(original, &marked).unwrap_or(f64::NAN),
            ssim: ssim(original, &marked).unwrap_or(f64::NAN),
            embed_ms,
        };
        Ok((marked, marking))
    }

    fn look_unmarked(&self, attack: &str, original: &Picture, seed: u64) -> Option<Looked> {
        let attacked = Attack::named(attack)?.apply(original, seed, self.codecs).ok()?;
        Some(self.look(attacked, None))
    }

    /// Looks for a mark; where none was embedded, every id is wrong.
    pub fn look(&self, picture: Picture, embedded: Option<WatermarkId>) -> Looked {
        let Some(pixels) = picture.into_pixels() else {
            return Looked {
                answer: Answer::Nothing,
                ms: 0.0,
            };
        };
        let before = of_thread();
        let detection = self.detector.detect(&pixels);
        let ms = milliseconds(of_thread() - before);
        let answer = match detection {
            Detection::Found(reading) if Some(reading.id) == embedded => Answer::Right,
            Detection::Found(_) => Answer::Wrong,
            Detection::Unreadable { .. } => Answer::Unreadable,
            _ => Answer::Nothing,
        };
        Looked { answer, ms }
    }
}

/// The id of a picture: another for every seed, of an issuer that is nobody.
fn id_of(seed: u64) -> WatermarkId {
    // Multiplied by an odd constant (2^64 over the golden ratio), so that ids differ in half of their bits.
    WatermarkId::from(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

fn why(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use touchmark_attacks::{NoCodecs, Scene};

    use super::*;

    fn run(width: usize, height: usize, attacks: &[&str]) -> Course {
        let attacks = attacks.iter().map(|name| Attack::named(name).unwrap()).collect();
        let trial = Trial::new(attacks, Strength::Default, 1, &NoCodecs);
        let picture = Scene::ALL[1].draw(width, height);
        trial.run(
            0,
            &Named {
                name: "leaves".into(),
                picture,
            },
        )
    }

    #[test]
    fn what_was_marked_is_read_and_what_was_not_says_nothing() {
        let course = run(640, 512, &["none", "jpeg80", "webp80"]);
        let Marking::Marked { psnr, ssim, .. } = course.marking else {
            panic!("{:?}", course.marking);
        };
        assert!(psnr > 42.0 && ssim > 0.98, "{psnr} {ssim}");
        let answers: Vec<_> = course
            .attacked
            .iter()
            .map(|attacked| attacked.looked.as_ref().map(|looked| looked.answer))
            .collect();
        assert_eq!(answers[..2], [Ok(Answer::Right), Ok(Answer::Right)]);
        assert_eq!((course.recovered, course.tried()), (2, 2));
        // Without codecs there is no WebP.
        assert!(answers[2].is_err());
        assert_eq!(course.unmarked.len(), UNMARKED.len());
        assert!(course.unmarked.iter().all(|looked| looked.answer == Answer::Nothing));
    }

    #[test]
    fn what_is_too_small_is_refused_by_name() {
        let course = run(100, 100, &["none"]);
        assert!(matches!(&course.marking, Marking::Refused(why) if why.contains("too small")));
        assert!(course.attacked.is_empty());
    }

    #[test]
    fn the_attacks_on_unmarked_pictures_are_there() {
        assert!(UNMARKED.iter().all(|name| Attack::named(name).is_some()));
    }
}
