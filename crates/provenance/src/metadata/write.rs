//! Writes the labels of a stamp: into a packet of their own, or into the one that is there, which otherwise stays as it
//! was to the byte.
//!
//! Which labels those are, `plan.rs` decides.

use std::borrow::Cow;
use std::ops::Range;

use super::fault::Part;
use super::labels::Name;
use super::packet::{Existing, Packet};
use super::plan::{Found, Plan, labels_in};
use super::scan::{Layout, RdfEnd};
use super::xml::escaped;
use crate::error::Error;
use crate::manifest::StampFacts;
use crate::names::xmp;

/// The XMP of a stamped picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledXmp {
    /// The packet, UTF-8. The extended part, where there is one, stays as it is.
    pub packet: Vec<u8>,
    /// The labels that were there and stay. Warn of those that do not [agree](Found::agrees).
    pub kept: Vec<Found>,
    /// The labels that were there and said something else than a stamp may: each is to be told. The instance ID is not
    /// among them; a new one is what it is for.
    pub replaced: Vec<Found>,
}

/// Makes the XMP of a picture that is about to be stamped.
///
/// Without an existing packet the new one has no padding and calls itself read-only: the manifest's hash covers it, so
/// nothing may change it in place (ISO 16684-1, 7.3.2). In an existing packet the labels take room from the padding,
/// so that its length stays; where the padding is too small, it stays and the packet grows.
///
/// # Errors
/// [`Error::Metadata`] for existing XMP that cannot be read to its end, [`Error::Manifest`] for a time of creation
/// that RFC 3339 cannot say.
pub fn label(existing: &Existing<'_>, facts: &StampFacts<'_>) -> Result<LabelledXmp, Error> {
    let mut hits = Vec::new();
    let main = labels_in(existing, Part::Main, &mut hits)?;
    labels_in(existing, Part::Extended, &mut hits)?;
    let plan = Plan::new(&hits, existing.aigc_elsewhere, facts)?;
    let packet = match main {
        None => new_packet(&plan.add),
        Some((packet, layout)) => changed_packet(packet, &layout, &plan),
    };
    Ok(LabelledXmp {
        packet: packet.into_bytes(),
        kept: plan.kept,
        replaced: plan.replaced,
    })
}

const HEADER: &str = "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n";
const TRAILER: &str = "\n<?xpacket end=\"r\"?>";

