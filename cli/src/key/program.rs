//! `cmd:PROGRAM ARGS..`: a program that signs one message and ends, as c2patool's `--signer-path` runs it, so that what was
//! written for that works here. Several run at once, since most of their time is spent waiting for a service.

use std::fmt;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Child;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use touchmark_signing::{Algorithm, CertificateChain, RemoteKey, RemoteKeyFault, cose_signature};

use super::process::{self, CommandLine, Complaint, Gate, MAX_SIGNATURE_BYTES, TIME_LIMIT};
use crate::failure::{Code, Failure};

/// How many programs run at once. Each may be an interpreter with a cloud's library.
const MAX_PROGRAMS: usize = 16;

/// c2patool's default of `--reserve-size`, which programs for it may demand. Nothing is reserved by it here.
const RESERVE_SIZE: &str = "20000";

/// The most bytes of an answer to `--signer-info`: a chain of certificates as PEM in JSON.
const MAX_INFO_BYTES: usize = 512 * 1024;

/// A key behind a program that is started for each signature.
pub struct ProgramKey {
    command: CommandLine,
    algorithm: Algorithm,
    gate: Gate,
    limit: Duration,
}

/// What a program says of itself.
#[derive(Debug)]
pub struct Info {
    pub algorithm: Algorithm,
    pub chain: CertificateChain,
}

/// The answer to `--signer-info`; what else is in it is for c2patool.
#[derive(Deserialize)]
struct InfoAnswer {
    alg: String,
    sign_cert: String,
}

impl ProgramKey {
    pub fn new(command: CommandLine, algorithm: Algorithm) -> Self {
        Self {
            command,
            algorithm,
            gate: Gate::new(MAX_PROGRAMS),
            limit: TIME_LIMIT,
        }
    }
}

impl RemoteKey for ProgramKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, RemoteKeyFault> {
        let _pass = self.gate.enter();
        let mut answer = run(&self.command, message, MAX_SIGNATURE_BYTES, self.limit);
        if matches!(answer, Err(Fault::Killed(_))) {
            // By the system, for want of memory for one: once more.
            answer = run(&self.command, message, MAX_SIGNATURE_BYTES, self.limit);
        }
        cose_signature(self.algorithm, answer?)
    }
}

impl fmt::Debug for ProgramKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProgramKey")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// The arguments that c2patool gives where it knows certificate and algorithm already.
pub fn arguments(algorithm: Algorithm, certificates: &Path) -> Vec<String> {
    let certificates = certificates.display().to_string();
    let all = [
        "--reserve-size",
        RESERVE_SIZE,
        "--alg",
        process::name_of(algorithm),
        "--sign-cert",
        &certificates,
    ];
    all.map(str::to_owned).to_vec()
}

/// Asks a program for its certificates and algorithm, as c2patool does where it was given none.
pub fn info(command: &CommandLine) -> Result<Info, Failure> {
    let failed = |why: String| {
        Failure::new(
            Code::KeyElsewhere,
            "ask the program for its certificates (--signer-info)",
        )
        .because(why)
        .with_next("give its certificates with --certificates FILE".to_owned())
    };
    let asked = command.clone().with(["--signer-info".to_owned()]);
    let answer = run(&asked, &[], MAX_INFO_BYTES, TIME_LIMIT)
        .map_err(|fault| failed(RemoteKeyFault::from(fault).to_string()))?;
    let answer: InfoAnswer = serde_json::from_slice(&answer)
        .map_err(|_| failed("its answer is not JSON with alg and sign_cert".to_owned()))?;
    Ok(Info {
        algorithm: process::named(&answer.alg).ok_or_else(|| failed("its algorithm is not known".to_owned()))?,
        chain: CertificateChain::from_pem(&answer.sign_cert)
            .map_err(|error| Failure::of_signing("use the certificates that the program names".to_owned(), &error))?,
    })
}

/// Why a program gave no answer.
enum Fault {
    Key(RemoteKeyFault),
    /// Ended by a signal.
    Killed(String),
}

impl From<Fault> for RemoteKeyFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Key(fault) => fault,
            Fault::Killed(how) => Self::Unavailable(how),
        }
    }
}

/// Gives a program its input and takes its output, within a size and a time.
fn run(command: &CommandLine, input: &[u8], max_bytes: usize, limit: Duration) -> Result<Vec<u8>, Fault> {
    let deadline = Instant::now() + limit;
    let mut child = command.start().map_err(Fault::Key)?;
    let mut complaint = child.stderr.take().map(Complaint::of);
    let mut said = || complaint.as_mut().map(Complaint::take).unwrap_or_default();
    let answer = exchange(&mut child, input, max_bytes);
    let late = || {
        let seconds = limit.as_secs();
        Fault::Key(RemoteKeyFault::Unavailable(format!(
            "no signature within {seconds} seconds"
        )))
    };
    let Ok(answer) = answer.recv_timeout(deadline.saturating_duration_since(Instant::now())) else {
        process::end(&mut child);
        return Err(late());
    };
    let status = match process::wait(&mut child, deadline) {
        Ok(Some(status)) => status,
        Ok(None) => return Err(late()),
        Err(error) => return Err(Fault::Key(RemoteKeyFault::Unavailable(error.to_string()))),
    };
    match (status.code(), answer) {
        // It may have been ended for it, writing to nobody.
        (_, answer) if answer.len() > max_bytes => Err(Fault::Key(RemoteKeyFault::Malformed)),
        (Some(0), answer) if answer.is_empty() => Err(Fault::Key(RemoteKeyFault::Malformed)),
        (Some(0), answer) => Ok(answer),
        (Some(code), _) => {
            let why = format!("exit code {code}: {}", said());
            Err(Fault::Key(RemoteKeyFault::Refused(why)))
        }
        (None, _) => Err(Fault::Killed(format!("its program was ended by a signal: {}", said()))),
    }
}

