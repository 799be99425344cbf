//! The page about a system: one HTML file without script and without anything loaded from elsewhere, for children,
//! parents, teachers and everybody else.
//!
//! Every string of the provider goes through `maud`, which escapes it; addresses were checked to be `https:` or
//! `mailto:` ones, so that no link runs a script.

mod facts;
mod words;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fluent_bundle::FluentValue;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::parts::{HelpLine, Removal, Texts};
use super::values::primary;
use super::{Disclosure, Document, Words};
use words::Readers;

pub use words::PageLanguage;

const STYLE: &str = include_str!("style.css");

impl Disclosure {
    /// The page about the system, one HTML file: touchmark's words in `language`, the provider's in the same where
    /// they are there, else in their own, marked as such.
    pub fn page(&self, language: PageLanguage) -> String {
        let page = Page {
            disclosure: self,
            document: self.document(),
            language,
        };
        in_lines(page.render().into_string())
    }
}

/// What the page is made from, and the helpers that every section uses.
#[derive(Clone, Copy)]
struct Page<'a> {
    disclosure: &'a Disclosure,
    document: &'a Document,
    language: PageLanguage,
}

impl<'a> Page<'a> {
    fn render(self) -> Markup {
        let system = match &self.document.system {
            Some(system) => system.name.clone(),
            None => self.say("unnamed-system"),
        };
        let title = self.say_with("title", [("system", system.into())]);
        html! {
            (DOCTYPE)
            html lang=(self.language.tag()) {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy());
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="referrer" content="no-referrer";
                    title { (title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.skip href="#text" { (self.say("skip")) }
                    header {
                        h1 { (title) }
                        @if let Some(texts) = self.texts() {
                            (self.paragraphs(texts.1.summary.as_deref(), texts.0))
                        }
                        p { (self.say_with("says", [("provider", self.provider().into())])) }
                    }
                    main #text {
                        (self.help())
                        (self.contents())
                        (self.readers(Readers::Children, |texts| &texts.child))
                        (self.readers(Readers::Parents, |texts| &texts.parent))
                        (self.readers(Readers::Teachers, |texts| &texts.teacher))
                        (self.facts())
                        (self.other_languages())
                    }
                    (self.about())
                }
            }
        }
    }

    fn contents(self) -> Markup {
        html! {
            nav aria-labelledby="contents" {
                h2 #contents { (self.say("contents")) }
                ul {
                    @for id in ["child", "parent", "teacher"].into_iter().chain(self.stated_facts()) {
                        li { a href={ "#" (id) } { (self.say(id)) } }
                    }
                }
            }
        }
    }

    /// How to have a picture removed, first on the page.
    fn help(self) -> Markup {
        let removal = self.document.removal.as_ref();
        html! {
            (self.section("help", html! {
                div.own {
                    p { (self.say("help-lead")) }
                }
                @match removal {
                    Some(removal) => (self.removal(removal)),
                    None => p { (self.say("not-stated")) },
                }
                div.own {
                    p { (self.say("help-others")) }
                }
                (self.help_lines())
            }))
        }
    }

    fn removal(self, removal: &Removal) -> Markup {
        html! {
            @if let Some(url) = &removal.url {
                p.call { a href=(url) { (self.say("help-ask")) } }
                p { (self.say("help-address")) " " (url) }
            }
            dl {
                @if let Some(hours) = removal.response_hours {
                    (row(&self.say("help-hours"), html! { (self.say_with("hours", [("count", hours.into())])) }))
                }
                @if !removal.languages.is_empty() {
                    (row(&self.say("help-languages"), html! { (removal.languages.iter().map(|tag| autonym(tag)).collect::<Vec<_>>().join(", ")) }))
                }
                @if let Some(needless) = removal.no_account_needed {
                    (row(&self.say("help-account"), self.yes_or_no(needless)))
                }
                @if let Some(needless) = removal.no_upload_needed {
                    (row(&self.say("help-upload"), self.yes_or_no(needless)))
                }
                @if let Some(email) = &removal.email {
                    (row(&self.say("help-email"), html! { a href={ "mailto:" (email) } { (email) } }))
                }
                @if let Some(postal) = &removal.postal {
                    (row(&self.say("help-post"), html! { @for line in postal.lines() { bdi { (line) } br; } }))
                }
                @if !removal.hash_types.is_empty() {
                    (row(&self.say("help-hashes"), html! { (removal.hash_types.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")) }))
                }
                @if !removal.laws.is_empty() {
                    (row(&self.say("help-laws"), html! { (removal.laws.iter().filter_map(|law| law.limit()).map(|limit| limit.name).collect::<Vec<_>>().join(", ")) }))
                }
                @if let Some(authority) = &removal.complaint_authority {
                    (row(&self.say("help-complaint"), html! {
                        bdi { (authority.name) }
                        @if let Some(url) = &authority.url { ", " (link(url)) }
                    }))
                }
                @if let Some(api) = &removal.api {
                    (row(&self.say("help-api"), link(api)))
                }
            }
        }
    }

    fn help_lines(self) -> Markup {
        let lines = self.document.children.iter().flat_map(|children| &children.help_lines);
        let lines: Vec<&HelpLine> = lines.collect();
        html! {
            @if !lines.is_empty() {
                h3 #help-lines { (self.say("help-lines")) }
                ul {
                    @for line in lines {
                        li {
                            bdi { (line.name) } " (" (line.country) ")"
                            @if let Some(phone) = &line.phone {
                                ": " a href={ "tel:" (dialled(phone)) } { (phone) }
                            }
                            @if let Some(url) = &line.url { ", " (link(url)) }
                        }
                    }
                }
                p { (self.say("help-line-free")) }
            }
        }
    }

    /// touchmark's reviewed text, then what the provider adds. The first can be added to, not replaced.
    fn readers(self, readers: Readers, added: fn(&Texts) -> &Option<String>) -> Markup {
        let young = readers == Readers::Children;
        let class = if young { "own young" } else { "own" };
        self.section(
            readers.id(),
            html! {
                div class=(class) {
                    @for sentence in self.language.reviewed(readers) { p { (sentence) } }
                }
                @if let Some((language, texts)) = self.texts() {
                    div.young[young] { (self.paragraphs(added(texts).as_deref(), language)) }
                }
            },
        )
    }

    /// The provider's texts in every other language, with touchmark's text for children where the catalogue has it.
    fn other_languages(self) -> Markup {
        let shown = self.texts().map(|(language, _)| language);
        let others: Vec<(&String, &Texts)> = self
            .document
            .texts
            .iter()
            .filter(|(language, _)| Some(language.as_str()) != shown)
            .collect();
        html! {
            @if !others.is_empty() {
                (self.section("languages", html! {
                    @for (tag, texts) in others {
                        div lang=(tag) dir=(direction(tag)) {
                            h3 { (autonym(tag)) }
                            @if let Some(language) = PageLanguage::from_tag(tag).filter(|language| *language != self.language) {
                                div.own.young {
                                    @for sentence in language.reviewed(Readers::Children) { p { (sentence) } }
                                }
                            }
                            @for text in [&texts.child, &texts.summary, &texts.adult, &texts.parent, &texts.teacher].into_iter().flatten() {
                                (paragraphs(text))
                            }
                        }
                    }
                }))
            }
        }
    }

    fn about(self) -> Markup {
        let about = &self.document.document;
        html! {
            footer {
                h2 #about { (self.say("about")) }
                dl {
                    @if let Some(day) = about.issued { (row(&self.say("issued"), html! { (day) })) }
                    @if let Some(day) = about.expires { (row(&self.say("expires"), html! { (day) })) }
                    @if let Some(url) = &about.url { (row(&self.say("signed-at"), link(url))) }
                    @if let Some(digest) = self.disclosure.signed_digest() {
                        (row(&self.say("signed-digest"), html! { code { (crate::hex(&digest)) } }))
                    }
                }
                p { (self.say_with("made-with", [("version", env!("CARGO_PKG_VERSION").into())])) }
            }
        }
    }

    /// A section with its heading, which the contents link to.
    fn section(self, id: &str, body: Markup) -> Markup {
        html! {
            section aria-labelledby=(id) {
                h2 id=(id) { (self.say(id)) }
                (body)
            }
        }
    }

    /// The provider's texts in the page's language, else in the document's, else in the first there is.
    fn texts(self) -> Option<(&'a str, &'a Texts)> {
        [self.language.tag(), self.document.language()]
            .into_iter()
            .find_map(|wanted| {
                let exact = self.document.texts.get_key_value(wanted);
                exact.or_else(|| self.document.texts.iter().find(|(tag, _)| primary(tag) == wanted))
            })
            .or_else(|| self.document.texts.first_key_value())
            .map(|(tag, texts)| (tag.as_str(), texts))
    }

    fn paragraphs(self, text: Option<&str>, language: &str) -> Markup {
        html! {
            @if let Some(text) = text {
                @if language == self.language.tag() { (paragraphs(text)) }
                @else { div lang=(language) dir=(direction(language)) { (paragraphs(text)) } }
            }
        }
    }

    /// A text in the best language there is, marked where that is not the page's.
    fn words(self, words: &'a Words) -> Markup {
        let found = words.in_language(self.language.tag(), self.document.language());
        html! {
            @if let Some((text, language)) = found {
                @if language == self.language.tag() { bdi { (text) } }
                @else { bdi lang=(language) { (text) } }
            }
        }
    }

    fn list(self, list: &'a [Words]) -> Markup {
        html! { ul { @for words in list { li { (self.words(words)) } } } }
    }

    fn yes_or_no(self, yes: bool) -> Markup {
        html! { (self.say(if yes { "yes" } else { "no" })) }
    }

    fn provider(self) -> String {
        match &self.document.provider {
            Some(provider) => provider.name.clone(),
            None => self.say("unnamed-provider"),
        }
    }

    fn say(self, id: &str) -> String {
        self.language.say(id)
    }

    fn say_with<'b, const N: usize>(self, id: &str, variables: [(&'b str, FluentValue<'b>); N]) -> String {
        self.language.say_with(id, variables)
    }
}

/// Nothing is loaded, run or sent; the one style sheet is named by its digest (CSP Level 3, 2.3.1).
fn policy() -> String {
    let digest = STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
}

fn row(term: &str, description: Markup) -> Markup {
    html! { dt { (term) } dd { (description) } }
}

/// A link whose text is its address, so that it reads on paper too.
fn link(address: &str) -> Markup {
    html! { a href=(address) { (address.strip_prefix("mailto:").unwrap_or(address)) } }
}

/// Blank lines part paragraphs; a single line break is a space, as in a text file.
fn paragraphs(text: &str) -> Markup {
    html! {
        @for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
            p { bdi { (paragraph) } }
        }
    }
}

/// The digits of a telephone number, as a `tel:` address has them (RFC 3966).
fn dialled(phone: &str) -> String {
    // "+44 (0)800": the zero in brackets is not dialled after a country code.
    let phone = if phone.starts_with('+') {
        phone.replace("(0)", "")
    } else {
        phone.to_owned()
    };
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

/// The direction in which a language is written, by its script or by what it is usually written in.
fn direction(tag: &str) -> &'static str {
    const RIGHT_TO_LEFT: [&str; 9] = ["ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
    let by_script = ["-Arab", "-Hebr", "-Thaa"].iter().any(|script| tag.contains(script));
    if by_script || (RIGHT_TO_LEFT.contains(&primary(tag)) && !tag.contains("-Latn")) {
        "rtl"
    } else {
        "ltr"
    }
}

/// What a language calls itself, with the tag where that says more; the tag alone where it is not known here.
fn autonym(tag: &str) -> String {
    const AUTONYMS: &[(&str, &str)] = &[
        ("ar", "العربية"),
        ("cs", "Čeština"),
        ("da", "Dansk"),
        ("de", "Deutsch"),
        ("el", "Ελληνικά"),
        ("en", "English"),
        ("es", "Español"),
        ("fi", "Suomi"),
        ("fr", "Français"),
        ("hi", "हिन्दी"),
        ("hu", "Magyar"),
        ("it", "Italiano"),
        ("ja", "日本語"),
        ("ko", "한국어"),
        ("nl", "Nederlands"),
        ("pl", "Polski"),
        ("pt", "Português"),
        ("ro", "Română"),
        ("ru", "Русский"),
        ("sv", "Svenska"),
        ("tr", "Türkçe"),
        ("uk", "Українська"),
        ("zh", "中文"),
    ];
    match AUTONYMS.iter().find(|(known, _)| *known == primary(tag)) {
        Some((known, name)) if *known == tag => (*name).to_owned(),
        Some((_, name)) => format!("{name} ({tag})"),
        None => tag.to_owned(),
    }
}

/// A line for each block, so that two pages can be compared. No text holds a tag: every one is escaped.
fn in_lines(page: String) -> String {
    const ENDS: [&str; 12] = [
        "</style>",
        "</head>",
        "</header>",
        "</h1>",
        "</h2>",
        "</h3>",
        "</p>",
        "</li>",
        "</dd>",
        "</td>",
        "</th>",
        "</section>",
    ];
    let mut page = ENDS
        .iter()
        .fold(page, |page, end| page.replace(end, &format!("{end}\n")));
    page.push('\n');
    page
}

#[cfg(test)]
mod tests;
