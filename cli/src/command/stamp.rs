//! `stamp`: signs pictures at generation, one or a batch. What is read and where it goes is planned before anything is
//! written; then each picture is stamped on its own, and every line follows the order of the inputs.

mod notes;
mod picture;
mod render;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::SystemTime;

use time::OffsetDateTime;
use touchmark::profile::Setup;
use touchmark::{Disclosure, Signer, Stamper};

use crate::args::Stamp;
use crate::batch::{self, Event};
use crate::config::{Config, Key};
use crate::console::tell_user;
use crate::disclosures;
use crate::draft::{self, folder_of};
use crate::exit;
use crate::failure::Failure;
use crate::identities::signing;
use crate::inputs::{self, Inputs, Task, Wanted};
use crate::journal::Journal;
use crate::order::SelfCheckWord;
use crate::origin::Origin;
use crate::outputs::{self, Job};
use crate::profile;
use crate::progress::Progress;
use picture::{Outcome, Stamping};
use render::{Renderer, Summary};

/// Pictures at once where a signature takes a round trip: at 20 ms each, enough for 1,600 a second.
const REMOTE_JOBS: usize = 32;

pub fn run(args: &Stamp, config: &Config) -> Result<u8, Failure> {
    let now = OffsetDateTime::now_utc();
    let (sync, dry_run) = (!args.outputs.no_sync, args.batch.dry_run);
    let mut journal = match &args.batch.resume {
        Some(path) => Some(Journal::open(path, sync, dry_run)?),
        None => None,
    };
    let found = find(args, journal.as_ref())?;
    let jobs = outputs::plan(&args.outputs, found.inputs)?;
    let origin = Origin::of(
        &args.origin,
        &jobs.iter().map(|job| job.input.clone()).collect::<Vec<_>>(),
    )?;
    let disclosure = disclosure(args.disclosure.as_deref(), config)?;
    let mut order = args.order.order(&disclosure)?;
    args.profile.demand(&mut order);
    args.timestamps.demand(&mut order, config)?;
    let watermark_key = args.order.watermark.key.key(config)?;
    let authorities = args.timestamps.authorities(config)?;
    // From here on, things are written.
    if let Some(journal) = &mut journal {
        journal.start()?;
    }
    // Nothing is made for a stamp that the profile is about to refuse.
    let signer = signing::signer(&args.signing, config, now, dry_run || args.profile.refuses_local())?;
    let rows = args.profile.rows(Setup {
        signer: &signer,
        order: &order,
        private_watermark_key: watermark_key.is_some(),
    });
    if let Some(refusal) = profile::refusal(&rows) {
        return Err(refusal);
    }
    let mut stamper = Stamper::new(signer)
        .map_err(|error| Failure::of_touchmark("prepare the identity for stamping".to_owned(), &error))?;
    let workers = workers(args, stamper.signer(), authorities.is_some());
    let revocation = args.revocation.answer(stamper.signer(), authorities.is_some(), now)?;
    if let Some(authorities) = authorities {
        stamper = stamper.with_timestamps(authorities, revocation);
    }
    if let Some(key) = &watermark_key {
        stamper = stamper.with_watermark_key(key);
    }
    if args.order.self_check == SelfCheckWord::Full {
        stamper = stamper.with_full_self_check();
    }
    if jobs.len() > 1 && !dry_run {
        sweep(&jobs);
    }
    let stamping = Stamping {
        stamper: &stamper,
        order: &order,
        origin: &origin,
        replace: args.outputs.force,
        sync,
        dry_run,
        journal: journal.as_ref(),
    };
    let mut summary = Summary::new(jobs.len(), found.passed_over, dry_run);
    let folders = stamp_all(args, workers, &stamping, &jobs, &mut summary)?;
    if sync {
        sync_folders(folders, args.outputs.dir.as_deref())?;
    }
    if summary.stamped > 0 {
        say_what_strangers_see(stamper.signer(), &disclosure, dry_run);
        if summary.watermarked && watermark_key.is_none() {
            tell_user(
                "note: watermarks were made with the key that everybody has, so anyone can copy, remove or plant them (--watermark-key)",
            );
        }
        if summary.watermarked && args.order.watermark.watermark_id.is_none() {
            tell_user(
                "note: the ids of watermarks are random and in no registry: a mark names the provider's domain at most, and leads to no record (--watermark-id)",
            );
        }
    }
    summary.tell();
    Ok(exit_code(&summary))
}

