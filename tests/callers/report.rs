//! The report of referrals: outcomes, estimates and calls before and after, of the days that are asked for.

use crate::support::made_calls::{a_case, call, calls, keep_calls, nominated, took};
use crate::support::{Session, TestApp, TestDatabase, on_each_database};
use chrono::Duration;
use evenhand::domain::access::Role;
use evenhand::domain::ids::NominationId;
use evenhand::store::{Tx, nominations};
use serde_json::{Value, json};

const REPORT: &str = "/api/v1/coordination/report";
const FIRST: &str = "+447700900001";
const SECOND: &str = "+447700900002";

async fn reader(database: TestDatabase) -> (TestApp, Session) {
    let app = TestApp::start(database).await;
    let auditor = app.officer("auditor", &[Role::Auditor]).await;
    (app, auditor)
}

fn concluded(outcome: &str, more: &Value) -> Value {
    let mut data = json!({ "referral": { "unit": "csu", "area": "east" }, "outcome": { "outcome": outcome } });
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    data
}

fn cases(report: &Value, outcome: &str) -> u64 {
    let all = report["outcomes"].as_array().unwrap();
    all.iter().find(|one| one["outcome"] == outcome).unwrap()["cases"].as_u64().unwrap()
}

#[test]
fn what_came_of_cases_is_counted_in_the_days_in_which_it_came() {
    on_each_database(async |database| {
        let (app, auditor) = reader(database).await;
        for outcome in ["needs_met", "needs_met", "transferred"] {
            a_case(&app, ("concluded", concluded(outcome, &json!({}))), (None, None)).await;
        }
        a_case(&app, ("diverted", json!({})), (None, None)).await;
        a_case(&app, ("closed", json!({})), (None, None)).await;
        let back = a_case(&app, ("reviewed", json!({})), (None, None)).await;
        took(&app, back, ("return", "reviewed")).await;
        took(&app, back, ("return", "reviewed")).await;
        let report = app.get(&auditor, REPORT).await.ok();
        assert_eq!((&report["from"], &report["to"]), (&json!("2025-06-02"), &json!("2026-06-01")));
        let of = |report: &Value| {
            ["needs_met", "transferred", "unchanged", "returned", "diverted", "closed"].map(|one| cases(report, one))
        };
        assert_eq!(of(&report), [2, 1, 0, 1, 1, 1], "a case that was returned twice is one case");
        let later = app.get(&auditor, &format!("{REPORT}?from=2026-06-02&to=2026-06-30")).await.ok();
        assert_eq!(of(&later), [0; 6]);
        let odd = app.get(&auditor, &format!("{REPORT}?from=2026-06-02&to=2026-06-01")).await;
        odd.is_problem(422, "validation");
    });
}

#[test]
fn estimates_of_cases_are_added_with_how_many_gave_one_and_never_to_what_is_known() {
    on_each_database(async |database| {
        let (app, auditor) = reader(database).await;
        let estimate = |to: &str, more: Value| {
            let mut all = json!({ "from": "2026-05-01", "to": to, "howEstimated": "Ten minutes a call." });
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            all
        };
        let first = [
            estimate("2026-05-31", json!({ "deniedServiceMinutes": 60, "costPounds": 12 })),
            estimate("2026-05-20", json!({ "deniedServiceMinutes": 30 })),
            estimate("2024-05-20", json!({ "deniedServiceMinutes": 1000 })),
        ];
        a_case(&app, ("with_unit", json!({ "impacts": first })), (None, None)).await;
        let second = [estimate("2026-05-31", json!({ "deniedServiceMinutes": 10, "staffingMinutes": 5 }))];
        a_case(&app, ("with_unit", json!({ "impacts": second })), (None, None)).await;
        a_case(&app, ("with_unit", json!({})), (None, None)).await;
        let coordinator = app.officer("coordinator", &[Role::Coordinator]).await;
        let known = json!({ "kind": "denied_service", "amount": 7, "unit": "minutes", "from": "2026-05-01",
                            "to": "2026-05-31", "certainty": "known", "how": "From the rota." });
        app.post(&coordinator, "/api/v1/coordination/costs", known).await.ok();
        let report = app.get(&auditor, REPORT).await.ok();
        let sums: Vec<_> = report["impacts"].as_array().unwrap().iter().collect();
        let sum = |kind: &str, unit: &str, amount: i64, cases: u64| json!({ "kind": kind, "unit": unit, "certainty": "estimate", "amount": amount, "cases": cases });
        let expected =
            [sum("denied_service", "minutes", 100, 2), sum("staffing", "minutes", 5, 1), sum("cost", "pence", 1200, 1)];
        assert_eq!(sums, expected.iter().collect::<Vec<_>>());
        assert_eq!(report["sums"][0]["amount"], 7);
        let before = app.get(&auditor, &format!("{REPORT}?from=2026-01-01&to=2026-02-01")).await.ok();
        assert_eq!((&before["impacts"], &before["costs"]), (&json!([]), &json!([])));
    });
}

#[test]
fn calls_before_a_referral_are_told_beside_those_after_the_conclusion_where_both_are_on_file() {
    on_each_database(async |database| {
        let (app, auditor) = reader(database).await;
        // Of May, those of the 4th to the 12th lie in the four weeks before 1 June.
        keep_calls(&app, calls(FIRST, "2026-05", 12)).await;
        keep_calls(&app, calls(SECOND, "2026-05", 4)).await;
        keep_calls(&app, vec![call("+447700900009", "2026-04-01T12:00:00Z")]).await;
        let telephone = json!({ "callerTelephone": "07700 900001" });
        a_case(&app, ("concluded", concluded("calls_reduced", &telephone)), (None, None)).await;
        let by_rule = a_case(&app, ("concluded", concluded("unchanged", &json!({}))), (None, None)).await;
        let nomination: NominationId = nominated(&app, SECOND).await.parse().unwrap();
        let written = app.app.store.write(async move |tx: &Tx| nominations::set_case(tx, nomination, by_rule).await);
        written.await.unwrap();
        a_case(&app, ("concluded", concluded("unchanged", &json!({}))), (None, None)).await;
        let too_soon = app.get(&auditor, REPORT).await.ok();
        assert_eq!((&too_soon["calls"]["cases"], &too_soon["calls"]["notOnFile"]), (&json!(0), &json!(2)));
        keep_calls(&app, vec![call(FIRST, "2026-06-10T12:00:00Z"), call(FIRST, "2026-06-29T12:00:00Z")]).await;
        keep_calls(&app, vec![call(SECOND, "2026-06-10T12:00:00Z"), call(SECOND, "2026-06-11T12:00:00Z")]).await;
        app.advance(Duration::days(40));
        let behind = app.get(&auditor, REPORT).await.ok();
        assert_eq!(behind["calls"]["notOnFile"], 0, "a call of 29 June is on file: {behind}");
        let expected = json!({ "days": 28, "cases": 2, "callsBefore": 10, "callsAfter": 3, "fewer": 1, "same": 0,
                               "more": 1, "notOnFile": 0, "callerUnknown": 1 });
        assert_eq!(behind["calls"], expected);
        let measures = behind["measures"].as_array().unwrap();
        let measure = |which: &str| measures.iter().find(|one| one["measure"] == which).unwrap()["count"].clone();
        assert_eq!((measure("calls_before"), measure("calls_after")), (json!(10), json!(3)));
        assert!(behind["says"].to_string().contains("fall from a peak by themselves"), "{}", behind["says"]);
    });
}
