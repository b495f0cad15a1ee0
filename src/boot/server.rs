//! The server and the worker: what listens, what works beside it, and how both end.

use super::BootError;
use crate::api;
use crate::app::App;
use crate::app::live_calls::settle_looks;
use crate::config::Config;
use crate::gateway;
use crate::web;
use crate::worker;
use actix_web::HttpServer;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How long open requests may take to finish once we are told to stop.
const LAST_REQUESTS_SECONDS: u64 = 30;
/// Closed by the server, not by us, must be the proxy's idle connections: keep ours open a little longer than usual.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Whether this process also does the work that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worker {
    Here,
    Elsewhere,
}

/// A server that holds its port but does not answer yet.
pub struct Server {
    app: App,
    api: actix_web::dev::Server,
    metrics: Option<actix_web::dev::Server>,
    lmtp: Option<gateway::Door>,
    folders: Vec<gateway::Folder>,
    address: SocketAddr,
}

impl Server {
    /// Takes the ports.
    ///
    /// # Errors
    /// When one is taken already.
    pub fn bind(config: &Config, app: App) -> Result<Self, BootError> {
        let listen = config.server.listen;
        let cannot = |source| BootError::Io { what: format!("cannot listen on {listen}"), source };
        let of_requests = app.clone();
        let mut api = HttpServer::new(move || api::routes::server(of_requests.clone(), web::routes::pages))
            .keep_alive(KEEP_ALIVE)
            .shutdown_timeout(LAST_REQUESTS_SECONDS)
            .disable_signals();
        if config.server.threads > 0 {
            api = api.workers(config.server.threads);
        }
        let api = api.bind(listen).map_err(cannot)?;
        let address = api.addrs().first().copied().unwrap_or(listen);
        let (lmtp, folders) = (lmtp_door(config, &app)?, folders(config, &app)?);
        Ok(Self { app, api: api.run(), metrics: metrics_server(config), lmtp, folders, address })
    }

    /// Where it listens: with port 0 in the settings, the port it was given.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until SIGTERM or Ctrl-C, then finishes what is open.
    ///
    /// # Errors
    /// When the server cannot go on.
    pub async fn run_until_told_to_stop(self, worker: Worker) -> Result<(), BootError> {
        let (stop, stopped) = watch::channel(false);
        if let Err(error) = self.app.store.warm_up().await {
            tracing::warn!(%error, "not all connections for reading could be opened; they are when they are needed");
        }
        let metrics = self.metrics.map(|server| (server.handle(), spawn(server)));
        let api = self.api.handle();
        let lmtp = self.lmtp.map(|door| spawn(door.serve(stopped.clone())));
        let work: Vec<_> = match worker {
            Worker::Here => {
                let folders = self.folders.into_iter().map(|folder| spawn(folder.watch(stopped.clone())));
                folders.chain(worker::lanes(&self.app, &stopped).into_iter().map(spawn)).collect()
            }
            Worker::Elsewhere => Vec::new(),
        };
        let work: Vec<_> =
            work.into_iter().chain(worker::of_every_server(&self.app, &stopped).into_iter().map(spawn)).collect();
        spawn(async move {
            told_to_stop().await;
            tracing::info!("told to stop; finishing what is open");
            api.stop(true).await;
        });
        let served = self.api.await;
        let _nobody_works = stop.send(true);
        if let Some(door) = lmtp {
            wait_for(door, "LMTP door").await;
        }
        for lane in work {
            wait_for(lane, "worker").await;
        }
        if let Some((handle, served)) = metrics {
            handle.stop(false).await;
            wait_for(served, "metrics page").await;
        }
        settle_looks(&self.app).await;
        self.app.store.close().await;
        served.map_err(|source| BootError::Io { what: "the server stopped".into(), source })
    }
}

