//! The objects of a token: the one private key that is meant, what it signs with, and its public half.

use cryptoki::error::Error as Pkcs11Error;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use ed25519_dalek::VerifyingKey;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Decode, Encode};
use x509_cert::der::oid::AssociatedOid;
use x509_cert::spki::EncodePublicKey;

use super::TokenUri;
use crate::algorithm::Algorithm;
use crate::error::TokenFault;

/// The private key that the reference means.
pub(super) fn find(session: &Session, uri: &TokenUri) -> Result<ObjectHandle, TokenFault> {
    let mut template = vec![Attribute::Class(ObjectClass::PRIVATE_KEY)];
    template.extend(
        uri.object
            .as_ref()
            .map(|label| Attribute::Label(label.clone().into_bytes())),
    );
    template.extend(uri.id.clone().map(Attribute::Id));
    match *session.find_objects(&template).map_err(failed)? {
        [key] => Ok(key),
        [] => Err(TokenFault::NoKey),
        _ => Err(TokenFault::SeveralKeys),
    }
}

/// Whether the token wants the PIN again for every signature (`CKA_ALWAYS_AUTHENTICATE`).
pub(super) fn asks_each_time(session: &Session, key: ObjectHandle) -> Result<bool, TokenFault> {
    let found = session
        .get_attributes(key, &[AttributeType::AlwaysAuthenticate])
        .map_err(failed)?;
    Ok(found.contains(&Attribute::AlwaysAuthenticate(true)))
}

/// What the key signs with, by its type and curve.
pub(super) fn algorithm(session: &Session, key: ObjectHandle) -> Result<Algorithm, TokenFault> {
    let found = session
        .get_attributes(key, &[AttributeType::KeyType, AttributeType::EcParams])
        .map_err(failed)?;
    let p256 = p256::NistP256::OID.to_der().unwrap_or_default();
    if found.contains(&Attribute::KeyType(KeyType::EC_EDWARDS)) {
        // Ed448 has this type too, and its signatures another length; the certificate must be for Ed25519.
        Ok(Algorithm::Ed25519)
    } else if found.contains(&Attribute::KeyType(KeyType::EC)) && found.contains(&Attribute::EcParams(p256)) {
        Ok(Algorithm::Es256)
    } else {
        Err(TokenFault::KeyKind)
    }
}

/// The public half, where the token has it: in an object of the same id, or else of the same label.
pub(super) fn public_key_info(session: &Session, key: ObjectHandle) -> Result<Option<Vec<u8>>, TokenFault> {
    let names = session
        .get_attributes(key, &[AttributeType::Id, AttributeType::Label])
        .map_err(failed)?;
    let named = |name: &&Attribute| match name {
        Attribute::Id(bytes) | Attribute::Label(bytes) => !bytes.is_empty(),
        _ => false,
    };
    let Some(name) = names.iter().find(named) else {
        return Ok(None);
    };
    let template = [Attribute::Class(ObjectClass::PUBLIC_KEY), name.clone()];
    let [public] = *session.find_objects(&template).map_err(failed)? else {
        return Ok(None);
    };
    let found = session
        .get_attributes(public, &[AttributeType::EcPoint])
        .map_err(failed)?;
    Ok(found.iter().find_map(|attribute| match attribute {
        Attribute::EcPoint(point) => encoded(point),
        _ => None,
    }))
}

/// The `SubjectPublicKeyInfo` of a point: version 2.40 wraps points into an OCTET STRING, some libraries do not.
fn encoded(point: &[u8]) -> Option<Vec<u8>> {
    let bare = <&OctetStringRef>::from_der(point).map_or(point, OctetStringRef::as_bytes);
    let document = match <&[u8; 32]>::try_from(bare) {
        Ok(bytes) => VerifyingKey::from_bytes(bytes).ok()?.to_public_key_der(),
        Err(_) => p256::PublicKey::from_sec1_bytes(bare).ok()?.to_public_key_der(),
    };
    document.ok().map(|document| document.as_bytes().to_vec())
}

fn failed(error: Pkcs11Error) -> TokenFault {
    TokenFault::of(&error)
}
