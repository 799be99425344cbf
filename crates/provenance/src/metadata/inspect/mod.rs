//! Reads what unsigned labels say: every block of metadata is found, its fields are named, and each is held against the
//! vocabularies and the table of generators. Anyone can write any of it; whoever concludes must say so.

mod aigc;
mod fields;
mod finding;
mod graph;
mod iim;
mod json;
mod prompt;
mod shape;
mod stealth;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod xmp;

use std::borrow::Cow;

use touchmark_image::SourceImage;

use self::aigc::Aigc;
use self::fields::{Field, Fields};
pub use self::finding::{
    FoundLabel, MetadataFinding, NotRead, NotReadWhy, PromptText, Prompts, Says, Writer, WriterKind,
};
pub(super) use self::iim::read as read_iim;
pub use self::stealth::stealth;
use self::table::Table;
use self::text::{capped, is_word_for_none};
use super::labels::Label;
use crate::manifest::SourceType;

/// Labels that are listed in one picture; real ones have a handful.
const MAX_LABELS: usize = 128;

/// Reads the unsigned labels of a picture of any format; prompts are counted.
///
/// Total: what cannot be read is listed beside what could. The pixels are not looked at: see [`stealth`].
pub fn inspect(image: &SourceImage<'_>) -> MetadataFinding {
    inspect_with(image, Prompts::Count)
}

/// Reads the unsigned labels of a picture as [`inspect`], with the choice what becomes of prompts.
pub fn inspect_with(image: &SourceImage<'_>, prompts: Prompts) -> MetadataFinding {
    let table = Table::get();
    let blocks = image.metadata_blocks();
    let fields = Fields::of(&blocks, table);
    let mut labels: Vec<FoundLabel> = fields
        .list
        .iter()
        .filter_map(|field| label(field, &fields, table, prompts))
        .collect();
    agree(&mut labels);
    let context = |signal, place, says, value: &str| FoundLabel {
        signal,
        place,
        field: Cow::Borrowed(""),
        says,
        source_type: None,
        writer: None,
        system: None,
        provider: None,
        value: Some(capped(value)),
        prompt: None,
    };
    labels.extend(
        fields
            .imitations
            .into_iter()
            .map(|(place, keyword)| context(IMITATION, place, Says::Nothing, &keyword)),
    );
    if let Some((place, camera)) = fields.camera {
        let mut camera = context(CAMERA, place, Says::OtherOrigin, &camera);
        camera.field = Cow::Borrowed("EXIF Make and Model");
        labels.push(camera);
    }
    let mut unread = fields.unread;
    if labels.len() > MAX_LABELS {
        // The weightiest stay, so that nothing that is said is lost behind what says nothing.
        labels.sort_by_key(|label| std::cmp::Reverse(label.says));
        labels.truncate(MAX_LABELS);
        let place = labels.first().map(|label| label.place.clone());
        unread.extend(place.map(|place| NotRead {
            place,
            why: NotReadWhy::TooManyLabels(MAX_LABELS),
        }));
    }
    MetadataFinding {
        labels,
        unread,
        is_cut_off: blocks.is_cut_off,
        behind_end: blocks.behind_end,
        is_store_checksum_wrong: blocks.is_store_checksum_wrong,
    }
}

/// The IPTC digital source type, in XMP.
pub const SOURCE_TYPE: &str = "iptc.digital-source-type";
/// The system that IPTC's field names.
pub const AI_SYSTEM: &str = "iptc.ai-system";
/// The camera that EXIF names.
pub const CAMERA: &str = "exif.camera";
/// The writers in the table that have no name: these words describe them.
pub const DESCRIBED_WRITERS: [&str; 4] = [
    "a Stable Diffusion web UI",
    "a script around diffusers",
    "a local front-end",
    "a program that says so",
];
/// An address at which credentials are said to be.
pub const POINTER: &str = "c2pa.pointer";
/// A text that pretends to be credentials.
pub const IMITATION: &str = "c2pa.imitation";
/// The implicit label of GB 45438-2025.
pub const AIGC: &str = "tc260.aigc";
/// NovelAI's text in the lowest bits of the alpha channel, and its relatives.
pub const STEALTH: &str = "stealth.alpha";
/// The same in the lowest bits of red, green and blue.
pub const STEALTH_RGB: &str = "stealth.rgb";

