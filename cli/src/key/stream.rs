//! `cmd+stream:PROGRAM ARGS..`: a program that goes on running and signs one message after the other, so that starting it and
//! logging in to its service are paid once. Both ways each message is its length, 4 bytes with the highest first, and then
//! its bytes; answers come in the order of the requests, and one of length 0 refuses. Requests that wait are written
//! together, so that a program may sign them together.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use touchmark_signing::{Algorithm, RemoteKey, RemoteKeyFault, cose_signature};

use super::process::{self, CommandLine, Complaint, MAX_SIGNATURE_BYTES, TIME_LIMIT, lock};
use super::program;

/// How many such programs run at once, so that one that signs a message at a time keeps up too.
const MAX_WORKERS: usize = 8;

/// A key behind programs that keep running.
pub struct StreamKey {
    command: CommandLine,
    algorithm: Algorithm,
    workers: Mutex<Vec<Arc<Worker>>>,
    most: usize,
    limit: Duration,
}

/// One running program. Its input is closed, and so it ends, when the last one who uses it lets go.
struct Worker {
    requests: Sender<Request>,
    /// Requests that have no answer yet.
    open: AtomicUsize,
    child: Mutex<Child>,
    complaint: Mutex<Option<Complaint>>,
}

struct Request {
    message: Vec<u8>,
    answer: Sender<Vec<u8>>,
}

/// Who waits for an answer, in the order of the requests; none once the program has ended.
type Waiting = Arc<Mutex<Option<VecDeque<Sender<Vec<u8>>>>>>;

/// The arguments of `cmd:`, and one that asks for this way of speaking: one program may speak both.
pub fn arguments(algorithm: Algorithm, certificates: &Path) -> Vec<String> {
    let mut arguments = program::arguments(algorithm, certificates);
    arguments.push("--stream".to_owned());
    arguments
}

impl StreamKey {
    /// A key behind `command`, with all its arguments.
    pub fn new(command: CommandLine, algorithm: Algorithm) -> Self {
        Self {
            command,
            algorithm,
            workers: Mutex::new(Vec::new()),
            most: MAX_WORKERS,
            limit: TIME_LIMIT,
        }
    }

    /// The program with the least to do, started now where all are busy and another may be.
    fn worker(&self) -> Result<Arc<Worker>, RemoteKeyFault> {
        let mut workers = lock(&self.workers);
        let least = workers
            .iter()
            .min_by_key(|worker| worker.open.load(Ordering::Relaxed))
            .cloned();
        let worker = match least {
            Some(worker) if worker.open.load(Ordering::Relaxed) == 0 || workers.len() >= self.most => worker,
            _ => {
                let worker = Arc::new(Worker::start(&self.command)?);
                workers.push(Arc::clone(&worker));
                worker
            }
        };
        worker.open.fetch_add(1, Ordering::Relaxed);
        Ok(worker)
    }

    fn discard(&self, worker: &Arc<Worker>) {
        lock(&self.workers).retain(|known| !Arc::ptr_eq(known, worker));
    }

    /// One attempt; the inner error is what a program said that ended before it answered.
    fn attempt(&self, message: &[u8]) -> Result<Result<Vec<u8>, String>, RemoteKeyFault> {
        let worker = self.worker()?;
        let answer = worker.ask(message).recv_timeout(self.limit);
        worker.open.fetch_sub(1, Ordering::Relaxed);
        match answer {
            Ok(signature) if signature.is_empty() => Err(RemoteKeyFault::Refused(worker.said())),
            Ok(signature) => Ok(Ok(signature)),
            Err(RecvTimeoutError::Timeout) => {
                self.discard(&worker);
                worker.end();
                let seconds = self.limit.as_secs();
                Err(RemoteKeyFault::Unavailable(format!(
                    "no signature within {seconds} seconds"
                )))
            }
            Err(RecvTimeoutError::Disconnected) => {
                self.discard(&worker);
                worker.end();
                Ok(Err(worker.said()))
            }
        }
    }
}

impl RemoteKey for StreamKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, RemoteKeyFault> {
        let signature = match self.attempt(message)? {
            Ok(signature) => signature,
            // Once more, with another program.
            Err(_) => self.attempt(message)?.map_err(|why| {
                RemoteKeyFault::Unavailable(format!("its program ended without an answer, twice: {why}"))
            })?,
        };
        cose_signature(self.algorithm, signature)
    }
}

impl fmt::Debug for StreamKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamKey")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

impl Worker {
    fn start(command: &CommandLine) -> Result<Self, RemoteKeyFault> {
        let mut child = command.start()?;
        let (requests, asked) = mpsc::channel();
        let waiting: Waiting = Arc::new(Mutex::new(Some(VecDeque::new())));
        let answered = Arc::clone(&waiting);
        if let Some((stdin, stdout)) = child.stdin.take().zip(child.stdout.take()) {
            thread::spawn(move || write_requests(stdin, &asked, &waiting));
            thread::spawn(move || read_answers(BufReader::new(stdout), &answered));
        }
        Ok(Self {
            requests,
            open: AtomicUsize::new(0),
            complaint: Mutex::new(child.stderr.take().map(Complaint::of)),
            child: Mutex::new(child),
        })
    }

