//! How the pictures came to be: as typed, then as meant. A created picture is stamped as it is; an edited one with the
//! picture it was made from.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;
use time::OffsetDateTime;
use touchmark::{EditedFrom, Error, Limits, Order, ParentCredentials, ParentMetadata, Stamped, Stamper};

use crate::failure::{Code, Failure};
use crate::files::{self, is_dash};

/// How pictures came to be, as typed.
#[derive(Debug, Args)]
pub struct OriginArgs {
    /// How the picture came to be: `created` by the system alone (default), or `edited`, from another picture.
    #[arg(long, value_enum, value_name = "HOW", hide_possible_values = true)]
    pub origin: Option<OriginWord>,
    /// The picture that was edited. It becomes the parent, with its credentials. Means `--origin edited`; without it, an
    /// edited picture is its own parent, for the credentials it still carries.
    #[arg(long, value_name = "FILE")]
    pub parent: Option<PathBuf>,
    /// Keep thumbnails, and metadata that may name a person or a place, in the parent's credentials. They are redacted
    /// otherwise.
    #[arg(long)]
    pub keep_parent_metadata: bool,
}

/// The ways in which a picture comes to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OriginWord {
    /// A model made all of it.
    Created,
    /// A model changed a picture that was there before.
    Edited,
}

/// How pictures came to be, as meant.
#[derive(Debug)]
pub enum Origin {
    Created,
    Edited {
        /// The parent's bytes; nothing for a picture that is its own parent.
        parent: Option<Vec<u8>>,
        metadata: ParentMetadata,
    },
}

impl Origin {
    /// Reads what was typed, and the parent. A parent belongs to one picture: that others were made from it too would be
    /// signed without anybody having said so.
    pub fn of(args: &OriginArgs, pictures: &[PathBuf]) -> Result<Self, Failure> {
        let unfit = |what: &str| Err(Failure::new(Code::ParentUse, what));
        let edited = match args.origin {
            Some(word) => word == OriginWord::Edited,
            None => args.parent.is_some(),
        };
        match (edited, &args.parent) {
            (false, Some(_)) => return unfit("stamp a picture as created from a parent"),
            (false, None) if args.keep_parent_metadata => return unfit("keep a parent's metadata without a parent"),
            (false, None) => return Ok(Self::Created),
            (true, Some(_)) if pictures.len() > 1 => return unfit("stamp several pictures with one parent"),
            (true, Some(parent)) if is_dash(parent) && pictures.iter().any(|picture| is_dash(picture)) => {
                return unfit("read both the picture and its parent from standard input");
            }
            (true, _) => {}
        }
        Ok(Self::Edited {
            parent: args.parent.as_deref().map(read).transpose()?,
            metadata: match args.keep_parent_metadata {
                true => ParentMetadata::Keep,
                false => ParentMetadata::Redact,
            },
        })
    }

    /// Stamps one picture, and says what was found of its parent, where it has one.
    pub fn stamp(
        &self,
        stamper: &Stamper,
        bytes: &[u8],
        order: &Order<'_>,
        now: OffsetDateTime,
    ) -> Result<(Stamped, Option<ParentCredentials>), Error> {
        match self {
            Self::Created => Ok((stamper.stamp_as(bytes, order, now)?, None)),
            Self::Edited { parent, metadata } => {
                let from = match parent {
                    Some(parent) => EditedFrom::picture(parent),
                    None => EditedFrom::itself(),
                };
                let edited = stamper.stamp_edited(bytes, from.with_metadata(*metadata), order, now)?;
                Ok((edited.stamped, Some(edited.parent)))
            }
        }
    }

    /// The word for it, as typed.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Edited { .. } => "edited",
        }
    }

    /// What people should know of a parent's credentials. Codes are C2PA's own; nothing in the notes is the file's words.
    pub fn notes(&self, credentials: &ParentCredentials) -> Vec<String> {
        notes(credentials, matches!(self, Self::Edited { parent: None, .. }))
    }
}

/// What programs are told of a parent. Fields are only ever added.
#[derive(Debug, Serialize)]
pub struct ParentRow<'a> {
    /// `none`, `elsewhere`, `not_examined`, `unreadable`, or `carried` on in the stamp.
    credentials: &'static str,
    /// C2PA's status codes of what does not hold in them.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    failures: Vec<&'a str>,
    /// Assertions that were redacted.
    redacted: usize,
}

impl<'a> ParentRow<'a> {
    /// The same as the notes say, without their words.
    pub fn of(credentials: &'a ParentCredentials) -> Self {
        let (id, failures, redacted) = match credentials {
            ParentCredentials::Absent => ("none", Vec::new(), 0),
            ParentCredentials::Elsewhere => ("elsewhere", Vec::new(), 0),
            ParentCredentials::Unreadable(code) => ("unreadable", code.iter().copied().collect(), 0),
            ParentCredentials::Carried {
                failures, redactions, ..
            } => (
                "carried",
                failures.iter().map(String::as_str).collect(),
                redactions.len(),
            ),
            _ => ("not_examined", Vec::new(), 0),
        };
        Self {
            credentials: id,
            failures,
            redacted,
        }
    }
}

