//! c2pa's own way of signing and reading.

use std::fs::{File, OpenOptions};
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use c2pa::{Builder, Context, Reader};
use touchmark::Signer;
use touchmark_tests::peer::CoseSigner;

/// The SDK with contexts that all calls share.
pub struct Peer {
    signing: Arc<Context>,
    reading: Arc<Context>,
}

const DEFINITION: &str = r#"{"claim_generator_info":[{"name":"peer","version":"1"}],"assertions":[{"label":"c2pa.actions.v2",
"data":{"actions":[{"action":"c2pa.created","digitalSourceType":"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"}]}}]}"#;

impl Peer {
    /// Signs with the same identity as touchmark, without thumbnail and without check after signing.
    pub fn new(signer: &Arc<Signer>) -> Result<Self, c2pa::Error> {
        let settings = r#"{"verify":{"verify_after_sign":false,"remote_manifest_fetch":false},"builder":{"thumbnail":{"enabled":false}}}"#;
        Ok(Self {
            signing: Arc::new(
                Context::new()
                    .with_settings(settings)?
                    .with_signer(CoseSigner(Signer::clone(signer))),
            ),
            reading: Arc::new(Context::new().with_settings(settings)?),
        })
    }

    pub fn sign(&self, mime: &str, bytes: &[u8]) -> Result<Vec<u8>, c2pa::Error> {
        let mut out = Cursor::new(Vec::new());
        self.builder()?
            .save_to_stream(mime, &mut Cursor::new(bytes), &mut out)?;
        Ok(out.into_inner())
    }

    /// As `Builder::sign_file` does, which is behind a feature that touchmark does not ask for.
    pub fn sign_file(&self, mime: &str, source: &Path, target: &Path) -> Result<Vec<u8>, c2pa::Error> {
        let mut source = File::open(source)?;
        let mut target = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(target)?;
        self.builder()?.save_to_stream(mime, &mut source, &mut target)
    }

    pub fn read(&self, mime: &str, bytes: &[u8]) -> Result<Reader, c2pa::Error> {
        Reader::from_shared_context(&self.reading).with_stream(mime, Cursor::new(bytes))
    }

    fn builder(&self) -> Result<Builder, c2pa::Error> {
        Builder::from_shared_context(&self.signing).with_definition(DEFINITION)
    }
}
