//! The monthly table: who is on it, what it rests on, who has it, and whether anybody checked it.

use crate::support::made_calls::{NewCall, access_log, call, calls, id_of, keep_calls, keep_file};
use crate::support::{Session, TestApp, TestDatabase, on_each_database};
use entities::access_log::{Column, Entity};
use evenhand::domain::access::Role;
use evenhand::domain::calls::CallerKind;
use evenhand::domain::calls::SystemKind;
use evenhand::domain::contact::Channel;
use evenhand::store::call_imports::ImportStatus;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

const FIRST: &str = "+447700900001";
const SECOND: &str = "+447700900002";
pub(super) const MAY: &str = "/api/v1/caller-months/2026-05";

struct Room {
    app: TestApp,
    ccr: Session,
    opt: Session,
}

/// On 1 June 2026 unless told otherwise.
async fn room(database: TestDatabase, now: Option<&str>) -> Room {
    let app = TestApp::start(database).await;
    if let Some(now) = now {
        app.app.clock.set(now.parse().unwrap());
    }
    let ccr = app.officer("ccr", &[Role::Ccr]).await;
    let opt = app.officer("opt", &[Role::Opt]).await;
    Room { app, ccr, opt }
}

impl Room {
    async fn month(&self, month: &str) -> Value {
        self.app.get(&self.ccr, &format!("/api/v1/caller-months/{month}")).await.ok()
    }
}

/// Who is on a list of the table, and with how many calls.
fn on(table: &Value, list: &str) -> Vec<(String, u64)> {
    let rows = table[list].as_array().unwrap().iter();
    rows.map(|row| (row["callerId"].as_str().unwrap().to_owned(), row["calls"].as_u64().unwrap())).collect()
}

#[test]
fn nine_calls_in_a_month_are_not_on_the_table_and_ten_are() {
    on_each_database(async |database| {
        let room = room(database, None).await;
        keep_calls(&room.app, calls(FIRST, "2026-05", 9)).await;
        let mut ten = calls(SECOND, "2026-05", 10);
        ten[0].channel = Channel::Phone999;
        keep_calls(&room.app, ten).await;
        let table = room.month("2026-05").await;
        assert_eq!(on(&table, "individuals"), [(id_of(SECOND), 10)]);
        assert_eq!(table["individuals"][0]["byChannel"], json!({ "101": 9, "999": 1 }));
        assert_eq!((&table["atLeast"], &table["marking"]), (&json!(10), &json!("OFFICIAL-SENSITIVE")));
    });
}

#[test]
fn digital_contact_calls_of_ours_and_a_departments_own_line_count_for_nobody() {
    on_each_database(async |database| {
        let room = room(database, None).await;
        let mut lines = calls(FIRST, "2026-05", 12);
        lines[0].channel = Channel::Telephone;
        lines[1].channel = Channel::Telephone;
        lines[2].direction = evenhand::domain::calls::Direction::Out;
        keep_calls(&room.app, lines).await;
        assert_eq!(on(&room.month("2026-05").await, "individuals"), []);
    });
}

#[test]
fn a_month_is_one_of_london_to_the_second() {
    on_each_database(async |database| {
        let room = room(database, None).await;
        let mut edges = calls(FIRST, "2026-05", 8);
        // In May London is an hour ahead.
        for at in ["2026-04-30T23:00:00Z", "2026-05-31T22:59:59Z"] {
            edges.push(call(FIRST, at));
        }
        for at in ["2026-04-30T22:59:59Z", "2026-05-31T23:00:00Z"] {
            edges.push(call(FIRST, at));
        }
        keep_calls(&room.app, edges).await;
        assert_eq!(on(&room.month("2026-05").await, "individuals"), [(id_of(FIRST), 10)]);
        assert_eq!(on(&room.month("2026-04").await, "individuals"), []);
        room.app.get(&room.ccr, "/api/v1/caller-months/2026-07").await.is_problem(404, "not-found");
        room.app.get(&room.ccr, "/api/v1/caller-months/2026-5").await.is_problem(404, "not-found");
    });
}

#[test]
fn a_month_in_which_the_clocks_change_has_all_its_hours() {
    on_each_database(async |database| {
        let room = room(database, Some("2026-11-02T09:00:00Z")).await;
        let mut edges = calls(FIRST, "2026-10", 8);
        for at in ["2026-09-30T23:00:00Z", "2026-10-31T23:59:59Z", "2026-11-01T00:00:00Z", "2026-09-30T22:59:59Z"] {
            edges.push(call(FIRST, at));
        }
        keep_calls(&room.app, edges).await;
        assert_eq!(on(&room.month("2026-10").await, "individuals"), [(id_of(FIRST), 10)]);
    });
}

