//! A signed manifest store as a template: what is the same in every stamp is made once by c2pa, the rest is patched in.
//!
//! Patching is a chain of dependencies, not a list of places (performance.md 10): identifiers, time, salts and the
//! picture's hash change assertions, whose hashes change the claim, which changes the signature. The result is, byte
//! for byte, what c2pa would have made of the same facts and salts; the suite compares the two.

use std::ops::Range;

use sha2::{Digest, Sha256};
use touchmark_image::{Format, Layout, Splice, Spliced};

use super::assertions::{StampFacts, definition, rfc3339};
use super::jumbf::{self, Superbox};
use super::seal::{Seal, Unexpected, all, only, put};
use super::sign::{DataBinding, MAX_ROUNDS, ManifestSigner, store};
use crate::error::Error;
use crate::names::label;

/// A store to be filled in for each picture: one identity, one disclosure, one format.
///
/// It serves every picture in whose layout the store's place is a number of the same width: [`StoreTemplate::serves`].
#[derive(Debug)]
pub struct StoreTemplate {
    store: Vec<u8>,
    fields: Fields,
    seal: Seal,
    /// Bytes of the store with its wrapping.
    wrapped_len: u64,
    start_width: usize,
    format: Format,
}

/// Where the values lie that differ from picture to picture.
#[derive(Debug)]
struct Fields {
    manifest_id: Vec<usize>,
    instance_id: Vec<usize>,
    when: usize,
    salts: Vec<usize>,
    start: usize,
    hash: usize,
    /// The values of the soft bindings, in their order.
    bindings: Vec<Range<usize>>,
}

/// What the picture contributes to its store.
#[derive(Debug, Clone, Copy)]
pub struct PictureHash {
    /// SHA-256 of the final file outside the exclusion.
    pub sha256: [u8; 32],
    /// Start and length of the exclusion in the final file, from [`Splice::exclusion`].
    pub exclusion: (u64, u64),
}

impl PictureHash {
    /// Hashes a picture in memory: its bytes are read once.
    pub fn of(splice: &Splice, spliced: Spliced<'_>) -> Self {
        let mut sha256 = Sha256::new();
        spliced.hashed().for_each(|bytes| sha256.update(bytes));
        Self {
            sha256: sha256.finalize().into(),
            exclusion: splice.exclusion(),
        }
    }
}

/// Bytes of the salt in each assertion's box (C2PA 2.2, 8.4.2.3; c2pa writes 16).
const SALT: usize = 16;

impl StoreTemplate {
    /// Whether this template fits a picture with that layout.
    pub fn serves(&self, layout: &Layout) -> bool {
        self.format == layout.format() && self.start_width == cbor_width(layout.start())
    }

    /// Length of the store in bytes, the same for every picture.
    pub fn store_len(&self) -> usize {
        self.store.len()
    }

    /// How many random bytes a store takes for its salts.
    pub fn salts_len(&self) -> usize {
        self.fields.salts.len() * SALT
    }
}

impl ManifestSigner {
    /// Makes a template for pictures like the one with this layout: signs one store by way of c2pa and finds in it all
    /// that differs from picture to picture. The ids of `facts` must be random: they are searched for.
    ///
    /// # Errors
    /// As [`ManifestSigner::sign`]; [`Error::Manifest`] where the store is not built as expected.
    pub fn template(&self, facts: &StampFacts<'_>, layout: &Layout) -> Result<StoreTemplate, Error> {
        self.signer().check_dates(facts.created)?;
        let definition = definition(facts, layout.format())?;
        let mut binding = DataBinding::sizing(layout.start(), 0);
        // A hash that occurs nowhere else.
        binding.hash = Sha256::digest(facts.ids.manifest.as_bytes()).into();
        for _ in 0..MAX_ROUNDS {
            let mut len = store(&self.sizing, &definition, &binding, None)?.len();
            if len % 2 == 1 && Splice::store_len_must_be_even(layout.format()) {
                binding.padding = 1;
                len += 1;
            }
            binding.exclusion = Splice::new(layout.clone(), len)?.exclusion();
            let signed = store(&self.context, &definition, &binding, None)?;
            if signed.len() == len {
                return locate(signed, facts, &binding, layout.format()).map_err(|fault| Error::Manifest {
                    doing: "make a template of the manifest",
                    source: Box::new(fault),
                });
            }
            binding.padding = 0;
        }
        Err(Error::UnstableSize)
    }

