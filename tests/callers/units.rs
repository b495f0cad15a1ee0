//! The monthly table as units of an area have it: what is theirs, what they answer for, and how their callers are counted.

use super::months::MAY;
use crate::support::made_calls::{NewCall, access_log, calls, id_of, keep_calls};
use crate::support::{Session, TestApp, on_each_database};
use crate::web::browser::Browser;
use entities::access_log::{Column, Entity};
use evenhand::app::{OfficerChange, amend_officer};
use evenhand::domain::access::Role;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

const FIRST: &str = "+447700900001";
const SECOND: &str = "+447700900002";

/// An officer whose areas these are.
async fn of_area(app: &TestApp, role: Role, areas: &[&str]) -> Session {
    let name = format!("{role}-{}", areas.join("-"));
    let officer = app.officer(&name, &[role]).await;
    let areas = areas.iter().map(|area| (*area).to_owned()).collect();
    let change = OfficerChange { areas: Some(areas), ..OfficerChange::default() };
    amend_officer(&app.app, &name, change).await.unwrap();
    officer
}

async fn send(app: &TestApp, by: &Session, new: Value) -> String {
    let sent = app.post(by, &format!("{MAY}/sendings"), new).await.ok();
    format!("{MAY}/sendings/{}", sent["id"].as_str().unwrap())
}

async fn tasks(app: &TestApp, of: &Session) -> Vec<Value> {
    app.get(of, "/api/v1/tasks").await.ok()["data"].as_array().unwrap().clone()
}

#[test]
fn a_table_of_the_whole_county_reaches_the_unit_of_each_area() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let ccr = app.officer("ccr", &[Role::Ccr]).await;
        let opt = app.officer("opt", &[Role::Opt]).await;
        let (north, snt) = (of_area(&app, Role::Opt, &["north"]).await, of_area(&app, Role::Snt, &["north"]).await);
        keep_calls(&app, calls(FIRST, "2026-05", 10)).await;
        let one = send(&app, &ccr, json!({ "team": "opt", "note": "Please look." })).await;
        app.post(&opt, &format!("{MAY}/checks"), json!({ "found": "Nothing." })).await.ok();
        let seen = app.get(&north, MAY).await.ok();
        assert_eq!(
            (&seen["sendings"][0]["note"], &seen["checks"][0]["found"]),
            (&json!("Please look."), &json!("Nothing."))
        );
        assert_eq!(seen["individuals"], json!([]), "none of them called from there");
        let waiting = tasks(&app, &north).await;
        assert_eq!((waiting.len(), &waiting[0]["kind"]), (1, &json!("month_sending")));
        assert!(waiting[0]["title"].as_str().unwrap().contains("May 2026"), "{waiting:?}");
        let tick = format!("/api/v1/tasks/{}/completion", waiting[0]["id"].as_str().unwrap());
        app.post(&north, &tick, json!({})).await.is_problem(409, "done-by-its-own-action");
        assert!(tasks(&app, &snt).await.is_empty(), "it was not sent to them");
        let theirs = app.get(&snt, MAY).await.ok();
        let told = (&theirs["sendings"][0]["team"], &theirs["sendings"][0]["note"]);
        assert_eq!(told, (&json!("opt"), &Value::Null), "what another unit was asked is not theirs to read");
        app.post(&north, &format!("{one}/receipt"), Value::Null).await.ok();
        assert!(tasks(&app, &opt).await.is_empty(), "the unit has it");
    });
}

#[test]
fn a_unit_answers_for_its_own_area_alone() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let ccr = app.officer("ccr", &[Role::Ccr]).await;
        let county = app.officer("opt", &[Role::Opt]).await;
        let (north, coast) = (of_area(&app, Role::Opt, &["north"]).await, of_area(&app, Role::Opt, &["coast"]).await);
        let both = of_area(&app, Role::Opt, &["coast", "town"]).await;
        keep_calls(&app, calls(FIRST, "2026-05", 10)).await;
        let one = send(&app, &ccr, json!({ "team": "opt", "area": "north" })).await;
        assert_eq!((tasks(&app, &north).await.len(), tasks(&app, &coast).await.len()), (1, 0));
        app.post(&coast, &format!("{one}/receipt"), Value::Null).await.is_problem(403, "not-your-area");
        let acted = json!({ "action": "Visited." });
        app.post(&coast, &format!("{one}/action"), acted.clone()).await.is_problem(403, "not-your-area");
        app.post(&north, &format!("{one}/action"), acted).await.ok();
        assert!(tasks(&app, &north).await.is_empty());

        let checks = format!("{MAY}/checks");
        let of_north = json!({ "area": "north", "found": "Two need a visit." });
        app.post(&coast, &checks, of_north).await.is_problem(403, "not-your-area");
        let found = json!({ "found": "One needs a visit." });
        assert_eq!(app.post(&coast, &checks, found.clone()).await.ok()["area"], "coast");
        let owed = |table: Value| -> Vec<Value> {
            table["checksOwed"].as_array().unwrap().iter().map(|one| one["area"].clone()).collect()
        };
        assert_eq!(owed(app.get(&county, MAY).await.ok()), ["north", "town"]);
        let which = app.post(&both, &checks, found.clone()).await;
        which.is_problem(422, "validation");
        assert!(which.text.contains("coast, town"), "{}", which.text);
        assert_eq!(app.post(&county, &checks, found).await.ok()["area"], Value::Null);
        assert!(owed(app.get(&county, MAY).await.ok()).is_empty());
        let page = format!("/callers/sendings/{}/action", one.rsplit('/').next().unwrap());
        assert_eq!(Browser::sign_in(&app, "opt-coast").await.get(&page).await.status, 403);
        let browser = Browser::sign_in(&app, "opt-coast-town").await;
        browser.get("/callers/months/2026-05/check").await.says(&["Exampleshire Coast, Exampleton", "Of which area?"]);
    });
}