fn read(parent: &Path) -> Result<Vec<u8>, Failure> {
    files::read(parent, Limits::default().max_bytes)
}

fn notes(credentials: &ParentCredentials, is_itself: bool) -> Vec<String> {
    match credentials {
        ParentCredentials::Elsewhere => vec![
            "warning: the parent names credentials that are kept elsewhere; they were not fetched, and the stamp says so"
                .to_owned(),
        ],
        ParentCredentials::NotExamined => {
            vec!["warning: credentials are not looked for in the parent's format; the stamp says so".to_owned()]
        }
        ParentCredentials::Unreadable(code) => {
            let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
            vec![format!(
                "warning: the parent's credentials cannot be read{code}; they are not carried on, and the stamp says so"
            )]
        }
        ParentCredentials::Carried {
            failures,
            redactions,
            data_boxes,
        } => {
            let mut notes = Vec::new();
            if !failures.is_empty() {
                let hint = match is_itself {
                    true => "; the picture is its own parent here: name the one it was made from with --parent",
                    false => "",
                };
                notes.push(format!(
                    "warning: the parent's credentials do not hold, and the stamp records it: {}{hint}",
                    failures.join(", ")
                ));
            }
            if !redactions.is_empty() {
                notes.push(format!(
                    "note: redacted {} of the parent's thumbnails and assertions that may name a person or a place \
                     (--keep-parent-metadata keeps them)",
                    redactions.len()
                ));
            }
            if *data_boxes > 0 {
                notes.push(format!(
                    "warning: {data_boxes} data boxes of the parent stay in its history, thumbnails or prompts perhaps: \
                     the standard has no redaction for them"
                ));
            }
            notes
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(origin: Option<OriginWord>, parent: Option<&str>, keep: bool) -> OriginArgs {
        OriginArgs {
            origin,
            parent: parent.map(PathBuf::from),
            keep_parent_metadata: keep,
        }
    }

    #[test]
    fn contradictions_are_refused_before_anything_is_read() {
        let one = [PathBuf::from("a.png")];
        let two = [PathBuf::from("a.png"), PathBuf::from("b.png")];
        let stdin = [PathBuf::from("-")];
        for (args, pictures) in [
            (args(Some(OriginWord::Created), Some("p.png"), false), &one[..]),
            (args(None, None, true), &one),
            (args(Some(OriginWord::Created), None, true), &one),
            (args(None, Some("p.png"), false), &two),
            (args(Some(OriginWord::Edited), Some("p.png"), false), &two),
            (args(None, Some("-"), false), &stdin),
        ] {
            let refused = Origin::of(&args, pictures).unwrap_err();
            assert_eq!(refused.code(), Code::ParentUse, "{args:?}");
        }
    }

    #[test]
    fn without_options_pictures_are_created() {
        let pictures = [PathBuf::from("a.png"), PathBuf::from("b.png")];
        let created = |origin| Origin::of(&args(origin, None, false), &pictures).unwrap();
        assert!(matches!(created(None), Origin::Created));
        assert!(matches!(created(Some(OriginWord::Created)), Origin::Created));
        let own = created(Some(OriginWord::Edited));
        assert!(
            matches!(own, Origin::Edited { parent: None, .. }),
            "each its own parent"
        );
    }

    #[test]
    fn programs_are_told_the_same() {
        let carried = ParentCredentials::Carried {
            failures: vec!["assertion.dataHash.mismatch".to_owned()],
            redactions: Vec::new(),
            data_boxes: 0,
        };
        for (credentials, expected) in [
            (ParentCredentials::Absent, r#"{"credentials":"none","redacted":0}"#),
            (
                ParentCredentials::Unreadable(Some("claim.missing")),
                r#"{"credentials":"unreadable","failures":["claim.missing"],"redacted":0}"#,
            ),
            (
                carried,
                r#"{"credentials":"carried","failures":["assertion.dataHash.mismatch"],"redacted":0}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&ParentRow::of(&credentials)).unwrap(), expected);
        }
    }

    #[test]
    fn what_does_not_hold_is_named() {
        let carried = |failures: &[&str]| ParentCredentials::Carried {
            failures: failures.iter().map(|code| (*code).to_owned()).collect(),
            redactions: Vec::new(),
            data_boxes: 0,
        };
        assert!(notes(&carried(&[]), false).is_empty());
        assert!(notes(&ParentCredentials::Absent, false).is_empty());
        let own = notes(&carried(&["assertion.dataHash.mismatch"]), true);
        assert!(
            own[0].contains("assertion.dataHash.mismatch") && own[0].contains("--parent"),
            "{own:?}"
        );
    }
}