/// Writes the input and reads the output, each in a thread of its own: neither waits for the other, nor we for a child of
/// the program that keeps its pipes open after the program was ended.
fn exchange(child: &mut Child, input: &[u8], max_bytes: usize) -> mpsc::Receiver<Vec<u8>> {
    let (give, answer) = mpsc::channel();
    if let Some(mut stdin) = child.stdin.take() {
        let input = input.to_vec();
        // A program that does not read all of its input says by its exit code whether it minds.
        thread::spawn(move || stdin.write_all(&input));
    }
    if let Some(stdout) = child.stdout.take() {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // One more, so that too much is noticed; what comes after that is not waited for.
            let most = u64::try_from(max_bytes).unwrap_or(u64::MAX).saturating_add(1);
            let _ = stdout.take(most).read_to_end(&mut bytes);
            give.send(bytes)
        });
    }
    answer
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use touchmark_signing::{SecretKey, verify_signature};

    use super::*;

    fn key(line: &str) -> ProgramKey {
        ProgramKey::new(CommandLine::parse(line).unwrap(), Algorithm::Ed25519)
    }

    fn fault(line: &str) -> RemoteKeyFault {
        key(line).sign(b"message").unwrap_err()
    }

    #[test]
    fn what_a_program_answers_is_the_signature() {
        assert_eq!(key("cat").sign(b"message").unwrap(), b"message");
        let large = vec![7; MAX_SIGNATURE_BYTES];
        assert_eq!(key("cat").sign(&large).unwrap(), large);
        // Input that nobody reads is no fault.
        assert_eq!(key("printf answer").sign(&[0; 1 << 20]).unwrap(), b"answer");
    }

    #[test]
    fn what_goes_wrong_is_named() {
        assert!(matches!(fault("/nonexistent/signer"), RemoteKeyFault::Unavailable(_)));
        let RemoteKeyFault::Refused(why) = fault("sh -c 'echo no such key >&2; exit 3'") else {
            panic!("not refused");
        };
        assert!(why.contains("exit code 3") && why.ends_with("no such key"), "{why}");
        let RemoteKeyFault::Refused(why) = fault("sh -c 'yes complaint | head -c 100000 >&2; exit 1'") else {
            panic!("not refused");
        };
        assert!(why.len() < 600, "{}", why.len());
        assert_eq!(fault("true"), RemoteKeyFault::Malformed);
        for endless in ["head -c 5000 /dev/zero", "yes"] {
            assert_eq!(fault(endless), RemoteKeyFault::Malformed, "{endless}");
        }
        let der = ProgramKey::new(CommandLine::parse("cat").unwrap(), Algorithm::Es256);
        assert_eq!(der.sign(b"not a signature"), Err(RemoteKeyFault::Malformed));
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        for line in ["sleep 600", "sh -c 'exec 1>&-; sleep 600'", "sh -c 'sleep 600 & wait'"] {
            let hasty = ProgramKey {
                limit: Duration::from_millis(150),
                ..key(line)
            };
            let late = RemoteKeyFault::Unavailable("no signature within 0 seconds".to_owned());
            assert_eq!(hasty.sign(b"message"), Err(late), "{line}");
        }
    }

    #[test]
    fn a_program_that_is_killed_is_started_once_more() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("mark");
        let line = format!(
            "sh -c 'test -e {0} || {{ touch {0}; kill -9 $$; }}; cat'",
            mark.display()
        );
        assert_eq!(key(&line).sign(b"message").unwrap(), b"message");
        let RemoteKeyFault::Unavailable(why) = fault("sh -c 'kill -9 $$'") else {
            panic!("not unavailable");
        };
        assert!(why.contains("signal"), "{why}");
    }

    #[test]
    fn many_at_once_get_their_own_answers() {
        let key = key("cat");
        thread::scope(|scope| {
            for index in 0..40 {
                let key = &key;
                scope.spawn(move || {
                    let message = format!("message {index}");
                    assert_eq!(key.sign(message.as_bytes()).unwrap(), message.as_bytes());
                });
            }
        });
    }

    #[test]
    fn der_of_openssl_becomes_what_cose_wants() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key.pem");
        let secret = SecretKey::generate(Algorithm::Es256, &mut getrandom::SysRng).unwrap();
        std::fs::write(&file, secret.to_pem().unwrap().as_bytes()).unwrap();
        let line = format!("openssl dgst -sha256 -sign {}", file.display());
        let key = ProgramKey::new(CommandLine::parse(&line).unwrap(), Algorithm::Es256);
        for message in [&b"one"[..], b"two", b"three"] {
            let signature = key.sign(message).unwrap();
            assert_eq!(signature.len(), 64);
            let info = secret.public_key_info().unwrap();
            assert!(verify_signature(Algorithm::Es256, &info, message, &signature));
        }
    }
}
