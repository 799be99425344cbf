//! What a trial found, counted by attack.

use serde::Serialize;
use touchmark_attacks::Attack;

use super::trial::{Answer, Course, Looked, Marking};

/// The result of a trial: its type is the JSON that is printed.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// Version of touchmark.
    pub touchmark: &'static str,
    pub seed: u64,
    pub strength: String,
    /// How marking went, averaged over the pictures that could be marked.
    pub marked: Marked,
    pub attacks: Vec<Row>,
    pub unmarked: Unmarked,
    pub pictures: Vec<Course>,
}

/// How marking went.
#[derive(Debug, Default, Serialize)]
pub struct Marked {
    pub pictures: usize,
    /// Pictures that cannot carry a mark.
    pub refused: usize,
    pub psnr_mean: f64,
    pub psnr_least: f64,
    pub ssim_mean: f64,
    pub ssim_least: f64,
    pub embed_ms_per_megapixel: f64,
}

/// One attack on all marked pictures.
#[derive(Debug, Serialize)]
pub struct Row {
    pub attack: &'static str,
    pub kind: &'static str,
    pub what: &'static str,
    /// Pictures that were attacked.
    pub tried: usize,
    /// Exactly the id that was embedded.
    pub recovered: usize,
    /// Another id.
    pub wrong: usize,
    /// A mark that cannot be read.
    pub unreadable: usize,
    pub missed: Vec<String>,
    /// Processor time of detection, a picture.
    pub detect_ms: f64,
    /// Why it was not run, or not on all.
    pub not_run: Option<String>,
}

/// Pictures without a mark, as they are and attacked.
#[derive(Debug, Default, Serialize)]
pub struct Unmarked {
    pub tried: usize,
    /// Ids that were read where there are none.
    pub answers: usize,
    /// Marks that were seen where there are none.
    pub unreadable: usize,
    pub detect_ms: f64,
}

impl Outcome {
    /// Counts what became of all pictures.
    pub fn new(seed: u64, strength: String, attacks: &[&'static Attack], pictures: Vec<Course>) -> Self {
        let unmarked = pictures.iter().flat_map(|course| &course.unmarked);
        Self {
            touchmark: env!("CARGO_PKG_VERSION"),
            seed,
            strength,
            marked: Marked::of(&pictures),
            attacks: attacks.iter().map(|attack| Row::of(attack, &pictures)).collect(),
            unmarked: Unmarked::of(unmarked.copied()),
            pictures,
        }
    }

    /// Answers that should not have been given: wrong ids, and marks seen where there are none.
    pub fn false_answers(&self) -> usize {
        let wrong: usize = self.attacks.iter().map(|row| row.wrong).sum();
        wrong + self.unmarked.false_answers()
    }
}

impl Marked {
    fn of(pictures: &[Course]) -> Self {
        let mut marked = Self {
            psnr_least: f64::INFINITY,
            ssim_least: f64::INFINITY,
            ..Self::default()
        };
        let mut megapixels = 0.0;
        for course in pictures {
            let Marking::Marked {
                psnr, ssim, embed_ms, ..
            } = course.marking
            else {
                marked.refused += 1;
                continue;
            };
            marked.pictures += 1;
            marked.psnr_mean += psnr;
            marked.ssim_mean += ssim;
            marked.psnr_least = marked.psnr_least.min(psnr);
            marked.ssim_least = marked.ssim_least.min(ssim);
            marked.embed_ms_per_megapixel += embed_ms;
            megapixels += (course.width * course.height) as f64 / 1e6;
        }
        if marked.pictures == 0 {
            return Self {
                refused: marked.refused,
                ..Self::default()
            };
        }
        marked.psnr_mean /= marked.pictures as f64;
        marked.ssim_mean /= marked.pictures as f64;
        marked.embed_ms_per_megapixel /= megapixels;
        marked
    }
}

impl Row {
    fn of(attack: &'static Attack, pictures: &[Course]) -> Self {
        let mut row = Self {
            attack: attack.name(),
            kind: attack.kind().name(),
            what: attack.what(),
            tried: 0,
            recovered: 0,
            wrong: 0,
            unreadable: 0,
            missed: Vec::new(),
            detect_ms: 0.0,
            not_run: None,
        };
        for course in pictures {
            let attacked = course
                .attacked
                .iter()
                .find(|attacked| attacked.attack.name() == row.attack);
            let looked = match attacked.map(|attacked| &attacked.looked) {
                Some(Ok(looked)) => looked,
                Some(Err(why)) => {
                    row.not_run = Some(why.clone());
                    continue;
                }
                None => continue,
            };
            row.tried += 1;
            row.detect_ms += looked.ms;
            match looked.answer {
                Answer::Right => row.recovered += 1,
                Answer::Wrong => row.wrong += 1,
                Answer::Unreadable => row.unreadable += 1,
                Answer::Nothing => {}
            }
            if looked.answer != Answer::Right {
                row.missed.push(course.picture.clone());
            }
        }
        row.detect_ms /= row.tried.max(1) as f64;
        row
    }
}

impl Unmarked {
    /// Counts looks at pictures without a mark.
    pub fn of(looks: impl Iterator<Item = Looked>) -> Self {
        let mut unmarked = Self::default();
        for looked in looks {
            unmarked.add(looked);
        }
        unmarked
    }

