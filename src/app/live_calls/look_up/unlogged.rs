//! A look on a live call is written down, now or as soon as it can be.

use crate::app::{App, Shown, entries_of_search};
use crate::domain::access::Actor;
use crate::store::access_log::Access;
use std::time::Duration;

/// How long the log may take where the database was found away.
const A_MOMENT: Duration = Duration::from_millis(200);
/// Looks that waited are written down so many at once, and the log may take so long over them.
const AT_ONCE: usize = 1_000;
const SETTLED_WITHIN: Duration = Duration::from_secs(30);

/// Writes down who was shown to whom: before the answer where the disk is quick enough. A caller is on the line: while an
/// import keeps the disk busy, the answer goes out with the entry in the hands of whoever writes. Where it cannot be
/// written it alarms, and the look waits.
pub(super) async fn log(app: &App, actor: &Actor, shown: &[Shown]) {
    let look = OnItsWay { app: app.clone(), entries: entries_of_search(app, actor, "caller", shown) };
    let wait = if app.live_first.is_importing() { Duration::ZERO } else { app.settings.look_up.log_wait };
    let mut written = Box::pin(look.write_down());
    if tokio::time::timeout(wait, &mut written).await.is_err() {
        #[expect(
            clippy::disallowed_methods,
            reason = "one that is dropped at a stop waits, and is written before the end"
        )]
        tokio::spawn(written);
    }
}

/// A look that is not written down yet. Whatever becomes of whoever writes it, it waits.
struct OnItsWay {
    app: App,
    entries: Vec<Access>,
}

impl OnItsWay {
    async fn write_down(mut self) {
        let app = self.app.clone();
        let patience = if app.in_mind.is_away(app.now()) { A_MOMENT } else { app.settings.look_up.patience };
        match within(&app, patience, self.entries.clone()).await {
            Ok(()) => {
                self.entries.clear();
                settle_looks(&app).await;
            }
            Err(error) => self.wait(&error),
        }
    }

    fn wait(&mut self, why: &str) {
        match self.app.in_mind.keep_unlogged(std::mem::take(&mut self.entries)) {
            Some(waiting) => {
                metrics::counter!("evenhand_lookups_logged_late_total").increment(1);
                tracing::error!(
                    error = why,
                    waiting,
                    "a caller was looked up and it could not be written down: it will be later"
                );
            }
            None => {
                tracing::error!(
                    error = why,
                    "a caller was looked up and it is written down nowhere: too many wait already"
                );
            }
        }
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        if !self.entries.is_empty() {
            self.wait("whoever wrote it was stopped");
        }
    }
}

/// Writes entries down by themselves, whatever page they belong to. Where it takes too long they may still be written:
/// twice is better than never.
async fn within(app: &App, patience: Duration, entries: Vec<Access>) -> Result<(), String> {
    match tokio::time::timeout(patience, app.store.access_log().record_now(entries)).await {
        Ok(written) => written.map_err(|error| error.to_string()),
        Err(_elapsed) => Err("it took too long".to_owned()),
    }
}

/// Looks that waited and are being written down. Whatever becomes of whoever writes them, they wait on.
struct Taken<'a> {
    app: &'a App,
    looks: Vec<Access>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.app.in_mind.put_back(std::mem::take(&mut self.looks));
    }
}

/// Writes down what waits, some at a time; what cannot be written waits on.
pub async fn settle_looks(app: &App) {
    let mut settled = 0;
    loop {
        let mut taken = Taken { app, looks: app.in_mind.take_unlogged(AT_ONCE) };
        let count = taken.looks.len();
        if count == 0 {
            break;
        }
        if let Err(error) = within(app, SETTLED_WITHIN, taken.looks.clone()).await {
            tracing::error!(error, count, "looks on live calls still cannot be written down");
            break;
        }
        taken.looks.clear();
        settled += count;
    }
    if settled > 0 {
        tracing::info!(settled, "looks on live calls that could not be written down are written down now");
    }
}
