//! What is read out of pictures' metadata as labels of AI: what holds for all of them here, each kind of label in a file.

mod front_ends;
mod services;
mod standards;

use proptest::prelude::*;
use touchmark_image::{Limits, SourceImage};

use super::*;

fn finding(bytes: &[u8]) -> MetadataFinding {
    inspect_with(&SourceImage::parse(bytes, &Limits::default()).unwrap(), Prompts::Keep)
}

/// Signal, what it says, and who wrote it.
fn said(bytes: &[u8]) -> Vec<(&'static str, Says, Option<&'static str>)> {
    let found = finding(bytes);
    assert_eq!(found.unread, []);
    let labels = found.labels.iter();
    labels
        .map(|label| (label.signal, label.says, label.writer.map(|writer| writer.name)))
        .collect()
}

fn png(texts: &[(&str, &str)]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1A\n".to_vec();
    for (keyword, text) in texts {
        out.extend(chunk(b"tEXt", &[keyword.as_bytes(), b"\0", text.as_bytes()].concat()));
    }
    out.extend_from_slice(b"\0\0\0\0IEND\0\0\0\0");
    out
}

/// A chunk of PNG, of which nobody checks the checksum.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&(data.len() as u32).to_be_bytes()[..], kind, data, &[0; 4]].concat()
}

/// A PNG with XMP in which these properties stand.
fn with_xmp(properties: &str) -> Vec<u8> {
    let packet = format!(
        "<a:RDF xmlns:a='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:q='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' \
         xmlns:d='http://purl.org/dc/elements/1.1/' xmlns:p='http://ns.adobe.com/photoshop/1.0/' \
         xmlns:t='http://www.tc260.org.cn/ns/AIGC/1.0/' xmlns:r='http://purl.org/dc/terms/'>\
         <a:Description a:about=''>{properties}</a:Description></a:RDF>"
    );
    png(&[("XML:com.adobe.xmp", &packet)])
}

/// A JPEG with EXIF: these tags as text, in IFD0.
fn jpeg(tags: &[(u16, &[u8])]) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08".to_vec();
    tiff.extend_from_slice(&(tags.len() as u16).to_be_bytes());
    let mut value_at = 8 + 2 + 12 * tags.len() + 4;
    let mut values = Vec::new();
    for (tag, value) in tags {
        let mut value = value.to_vec();
        value.resize(value.len().max(5), 0);
        tiff.extend_from_slice(&tag.to_be_bytes());
        tiff.extend_from_slice(&[0, 7]);
        tiff.extend_from_slice(&(value.len() as u32).to_be_bytes());
        tiff.extend_from_slice(&(value_at as u32).to_be_bytes());
        value_at += value.len();
        values.extend(value);
    }
    tiff.extend_from_slice(&[0; 4]);
    tiff.extend(values);
    let body = [b"Exif\0\0", &tiff[..]].concat();
    [
        &[0xFF, 0xD8, 0xFF, 0xE1][..],
        &(body.len() as u16 + 2).to_be_bytes(),
        &body,
        &[0xFF, 0xD9],
    ]
    .concat()
}

const A1111: &str =
    "a cat\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model: dream";
const GRAPH: &str = r#"{"3": {"class_type": "KSampler", "inputs": {"text": "a cat", "seed": 1}, "is_changed": [NaN]}}"#;
const WORKFLOW: &str = r#"{"last_node_id": 3, "nodes": [{"id": 3, "type": "KSampler"}], "links": []}"#;
const UUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

#[test]
fn a_prompt_is_counted_and_no_value_shows_it() {
    let graph = format!("{{\"prompt\": {GRAPH}}}");
    for bytes in [
        png(&[("parameters", A1111)]),
        png(&[("prompt", GRAPH)]),
        png(&[("Comment", &graph)]),
        jpeg(&[(0x9286, A1111.as_bytes())]),
        png(&[("Description", &format!("a cat --v 6 Job ID: {UUID}"))]),
    ] {
        let kept = finding(&bytes);
        assert!(
            kept.labels[0]
                .prompt
                .as_ref()
                .unwrap()
                .reveal()
                .unwrap()
                .starts_with("a cat")
        );
        let counted = inspect(&SourceImage::parse(&bytes, &Limits::default()).unwrap());
        assert!(!format!("{counted:?}").contains("a cat"), "{counted:?}");
    }
}

