//! Manifests written by hand: a second writer beside the product's, which knows no rule that it would not break when
//! asked. The hostile fixtures are made with it, and no other C2PA library has a part in them.

pub mod jumbf;
mod picture;
mod seal;
mod token;

use std::error::Error;

use coset::cbor::{self, Value};
use sha2::{Digest, Sha256};

pub(crate) use picture::digest_outside;
pub use picture::{Binding, bound_to, sign_into, with_store};
pub use seal::{ChainHeader, Hand, Seal, Stamp};
pub use token::{revocation_answer, token, token_at};

/// What makes a fixture: its bytes, or why it could not be made.
pub type Made = Result<Vec<u8>, Box<dyn Error>>;

/// A manifest before it is signed. The default of [`Draft::new`] is valid and says nothing.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The manifest's label.
    pub label: String,
    /// Whether it is an update manifest, which leaves the content to its parent.
    pub update: bool,
    /// Whether its claim is of version 1, which is read and no longer written (C2PA 1.4, 11).
    pub version_1: bool,
    /// The addresses of assertions that it takes out of its ingredients.
    pub redactions: Vec<String>,
    /// The title of the picture.
    pub title: Option<String>,
    /// The name of the software that signs.
    pub generator: String,
    /// Its icon: a reference, or what stands in its place.
    pub icon: Option<Value>,
    /// The hash algorithm that the claim names for itself.
    pub algorithm: Option<&'static str>,
    /// The assertions without the hard binding.
    pub assertions: Vec<Assertion>,
    /// How it is bound to the picture.
    pub binding: Binding,
    /// The key, the certificates and the form of the signature.
    pub seal: Seal,
}

/// One assertion and where it stands.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// Its label.
    pub label: String,
    /// Its CBOR, or the file that it holds.
    pub content: Vec<u8>,
    /// The type of that file, and its name where it has one.
    pub file: Option<(&'static str, Option<&'static str>)>,
    /// Whether the claim names it.
    pub claimed: bool,
    /// Whether the assertion store holds it.
    pub stored: bool,
    /// Whether the claim names it among what it gathered, which is not the signer's own statement.
    pub gathered: bool,
}

/// A signed manifest, to stand in a store.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// Its label.
    pub label: String,
    /// Its superbox.
    pub bytes: Vec<u8>,
    signature: Vec<u8>,
}

impl Draft {
    /// A manifest with one action, `c2pa.created`, of this source type.
    pub fn new(name: &str, source_type: Option<&str>, seal: Seal) -> Self {
        Self {
            label: urn(name),
            update: false,
            version_1: false,
            redactions: Vec::new(),
            title: None,
            generator: "forge".to_owned(),
            icon: None,
            algorithm: Some("sha256"),
            assertions: actions(vec![created(source_type)]).into_iter().collect(),
            binding: Binding::Exact,
            seal,
        }
    }

    /// Signs it with these further assertions (the hard binding).
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn seal(&self, binding: Option<Assertion>) -> Result<Sealed, Box<dyn Error>> {
        let assertions: Vec<&Assertion> = self.assertions.iter().chain(&binding).collect();
        let boxes: Vec<Vec<u8>> = assertions.iter().map(|assertion| assertion.superbox()).collect();
        let claim = bytes(&self.claim(&assertions, &boxes))?;
        let cose = self.seal.over(&claim)?;

        let stored = assertions.iter().zip(&boxes).filter(|(assertion, _)| assertion.stored);
        let stored: Vec<u8> = stored.flat_map(|(_, superbox)| superbox.clone()).collect();
        let signature = jumbf::superbox(jumbf::SIGNATURE, "c2pa.signature", &jumbf::boxed(*b"cbor", &cose));
        let content = [
            jumbf::superbox(jumbf::ASSERTIONS, "c2pa.assertions", &stored),
            jumbf::superbox(jumbf::CLAIM, self.claim_label(), &jumbf::boxed(*b"cbor", &claim)),
            signature.clone(),
        ];
        let kind = match self.update {
            true => jumbf::UPDATE_MANIFEST,
            false => jumbf::MANIFEST,
        };
        Ok(Sealed {
            label: self.label.clone(),
            bytes: jumbf::superbox(kind, &self.label, &content.concat()),
            signature,
        })
    }