    /// Where the answer will come; nothing will where the program has ended.
    fn ask(&self, message: &[u8]) -> Receiver<Vec<u8>> {
        let (answer, answered) = mpsc::channel();
        // Fails where the program has ended, and then the answer's sender is gone with the request.
        let _ = self.requests.send(Request {
            message: message.to_vec(),
            answer,
        });
        answered
    }

    fn end(&self) {
        process::end(&mut lock(&self.child));
    }

    fn said(&self) -> String {
        lock(&self.complaint).as_mut().map(Complaint::take).unwrap_or_default()
    }
}

/// Writes requests as they come, all that wait in one go.
fn write_requests(mut stdin: ChildStdin, requests: &Receiver<Request>, waiting: &Waiting) {
    while let Ok(first) = requests.recv() {
        let mut bytes = Vec::new();
        let mut answers = VecDeque::new();
        for request in std::iter::once(first).chain(requests.try_iter()) {
            let Ok(length) = u32::try_from(request.message.len()) else {
                return;
            };
            bytes.extend(length.to_be_bytes());
            bytes.extend(request.message);
            answers.push_back(request.answer);
        }
        // Before they are written, so that no answer comes too early; no longer where the program has ended.
        match lock(waiting).as_mut() {
            Some(waiting) => waiting.append(&mut answers),
            None => return,
        }
        if stdin.write_all(&bytes).and_then(|()| stdin.flush()).is_err() {
            return;
        }
    }
}

/// Hands answers to those who wait for them, until the program ends or answers what nobody asked.
fn read_answers(mut stdout: BufReader<ChildStdout>, waiting: &Waiting) {
    while let Ok(answer) = read_answer(&mut stdout) {
        let first = lock(waiting).as_mut().and_then(VecDeque::pop_front);
        let Some(first) = first else { break };
        // Whoever asked may have given up.
        let _ = first.send(answer);
    }
    lock(waiting).take();
}

fn read_answer(stdout: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    stdout.read_exact(&mut length)?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > MAX_SIGNATURE_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut answer = vec![0; length];
    stdout.read_exact(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn key(line: &str) -> StreamKey {
        StreamKey::new(CommandLine::parse(line).unwrap(), Algorithm::Ed25519)
    }

    /// Answers each message with itself, since an answer is framed as a request is.
    const ECHO: &str = "cat";

    #[test]
    fn one_program_answers_many_requests_in_order() {
        let key = StreamKey { most: 1, ..key(ECHO) };
        thread::scope(|scope| {
            for index in 0..40 {
                let key = &key;
                scope.spawn(move || {
                    for round in 0..20 {
                        let message = format!("message {index} {round}");
                        assert_eq!(key.sign(message.as_bytes()).unwrap(), message.as_bytes());
                    }
                });
            }
        });
        assert_eq!(lock(&key.workers).len(), 1);
    }

    #[test]
    fn no_more_programs_run_than_may() {
        let key = key(ECHO);
        thread::scope(|scope| {
            for _ in 0..40 {
                scope.spawn(|| key.sign(b"message").unwrap());
            }
        });
        assert!((1..=MAX_WORKERS).contains(&lock(&key.workers).len()));
    }

    #[test]
    fn a_program_that_ends_is_started_again() {
        // Answers one message and ends.
        let key = StreamKey {
            most: 1,
            ..key("head -c 11")
        };
        for _ in 0..5 {
            assert_eq!(key.sign(b"message").unwrap(), b"message");
        }
        let RemoteKeyFault::Unavailable(why) = super::tests::key("sh -c 'echo out of order >&2'")
            .sign(b"message")
            .unwrap_err()
        else {
            panic!("not unavailable");
        };
        assert!(why.contains("twice") && why.ends_with("out of order"), "{why}");
    }

    #[test]
    fn an_empty_answer_refuses_and_the_next_is_for_the_next() {
        let key = StreamKey {
            most: 1,
            ..key(r"sh -c 'head -c 7 >/dev/null; echo not today >&2; printf \\0\\0\\0\\0; exec cat'")
        };
        assert_eq!(key.sign(b"one"), Err(RemoteKeyFault::Refused("not today".to_owned())));
        assert_eq!(key.sign(b"two").unwrap(), b"two");
    }

    #[test]
    fn nonsense_and_silence_end() {
        let endless = key("yes").sign(b"message");
        assert!(matches!(endless, Err(RemoteKeyFault::Unavailable(_))), "{endless:?}");
        let hasty = StreamKey {
            limit: Duration::from_millis(150),
            ..key("sleep 600")
        };
        let late = RemoteKeyFault::Unavailable("no signature within 0 seconds".to_owned());
        assert_eq!(hasty.sign(b"message"), Err(late));
        assert!(lock(&hasty.workers).is_empty());
        assert!(matches!(
            key("/nonexistent").sign(b"message"),
            Err(RemoteKeyFault::Unavailable(_))
        ));
    }
}
