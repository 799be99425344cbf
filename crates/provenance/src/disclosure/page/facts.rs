//! The page's facts: what the provider says about itself and the system, a section a part of the schema.

use maud::{Markup, html};

use super::super::parts::{Safeguard, SafeguardStatus};
use super::super::values::{Words, id_of};
use super::{Page, link, row};

impl<'a> Page<'a> {
    /// The ids of the sections that there is something to say in, in their order.
    pub(super) fn stated_facts(self) -> impl Iterator<Item = &'static str> {
        let document = self.document;
        [
            ("adult", self.texts().is_some_and(|(_, texts)| texts.adult.is_some())),
            ("provider", document.provider.is_some()),
            ("system", document.system.is_some()),
            ("capabilities", document.capabilities.is_some()),
            ("safeguards", !document.safeguards.is_empty()),
            ("use", document.acceptable_use.is_some()),
            ("consequences", document.consequences.is_some()),
            ("children", document.children.is_some()),
            ("detector", document.detector.is_some()),
            ("data", document.data.is_some()),
            ("compliance", !document.compliance.is_empty()),
        ]
        .into_iter()
        .filter_map(|(id, stated)| stated.then_some(id))
    }

    pub(super) fn facts(self) -> Markup {
        html! {
            @for id in self.stated_facts() {
                (self.section(id, match id {
                    "adult" => self.adult(),
                    "provider" => self.provider_facts(),
                    "system" => self.system_facts(),
                    "capabilities" => self.capabilities(),
                    "safeguards" => self.safeguards(),
                    "use" => self.acceptable_use(),
                    "consequences" => self.consequences(),
                    "children" => self.children(),
                    "detector" => self.detector(),
                    "data" => self.data(),
                    _ => self.compliance(),
                }))
            }
        }
    }

    fn adult(self) -> Markup {
        match self.texts() {
            Some((language, texts)) => self.paragraphs(texts.adult.as_deref(), language),
            None => Markup::default(),
        }
    }

    fn provider_facts(self) -> Markup {
        let Some(provider) = &self.document.provider else {
            return Markup::default();
        };
        html! {
            dl {
                (row(&self.say("provider-name"), name(&provider.name)))
                (self.stated("provider-country", provider.country.as_deref()))
                (row(&self.say("provider-contact"), link(&provider.contact)))
                (self.stated("provider-legal-id", provider.legal_id.as_deref()))
                (self.stated("provider-eu", provider.eu_representative.as_deref()))
                (self.linked("provider-dpo", provider.data_protection_officer.as_deref()))
                @if let Some(role) = &provider.role {
                    (row(&self.say("provider-role"), html! { (self.say(&format!("role-{}", id_of(role)))) }))
                }
                (self.stated("provider-aigc", provider.aigc_code.as_deref()))
            }
        }
    }

    fn system_facts(self) -> Markup {
        let Some(system) = &self.document.system else {
            return Markup::default();
        };
        html! {
            dl {
                (row(&self.say("system-name"), name(&system.name)))
                (row(&self.say("system-version"), name(&system.version)))
                (self.stated("system-identifier", system.identifier.as_deref()))
                (row(&self.say("system-model-type"), html! { (system.model_type) }))
                @if !system.base_models.is_empty() {
                    (row(&self.say("system-base"), html! {
                        @for (index, model) in system.base_models.iter().enumerate() {
                            @if index > 0 { ", " }
                            bdi { (model) }
                        }
                    }))
                }
                @if let Some(day) = system.released { (row(&self.say("system-released"), html! { (day) })) }
                (self.stated("system-licence", system.licence.as_deref()))
                (self.linked("system-documentation", system.documentation.as_deref()))
                (self.linked("system-bom", system.bill_of_materials.as_deref()))
            }
        }
    }

    fn capabilities(self) -> Markup {
        let Some(capabilities) = &self.document.capabilities else {
            return Markup::default();
        };
        html! {
            (self.titled("can", &capabilities.can))
            (self.titled("cannot", &capabilities.cannot))
            (self.titled("limits", &capabilities.limits))
        }
    }

    fn safeguards(self) -> Markup {
        html! {
            // Wide tables scroll by themselves; a keyboard must reach them (WCAG 2.2, 2.1.1).
            div.scroll role="region" aria-labelledby="safeguards-table" tabindex="0" {
                table {
                    caption #safeguards-table { (self.say("safeguards-caption")) }
                    thead {
                        tr {
                            @for id in ["safeguard-area", "safeguard-measure", "safeguard-status", "safeguard-tested"] {
                                th scope="col" { (self.say(id)) }
                            }
                        }
                    }
                    tbody {
                        @for safeguard in &self.document.safeguards { (self.safeguard(safeguard)) }
                    }
                }
            }
        }
    }

    fn safeguard(self, safeguard: &'a Safeguard) -> Markup {
        // State, icon and words together; no colour alone (interface.md, Words).
        let icon = match safeguard.status {
            SafeguardStatus::InForce => "●",
            SafeguardStatus::Partial => "◐",
            SafeguardStatus::Planned => "○",
            SafeguardStatus::NotInPlace => "✕",
        };
        html! {
            tr {
                th scope="row" { (self.say(&format!("area-{}", id_of(&safeguard.area)))) }
                td { (self.words(&safeguard.measure)) }
                td {
                    span aria-hidden="true" { (icon) " " }
                    (self.say(&format!("status-{}", id_of(&safeguard.status))))
                }
                td {
                    @if let Some(day) = safeguard.tested { p { (day) } }
                    @if let Some(rate) = safeguard.failure_rate {
                        p { (self.say_with("safeguard-rate", [("failures", rate.failures.into()), ("trials", rate.trials.into())])) }
                    }
                    @if let Some(evidence) = &safeguard.evidence { p { (reference(evidence)) } }
                }
            }
        }
    }

    fn acceptable_use(self) -> Markup {
        let Some(terms) = &self.document.acceptable_use else {
            return Markup::default();
        };
        html! {
            (self.titled("allowed", &terms.allowed))
            (self.titled("prohibited", &terms.prohibited))
            dl {
                (self.linked("policy", terms.policy.as_deref()))
                @if let Some(stay) = terms.no_mark_removal { (row(&self.say("marks-stay"), self.yes_or_no(stay))) }
            }
        }
    }

    fn consequences(self) -> Markup {
        let Some(consequences) = &self.document.consequences else {
            return Markup::default();
        };
        html! {
            @if let Some(text) = &consequences.text { p { (self.words(text)) } }
            @if !consequences.actions.is_empty() {
                ul {
                    @for action in &consequences.actions {
                        li { (self.say(&format!("action-{}", id_of(action)))) }
                    }
                }
            }
            @if let Some(appeal) = &consequences.appeal { dl { (row(&self.say("appeal"), link(appeal))) } }
        }
    }

    fn children(self) -> Markup {
        let Some(children) = &self.document.children else {
            return Markup::default();
        };
        html! {
            dl {
                @if let Some(age) = children.minimum_age {
                    (row(&self.say("minimum-age"), html! { (self.say_with("years", [("count", age.into())])) }))
                }
                (self.worded("age-assurance", children.age_assurance.as_ref()))
                @if let Some(may) = children.may_depict_minors { (row(&self.say("depict-minors"), self.yes_or_no(may))) }
            }
            (self.titled("children-safeguards", &children.safeguards))
        }
    }

    fn detector(self) -> Markup {
        html! {
            @if let Some(detector) = &self.document.detector {
                p { (self.say("detector-lead")) ": " (link(&detector.url)) }
            }
        }
    }

    fn data(self) -> Markup {
        let Some(data) = &self.document.data else {
            return Markup::default();
        };
        html! {
            (self.titled("recorded", &data.recorded))
            dl {
                (self.worded("place", data.place.as_ref()))
                (self.worded("retention", data.retention.as_ref()))
                (self.worded("access", data.access.as_ref()))
                (self.worded("erasure", data.erasure.as_ref()))
            }
        }
    }

    fn compliance(self) -> Markup {
        html! {
            ul {
                @for rule in &self.document.compliance {
                    li {
                        bdi { (rule.rule) } ": " (self.say(&format!("compliance-{}", id_of(&rule.status))))
                        @if let Some(evidence) = &rule.evidence { ", " (reference(evidence)) }
                    }
                }
            }
        }
    }

    fn titled(self, id: &str, list: &'a [Words]) -> Markup {
        html! {
            @if !list.is_empty() {
                h3 { (self.say(id)) }
                (self.list(list))
            }
        }
    }

    fn stated(self, id: &str, value: Option<&str>) -> Markup {
        html! { @if let Some(value) = value { (row(&self.say(id), name(value))) } }
    }

    fn linked(self, id: &str, address: Option<&str>) -> Markup {
        html! { @if let Some(address) = address { (row(&self.say(id), link(address))) } }
    }

    fn worded(self, id: &str, words: Option<&'a Words>) -> Markup {
        html! { @if let Some(words) = words { (row(&self.say(id), self.words(words))) } }
    }
}

fn name(value: &str) -> Markup {
    html! { bdi { (value) } }
}

/// Evidence may be an address or words; only an address that is one becomes a link.
fn reference(evidence: &str) -> Markup {
    if super::super::check::is_link(evidence) {
        link(evidence)
    } else {
        name(evidence)
    }
}
