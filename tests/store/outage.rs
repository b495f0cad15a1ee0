//! A database that is locked, gone or stopped: one clear error, and back to work when it is there again.

use super::{add_officer, usernames};
use crate::support::database::{TestDatabase, on_each_database, on_postgres, settings};
use evenhand::store::{Store, StoreError, StoreSettings, Tx, WriteError};
use sea_orm::{ConnectionTrait, EntityTrait, TransactionTrait};
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

fn impatient() -> StoreSettings {
    StoreSettings { patience: Duration::from_millis(300), write_limit: Duration::from_millis(800), ..settings() }
}

async fn add(store: &Store, username: &str) -> Result<(), StoreError> {
    let username = username.to_owned();
    let added = store.write(async move |tx: &Tx| add_officer(tx, username).await).await;
    added.map_err(|error: WriteError<StoreError>| error.into())
}

async fn read(store: &Store) -> Result<usize, StoreError> {
    Ok(entities::officers::Entity::find().all(store.reader()).await?.len())
}

#[test]
fn while_another_program_holds_the_lock_a_write_fails_in_time_and_then_succeeds() {
    on_each_database(async |database| {
        let store = database.store_with(impatient()).await;
        add(&store, "before").await.unwrap();
        let raw = database.raw().await;
        let other = raw.begin().await.unwrap();
        let lock = if database.is_postgres() {
            "LOCK TABLE officers IN ACCESS EXCLUSIVE MODE"
        } else {
            "UPDATE officers SET active = active"
        };
        other.execute_unprepared(lock).await.unwrap();
        let started = Instant::now();
        let error = add(&store, "during").await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_) | StoreError::TooSlow), "{error:?}");
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        other.rollback().await.unwrap();
        add(&store, "after").await.unwrap();
        assert_eq!(usernames(&store).await, ["after", "before"]);
        store.close().await;
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_lock_is_held_a_crowd_is_told_as_soon_as_one() {
    let database = TestDatabase::sqlite();
    let store = database.store_with(impatient()).await;
    let raw = database.raw().await;
    let other = raw.begin().await.unwrap();
    other.execute_unprepared("UPDATE officers SET active = active").await.unwrap();
    let started = Instant::now();
    let writes = (0..200).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { add(&store, &format!("officer {n}")).await })
    });
    for write in writes.collect::<Vec<_>>() {
        assert!(matches!(write.await.unwrap(), Err(StoreError::Unavailable(_))));
    }
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    other.rollback().await.unwrap();
    add(&store, "after").await.unwrap();
    assert_eq!(usernames(&store).await, ["after"]);
    store.close().await;
}

/// Takes the database away by `away`, finds out that everybody is told, and gives it back by `back`.
async fn vanishes(database: &TestDatabase, away: impl Fn(&Path), back: impl Fn(&Path)) {
    let store = database.store_with(impatient()).await;
    add(&store, "before").await.unwrap();
    let file = database.file();
    away(&file);
    for _again in 0..3 {
        let error = add(&store, "during").await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        let error = read(&store).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        assert!(!file.exists(), "no empty database is put in the place of the one that is gone");
    }
    back(&file);
    add(&store, "after").await.unwrap();
    assert_eq!(usernames(&store).await, ["after", "before"]);
    store.close().await;
    let reopened = database.store().await;
    assert_eq!(usernames(&reopened).await, ["after", "before"]);
    reopened.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_file_that_was_moved_away_is_missed_and_found_again() {
    let database = TestDatabase::sqlite();
    let moved = |file: &Path| file.with_extension("moved");
    vanishes(
        &database,
        |file| std::fs::rename(file, moved(file)).unwrap(),
        |file| std::fs::rename(moved(file), file).unwrap(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_was_unmounted_is_missed_and_found_again() {
    let database = TestDatabase::sqlite();
    let folder = |file: &Path| file.parent().unwrap().to_owned();
    let moved = |file: &Path| folder(file).with_extension("moved");
    vanishes(
        &database,
        |file| std::fs::rename(folder(file), moved(file)).unwrap(),
        |file| std::fs::rename(moved(file), folder(file)).unwrap(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_file_in_the_place_is_noticed_and_then_used() {
    let (database, other) = (TestDatabase::sqlite(), TestDatabase::sqlite());
    let other_store = other.store().await;
    add(&other_store, "other").await.unwrap();
    other_store.close().await;
    let store = database.store().await;
    add(&store, "first").await.unwrap();
    std::fs::rename(other.file(), database.file()).unwrap();
    for stale in ["-wal", "-shm"] {
        std::fs::remove_file(format!("{}{stale}", database.file().display())).unwrap();
    }
    let error = add(&store, "told").await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    add(&store, "second").await.unwrap();
    assert_eq!(usernames(&store).await, ["other", "second"]);
    store.close().await;
}

#[test]
fn a_postgresql_that_was_stopped_is_missed_and_found_again() {
    on_postgres(async |database| {
        let (server, url) = Doorway::before(&database.url).await;
        let store = Store::connect(&url, impatient()).await.unwrap();
        add(&store, "before").await.unwrap();
        let address = server.close();
        for _again in 0..3 {
            let error = add(&store, "during").await.unwrap_err();
            assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
            let error = read(&store).await.unwrap_err();
            assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        }
        let server = Doorway::open(address, &database.url).await;
        add(&store, "after").await.unwrap();
        assert_eq!(usernames(&store).await, ["after", "before"]);
        store.close().await;
        server.close();
    });
}

/// A doorway to a server: closing it looks from outside as if the server had stopped.
struct Doorway {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Doorway {
    /// A doorway on a port of its own, and the URL that leads through it.
    async fn before(url: &str) -> (Self, String) {
        let doorway = Self::open("127.0.0.1:0".parse().unwrap(), url).await;
        let url = url.replace(&server_of(url), &doorway.address.to_string());
        (doorway, url)
    }

    async fn open(address: SocketAddr, url: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = server_of(url);
        // Everything that goes through is part of this one task, so that aborting it cuts every connection.
        let task = tokio::spawn(async move {
            let mut through = tokio::task::JoinSet::new();
            loop {
                let (mut visitor, _) = listener.accept().await.unwrap();
                let server = server.clone();
                through.spawn(async move {
                    let mut server = TcpStream::connect(server).await.unwrap();
                    tokio::io::copy_bidirectional(&mut visitor, &mut server).await
                });
            }
        });
        Self { address, task }
    }

    fn close(self) -> SocketAddr {
        self.task.abort();
        self.address
    }
}

/// `host:port` of a URL.
fn server_of(url: &str) -> String {
    let after_scheme = url.split_once("://").unwrap().1;
    let authority = after_scheme.split('/').next().unwrap();
    authority.rsplit('@').next().unwrap().to_owned()
}
