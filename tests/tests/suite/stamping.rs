//! Every fixture picture stamps to "signed and unchanged", and its coded data stays as it is.

use time::OffsetDateTime;
use touchmark::evidence::{Credentials, Integrity, Level};
use touchmark::{Limits, Stamper, Verifier};
use touchmark_image::SourceImage;
use touchmark_tests::identity;
use touchmark_tests::pictures::PICTURES;

#[test]
fn every_picture_stamps_to_attested_with_its_root_on_a_list() {
    let identity = identity::fresh().unwrap();
    let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
    let disclosure = identity::disclosure().unwrap();
    let verifier = Verifier::new(identity::trusting(&identity).unwrap()).unwrap();
    let now = OffsetDateTime::now_utc();
    for picture in PICTURES {
        let stamped = stamper.stamp(&picture.bytes().unwrap(), &disclosure, now).unwrap();
        let verdict = verifier.verify(stamped.bytes(), now).unwrap().verdict().clone();
        let axes = (verdict.level, verdict.credentials, verdict.integrity);
        assert_eq!(
            axes,
            (Level::Attested, Credentials::Trusted, Integrity::Intact),
            "{}",
            picture.name
        );
    }
}

#[test]
fn nothing_but_the_store_is_added() {
    let identity = identity::fresh().unwrap();
    let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
    let disclosure = identity::disclosure().unwrap();
    for picture in PICTURES {
        let before = picture.bytes().unwrap();
        let stamped = stamper.stamp(&before, &disclosure, OffsetDateTime::now_utc()).unwrap();
        let image = SourceImage::parse(stamped.bytes(), &Limits::default()).unwrap();
        let container = image.container().unwrap();
        let mut rest = stamped.bytes().to_vec();
        for range in container
            .stores
            .iter()
            .flat_map(|store| store.ranges.iter().rev().cloned())
        {
            rest.drain(range);
        }
        let (mut rest, mut before) = (rest.as_slice(), before.as_slice());
        if image.format() == touchmark::Format::WebP {
            // RIFF states its own size, and pads an odd body.
            (rest, before) = (&rest[8..], &before[8..]);
            rest = &rest[..before.len()];
        }
        assert!(rest == before, "{}", picture.name);
    }
}
