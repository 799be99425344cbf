//! Reads a picture's manifest store and checks it, step by step; each step leaves its trace in the finding.
//!
//! 1. c2pa reads the store and reports statuses: structure, hashes, references, ingredients.
//! 2. The signature: c2pa's word where it gives one, our own check where it only rejects the credential. What c2pa read is held
//!    against what is looked up here: signature and assertions must be the same to the byte.
//! 3. The binding to the content, told apart into changed and never protected.
//! 4. The time: a time-stamp counts where `touchmark_signing::timestamp` found that it covers this signature, and its
//!    authority on a list. c2pa's word is not asked for: it may mean another of the token's certificates than we do.
//! 5. The signer's standing at that time, and what is stapled about its revocation, by `touchmark_signing::trust` alone.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use c2pa::{Context, Reader, ValidationResults};
use time::OffsetDateTime;
use touchmark_image::{Format, SourceImage};
use touchmark_signing::certificates_der;
use touchmark_signing::timestamp::verify_token;
use touchmark_signing::trust::{self, Revocation, SignerTrust, Signers, TrustLists};

use super::binding::{self, Binding, Bound};
use super::box_work;
use super::boxes::{Boxes, Flaw};
use super::content_box::ContentBox;
use super::context;
use super::cose::{chain_is_protected, revocation_answers, sign1, signature_holds, timestamp_token};
use super::finding::{ManifestFinding, Reading, Signature, SigningTime, VerifiedClaim};
use super::history::History;
use super::jumbf::Superbox;
use super::source::Source;
use super::status::{self, Gravity, Scope, Status, StatusKind};
use super::store::{Carried, Found, carries_store, salvaged};
use super::store_work;
use super::summary::Manifest;
use crate::error::Error;

/// Reads manifest stores against a set of trust lists. Immutable; share it between threads.
pub struct ManifestReader {
    context: Arc<Context>,
    signers: Signers,
    documents: bool,
}

/// What is said where reading a file ended in a panic, caught at this rim.
const PANICKED: &str = "reading it failed: a bug in the C2PA library or in touchmark";

/// Signers of ingredients that are judged, in one picture: the largest store in the corpus has 30 manifests, of a handful.
/// Each may cost dozens of signature checks.
const MAX_OTHER_SIGNERS: usize = 32;

impl ManifestReader {
    /// Prepares a reader that trusts these lists.
    ///
    /// # Errors
    /// [`Error::Manifest`] if the C2PA library refuses its settings.
    pub fn new(lists: Arc<TrustLists>) -> Result<Self, Error> {
        Ok(Self {
            context: context::reading()?,
            signers: Signers::new(lists),
            documents: false,
        })
    }

    /// The same reader, for PDF too. Without it, nothing is read of documents: c2pa loads one whole and inflates its object
    /// streams, so that some kilobytes can take all memory there is. Only for a process whose memory is bounded.
    pub fn with_documents(mut self) -> Self {
        self.documents = true;
        self
    }

    /// The trust lists in force.
    pub fn lists(&self) -> &TrustLists {
        self.signers.lists()
    }

    /// Reads and checks the picture's manifest store, as of `at`. Whatever the file holds, there is a finding.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`] where there is not enough memory to tell.
    pub fn read(&self, image: &SourceImage<'_>, at: OffsetDateTime) -> Result<ManifestFinding, Error> {
        if self.leaves_out(image) {
            return Ok(ManifestFinding::UnsupportedFormat);
        }
        let source = Source::new(image);
        // c2pa parses hostile input; a panic there must cost this file its reading, not the process its batch.
        let read = catch_unwind(AssertUnwindSafe(|| match self.read_carried(&source, at) {
            Ok(concluded) => Ok(found(concluded)),
            Err(error) => match source.vouched(unread(error, image))? {
                unreadable @ ManifestFinding::Unreadable { .. } => {
                    Ok(self.read_salvaged(image, at)?.unwrap_or(unreadable))
                }
                finding => Ok(finding),
            },
        }));
        source.vouched(read.unwrap_or_else(|_| Ok(unreadable(PANICKED))))?
    }

