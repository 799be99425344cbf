//! A worker process: bounds itself, then answers one question after the other until there are no more.

use std::io::{self, BufReader, BufWriter};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::bounds::Bounds;
use super::wire;
use crate::failure::{Code, Failure};

/// The largest question that is taken, in bytes: the name of a file and little else.
const MAX_QUESTION_BYTES: usize = 1 << 20;

/// Answers what comes on standard input. `work` is to catch its own panics. From here on the process has no more memory
/// than the bounds allow, and each question no more processor time.
///
/// # Errors
/// Where whoever asks has gone away in the middle of a question, or asks what is none.
pub fn serve<Q: DeserializeOwned, A: Serialize>(bounds: &Bounds, work: impl Fn(Q) -> A) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(Code::Bug, "work in a process of its own").because(error);
    let (mut questions, mut answers) = (BufReader::new(io::stdin().lock()), BufWriter::new(io::stdout().lock()));
    bounds.limit_memory();
    // "Ready".
    wire::write(&mut answers, &[]).map_err(|error| failed(&error))?;
    while let Some(question) = wire::read(&mut questions, MAX_QUESTION_BYTES).map_err(|error| failed(&error))? {
        bounds.limit_processor_time();
        let question = serde_json::from_slice(&question).map_err(|error| failed(&error))?;
        let answer = serde_json::to_vec(&work(question)).map_err(|error| failed(&error))?;
        if wire::write(&mut answers, &answer).is_err() {
            // Nobody waits for it any more.
            return Ok(());
        }
    }
    Ok(())
}
