//! Whom the watermark of a stamp leads to: by directories, by an issuer's own word, and in every rendering.

use std::fs;

use time::OffsetDateTime;
use touchmark::issuer::{Directory, Domain, Statement, number};
use touchmark::report::{IssuerAnswer, IssuerBasis, Language, Presentation};
use touchmark::{Report, Stamper, TrustLists, Verifier};
use touchmark_tests::{identity, pictures};

use crate::machine::{Machine, lines, stderr};

/// A stamp of a provider at example.org, and lists that trust it.
struct Stamped {
    bytes: Vec<u8>,
    lists: TrustLists,
}

impl Stamped {
    fn new() -> Self {
        let identity = identity::fresh().unwrap();
        let stamper = Stamper::new(identity.signer().unwrap()).unwrap();
        // Large enough for a watermark.
        let picture = fs::read(pictures::folder().join("baseline-exif.jpg")).unwrap();
        let disclosure = identity::disclosure().unwrap();
        let stamped = stamper.stamp(&picture, &disclosure, OffsetDateTime::now_utc()).unwrap();
        Self {
            bytes: stamped.bytes().to_vec(),
            lists: identity::trusting(&identity).unwrap(),
        }
    }

    fn report(&self, verifier: Verifier) -> Report {
        verifier.verify(&self.bytes, OffsetDateTime::now_utc()).unwrap()
    }

    fn trusted(&self) -> Report {
        self.report(Verifier::new(self.lists.clone()).unwrap())
    }

    fn untrusted(&self) -> Report {
        self.report(Verifier::new(TrustLists::empty()).unwrap())
    }
}

fn own(domain: &str) -> Directory {
    let text = format!(
        "dated = 2026-11-21\n[[entry]]\ndomain = \"{domain}\"\ndetector = \"https://{domain}/detector\"\n\
         removal = \"mailto:removal@{domain}\"\nsource = \"a letter\"\nchecked = 2026-11-20\n"
    );
    Directory::parse(&text).unwrap()
}

fn example_org() -> Domain {
    "example.org".parse().unwrap()
}

/// What example.org says of itself.
fn says() -> Vec<IssuerAnswer> {
    let text =
        r#"{"schema":"touchmark-issuer/1","domain":"example.org","removal":"https://example.org/removal-by-word"}"#;
    vec![IssuerAnswer::Says(
        Statement::parse(text.as_bytes(), &example_org()).unwrap(),
    )]
}

/// A text without its line breaks and columns.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_stamp_leads_to_its_provider() {
    let stamped = Stamped::new();
    let report = stamped.report(
        Verifier::new(TrustLists::empty())
            .unwrap()
            .with_issuers(own("example.org")),
    );
    let mark = &report.layers.watermark;
    let written = format!("{:06x}", number("example.org"));
    assert_eq!(mark.issuer.as_deref(), Some(written.as_str()));
    assert!(mark.id.as_deref().unwrap().starts_with(&written));
    let [issuer] = mark.issuers.as_deref().unwrap() else {
        panic!("{mark:?}");
    };
    assert_eq!(
        (issuer.domain.as_str(), issuer.basis),
        ("example.org", IssuerBasis::OwnDirectory)
    );
    let dates: Vec<_> = mark
        .issuer_directories
        .iter()
        .flatten()
        .map(|directory| directory.dated.as_str())
        .collect();
    assert_eq!(dates, [Directory::shipped().dated().to_string().as_str(), "2026-11-21"]);

    for (language, said) in [
        (
            Language::English,
            [
                "by your own directory of 2026-11-21",
                "A mark is a pointer, never proof",
            ],
        ),
        (
            Language::German,
            [
                "nach dem eigenen Verzeichnis vom 2026-11-21",
                "Ein Zeichen ist ein Verweis, nie ein Beweis",
            ],
        ),
    ] {
        let report = report.clone().presented(&Presentation {
            language,
            ..Presentation::default()
        });
        let text = unwrapped(&report.to_text());
        let html = report.to_html();
        for part in said
            .into_iter()
            .chain(["https://example.org/detector", "mailto:removal@example.org"])
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        // In a page, what is filled in is isolated, and no link.
        assert!(
            html.contains("mailto:removal@example.org") && !html.contains("href=\"mailto:"),
            "{html}"
        );
        assert!(!html.contains("href=\"https://example.org"), "{html}");
    }
}

