use super::super::tests::FILLED;
use super::*;

fn page(text: &str, language: PageLanguage) -> String {
    Disclosure::from_toml(text).unwrap().page(language)
}

/// The start tags of a page, without those of what is only text.
fn tags(page: &str) -> Vec<&str> {
    page.split('<')
        .skip(1)
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
        .map(|rest| rest.split(|c: char| c.is_whitespace() || c == '>').next().unwrap())
        .collect()
}

#[test]
fn a_page_loads_and_runs_nothing() {
    for language in PageLanguage::ALL {
        let page = page(FILLED, language);
        for tag in tags(&page) {
            assert!(
                ![
                    "script", "img", "link", "iframe", "object", "form", "input", "svg", "base"
                ]
                .contains(&tag),
                "{tag}"
            );
        }
        assert!(!page.contains(" src=") && !page.contains(" style=") && !page.contains("url("));
        assert!(page.starts_with(&format!("<!DOCTYPE html><html lang=\"{}\">", language.tag())));
    }
}

#[test]
fn the_style_is_the_one_that_the_policy_names() {
    let page = page(FILLED, PageLanguage::English);
    let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let digest = STANDARD.encode(Sha256::digest(style));
    assert!(
        page.contains(&format!("style-src &#39;sha256-{digest}&#39;"))
            || page.contains(&format!("style-src 'sha256-{digest}'"))
    );
}

#[test]
fn hostile_words_stay_words() {
    let hostile = "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>\\\" onfocus=x autofocus='";
    let text = FILLED
        .replace("Example Images", hostile)
        .replace("Example Diffusion", hostile)
        .replace(
            "[detector]",
            &format!(
                "[capabilities]\ncan = [\"{hostile}\"]\n[[safeguards]]\narea = \"other\"\nstatus = \"planned\"\n\
                 measure = \"{hostile}\"\nevidence = \"{hostile}\"\n[texts.fr]\nchild = \"{hostile}\"\n[detector]"
            ),
        );
    for language in PageLanguage::ALL {
        let found = page(&text, language);
        let tags = tags(&found);
        assert!(!tags.contains(&"script") && !tags.contains(&"img"), "{tags:?}");
        assert!(found.contains("&lt;script&gt;"));
        assert_eq!(found.matches("<title>").count(), 1);
        // No attribute was opened by a quotation mark from inside.
        for attribute in ["onfocus=x autofocus='>", "onerror=alert(1)>"] {
            assert!(!found.contains(attribute));
        }
    }
}

#[test]
fn an_empty_disclosure_still_has_touchmarks_own_words() {
    let page = page("schema = \"touchmark-disclosure/1\"", PageLanguage::English);
    for sentence in PageLanguage::English
        .reviewed(Readers::Children)
        .into_iter()
        .chain(PageLanguage::English.reviewed(Readers::Teachers))
    {
        assert!(page.contains(&sentence), "{sentence}");
    }
}

#[test]
fn an_operators_text_is_added_and_replaces_nothing() {
    let text = format!("{FILLED}[texts.en]\nchild = \"We are here for you.\"\n[texts.de]\nchild = \"Wir sind da.\"");
    let english = page(&text, PageLanguage::English);
    assert!(english.contains("You did nothing wrong.") && english.contains("We are here for you."));
    // The other language stands there too, marked, with touchmark's own text in it.
    assert!(english.contains("lang=\"de\"") && english.contains("Wir sind da."));
    assert!(english.contains("Du hast nichts falsch gemacht."));
}

#[test]
fn words_in_another_language_are_marked() {
    let text = FILLED.replace(
        "[detector]",
        "[capabilities]\ncan = [\"Draws\", { de = \"Malt\", en = \"Paints\" }]\n[detector]",
    );
    let german = page(&text, PageLanguage::German);
    assert!(german.contains("<bdi lang=\"en\">Draws</bdi>") && german.contains("<bdi>Malt</bdi>"));
    assert!(!german.contains("Paints"));
}

#[test]
fn every_word_of_the_schema_has_a_sentence() {
    // An id that the catalogue lacks comes back as it is.
    for language in PageLanguage::ALL {
        let schema = Disclosure::json_schema().to_string();
        let values = |kind: &str| {
            let definition = schema.split(&format!("\"{kind}\":")).nth(1).unwrap();
            let end = definition.find("]").unwrap();
            definition[..end]
                .split("\"const\":\"")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        for (kind, prefix) in [
            ("Area", "area"),
            ("SafeguardStatus", "status"),
            ("Action", "action"),
            ("Role", "role"),
            ("ComplianceStatus", "compliance"),
        ] {
            let values = values(kind);
            assert!(values.len() >= 3, "{kind}: {values:?}");
            for value in values {
                let id = format!("{prefix}-{value}");
                assert_ne!(language.say(&id), id);
            }
        }
    }
}

#[test]
fn telephone_numbers_dial() {
    for (shown, dialled_as) in [
        ("116 111", "116111"),
        ("+44 (0)800-1111", "+448001111"),
        ("(0800) 111", "0800111"),
    ] {
        assert_eq!(dialled(shown), dialled_as);
    }
}

#[test]
fn directions_follow_the_script() {
    for (tag, expected) in [
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("az-Arab", "rtl"),
        ("ur-Latn", "ltr"),
        ("de", "ltr"),
    ] {
        assert_eq!(direction(tag), expected, "{tag}");
    }
}
