//! The composition root: the only place that builds things and starts tasks.
//!
//! config → store (migrated) → catalog → renderer → delivery → tokens → [`App`] → server and worker. Nothing listens
//! before everything before it is sound: a faulty workflow or template stops the start with the whole list of faults.

use crate::api;
use crate::app::{App, AppError, Settings, derived_secret, policy, prepare_signing_keys};
use crate::catalog::Catalog;
use crate::cli;
use crate::clock::Clock;
use crate::config::{Config, ConfigFault, LogFormat};
use crate::demo::{self, SignIn};
#[cfg(debug_assertions)]
use crate::fault_points;
use crate::gateway;
use crate::id_source::IdSource;
use crate::mail::authenticate::OwnCheck;
use crate::mail::{Delivery, Signer};
use crate::render::{Renderer, TemplateFault};
use crate::store::{Store, StoreError, StoreSettings};
use crate::tokens::{ExternalIssuer, OwnIssuer, Tokens};
use crate::web;
use crate::worker;
use actix_web::HttpServer;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::ffi::OsString;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

/// How long open requests may take to finish once we are told to stop.
const LAST_REQUESTS_SECONDS: u64 = 30;
/// Closed by the server, not by us, must be the proxy's idle connections: keep ours open a little longer than usual.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// Settings, workflows or templates are wrong: all of it, a line each.
    #[error("{} faults", .0.len())]
    Faults(Vec<String>),
    #[error(transparent)]
    App(#[from] AppError),
    #[error("{what}")]
    Io {
        what: String,
        #[source]
        source: std::io::Error,
    },
}

impl From<Vec<ConfigFault>> for BootError {
    fn from(faults: Vec<ConfigFault>) -> Self {
        BootError::Faults(faults.iter().map(ToString::to_string).collect())
    }
}

impl From<StoreError> for BootError {
    fn from(error: StoreError) -> Self {
        BootError::App(error.into())
    }
}

/// The whole program: a runtime and one command line.
pub fn run_command_line(arguments: Vec<OsString>) -> ExitCode {
    let ended = cli::guarded(arguments, |arguments| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.map_or(cli::Exit::TryAgain, |runtime| runtime.block_on(cli::run(arguments)))
    });
    ended.into()
}

/// Libraries that log all they send and receive.
const SAY_TOO_MUCH: [&str; 2] = ["async_imap=info", "imap_proto=info"];

/// Logs to stderr. The first call decides; `RUST_LOG` refines it.
pub fn start_logging(config: &Config) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn,actix_server=warn"));
    // Whatever is asked for: these would write out passwords and people's mail.
    let filter = SAY_TOO_MUCH.iter().filter_map(|quiet| quiet.parse().ok()).fold(filter, EnvFilter::add_directive);
    let ansi = std::io::stderr().is_terminal();
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(ansi).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first's choice.
    let _already_started = match config.server.log {
        LogFormat::Text => logs.try_init(),
        LogFormat::Json => logs.json().try_init(),
    };
}

/// The database, reached and migrated.
///
/// # Errors
/// When it cannot be reached.
pub async fn store(config: &Config) -> Result<Store, BootError> {
    Ok(Store::connect(config.database.url.expose(), StoreSettings::default()).await?)
}

/// The database, if there is one: for commands that look at what is there.
///
/// # Errors
/// When there is none, or it cannot be reached.
pub async fn existing_store(config: &Config) -> Result<Store, BootError> {
    Ok(Store::connect_existing(config.database.url.expose(), StoreSettings::default()).await?)
}

/// What differs between a house to live in and one to test.
pub struct Parts {
    pub clock: Clock,
    pub ids: IdSource,
    pub catalog: Arc<Catalog>,
    pub renderer: Arc<Renderer>,
    pub delivery: Delivery,
}

/// The house.
///
/// # Errors
/// The faults of workflows and templates together; an unreachable database.
pub async fn app(config: &Config) -> Result<App, BootError> {
    let parts = Parts {
        clock: Clock::Machine,
        ids: IdSource::Random,
        catalog: Arc::new(catalog(config)?),
        renderer: Arc::new(renderer(config)?),
        delivery: delivery(config)?,
    };
    assemble(config, parts).await
}

/// Before anybody decides anything under these files: what changed in them since the last start is kept in the history,
/// and a policy whose review is overdue is said to be.
///
/// # Errors
/// When the database fails.
pub async fn begin(app: &App) -> Result<(), BootError> {
    let changed = policy::record_changed_files(app).await?;
    if changed > 0 {
        tracing::info!(
            policy.changed = changed,
            "case types, registers or rules are new or differ from those of the last start"
        );
    }
    if let Some(warning) = policy::review_warning(app) {
        tracing::warn!("{warning}");
    }
    Ok(())
}

