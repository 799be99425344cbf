//! Private keys that are given on the command line of `keys`.

use touchmark_signing::{Passphrase, SecretKey};
use zeroize::Zeroizing;

use crate::args::KeyReference;
use crate::failure::{Code, Failure};
use crate::identities::{key_block, read_secret};

/// The key behind a reference to a file, and its PEM block as it stands there, encrypted or not. No message says more
/// of the reference than its scheme: what was typed in its place may be the key itself.
pub fn open(
    reference: &KeyReference,
    passphrase: Option<&Passphrase>,
) -> Result<(SecretKey, Zeroizing<String>), Failure> {
    let path = reference.file().ok_or_else(|| {
        let failure = Failure::new(Code::KeyReference, "use the key");
        match reference.scheme() {
            Some(scheme) => failure
                .because(format!("a key behind {scheme}: stays where it is"))
                .with_next(
                    "give file:PATH here; `touchmark stamp --key --certificates` signs with the others".to_owned(),
                ),
            None => failure.because("what was given does not begin with file:"),
        }
    })?;
    let text = read_secret(path).map_err(|failure| {
        let code = failure.code();
        failure.recast(code, "read the file given with --key")
    })?;
    let key = SecretKey::from_pem(&text, passphrase)
        .map_err(|error| Failure::of_signing("use the key given with --key".to_owned(), &error))?;
    Ok((key, key_block(&text)))
}
