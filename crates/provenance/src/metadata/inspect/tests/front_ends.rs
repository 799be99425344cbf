//! Labels of local front-ends: generation texts, graphs, and the JSON of programs that run where their user is.

use super::*;

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
