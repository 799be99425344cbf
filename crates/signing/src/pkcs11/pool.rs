//! Sessions of one token: opened as threads ask, up to a number, and lent to one thread at a time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::Connection;
use crate::error::TokenFault;

/// The most sessions at once: more than one card signs with, and enough to hide the way to a module in a network. A YubiKey
/// has 16 for all programs together.
const MAX_SESSIONS: usize = 16;

pub(super) struct Pool {
    state: Mutex<State>,
    returned: Condvar,
}

struct State {
    idle: Vec<Connection>,
    /// Idle and lent ones.
    open: usize,
    /// Fewer than [`MAX_SESSIONS`] where the token has fewer.
    limit: usize,
}

impl Pool {
    pub(super) fn new(first: Connection) -> Self {
        Self {
            state: Mutex::new(State {
                idle: vec![first],
                open: 1,
                limit: MAX_SESSIONS,
            }),
            returned: Condvar::new(),
        }
    }

    /// An idle session, or a new one, or the next that is returned.
    pub(super) fn take(&self, connect: impl Fn() -> Result<Connection, TokenFault>) -> Result<Connection, TokenFault> {
        let mut state = self.lock();
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok(connection);
            }
            if state.open >= state.limit {
                state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.open += 1;
            drop(state);
            let connected = connect();
            if connected.is_err() {
                self.forget();
            }
            state = self.lock();
            match connected {
                // Other threads have sessions: one of theirs will do.
                Err(TokenFault::NoSession) if state.open > 0 => state.limit = state.open,
                connected => return connected,
            }
        }
    }

    /// Takes a session back that can be used again.
    pub(super) fn give_back(&self, connection: Connection) {
        self.lock().idle.push(connection);
        self.returned.notify_one();
    }

    /// Counts a session out that is not given back.
    pub(super) fn forget(&self) {
        let mut state = self.lock();
        state.open = state.open.saturating_sub(1);
        drop(state);
        self.returned.notify_one();
    }

    /// Drops every idle session.
    pub(super) fn clear(&self) {
        let mut state = self.lock();
        let idle = std::mem::take(&mut state.idle);
        state.open = state.open.saturating_sub(idle.len());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
