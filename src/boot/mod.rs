//! The composition root: the only place that builds things and starts tasks.
//!
//! config → store (migrated) → catalog → renderer → delivery → tokens → [`App`] → server and worker. Nothing listens
//! before everything before it is sound: a faulty workflow or template stops the start with the whole list of faults.

mod server;

pub use server::{Server, Worker, work_until_told_to_stop};

use crate::api;
use crate::app::{App, AppError, Settings, derived_secret, policy, prepare_signing_keys};
use crate::catalog::Catalog;
use crate::cli;
use crate::clock::Clock;
use crate::config::{Config, ConfigFault, LogFormat};
use crate::demo::{self, SignIn};
#[cfg(debug_assertions)]
use crate::fault_points;
use crate::id_source::IdSource;
use crate::mail::authenticate::OwnCheck;
use crate::mail::{Delivery, Signer};
use crate::render::{Renderer, TemplateFault};
use crate::store::{Store, StoreError, StoreSettings};
use crate::tokens::{ExternalIssuer, OwnIssuer, Tokens};
use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use tracing_subscriber::EnvFilter;

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
        live_first: Arc::default(),
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