    /// Reads the store that the picture carries; c2pa's error where it cannot.
    fn read_carried(&self, source: &Source<'_>, at: OffsetDateTime) -> c2pa::Result<Result<Reading, &'static str>> {
        // c2pa loads a document whole to find its store, and a process of bounded memory and time has it anyway.
        let is_document = source.image().format() == Format::Pdf;
        let carried = match is_document {
            true => Carried::unknown(),
            false => Carried::by(source),
        };
        let boxes = carried.boxes();
        let reader = open(&self.context, source, &carried, &boxes)?;
        Ok(match is_document {
            true => {
                let carried = Carried::by(source);
                self.conclude(&reader, source, &carried, carried.boxes(), at)
            }
            false => self.conclude(&reader, source, &carried, boxes, at),
        })
    }

    /// What a store says that lies whole in its place in a damaged file, where the file is another now. Nothing else is
    /// concluded: what readers walk in different ways is never called unchanged.
    fn read_salvaged(&self, image: &SourceImage<'_>, at: OffsetDateTime) -> Result<Option<ManifestFinding>, Error> {
        let Some(store) = image.container().is_err().then(|| salvaged(image)).flatten() else {
            return Ok(None);
        };
        let finding = self.read_beside(image, store, at)?;
        let is_of_another = matches!(&finding, ManifestFinding::Read(reading) if reading.binding == Binding::Changed);
        Ok(is_of_another.then_some(finding))
    }

    /// Reads and checks a manifest store that lies beside the picture (a sidecar, or fetched), as of `at`; one in the
    /// picture itself is not looked at.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_beside(
        &self,
        image: &SourceImage<'_>,
        store: &[u8],
        at: OffsetDateTime,
    ) -> Result<ManifestFinding, Error> {
        if self.leaves_out(image) {
            return Ok(ManifestFinding::UnsupportedFormat);
        }
        if is_too_much(image, Some(store)) {
            return Ok(failed(&c2pa::Error::OperationCancelled));
        }
        let source = Source::new(image);
        let read = catch_unwind(AssertUnwindSafe(|| {
            let carried = Carried::beside(&source, store);
            let boxes = carried.boxes();
            if store_work::is_too_much(store, &boxes) {
                return failed(&c2pa::Error::OperationCancelled);
            }
            let opened = context::reader(&self.context).with_manifest_data_and_stream(
                store,
                image.format().mime_type(),
                source.stream(),
            );
            match opened {
                Ok(reader) => found(self.conclude(&reader, &source, &carried, boxes, at)),
                // Whatever it is, somebody said that it is the picture's record: never "no credentials".
                Err(error) => failed(&source.noted(error)),
            }
        }));
        source.vouched(read.unwrap_or_else(|_| unreadable(PANICKED)))
    }

    /// What c2pa alone says of the picture's store, as crJSON, with the lists in force as its anchors: for the conformance
    /// program. c2pa reads the clock itself, and its words about trust are not ours.
    ///
    /// # Errors
    /// [`Error::Manifest`] where c2pa cannot read the store, or refuses the lists.
    pub fn crjson(&self, image: &SourceImage<'_>) -> Result<String, Error> {
        let failed = |source| Error::Manifest {
            doing: "read the manifest store as crJSON",
            source: Box::new(source),
        };
        if self.leaves_out(image) {
            return Err(failed(c2pa::Error::UnsupportedType));
        }
        let context = context::conformance(self.lists())?;
        // As in `read`: c2pa parses hostile input.
        let read = catch_unwind(AssertUnwindSafe(|| {
            let source = Source::new(image);
            let carried = Carried::by_c2pa(&source);
            open(&context, &source, &carried, &carried.boxes())?.crjson_checked()
        }));
        read.unwrap_or_else(|_| Err(c2pa::Error::OtherError(PANICKED.into())))
            .map_err(failed)
    }

