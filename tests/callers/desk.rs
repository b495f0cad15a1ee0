//! The coordinator's desk: how far referrals are, how the identification runs, handover, partners, costs.

use crate::support::made_calls::{a_case, calls, keep_calls, keep_file, nominated, went_to};
use crate::support::{Session, TestApp, TestDatabase, on_each_database};
use chrono::Duration;
use evenhand::domain::access::Role;
use evenhand::store::call_imports::ImportStatus;
use serde_json::{Value, json};

struct Desk {
    app: TestApp,
    coordinator: Session,
}

async fn desk(database: TestDatabase) -> Desk {
    let app = TestApp::start(database).await;
    let coordinator = app.officer("coordinator", &[Role::Coordinator]).await;
    Desk { app, coordinator }
}

const DESK: &str = "/api/v1/coordination";

fn referred(unit: &str, area: &str) -> Value {
    json!({ "referral": { "unit": unit, "area": area } })
}

fn count(list: &Value, key: (&str, &str), of: &str) -> u64 {
    let found = list.as_array().unwrap().iter().find(|one| one[key.0] == key.1);
    found.unwrap_or_else(|| panic!("{} {} in {list}", key.0, key.1))[of].as_u64().unwrap()
}

#[test]
fn the_desk_shows_what_is_overdue_and_who_has_no_area_yet() {
    on_each_database(async |database| {
        let desk = desk(database).await;
        let late =
            a_case(&desk.app, ("with_unit", referred("csu", "east")), (None, Some("2026-05-30T09:00:00Z"))).await;
        a_case(&desk.app, ("with_unit", referred("csu", "east")), (None, Some("2026-06-30T09:00:00Z"))).await;
        let review = a_case(&desk.app, ("review_due", referred("csu", "east")), (None, None)).await;
        let new = a_case(&desk.app, ("referred", referred("csu", "east")), (None, None)).await;
        let nowhere = json!({ "referral": { "unit": "csu", "areaFrom": "unknown", "asked": "A visit." } });
        let lost = a_case(&desk.app, ("area_unknown", nowhere), (None, None)).await;
        keep_calls(&desk.app, calls("+447700900001", "2026-05", 12)).await;
        nominated(&desk.app, "+447700900001").await;
        let seen = desk.app.get(&desk.coordinator, DESK).await.ok();
        let referrals = &seen["referrals"];
        assert_eq!(referrals["overdue"][0]["caseId"], json!(late));
        assert_eq!(referrals["overdue"].as_array().unwrap().len(), 1);
        assert_eq!(referrals["reviewDue"][0]["caseId"], json!(review));
        assert_eq!(referrals["toTakeOn"][0]["caseId"], json!(new));
        assert_eq!(referrals["areaUnknown"][0]["caseId"], json!(lost));
        assert_eq!(referrals["nominationsWaiting"], 1);
        assert_eq!(count(&referrals["byState"], ("state", "with_unit"), "cases"), 2);
        let measure = |which: &str| count(&seen["measures"], ("measure", which), "count");
        assert_eq!(measure("referred"), 4, "who is on the list of unknown areas is referred to nobody");
        assert_eq!(measure("with_unit"), 3, "a case whose review is due is with its unit");
        assert_eq!(seen["holders"][0]["name"], "Example coordinator");
        assert_eq!(seen["programme"]["evidence"], "untested");
        assert_eq!(seen["months"][1]["month"], "2026-05");
    });
}

#[test]
fn the_desk_says_how_each_systems_files_come_in() {
    on_each_database(async |database| {
        let desk = desk(database).await;
        let span = ("2026-05-20T12:00:00Z", "2026-05-28T12:00:00Z");
        keep_file(&desk.app, "command-and-control", span, (ImportStatus::Done, 3)).await;
        desk.app.advance(Duration::minutes(1));
        keep_file(&desk.app, "command-and-control", span, (ImportStatus::Failed, 0)).await;
        let seen = desk.app.get(&desk.coordinator, DESK).await.ok();
        let storm = system(&seen, "command-and-control");
        assert_eq!(storm["failedSince"], 1);
        assert_eq!((&storm["rejected"], &storm["rejectedPerMille"]), (&json!(3), &json!(30)));
        // The last call was on 28 May; there is none of 29, 30 and 31 May.
        assert_eq!(storm["daysWithout"], 3);
        assert!(seen["identification"]["rules"][0].as_str().unwrap().contains("rolling week"));
    });
}