/// What is to be stamped. What the journal's batch wrote is not, though `*.png` means it too.
fn find(args: &Stamp, journal: Option<&Journal>) -> Result<Inputs, Failure> {
    let mut found = inputs::find(Wanted {
        names: &args.inputs.images,
        list: args.inputs.files_from.as_deref(),
        null: args.inputs.null,
        recursive: args.inputs.recursive,
        except: args.outputs.dir.as_deref(),
        task: Task::Stamping,
    })?;
    if let Some(journal) = journal {
        let before = found.inputs.len();
        found.inputs.retain(|input| !journal.wrote(&input.path));
        found.passed_over.own += before - found.inputs.len();
    }
    Ok(found)
}

/// Stamps all pictures, tells of each in its turn, and returns the folders that were written to.
fn stamp_all(
    args: &Stamp,
    workers: usize,
    stamping: &Stamping<'_>,
    jobs: &[Job],
    summary: &mut Summary,
) -> Result<BTreeSet<PathBuf>, Failure> {
    let mut renderer = Renderer::new(&args.batch, stamping)?;
    let mut progress = Progress::new(args.batch.progress, jobs.len());
    let mut folders = BTreeSet::new();
    let work = |job: &Job| stamping.stamp(job);
    let worked = batch::run(jobs, workers, work, |event| match event {
        Event::Done => {
            progress.advance();
            Ok(())
        }
        Event::Result(index, outcome) => {
            let Some(job) = jobs.get(index) else { return Ok(()) };
            summary.count(job, &outcome);
            progress.around(|| renderer.tell(job, &outcome))?;
            if let Outcome::Stamped(done) = outcome {
                folders.extend(done.folder);
            }
            Ok(())
        }
    });
    progress.end();
    worked.map(|()| folders)
}

/// How many pictures are worked on at once: more than there are cores where each waits, for a key that is kept elsewhere
/// or for an authority.
fn workers(args: &Stamp, signer: &Signer, stamps_time: bool) -> usize {
    /// Workers a core with time-stamps, of which all but one wait: an answer takes some hundred milliseconds.
    const WAITING: usize = 4;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    match args.batch.jobs {
        Some(jobs) => usize::from(jobs),
        None if signer.is_remote() => REMOTE_JOBS,
        None if stamps_time => cores * WAITING,
        None => cores,
    }
}

/// Clears the drafts of killed runs out of the folders that are written to. Only a batch looks: to list a folder of a
/// hundred thousand files takes longer than to stamp one.
fn sweep(jobs: &[Job]) {
    let folders: BTreeSet<_> = jobs.iter().filter_map(|job| job.output.file().map(folder_of)).collect();
    let now = SystemTime::now();
    match folders.into_iter().map(|folder| draft::sweep(folder, now)).sum() {
        0 => {}
        1 => tell_user("note: removed an unfinished file that an earlier run left behind"),
        many => tell_user(format_args!(
            "note: removed {many} unfinished files that earlier runs left behind"
        )),
    }
}

/// Makes the new names durable, once a folder; those of folders that were made below `dir` too.
fn sync_folders(written: BTreeSet<PathBuf>, dir: Option<&Path>) -> Result<(), Failure> {
    let mut folders = written.clone();
    if let Some(dir) = dir.filter(|_| !written.is_empty()) {
        for folder in &written {
            let made = folder.ancestors().take_while(|above| above.starts_with(dir));
            folders.extend(made.map(Path::to_owned));
        }
        folders.insert(folder_of(dir).to_owned());
    }
    folders
        .iter()
        .try_for_each(|folder| draft::sync_folder(folder).map_err(|error| Failure::writing(folder, &error)))
}

fn exit_code(summary: &Summary) -> u8 {
    match summary.failed.as_slice() {
        [] => exit::DONE,
        [only] if summary.total == 1 => only.code.exit(),
        _ => exit::SOME_NOT_MET,
    }
}

/// The disclosure that is named, or the one of the configuration, or one that is not filled in.
pub fn disclosure(named: Option<&Path>, config: &Config) -> Result<Disclosure, Failure> {
    let path = named.or_else(|| config.path(Key::Disclosure));
    let Some(path) = path else {
        return Ok(Disclosure::unfilled());
    };
    disclosures::load(path)
}

fn say_what_strangers_see(signer: &Signer, disclosure: &Disclosure, dry_run: bool) {
    if signer.is_local() {
        let signed = if dry_run { "would be signed" } else { "signed" };
        tell_user(format_args!(
            "note: {signed} with this machine's local identity, which nobody checked: strangers will see \"signer unknown\""
        ));
    }
    if !disclosure.is_filled() {
        tell_user(format_args!(
            "note: the disclosure is not filled in: the stamp names no provider, system or contact (--disclosure)"
        ));
    }
}