    /// What c2pa alone says of the picture's store. `None` where it cannot read it.
    pub(super) fn validation_results(&self, image: &SourceImage<'_>) -> Option<ValidationResults> {
        let read = catch_unwind(AssertUnwindSafe(|| {
            let source = Source::new(image);
            let carried = Carried::by(&source);
            let reader = open(&self.context, &source, &carried, &carried.boxes()).ok()?;
            reader.validation_results().cloned()
        }));
        read.ok().flatten()
    }

    fn leaves_out(&self, image: &SourceImage<'_>) -> bool {
        image.format() == Format::Pdf && !self.documents
    }

    /// What c2pa read, held against our own look at the boxes; else why nothing is concluded of it.
    fn conclude(
        &self,
        reader: &Reader,
        source: &Source<'_>,
        carried: &Carried<'_>,
        boxes: Option<Result<Boxes<'_>, Flaw>>,
        at: OffsetDateTime,
    ) -> Result<Reading, &'static str> {
        let image = source.image();
        let active = reader.active_label().ok_or("no manifest is active")?;
        let manifests = manifests(reader, active);
        // c2pa passes over one that it has no form for.
        let first = manifests.first().filter(|first| first.label == active);
        let first = first.ok_or("the active manifest has a form that is not known")?;
        let mut statuses = reader
            .validation_results()
            .map(|results| status::of_results(results, active))
            .unwrap_or_default();
        statuses.extend(recorded(&manifests));

        let boxes = parsed(boxes)?;
        let claim = ActiveClaim::of(reader, first, &boxes, verified(&statuses))?;
        let boxes = match claim.holds {
            Some(true) => boxes.with_verified(active),
            _ => boxes,
        };
        let history = History::new(&boxes, &manifests);
        if !has_broken_record(&statuses) {
            statuses.extend(unlike_claimed(reader, active, &boxes, &history));
        }
        statuses.extend(swapped(&history, &manifests));
        let chain = history.binding_chain();
        let is_updated = chain.as_ref().is_none_or(|chain| chain.len() > 1);
        let bound_box = match is_updated {
            true => check_update(&boxes, &history, chain.as_deref(), &manifests, &mut statuses),
            false => Some(claim.manifest),
        };
        statuses.extend(bound_box.as_ref().and_then(bound_update));

        let signature = signature(&statuses, claim.holds.filter(|_| !claim.certificates.is_empty()));
        let bound = Bound {
            image,
            container: carried.container.as_ref(),
            store: carried.within(),
            is_updated,
        };
        let binding = binding::conclude(&statuses, &bound, bound_box.as_ref());
        statuses.extend(changed_unnoticed(binding, &statuses, active));
        let stores = carried.container.as_ref().map_or(0, |container| container.stores.len());
        if carried.found != Found::Beside && stores > 1 && binding != Binding::Changed {
            return Err("there is more than one manifest store");
        }