    fn claim_label(&self) -> &'static str {
        match self.version_1 {
            true => "c2pa.claim",
            false => "c2pa.claim.v2",
        }
    }

    /// The claim (C2PA 2.2, 10.2).
    fn claim(&self, assertions: &[&Assertion], boxes: &[Vec<u8>]) -> Value {
        let references = |gathered| -> Vec<Value> {
            let claimed = assertions.iter().zip(boxes).filter(|(assertion, _)| assertion.claimed);
            claimed
                .filter(|(assertion, _)| assertion.gathered == gathered)
                .map(|(assertion, superbox)| assertion.reference(superbox))
                .collect()
        };
        let instance = format!("xmp:iid:{}", self.label.trim_start_matches("urn:c2pa:"));
        let generator = [("name", text(&self.generator)), ("version", text("1.0"))];
        let generator = map(generator
            .into_iter()
            .chain(self.icon.clone().map(|icon| ("icon", icon))));
        let signature = format!("self#jumbf=/c2pa/{}/c2pa.signature", self.label);
        let references_name = match self.version_1 {
            true => "assertions",
            false => "created_assertions",
        };
        let mut entries = vec![
            ("instanceID", text(&instance)),
            (
                "claim_generator_info",
                match self.version_1 {
                    true => Value::Array(vec![generator]),
                    false => generator,
                },
            ),
            ("signature", text(&signature)),
            (references_name, Value::Array(references(false))),
        ];
        entries.extend(self.algorithm.map(|name| ("alg", text(name))));
        if self.version_1 {
            entries.push(("claim_generator", text(&self.generator)));
            entries.push(("dc:format", text("image/jpeg")));
        }
        if !self.redactions.is_empty() {
            let redactions = self.redactions.iter().map(|uri| text(uri)).collect();
            entries.push(("redacted_assertions", Value::Array(redactions)));
        }
        let gathered = Some(references(true)).filter(|gathered| !gathered.is_empty());
        entries.extend(gathered.map(|gathered| ("gathered_assertions", Value::Array(gathered))));
        entries.extend(self.title.as_deref().map(|title| ("dc:title", text(title))));
        map(entries)
    }
}

impl Assertion {
    /// An assertion that stands where it should.
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn new(label: &str, content: &Value) -> Result<Self, Box<dyn Error>> {
        Ok(Self::of_bytes(label, bytes(content)?))
    }

    /// An assertion of any bytes, CBOR or not.
    pub fn of_bytes(label: &str, content: Vec<u8>) -> Self {
        Self {
            label: label.to_owned(),
            content,
            file: None,
            claimed: true,
            stored: true,
            gathered: false,
        }
    }

    /// A file of this media type, such as a thumbnail.
    pub fn of_file(label: &str, media_type: &'static str, content: Vec<u8>) -> Self {
        Self {
            file: Some((media_type, None)),
            ..Self::of_bytes(label, content)
        }
    }

    /// The box in which it stands.
    pub fn superbox(&self) -> Vec<u8> {
        if let Some((media_type, name)) = self.file {
            return jumbf::embedded_file(&self.label, media_type, name, &self.content);
        }
        jumbf::superbox(jumbf::CBOR, &self.label, &jumbf::boxed(*b"cbor", &self.content))
    }

    /// The reference to it from its own manifest, where it stands in this box.
    pub fn reference(&self, superbox: &[u8]) -> Value {
        hashed_uri(&format!("self#jumbf=c2pa.assertions/{}", self.label), superbox)
    }
}

impl Sealed {
    /// The assertion that names this manifest as an ingredient of another.
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn as_ingredient(&self, relationship: &str) -> Result<Assertion, Box<dyn Error>> {
        self.as_ingredient_failing(relationship, &[])
    }

