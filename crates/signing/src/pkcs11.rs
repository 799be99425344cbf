//! Keys in hardware modules, through PKCS #11 (OASIS, version 2.40 and 3.0): found by a reference, used by as many threads as
//! ask, and found again where the token went away in between.

mod object;
mod pool;
mod uri;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as Pkcs11Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::object::ObjectHandle;
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::AuthPin;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::algorithm::Algorithm;
use crate::error::{RemoteKeyFault, Result, TokenFault};
use crate::signer::RemoteKey;
use pool::Pool;

pub use uri::TokenUri;

/// Bytes of a signature of Ed25519 (RFC 8032) and of ES256 (RFC 9053, section 2.1).
const SIGNATURE_BYTES: usize = 64;

/// The most characters of what a library says, in messages.
const MAX_WORDS: usize = 300;

/// Libraries that were loaded, by path: a library is initialised once a process, for all who use it.
static MODULES: Mutex<BTreeMap<PathBuf, Pkcs11>> = Mutex::new(BTreeMap::new());

/// The PIN of a token's user; wiped when dropped and never shown.
#[derive(Clone)]
pub struct Pin(Zeroizing<String>);

/// A private key in a token. Sessions are opened as threads ask for signatures, and kept for the next.
pub struct TokenKey {
    uri: TokenUri,
    pin: Option<Pin>,
    algorithm: Algorithm,
    public_key_info: Option<Vec<u8>>,
    pool: Pool<Connection>,
    /// Held while connecting, so that threads do not log in all at once; what the token said to the PIN, where it
    /// refused it: another attempt could lock the token.
    refused: Mutex<Option<TokenFault>>,
}

/// A session that is logged in, and the key as it is known there.
#[derive(Debug)]
struct Connection {
    session: Session,
    key: ObjectHandle,
}

/// How often a lost connection is made anew. Those who held the sessions that went away close them, and a token may have
/// given their handles to new sessions by then.
const RECONNECTIONS: usize = 3;

impl Pin {
    /// Takes a PIN as it was given; nothing is trimmed.
    pub fn new(pin: String) -> Self {
        Self(Zeroizing::new(pin))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pin").finish_non_exhaustive()
    }
}

impl TokenKey {
    /// Loads the token's library, logs in where the token asks for it, and finds the one key that is meant.
    ///
    /// # Errors
    /// [`TokenFault`] with what is missing or what the token said.
    pub fn open(uri: TokenUri, pin: Option<Pin>) -> Result<Self> {
        let connection = connect(&uri, pin.as_ref())?;
        let Connection { session, key } = &connection;
        if object::asks_each_time(session, *key)? {
            return Err(TokenFault::PinEachTime.into());
        }
        Ok(Self {
            algorithm: object::algorithm(session, *key)?,
            public_key_info: object::public_key_info(session, *key)?,
            uri,
            pin,
            pool: Pool::new(connection),
            refused: Mutex::new(None),
        })
    }

    /// What the key signs with: Ed25519 or ES256.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The DER of the `SubjectPublicKeyInfo`, where the token keeps the public key beside the private one.
    pub fn public_key_info(&self) -> Option<&[u8]> {
        self.public_key_info.as_deref()
    }

    fn connect(&self) -> Result<Connection, TokenFault> {
        let mut refused = lock(&self.refused);
        if let Some(fault) = &*refused {
            return Err(fault.clone());
        }
        connect(&self.uri, self.pin.as_ref()).inspect_err(|fault| {
            if matches!(fault, TokenFault::PinRefused | TokenFault::PinLocked) {
                *refused = Some(fault.clone());
            }
        })
    }

    fn reconnect(&self) -> Result<Connection, TokenFault> {
        let mut connection = self.connect();
        for _ in 1..RECONNECTIONS {
            match connection {
                Err(TokenFault::Device(_)) => connection = self.connect(),
                _ => break,
            }
        }
        connection
    }

    fn sign_with(&self, connection: &Connection, message: &[u8]) -> Result<Vec<u8>, Pkcs11Error> {
        let Connection { session, key } = connection;
        match self.algorithm {
            // The token gets the hash alone: CKM_ECDSA_SHA256 is rarer, and claims are larger than a token likes.
            Algorithm::Es256 => session.sign(&Mechanism::Ecdsa, *key, &Sha256::digest(message)),
            _ => {
                let parameters = EddsaParams::new(EddsaSignatureScheme::Ed25519);
                session.sign(&Mechanism::Eddsa(parameters), *key, message)
            }
        }
    }
}

