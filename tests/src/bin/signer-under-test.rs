//! A program that holds a key, as `cmd:` and `cmd+stream:` run one, with the faults that such programs have.
//!
//! `signer-under-test KEY CERTIFICATES [--delay MS] [--parallel] [--spoil] [--signer-info | --stream]`: waits that long
//! before each signature, spoils all signatures but that of touchmark's first, short message.

use std::error::Error;
use std::fs;
use std::io::{self, Read, Write};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::json;
use touchmark_signing::{CertificateChain, SecretKey, Signer};

/// Longer than what touchmark asks a key to sign to know it, shorter than any claim.
const SHORT: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [key, certificates, options @ ..] = arguments.as_slice() else {
        return Err("signer-under-test KEY CERTIFICATES [OPTIONS]".into());
    };
    let has = |name: &str| options.iter().any(|option| option == name);
    let value = |name: &str| {
        let at = options.iter().position(|option| option == name)?;
        options.get(at + 1)
    };
    let certificates = fs::read_to_string(certificates)?;
    let key = SecretKey::from_pem(&fs::read_to_string(key)?, None)?;
    let signer = Signer::new(key, CertificateChain::from_pem(&certificates)?)?;
    let holder = Holder {
        delay: Duration::from_millis(value("--delay").map_or(Ok(0), |text| text.parse())?),
        spoil: has("--spoil"),
        signer,
    };
    if has("--signer-info") {
        let algorithm = holder.signer.algorithm().to_string().to_lowercase();
        let algorithm = if algorithm == "eddsa" {
            "ed25519".to_owned()
        } else {
            algorithm
        };
        println!(
            "{}",
            json!({ "alg": algorithm, "sign_cert": certificates, "reserve_size": 20_000 })
        );
        return Ok(());
    }
    if has("--stream") {
        return stream(&holder, has("--parallel"));
    }
    let mut message = Vec::new();
    io::stdin().read_to_end(&mut message)?;
    Ok(io::stdout().write_all(&holder.sign(&message)?)?)
}

struct Holder {
    signer: Signer,
    delay: Duration,
    spoil: bool,
}

impl Holder {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, touchmark_signing::Error> {
        thread::sleep(self.delay);
        let mut signature = self.signer.sign(message)?;
        if let Some(last) = signature.last_mut().filter(|_| self.spoil && message.len() > SHORT) {
            *last ^= 1;
        }
        Ok(signature)
    }
}

/// Answers in the order of the requests; in parallel, as a program does that waits for a service.
fn stream(holder: &Holder, parallel: bool) -> Result<(), Box<dyn Error>> {
    let (give, answers) = mpsc::channel::<mpsc::Receiver<Vec<u8>>>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut stdout = io::stdout().lock();
            for signature in answers.into_iter().filter_map(|answer| answer.recv().ok()) {
                let length = u32::try_from(signature.len()).unwrap_or_default();
                if stdout
                    .write_all(&[&length.to_be_bytes()[..], &signature].concat())
                    .is_err()
                    || stdout.flush().is_err()
                {
                    return;
                }
            }
        });
        let mut stdin = io::stdin().lock();
        let mut length = [0; 4];
        while stdin.read_exact(&mut length).is_ok() {
            let mut message = vec![0; usize::try_from(u32::from_be_bytes(length))?];
            stdin.read_exact(&mut message)?;
            let (answer, answered) = mpsc::channel();
            let work = move || answer.send(holder.sign(&message).unwrap_or_default());
            if parallel {
                scope.spawn(work);
            } else {
                work()?;
            }
            give.send(answered)?;
        }
        Ok(())
    })
}
