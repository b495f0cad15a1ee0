//! The kinds of work there are. To add one: a use case that answers a `JobOutcome` for each job, and a line here.

use crate::app::callers::{READ_CALLS, give_up_reading, read_handed_in};
use crate::app::mail::{ROUTE_MAIL, route_mails};
use crate::app::outbox::{self, SEND_MAIL, send_mails};
use crate::app::webhooks::{DELIVER_WEBHOOK, GREET_WEBHOOK, deliver_webhooks, give_up_delivery, greet_webhooks};
use crate::app::{App, AppError, JobOutcome};
use crate::store::Tx;
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
    /// What follows in the same transaction where a job is given up.
    pub(super) give_up: for<'a> fn(&'a App, &'a Tx, &'a Job) -> BoxFuture<'a, Result<(), AppError>>,
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: ROUTE_MAIL,
        batch: 100,
        run: |app, jobs| Box::pin(async move { route_mails(&app, jobs).await }),
        give_up: nothing_follows,
    },
    // One at a time: a server that falls silent over one mail costs no other mail an attempt.
    Kind {
        name: SEND_MAIL,
        batch: 1,
        run: |app, jobs| Box::pin(async move { send_mails(&app, &jobs).await }),
        give_up: |app, tx, job| Box::pin(outbox::give_up(app, tx, job)),
    },
    // One file at a time.
    Kind {
        name: READ_CALLS,
        batch: 1,
        run: |app, jobs| Box::pin(async move { read_handed_in(&app, &jobs).await }),
        give_up: |app, tx, job| Box::pin(give_up_reading(app, tx, job)),
    },
    Kind {
        name: GREET_WEBHOOK,
        batch: 1,
        run: |app, jobs| Box::pin(async move { greet_webhooks(&app, &jobs).await }),
        give_up: nothing_follows,
    },
    Kind {
        name: DELIVER_WEBHOOK,
        batch: 32,
        run: |app, jobs| Box::pin(async move { deliver_webhooks(&app, &jobs).await }),
        give_up: |app, tx, job| Box::pin(give_up_delivery(app, tx, job)),
    },
];

/// Of a job that was given up nothing more comes than that it lies dead.
pub(super) fn nothing_follows<'a>(_: &'a App, _: &'a Tx, _: &'a Job) -> BoxFuture<'a, Result<(), AppError>> {
    Box::pin(async { Ok(()) })
}