#[test]
fn organisations_stand_apart_from_people() {
    on_each_database(async |database| {
        let room = room(database, None).await;
        let of = |number: &str, kind: CallerKind| -> Vec<NewCall> {
            calls(number, "2026-05", 11).into_iter().map(|one| NewCall { kind, ..one }).collect()
        };
        keep_calls(&room.app, of(FIRST, CallerKind::Organisation)).await;
        keep_calls(&room.app, of(SECOND, CallerKind::Unknown)).await;
        let table = room.month("2026-05").await;
        assert_eq!(on(&table, "individuals"), []);
        assert_eq!(on(&table, "organisations"), [(id_of(FIRST), 11)]);
        assert_eq!(on(&table, "unknown"), [(id_of(SECOND), 11)]);
    });
}

#[test]
fn the_table_says_what_it_rests_on_and_what_it_is_not() {
    on_each_database(async |database| {
        let room = room(database, None).await;
        let mut some = calls(FIRST, "2026-05", 10);
        some.push(NewCall { caller: None, system: SystemKind::Acd, ..call(FIRST, "2026-05-20T12:00:00Z") });
        keep_calls(&room.app, some).await;
        let span = ("2026-05-01T12:00:00Z", "2026-05-10T12:00:00Z");
        keep_file(&room.app, "command-and-control", span, (ImportStatus::Done, 0)).await;
        keep_file(&room.app, "command-and-control", span, (ImportStatus::Undone, 0)).await;
        let coverage = room.month("2026-05").await["coverage"].clone();
        assert_eq!((&coverage["calls"], &coverage["callsWithoutCaller"]), (&json!(11), &json!(1)));
        let systems: Vec<&str> =
            coverage["systems"].as_array().unwrap().iter().map(|one| one["system"].as_str().unwrap()).collect();
        assert_eq!(systems, ["acd", "call-recorder", "command-and-control", "switchboard"]);
        let storm = &coverage["systems"][2];
        assert_eq!(storm["covered"], json!([{ "from": "2026-05-01", "to": "2026-05-10" }]));
        assert_eq!(storm["missing"], json!([{ "from": "2026-05-11", "to": "2026-05-31" }]));
        let recorder = &coverage["systems"][1];
        assert_eq!(recorder["covered"], json!([]));
        assert_eq!(recorder["missing"], json!([{ "from": "2026-05-01", "to": "2026-05-31" }]), "it delivered nothing");
        let none = json!([{ "from": "2026-05-11", "to": "2026-05-19" }, { "from": "2026-05-21", "to": "2026-05-31" }]);
        assert_eq!(coverage["daysWithoutAny"], none);
        assert_eq!(coverage["files"].as_array().unwrap().len(), 1, "what was undone covers nothing: {coverage}");
        let said = coverage["statement"].to_string();
        for words in ["digital", "hoax or nuisance", "domestic abuse", "nuisance or anything else by that alone"] {
            assert!(said.contains(words), "{words}: {said}");
        }
    });
}

#[test]
fn a_unit_says_that_it_has_the_table_and_what_it_did() {
    on_each_database(async |database| {
        let room = room(database, None).await;
        keep_calls(&room.app, calls(FIRST, "2026-05", 10)).await;
        let sendings = format!("{MAY}/sendings");
        let to_opt = json!({ "team": "opt", "note": "Please look." });
        room.app.post(&room.opt, &sendings, to_opt.clone()).await.is_problem(403, "wrong-role");
        room.app.post(&room.ccr, &sendings, json!({ "team": "psd" })).await.is_problem(422, "validation");
        let june = "/api/v1/caller-months/2026-06/sendings";
        room.app.post(&room.ccr, june, to_opt.clone()).await.is_problem(422, "validation");
        let sent = room.app.post(&room.ccr, &sendings, to_opt).await.ok();
        assert_eq!((&sent["callers"], &sent["receiptAt"]), (&json!(1), &Value::Null));
        let table = room.month("2026-05").await;
        assert_eq!(sent["contentSha256"], table["contentSha256"]);
        let one = format!("{sendings}/{}", sent["id"].as_str().unwrap());
        let snt = room.app.officer("snt", &[Role::Snt]).await;
        room.app.post(&snt, &format!("{one}/receipt"), Value::Null).await.is_problem(403, "wrong-role");
        let received = room.app.post(&room.opt, &format!("{one}/receipt"), Value::Null).await.ok();
        assert_eq!(received["receiptBy"], "Example opt");
        room.app.advance(chrono::Duration::hours(1));
        let again = room.app.post(&room.opt, &format!("{one}/receipt"), Value::Null).await.ok();
        assert_eq!(again["receiptAt"], received["receiptAt"], "a receipt is given once");
        room.app
            .post(&room.opt, &format!("{one}/action"), json!({ "action": " " }))
            .await
            .is_problem(422, "validation");
        let acted = json!({ "action": "Visited with the housing officer." });
        let acted = room.app.post(&room.opt, &format!("{one}/action"), acted).await.ok();
        assert_eq!(acted["action"], "Visited with the housing officer.");
        assert_eq!(room.month("2026-05").await["sendings"][0]["actionBy"], "Example opt");
    });
}

