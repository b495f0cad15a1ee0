//! Files of calls come in by other systems, by hand, and through a folder that is watched.

use super::room::{CAD, NUMBER, Room, cad, hourly};
use crate::support::{Answer, Session, TestApp, on_each_database};
use evenhand::app::callers::look_into_folder;
use evenhand::domain::access::{Role, Scope};
use evenhand::store::call_imports;
use reqwest::Method;
use serde_json::json;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

async fn hand_in(app: &TestApp, who: &Session, query: &str, file: &str) -> Answer {
    let request = app.request(Method::POST, &format!("/api/v1/call-imports?{query}")).bearer_auth(&who.token);
    app.send(request.header("content-type", "text/csv").body(file.to_owned())).await
}

#[test]
fn a_system_hands_in_a_file_that_is_read_by_a_job_and_undone_by_a_person() {
    on_each_database(async |database| {
        let Room { app } = Room::set_up(database).await;
        let feed = app.system("command and control", &[Scope::CallsImport]).await;
        let coordinator = app.officer("coordinator", &[Role::Coordinator]).await;
        let file = format!("{}A9,soon,101,{NUMBER},,,,,,,\n", hourly('A', 10, NUMBER, 10));
        let handed = hand_in(&app, &feed, "profile=command-and-control&fileName=calls.csv", &file).await;
        assert_eq!((handed.status, &handed.body["status"]), (202, &json!("running")), "{}", handed.text);
        let path = format!("/api/v1/call-imports/{}", handed.body["id"].as_str().unwrap());
        app.run_jobs().await;
        let read = app.get(&coordinator, &path).await.ok();
        assert_eq!((&read["status"], &read["read"], &read["kept"]), (&json!("done"), &json!(11), &json!(10)));
        assert_eq!((&read["rejected"], &read["nominations"]), (&json!(1), &json!(1)));
        let faults = app.get(&coordinator, &format!("{path}/faults")).await.ok();
        assert_eq!((&faults["data"][0]["row"], &faults["data"][0]["code"]), (&json!(12), &json!("unreadable-time")));
        app.post(&coordinator, &format!("{path}/undo"), json!({ "reason": " " })).await.is_problem(422, "validation");
        let undone =
            app.post(&coordinator, &format!("{path}/undo"), json!({ "reason": "Of another county." })).await.ok();
        assert_eq!(undone["status"], "undone");
    });
}

#[test]
fn a_file_waits_for_who_looks_at_it_first() {
    on_each_database(async |database| {
        let Room { app } = Room::set_up(database).await;
        let coordinator = app.officer("coordinator", &[Role::Coordinator]).await;
        let file = cad(&[("A1", "10/05/2026 10:00:00", "101", NUMBER), ("A2", "10/05/2026 10:00:00", "RADIO", NUMBER)]);
        let handed = hand_in(&app, &coordinator, "profile=command-and-control&preview=true", &file).await;
        let preview = &handed.body["preview"];
        assert_eq!((&preview["read"], &preview["kept"], &preview["skipped"]), (&json!(2), &json!(1), &json!(1)));
        let path = format!("/api/v1/call-imports/{}", handed.body["id"].as_str().unwrap());
        app.run_jobs().await;
        assert_eq!(
            app.get(&coordinator, &path).await.ok()["status"],
            "waiting",
            "nothing is read before it is started"
        );
        app.post(&coordinator, &format!("{path}/start"), json!({})).await.ok();
        app.run_jobs().await;
        assert_eq!(app.get(&coordinator, &path).await.ok()["kept"], 1);
        app.post(&coordinator, &format!("{path}/drop"), json!({})).await.is_problem(409, "already-started");
    });
}

#[test]
fn what_is_no_such_file_is_refused_in_one_sentence_and_nothing_is_kept() {
    on_each_database(async |database| {
        let Room { app } = Room::set_up(database).await;
        let feed = app.system("feed", &[Scope::CallsImport]).await;
        let refused = hand_in(&app, &feed, "profile=command-and-control", "Name,When\nx,y\n").await;
        refused.is_problem(422, "validation");
        assert!(refused.text.contains("Incident Number") && refused.text.contains("Created"), "{}", refused.text);
        hand_in(&app, &feed, "profile=nothing", "x\n").await.is_problem(422, "validation");
        hand_in(&app, &feed, "profile=acd", "").await.is_problem(422, "validation");
        let other = app.system("other", &[Scope::ContactsWrite]).await;
        assert_eq!(hand_in(&app, &other, "profile=acd", "x\n").await.status, 403);
        let auditor = app.officer("auditor", &[Role::Auditor]).await;
        assert_eq!(app.get(&auditor, "/api/v1/call-imports").await.ok()["data"], json!([]));
    });
}

fn put(folder: &Path, name: &str, text: &str) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join(name), text).unwrap();
    let earlier = SystemTime::now() - Duration::from_secs(60);
    fs::File::options().append(true).open(folder.join(name)).unwrap().set_modified(earlier).unwrap();
}

#[test]
fn files_in_the_watched_folder_are_read_once_they_lie_still_and_put_aside() {
    on_each_database(async |database| {
        let Room { app } = Room::set_up(database).await;
        let watched = tempfile::tempdir().unwrap();
        let mut settings = (*app.app.settings).clone();
        settings.imports.folder = Some(watched.path().to_owned());
        let house = evenhand::app::App { settings: Arc::new(settings), ..app.app.clone() };
        let folder = watched.path().join(CAD);
        put(&folder, "one.csv", &hourly('A', 10, NUMBER, 3));
        put(&folder, "other.csv", "Name\nx\n");
        fs::write(folder.join("being-written.csv"), "Incident").unwrap();
        let imports = look_into_folder(&house).await.unwrap();
        assert_eq!(
            imports.iter().map(|import| (import.file_name.as_str(), import.counts.kept)).collect::<Vec<_>>(),
            [("one.csv", 3)]
        );
        assert!(folder.join("done/one.csv").exists() && folder.join("being-written.csv").exists());
        let reason = fs::read_to_string(folder.join("refused/other.reason.txt")).unwrap();
        assert!(reason.contains("columns"), "{reason}");
        put(&folder, "one.csv", &hourly('A', 10, NUMBER, 3));
        let again = look_into_folder(&house).await.unwrap();
        assert_eq!((again[0].counts.kept, again[0].counts.known), (0, 3));
        assert!(folder.join("done/1-one.csv").exists(), "no file is put over another");
    });
}

#[test]
fn a_file_that_is_undone_before_a_job_reads_it_is_not_read_and_not_kept() {
    on_each_database(async |database| {
        let Room { app } = Room::set_up(database).await;
        let feed = app.system("command and control", &[Scope::CallsImport]).await;
        let coordinator = app.officer("coordinator", &[Role::Coordinator]).await;
        let file = hourly('A', 10, NUMBER, 10);
        let handed = hand_in(&app, &feed, "profile=command-and-control&fileName=calls.csv", &file).await;
        let id = handed.body["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/call-imports/{id}");
        app.post(&coordinator, &format!("{path}/undo"), json!({ "reason": "Of another county." })).await.ok();
        app.run_jobs().await;
        let seen = app.get(&coordinator, &path).await.ok();
        assert_eq!((&seen["status"], &seen["read"]), (&json!("undone"), &json!(0)));
        let left = call_imports::file(app.app.store.reader(), id.parse().unwrap()).await.unwrap();
        assert!(left.is_empty(), "{} bytes are left", left.len());
    });
}
