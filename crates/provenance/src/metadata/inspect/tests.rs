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
        let data = [keyword.as_bytes(), b"\0", text.as_bytes()].concat();
        out.extend_from_slice(&(data.len() as u32).to_be_bytes());
        out.extend_from_slice(b"tEXt");
        out.extend_from_slice(&data);
        out.extend_from_slice(&[0; 4]);
    }
    out.extend_from_slice(b"\0\0\0\0IEND\0\0\0\0");
    out
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
fn texts_of_front_ends_are_told_apart() {
    let comfy = format!("{A1111}, Version: ComfyUI");
    for (texts, expected) in [
        (
            &[("parameters", A1111)][..],
            &[("a1111.parameters", Some("a Stable Diffusion web UI"))][..],
        ),
        (&[("parameters", &comfy)], &[("a1111.parameters", Some("ComfyUI"))]),
        (
            &[("prompt", GRAPH), ("workflow", WORKFLOW)],
            &[
                ("comfyui.prompt", Some("ComfyUI")),
                ("comfyui.workflow", Some("ComfyUI")),
            ],
        ),
        (
            &[("parameters", r#"{"sui_image_params": {"prompt": "a cat"}}"#)],
            &[("swarmui.parameters", Some("SwarmUI"))],
        ),
        (
            &[("invokeai_metadata", r#"{"positive_prompt": "a cat"}"#)],
            &[("invokeai.metadata", Some("InvokeAI"))],
        ),
        (
            &[("sd-metadata", r#"{"image": {"prompt": "a cat"}}"#)],
            &[("invokeai.sd-metadata", Some("InvokeAI"))],
        ),
        (
            &[("Dream", r#""a cat" -s 50 -S 1 -W 512"#)],
            &[("invokeai.dream", Some("InvokeAI"))],
        ),
        (
            &[
                (
                    "parameters",
                    r#"{"base_model": "x", "metadata_scheme": "fooocus", "prompt": "a cat"}"#,
                ),
                ("fooocus_scheme", "fooocus"),
            ],
            &[
                ("fooocus.parameters", Some("Fooocus")),
                ("fooocus.scheme", Some("Fooocus")),
            ],
        ),
        (
            &[("Software", "NovelAI"), ("Comment", r#"{"prompt": "a cat"}"#)],
            &[
                ("novelai.software", Some("NovelAI")),
                ("novelai.comment", Some("NovelAI")),
            ],
        ),
        (
            &[("smproj", r#"{"ProjectType": 1}"#)],
            &[("stabilitymatrix.project", Some("StabilityMatrix"))],
        ),
        (
            &[("generation_data", r#"{"models": [], "prompt": "a cat"}"#)],
            &[("tensorart.generation-data", Some("TensorArt"))],
        ),
        (
            &[("parameters", r#"{"prompt": "a cat", "guidance_scale": 7}"#)],
            &[("diffusers.parameters", Some("a script around diffusers"))],
        ),
    ] {
        let seen: Vec<_> = said(&png(texts))
            .into_iter()
            .map(|(signal, says, writer)| {
                assert_eq!(says, Says::Whole);
                (signal, writer)
            })
            .collect();
        assert_eq!(seen, expected);
    }
}

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
fn services_are_told_by_their_forms() {
    let job = format!("a cat Job ID: {UUID}");
    let author = [
        ("Author", "somebody"),
        ("Creation Time", "Sat, 1 Nov 2025 10:00:00 GMT"),
    ];
    let signature = format!("Signature: {}", "aB3/".repeat(12));
    assert_eq!(
        said(&png(&[&author[..], &[("Description", &job)]].concat())),
        [("midjourney.job", Says::Whole, Some("Midjourney"))]
    );
    for farm in [&author[..1], &author[1..], &[]] {
        let picture = png(&[farm, &[("Description", &format!("Render farm Job ID: {UUID}"))]].concat());
        assert_eq!(said(&picture)[0].1, Says::Possible);
    }
    assert_eq!(
        said(&jpeg(&[(0x010E, signature.as_bytes()), (0x013B, UUID.as_bytes())])),
        [("xai.signature", Says::Possible, Some("xAI"))]
    );
    assert_eq!(said(&jpeg(&[(0x010E, signature.as_bytes())])), []);
    assert_eq!(
        said(&jpeg(&[(0x010F, b"Ideogram AI")])),
        [("ideogram.make", Says::Whole, Some("Ideogram"))]
    );
    assert_eq!(
        said(&with_xmp("<p:Credit>Made with Google AI</p:Credit>")),
        [("google.credit", Says::Whole, Some("Google"))]
    );
    assert_eq!(
        said(&png(&[("Comment", r#"{"aigc_info": {"aigc_label_type": 1}}"#)])),
        [("bytedance.aigc-info", Says::Whole, Some("ByteDance"))]
    );
}

#[test]
fn what_was_made_in_part_is_told_by_its_mode() {
    let invoke = |mode: &str| {
        let metadata = format!(r#"{{"generation_mode": "{mode}", "positive_prompt": "a cat"}}"#);
        let texts = [
            ("invokeai_metadata", metadata.as_str()),
            ("invokeai_graph", r#"{"nodes": {}}"#),
        ];
        finding(&png(&texts)).says()
    };
    assert_eq!(invoke("flux_inpaint"), Some(Says::Part));
    assert_eq!(invoke("sdxl_outpaint"), Some(Says::Part));
    assert_eq!(invoke("flux_txt2img"), Some(Says::Whole));
    let novel = |mode: &str| {
        let comment = format!(r#"{{"prompt": "x", "uncond_scale": 0, "request_type": "{mode}"}}"#);
        let texts = [
            ("Title", "NovelAI generated image"),
            ("Software", "NovelAI"),
            ("Comment", &comment),
        ];
        finding(&png(&texts)).says()
    };
    assert_eq!(novel("NativeInfillingRequest"), Some(Says::Part));
    assert_eq!(novel("PromptGenerateRequest"), Some(Says::Whole));
}

#[test]
fn graphs_are_told_by_what_their_nodes_do() {
    let graph = |classes: &[&str]| {
        let node = |class: &&str| format!(r#""{class}": {{"class_type": "{class}", "inputs": {{"type": "x"}}}}"#);
        let nodes: Vec<String> = classes.iter().map(node).collect();
        finding(&png(&[("prompt", &format!("{{{}}}", nodes.join(",")))])).says()
    };
    assert_eq!(graph(&["LoadImage", "ImageScale", "SaveImage"]), Some(Says::Possible));
    assert_eq!(graph(&["SomeNode", "SaveImage"]), Some(Says::Whole));
    let inpaint = ["LoadImage", "VAEEncodeForInpaint", "KSampler", "SaveImage"];
    assert_eq!(graph(&inpaint), Some(Says::Part));
    assert_eq!(graph(&inpaint[1..]), Some(Says::Whole));
    assert_eq!(
        graph(&[&inpaint[..], &["EmptySD3LatentImage"]].concat()),
        Some(Says::Whole)
    );
    let workflow =
        r#"{"last_node_id": 2, "nodes": [{"type": "LoadImage", "outputs": [{"name": "IMAGE", "type": "IMAGE"}]}]}"#;
    assert_eq!(finding(&png(&[("workflow", workflow)])).says(), Some(Says::Possible));
    let other = workflow.replace("LoadImage", "KSampler");
    assert_eq!(finding(&png(&[("workflow", &other)])).says(), Some(Says::Whole));
    // A sampler that was drawn and is muted.
    let ran = |class: &str| format!(r#"{{"1": {{"class_type": "{class}", "inputs": {{}}}}}}"#);
    for (class, says) in [("LoadImage", Says::Possible), ("KSampler", Says::Whole)] {
        let both = png(&[("workflow", &other), ("prompt", &ran(class))]);
        assert_eq!(finding(&both).says(), Some(says), "{class}");
    }
    for (nodes, says) in [
        (r#"{"id": 1}"#, Says::Possible),
        (
            r#"{"type": "audio/oscillator", "outputs": [{"type": "number"}]}"#,
            Says::Possible,
        ),
        (
            r#"{"type": "NodeOfSomebody", "outputs": [{"type": "LATENT"}]}"#,
            Says::Whole,
        ),
    ] {
        let drawn = format!(r#"{{"nodes":[{nodes}],"links":[],"last_node_id":3}}"#);
        assert_eq!(finding(&png(&[("workflow", &drawn)])).says(), Some(says), "{nodes}");
    }
    for foreign in [
        r#"{"a_galaxy_workflow": "true", "nodes": [], "links": []}"#,
        r#"{"nodes":[{"id":1}],"links":[{"a":1}]}"#,
    ] {
        assert_eq!(said(&png(&[("workflow", foreign)])), []);
    }
}

#[test]
fn graphs_in_which_nothing_makes_a_picture_leave_it_open() {
    let prompt = |classes: &[&str]| {
        let nodes = classes
            .iter()
            .map(|class| format!(r#""{class}": {{"class_type": "{class}", "inputs": {{}}}}"#));
        format!("{{{}}}", nodes.collect::<Vec<_>>().join(","))
    };
    let workflow = |classes: &[&str]| {
        let nodes = classes
            .iter()
            .map(|class| format!(r#"{{"type": "{class}", "outputs": [{{"type": "IMAGE"}}]}}"#));
        format!(
            r#"{{"last_node_id": 9, "nodes": [{}]}}"#,
            nodes.collect::<Vec<_>>().join(",")
        )
    };
    let says = |classes: &[&str]| {
        let (prompt, workflow) = (prompt(classes), workflow(classes));
        let both = format!(r#"{{"prompt": {prompt}, "workflow": {workflow}}}"#);
        let pictures = [
            png(&[("prompt", &prompt)]),
            png(&[("workflow", &workflow)]),
            jpeg(&[(0x9286, both.as_bytes())]),
        ];
        let found = pictures.map(|picture| finding(&picture).says());
        assert!(found.iter().all(|says| *says == found[0]), "{classes:?} {found:?}");
        found[0]
    };
    for tools in [
        &["LoadImage", "InspyrenetRembg", "MaskToImage", "SaveImage"][..],
        &["LoadImage", "DWPreprocessor", "SaveImage"],
        &["LoadImage", "ImageScaleBy", "PrimitiveFloat", "SaveImage"],
        &["LoadImage", "BRIA_RMBG_ModelLoader_Zho", "BRIA_RMBG_Zho", "SaveImage"],
        &["LoadImage", "FluxKontextImageScale", "NodeOfSomebody", "SaveImage"],
        &["LoadImageOutput", "BiRefNetUltra", "PreviewAny", "SaveImage"],
        &["Image Load", "NodeOfSomebody", "SaveImage"],
        &["Load Image Batch", "ColorCorrect", "Image Save"],
        &["VHS_LoadVideo", "ImageScale", "VHS_VideoCombine"],
        &["easy loadImageBase64", "ImageScale", "SaveImage"],
        &["LoadImage //Inspire", "NodeOfSomebody"],
        &["JWImageLoadRGB", "JWImageSaveToPath"],
    ] {
        assert_eq!(says(tools), Some(Says::Possible), "{tools:?}");
    }
    for maker in [
        "KSampler (Efficient)",
        "FluxProUltraAPI",
        "easy fullkSampler",
        "WanVideoSampler",
        "IdeogramV3",
        "OpenAIGPTImage1",
        "GeminiImageNode",
        "INPAINT_InpaintWithModel",
        "DetailerForEach",
        "FaceDetailer",
        "ReActorFaceSwap",
        "UNETLoader",
        "VAEDecodeTiled",
    ] {
        assert_eq!(says(&["LoadImage", maker, "SaveImage"]), Some(Says::Whole), "{maker}");
    }
    assert_eq!(says(&["Image Load", "KSampler", "SaveImage"]), Some(Says::Whole));
    let unknown = png(&[("prompt", &prompt(&["NodeOfSomebody", "SaveImage"]))]);
    assert_eq!(finding(&unknown).says(), Some(Says::Whole));
    assert_eq!(
        says(&["LoadImage", "InpaintModelConditioning", "KSampler"]),
        Some(Says::Part)
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
fn a_label_behind_a_flood_of_fields_is_found_and_the_flood_told() {
    let flood = "<d:description>x</d:description>".repeat(1100);
    let label = "<q:DigitalSourceType>trainedAlgorithmicMedia</q:DigitalSourceType>";
    let found = finding(&with_xmp(&format!("{flood}{label}")));
    assert_eq!((found.says(), found.unread.len()), (Some(Says::Whole), 1));
    let comments = vec![(0x010E, &b"a photograph"[..]); 5];
    assert_eq!(finding(&jpeg(&comments)).unread.len(), 1);
}

#[test]
fn systems_are_named_by_their_own_words() {
    let writers = |bytes: &[u8]| said(bytes).into_iter().map(|(.., writer)| writer).collect::<Vec<_>>();
    for (software, writer) in [
        ("AI generated;t2i;qwen", "Qwen"),
        ("AI generated;txt2img;flux", "FLUX"),
        ("AI generated;x", "a local front-end"),
    ] {
        assert_eq!(writers(&jpeg(&[(0x0131, software.as_bytes())])), [Some(writer)]);
    }
    let mflux = r#"{"mflux_version":"0.15.0","prompt":"a cat","guidance_scale":3.5}"#;
    assert_eq!(writers(&jpeg(&[(0x9286, mflux.as_bytes())])), [Some("MFLUX")]);
    assert_eq!(
        said(&with_xmp("<p:Credit>Apple Photos Generative Edit: Clean Up</p:Credit>")),
        [("apple.credit", Says::Part, Some("Apple"))]
    );
    assert_eq!(
        said(&with_xmp("<q:AIPromptWriterName>A. Person</q:AIPromptWriterName>")),
        [("iptc.ai-prompt-writer", Says::Part, None)]
    );
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
fn exif_of_front_ends_is_read_wherever_they_put_it() {
    let prompt = format!("prompt:{GRAPH}");
    let workflow = format!("workflow:{WORKFLOW}");
    let wide: Vec<u8> = A1111.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let comment = [b"UNICODE\0", &wide[..]].concat();
    assert_eq!(said(&jpeg(&[(0x9286, &comment)]))[0].0, "a1111.parameters");
    assert_eq!(said(&jpeg(&[(0x9286, GRAPH.as_bytes())]))[0].0, "comfyui.prompt");
    let both: Vec<_> = said(&jpeg(&[(0x010F, workflow.as_bytes()), (0x0110, prompt.as_bytes())]))
        .into_iter()
        .map(|(signal, ..)| signal)
        .collect();
    assert_eq!(both, ["comfyui.workflow", "comfyui.prompt"]);
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
fn json_of_front_ends_is_known_without_its_keyword() {
    let invoke = r#"{"generation_mode": "sdxl_inpaint", "positive_prompt": "a cat", "seed": 1}"#;
    let invoke_2 = r#"{"model_weights": "sd-1.5", "image": {"prompt": [{"prompt": "a cat"}], "sampler": "k_lms"}}"#;
    let tensor = r#"{"models": [{"modelFileId": "1"}], "prompt": "a cat", "samplerName": "Euler", "cfgScale": 7}"#;
    let matrix = r#"{"PositivePrompt": "a cat", "NegativePrompt": "", "Steps": 20, "Sampler": {}, "CfgScale": 5}"#;
    for (json, signal, says, writer) in [
        (invoke, "invokeai.metadata", Says::Part, "InvokeAI"),
        (invoke_2, "invokeai.sd-metadata", Says::Whole, "InvokeAI"),
        (tensor, "tensorart.generation-data", Says::Whole, "TensorArt"),
        (matrix, "stabilitymatrix.parameters", Says::Whole, "StabilityMatrix"),
    ] {
        let wide: Vec<u8> = json.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            jpeg(&[(0x9286, json.as_bytes())]),
            jpeg(&[(0x010E, json.as_bytes())]),
            jpeg(&[(0x9C9C, &wide)]),
            png(&[("Comment", json)]),
        ] {
            assert_eq!(said(&bytes), [(signal, says, Some(writer))]);
        }
    }
}

#[test]
fn keywords_of_png_are_known_in_small_letters_and_capitals() {
    for keyword in ["comment", "Comment", "description", "Parameters", "PARAMETERS"] {
        assert_eq!(said(&png(&[(keyword, A1111)]))[0].0, "a1111.parameters", "{keyword}");
    }
    assert_eq!(said(&png(&[("Prompt", GRAPH)]))[0].0, "comfyui.prompt");
    let texts = [("software", "NovelAI"), ("comment", r#"{"prompt": "a cat"}"#)];
    assert_eq!(said(&png(&texts)).len(), 2);
}

#[test]
fn a_job_with_options_of_a_prompt_is_known_wherever_it_was_copied() {
    let job = format!("a cat --ar 2:3 Job ID: {UUID}");
    let print = format!("Print Job ID: {UUID}");
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let everywhere = |text: &str| {
        [
            jpeg(&[(0x9286, text.as_bytes())]),
            jpeg(&[(0x9C9C, &wide(text))]),
            png(&[("Comment", text)]),
        ]
    };
    for bytes in everywhere(&job) {
        assert_eq!(said(&bytes), [("midjourney.job", Says::Whole, Some("Midjourney"))]);
    }
    for bytes in everywhere(&print) {
        assert_eq!(said(&bytes), []);
    }
}

#[test]
fn software_is_known_by_its_whole_name() {
    for (software, signal) in [
        ("Adobe Firefly", "adobe.firefly"),
        ("Adobe_Firefly/1.0", "adobe.firefly"),
        ("Adobe Firefly Image 3", "adobe.firefly"),
        ("DALL·E 3", "openai.software"),
        ("ChatGPT", "openai.software"),
        ("Midjourney v6", "midjourney.software"),
        ("ComfyUI 0.3.40", "front-end.software"),
        ("Stable Diffusion XL 1.0", "front-end.software"),
        ("MFLUX 0.15.0", "front-end.software"),
        ("Stable Diffusion XL C1E1DE52", "front-end.software"),
        ("NovelAI", "novelai.software"),
        ("NovelAI Diffusion V4.5 4BDE2A90", "novelai.software"),
    ] {
        let iim = [b"\x1C\x02\x41\0", &[software.len() as u8][..], software.as_bytes()].concat();
        let digits: String = iim.iter().map(|byte| format!("{byte:02x}")).collect();
        let profile = format!("\niptc\n      {}\n{digits}\n", iim.len());
        for bytes in [
            jpeg(&[(0x0131, software.as_bytes())]),
            png(&[("Raw profile type iptc", &profile)]),
        ] {
            let found = said(&bytes);
            assert_eq!((found.len(), found[0].0), (1, signal), "{software}");
        }
    }
    for software in [
        "Midjourney Downloader",
        "ComfyUI-Photography Viewer",
        "ChatGPT Caption Helper",
        "Stable Diffusion Image Tagger",
        "NovelAI Reader",
    ] {
        assert_eq!(said(&jpeg(&[(0x0131, software.as_bytes())])), [], "{software}");
    }
}

#[test]
fn texts_of_films_are_labels_of_front_ends() {
    let iso_box = |kind: &[u8], inner: &[u8]| [&(inner.len() as u32 + 8).to_be_bytes()[..], kind, inner].concat();
    let text = [&[0, 0, 0, 1, 0, 0, 0, 0], GRAPH.as_bytes()].concat();
    let list = iso_box(b"ilst", &iso_box(&[0, 0, 0, 1], &iso_box(b"data", &text)));
    let keys = iso_box(
        b"keys",
        &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &iso_box(b"mdta", b"prompt")].concat(),
    );
    let meta = iso_box(
        b"meta",
        &[&[0; 4][..], &iso_box(b"hdlr", &[0; 25]), &keys, &list].concat(),
    );
    let film = [
        iso_box(b"ftyp", b"isom\0\0\0\0isom"),
        iso_box(b"moov", &iso_box(b"udta", &meta)),
    ]
    .concat();
    assert_eq!(said(&film), [("comfyui.prompt", Says::Whole, Some("ComfyUI"))]);
    assert_eq!(finding(&film).labels[0].found_in(), "MP4 ilst box, prompt");
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
fn arguments_under_their_own_keywords_are_read_together() {
    let texts = [("prompt", "a red car"), ("guidance_scale", "7.5"), ("seed", "1")];
    let writer = Some("a script around diffusers");
    assert_eq!(said(&png(&texts)), [("diffusers.keywords", Says::Whole, writer)]);
    let json = r#"{"prompt": "a cat", "sampler": "euler", "steps": 4}"#;
    assert_eq!(
        said(&png(&[("Comment", json)])),
        [("diffusers.parameters", Says::Whole, writer)]
    );
}

#[test]
fn easy_diffusion_is_told_by_the_names_it_shows() {
    let json = r#"{"Prompt": "a cat", "Seed": "42", "Stable Diffusion model": "sd-v1-4", "Sampler": "euler_a"}"#;
    let expected = [("easydiffusion.parameters", Says::Whole, Some("Easy Diffusion"))];
    assert_eq!(said(&jpeg(&[(0x9286, json.as_bytes())])), expected);
    let other = r#"{"Prompt": "Compare", "models": "Stable Diffusion model, FLUX"}"#;
    assert_eq!(said(&jpeg(&[(0x9286, other.as_bytes())])), []);
}

#[test]
fn scripts_of_dgenerate_are_told_by_how_they_begin() {
    let script = "#! /usr/bin/env dgenerate --file\n#! dgenerate 5.0.0\n\nx/y \\\n--prompts \"a cat\"\n";
    let expected = [("dgenerate.config", Says::Whole, Some("dgenerate"))];
    assert_eq!(said(&png(&[("DgenerateConfig", script)])), expected);
    assert_eq!(said(&jpeg(&[(0x9286, script.as_bytes())])), expected);
    let caption = b"How to run #! /usr/bin/env dgenerate --file on a server";
    assert_eq!(said(&jpeg(&[(0x010E, caption)])), []);
    assert_eq!(said(&png(&[("DgenerateConfig", "see the wiki")])), []);
}

#[test]
fn what_camera_raw_took_out_with_a_model_is_a_part() {
    let area = |settings: &str| {
        format!(
            "<c:RetouchAreas xmlns:c='http://ns.adobe.com/camera-raw-settings/1.0/'><a:Seq><a:li><a:Description \
             c:SpotType='heal_patchmatch' c:Opacity='1' {settings}><c:Masks><a:Seq><a:li c:What='Mask/Ellipse'/></a:Seq>\
             </c:Masks></a:Description></a:li></a:Seq></c:RetouchAreas>"
        )
    };
    let firefly = area("c:fill_method='firefly' c:pm_clio_model_version='clio-erase-2.0#epoch=0'");
    let label = ("adobe.generative-remove", Says::Part, Some("Adobe"));
    assert_eq!(said(&with_xmp(&firefly)), [label]);
    // As many areas as a dusty film has.
    assert_eq!(said(&with_xmp(&firefly.repeat(300))), [label]);
    // Saved beside a picture that it was not applied to.
    let raw = "<c:AlreadyApplied xmlns:c='http://ns.adobe.com/camera-raw-settings/1.0/'>False</c:AlreadyApplied>";
    let possible = ("adobe.generative-remove", Says::Possible, Some("Adobe"));
    assert_eq!(said(&with_xmp(&format!("{firefly}{raw}"))), [possible]);
    let element = area("").replace("<c:Masks>", "<c:fill_method>firefly</c:fill_method><c:Masks>");
    assert_eq!(said(&with_xmp(&element)), [label]);
    for other in [
        area(""),
        area("c:fill_method='patchmatch'"),
        firefly.replace("camera-raw-settings", "other-settings"),
        firefly.replace("RetouchAreas", "SavedSettings"),
    ] {
        assert_eq!(said(&with_xmp(&other)), [], "{other}");
    }
}

#[test]
fn text_of_a_painted_mask_is_a_part_and_of_a_found_face_is_not() {
    for (more, says, writer) in [
        (
            "Denoising strength: 0.75, Mask blur: 4, Version: v1.10.1",
            Says::Part,
            "AUTOMATIC1111",
        ),
        ("ADetailer mask blur: 4, Version: v1.10.1", Says::Whole, "AUTOMATIC1111"),
        ("Mask blur: 4", Says::Part, "a Stable Diffusion web UI"),
        ("Strength: 1.0, Seed Mode: Scale Alike", Says::Whole, "Draw Things"),
        ("Version: f2.0.0dev-v1.10.1", Says::Whole, "reForge"),
        ("Version: f2.0.1v1.10.1", Says::Whole, "Forge"),
    ] {
        let text = format!("{A1111}, {more}");
        assert_eq!(
            said(&png(&[("parameters", &text)])),
            [("a1111.parameters", says, Some(writer))]
        );
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

#[test]
fn requests_of_pollinations_are_told_from_other_scripts() {
    let request = r#"{"model":"flux","width":1024,"seed":42,"nologo":true,"nofeed":false,"prompt":"a cat","negative_prompt":"x"}"#;
    let gemini = r#"{"prompt":"a cat","model":"nanobanana","generator":"Vertex AI Gemini 2.5 Flash Image"}"#;
    for json in [request, gemini] {
        let comment = [b"ASCII\0\0\0", json.as_bytes()].concat();
        assert_eq!(
            said(&jpeg(&[(0x9286, &comment)])),
            [("pollinations.request", Says::Whole, Some("Pollinations"))]
        );
    }
    for other in [
        r#"{"model":"EOS R5","nologo":true}"#,
        r#"{"prompt":"Describe it","model":"caption","generator":"Gemini"}"#,
    ] {
        assert_eq!(said(&jpeg(&[(0x9286, other.as_bytes())])), [], "{other}");
    }
}

#[test]
fn programs_with_labels_of_their_own_are_told_by_them() {
    let kobold =
        "Prompt: a cat | NegativePrompt:  | Steps: 20 | CFGScale: 5 | Seed: 1 | Model: sd | Version: KoboldCpp";
    let simple = r#"{"Prompt":"a cat","Full Prompt":["a cat"],"Base Model":"sdxl"}"#;
    let nmkd = r#"{"model":"sd","prompt":"a cat","promptNeg":"","steps":"30"}"#;
    let wangp = r#"{"prompt":"a cat","negative_prompt":"","type":"WanGP v8.1 by DeepBeepMeep - Flux"}"#;
    for (texts, signal, writer) in [
        (&[("parameters", kobold)][..], "koboldcpp.parameters", "KoboldCpp"),
        (&[("fooocus_scheme", "simple")], "fooocus.scheme", "SimpleSDXL"),
        (&[("parameters", simple)], "fooocus.parameters", "SimpleSDXL"),
        (
            &[("Nmkdiffusers", nmkd)],
            "nmkd.parameters",
            "NMKD Stable Diffusion GUI",
        ),
        (
            &[("GenerationInfo", nmkd)],
            "nmkd.parameters",
            "NMKD Stable Diffusion GUI",
        ),
        (
            &[("GenerationInfoJson", r#"{"Prompt":"a cat"}"#)],
            "nmkd.parameters",
            "NMKD Stable Diffusion GUI",
        ),
        (
            &[("SD:prompt", "a cat"), ("SD:seed", "1")],
            "sygil.keywords",
            "a Stable Diffusion web UI",
        ),
        (&[("Comment", wangp)], "wangp.parameters", "WanGP"),
        (
            &[("AI_Generated", "true")],
            "script.ai-generated",
            "a program that says so",
        ),
        (
            &[(
                "parameters",
                "a cat\nSeed: 1, Civitai resources: [{\"modelVersionId\":1}]",
            )],
            "a1111.parameters",
            "Civitai",
        ),
    ] {
        assert_eq!(said(&png(texts)), [(signal, Says::Whole, Some(writer))], "{texts:?}");
    }
    // A program that describes a picture is asked in such words, too.
    assert_eq!(
        said(&png(&[("prompt", "a cat"), ("model_name", "sdxl"), ("seed", "42")])),
        [("diffusers.keywords", Says::Possible, Some("a script around diffusers"))]
    );
    let imaginairy = b"Imaginairy / Stable Diffusion v1.4";
    assert_eq!(
        said(&jpeg(&[(0x0131, imaginairy)])),
        [("imaginairy.software", Says::Whole, Some("imaginAIry"))]
    );
    for texts in [
        &[("parameters", "Prompt: dinner | Steps: 20 | Version: 2")][..],
        &[("fooocus_scheme", "simple life")],
        &[("Comment", r#"{"Base Model":"T","Prompt":"x"}"#)],
        &[("GenerationInfo", r#"{"prompt":"Start the turbine","power":"3 MW"}"#)],
        &[("SD:prompt", "a cat")],
        &[("Comment", r#"{"prompt":"a cat","type":"portrait"}"#)],
        &[("prompt", "on time"), ("model", "T"), ("seed", "of the moss")],
        &[("ai_generated", "false")],
        &[("ai-generated", "no")],
        &[("Comment", "Civitai resources: where to find models")],
    ] {
        assert_eq!(said(&png(texts)), [], "{texts:?}");
    }
}

#[test]
fn what_was_painted_over_by_flux_is_a_part() {
    let of = |software: &[u8]| said(&jpeg(&[(0x010F, b"Black Forest Labs"), (0x0131, software)]));
    let label = |signal, says| (signal, says, Some("FLUX"));
    for (software, says) in [
        (&b"AI generated;inpainting;flux"[..], Says::Part),
        (b"AI generated;txt2img;flux", Says::Whole),
    ] {
        assert_eq!(of(software), [label("flux.make", says), label("flux.software", says)]);
    }
}

#[test]
fn keywords_of_sd_scripts_count_together_only() {
    let all = [
        ("prompt", "a cat"),
        ("seed", "1"),
        ("sampler", "ddim"),
        ("steps", "50"),
        ("scale", "7.5"),
    ];
    assert_eq!(
        said(&png(&all)),
        [("sd-scripts.keywords", Says::Whole, Some("sd-scripts"))]
    );
    for missing in 0..all.len() {
        let rest: Vec<_> = all
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != missing)
            .map(|(_, text)| *text)
            .collect();
        assert_eq!(said(&png(&rest)), [], "{rest:?}");
    }
}

#[test]
fn parameters_of_stable_diffusion_cpp_are_read_from_xmp() {
    let property = |namespace: &str| {
        let text = format!("{A1111}, Version: stable-diffusion.cpp");
        with_xmp(&format!("<s:parameters xmlns:s='{namespace}'>{text}</s:parameters>"))
    };
    assert_eq!(
        said(&property("https://github.com/leejet/stable-diffusion.cpp/ns/1.0/")),
        [("a1111.parameters", Says::Whole, Some("stable-diffusion.cpp"))]
    );
    assert_eq!(said(&property("https://example.org/")), []);
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
fn upscalers_and_restorers_leave_it_open() {
    let upscaled = "Postprocess upscale by: 4, Postprocess upscaler: R-ESRGAN 4x+";
    let restored = "GFPGAN visibility: 1, CodeFormer visibility: 0.5";
    for bytes in [
        jpeg(&[(0x9286, upscaled.as_bytes())]),
        png(&[("extras", upscaled)]),
        png(&[("postprocessing", restored)]),
    ] {
        assert_eq!(finding(&bytes).says(), Some(Says::Possible));
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
