//! The rules of XML 1.0 and of its namespaces that `quick-xml` leaves to its user: characters, names, white space,
//! references in attributes, the declaration.

#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::escape::{escape, resolve_xml_entity, unescape_with};
use quick_xml::events::attributes::{Attribute, Attributes};
use quick_xml::events::{BytesDecl, BytesPI};
use quick_xml::name::QName;

/// The namespace of the prefix `xml`.
pub(super) const NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// Where an attribute is in a text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AttributeSpan {
    /// The attribute with the white space before it.
    pub whole: Range<usize>,
    /// What is between its quotation marks.
    pub value: Range<usize>,
}

impl AttributeSpan {
    /// Finds an attribute that was read from this very text; `None` where no white space stands before it, which
    /// `quick-xml` does without.
    pub(super) fn of(text: &str, attribute: &Attribute<'_>) -> Option<Self> {
        let key = attribute.key.into_inner();
        let key_start = text.as_bytes().element_offset(key.first()?)?;
        let key_end = key_start + key.len();
        let start = text.get(..key_start)?.trim_end_matches(is_blank).len();
        let value_start = key_end + text.get(key_end..)?.find(['"', '\''])? + 1;
        let value_end = value_start + attribute.value.len();
        (start < key_start).then_some(Self {
            whole: start..value_end + 1,
            value: value_start..value_end,
        })
    }
}

/// What `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` says (XML 1.0, 2.8).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    pub encoding: Option<String>,
}

impl Declaration {
    /// Reads a declaration from this very text; `None` for one that is malformed or of another version.
    pub(super) fn of(text: &str, declaration: &BytesDecl<'_>) -> Option<Self> {
        let mut expected = ["version", "encoding", "standalone"].into_iter();
        let (mut version, mut encoding) = (None, None);
        for attribute in Attributes::new(str::from_utf8(declaration).ok()?, "xml".len()) {
            let attribute = attribute.ok()?;
            AttributeSpan::of(text, &attribute)?;
            let key = str::from_utf8(attribute.key.into_inner()).ok()?;
            expected.by_ref().find(|name| *name == key)?;
            let value = str::from_utf8(&attribute.value).ok()?;
            match key {
                "version" => version = Some(value == "1.0"),
                "encoding" => encoding = Some(value.to_owned()),
                _ if matches!(value, "yes" | "no") => {}
                _ => return None,
            }
        }
        (version == Some(true)).then_some(Self { encoding })
    }
}

/// The target of a processing instruction: no colon (Namespaces in XML 1.0, 7), and not `xml`, which is the
/// declaration's.
pub(super) fn target<'p>(instruction: &'p BytesPI<'_>) -> Option<&'p str> {
    let target = str::from_utf8(instruction.target()).ok()?;
    (is_nc_name(target) && !target.eq_ignore_ascii_case("xml")).then_some(target)
}

/// An attribute's value with its references resolved (XML 1.0, 3.3.3).
pub(super) fn value<'v>(attribute: &Attribute<'v>) -> Option<Cow<'v, str>> {
    let value = attribute
        .normalized_value_with(XmlVersion::Implicit1_0, 1, resolve_xml_entity)
        .ok()?;
    (!attribute.value.contains(&b'<') && first_forbidden(&value).is_none()).then_some(value)
}

/// The namespace that a declaration names, which it can spell with references.
pub(super) fn namespace(declared: &[u8]) -> Option<Cow<'_, str>> {
    unescape_with(str::from_utf8(declared).ok()?, resolve_xml_entity).ok()
}

/// A qualified name (Namespaces in XML 1.0, 4).
pub(super) fn name(name: QName<'_>) -> Option<&str> {
    let name = str::from_utf8(name.into_inner()).ok()?;
    let is_valid = match name.split_once(':') {
        Some((prefix, local)) => is_nc_name(prefix) && is_nc_name(local),
        None => is_nc_name(name),
    };
    is_valid.then_some(name)
}

/// What follows the prefix of a name.
pub(super) fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

/// A value as text of an element. What XML cannot hold, no disclosure and no request lets pass; should one, it is shown
/// as missing rather than written.
pub(super) fn escaped(value: &str) -> Cow<'_, str> {
    match first_forbidden(value) {
        None => escape(value),
        Some(_) => escape(value.replace(|c| !is_xml_char(c), "\u{FFFD}")),
    }
}

/// Where the first character stands that XML cannot hold.
pub(super) fn first_forbidden(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_control = |byte: u8| (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r');
    let has_control = bytes.iter().fold(false, |any, byte| any | is_control(*byte));
    // The others, U+FFFE and U+FFFF, begin with these two bytes in UTF-8.
    let mut leads = memchr::memchr_iter(0xEF, bytes);
    let has_other = leads.any(|at| bytes.get(at + 1) == Some(&0xBF));
    match has_control || has_other {
        true => text.find(|c| !is_xml_char(c)),
        false => None,
    }
}

/// The characters of XML 1.0, 2.2.
pub(super) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// White space as XML knows it (XML 1.0, 2.3).
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// A name without a colon: the productions `NameStartChar` and `NameChar` of XML 1.0, 2.3, without the byte order mark,
/// which the fourth edition did not allow and many parsers do not take.
fn is_nc_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

fn is_name_start(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FEFE}' | '\u{FF00}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn is_name_char(c: char) -> bool {
    is_name_start(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_xml_cannot_hold_are_found_and_never_written() {
        for c in (0..=0xFFFF)
            .filter_map(char::from_u32)
            .chain(['\u{10000}', '\u{10FFFF}'])
        {
            let text = format!("é漢{c}a");
            let expected = (!is_xml_char(c)).then_some("é漢".len());
            assert_eq!(first_forbidden(&text), expected, "{c:?}");
            assert_eq!(first_forbidden(&escaped(&text)), None);
        }
        assert_eq!(escaped("a\u{1}<b>\"&'"), "a\u{FFFD}&lt;b&gt;&quot;&amp;&apos;");
    }
}
