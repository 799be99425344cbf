//! One picture: read, its record fetched where that was asked for or found beside it, examined, and put into the form of the run.

use std::error::Error as _;
use std::ops::ControlFlow;
use std::path::Path;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use touchmark::report::{FindingWord, Presentation};
use touchmark::{Limits, Policy, Report, Store, Verifier};

use super::asking::Asking;
use super::beside::Beside;
use super::isolated::{self, Isolation};
use super::journal::{Past, Seen};
use super::means::read_store;
use super::render::{self, Extras, Form};
use super::summary::Counted;
use crate::args::Verify;
use crate::console::tell_user;
use crate::exit;
use crate::failure::{Code, Failure};
use crate::fetch::Fetcher;
use crate::files::{self, display_name};
use crate::inputs::Input;
use crate::rim;

/// How the pictures of a run are examined. Shared by the workers.
pub struct Examining<'a> {
    pub verifier: Verifier,
    pub judging: Judging,
    pub presentation: Presentation,
    pub form: Form,
    /// A manifest store that was given for the one picture.
    pub sidecar: Option<Vec<u8>>,
    /// What fetches records that are kept elsewhere, where that was asked for.
    pub fetcher: Option<Fetcher>,
    /// What asks the issuers of marks, where that was asked for.
    pub asking: Option<Asking>,
    /// What earlier runs examined.
    pub journal: Option<&'a Past>,
    /// What is written of the one picture besides.
    pub extras: Extras,
}

/// What a run requires, and as of when it judges.
#[derive(Debug, Clone, Copy)]
pub struct Judging {
    pub policy: Policy,
    pub at: OffsetDateTime,
    /// When the run began.
    pub now: OffsetDateTime,
}

/// The bytes of a picture.
pub enum Contents<'a> {
    /// In this file.
    In(&'a Path),
    /// Read already, of what can be read once only.
    Read(Vec<u8>),
}

/// What was found of one picture, small enough to wait for its turn.
#[derive(Debug, Serialize, Deserialize)]
pub struct Found {
    /// What goes to standard output.
    pub text: Option<String>,
    /// Why it could not be examined.
    pub failure: Option<Failure>,
    pub counted: Counted,
}

/// What became of one picture.
pub struct Done {
    pub found: Found,
    /// Whether an earlier run examined it.
    pub before: bool,
    /// The file as it was before it was read, with what lay beside it.
    pub seen: Option<Seen>,
}

