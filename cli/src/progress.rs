//! How far a batch is, on standard error: a bar that comes and goes, or lines that stay.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::ProgressMode;
use crate::console::tell_user;

/// How many lines the plain form has at most.
const STEPS: u64 = 10;

/// The progress of a batch.
#[derive(Debug)]
pub struct Progress {
    total: u64,
    done: u64,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Nothing,
    Lines,
    Bar(ProgressBar),
}

impl Progress {
    /// Begins to show the progress of this many pictures; one alone has none to show.
    pub fn new(mode: ProgressMode, total: usize) -> Self {
        let total = total as u64;
        let form = match mode {
            _ if total < 2 => Form::Nothing,
            ProgressMode::Off => Form::Nothing,
            ProgressMode::Plain => Form::Lines,
            ProgressMode::Auto => bar(total),
        };
        Self { total, done: 0, form }
    }

    /// One more is done.
    pub fn advance(&mut self) {
        let step = |done: u64| done * STEPS / self.total.max(1);
        let before = step(self.done);
        self.done += 1;
        match &self.form {
            Form::Nothing => {}
            Form::Lines if step(self.done) == before => {}
            Form::Lines => tell_user(format_args!("{} of {}", self.done, self.total)),
            Form::Bar(bar) => bar.inc(1),
        }
    }

    /// Says something in between, which a bar makes room for.
    pub fn around<T>(&self, say: impl FnOnce() -> T) -> T {
        match &self.form {
            Form::Bar(bar) => bar.suspend(say),
            _ => say(),
        }
    }

    /// Leaves nothing behind but what was said.
    pub fn end(&self) {
        if let Form::Bar(bar) = &self.form {
            bar.finish_and_clear();
        }
    }
}

/// A bar without colour; nothing where standard error is no terminal, or one that cannot move its cursor.
fn bar(total: u64) -> Form {
    let target = ProgressDrawTarget::stderr();
    let style = ProgressStyle::with_template("[{bar:30}] {pos} of {len}, {eta} left");
    match style {
        Ok(style) if !target.is_hidden() => {
            Form::Bar(ProgressBar::with_draw_target(Some(total), target).with_style(style.progress_chars("=> ")))
        }
        _ => Form::Nothing,
    }
}
