//! Labels of services and of editors.

use super::*;

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