#[test]
fn a_system_that_stopped_or_never_began_stays_on_the_desk() {
    on_each_database(async |database| {
        let desk = desk(database).await;
        let old = ("2026-05-01T12:00:00Z", "2026-05-10T12:00:00Z");
        keep_file(&desk.app, "acd", old, (ImportStatus::Done, 0)).await;
        let new = ("2026-05-30T12:00:00Z", "2026-05-31T12:00:00Z");
        for _ in 0..501 {
            keep_file(&desk.app, "command-and-control", new, (ImportStatus::Done, 0)).await;
        }
        let seen = desk.app.get(&desk.coordinator, DESK).await.ok();
        let stopped = system(&seen, "acd");
        assert_eq!((&stopped["lastFile"], &stopped["daysWithout"]), (&json!("acd.csv"), &json!(21)));
        let never = system(&seen, "switchboard");
        assert_eq!((&never["lastDoneAt"], &never["daysWithout"]), (&Value::Null, &Value::Null));
    });
}

fn system<'v>(desk: &'v Value, name: &str) -> &'v Value {
    let systems = desk["identification"]["systems"].as_array().unwrap();
    systems.iter().find(|one| one["system"] == name).unwrap_or_else(|| panic!("no {name} in {systems:?}"))
}

#[test]
fn each_role_sees_its_own_part_of_the_desk() {
    on_each_database(async |database| {
        let desk = desk(database).await;
        keep_calls(&desk.app, calls("+447700900001", "2026-05", 12)).await;
        for (role, referrals, runs, months) in [
            (Role::Csu, true, false, true),
            (Role::Opt, false, false, true),
            (Role::Snt, true, false, true),
            (Role::Ccr, false, true, true),
            (Role::Auditor, true, true, true),
        ] {
            let who = desk.app.officer(role.as_str(), &[role]).await;
            let seen = desk.app.get(&who, DESK).await.ok();
            let parts = ["referrals", "identification", "months"].map(|part| !seen[part].is_null());
            assert_eq!(parts, [referrals, runs, months], "{role}");
            let marks = json!(0);
            let reads = role != Role::Auditor;
            assert_eq!(seen["markersOverdue"], if reads { marks } else { Value::Null }, "{role}");
        }
        let staff = desk.app.officer("staff", &[Role::PsdStaff]).await;
        desk.app.get(&staff, DESK).await.is_problem(403, "wrong-role");
    });
}

#[test]
fn what_the_next_coordinator_has_to_know_stays_when_somebody_leaves() {
    on_each_database(async |database| {
        let desk = desk(database).await;
        let note = json!({ "words": "The ambulance desk is asked on Mondays." });
        desk.app.post(&desk.coordinator, &format!("{DESK}/notes"), note).await.ok();
        let partner = json!({ "partner": "ambulance", "name": "A. Desk", "reachedBy": "01632 960001" });
        let added = desk.app.post(&desk.coordinator, &format!("{DESK}/partners"), partner).await.ok();
        let odd = json!({ "partner": "navy", "name": "A. Desk", "reachedBy": "01632 960001" });
        desk.app.post(&desk.coordinator, &format!("{DESK}/partners"), odd).await.is_problem(422, "validation");
        let next = desk.app.officer("next", &[Role::Coordinator]).await;
        let notes = desk.app.get(&next, &format!("{DESK}/notes")).await.ok();
        assert_eq!(
            (&notes[0]["words"], &notes[0]["by"]),
            (&json!("The ambulance desk is asked on Mondays."), &json!("Example coordinator"))
        );
        let partners = desk.app.get(&next, &format!("{DESK}/partners")).await.ok();
        assert_eq!(partners[0]["partnerTitle"], "Ambulance service");
        let end = format!("{DESK}/partners/{}/end", added["id"].as_str().unwrap());
        assert_eq!(desk.app.post(&next, &end, Value::Null).await.status, 204);
        assert_eq!(desk.app.get(&next, &format!("{DESK}/partners")).await.ok(), json!([]));
    });
}