        let standing = self.standing(&claim, first, signature, at);
        let others = self.others(&manifests, history.reached(), at);
        let as_signed = as_signed(&history, &manifests);
        let mut reading = Reading {
            // What breaks the record may be a history that was put under it.
            of_content: chain
                .filter(|_| !has_broken_record(&statuses))
                .unwrap_or_else(|| vec![0]),
            manifests,
            statuses,
            signature,
            binding,
            signer: standing.signer,
            revocation: standing.revocation,
            others,
            as_signed,
            signing_time: standing.signing_time,
            verified: None,
        };
        let holds = signature == Signature::Holds
            && binding == Binding::Intact
            && [Gravity::Record, Gravity::Signature, Gravity::Malformed]
                .into_iter()
                .all(|gravity| reading.failures(gravity).next().is_none());
        reading.verified = holds.then(|| VerifiedClaim {
            label: active.to_owned(),
        });
        Ok(reading)
    }

    /// How the signer of the active manifest stands, at the time that counts.
    fn standing(
        &self,
        claim: &ActiveClaim<'_, '_>,
        first: &Manifest,
        signature: Signature,
        at: OffsetDateTime,
    ) -> Standing {
        let signing_time = match signature {
            Signature::Holds => self.signing_time(first, &claim.manifest),
            // Of a signature that does not hold, nothing is a fact.
            _ => None,
        };
        // A time-stamp says how early the signature was there; asked about an earlier moment, it was not there yet.
        let shown = signing_time.filter(|stamp| stamp.trusted && stamp.time <= at);
        let counts = shown.map_or(at, |stamp| stamp.time);
        let signer = self.signers.evaluate(claim.certificates, counts);
        let answers = revocation_answers(&claim.manifest);
        let revocation = match answers.as_slice() {
            [] => Revocation::NotStated,
            answers => {
                let chain = certificates_der(claim.certificates);
                trust::evaluate_revocation(answers, &chain, self.lists(), counts, shown.is_some())
            }
        };
        Standing {
            signer: match revocation {
                Revocation::Revoked { .. } => signer.revoked(),
                _ => signer,
            },
            revocation,
            signing_time,
        }
    }

    /// How the signers of the other manifests stand, those that nothing refers to unlooked at. Their time-stamps and the
    /// answers about their revocation are not looked at either.
    fn others(&self, manifests: &[Manifest], reached: &[bool], at: OffsetDateTime) -> Vec<SignerTrust> {
        let mut chains = BTreeSet::new();
        let others = manifests.iter().zip(reached).skip(1);
        others
            .map(|(other, reached)| match *reached {
                true if chains.contains(&other.certificates) || chains.len() < MAX_OTHER_SIGNERS => {
                    chains.insert(&other.certificates);
                    self.signers.evaluate(&other.certificates, at)
                }
                _ => SignerTrust::not_examined(),
            })
            .collect()
    }

    /// The time of a time-stamp on the active signature, and whether it covers that signature and its authority is on a
    /// list of ours at that time.
    fn signing_time(&self, first: &Manifest, active: &Superbox<'_>) -> Option<SigningTime> {
        let beside = timestamp_token(active)?;
        match verify_token(&beside.token, &beside.message, self.signers.lists()) {
            Ok(stated) => Some(SigningTime {
                time: stated.time(),
                trusted: stated.trust().is_trusted(),
            }),
            // What c2pa read is the file's claim.
            Err(_) => first.signing_time.map(|time| SigningTime { time, trusted: false }),
        }
    }
}

/// The active manifest's claim, of which c2pa and our own look have one reading.
struct ActiveClaim<'m, 'a> {
    manifest: Superbox<'a>,
    /// The certificates that its signer vouched for, PEM; none where anybody could have exchanged them.
    certificates: &'m str,
    /// Whether its signature holds; `None` where that cannot be told.
    holds: Option<bool>,
}

/// How a signer stands.
struct Standing {
    signer: SignerTrust,
    revocation: Revocation,
    signing_time: Option<SigningTime>,
}

impl<'m, 'a> ActiveClaim<'m, 'a> {
    /// Holds what c2pa read against the boxes: what it says and what is looked up here must be of one manifest, however
    /// each walks the store.
    fn of(reader: &Reader, first: &'m Manifest, boxes: &Boxes<'a>, verified: bool) -> Result<Self, &'static str> {
        // Of those in the history, it is what they were signed as that is doubted.
        let manifest = *boxes
            .of_one_reading(&first.label)
            .ok_or("parts of the manifest have other labels than their types")?;
        let sign1 = sign1(&manifest);
        let read = reader.active_manifest().and_then(c2pa::Manifest::signature);
        if sign1.as_ref().map(|sign1| sign1.signature.as_slice()) != read {
            return Err("its parts are not those that the C2PA library read");
        }
        let holds = match verified {
            true => Some(true),
            false => signature_holds(&manifest, &first.certificates),
        };
        // A chain that anybody could have exchanged says nothing about who signed.
        let is_exchangeable =
            first.claim_version == Some(2) && sign1.as_ref().is_some_and(|sign1| !chain_is_protected(sign1));
        Ok(Self {
            manifest,
            certificates: match is_exchangeable {
                true => "",
                false => &first.certificates,
            },
            holds,
        })
    }
}