    /// Fills a template in for one picture and signs it. `salts` are [`StoreTemplate::salts_len`] random bytes.
    ///
    /// # Errors
    /// [`Error::Identity`] where the certificate is not valid at `facts.created`, [`Error::Template`] where the
    /// template was made for other pictures than this.
    pub fn fill(
        &self,
        template: &StoreTemplate,
        facts: &StampFacts<'_>,
        picture: &PictureHash,
        salts: &[u8],
    ) -> Result<Vec<u8>, Error> {
        // c2pa, which would have checked, is not asked.
        self.signer().check_dates(facts.created)?;
        let (start, length) = picture.exclusion;
        let fits = cbor_width(start) == template.start_width
            && length == template.wrapped_len
            && salts.len() == template.salts_len()
            && facts.pixels.bindings().map(|binding| binding.value.len()).eq(template
                .fields
                .bindings
                .iter()
                .map(Range::len));
        if !fits {
            return Err(Error::Template);
        }
        let mut store = template.store.clone();
        let fields = &template.fields;
        let mut text = [0; 36];
        let manifest_id = facts.ids.manifest.hyphenated().encode_lower(&mut text);
        for at in &fields.manifest_id {
            put(&mut store, *at, manifest_id.as_bytes());
        }
        let instance_id = facts.ids.instance.hyphenated().encode_lower(&mut text);
        for at in &fields.instance_id {
            put(&mut store, *at, instance_id.as_bytes());
        }
        put(&mut store, fields.when, rfc3339(facts.created)?.as_bytes());
        for (at, salt) in fields.salts.iter().zip(salts.chunks_exact(SALT)) {
            put(&mut store, *at, salt);
        }
        put_cbor(&mut store, fields.start, start, template.start_width);
        put(&mut store, fields.hash, &picture.sha256);

        for (at, binding) in fields.bindings.iter().zip(facts.pixels.bindings()) {
            put(&mut store, at.start, &binding.value);
        }
        template.seal.renew(&mut store, self.signer())?;
        Ok(store)
    }
}

/// Finds in a signed store all that differs from picture to picture.
fn locate(
    store: Vec<u8>,
    facts: &StampFacts<'_>,
    binding: &DataBinding,
    format: Format,
) -> Result<StoreTemplate, Unexpected> {
    let root = Superbox::parse(&store).ok_or(Unexpected("no boxes"))?;
    let manifest = root.children().next().ok_or(Unexpected("no manifest"))?;
    let assertions = manifest
        .child(label::ASSERTION_STORE)
        .ok_or(Unexpected("no assertions"))?;
    let content = |name| {
        assertions
            .child(name)
            .and_then(|assertion| assertion.content(b"cbor"))
            .ok_or(Unexpected("a mandatory assertion missing"))
    };
    let within = |part: &[u8]| jumbf::range_in(part, &store).ok_or(Unexpected("a box outside itself"));

    let actions = within(content(label::ACTIONS)?)?;
    let when = rfc3339(facts.created).map_err(|_| Unexpected("no time"))?;
    // Key, tag 0 and a text of 20 bytes (RFC 8949, 3.4.1).
    let when = [b"\x64when\xC0\x74", when.as_bytes()].concat();
    let data_hash = within(content(label::DATA_HASH)?)?;
    let (start, length) = binding.exclusion;
    let start_width = cbor_width(start);
    let start_field = [b"\x65start", &cbor(start)[..], b"\x66length", &cbor(length)[..]].concat();
    let salts = assertions
        .children()
        .map(|assertion| match assertion.salt() {
            Some(salt) if salt.len() == SALT => Ok(within(salt)?.start),
            _ => Err(Unexpected("no salt of 16 bytes in an assertion")),
        })
        .collect::<Result<_, _>>()?;

    let soft_bindings = assertions
        .children()
        .filter(|assertion| assertion.label.starts_with(label::SOFT_BINDING))
        .map(|assertion| within(assertion.payload))
        .collect::<Result<Vec<_>, _>>()?;
    let bindings = facts.pixels.bindings().zip(&soft_bindings).map(|(binding, within)| {
        let at = only(&store, within, &binding.value)?;
        Ok(at..at + binding.value.len())
    });
    Ok(StoreTemplate {
        fields: Fields {
            manifest_id: all(&store, facts.ids.manifest.to_string().as_bytes())?,
            instance_id: all(&store, facts.ids.instance.to_string().as_bytes())?,
            when: only(&store, &actions, &when)? + 7,
            salts,
            start: only(&store, &data_hash, &start_field)? + 6,
            hash: only(&store, &data_hash, &binding.hash)?,
            bindings: bindings.collect::<Result<_, Unexpected>>()?,
        },
        seal: Seal::of(&store, &manifest, facts)?,
        wrapped_len: length,
        start_width,
        format,
        store,
    })
}

fn put_cbor(store: &mut [u8], at: usize, number: u64, width: usize) {
    let encoded = cbor(number);
    debug_assert_eq!(encoded.len(), width);
    put(store, at, &encoded);
}

/// An unsigned integer in its shortest form (RFC 8949, 4.2.1).
fn cbor(number: u64) -> Vec<u8> {
    match number {
        0..=23 => vec![number as u8],
        24..=0xFF => vec![0x18, number as u8],
        0x100..=0xFFFF => [&[0x19], &(number as u16).to_be_bytes()[..]].concat(),
        0x1_0000..=0xFFFF_FFFF => [&[0x1A], &(number as u32).to_be_bytes()[..]].concat(),
        _ => [&[0x1B], &number.to_be_bytes()[..]].concat(),
    }
}

/// Bytes that an unsigned integer takes.
fn cbor_width(number: u64) -> usize {
    cbor(number).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_as_short_as_they_can_be() {
        // RFC 8949, appendix A.
        for (number, bytes) in [
            (0, "00"),
            (23, "17"),
            (24, "1818"),
            (100, "1864"),
            (255, "18ff"),
            (256, "190100"),
            (1000, "1903e8"),
            (65_536, "1a00010000"),
            (1_000_000, "1a000f4240"),
            (1_000_000_000_000, "1b000000e8d4a51000"),
        ] {
            let found: String = cbor(number).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(found, bytes);
        }
    }
}
