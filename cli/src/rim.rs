//! The rim of the process: whatever happens inside, it ends with a documented exit code and a line that says why.

use std::any::Any;
use std::cell::RefCell;
use std::env;
use std::panic::{self, AssertUnwindSafe};

use crate::console::tell_user;
use crate::failure::{Code, Failure};

thread_local! {
    /// Where this thread's last panic was, for the line that reports it.
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The exit code of the work, whose failure is told.
pub fn guarded(work: impl FnOnce() -> Result<u8, Failure>) -> u8 {
    caught(work).unwrap_or_else(|failure| {
        tell_user(&failure);
        failure.code().exit()
    })
}

/// What the work gives. A panic is a bug of touchmark or of a library, and a failure like others: of one picture, say.
pub fn caught<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    // After a panic nothing of the work's state is used again.
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let place = LAST_PANIC.take();
        Err(Failure::new(Code::Bug, "go on").because(format!("{}, at {place}", message(&*payload))))
    })
}

/// Keeps panics quiet until they reach the rim: one that is caught inside, such as of the C2PA library over a hostile
/// manifest, is told there. With RUST_BACKTRACE the runtime says all it knows.
pub fn keep_panics_quiet() {
    let loud = env::var_os("RUST_BACKTRACE").map(|_| panic::take_hook());
    panic::set_hook(Box::new(move |info| {
        if let Some(location) = info.location() {
            LAST_PANIC.set(location.to_string());
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
        keep_panics_quiet();
        let failure = caught::<()>(|| panic!("a {}", "bug")).unwrap_err();
        assert!(failure.says().contains("a bug, at "), "{failure}");
    }
}
