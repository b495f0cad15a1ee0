//! What a look-up still says while the database is away, to whom, and what becomes of the looks.

use super::{NUMBER, Room, on_file};
use crate::support::database::access_log_of;
use crate::support::{TestApp, TestDatabase, on_each_database};
use crate::web::browser::Browser;
use chrono::Duration;
use evenhand::app::live_calls::settle_looks;
use evenhand::domain::access::{ActorRef, Role};
use evenhand::domain::calls::{CallerKey, CallerKind, MarkedOn, MarkerKind};
use evenhand::store::access_log::{Access, Action};
use evenhand::store::caller_markers::{self, Marker};
use evenhand::store::callers::{self, Caller};
use evenhand::store::{StoreError, Tx};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use std::path::PathBuf;

/// A control room whose database can be taken away.
struct Away {
    room: Room,
    log: PathBuf,
    folder: PathBuf,
    moved: PathBuf,
}

impl Away {
    async fn room() -> Self {
        let database = TestDatabase::sqlite();
        let folder = database.file().parent().unwrap().to_owned();
        let log = access_log_of(&database.file());
        let moved = folder.with_extension("moved");
        Self { room: Room::open(TestApp::start(database).await).await, log, folder, moved }
    }

    fn goes(&self) {
        std::fs::rename(&self.folder, &self.moved).unwrap();
    }

    fn comes_back(&self) {
        std::fs::rename(&self.moved, &self.folder).unwrap();
        self.room.app.advance(Duration::seconds(10));
    }

    async fn looked_up(&self, clues: Value) -> Value {
        let found = self.room.looked_up(clues).await;
        assert_eq!(found["fromMemory"], true, "{found}");
        found
    }
}

async fn marked(room: &Room, marker: Value) {
    room.app.post(&room.staff, "/api/v1/markers", marker).await.ok();
}

