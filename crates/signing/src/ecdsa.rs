//! The form of ECDSA signatures. Programs and services that hold keys give DER, as X.509 wants it; COSE wants r and s.

use crate::algorithm::Algorithm;
use crate::error::RemoteKeyFault;

/// A signature in COSE's form (RFC 9053, section 2.1): DER of ECDSA (RFC 3279, section 2.2.3) becomes r and s at their full
/// length; what is not ECDSA, or has that length, stays. DER that short would need 48 leading zero bits in r and s,
/// and a signature taken for the other is found out where it is verified.
///
/// # Errors
/// [`RemoteKeyFault::Malformed`] where it is neither.
pub fn cose_signature(algorithm: Algorithm, signature: Vec<u8>) -> Result<Vec<u8>, RemoteKeyFault> {
    let (full, fixed) = match algorithm {
        Algorithm::Es256 => (
            64,
            p256::ecdsa::Signature::from_der(&signature).map(|fixed| fixed.to_vec()),
        ),
        Algorithm::Es384 => (
            96,
            p384::ecdsa::Signature::from_der(&signature).map(|fixed| fixed.to_vec()),
        ),
        Algorithm::Es512 => (
            132,
            p521::ecdsa::Signature::from_der(&signature).map(|fixed| fixed.to_vec()),
        ),
        Algorithm::Ed25519 | Algorithm::Ps256 | Algorithm::Ps384 | Algorithm::Ps512 => return Ok(signature),
    };
    match fixed {
        _ if signature.len() == full => Ok(signature),
        Ok(fixed) => Ok(fixed),
        Err(_) => Err(RemoteKeyFault::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn der_and_raw_are_one_signature(r in any::<[u8; 32]>(), s in any::<[u8; 32]>()) {
            let raw = [r, s].concat();
            let Ok(signature) = p256::ecdsa::Signature::from_slice(&raw) else {
                return Ok(());
            };
            let der = signature.to_der().as_bytes().to_vec();
            prop_assert_eq!(cose_signature(Algorithm::Es256, der), Ok(raw.clone()));
            prop_assert_eq!(cose_signature(Algorithm::Es256, raw.clone()), Ok(raw));
        }

        #[test]
        fn no_answer_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            for (algorithm, ..) in Algorithm::ALL {
                let _ = cose_signature(algorithm, bytes.clone());
            }
        }
    }

    #[test]
    fn small_numbers_are_padded_and_nonsense_refused() {
        let small = [0x30, 6, 2, 1, 1, 2, 1, 2];
        let padded = cose_signature(Algorithm::Es256, small.to_vec()).unwrap();
        assert_eq!((padded.len(), padded[31], padded[63]), (64, 1, 2));
        assert_eq!(cose_signature(Algorithm::Es384, small.to_vec()).unwrap().len(), 96);
        assert_eq!(cose_signature(Algorithm::Es512, small.to_vec()).unwrap().len(), 132);
        for nonsense in [&b""[..], b"AAAA", &small[..7], &[0; 63]] {
            assert_eq!(
                cose_signature(Algorithm::Es256, nonsense.to_vec()),
                Err(RemoteKeyFault::Malformed)
            );
        }
        assert_eq!(cose_signature(Algorithm::Ed25519, vec![1]), Ok(vec![1]));
    }
}