#[test]
fn a_number_that_nobody_has_is_told_with_the_date() {
    let report = Stamped::new().report(
        Verifier::new(TrustLists::empty())
            .unwrap()
            .with_issuers(own("example.com")),
    );
    assert_eq!(report.layers.watermark.issuers.as_deref(), Some(&[][..]));
    let text = unwrapped(&report.to_text());
    let shipped = format!(
        "touchmark's directory of {} knows nobody with the number",
        Directory::shipped().dated()
    );
    for part in [
        shipped.as_str(),
        "Your own directory of 2026-11-21 knows nobody with the number",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(report.issuers_to_ask().is_empty());
}

/// A forger can put any domain into a disclosure and its number into a mark.
#[test]
fn whom_the_picture_alone_names_is_asked_and_shown_with_the_providers_words_only() {
    let stamped = Stamped::new();
    let names_it = |report: &Report| {
        [report.to_text(), report.to_json(), report.to_html()]
            .iter()
            .any(|rendering| rendering.contains("removal-by-word"))
    };
    let trusted = stamped.trusted();
    assert_eq!(trusted.issuers_to_ask(), [example_org()]);
    let trusted = trusted.with_issuer_answers(says());
    let issuers = trusted.layers.watermark.issuers.clone().unwrap();
    assert_eq!(issuers[0].basis, IssuerBasis::IssuerSays);
    assert!(names_it(&trusted) && unwrapped(&trusted.to_text()).contains("never proof"));
    // Without the names, and in another order of the same steps.
    let redacted = Presentation {
        redact_names: true,
        ..Presentation::default()
    };
    assert!(!names_it(&trusted.presented(&redacted)));

    let stranger = stamped.untrusted();
    assert!(stranger.issuers_to_ask().is_empty());
    assert!(!names_it(&stranger.clone().with_issuer_answers(says())));
    let asked_for = stranger.presented(&Presentation {
        show_unverified: true,
        ..Presentation::default()
    });
    assert_eq!(asked_for.issuers_to_ask(), [example_org()]);
    let shown = asked_for.with_issuer_answers(says());
    assert!(names_it(&shown));
    assert!(!names_it(&shown.presented(&Presentation::default())));

    // A directory names it whoever signed.
    let known = stamped.report(
        Verifier::new(TrustLists::empty())
            .unwrap()
            .with_issuers(own("example.org")),
    );
    assert_eq!(known.issuers_to_ask(), [example_org()]);
    assert!(names_it(&known.with_issuer_answers(says())));
}

#[test]
fn why_an_issuer_could_not_be_asked_is_inert() {
    let report = Stamped::new()
        .trusted()
        .with_issuer_answers(vec![IssuerAnswer::Unasked {
            domain: example_org(),
            why: "\u{202E}<script>\u{1B}[2J".into(),
        }]);
    for rendering in [report.to_text(), report.to_json(), report.to_html()] {
        assert!(!rendering.contains(['\u{202E}', '\u{1B}']), "{rendering}");
    }
    assert!(!report.to_html().contains("<script"));
    assert!(unwrapped(&report.to_text()).contains("example.org, which has the number in the mark, could not be asked"));
}

#[test]
fn an_issuer_that_cannot_be_asked_is_no_fault_of_the_picture() {
    let machine = Machine::new();
    machine.put("baseline-exif.jpg", "picture.jpg");
    // A name that leads nowhere (RFC 2606).
    let id = format!("{:06x}0000000001", number("nobody.invalid"));
    let made = machine.touchmark(&["stamp", "picture.jpg", "-o", "marked.jpg", "--watermark-id", &id]);
    assert!(made.status.success(), "{}", stderr(&made));
    fs::write(
        machine.path("own.toml"),
        "dated = 2026-11-22\n[[entry]]\ndomain = \"nobody.invalid\"\nsource = \"a letter\"\nchecked = 2026-11-20\n",
    )
    .unwrap();
    let verify = |args: &[&str]| {
        machine.touchmark(
            &[
                &[
                    "verify",
                    "marked.jpg",
                    "--json",
                    "--require",
                    "none",
                    "--issuers",
                    "own.toml",
                ],
                args,
            ]
            .concat(),
        )
    };
    let offline = verify(&[]);
    assert!(
        offline.status.success() && !stderr(&offline).contains("asking"),
        "{}",
        stderr(&offline)
    );
    let line = &lines(&offline)[0]["layers"]["watermark"];
    assert_eq!(
        (&line["issuers"][0]["domain"], &line["issuers"][0]["basis"]),
        (&"nobody.invalid".into(), &"own_directory".into())
    );

    let online = verify(&["--online"]);
    assert!(online.status.success(), "{}", stderr(&online));
    let said = stderr(&online);
    assert!(
        said.contains("asking nobody.invalid about the watermark of marked.jpg"),
        "{said}"
    );
    assert!(said.contains("warning: nobody.invalid could not be asked: "), "{said}");
    let line = &lines(&online)[0]["layers"]["watermark"];
    assert_eq!(line["issuers_unasked"][0]["domain"], "nobody.invalid");
    assert_eq!(line["issuers"].as_array().unwrap().len(), 1);
}
