//! Keys that everybody has: the sample certificates of SDKs and our own tests. Anyone can sign with them, so a signature
//! by one of them says nothing about who signed, whatever list it stands on.

use std::sync::LazyLock;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use time::OffsetDateTime;

use super::path;
use crate::certificate::Certificate;
use crate::profile::Role;

/// A family of published test certificates, by its roots. Organisation and keys say without reading the roots that a
/// chain has nothing to do with them.
struct Family {
    name: &'static str,
    /// O in the subject of each root.
    organisation: &'static str,
    /// The first eight bytes of SHA-256 of each root's `SubjectPublicKeyInfo`.
    keys: &'static [u64],
    roots: LazyLock<Vec<Certificate>>,
}

static FAMILIES: [Family; 3] = [
    // Our own: fixtures/keys/test-root.pem, made from published seeds.
    Family {
        name: "touchmark test certificates",
        organisation: "touchmark test identity",
        keys: &[0x23FB_F1A4_4836_573E],
        roots: LazyLock::new(|| read(include_bytes!("../../data/test-root-touchmark.pem"))),
    },
    // contentauth/c2pa-rs, sdk/tests/fixtures/certs/trust/test_cert_root_bundle.pem at ff17cf30a (MIT or Apache-2.0).
    Family {
        name: "c2pa-rs test certificates",
        organisation: "C2PA Test Root CA",
        keys: &[
            0x09DD_8527_BAF1_A66C,
            0x67D3_28B4_08A5_28E1,
            0xC703_D9D6_89AD_F081,
            0xC346_B342_738F_2148,
            0x9A4A_2E9D_74DF_5996,
            0x13C9_1E18_F154_15D1,
            0xEEEB_72E5_E7C2_553A,
            0xF9B8_5F6C_CC4E_BE2B,
        ],
        roots: LazyLock::new(|| read(include_bytes!("../../data/test-roots-c2pa-rs.pem"))),
    },
    // microsoft/c2pa-extension-validator, test/trusted/root_CA.crt at b01dc42 (MIT).
    Family {
        name: "c2pa-extension-validator test certificates",
        organisation: "C2PA Extension Validator",
        keys: &[0x1774_C82A_5E84_8507],
        roots: LazyLock::new(|| read(include_bytes!("../../data/test-root-microsoft.pem"))),
    },
];

/// The unit in the subjects of c2pa-rs's sample certificates and their issuers. To write it into a certificate of one's
/// own is to disown it, so the name alone is enough.
const TEST_UNIT: &str = "FOR TESTING_ONLY";

impl Family {
    /// Whether one of the chain's certificates has a root's key.
    fn shares_key(&self, chain: &[Certificate]) -> bool {
        let known = |certificate: &&Certificate| self.keys.contains(&beginning(certificate.public_key_sha256()));
        let mut suspects = chain.iter().filter(known);
        suspects.any(|one| {
            self.roots
                .iter()
                .any(|root| root.public_key_info() == one.public_key_info())
        })
    }

    /// Whether the chain leads to a root at one of these times.
    fn anchors(&self, chain: &[Certificate], times: &[OffsetDateTime]) -> bool {
        let names_a_root = |one: &Certificate| one.issuer().organisation.as_deref() == Some(self.organisation);
        chain.iter().any(names_a_root)
            && times
                .iter()
                .any(|at| path::find(chain, &self.roots, *at, Role::ClaimSigner).is_ok())
    }
}

/// The name of the test family that a chain belongs to: one of its certificates has a known root's key or says that it
/// is for testing, or the chain leads to a known root.
///
/// `linked` are those of the chain that signed one another.
pub(super) fn find(chain: &[Certificate], linked: &[Certificate], times: &[OffsetDateTime]) -> Option<&'static str> {
    let known = FAMILIES
        .iter()
        .find(|family| family.shares_key(chain) || family.anchors(linked, times))
        .map(|family| family.name);
    known.or_else(|| {
        chain
            .iter()
            .any(is_for_testing)
            .then_some("certificates marked as for testing only")
    })
}

fn read(pem: &[u8]) -> Vec<Certificate> {
    CertificateDer::pem_slice_iter(pem)
        .flatten()
        .filter_map(|der| Certificate::from_der(&der).ok())
        .collect()
}

fn beginning(digest: [u8; 32]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = digest;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
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
        let counts: Vec<_> = FAMILIES.iter().map(|family| family.roots.len()).collect();
        assert_eq!(counts, [1, 8, 1]);
        for family in &FAMILIES {
            for (root, key) in family.roots.iter().zip(family.keys) {
                let chain = std::slice::from_ref(root);
                assert_eq!(find(chain, chain, &[NOW]), Some(family.name));
                assert_eq!(root.subject().organisation.as_deref(), Some(family.organisation));
                assert_eq!(beginning(root.public_key_sha256()), *key);
            }
            assert_eq!(family.roots.len(), family.keys.len());
        }
    }
}
