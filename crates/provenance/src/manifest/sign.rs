//! Signs a manifest store for a picture: sizes it, hashes the picture once around it, signs it.

use std::cell::RefCell;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use c2pa::assertions::DataHash;
use c2pa::{Builder, Context, HashRange, SigningAlg};
use serde_json::Value;
use touchmark_image::{Container, Layout, SourceImage, Splice};
use touchmark_signing::{Algorithm, Signer};

use super::assertions::{StampFacts, definition, edited_definition};
use super::context;
use super::parent::{Carried, Parent, RESOURCE};
use super::seal::relate;
use super::template::PictureHash;
use crate::error::{Error, ParentFault};
use crate::names::label;

/// Room in the signature box beside certificates and signature: the COSE headers and c2pa's padding entries (measured:
/// 192 bytes are refused as too small, performance.md 5).
const COSE_OVERHEAD: usize = 512 - 64;

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
        Self::with_room(signer, 0)
    }

    /// The same, leaving `room` bytes of padding in the signature box for what is put beside the signature later:
    /// [`Countersigning`](super::Countersigning).
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_room(signer: Arc<Signer>, room: usize) -> Result<Self, Error> {
        let (context, sizing) = context::signing(
            CoseSigner::new(&signer, true, room),
            CoseSigner::new(&signer, false, room),
        )?;
        Ok(Self {
            context,
            sizing,
            signer,
        })
    }

    /// The identity that signs.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Puts a signed manifest store into the picture, laid out with or without new metadata, and returns the new file's
    /// bytes.
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
        layout: Layout,
        facts: &StampFacts<'_>,
    ) -> Result<Vec<u8>, Error> {
        if has_store(image, container) {
            return Err(Error::AlreadySigned);
        }
        self.signer.check_dates(facts.created)?;
        self.embed(image, layout, &definition(facts, image.format())?, None, |store| {
            relate(store, facts, &self.signer)
        })
    }

    /// The same for a picture that was made from another: the parent's manifests are carried on, and a store of the
    /// parent's that the picture still carries is replaced. `finish` gets the signed store, to put something beside the
    /// signature; it keeps its length.
    ///
    /// # Errors
    /// As [`sign`](Self::sign), but [`Error::Parent`] where the picture carries another store than the parent's, or where
    /// the parent's cannot be carried on; and what `finish` gives.
    pub fn sign_edited<E: From<Error>>(
        &self,
        image: &SourceImage<'_>,
        container: &Container,
        layout: Layout,
        facts: &StampFacts<'_>,
        parent: &Parent,
        finish: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<Vec<u8>, E> {
        parent.may_replace_stores_of(image, container)?;
        self.signer.check_dates(facts.created).map_err(Error::from)?;
        let definition = edited_definition(facts, image.format(), parent)?;
        self.embed(image, layout, &definition, Some(parent), |store| {
            relate(store, facts, &self.signer)?;
            finish(store)
        })
    }

    fn embed<E: From<Error>>(
        &self,
        image: &SourceImage<'_>,
        layout: Layout,
        definition: &Value,
        parent: Option<&Parent>,
        finish: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<Vec<u8>, E> {
        let carried_len = parent.map_or(0, Parent::carried_len);
        let mut binding = DataBinding::sizing(layout.start(), carried_len as u64);
        for _ in 0..MAX_ROUNDS {
            binding.padding = 0;
            let mut len = store(&self.sizing, definition, &binding, parent)?.len();
            if len % 2 == 1 && Splice::store_len_must_be_even(image.format()) {
                binding.padding = 1;
                len += 1;
            }
            let splice = Splice::new(layout.clone(), len).map_err(Error::from)?;
            let spliced = splice.over(image).map_err(Error::from)?;
            binding.exclusion = splice.exclusion();
            binding.hash = PictureHash::of(&splice, spliced).sha256;
            let mut signed = store(&self.context, definition, &binding, parent)?;
            if signed.len() == len {
                finish(&mut signed)?;
                return Ok(spliced.assemble(&signed).map_err(Error::from)?);
            }
        }
        Err(Error::UnstableSize.into())
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
    /// Numbers as wide as those of a typical stamp over `carried` bytes of its parent's, to learn the store's size.
    pub fn sizing(start: u64, carried: u64) -> Self {
        Self {
            exclusion: (start, carried.saturating_add(0x1000)),
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

pub(super) fn store(
    context: &Arc<Context>,
    definition: &Value,
    binding: &DataBinding,
    parent: Option<&Parent>,
) -> Result<Vec<u8>, Error> {
    // Of an earlier call that ended before anybody asked: it must not explain what fails now.
    OWN_FAULT.take();
    let failed = |doing: &'static str| {
        move |source: c2pa::Error| match own_fault(source) {
            Ok(fault) => Error::Identity(fault),
            Err(source) => Error::Manifest {
                doing,
                source: Box::new(source),
            },
        }
    };
    let mut builder = Builder::from_shared_context(context)
        .with_definition(definition.clone())
        .map_err(failed("build the manifest"))?;
    builder
        .add_assertion(label::DATA_HASH, &binding.assertion())
        .map_err(failed("bind the manifest to the picture"))?;
    match parent.and_then(|parent| parent.carried.as_ref()) {
        None => builder
            .sign_embeddable("application/c2pa")
            .map_err(failed("sign the manifest")),
        Some(carried) => sign_over(builder, carried),
    }
}

/// Signs with a parent's manifests beneath. They are foreign: what c2pa makes of them, a panic included, is their fault.
fn sign_over(mut builder: Builder, carried: &Carried) -> Result<Vec<u8>, Error> {
    let signed = catch_unwind(AssertUnwindSafe(|| {
        builder.add_resource(RESOURCE, Cursor::new(&carried.store))?;
        builder.sign_embeddable("application/c2pa")
    }));
    let uncarriable = |source: Option<c2pa::Error>| Error::Parent {
        fault: ParentFault::Uncarriable,
        source: source.map(Into::into),
    };
    let signed = signed
        .map_err(|_| uncarriable(None))?
        .map_err(|source| match own_fault(source) {
            Ok(fault) => Error::Identity(fault),
            Err(source) => uncarriable(Some(source)),
        })?;
    carried.beneath(&signed).ok_or_else(|| uncarriable(None))
}

thread_local! {
    /// Why our own signer failed last in this thread: c2pa signs in the thread that calls it, and makes a text of the error.
    static OWN_FAULT: RefCell<Option<touchmark_signing::Error>> = const { RefCell::new(None) };
}

/// The fault of our own signer, if that is why c2pa failed, or c2pa's error.
fn own_fault(error: c2pa::Error) -> Result<touchmark_signing::Error, c2pa::Error> {
    OWN_FAULT.take().ok_or(error)
}

/// Our identity as c2pa wants it. Without a signer it only takes up the room of a signature.
struct CoseSigner {
    signer: Arc<Signer>,
    signs: bool,
    room: usize,
}

impl CoseSigner {
    fn new(signer: &Arc<Signer>, signs: bool, room: usize) -> Self {
        Self {
            signer: Arc::clone(signer),
            signs,
            room,
        }
    }
}

impl c2pa::Signer for CoseSigner {
    fn sign(&self, data: &[u8]) -> c2pa::Result<Vec<u8>> {
        match self.signs {
            true => self.signer.sign(data).map_err(|fault| {
                OWN_FAULT.set(Some(fault));
                c2pa::Error::OtherError("the key did not sign".into())
            }),
            false => Ok(vec![0; self.signer.signature_len()]),
        }
    }

    fn alg(&self) -> SigningAlg {
        match self.signer.algorithm() {
            Algorithm::Ed25519 => SigningAlg::Ed25519,
            Algorithm::Es256 => SigningAlg::Es256,
            Algorithm::Es384 => SigningAlg::Es384,
            Algorithm::Es512 => SigningAlg::Es512,
            Algorithm::Ps256 => SigningAlg::Ps256,
            Algorithm::Ps384 => SigningAlg::Ps384,
            Algorithm::Ps512 => SigningAlg::Ps512,
        }
    }

    fn certs(&self) -> c2pa::Result<Vec<Vec<u8>>> {
        Ok(self.signer.chain_der().to_vec())
    }

    fn reserve_size(&self) -> usize {
        let certificates: usize = self.signer.chain_der().iter().map(Vec::len).sum();
        certificates + self.signer.signature_len() + COSE_OVERHEAD + self.room
    }
}
