//! What programs leave that people run themselves.

use super::exif::{DOCUMENT_NAME, MAKE, MODEL, SOFTWARE, USER_COMMENT, ascii, exif, unicode};
use super::wrap::{
    Text, avif_exif, gif_comment, jpeg_exif, jpeg_iptc, jpeg_with, mp4_text, png_alpha, png_colours, png_comfyui,
    png_exif, png_with, png_with_behind, webp_with,
};
use super::xmp::source_type;
use super::{Case, PARAMETERS, case};
use crate::forge::Made;

pub(super) const CASES: &[Case] = &[
    case("a1111-alpha.png", || {
        png_alpha(b"stealth_pnginfo", PARAMETERS.as_bytes())
    }),
    case("a1111-colours.png", || {
        png_colours(b"stealth_rgbinfo", PARAMETERS.as_bytes())
    }),
    case("a1111-no-steps.png", || {
        let prompts = "a lighthouse at dawn\nNegative prompt: people";
        png_with(&[("parameters", prompts, Text::Plain)])
    }),
    case("a1111-text.png", || {
        png_with(&[("parameters", PARAMETERS, Text::Plain)])
    }),
    case("a1111-itxt.png", || {
        png_with(&[("parameters", PARAMETERS, Text::International)])
    }),
    case("a1111-ztxt.png", || {
        png_with(&[("parameters", PARAMETERS, Text::Compressed)])
    }),
    case("a1111-after-idat.png", || {
        png_with_behind(&[("parameters", PARAMETERS, Text::International)])
    }),
    case("a1111-exif.png", || png_exif(&comment(&unicode(PARAMETERS, true)))),
    case("a1111-utf16-big.jpg", || {
        jpeg_exif(&comment(&unicode(PARAMETERS, true)))
    }),
    case("a1111-utf16-little.jpg", || {
        jpeg_exif(&comment(&unicode(PARAMETERS, false)))
    }),
    case("a1111-ascii.jpg", || jpeg_exif(&comment(&ascii(PARAMETERS)))),
    case("a1111-no-charset.jpg", || jpeg_exif(&comment(PARAMETERS.as_bytes()))),
    case("a1111-comment.jpg", || {
        jpeg_with(&[(0xFE, PARAMETERS.as_bytes().to_vec())])
    }),
    case("a1111.webp", || {
        webp_with(b"EXIF", &comment(&unicode(PARAMETERS, true)))
    }),
    case("a1111.gif", || gif_comment(PARAMETERS)),
    case("a1111.avif", || avif_exif(&comment(&unicode(PARAMETERS, true)))),
    case("a1111-mask.png", || {
        let text = PARAMETERS.replace(", Version", ", Denoising strength: 0.75, Mask blur: 4, Version");
        png_with(&[("parameters", &text, Text::Plain)])
    }),
    case("a1111-upscaled.png", || {
        png_with(&[(
            "postprocessing",
            "Postprocess upscale by: 4, Postprocess upscaler: R-ESRGAN 4x+",
            Text::Plain,
        )])
    }),
    case("sd-next.jpg", || {
        let text = PARAMETERS.replace("Version: v1.10.1", "App: SD.Next, Version: 56a8aea");
        jpeg_exif(&comment(&unicode(&text, true)))
    }),
    case("comfyui.png", || {
        png_with(&[("prompt", GRAPH, Text::Plain), ("workflow", WORKFLOW, Text::Plain)])
    }),
    case("comfyui-chunk.png", || {
        png_comfyui(&[("prompt", GRAPH), ("workflow", WORKFLOW)])
    }),
    case("comfyui.svg", || {
        let both = format!("{{\"prompt\": {GRAPH}, \"workflow\": {WORKFLOW}}}");
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><metadata><![CDATA[{both}]]></metadata></svg>");
        Ok(text.into_bytes())
    }),
    case("comfyui-document-name.jpg", || {
        let prompt = format!("prompt:{GRAPH}");
        jpeg_exif(&exif(&[(DOCUMENT_NAME, prompt.as_bytes())], &[]))
    }),
    case("flux.jpg", || {
        let fields: [(u16, &[u8]); 3] = [
            (MAKE, b"Black Forest Labs"),
            (MODEL, b"flux-dev"),
            (SOFTWARE, b"AI generated;txt2img;flux"),
        ];
        jpeg_exif(&exif(&fields, &[]))
    }),
    case("mochi-diffusion.jpg", || {
        let caption = "Metadata Version: 2\nInclude in Image: a lighthouse\nSteps: 30\nGenerator: Mochi Diffusion 5.2";
        jpeg_iptc(&[(120, caption)])
    }),
    case("ruined-fooocus.png", || {
        let parameters = r#"{"Prompt": "a lighthouse", "steps": 30, "base_model_name": "dream.safetensors", "software": "RuinedFooocus"}"#;
        png_with(&[("parameters", parameters, Text::Plain)])
    }),
    case("comfyui-raw-json.webp", || {
        let both = format!("{{\"prompt\": {GRAPH}, \"workflow\": {WORKFLOW}}}");
        webp_with(b"EXIF", &comment(both.as_bytes()))
    }),
    case("comfyui-make-model.webp", || {
        let (workflow, prompt) = (format!("workflow:{WORKFLOW}"), format!("prompt:{GRAPH}"));
        let block = exif(&[(MAKE, workflow.as_bytes()), (MODEL, prompt.as_bytes())], &[]);
        webp_with(b"EXIF", &block)
    }),
    case("comfyui.avif", || avif_exif(&comment(GRAPH.as_bytes()))),
    case("comfyui.mp4", || mp4_text("prompt", GRAPH)),
    // Copied by hand into another format, without its keyword.
    case("invokeai-comment.jpg", || {
        let metadata =
            r#"{"generation_mode": "txt2img", "positive_prompt": "a lighthouse", "model": {"name": "dream"}}"#;
        jpeg_exif(&comment(metadata.as_bytes()))
    }),
    case("invokeai.png", || invokeai("txt2img")),
    case("invokeai-sd-metadata.png", || {
        let metadata =
            r#"{"model_weights": "stable-diffusion-1.5", "image": {"prompt": [{"prompt": "a lighthouse"}]}}"#;
        png_with(&[("sd-metadata", metadata, Text::Plain)])
    }),
    case("invokeai-dream.png", || {
        png_with(&[(
            "Dream",
            "\"a lighthouse\" -s 50 -S 42 -W 512 -H 512 -C 7.5 -A k_lms",
            Text::Plain,
        )])
    }),
    case("fooocus.png", || {
        let parameters = r#"{"base_model": "juggernautXL_v8", "metadata_scheme": "fooocus", "prompt": "a lighthouse"}"#;
        png_with(&[
            ("parameters", parameters, Text::Plain),
            ("fooocus_scheme", "fooocus", Text::Plain),
        ])
    }),
    case("swarmui.png", || png_with(&[("parameters", SWARM, Text::Plain)])),
    case("swarmui.jpg", || jpeg_exif(&comment(&unicode(SWARM, false)))),
    case("stabilitymatrix.png", || {
        png_with(&[
            (
                "parameters-json",
                r#"{"PositivePrompt": "a lighthouse", "Steps": 20}"#,
                Text::Plain,
            ),
            (
                "smproj",
                r#"{"Version": 2, "ProjectType": "TextToImage", "State": {}}"#,
                Text::Plain,
            ),
        ])
    }),
    case("diffusers-json.png", || {
        let parameters = r#"{"prompt": "a lighthouse", "guidance_scale": 7.5, "num_inference_steps": 28}"#;
        png_with(&[("parameters", parameters, Text::Plain)])
    }),
    case("easy-diffusion.png", || {
        let parameters = r#"{"prompt": "a lighthouse", "use_stable_diffusion_model": "sd-v1-5"}"#;
        png_with(&[("parameters", parameters, Text::Plain)])
    }),
    case("easy-diffusion-names.jpg", || {
        jpeg_exif(&comment(&unicode(EASY_DIFFUSION, false)))
    }),
    case("easy-diffusion-names.webp", || {
        webp_with(b"EXIF", &comment(&unicode(EASY_DIFFUSION, true)))
    }),
    case("dgenerate.png", || {
        png_with(&[("DgenerateConfig", DGENERATE, Text::Plain)])
    }),
    case("dgenerate.jpg", || jpeg_exif(&comment(&unicode(DGENERATE, true)))),
    case("sd-scripts.png", || {
        let texts = [
            ("prompt", "a lighthouse"),
            ("seed", "1"),
            ("sampler", "ddim"),
            ("steps", "50"),
            ("scale", "7.5"),
        ];
        png_with(&texts.map(|(keyword, text)| (keyword, text, Text::Plain)))
    }),
    case("stable-diffusion-cpp.webp", || {
        let text = PARAMETERS.replace("Version: v1.10.1", "Version: stable-diffusion.cpp");
        let packet = format!(
            "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n  \
            <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n    \
            <rdf:Description xmlns:sdcpp=\"https://github.com/leejet/stable-diffusion.cpp/ns/1.0/\">\n      \
            <sdcpp:parameters>{text}</sdcpp:parameters>\n    </rdf:Description>\n  </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>"
        );
        webp_with(b"XMP ", packet.as_bytes())
    }),
    // No letter of ASCII in half of it, and an ideograph whose second byte is zero (U+4E00).
    case("a1111-chinese-utf16.jpg", || {
        let prompt = "一位少女站在石桥上，一片烟雨，".repeat(20);
        let text = PARAMETERS.replace("a lighthouse at dawn", &prompt);
        jpeg_exif(&comment(&unicode(&text, false)))
    }),
    // A photograph, made smaller: nothing in the graph generates.
    case("comfyui-only-resized.png", || {
        let graph = r#"{"1": {"class_type": "LoadImage", "inputs": {"image": "photo.jpg"}}, "2": {"class_type": "ImageScale", "inputs": {"image": ["1", 0]}}, "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0]}}}"#;
        let workflow = r#"{"last_node_id": 3, "nodes": [{"type": "LoadImage", "outputs": [{"type": "IMAGE"}]}, {"type": "ImageScale"}, {"type": "SaveImage"}], "links": [], "version": 0.4}"#;
        png_with(&[("prompt", graph, Text::Plain), ("workflow", workflow, Text::Plain)])
    }),
    // A photograph from which somebody was cut out, or whose pose was found, or that was made larger.
    case("comfyui-cut-out.png", || {
        let graph = graph(&["LoadImage", "InspyrenetRembg", "MaskToImage", "SaveImage"]);
        png_with(&[("prompt", &graph, Text::Plain)])
    }),
    case("comfyui-pose.webp", || {
        let nodes = r#"[{"type": "LoadImage"}, {"type": "DWPreprocessor", "outputs": [{"type": "POSE_KEYPOINT"}]}, {"type": "SaveImage"}]"#;
        let prompt = graph(&["LoadImage", "DWPreprocessor", "SaveImage"]);
        let both = format!("{{\"prompt\": {prompt}, \"workflow\": {{\"last_node_id\": 3, \"nodes\": {nodes}}}}}");
        webp_with(b"EXIF", &comment(both.as_bytes()))
    }),
    case("comfyui-scaled.png", || {
        let graph = graph(&["LoadImage", "ImageScaleBy", "PrimitiveFloat", "SaveImage"]);
        let workflow = r#"{"last_node_id": 4, "nodes": [{"type": "LoadImage", "outputs": [{"type": "IMAGE"}]}, {"type": "NodeOfSomebody"}, {"type": "PrimitiveFloat"}, {"type": "SaveImage"}], "links": [], "version": 0.4}"#;
        png_with(&[("prompt", &graph, Text::Plain), ("workflow", workflow, Text::Plain)])
    }),
    // A sampler that was drawn, muted, and not run.
    case("comfyui-sampler-muted.png", || {
        let graph = graph(&["LoadImage", "ImageScale", "SaveImage"]);
        let workflow = r#"{"last_node_id": 4, "nodes": [{"type": "LoadImage", "outputs": [{"type": "IMAGE"}]}, {"type": "ImageScale"}, {"type": "KSampler", "mode": 2}, {"type": "SaveImage"}], "links": [], "version": 0.4}"#;
        png_with(&[("prompt", &graph, Text::Plain), ("workflow", workflow, Text::Plain)])
    }),
    // A service that makes a new picture of the one it is given.
    case("comfyui-service.png", || {
        png_with(&[(
            "prompt",
            &graph(&["LoadImage", "GeminiImageNode", "SaveImage"]),
            Text::Plain,
        )])
    }),
    case("comfyui-inpainted.png", || {
        let graph = r#"{"1": {"class_type": "LoadImage", "inputs": {"image": "photo.png"}}, "2": {"class_type": "VAEEncodeForInpaint", "inputs": {"pixels": ["1", 0], "mask": ["1", 1]}}, "3": {"class_type": "KSampler", "inputs": {"latent_image": ["2", 0]}}}"#;
        png_with(&[("prompt", graph, Text::Plain)])
    }),
    case("invokeai-outpainted.png", || invokeai("sdxl_outpaint")),
    // What is guessed from the parameters and what the source type states of the same picture.
    case("krita-inpainted.png", || {
        png_with(&[
            ("parameters", PARAMETERS, Text::Plain),
            (
                "XML:com.adobe.xmp",
                &source_type("compositeWithTrainedAlgorithmicMedia"),
                Text::International,
            ),
        ])
    }),
    case("mflux.jpg", || {
        let metadata =
            br#"{"mflux_version": "0.15.0", "model": "dev", "seed": 42, "steps": 20, "guidance": 3.5, "prompt": "a lighthouse"}"#;
        jpeg_exif(&comment(metadata))
    }),
    case("qwen.jpg", || {
        jpeg_exif(&exif(&[(SOFTWARE, b"AI generated;t2i;qwen")], &[]))
    }),
    case("script-keywords.png", || {
        png_with(&[
            ("prompt", "a lighthouse", Text::Plain),
            ("guidance_scale", "7.5", Text::Plain),
            ("seed", "1", Text::Plain),
        ])
    }),
];

