//! Who is on the line: by number, name or place; what was called lately; and what is still known when the database is away.

use super::{NUMBER, Room, on_file};
use crate::support::database::access_log_of;
use crate::support::{TestApp, TestDatabase, on_each_database};
use chrono::{DateTime, Duration, Utc};
use evenhand::app::live_calls::{Clues, look_up_caller, settle_looks};
use evenhand::app::sign_in;
use evenhand::domain::access::Scope;
use evenhand::domain::calls::CallerKey;
use evenhand::store::{Tx, cases};
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, EntityTrait};
use serde_json::{Value, json};

#[test]
fn a_number_is_the_same_number_however_it_is_written() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        room.begun(json!({ "channel": "101", "telephone": "0044 1632 960123" })).await;
        let mut callers = Vec::new();
        for written in ["01632 960123", "+44 1632 960123", "+44 (0)1632-960123", "0044 1632 960 123", "tel:01632960123"]
        {
            let found = room.looked_up(json!({ "telephone": written })).await;
            let person = &found["data"][0];
            assert_eq!(
                (&person["personId"], &person["matchedBy"]),
                (&json!(room.person), &json!(["telephone"])),
                "{written}"
            );
            assert_eq!(person["callsLast24Hours"].as_array().unwrap().len(), 1, "{written}");
            assert_eq!(person["callsInWords"], "1 call in the last 24 hours");
            assert_eq!(found["callers"][0]["callerId"], person["callerId"]);
            callers.push(person["callerId"].clone());
        }
        callers.dedup();
        assert_eq!(callers.len(), 1);
    });
}

#[test]
fn two_people_who_share_a_number_are_both_found_and_each_call_is_only_who_it_is_known_to_be_of() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let second = on_file(&room.app, &room.staff, ("FSU-0002", "Example Person Two"), Some(NUMBER)).await;
        room.begun(json!({ "channel": "101", "telephone": NUMBER, "personId": room.person })).await;
        room.begun(json!({ "channel": "999", "telephone": NUMBER })).await;
        let contact = json!({ "channel": "101", "personId": second, "subject": "The bins" });
        room.app.post(&room.staff, "/api/v1/contacts", contact).await.ok();
        let found = room.looked_up(json!({ "telephone": NUMBER })).await;
        let of = |person: &str| {
            found["data"].as_array().unwrap().iter().find(|found| found["personId"] == *person).unwrap().clone()
        };
        let labels = |found: &Value| -> Vec<String> {
            let calls = found["callsLast24Hours"].as_array().unwrap();
            calls.iter().map(|call| call["of"].as_str().unwrap().to_owned()).collect()
        };
        let (first, second) = (of(&room.person), of(&second));
        assert_eq!(labels(&first).len(), 2, "theirs, and one of the number: {first}");
        assert_eq!(labels(&second).len(), 2, "their contact, and one of the number: {second}");
        assert!(labels(&second).contains(&"person".to_owned()) && labels(&second).contains(&"number".to_owned()));
        assert_eq!(found["callers"][0]["callsLast24Hours"].as_array().unwrap().len(), 2);
        assert_eq!(
            (&first["red"], &found["callers"][0]["callsInWords"]),
            (&json!(true), &json!("2 calls in the last 24 hours"))
        );
    });
}

#[test]
fn a_withheld_number_points_to_nobody_and_a_name_finds_who_called_under_it() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        for withheld in ["withheld", "anonymous", "?"] {
            let found = room.looked_up(json!({ "telephone": withheld })).await;
            assert_eq!((&found["data"], &found["callers"]), (&json!([]), &json!([])), "{withheld}");
        }
        let path = room.begun(json!({ "channel": "999", "withheld": true })).await;
        assert_eq!(room.app.get(&room.ccr, &path).await.ok()["callerId"], Value::Null);
        room.begun(json!({ "channel": "101", "withheld": true, "name": "Zoë Caller", "place": "9 Example Lane" }))
            .await;
        for clue in [json!({ "name": "zoë  CALLER" }), json!({ "address": "9 example lane" })] {
            let found = room.looked_up(clue.clone()).await;
            assert_eq!(found["callers"][0]["callsLast24Hours"].as_array().unwrap().len(), 1, "{clue}: {found}");
        }
        room.app.post(&room.ccr, "/api/v1/caller-lookups", json!({ "name": " " })).await.is_problem(422, "validation");
    });
}

