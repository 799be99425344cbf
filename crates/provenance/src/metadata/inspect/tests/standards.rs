//! What standards ask writers to state: IPTC's properties and source types, China's label.

use super::*;

#[test]
fn source_types_are_read_under_any_prefix_and_in_both_forms() {
    for (iri, says) in [
        (
            "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            Says::Whole,
        ),
        (
            "https://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
            Says::Part,
        ),
        (
            "http://cv.iptc.org/newscodes/digitalsourcetype/composite",
            Says::Possible,
        ),
        (
            "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
            Says::OtherOrigin,
        ),
        ("https://example.org/trainedAlgorithmicMedia", Says::Nothing),
    ] {
        for property in [
            format!("<q:DigitalSourceType>{iri}</q:DigitalSourceType>"),
            format!("<q:DigitalSourceFileType a:resource='{iri}'/>"),
        ] {
            assert_eq!(said(&with_xmp(&property)), [(SOURCE_TYPE, says, None)]);
        }
    }
}

#[test]
fn what_iptc_says_of_systems_and_prompts_is_read() {
    let found = finding(&with_xmp(
        "<q:AISystemUsed>A</q:AISystemUsed><q:AIPromptInformation>a cat</q:AIPromptInformation>",
    ));
    assert_eq!(found.says(), Some(Says::Part));
    let prompt = found.of("iptc.ai-prompt").next().unwrap();
    assert_eq!(
        (prompt.value.as_deref(), prompt.prompt.as_ref().unwrap().reveal()),
        (None, Some("a cat"))
    );
}

#[test]
fn source_types_are_read_where_there_are_several() {
    let base = "http://cv.iptc.org/newscodes/digitalsourcetype/";
    let (camera, ai) = (
        format!("{base}digitalCapture"),
        format!("{base}trainedAlgorithmicMedia"),
    );
    for property in [
        format!("<q:DigitalSourceType><a:Bag><a:li>{ai}</a:li><a:li>{camera}</a:li></a:Bag></q:DigitalSourceType>"),
        format!("<q:DigitalSourceType><a:Bag><a:li a:resource='{ai}'/></a:Bag></q:DigitalSourceType>"),
        format!("<q:DigitalSourcefileType>{ai}</q:DigitalSourcefileType>"),
    ] {
        let found = finding(&with_xmp(&property));
        assert_eq!(found.says(), Some(Says::Whole), "{property}");
        assert_eq!(found.labels[0].source_type.as_deref(), Some(ai.as_str()));
    }
}

#[test]
fn source_types_are_saved_from_what_is_not_well_formed() {
    let ai = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
    let element = format!("<q:DigitalSourceType>{ai}</q:DigitalSourceType>");
    let whole = |bytes: &[u8]| {
        let found = finding(bytes);
        assert_eq!(found.unread.len(), 1);
        found.says()
    };
    for before in [
        "<d:description>cats & dogs</d:description>",
        "<d:description>a <lora:x:1> cat</d:description>",
    ] {
        assert_eq!(
            whole(&with_xmp(&format!("{before}{element}"))),
            Some(Says::Whole),
            "{before}"
        );
        let resource = format!("{before}<q:DigitalSourceType a:resource='{ai}'/>").replace("a:res", "rdf:res");
        assert_eq!(whole(&with_xmp(&resource)), Some(Says::Whole));
        assert_eq!(whole(&with_xmp(&format!("{before} q:DigitalSourceType is {ai}"))), None);
    }
    let undeclared = format!("<r xmlns:a='http://www.w3.org/1999/02/22-rdf-syntax-ns#' I:DigitalSourceType=\"{ai}\"/>");
    assert_eq!(whole(&png(&[("XML:com.adobe.xmp", &undeclared)])), Some(Says::Whole));
    assert_eq!(said(&with_xmp(&element)).len(), 1);
}

