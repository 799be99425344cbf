//! SPDX 3.0.1, JSON-LD: the system as a package of the AI profile.

use serde_json::{Value, json};

use super::{Facts, is_licence_expression, midnight};

/// The JSON-LD context of the serialisation (SPDX 3.0.1, annex "RDF model definition and diagrams").
const CONTEXT: &str = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";

pub(super) fn export(facts: &Facts<'_>) -> Value {
    let id = |name: &str| format!("{}#{name}", facts.id.urn());
    let mut graph = vec![
        json!({
            "type": "CreationInfo",
            "@id": "_:creation",
            "specVersion": "3.0.1",
            "created": midnight(facts.issued),
            "createdBy": [id("provider")],
        }),
        element("Organization", id("provider"), json!({ "name": provider(facts) })),
        element(
            "SpdxDocument",
            id("document"),
            json!({
                "profileConformance": ["core", "software", "simpleLicensing", "ai"],
                "rootElement": [id("system")],
            }),
        ),
        package(facts, id("system"), id("provider")),
    ];
    // The profile asks for both relationships; what is not stated is said not to be.
    let declared = match licence(facts) {
        Some(expression) => {
            let fields = json!({ "simplelicensing_licenseExpression": expression });
            graph.push(element("simplelicensing_LicenseExpression", id("licence"), fields));
            id("licence")
        }
        None => NO_LICENCE_STATED.to_owned(),
    };
    for (kind, licence) in [
        ("hasDeclaredLicense", declared),
        ("hasConcludedLicense", NO_LICENCE_STATED.to_owned()),
    ] {
        let fields = json!({ "relationshipType": kind, "from": id("system"), "to": [licence] });
        graph.push(element("Relationship", id(kind), fields));
    }
    let bases = facts.document.system.iter().flat_map(|system| &system.base_models);
    for (index, name) in bases.enumerate() {
        let base = id(&format!("base-{index}"));
        graph.push(element("software_Package", base.clone(), json!({ "name": name })));
        let fields = json!({ "relationshipType": "descendantOf", "from": id("system"), "to": [base] });
        graph.push(element("Relationship", id(&format!("descends-{index}")), fields));
    }
    json!({ "@context": CONTEXT, "@graph": graph })
}

const NO_LICENCE_STATED: &str = "expandedlicensing_NoAssertionLicense";

fn element(kind: &str, id: String, fields: Value) -> Value {
    let mut element = fields;
    element["type"] = kind.into();
    element["spdxId"] = id.into();
    element["creationInfo"] = "_:creation".into();
    element
}

fn provider<'a>(facts: &Facts<'a>) -> &'a str {
    let provider = facts.document.provider.as_ref();
    provider.map_or("provider not stated", |provider| provider.name.as_str())
}

fn licence<'a>(facts: &Facts<'a>) -> Option<&'a str> {
    let licence = facts.document.system.as_ref()?.licence.as_deref();
    licence.filter(|licence| is_licence_expression(licence))
}

fn package(facts: &Facts<'_>, id: String, supplier: String) -> Value {
    let document = facts.document;
    let mut package = element(
        "ai_AIPackage",
        id,
        json!({
            "name": facts.system_name(),
            "suppliedBy": supplier,
            "software_primaryPurpose": "model",
            "releaseTime": midnight(facts.issued),
        }),
    );
    if let Some(summary) = facts.summary() {
        package["summary"] = summary.into();
    }
    if let Some(system) = &document.system {
        package["software_packageVersion"] = system.version.as_str().into();
        package["ai_typeOfModel"] = json!([system.model_type]);
        if let Some(day) = system.released {
            package["releaseTime"] = midnight(day).into();
        }
        if let Some(purl) = system.identifier.as_deref().filter(|id| id.starts_with("pkg:")) {
            package["software_packageUrl"] = purl.into();
        }
        if let Some(url) = &system.documentation {
            package["software_homePage"] = url.as_str().into();
        }
    }
    if let Some(terms) = &document.acceptable_use {
        let lines = [
            ("Allowed", facts.own_list(&terms.allowed)),
            ("Prohibited", facts.own_list(&terms.prohibited)),
        ];
        let text = lines
            .iter()
            .filter(|(_, list)| !list.is_empty())
            .map(|(title, list)| format!("{title}: {}", list.join("; ")))
            .collect::<Vec<_>>()
            .join("\n");
        if !text.is_empty() {
            package["ai_informationAboutApplication"] = text.into();
        }
    }
    if let Some(capabilities) = &document.capabilities {
        let limits = [
            facts.own_list(&capabilities.limits),
            facts.own_list(&capabilities.cannot),
        ]
        .concat();
        if !limits.is_empty() {
            package["ai_limitation"] = limits.join("; ").into();
        }
    }
    let rules: Vec<&str> = document.compliance.iter().map(|rule| rule.rule.as_str()).collect();
    if !rules.is_empty() {
        package["ai_standardCompliance"] = rules.into();
    }
    let references = references(facts);
    if !references.is_empty() {
        package["externalRef"] = references.into();
    }
    package
}

fn references(facts: &Facts<'_>) -> Vec<Value> {
    let document = facts.document;
    let system = document.system.as_ref();
    [
        (
            "documentation",
            system.and_then(|system| system.documentation.as_deref()),
        ),
        ("productMetadata", document.document.url.as_deref()),
        (
            "support",
            document.removal.as_ref().and_then(|removal| removal.url.as_deref()),
        ),
    ]
    .into_iter()
    .filter_map(|(kind, url)| Some(json!({ "type": "ExternalRef", "externalRefType": kind, "locator": [url?] })))
    .collect()
}