/// The house from these parts, on the database of the settings.
///
/// # Errors
/// An unreachable database.
pub async fn assemble(config: &Config, parts: Parts) -> Result<App, BootError> {
    install_tls();
    #[cfg(debug_assertions)]
    if !config.fault_points.at.is_empty() {
        let armed = fault_points::arm(&config.fault_points.at, config.fault_points.one_in);
        armed.map_err(|why| BootError::Faults(vec![format!("fault_points.at: {why}")]))?;
    }
    let mut app = App {
        store: store(config).await?,
        clock: parts.clock,
        ids: parts.ids,
        catalog: parts.catalog,
        renderer: parts.renderer,
        delivery: parts.delivery,
        tokens: Arc::new(tokens(config)?),
        settings: Arc::new(config.settings()),
        signer: signer(config)?,
        own_check: own_check(config)?,
        reports: Arc::default(),
        in_mind: Arc::default(),
    };
    prepare_signing_keys(&app).await?;
    policy::keep_registers(&app).await?;
    if app.settings.message_id_secret.is_empty() {
        let message_id_secret = derived_secret(&app, "message-id").await?;
        app.settings = Arc::new(Settings { message_id_secret, ..(*app.settings).clone() });
    }
    Ok(app)
}

/// Mail that goes nowhere and can be looked at, for tests.
pub fn memory_delivery() -> Delivery {
    Delivery::memory()
}

/// The workflows of the folder in the settings, or those this program was built with where there is no such folder.
///
/// # Errors
/// Every fault in them.
pub fn catalog(config: &Config) -> Result<Catalog, BootError> {
    let policy = &config.policy;
    let loaded = Catalog::load(policy.workflows_folder(), policy.templates_folder());
    loaded.map_err(|faults| BootError::Faults(faults.iter().map(ToString::to_string).collect()))
}

/// The templates of the folder in the settings; what it lacks, from those this program was built with.
fn renderer(config: &Config) -> Result<Renderer, BootError> {
    let loaded = config.policy.templates_folder().map_or_else(Renderer::embedded, Renderer::load);
    let line = |fault: &TemplateFault| format!("templates/{}: {}", fault.file, fault.message);
    loaded.map_err(|faults| BootError::Faults(faults.iter().map(line).collect()))
}

/// The SMTP server of the settings, or their folder.
fn delivery(config: &Config) -> Result<Delivery, BootError> {
    match config.mail.smtp_url.expose() {
        "" => Ok(Delivery::folder(&config.mail.folder)),
        url => Delivery::smtp(url).map_err(|fault| BootError::Faults(vec![format!("mail.smtp_url: {fault}")])),
    }
}

/// What signs our mail; `None` where nothing is to be signed.
fn signer(config: &Config) -> Result<Option<Arc<Signer>>, BootError> {
    let signer = config.dkim.signer().map_err(|fault| BootError::Faults(vec![format!("dkim.key: {fault}")]))?;
    Ok(signer.map(Arc::new))
}

/// Our own check of senders; `None` where it is off.
fn own_check(config: &Config) -> Result<Option<Arc<OwnCheck>>, BootError> {
    let built = config.own_check.built();
    let built = built.map_err(|fault| BootError::Faults(vec![format!("own_check.resolvers: {fault}")]))?;
    Ok(built.map(Arc::new))
}

/// The token issuers of the settings; our own has no keys yet.
///
/// # Errors
/// When an issuer is not described in full.
pub fn tokens(config: &Config) -> Result<Tokens, BootError> {
    let own = OwnIssuer::new(config.auth.issuer.clone(), config.auth.audience.clone());
    let external = config.auth.issuers.iter().map(|issuer| issuer.trust().map(ExternalIssuer::new));
    let external = external.collect::<Result<_, _>>().map_err(|fault| BootError::Faults(vec![fault]))?;
    Ok(Tokens::new(own, external))
}

/// One TLS implementation for the whole process.
fn install_tls() {
    // Another start in this process did it before; there is only one to choose.
    let _already_installed = rustls::crypto::ring::default_provider().install_default();
}

/// The API description, as JSON.
pub fn api_description() -> String {
    api::document().to_pretty_json().unwrap_or_default()
}

pub use crate::demo::PASSWORD as DEMO_PASSWORD;

/// Fills an empty database with the demonstration force, and answers a sign-in for each role.
///
/// # Errors
/// When the database fails.
pub async fn demonstrate(app: &App) -> Result<Vec<SignIn>, BootError> {
    Box::pin(demo::tell(app)).await.map_err(BootError::App)
}

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