    /// Ids that were read and marks that were seen.
    pub fn false_answers(&self) -> usize {
        self.answers + self.unreadable
    }

    /// One more look.
    pub fn add(&mut self, looked: Looked) {
        self.detect_ms = (self.detect_ms * self.tried as f64 + looked.ms) / (self.tried + 1) as f64;
        self.tried += 1;
        match looked.answer {
            Answer::Right | Answer::Wrong => self.answers += 1,
            Answer::Unreadable => self.unreadable += 1,
            Answer::Nothing => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::Attacked;
    use super::*;

    fn course(answers: &[Answer]) -> Course {
        let looked = |&answer: &Answer| Looked { answer, ms: 4.0 };
        let attacks = Attack::ALL.iter().zip(answers);
        Course {
            picture: "a".into(),
            width: 1000,
            height: 1000,
            marking: Marking::Marked {
                id: "1".into(),
                psnr: 43.0,
                ssim: 0.99,
                embed_ms: 20.0,
            },
            recovered: 0,
            attacked: attacks
                .map(|(attack, answer)| Attacked {
                    attack,
                    looked: Ok(looked(answer)),
                })
                .collect(),
            unmarked: vec![looked(&Answer::Nothing); 3],
        }
    }

    #[test]
    fn wrong_ids_are_counted_apart() {
        let attacks: Vec<&Attack> = Attack::ALL.iter().take(4).collect();
        let courses = vec![
            course(&[Answer::Right, Answer::Wrong, Answer::Unreadable, Answer::Nothing]),
            course(&[Answer::Right, Answer::Right, Answer::Right, Answer::Right]),
        ];
        let outcome = Outcome::new(1, "default".into(), &attacks, courses);
        let counts = |row: &Row| (row.tried, row.recovered, row.wrong, row.unreadable, row.missed.len());
        let rows: Vec<_> = outcome.attacks.iter().map(counts).collect();
        assert_eq!(
            rows,
            [(2, 2, 0, 0, 0), (2, 1, 1, 0, 1), (2, 1, 0, 1, 1), (2, 1, 0, 0, 1)]
        );
        assert_eq!(outcome.false_answers(), 1);
        assert_eq!((outcome.unmarked.tried, outcome.unmarked.answers), (6, 0));
        assert!((outcome.unmarked.detect_ms - 4.0).abs() < 1e-9);
        assert_eq!(
            (outcome.marked.psnr_mean, outcome.marked.embed_ms_per_megapixel),
            (43.0, 20.0)
        );
    }

    #[test]
    fn what_cannot_be_marked_is_no_average() {
        let refused = Course {
            marking: Marking::Refused("too flat".into()),
            attacked: Vec::new(),
            ..course(&[])
        };
        let outcome = Outcome::new(1, "default".into(), &[], vec![refused]);
        assert_eq!((outcome.marked.refused, outcome.marked.psnr_least), (1, 0.0));
    }
}
