//! A look on a live call is written down, now or as soon as it can be.

use crate::app::{App, Shown, entries_of_search};
use crate::domain::access::Actor;
use crate::store::access_log::Access;
use std::time::Duration;

/// How long the log may take where the database was found away.
const A_MOMENT: Duration = Duration::from_millis(200);

/// Writes down who was shown to whom: before the answer where the disk is quick enough. A caller is on the line: while an
/// import keeps the disk busy, the answer goes out with the entry in the hands of whoever writes. Where it cannot be
/// written it alarms, and the look waits.
pub(super) async fn log(app: &App, actor: &Actor, shown: &[Shown]) {
    let entries = entries_of_search(app, actor, "caller", shown);
    let wait = if app.live_first.is_importing() { Duration::ZERO } else { app.settings.look_up.log_wait };
    let app = app.clone();
    let mut written = Box::pin(async move { write_down(&app, entries).await });
    if tokio::time::timeout(wait, &mut written).await.is_err() {
        #[expect(clippy::disallowed_methods, reason = "the log finishes what it was handed before it closes")]
        tokio::spawn(written);
    }
}

async fn write_down(app: &App, entries: Vec<Access>) {
    let patience = if app.in_mind.is_away(app.now()) { A_MOMENT } else { app.settings.look_up.patience };
    let written = tokio::time::timeout(patience, app.store.access_log().record(entries.clone())).await;
    let error = match written {
        Ok(Ok(())) => {
            if app.in_mind.has_unlogged() {
                settle(app).await;
            }
            return;
        }
        Ok(Err(error)) => error.to_string(),
        // It may still be written: twice is better than never.
        Err(_elapsed) => "it took too long".to_owned(),
    };
    match app.in_mind.keep_unlogged(entries) {
        Some(waiting) => {
            metrics::counter!("evenhand_lookups_logged_late_total").increment(1);
            tracing::error!(
                error,
                waiting,
                "a caller was looked up and it could not be written down: it will be later"
            );
        }
        None => tracing::error!(error, "a caller was looked up and it is written down nowhere: too many wait already"),
    }
}

/// Writes down what waits.
pub(super) async fn settle(app: &App) {
    let waiting = app.in_mind.take_unlogged();
    if waiting.is_empty() {
        return;
    }
    let count = waiting.len();
    match app.store.access_log().record(waiting.clone()).await {
        Ok(()) => tracing::info!(count, "looks on live calls that could not be written down are written down now"),
        Err(error) => {
            app.in_mind.put_back(waiting);
            tracing::error!(%error, count, "looks on live calls still cannot be written down");
        }
    }
}
