//! References to keys in tokens (RFC 7512, "The PKCS #11 URI Scheme"): read strictly, because what is passed over could
//! mean another key. A PIN in a reference is refused: command lines and settings are read by others.
#![warn(clippy::indexing_slicing)]

use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::{Result, TokenFault};

/// The longest reference that is read, in bytes: labels have at most 32, paths a few hundred.
const MAX_URI_BYTES: usize = 4096;

/// Which private key of which token is meant, and how to reach it. What is not given matches anything.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenUri {
    pub(super) token: Option<String>,
    pub(super) serial: Option<String>,
    pub(super) manufacturer: Option<String>,
    pub(super) model: Option<String>,
    pub(super) slot: Option<u64>,
    pub(super) object: Option<String>,
    pub(super) id: Option<Vec<u8>>,
    module: PathBuf,
    pin_source: Option<String>,
}

impl TokenUri {
    /// Reads a reference, from its `pkcs11:` on. `token`, `serial`, `manufacturer`, `model`, `slot-id`, `object`, `id` and
    /// `type` may choose; `module-path` must name the token's library; `pin-source` may name where the PIN is.
    ///
    /// # Errors
    /// [`TokenFault::Reference`] with what is wrong, [`TokenFault::PinInReference`], [`TokenFault::NoModule`].
    pub fn parse(text: &str) -> Result<Self> {
        let rest = text
            .strip_prefix("pkcs11:")
            .ok_or(TokenFault::Reference("it does not begin with pkcs11:"))?;
        if text.len() > MAX_URI_BYTES {
            return Err(TokenFault::Reference("it is too long").into());
        }
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut path = Attributes::of(path, ';')?;
        let mut query = Attributes::of(query, '&')?;
        if query.take("pin-value").is_some() {
            return Err(TokenFault::PinInReference.into());
        }
        let slot = path.text("slot-id")?.map(|text| text.parse());
        let uri = Self {
            token: path.text("token")?,
            serial: path.text("serial")?,
            manufacturer: path.text("manufacturer")?,
            model: path.text("model")?,
            slot: slot
                .transpose()
                .map_err(|_| TokenFault::Reference("its slot-id is not a number"))?,
            object: path.text("object")?,
            id: path.take("id"),
            module: match query.text("module-path")? {
                Some(module) if !module.is_empty() => PathBuf::from(module),
                _ => return Err(TokenFault::NoModule.into()),
            },
            pin_source: query.text("pin-source")?,
        };
        if path.text("type")?.is_some_and(|kind| kind != "private") {
            return Err(TokenFault::Reference("its type is not private").into());
        }
        // Section 2.3: an attribute that is not understood matches nothing. Those of the query may be passed over.
        match path.0.is_empty() {
            true => Ok(uri),
            false => Err(TokenFault::Reference("it has an attribute that touchmark does not know").into()),
        }
    }

    /// The library that talks to the token.
    pub fn module(&self) -> &Path {
        &self.module
    }

    /// Where the PIN is kept, as the reference says (`file:PATH`): reading it is the caller's.
    pub fn pin_source(&self) -> Option<&str> {
        self.pin_source.as_deref()
    }
}

impl fmt::Debug for TokenUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenUri").finish_non_exhaustive()
    }
}

/// Attributes of one part of the reference, each once, their values decoded.
struct Attributes<'a>(Vec<(&'a str, Vec<u8>)>);

impl<'a> Attributes<'a> {
    fn of(part: &'a str, separator: char) -> Result<Self> {
        let mut attributes: Vec<(&str, Vec<u8>)> = Vec::new();
        for attribute in part.split(separator).filter(|attribute| !attribute.is_empty()) {
            let (name, value) = attribute
                .split_once('=')
                .ok_or(TokenFault::Reference("it has an attribute without a value"))?;
            if attributes.iter().any(|(known, _)| *known == name) {
                return Err(TokenFault::Reference("it has an attribute twice").into());
            }
            attributes.push((name, decoded(value)?));
        }
        Ok(Self(attributes))
    }

    fn take(&mut self, name: &str) -> Option<Vec<u8>> {
        let at = self.0.iter().position(|(known, _)| *known == name)?;
        Some(self.0.swap_remove(at).1)
    }

