//! A worker process: bounds itself, then answers one question after the other until there are no more.

use std::cell::RefCell;
use std::io::{self, BufReader, BufWriter, Write as _};
use std::process;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::LastWords;
use super::bounds::Bounds;
use super::wire::{self, Kind};
use crate::failure::{Code, Failure};

/// The largest question that is taken, in bytes: the name of a file and little else.
const MAX_QUESTION_BYTES: usize = 1 << 20;

/// Ends this worker as one that ran out of memory, where that was noticed before the runtime did: whoever asked learns why.
pub fn end_for_memory() -> ! {
    let _ = writeln!(io::stderr(), "{}a file failed", LastWords::MEMORY);
    process::abort()
}

/// Answers what comes on standard input, and hands out before what of it is known already. `work` is to catch its own panics.
/// From here on the process has no more memory than the bounds allow, and each question no more processor time.
///
/// # Errors
/// Where whoever asks has gone away in the middle of a question, or asks what is none.
pub fn serve<Q: DeserializeOwned, A: Serialize>(
    bounds: &Bounds,
    work: impl Fn(Q, &mut dyn FnMut(A)) -> A,
) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(Code::Bug, "work in a process of its own").because(error);
    let mut questions = BufReader::new(io::stdin().lock());
    let answers = RefCell::new(BufWriter::new(io::stdout().lock()));
    let say = |kind: Kind, answer: &A| -> Result<(), Failure> {
        let answer = serde_json::to_vec(answer).map_err(|error| failed(&error))?;
        wire::write(&mut *answers.borrow_mut(), kind, &answer).map_err(|error| failed(&error))
    };
    bounds.limit_memory();
    wire::write(&mut *answers.borrow_mut(), Kind::Ready, &[]).map_err(|error| failed(&error))?;
    while let Some((_, question)) = wire::read(&mut questions, MAX_QUESTION_BYTES).map_err(|error| failed(&error))? {
        bounds.limit_processor_time();
        let question = serde_json::from_slice(&question).map_err(|error| failed(&error))?;
        let answer = work(question, &mut |part| {
            // Where nobody listens any more, the answer will tell.
            let _ = say(Kind::Part, &part);
        });
        say(Kind::Answer, &answer)?;
    }
    Ok(())
}
