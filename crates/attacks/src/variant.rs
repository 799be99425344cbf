//! Variants of a picture for counting false answers: a part of it, in another size, after an attack.

use crate::random::{Random, mix};
use crate::step::{Filter, Step};
use crate::{Attack, Codecs, Error, Picture};

/// One variant: which attack, on which part, in which size. Drawn from a seed and a number.
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    attack: &'static Attack,
    seed: u64,
}

impl Variant {
    /// The variant of this number. Attacks that need codecs are left out, so that every machine draws the same.
    pub fn new(seed: u64, number: u64) -> Self {
        let mut random = Random::new(mix(seed).wrapping_add(number));
        let possible: Vec<&Attack> = Attack::ALL
            .iter()
            .filter(|attack| attack.codings().next().is_none())
            .collect();
        let chosen = random.up_to(possible.len().saturating_sub(1));
        Self {
            attack: possible.get(chosen).copied().unwrap_or(&Attack::ALL[0]),
            seed: random.bits(),
        }
    }

    /// The attack.
    pub fn attack(&self) -> &'static Attack {
        self.attack
    }

    /// A part of 30 to 100 % of the area, in 60 to 140 % of its size, after the attack.
    ///
    /// # Errors
    /// None today: the attacks that are drawn need no codecs.
    pub fn apply(&self, picture: &Picture, codecs: &dyn Codecs) -> Result<Picture, Error> {
        let mut random = Random::new(self.seed);
        let crop = Step::Crop(random.between(0.3, 1.0));
        let factor = random.between(0.6, 1.4);
        let scale = Step::Scale(factor, factor, Filter::Bicubic);
        let part = scale.apply(&crop.apply(picture, &mut random, codecs)?, &mut random, codecs)?;
        self.attack.apply(&part, random.bits(), codecs)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{NoCodecs, Scene};

    #[test]
    fn variants_differ_and_repeat() {
        let picture = Scene::ALL[0].draw(90, 60);
        let draw = |number| Variant::new(3, number).apply(&picture, &NoCodecs).unwrap();
        let all: Vec<Picture> = (0..20).map(draw).collect();
        assert!((0..20).all(|number| all[number as usize] == draw(number)));
        let different: HashSet<_> = all.iter().map(|picture| picture.samples().to_vec()).collect();
        assert_eq!(different.len(), 20);
    }

    #[test]
    fn every_attack_without_codecs_is_drawn() {
        let drawn: HashSet<_> = (0..2000)
            .map(|number| Variant::new(1, number).attack().name())
            .collect();
        let possible = Attack::ALL.iter().filter(|attack| attack.codings().next().is_none());
        assert_eq!(drawn.len(), possible.count());
    }
}