fn looks(room: &Room, count: usize) -> Vec<Access> {
    let one = |n: usize| Access {
        at: room.app.now(),
        actor: ActorRef::Software,
        action: Action::Search,
        object: "waited".to_owned(),
        object_id: Some(n.to_string()),
        recipient: None,
        detail: json!({}),
    };
    (0..count).map(one).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_answers_from_memory_and_every_look_is_written_down_later() {
    let away = Away::room().await;
    let room = &away.room;
    marked(room, json!({ "kind": "object", "text": "A dog.", "personId": room.person })).await;
    let browser = Browser::sign_in(&room.app, "ccr").await;
    room.looked_up(json!({ "name": "Somebody else" })).await;
    room.app.run_jobs().await;
    away.goes();
    away.looked_up(json!({ "telephone": NUMBER })).await;
    let clues = [("telephone", "+44 1632 960123"), ("channel", "101")];
    browser.post("/calls/look-up", &clues).await.says(&["The database does not answer", "A dog."]);
    browser.get("/calls").await.says(&["Look up a caller"]);
    away.comes_back();
    browser.post("/calls/look-up", &clues).await.says(&["A dog."]);
    let log = Database::connect(format!("sqlite://{}", away.log.display())).await.unwrap();
    let rows = entities::access_log::Entity::find().all(&log).await.unwrap();
    let of_person = rows.iter().filter(|row| row.object_id.as_deref() == Some(&room.person) && row.object == "caller");
    assert_eq!(of_person.count(), 3, "two looks while it was away, and one after");
}

#[test]
fn looks_that_waited_are_written_down_however_many_there_are() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let app = &room.app.app;
        app.in_mind.keep_unlogged(looks(&room, 10_000)).unwrap();
        settle_looks(app).await;
        assert_eq!(app.in_mind.unlogged(), 0, "they wait for ever");
        let at_once = app.store.access_log().record(looks(&room, 10_000)).await;
        at_once.unwrap();
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looks_that_waited_are_not_lost_when_whoever_writes_them_is_stopped() {
    let away = Away::room().await;
    let app = &away.room.app.app;
    let mut one = ConnectOptions::new(format!("sqlite://{}", away.log.display()));
    let log = Database::connect(one.max_connections(1).to_owned()).await.unwrap();
    log.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    app.in_mind.keep_unlogged(looks(&away.room, 2_500)).unwrap();
    let stopped = tokio::time::timeout(std::time::Duration::from_millis(200), settle_looks(app)).await;
    assert!(stopped.is_err(), "it waits for the log");
    assert_eq!(app.in_mind.unlogged(), 2_500);
    log.execute_unprepared("COMMIT").await.unwrap();
    settle_looks(app).await;
    let rows = entities::access_log::Entity::find().count(&log).await.unwrap();
    assert!((2_500..=3_600).contains(&rows), "twice is better than never: {rows}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_believed_from_memory_who_may_look_no_more() {
    let away = Away::room().await;
    let app = &away.room.app;
    let (gone, other) = (app.officer("gone", &[Role::Ccr]).await, app.officer("other", &[Role::Ccr]).await);
    let clue = json!({ "telephone": NUMBER });
    let (out, deactivated) = (Browser::sign_in(app, "ccr").await, Browser::sign_in(app, "gone").await);
    for browser in [&out, &deactivated] {
        browser.get("/calls").await.says(&["Look up a caller"]);
    }
    for who in [&gone, &other, &away.room.ccr] {
        app.post(who, "/api/v1/caller-lookups", clue.clone()).await.ok();
    }
    let here = evenhand::app::change_officer(&app.app, "gone", None, Some(false));
    here.await.unwrap();
    out.post("/sign-out", &[]).await;
    // By another process, which tells this one nothing.
    let by_hand = "UPDATE officers SET active = 0 WHERE username = 'other'";
    let db = Database::connect(format!("sqlite://{}", away.folder.join("evenhand.db").display())).await.unwrap();
    db.execute_unprepared(by_hand).await.unwrap();
    db.close().await.unwrap();
    app.advance(Duration::minutes(1));
    app.run_jobs().await;
    away.goes();
    assert_eq!(app.post(&away.room.ccr, "/api/v1/caller-lookups", clue.clone()).await.ok()["fromMemory"], true);
    for who in [&gone, &other] {
        assert_eq!(app.post(who, "/api/v1/caller-lookups", clue.clone()).await.status, 503, "{}", who.name);
    }
    for browser in [&out, &deactivated] {
        assert_eq!(browser.get("/calls").await.status, 500, "a session that ended was believed");
    }
    app.advance(Duration::hours(13));
    let late = app.post(&away.room.ccr, "/api/v1/caller-lookups", clue).await;
    assert_ne!(late.status, 200, "nobody is known for longer than a shift");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_remembered_apart_from_the_line_they_were_found_by() {
    let away = Away::room().await;
    let room = &away.room;
    on_file(&room.app, &room.staff, ("FSU-0002", "Example Person Two"), None).await;
    marked(room, json!({ "kind": "telephone", "telephone": NUMBER, "text": "A shared telephone." })).await;
    room.begun(json!({ "channel": "101", "telephone": NUMBER })).await;
    let both = room.looked_up(json!({ "telephone": NUMBER, "name": "Example Person" })).await;
    assert_eq!(both["data"].as_array().unwrap().len(), 2);
    assert_eq!(both["data"][1]["markers"].as_array().unwrap().len(), 1, "it is on the line now");
    away.goes();
    let found = away.looked_up(json!({ "name": "Example Person Two" })).await;
    let person = &found["data"][0];
    assert_eq!((&person["markers"], &person["callsLast24Hours"]), (&json!([]), &json!([])), "of somebody else's line");
    let found = away.looked_up(json!({ "telephone": NUMBER })).await;
    let person = &found["data"][0];
    assert_eq!(person["markers"][0]["text"], "A shared telephone.");
    assert_eq!(person["callsInWords"], "1 call in the last 24 hours");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_an_officer_said_is_theirs_finds_them_in_memory() {
    let away = Away::room().await;
    let room = &away.room;
    let second = on_file(&room.app, &room.staff, ("FSU-0002", "Example Person Two"), None).await;
    let path = room.begun(json!({ "channel": "101", "telephone": "01632 960777" })).await;
    let caller = room.app.get(&room.ccr, &path).await.ok()["callerId"].as_str().unwrap().to_owned();
    let coordinator = room.app.officer("coordinator", &[Role::Coordinator]).await;
    let link = json!({ "personId": second, "reason": "They said so." });
    room.app.post(&coordinator, &format!("/api/v1/callers/{caller}/person"), link).await.ok();
    let clue = json!({ "telephone": "01632 960777" });
    let there = room.looked_up(clue.clone()).await;
    assert_eq!(there["data"][0]["matchedBy"], json!(["caller"]), "{there}");
    away.goes();
    let found = away.looked_up(clue).await;
    assert_eq!((&found["data"][0]["personId"], &found["data"][0]["matchedBy"]), (&json!(second), &json!(["caller"])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_marked_place_is_kept_in_mind_and_whoever_is_gone_is_not() {
    let away = Away::room().await;
    let room = &away.room;
    let erased = on_file(&room.app, &room.staff, ("FSU-0002", "Example Person Erased"), None).await;
    room.looked_up(json!({ "name": "Example Person Erased" })).await;
    marked(room, json!({ "kind": "object", "place": "12 Acacia Avenue", "text": "Firearms." })).await;
    let number = "01632 960455";
    room.begun(json!({ "channel": "999", "telephone": number, "place": "12 Acacia Avenue" })).await;
    room.looked_up(json!({ "telephone": number })).await;
    let db = Database::connect(format!("sqlite://{}", away.folder.join("evenhand.db").display())).await.unwrap();
    let id = erased.replace('-', "");
    db.execute_unprepared("PRAGMA foreign_keys = OFF").await.unwrap();
    let erase = format!("DELETE FROM people WHERE lower(hex(id)) = '{id}' OR id = '{erased}'");
    assert_eq!(db.execute_unprepared(&erase).await.unwrap().rows_affected(), 1);
    db.close().await.unwrap();
    room.app.advance(Duration::minutes(2));
    room.app.run_jobs().await;
    away.goes();
    let found = away.looked_up(json!({ "address": "12  acacia AVENUE" })).await;
    assert_eq!(found["places"][0]["markers"][0]["text"], "Firearms.");
    assert_eq!(found["places"][0]["fromMemory"], true);
    let found = away.looked_up(json!({ "telephone": number })).await;
    assert_eq!((&found["callers"][0]["markers"][0]["text"], &found["places"]), (&json!("Firearms."), &json!([])));
    let found = away.looked_up(json!({ "name": "Example Person Erased" })).await;
    assert_eq!(found["data"], json!([]), "somebody who is on file no more was shown");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_marked_number_is_kept_in_mind_after_some_minutes() {
    let away = Away::room().await;
    let app = &away.room.app.app;
    let numbers: Vec<String> = (0..600).map(|n| format!("+441632960{n:03}")).collect();
    let (now, kept, new_id) = (app.now(), numbers.clone(), app.clone());
    let written = app.store.write(async move |tx: &Tx| {
        for number in kept {
            let key = CallerKey::of_number(&number);
            let caller = Caller {
                id: key.id(),
                key: key.to_string(),
                kind: CallerKind::Unknown,
                number: Some(number),
                name: None,
                location: None,
                person: None,
                noted_at: now,
            };
            callers::keep(tx, std::slice::from_ref(&caller)).await?;
            let marker = Marker {
                id: new_id.new_id(),
                kind: MarkerKind::Object,
                on: MarkedOn::Caller(caller.id),
                text: "A dog.".to_owned(),
                review_on: None,
                added_by: ActorRef::Software,
                added_at: now,
                ended: None,
            };
            caller_markers::insert(tx, &marker).await?;
        }
        Ok::<_, StoreError>(())
    });
    written.await.unwrap();
    away.room.looked_up(json!({ "name": "Somebody else" })).await;
    for _minute in 0..2 {
        away.room.app.advance(Duration::minutes(1));
        away.room.app.run_jobs().await;
    }
    let last = numbers.iter().max_by_key(|number| CallerKey::of_number(number).id()).unwrap();
    away.goes();
    let found = away.looked_up(json!({ "telephone": last })).await;
    assert_eq!(found["callers"][0]["markers"][0]["text"], "A dog.", "{found}");
}