    fn text(&mut self, name: &str) -> Result<Option<String>> {
        let text = self.take(name).map(String::from_utf8).transpose();
        text.map_err(|_| TokenFault::Reference("an attribute is not UTF-8").into())
    }
}

/// A value without its percent-encoding (RFC 3986, section 2.1).
fn decoded(value: &str) -> Result<Vec<u8>> {
    const FAULT: TokenFault = TokenFault::Reference("a % in it is not followed by two hexadecimal digits");
    let mut bytes = value.bytes();
    let mut decoded = Vec::with_capacity(value.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let mut digit = || {
                    let digit = bytes.next().and_then(|digit| char::from(digit).to_digit(16));
                    digit.and_then(|digit| u8::try_from(digit).ok()).ok_or(FAULT)
                };
                digit()? * 16 + digit()?
            }
            plain => plain,
        });
    }
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::Error;

    const MODULE: &str = "module-path=/usr/lib/softhsm/libsofthsm2.so";

    fn fault(text: &str) -> TokenFault {
        match TokenUri::parse(text) {
            Err(Error::Token(fault)) => fault,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn each_part_is_read() {
        let text = format!(
            "pkcs11:token=The%20token;serial=4711;manufacturer=M;model=x;slot-id=3;object=stamping;id=%01%ff;type=private\
             ?{MODULE}&pin-source=file:/run/pin&x-vendor=passed-over"
        );
        let uri = TokenUri::parse(&text).unwrap();
        assert_eq!(uri.token.as_deref(), Some("The token"));
        assert_eq!((uri.serial.as_deref(), uri.model.as_deref()), (Some("4711"), Some("x")));
        assert_eq!((uri.manufacturer.as_deref(), uri.slot), (Some("M"), Some(3)));
        assert_eq!(
            (uri.object.as_deref(), uri.id.as_deref()),
            (Some("stamping"), Some(&[1, 0xFF][..]))
        );
        assert_eq!(uri.module(), Path::new("/usr/lib/softhsm/libsofthsm2.so"));
        assert_eq!(uri.pin_source(), Some("file:/run/pin"));
        assert!(!format!("{uri:?}").contains("token"));
    }

    #[test]
    fn what_could_mean_another_key_is_refused() {
        for text in [
            "file:x".to_owned(),
            format!("pkcs11:token=a;token=b?{MODULE}"),
            format!("pkcs11:token?{MODULE}"),
            format!("pkcs11:tokken=a?{MODULE}"),
            format!("pkcs11:library-version=3?{MODULE}"),
            format!("pkcs11:type=cert?{MODULE}"),
            format!("pkcs11:slot-id=first?{MODULE}"),
            format!("pkcs11:id=%0?{MODULE}"),
            format!("pkcs11:id=%zz?{MODULE}"),
            format!("pkcs11:token=%ff?{MODULE}"),
            format!("pkcs11:token={}?{MODULE}", "a".repeat(MAX_URI_BYTES)),
        ] {
            assert!(matches!(fault(&text), TokenFault::Reference(_)), "{text}");
        }
        assert_eq!(fault("pkcs11:token=a"), TokenFault::NoModule);
        assert_eq!(fault("pkcs11:token=a?module-path="), TokenFault::NoModule);
        assert_eq!(fault("pkcs11:token=a?pin-value=1234"), TokenFault::PinInReference);
    }

    proptest! {
        #[test]
        fn any_label_and_id_come_back(label in "\\PC{0,32}", id in prop::collection::vec(any::<u8>(), 0..20)) {
            let encoded = |bytes: &[u8]| bytes.iter().map(|byte| format!("%{byte:02X}")).collect::<String>();
            let text = format!("pkcs11:object={};id={}?{MODULE}", encoded(label.as_bytes()), encoded(&id));
            let uri = TokenUri::parse(&text).unwrap();
            prop_assert_eq!((uri.object, uri.id), (Some(label), Some(id)));
        }

        #[test]
        fn no_text_makes_it_panic(text in "pkcs11:\\PC{0,80}") {
            let _ = TokenUri::parse(&text);
        }
    }
}
