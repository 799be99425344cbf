//! What the maker of a picture should know of its own metadata, as lines. Nothing in them is the file's words.

use std::path::Path;

use touchmark::report::visible;
use touchmark::{Note, Record};
use touchmark_image::CodingChange;
use touchmark_provenance::metadata::{Found, PersonalField, PersonalKind};

use crate::files::display_name;

/// The notes of a record, for people.
pub fn of(record: &Record, input: &Path) -> Vec<String> {
    let name = display_name(input);
    let mut lines = Vec::new();
    for note in &record.notes {
        match note {
            Note::MetadataLeftOut(why) => {
                lines.push(format!("warning: {name} was stamped without labels in XMP: {why}"));
            }
            Note::WatermarkLeftOut(why) => {
                lines.push(format!("warning: {name} was stamped without a watermark: {why}"));
            }
            Note::LabelKept(found) => lines.push(format!(
                "note: {name} has {} already, and it says something else; it stays",
                field(found)
            )),
            Note::LabelReplaced(found) => lines.push(format!(
                "warning: {name} had {} that contradicts this stamp; it was replaced",
                field(found)
            )),
            Note::NoTimestamp(missed) => lines.push(format!(
                "warning: {name} was stamped without a time-stamp: {}",
                visible(&missed.to_string())
            )),
            Note::PersonalUnknown => lines.push(format!(
                "note: not all metadata of {name} could be read; it may name a person or a place"
            )),
            Note::ParentPersonalUnknown => lines.push(format!(
                "note: not all metadata of the picture that {name} was edited from could be read; it may name a person or a place"
            )),
            _ => {}
        }
    }
    lines.extend(recoded(record, &name));
    let own = |note: &Note| match note {
        Note::Personal(field) => Some(*field),
        _ => None,
    };
    let parents = |note: &Note| match note {
        Note::ParentPersonal(field) => Some(*field),
        _ => None,
    };
    lines.extend(
        named(record, own)
            .map(|named| format!("warning: the metadata of {name} names {named}; it is published with the picture")),
    );
    lines.extend(named(record, parents).map(|named| {
        format!("warning: the metadata of the picture that {name} was edited from names {named}; it is not copied")
    }));
    lines
}

fn field(found: &Found) -> String {
    found.label.to_string()
}

/// How changed pixels were coded, where that is not as they were.
fn recoded(record: &Record, name: &str) -> Option<String> {
    let changes = record.pixels.as_ref()?.reencoding.changes.iter();
    let words: Vec<&str> = changes
        .map(|change| match change {
            CodingChange::PaletteExpanded => "its palette became RGB",
            CodingChange::DepthRaised => "its grey has 8 bits now",
            CodingChange::TransparentColourBecameAlpha => "its transparent colour became an alpha channel",
            CodingChange::InterlacingDropped => "it is no longer interlaced",
            CodingChange::ProgressiveBecameSequential => "it is no longer progressive",
            CodingChange::RestartsDropped => "it has no restart markers any more",
            CodingChange::LossyBecameLossless => "it is lossless now, and larger",
            _ => "its coding changed",
        })
        .collect();
    (!words.is_empty()).then(|| format!("note: the pixels of {name} were coded again: {}", words.join(", ")))
}

/// Whom and what the fields name that are meant, in one list.
fn named(record: &Record, meant: fn(&Note) -> Option<PersonalField>) -> Option<String> {
    let fields: Vec<PersonalField> = record.notes.iter().filter_map(meant).collect();
    let kinds = [
        (PersonalKind::Person, "a person"),
        (PersonalKind::Place, "a place"),
        (PersonalKind::Device, "a device"),
    ];
    let named: Vec<String> = kinds
        .iter()
        .filter_map(|(kind, words)| {
            let of_kind: Vec<&str> = fields
                .iter()
                .filter(|field| field.kind == *kind)
                .map(|field| field.name)
                .collect();
            (!of_kind.is_empty()).then(|| format!("{words} ({})", of_kind.join(", ")))
        })
        .collect();
    (!named.is_empty()).then(|| named.join(", "))
}
