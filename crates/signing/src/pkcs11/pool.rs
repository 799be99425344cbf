//! A number of sessions of one token: opened as threads ask, and lent to one thread at a time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::error::TokenFault;

/// The most sessions at once: more than one card signs with, and enough to hide the way to a module in a network. A YubiKey
/// has 16 for all programs together.
const MAX_SESSIONS: usize = 16;

pub(super) struct Pool<S> {
    state: Mutex<State<S>>,
    returned: Condvar,
}

struct State<S> {
    idle: Vec<S>,
    /// Idle and lent ones.
    open: usize,
    /// Fewer than [`MAX_SESSIONS`] where the token has fewer.
    limit: usize,
}

impl<S> Pool<S> {
    pub(super) fn new(first: S) -> Self {
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
    pub(super) fn take(&self, connect: impl Fn() -> Result<S, TokenFault>) -> Result<S, TokenFault> {
        let mut state = self.lock();
        loop {
            if let Some(session) = state.idle.pop() {
                return Ok(session);
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
    pub(super) fn give_back(&self, session: S) {
        self.lock().idle.push(session);
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

    fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    /// Takes and gives back from many threads, and says how many sessions were opened of those that the token has.
    fn opened(pool: &Pool<usize>, has: usize) -> usize {
        let opened = AtomicUsize::new(1);
        thread::scope(|scope| {
            for _ in 0..4 * MAX_SESSIONS {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let session = pool.take(|| match opened.fetch_add(1, Ordering::SeqCst) {
                            number if number < has => Ok(number),
                            _ => {
                                opened.fetch_sub(1, Ordering::SeqCst);
                                Err(TokenFault::NoSession)
                            }
                        });
                        let session = session.unwrap();
                        thread::yield_now();
                        pool.give_back(session);
                    }
                });
            }
        });
        opened.into_inner()
    }

    #[test]
    fn no_more_are_opened_than_may_be_and_than_there_are() {
        for (has, most) in [(usize::MAX, MAX_SESSIONS), (3, 3), (1, 1)] {
            let pool = Pool::new(0);
            let opened = opened(&pool, has);
            assert!((1..=most).contains(&opened), "{opened} of {most}");
            let state = pool.lock();
            assert_eq!((state.idle.len(), state.open), (opened, opened));
        }
    }

    #[test]
    fn where_none_is_left_the_fault_is_told() {
        let pool = Pool::new(0);
        assert_eq!(pool.take(|| panic!("one is idle")), Ok(0));
        pool.forget();
        assert_eq!(pool.take(|| Err(TokenFault::NoSession)), Err(TokenFault::NoSession));
        assert_eq!(pool.take(|| Err(TokenFault::PinRefused)), Err(TokenFault::PinRefused));
        assert_eq!(pool.take(|| Ok(1)), Ok(1), "a failed attempt takes no place");
        pool.give_back(1);
        pool.clear();
        assert_eq!(pool.lock().open, 0);
    }
}