#[test]
fn a_coordinator_who_is_away_has_a_deputy_whom_the_desk_names_until_the_last_day() {
    on_each_database(async |database| {
        let desk = desk(database).await;
        let deputy = desk.app.officer("deputy", &[Role::Coordinator]).await;
        let other = desk.app.officer("other", &[Role::Csu]).await;
        let chair = desk.app.officer("chair", &[Role::Chair]).await;
        let cover = |by: &str| {
            json!({ "spocId": desk.coordinator.id, "byId": by, "from": "2026-06-01", "to": "2026-06-05",
                    "reason": "On leave." })
        };
        desk.app.post(&chair, "/api/v1/covers", cover(&other.id)).await.is_problem(422, "validation");
        desk.app.post(&chair, "/api/v1/covers", cover(&deputy.id)).await.ok();
        let of = |seen: &Value| {
            let holders = seen["holders"].as_array().unwrap();
            holders.iter().find(|one| one["name"] == "Example coordinator").unwrap()["deputy"].clone()
        };
        let seen = of(&desk.app.get(&deputy, DESK).await.ok());
        assert_eq!((&seen["name"], &seen["to"]), (&json!("Example deputy"), &json!("2026-06-05")));
        desk.app.advance(Duration::days(5));
        assert_eq!(of(&desk.app.get(&deputy, DESK).await.ok()), Value::Null);
    });
}

#[test]
fn a_report_counts_what_was_done_labels_what_is_estimated_and_concludes_nothing() {
    on_each_database(async |database| {
        let desk = desk(database).await;
        let case = a_case(&desk.app, ("with_unit", referred("csu", "east")), (None, None)).await;
        a_case(&desk.app, ("diverted", json!({})), (None, None)).await;
        desk.app.advance(Duration::days(3));
        went_to(&desk.app, case, "with_unit").await;
        let costs = format!("{DESK}/costs");
        let cost = |kind: &str, certainty: &str, amount: i64| {
            json!({ "kind": kind, "amount": amount, "unit": "pence", "from": "2026-05-01", "to": "2026-05-31",
                    "certainty": certainty, "how": "From the rota." })
        };
        for (certainty, amount) in [("known", 120_000), ("known", 5), ("estimate", 90_000)] {
            desk.app.post(&desk.coordinator, &costs, cost("backfill", certainty, amount)).await.ok();
        }
        desk.app.post(&desk.coordinator, &costs, cost("backfill", "guess", 1)).await.is_problem(422, "validation");
        desk.app.post(&desk.coordinator, &costs, cost("backfill", "known", -1)).await.is_problem(422, "validation");
        let report = desk.app.get(&desk.coordinator, &format!("{DESK}/report")).await.ok();
        assert_eq!(report["acceptance"], json!({ "accepted": 1, "medianDays": 3, "longestDays": 3 }));
        assert_eq!(report["byUnit"], json!({ "csu": 1, "none": 1 }));
        assert_eq!(count(&report["measures"], ("measure", "diverted"), "count"), 1);
        let sums = report["sums"].as_array().unwrap();
        let sums: Vec<_> =
            sums.iter().map(|sum| (sum["certainty"].as_str().unwrap(), sum["amount"].as_i64().unwrap())).collect();
        assert_eq!(sums, [("estimate", 90_000), ("known", 120_005)], "an estimate is never added to what is known");
        assert_eq!(report["evidence"], "untested");
        assert!(report["says"].to_string().contains("does not show that the referral did it"));
        let entered = report["costs"][0]["id"].as_str().unwrap();
        let withdrawn = format!("{costs}/{entered}/withdrawal");
        assert_eq!(desk.app.post(&desk.coordinator, &withdrawn, Value::Null).await.status, 204);
        assert_eq!(desk.app.get(&desk.coordinator, &costs).await.ok().as_array().unwrap().len(), 2);
    });
}