#[test]
fn a_check_that_nobody_made_is_seen_once_its_day_is_over() {
    on_each_database(async |database| {
        let room = room(database, Some("2026-06-12T15:00:00Z")).await;
        keep_calls(&room.app, calls(FIRST, "2026-05", 10)).await;
        let table = room.month("2026-05").await;
        assert_eq!(table["checkDue"], "2026-06-12");
        assert_eq!(table["checksOwed"], json!([{ "area": null, "missed": false }]));
        room.app.app.clock.set("2026-06-13T08:00:00Z".parse().unwrap());
        let table = room.month("2026-05").await;
        assert_eq!(table["checksOwed"], json!([{ "area": null, "missed": true }]));
        let checks = format!("{MAY}/checks");
        let found = json!({ "found": "Two need a visit." });
        room.app.post(&room.ccr, &checks, found.clone()).await.is_problem(403, "wrong-role");
        let of_area = json!({ "area": "east", "found": "x" });
        room.app.post(&room.opt, &checks, of_area).await.is_problem(422, "validation");
        let made = room.app.post(&room.opt, &checks, found).await.ok();
        assert_eq!((&made["late"], &made["checkedBy"]), (&json!(true), &json!("Example opt")));
        let table = room.month("2026-05").await;
        assert_eq!((&table["checksOwed"], &table["checks"][0]["late"]), (&json!([]), &json!(true)));
    });
}

#[test]
fn a_file_of_the_table_runs_nothing_says_what_it_is_and_is_taken_for_a_reason() {
    on_each_database(async |database| {
        let room = room(database, None).await;
        let named = |one: NewCall| NewCall { name: Some("=HYPERLINK(\"http://x.example\")"), ..one };
        keep_calls(&room.app, calls(FIRST, "2026-05", 10).into_iter().map(named).collect()).await;
        room.app.get(&room.ccr, &format!("{MAY}.csv")).await.is_problem(422, "validation");
        let taken = room.app.get(&room.ccr, &format!("{MAY}.csv?reason=For+the+analyst")).await;
        assert_eq!((taken.status, taken.header("content-type")), (200, Some("text/csv; charset=utf-8")));
        assert!(taken.text.contains("\"'=HYPERLINK(\"\"http://x.example\"\")\""), "{}", taken.text);
        assert!(taken.text.contains("'+447700900001"), "a number is no sum either: {}", taken.text);
        assert!(taken.text.contains("Nobody on it is a nuisance") && taken.text.contains("Of the whole county."));
        let missing = "Days without a call in the files of call-recorder: 2026-05-01 to 2026-05-31.";
        assert!(taken.text.contains(missing), "{}", taken.text);
    });
}

#[test]
fn who_complained_about_the_sender_is_sent_and_not_shown_to_the_sender() {
    on_each_database(async |database| {
        let log = access_log(&database).await;
        let room = room(database, None).await;
        let coordinator = room.app.officer("coordinator", &[Role::Coordinator]).await;
        let staff = room.app.officer("staff", &[Role::PsdStaff]).await;
        keep_calls(&room.app, calls(FIRST, "2026-05", 10)).await;
        let new = json!({ "reference": "FSU-0001", "fullName": "Example Person" });
        let person = room.app.post(&staff, "/api/v1/people", new).await.ok();
        let person = person["id"].as_str().unwrap();
        let link = json!({ "personId": person, "reason": "Same address and voice." });
        room.app.post(&coordinator, &format!("/api/v1/callers/{}/person", id_of(FIRST)), link).await.ok();
        let complaint = json!({ "officerId": room.ccr.id });
        room.app.post(&staff, &format!("/api/v1/people/{person}/complaints-about"), complaint).await.ok();
        assert_eq!(on(&room.month("2026-05").await, "individuals"), []);
        let seen = room.app.get(&room.opt, MAY).await.ok();
        assert_eq!(on(&seen, "individuals").len(), 1);
        let sent = room.app.post(&room.ccr, &format!("{MAY}/sendings"), json!({ "team": "opt" })).await.ok();
        assert_eq!((&sent["contentSha256"], &sent["callers"]), (&seen["contentSha256"], &json!(0)));
        let received = room.app.get(&room.opt, MAY).await.ok();
        assert_eq!(received["sendings"][0]["callers"], 1);
        let told = Entity::find().filter(Column::Recipient.eq("opt")).all(&log).await.unwrap();
        assert!(told.iter().any(|row| row.object_id == Some(id_of(FIRST))), "{told:?}");
    });
}
