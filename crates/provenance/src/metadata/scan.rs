//! Walks an XMP packet once: whether it is well-formed XML 1.0 with namespaces, under limits; which properties it
//! holds; and where labels can be put.
//!
//! `quick-xml` finds the markup; what it leaves unchecked is checked here and in [`xml`], so that what is accepted here,
//! other parsers accept too. The RDF is read as ISO 16684-1, 7.4 to 7.9 and Annex C, serialises it.

#![warn(clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesDecl, BytesPI, BytesRef, BytesStart, Event};
use quick_xml::name::{NamespaceError, NamespaceResolver, PrefixDeclaration, ResolveResult};
use quick_xml::reader::NsReader;

use super::fault::XmpFault;
use super::read::Form;
use super::xml::{self, AttributeSpan, is_blank, is_xml_char};
use crate::names::xmp;

/// Elements within elements. Real packets stay below 15.
const MAX_DEPTH: usize = 64;

/// Namespace declarations in force at once; each name is looked up among them. Real packets have at most 40.
const MAX_NAMESPACES: usize = 256;

/// Namespaces that are remembered: those in force, and as many that were.
const MAX_REMEMBERED: usize = 2 * MAX_NAMESPACES;

/// The longest name of a namespace, in bytes: each name in it is held against others. Real ones have less than 100.
const MAX_NAMESPACE: usize = 1024;

/// The longest value that is taken up, in bytes; the rest of a longer one is cut off. Thumbnails are longer, labels not.
pub(super) const MAX_VALUE: usize = 64 << 10;

/// What the walk tells as it goes.
pub(super) trait Visitor {
    /// A property of the picture.
    fn property(&mut self, property: &Property<'_>);

    /// The name of any element or attribute, at any depth.
    fn name(&mut self, _namespace: &str, _local: &str) {}

    /// A field of a property that is a structure, at any depth, before the property: an attribute, or an element with text.
    fn part(&mut self, _namespace: &str, _local: &str, _value: &str) {}

    /// The namespace that is meant by a prefix that the packet does not declare; without one the packet is malformed.
    fn meant_by(&self, _prefix: &str) -> Option<&'static str> {
        None
    }
}

/// A property of the picture, not of a part of another property.
#[derive(Debug)]
pub(super) struct Property<'a> {
    pub namespace: &'a str,
    pub local: &'a str,
    /// Its text, cut at [`MAX_VALUE`]; `None` for a structure, an array or a value with qualifiers.
    pub value: Option<&'a str>,
    /// The text within a structure or an array, a line an element, cut as well.
    pub nested: Option<&'a str>,
    pub form: Form,
    /// Whether it holds no text at all, not even within a structure.
    pub empty: bool,
    /// What to cut out to remove it.
    pub span: Range<usize>,
    /// What to exchange for another text; `None` for a structure and for an empty element.
    pub content: Option<Range<usize>>,
}

/// Where things are in a packet, in bytes of its text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub rdf_end: RdfEnd,
    /// The value of `rdf:about`, escaped. All node elements of a packet have the same.
    pub about: Option<Range<usize>>,
    /// The white space before the packet's trailer: room to grow (ISO 16684-1, 7.3.2).
    pub padding: Option<Range<usize>>,
}

/// How the `rdf:RDF` element ends.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum RdfEnd {
    /// It was not found.
    #[default]
    Missing,
    /// With an end tag that starts here.
    Tag(usize),
    /// As an empty element of this name whose `/>` starts here.
    Empty { name: Range<usize>, at: usize },
}

/// Walks a packet. `None` for one with nothing in it: programs that take out all that is told leave its wrapper, or the
/// element around the RDF (ISO 16684-1, 7.3).
///
/// # Errors
/// The first fault; what was told to the visitor before it stands.
pub(super) fn scan(text: &str, visitor: &mut impl Visitor) -> Result<Option<Layout>, XmpFault> {
    if let Some(at) = xml::first_forbidden(text) {
        return Err(XmpFault::Malformed(at));
    }
    // quick-xml would skip a second byte order mark and count positions from behind it.
    if text.starts_with('\u{FEFF}') {
        return Err(XmpFault::Malformed(0));
    }
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = true;
    let walk = Walk {
        text,
        visitor,
        layout: Layout::default(),
        declared: Vec::new(),
        namespaces: BTreeMap::new(),
        root_seen: false,
        is_bare: true,
        rdf_depth: None,
        open: None,
        blank: 0..0,
    };
    walk.run(&mut reader)
}