#[test]
fn chinas_label_is_read_as_a_structure_and_under_any_keyword() {
    let label = r#"AIGC={"Label":"1","ContentProducer":"kling","ProduceID":"1"}"#;
    for bytes in [
        with_xmp(
            "<t:AIGC a:parseType='Resource'><t:Label>1</t:Label><t:ContentProducer>kling</t:ContentProducer></t:AIGC>",
        ),
        with_xmp("<t:AIGC><a:Description t:Label='1' t:ContentProducer='kling'/></t:AIGC>"),
        with_xmp("<t:AIGC t:Label='1' t:ContentProducer='kling'/>"),
        with_xmp("<t:Label>1</t:Label><t:ContentProducer>kling</t:ContentProducer>"),
        png(&[("Some Keyword", label)]),
        jpeg(&[(0x8298, label.as_bytes())]),
    ] {
        let found = finding(&bytes);
        let seen: Vec<_> = found
            .labels
            .iter()
            .map(|label| (label.signal, label.says, label.provider.as_deref()))
            .collect();
        assert_eq!(seen, [(AIGC, Says::Whole, Some("kling"))]);
    }
}

#[test]
fn words_for_none_name_no_system() {
    for none in ["None", "N/A", "no", "-", "Not applicable"] {
        let found = finding(&with_xmp(&format!(
            "<q:AISystemUsed>{none}</q:AISystemUsed><q:AIPromptInformation>{none}</q:AIPromptInformation>"
        )));
        assert_eq!(found.says(), Some(Says::Nothing), "{none}");
    }
    let named = finding(&with_xmp("<q:AISystemUsed>Nonesuch 2</q:AISystemUsed>"));
    assert_eq!(named.says(), Some(Says::Part));
}

#[test]
fn chinas_label_is_read_in_its_four_places() {
    let inner = r#"{"Label":"1","ContentProducer":"x","ProduceID":"1"}"#;
    let wrapped = format!("{{\"AIGC\":{inner}}}");
    let escaped = inner.replace('"', "&quot;");
    for bytes in [
        with_xmp(&format!("<t:AIGC>{escaped}</t:AIGC>")),
        png(&[("AIGC", &wrapped)]),
        jpeg(&[(0x9286, wrapped.as_bytes())]),
        jpeg(&[(0x010E, br#"{"Label":"1","ServiceProvider":"x","ServiceUser":"y"}"#)]),
    ] {
        assert_eq!(said(&bytes), [(AIGC, Says::Whole, None)]);
    }
}

#[test]
fn chinas_label_is_read_in_namespaces_of_any_name() {
    let inner = r#"{"Label":"1","ContentProducer":"x","ProduceID":"1"}"#;
    let escaped = inner.replace('"', "&quot;");
    let own = [(AIGC, Says::Whole, None)];
    for property in [
        format!("<b:AIGC xmlns:b='http://ns.adobe.com/AIGC/1.0/'>{escaped}</b:AIGC>"),
        format!("<b:AIGC xmlns:b='http://ns.adobe.com/xap/1.0/'>{escaped}</b:AIGC>"),
        format!("<d:AIGC>AIGC:{escaped}</d:AIGC>"),
        "<g:Label xmlns:g='urn:gb-45438-2025:aigc'>1</g:Label><g:ProduceID xmlns:g='urn:gb-45438-2025:aigc'>x</g:ProduceID>"
            .to_owned(),
    ] {
        assert_eq!(said(&with_xmp(&property)), own, "{property}");
    }
    for other in [
        "<d:AIGC>AIGC explained</d:AIGC>".to_owned(),
        "<d:AIGC>{&quot;Label&quot;:&quot;Holiday&quot;}</d:AIGC>".to_owned(),
        "<d:Other>{&quot;AIGC&quot;:1}</d:Other><b:Label xmlns:b='http://aigc.example/'>Holiday</b:Label>".to_owned(),
    ] {
        assert_eq!(said(&with_xmp(&other)), [], "{other}");
    }
}