#[test]
fn a_label_behind_a_flood_of_fields_is_found_and_the_flood_told() {
    let flood = "<d:description>x</d:description>".repeat(1100);
    let label = "<q:DigitalSourceType>trainedAlgorithmicMedia</q:DigitalSourceType>";
    let found = finding(&with_xmp(&format!("{flood}{label}")));
    assert_eq!((found.says(), found.unread.len()), (Some(Says::Whole), 1));
    let comments = vec![(0x010E, &b"a photograph"[..]); 5];
    assert_eq!(finding(&jpeg(&comments)).unread.len(), 1);
}

#[test]
fn exif_fields_that_name_the_same_bytes_are_looked_at_up_to_their_limit() {
    const MIB: u32 = 1 << 20;
    let fields = |tag: u16, count: u16| {
        let start = 8 + 2 + 12 * (count + 1);
        let mut tiff = [&b"MM\0*\0\0\0\x08"[..], &(count + 1).to_be_bytes()].concat();
        for field in 0..count {
            tiff.extend([&tag.to_be_bytes()[..], b"\0\x02", &MIB.to_be_bytes()].concat());
            tiff.extend(u32::from(start + field).to_be_bytes());
        }
        tiff.extend(b"\x01\x31\0\x02\0\0\0\x04MJ\0\0");
        tiff.resize(usize::from(start + count) + MIB as usize, b'a');
        chunk(b"eXIf", &tiff)
    };
    let picture = |tags: &[u16]| {
        let chunks: Vec<u8> = tags.iter().flat_map(|tag| fields(*tag, 4)).collect();
        [b"\x89PNG\r\n\x1A\n", &chunks[..], b"\0\0\0\0IEND\0\0\0\0"].concat()
    };
    let collected = |tags: &[u16]| {
        let bytes = picture(tags);
        let image = SourceImage::parse(&bytes, &Limits::default()).unwrap();
        let blocks = image.metadata_blocks();
        let fields = Fields::of(&blocks, Table::get());
        (fields.list.len(), fields.unread.len())
    };
    let [description, artist, copyright] = [0x010E, 0x013B, 0x8298];
    assert_eq!(collected(&[description]), (5, 0));
    // Seven of a MiB, and the short one of each block.
    assert_eq!(collected(&[description, artist, copyright]), (10, 2));
}

#[test]
fn ordinary_words_and_pretended_seals_say_nothing() {
    for bytes in [
        png(&[("parameters", "of the camera: f/2.8")]),
        png(&[("prompt", "what a day"), ("workflow", "retouched")]),
        png(&[("Software", "Adobe Photoshop 25.0"), ("Comment", "Created with GIMP")]),
        png(&[("Dream", "holiday")]),
        jpeg(&[(0x0131, b"Adobe Photoshop 25.0"), (0x9286, b"ASCII\0\0\0Screenshot")]),
        with_xmp("<d:description>parameters of Stable coins</d:description><p:Credit>Google</p:Credit>"),
    ] {
        assert_eq!(said(&bytes), []);
    }
    assert_eq!(
        said(&png(&[("C2PA_SEAL", "trusted trainedAlgorithmicMedia")])),
        [(IMITATION, Says::Nothing, None)]
    );
    assert_eq!(
        said(&with_xmp("<r:provenance>self#jumbf=/c2pa/urn:c2pa:x</r:provenance>")),
        [(POINTER, Says::Nothing, None)]
    );
}

