//! CycloneDX 1.6: the system as a machine-learning model with its model card.

use serde_json::{Map, Value, json};

use super::super::parts::{Provider, System};
use super::super::values::id_of;
use super::{Facts, is_licence_expression, midnight};

pub(super) fn export(facts: &Facts<'_>) -> Value {
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": facts.id.urn().to_string(),
        "version": 1,
        "metadata": {
            "timestamp": midnight(facts.issued),
            "component": component(facts),
        },
    })
}

fn component(facts: &Facts<'_>) -> Value {
    let mut component = json!({
        "type": "machine-learning-model",
        "bom-ref": "system",
        "name": facts.system_name(),
        "modelCard": { "considerations": considerations(facts) },
    });
    if let Some(provider) = &facts.document.provider {
        component["manufacturer"] = organisation(provider);
    }
    if let Some(summary) = facts.summary() {
        component["description"] = summary.into();
    }
    if let Some(system) = &facts.document.system {
        component["version"] = system.version.as_str().into();
        if let Some(purl) = system.identifier.as_deref().filter(|id| id.starts_with("pkg:")) {
            component["purl"] = purl.into();
        }
        if let Some(licence) = &system.licence {
            component["licenses"] = match is_licence_expression(licence) {
                true => json!([{ "expression": licence }]),
                false => json!([{ "license": { "name": licence } }]),
            };
        }
        if !system.base_models.is_empty() {
            let ancestors = system
                .base_models
                .iter()
                .map(|name| json!({ "type": "machine-learning-model", "name": name }));
            component["pedigree"] = json!({ "ancestors": ancestors.collect::<Vec<_>>() });
        }
    }
    let references = references(facts);
    if !references.is_empty() {
        component["externalReferences"] = references.into();
    }
    component
}

fn organisation(provider: &Provider) -> Value {
    let mut organisation = json!({ "name": provider.name });
    match provider.contact.strip_prefix("mailto:") {
        Some(mailbox) => {
            let mailbox = mailbox.split('?').next().unwrap_or_default();
            organisation["contact"] = json!([{ "email": mailbox }]);
        }
        None => organisation["url"] = json!([provider.contact]),
    }
    if let Some(country) = &provider.country {
        organisation["address"] = json!({ "country": country });
    }
    organisation
}

fn considerations(facts: &Facts<'_>) -> Value {
    let mut map = Map::new();
    let document = facts.document;
    if let Some(terms) = &document.acceptable_use {
        insert_list(&mut map, "useCases", facts.own_list(&terms.allowed));
    }
    if let Some(capabilities) = &document.capabilities {
        let limits = [
            facts.own_list(&capabilities.limits),
            facts.own_list(&capabilities.cannot),
        ]
        .concat();
        insert_list(&mut map, "technicalLimitations", limits);
    }
    let risks: Vec<Value> = document
        .safeguards
        .iter()
        .map(|safeguard| {
            let status = id_of(&safeguard.status);
            json!({
                "name": id_of(&safeguard.area),
                "mitigationStrategy": format!("{}: {}", status, facts.own(&safeguard.measure)),
            })
        })
        .collect();
    insert_list(&mut map, "ethicalConsiderations", risks);
    map.into()
}

fn references(facts: &Facts<'_>) -> Vec<Value> {
    let document = facts.document;
    let system = document.system.as_ref();
    let of_system = |field: fn(&System) -> &Option<String>| system.and_then(|system| field(system).as_deref());
    [
        ("documentation", of_system(|system| &system.documentation)),
        ("bom", of_system(|system| &system.bill_of_materials)),
        (
            "license",
            document
                .acceptable_use
                .as_ref()
                .and_then(|terms| terms.policy.as_deref()),
        ),
        (
            "support",
            document.removal.as_ref().and_then(|removal| removal.url.as_deref()),
        ),
        ("model-card", document.document.url.as_deref()),
    ]
    .into_iter()
    .filter_map(|(kind, url)| Some(json!({ "type": kind, "url": url? })))
    .collect()
}

fn insert_list<T: Into<Value>>(map: &mut Map<String, Value>, key: &str, list: Vec<T>) {
    if !list.is_empty() {
        map.insert(key.to_owned(), list.into());
    }
}
