//! Laws of labelling, over packets that are made up: what is not a label survives, and each label is there once.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use quick_xml::escape::escape;
use time::macros::datetime;

use super::labels::Label;
use super::{Existing, Form, Property, Requests, exif, label, personal, read};
use crate::Disclosure;
use crate::manifest::{Ids, Origin, PixelFacts, StampFacts};
use crate::names::{iptc, xmp};

/// A disclosure that says all that labels can say.
pub(super) const FILLED: &str = r#"
schema = "touchmark-disclosure/1"
[provider]
name = "Example Images"
contact = "https://example.org/contact"
aigc_code = "001191110102MACQD9K64010000"
[system]
name = 'Example <Diffusion> & "more"'
version = "3.1"
[detector]
url = "https://example.org/detector?a=1&b=2"
"#;

pub(super) fn facts<'a>(disclosure: &'a Disclosure, requests: &'a Requests) -> StampFacts<'a> {
    StampFacts {
        disclosure,
        origin: Origin::Created,
        created: datetime!(2026-11-22 10:00:00 UTC),
        ids: Ids::from_random([0x5A; 32]),
        pixels: PixelFacts::none(),
        requests,
    }
}

/// A property to write, and how.
#[derive(Debug, Clone)]
struct Made {
    namespace: &'static str,
    name: String,
    value: String,
    form: Form,
    quote: char,
}

/// A packet to write, and how.
#[derive(Debug, Clone)]
struct Recipe {
    properties: Vec<Made>,
    descriptions: usize,
    about: String,
    rdf_prefix: &'static str,
    meta: bool,
    padding: Option<usize>,
    byte_order_mark: bool,
    declaration: bool,
    between: &'static str,
}

fn form() -> impl Strategy<Value = Form> {
    prop_oneof![
        Just(Form::Attribute),
        Just(Form::Element),
        Just(Form::Resource),
        Just(Form::Structure)
    ]
}

fn value() -> impl Strategy<Value = String> {
    // Blanks in attributes are folded by every reader, so they are left to unit tests.
    "[ -~äß漢𝄞]{0,20}"
}

fn made(
    namespace: &'static str,
    name: impl Strategy<Value = String>,
    value: impl Strategy<Value = String>,
) -> impl Strategy<Value = Made> {
    (name, value, form(), prop_oneof![Just('"'), Just('\'')]).prop_map(move |(name, value, form, quote)| Made {
        namespace,
        name,
        value,
        form,
        quote,
    })
}

fn existing_label() -> impl Strategy<Value = Made> {
    let source_type = prop_oneof![
        "(trainedAlgorithmicMedia|compositeSynthetic|digitalCapture|composite|unheardOf)"
            .prop_map(|code| format!("{}{code}", iptc::SOURCE_TYPE_BASE)),
        value(),
    ];
    prop_oneof![
        made(iptc::EXTENSION_NAMESPACE, Just("DigitalSourceType".into()), source_type),
        made(
            iptc::EXTENSION_NAMESPACE,
            "(AISystemUsed|AISystemVersionUsed|DigImageGUID|AIPromptInformation)",
            value()
        ),
        made(xmp::BASIC, Just("CreateDate".into()), value()),
        made(xmp::MEDIA_MANAGEMENT, Just("InstanceID".into()), value()),
        made(xmp::AIGC, Just("AIGC".into()), value()),
    ]
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let others = vec(
        prop_oneof![
            made(xmp::DUBLIN_CORE, "(creator|title|description)", value()),
            made("urn:example:ä&b", "[a-zA-Z_][a-zA-Z0-9_.-]{0,8}", value()),
        ],
        0..6,
    );
    let labels = vec(existing_label(), 0..5);
    let frame = (
        1..4_usize,
        "[a-z:'é&<]{0,9}",
        prop_oneof![Just("rdf"), Just("r"), Just("Iptc4xmpExt")],
        any::<bool>(),
        option::of(0..3000_usize),
        any::<bool>(),
        any::<bool>(),
        prop_oneof![
            Just(""),
            Just("\n  "),
            Just("<!-- </rdf:RDF> -->"),
            Just("<?a </rdf:RDF>?>\r\n")
        ],
    );
    (others, labels, frame).prop_map(|(others, labels, frame)| {
        let (descriptions, about, rdf_prefix, meta, padding, byte_order_mark, declaration, between) = frame;
        let mut properties: Vec<Made> = Vec::new();
        for property in others.into_iter().chain(labels) {
            let same = |made: &Made| (made.namespace, &made.name) == (property.namespace, &property.name);
            if !properties.iter().any(same) {
                properties.push(property);
            }
        }
        Recipe {
            properties,
            descriptions,
            about,
            rdf_prefix,
            meta,
            padding,
            byte_order_mark,
            declaration,
            between,
        }
    })
}

