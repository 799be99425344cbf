//! How a report is put: its language, whose help lines come first, and what is shown or left out.

use super::untrusted::holds_address;
use super::words::{Language, Words};
use super::{
    File, Generator, Help, HelpEntry, IngredientReport, LabelReport, Layers, ManifestReport, ManifestSummary,
    MetadataReport, Report, SignerReport, UnreadReport, text,
};
use crate::evidence::{Credentials, Rule};
use crate::help::{Country, Directory};

/// How a report is put. The default is English, help for everywhere, and nothing that a forger could use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Presentation {
    /// The language of its words.
    pub language: Language,
    /// The country whose services come first.
    pub country: Option<Country>,
    /// Whether the provider's disclosure is shown though its signer is on no list in force: a forger can put an
    /// extortionist's address there.
    pub show_unverified: bool,
    /// Whether names are left out that may be those of people: of files, certificates, titles and providers.
    pub redact_names: bool,
}

impl Report {
    /// The same report, put otherwise. Names that were left out stay out.
    pub fn presented(mut self, presentation: &Presentation) -> Self {
        if *presentation == self.presentation {
            return self;
        }
        self.presentation = Presentation {
            redact_names: self.presentation.redact_names || presentation.redact_names,
            ..*presentation
        };
        if self.presentation.redact_names {
            self.leave_names_out();
        }
        self.say();
        self
    }

    /// Fills in everything that is said in words.
    pub(super) fn say(&mut self) {
        let presentation = self.presentation;
        let words = Words::plain(presentation.language);
        self.help = help(presentation.country, words);
        let shown = self.verdict.credentials == Credentials::Trusted || presentation.show_unverified;
        self.disclosure = self.stated.clone().filter(|_| shown);
        self.disclosure_withheld = self.stated.is_some() && !shown;
        self.tell_issuer_answers();
        for reason in &mut self.verdict.reasons {
            reason.says = words.say(&text::rule_message(reason.rule));
        }
        for entry in &mut self.verdict.not_examined {
            entry.says = words.say(text::why_message(entry.why));
        }
        self.plain.language = words.language();
        self.plain.headline = text::headline(self, words);
        self.plain.lines = text::answers(self, words)
            .into_iter()
            .flat_map(|answer| answer.lines)
            .collect();
    }

    /// Takes out what may name a person. Whoever adds a field decides here: the patterns name every one.
    fn leave_names_out(&mut self) {
        self.names_redacted = true;
        self.stated = None;
        let File {
            name,
            format: _,
            bytes: _,
            sha256: _,
            width: _,
            height: _,
            named_as: _,
        } = &mut self.file;
        *name = None;
        if let Some(generator) = &mut self.generator {
            let Generator {
                provider,
                system,
                version: _,
                created: _,
                basis: _,
            } = generator;
            *provider = None;
            system.take_if(|system| holds_address(system));
        }
        for reason in &mut self.verdict.reasons {
            if reason.rule == Rule::ManifestRemote.id() {
                // The address itself.
                reason.codes.clear();
            }
        }
        let Layers {
            manifest,
            metadata,
            // Its issuers are domains of directories, not of the picture.
            watermark: _,
            fingerprint: _,
            label,
            registry: _,
        } = &mut self.layers;
        label.declared = None;
        let MetadataReport {
            finding: _,
            labels,
            unread,
        } = metadata;
        for part in unread {
            let UnreadReport {
                place,
                place_by_known_names,
                why: _,
            } = part;
            place.clone_from(place_by_known_names);
        }
        for found in labels {
            let LabelReport {
                signal: _,
                place,
                place_by_known_names,
                says: _,
                writer: _,
                digital_source_type: _,
                value,
                prompt_characters: _,
                prompt,
            } = found;
            place.clone_from(place_by_known_names);
            // In the file's words: an author, a prompt about somebody.
            *value = None;
            *prompt = None;
        }
        let ManifestReport {
            finding: _,
            active: _,
            signer,
            signed_at: _,
            manifests,
            codes: _,
            remote,
            store: _,
            unreadable,
        } = manifest;
        *remote = None;
        // A library's account, which may have an address in it.
        *unreadable = None;
        if let Some(signer) = signer {
            let SignerReport {
                organisation,
                common_name,
                issuer,
                serial,
                not_before: _,
                not_after: _,
                list: _,
                revocation: _,
            } = signer;
            // With the serial, the issuer finds the name.
            for name in [organisation, common_name, issuer, serial] {
                *name = None;
            }
        }
        for manifest in manifests {
            let ManifestSummary {
                label: _,
                signer,
                generator: _,
                actions: _,
                assertions: _,
                ingredients,
            } = manifest;
            *signer = None;
            for ingredient in ingredients {
                let IngredientReport {
                    title,
                    description,
                    relationship: _,
                    manifest: _,
                    failures: _,
                } = ingredient;
                *title = None;
                *description = None;
            }
        }
    }
}

/// touchmark's own directory for this country, in words.
fn help(country: Option<Country>, words: Words) -> Help {
    let directory = Directory::shipped();
    Help {
        country: country.map(|country| country.code().to_owned()),
        dated: directory.dated().to_string(),
        lead: words.say("help-lead"),
        note: words.say("help-note"),
        entries: directory
            .helping(country)
            .into_iter()
            .map(|entry| HelpEntry {
                kind: entry.kind,
                readers: entry.readers,
                everywhere: entry.countries.is_empty(),
                name: entry.name.clone(),
                says: words.say(&text::help_message(entry.kind, entry.readers)),
                phone: entry.phone.clone(),
                url: entry.url.clone(),
            })
            .collect(),
    }
}
