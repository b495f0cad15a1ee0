//! A fresh database for each test: a SQLite file in a temporary folder, and a database of its own on PostgreSQL where
//! `TEST_DATABASE_URL` names a server in which we may create some. `TEST_DATABASE_ONLY` leaves SQLite out where it ran
//! before.
//!
//! Both are copied from one that was migrated once a run. What a killed run left behind on the server, the next run
//! drops.

use evenhand::store::{Store, StoreSettings};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Once, OnceLock};
use tempfile::TempDir;

/// Runs a test's body on SQLite, and again on PostgreSQL where there is one.
pub fn on_each_database(body: impl AsyncFn(TestDatabase)) {
    if postgres_server().is_none() || std::env::var_os("TEST_DATABASE_ONLY").is_none() {
        eprintln!("on SQLite");
        runtime().block_on(body(TestDatabase::sqlite()));
    }
    on_postgres(body);
}

/// Runs a test's body on PostgreSQL where there is one.
pub fn on_postgres(body: impl AsyncFn(TestDatabase)) {
    if let Some(database) = TestDatabase::postgres() {
        eprintln!("on PostgreSQL");
        runtime().block_on(body(database));
    }
}

/// Past the test harness, which keeps what tests print to itself.
#[expect(clippy::explicit_write, reason = "`eprintln!` is what the harness keeps")]
pub fn say(what: &str) {
    writeln!(std::io::stderr(), "{what}").unwrap();
}

/// A migrated, empty database that goes away with this value.
pub struct TestDatabase {
    pub url: String,
    kept: Kept,
}

enum Kept {
    Folder(TempDir),
    OnServer { server: String, name: String },
}

impl TestDatabase {
    pub fn sqlite() -> Self {
        static TEMPLATE: OnceLock<SqliteTemplate> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| apart(make_sqlite_template()));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("evenhand.db");
        std::fs::write(&file, &template.database).unwrap();
        std::fs::write(access_log_of(&file), &template.access_log).unwrap();
        Self { url: sqlite_url(&file), kept: Kept::Folder(folder) }
    }

    /// None where no server is named; the first to ask says so.
    pub fn postgres() -> Option<Self> {
        static TEMPLATE: OnceLock<String> = OnceLock::new();
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = postgres_server()?;
        let template = TEMPLATE.get_or_init(|| apart(make_postgres_template(server.clone())));
        let name = format!("{PREFIX}{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        apart(execute(server.clone(), format!("CREATE DATABASE {name} TEMPLATE {template}")));
        Some(Self { url: renamed(&server, &name), kept: Kept::OnServer { server, name } })
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.kept, Kept::OnServer { .. })
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        match &self.kept {
            Kept::Folder(folder) => folder.path().join("evenhand.db"),
            Kept::OnServer { .. } => panic!("a database on a server has no file"),
        }
    }

    pub async fn store(&self) -> Store {
        self.store_with(settings()).await
    }

    pub async fn store_with(&self, settings: StoreSettings) -> Store {
        Store::connect(&self.url, settings).await.unwrap()
    }

    /// A connection past the store, for doing what the store would not.
    pub async fn raw(&self) -> DatabaseConnection {
        Database::connect(&self.url).await.unwrap()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Kept::OnServer { server, name } = &self.kept {
            apart(execute(server.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        }
    }
}

/// Few connections: many tests run at once.
pub fn settings() -> StoreSettings {
    StoreSettings { readers: 4, writers: 8, ..StoreSettings::default() }
}

pub fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// The file of who looked, beside a SQLite file.
pub fn access_log_of(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".access.db");
    PathBuf::from(path)
}

/// The server to make databases in. Says once when there is none.
fn postgres_server() -> Option<String> {
    static SAID: Once = Once::new();
    let server = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty());
    if server.is_none() {
        SAID.call_once(|| say("TEST_DATABASE_URL is not set: running on SQLite only"));
    }
    server
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Does something on a thread and a runtime of its own, wherever we are: inside a runtime, or unwinding.
fn apart<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    std::thread::spawn(|| runtime().block_on(work)).join().unwrap()
}

struct SqliteTemplate {
    database: Vec<u8>,
    access_log: Vec<u8>,
}

async fn make_sqlite_template() -> SqliteTemplate {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("template.db");
    Store::connect(&sqlite_url(&file), settings()).await.unwrap().close().await;
    SqliteTemplate { database: std::fs::read(&file).unwrap(), access_log: std::fs::read(access_log_of(&file)).unwrap() }
}

const PREFIX: &str = "evenhand_test_";

async fn make_postgres_template(server: String) -> String {
    drop_what_dead_runs_left(&server).await;
    let name = format!("{PREFIX}{}_template", std::process::id());
    execute(server.clone(), format!("CREATE DATABASE {name}")).await;
    Store::connect(&renamed(&server, &name), settings()).await.unwrap().close().await;
    name
}

async fn drop_what_dead_runs_left(server: &str) {
    if !Path::new("/proc/self").exists() {
        return;
    }
    let admin = Database::connect(server).await.unwrap();
    let all = Statement::from_string(DbBackend::Postgres, "SELECT datname::text AS name FROM pg_database");
    for row in admin.query_all_raw(all).await.unwrap() {
        let name: String = row.try_get("", "name").unwrap();
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        let process = rest.split('_').next().unwrap_or_default();
        if !Path::new("/proc").join(process).exists() {
            let dropped = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            admin.execute_unprepared(&dropped).await.unwrap();
        }
    }
    admin.close().await.unwrap();
}

async fn execute(server: String, sql: String) {
    let admin = Database::connect(&server).await.unwrap();
    admin.execute_unprepared(&sql).await.unwrap();
    admin.close().await.unwrap();
}

/// The URL of another database on the same server.
fn renamed(server: &str, name: &str) -> String {
    let (address, options) = match server.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (server, String::new()),
    };
    let (scheme, rest) = address.split_once("://").unwrap();
    let host = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{host}/{name}{options}")
}