impl Recipe {
    fn write(&self) -> String {
        let (r, between) = (self.rdf_prefix, self.between);
        let mut rdf = String::new();
        for index in 0..self.descriptions {
            let mine = || {
                self.properties
                    .iter()
                    .enumerate()
                    .filter(move |(at, _)| at % self.descriptions == index)
            };
            rdf += &format!("{between}<{r}:Description {r}:about='{}'", escape(&*self.about));
            for (at, property) in mine() {
                rdf += &format!("\n xmlns:n{at}='{}'", escape(property.namespace));
            }
            for (at, property) in mine().filter(|(_, property)| property.form == Form::Attribute) {
                let Made { name, quote, .. } = property;
                rdf += &format!(" n{at}:{name} ={quote}{}{quote}", escape(&*property.value));
            }
            rdf += ">";
            for (at, property) in mine() {
                let (name, value, quote) = (&property.name, escape(&*property.value), property.quote);
                rdf += between;
                rdf += &match property.form {
                    Form::Attribute => continue,
                    Form::Element => format!("<n{at}:{name}>{value}</n{at}:{name}>"),
                    Form::Resource => format!("<n{at}:{name} {r}:resource={quote}{value}{quote}/>"),
                    Form::Structure => {
                        format!("<n{at}:{name}>{between}<{r}:Bag><{r}:li>{value}</{r}:li></{r}:Bag></n{at}:{name}>")
                    }
                };
            }
            rdf += &format!("</{r}:Description>");
        }
        let rdf = format!("<{r}:RDF xmlns:{r}=\"{}\">{rdf}{between}</{r}:RDF >", xmp::RDF);
        let mut out = String::new();
        out += if self.byte_order_mark { "\u{FEFF}" } else { "" };
        out += if self.declaration {
            "<?xml version=\"1.0\" encoding='utf-8'?>"
        } else {
            ""
        };
        out += "<?xpacket begin='' id=''?>";
        out += &match self.meta {
            true => format!("<x:xmpmeta xmlns:x='adobe:ns:meta/'>{rdf}</x:xmpmeta>"),
            false => rdf,
        };
        if let Some(padding) = self.padding {
            out += &format!("{}<?xpacket end='w'?>", " ".repeat(padding));
        }
        out
    }
}

fn main(packet: &[u8]) -> Existing<'_> {
    Existing {
        main: Some(packet),
        ..Existing::default()
    }
}

fn is_label(property: &Property) -> bool {
    Label::of(&property.namespace, &property.name).is_some()
}

