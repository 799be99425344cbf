//! What one file may cost its worker process, and how the operating system is made to hold it to that.
//!
//! On Linux the kernel holds both bounds. Elsewhere on Unix it holds processor time, and memory as far as the system does
//! (macOS does not); on other systems the time that is waited for an answer is the only bound.

use std::process::ExitStatus;
use std::time::Duration;

/// What one question may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Address space of the whole process, in bytes.
    pub memory: u64,
    /// Processor time, to the second.
    pub processor_time: Duration,
    /// Time until an answer, whatever the process does in it.
    pub patience: Duration,
}

impl Default for Bounds {
    /// 512 MiB and 5 s: what pictures of 80 megapixels take, or of 30 where decoding takes eight or nine bytes for each
    /// (progressive JPEG, WebP). A busy machine gives a process a twelfth of its time and more.
    fn default() -> Self {
        Self {
            memory: 512 << 20,
            processor_time: Duration::from_secs(5),
            patience: Duration::from_secs(60),
        }
    }
}

impl Bounds {
    /// The same bounds with so many seconds of processor time, where they are given; the patience goes with them.
    pub fn with_processor_time(self, seconds: Option<u64>) -> Self {
        let Some(seconds) = seconds else { return self };
        Self {
            processor_time: Duration::from_secs(seconds),
            patience: Duration::from_secs(seconds).saturating_mul(12),
            ..self
        }
    }
}

/// How the system ended a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// For its processor time.
    ProcessorTime,
    /// By another signal.
    Signal(i32),
}

#[cfg(unix)]
mod unix {
    use std::os::unix::process::ExitStatusExt;

    use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};

    use super::{Bounds, Ended, ExitStatus};
    use crate::clock;

    impl Bounds {
        /// Holds this process to its memory, for good. A process that fails for it leaves no dump of it behind.
        pub fn limit_memory(&self) {
            limit(Resource::Core, 0, true);
            limit(Resource::As, self.memory, true);
        }

        /// Gives this process the processor time of one question, from now on.
        pub fn limit_processor_time(&self) {
            let used = clock::of_process();
            // Limits are whole seconds.
            let until = used.as_secs() + u64::from(used.subsec_nanos() > 0) + self.processor_time.as_secs();
            limit(Resource::Cpu, until, false);
        }
    }

    /// How the system ended the process, where it did.
    pub fn ended_by(status: ExitStatus) -> Option<Ended> {
        let signal = status.signal()?;
        Some(match signal == Signal::XCPU.as_raw() {
            true => Ended::ProcessorTime,
            false => Ended::Signal(signal),
        })
    }

    /// Lowers a limit of this process; whoever started it may have set a lower one, which stays. A system that refuses leaves
    /// the bound to the others.
    fn limit(resource: Resource, value: u64, for_good: bool) {
        let maximum = getrlimit(resource).maximum;
        let value = maximum.map_or(value, |maximum| maximum.min(value));
        let _ = setrlimit(
            resource,
            Rlimit {
                current: Some(value),
                maximum: if for_good { Some(value) } else { maximum },
            },
        );
    }
}

#[cfg(unix)]
pub use unix::ended_by;

#[cfg(not(unix))]
impl Bounds {
    /// This system has no such bound.
    pub fn limit_memory(&self) {}

    /// This system has no such bound.
    pub fn limit_processor_time(&self) {}
}

/// This system does not tell.
#[cfg(not(unix))]
pub fn ended_by(_: ExitStatus) -> Option<Ended> {
    None
}
