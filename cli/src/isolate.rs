//! Work on files that nobody vouches for, in processes of their own: one that dies over a file, never ends or takes too much
//! memory costs that file alone, and another takes the rest.
//!
//! A worker is this program again, started with a hidden subcommand. It says that it is ready; then questions go to its
//! standard input and answers come from its standard output, one after the other, so that it pays for its start once. What it
//! can answer early it says at once: that is left where the rest is too much. What it says on standard error is passed on.

mod bounds;
mod wire;
mod worker;

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::io::{self, BufRead, BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use bounds::Bounds;
use wire::Kind;
pub use worker::{end_for_memory, serve};

use crate::console::tell_user;
use crate::failure::{Code, Failure};

/// The largest answer that is taken, in bytes. A report on a store of a hundred thousand assertions has some ten million.
const MAX_ANSWER_BYTES: usize = 64 << 20;

/// How long a worker may take to be ready.
const START: Duration = Duration::from_secs(60);

/// Worker processes, as many as are asked at once. Share it between threads.
#[derive(Debug)]
pub struct Workers {
    program: PathBuf,
    arguments: Vec<OsString>,
    bounds: Bounds,
    idle: Mutex<Vec<Worker>>,
}

/// What a worker answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<A> {
    /// All of it.
    Whole(A),
    /// What it knew before it was given up.
    Part(A),
}

/// Why there is no answer.
#[derive(Debug)]
enum NoAnswer {
    /// No process could be started, or none of its kind can be spoken to.
    NotStarted(io::Error),
    /// It was gone before it was asked.
    Gone,
    /// It was given up over this question; what it had answered until then.
    GivenUp(Cause, Option<Vec<u8>>),
}

/// What a worker was given up for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Cause {
    /// More processor time than one question may take.
    ProcessorTime(Duration),
    /// No answer, however long it was waited.
    Time(Duration),
    /// More memory than it may have, in bytes.
    Memory(u64),
    /// Deeper recursion than there is room for.
    Stack,
    /// An answer that is none.
    Nonsense,
    /// An end for another reason, in words.
    Ended(String),
}

impl Cause {
    /// Whether a bound was not kept. What else ends a worker is no fault of the question's.
    fn is_of_bounds(&self) -> bool {
        match self {
            Self::ProcessorTime(_) | Self::Time(_) | Self::Memory(_) | Self::Stack => true,
            Self::Nonsense | Self::Ended(_) => false,
        }
    }
}

impl Workers {
    /// Workers that are this program, started with these arguments, which keep these bounds. None is started before it is
    /// needed.
    ///
    /// # Errors
    /// [`Code::NoWorker`] where the system does not say which program this is.
    pub fn new(arguments: Vec<OsString>, bounds: Bounds) -> Result<Self, Failure> {
        let program = this_program()
            .map_err(|error| Failure::new(Code::NoWorker, "find this program's own file").because(error))?;
        Ok(Self::of(program, arguments, bounds))
    }

    fn of(program: PathBuf, arguments: Vec<OsString>, bounds: Bounds) -> Self {
        Self {
            program,
            arguments,
            bounds,
            idle: Mutex::default(),
        }
    }

    /// Has a worker answer. `what` is what is being done, as a fragment that fits "failed to ..".
    ///
    /// # Errors
    /// [`Code::GivenUp`] where the worker did not live to answer any of it, or ended for another reason than a bound;
    /// [`Code::NoWorker`] where none can be started.
    pub fn ask<Q: Serialize, A: DeserializeOwned>(&self, what: &str, question: &Q) -> Result<Answer<A>, Failure> {
        let bug = |error: serde_json::Error| Failure::new(Code::Bug, what).because(error);
        let question = serde_json::to_vec(question).map_err(bug)?;
        match self.answer(&question) {
            Ok(answer) => serde_json::from_slice(&answer).map(Answer::Whole).map_err(bug),
            Err(NoAnswer::GivenUp(cause, Some(part))) if cause.is_of_bounds() => {
                serde_json::from_slice(&part).map(Answer::Part).map_err(bug)
            }
            Err(NoAnswer::GivenUp(cause, _)) => Err(Failure::new(Code::GivenUp, what).because(cause)),
            Err(NoAnswer::NotStarted(error)) => Err(Failure::new(Code::NoWorker, what).because(error)),
            Err(NoAnswer::Gone) => Err(Failure::new(Code::NoWorker, what).because("it ended before it was asked")),
        }
    }

