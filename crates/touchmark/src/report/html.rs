//! The report as one HTML file: no script, nothing loaded from elsewhere, no picture, help before everything else.
//!
//! Every string goes through `maud`, which escapes it, and what is from the file went through [`visible`](super::visible)
//! before. Nothing from the file becomes a link, a class or an attribute: links lead to touchmark's own directory alone.

mod tree;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;
use sha2::{Digest, Sha256};
use touchmark_provenance::metadata::inspect::POINTER;

use super::untrusted::holds_address;
use super::words::Words;
use super::{HelpEntry, LabelReport, ListReport, Report, SignerReport, text};
use crate::evidence::{Credentials, Level};
use crate::help::dialled;

const STYLE: &str = include_str!("html/style.css");

/// How deep a disclosure is shown; ours is five levels deep.
const MAX_DEPTH: usize = 8;

/// Renders the whole report as a page.
pub(super) fn render(report: &Report) -> String {
    let page = Page {
        report,
        words: Words::isolating(report.plain.language),
    };
    in_lines(page.render().into_string())
}

#[derive(Clone, Copy)]
struct Page<'a> {
    report: &'a Report,
    words: Words,
}

impl Page<'_> {
    fn render(self) -> Markup {
        let language = self.words.language();
        let title = match &self.report.file.name {
            Some(name) => self.words.say_with("page-title-of", &[("name", name)]),
            None => self.say("page-title"),
        };
        html! {
            (DOCTYPE)
            html lang=(language.tag()) dir=(if language.is_right_to_left() { "rtl" } else { "ltr" }) {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy());
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="referrer" content="no-referrer";
                    meta name="robots" content="noindex";
                    title { (title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.skip href="#findings" { (self.say("page-skip")) }
                    header {
                        p.of { bdi { (title) } }
                        h1 { (icon(self.report.verdict.level)) (self.report.plain.headline) }
                    }
                    main {
                        (self.help())
                        (self.findings())
                        (self.history())
                        (self.provider())
                        (self.details())
                    }
                    (self.about())
                }
            }
        }
    }

    /// Whom to turn to: first on the page, at every verdict, from touchmark's own directory.
    fn help(self) -> Markup {
        let help = &self.report.help;
        self.section(
            "help",
            "question-do",
            html! {
                p.lead { (help.lead) }
                ul.help { @for entry in &help.entries { (self.service(entry)) } }
                p.small { (help.note) " " (self.words.say_with("help-dated", &[("date", &help.dated)])) }
            },
        )
    }

    fn service(self, entry: &HelpEntry) -> Markup {
        html! {
            li {
                strong { bdi { (entry.name) } }
                @if let Some(country) = self.report.help.country.as_ref().filter(|_| !entry.everywhere) { " (" (country) ")" }
                ": " (entry.says)
                @if let Some(phone) = &entry.phone { br; a href={ "tel:" (dialled(phone)) } { (phone) } }
                @if let Some(url) = &entry.url { br; a href=(url) rel="noopener noreferrer" { (url) } }
            }
        }
    }

    fn findings(self) -> Markup {
        let answers = text::answers(self.report, self.words);
        self.section(
            "findings",
            "page-findings",
            html! {
                // Help stands in a section of its own, and so do the provider's words.
                @for answer in answers.iter().filter(|answer| !matches!(answer.question, "question-do" | "question-provider")) {
                    h3 { (self.say(answer.question)) }
                    @for line in &answer.lines { p { (line) } }
                }
                @if let Some(judged) = text::judged(self.report, self.words) { p { (judged) } }
            },
        )
    }

    fn history(self) -> Markup {
        let shown = |name: &str| match self.report.presentation.show_unverified || !holds_address(name) {
            true => self.words.say_with("who-named", &[("name", name)]),
            false => self.say("name-withheld"),
        };
        let history = tree::of(&self.report.layers.manifest.manifests, &shown);
        html! {
            @if !history.is_empty() {
                (self.section("history", "page-history", html! {
                    p { (self.say("page-history-lead")) }
                    (tree::drawing(&history, self.words))
                    h3 #history-text { (self.say("page-history-text")) }
                    (tree::list(&history, self.words))
                }))
            }
        }
    }

    /// The provider's own words, after everything else that is for people, as inert text.
    fn provider(self) -> Markup {
        let report = self.report;
        html! {
            @if let Some(disclosure) = &report.disclosure {
                (self.section("provider", "page-provider", html! {
                    p { (self.say("page-provider-lead")) }
                    @if report.verdict.credentials != Credentials::Trusted { p.lead { (self.say("provider-unchecked")) } }
                    div.quoted { (stated(disclosure, MAX_DEPTH)) }
                }))
            } @else if report.disclosure_withheld {
                (self.section("provider", "page-provider", html! { p { (self.say("provider-withheld")) } }))
            }
        }
    }

    fn details(self) -> Markup {
        let verdict = &self.report.verdict;
        let axes = [
            ("level", verdict.level.word()),
            ("credentials", verdict.credentials.word()),
            ("integrity", verdict.integrity.word()),
            ("signer", verdict.signer.word()),
            ("ai", verdict.ai.word()),
            ("extent", verdict.extent.word()),
        ];
        self.section(
            "details",
            "page-details",
            html! {
                h3 { (self.say("page-verdict")) }
                dl { @for (axis, value) in axes { (row(axis, html! { code { (value) } })) } }
                h3 #reasons { (self.say("page-reasons")) }
                div.scroll role="region" tabindex="0" aria-labelledby="reasons" {
                    table {
                        thead { tr { @for head in ["page-rule", "page-says", "page-codes"] { th scope="col" { (self.say(head)) } } } }
                        tbody {
                            @for reason in &verdict.reasons {
                                tr {
                                    th scope="row" { code { (reason.rule) } }
                                    td { (reason.says) }
                                    td { @for code in &reason.codes { code { bdi { (code) } } " " } }
                                }
                            }
                        }
                    }
                }
                (self.labels(&self.report.layers.metadata.labels))
                @if let Some(signer) = &self.report.layers.manifest.signer { (self.certificate(signer)) }
                (self.lists(&self.report.trust_lists))
                (self.file())
            },
        )
    }

    /// Every unsigned label, with where it stands; a prompt is counted unless it was asked for.
    fn labels(self, labels: &[LabelReport]) -> Markup {
        let heads = [
            "page-label-place",
            "page-label-writer",
            "page-label-about-ai",
            "page-label-value",
        ];
        html! {
            @if !labels.is_empty() {
                h3 #labels { (self.say("page-labels")) }
                div.scroll role="region" tabindex="0" aria-labelledby="labels" {
                    table {
                        thead { tr { @for head in heads { th scope="col" { (self.say(head)) } } } }
                        tbody { @for label in labels { (self.label(label)) } }
                    }
                }
            }
        }
    }

    fn label(self, label: &LabelReport) -> Markup {
        html! {
            tr {
                th scope="row" { bdi { (label.place_by_known_names) } }
                td { (label.writer.as_ref().map_or("–".to_owned(), |writer| text::writer_name(writer.name, self.words))) }
                td { code { (label.says) } }
                td {
                    @if let Some(value) = label.value.as_deref().filter(|value| self.shows(label, value)) { p { bdi { (value) } } }
                    @if let Some(iri) = &label.digital_source_type { p { code { bdi { (iri) } } } }
                    @if let Some(count) = label.prompt_characters {
                        p { (self.words.say_with("page-label-prompt", &[("count", &count.to_string())])) }
                    }
                    @if let Some(prompt) = &label.prompt { p { bdi { (prompt) } } }
                }
            }
        }
    }

    /// Anybody can write a label: where one holds an address, only a place for credentials is shown, or what was asked for.
    fn shows(self, label: &LabelReport, value: &str) -> bool {
        label.signal == POINTER || !holds_address(value) || self.report.presentation.show_unverified
    }

    fn certificate(self, signer: &SignerReport) -> Markup {
        let valid = [&signer.not_before, &signer.not_after].map(|time| time.as_deref().unwrap_or("?"));
        let shows = |name: &&String| !text::is_withheld(self.report, name);
        let name = signer
            .organisation
            .as_ref()
            .or(signer.common_name.as_ref())
            .filter(shows);
        html! {
            h3 { (self.say("page-signer")) }
            dl {
                @if let Some(name) = name { (row(&self.say("page-organisation"), html! { bdi { (name) } })) }
                @if let Some(issuer) = signer.issuer.as_ref().filter(shows) { (row(&self.say("page-issuer"), html! { bdi { (issuer) } })) }
                @if let Some(serial) = &signer.serial { (row(&self.say("page-serial"), html! { code { (serial) } })) }
                (row(&self.say("page-valid"), html! { (valid.join(" – ")) }))
                @if let Some(stamp) = &self.report.layers.manifest.signed_at { (row(&self.say("page-signed-at"), html! { (stamp.time) })) }
            }
        }
    }

    fn lists(self, lists: &[ListReport]) -> Markup {
        let heads = [
            "page-list-name",
            "page-list-purpose",
            "page-list-issued",
            "page-list-anchors",
        ];
        html! {
            @if !lists.is_empty() {
                h3 #lists { (self.say("page-lists")) }
                div.scroll role="region" tabindex="0" aria-labelledby="lists" {
                    table {
                        thead { tr { @for head in heads { th scope="col" { (self.say(head)) } } } }
                        tbody {
                            @for list in lists {
                                tr {
                                    th scope="row" { bdi { (list.name) } }
                                    td { code { (list.purpose) } }
                                    td {
                                        (list.issued.as_deref().unwrap_or("–"))
                                        @if let Some(days) = list.age_days {
                                            " (" (self.words.say_with("page-list-age", &[("days", &days.to_string())])) ")"
                                        } @else if list.issued.is_some() {
                                            " (" (self.say("page-list-later")) ")"
                                        }
                                    }
                                    td { (list.anchors) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn file(self) -> Markup {
        let file = &self.report.file;
        html! {
            h3 { (self.say("page-file")) }
            dl {
                (row(&self.say("page-format"), html! { code { (file.format) } }))
                (row(&self.say("page-bytes"), html! { (file.bytes) }))
                @if let Some((width, height)) = file.width.zip(file.height) {
                    (row(&self.say("page-size"), html! { (width) " × " (height) }))
                }
                (row("SHA-256", html! { code { (file.sha256) } }))
            }
        }
    }

    fn about(self) -> Markup {
        let report = self.report;
        let made = [("version", report.tool.version), ("time", report.examined_at.as_str())];
        html! {
            footer {
                p { (self.words.say_with("page-made-with", &made)) " " (self.say("page-unfetched")) }
                @if report.names_redacted { p { (self.say("page-redacted")) } }
            }
        }
    }

    fn section(self, id: &str, heading: &str, body: Markup) -> Markup {
        let labelled = format!("{id}-heading");
        html! {
            section id=(id) aria-labelledby=(labelled) {
                h2 id=(labelled) { (self.say(heading)) }
                (body)
            }
        }
    }

    fn say(self, id: &str) -> String {
        self.words.say(id)
    }
}

/// Nothing is loaded, run or sent; the one style sheet is named by its digest (CSP Level 3, 2.3.1).
fn policy() -> String {
    let digest = STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
}

/// A shape that goes with the headline: what it means stands beside it in words.
fn icon(level: Level) -> Markup {
    let shape = match level {
        Level::Attested | Level::Signed | Level::SignedHere => "M6 3h9l4 4v14H6zM9 11h7M9 14h7M9 18h4",
        Level::Recovered | Level::Claimed => "M3 5h18v11h-9l-5 4v-4H3zM7 9h10M7 12h6",
        Level::Broken | Level::Clashing | Level::Malformed => "M6 3h9l4 4v14H6zM6 13l4-3 3 4 3-3 3 2",
        Level::Unknown => "M12 3a9 9 0 1 0 .01 0zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 16.5v.5",
    };
    html! {
        svg.icon viewBox="0 0 24 24" aria-hidden="true" focusable="false" { path d=(shape) {} }
    }
}

/// A provider's statement as nested lists of inert text.
fn stated(value: &Value, depth: usize) -> Markup {
    html! {
        @match value {
            Value::Null => "–",
            Value::Bool(yes) => (yes),
            Value::Number(number) => (number),
            Value::String(text) => bdi { (text) },
            _ if depth == 0 => "…",
            Value::Array(items) => ul { @for item in items { li { (stated(item, depth - 1)) } } },
            Value::Object(map) => ul {
                @for (key, value) in map { li { strong { bdi { (key) } } ": " (stated(value, depth - 1)) } }
            },
        }
    }
}

fn row(term: &str, description: Markup) -> Markup {
    html! { dt { (term) } dd { (description) } }
}

/// A line for each block, so that two pages can be compared. No text holds a tag: every one is escaped.
fn in_lines(page: String) -> String {
    const ENDS: [&str; 13] = [
        "</style>",
        "</head>",
        "</header>",
        "</h1>",
        "</h2>",
        "</h3>",
        "</p>",
        "</li>",
        "</dd>",
        "</tr>",
        "</svg>",
        "</ul>",
        "</section>",
    ];
    let mut page = ENDS
        .iter()
        .fold(page, |page, end| page.replace(end, &format!("{end}\n")));
    page.push('\n');
    page
}
