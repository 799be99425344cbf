//! Keys that everybody has: the sample certificates of SDKs and our own tests. Anyone can sign with them, so a signature
//! by one of them says nothing about who signed, whatever list it stands on.

use std::sync::LazyLock;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use time::OffsetDateTime;

use super::path;
use crate::certificate::Certificate;
use crate::profile::Role;

/// A family of published test certificates, by its roots.
struct Family {
    name: &'static str,
    roots: &'static [u8],
}

const FAMILIES: [Family; 3] = [
    // Our own: fixtures/keys/test-root.pem, made from published seeds.
    Family {
        name: "touchmark test certificates",
        roots: include_bytes!("../../data/test-root-touchmark.pem"),
    },
    // contentauth/c2pa-rs, sdk/tests/fixtures/certs/trust/test_cert_root_bundle.pem at ff17cf30a (MIT or Apache-2.0).
    Family {
        name: "c2pa-rs test certificates",
        roots: include_bytes!("../../data/test-roots-c2pa-rs.pem"),
    },
    // microsoft/c2pa-extension-validator, test/trusted/root_CA.crt at b01dc42 (MIT).
    Family {
        name: "c2pa-extension-validator test certificates",
        roots: include_bytes!("../../data/test-root-microsoft.pem"),
    },
];

/// The unit in the subjects of c2pa-rs's sample certificates and their issuers. To write it into a certificate of one's
/// own is to disown it, so the name alone is enough.
const TEST_UNIT: &str = "FOR TESTING_ONLY";

static ROOTS: LazyLock<Vec<(&'static str, Vec<Certificate>)>> = LazyLock::new(|| {
    let read = |pem| {
        CertificateDer::pem_slice_iter(pem)
            .flatten()
            .filter_map(|der| Certificate::from_der(&der).ok())
            .collect()
    };
    FAMILIES
        .iter()
        .map(|family| (family.name, read(family.roots)))
        .collect()
});

/// The name of the test family that a chain belongs to: one of its certificates has a known root's key or says that it
/// is for testing, or the chain leads to a known root.
pub(super) fn find(chain: &[Certificate], times: &[OffsetDateTime]) -> Option<&'static str> {
    let shares_key = |roots: &[Certificate]| {
        chain
            .iter()
            .any(|one| roots.iter().any(|root| root.public_key_info() == one.public_key_info()))
    };
    let leads_to = |roots: &[Certificate]| {
        times
            .iter()
            .any(|at| path::find(chain, roots, *at, Role::ClaimSigner).is_ok())
    };
    let known = ROOTS
        .iter()
        .find(|(_, roots)| shares_key(roots) || leads_to(roots))
        .map(|(name, _)| *name);
    known.or_else(|| {
        chain
            .iter()
            .any(is_for_testing)
            .then_some("certificates marked as for testing only")
    })
}

fn is_for_testing(certificate: &Certificate) -> bool {
    [certificate.subject(), certificate.issuer()]
        .into_iter()
        .any(|name| name.unit.as_deref() == Some(TEST_UNIT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOW;

    #[test]
    fn every_test_root_is_read_and_recognised() {
        let counts: Vec<_> = ROOTS.iter().map(|(_, roots)| roots.len()).collect();
        assert_eq!(counts, [1, 8, 1]);
        for (name, roots) in ROOTS.iter() {
            for root in roots {
                assert_eq!(find(std::slice::from_ref(root), &[NOW]), Some(*name));
            }
        }
    }
}
