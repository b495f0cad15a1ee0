//! Work on many things with a limit of time for each. Rust cannot stop a thread: what takes too long is given up, its
//! thread runs on by itself until it ends, and another takes its place. So that a flood of such work does not take the
//! whole machine, only so many threads may run on; then nothing more is begun.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// So many threads of this process may run on after they were given up.
const MOST_GIVEN_UP: usize = 8;
/// Enough for what is nested deepest.
const STACK_BYTES: usize = 8 * 1024 * 1024;

static GIVEN_UP: AtomicUsize = AtomicUsize::new(0);

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome<R> {
    Done(R),
    TooLong,
    Panicked,
}

#[derive(Debug, thiserror::Error)]
#[error("{0} messages that were given up are still being read")]
pub(super) struct Busy(usize);

/// Does `work` on each of `items`, on all processors; the outcomes are in their order. A limit of nothing lets nothing
/// be done. Blocks: call it off the async threads.
///
/// # Errors
/// [`Busy`]: too much that was given up still runs. Nothing was begun, or no thread could be.
pub(super) fn each_in_time<T, R, W>(items: Vec<T>, limit: Duration, work: W) -> Result<Vec<Outcome<R>>, Busy>
where
    T: Send + Sync + 'static,
    R: Send + 'static,
    W: Fn(&T) -> R + Send + Sync + 'static,
{
    let stuck = GIVEN_UP.load(Ordering::Acquire);
    if stuck >= MOST_GIVEN_UP {
        return Err(Busy(stuck));
    }
    let count = items.len();
    if limit.is_zero() {
        return Ok(items.into_iter().map(|_| Outcome::TooLong).collect());
    }
    let shared = Arc::new(Shared { items, work, next: AtomicUsize::new(0) });
    let (say, told) = mpsc::channel();
    let mut watch = Watch { shared, say, told, limit, running: BTreeMap::new(), started: 0 };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    for _ in 0..processors.min(count) {
        watch.start();
    }
    watch.until_done(count)
}

struct Shared<T, W> {
    items: Vec<T>,
    work: W,
    /// The number of the item that is next.
    next: AtomicUsize,
}

enum News<R> {
    Began { thread: usize, item: usize },
    Ended { thread: usize, item: usize, result: Option<R> },
}

/// What one thread does, as far as is known.
struct Running {
    /// Since when, and on which item.
    at: Option<(Instant, usize)>,
    given_up: Arc<AtomicBool>,
}

struct Watch<T, R, W> {
    shared: Arc<Shared<T, W>>,
    say: mpsc::Sender<News<R>>,
    told: mpsc::Receiver<News<R>>,
    limit: Duration,
    running: BTreeMap<usize, Running>,
    started: usize,
}

impl<T, R, W> Watch<T, R, W>
where
    T: Send + Sync + 'static,
    R: Send + 'static,
    W: Fn(&T) -> R + Send + Sync + 'static,
{
    fn start(&mut self) {
        let (shared, say, thread) = (Arc::clone(&self.shared), self.say.clone(), self.started);
        let given_up = Arc::new(AtomicBool::new(false));
        self.started += 1;
        let gone = Arc::clone(&given_up);
        let begun = thread::Builder::new().name("reading mail".to_owned()).stack_size(STACK_BYTES).spawn(move || {
            while !gone.load(Ordering::Acquire) {
                let item = shared.next.fetch_add(1, Ordering::AcqRel);
                let Some(thing) = shared.items.get(item) else { break };
                // Nobody listens any more where the whole was given up.
                let _heard = say.send(News::Began { thread, item });
                let result = catch_unwind(AssertUnwindSafe(|| (shared.work)(thing))).ok();
                let _heard = say.send(News::Ended { thread, item, result });
            }
            if gone.load(Ordering::Acquire) {
                GIVEN_UP.fetch_sub(1, Ordering::AcqRel);
            }
        });
        if begun.is_ok() {
            self.running.insert(thread, Running { at: None, given_up });
        }
    }

    fn until_done(mut self, count: usize) -> Result<Vec<Outcome<R>>, Busy> {
        let mut outcomes: BTreeMap<usize, Outcome<R>> = BTreeMap::new();
        while outcomes.len() < count {
            if self.running.is_empty() {
                return Err(Busy(GIVEN_UP.load(Ordering::Acquire)));
            }
            match self.told.recv_timeout(self.patience()) {
                Ok(News::Began { thread, item }) => self.sets(thread, Some((Instant::now(), item))),
                Ok(News::Ended { thread, item, result }) => {
                    self.sets(thread, None);
                    // What was given up stays so, even if it ends after all.
                    outcomes.entry(item).or_insert(result.map_or(Outcome::Panicked, Outcome::Done));
                }
                Err(_) => {}
            }
            for item in self.give_up_the_late() {
                outcomes.entry(item).or_insert(Outcome::TooLong);
            }
        }
        Ok(outcomes.into_values().collect())
    }

    fn sets(&mut self, thread: usize, at: Option<(Instant, usize)>) {
        if let Some(running) = self.running.get_mut(&thread) {
            running.at = at;
        }
    }

    /// Until the first of those at work is late.
    fn patience(&self) -> Duration {
        let left = |(since, _): (Instant, usize)| self.limit.saturating_sub(since.elapsed());
        self.running.values().filter_map(|running| running.at).map(left).min().unwrap_or(self.limit)
    }

    /// The items of threads whose time is over.
    fn give_up_the_late(&mut self) -> Vec<usize> {
        let limit = self.limit;
        let is_late =
            |running: &Running| running.at.filter(|(since, _)| since.elapsed() >= limit).map(|(_, item)| item);
        let late: Vec<(usize, usize)> =
            self.running.iter().filter_map(|(thread, running)| Some((*thread, is_late(running)?))).collect();
        for (thread, _) in &late {
            if let Some(running) = self.running.remove(thread) {
                // Counted before it is told, so that it never counts down first.
                GIVEN_UP.fetch_add(1, Ordering::AcqRel);
                running.given_up.store(true, Ordering::Release);
            }
            if GIVEN_UP.load(Ordering::Acquire) < MOST_GIVEN_UP {
                self.start();
            }
        }
        late.into_iter().map(|(_, item)| item).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn what_takes_too_long_is_given_up_and_the_rest_is_done() {
        let (let_go, stuck) = mpsc::channel::<()>();
        let stuck = Mutex::new(stuck);
        let work = move |item: &u32| match item {
            3 => stuck.lock().unwrap().recv().map_or(0, |()| 0),
            4 => panic!("on purpose"),
            other => other * 2,
        };
        // On a busy machine saying where a panic was takes a while.
        let outcomes = each_in_time((0..7).collect(), Duration::from_secs(3), work).unwrap();
        let done = |number| Outcome::Done(number);
        let expected = [done(0), done(2), done(4), Outcome::TooLong, Outcome::Panicked, done(10), done(12)];
        assert_eq!(outcomes, expected);
        let_go.send(()).unwrap();
    }

    #[test]
    fn nothing_takes_no_time_and_no_time_is_enough_for_nothing() {
        assert_eq!(each_in_time(Vec::<u8>::new(), Duration::from_secs(1), |item| *item).unwrap(), []);
        let outcomes = each_in_time(vec![1_u8, 2], Duration::ZERO, |item| *item).unwrap();
        assert_eq!(outcomes, [Outcome::TooLong, Outcome::TooLong]);
    }
}
