//! Requests that wait for their certificate: the key and the request in one file, in the folder of the identity that they
//! will be. The key is removed only after it stands beside its certificate.

use std::fs;
use std::io;
use std::path::PathBuf;

use touchmark_signing::{CertificateChain, CertificateRequest, SecretKey};
use zeroize::Zeroizing;

use super::{Identities, Kept, check_own_name, make_private_folder, private_options, read_secret};
use crate::failure::{Code, Failure};
use crate::files;

const REQUEST_FILE: &str = "request.pem";

/// A request that waits for its certificate.
#[derive(Debug)]
pub struct Pending {
    pub name: String,
    pub request: CertificateRequest,
    pub encrypted: bool,
}

impl Identities {
    /// Keeps a key and its request under a name, until [`Identities::complete`].
    pub fn keep_request(&self, name: &str, key: &str, request: &str) -> Result<(), Failure> {
        self.check_requestable(name)?;
        let folder = self.folder.join(name);
        make_private_folder(&folder)?;
        let text = Zeroizing::new(format!("{key}{request}"));
        let path = folder.join(REQUEST_FILE);
        // Never replaces: the key of an earlier request may be at an authority already.
        files::write_atomic(&path, text.as_bytes(), private_options(false)).map_err(|failure| match failure.code() {
            Code::OutputExists => failure.recast(Code::RequestPending, format!("make a request for {name:?}")),
            _ => failure,
        })
    }

    /// Whether a request can be kept under a name: none waits there, no identity that renews itself, and none whose key is
    /// elsewhere, which a key here would silently take the place of.
    pub fn check_requestable(&self, name: &str) -> Result<(), Failure> {
        check_own_name(name)?;
        let what = || format!("make a request for {name:?}");
        if self.is_requested(name) {
            return Err(Failure::new(Code::RequestPending, what()));
        }
        self.refuse_own(name, what)?;
        match self.has_reference(name) && !self.holds_key(name) {
            true => Err(Failure::new(Code::HeldElsewhere, what()).with_next(
                "request the certificate for that key with --key URI; or choose another --name for a key that is kept here"
                    .to_owned(),
            )),
            false => Ok(()),
        }
    }

    /// All requests that wait, by name. One that cannot be read is left out and named.
    pub fn requests(&self) -> Result<(Vec<Pending>, Vec<Failure>), Failure> {
        let (mut requests, mut failures) = (Vec::new(), Vec::new());
        for name in self.names()? {
            match self.request(&name) {
                Ok(pending) => requests.extend(pending),
                Err(failure) => failures.push(failure),
            }
        }
        Ok((requests, failures))
    }

    /// The request that waits under this name, where one does.
    pub fn request(&self, name: &str) -> Result<Option<Pending>, Failure> {
        if !self.is_requested(name) {
            return Ok(None);
        }
        let unusable = |failure: Failure| {
            let path = self.request_path(name);
            failure
                .recast(Code::RequestUnusable, format!("read the request {name:?}"))
                .with_next(format!(
                    "get {} from a backup; where no certificate is awaited for it, move it away",
                    path.display()
                ))
        };
        let text = self.request_text(name).map_err(unusable)?;
        let start = text.find("-----BEGIN CERTIFICATE REQUEST-----").unwrap_or_default();
        let request = CertificateRequest::from_pem(text.get(start..).unwrap_or_default())
            .map_err(|error| unusable(Failure::of_signing("read it".to_owned(), &error)))?;
        Ok(Some(Pending {
            name: name.to_owned(),
            request,
            encrypted: SecretKey::is_encrypted_pem(&text),
        }))
    }

    /// The text of a request's file: the key, and the request itself.
    pub fn request_text(&self, name: &str) -> Result<Zeroizing<String>, Failure> {
        read_secret(&self.request_path(name))
    }

    /// Makes an identity of a request's key and its certificates, or renews one that came from an authority. The request is
    /// over with that.
    pub fn complete(&self, name: &str, key: &Kept, chain: &CertificateChain) -> Result<(), Failure> {
        // Its folder is there already, with the request.
        self.keep(name, key, chain, true)?;
        let request = self.request_path(name);
        match fs::remove_file(&request) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Failure::writing(&request, &error)),
            _ => Ok(()),
        }
    }

    /// Whether a request waits under this name.
    pub(super) fn is_requested(&self, name: &str) -> bool {
        self.request_path(name).exists()
    }

    fn request_path(&self, name: &str) -> PathBuf {
        self.folder.join(name).join(REQUEST_FILE)
    }
}

/// The first private key of a text, as its PEM block alone.
pub fn key_block(text: &str) -> Zeroizing<String> {
    let mut block = Zeroizing::new(String::new());
    let mut inside = false;
    for line in text.lines() {
        inside |= line.starts_with("-----BEGIN ") && line.ends_with("PRIVATE KEY-----");
        if inside {
            block.push_str(line.trim_end());
            block.push('\n');
        }
        if inside && line.starts_with("-----END ") {
            break;
        }
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_cut_out_of_what_is_around_it() {
        let block = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n";
        let text = format!("-----BEGIN EC PARAMETERS-----\nBBBB\n-----END EC PARAMETERS-----\n{block}more\n{block}");
        assert_eq!(*key_block(&text), block);
        assert_eq!(*key_block(&text.replace('\n', "\r\n")), block);
        assert_eq!(*key_block("nothing"), "");
    }
}
