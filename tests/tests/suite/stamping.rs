//! Every fixture picture stamps to "signed and unchanged", and its coded data stays as it is.

use time::OffsetDateTime;
use touchmark::evidence::{Credentials, Integrity, Level};
use touchmark::{Layer, Limits, Order, Stamper, Verifier, Want};
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
fn without_labels_nothing_but_the_store_is_added() {
    let identity = identity::fresh().unwrap();
    let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
    let disclosure = identity::disclosure().unwrap();
    for picture in PICTURES {
        let before = picture.bytes().unwrap();
        let order = Order {
            metadata: Want::No,
            ..Order::without_pixels(&disclosure)
        };
        let stamped = stamper.stamp_as(&before, &order, OffsetDateTime::now_utc()).unwrap();
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

#[test]
fn labels_change_no_pixel_and_stand_once() {
    let identity = identity::fresh().unwrap();
    let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
    let disclosure = identity::disclosure().unwrap();
    for picture in PICTURES {
        let before = picture.bytes().unwrap();
        let stamped = stamper
            .stamp_as(&before, &Order::without_pixels(&disclosure), OffsetDateTime::now_utc())
            .unwrap();
        assert_eq!(
            stamped.record().layers,
            [Layer::Manifest, Layer::Metadata],
            "{}",
            picture.name
        );
        let (before, after) = [before.as_slice(), stamped.bytes()]
            .map(|bytes| image::load_from_memory(bytes).unwrap_or_else(|error| panic!("{}: {error}", picture.name)))
            .into();
        assert!(before == after, "{}", picture.name);
        let image = SourceImage::parse(stamped.bytes(), &Limits::default()).unwrap();
        let container = image.container().unwrap();
        assert_eq!(container.metadata.xmp.len(), 1, "{}", picture.name);
        let packet = image.xmp(&container).unwrap().unwrap().packet;
        let packet = String::from_utf8(packet).unwrap();
        let guid = stamped.record().manifest.trim_start_matches("urn:c2pa:");
        assert_eq!(packet.matches(guid).count(), 1, "{}: {packet}", picture.name);
        assert_eq!(
            packet.matches("AISystemUsed>Example Diffusion<").count(),
            1,
            "{}",
            picture.name
        );
    }
}
