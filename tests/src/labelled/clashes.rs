//! Signed pictures whose labels agree with the record, or contradict it.

use std::error::Error;

use coset::cbor::Value;

use super::wrap::jpeg_xmp;
use super::xmp::{generated, source_type};
use super::{Case, case};
use crate::certificates::Plan;
use crate::forge::{Assertion, Draft, Made, Seal, created, map, sign_into};
use crate::hostile::authority;

pub(super) const CASES: &[Case] = &[
    case("signed-and-labels-agree.jpg", || signed(Some(GENERATED), &generated())),
    case("signed-camera-labels-ai.jpg", || signed(Some(CAMERA), &generated())),
    case("signed-ai-labels-camera.jpg", || {
        signed(Some(GENERATED), &source_type("digitalCapture"))
    }),
    case("signed-source-type-omitted.jpg", source_type_omitted),
    case("signed-composite-labels-ai.jpg", || {
        signed(Some(COMPOSITE), &generated())
    }),
];

const GENERATED: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
const CAMERA: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture";
const COMPOSITE: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/composite";

/// A picture with XMP, signed by an organisation on no list, whose record says this of its origin.
fn signed(says: Option<&str>, packet: &str) -> Made {
    sign_into(&jpeg_xmp(packet)?, &draft(says)?, &[])
}

/// In a claim of version 1: of those of version 2, c2pa refuses what leaves the source type out.
fn source_type_omitted() -> Made {
    let mut draft = draft(None)?;
    draft.version_1 = true;
    let content = map([("actions", Value::Array(vec![created(None)]))]);
    draft.assertions = vec![Assertion::new("c2pa.actions", &content)?];
    sign_into(&jpeg_xmp(&generated())?, &draft, &[])
}

fn draft(says: Option<&str>) -> Result<Draft, Box<dyn Error>> {
    let signer = Plan::signer("Example Pictures").issued_by(&authority()?)?;
    Ok(Draft::new("labelled", says, Seal::of(&signer)))
}
