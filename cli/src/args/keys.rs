//! The options of `keys`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::KeyReference;

#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  touchmark keys new --organisation \"Example Images\"
  touchmark keys request --organisation \"Example Images\" --country DE -o request.pem
  touchmark keys check --certificates chain.pem
  touchmark keys import --certificates chain.pem
  touchmark keys list")]
pub enum Keys {
    /// Make an identity: a root of its own and a signing certificate.
    #[command(after_help = "Examples:
  touchmark keys new --organisation \"Example Images\" --country DE
  TOUCHMARK_PASSPHRASE=... touchmark keys new --name studio --organisation \"Example Images\"

Readers elsewhere trust the identity once they trust its root: `touchmark trust add ROOT --purpose signers --name NAME`.")]
    New(KeysNew),
    /// Make a new key and certificate under the identity's own root.
    #[command(after_help = "Example:
  touchmark keys renew --name studio")]
    Renew(KeysRenew),
    /// Say rule by rule whether readers will accept certificates, why, and what to do.
    #[command(after_help = "Examples:
  touchmark keys check --certificates chain.pem
  touchmark keys check --certificates leaf.cer intermediates.p7b --key file:key.pem --json

Exit codes: 0 readers accept what is signed with them · 1 they do not (TM0321), or a file cannot be read · 2 usage.
Exit 0 does not say that readers know the signer: the last line does.")]
    Check(KeysCheck),
    /// Make a key, and a request to send to a certificate authority.
    #[command(after_help = "Examples:
  touchmark keys request --organisation \"Example Images\" --country DE -o request.pem
  touchmark keys request --name studio --organisation \"Example Images\" --country DE --common-name \"Studio 2\" -o request.pem
  touchmark keys request --key file:key.pem --organisation \"Example Images\" --country DE -o request.pem
  touchmark keys request --key 'cmd:./kms.sh KEY' --public-key public.pem --organisation \"Example Images\" --country DE -o request.pem

The key stays here; only the request goes to the authority. Organisation, country and common name must be those of the
list of conforming products. `touchmark keys import` takes what the authority sends back.")]
    Request(KeysRequest),
    /// Take the certificates that an authority issued, and make an identity of them and their key.
    #[command(after_help = "Examples:
  touchmark keys import --certificates leaf.cer intermediates.p7b
  touchmark keys import --certificates chain.pem --key file:key.pem --name studio
  touchmark keys import --certificates chain.pem --key 'pkcs11:token=studio;object=stamping?module-path=/usr/lib/softhsm/libsofthsm2.so'

The files may be PEM, DER or PKCS#7, in any order. Missing issuers are taken from the lists in force and the system.
A renewed certificate for the same key, or the rest of a chain, is imported the same way as the first; with --key and --name,
an imported identity gets another key or a new place of it.")]
    Import(KeysImport),
    /// List the identities on this machine, and the requests that wait.
    #[command(after_help = "Example:
  touchmark keys list --json")]
    List(KeysList),
}

#[derive(Debug, Args)]
pub struct KeysNew {
    /// The organisation that signs, as readers will see it.
    #[arg(long, value_name = "NAME")]
    pub organisation: String,
    /// What the certificate is called. Default: the organisation and "signer".
    #[arg(long, value_name = "NAME")]
    pub common_name: Option<String>,
    /// Where the organisation is established, two letters (ISO 3166-1).
    #[arg(long, value_name = "CC")]
    pub country: Option<String>,
    /// What the keys sign with: ed25519, the smallest and fastest, or es256, what authorities issue for.
    #[arg(long, value_enum, default_value_t = NewAlgorithm::Ed25519, hide_possible_values = true)]
    pub algorithm: NewAlgorithm,
    /// A name for the identity. The default identity has none.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Encrypt the keys with the passphrase in this file; the variable TOUCHMARK_PASSPHRASE works too.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct KeysRenew {
    /// The identity. The default identity has no name.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The file that holds the keys' passphrase; the variable TOUCHMARK_PASSPHRASE works too.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct KeysList {
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
}

/// What new keys sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NewAlgorithm {
    /// EdDSA with Ed25519: the smallest and fastest.
    Ed25519,
    /// ECDSA on P-256: what certificate authorities issue for.
    Es256,
}

#[derive(Debug, Args)]
pub struct KeysCheck {
    /// The signer's certificate and its issuers: PEM, DER or PKCS#7, in one file or several.
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub certificates: Vec<PathBuf>,
    /// Also say whether this private key belongs to the certificate; one that is kept elsewhere signs a line for that.
    #[arg(long, value_name = "URI", allow_hyphen_values = true)]
    pub key: Option<KeyReference>,
    /// The file that holds the key's passphrase; the variable TOUCHMARK_PASSPHRASE works too.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub passphrase_file: Option<PathBuf>,
    /// Judge as of this time, RFC 3339, so that a result can be repeated.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// One JSON object.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct KeysRequest {
    /// Where to write the request (PKCS#10, PEM); `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// The organisation that signs, as registered and as readers will see it.
    #[arg(long, value_name = "NAME")]
    pub organisation: String,
    /// Where the organisation is established, two letters (ISO 3166-1).
    #[arg(long, value_name = "CC")]
    pub country: String,
    /// What the certificate is called: the product. Default: the organisation and "signer".
    #[arg(long, value_name = "NAME")]
    pub common_name: Option<String>,
    /// A name for the identity. The default identity has none.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["key_output", "key"])]
    pub name: Option<String>,
    /// What the key signs with: es256, or ed25519, for which no authority on C2PA's list issues yet.
    #[arg(long, value_enum, default_value_t = NewAlgorithm::Es256, hide_possible_values = true, conflicts_with = "key")]
    pub algorithm: NewAlgorithm,
    /// Write the new key to this file, instead of keeping it here until `keys import`.
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    pub key_output: Option<PathBuf>,
    /// Request a certificate for this key instead of a new one: `file:PATH`, `env:NAME`, `pkcs11:..`, or `cmd:..`
    /// with --public-key.
    #[arg(long, value_name = "URI", allow_hyphen_values = true)]
    pub key: Option<KeyReference>,
    /// The public key of --key, PEM or DER, where that cannot be asked for it: behind a program, as its service exports it.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub public_key: Option<PathBuf>,
    /// Encrypt the new key with the passphrase in this file, or open the given key with it; the variable
    /// TOUCHMARK_PASSPHRASE works too.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Replace an existing request file.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct KeysImport {
    /// The certificates that the authority sent: PEM, DER or PKCS#7, in one file or several.
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub certificates: Vec<PathBuf>,
    /// Their private key. One in a file is copied; of one that is kept elsewhere the reference is. Default: that of the
    /// request they answer, or of the identity they renew.
    #[arg(long, value_name = "URI", allow_hyphen_values = true)]
    pub key: Option<KeyReference>,
    /// A name for the identity. Default: that of the request, or the default identity.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The file that holds the key's passphrase; the variable TOUCHMARK_PASSPHRASE works too.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}