/// The boxes of the store, where it can be walked.
fn parsed<'a>(boxes: Option<Result<Boxes<'a>, Flaw>>) -> Result<Boxes<'a>, &'static str> {
    match boxes {
        Some(Ok(boxes)) => Ok(boxes),
        Some(Err(Flaw::RepeatedLabel)) => Err("two manifests of the store have one label"),
        // c2pa could read it; without our own look nothing is concluded.
        Some(Err(Flaw::Unwalkable)) | None => Err("the boxes of the store cannot be walked"),
    }
}

/// Whether each manifest of the history, the active one left out, is what its signer signed and what was taken in.
fn as_signed(history: &History<'_, '_>, manifests: &[Manifest]) -> Vec<bool> {
    let below = history.reached().iter().zip(manifests).skip(1);
    below
        .map(|(reached, manifest)| {
            *reached
                && history.is_as_signed(manifest)
                && history.is_referred_to(manifest) == Some(true)
                && !manifests.iter().any(|other| other.records_failure_of(&manifest.label))
        })
        .collect()
}

impl std::fmt::Debug for ManifestReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ManifestReader")
            .field("lists", self.signers.lists())
            .finish_non_exhaustive()
    }
}

fn found(concluded: Result<Reading, &'static str>) -> ManifestFinding {
    match concluded {
        Ok(reading) => ManifestFinding::Read(Box::new(reading)),
        Err(detail) => unreadable(detail),
    }
}

/// What a failed reading means: no store at all, one that is elsewhere, or one that cannot be read.
fn unread(error: c2pa::Error, image: &SourceImage<'_>) -> ManifestFinding {
    use c2pa::Error as E;
    match error {
        // c2pa also says so of a store that is empty or whose boxes end at once: never "no credentials".
        E::JumbfNotFound | E::ProvenanceMissing if !carries_store(image) => ManifestFinding::Absent { remote: None },
        E::RemoteManifestUrl(url) if !carries_store(image) => ManifestFinding::Absent { remote: Some(url) },
        E::UnsupportedType if !image.format().supports_stamping() && !carries_store(image) => {
            ManifestFinding::UnsupportedFormat
        }
        E::OperationCancelled if !carries_store(image) => ManifestFinding::UnsupportedFormat,
        // A document that cannot be opened: whether there is one, nobody knows.
        E::PdfReadError | E::InvalidAsset(_) if image.format() == Format::Pdf && !carries_store(image) => {
            ManifestFinding::UnsupportedFormat
        }
        E::InvalidManifest(results) => ManifestFinding::Unreadable {
            statuses: status::of_results(&results, ""),
            detail: "the manifest is not valid".to_owned(),
        },
        // The file itself is damaged; that is only a matter of credentials where it carries some.
        E::InvalidAsset(_) | E::IoError(_) | E::XmpReadError(_) | E::OtherError(_) | E::UnsupportedType
            if !carries_store(image) =>
        {
            ManifestFinding::Absent { remote: None }
        }
        error => failed(&error),
    }
}

/// What a failed reading of a store means that is there: it breaks a rule, or cannot be read.
fn failed(error: &c2pa::Error) -> ManifestFinding {
    match rule_broken(error) {
        None if matches!(error, c2pa::Error::OperationCancelled) => {
            unreadable("it asks for more work than any that is known")
        }
        Some(code) => ManifestFinding::Rejected {
            code,
            detail: error.to_string(),
        },
        None => unreadable(&error.to_string()),
    }
}

