//! Signed pictures whose labels agree with the record, or contradict it.

use super::wrap::jpeg_xmp;
use super::xmp::{generated, source_type};
use super::{Case, case};
use crate::certificates::Plan;
use crate::forge::{Draft, Made, Seal, sign_into};
use crate::hostile::authority;

pub(super) const CASES: &[Case] = &[
    case("signed-and-labels-agree.jpg", || signed(Some(GENERATED), &generated())),
    case("signed-camera-labels-ai.jpg", || signed(Some(CAMERA), &generated())),
    case("signed-ai-labels-camera.jpg", || {
        signed(Some(GENERATED), &source_type("digitalCapture"))
    }),
    case("signed-source-type-omitted.jpg", || signed(None, &generated())),
    case("signed-composite-labels-ai.jpg", || {
        signed(Some(COMPOSITE), &generated())
    }),
];

const GENERATED: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
const CAMERA: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture";
const COMPOSITE: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/composite";

/// A picture with XMP, signed by an organisation on no list, whose record says this of its origin.
fn signed(says: Option<&str>, packet: &str) -> Made {
    let signer = Plan::signer("Example Pictures").issued_by(&authority()?)?;
    let draft = Draft::new("labelled", says, Seal::of(&signer));
    sign_into(&jpeg_xmp(packet)?, &draft, &[])
}