    fn answer(&self, question: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        let idle = self.idle().pop();
        if let Some(worker) = idle {
            match self.ask_one(worker, question) {
                // It was gone already, or its memory may have gone to those before: the next one starts afresh.
                Err(NoAnswer::Gone | NoAnswer::GivenUp(Cause::Memory(_), _)) => {}
                answered => return answered,
            }
        }
        let worker = Worker::start(&self.program, &self.arguments).map_err(NoAnswer::NotStarted)?;
        self.ask_one(worker, question)
    }

    fn ask_one(&self, mut worker: Worker, question: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        if wire::write(&mut worker.questions, Kind::Question, question).is_err() {
            return Err(NoAnswer::Gone);
        }
        let mut part = None;
        loop {
            match worker.next(self.bounds.patience) {
                Ok(Ok((Kind::Part, known))) => part = Some(known),
                Ok(Ok((_, answer))) => {
                    self.idle().push(worker);
                    return Ok(answer);
                }
                Ok(Err(Nonsense)) => return Err(NoAnswer::GivenUp(Cause::Nonsense, part)),
                Err(RecvTimeoutError::Timeout) => {
                    return Err(NoAnswer::GivenUp(Cause::Time(self.bounds.patience), part));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(NoAnswer::GivenUp(worker.cause(&self.bounds), part));
                }
            }
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// This program. To Linux by what it runs: whoever replaces the file in a long run does not replace what the workers are. Where
/// `/proc` is missing, by the name that it was started by.
fn this_program() -> io::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    match cfg!(target_os = "linux") && running.exists() {
        true => Ok(running.to_owned()),
        false => env::current_exe().or_else(|error| env::args_os().next().map(PathBuf::from).ok_or(error)),
    }
}

/// What came out of a worker: a message, or what is none.
type Said = Result<(Kind, Vec<u8>), Nonsense>;

/// Bytes that are no message: after them nothing that comes can be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Nonsense;

/// A process that waits for questions. It is ended when dropped.
#[derive(Debug)]
struct Worker {
    child: Child,
    questions: BufWriter<ChildStdin>,
    answers: Receiver<Said>,
    /// What the runtime said of the end of the process.
    last_words: Option<JoinHandle<Option<LastWords>>>,
}

impl Worker {
    fn start(program: &Path, arguments: &[OsString]) -> io::Result<Self> {
        let mut child = Command::new(program)
            .args(arguments)
            // One picture at a time: threads of their own would only take address space from under the bound.
            .env("RAYON_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (Some(questions), Some(answers), Some(said)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let (give, take) = mpsc::channel();
        thread::spawn(move || read_answers(BufReader::new(answers), &give));
        let worker = Self {
            child,
            questions: BufWriter::new(questions),
            answers: take,
            last_words: Some(thread::spawn(move || pass_on(said))),
        };
        match worker.next(START) {
            Ok(Ok((Kind::Ready, _))) => Ok(worker),
            Err(RecvTimeoutError::Timeout) => Err(io::ErrorKind::TimedOut.into()),
            _ => Err(io::Error::other("it ended before it was ready")),
        }
    }

    /// The next message. Waits in steps: a step in which this process was stopped itself, however long, counts as one.
    fn next(&self, patience: Duration) -> Result<Said, RecvTimeoutError> {
        const STEP: Duration = Duration::from_millis(50);
        let mut left = patience;
        loop {
            let step = STEP.min(left);
            match self.answers.recv_timeout(step) {
                Err(RecvTimeoutError::Timeout) if left > step => left -= step,
                answered => return answered,
            }
        }
    }

    /// Why it ended, once it has closed its output.
    fn cause(&mut self, bounds: &Bounds) -> Cause {
        // An end under way is let happen, so that its own signal is seen. Where it only said nonsense, it is ended here.
        let status = wait(&mut self.child);
        if status.is_none() {
            end(&mut self.child);
        }
        let last_words = self.last_words.take().and_then(|reader| reader.join().ok()).flatten();
        match (last_words, status) {
            (Some(LastWords::OutOfMemory), _) => Cause::Memory(bounds.memory),
            (Some(LastWords::StackOverflow), _) => Cause::Stack,
            (None, Some(status)) => match bounds::ended_by(status) {
                Some(bounds::Ended::ProcessorTime) => Cause::ProcessorTime(bounds.processor_time),
                Some(bounds::Ended::Signal(signal)) => Cause::Ended(format!("it was ended by signal {signal}")),
                None => Cause::Ended(format!("it ended with {status}")),
            },
            // It closed its output and lives on.
            (None, None) => Cause::Nonsense,
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        end(&mut self.child);
        // What it said until then is passed on, unless something that it started keeps its output open.
        for _ in 0..500 {
            match &self.last_words {
                Some(reader) if !reader.is_finished() => thread::sleep(Duration::from_millis(1)),
                _ => return,
            }
        }
    }
}

/// Ends a process and takes its exit status, so that nothing is left of it.
fn end(child: &mut Child) {
    // Fails where it has ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

/// Waits for a process that is about to end, some seconds at most.
fn wait(child: &mut Child) -> Option<ExitStatus> {
    for _ in 0..5000 {
        match child.try_wait() {
            Ok(None) => thread::sleep(Duration::from_millis(1)),
            ended => return ended.ok().flatten(),
        }
    }
    None
}

/// Hands answers on until there are no more, or what comes is none. One that breaks off is the process's end, which tells more.
fn read_answers(mut from: BufReader<ChildStdout>, give: &mpsc::Sender<Said>) {
    loop {
        let said = match wire::read(&mut from, MAX_ANSWER_BYTES) {
            Ok(Some(message)) => Ok(message),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(Nonsense),
            _ => return,
        };
        let is_last = said.is_err();
        if give.send(said).is_err() || is_last {
            return;
        }
    }
}

/// What Rust's runtime says on standard error before it aborts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LastWords {
    OutOfMemory,
    StackOverflow,
}

/// Passes on what a worker says, until it ends; all but the runtime's words about its end.
fn pass_on(from: impl Read) -> Option<LastWords> {
    let mut last_words = None;
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        match LastWords::of(&line) {
            Some(words) => last_words = Some(words),
            None if last_words.is_none() && !line.trim().is_empty() => tell_user(line),
            None => {}
        }
    }
    last_words
}

impl LastWords {
    const MEMORY: &str = "memory allocation of ";

    fn of(line: &str) -> Option<Self> {
        if line.starts_with(Self::MEMORY) {
            Some(Self::OutOfMemory)
        } else if line.contains("has overflowed its stack") {
            Some(Self::StackOverflow)
        } else {
            None
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ProcessorTime(limit) => write!(f, "it took more than {} s of processor time", limit.as_secs()),
            Self::Time(limit) => write!(f, "there was no result within {} s", limit.as_secs()),
            Self::Memory(limit) => write!(f, "it took more than {} MiB of memory", limit >> 20),
            Self::Stack => f.write_str("it nests too deeply"),
            Self::Nonsense => f.write_str("its worker process gave no result"),
            Self::Ended(how) => write!(f, "its worker process did not survive it: {how}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_runtime_says_of_an_end_is_understood_and_the_rest_passed_on() {
        let said = |text: &str| pass_on(text.as_bytes());
        assert_eq!(said("note: nothing\n"), None);
        let out_of_memory = "memory allocation of 1073741824 bytes failed\n";
        assert_eq!(said(out_of_memory), Some(LastWords::OutOfMemory));
        let overflow = "\nthread 'main' (1) has overflowed its stack\nfatal runtime error: stack overflow, aborting\n";
        assert_eq!(said(overflow), Some(LastWords::StackOverflow));
    }

    #[cfg(unix)]
    mod processes {
        use super::*;

        fn workers(program: &str, arguments: &[&str]) -> Workers {
            let bounds = Bounds {
                patience: Duration::from_secs(600),
                ..Bounds::default()
            };
            Workers::of(program.into(), arguments.iter().map(OsString::from).collect(), bounds)
        }

        /// Says that it is ready, and goes on with this.
        fn shell(script: &str) -> Workers {
            workers("sh", &["-c", &format!("printf 'r\\000\\000\\000\\000'; {script}")])
        }

        /// Answers each question with itself, since an answer is framed as a question is.
        fn echo() -> Workers {
            shell("exec cat")
        }

        fn ask(workers: &Workers) -> Result<String, Failure> {
            workers.ask("test", &"question").map(|answer| match answer {
                Answer::Whole(answer) => answer,
                Answer::Part(part) => format!("part: {part}"),
            })
        }

        fn fails(workers: &Workers, code: Code, why: &str) {
            let failure = ask(workers).unwrap_err();
            assert_eq!(failure.code(), code, "{failure}");
            assert!(failure.says().contains(why), "{failure}");
        }

        #[test]
        fn a_worker_lives_on_and_there_are_as_many_as_are_asked_at_once() {
            let workers = echo();
            for _ in 0..10 {
                assert_eq!(ask(&workers).unwrap(), "question");
            }
            assert_eq!(workers.idle().len(), 1);
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| (0..50).for_each(|_| assert_eq!(ask(&workers).unwrap(), "question")));
                }
            });
            assert!((1..=4).contains(&workers.idle().len()));
        }

        #[test]
        fn what_a_worker_was_given_up_for_is_told() {
            let out_of_memory = "head -c 1 >/dev/null; echo memory allocation of 9 bytes failed >&2; kill -ABRT $$";
            for (script, why) in [
                ("head -c 1 >/dev/null; kill -SEGV $$", "ended by signal 11"),
                ("head -c 1 >/dev/null; exit 7", "exit status: 7"),
                (
                    "head -c 1 >/dev/null; ulimit -S -t 1; while :; do :; done",
                    "5 s of processor time",
                ),
                (out_of_memory, "512 MiB of memory"),
                (
                    "head -c 1 >/dev/null; echo \"thread 'x' has overflowed its stack\" >&2; kill -ABRT $$",
                    "nests too deeply",
                ),
            ] {
                fails(&shell(script), Code::GivenUp, why);
            }
            let hasty = Workers {
                bounds: Bounds {
                    patience: Duration::from_millis(100),
                    ..Bounds::default()
                },
                ..shell("exec sleep 600")
            };
            fails(&hasty, Code::GivenUp, "no result within");
        }

        #[test]
        fn nonsense_is_no_answer() {
            fails(&workers("yes", &[]), Code::NoWorker, "before it was ready");
            fails(
                &shell("head -c 1 >/dev/null; exec yes"),
                Code::GivenUp,
                "gave no result",
            );
            // And lives on: it is not waited for.
            fails(
                &shell("head -c 1 >/dev/null; echo garbage; exec sleep 600"),
                Code::GivenUp,
                "gave no result",
            );
            // As long as it says, and no JSON.
            fails(
                &shell("printf 'a\\000\\000\\000\\002no'; cat >/dev/null"),
                Code::Bug,
                "test",
            );
        }

        /// Where a bound was met. What else ends a worker says nothing about what is left.
        #[test]
        fn what_was_answered_before_a_bound_was_met_is_left() {
            let part = "printf 'p\\000\\000\\000\\003\"4\"'";
            let ended = |end: &str| shell(&format!("head -c 1 >/dev/null; {part}; {end}"));
            let overflow = "echo \"thread 'x' has overflowed its stack\" >&2; kill -ABRT $$";
            for bound in [overflow, "ulimit -S -t 1; while :; do :; done"] {
                let workers = ended(bound);
                assert_eq!(ask(&workers).unwrap(), "part: 4");
                assert!(workers.idle().is_empty());
            }
            fails(&ended("exit 1"), Code::GivenUp, "exit status: 1");
            fails(&ended("kill -KILL $$"), Code::GivenUp, "ended by signal 9");
        }

        #[test]
        fn where_none_can_be_started_nothing_is_blamed_on_the_file() {
            fails(&workers("/nonexistent", &[]), Code::NoWorker, "No such file");
            fails(&workers("false", &[]), Code::NoWorker, "before it was ready");
        }

        #[test]
        fn one_that_died_between_two_questions_is_replaced() {
            let workers = echo();
            assert!(ask(&workers).is_ok());
            end(&mut workers.idle()[0].child);
            assert_eq!(ask(&workers).unwrap(), "question");
            assert_eq!(workers.idle().len(), 1);
        }
    }

    #[test]
    fn causes_name_the_bound_that_was_met() {
        let five = Duration::from_secs(5);
        assert_eq!(
            Cause::ProcessorTime(five).to_string(),
            "it took more than 5 s of processor time"
        );
        assert_eq!(
            Cause::Memory(512 << 20).to_string(),
            "it took more than 512 MiB of memory"
        );
    }
}
