//! Metadata in SVG (SVG 2, 5.8): XMP in its own tree, and what programs put into its `metadata` element as text.
#![warn(clippy::indexing_slicing)]

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::{BlockKind, Finder, Place, Unread};
use crate::SourceImage;

/// The namespace of RDF: without it an SVG holds no XMP.
const RDF: &[u8] = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/// The element that is for metadata.
const ELEMENT: &[u8] = b"metadata";
/// The longest content of one that is looked at.
const LONGEST: usize = 2 << 20;
/// Tags that are walked; the element stands first in the files of most programs.
const MAX_TAGS: usize = 1 << 20;

/// Lists what may be metadata. Namespaces of XMP may be declared anywhere above it, so its block is the whole text; a
/// `metadata` element without RDF is a text under that keyword.
pub(super) fn find<'a>(bytes: &'a [u8], found: &mut Finder<'a>) {
    let has_rdf = memmem::find(bytes, RDF).is_some();
    if has_rdf {
        found.add(BlockKind::Xmp, Place::Svg, Cow::Borrowed(bytes));
    }
    let mut texts = Texts { rest: bytes, tags: 0 };
    for text in texts.by_ref() {
        if has_rdf && memmem::find(text, b":RDF").is_some() {
            continue;
        }
        let keyword = "metadata".to_owned();
        if text.len() > LONGEST {
            found.unread(Place::Svg, Unread::TooLong(LONGEST as u64));
        }
        let text = text.get(..text.len().min(LONGEST)).unwrap_or_default();
        found.add(BlockKind::Text { keyword }, Place::Svg, Cow::Borrowed(text));
    }
    if texts.tags == MAX_TAGS {
        found.unread(Place::Svg, Unread::TooMany(MAX_TAGS));
    }
}

impl SourceImage<'_> {
    /// Whether there is an element of this name, under whatever prefix, in an SVG: outside comments and CDATA sections. `None`
    /// where its markup cannot be walked, or has more than 2^20 tags.
    pub fn has_svg_element(&self, name: &str) -> Option<bool> {
        let mut rest = self.bytes();
        for _ in 0..MAX_TAGS {
            let Some(start) = memchr(b'<', rest) else {
                return Some(false);
            };
            let markup = rest.get(start..)?;
            let end = end_of_markup(markup)?;
            let tag = markup.get(1..end - 1)?;
            if local(name_of(tag)) == name.as_bytes() {
                return Some(true);
            }
            rest = markup.get(end..)?;
        }
        None
    }
}

/// The contents of the `metadata` elements that are not empty, one after the other.
struct Texts<'a> {
    rest: &'a [u8],
    tags: usize,
}

impl<'a> Iterator for Texts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        while self.tags < MAX_TAGS {
            self.tags += 1;
            let markup = self.rest.get(memchr(b'<', self.rest)?..)?;
            let end = end_of_markup(markup)?;
            self.rest = markup.get(end..)?;
            let tag = markup.get(1..end - 1)?;
            let name = name_of(tag);
            if local(name) != ELEMENT || tag.ends_with(b"/") {
                continue;
            }
            let length = end_of_content(self.rest, name)?;
            let (content, rest) = self.rest.split_at_checked(length)?;
            self.rest = rest;
            let text = out_of_cdata(content.trim_ascii());
            if !text.is_empty() {
                return Some(text);
            }
        }
        None
    }
}

/// The name of the element that this tag begins, without the brackets around it.
fn name_of(tag: &[u8]) -> &[u8] {
    let mut parts = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/');
    parts.next().unwrap_or_default()
}

/// The name of an element without its prefix.
fn local(name: &[u8]) -> &[u8] {
    name.rsplit(|byte| *byte == b':').next().unwrap_or_default()
}

/// How long the markup is with which a text begins: a comment, a CDATA section, an instruction or a tag (XML 1.0, 2.4).
fn end_of_markup(markup: &[u8]) -> Option<usize> {
    for (start, end) in [(&b"<!--"[..], &b"-->"[..]), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")] {
        if let Some(rest) = markup.strip_prefix(start) {
            return Some(start.len() + memmem::find(rest, end)? + end.len());
        }
    }
    // In the value of an attribute, `>` ends nothing.
    let mut quote = None;
    let end = markup.iter().position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
        quote.is_none() && *byte == b'>'
    })?;
    Some(end + 1)
}

/// Where the end tag of this name begins, which must not be in a comment or a CDATA section.
fn end_of_content(content: &[u8], name: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr(b'<', content.get(at..)?)?;
        let markup = content.get(at..)?;
        let ends = markup
            .strip_prefix(b"</")
            .and_then(|tag| tag.strip_prefix(name))
            .is_some_and(|rest| rest.trim_ascii_start().starts_with(b">"));
        if ends {
            return Some(at);
        }
        at += end_of_markup(markup)?;
    }
}

fn out_of_cdata(content: &[u8]) -> &[u8] {
    content
        .strip_prefix(b"<![CDATA[")
        .and_then(|inner| inner.strip_suffix(b"]]>"))
        .unwrap_or(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(svg: &str) -> Vec<&str> {
        let texts = Texts {
            rest: svg.as_bytes(),
            tags: 0,
        };
        texts.map(|text| str::from_utf8(text).unwrap()).collect()
    }

    #[test]
    fn an_element_is_one_where_markup_says_so() {
        let has = |svg: &str| {
            let image = SourceImage::parse(svg.as_bytes(), &crate::Limits::default()).unwrap();
            image.has_svg_element("manifest")
        };
        assert_eq!(
            has("<svg><metadata><c2pa:manifest>AA</c2pa:manifest></metadata></svg>"),
            Some(true)
        );
        assert_eq!(has("<svg><manifest/></svg>"), Some(true));
        for none in [
            "<svg xmlns:c2pa='http://c2pa.org/manifest'><rect/></svg>",
            "<svg><!-- <c2pa:manifest> --><text>c2pa:manifest</text></svg>",
            "<svg><manifesto/></svg>",
        ] {
            assert_eq!(has(none), Some(false), "{none}");
        }
        assert_eq!(has("<svg><rect"), None);
    }

    #[test]
    fn the_content_of_the_element_is_found_and_of_no_other() {
        assert_eq!(texts("<svg><metadata> {\"a\":1} </metadata></svg>"), ["{\"a\":1}"]);
        assert_eq!(
            texts("<s:svg><s:metadata id='a>b'><![CDATA[x</s:metadata>]]></s:metadata\n></s:svg>"),
            ["x</s:metadata>"]
        );
        assert_eq!(
            texts("<svg><metadata/><metadata></metadata><metadata>b</metadata></svg>"),
            ["b"]
        );
        for none in [
            "<svg><metadatax>a</metadatax></svg>",
            "<svg><!-- <metadata>a</metadata> --></svg>",
            "<svg><![CDATA[<metadata>a</metadata>]]></svg>",
            "<svg a='<metadata>a</metadata>'></svg>",
            "<svg><metadata>a",
            "<svg><metadata",
            "<",
        ] {
            assert_eq!(texts(none), [""; 0], "{none}");
        }
    }
}