#[test]
fn a_withheld_caller_on_the_line_is_the_caller_of_the_files_and_a_name_alone_is_nobodys() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let withheld =
            json!({ "channel": "101", "withheld": true, "name": "O'Neill, Ann", "place": "9 Example Lane, ZZ1 4AB" });
        let path = room.begun(withheld).await;
        let key = CallerKey::of_name_and_place("oneill   ANN", "9 Example Lane ZZ1 4AB").unwrap();
        assert_eq!(room.app.get(&room.ccr, &path).await.ok()["callerId"], json!(key.id()));
        let path = room.begun(json!({ "channel": "101", "withheld": true, "name": "Ann" })).await;
        assert_eq!(room.app.get(&room.ccr, &path).await.ok()["callerId"], Value::Null, "many are called that");
    });
}

#[test]
fn a_call_of_exactly_24_hours_ago_is_out_and_two_within_them_show_red() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        room.begun(json!({ "channel": "101", "telephone": NUMBER })).await;
        room.app.advance(Duration::hours(24) - Duration::seconds(1));
        room.begun(json!({ "channel": "999", "telephone": NUMBER })).await;
        let clue = json!({ "telephone": NUMBER });
        let found = room.looked_up(clue.clone()).await;
        let person = &found["data"][0];
        assert_eq!((&person["red"], &person["callsInWords"]), (&json!(true), &json!("2 calls in the last 24 hours")));
        room.app.advance(Duration::seconds(1));
        let found = room.looked_up(clue).await;
        let person = &found["data"][0];
        assert_eq!((&person["red"], &person["callsInWords"]), (&json!(false), &json!("1 call in the last 24 hours")));
    });
}

#[test]
fn the_hours_are_elapsed_ones_across_a_change_of_the_clock() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        // The clocks went back at 02:00 on Sunday 25 October 2026 in London: 10:00 to 09:59 are 24 hours and 59 minutes.
        room.app.advance(at("2026-10-24T09:00:00Z") - room.app.now());
        room.begun(json!({ "channel": "101", "telephone": NUMBER })).await;
        let calls = async || room.looked_up(json!({ "telephone": NUMBER })).await["data"][0]["callsInWords"].clone();
        room.app.advance(at("2026-10-25T08:59:59Z") - room.app.now());
        assert_eq!(calls().await, "1 call in the last 24 hours");
        room.app.advance(at("2026-10-25T09:30:00Z") - room.app.now());
        assert_eq!(calls().await, "No calls in the last 24 hours");
    });
}

/// An order of this kind is in force against the person until then.
async fn under_order(room: &Room, until: &str) -> String {
    let app = &room.app.app;
    let workflow = app.catalog.latest("enforcement-order").unwrap().clone();
    let bundle = serde_json::to_value(app.catalog.bundle("enforcement-order")).unwrap();
    let (id, person, now) = (app.new_id::<()>().as_uuid(), room.person.parse().unwrap(), app.now());
    let order = json!({ "court": "Example", "madeOn": "2026-05-01", "endsOn": until,
                        "conditions": [{ "kind": "prohibitive", "words": "Not to call 999 but in an emergency." }] });
    let row = entities::cases::ActiveModel {
        id: Set(id),
        workflow: Set(workflow.key.clone()),
        workflow_version: Set(workflow.version.to_string()),
        content_hash: Set(workflow.content_hash.clone()),
        state: Set("cbo_in_force".to_owned()),
        version: Set(1),
        person_id: Set(Some(person)),
        parent_id: Set(None),
        spoc_id: Set(None),
        data: Set(json!({ "kind": "criminal_behaviour_order", "courtOrder": order })),
        opened_at: Set(now),
        updated_at: Set(now),
        state_since: Set(now),
        due_at: Set(None),
        timer_at: Set(None),
        next_alert_at: Set(None),
        paused_until: Set(None),
        marking: Set("OFFICIAL-SENSITIVE".to_owned()),
    };
    let name = (workflow.content_hash.clone(), workflow.key.clone(), workflow.version);
    let written = app.store.write(async move |tx: &Tx| {
        cases::keep_definition(tx, (&name.0, &name.1, name.2), bundle, now).await?;
        entities::cases::Entity::insert(row).exec_without_returning(tx).await.unwrap();
        Ok::<_, evenhand::store::StoreError>(())
    });
    written.await.unwrap();
    id.to_string()
}

