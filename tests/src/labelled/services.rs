//! What services leave that make pictures for others.

use super::exif::{ARTIST, IMAGE_DESCRIPTION, MAKE, USER_COMMENT, ascii, exif};
use super::wrap::{Text, jpeg_exif, jpeg_with, jpeg_xmp, png_alpha, png_with, png_xmp, samsung_trailer, zipped};
use super::xmp::{generated, packet};
use super::{Case, UUID, case, picture};
use crate::forge::Made;

pub(super) const CASES: &[Case] = &[
    case("midjourney.png", midjourney),
    case("novelai.png", || {
        png_with(&[
            ("Title", "NovelAI generated image", Text::Plain),
            ("Description", "a lighthouse", Text::Plain),
            ("Software", "NovelAI", Text::Plain),
            ("Source", "NovelAI Diffusion V4.5 4BDE2A90", Text::Plain),
            ("Comment", r#"{"prompt": "a lighthouse", "steps": 28}"#, Text::Plain),
        ])
    }),
    // What is left where a platform keeps no text chunk and codes without loss.
    case("novelai-alpha.png", || {
        let json = r#"{"Software": "NovelAI", "Source": "NovelAI Diffusion V4.5", "Comment": "{\"prompt\": \"a lighthouse\"}"}"#;
        png_alpha(b"stealth_pngcomp", &zipped(json.as_bytes())?)
    }),
    case("grok.jpg", || {
        let signature = format!("Signature: {}=", "aB3/x9Z+".repeat(8));
        let fields: [(u16, &[u8]); 2] = [(IMAGE_DESCRIPTION, signature.as_bytes()), (ARTIST, UUID.as_bytes())];
        jpeg_exif(&exif(&fields, &[]))
    }),
    // The same two fields where a converter has put them.
    case("grok.png", || {
        let signature = format!("Signature: {}=", "aB3/x9Z+".repeat(8));
        png_with(&[("Description", &signature, Text::Plain), ("Author", UUID, Text::Plain)])
    }),
    case("ideogram.jpg", || jpeg_exif(&exif(&[(MAKE, b"Ideogram AI")], &[]))),
    case("luma.png", || png_with(&[("Source", "Luma AI", Text::Plain)])),
    case("reve.png", || png_with(&[("Source", "reve.com", Text::Plain)])),
    case("samsung-generative-edit.jpg", || {
        let edit = br#"{"originalPath":"\/storage\/DCIM\/1.jpg","genAIType":1}"#;
        Ok([picture("flat.jpg")?, samsung_trailer("PhotoEditor_Re_Edit_Data", edit)].concat())
    }),
    // A program that copies files has added a line.
    case("samsung-generative-edit-line-feed.jpg", || {
        let edit = br#"{"originalPath":"\/storage\/DCIM\/1.jpg","genAIType":1}"#;
        let trailer = samsung_trailer("PhotoEditor_Re_Edit_Data", edit);
        Ok([picture("flat.jpg")?, trailer, b"\n".to_vec()].concat())
    }),
    case("doubao.png", || {
        let info = r#"{"aigc_info": {"aigc_label_type": 0}, "data": {"product": "doubao"}}"#;
        png_with(&[("Comment", info, Text::Plain)])
    }),
    case("tensorart.png", || {
        let data = r#"{"models": [{"label": "dream"}], "prompt": "a lighthouse"}"#;
        png_with(&[("generation_data", data, Text::Plain)])
    }),
    case("higgsfield-job.png", || png_with(&[("hf-job-id", UUID, Text::Plain)])),
    case("apple-clean-up.jpg", || {
        jpeg_xmp(&packet("<photoshop:Credit>Apple Photos Clean Up</photoshop:Credit>"))
    }),
    // Dust on a film scan, taken out with a model; beside it a spot that was copied from next to it.
    case("adobe-generative-remove.jpg", || {
        jpeg_xmp(&packet(&format!(
            "{}{}",
            retouched("heal", ""),
            retouched(
                "heal_patchmatch",
                " crs:fill_method=\"firefly\" crs:pm_clio_model_version=\"clio-erase-2.0\""
            )
        )))
    }),
    case("pollinations.jpg", || {
        let request = r#"{"prompt":"a lighthouse","model":"flux","width":1024,"height":1024,"seed":42,"nologo":true,"nofeed":false,"safe":false}"#;
        jpeg_exif(&exif(&[], &[(USER_COMMENT, &ascii(request))]))
    }),
    case("canva.jpg", || jpeg_xmp(&canva("Yes"))),
    case("canva.svg", || {
        let text = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><metadata>\
            <ContainsAiGeneratedContent>Yes</ContainsAiGeneratedContent></metadata></svg>";
        Ok(text.as_bytes().to_vec())
    }),
    case("novelai-comment.jpg", || {
        let json = br#"{"Software": "NovelAI", "Comment": "{\"prompt\": \"a lighthouse\"}"}"#;
        jpeg_with(&[(0xFE, json.to_vec())])
    }),
    // Declared with a letter less than it is used.
    case("tc260-undeclared-prefix.jpg", || {
        let escaped = AIGC.replace('"', "&quot;");
        let packet = packet("").replace("></rdf:Description>", &format!(" TC260:AIGC=\"{escaped}\"/>"));
        jpeg_xmp(&packet.replace("xmlns:TC260", "xmlns:C260"))
    }),
    // In a segment of its own, glued to its name.
    case("tc260-segment.jpg", || {
        jpeg_with(&[(0xE9, format!("AIGC{AIGC}").into_bytes())])
    }),
    case("tc260-comment.jpg", || jpeg_with(&[(0xFE, wrapped(AIGC).into_bytes())])),
    case("tc260-element.png", || {
        let escaped = AIGC.replace('"', "&quot;");
        png_xmp(
            &packet(&format!("<TC260:AIGC>{escaped}</TC260:AIGC>")),
            Text::International,
        )
    }),
    case("tc260-attribute.jpg", || {
        let escaped = AIGC.replace('"', "&quot;");
        jpeg_xmp(&packet("").replace("></rdf:Description>", &format!(" TC260:AIGC=\"{escaped}\"/>")))
    }),
    case("tc260-text.png", || png_with(&[("AIGC", &wrapped(AIGC), Text::Plain)])),
    case("tc260-user-comment.jpg", || {
        jpeg_exif(&exif(&[], &[(USER_COMMENT, &ascii(&wrapped(AIGC)))]))
    }),
    case("tc260-tencent.jpg", || {
        let label = br#"{"Label":"1","ServiceProvider":"example","ServiceUser":"1"}"#;
        jpeg_exif(&exif(&[(IMAGE_DESCRIPTION, label)], &[]))
    }),
    // The entry for which only what a model made is the reason.
    case("samsung-generated-info.jpg", || {
        let info = br#"{"genImageVersion":"v1","connectorType":"srvg","genAIType":5}"#;
        Ok([picture("flat.jpg")?, samsung_trailer("PEg_Info", info)].concat())
    }),
    case("bytedance-nested.jpg", || {
        let info = br#"{"aigc_info":"{\"aigc_label_type\":1}","data":{"product":"lv","exportType":"export"}}"#;
        jpeg_exif(&exif(&[], &[(USER_COMMENT, info)]))
    }),
    case("novelai-infilled.png", || {
        let comment = r#"{"prompt": "a lighthouse", "steps": 28, "request_type": "NativeInfillingRequest"}"#;
        png_with(&[
            ("Title", "AI generated image", Text::Plain),
            ("Software", "NovelAI", Text::Plain),
            ("Comment", comment, Text::Plain),
        ])
    }),
    case("apple-generative-edit.jpg", || {
        jpeg_xmp(&packet(
            "<photoshop:Credit>Apple Photos Generative Edit: Clean Up</photoshop:Credit>",
        ))
    }),
    // Text within JSON, as a service writes it that puts one serialisation into another.
    case("tc260-nested.jpg", || {
        let nested = wrapped(&format!("\"{}\"", AIGC.replace('"', "\\\"")));
        jpeg_exif(&exif(&[], &[(USER_COMMENT, &ascii(&nested))]))
    }),
    case("tc260-structure.jpg", || {
        jpeg_xmp(&packet(
            "<TC260:AIGC rdf:parseType=\"Resource\"><TC260:Label>1</TC260:Label>\
            <TC260:ContentProducer>Example Pictures</TC260:ContentProducer></TC260:AIGC>",
        ))
    }),
    // As Baidu has it: in a namespace with a name like Adobe's.
    case("tc260-other-namespace.jpg", || {
        let escaped = AIGC.replace('"', "&quot;");
        jpeg_xmp(&packet(&format!(
            "<AIGC:AIGC xmlns:AIGC=\"http://ns.adobe.com/AIGC/1.0/\">{escaped}</AIGC:AIGC>"
        )))
    }),
    case("tc260-suspected.png", || {
        png_with(&[(
            "AIGC",
            &wrapped(&AIGC.replace("\"Label\":\"1\"", "\"Label\":\"3\"")),
            Text::Plain,
        )])
    }),
];

/// The inner object of GB 45438-2025, with the standard's own example of a code.
pub(super) const AIGC: &str = r#"{"Label":"1","ContentProducer":"001191110102MACQD9K64010000","ProduceID":"1","ReservedCode1":"","ContentPropagator":"001191110102MACQD9K64010000","PropagateID":"1","ReservedCode2":""}"#;

/// The property that every export of Canva has.
pub(super) fn canva(value: &str) -> String {
    packet(&format!(
        "<ContainsAiGeneratedContent:ContainsAiGeneratedContent \
        xmlns:ContainsAiGeneratedContent=\"https://www.canva.com/ns/contains-ai-generated-content\">{value}\
        </ContainsAiGeneratedContent:ContainsAiGeneratedContent>"
    ))
}

/// What Camera Raw notes of a spot that was mended.
pub(super) fn retouched(how: &str, more: &str) -> String {
    format!(
        "<crs:RetouchAreas xmlns:crs=\"http://ns.adobe.com/camera-raw-settings/1.0/\"><rdf:Seq><rdf:li>\
        <rdf:Description crs:SpotType=\"{how}\" crs:Opacity=\"1\"{more}><crs:Masks><rdf:Seq><rdf:li \
        crs:What=\"Mask/Ellipse\" crs:X=\"0.7\" crs:Y=\"0.1\"/></rdf:Seq></crs:Masks></rdf:Description></rdf:li></rdf:Seq>\
        </crs:RetouchAreas>"
    )
}

fn wrapped(inner: &str) -> String {
    format!("{{\"AIGC\":{inner}}}")
}

/// XMP in a tEXt chunk, and the prompt with the job's number beside it.
fn midjourney() -> Made {
    let description = format!("a lighthouse at dawn --ar 3:2 --v 6.0 Job ID: {UUID}");
    png_with(&[
        ("Author", "somebody", Text::Plain),
        ("Description", &description, Text::Plain),
        (
            "XML:com.adobe.xmp",
            &generated()
                .replace("Iptc4xmpExt:", "iptcExt:")
                .replace("xmlns:Iptc4xmpExt", "xmlns:iptcExt"),
            Text::Plain,
        ),
    ])
}