fn new_packet(labels: &[(Name, Cow<'_, str>)]) -> String {
    let mut out = String::with_capacity(FRAME + room(labels));
    out.push_str(HEADER);
    push(
        &mut out,
        &[
            "<x:xmpmeta xmlns:x=\"",
            xmp::META,
            "\" x:xmptk=\"touchmark ",
            env!("CARGO_PKG_VERSION"),
            "\">\n",
        ],
    );
    push(&mut out, &["<rdf:RDF xmlns:rdf=\"", xmp::RDF, "\">\n"]);
    description(&mut out, " rdf:about=\"\"", labels);
    out.push_str("</rdf:RDF>\n</x:xmpmeta>");
    out.push_str(TRAILER);
    out
}

fn changed_packet(packet: Packet<'_>, layout: &Layout, plan: &Plan<'_>) -> String {
    let text = |range: Range<usize>| packet.text.get(range).unwrap_or_default();
    let about = layout.about.clone().map_or("", text);
    // It was between quotation marks, so it has one kind at most.
    let quote = if about.contains('"') { "'" } else { "\"" };
    let attributes = [" xmlns:rdf=\"", xmp::RDF, "\" rdf:about=", quote, about, quote].concat();
    let mut added = String::with_capacity(room(&plan.add) + attributes.len());
    // The range of the packet in whose place comes what is added.
    let place = match &layout.rdf_end {
        RdfEnd::Missing => 0..0,
        RdfEnd::Tag(at) => {
            description(&mut added, &attributes, &plan.add);
            *at..*at
        }
        RdfEnd::Empty { name, at } => {
            added.push_str(">\n");
            description(&mut added, &attributes, &plan.add);
            push(&mut added, &["</", text(name.clone()), ">"]);
            *at..at + "/>".len()
        }
    };
    let edits = plan.edits.iter().map(|(range, with)| (range.clone(), with.as_str()));

    let mut out = String::with_capacity("\u{FEFF}".len() + packet.text.len() + added.len());
    if packet.byte_order_mark {
        out.push('\u{FEFF}');
    }
    let before = out.len();
    let mut from = 0;
    for (range, with) in edits.chain([(place, added.as_str())]) {
        push(&mut out, &[text(from..range.start), with]);
        from = range.end;
    }
    if let Some(padding) = layout.padding.clone() {
        out.push_str(text(from..padding.start));
        let written = out.len() - before;
        out.push_str(&resized(text(padding.clone()), padding.start, written));
        from = padding.end;
    }
    out.push_str(text(from..packet.text.len()));
    out
}

/// The padding, so much shorter or longer that the packet keeps its length, where what stands before it grew from
/// `old` to `new` bytes. Padding that is too small stays as it is.
fn resized(padding: &str, old: usize, new: usize) -> Cow<'_, str> {
    if let Some(grown) = new.checked_sub(old) {
        // White space is ASCII, so any place is the edge of a character.
        return padding
            .get(grown..)
            .filter(|left| !left.is_empty())
            .unwrap_or(padding)
            .into();
    }
    let mut longer = " ".repeat(old.saturating_sub(new));
    longer.push_str(padding);
    longer.into()
}

/// Bytes around the labels: header, elements, trailer and one description's own.
const FRAME: usize = 400;

/// Bytes that the labels take at most, if few characters in them are escaped.
fn room(labels: &[(Name, Cow<'_, str>)]) -> usize {
    let each = |(name, value): &(Name, Cow<'_, str>)| {
        2 * (name.prefix.len() + name.local.len()) + name.namespace.len() + 2 * value.len() + 32
    };
    FRAME + labels.iter().map(each).sum::<usize>()
}

/// A description that brings the prefixes of its labels with it, so that it fits into any packet. The `attributes` have
/// a blank before each.
fn description(out: &mut String, attributes: &str, labels: &[(Name, Cow<'_, str>)]) {
    if labels.is_empty() {
        return;
    }
    push(out, &["<rdf:Description", attributes]);
    for (index, (name, _)) in labels.iter().enumerate() {
        let is_declared = labels
            .iter()
            .take(index)
            .any(|(before, _)| before.prefix == name.prefix);
        if !is_declared {
            push(out, &["\n  xmlns:", name.prefix, "=\"", name.namespace, "\""]);
        }
    }
    out.push_str(">\n");
    for (name, value) in labels {
        push(
            out,
            &[
                " <",
                name.prefix,
                ":",
                name.local,
                ">",
                &escaped(value),
                "</",
                name.prefix,
                ":",
                name.local,
                ">\n",
            ],
        );
    }
    out.push_str("</rdf:Description>\n");
}

fn push(out: &mut String, pieces: &[&str]) {
    pieces.iter().for_each(|piece| out.push_str(piece));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::labels::Label;
    use crate::metadata::laws::{FILLED, facts};
    use crate::metadata::{Form, Prompt, RequestText, Requests, XmpFault, read};
    use crate::names::{METADATA_NAMESPACE, iptc};
    use crate::{Disclosure, metadata};

    const OTHER: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture";
    const AI: &str = "https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

    fn filled() -> Disclosure {
        Disclosure::from_toml(FILLED).unwrap()
    }

    fn main(packet: &[u8]) -> Existing<'_> {
        Existing {
            main: Some(packet),
            ..Existing::default()
        }
    }

    fn labelled(existing: &Existing<'_>) -> LabelledXmp {
        label(existing, &facts(&filled(), &Requests::default())).unwrap()
    }

    /// A packet with these attributes and elements in its one description.
    fn packet(attributes: &str, elements: &str) -> String {
        format!(
            "<?xpacket begin='\u{FEFF}' id='W5M0MpCehiHzreSzNTczkc9d'?>\n<x:xmpmeta xmlns:x='adobe:ns:meta/'>\n\
             <r:RDF xmlns:r='{}'>\n<r:Description r:about=\"urn:'a\" xmlns:mm='{}' xmlns:i='{}' xmlns:t='{}'{attributes}>\n\
             {elements}</r:Description>\n</r:RDF></x:xmpmeta>\n<?xpacket end='w'?>",
            xmp::RDF,
            xmp::MEDIA_MANAGEMENT,
            iptc::EXTENSION_NAMESPACE,
            xmp::AIGC,
        )
    }

    fn values(packet: &[u8], label: Label) -> Vec<Option<String>> {
        let name = label.name();
        let properties = read(&main(packet));
        assert_eq!(properties.faults, []);
        properties
            .all(name.namespace, name.local)
            .map(|property| property.value.clone())
            .collect()
    }

    #[test]
    fn a_packet_of_its_own_says_all_that_the_disclosure_says() {
        let disclosure = filled();
        let requests = Requests {
            prompt: Some(Prompt {
                text: RequestText::new("a <cat> & \"dog\"\n]]>").unwrap(),
                writer: Some(RequestText::new("A. Person").unwrap()),
            }),
            ..Requests::default()
        };
        let facts = facts(&disclosure, &requests);
        let labelled = label(&Existing::default(), &facts).unwrap();
        let properties = read(&main(&labelled.packet));
        let seen: Vec<_> = properties
            .list
            .iter()
            .map(|property| {
                (
                    &*property.namespace,
                    &*property.name,
                    property.value.as_deref().unwrap(),
                )
            })
            .collect();
        let manifest = facts.ids.manifest.to_string();
        let aigc = format!(
            r#"{{"Label":"1","ContentProducer":"001191110102MACQD9K64010000","ProduceID":"{manifest}","ReservedCode1":"","ContentPropagator":"001191110102MACQD9K64010000","PropagateID":"{manifest}","ReservedCode2":""}}"#
        );
        assert_eq!(
            seen,
            [
                (
                    iptc::EXTENSION_NAMESPACE,
                    "DigitalSourceType",
                    iptc::TRAINED_ALGORITHMIC_MEDIA
                ),
                (
                    iptc::EXTENSION_NAMESPACE,
                    "AISystemUsed",
                    "Example <Diffusion> & \"more\""
                ),
                (iptc::EXTENSION_NAMESPACE, "AISystemVersionUsed", "3.1"),
                (
                    iptc::EXTENSION_NAMESPACE,
                    "AIPromptInformation",
                    "a <cat> & \"dog\"\n]]>"
                ),
                (iptc::EXTENSION_NAMESPACE, "AIPromptWriterName", "A. Person"),
                (iptc::EXTENSION_NAMESPACE, "DigImageGUID", &manifest),
                (xmp::BASIC, "CreateDate", "2026-11-22T10:00:00Z"),
                (xmp::MEDIA_MANAGEMENT, "InstanceID", &facts.ids.instance_id()),
                (METADATA_NAMESPACE, "provider", "Example Images"),
                (METADATA_NAMESPACE, "detector", "https://example.org/detector?a=1&b=2"),
                (xmp::AIGC, "AIGC", &aigc),
            ]
        );
        assert!(properties.list.iter().all(|property| property.form == Form::Element));
        assert_eq!((labelled.kept, labelled.replaced), (vec![], vec![]));
    }

    #[test]
    fn a_disclosure_that_is_not_filled_in_says_nothing_of_a_system() {
        let disclosure = Disclosure::unfilled();
        let labelled = label(&Existing::default(), &facts(&disclosure, &Requests::default())).unwrap();
        let names: Vec<_> = read(&main(&labelled.packet))
            .list
            .into_iter()
            .map(|property| property.name)
            .collect();
        assert_eq!(names, ["DigitalSourceType", "DigImageGUID", "CreateDate", "InstanceID"]);
    }

    #[test]
    fn the_room_for_a_packet_is_foreseen() {
        let packet = labelled(&Existing::default()).packet;
        assert!(
            packet.capacity() < 2 * packet.len(),
            "{} of {}",
            packet.len(),
            packet.capacity()
        );
    }

    #[test]
    fn the_instance_id_is_replaced_in_each_form_and_nothing_else_changes() {
        let ours = facts(&filled(), &Requests::default()).ids.instance_id();
        let bag = "<mm:InstanceID><r:Bag><r:li>old</r:li></r:Bag></mm:InstanceID>";
        for (attributes, elements) in [
            (" mm:InstanceID='old'", ""),
            ("\n\tmm:InstanceID = \"old\" mm:DocumentID='d'", ""),
            ("", "<mm:InstanceID>old</mm:InstanceID>"),
            ("", "<mm:InstanceID r:resource='old'></mm:InstanceID>"),
            ("", "<mm:InstanceID ></mm:InstanceID>"),
            (" mm:InstanceID='old'", bag),
            (" mm:InstanceID='old'", "<mm:InstanceID/>"),
        ] {
            let pantry = "<mm:Pantry r:parseType='Resource'><mm:InstanceID>kept</mm:InstanceID></mm:Pantry>";
            let before = packet(attributes, &format!("{elements}{pantry}"));
            let after = String::from_utf8(labelled(&main(before.as_bytes())).packet).unwrap();
            assert_eq!(
                values(after.as_bytes(), Label::InstanceId),
                [Some(ours.clone())],
                "{before}"
            );
            let start = after.find("<rdf:Description").unwrap();
            let end = after.find("</rdf:Description>\n").unwrap() + "</rdf:Description>\n".len();
            assert!(after[start..].contains(" rdf:about=\"urn:'a\"\n"));
            let mut without = after.clone();
            without.replace_range(start..end, "");
            let expected = before
                .replace(&format!("\n{bag}"), "")
                .replace("\n<mm:InstanceID/>", "")
                .replace("<mm:InstanceID ><", &format!("<mm:InstanceID >{ours}<"))
                .replace("old", &ours);
            assert_eq!(without, expected);
        }
    }

    #[test]
    fn a_source_type_that_says_ai_stays_and_any_other_is_replaced_and_told() {
        for (attributes, elements) in [
            (format!(" i:DigitalSourceType='{AI}'"), String::new()),
            (
                String::new(),
                format!("<i:DigitalSourceType>{AI}</i:DigitalSourceType>"),
            ),
            (String::new(), format!("<i:DigitalSourceType r:resource='{AI}'/>")),
            (
                format!(" i:DigitalSourceType='{OTHER}'"),
                format!("<i:DigitalSourceType>{AI}</i:DigitalSourceType>"),
            ),
        ] {
            let labelled = labelled(&main(packet(&attributes, &elements).as_bytes()));
            assert_eq!(
                values(&labelled.packet, Label::DigitalSourceType),
                [Some(AI.to_owned())]
            );
            assert!(labelled.kept.iter().all(|found| found.agrees), "https: says the same");
            assert_eq!(labelled.replaced.len(), usize::from(attributes.contains(OTHER)));
        }
        for (attributes, elements, value) in [
            (format!(" i:DigitalSourceType='{OTHER}'"), String::new(), Some(OTHER)),
            (
                String::new(),
                "<i:DigitalSourceType>nonsense</i:DigitalSourceType>".to_owned(),
                Some("nonsense"),
            ),
            (
                String::new(),
                format!("<i:DigitalSourceFileType r:resource='{OTHER}'/>"),
                Some(OTHER),
            ),
            (
                String::new(),
                "<i:DigitalSourceType><r:Bag/></i:DigitalSourceType>".to_owned(),
                None,
            ),
        ] {
            let labelled = labelled(&main(packet(&attributes, &elements).as_bytes()));
            assert_eq!(
                values(&labelled.packet, Label::DigitalSourceType),
                [Some(iptc::TRAINED_ALGORITHMIC_MEDIA.to_owned())]
            );
            assert_eq!(values(&labelled.packet, Label::DigitalSourceFileType), []);
            let [replaced] = &labelled.replaced[..] else {
                panic!("{:?}", labelled.replaced);
            };
            assert_eq!((replaced.value.as_deref(), replaced.agrees), (value, false));
        }
    }

    #[test]
    fn an_aigc_label_is_neither_doubled_nor_changed_wherever_it_stands() {
        let json = "{&quot;Label&quot;:&quot;1&quot;}";
        let in_main = [
            packet(&format!(" t:AIGC='{json}'"), ""),
            packet("", &format!("<t:AIGC>{json}</t:AIGC>")),
            packet(
                "",
                &format!("<z:AIGC xmlns:z='http&#58;//www.tc260.org.cn/ns/AIGC/2.0'>{json}</z:AIGC>"),
            ),
            packet(
                "",
                &format!("<i:Nested r:parseType='Resource'><t:AIGC>{json}</t:AIGC></i:Nested>"),
            ),
            packet("", "").replace(
                "</r:RDF>",
                &format!("</r:RDF><t:AIGC xmlns:t='{}'>{json}</t:AIGC>", xmp::AIGC),
            ),
        ];
        for before in &in_main {
            let labelled = labelled(&main(before.as_bytes()));
            let after = String::from_utf8(labelled.packet).unwrap();
            assert_eq!(after.matches("AIGC").count(), before.matches("AIGC").count(), "{after}");
            assert!(after.contains(json));
            assert_eq!(
                labelled.kept.iter().filter(|found| found.label == Label::Aigc).count(),
                1
            );
        }
        let plain = packet("", "");
        let extended = Existing {
            main: Some(plain.as_bytes()),
            extended: Some(in_main[0].as_bytes()),
            ..Existing::default()
        };
        let elsewhere = Existing {
            aigc_elsewhere: true,
            ..Existing::default()
        };
        for existing in [extended, elsewhere] {
            assert_eq!(values(&labelled(&existing).packet, Label::Aigc), []);
        }
    }

    #[test]
    fn other_labels_stay_and_are_told_where_they_differ() {
        let before = packet(
            " i:DigImageGUID='theirs' i:AISystemUsed='Other'",
            "<c:CreateDate xmlns:c='http://ns.adobe.com/xap/1.0/'>2026-11-22T11:00:00+01:00</c:CreateDate>",
        );
        let labelled = labelled(&main(before.as_bytes()));
        let kept: Vec<_> = labelled.kept.iter().map(|found| (found.label, found.agrees)).collect();
        assert_eq!(
            kept,
            [
                (Label::AiSystemUsed, false),
                (Label::DigImageGuid, false),
                (Label::CreateDate, true),
            ]
        );
        for (label, value) in [
            (Label::DigImageGuid, "theirs"),
            (Label::AiSystemUsed, "Other"),
            (Label::CreateDate, "2026-11-22T11:00:00+01:00"),
        ] {
            assert_eq!(values(&labelled.packet, label), [Some(value.to_owned())]);
        }
        assert_eq!(
            values(&labelled.packet, Label::AiSystemVersionUsed),
            [],
            "ours is not that system's"
        );
    }

    #[test]
    fn a_version_without_a_system_is_replaced_and_told() {
        let before = packet(" i:AISystemVersionUsed='9'", "");
        let labelled = labelled(&main(before.as_bytes()));
        assert_eq!(
            values(&labelled.packet, Label::AiSystemVersionUsed),
            [Some("3.1".to_owned())]
        );
        assert_eq!(labelled.replaced.len(), 1);
    }

    #[test]
    fn a_label_in_the_extended_part_stays_there() {
        let other = packet(&format!(" i:DigitalSourceType='{OTHER}' i:DigImageGUID='theirs'"), "");
        let plain = packet("", "");
        let existing = Existing {
            main: Some(plain.as_bytes()),
            extended: Some(other.as_bytes()),
            ..Existing::default()
        };
        let labelled = labelled(&existing);
        assert_eq!(values(&labelled.packet, Label::DigImageGuid), []);
        assert_eq!(values(&labelled.packet, Label::DigitalSourceType).len(), 1);
        assert_eq!(labelled.replaced, []);
        assert!(
            labelled
                .kept
                .iter()
                .all(|found| found.part == Part::Extended && !found.agrees)
        );
    }

    #[test]
    fn padding_gives_the_room_that_labels_take() {
        let padded =
            |room: usize| packet("", "").replace("\n<?xpacket end", &format!("\n{}\n<?xpacket end", " ".repeat(room)));
        let grown = labelled(&main(packet("", "").as_bytes())).packet.len() - packet("", "").len();
        for room in [grown - 1, grown, grown + 1, 4096] {
            let before = padded(room);
            let after = labelled(&main(before.as_bytes())).packet;
            assert_eq!(after.len(), before.len(), "{room}");
            assert!(after.ends_with(b"\n<?xpacket end='w'?>"));
        }
        let before = padded(100);
        let after = labelled(&main(before.as_bytes())).packet;
        assert_eq!(after.len(), before.len() + grown, "padding that is too small stays");
    }

    #[test]
    fn padding_takes_the_room_that_labels_leave() {
        let first = labelled(&main(packet("", "").as_bytes())).packet;
        let again = String::from_utf8(first)
            .unwrap()
            .replace("xmp:iid:", "a much longer instance id of another program");
        let after = labelled(&main(again.as_bytes())).packet;
        assert_eq!(after.len(), again.len());
    }

    #[test]
    fn a_byte_order_mark_stays_and_an_empty_rdf_element_is_opened() {
        let before = format!("\u{FEFF}<q:RDF xmlns:q='{}' />\0", xmp::RDF);
        let after = String::from_utf8(labelled(&main(before.as_bytes())).packet).unwrap();
        assert!(
            after.starts_with(&format!("\u{FEFF}<q:RDF xmlns:q='{}' >", xmp::RDF)),
            "{after}"
        );
        assert!(after.ends_with("</q:RDF>"));
        assert_eq!(values(after.as_bytes(), Label::CreateDate).len(), 1);
    }

    #[test]
    fn a_packet_with_nothing_in_it_gives_way_to_a_new_one() {
        let new = labelled(&Existing::default()).packet;
        for bare in [
            "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?> <?xpacket end='w'?>",
            "<x:xmpmeta xmlns:x='adobe:ns:meta/' x:xmptk='XMP Core 6.0.0'/>",
        ] {
            assert_eq!(labelled(&main(bare.as_bytes())).packet, new, "{bare}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_by_name() {
        let with = |text: &str| packet("", text);
        for (text, fault) in [
            ("<!DOCTYPE r [<!ENTITY a 'b'>]><r/>".to_owned(), XmpFault::DocumentType),
            ("<a/>".to_owned(), XmpFault::NotRdf),
            (
                with("").replace(
                    "</r:RDF>",
                    "</r:RDF><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
                ),
                XmpFault::SeveralRdf,
            ),
            (with(&"<i:a>".repeat(100)), XmpFault::TooDeep(64)),
            (
                "<?xml version='1.0' encoding='latin1'?><a/>".to_owned(),
                XmpFault::NotUtf8,
            ),
        ] {
            assert_eq!(fault_of(&text), fault, "{text}");
        }
        let many: String = (0..200).map(|index| format!(" xmlns:n{index}='urn:{index}'")).collect();
        let nested = format!("<i:a{many}><i:b{many}/></i:a>");
        assert_eq!(fault_of(&with(&nested)), XmpFault::TooManyNamespaces(256));
        let many: String = (0..300).map(|index| format!(" xmlns:n{index}='urn:{index}'")).collect();
        assert_eq!(fault_of(&packet(&many, "")), XmpFault::TooManyNamespaces(256));
        let long = format!(" xmlns:n='urn:{}'", "x".repeat(1024));
        assert_eq!(fault_of(&packet(&long, "")), XmpFault::NamespaceTooLong(1024));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for inner in [
            "<i:a>",
            "</i:a>",
            "<i:a></i:b>",
            "<i:a/",
            "<i:a b=c/>",
            "<i:a b/>",
            "<i:a b='<'/>",
            "<i:a b='1' b='2'/>",
            "<i:a b='1'c='2'/>",
            "<i:a i:b='1' j:b='2' xmlns:j='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'/>",
            "<n:a/>",
            "<i:a n:b='1'/>",
            "<i:a xmlns:q=''/>",
            "<1/>",
            "<i:a:b/>",
            "<i: a/>",
            "< a/>",
            "&nbsp;",
            "&",
            "&amp",
            "&#0;",
            "&#1;",
            "&#x110000;",
            "&#xFFFE;",
            "<i:a b='&#1;'/>",
            "<i:a b='&x;'/>",
            "]]>",
            "\u{1}",
            "\u{FFFE}",
            "<!-- a -- b -->",
            "<!-- --->",
            "<![CDATA[",
            "<?xml version='1.0'?>",
            "<?XML?>",
            "<?a:b?>",
            "<? a?>",
            "<!ELEMENT a>",
        ] {
            let text = packet("", inner);
            assert!(matches!(fault_of(&text), XmpFault::Malformed(_)), "{inner}");
        }
        let whole = packet("", "");
        for text in [
            format!("a{whole}"),
            format!("{whole}a"),
            format!("{whole}<a/>"),
            format!("{whole}&lt;"),
            format!("{whole}<![CDATA[]]>"),
            format!(" <?xml version='1.0'?>{whole}"),
            format!("<?xml?>{whole}"),
            format!("<?xml encoding='UTF-8'?>{whole}"),
            format!("<?xml version='1.0' other='1'?>{whole}"),
            format!("<?xml version='1.1'?>{whole}"),
            format!("\u{FEFF}\u{FEFF}{whole}"),
            whole.replace("</x:xmpmeta>", ""),
        ] {
            assert!(matches!(fault_of(&text), XmpFault::Malformed(_)), "{text}");
        }
        assert!(
            read(&main(
                format!("<?xml version='1.0' encoding='utf-8' standalone='no' ?>{whole}").as_bytes()
            ))
            .faults
            .is_empty()
        );
    }

    fn fault_of(text: &str) -> XmpFault {
        let disclosure = filled();
        match metadata::label(&main(text.as_bytes()), &facts(&disclosure, &Requests::default())) {
            Err(Error::Metadata {
                part: Part::Main,
                fault,
            }) => fault,
            other => panic!("{other:?}"),
        }
    }
}
