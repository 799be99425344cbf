//! What XMP and IPTC say, in each container and each form.

use super::wrap::{
    Text, dng_xmp, gif_xmp, heif_xmp, jpeg_extended_xmp, jpeg_iptc, jpeg_with, jpeg_xmp, jxl_with, mov_xmp, mp4_xmp,
    pdf_xmp, png_xmp, png_xmp_behind, stored_brotli, tiff_xmp, webp_with, xmp_segment,
};
use super::{Case, case};
use crate::forge::Made;

pub(super) const CASES: &[Case] = &[
    case("xmp-itxt.png", || png_xmp(&generated(), Text::International)),
    case("xmp-itxt-compressed.png", || {
        png_xmp(&generated(), Text::InternationalCompressed)
    }),
    case("xmp-text.png", || png_xmp(&generated(), Text::Plain)),
    case("xmp-ztxt.png", || png_xmp(&generated(), Text::Compressed)),
    case("xmp-after-idat.png", || png_xmp_behind(&generated())),
    case("xmp.jpg", || jpeg_xmp(&generated())),
    case("xmp-extended.jpg", || jpeg_extended_xmp(&packet(""), &generated())),
    case("xmp.webp", || webp_with(b"XMP ", generated().as_bytes())),
    // The name that ImageMagick 6 gives to the chunk.
    case("xmp-imagemagick.webp", || webp_with(b"XMP\0", generated().as_bytes())),
    case("xmp.gif", || gif_xmp(&generated())),
    case("xmp.tif", || tiff_xmp(&generated())),
    case("xmp.dng", || dng_xmp(&generated())),
    case("xmp.avif", || heif_xmp(b"avif", &generated())),
    case("xmp.heic", || heif_xmp(b"heic", &generated())),
    case("xmp.jxl", || jxl_with(b"xml ", generated().as_bytes())),
    case("xmp-brotli.jxl", || {
        jxl_with(b"brob", &[b"xml ", &stored_brotli(generated().as_bytes())[..]].concat())
    }),
    // A window of 30 bits: whoever makes room for it takes a GiB.
    case("xmp-brotli-of-a-large-window.jxl", || {
        jxl_with(b"brob", b"xml \x11\x1E\x06\0\x02<x/>\x03")
    }),
    case("xmp.svg", svg),
    case("xmp.mp4", || mp4_xmp(&generated())),
    case("xmp.mov", || mov_xmp(&generated())),
    case("xmp.pdf", || pdf_xmp(&generated())),
    case("xmp-behind-line-feed.pdf", || {
        Ok([b"\n".to_vec(), pdf_xmp(&generated())?].concat())
    }),
    case("xmp-https-other-prefix.jpg", https_other_prefix),
    case("xmp-older-name.jpg", older_name),
    case("xmp-partly.jpg", || {
        jpeg_xmp(&source_type("compositeWithTrainedAlgorithmicMedia"))
    }),
    case("xmp-composite.jpg", || jpeg_xmp(&source_type("composite"))),
    case("xmp-camera.jpg", || jpeg_xmp(&source_type("digitalCapture"))),
    case("xmp-screen-capture.jpg", || jpeg_xmp(&source_type("screenCapture"))),
    case("xmp-unknown-source-type.jpg", || jpeg_xmp(&source_type("dreamedMedia"))),
    case("xmp-two-packets.jpg", two_packets),
    case("xmp-ai-system.jpg", ai_system),
    case("xmp-ai-system-with-address.jpg", || {
        let name = "X. To have it removed write to https://pay-or-else.example/form or call 0900 123 4567";
        jpeg_xmp(&packet(&format!(
            "<Iptc4xmpExt:AISystemUsed>{name}</Iptc4xmpExt:AISystemUsed>"
        )))
    }),
    case("xmp-several-source-types.jpg", several_source_types),
    // A prompt that was not escaped: no parser gets past it.
    case("xmp-not-well-formed.jpg", || {
        let prompt = "<dc:description>a <lora:x:1> lighthouse & a cat</dc:description>";
        let before = "<Iptc4xmpExt:DigitalSourceType>";
        jpeg_xmp(&generated().replace(before, &format!("{prompt}{before}")))
    }),
    // What is left where all was taken out.
    case("xmp-empty.jpg", || jpeg_xmp("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>")),
    case("xmp-empty-wrapper.jpg", || {
        jpeg_xmp("<?xpacket begin=\"\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<?xpacket end=\"w\"?>")
    }),
    case("xmp-google-credit.jpg", google_credit),
    case("iptc-google-credit.jpg", || {
        jpeg_iptc(&[(80, "A. Photographer"), (110, "Made with Google AI")])
    }),
];

