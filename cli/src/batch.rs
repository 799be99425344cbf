//! Works through many jobs with several workers, and hands the results on in the order of the jobs.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use crate::failure::{Code, Failure};

/// How far work may run ahead of the first job that is not done: so many small results may wait for it. No picture waits:
/// each worker holds one at most, and is done with it when it has a result.
const MAX_LEAD: usize = 1024;

/// What happens in a batch, told to one listener in one thread.
#[derive(Debug)]
pub enum Event<R> {
    /// One more job is done, whichever.
    Done,
    /// The result of the job of this index; they come in the order of the jobs.
    Result(usize, R),
}

/// Does all jobs with this many workers. Where the listener fails, or has heard enough, no new job is begun.
///
/// `work` is to catch its own panics: one bad job does not stop the others.
///
/// # Errors
/// Why the listener ended it.
pub fn run<J: Sync, R: Send, E: From<Failure>>(
    jobs: &[J],
    workers: usize,
    work: impl Fn(&J) -> R + Sync,
    mut listen: impl FnMut(Event<R>) -> Result<(), E>,
) -> Result<(), E> {
    if workers.min(jobs.len()) < 2 {
        return jobs.iter().enumerate().try_for_each(|(index, job)| {
            let result = work(job);
            listen(Event::Done)?;
            listen(Event::Result(index, result))
        });
    }
    let (give, take) = mpsc::channel::<usize>();
    let (answer, answers) = mpsc::channel();
    let take = Mutex::new(take);
    let (take, work) = (&take, &work);
    thread::scope(|scope| {
        // Moved in: where the listener fails they are gone, and with them the workers.
        let (give, answers) = (give, answers);
        for _ in 0..workers.min(jobs.len()) {
            let answer = answer.clone();
            scope.spawn(move || {
                loop {
                    let next = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Some((index, job)) = next.ok().and_then(|index| Some((index, jobs.get(index)?))) else {
                        return;
                    };
                    if answer.send((index, work(job))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(answer);
        let mut given = 0;
        let mut waiting = HashMap::new();
        for index in 0..jobs.len() {
            while given < jobs.len().min(index.saturating_add(MAX_LEAD)) {
                // Nobody takes it only where every worker is gone, which the answers tell.
                let _ = give.send(given);
                given += 1;
            }
            let result = loop {
                if let Some(result) = waiting.remove(&index) {
                    break result;
                }
                let (done, result) = answers
                    .recv()
                    .map_err(|_| Failure::new(Code::Bug, "go on").because("the workers are gone"))?;
                waiting.insert(done, result);
                listen(Event::Done)?;
            };
            listen(Event::Result(index, result))?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn results_come_in_the_order_of_the_jobs() {
        let jobs: Vec<usize> = (0..3 * MAX_LEAD).collect();
        for workers in [1, 2, 8] {
            let (mut results, mut done) = (Vec::new(), 0);
            let listen = |event| {
                match event {
                    Event::Done => done += 1,
                    Event::Result(index, result) => results.push((index, result)),
                }
                Ok(())
            };
            // Early jobs take longer than late ones.
            let work = |job: &usize| (0..(jobs.len() - job) % 97 * 50).fold(*job, |sum, _| std::hint::black_box(sum));
            run::<_, _, Failure>(&jobs, workers, work, listen).unwrap();
            assert_eq!(done, jobs.len());
            assert!(
                results.iter().copied().eq(jobs.iter().map(|job| (*job, *job))),
                "{workers}"
            );
        }
    }

    #[test]
    fn no_more_than_the_lead_waits_for_a_slow_job() {
        let jobs: Vec<usize> = (0..2 * MAX_LEAD).collect();
        let (release, held) = mpsc::channel::<()>();
        let held = Mutex::new(held);
        let begun = AtomicUsize::new(0);
        let mut done = 0;
        let work = |job: &usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            if *job == 0 {
                held.lock().unwrap().recv().unwrap();
            }
        };
        run::<_, _, Failure>(&jobs, 2, work, |event| {
            if let Event::Done = event {
                done += 1;
                // All that may run ahead has: only then does the first job end.
                if done == MAX_LEAD - 1 {
                    assert_eq!(begun.load(Ordering::SeqCst), MAX_LEAD);
                    release.send(()).unwrap();
                }
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(begun.into_inner(), jobs.len());
    }

    #[test]
    fn where_the_listener_fails_no_new_job_is_begun() {
        let jobs: Vec<usize> = (0..10_000).collect();
        for workers in [1, 4] {
            let begun = AtomicUsize::new(0);
            let work = |_: &usize| begun.fetch_add(1, Ordering::SeqCst);
            let failure = run(&jobs, workers, work, |_| Err(Failure::new(Code::Unwritable, "write"))).unwrap_err();
            assert_eq!(failure.code(), Code::Unwritable);
            assert!(begun.into_inner() <= MAX_LEAD + workers, "{workers}");
        }
    }

    #[test]
    fn nothing_to_do_is_done() {
        run::<_, _, Failure>(&[], 4, |(): &()| (), |_| panic!("no event")).unwrap();
    }
}