#[test]
fn a_month_of_which_one_area_was_checked_is_checked_in_part() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let coast = of_area(&app, Role::Opt, &["coast"]).await;
        keep_calls(&app, calls(FIRST, "2026-05", 10)).await;
        app.post(&coast, &format!("{MAY}/checks"), json!({ "found": "One needs a visit." })).await.ok();
        let browser = Browser::sign_in(&app, "opt-coast").await;
        browser.get("/callers/months").await.says(&["Checked in part. Due by 12 June 2026"]);
        browser.get("/callers/months/2026-05").await.says(&["Nobody has checked: North Exampleshire, Exampleton."]);
    });
}

#[test]
fn how_far_months_are_tells_nobody_what_a_unit_was_asked_or_did() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let ccr = app.officer("ccr", &[Role::Ccr]).await;
        let (north, coast) = (of_area(&app, Role::Opt, &["north"]).await, of_area(&app, Role::Snt, &["coast"]).await);
        keep_calls(&app, calls(FIRST, "2026-05", 10)).await;
        let one = send(&app, &ccr, json!({ "team": "opt", "area": "north", "note": "Mrs Example first." })).await;
        app.post(&north, &format!("{one}/action"), json!({ "action": "Mrs Example was seen." })).await.ok();
        let desk = app.get(&coast, "/api/v1/coordination").await.ok();
        let sent = &desk["months"][1]["sendings"][0];
        assert_eq!((&sent["team"], sent["actionAt"].is_string()), (&json!("opt"), true));
        assert!(!desk.to_string().contains("Mrs Example"), "{desk}");
        assert!(!app.get(&coast, MAY).await.text.contains("Mrs Example"));
        assert!(app.get(&north, MAY).await.text.contains("Mrs Example was seen."));
    });
}

#[test]
fn a_caller_is_on_the_table_of_an_area_by_all_their_calls() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let north = of_area(&app, Role::Opt, &["north"]).await;
        let mut some = calls(FIRST, "2026-05", 15);
        some.iter_mut().take(9).for_each(|one| one.area = Some("north"));
        keep_calls(&app, some).await;
        let elsewhere = calls(SECOND, "2026-05", 12).into_iter().map(|one| NewCall { area: Some("coast"), ..one });
        keep_calls(&app, elsewhere.collect()).await;
        let table = app.get(&north, MAY).await.ok();
        let rows = table["individuals"].as_array().unwrap();
        assert_eq!((rows.len(), &rows[0]["callerId"]), (1, &json!(id_of(FIRST))));
        assert_eq!((&rows[0]["calls"], &rows[0]["callsInAreas"]), (&json!(15), &json!(9)));
        let coverage = &table["coverage"];
        assert_eq!((&coverage["calls"], &coverage["callsWithoutArea"]), (&json!(9), &json!(6)));
        assert!(coverage["statement"].to_string().contains("no known area"), "{coverage}");
        let file = app.get(&north, &format!("{MAY}.csv?reason=For+the+unit")).await.text;
        for said in
            ["North Exampleshire", "Calls of no known area, which are in no area's table: 6.", "Calls from the areas"]
        {
            assert!(file.contains(said), "{said}: {file}");
        }
        let page = Browser::sign_in(&app, "opt-north").await.get("/callers/months/2026-05").await;
        page.says(&["North Exampleshire", "6 calls of no known area are in no area", "From here"]);
    });
}

#[test]
fn two_numbers_of_one_person_are_one_row() {
    on_each_database(async |database| {
        let log = access_log(&database).await;
        let app = TestApp::start(database).await;
        let coordinator = app.officer("coordinator", &[Role::Coordinator]).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        keep_calls(&app, calls(FIRST, "2026-05", 7)).await;
        keep_calls(&app, calls(SECOND, "2026-05", 6)).await;
        let none = app.get(&coordinator, MAY).await.ok();
        assert_eq!(none["individuals"], json!([]));
        let new = json!({ "reference": "FSU-0001", "fullName": "Example Person" });
        let person = app.post(&staff, "/api/v1/people", new).await.ok();
        for number in [FIRST, SECOND] {
            let link = json!({ "personId": person["id"], "reason": "Same address and voice." });
            app.post(&coordinator, &format!("/api/v1/callers/{}/person", id_of(number)), link).await.ok();
        }
        let table = app.get(&coordinator, MAY).await.ok();
        let rows = table["individuals"].as_array().unwrap();
        assert_eq!((rows.len(), &rows[0]["calls"], &rows[0]["callsInAreas"]), (1, &json!(13), &Value::Null));
        assert_eq!((&rows[0]["number"], &rows[0]["also"][0]["number"]), (&json!(FIRST), &json!(SECOND)));
        let read = Entity::find().filter(Column::ObjectId.eq(id_of(SECOND))).all(&log).await.unwrap();
        assert!(!read.is_empty(), "the look at the second number is written down too");
        let file = app.get(&coordinator, &format!("{MAY}.csv?reason=For+the+unit")).await.text;
        assert!(file.contains(&format!("{FIRST}; {SECOND}")), "{file}");
        let browser = Browser::sign_in(&app, "coordinator").await;
        browser.get("/callers/months/2026-05").await.says(&[FIRST, SECOND]);
    });
}
