//! The time-stamp of a stamp: how much room it takes, asking for it once the signature is made, and beginning again where
//! a token turns out larger than the ones before it.

use std::sync::{Arc, PoisonError, RwLock};

use time::OffsetDateTime;
use touchmark_provenance::manifest::{Countersigning, ManifestSigner, RoomNeeded, room};
use touchmark_signing::Signer;
use touchmark_signing::ocsp::OcspAnswer;
use touchmark_signing::timestamp::{NONCE_BYTES, NoTimestamp, Timestamp, TimestampAuthorities};

use super::order::Want;
use super::record::TimestampRecord;
use super::templates::Templates;
use super::{Stamper, random};
use crate::error::Error;

/// Bytes that a later token may be longer than the first: serial numbers and ECDSA signatures vary in length.
const MARGIN: usize = 64;

/// Attempts at a stamp whose token fits. Each begins with the room that the last token took, so that more than one or two
/// come only of authorities that answer in turns with ever larger ones.
const MAX_ROUNDS: usize = 4;

/// Who signs with how much room, and the templates made so.
#[derive(Debug)]
pub(super) struct Kit {
    pub signer: ManifestSigner,
    pub templates: Templates,
}

/// Where time-stamps come from, and what goes with them.
#[derive(Debug)]
pub(super) struct Timestamps {
    authorities: TimestampAuthorities,
    /// Stapled only beside a time-stamp, which it needs (C2PA 2.2, 15.9).
    revocation: Option<OcspAnswer>,
    /// The kit for stamps with a time-stamp, and its room, once the length of a token is known.
    roomy: RwLock<Option<(usize, Arc<Kit>)>>,
}

/// One stamp on its way to a time-stamp, or without one.
#[derive(Debug)]
pub(super) struct Countersigner<'a> {
    signer: &'a Arc<Signer>,
    timestamps: Option<&'a Timestamps>,
    kit: Arc<Kit>,
    want: Want,
    now: OffsetDateTime,
    had: Option<Timestamp>,
    missed: Option<NoTimestamp>,
}

/// Why a round did not end in a stamp.
#[derive(Debug)]
pub(super) enum Unfinished {
    /// The token did not fit; the next round has the room.
    Again,
    /// For good.
    Failed(Error),
}

impl Kit {
    pub fn new(signer: &Arc<Signer>, room: usize) -> Result<Self, Error> {
        Ok(Self {
            signer: ManifestSigner::with_room(Arc::clone(signer), room)?,
            templates: Templates::default(),
        })
    }
}

impl Timestamps {
    pub fn new(authorities: TimestampAuthorities, revocation: Option<OcspAnswer>) -> Self {
        Self {
            authorities,
            revocation,
            roomy: RwLock::default(),
        }
    }

    /// The kit whose stamps have room for a token. The first time, a token is asked for to learn its length: an authority
    /// that gives none is found before a picture is read for it.
    fn kit(&self, signer: &Arc<Signer>, now: OffsetDateTime) -> Result<Arc<Kit>, Unfinished> {
        if let Some((_, kit)) = &*self.roomy.read().unwrap_or_else(PoisonError::into_inner) {
            return Ok(Arc::clone(kit));
        }
        let sample = self.obtain(&random::<32>()?, now)?;
        self.grown(signer, room(&sample, self.revocation.as_ref()))
    }

    /// The kit with at least this room.
    fn grown(&self, signer: &Arc<Signer>, needed: usize) -> Result<Arc<Kit>, Unfinished> {
        let mut roomy = self.roomy.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have come first.
        if let Some((_, kit)) = roomy.as_ref().filter(|(room, _)| *room >= needed) {
            return Ok(Arc::clone(kit));
        }
        let room = needed + MARGIN;
        let kit = Arc::new(Kit::new(signer, room)?);
        *roomy = Some((room, Arc::clone(&kit)));
        Ok(kit)
    }

    fn obtain(&self, message: &[u8], now: OffsetDateTime) -> Result<Timestamp, Unfinished> {
        let nonce = random::<NONCE_BYTES>()?;
        let obtained = self.authorities.timestamp(message, nonce, now);
        obtained.map_err(|missed| Unfinished::Failed(Error::Timestamp(missed)))
    }
}

