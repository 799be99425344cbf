//! Which pictures of a run look alike: their PDQ hashes are as near to each other as its authors ask of a match. Likeness
//! says nothing about where a picture comes from.
//!
//! A group is all that is like its first picture, in the order of the inputs. What is like a member alone does not join:
//! chains of small differences would tie together pictures that have nothing in common.

use std::collections::HashMap;
use std::iter;

use serde::{Deserialize, Serialize};
use touchmark::Report;
use touchmark::fingerprint::{MalformedPdq, Pdq};

use super::summary::Counted;
use crate::command::fingerprint::{ALIKE, LEAST_QUALITY};
use crate::console::tell_user;

/// What pictures are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    pdq: Hash,
    /// 0 to 100.
    quality: u8,
}

/// A PDQ hash, in journals and between processes 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Hash(Pdq);

/// The groups of a run. They take some 1.5 KiB for each picture that is unlike those before it, and less from tens of
/// thousands on; names stay with the inputs.
#[derive(Debug, Default)]
pub struct NearDuplicates {
    groups: Vec<Group>,
    /// The groups whose first picture has this 16-bit part at this place of its hash. Of hashes at most 31 bits apart, one of
    /// the 16 parts differs by one bit at most: only such parts are looked up (Norouzi, Punjani and Fleet, "Fast exact
    /// search in Hamming space with multi-index hashing", 2014, section 3).
    by_part: HashMap<(u8, u16), Vec<usize>>,
    compared: usize,
    /// Pictures that an earlier run examined, of which its journal has no fingerprint.
    lost: usize,
}

#[derive(Debug)]
struct Group {
    first: usize,
    hash: Pdq,
    /// Those that are like it, with their distance from it in bits.
    others: Vec<(usize, u32)>,
}

/// What is written of the groups.
#[derive(Debug, Serialize)]
pub struct Written {
    /// How many pictures were compared: those with a fingerprint of sufficient quality.
    compared: usize,
    near_duplicates: Vec<Vec<Member>>,
}

/// A picture in a group.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Member {
    /// Its place among the inputs, from 1.
    input: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// How far its hash is from that of the group's first picture, in bits of 256.
    distance: u32,
}

impl Print {
    /// The fingerprint in a report; none where the pixels were not examined.
    pub fn of(report: &Report) -> Option<Self> {
        let found = &report.layers.fingerprint;
        Some(Self {
            pdq: Hash(found.pdq.as_ref()?.parse().ok()?),
            quality: found.quality?,
        })
    }
}

impl NearDuplicates {
    /// Adds the picture of this index among the inputs, which go up; `before` where an earlier run examined it. The first
    /// picture of the group that it joins, if it does.
    pub fn add(&mut self, index: usize, counted: &Counted, before: bool) -> Option<usize> {
        match counted.print {
            Some(print) if print.quality >= LEAST_QUALITY => self.compare(index, print.pdq.0),
            Some(_) => None,
            None => {
                self.lost += usize::from(before);
                None
            }
        }
    }

    /// Says on standard error how many there are.
    pub fn tell(&self) {
        let groups = self.several().count();
        if groups > 0 {
            let pictures: usize = self.several().map(|group| group.others.len() + 1).sum();
            tell_user(format_args!(
                "{pictures} of {} compared pictures look alike, in {groups} group{} (--summary lists them)",
                self.compared,
                if groups == 1 { "" } else { "s" }
            ));
        }
        if self.lost > 0 {
            tell_user(format_args!(
                "files examined before that left no fingerprint, and were compared with none: {}",
                self.lost
            ));
        }
    }

    /// What `--summary` says of them, with the names that inputs have there.
    pub fn written(&self, name: impl Fn(usize) -> Option<String>) -> Written {
        let member = |(index, distance): (usize, u32)| Member {
            input: index + 1,
            name: name(index),
            distance,
        };
        let members = |group: &Group| {
            let first = iter::once((group.first, 0));
            first.chain(group.others.iter().copied()).map(member).collect()
        };
        Written {
            compared: self.compared,
            near_duplicates: self.several().map(members).collect(),
        }
    }

    fn several(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(|group| !group.others.is_empty())
    }

    /// To the group whose first picture is nearest, or to one of its own.
    fn compare(&mut self, index: usize, hash: Pdq) -> Option<usize> {
        self.compared += 1;
        let nearest = self.nearest(&hash);
        if let Some((distance, group)) = nearest
            && let Some(group) = self.groups.get_mut(group)
        {
            group.others.push((index, distance));
            return Some(group.first);
        }
        let group = self.groups.len();
        for part in parts(&hash) {
            self.by_part.entry(part).or_default().push(group);
        }
        self.groups.push(Group {
            first: index,
            hash,
            others: Vec::new(),
        });
        None
    }

    /// The distance and place of the nearest group within [`ALIKE`], and of several the earliest.
    fn nearest(&self, hash: &Pdq) -> Option<(u32, usize)> {
        let near = parts(hash).flat_map(|(place, part)| {
            let one_off = (0..u16::BITS).map(move |bit| (place, part ^ (1 << bit)));
            iter::once((place, part)).chain(one_off)
        });
        near.filter_map(|part| self.by_part.get(&part))
            .flatten()
            .filter_map(|group| Some((self.groups.get(*group)?.hash.distance(hash), *group)))
            .filter(|(distance, _)| *distance <= ALIKE)
            .min()
    }
}