/// The graph that ComfyUI ran, by its row in the table.
const COMFYUI_RAN: &str = "comfyui.prompt";
/// The graph that was drawn in ComfyUI.
const COMFYUI_DRAWN: &str = "comfyui.workflow";

/// The label that a field is: by its own name first, then by China's form in a field for anything, then by the table.
fn label(field: &Field<'_>, all: &Fields<'_>, table: &'static Table, prompts: Prompts) -> Option<FoundLabel> {
    let text = field.text.trim();
    if text.is_empty() {
        return None;
    }
    let plain = |signal, says, value: String| FoundLabel {
        signal,
        place: field.place.clone(),
        field: field.shown.clone(),
        says,
        source_type: None,
        writer: None,
        system: None,
        provider: None,
        value: (!value.is_empty()).then_some(value),
        prompt: None,
    };
    let china = |aigc: Aigc| FoundLabel {
        system: aigc.system.map(str::to_owned),
        provider: aigc.provider,
        ..plain(AIGC, aigc.says, aigc.words)
    };
    // What stands for something of a system says nothing of how much it made.
    let used = match is_word_for_none(text) {
        true => Says::Nothing,
        false => Says::Part,
    };
    match field.label {
        Some(Label::DigitalSourceType | Label::DigitalSourceFileType) => {
            let (source_type, text) = strongest(text);
            return Some(FoundLabel {
                source_type: source_type.map(|_| capped(text)),
                ..plain(SOURCE_TYPE, source_type.map_or(Says::Nothing, Says::of), capped(text))
            });
        }
        Some(Label::AiSystemUsed) => {
            return Some(FoundLabel {
                system: used.is_ai().then(|| capped(text)),
                ..plain(AI_SYSTEM, used, capped(text))
            });
        }
        Some(Label::AiSystemVersionUsed) => return Some(plain("iptc.ai-system-version", used, capped(text))),
        Some(Label::AiPromptInformation) => {
            return Some(FoundLabel {
                prompt: PromptText::new(text, prompts),
                ..plain("iptc.ai-prompt", used, String::new())
            });
        }
        // A person's name, which is nobody's business here.
        Some(Label::AiPromptWriterName) => return Some(plain("iptc.ai-prompt-writer", used, String::new())),
        Some(Label::Aigc) => return Some(china(aigc::named(text))),
        Some(Label::Provider) => return Some(plain("touchmark.provider", Says::Nothing, capped(text))),
        Some(Label::Detector) => return Some(plain("touchmark.detector", Says::Nothing, capped(text))),
        _ => {}
    }
    if field.name == fields::AIGC_TEXT {
        return Some(china(aigc::named(text)));
    }
    if field.name == xmp::PROVENANCE {
        return Some(plain(POINTER, Says::Nothing, capped(text)));
    }
    if let Some(aigc) = aigc::unnamed(text) {
        return Some(china(aigc));
    }
    table.label(field, &all.list, prompts)
}

/// The strongest source type of a text that has one a line, and that line; the whole text where none is known.
fn strongest(text: &str) -> (Option<SourceType>, &str) {
    let known = text
        .lines()
        .filter_map(|line| Some((SourceType::meant_by(line)?, line)));
    match known.max_by_key(|(says, _)| *says) {
        Some((says, line)) => (Some(says), line),
        None => (None, text),
    }
}

/// Lets the labels of one writer say the same: programs that make a part of a picture anew write it into one field, and into
/// the others that they were at work.
fn agree(labels: &mut [FoundLabel]) {
    let part = labels.iter().filter(|label| label.says == Says::Part);
    let writers: Vec<_> = part.filter_map(|label| Some(label.writer?.name)).collect();
    for label in labels.iter_mut() {
        let is_of = |writer: Writer| writers.contains(&writer.name);
        if label.says == Says::Whole && label.writer.is_some_and(is_of) {
            label.says = Says::Part;
        }
    }
    // What ComfyUI drew may hold nodes that are muted or not connected, or none that is known; what it ran tells.
    let ran = labels.iter().filter(|label| label.signal == COMFYUI_RAN);
    if let Some(says) = ran.map(|label| label.says).max() {
        for drawn in labels.iter_mut().filter(|label| label.signal == COMFYUI_DRAWN) {
            drawn.says = says;
        }
    }
}