#[test]
fn an_order_whose_breach_the_call_may_be_is_shown_and_the_call_is_linked_to_it() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let order = under_order(&room, "2026-06-01").await;
        let found = room.looked_up(json!({ "telephone": NUMBER })).await;
        let shown = &found["data"][0]["ordersInForce"][0];
        assert_eq!((&shown["caseId"], &shown["kind"]), (&json!(order), &json!("criminal_behaviour_order")));
        assert!(shown["conditions"][0].as_str().unwrap().contains("but in an emergency"));
        let path = room.begun(json!({ "channel": "999", "telephone": NUMBER, "personId": room.person })).await;
        let assess = |order: &str, considered: &str| {
            json!({ "purpose": { "finding": "policing", "reason": "A breach." }, "genuine": true, "crime": true,
                    "breach": { "orderCaseId": order, "legislationConsidered": considered } })
        };
        room.act(&path, "assess", assess(&room.person, "Part 2.")).await.is_problem(422, "validation");
        room.act(&path, "assess", assess(&order, " ")).await.is_problem(422, "not-filled-in");
        let linked = room.act(&path, "assess", assess(&order, "Sentencing Code, Part 11.")).await.ok();
        assert_eq!(linked["breach"]["orderCaseId"], json!(order));
        // Its last day is a day of the order; the day after is not.
        room.app.advance(Duration::days(1));
        let found = room.looked_up(json!({ "telephone": NUMBER })).await;
        assert_eq!(found["data"][0]["ordersInForce"], json!([]));
    });
}

