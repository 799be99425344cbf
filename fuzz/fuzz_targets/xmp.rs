//! Any bytes are XMP that takes labels, or are refused; what took them reads back whole, with each label as it must be.
//! A byte that no UTF-8 holds parts the packet from its extended part. The same bytes are looked at as EXIF.
#![no_main]

use libfuzzer_sys::fuzz_target;
use time::macros::datetime;
use touchmark_provenance::Disclosure;
use touchmark_provenance::manifest::{Ids, Origin, PixelFacts, StampFacts};
use touchmark_provenance::metadata::{self, Existing, Label, LabelledXmp, Requests};

const DISCLOSURE: &str = r#"
schema = "touchmark-disclosure/1"
[provider]
name = "Example Images"
contact = "https://example.org/contact"
aigc_code = "001191110102MACQD9K64010000"
[system]
name = "Example <Diffusion>"
version = "3.1"
"#;

fuzz_target!(|bytes: &[u8]| {
    let _ = (metadata::exif::personal(bytes), metadata::exif::carries_aigc(bytes));
    let mut parts = bytes.splitn(2, |byte| *byte == 0xFF);
    let existing = Existing {
        main: parts.next(),
        extended: parts.next(),
        aigc_elsewhere: false,
    };
    let _ = metadata::personal(&existing);
    let Some(first) = label(&existing, [0x5A; 32]) else {
        return;
    };
    let had_aigc = first.kept.iter().any(|found| found.label == Label::Aigc);
    assert_eq!(
        aigc_labels(&first.packet),
        if had_aigc {
            aigc_labels(existing.main.unwrap_or_default())
        } else {
            1
        }
    );

    let again = Existing {
        main: Some(&first.packet),
        ..existing
    };
    let second = label(&again, [0xA5; 32]).expect("what was written is read");
    assert_eq!(aigc_labels(&second.packet), aigc_labels(&first.packet));
    assert!(second.replaced.is_empty());
});

/// Labels a picture's XMP, if it can be, and looks at what must hold for any.
fn label(existing: &Existing<'_>, random: [u8; 32]) -> Option<LabelledXmp> {
    let disclosure = Disclosure::from_toml(DISCLOSURE).expect("it is filled in");
    let facts = StampFacts {
        disclosure: &disclosure,
        origin: Origin::Created,
        created: datetime!(2026-11-22 10:00:00 UTC),
        ids: Ids::from_random(random),
        pixels: PixelFacts::none(),
        requests: &Requests::default(),
    };
    let labelled = metadata::label(existing, &facts).ok()?;
    let properties = metadata::read(&Existing {
        main: Some(&labelled.packet),
        ..Existing::default()
    });
    assert_eq!(properties.faults, []);
    if !properties.cut {
        let instances: Vec<_> = properties
            .all("http://ns.adobe.com/xap/1.0/mm/", "InstanceID")
            .collect();
        assert_eq!(instances.len(), 1);
        assert_eq!(instances[0].value.as_deref(), Some(&*facts.ids.instance_id()));
    }
    Some(labelled)
}

fn aigc_labels(packet: &[u8]) -> usize {
    let properties = metadata::read(&Existing {
        main: Some(packet),
        ..Existing::default()
    });
    let is_aigc = |namespace: &str| namespace.to_ascii_lowercase().contains("tc260.org.cn");
    properties
        .list
        .iter()
        .filter(|property| property.name == "AIGC" && is_aigc(&property.namespace))
        .count()
}
