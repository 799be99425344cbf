//! Puts forged stores into pictures: bound as the standard wants, or not.

use std::ops::Range;

use coset::cbor::Value;
use sha2::{Digest, Sha256};
use touchmark_image::{Layout, Limits, SourceImage, Splice};

use super::{Assertion, Draft, Made, Sealed, map, store, text};

/// How a manifest is bound to the picture around it.
#[derive(Debug, Clone, Copy)]
pub enum Binding {
    /// By a hash over everything but the store.
    Exact,
    /// The same, but what is left out begins at this byte, before the store.
    From(usize),
    /// The same, and these bytes, counted from the end of the store, are left out as well.
    AndAfter(usize, usize),
    /// The same, in a list that is tagged, which some parsers see through and some do not.
    AndAfterTagged(usize, usize),
    /// By a hash over everything but the store without this many bytes at its start: its wrapping.
    Within(usize),
    /// By a hash under this name, whatever it is.
    Algorithm(&'static str),
    /// By a hash whose algorithm is not named.
    Unnamed,
    /// By a hash that the claim only gathered, which nobody signs for.
    Gathered,
    /// Not at all.
    None,
}

/// Signs the draft for this picture and puts it in, behind the manifests of its ingredients.
///
/// # Errors
/// Where the picture cannot take a store; not for fixture pictures.
pub fn sign_into(picture: &[u8], draft: &Draft, ingredients: &[Sealed]) -> Made {
    Ok(bound_to(picture, draft, ingredients)?.1)
}

/// The same, with the signed manifest itself, to become an ingredient of another.
///
/// # Errors
/// As [`sign_into`].
pub fn bound_to(
    picture: &[u8],
    draft: &Draft,
    ingredients: &[Sealed],
) -> Result<(Sealed, Vec<u8>), Box<dyn std::error::Error>> {
    let image = SourceImage::parse(picture, &Limits::default())?;
    let container = image.container()?;
    let whole = |active: &Sealed| store(ingredients.iter().chain([active]));
    if matches!(draft.binding, Binding::None) {
        let active = draft.seal(None)?;
        let file = with_store(picture, &whole(&active))?;
        return Ok((active, file));
    }
    let mut hash = DataHash {
        algorithm: draft.binding.algorithm(),
        gathered: matches!(draft.binding, Binding::Gathered),
        tagged: matches!(draft.binding, Binding::AndAfterTagged(..)),
        exclusions: draft
            .binding
            .exclusions(container.insertion..container.insertion + 0x1000),
        hash: vec![0; 32],
        padding: 0,
    };
    loop {
        let mut len = whole(&draft.seal(Some(hash.assertion()?))?).len();
        if len % 2 == 1 && Splice::store_len_must_be_even(image.format()) {
            hash.padding = 1;
            len += 1;
        }
        let splice = Splice::new(Layout::new(&container, None)?, len)?;
        let spliced = splice.over(&image)?;
        let (start, length) = splice.exclusion();
        let start = usize::try_from(start)?;
        hash.exclusions = draft.binding.exclusions(start..start + usize::try_from(length)?);
        hash.hash = digest_outside(&spliced.assemble(&vec![0; len])?, &hash.exclusions);
        let active = draft.seal(Some(hash.assertion()?))?;
        let store = whole(&active);
        // Another size than planned: the numbers grew wider. Next time they have that width.
        if store.len() == len {
            return Ok((active, spliced.assemble(&store)?));
        }
    }
}

/// The picture with any bytes as its store.
///
/// # Errors
/// Where the picture cannot take it.
pub fn with_store(picture: &[u8], store: &[u8]) -> Made {
    let image = SourceImage::parse(picture, &Limits::default())?;
    let splice = Splice::new(Layout::new(&image.container()?, None)?, store.len())?;
    Ok(splice.over(&image)?.assemble(store)?)
}

impl Binding {
    fn algorithm(self) -> Option<&'static str> {
        match self {
            Self::Algorithm(name) => Some(name),
            Self::Unnamed => None,
            _ => Some("sha256"),
        }
    }

    fn exclusions(self, store: Range<usize>) -> Vec<Range<usize>> {
        match self {
            Self::From(start) => vec![Range { start, ..store }],
            Self::AndAfter(gap, length) | Self::AndAfterTagged(gap, length) => {
                vec![store.clone(), store.end + gap..store.end + gap + length]
            }
            Self::Within(wrapping) => vec![Range {
                start: store.start + wrapping,
                ..store
            }],
            Self::Exact | Self::Algorithm(_) | Self::Unnamed | Self::Gathered | Self::None => vec![store],
        }
    }
}

/// A tag that has no meaning (RFC 8949, 9.2).
const UNASSIGNED_TAG: u64 = 65_535;

/// The assertion `c2pa.hash.data` (C2PA 2.2, 18.5).
struct DataHash {
    algorithm: Option<&'static str>,
    gathered: bool,
    tagged: bool,
    exclusions: Vec<Range<usize>>,
    hash: Vec<u8>,
    padding: usize,
}

impl DataHash {
    fn assertion(&self) -> Result<Assertion, Box<dyn std::error::Error>> {
        let number = |number: usize| Value::from(number as u64);
        let exclusions = self.exclusions.iter();
        let exclusions = exclusions.map(|range| map([("start", number(range.start)), ("length", number(range.len()))]));
        let exclusions = Value::Array(exclusions.collect());
        let entries = [
            Some((
                "exclusions",
                match self.tagged {
                    true => Value::Tag(UNASSIGNED_TAG, Box::new(exclusions)),
                    false => exclusions,
                },
            )),
            Some(("name", text("jumbf manifest"))),
            self.algorithm.map(|name| ("alg", text(name))),
            Some(("hash", Value::Bytes(self.hash.clone()))),
            Some(("pad", Value::Bytes(vec![0; self.padding]))),
        ];
        let mut assertion = Assertion::new("c2pa.hash.data", &map(entries.into_iter().flatten()))?;
        assertion.gathered = self.gathered;
        Ok(assertion)
    }
}

/// SHA-256 of the bytes outside the ranges, as far as there are any.
pub(crate) fn digest_outside(bytes: &[u8], exclusions: &[Range<usize>]) -> Vec<u8> {
    let part = |range: Range<usize>| bytes.get(range).unwrap_or_default();
    let (digest, at) = exclusions.iter().fold((Sha256::new(), 0), |(digest, at), exclusion| {
        (digest.chain_update(part(at..exclusion.start)), exclusion.end)
    });
    digest.chain_update(part(at..bytes.len())).finalize().to_vec()
}
