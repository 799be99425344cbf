//! Decides which labels a picture keeps, which are replaced, and which are added.
//!
//! What is there stays, and where it says something else, whoever asked is told. Three things are replaced: a source
//! type that does not say AI, because the manifest says it; the instance ID, because this is a new instance; and a
//! system's version without a system, which would be read together with ours.

use std::borrow::Cow;
use std::ops::Range;

use super::fault::{Part, XmpFault};
use super::labels::{Label, Name, is_aigc};
use super::packet::{Existing, Packet};
use super::scan::{Layout, Property, Visitor, scan};
use super::xml::escaped;
use crate::error::Error;
use crate::manifest::{SourceType, StampFacts};

/// A label that a picture already had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which one.
    pub label: Label,
    /// Where it stood.
    pub part: Part,
    /// What it says, in the file's own words; `None` where that is not a plain text.
    pub value: Option<String>,
    /// Whether it says what this stamp says, or the stamp has nothing to say.
    pub agrees: bool,
}

/// A label where it was found.
pub(super) struct Hit {
    label: Label,
    part: Part,
    value: Option<String>,
    /// What to cut out to remove it.
    span: Range<usize>,
    /// What to exchange to replace it.
    content: Option<Range<usize>>,
}

/// Walks one part and takes down the labels in it; `None` where the picture has no such part, or nothing in it.
pub(super) fn labels_in<'a>(
    existing: &Existing<'a>,
    part: Part,
    hits: &mut Vec<Hit>,
) -> Result<Option<(Packet<'a>, Layout)>, Error> {
    let failed = |fault: XmpFault| Error::Metadata { part, fault };
    let Some(packet) = existing.packet(part).map_err(failed)? else {
        return Ok(None);
    };
    let mut collector = Collector {
        hits,
        part,
        nested_aigc: 0,
    };
    let Some(layout) = scan(packet.text, &mut collector).map_err(failed)? else {
        return Ok(None);
    };
    if collector.nested_aigc > 0 {
        hits.push(Hit {
            label: Label::Aigc,
            part,
            value: None,
            span: 0..0,
            content: None,
        });
    }
    Ok(Some((packet, layout)))
}

struct Collector<'a> {
    hits: &'a mut Vec<Hit>,
    part: Part,
    /// AIGC labels that are no property of the picture: within another property, or outside the RDF.
    nested_aigc: usize,
}

impl Visitor for Collector<'_> {
    fn property(&mut self, property: &Property<'_>) {
        let Some(label) = Label::of(property.namespace, property.local) else {
            return;
        };
        if label == Label::Aigc {
            self.nested_aigc = self.nested_aigc.saturating_sub(1);
        }
        self.hits.push(Hit {
            label,
            part: self.part,
            value: property.value.map(str::to_owned),
            span: property.span.clone(),
            content: property.content.clone(),
        });
    }

    /// Comes before the property of the same name.
    fn name(&mut self, namespace: &str, local: &str) {
        self.nested_aigc += usize::from(is_aigc(namespace, local));
    }
}

/// What to change in a packet and what to add.
pub(super) struct Plan<'a> {
    /// Ranges of the packet and what to put there, escaped.
    pub edits: Vec<(Range<usize>, String)>,
    /// Labels to add, with their values as they are.
    pub add: Vec<(Name, Cow<'a, str>)>,
    pub kept: Vec<Found>,
    pub replaced: Vec<Found>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(hits: &[Hit], aigc_elsewhere: bool, facts: &StampFacts<'a>) -> Result<Self, Error> {
        let mut plan = Self {
            edits: Vec::new(),
            add: Vec::with_capacity(Label::ALL.len()),
            kept: Vec::new(),
            replaced: Vec::new(),
        };
        for label in Label::ALL {
            let ours = label.value(facts)?;
            let (stay, go): (Vec<&Hit>, Vec<&Hit>) = hits
                .iter()
                .filter(|hit| hit.label == label)
                .partition(|hit| hit.stays(hits, ours.as_deref()));
            let told = |hit: &&Hit| (label != Label::InstanceId).then(|| hit.found(ours.as_deref()));
            plan.kept.extend(stay.iter().filter_map(told));
            plan.replaced
                .extend(go.iter().filter_map(told).filter(|found| !found.agrees));
            let is_settled = stay.iter().any(|hit| hit.settles())
                || label == Label::Aigc && aigc_elsewhere
                || plan.is_of_other_system(label);
            let ours = ours.filter(|_| !is_settled);
            let place = go.iter().position(|hit| hit.content.is_some());
            for (index, hit) in go.iter().enumerate() {
                plan.edits.push(match (&hit.content, &ours) {
                    (Some(content), Some(value)) if place == Some(index) => {
                        (content.clone(), escaped(value).into_owned())
                    }
                    _ => (hit.span.clone(), String::new()),
                });
            }
            if place.is_none() {
                plan.add.extend(ours.map(|value| (label.name(), value)));
            }
        }
        plan.edits.sort_unstable_by_key(|(range, _)| range.start);
        Ok(plan)
    }

    /// Whether it is the version beside another system's name, which would speak of that system.
    fn is_of_other_system(&self, label: Label) -> bool {
        let other = |found: &Found| found.label == Label::AiSystemUsed && !found.agrees;
        label == Label::AiSystemVersionUsed && self.kept.iter().any(other)
    }
}

impl Hit {
    /// Whether the label stays as it is. The extended part always does: a hash of it is in the packet.
    fn stays(&self, hits: &[Self], ours: Option<&str>) -> bool {
        if self.part == Part::Extended {
            return true;
        }
        match self.label {
            Label::InstanceId => false,
            Label::DigitalSourceType | Label::DigitalSourceFileType => self.says_ai(),
            Label::AiSystemVersionUsed => ours.is_none() || hits.iter().any(|hit| hit.label == Label::AiSystemUsed),
            _ => true,
        }
    }

    /// Whether a label that stays makes ours superfluous.
    fn settles(&self) -> bool {
        match self.label {
            Label::InstanceId => false,
            Label::DigitalSourceType => self.says_ai(),
            _ => true,
        }
    }

    fn says_ai(&self) -> bool {
        self.value
            .as_deref()
            .and_then(SourceType::of_iri)
            .is_some_and(|says| says >= SourceType::PartlyGenerative)
    }

    fn found(&self, ours: Option<&str>) -> Found {
        let agrees = match (self.label, ours, self.value.as_deref()) {
            (Label::DigitalSourceFileType, _, _) => self.says_ai(),
            (_, None, _) => true,
            (_, Some(_), None) => false,
            (label, Some(ours), Some(found)) => label.agrees(found, ours),
        };
        Found {
            label: self.label,
            part: self.part,
            value: self.value.clone(),
            agrees,
        }
    }
}