    /// The same, and the one who took it in recorded these failures: their codes, and the assertions they speak of.
    ///
    /// # Errors
    /// Those of the encoder; none is expected.
    pub fn as_ingredient_failing(
        &self,
        relationship: &str,
        failures: &[(&str, &str)],
    ) -> Result<Assertion, Box<dyn Error>> {
        let path = format!("self#jumbf=/c2pa/{}", self.label);
        let failures = failures.iter().map(|(code, assertion)| {
            let url = format!("{path}/c2pa.assertions/{assertion}");
            map([("code", text(code)), ("url", text(&url))])
        });
        let codes = map([
            ("success", Value::Array(vec![])),
            ("informational", Value::Array(vec![])),
            ("failure", Value::Array(failures.collect())),
        ]);
        let content = map([
            ("relationship", text(relationship)),
            ("activeManifest", hashed_uri(&path, &self.bytes)),
            (
                "claimSignature",
                hashed_uri(&format!("{path}/c2pa.signature"), &self.signature),
            ),
            ("validationResults", map([("activeManifest", codes)])),
        ]);
        Assertion::new("c2pa.ingredient.v3", &content)
    }
}

/// A manifest store of these manifests; the last one is active.
pub fn store<'a>(manifests: impl IntoIterator<Item = &'a Sealed>) -> Vec<u8> {
    let manifests: Vec<u8> = manifests.into_iter().flat_map(|one| one.bytes.clone()).collect();
    jumbf::superbox(jumbf::STORE, "c2pa", &manifests)
}

/// The actions assertion with these actions, in order.
///
/// # Errors
/// Those of the encoder; none is expected.
pub fn actions(actions: Vec<Value>) -> Result<Assertion, Box<dyn Error>> {
    Assertion::new("c2pa.actions.v2", &map([("actions", Value::Array(actions))]))
}

/// The assertions of a manifest that begins by opening this ingredient.
///
/// # Errors
/// Those of the encoder; none is expected.
pub fn opening(ingredient: Assertion) -> Result<Vec<Assertion>, Box<dyn Error>> {
    let reference = ingredient.reference(&ingredient.superbox());
    let parameters = map([("ingredients", Value::Array(vec![reference]))]);
    let opened = map([("action", text("c2pa.opened")), ("parameters", parameters)]);
    Ok(vec![actions(vec![opened])?, ingredient])
}

/// The action `c2pa.created` with this digital source type.
pub fn created(source_type: Option<&str>) -> Value {
    action("c2pa.created", source_type)
}

/// A creating action that says when it was done, RFC 3339.
pub fn created_at(source_type: Option<&str>, when: &str) -> Value {
    let mut action = created(source_type);
    if let Some(entries) = action.as_map_mut() {
        entries.push((text("when"), Value::Tag(0, Box::new(text(when)))));
    }
    action
}

/// An action with this digital source type.
pub fn action(name: &str, source_type: Option<&str>) -> Value {
    let source_type = source_type.map(|iri| ("digitalSourceType", text(iri)));
    map([("action", text(name))].into_iter().chain(source_type))
}

/// A CBOR map with text keys.
pub fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (text(key), value)).collect())
}

/// A CBOR text.
pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// The CBOR of a value.
///
/// # Errors
/// Those of the encoder; none is expected.
pub fn bytes(value: &Value) -> Made {
    let mut out = Vec::new();
    cbor::into_writer(value, &mut out)?;
    Ok(out)
}

/// A reference with the SHA-256 of what it refers to.
pub fn hashed_uri(url: &str, superbox: &[u8]) -> Value {
    let hash = Sha256::digest(jumbf::payload(superbox)).to_vec();
    map([("url", text(url)), ("hash", Value::Bytes(hash))])
}

/// A URN that belongs to a name, a version 4 UUID.
pub fn urn(name: &str) -> String {
    let mut half = [0; 16];
    half.copy_from_slice(&crate::seeded::bytes(name)[..16]);
    format!("urn:c2pa:{}", uuid::Builder::from_random_bytes(half).into_uuid())
}