/// Lets c2pa read the store in a picture; [`c2pa::Error::OperationCancelled`] where that asks for too much.
fn open(
    context: &Arc<Context>,
    source: &Source<'_>,
    carried: &Carried<'_>,
    boxes: &Option<Result<Boxes<'_>, Flaw>>,
) -> c2pa::Result<Reader> {
    let store = carried.store.as_deref().unwrap_or_default();
    if is_too_much(source.image(), None) || store_work::is_too_much(store, boxes) {
        return Err(c2pa::Error::OperationCancelled);
    }
    let (reader, mime) = (context::reader(context), source.image().format().mime_type());
    let opened = match carried.found {
        // c2pa need not copy and walk the file for the same bytes once more.
        Found::ByWalk => reader.with_manifest_data_and_stream(store, mime, source.stream()),
        _ => reader.with_stream(mime, source.stream()),
    };
    opened.map_err(|error| source.noted(error))
}

/// Whether c2pa would take minutes, or a GiB, for the boxes of this file, with the store beside it or those in it.
fn is_too_much(image: &SourceImage<'_>, beside: Option<&[u8]>) -> bool {
    let stores = image
        .outermost_boxes()
        .filter(|outer| outer.kind == *b"uuid")
        .filter_map(|outer| ContentBox::parse(outer.payload)?.store())
        .map(|(store, _)| store);
    match image.format() {
        Format::Avif | Format::Heic | Format::Heif | Format::Mp4 | Format::Mov => {
            box_work::is_too_much(image.bytes(), stores.chain(beside))
        }
        Format::JpegXl => box_work::has_too_large_window(image.bytes()),
        _ => false,
    }
}

fn unreadable(detail: &str) -> ManifestFinding {
    ManifestFinding::Unreadable {
        statuses: Vec::new(),
        detail: detail.to_owned(),
    }
}

/// The status code for an error by which c2pa rejects a manifest that it could read (C2PA 2.2, 15).
fn rule_broken(error: &c2pa::Error) -> Option<&'static str> {
    use c2pa::Error as E;
    Some(match error {
        E::ClaimMissingHardBinding => "claim.hardBindings.missing",
        E::ClaimMultipleHardBinding => "assertion.multipleHardBindings",
        E::AssertionMissing { .. } => "assertion.missing",
        E::ClaimSelfRedact => "assertion.selfRedacted",
        E::ClaimDisallowedRedaction => "assertion.action.redacted",
        E::HashMismatch(_) => "assertion.hashedURI.mismatch",
        E::UpdateManifestInvalid => "manifest.update.invalid",
        E::ClaimMissingSignatureBox => "claimSignature.missing",
        E::CoseNoCerts | E::CoseInvalidCert | E::CertificateProfileError(_) | E::InvalidCertificateError(_) => {
            "signingCredential.invalid"
        }
        _ => return None,
    })
}

/// Looks at the history of an update manifest, whose content is bound by a manifest further down: every one on the way
/// must be what its signer signed and what the one above took in, and no failure of theirs is a mere warning. Returns the
/// one that is bound.
fn check_update<'a>(
    boxes: &Boxes<'a>,
    history: &History<'_, 'a>,
    chain: Option<&[usize]>,
    manifests: &[Manifest],
    statuses: &mut Vec<Status>,
) -> Option<Superbox<'a>> {
    for status in statuses
        .iter_mut()
        .filter(|status| status.kind == StatusKind::Failure && status.scope == Scope::Ingredient)
    {
        status.scope = Scope::History;
    }
    let mut fails = |code, url| statuses.push(Status::failure(code, url, Scope::History));
    let Some(chain) = chain else {
        fails("claim.hardBindings.missing", None);
        return None;
    };
    let parents: Vec<&Manifest> = chain.iter().skip(1).filter_map(|index| manifests.get(*index)).collect();
    for manifest in parents.iter().filter(|manifest| !history.is_as_signed(manifest)) {
        fails("hashedURI.mismatch", Some(&manifest.label));
    }
    for manifest in &parents {
        match history.is_referred_to(manifest) {
            Some(true) => {}
            Some(false) => fails("ingredient.claimSignature.mismatch", Some(&manifest.label)),
            // Nothing tells whether it is the one that was taken in.
            None => fails("ingredient.claimSignature.missing", Some(&manifest.label)),
        }
    }
    boxes.manifest(&parents.last()?.label).copied()
}