struct Walk<'a, V> {
    text: &'a str,
    visitor: &'a mut V,
    layout: Layout,
    /// The number of namespace declarations of each open element.
    declared: Vec<usize>,
    /// The namespaces that were met, by how their declarations spell them.
    namespaces: BTreeMap<Vec<u8>, Rc<str>>,
    root_seen: bool,
    /// Whether nothing was seen but the element around the RDF.
    is_bare: bool,
    /// How many elements are open right within `rdf:RDF`, itself included; `None` outside of it.
    rdf_depth: Option<usize>,
    open: Option<OpenProperty>,
    /// The white space read last outside the root.
    blank: Range<usize>,
}

/// A property element whose end has not come yet.
struct OpenProperty {
    namespace: Rc<str>,
    local: String,
    start: usize,
    text: String,
    form: Form,
    empty: bool,
    /// The element within it that began last, and where its text does.
    part: Option<(Rc<str>, String, usize)>,
    /// For a resource, the value of the attribute; else what follows the start tag, its end not known yet.
    content: Option<Range<usize>>,
}

impl<'a, V: Visitor> Walk<'a, V> {
    fn run(mut self, reader: &mut NsReader<&'a [u8]>) -> Result<Option<Layout>, XmpFault> {
        loop {
            let start = position(reader);
            let event = reader.read_event().map_err(|error| fault(&error, start))?;
            let end = position(reader);
            match event {
                Event::Start(tag) => {
                    self.start(reader.resolver(), &tag, start..end, false)?;
                }
                Event::Empty(tag) => {
                    self.start(reader.resolver(), &tag, start..end, true)?;
                    self.end(end, end);
                }
                Event::End(_) => self.end(start, end),
                Event::Text(text) => self.text(&text, start..end)?,
                Event::CData(data) if self.depth() > 0 => self.append(&data),
                Event::GeneralRef(reference) if self.depth() > 0 => self.reference(&reference, start)?,
                Event::Comment(_) => self.is_bare = false,
                Event::PI(instruction) => self.instruction(&instruction, start)?,
                Event::Decl(declaration) if start == 0 => self.declaration(&declaration)?,
                Event::DocType(_) => return Err(XmpFault::DocumentType),
                Event::Eof if self.depth() == 0 => break,
                Event::CData(_) | Event::GeneralRef(_) | Event::Decl(_) | Event::Eof => {
                    return Err(XmpFault::Malformed(start));
                }
            }
        }
        match self.layout.rdf_end {
            RdfEnd::Missing if self.is_bare => Ok(None),
            RdfEnd::Missing => Err(XmpFault::NotRdf),
            _ => Ok(Some(self.layout)),
        }
    }

    fn depth(&self) -> usize {
        self.declared.len()
    }

    /// How far below `rdf:RDF` the next child of the open element stands: 1 is a node, 2 a property.
    fn level(&self) -> Option<usize> {
        (self.depth() + 1).checked_sub(self.rdf_depth?)
    }

    fn start(
        &mut self,
        resolver: &NamespaceResolver,
        tag: &BytesStart<'a>,
        span: Range<usize>,
        empty: bool,
    ) -> Result<(), XmpFault> {
        let malformed = XmpFault::Malformed(span.start);
        if self.depth() == 0 && self.root_seen {
            return Err(malformed);
        }
        self.root_seen = true;
        if self.depth() == MAX_DEPTH {
            return Err(XmpFault::TooDeep(MAX_DEPTH));
        }
        let name = xml::name(tag.name()).ok_or(malformed)?;
        let local = xml::local(name);
        let namespace = self
            .namespace(resolver.resolve_element(tag.name()).0, name)
            .ok_or(malformed)?;
        self.is_bare &= (&*namespace, local) == (xmp::META, "xmpmeta");
        self.visitor.name(&namespace, local);

        let level = self.level();
        if level == Some(2) {
            self.open = Some(OpenProperty {
                namespace: Rc::clone(&namespace),
                local: local.to_owned(),
                start: span.start,
                text: String::new(),
                part: None,
                form: Form::Element,
                empty: true,
                content: (!empty).then_some(span.end..span.end),
            });
        } else if level > Some(2)
            && let Some(open) = &mut self.open
        {
            open.form = Form::Structure;
            if open.text.len() < MAX_VALUE {
                open.text.push('\n');
            }
            open.part = (*namespace != *xmp::RDF).then(|| (Rc::clone(&namespace), local.to_owned(), open.text.len()));
        }
        let declared = self.attributes(resolver, tag, level, malformed)?;
        if self.declared.iter().sum::<usize>() + declared > MAX_NAMESPACES {
            return Err(XmpFault::TooManyNamespaces(MAX_NAMESPACES));
        }
        self.declared.push(declared);

        if (&*namespace, local) == (xmp::RDF, "RDF") && self.rdf_depth.is_none() {
            if self.layout.rdf_end != RdfEnd::Missing {
                return Err(XmpFault::SeveralRdf);
            }
            if empty {
                self.layout.rdf_end = RdfEnd::Empty {
                    name: span.start + 1..span.start + 1 + name.len(),
                    at: span.end - "/>".len(),
                };
            } else {
                self.rdf_depth = Some(self.depth());
            }
        }
        Ok(())
    }

