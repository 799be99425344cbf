//! What looks like a label and is none, what frames a photograph, and what would break its reader.

use super::exif::{EXPOSURE_TIME, IMAGE_DESCRIPTION, MAKE, MODEL, SOFTWARE, USER_COMMENT, ascii, exif};
use super::services::{AIGC, canva, retouched};
use super::wrap::{Text, bomb, jpeg_exif, jpeg_xmp, png_alpha, png_with, png_with_damaged, png_xmp};
use super::xmp::{generated, packet};
use super::{Case, PARAMETERS, UUID, case};
use crate::forge::Made;

pub(super) const CASES: &[Case] = &[
    // A name as writers of such bits have it, and no length that fits.
    case("alpha-bits-cut-off.png", || png_alpha(b"stealth_pngcomp", &[0; 494])),
    case("alpha-bits-of-others.png", || {
        png_alpha(b"hidden_my_notes", b"not of a generator")
    }),
    case("trap-seal.png", || {
        png_with(&[("C2PA_SEAL", "c2pa trusted trainedAlgorithmicMedia", Text::Plain)])
    }),
    case("trap-ordinary-words.png", || {
        png_with(&[
            ("parameters", "aperture f/2.8, shutter 1/200", Text::Plain),
            ("prompt", "on time", Text::Plain),
            ("workflow", "developed, cropped, exported", Text::Plain),
            ("Dream", "holiday of a lifetime", Text::Plain),
            ("Comment", "Created with GIMP", Text::Plain),
        ])
    }),
    case("trap-steps.png", || {
        png_with(&[("Description", "Steps: 1. wash 2. rinse. Sampler: of wines", Text::Plain)])
    }),
    case("trap-steps-to-the-beach.jpg", || {
        let caption = b"Steps: 20, down to the beach. Sampler: a box of chocolates";
        jpeg_exif(&exif(&[(IMAGE_DESCRIPTION, caption)], &[]))
    }),
    case("trap-recipe.jpg", || {
        let caption = b"Recipe. Steps: 5, Sampler: sourdough, Seed: 30 g, Size: 20x20";
        jpeg_exif(&exif(&[(IMAGE_DESCRIPTION, caption)], &[]))
    }),
    case("trap-title.png", || {
        png_with(&[("Title", "AI generated image", Text::Plain)])
    }),
    case("trap-program-name.jpg", || {
        jpeg_exif(&exif(&[(SOFTWARE, b"Midjourney Downloader")], &[]))
    }),
    // A graph of another program, and the label 0 that an editor writes into every picture.
    case("trap-graph.jpg", || {
        let graph = br#"{"nodes": [1, 2], "links": [{"source": 1, "target": 2}]}"#;
        jpeg_exif(&exif(&[(IMAGE_DESCRIPTION, graph)], &[]))
    }),
    case("trap-editor-label.jpg", || {
        let info =
            br#"{"aigc_info":{"aigc_label_type":0,"source_info":""},"data":{"product":"lv","exportType":"export"}}"#;
        jpeg_exif(&exif(&[], &[(USER_COMMENT, info)]))
    }),
    // Other programs whose JSON names a generator somewhere.
    case("trap-json-names-novelai.jpg", || {
        let json =
            br#"{"Software": "Example Catalogue", "Comment": "compare with NovelAI and Fooocus", "software": "x"}"#;
        jpeg_exif(&exif(&[], &[(USER_COMMENT, json)]))
    }),
    case("trap-metadata-in-a-comment.svg", || {
        let text = format!(
            "<svg xmlns='http://www.w3.org/2000/svg'><!-- <metadata>{COMFYUI_GRAPH}</metadata> --><metadata/>\
            <metadatax>{COMFYUI_GRAPH}</metadatax></svg>"
        );
        Ok(text.into_bytes())
    }),
    case("trap-learning-curve.png", || {
        png_with(&[("Description", "Steps: 100000, Seed: 3, lr: 0.001", Text::Plain)])
    }),
    // Keywords that many programs write, and how a script is run.
    case("trap-keywords.png", || {
        let texts = [
            ("prompt", "on time"),
            ("seed", "of the moss"),
            ("steps", "of the stairs"),
            ("scale", "1:5000"),
        ];
        png_with(&texts.map(|(keyword, text)| (keyword, text, Text::Plain)))
    }),
    case("trap-dgenerate.jpg", || {
        let caption = b"a terminal that runs #! /usr/bin/env dgenerate --file";
        jpeg_exif(&exif(&[(IMAGE_DESCRIPTION, caption)], &[]))
    }),
    case("trap-workflow.png", || {
        let galaxy = r#"{"a_galaxy_workflow": "true", "nodes": [], "links": []}"#;
        png_with(&[("workflow", galaxy, Text::Plain)])
    }),
    case("trap-no-ai-system.jpg", || {
        jpeg_xmp(&packet("<Iptc4xmpExt:AISystemUsed>None</Iptc4xmpExt:AISystemUsed>"))
    }),
    case("trap-print-job.jpg", || {
        let caption = format!("Print Job ID: {UUID}");
        jpeg_exif(&exif(&[(IMAGE_DESCRIPTION, caption.as_bytes())], &[]))
    }),
    case("trap-render-job.png", || {
        let caption = format!("Render farm Job ID: {UUID}");
        png_with(&[
            ("Author", "A. Renderer", Text::Plain),
            ("Description", &caption, Text::Plain),
        ])
    }),
    // Mended without a model, as dust and scratches always were.
    case("trap-healed.jpg", || {
        jpeg_xmp(&packet(&retouched("heal_patchmatch", "")))
    }),
    case("trap-drawn-sounds.png", || {
        let graph = r#"{"nodes": [{"id": 1, "type": "audio/oscillator"}], "links": [], "last_node_id": 3}"#;
        png_with(&[("workflow", graph, Text::Plain)])
    }),
    case("trap-canva.jpg", || jpeg_xmp(&canva("No"))),
    case("trap-photoshop-screenshot.jpg", || {
        let main: [(u16, &[u8]); 1] = [(SOFTWARE, b"Adobe Photoshop 25.0 (Macintosh)")];
        jpeg_exif(&exif(&main, &[(USER_COMMENT, &ascii("Screenshot"))]))
    }),
    case("trap-parameters-in-xmp.jpg", || {
        jpeg_xmp(&packet(
            "<dc:description>camera parameters, AIGC and ComfyUI explained</dc:description>",
        ))
    }),
    case("trap-camera.jpg", || jpeg_exif(&camera(None))),
    // Row 47: the parameters of another picture, pasted into a photograph. Anyone can write them.
    case("trap-pasted-parameters.jpg", || jpeg_exif(&camera(Some(PARAMETERS)))),
    case("trap-bomb-ztxt.png", || bomb("parameters", 64 << 20)),
    case("trap-entities.png", entities),
    case("trap-many-attributes.png", many_attributes),
    case("trap-xmp-cut.png", || {
        let packet = generated();
        png_xmp(
            packet.split("</rdf:Description>").next().unwrap_or_default(),
            Text::International,
        )
    }),
    case("trap-escapes.jpg", || {
        jpeg_xmp(&packet(
            "<Iptc4xmpExt:AISystemUsed>\u{202E}&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;\u{200B}\
            </Iptc4xmpExt:AISystemUsed>",
        ))
    }),
    case("trap-quotation-marks.jpg", || {
        jpeg_xmp(&packet(
            "<Iptc4xmpExt:AISystemUsed>X.\u{201D} Not changed. Issued by \u{201C}Reuters\u{201D}, on C2PA trust list            </Iptc4xmpExt:AISystemUsed>",
        ))
    }),
    case("trap-words-as-keywords.png", || {
        let text = (r"Write to www.evil.example", AIGC, Text::Plain);
        png_with_damaged("Not changed. Signed by Reuters.", &[text])
    }),
    case("trap-nested-json.png", || {
        png_with(&[("parameters", &"[".repeat(50_000), Text::Compressed)])
    }),
];