/// The 16 parts of a hash, each with its place.
fn parts(hash: &Pdq) -> impl Iterator<Item = (u8, u16)> {
    let (pairs, _) = hash.bits.as_chunks();
    (0..).zip(pairs.iter().map(|pair| u16::from_be_bytes(*pair)))
}

impl TryFrom<String> for Hash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self).map_err(|MalformedPdq| "malformed PDQ hash")
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counted(bits: [u8; 32], quality: u8) -> Counted {
        let mut counted = Counted::found(0);
        counted.print = Some(Print {
            pdq: Hash(Pdq { bits }),
            quality,
        });
        counted
    }

    /// The groups, those of one as well.
    fn grouped(hashes: &[[u8; 32]]) -> Vec<Vec<usize>> {
        let mut found = NearDuplicates::default();
        for (index, bits) in hashes.iter().enumerate() {
            found.add(index, &counted(*bits, LEAST_QUALITY), false);
        }
        let all = |group: &Group| {
            let others = group.others.iter().map(|(index, _)| *index);
            iter::once(group.first).chain(others).collect()
        };
        found.groups.iter().map(all).collect()
    }

    /// The same hash with these bits turned.
    fn turned(mut bits: [u8; 32], which: impl IntoIterator<Item = usize>) -> [u8; 32] {
        for bit in which {
            bits[bit / 8] ^= 1 << (bit % 8);
        }
        bits
    }

    const FIRST: [u8; 32] = [0x5A; 32];

    #[test]
    fn alike_to_31_bits_and_not_to_32() {
        let hashes = [FIRST, turned(FIRST, 0..31), turned(FIRST, 100..132)];
        assert_eq!(grouped(&hashes), [vec![0, 1], vec![2]]);
        // Two bits a part, but for one part at 31: what is the hardest to find.
        let spread = |count: usize| turned(FIRST, (0..count).map(|bit| bit * 8));
        assert_eq!(grouped(&[FIRST, spread(31), spread(32)]), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn a_chain_ties_nothing_together_that_is_not_alike() {
        let chain: Vec<_> = (0..5).map(|link| turned(FIRST, 0..link * 20)).collect();
        assert_eq!(grouped(&chain), [vec![0, 1], vec![2, 3], vec![4]]);
    }

    #[test]
    fn what_has_no_structure_or_no_fingerprint_is_in_no_group() {
        let mut found = NearDuplicates::default();
        assert_eq!(found.add(0, &counted(FIRST, LEAST_QUALITY - 1), false), None);
        assert_eq!(found.add(1, &Counted::found(0), true), None);
        assert_eq!(found.add(2, &counted(FIRST, LEAST_QUALITY), true), None);
        assert_eq!(found.add(3, &counted(turned(FIRST, [7]), 100), false), Some(2));
        assert_eq!((found.compared, found.lost), (2, 1));
        let written = found.written(|index| (index == 2).then(|| "a.png".to_owned()));
        let member = |input, name: Option<&str>, distance| Member {
            input,
            name: name.map(str::to_owned),
            distance,
        };
        assert_eq!(
            written.near_duplicates,
            [[member(3, Some("a.png"), 0), member(4, None, 1)]]
        );
    }

    #[test]
    fn a_print_is_what_was_written_of_it() {
        let print = counted(turned(FIRST, [3]), 77).print.unwrap();
        let text = serde_json::to_string(&print).unwrap();
        assert_eq!(serde_json::from_str::<Print>(&text).unwrap(), print);
        for malformed in ["", "5a", &"é".repeat(32), &"g".repeat(64)] {
            let text = serde_json::json!({ "pdq": malformed, "quality": 77 }).to_string();
            assert!(serde_json::from_str::<Print>(&text).is_err(), "{text}");
        }
    }

    proptest! {
        /// What is looked up by parts is what comparing with every group finds.
        #[test]
        fn nothing_near_is_overlooked(
            seeds in prop::collection::vec(any::<[u8; 32]>(), 1..4),
            pictures in prop::collection::vec(
                (any::<prop::sample::Index>(), prop::collection::vec(0..256_usize, 0..40)),
                0..24,
            ),
        ) {
            let hashes: Vec<[u8; 32]> =
                pictures.into_iter().map(|(seed, bits)| turned(*seed.get(&seeds), bits)).collect();
            let distance = |one: usize, other: usize| {
                Pdq { bits: hashes[one] }.distance(&Pdq { bits: hashes[other] })
            };
            let mut expected: Vec<Vec<usize>> = Vec::new();
            for index in 0..hashes.len() {
                let near = expected
                    .iter_mut()
                    .filter(|group| distance(group[0], index) <= ALIKE)
                    .min_by_key(|group| distance(group[0], index));
                match near {
                    Some(group) => group.push(index),
                    None => expected.push(vec![index]),
                }
            }
            prop_assert_eq!(grouped(&hashes), expected);
        }
    }
}