    /// The namespace of a name, by declaration or as it is meant; empty for none. References in one are resolved when it is met
    /// first, and not for each name.
    fn namespace(&mut self, resolved: ResolveResult<'_>, name: &str) -> Option<Rc<str>> {
        let declared = match resolved {
            ResolveResult::Unbound => &[][..],
            ResolveResult::Unknown(_) => return Some(self.visitor.meant_by(name.split_once(':')?.0)?.into()),
            ResolveResult::Bound(namespace) => namespace.into_inner(),
        };
        if let Some(known) = self.namespaces.get(declared) {
            return Some(Rc::clone(known));
        }
        let namespace: Rc<str> = xml::namespace(declared)?.into();
        if self.namespaces.len() == MAX_REMEMBERED {
            self.namespaces.clear();
        }
        self.namespaces.insert(declared.to_vec(), Rc::clone(&namespace));
        Some(namespace)
    }

    /// Checks the attributes of an element and tells the properties among them; returns how many namespaces it declares.
    fn attributes(
        &mut self,
        resolver: &NamespaceResolver,
        tag: &BytesStart<'a>,
        level: Option<usize>,
        malformed: XmpFault,
    ) -> Result<usize, XmpFault> {
        let mut declared = 0;
        let mut names: Vec<(&str, Rc<str>)> = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|_| malformed)?;
            let span = AttributeSpan::of(self.text, &attribute).ok_or(malformed)?;
            let name = xml::name(attribute.key).ok_or(malformed)?;
            let value = xml::value(&attribute).ok_or(malformed)?;
            if let Some(declaration) = attribute.key.as_namespace_binding() {
                // A prefix cannot be undeclared (Namespaces in XML 1.0, 5).
                if value.is_empty() && declaration != PrefixDeclaration::Default {
                    return Err(malformed);
                }
                if value.len() > MAX_NAMESPACE {
                    return Err(XmpFault::NamespaceTooLong(MAX_NAMESPACE));
                }
                declared += 1;
                continue;
            }
            let namespace = self
                .namespace(resolver.resolve_attribute(attribute.key).0, name)
                .ok_or(malformed)?;
            let local = xml::local(name);
            self.is_bare &= (&*namespace, local) == (xmp::META, "xmptk");
            self.visitor.name(&namespace, local);
            self.attribute(level, &namespace, local, &value, span);
            names.push((local, namespace));
        }
        // Two prefixes of one namespace make one name (Namespaces in XML 1.0, 6.3).
        names.sort_unstable();
        if names
            .windows(2)
            .any(|pair| matches!(pair, [one, other] if one == other))
        {
            return Err(malformed);
        }
        Ok(declared)
    }

    fn attribute(&mut self, level: Option<usize>, namespace: &str, local: &str, value: &str, span: AttributeSpan) {
        match (level, namespace) {
            // Before rdf:about had its prefix, it was written without (ISO 16684-1, Annex C).
            (Some(1), xmp::RDF | "") => {
                let is_known = self.layout.about.as_ref().is_some_and(|about| !about.is_empty());
                if local == "about" && !is_known {
                    self.layout.about = Some(span.value);
                }
            }
            (Some(1 | 2), xml::NAMESPACE) => {}
            (Some(1), _) => self.visitor.property(&Property {
                namespace,
                local,
                value: Some(cut(value)),
                nested: None,
                form: Form::Attribute,
                empty: is_empty(value),
                span: span.whole,
                content: Some(span.value),
            }),
            (Some(_), _) => {
                let Some(open) = &mut self.open else { return };
                open.empty &= is_empty(value) || namespace == xml::NAMESPACE || local == "parseType";
                match (namespace, local) {
                    (xmp::RDF, "resource") if level > Some(2) => {
                        let room = MAX_VALUE.saturating_sub(open.text.len());
                        open.text.extend(value.get(..value.floor_char_boundary(room)));
                    }
                    (xmp::RDF, _) if level > Some(2) => {}
                    _ if level > Some(2) => self.visitor.part(namespace, local, cut(value)),
                    (xmp::RDF, "resource") if open.form == Form::Element => {
                        open.form = Form::Resource;
                        open.text = cut(value).to_owned();
                        open.content = Some(span.value);
                    }
                    (xmp::RDF, "ID" | "nodeID" | "datatype") => {}
                    // Fields, qualifiers, or a kind of content that is not text.
                    _ => {
                        open.form = Form::Structure;
                        self.visitor.part(namespace, local, cut(value));
                    }
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, start: usize, end: usize) {
        self.declared.pop();
        if self.rdf_depth.is_some_and(|depth| self.depth() < depth) {
            self.rdf_depth = None;
            self.layout.rdf_end = RdfEnd::Tag(start);
        }
        if self.level() > Some(2)
            && let Some(open) = &mut self.open
            && let Some((namespace, local, start)) = open.part.take()
        {
            self.visitor
                .part(&namespace, &local, open.text.get(start..).unwrap_or_default());
        }
        if self.level() == Some(2)
            && let Some(open) = self.open.take()
        {
            let before = self.text.get(..open.start).unwrap_or_default();
            self.visitor.property(&Property {
                namespace: &open.namespace,
                local: &open.local,
                value: (open.form != Form::Structure).then_some(&*open.text),
                nested: (open.form == Form::Structure).then_some(open.text.trim()),
                form: open.form,
                empty: open.empty,
                span: before.trim_end_matches(is_blank).len()..end,
                content: match open.form {
                    Form::Structure => None,
                    Form::Resource => open.content,
                    Form::Element | Form::Attribute => open.content.map(|content| content.start..start),
                },
            });
        }
    }

    fn text(&mut self, text: &[u8], span: Range<usize>) -> Result<(), XmpFault> {
        if self.depth() > 0 {
            if memchr::memmem::find(text, b"]]>").is_some() {
                return Err(XmpFault::Malformed(span.start));
            }
            self.append(text);
            return Ok(());
        }
        if !text.iter().all(|byte| is_blank(char::from(*byte))) {
            return Err(XmpFault::Malformed(span.start));
        }
        self.blank = span;
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>, at: usize) -> Result<(), XmpFault> {
        let malformed = XmpFault::Malformed(at);
        let mut buffer = [0; 4];
        let text = match reference.resolve_char_ref().map_err(|_| malformed)? {
            Some(c) if is_xml_char(c) => &*c.encode_utf8(&mut buffer),
            Some(_) => return Err(malformed),
            None => str::from_utf8(reference)
                .ok()
                .and_then(resolve_xml_entity)
                .ok_or(malformed)?,
        };
        self.append(text.as_bytes());
        Ok(())
    }

    /// Takes up text of the open property, and of what is within it.
    fn append(&mut self, text: &[u8]) {
        let text = str::from_utf8(text).unwrap_or_default();
        self.is_bare &= is_empty(text);
        let Some(open) = &mut self.open else { return };
        open.empty &= is_empty(text);
        if open.form != Form::Resource {
            let room = MAX_VALUE.saturating_sub(open.text.len());
            open.text.extend(text.get(..text.floor_char_boundary(room)));
        }
    }

    fn instruction(&mut self, instruction: &BytesPI<'_>, start: usize) -> Result<(), XmpFault> {
        let target = xml::target(instruction).ok_or(XmpFault::Malformed(start))?;
        self.is_bare &= target == "xpacket";
        let is_trailer = target == "xpacket" && instruction.content().trim_ascii_start().starts_with(b"end");
        if is_trailer && self.root_seen && self.depth() == 0 {
            self.layout.padding = (self.blank.end == start && !self.blank.is_empty()).then(|| self.blank.clone());
        }
        Ok(())
    }

    fn declaration(&self, declaration: &BytesDecl<'_>) -> Result<(), XmpFault> {
        let known = xml::Declaration::of(self.text, declaration).ok_or(XmpFault::Malformed(0))?;
        match known
            .encoding
            .is_none_or(|name| UTF_8_NAMES.iter().any(|known| known.eq_ignore_ascii_case(&name)))
        {
            true => Ok(()),
            false => Err(XmpFault::NotUtf8),
        }
    }
}

/// The encodings whose text is UTF-8.
const UTF_8_NAMES: [&str; 3] = ["UTF-8", "US-ASCII", "ASCII"];

fn position(reader: &NsReader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn fault(error: &quick_xml::Error, at: usize) -> XmpFault {
    match error {
        quick_xml::Error::Namespace(NamespaceError::TooManyDeclarations(limit)) => XmpFault::TooManyNamespaces(*limit),
        _ => XmpFault::Malformed(at),
    }
}

fn is_empty(value: &str) -> bool {
    value.chars().all(is_blank)
}

fn cut(value: &str) -> &str {
    value.get(..value.floor_char_boundary(MAX_VALUE)).unwrap_or(value)
}
