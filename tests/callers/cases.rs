//! Cases of repeat callers in lists: whoever coordinates sees every one, a unit its own and nothing of any other.

use crate::support::made_calls::{a_case, calls, keep_calls, nominated, system_of};
use crate::support::{TestApp, on_each_database};
use evenhand::app::{OfficerChange, amend_officer};
use evenhand::domain::access::{Role, Scope};
use evenhand::store::{Tx, nominations};
use serde_json::{Value, json};

const DESK: &str = "/api/v1/coordination";

fn referred(unit: &str, area: &str) -> Value {
    let asked = format!("Visit {unit} of {area}.");
    json!({ "referral": { "unit": unit, "area": area, "location": format!("1 {area} Road"), "asked": asked } })
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one["caseId"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_unit_is_told_nothing_of_a_case_that_is_not_its_own() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let late = Some("2026-05-30T09:00:00Z");
        let own = a_case(&app, ("with_unit", referred("csu", "north")), (None, late)).await;
        for other in [referred("csu", "coast"), referred("snt", "north")] {
            a_case(&app, ("with_unit", other), (None, late)).await;
        }
        let nowhere = json!({ "referral": { "unit": "csu", "areaFrom": "unknown", "asked": "Find the coast." } });
        a_case(&app, ("area_unknown", nowhere), (None, late)).await;
        let north = app.officer("north", &[Role::Csu]).await;
        let change = OfficerChange { areas: Some(["north".to_owned()].into()), ..OfficerChange::default() };
        amend_officer(&app.app, "north", change).await.unwrap();
        let desk = app.get(&north, DESK).await;
        assert!(!desk.text.contains("coast") && !desk.text.contains("snt of"), "{}", desk.text);
        assert_eq!(ids(&desk.body["referrals"]["overdue"]), [own.to_string()]);
        assert_eq!(desk.body["referrals"]["areaUnknown"], json!([]));
        let new = json!({ "kind": "monthly", "heldOn": "2026-06-02" });
        let planned = app.post(&north, &format!("{DESK}/meetings"), new).await.ok();
        assert_eq!(ids(&planned["agenda"]["referrals"]), [own.to_string()]);
        let team = app.officer("team", &[Role::Snt]).await;
        let desk = app.get(&team, DESK).await;
        assert!(!desk.text.contains("csu of"), "{}", desk.text);
        assert_eq!(ids(&desk.body["referrals"]["overdue"]).len(), 1);
    });
}

#[test]
fn a_system_is_told_of_referrals_that_wait_for_a_unit_or_are_with_it_and_of_no_other() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let mut with_a_unit = Vec::new();
        for state in ["referred", "with_unit", "review_due", "reviewed", "concluded", "diverted", "closed"] {
            let case = a_case(&app, (state, referred("csu", "north")), (None, None)).await;
            with_a_unit.push(case.to_string());
        }
        let nowhere = json!({ "referral": { "unit": "csu", "areaFrom": "unknown", "asked": "A visit." } });
        a_case(&app, ("area_unknown", nowhere), (None, None)).await;
        let county = system_of(&app, "county-unit", &[Scope::AreaReferralsRead], &[]).await;
        let told = app.get(&county, "/api/v1/area-referrals").await.ok();
        assert_eq!(ids(&told["data"]), with_a_unit[..3], "{told}");
        let officer = app.officer("csu", &[Role::Csu]).await;
        let told = app.get(&officer, "/api/v1/area-referrals?limit=2").await.ok();
        assert_eq!(ids(&told["data"]), with_a_unit[..2], "{told}");
    });
}

async fn measured(app: &TestApp, which: &str) -> u64 {
    let coordinator = app.officer(&format!("reads.{which}.{}", app.app.new_id::<()>()), &[Role::Coordinator]).await;
    let desk = app.get(&coordinator, DESK).await.ok();
    let found = desk["measures"].as_array().unwrap().iter().find(|one| one["measure"] == which);
    found.unwrap()["count"].as_u64().unwrap()
}

#[test]
fn whoever_is_nominated_by_hand_is_counted_and_what_nobody_looked_at_before_it_was_withdrawn_is_not() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        keep_calls(&app, calls("+447700900001", "2026-05", 12)).await;
        keep_calls(&app, calls("+447700900002", "2026-05", 12)).await;
        let gone = nominated(&app, "+447700900001").await;
        nominated(&app, "+447700900002").await;
        let written = app.app.store.write(async move |tx: &Tx| {
            nominations::withdraw(tx, &[gone.parse().unwrap()], "2026-06-01T09:00:00Z".parse().unwrap()).await
        });
        written.await.unwrap();
        a_case(&app, ("nominated", json!({ "source": "manual" })), (None, None)).await;
        a_case(&app, ("reviewed", json!({ "source": "manual" })), (None, None)).await;
        for (which, count) in [("nominated", 3), ("waiting", 2), ("looked_at", 1)] {
            assert_eq!(measured(&app, which).await, count, "{which}");
        }
    });
}