/// The worker alone, until SIGTERM or Ctrl-C.
///
/// # Errors
/// When a mailbox is not described in full; a worker that cannot reach the database or a mailbox tries again.
pub async fn work_until_told_to_stop(config: &Config, app: App) -> Result<(), BootError> {
    let (stop, stopped) = watch::channel(false);
    let folders = folders(config, &app)?.into_iter().map(|folder| spawn(folder.watch(stopped.clone())));
    let work: Vec<_> = folders.chain(worker::lanes(&app, &stopped).into_iter().map(spawn)).collect();
    told_to_stop().await;
    let _nobody_works = stop.send(true);
    for lane in work {
        wait_for(lane, "worker").await;
    }
    app.store.close().await;
    Ok(())
}

async fn told_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("this process cannot be told to stop; kill it instead");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[expect(clippy::disallowed_methods, reason = "tasks are started here and waited for at shutdown")]
fn spawn<F>(task: F) -> tokio::task::JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    tokio::spawn(task)
}

async fn wait_for<T>(task: tokio::task::JoinHandle<T>, what: &str) {
    if let Err(error) = task.await {
        tracing::error!(%error, "the {what} did not stop by itself");
    }
}

/// The door for a mail server on this machine.
fn lmtp_door(config: &Config, app: &App) -> Result<Option<gateway::Door>, BootError> {
    let Ok(Some(listen)) = config.lmtp.address() else { return Ok(None) };
    let bounds = (config.lmtp.connections, config.lmtp.memory_mib);
    let host = app.settings.message_id_domain.clone();
    let door = gateway::Door::bind(app.clone(), listen, host, bounds);
    let cannot = |source| BootError::Io { what: format!("cannot listen on {listen} for LMTP"), source };
    door.map(Some).map_err(cannot)
}

/// The folders of the mailboxes in the settings. Whoever works, reads them.
fn folders(config: &Config, app: &App) -> Result<Vec<gateway::Folder>, BootError> {
    let accounts = config.imap.accounts().map_err(|why| BootError::Faults(vec![format!("imap.mailboxes: {why}")]))?;
    Ok(accounts.into_iter().flat_map(|account| gateway::Folder::all(app, account)).collect())
}

/// The page of numbers. Its port being taken (by another server on this machine) is no reason not to serve.
fn metrics_server(config: &Config) -> Option<actix_web::dev::Server> {
    let (listen, numbers) = (config.server.metrics_listen, numbers());
    let server = HttpServer::new(move || api::metrics_server(numbers.clone())).workers(1).disable_signals();
    match server.bind(listen) {
        Ok(server) => Some(server.run()),
        Err(error) => {
            tracing::warn!(%listen, %error, "/metrics is not served; set server.metrics_listen");
            None
        }
    }
}

/// The buckets of how long a step of a mail takes, in seconds.
const STEP_SECONDS: [f64; 10] = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 2.0, 10.0];

/// The numbers of this process, for `/metrics`.
fn numbers() -> PrometheusHandle {
    static NUMBERS: OnceLock<PrometheusHandle> = OnceLock::new();
    let install = || {
        let steps = Matcher::Full("evenhand_mail_step_seconds".to_owned());
        let buckets = PrometheusBuilder::new().set_buckets_for_metric(steps, &STEP_SECONDS);
        // There are buckets, so none are refused.
        let recorder = buckets.unwrap_or_default().build_recorder();
        let handle = recorder.handle();
        // Only this function installs one, once.
        let _installed_before = metrics::set_global_recorder(recorder);
        handle
    };
    NUMBERS.get_or_init(install).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_a_step_of_a_mail_takes_is_shown_in_buckets() {
        let numbers = numbers();
        metrics::histogram!("evenhand_mail_step_seconds", "step" => "reading").record(0.002);
        let page = numbers.render();
        let bucket = |most: &str| format!("evenhand_mail_step_seconds_bucket{{step=\"reading\",le=\"{most}\"}}");
        assert!(page.contains(&format!("{} 0", bucket("0.001"))), "{page}");
        assert!(page.contains(&format!("{} 1", bucket("0.005"))), "{page}");
    }
}