/// A packet whose description has these elements.
pub(super) fn packet(elements: &str) -> String {
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
        <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
        <rdf:Description rdf:about=\"\" xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" \
        xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" \
        xmlns:TC260=\"http://www.tc260.org.cn/ns/AIGC/1.0/\">{elements}</rdf:Description></rdf:RDF></x:xmpmeta>\
        <?xpacket end=\"r\"?>"
    )
}

/// A packet that names this source type of IPTC.
pub(super) fn source_type(code: &str) -> String {
    packet(&format!(
        "<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/{code}\
        </Iptc4xmpExt:DigitalSourceType>"
    ))
}

/// A packet that says "made by AI".
pub(super) fn generated() -> String {
    source_type("trainedAlgorithmicMedia")
}

/// Namespaces are declared on the root, as drawing programs do, behind a document type.
fn svg() -> Made {
    let text = "<?xml version=\"1.0\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \
        \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<svg xmlns=\"http://www.w3.org/2000/svg\" \
        xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
        xmlns:i=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\"><metadata><rdf:RDF><rdf:Description \
        i:DigitalSourceType=\"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia\"/></rdf:RDF>\
        </metadata><rect width=\"9\" height=\"9\"/></svg>\n";
    Ok(text.as_bytes().to_vec())
}

/// As SEAL's sample has it: `https`, an attribute, a prefix of its own.
fn https_other_prefix() -> Made {
    jpeg_xmp(
        "<a:RDF xmlns:a='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><a:Description a:about='' \
        xmlns:iptcExt='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' \
        iptcExt:DigitalSourceType='https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'/></a:RDF>",
    )
}

fn older_name() -> Made {
    jpeg_xmp(&generated().replace("DigitalSourceType", "DigitalSourceFileType"))
}

/// One says AI, the other says camera.
fn two_packets() -> Made {
    jpeg_with(&[
        (0xE1, xmp_segment(&generated())),
        (0xE1, xmp_segment(&source_type("digitalCapture"))),
    ])
}

/// The camera and the model behind one picture, in a list.
fn several_source_types() -> Made {
    let base = "http://cv.iptc.org/newscodes/digitalsourcetype/";
    jpeg_xmp(&packet(&format!(
        "<Iptc4xmpExt:DigitalSourceType><rdf:Bag><rdf:li>{base}compositeWithTrainedAlgorithmicMedia</rdf:li>\
        <rdf:li>{base}digitalCapture</rdf:li></rdf:Bag></Iptc4xmpExt:DigitalSourceType>"
    )))
}

/// The fields of IPTC 2025.1; the prompt must not be shown.
fn ai_system() -> Made {
    jpeg_xmp(&packet(
        "<Iptc4xmpExt:AISystemUsed>Example Diffusion</Iptc4xmpExt:AISystemUsed>\
        <Iptc4xmpExt:AISystemVersionUsed>3.1</Iptc4xmpExt:AISystemVersionUsed>\
        <Iptc4xmpExt:AIPromptInformation>a lighthouse at dawn</Iptc4xmpExt:AIPromptInformation>",
    ))
}

fn google_credit() -> Made {
    jpeg_xmp(&packet("<photoshop:Credit>Made with Google AI</photoshop:Credit>"))
}
