//! Systems of units: what a narrow scope opens, of which areas, and that each disclosure names who was told.

use crate::support::made_calls::{NewCall, a_case, access_log, calls, id_of, keep_calls, nominated, system_of};
use crate::support::{Session, TestApp, on_each_database};
use entities::access_log::{Column, Entity};
use evenhand::app::{OfficerChange, amend_officer};
use evenhand::domain::access::{Role, Scope};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

const TOWN: &str = "+447700900001";
const NORTH: &str = "+447700900002";

async fn two_areas(app: &TestApp) {
    let of = |number: &str, area: &'static str| -> Vec<NewCall> {
        calls(number, "2026-05", 12).into_iter().map(|one| NewCall { area: Some(area), ..one }).collect()
    };
    keep_calls(app, of(TOWN, "town")).await;
    keep_calls(app, of(NORTH, "north")).await;
    nominated(app, TOWN).await;
    nominated(app, NORTH).await;
    for area in ["town", "north"] {
        let data = json!({ "referral": { "unit": "csu", "area": area } });
        a_case(app, ("with_unit", data), (None, None)).await;
    }
    a_case(app, ("nominated", json!({})), (None, None)).await;
}

fn ids(list: &Value, key: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap().to_owned()).collect()
}

const READ: [Scope; 3] = [Scope::CallersRead, Scope::CallerMonthsRead, Scope::AreaReferralsRead];

#[test]
fn a_system_of_an_area_is_told_of_its_area_alone() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        two_areas(&app).await;
        let town = system_of(&app, "town-unit", &READ, &["town"]).await;
        let county = system_of(&app, "county-unit", &READ, &[]).await;
        let month = "/api/v1/caller-months/2026-05";
        let table = app.get(&town, month).await.ok();
        assert_eq!(ids(&table["individuals"], "callerId"), [id_of(TOWN)]);
        assert_eq!((&table["areas"], &table["coverage"]["calls"]), (&json!(["town"]), &json!(12)));
        app.get(&town, &format!("{month}?area=north")).await.is_problem(404, "not-found");
        assert_eq!(app.get(&county, month).await.ok()["individuals"].as_array().unwrap().len(), 2);
        let file = app.get(&town, &format!("{month}.csv?reason=For+the+unit")).await;
        assert!(file.text.contains(TOWN) && !file.text.contains(NORTH), "{}", file.text);
        let listed = app.get(&town, "/api/v1/callers").await.ok();
        assert_eq!(ids(&listed["data"], "callerId"), [id_of(TOWN)]);
        assert_eq!(app.get(&town, &format!("/api/v1/callers/{}", id_of(TOWN))).await.status, 200);
        app.get(&town, &format!("/api/v1/callers/{}", id_of(NORTH))).await.is_problem(404, "not-found");
        let referrals = app.get(&town, "/api/v1/area-referrals").await.ok();
        assert_eq!(ids(&referrals["data"], "area"), ["town"]);
        let referrals = app.get(&county, "/api/v1/area-referrals").await.ok();
        assert_eq!(
            ids(&referrals["data"], "area"),
            ["town", "north"],
            "what was not referred is nobody's: {referrals}"
        );
    });
}

#[test]
fn an_officer_of_an_area_follows_the_referrals_of_that_area_alone() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        for area in ["north", "coast"] {
            let data = json!({ "referral": { "unit": "csu", "area": area } });
            a_case(&app, ("with_unit", data), (None, None)).await;
            let number = if area == "north" { TOWN } else { NORTH };
            let of_area = calls(number, "2026-05", 12).into_iter().map(|one| NewCall { area: Some(area), ..one });
            keep_calls(&app, of_area.collect()).await;
        }
        let north = app.officer("north", &[Role::Csu]).await;
        let county = app.officer("county", &[Role::Csu]).await;
        let change = OfficerChange { areas: Some(["north".to_owned()].into()), ..OfficerChange::default() };
        amend_officer(&app.app, "north", change).await.unwrap();
        let referrals = app.get(&north, "/api/v1/area-referrals").await.ok();
        assert_eq!(ids(&referrals["data"], "area"), ["north"]);
        let referrals = app.get(&county, "/api/v1/area-referrals").await.ok();
        assert_eq!(ids(&referrals["data"], "area"), ["north", "coast"]);
        let table = app.get(&north, "/api/v1/caller-months/2026-05").await.ok();
        assert_eq!(ids(&table["individuals"], "callerId"), [id_of(TOWN)]);
        app.get(&north, "/api/v1/caller-months/2026-05?area=coast").await.is_problem(404, "not-found");
    });
}