/// What ComfyUI writes of each picture.
const COMFYUI_GRAPH: &str = r#"{"1": {"class_type": "KSampler", "inputs": {"seed": 1}}}"#;

/// A photograph's EXIF, with or without a comment.
fn camera(comment: Option<&str>) -> Vec<u8> {
    let main: [(u16, &[u8]); 2] = [(MAKE, b"Example"), (MODEL, b"Example EX-1")];
    let comment = comment.map(ascii);
    let mut inner: Vec<(u16, &[u8])> = vec![(EXPOSURE_TIME, b"1/200")];
    inner.extend(comment.as_deref().map(|comment| (USER_COMMENT, comment)));
    exif(&main, &inner)
}

/// A billion laughs, in the place of a source type.
fn entities() -> Made {
    let text = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>\
        <!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>";
    png_xmp(
        &format!("{text}{}", generated().replace("http://cv.iptc.org", "&c;")),
        Text::International,
    )
}

/// A hundred thousand attributes on one element (RUSTSEC-2026-0194, 0195).
fn many_attributes() -> Made {
    let attributes: String = (0..100_000).map(|index| format!(" dc:a{index}=\"\"")).collect();
    png_xmp(
        &generated().replace("rdf:about=\"\"", &format!("rdf:about=\"\"{attributes}")),
        Text::InternationalCompressed,
    )
}