impl RemoteKey for TokenKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, RemoteKeyFault> {
        let mut connection = self.pool.take(|| self.connect())?;
        let mut signed = self.sign_with(&connection, message);
        for _ in 0..RECONNECTIONS {
            if !signed.as_ref().is_err_and(is_lost) {
                break;
            }
            // The other sessions went with it.
            self.pool.clear();
            drop(connection);
            connection = self.reconnect().inspect_err(|_| self.pool.forget())?;
            signed = self.sign_with(&connection, message);
        }
        let signature = match signed {
            Ok(signature) => signature,
            // It may still have the signature under way, so it is not kept.
            Err(error) => {
                self.pool.forget();
                return Err(TokenFault::of(&error).into());
            }
        };
        self.pool.give_back(connection);
        match signature.len() {
            SIGNATURE_BYTES => Ok(signature),
            _ => Err(RemoteKeyFault::Malformed),
        }
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

impl TokenFault {
    /// What a library said, sorted by who can act.
    pub(crate) fn of(error: &Pkcs11Error) -> Self {
        match error {
            Pkcs11Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _) => {
                Self::PinRefused
            }
            Pkcs11Error::Pkcs11(RvError::PinLocked | RvError::PinExpired, _) => Self::PinLocked,
            Pkcs11Error::Pkcs11(RvError::SessionCount, _) => Self::NoSession,
            Pkcs11Error::LibraryLoading(_) | Pkcs11Error::MissingSymbol(_) => Self::Module(words(error)),
            _ => Self::Device(words(error)),
        }
    }
}

impl From<TokenFault> for RemoteKeyFault {
    fn from(fault: TokenFault) -> Self {
        match fault {
            TokenFault::PinRefused | TokenFault::PinLocked => Self::Refused(fault.to_string()),
            _ => Self::Unavailable(fault.to_string()),
        }
    }
}

fn connect(uri: &TokenUri, pin: Option<&Pin>) -> Result<Connection, TokenFault> {
    let module = module(uri.module())?;
    let (slot, token) = slot(&module, uri)?;
    let session = module.open_ro_session(slot).map_err(|error| TokenFault::of(&error))?;
    if token.login_required() {
        log_in(&session, &token, pin)?;
    }
    let key = object::find(&session, uri)?;
    Ok(Connection { session, key })
}

/// The library, loaded and initialised; again where it was finalised by somebody else.
fn module(path: &Path) -> Result<Pkcs11, TokenFault> {
    let mut modules = lock(&MODULES);
    let module = match modules.get(path) {
        Some(module) => module.clone(),
        None => Pkcs11::new(path).map_err(|error| TokenFault::Module(words(&error)))?,
    };
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Pkcs11Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(TokenFault::Module(words(&error))),
    }
    modules.insert(path.to_owned(), module.clone());
    Ok(module)
}

/// The one slot with a token that the reference means.
fn slot(module: &Pkcs11, uri: &TokenUri) -> Result<(Slot, TokenInfo), TokenFault> {
    let failed = |error: Pkcs11Error| TokenFault::of(&error);
    let (mut meant, mut others) = (Vec::new(), Vec::new());
    for slot in module.get_slots_with_token().map_err(failed)? {
        let token = module.get_token_info(slot).map_err(failed)?;
        let is =
            |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|wanted| wanted == found.trim_end());
        if token.token_initialized()
            && is(&uri.token, token.label())
            && is(&uri.serial, token.serial_number())
            && is(&uri.manufacturer, token.manufacturer_id())
            && is(&uri.model, token.model())
            && uri.slot.is_none_or(|wanted| wanted == slot.id())
        {
            meant.push((slot, token));
        } else if token.token_initialized() {
            others.push(token.label().trim_end().to_owned());
        }
    }
    match (meant.pop(), meant.is_empty()) {
        (Some(one), true) => Ok(one),
        (Some(_), false) => Err(TokenFault::SeveralTokens),
        (None, _) => Err(TokenFault::NoToken(others)),
    }
}

fn log_in(session: &Session, token: &TokenInfo, pin: Option<&Pin>) -> Result<(), TokenFault> {
    let pin = pin.map(|pin| AuthPin::from(pin.0.as_str()));
    // With a PIN pad of its own, the token asks for itself.
    if pin.is_none() && !token.protected_authentication_path() {
        return Err(TokenFault::PinNeeded);
    }
    match session.login(UserType::User, pin.as_ref()) {
        // Logging in is for all sessions of a process with a token.
        Ok(()) | Err(Pkcs11Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
        Err(error) => Err(TokenFault::of(&error)),
    }
}

/// Whether the session, the login or the token went away, so that a new connection may do (PKCS #11 3.0, section 5.1).
fn is_lost(error: &Pkcs11Error) -> bool {
    use RvError as R;
    matches!(
        error,
        Pkcs11Error::Pkcs11(
            R::SessionHandleInvalid
                | R::SessionClosed
                | R::UserNotLoggedIn
                | R::DeviceRemoved
                | R::DeviceError
                | R::TokenNotPresent
                | R::TokenNotRecognized
                | R::KeyHandleInvalid
                | R::ObjectHandleInvalid
                | R::CryptokiNotInitialized,
            _
        )
    )
}

fn words(error: &Pkcs11Error) -> String {
    error.to_string().chars().take(MAX_WORDS).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