#[test]
fn words_of_other_trades_are_no_labels() {
    for (keyword, text) in [
        ("Title", "AI generated image"),
        (
            "Comment",
            r#"{"model_weights":"sam.pth","image":"1.jpg","prompt":"the cat"}"#,
        ),
        (
            "Comment",
            r#"{"models":["gpt-4o"],"prompt":"Summarise","baseModel":"x"}"#,
        ),
        (
            "Comment",
            r#"{"PositivePrompt":"Smile","NegativePrompt":"Frown","Steps":3}"#,
        ),
        ("Comment", r#"{"generation_mode":"hybrid","prompt":"Start the engine"}"#),
        ("generation_data", r#"{"models":[{"name":"ECMWF"}],"time":"12Z"}"#),
        ("Description", r#"{"prompt":"Press play","sampler":"SP-404","bpm":90}"#),
        (
            "Description",
            r#"{"prompt":"Weekly report","scheduler":"cron","job":"render"}"#,
        ),
        ("UserComment", r#"{"c":3,"sampler":"well 7","seed":"wheat","steps":4}"#),
        ("Dream", "I walked -slowly up the -Stairs"),
        ("hf-job-id", "print-job 12"),
        ("prompt", "a red car"),
    ] {
        assert_eq!(said(&png(&[(keyword, text)])), [], "{text}");
    }
    let caption = |text: &str| said(&jpeg(&[(0x010E, text.as_bytes())]))[0].1;
    assert_eq!(caption(&format!("Print Job ID: {UUID}")), Says::Possible);
    assert_eq!(caption(&format!("a cat --ar 2:3 Job ID: {UUID}")), Says::Whole);
}

#[test]
fn an_xmp_packet_with_nothing_in_it_is_not_damaged() {
    let unread = |packet: &str| finding(&png(&[("XML:com.adobe.xmp", packet)])).unread.len();
    assert_eq!(unread("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"), 0);
    assert_eq!(
        unread("<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>\n<?xpacket end='w'?>"),
        0
    );
    let wrapped = "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/' \
                   x:xmptk='XMP Core 6.0.0'> </x:xmpmeta><?xpacket end='w'?>";
    assert_eq!(unread(wrapped), 0);
    for other in [
        "<a/>",
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><Description/></x:xmpmeta>",
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'>words</x:xmpmeta>",
        "<x:xmpmeta xmlns:x='adobe:ns:meta/' a=''/>",
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'>",
    ] {
        assert_eq!(unread(other), 1, "{other}");
    }
}

#[test]
fn a_camera_is_named_as_another_origin() {
    let exposed = jpeg(&[(0x010F, b"Canon"), (0x0110, b"EOS R5"), (0x829A, b"")]);
    // The exposure stands in the EXIF directory of a camera's block, not in the main one.
    assert_eq!(said(&exposed), []);
}

#[test]
fn damage_is_told_beside_what_could_be_read() {
    let mut bytes = with_xmp(
        "<q:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia</q:DigitalSourceType>",
    );
    let end = bytes.windows(8).rposition(|window| window == b"</a:RDF>").unwrap();
    bytes[end..end + 8].copy_from_slice(b"<<<<<<<<");
    let found = finding(&bytes);
    assert_eq!(found.says(), Some(Says::Whole));
    assert!(matches!(
        found.unread[..],
        [NotRead {
            why: NotReadWhy::Xmp(..),
            ..
        }]
    ));
}

#[test]
fn more_labels_than_are_listed_are_told_and_the_weightiest_stay() {
    let mut texts = vec![("C2PA_SEAL", "x"); 200];
    texts.push(("parameters", A1111));
    let found = finding(&png(&texts));
    assert_eq!((found.labels.len(), found.says()), (MAX_LABELS, Some(Says::Whole)));
    assert!(matches!(
        found.unread[..],
        [NotRead {
            why: NotReadWhy::TooManyLabels(_),
            ..
        }]
    ));
}

proptest! {
    #[test]
    fn inspection_never_panics(
        keyword in "(parameters|prompt|workflow|AIGC|Comment|Dream|XML:com.adobe.xmp)",
        start in prop::sample::select(vec!["", "{", "Steps: 1, Seed: ", "Job ID: ", "prompt:{\"", "<a:RDF xmlns:a='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"]),
        text in "\\PC{0,200}", wide in any::<bool>()
    ) {
        let text = format!("{start}{text}");
        finding(&png(&[(&keyword, &text)]));
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let comment = if wide { [b"UNICODE\0", &units[..]].concat() } else { text.into_bytes() };
        finding(&jpeg(&[(0x9286, &comment), (0x010E, &comment)]));
    }
}
