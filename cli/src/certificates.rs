//! Certificates in files: those that are given, and those that this machine knows as issuers.

use std::path::{Path, PathBuf};

use touchmark_signing::trust::{MAX_LIST_BYTES, Purpose, TrustList, TrustLists};
use touchmark_signing::{Certificate, MAX_BUNDLE_BYTES, read_certificates};

use crate::failure::{Code, Failure};
use crate::files;

/// Where systems keep the issuers that they know, all in one file: Debian, Fedora, Alpine and macOS.
const SYSTEM_BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Reads the certificates of several files, PEM, DER or PKCS#7, in their order; repeated ones once.
pub fn read(paths: &[PathBuf]) -> Result<Vec<Certificate>, Failure> {
    let mut all: Vec<Certificate> = Vec::new();
    for path in paths {
        let bytes = files::read(path, MAX_BUNDLE_BYTES as u64).map_err(|failure| match failure.code() {
            // That code is about pictures.
            Code::OverLimit => failure
                .recast(
                    Code::CertificatesUnusable,
                    format!("read {}", files::display_name(path)),
                )
                .with_next("give the signer's certificate and its issuers alone".to_owned()),
            _ => failure,
        })?;
        let certificates = read_certificates(&bytes).map_err(|error| {
            Failure::of_signing(
                format!("read the certificates in {}", files::display_name(path)),
                &error,
            )
        })?;
        for certificate in certificates {
            if !all.contains(&certificate) {
                all.push(certificate);
            }
        }
    }
    Ok(all)
}

/// The newest of the certificates that are of this kind: an authority may send a renewed one with the earlier one.
pub fn newest(given: &[Certificate], is_it: impl Fn(&Certificate) -> bool) -> Option<&Certificate> {
    let matching = given.iter().filter(|one| is_it(one));
    matching.max_by_key(|one| one.not_before())
}

/// Issuers with which a chain can be completed: those on the lists in force, then the system's. They are looked at for
/// their names and signatures alone; none of them is trusted for being here.
pub fn known_issuers(lists: &TrustLists) -> Vec<Certificate> {
    let listed = lists
        .lists()
        .iter()
        .flat_map(|list| list.certificates().iter().cloned());
    listed.chain(of_system()).collect()
}

fn of_system() -> Vec<Certificate> {
    let bundle = SYSTEM_BUNDLES.iter().map(Path::new).find(|path| path.is_file());
    let pem = bundle.and_then(|path| files::read(path, MAX_LIST_BYTES as u64).ok());
    // Read as a list is, so that one that cannot be read is passed over; none of this is a failure.
    pem.and_then(|pem| TrustList::from_pem("system", Purpose::Legacy, &pem).ok())
        .map(|list| list.certificates().to_vec())
        .unwrap_or_default()
}
