//! What is done by the clock. Every worker does it; so each task is one that two may do at the same time.

use super::lane::told;
use crate::app::{self, App, AppError};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::sync::watch;

pub(super) struct Task {
    pub(super) name: &'static str,
    pub(super) every: Duration,
    pub(super) run: fn(App) -> BoxFuture<'static, Result<(), AppError>>,
}

const HOUR: Duration = Duration::from_secs(3600);

const MINUTE: Duration = Duration::from_secs(60);

/// How late a receiver may be told at most; with no webhook it is one look at an empty table.
const SOON: Duration = Duration::from_secs(2);

pub(super) const TASKS: &[Task] = &[
    Task {
        name: "forget old idempotency keys",
        every: HOUR,
        run: |app| Box::pin(async move { app::forget_old_keys(&app).await }),
    },
    Task {
        name: "let the clocks strike that are due",
        every: MINUTE,
        run: |app| Box::pin(async move { app::cases::run_deadlines(&app).await.map(|_struck| ()) }),
    },
    Task {
        name: "tell of deadlines and dates that come or have passed",
        every: MINUTE,
        run: |app| Box::pin(async move { app::cases::send_alerts(&app).await.map(|_cases| ()) }),
    },
    Task {
        name: "ask for the review of the policy",
        every: HOUR,
        run: |app| Box::pin(async move { app::policy::ask_for_review(&app).await }),
    },
    Task {
        name: "show whether sending is stopped",
        every: MINUTE,
        run: |app| Box::pin(async move { app::outbox::show_stop(&app).await }),
    },
    Task {
        name: "watch the mail room",
        every: MINUTE,
        run: |app| Box::pin(async move { app::mail::watch_mail(&app).await }),
    },
    Task {
        name: "look for files of calls in the watched folder",
        every: MINUTE,
        run: |app| Box::pin(async move { app::callers::look_into_folder(&app).await.map(|_imports| ()) }),
    },
    Task {
        name: "forget ended sessions and old drafts",
        every: HOUR,
        run: |app| {
            Box::pin(async move {
                app::signing_in::forget_ended_sessions(&app).await?;
                app::drafts::forget_old_drafts(&app).await
            })
        },
    },
    Task {
        name: "tell webhooks what happened",
        every: SOON,
        run: |app| Box::pin(async move { app::webhooks::tell_webhooks(&app).await }),
    },
    Task {
        name: "forget old deliveries of webhooks",
        every: HOUR,
        run: |app| Box::pin(async move { app::webhooks::forget_old_deliveries(&app).await }),
    },
    Task { name: "seal the history", every: HOUR, run: |app| Box::pin(async move { app::seal_history(&app).await }) },
];

/// Done by each process that answers requests.
pub(super) const OF_EVERY_SERVER: &[Task] = &[Task {
    name: "keep in mind what live calls need",
    every: MINUTE,
    run: |app| Box::pin(async move { app::live_calls::keep_in_mind(&app).await }),
}];

/// Once at the start and then again and again, until told to stop.
pub(super) async fn run(app: App, task: &'static Task, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match AssertUnwindSafe((task.run)(app.clone())).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(task = task.name, %error, "a task failed; it will be tried again"),
            Err(_panic) => tracing::error!(task = task.name, "a task failed in an unforeseen way"),
        }
        tokio::select! {
            () = told(&mut stop) => {}
            () = tokio::time::sleep(task.every) => {}
        }
    }
}
