//! c2pa's own way of signing, as the peer that our stamps are compared with and the maker of files we must read.

use c2pa::SigningAlg;
use touchmark::Signer;
use touchmark_signing::Algorithm;

/// Our identity behind c2pa's trait, with room for c2pa's padding beside the certificates.
pub struct CoseSigner(pub Signer);

impl c2pa::Signer for CoseSigner {
    fn sign(&self, data: &[u8]) -> c2pa::Result<Vec<u8>> {
        self.0
            .sign(data)
            .map_err(|fault| c2pa::Error::OtherError(Box::new(fault)))
    }

    fn alg(&self) -> SigningAlg {
        match self.0.algorithm() {
            Algorithm::Es256 => SigningAlg::Es256,
            Algorithm::Ps256 => SigningAlg::Ps256,
            _ => SigningAlg::Ed25519,
        }
    }

    fn certs(&self) -> c2pa::Result<Vec<Vec<u8>>> {
        Ok(self.0.chain_der().to_vec())
    }

    fn reserve_size(&self) -> usize {
        self.0.chain_der().iter().map(Vec::len).sum::<usize>() + self.0.signature_len() + 1024
    }
}