impl Stamper {
    /// Begins a stamp that is to have a time-stamp or not.
    pub(super) fn countersigner(&self, want: Want, now: OffsetDateTime) -> Result<Countersigner<'_>, Error> {
        let mut countersigner = Countersigner {
            signer: &self.signer,
            timestamps: self.timestamps.as_ref().filter(|_| want != Want::No),
            kit: Arc::clone(&self.plain),
            want,
            now,
            had: None,
            missed: None,
        };
        let kit = match countersigner.timestamps {
            Some(timestamps) => timestamps.kit(&self.signer, now),
            None if want == Want::No => return Ok(countersigner),
            None => Err(Unfinished::Failed(Error::Timestamp(NoTimestamp::default()))),
        };
        match kit {
            Ok(kit) => countersigner.kit = kit,
            Err(why) => {
                countersigner.do_without(why).map_err(Unfinished::into_error)?;
                countersigner.timestamps = None;
            }
        }
        Ok(countersigner)
    }
}

impl Countersigner<'_> {
    /// Who signs this round.
    pub fn kit(&self) -> Arc<Kit> {
        Arc::clone(&self.kit)
    }

    /// Repeats a stamp until its time-stamp fits.
    pub fn rounds<T>(&mut self, mut round: impl FnMut(&mut Self) -> Result<T, Unfinished>) -> Result<T, Error> {
        for _ in 1..MAX_ROUNDS {
            match round(self) {
                Err(Unfinished::Again) => {}
                done => return done.map_err(Unfinished::into_error),
            }
        }
        round(self).map_err(Unfinished::into_error)
    }

    /// Asks for a time-stamp on the store's signature and puts it in, where one is wanted.
    pub fn countersign(&mut self, store: &mut [u8]) -> Result<(), Unfinished> {
        let Some(timestamps) = self.timestamps else {
            return Ok(());
        };
        let countersigning = Countersigning::of(store)?;
        let timestamp = match timestamps.obtain(countersigning.message(), self.now) {
            Ok(timestamp) => timestamp,
            Err(why) => return self.do_without(why),
        };
        // Readers judge the certificate at the time that the authority states.
        self.signer.check_dates(timestamp.time()).map_err(Error::Identity)?;
        // A run may outlast the answer that it began with.
        let revocation = timestamps.revocation.as_ref();
        let revocation = revocation.filter(|answer| answer.covers(timestamp.time()));
        match countersigning.put(store, &timestamp, revocation) {
            Ok(()) => {
                self.had = Some(timestamp);
                Ok(())
            }
            Err(RoomNeeded(needed)) => {
                self.kit = timestamps.grown(self.signer, needed)?;
                Err(Unfinished::Again)
            }
        }
    }

    /// The time-stamp that the stamp has.
    pub fn timestamp(&self) -> Option<&Timestamp> {
        self.had.as_ref()
    }

    /// What there is to remember of it, and why it is missing where it was wanted.
    pub fn into_record(self) -> (Option<TimestampRecord>, Option<NoTimestamp>) {
        (self.had.as_ref().map(TimestampRecord::of), self.missed)
    }

    /// Goes on without a time-stamp where that is allowed. The padding stays: it is signed by nobody and says nothing.
    fn do_without(&mut self, why: Unfinished) -> Result<(), Unfinished> {
        match why {
            Unfinished::Failed(Error::Timestamp(missed)) if self.want == Want::IfPossible => {
                self.missed = Some(missed);
                Ok(())
            }
            why => Err(why),
        }
    }
}

impl Unfinished {
    fn into_error(self) -> Error {
        match self {
            Self::Failed(error) => error,
            Self::Again => Error::Manifest(touchmark_provenance::Error::UnstableSize),
        }
    }
}

impl From<Error> for Unfinished {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<touchmark_provenance::Error> for Unfinished {
    fn from(error: touchmark_provenance::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<touchmark_image::Error> for Unfinished {
    fn from(error: touchmark_image::Error) -> Self {
        Self::Failed(error.into())
    }
}
