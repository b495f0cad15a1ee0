//! The kinds of work there are. To add one: a use case that answers a `JobOutcome` for each job, and a line here.

use crate::app::mail::{ROUTE_MAIL, route_mails};
use crate::app::outbox::{SEND_MAIL, send_mails};
use crate::app::{App, JobOutcome};
use crate::store::jobs::Job;
use futures_util::future::BoxFuture;

/// One kind of work.
pub(super) struct Kind {
    /// As in the database.
    pub(super) name: &'static str,
    /// How many jobs are run at once at most.
    pub(super) batch: u64,
    /// Answers an outcome for each job, in their order.
    pub(super) run: fn(App, Vec<Job>) -> BoxFuture<'static, Vec<JobOutcome>>,
}

pub(super) const KINDS: &[Kind] = &[
    Kind { name: ROUTE_MAIL, batch: 100, run: |app, jobs| Box::pin(async move { route_mails(&app, jobs).await }) },
    // One at a time: a server that falls silent over one mail costs no other mail an attempt.
    Kind { name: SEND_MAIL, batch: 1, run: |app, jobs| Box::pin(async move { send_mails(&app, &jobs).await }) },
];