/// Ingredients that something was redacted from and that are not the ones that were taken in. c2pa looks no further at
/// claims of version 1, so that another manifest could be put in their place; of version 2 it reports the same, where the
/// hash of their signature is stated.
fn swapped(history: &History<'_, '_>, manifests: &[Manifest]) -> Vec<Status> {
    manifests
        .iter()
        .filter(|manifest| manifest.claim_version == Some(1))
        .filter(|manifest| history.is_referred_to(manifest) == Some(false))
        .map(|manifest| {
            let code = "ingredient.claimSignature.mismatch";
            Status::failure(code, Some(&manifest.label), Scope::Ingredient)
        })
        .collect()
}

fn has_broken_record(statuses: &[Status]) -> bool {
    let fails = |status: &Status| status.kind == StatusKind::Failure && status.gravity() == Gravity::Record;
    statuses.iter().any(fails)
}

/// Where some assertion of the active manifest is not to the byte what its claim states. c2pa hashes what it makes of a box,
/// so that a second content box in it goes unseen (C2PA 2.2, 8.4.2.3 and 15.10.3).
fn unlike_claimed(reader: &Reader, active: &str, boxes: &Boxes<'_>, history: &History<'_, '_>) -> Option<Status> {
    let named = reader
        .active_manifest()
        .into_iter()
        .flat_map(c2pa::Manifest::assertion_references);
    (!boxes.assertions_hold(active, named, history.redacted()))
        .then(|| Status::failure("assertion.hashedURI.mismatch", Some(active), Scope::Active))
}

/// A manifest with a hard binding that calls itself an update, which has none (C2PA 2.2, 11.2.3): c2pa then holds the
/// content against its parent's.
fn bound_update(bound: &Superbox<'_>) -> Option<Status> {
    (bound.kind() == Some(*b"c2um"))
        .then(|| Status::failure("manifest.update.invalid", Some(bound.label), Scope::Active))
}

/// A change of the content that c2pa did not report.
fn changed_unnoticed(binding: Binding, statuses: &[Status], active: &str) -> Option<Status> {
    let fails = |status: &Status| status.kind == StatusKind::Failure && status.gravity() == Gravity::Content;
    (binding == Binding::Changed && !statuses.iter().any(fails))
        .then(|| Status::failure("assertion.dataHash.mismatch", Some(active), Scope::Active))
}

/// Failures that programs recorded when they took an ingredient in: c2pa leaves them out of its own results.
fn recorded(manifests: &[Manifest]) -> impl Iterator<Item = Status> {
    manifests
        .iter()
        .flat_map(|manifest| &manifest.ingredients)
        .flat_map(|ingredient| {
            let failures = ingredient.recorded_failures.iter();
            failures.map(|code| Status::failure(code, ingredient.manifest.as_deref(), Scope::Ingredient))
        })
}

fn manifests(reader: &Reader, active: &str) -> Vec<Manifest> {
    let mut manifests: Vec<Manifest> = reader
        .manifests()
        .iter()
        .map(|(label, manifest)| Manifest::of(manifest, label))
        .collect();
    // c2pa hands them out in a hash map's order; the report must be the same each time.
    manifests.sort_by(|a, b| (a.label != active, &a.label).cmp(&(b.label != active, &b.label)));
    manifests
}

/// Whether c2pa verified the signature of the active manifest.
fn verified(statuses: &[Status]) -> bool {
    statuses
        .iter()
        .any(|status| status.is_own_success("claimSignature.validated"))
}

/// What is known of the active manifest's signature: c2pa's word, and whether it holds by our own look where that counts.
fn signature(statuses: &[Status], holds: Option<bool>) -> Signature {
    let fails = |status: &Status| status.kind == StatusKind::Failure && status.gravity() == Gravity::Signature;
    if statuses.iter().any(fails) {
        return Signature::Fails;
    }
    match holds {
        _ if verified(statuses) => Signature::Holds,
        Some(true) => Signature::Holds,
        Some(false) => Signature::Fails,
        None => Signature::Unchecked,
    }
}
