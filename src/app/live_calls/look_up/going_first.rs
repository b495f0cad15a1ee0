//! Whoever has a caller on the line goes first: a large import takes smaller steps while callers are looked up, begins none
//! while an answer is being made, waits between the parts of one, and says that it keeps the disk busy.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// So long after a look-up the next one is expected.
const EXPECTED_WITHIN: Duration = Duration::from_secs(1);
/// What steps aside waits no longer at a time: it is never kept from going on.
const MOST_WAIT: Duration = Duration::from_millis(20);

/// The look-ups of this process.
#[derive(Debug, Default)]
pub struct GoingFirst {
    in_hand: AtomicUsize,
    last: Mutex<Option<Instant>>,
    none_in_hand: Notify,
    imports: AtomicUsize,
}

/// An import, until it is dropped.
pub(crate) struct Importing<'a>(&'a GoingFirst);

/// One look-up, until it is dropped.
#[derive(Debug)]
pub(crate) struct InHand(Arc<GoingFirst>);

impl GoingFirst {
    /// A look-up begins: the sooner this is said, the less it shares the machine with.
    pub(crate) fn begin(self: &Arc<Self>) -> InHand {
        self.in_hand.fetch_add(1, Ordering::SeqCst);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        InHand(Arc::clone(self))
    }

    pub(crate) fn begin_import(&self) -> Importing<'_> {
        self.imports.fetch_add(1, Ordering::SeqCst);
        Importing(self)
    }

    /// Whether an import keeps the disk busy.
    pub(super) fn is_importing(&self) -> bool {
        self.imports.load(Ordering::SeqCst) > 0
    }

    /// Whether callers are being looked up: one was within the last second.
    pub(crate) fn is_expected(&self) -> bool {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| last.elapsed() < EXPECTED_WITHIN)
    }

    /// Waits until no answer is being made, or a moment.
    pub(crate) async fn step_aside(&self) {
        let none = async {
            loop {
                let told = self.none_in_hand.notified();
                if self.in_hand.load(Ordering::SeqCst) == 0 {
                    return;
                }
                told.await;
            }
        };
        let _long_enough = tokio::time::timeout(MOST_WAIT, none).await;
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        if self.0.in_hand.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.none_in_hand.notify_waiters();
        }
    }
}

impl Drop for Importing<'_> {
    fn drop(&mut self) {
        self.0.imports.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_can_wait_waits_for_the_answer_and_no_longer_than_a_moment() {
        let first = Arc::new(GoingFirst::default());
        assert!(!first.is_expected());
        first.step_aside().await;
        let in_hand = first.begin();
        assert!(first.is_expected());
        let began = Instant::now();
        first.step_aside().await;
        assert!(began.elapsed() >= MOST_WAIT, "it did not wait");
        let (_, ()) = tokio::join!(first.step_aside(), async { drop(in_hand) });
        assert_eq!(first.in_hand.load(Ordering::SeqCst), 0);
    }
}
