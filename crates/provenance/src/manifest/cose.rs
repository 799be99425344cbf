//! Looks into a claim's COSE signature ourselves (RFC 9052; C2PA 2.2, 13.2): whether it holds, who stamped its time, and
//! what lies beside it about revocation.
//!
//! c2pa 0.91 withholds `claimSignature.validated` where it rejects the *credential*, an expired one included. Whether
//! the signature itself holds is then asked here, so that "expired" is never mistaken for "altered".

use coset::iana::{self, EnumI64};
use coset::{
    CborSerializable, CoseSign1, Label, RegisteredLabelWithPrivate, SignatureContext, TaggedCborSerializable,
    sig_structure_data,
};
use touchmark_signing::trust::MAX_REVOCATION_ANSWERS;
use touchmark_signing::{Algorithm, Certificate, certificates_der, verify_signature};

use super::cbor::{self, field};
use super::countersign::timestamped;
use super::jumbf::Superbox;
use crate::names::label;

/// Whether the signature box of this manifest holds a signature over its claim by the first of these certificates (PEM).
///
/// `None` where certificate, claim, signature or algorithm cannot be read: then nothing is known.
pub(super) fn signature_holds(manifest: &Superbox<'_>, certificates: &str) -> Option<bool> {
    let signed = to_be_signed(manifest)?;
    let chain = certificates_der(certificates);
    let key = Certificate::from_der(chain.first()?).ok()?.public_key_info();
    Some(verify_signature(
        algorithm_of(signed.algorithm?)?,
        &key,
        &signed.bytes,
        &signed.signature,
    ))
}

/// What a claim's signature was made over, and the signature.
pub(super) struct Signed {
    /// The Sig_structure (RFC 9052, 4.4), which ends with the claim.
    pub bytes: Vec<u8>,
    pub signature: Vec<u8>,
    algorithm: Option<iana::Algorithm>,
}

/// Puts together what the signature box of this manifest was made over.
pub(super) fn to_be_signed(manifest: &Superbox<'_>) -> Option<Signed> {
    let claim = manifest
        .child(label::CLAIM_V2)
        .or_else(|| manifest.child(label::CLAIM_V1))?
        .content(b"cbor")?;
    let mut sign1 = sign1(manifest)?;
    // The payload is detached: the claim's bytes as they stand in the file.
    sign1.payload = Some(claim.to_vec());
    Some(Signed {
        bytes: sign1.tbs_data(&[]),
        algorithm: match sign1.protected.header.alg {
            Some(RegisteredLabelWithPrivate::Assigned(algorithm)) => Some(algorithm),
            _ => None,
        },
        signature: sign1.signature,
    })
}

fn algorithm_of(algorithm: iana::Algorithm) -> Option<Algorithm> {
    Algorithm::from_cose(algorithm.to_i64())
}

/// A time-stamp token beside a signature, as it stands there, and what it has to cover.
pub(super) struct TimestampToken {
    pub token: Vec<u8>,
    pub message: Vec<u8>,
}

/// The one time-stamp token on the signature (C2PA 2.2, 10.3.2.5): of the second version, over the signature; in claims of
/// version 1 also of the first, over the claim, which shows no more than that the claim was there.
pub(super) fn timestamp_token(manifest: &Superbox<'_>) -> Option<TimestampToken> {
    // Most signatures have none, and are not parsed again for that.
    memchr::memmem::find(manifest.child(label::SIGNATURE)?.content(b"cbor")?, b"sigTst")?;
    let sign1 = sign1(manifest)?;
    let token = |name: &str| {
        let is_it = |label: &Label| matches!(label, Label::Text(text) if text == name);
        let (_, header) = sign1.unprotected.rest.iter().find(|(label, _)| is_it(label))?;
        let tokens = field(header, "tstTokens")?;
        match tokens.as_array()?.as_slice() {
            [only] => field(only, "val")?.as_bytes().cloned(),
            _ => None,
        }
    };
    if let Some(token) = token("sigTst2") {
        let message = timestamped(&sign1)?;
        return Some(TimestampToken { token, message });
    }
    let claim = manifest.child(label::CLAIM_V1)?.content(b"cbor")?;
    let (context, protected) = (SignatureContext::CounterSignature, sign1.protected.clone());
    Some(TimestampToken {
        token: token("sigTst")?,
        message: sig_structure_data(context, protected, None, &[], claim),
    })
}

/// Whether the certificates stand in the protected header, so that nobody else can put others beside the signature: what
/// C2PA 2.2, 14.6, asks of claims of version 2.
pub(super) fn chain_is_protected(sign1: &CoseSign1) -> bool {
    /// `x5chain` (RFC 9360, 2).
    const X5CHAIN: Label = Label::Int(33);
    let is_named = |label: &Label| matches!(label, Label::Text(name) if name == "x5chain");
    let is_chain = |label: &Label| *label == X5CHAIN || is_named(label);
    let protected = &sign1.protected.header.rest;
    // By its name, as claims of version 1 have it, only where there is no other that c2pa might mean.
    let is_alone = || !sign1.unprotected.rest.iter().any(|(label, _)| is_chain(label));
    protected.iter().any(|(label, _)| *label == X5CHAIN)
        || protected.iter().any(|(label, _)| is_named(label)) && is_alone()
}

/// The answers about revocation in its certificate-status assertion, then those beside the signature (`rVals`), each an
/// `OCSPResponse` as it stands there: `{"ocspVals": [bytes]}` (C2PA 2.2, 10.3.2.6 and 18.20). Nothing about them is
/// checked here.
pub(super) fn revocation_answers(manifest: &Superbox<'_>) -> Vec<Vec<u8>> {
    let stapled = || {
        // Most signatures have none, and are not parsed again for that.
        memchr::memmem::find(manifest.child(label::SIGNATURE)?.content(b"cbor")?, b"rVals")?;
        let header = sign1(manifest)?.unprotected.rest;
        let is_stapled = |label: &Label| matches!(label, Label::Text(text) if text == "rVals");
        header.into_iter().find(|(label, _)| is_stapled(label))
    };
    let asserted = || {
        let assertion = manifest
            .child(label::ASSERTION_STORE)?
            .child(label::CERTIFICATE_STATUS)?;
        cbor::content(&assertion)
    };
    // What is signed comes first: anybody can add to the header, and only so many are looked at.
    let values = [asserted(), stapled().map(|(_, value)| value)];
    values
        .iter()
        .flatten()
        .filter_map(|value| field(value, "ocspVals")?.as_array())
        .flatten()
        .filter_map(|answer| answer.as_bytes().cloned())
        .take(MAX_REVOCATION_ANSWERS)
        .collect()
}

/// The claim's signature with its headers. `None` where it cannot be read.
pub(super) fn sign1(manifest: &Superbox<'_>) -> Option<CoseSign1> {
    let signature = manifest.child(label::SIGNATURE)?.content(b"cbor")?;
    CoseSign1::from_tagged_slice(signature)
        .or_else(|_| CoseSign1::from_slice(signature))
        .ok()
}
