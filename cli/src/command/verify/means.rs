//! What a run of `verify` reads besides its pictures: each file once, for it may be a pipe.

use std::path::Path;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use touchmark::issuer::Directory;
use touchmark::report::{Language, hex};
use touchmark::{TrustLists, Verifier};
use touchmark_signing::trust::Purpose;

use crate::args::Verify;
use crate::config::Config;
use crate::failure::{Code, Failure};
use crate::files::{self, display_name};
use crate::identities::Identities;
use crate::lists::{self, Lists};
use crate::watermark::Secret;

/// The largest manifest store that is read from a file of its own.
const MAX_SIDECAR_BYTES: u64 = 64 * 1024 * 1024;

/// What pictures are held against.
pub struct Means {
    pub lists: TrustLists,
    /// Of the user's own watermarks.
    secret: Option<Secret>,
    /// The user's own.
    issuers: Option<Directory>,
    /// A manifest store that was given for the one picture.
    pub sidecar: Option<Vec<u8>>,
}

impl Means {
    pub fn read(args: &Verify, config: &Config) -> Result<Self, Failure> {
        Ok(Self {
            lists: trust_lists(args, config)?,
            secret: args.watermark.secret(config)?,
            issuers: args.issuers.directory(config)?,
            sidecar: args.sidecar.as_deref().map(read_store).transpose()?,
        })
    }

    /// A verifier with all of them. Documents are read where `is_bounded`, or where the user wants no bounds.
    pub fn verifier(&self, args: &Verify, is_bounded: bool) -> Result<Verifier, Failure> {
        let verifier = Verifier::new(self.lists.clone())
            .map_err(|error| Failure::of_touchmark("prepare verifying".to_owned(), &error))?;
        let verifier = match &self.secret {
            Some(secret) => verifier.with_watermark_keys(vec![secret.key()]),
            None => verifier,
        };
        let verifier = match &self.issuers {
            Some(directory) => verifier.with_issuers(directory.clone()),
            None => verifier,
        };
        let verifier = match is_bounded || args.isolation.no_isolate {
            true => verifier.with_documents(),
            false => verifier,
        };
        let verifier = match args.no_pixels {
            true => verifier.without_pixels(),
            false => verifier,
        };
        Ok(match args.presenting.show_prompts {
            true => verifier.with_prompts(),
            false => verifier,
        })
    }

    /// A digest of these and of all options that decide what is said of a picture, but for the policy and the form; `at`,
    /// language and country as far as they were given: a locale may be another tomorrow. In which process a picture is
    /// examined decides nothing.
    pub fn digest(&self, args: &Verify, at: Option<OffsetDateTime>) -> String {
        let sha256 = |bytes: &[u8]| hex(&Sha256::digest(bytes));
        let lists: Vec<_> = self
            .lists
            .lists()
            .iter()
            .map(|list| (list.name(), lists::purpose_word(list.purpose()), hex(&list.sha256())))
            .collect();
        let local: Vec<_> = self
            .lists
            .local_roots()
            .iter()
            .map(|root| hex(&root.sha256()))
            .collect();
        let issuers: Option<Vec<_>> = self.issuers.as_ref().map(|directory| {
            let issuers = directory.issuers();
            issuers
                .map(|issuer| (&issuer.domain, &issuer.detector, &issuer.removal))
                .collect()
        });
        let presenting = &args.presenting;
        let settings = serde_json::json!({
            "lists": lists,
            "local": local,
            "watermark_key": self.secret.as_ref().map(|secret| hex(&secret.digest())),
            "issuers": issuers,
            "sidecar": self.sidecar.as_deref().map(sha256),
            "at": at.map(OffsetDateTime::unix_timestamp),
            "pixels": !args.no_pixels,
            "online": args.online,
            "allow_private": args.allow_private,
            "language": presenting.lang.map(Language::tag),
            "country": presenting.country.map(|country| country.to_string()),
            "show_unverified": presenting.show_unverified,
            "show_prompts": presenting.show_prompts,
            "redact_names": presenting.redact_names,
        });
        sha256(settings.to_string().as_bytes())
    }
}

/// A manifest store from a file of its own.
pub fn read_store(path: &Path) -> Result<Vec<u8>, Failure> {
    files::read(path, MAX_SIDECAR_BYTES).map_err(|failure| match failure.code() {
        Code::OverLimit => failure.recast(Code::StoreTooLarge, format!("read {}", display_name(path))),
        _ => failure,
    })
}

fn trust_lists(args: &Verify, config: &Config) -> Result<TrustLists, Failure> {
    // Without a data folder there is nothing added and nothing local; the official lists stand.
    let mut lists = match config.data_dir() {
        Ok(_) => {
            let identities = Identities::new(config)?;
            match args.no_default_trust {
                true => lists::with_local(TrustLists::empty(), &identities),
                false => Lists::new(config)?.in_force(&identities)?,
            }
        }
        Err(_) if args.no_default_trust => TrustLists::empty(),
        Err(_) => TrustLists::official(),
    };
    for (index, path) in args.trust.iter().enumerate() {
        let name = match args.presenting.redact_names {
            true => format!("list {} of --trust", index + 1),
            false => lists::name_of_file(path, &lists),
        };
        lists = lists.with(lists::read(path, &name, Purpose::Signers)?.0);
    }
    Ok(lists)
}
