//! What lasts too long in the mail room is told once, and is over by itself.

use super::budgets::{by_an_officer, draft, queue};
use super::mailroom::OURS;
use crate::support::{Session, TestApp, on_each_database};
use chrono::Duration;
use evenhand::app::Settings;
use evenhand::app::mail::{FolderName, Position, note_position, watch_mail};
use evenhand::domain::access::{Role, Scope};
use serde_json::{Value, json};
use std::sync::Arc;

async fn troubles(app: &TestApp, who: &Session) -> Vec<Value> {
    let tasks = app.get(who, "/api/v1/tasks").await.ok();
    tasks["data"].as_array().unwrap().iter().filter(|task| task["kind"] == "mail_trouble").cloned().collect()
}

fn folder(mailbox: &str) -> FolderName {
    FolderName { mailbox: mailbox.to_owned(), folder: "INBOX".to_owned() }
}

/// From now on these folders are read.
fn reads(app: &mut TestApp, folders: Vec<FolderName>) {
    app.app.settings = Arc::new(Settings { folders, ..(*app.app.settings).clone() });
}

async fn is_read(app: &TestApp, name: &FolderName) {
    note_position(&app.app, name, Position::default(), Some(app.now())).await.unwrap();
}

#[test]
fn a_mailbox_that_does_not_answer_is_told_once_and_is_over_when_it_does() {
    on_each_database(async |database| {
        let mut app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        let (psd, complaints) = (folder("psd"), folder("complaints"));
        reads(&mut app, vec![psd.clone(), complaints.clone()]);
        watch_mail(&app.app).await.unwrap();
        app.advance(Duration::minutes(29));
        watch_mail(&app.app).await.unwrap();
        assert_eq!(troubles(&app, &admin).await.len(), 0);
        is_read(&app, &complaints).await;
        app.advance(Duration::minutes(1));
        for _look in 0..3 {
            watch_mail(&app.app).await.unwrap();
            app.advance(Duration::minutes(1));
        }
        let [trouble] = troubles(&app, &admin).await.try_into().unwrap();
        assert!(trouble["title"].as_str().unwrap().contains("mailbox psd/INBOX"), "{trouble}");
        let done = format!("/api/v1/tasks/{}/completion", trouble["id"].as_str().unwrap());
        app.post(&admin, &done, json!({})).await.is_problem(409, "done-by-its-own-action");
        is_read(&app, &psd).await;
        watch_mail(&app.app).await.unwrap();
        assert_eq!(troubles(&app, &admin).await.len(), 0);
        // Again later is told again.
        app.advance(Duration::minutes(30));
        is_read(&app, &complaints).await;
        watch_mail(&app.app).await.unwrap();
        assert_eq!(troubles(&app, &admin).await.len(), 1);
        reads(&mut app, vec![complaints]);
        watch_mail(&app.app).await.unwrap();
        assert_eq!(troubles(&app, &admin).await.len(), 0, "it is no mailbox of ours any more");
    });
}

#[test]
fn mail_that_nobody_routes_and_mail_that_nobody_sends_are_told() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        let border = app.system("border", &[Scope::MailWrite]).await;
        app.post_mail(&border, OURS, "From: a@example.com\r\n\r\nWords\r\n").await.ok();
        queue(&app.app, draft(1, "person@example.com", by_an_officer())).await;
        app.advance(Duration::minutes(14));
        watch_mail(&app.app).await.unwrap();
        assert_eq!(troubles(&app, &admin).await.len(), 0);
        app.advance(Duration::minutes(1));
        watch_mail(&app.app).await.unwrap();
        assert_eq!(troubles(&app, &admin).await.len(), 1, "mail in");
        app.advance(Duration::minutes(105));
        watch_mail(&app.app).await.unwrap();
        let told = troubles(&app, &admin).await;
        assert_eq!(told.len(), 2, "mail out");
        assert!(!Value::from(told).to_string().contains("example.com"));
        app.run_jobs().await;
        watch_mail(&app.app).await.unwrap();
        assert_eq!(troubles(&app, &admin).await.len(), 0);
    });
}
