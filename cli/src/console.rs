//! What is said to people and programs: standard output, whose failure is a failure, and standard error, whose is none.

use std::cell::Cell;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

use crate::failure::Failure;

/// Prints text to standard output. A reader that has gone away (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::writing(Path::new("standard output"), &error))
        }
        _ => Ok(()),
    }
}

/// Says a line on standard error. Where that is closed or full there is nobody to tell, and the exit code still speaks.
pub fn tell_user(line: impl Display) {
    if !HUSHED.get() {
        let _ = writeln!(io::stderr(), "{line}");
    }
}

thread_local! {
    static HUSHED: Cell<bool> = const { Cell::new(false) };
}

/// Does something whose notes in this thread were said before, by the process that started this one.
pub fn hushed<T>(work: impl FnOnce() -> T) -> T {
    HUSHED.set(true);
    let done = work();
    HUSHED.set(false);
    done
}
