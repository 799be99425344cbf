//! Processor time, and medians of it: wall time is no measure on a shared machine. For `bench speed` and `cargo speed`.

use std::time::Duration;

/// Processor time spent on each figure.
const BUDGET: Duration = Duration::from_millis(600);
/// Rounds at least, however long one takes.
const ROUNDS: usize = 7;

/// Median microseconds of this thread's processor time for one call of each, called in turns.
pub fn costs<const N: usize>(mut calls: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut spent: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::new());
    calls.iter_mut().for_each(|call| call());
    let start = of_thread();
    while of_thread() - start < BUDGET * N as u32 || spent[0].len() < ROUNDS {
        for (call, spent) in calls.iter_mut().zip(&mut spent) {
            let before = of_thread();
            call();
            spent.push(of_thread() - before);
        }
    }
    spent.map(|mut spent| {
        spent.sort_unstable();
        spent[spent.len() / 2].as_secs_f64() * 1e6
    })
}

/// Processor time of the calling thread.
#[cfg(unix)]
pub fn of_thread() -> Duration {
    of(rustix::time::ClockId::ThreadCPUTime)
}

/// Processor time of all threads of this process.
#[cfg(unix)]
pub fn of_process() -> Duration {
    of(rustix::time::ClockId::ProcessCPUTime)
}

#[cfg(unix)]
fn of(clock: rustix::time::ClockId) -> Duration {
    let time = rustix::time::clock_gettime(clock);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Wall time, where processor time is not to be had.
#[cfg(not(unix))]
pub fn of_thread() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// Wall time, where processor time is not to be had.
#[cfg(not(unix))]
pub fn of_process() -> Duration {
    of_thread()
}
