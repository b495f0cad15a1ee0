//! A database for one test: a SQLite file in a temporary folder, and a PostgreSQL database where `TEST_DATABASE_URL`
//! names a server in which we may create some.

use evenhand::store::{Store, StoreSettings};
use sea_orm::{ConnectionTrait, Database};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;
use tokio::sync::{Mutex, OnceCell};

/// Runs a test's body on SQLite, and again on PostgreSQL where there is one.
pub fn on_each_database(body: impl AsyncFn(TestDatabase)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        body(TestDatabase::sqlite()).await;
        if let Some(server) = postgres_server() {
            let database = TestDatabase::postgres(&server).await;
            let name = database.url.clone();
            body(database).await;
            drop_database(&server, &name).await;
        }
    });
}

/// The server to make databases in. Says once when there is none.
fn postgres_server() -> Option<String> {
    static SAID: Once = Once::new();
    #[expect(clippy::disallowed_methods, reason = "the one question tests ask the environment")]
    let server = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty());
    if server.is_none() {
        SAID.call_once(|| eprintln!("TEST_DATABASE_URL is not set: running on SQLite only"));
    }
    server
}

/// Gone when dropped.
pub struct TestDatabase {
    pub url: String,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("evenhand.db").display());
        Self { url, _folder: Some(folder) }
    }

    async fn postgres(server: &str) -> Self {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let name = format!("evenhand_test_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        make_from_template(server, &name).await;
        Self { url: with_name(server, &name), _folder: None }
    }

    pub fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres")
    }

    pub async fn store(&self) -> Store {
        Store::connect(&self.url, StoreSettings::default()).await.unwrap()
    }
}

/// Migrated once; every test's database is a copy of it.
async fn make_from_template(server: &str, name: &str) {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    static COPYING: Mutex<()> = Mutex::const_new(());
    let make = async || {
        let template = format!("evenhand_template_{}", std::process::id());
        execute(server, &format!("CREATE DATABASE {template}")).await;
        let store = Store::connect(&with_name(server, &template), StoreSettings::default()).await.unwrap();
        store.close().await;
        template
    };
    let template = TEMPLATE.get_or_init(make).await;
    let _one_at_a_time = COPYING.lock().await;
    execute(server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
}

async fn drop_database(server: &str, url: &str) {
    let name = url.rsplit('/').next().unwrap();
    execute(server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

async fn execute(server: &str, sql: &str) {
    let connection = Database::connect(server).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

/// The same server, another database.
fn with_name(server: &str, name: &str) -> String {
    let (scheme, rest) = server.split_once("://").unwrap();
    let host = rest.split('/').next().unwrap();
    format!("{scheme}://{host}/{name}")
}