/// What InvokeAI writes of a picture made in this mode.
fn invokeai(mode: &str) -> Made {
    let metadata = format!(r#"{{"generation_mode": "{mode}", "positive_prompt": "a lighthouse", "seed": 1}}"#);
    png_with(&[
        ("invokeai_metadata", &metadata, Text::Plain),
        ("invokeai_graph", r#"{"nodes": {}, "edges": []}"#, Text::Plain),
    ])
}

/// What Easy Diffusion writes into formats other than PNG.
const EASY_DIFFUSION: &str = r#"{"Prompt": "a lighthouse", "Seed": "42", "Stable Diffusion model": "sd-v1-4", "Sampler": "euler_a", "Negative Prompt": "", "Guidance Scale": "7.5", "Steps": "25"}"#;

/// What dgenerate 5.0.0 writes.
const DGENERATE: &str = "#! /usr/bin/env dgenerate --file\n#! dgenerate 5.0.0\n\n\
    stabilityai/stable-diffusion-xl-base-1.0 \\\n--inference-steps 30 \\\n--prompts \"a lighthouse; people\"\n";

/// ComfyUI's graph of these nodes as it ran.
fn graph(classes: &[&str]) -> String {
    let nodes = classes.iter().enumerate();
    let nodes = nodes.map(|(index, class)| format!(r#""{index}": {{"inputs": {{}}, "class_type": "{class}"}}"#));
    format!("{{{}}}", nodes.collect::<Vec<_>>().join(", "))
}

/// What SwarmUI writes.
const SWARM: &str = "{\n  \"sui_image_params\": {\n    \"prompt\": \"a lighthouse\",\n    \"model\": \"flux1-dev\",\n    \
    \"swarm_version\": \"0.9.7.4\"\n  }\n}";

/// ComfyUI's graph as it ran, with the NaN that it writes and JSON does not know.
const GRAPH: &str = r#"{"3": {"class_type": "KSampler", "inputs": {"seed": 1}, "is_changed": [NaN]}, "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse"}}}"#;

/// The same as it is drawn.
const WORKFLOW: &str = r#"{"last_node_id": 6, "last_link_id": 9, "nodes": [], "links": [], "version": 0.4}"#;

/// EXIF with this `UserComment`.
fn comment(value: &[u8]) -> Vec<u8> {
    exif(&[], &[(USER_COMMENT, value)])
}
