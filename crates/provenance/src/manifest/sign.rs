//! Signs a manifest store for a picture: sizes it, hashes the picture once around it, signs it.

use std::sync::Arc;

use c2pa::assertions::DataHash;
use c2pa::{Builder, Context, HashRange, SigningAlg};
use serde_json::Value;
use sha2::{Digest, Sha256};
use touchmark_image::{Container, Layout, SourceImage, Splice, Spliced};
use touchmark_signing::Signer;

use super::assertions::{StampFacts, definition};
use super::context;
use crate::error::Error;
use crate::names::label;

/// Room in the signature box beside the certificates: the COSE headers, the signature and c2pa's padding entries
/// (measured: 256 bytes are refused as too small, performance.md 5).
const COSE_OVERHEAD: usize = 512;

/// Signs manifest stores with one identity. Immutable; share it between threads.
#[derive(Debug)]
pub struct ManifestSigner {
    pub(super) context: Arc<Context>,
    pub(super) sizing: Arc<Context>,
    signer: Arc<Signer>,
}

impl ManifestSigner {
    /// Prepares the identity for signing manifests.
    ///
    /// # Errors
    /// [`Error::Manifest`] if the C2PA library refuses its settings.
    pub fn new(signer: Arc<Signer>) -> Result<Self, Error> {
        let chain = signer.chain_der().to_vec();
        Ok(Self {
            context: context::signing(CoseSigner {
                signer: Some(Arc::clone(&signer)),
                chain: chain.clone(),
            })?,
            sizing: context::signing(CoseSigner { signer: None, chain })?,
            signer,
        })
    }

    /// The identity that signs.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Puts a signed manifest store into the picture and returns the new file's bytes.
    ///
    /// The coded image data stays as it is, to the byte; one copy of the file is made, and it is hashed once.
    ///
    /// # Errors
    /// [`Error::AlreadySigned`] where the picture carries a store, [`Error::Identity`] where the certificate is not
    /// valid at `facts.created`, [`Error::Image`] where the file cannot take a store.
    pub fn sign(
        &self,
        image: &SourceImage<'_>,
        container: &Container,
        facts: &StampFacts<'_>,
    ) -> Result<Vec<u8>, Error> {
        if has_store(image, container) {
            return Err(Error::AlreadySigned);
        }
        self.signer.check_dates(facts.created)?;
        let definition = definition(facts, image.format())?;

        let mut binding = DataBinding::sizing(container.insertion as u64);
        for _ in 0..MAX_ROUNDS {
            binding.padding = 0;
            let mut len = store(&self.sizing, &definition, &binding)?.len();
            if len % 2 == 1 && Splice::store_len_must_be_even(image.format()) {
                binding.padding = 1;
                len += 1;
            }
            let splice = Splice::new(Layout::new(container, None)?, len)?;
            let spliced = splice.over(image)?;
            binding.exclusion = splice.exclusion();
            binding.hash = hash(spliced);
            let signed = store(&self.context, &definition, &binding)?;
            if signed.len() == len {
                return Ok(spliced.assemble(&signed)?);
            }
        }
        Err(Error::UnstableSize)
    }
}

/// Whether any reader might find a manifest store in the picture: the strict walk, or c2pa, which finds stores in
/// wrappings that the walk does not take for one (a damaged APP11 header).
pub fn has_store(image: &SourceImage<'_>, container: &Container) -> bool {
    let found = || c2pa::jumbf_io::load_jumbf_from_memory(image.format().mime_type(), image.bytes()).is_ok();
    !container.stores.is_empty() || (container.has_foreign_boxes() && found())
}

/// Attempts at a stable size. One is enough unless the store's own length, written inside it, grows over a width of
/// CBOR's integers (RFC 8949, 3); then the second settles it.
pub(super) const MAX_ROUNDS: usize = 3;

/// The hard binding: what `c2pa.hash.data` says.
pub(super) struct DataBinding {
    pub exclusion: (u64, u64),
    pub hash: [u8; 32],
    pub padding: usize,
}

impl DataBinding {
    /// Numbers as wide as those of a typical stamp, to learn the store's size.
    pub fn sizing(start: u64) -> Self {
        Self {
            exclusion: (start, 0x1000),
            hash: [0; 32],
            padding: 0,
        }
    }

    fn assertion(&self) -> DataHash {
        let mut assertion = DataHash::new("jumbf manifest", "sha256");
        assertion.add_exclusion(HashRange::new(self.exclusion.0, self.exclusion.1));
        assertion.set_hash(self.hash.to_vec());
        assertion.add_padding(vec![0; self.padding]);
        assertion
    }
}

/// SHA-256 of the file as it will be, without the store: the picture's bytes are read once.
fn hash(splice: Spliced<'_>) -> [u8; 32] {
    let mut sha256 = Sha256::new();
    splice.hashed().for_each(|bytes| sha256.update(bytes));
    sha256.finalize().into()
}

pub(super) fn store(context: &Arc<Context>, definition: &Value, binding: &DataBinding) -> Result<Vec<u8>, Error> {
    let failed = |doing: &'static str| {
        move |source: c2pa::Error| Error::Manifest {
            doing,
            source: Box::new(source),
        }
    };
    let mut builder = Builder::from_shared_context(context)
        .with_definition(definition.clone())
        .map_err(failed("build the manifest"))?;
    builder
        .add_assertion(label::DATA_HASH, &binding.assertion())
        .map_err(failed("bind the manifest to the picture"))?;
    builder
        .sign_embeddable("application/c2pa")
        .map_err(failed("sign the manifest"))
}

/// Our identity as c2pa wants it. Without a signer it only takes up the room of a signature.
struct CoseSigner {
    signer: Option<Arc<Signer>>,
    chain: Vec<Vec<u8>>,
}

impl c2pa::Signer for CoseSigner {
    fn sign(&self, data: &[u8]) -> c2pa::Result<Vec<u8>> {
        Ok(match &self.signer {
            Some(signer) => signer.sign(data).to_vec(),
            None => vec![0; 64],
        })
    }

    fn alg(&self) -> SigningAlg {
        SigningAlg::Ed25519
    }

    fn certs(&self) -> c2pa::Result<Vec<Vec<u8>>> {
        Ok(self.chain.clone())
    }

    fn reserve_size(&self) -> usize {
        self.chain.iter().map(Vec::len).sum::<usize>() + COSE_OVERHEAD
    }
}
