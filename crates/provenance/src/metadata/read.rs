//! Reads XMP back: the properties of a picture as plain data, for whoever verifies. The words are the file's and stay
//! untrusted until a renderer has escaped them.

use super::fault::{Part, XmpFault};
use super::packet::Existing;
use super::scan::{self, MAX_VALUE, Visitor, scan};

/// The properties of a picture's XMP, as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties {
    /// Each property in the order of the file, at most 4,096 of them: those of the packet, then of its extended part.
    pub list: Vec<Property>,
    /// Why a part was not read to its end.
    pub faults: Vec<(Part, XmpFault)>,
    /// Whether there were more properties than are listed, or longer values.
    pub cut: bool,
}

/// One property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// The URI of its namespace.
    pub namespace: String,
    /// Its name in the namespace.
    pub name: String,
    /// Its text, at most 65,536 bytes; `None` for a structure, an array or a text with qualifiers.
    pub value: Option<String>,
    /// How it is written.
    pub form: Form,
    /// Whether it holds no text but blanks, not even within a structure: some programs write every field they know.
    pub empty: bool,
    /// Where it stands.
    pub part: Part,
}

/// How a property is written (ISO 16684-1, 7.4 to 7.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// As an attribute of a node element.
    Attribute,
    /// As an element with text.
    Element,
    /// As an empty element with `rdf:resource`.
    Resource,
    /// As an element with elements or fields in it.
    Structure,
}

/// More properties than this are not listed: a packet of four megabytes has room for a million.
const MAX_PROPERTIES: usize = 4096;

impl Properties {
    /// The first property of this name.
    pub fn get(&self, namespace: &str, name: &str) -> Option<&Property> {
        self.list.iter().find(|property| property.is(namespace, name))
    }

    /// Every property of this name. A packet that keeps the rules has one at most.
    pub fn all(&self, namespace: &str, name: &str) -> impl Iterator<Item = &Property> {
        self.list.iter().filter(move |property| property.is(namespace, name))
    }
}

impl Property {
    fn is(&self, namespace: &str, name: &str) -> bool {
        self.name == name && self.namespace == namespace
    }
}

/// Reads the properties of a picture's XMP. Total: what cannot be read is a fault beside what could.
pub fn read(existing: &Existing<'_>) -> Properties {
    let mut properties = Properties::default();
    for part in [Part::Main, Part::Extended] {
        let read = existing.packet(part).and_then(|packet| match packet {
            Some(packet) => scan(
                packet.text,
                &mut Collector {
                    properties: &mut properties,
                    part,
                },
            )
            .map(|_| ()),
            None => Ok(()),
        });
        properties.faults.extend(read.err().map(|fault| (part, fault)));
    }
    properties
}

struct Collector<'a> {
    properties: &'a mut Properties,
    part: Part,
}

impl Visitor for Collector<'_> {
    fn property(&mut self, property: &scan::Property<'_>) {
        // A cut value can end three bytes before the limit, where a character would pass it.
        self.properties.cut |= property.value.is_some_and(|value| value.len() + 3 >= MAX_VALUE);
        if self.properties.list.len() == MAX_PROPERTIES {
            self.properties.cut = true;
            return;
        }
        self.properties.list.push(Property {
            namespace: property.namespace.to_owned(),
            name: property.local.to_owned(),
            value: property.value.map(str::to_owned),
            form: property.form,
            empty: property.empty,
            part: self.part,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_main(rdf: &str) -> Properties {
        read(&Existing {
            main: Some(rdf.as_bytes()),
            ..Existing::default()
        })
    }

    #[test]
    fn each_form_is_read() {
        let properties = read_main(
            "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:p='urn:p'><r:Description r:about='' \
             p:attribute='a &lt;&#x26;&amp; b' xml:lang='en'><p:element>x<![CDATA[<]]>&gt;&#10;</p:element>\
             <p:resource r:resource='http://e.org/?a&amp;b'/><p:array><r:Bag><r:li>1</r:li></r:Bag></p:array>\
             <p:structure r:parseType='Resource'><p:field>2</p:field></p:structure><p:fields p:a='1'/><p:empty/>\
             <p:tagged xml:lang='x-default'>t</p:tagged></r:Description></r:RDF>",
        );
        let seen: Vec<_> = properties
            .list
            .iter()
            .map(|property| (property.name.as_str(), property.value.as_deref(), property.form))
            .collect();
        assert_eq!(
            seen,
            [
                ("attribute", Some("a <&& b"), Form::Attribute),
                ("element", Some("x<>\n"), Form::Element),
                ("resource", Some("http://e.org/?a&b"), Form::Resource),
                ("array", None, Form::Structure),
                ("structure", None, Form::Structure),
                ("fields", None, Form::Structure),
                ("empty", Some(""), Form::Element),
                ("tagged", Some("t"), Form::Element),
            ]
        );
        assert!(properties.list.iter().all(|property| property.namespace == "urn:p"));
        assert_eq!((properties.faults, properties.cut), (vec![], false));
    }

    #[test]
    fn a_namespace_spelled_with_references_is_the_same_for_each_name() {
        // More namespaces than are remembered come between.
        let others: String = (0..600).map(|at| format!("<n:field xmlns:n='urn:{at}'/>")).collect();
        let properties = read_main(&format!(
            "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:p='urn:?a&amp;b'><r:Description p:one='1'>\
             <p:two>2</p:two><p:three xmlns:p='urn:&#x3F;a'>3</p:three><p:four r:parseType='Resource'>{others}</p:four>\
             <p:five>5</p:five></r:Description></r:RDF>",
        ));
        let namespaces: Vec<_> = properties
            .list
            .iter()
            .map(|property| property.namespace.as_str())
            .collect();
        assert_eq!(namespaces, ["urn:?a&b", "urn:?a&b", "urn:?a", "urn:?a&b", "urn:?a&b"]);
        assert_eq!(properties.faults, []);
    }

    #[test]
    fn properties_before_a_fault_are_kept() {
        let properties = read_main(
            "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:Description xmlns:p='urn:p' p:a='1'>",
        );
        assert_eq!(properties.list.len(), 1);
        assert!(matches!(properties.faults[..], [(Part::Main, XmpFault::Malformed(_))]));
    }

    #[test]
    fn a_long_value_and_many_properties_are_cut() {
        let rdf = |inner: &str| {
            read_main(&format!(
                "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:p='urn:p'><r:Description>{inner}\
                 </r:Description></r:RDF>"
            ))
        };
        let long = rdf(&format!("<p:a>{}</p:a>", "ä".repeat(MAX_VALUE)));
        assert_eq!(long.list[0].value.as_ref().unwrap().len(), MAX_VALUE);
        assert!(long.cut);
        let many = rdf(&"<p:a/>".repeat(MAX_PROPERTIES + 1));
        assert_eq!((many.list.len(), many.cut), (MAX_PROPERTIES, true));
    }
}
