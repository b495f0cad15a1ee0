//! `mail explain`, `mail quarantined`, `mail reprocess` and `mail restart` as operators use them.

use super::{code, evenhand, stderr};
use crate::support::database::{runtime, settings, sqlite_url};
use evenhand::store::{Store, Tx, sending_stops};
use serde_json::Value;
use std::path::Path;
use std::process::Output;
use uuid::Uuid;

/// Runs the program on a database of its own in `folder`.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    evenhand(folder).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_message_is_explained_in_words_and_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let message = "From: a@example.com\r\nMessage-ID: <1@example.com>\r\nSubject: Hello\r\n\r\nBell \u{7} words.\r\n";
    std::fs::write(folder.path().join("one.eml"), message).unwrap();
    let imported = run(folder.path(), &["mail", "import", "one.eml", "--recipient", "psd@force.example", "--wait"]);
    assert_eq!(code(&imported), 0, "{}", stderr(&imported));
    let url = format!("sqlite://{}", folder.path().join("evenhand.db").display());
    let id = runtime().block_on(async {
        use sea_orm::EntityTrait;
        let db = sea_orm::Database::connect(&url).await.unwrap();
        entities::mails::Entity::find().one(&db).await.unwrap().unwrap().id.to_string()
    });
    let told = run(folder.path(), &["mail", "explain", &id]);
    assert_eq!(code(&told), 0, "{}", stderr(&told));
    let told = stdout(&told);
    for said in [
        "OFFICIAL",
        "delivered        to psd@force.example",
        "kind             human",
        "sender           claimed",
        " ms]",
    ] {
        assert!(told.contains(said), "no `{said}` in\n{told}");
    }
    assert!(told.chars().all(|c| !c.is_control() || c == '\n'), "a hostile mail says nothing to a terminal");
    let json = run(folder.path(), &["mail", "explain", &id, "--output", "json"]);
    let json: Value = serde_json::from_str(&stdout(&json)).unwrap();
    assert_eq!(json["log"][0]["step"], "kept");
    let nothing = run(folder.path(), &["mail", "explain", &Uuid::from_u128(1).to_string()]);
    assert_ne!(code(&nothing), 0);
    let quarantined = run(folder.path(), &["mail", "quarantined"]);
    assert_eq!((code(&quarantined), stdout(&quarantined).trim()), (0, "Nothing is quarantined."));
    let added = run(folder.path(), &["user", "add", "staff", "--role", "psd_staff"]);
    assert_eq!(code(&added), 0, "{}", stderr(&added));
    let refused = run(folder.path(), &["mail", "reprocess", "--officer", "staff", &id]);
    assert_eq!(code(&refused), 75, "it reached a contact: {}", stdout(&refused));
}

#[test]
fn mail_is_let_go_on_by_an_officer_who_may_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    for (name, role) in [("boss", "psd_supervisor"), ("staff", "psd_staff")] {
        let added = run(folder.path(), &["user", "add", name, "--role", role]);
        assert_eq!(code(&added), 0, "{}", stderr(&added));
    }
    let restart = |officer: &str, reason: &str| {
        run(folder.path(), &["mail", "restart", "--officer", officer, "--reason", reason])
    };
    let flowing = restart("boss", "To be sure.");
    assert_ne!(code(&flowing), 0);
    assert!(stderr(&flowing).contains("nothing is stopped"), "{}", stderr(&flowing));
    let file = folder.path().join("evenhand.db");
    runtime().block_on(async {
        let store = Store::connect(&sqlite_url(&file), settings()).await.unwrap();
        let now = chrono::Utc::now();
        let opened =
            store.write(async move |tx: &Tx| sending_stops::open(tx, Uuid::from_u128(1), now, "Too much.").await);
        opened.await.unwrap();
        store.close().await;
    });
    for (officer, reason) in [("staff", "It is right."), ("boss", " "), ("nobody", "It is right.")] {
        let refused = restart(officer, reason);
        assert_ne!(code(&refused), 0, "{officer}, `{reason}`");
    }
    let restarted = restart("boss", "A machine answered itself; it was switched off.");
    assert_eq!(code(&restarted), 0, "{}", stderr(&restarted));
    assert!(stdout(&restarted).contains("Too much."), "{}", stdout(&restarted));
    assert_ne!(code(&restart("boss", "Once more.")), 0, "it goes on already");
}
