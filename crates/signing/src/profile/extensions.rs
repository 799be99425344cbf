//! What the extensions that C2PA's Certificate Policy 0.2 asks for say in a certificate, where they can be read.
#![warn(clippy::indexing_slicing)]

use x509_cert::der::asn1::{ObjectIdentifier, Utf8StringRef};
use x509_cert::der::{Decode, Reader as _, SliceReader};
use x509_cert::ext::pkix::CertificatePolicies;

use crate::certificate::Certificate;
use crate::oid;

/// How well the key is protected, as the certificate authority found it (C2PA Generator Product Security Requirements).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AssuranceLevel {
    One,
    Two,
}

/// The assurance level, where the extension names one of the two.
pub(super) fn assurance_level(certificate: &Certificate) -> Option<AssuranceLevel> {
    match value::<ObjectIdentifier>(certificate, oid::ASSURANCE_LEVEL)? {
        oid::ASSURANCE_LEVEL_1 => Some(AssuranceLevel::One),
        oid::ASSURANCE_LEVEL_2 => Some(AssuranceLevel::Two),
        _ => None,
    }
}

/// Whether the certificate names the record of a product on the list of conforming products: a UUID of 36 characters.
pub(super) fn has_product_record(certificate: &Certificate) -> bool {
    let record = certificate.extension(oid::PRODUCT_RECORD);
    let text = record.and_then(|extension| Utf8StringRef::from_der(extension.extn_value.as_bytes()).ok());
    text.is_some_and(|text| is_uuid(text.as_ref()))
}

/// Whether the certificate was issued under C2PA's certificate policy.
pub(super) fn has_c2pa_policy(certificate: &Certificate) -> bool {
    value::<CertificatePolicies>(certificate, oid::CERTIFICATE_POLICIES).is_some_and(|policies| {
        policies
            .0
            .iter()
            .any(|policy| policy.policy_identifier == oid::C2PA_POLICY)
    })
}

fn value<T: for<'a> Decode<'a>>(certificate: &Certificate, id: ObjectIdentifier) -> Option<T> {
    let extension = certificate.extension(id)?;
    let mut reader = SliceReader::new(extension.extn_value.as_bytes()).ok()?;
    let value = T::decode(&mut reader).ok()?;
    reader.is_finished().then_some(value)
}

/// RFC 9562, section 4: 8-4-4-4-12 hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