#[test]
fn whoever_was_complained_about_is_shown_how_to_help_and_nothing_of_the_calls() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let adjustment = json!({ "kind": "speech", "detail": "Speak slowly." });
        room.app.post(&room.staff, &format!("/api/v1/people/{}/adjustments", room.person), adjustment).await.ok();
        let marker = json!({ "kind": "object", "personId": room.person, "text": "A dog." });
        room.app.post(&room.staff, "/api/v1/markers", marker).await.ok();
        room.begun(json!({ "channel": "101", "telephone": NUMBER, "personId": room.person })).await;
        let complaint = json!({ "officerId": room.ccr.id });
        room.app.post(&room.staff, &format!("/api/v1/people/{}/complaints-about", room.person), complaint).await.ok();
        let found = room.looked_up(json!({ "telephone": NUMBER })).await;
        let person = &found["data"][0];
        assert_eq!((&person["shortened"], &person["callsLast24Hours"]), (&json!(true), &json!([])));
        assert_eq!((&person["markers"], &person["adjustments"][0]["detail"]), (&json!([]), &json!("Speak slowly.")));
        assert_eq!(found["callers"][0]["callsLast24Hours"], json!([]));
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_away_what_was_known_is_answered_with_its_age_and_logged_once_it_is_back() {
    let database = TestDatabase::sqlite();
    let folder = database.file().parent().unwrap().to_owned();
    let moved = folder.with_extension("moved");
    let log = access_log_of(&database.file());
    let room = Room::open(TestApp::start(database).await).await;
    let named = room.app.officer("named", &[evenhand::domain::access::Role::Ccr]).await;
    let complaint = json!({ "officerId": named.id });
    room.app.post(&room.staff, &format!("/api/v1/people/{}/complaints-about", room.person), complaint).await.ok();
    let marker = json!({ "kind": "object", "text": "A dog.", "personId": room.person });
    room.app.post(&room.staff, "/api/v1/markers", marker).await.ok();
    // Nobody looked the person up: they are kept in mind because of the marker.
    room.app.run_jobs().await;
    let clue = json!({ "telephone": "+44 1632 960123" });
    for who in [&room.ccr, &named] {
        room.app.post(who, "/api/v1/caller-lookups", json!({ "name": "Somebody else" })).await.ok();
    }
    let before = room.app.now();
    std::fs::rename(&folder, &moved).unwrap();
    room.app.advance(Duration::minutes(10));
    let found = room.app.post(&room.ccr, "/api/v1/caller-lookups", clue.clone()).await.ok();
    let person = &found["data"][0];
    assert_eq!((&found["fromMemory"], &person["personId"]), (&json!(true), &json!(room.person)), "{found}");
    assert_eq!(person["asOf"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap(), before);
    assert_eq!(person["markers"][0]["text"], "A dog.");
    let short = room.app.post(&named, "/api/v1/caller-lookups", clue.clone()).await.ok();
    assert_eq!((&short["data"][0]["shortened"], &short["data"][0]["markers"]), (&json!(true), &json!([])));
    let unknown = room.app.post(&room.ccr, "/api/v1/caller-lookups", json!({ "telephone": "01632 960999" })).await.ok();
    assert_eq!((&unknown["fromMemory"], &unknown["data"]), (&json!(true), &json!([])));
    // Who never looked before is not known by a token alone, and nothing else answers.
    assert_eq!(room.app.post(&room.staff, "/api/v1/caller-lookups", clue.clone()).await.status, 503);
    assert_eq!(room.app.get(&room.ccr, "/api/v1/calls").await.status, 503);
    std::fs::rename(&moved, &folder).unwrap();
    room.app.advance(Duration::seconds(10));
    let back = room.app.post(&room.ccr, "/api/v1/caller-lookups", clue).await.ok();
    assert_eq!((&back["fromMemory"], &back["data"][0]["fromMemory"]), (&json!(false), &json!(false)));
    let log = Database::connect(format!("sqlite://{}", log.display())).await.unwrap();
    let rows = entities::access_log::Entity::find().all(&log).await.unwrap();
    let of_person = rows.iter().filter(|row| row.object_id.as_deref() == Some(&room.person) && row.object == "caller");
    assert_eq!(of_person.count(), 3, "two looks while it was away, and one after");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_whose_writing_is_stopped_is_written_before_the_end() {
    let database = TestDatabase::sqlite();
    let log = access_log_of(&database.file());
    let room = Room::open(TestApp::start(database).await).await;
    let actor = sign_in(&room.app.app, &room.ccr.token).await.unwrap().actor;
    let mut one = ConnectOptions::new(format!("sqlite://{}", log.display()));
    let log = Database::connect(one.max_connections(1).to_owned()).await.unwrap();
    log.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let clues = Clues { telephone: Some(NUMBER.to_owned()), ..Clues::default() };
    let looking = Box::pin(look_up_caller(&room.app.app, &actor, clues));
    let stopped = tokio::time::timeout(std::time::Duration::from_millis(500), looking).await;
    assert!(stopped.is_err(), "it waits for the log");
    log.execute_unprepared("COMMIT").await.unwrap();
    settle_looks(&room.app.app).await;
    let rows = entities::access_log::Entity::find().all(&log).await.unwrap();
    let of_person = rows.iter().filter(|row| row.object_id.as_deref() == Some(&room.person) && row.object == "caller");
    assert_eq!(of_person.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_system_looks_up_is_a_disclosure_to_it_by_name() {
    let database = TestDatabase::sqlite();
    let log = access_log_of(&database.file());
    let room = Room::open(TestApp::start(database).await).await;
    let system = room.app.system("Example control room", &[Scope::CallersLookUp, Scope::ContactsRead]).await;
    let found = room.app.post(&system, "/api/v1/caller-lookups", json!({ "telephone": NUMBER })).await.ok();
    assert_eq!(found["data"][0]["personId"], json!(room.person));
    room.app.get(&system, "/api/v1/contacts").await.ok();
    let log = Database::connect(format!("sqlite://{}", log.display())).await.unwrap();
    let rows = entities::access_log::Entity::find().all(&log).await.unwrap();
    let to_it: Vec<_> = rows.iter().filter(|row| row.recipient.as_deref() == Some("Example control room")).collect();
    assert!(to_it.iter().all(|row| row.action == "disclose"));
    assert!(to_it.iter().any(|row| row.object_id.as_deref() == Some(&room.person)), "{rows:?}");
    assert!(to_it.iter().any(|row| row.object == "contact"));
    assert!(rows.iter().all(|row| row.actor["type"] != "system" || row.recipient.is_some()), "{rows:?}");
}
