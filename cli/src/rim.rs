//! The rim of the process: whatever happens inside, it ends with a documented exit code and a line that says why.

use std::any::Any;
use std::env;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};

use touchmark::report::visible;

use crate::console::tell_user;
use crate::failure::{Code, Failure};

/// Where the last panic was, for the line that reports it.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

/// The exit code of the work. A panic is a bug: one line, and its own exit code.
pub fn guarded(work: impl FnOnce() -> Result<u8, Failure>) -> u8 {
    // After a panic nothing of the work's state is used again.
    match panic::catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(code)) => code,
        Ok(Err(failure)) => {
            tell_user(&failure);
            failure.code().exit()
        }
        Err(payload) => {
            let place = LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner);
            tell_user(format_args!(
                "error[{}]: {}, at {place}: {}; please report it",
                Code::Bug.id(),
                Code::Bug.title(),
                visible(message(&*payload))
            ));
            Code::Bug.exit()
        }
    }
}

/// Keeps panics quiet until they reach the rim: one that is caught inside, such as of the C2PA library over a hostile
/// manifest, is told there. With RUST_BACKTRACE the runtime says all it knows.
pub fn keep_panics_quiet() {
    let loud = env::var_os("RUST_BACKTRACE").map(|_| panic::take_hook());
    panic::set_hook(Box::new(move |info| {
        if let Some(location) = info.location() {
            *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner) = location.to_string();
        }
        if let Some(loud) = &loud {
            loud(info);
        }
    }));
}

fn message(payload: &(dyn Any + Send)) -> &str {
    match payload.downcast_ref::<String>() {
        Some(text) => text,
        None => payload.downcast_ref::<&str>().copied().unwrap_or("no message"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_bug_and_a_failure_has_its_code() {
        assert_eq!(guarded(|| Ok(13)), 13);
        assert_eq!(guarded(|| Err(Failure::new(Code::Terminal, "test"))), 2);
        assert_eq!(guarded(|| panic!("a bug")), 70);
    }
}
