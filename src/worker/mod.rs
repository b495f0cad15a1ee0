//! Door: the work that waits, as jobs in the database.

use crate::app::App;
use tokio::sync::watch;

/// Works until told to stop, and finishes what is in hand.
pub async fn run(_app: App, mut stop: watch::Receiver<bool>) {
    let _ended = stop.wait_for(|stop| *stop).await;
}
