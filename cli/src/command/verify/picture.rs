//! One picture: read, its record fetched where that was asked for, examined, and put into the form of the run.

use std::error::Error as _;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use touchmark::report::Presentation;
use touchmark::{Limits, Policy, Report, Store, Verifier};

use super::asking::Asking;
use super::isolated;
use super::journal::Past;
use super::render::{self, Extras, Form};
use super::summary::Counted;
use crate::console::tell_user;
use crate::exit;
use crate::failure::{Code, Failure};
use crate::fetch::Fetcher;
use crate::files::{self, FileState, display_name};
use crate::inputs::Input;
use crate::isolate::Workers;
use crate::rim;

/// How the pictures of a run are examined. Shared by the workers.
pub struct Examining<'a> {
    pub verifier: &'a Verifier,
    pub policy: &'a Policy,
    pub presentation: &'a Presentation,
    pub form: Form,
    pub at: OffsetDateTime,
    pub now: OffsetDateTime,
    /// A manifest store from beside the one picture.
    pub sidecar: Option<&'a [u8]>,
    /// What fetches records that are kept elsewhere, where that was asked for.
    pub fetcher: Option<Fetcher>,
    /// What asks the issuers of marks, where that was asked for.
    pub asking: Option<Asking>,
    /// What earlier runs examined.
    pub journal: Option<&'a Past>,
    /// What is written of the one picture besides.
    pub extras: Extras,
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
    /// The file as it was before it was read.
    pub state: Option<FileState>,
}

impl Examining<'_> {
    /// Examines one picture, in a process of its own where there are `workers`. A failure is the picture's own: also where
    /// a worker does not survive it.
    pub fn examine(&self, input: &Input, workers: Option<&Workers>) -> Done {
        let state = fs::metadata(&input.path).ok().map(|metadata| FileState::of(&metadata));
        if let Some(counted) = self.journal.and_then(|past| past.examined(&input.path, state)) {
            return Done {
                found: Found {
                    text: None,
                    failure: None,
                    counted,
                },
                before: true,
                state,
            };
        }
        let found = match (workers, &input.fault) {
            (Some(workers), None) => {
                isolated::ask(workers, input).unwrap_or_else(|failure| self.failed(input, failure))
            }
            _ => self.find(input, &input.path, None),
        };
        Done {
            found,
            before: false,
            state,
        }
    }

    /// Examines one picture, whose bytes are in `contents`, in this process, and hands out what is known before the pixels are
    /// looked at. A panic is a failure like others.
    pub fn find(&self, input: &Input, contents: &Path, before_pixels: Option<&mut dyn FnMut(Found)>) -> Found {
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
        contents: &Path,
        mut before_pixels: Option<&mut dyn FnMut(Found)>,
    ) -> Result<Found, Failure> {
        if let Some(fault) = &input.fault {
            return Err(fault.clone());
        }
        let name = self.name_in_messages(input);
        let failed = |error: &touchmark::Error| Failure::of_touchmark(format!("examine {name}"), error);
        let bytes = files::read(contents, Limits::default().max_bytes)?;
        let store = self.sidecar.map_or(Store::Embedded, Store::Sidecar);
        let mut verify = |store| {
            let verified = match &mut before_pixels {
                None => self.verifier.verify_with(&bytes, store, self.at, self.now),
                Some(hand_out) => {
                    let mut hand_out = |report: Report| {
                        // What fails here fails again at the end.
                        if let Ok(found) = self.found(input, &self.presented(report, input), &bytes) {
                            hand_out(found);
                        }
                    };
                    self.verifier
                        .verify_in_steps(&bytes, store, self.at, self.now, &mut hand_out)
                }
            };
            verified.map_err(|error| failed(&error))
        };
        let mut report = verify(store)?;
        let remote = report.remote_record().map(str::to_owned);
        if let (Some(fetcher), Store::Embedded, Some(address)) = (&self.fetcher, store, remote)
            && let Some(fetched) = fetch(fetcher, &address, &name)
        {
            report = verify(Store::Fetched {
                bytes: &fetched,
                address: &address,
            })?;
        }
        let report = self.presented(report, input);
        let report = match &self.asking {
            Some(asking) => {
                let answers = asking.answers(report.issuers_to_ask(), &name);
                report.with_issuer_answers(answers)
            }
            None => report,
        };
        self.found(input, &report, &bytes)
    }

    fn presented(&self, report: Report, input: &Input) -> Report {
        report
            .presented(self.presentation)
            .with_file_name(&display_name(&input.path))
    }

    fn found(&self, input: &Input, report: &Report, bytes: &[u8]) -> Result<Found, Failure> {
        let code = exit::of_verdict(report.verdict(), self.policy);
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
            return Ok(Some(render::inert(&text) + "\n"));
        }
        if self.extras.takes_stdout() {
            return Ok(None);
        }
        render::report(self.form, report, self.policy).map(Some)
    }

    fn shown_name(&self, input: &Input) -> Option<String> {
        (!self.presentation.redact_names).then(|| display_name(&input.path))
    }

    fn name_in_messages(&self, input: &Input) -> String {
        self.shown_name(input).unwrap_or_else(|| "a picture".to_owned())
    }
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