impl Examining<'_> {
    /// As a command line asks for it; without earlier runs, and with nothing written besides.
    pub fn new(args: &Verify, verifier: Verifier, sidecar: Option<Vec<u8>>, judging: Judging) -> Self {
        Self {
            verifier,
            judging,
            presentation: super::presentation(args),
            form: Form::of(&args.outputs),
            sidecar,
            fetcher: args.online.then(|| Fetcher::of_stores(args.allow_private)),
            asking: args
                .online
                .then(|| Asking::new(Fetcher::of_issuers(args.allow_private))),
            journal: None,
            extras: Extras::none(),
        }
    }

    /// Examines one picture, in a process of its own where `isolation` says so. A failure is the picture's own: also where a
    /// worker does not survive it.
    pub fn examine(&self, input: &Input, isolation: &Isolation) -> Done {
        let beside = self.beside(input);
        let seen = Seen::of(&input.path, beside.as_ref().map(Beside::path));
        if let Some(counted) = self.journal.and_then(|past| past.examined(&input.path, seen)) {
            return Done {
                found: Found {
                    text: None,
                    failure: None,
                    counted,
                },
                before: true,
                seen,
            };
        }
        Done {
            found: isolated::examine(self, input, isolation).unwrap_or_else(|failure| self.failed(input, failure)),
            before: false,
            seen,
        }
    }

    /// Examines one picture in this process, and hands out what is known before the pixels are looked at. A panic is a failure
    /// like others.
    pub fn find(&self, input: &Input, contents: Contents<'_>, before_pixels: Option<&mut dyn FnMut(Found)>) -> Found {
        rim::caught(|| self.examined(input, contents, before_pixels))
            .unwrap_or_else(|failure| self.failed(input, failure))
    }

    fn failed(&self, input: &Input, failure: Failure) -> Found {
        Found {
            text: self.form.failed(self.shown_name(input).as_deref(), &failure),
            counted: Counted::failed(failure.code()),
            failure: Some(failure),
        }
    }

    fn examined(
        &self,
        input: &Input,
        contents: Contents<'_>,
        mut before_pixels: Option<&mut dyn FnMut(Found)>,
    ) -> Result<Found, Failure> {
        let bytes = match contents {
            Contents::In(path) => files::read(path, Limits::default().max_bytes)?,
            Contents::Read(bytes) => bytes,
        };
        let hand_out = |report: &Report| {
            // What fails here fails again at the end.
            if let Some(hand_out) = &mut before_pixels
                && let Ok(found) = self.found(input, &self.presented(report.clone(), input), &bytes)
            {
                hand_out(found);
            }
        };
        let report = self.with_its_record(input, &bytes, hand_out)?;
        let report = self.presented(report, input);
        let report = match &self.asking {
            Some(asking) => {
                let answers = asking.answers(report.issuers_to_ask(), &self.name_in_messages(input));
                report.with_issuer_answers(answers)
            }
            None => report,
        };
        self.found(input, &report, &bytes)
    }

    /// What is known of a picture with its record: the one given, the one in it, the one at the address that it names, the one
    /// beside it, in the order of C2PA ("Locating the active manifest"). Pixels are looked at once, with the record that counts;
    /// before that, what is known then is handed out.
    fn with_its_record(
        &self,
        input: &Input,
        bytes: &[u8],
        mut hand_out: impl FnMut(&Report),
    ) -> Result<Report, Failure> {
        let name = self.name_in_messages(input);
        let Judging { at, now, .. } = self.judging;
        let mut verify = |store: Store<'_>, counts: &dyn Fn(&Report) -> bool| {
            let mut before_pixels = |report: &Report| match counts(report) {
                true => {
                    hand_out(report);
                    ControlFlow::Continue(())
                }
                false => ControlFlow::Break(()),
            };
            let verified = self.verifier.verify_in_steps(bytes, store, at, now, &mut before_pixels);
            verified.map_err(|error| Failure::of_touchmark(format!("examine {name}"), &error))
        };
        let any = |_: &Report| true;
        if let Some(given) = &self.sidecar {
            return verify(Store::Sidecar(given), &any);
        }
        let beside = self.beside(input);
        if self.fetcher.is_none() && beside.is_none() {
            return verify(Store::Embedded, &any);
        }
        let is_all = |report: &Report| has_record(report) || (beside.is_none() && report.remote_record().is_none());
        let embedded = verify(Store::Embedded, &is_all)?;
        if is_all(&embedded) {
            return Ok(embedded);
        }
        if let (Some(fetcher), Some(address)) = (&self.fetcher, embedded.remote_record())
            && let Some(fetched) = fetch(fetcher, address, &name)
        {
            let store = Store::Fetched {
                bytes: &fetched,
                address,
            };
            return verify(store, &any);
        }
        if let Some(beside) = &beside {
            let is_of_it = |report: &Report| beside.is_of(report);
            let found = read_store(beside.path()).and_then(|store| verify(Store::Sidecar(&store), &is_of_it));
            match found {
                Ok(found) if beside.is_of(&found) => return Ok(found),
                Err(failure) if failure.is_out_of_memory() => return Err(failure),
                _ => tell_user(format_args!(
                    "note: a record lies beside {name}, and it is not of this picture as it is: `--sidecar FILE` says more"
                )),
            }
        }
        verify(Store::Embedded, &any)
    }

    /// The file beside a picture that its record may be in, where that is looked at: what c2pa says alone is of the picture
    /// alone.
    fn beside(&self, input: &Input) -> Option<Beside> {
        let is_looked_at = self.sidecar.is_none() && self.form != Form::CrJson;
        is_looked_at.then(|| Beside::find(&input.path)).flatten()
    }

    fn presented(&self, report: Report, input: &Input) -> Report {
        report
            .presented(&self.presentation)
            .with_file_name(&display_name(&input.path))
    }

    fn found(&self, input: &Input, report: &Report, bytes: &[u8]) -> Result<Found, Failure> {
        let code = exit::of_verdict(report.verdict(), &self.judging.policy);
        Ok(Found {
            text: self.told(input, report, bytes)?,
            failure: None,
            counted: Counted::of(report, code),
        })
    }

    fn told(&self, input: &Input, report: &Report, bytes: &[u8]) -> Result<Option<String>, Failure> {
        self.extras.write(report)?;
        if self.form == Form::CrJson {
            let what = format!("read {} as crJSON", self.name_in_messages(input));
            let text = self.verifier.crjson(bytes).map_err(|error| match error {
                touchmark::Error::Manifest(why) => Failure::new(Code::NoRecord, what)
                    .because(why.source().map_or_else(|| why.to_string(), ToString::to_string)),
                error => Failure::of_touchmark(what, &error),
            })?;
            return Ok(Some(render::inert_in_page(&text) + "\n"));
        }
        if self.extras.takes_stdout() {
            return Ok(None);
        }
        render::report(self.form, report, &self.judging.policy).map(Some)
    }

    fn shown_name(&self, input: &Input) -> Option<String> {
        (!self.presentation.redact_names).then(|| display_name(&input.path))
    }

    fn name_in_messages(&self, input: &Input) -> String {
        self.shown_name(input).unwrap_or_else(|| "a picture".to_owned())
    }
}

fn has_record(report: &Report) -> bool {
    report.layers.manifest.finding != FindingWord::Absent
}

/// Fetches a record; where nothing comes, that is told, and the report says that it was not fetched.
fn fetch(fetcher: &Fetcher, address: &str, name: &str) -> Option<Vec<u8>> {
    let announce = |host: &str| {
        let host = touchmark::report::visible(host);
        tell_user(format_args!("asking {host} for the record of {name}"));
    };
    let refused = |why: String| {
        tell_user(format_args!(
            "warning: the record of {name} was not fetched: {}",
            touchmark::report::visible(&why)
        ));
        None
    };
    match fetcher.get(address, announce) {
        Ok(answer) if answer.status != 200 => refused(format!("the answer was {}", answer.status)),
        Ok(answer) if answer.cut => refused("it is too large".to_owned()),
        Ok(answer) => Some(answer.body),
        Err(no_answer) => refused(no_answer.to_string()),
    }
}
