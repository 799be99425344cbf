//! Programs that hold keys, as processes: started without a shell and without our secrets, their answers and complaints
//! bounded, ended where they take too long.

use std::fmt;
use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use touchmark_signing::{Algorithm, RemoteKeyFault};

use crate::failure::{Code, Failure};

/// How long a signature may take. A person may have to touch a key or confirm on a telephone.
pub const TIME_LIMIT: Duration = Duration::from_secs(60);

/// The most bytes of an answer: an RSA key of 8192 bits signs with 1024.
pub const MAX_SIGNATURE_BYTES: usize = 4096;

/// How much of what a program complains of is shown: its end, in bytes.
const MAX_COMPLAINT_BYTES: usize = 500;

/// Variables that are for touchmark alone.
const OUR_SECRETS: [&str; 2] = [super::PIN_VARIABLE, crate::identities::PASSPHRASE_VARIABLE];

/// A program and its arguments; both may hold secrets, so `Debug` shows none.
#[derive(Clone)]
pub struct CommandLine {
    program: String,
    arguments: Vec<String>,
}

impl CommandLine {
    /// Splits a line as a POSIX shell does, quotes and backslashes included, without starting one.
    pub fn parse(line: &str) -> Result<Self, Failure> {
        let failed = |why: &str| Failure::new(Code::KeyReference, "read the command of the key").because(why);
        let mut words = shell_words::split(line)
            .map_err(|_| failed("a quotation mark is not closed"))?
            .into_iter();
        Ok(Self {
            program: words
                .next()
                .filter(|word| !word.is_empty())
                .ok_or_else(|| failed("it names no program"))?,
            arguments: words.collect(),
        })
    }

    /// The same with further arguments.
    pub fn with(mut self, arguments: impl IntoIterator<Item = String>) -> Self {
        self.arguments.extend(arguments);
        self
    }

    /// Starts the program with pipes for its input, its answer and its complaints.
    pub fn start(&self) -> Result<Child, RemoteKeyFault> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        OUR_SECRETS.iter().for_each(|name| {
            command.env_remove(name);
        });
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| RemoteKeyFault::Unavailable(format!("its program cannot be started: {error}")))
    }
}

impl fmt::Debug for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandLine").finish_non_exhaustive()
    }
}

/// The end of what a program writes to its standard error, read as it comes.
#[derive(Debug)]
pub struct Complaint {
    tail: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Complaint {
    pub fn of(mut stderr: impl Read + Send + 'static) -> Self {
        let tail = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&tail);
        let reader = thread::spawn(move || {
            let mut block = [0; 4096];
            while let Ok(read @ 1..) = stderr.read(&mut block) {
                let mut kept = lock(&kept);
                kept.extend_from_slice(block.get(..read).unwrap_or_default());
                let over = kept.len().saturating_sub(MAX_COMPLAINT_BYTES);
                kept.drain(..over);
            }
        });
        Self {
            tail,
            reader: Some(reader),
        }
    }

    /// What was written, on one line, after a program has ended. A child of its own may hold the pipe open: then what has
    /// come by now.
    pub fn take(&mut self) -> String {
        let deadline = Instant::now() + Duration::from_millis(200);
        while self.reader.as_ref().is_some_and(|reader| !reader.is_finished()) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
        let said = String::from_utf8_lossy(&lock(&self.tail))
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        match said.is_empty() {
            true => "it gave no reason".to_owned(),
            false => said,
        }
    }
}

/// Waits until a program ends, or ends it at the deadline.
pub fn wait(child: &mut Child, deadline: Instant) -> io::Result<Option<std::process::ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            end(child);
            return Ok(None);
        }
        // It has closed its output, so that it is about to end.
        thread::sleep(Duration::from_micros(200));
    }
}

/// Ends a program and takes its exit status, so that nothing is left of it.
pub fn end(child: &mut Child) {
    // Fails where it has ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

/// The algorithm as c2patool names it to programs that sign.
pub fn name_of(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Ed25519 => "ed25519",
        Algorithm::Es256 => "es256",
        Algorithm::Es384 => "es384",
        Algorithm::Es512 => "es512",
        Algorithm::Ps256 => "ps256",
        Algorithm::Ps384 => "ps384",
        Algorithm::Ps512 => "ps512",
    }
}

/// The algorithm that c2patool calls so.
pub fn named(name: &str) -> Option<Algorithm> {
    let mut all = Algorithm::ALL.into_iter().map(|(algorithm, ..)| algorithm);
    all.find(|algorithm| name_of(*algorithm).eq_ignore_ascii_case(name))
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A stop to how many things go on at once.
#[derive(Debug)]
pub struct Gate {
    free: Mutex<usize>,
    opened: std::sync::Condvar,
}

/// A place behind a [`Gate`], free again when dropped.
#[derive(Debug)]
pub struct Pass<'a>(&'a Gate);

impl Gate {
    pub fn new(places: usize) -> Self {
        Self {
            free: Mutex::new(places),
            opened: std::sync::Condvar::new(),
        }
    }

    /// Waits for a place.
    pub fn enter(&self) -> Pass<'_> {
        let mut free = lock(&self.free);
        while *free == 0 {
            free = self.opened.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        Pass(self)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        *lock(&self.0.free) += 1;
        self.0.opened.notify_one();
    }
}