proptest! {
    #[test]
    fn what_is_no_label_survives_and_each_label_is_there_once(recipe in recipe()) {
        let disclosure = Disclosure::from_toml(FILLED).unwrap();
        let requests = Requests::default();
        let facts = facts(&disclosure, &requests);
        let text = recipe.write();
        let before = read(&main(text.as_bytes()));
        prop_assert_eq!(&before.faults, &[], "{}", text);
        prop_assert_eq!(before.list.len(), recipe.properties.len());

        let labelled = label(&main(text.as_bytes()), &facts).unwrap();
        let after = read(&main(&labelled.packet));
        prop_assert_eq!(&after.faults, &[]);
        let others = |list: &[Property]| list.iter().filter(|property| !is_label(property)).cloned().collect::<Vec<_>>();
        prop_assert_eq!(others(&before.list), others(&after.list));

        let of_other_system = labelled.kept.iter().any(|found| found.label == Label::AiSystemUsed && !found.agrees);
        for label in Label::ALL {
            let name = label.name();
            let count = after.all(name.namespace, name.local).count();
            let kept = before.all(name.namespace, name.local).count();
            match label {
                Label::AiPromptInformation => prop_assert_eq!(count, kept, "never written unasked"),
                Label::AiPromptWriterName | Label::DigitalSourceFileType => prop_assert_eq!(count, 0),
                Label::AiSystemVersionUsed if of_other_system => prop_assert_eq!(count, kept),
                _ => prop_assert_eq!(count, 1, "{:?}", label),
            }
        }
        let instance = after.get(xmp::MEDIA_MANAGEMENT, "InstanceID").and_then(|found| found.value.clone());
        prop_assert_eq!(instance, Some(facts.ids.instance_id()));
    }

    #[test]
    fn every_byte_that_is_no_label_stays(recipe in recipe()) {
        let disclosure = Disclosure::from_toml(FILLED).unwrap();
        let requests = Requests::default();
        let recipe = Recipe {
            properties: recipe.properties.into_iter().filter(|made| Label::of(made.namespace, &made.name).is_none()).collect(),
            ..recipe
        };
        let before = recipe.write();
        let after = String::from_utf8(label(&main(before.as_bytes()), &facts(&disclosure, &requests)).unwrap().packet).unwrap();
        let start = after.rfind("<rdf:Description xmlns:rdf=").unwrap();
        let end = after.rfind("</rdf:Description>\n").unwrap() + "</rdf:Description>\n".len();
        let rest = format!("{}{}", &after[..start], &after[end..]);
        if after.len() == before.len() {
            prop_assert_eq!(rest.replace(' ', ""), before.replace(' ', ""));
        } else {
            prop_assert!(recipe.padding.is_none_or(|padding| padding < end - start + 1));
            prop_assert_eq!(rest, before);
        }
    }

    #[test]
    fn labelling_again_changes_the_instance_alone(recipe in recipe()) {
        let disclosure = Disclosure::from_toml(FILLED).unwrap();
        let requests = Requests::default();
        let first = label(&main(recipe.write().as_bytes()), &facts(&disclosure, &requests)).unwrap();
        let again = StampFacts { ids: Ids::from_random([0xA5; 32]), ..facts(&disclosure, &requests) };
        let second = label(&main(&first.packet), &again).unwrap();
        let but_instance = |packet: &[u8]| {
            let mut list = read(&main(packet)).list;
            list.retain(|property| property.name != "InstanceID");
            list
        };
        prop_assert_eq!(but_instance(&first.packet), but_instance(&second.packet));
        prop_assert_eq!(second.replaced, []);
        if first.packet.ends_with(b"'w'?>") && recipe.padding > Some(0) {
            prop_assert_eq!(first.packet.len(), second.packet.len());
        }
    }

    #[test]
    fn damage_is_refused_or_harmless(recipe in recipe(), at in any::<prop::sample::Index>(), by in "[<>&\"'/= !?a:\\]\u{1}-]{0,3}", cut in 0..3_usize) {
        let disclosure = Disclosure::from_toml(FILLED).unwrap();
        let mut text: Vec<char> = recipe.write().chars().collect();
        let at = at.index(text.len());
        text.splice(at..(at + cut).min(text.len()), by.chars());
        let text: String = text.into_iter().collect();
        if let Ok(labelled) = label(&main(text.as_bytes()), &facts(&disclosure, &Requests::default())) {
            prop_assert_eq!(read(&main(&labelled.packet)).faults, []);
        }
    }

    #[test]
    fn any_bytes_are_taken(bytes in vec(any::<u8>(), 0..400), text in "\\PC{0,200}") {
        let disclosure = Disclosure::unfilled();
        for bytes in [&bytes, text.as_bytes()] {
            let existing = Existing { main: Some(bytes), extended: Some(bytes), aigc_elsewhere: false };
            let _ = label(&existing, &facts(&disclosure, &Requests::default()));
            let _ = (read(&existing), personal(&existing), exif::personal(bytes), exif::carries_aigc(bytes));
        }
    }
}
