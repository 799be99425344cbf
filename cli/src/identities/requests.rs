//! Requests that wait for their certificate: the key and the request in one file, in the folder of the identity that they
//! will be. The key is removed only after it stands beside its certificate.

use std::fs;
use std::io;
use std::path::PathBuf;

use touchmark_signing::{Certificate, CertificateChain, CertificateRequest, SecretKey};
use zeroize::Zeroizing;

use super::{
    Identities, ROOT_FILE, SIGNING_FILE, check_name, make_private_folder, private_options, read_secret, write_private,
};
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

    /// Whether a request can be kept under a name: none waits there, and no identity that renews itself.
    pub fn check_requestable(&self, name: &str) -> Result<(), Failure> {
        check_name(name)?;
        let folder = self.folder.join(name);
        let what = format!("make a request for {name:?}");
        if folder.join(REQUEST_FILE).exists() {
            return Err(Failure::new(Code::RequestPending, what));
        }
        if folder.join(ROOT_FILE).exists() {
            return Err(Failure::new(Code::IdentityExists, what)
                .because("that identity has a root of its own")
                .with_next("choose another --name".to_owned()));
        }
        Ok(())
    }

    /// All requests that wait, by name.
    pub fn requests(&self) -> Result<Vec<Pending>, Failure> {
        let mut pending = Vec::new();
        for name in self.names()? {
            if self.is_requested(&name) {
                pending.push(self.pending(name)?);
            }
        }
        Ok(pending)
    }

    /// The text of a request's file: the key, and the request itself.
    pub fn request_text(&self, name: &str) -> Result<Zeroizing<String>, Failure> {
        read_secret(&self.request_path(name))
    }

    /// Makes an identity of a key and its certificates, or renews one that came from an authority. A request under the
    /// same name is over with that.
    pub fn complete(&self, name: &str, key: &str, chain: &CertificateChain) -> Result<(), Failure> {
        check_name(name)?;
        let folder = self.folder.join(name);
        make_private_folder(&folder)?;
        let signing = Zeroizing::new(format!("{key}{}", chain.to_pem()));
        write_private(&folder.join(SIGNING_FILE), signing.as_bytes())?;
        let request = self.request_path(name);
        match fs::remove_file(&request) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Failure::writing(&request, &error)),
            _ => Ok(()),
        }
    }

    /// The name of the identity that has this very certificate.
    pub fn name_of(&self, leaf: &Certificate) -> Result<Option<String>, Failure> {
        let (entries, _) = self.list()?;
        let same = entries.into_iter().find(|entry| entry.certificate == *leaf);
        Ok(same.map(|entry| entry.name))
    }

    /// Whether a request waits under this name.
    pub(super) fn is_requested(&self, name: &str) -> bool {
        self.request_path(name).exists()
    }

    fn request_path(&self, name: &str) -> PathBuf {
        self.folder.join(name).join(REQUEST_FILE)
    }

    fn pending(&self, name: String) -> Result<Pending, Failure> {
        let text = self.request_text(&name)?;
        let start = text.find("-----BEGIN CERTIFICATE REQUEST-----").unwrap_or_default();
        let request = CertificateRequest::from_pem(text.get(start..).unwrap_or_default())
            .map_err(|error| Failure::of_signing(format!("read the request {name:?}"), &error))?;
        Ok(Pending {
            name,
            request,
            encrypted: SecretKey::is_encrypted_pem(&text),
        })
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
