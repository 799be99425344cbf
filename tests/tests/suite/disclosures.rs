//! The worked examples of `fixtures/disclosures/`: they pass, their pages read as they are kept, what is signed reaches
//! the stamp, exports hang together, and addresses are asked of a server of our own.
//! `PAGES=overwrite` writes the pages that are found; then read the difference.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Output;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use touchmark::report::hex;
use touchmark::{Disclosure, Stamper, Verifier};
use touchmark_provenance::disclosure::{self, Export, MAX_ASSERTION_BYTES, Outcome, PageLanguage, SignedDisclosure};
use touchmark_tests::keys::JUDGED_AT;
use touchmark_tests::{identity, pictures};

use crate::expected::fixtures;
use crate::machine::touchmark;
use crate::server::serve;

const EXAMPLES: &[&str] = &["api-provider", "open-weights-host", "social-app"];

fn folder() -> PathBuf {
    fixtures().join("disclosures")
}

fn example(name: &str) -> Disclosure {
    let text = fs::read_to_string(folder().join(format!("{name}.toml"))).unwrap();
    Disclosure::from_toml(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn the_examples_pass() {
    for name in EXAMPLES {
        let findings = example(name).lint(JUDGED_AT.date());
        let failing: Vec<_> = findings
            .iter()
            .filter(|finding| finding.outcome == Outcome::Fails)
            .collect();
        assert!(failing.is_empty(), "{name}: {failing:#?}");
        assert!(findings.len() > 50);
    }
    let codes: Vec<_> = EXAMPLES
        .iter()
        .filter(|name| example(name).aigc_producer().is_some())
        .collect();
    assert_eq!(codes, [&"api-provider"]);
}

#[test]
fn the_examples_fit_into_a_picture_in_each_of_their_languages() {
    for name in EXAMPLES {
        let example = example(name);
        for language in example.document().texts.keys() {
            let short = example.assertion(language);
            assert!(short.to_string().len() <= MAX_ASSERTION_BYTES);
            assert_eq!(short["texts"]["language"], language.as_str());
            assert_eq!(
                short["texts"]["child"],
                example.document().texts[language].child.clone().unwrap()
            );
            assert_eq!(
                short["help_lines"][0]["country"],
                example.document().children.as_ref().unwrap().help_lines[0].country
            );
        }
    }
}

#[test]
fn pages_read_as_they_are_kept() {
    let mut expected: BTreeSet<String> = EXAMPLES.iter().map(|name| format!("{name}.toml")).collect();
    let languages = PageLanguage::ALL;
    for (name, language) in EXAMPLES
        .iter()
        .flat_map(|name| languages.map(|language| (name, language)))
    {
        let page = example(name).page(language);
        let file = format!("{name}.{}.html", language.tag());
        let path = folder().join(&file);
        if std::env::var_os("PAGES").is_some_and(|value| value == "overwrite") {
            fs::write(&path, &page).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(page == kept, "{file}: PAGES=overwrite writes what is found");
        expected.insert(file);
    }
    let found: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_stamp_refers_to_the_signed_document() {
    let identity = identity::fresh().unwrap();
    let signer = identity.signer().unwrap();
    let signed = disclosure::sign(&example("social-app"), &signer).unwrap();
    let disclosure = SignedDisclosure::parse(&signed).unwrap().into_disclosure();
    let stamper = Stamper::new(signer).unwrap();
    let picture = fs::read(pictures::folder().join("flat.jpg")).unwrap();
    let now = time::OffsetDateTime::now_utc();
    let stamped = stamper.stamp(&picture, &disclosure, now).unwrap();
    let report = Verifier::new(identity::trusting(&identity).unwrap())
        .unwrap()
        .verify(stamped.bytes(), now)
        .unwrap();
    let stated = report.disclosure.clone().unwrap();
    assert_eq!(
        stated["document"],
        json!({
            "url": "https://glimmer.example/.well-known/ai-disclosure.jws",
            "sha256": hex(&Sha256::digest(&signed)),
        })
    );
    assert_eq!(stated["removal"]["url"], "https://glimmer.example/take-down");
    // A reader of the first version finds what it looks for where it was.
    assert!(report.to_text().contains("https://glimmer.example/contact"));
    assert_eq!(report.generator.clone().unwrap().provider.as_deref(), Some("Glimmer"));
}

#[test]
fn exports_name_nothing_that_is_not_there() {
    for name in EXAMPLES {
        let example = example(name);
        let bom = example.export(Export::CycloneDx, JUDGED_AT.date());
        assert_eq!(
            (&bom["bomFormat"], &bom["specVersion"]),
            (&json!("CycloneDX"), &json!("1.6"))
        );
        let component = &bom["metadata"]["component"];
        assert_eq!(component["type"], "machine-learning-model");
        assert_eq!(component["name"], example.system().unwrap().name.as_str());
        let considerations = component["modelCard"]["considerations"].as_object().unwrap();
        assert_eq!(considerations.len(), 3);

        let spdx = example.export(Export::Spdx, JUDGED_AT.date());
        let graph = spdx["@graph"].as_array().unwrap();
        let ids: BTreeSet<&str> = graph.iter().filter_map(|element| element["spdxId"].as_str()).collect();
        assert_eq!(
            ids.len() + 1,
            graph.len(),
            "every element but CreationInfo has an id of its own"
        );
        for element in graph {
            for reference in ["from", "suppliedBy", "rootElement", "to", "createdBy"] {
                let named: Vec<&str> = match &element[reference] {
                    Value::String(id) => vec![id],
                    Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
                    _ => Vec::new(),
                };
                for id in named {
                    assert!(
                        ids.contains(id) || id == "expandedlicensing_NoAssertionLicense",
                        "{name}: {id}"
                    );
                }
            }
        }
        let package = graph.iter().find(|element| element["type"] == "ai_AIPackage").unwrap();
        assert!(package["ai_limitation"].is_string() && package["releaseTime"].is_string());
    }
}

#[test]
fn addresses_are_asked_and_logins_are_seen() {
    let server = serve(answer);
    let at = |path: &str| format!("http://{server}{path}");
    let text = |removal: &str, policy: &str| {
        fs::read_to_string(folder().join("social-app.toml"))
            .unwrap()
            .lines()
            .filter_map(|line| match line.split_once(" = ") {
                // All other addresses are of the example domain, and are not asked here.
                Some(("url", value)) if value.contains("/take-down\"") => Some(format!("url = \"{}\"", at(removal))),
                Some(("policy", _)) => Some(format!("policy = \"{}\"", at(policy))),
                Some((key, value)) if value.contains("https://") => match key {
                    "contact" => Some("contact = \"mailto:contact@glimmer.example\"".to_owned()),
                    "complaint_authority" | "url" | "documentation" | "identifier" | "appeal" | "evidence" => None,
                    other => panic!("{other}"),
                },
                _ => Some(line.to_owned()),
            })
            .filter(|line| line != "[detector]")
            .fold(String::new(), |text, line| text + &line + "\n")
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("system.toml");
    let check = |content: String, options: &[&str]| {
        fs::write(&file, content).unwrap();
        let args = [&["disclose", "check", "system.toml", "--json"], options].concat();
        touchmark(folder.path(), &args)
    };
    let online = ["--online", "--allow-private"];

    let output = check(text("/open", "/to-open"), &online);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let lines = json_lines(&output);
    assert_eq!(lines[1]["field"], "removal.url");
    assert!(lines[1]["says"].as_str().unwrap().contains("without a login"));
    // Each host is named before it is asked, for every redirect again.
    let named = said(&output).matches("asking 127.0.0.1 (").count();
    assert_eq!(named, 3, "{}", said(&output));

    for (path, why) in [
        ("/401", "asks for a login (401)"),
        ("/403", "refuses to show it (403)"),
        ("/to-login", "leads to a login (200, at "),
        ("/password", "asks for a password (200)"),
        ("/404", "answers 404"),
        ("/500", "answers 500"),
        ("/loop", "redirects more than 5 times"),
        ("/out", "it is not an https address"),
        ("/hang-up", "does not answer"),
    ] {
        let output = check(text(path, "/open"), &online);
        assert_eq!(output.status.code(), Some(3), "{path}: {}", said(&output));
        let says = json_lines(&output)[1]["says"].as_str().unwrap().to_owned();
        assert!(says.contains(why), "{path}: {says}");
    }
    // What never ends is cut.
    let output = check(text("/endless", "/open"), &online);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));

    // Without the option for one's own machine, the document is refused; without --online, nobody is asked.
    let output = check(text("/open", "/open"), &["--online"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("TM0401") && said(&output).contains("acceptable_use.policy"),
        "{}",
        said(&output)
    );
    let private = text("/open", "/open").replace(&at(""), &format!("https://{server}"));
    let output = check(private.clone(), &["--online"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(json_lines(&output)[1]["says"].as_str().unwrap().contains("not public"));
    let output = check(private, &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(!said(&output).contains("asking"), "{}", said(&output));
    assert!(json_lines(&output).iter().all(|line| line["outcome"] == "not_asked"));
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json_lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Answers one request. A client that goes away early is no failure of the server.
fn answer(mut stream: TcpStream, path: &str) {
    let plain = |status: &str, headers: &str, body: &str| {
        format!(
            "HTTP/1.1 {status}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let to = |location: &str| plain("302 Found", &format!("Location: {location}\r\n"), "");
    let response = match path {
        "/open" => plain("200 OK", "", "<p>Ask us to remove a picture.</p>"),
        "/to-open" => to("/open"),
        "/401" => plain("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n", ""),
        "/403" => plain("403 Forbidden", "", ""),
        "/to-login" => to("/account/login?next=%2Fremoval"),
        "/account/login?next=%2Fremoval" => plain("200 OK", "", "<form></form>"),
        "/password" => plain("200 OK", "", "<input name=p type=\"password\">"),
        "/500" => plain("500 Internal Server Error", "", ""),
        "/loop" => to("/loop"),
        "/out" => to("http://192.0.2.1/"),
        "/hang-up" => return,
        "/endless" => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            while stream.write_all(&[b' '; 4096]).is_ok() {}
            return;
        }
        _ => plain("404 Not Found", "", ""),
    };
    let _ = stream.write_all(response.as_bytes());
}