#[test]
fn a_scope_opens_its_own_addresses_and_no_other() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        two_areas(&app).await;
        let addresses = [
            (Scope::CallersRead, "/api/v1/callers".to_owned()),
            (Scope::CallersRead, format!("/api/v1/callers/{}", id_of(TOWN))),
            (Scope::CallerMonthsRead, "/api/v1/caller-months/2026-05".to_owned()),
            (Scope::AreaReferralsRead, "/api/v1/area-referrals".to_owned()),
        ];
        let mut systems: Vec<(Scope, Session)> = Vec::new();
        for scope in Scope::ALL {
            systems.push((scope, app.system(scope.as_str(), &[scope]).await));
        }
        for (needed, path) in &addresses {
            for (held, system) in &systems {
                let answer = app.get(system, path).await;
                assert_eq!(answer.status == 200, needed == held, "{held} {path}: {}", answer.text);
            }
        }
        // A system decides nothing, whatever it holds.
        let all = app.system("everything", &Scope::ALL).await;
        for (path, body) in [
            ("/api/v1/caller-months/2026-05/sendings".to_owned(), json!({ "team": "opt" })),
            ("/api/v1/caller-months/2026-05/checks".to_owned(), json!({ "found": "x" })),
            (format!("/api/v1/callers/{}/person", id_of(TOWN)), json!({ "reason": "x" })),
            ("/api/v1/coordination/notes".to_owned(), json!({ "words": "x" })),
        ] {
            let answer = app.post(&all, &path, body).await;
            assert_eq!((answer.status, &answer.body["code"]), (403, &json!("named-person-required")), "{path}");
        }
    });
}

#[test]
fn each_caller_a_system_was_told_of_is_written_down_with_the_system_as_recipient() {
    on_each_database(async |database| {
        let log = access_log(&database).await;
        let app = TestApp::start(database).await;
        two_areas(&app).await;
        let town = system_of(&app, "town-unit", &READ, &["town"]).await;
        app.get(&town, "/api/v1/caller-months/2026-05").await.ok();
        app.get(&town, "/api/v1/area-referrals").await.ok();
        let given = Entity::find().filter(Column::Action.eq("disclose")).all(&log).await.unwrap();
        assert!(given.iter().all(|row| row.recipient.as_deref() == Some("town-unit")), "{given:?}");
        let told = |object: &str| {
            let rows = given.iter().filter(|row| row.object == object);
            rows.filter_map(|row| row.object_id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(told("caller"), [id_of(TOWN)]);
        assert_eq!(told("case").len(), 1);
        // Sending a table to a unit is a disclosure to that unit.
        let ccr = app.officer("ccr", &[Role::Ccr]).await;
        let misspelt = json!({ "team": "snt", "area": "North" });
        let refused = app.post(&ccr, "/api/v1/caller-months/2026-05/sendings", misspelt).await;
        refused.is_problem(422, "validation");
        assert!(refused.text.contains("it has: north, town"), "{}", refused.text);
        let sending = json!({ "team": "snt", "area": "north" });
        let sent = app.post(&ccr, "/api/v1/caller-months/2026-05/sendings", sending).await.ok();
        assert_eq!(sent["callers"], 1);
        let to_unit = Entity::find().filter(Column::Recipient.eq("snt of north")).all(&log).await.unwrap();
        assert!(to_unit.iter().any(|row| row.object_id == Some(id_of(NORTH))), "{to_unit:?}");
    });
}

#[test]
fn a_unit_sees_the_referrals_that_were_made_to_it() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        for unit in ["csu", "snt"] {
            let data = json!({ "referral": { "unit": unit, "area": "town" } });
            a_case(&app, ("with_unit", data), (None, None)).await;
        }
        for (role, units) in [(Role::Snt, vec!["snt"]), (Role::Opt, vec![]), (Role::Csu, vec!["csu"])] {
            let who = app.officer(role.as_str(), &[role]).await;
            let seen = app.get(&who, "/api/v1/area-referrals").await.ok();
            assert_eq!(ids(&seen["data"], "unit"), units, "{role}");
        }
    });
}
