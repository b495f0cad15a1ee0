//! Meetings of the programme: what each kind looks at, who sees what of it, and what partners were told.

use crate::support::made_calls::{a_case, access_log, call, keep_calls, keep_file, nominated, took};
use crate::support::{Session, TestApp, TestDatabase, on_each_database};
use chrono::Duration;
use entities::access_log::{Column, Entity};
use evenhand::app::{OfficerChange, amend_officer};
use evenhand::domain::access::Role;
use evenhand::store::call_imports::ImportStatus;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};
use serde_json::{Value, json};

const MEETINGS: &str = "/api/v1/coordination/meetings";
const CALLER: &str = "+447700900001";

struct Room {
    app: TestApp,
    coordinator: Session,
}

async fn room(database: TestDatabase) -> Room {
    let app = TestApp::start(database).await;
    let coordinator = app.officer("coordinator", &[Role::Coordinator]).await;
    Room { app, coordinator }
}

impl Room {
    async fn plan(&self, kind: &str) -> Value {
        let new = json!({ "kind": kind, "heldOn": "2026-06-02" });
        self.app.post(&self.coordinator, MEETINGS, new).await.ok()
    }
}

fn referred(area: &str) -> Value {
    json!({ "referral": { "unit": "csu", "area": area } })
}

fn cases(meeting: &Value) -> Vec<String> {
    let all = meeting["agenda"]["referrals"].as_array().unwrap();
    all.iter().map(|one| one["caseId"].as_str().unwrap().to_owned()).collect()
}

async fn disclosures(log: &DatabaseConnection) -> usize {
    Entity::find().filter(Column::Action.eq("disclose")).all(log).await.unwrap().len()
}

#[test]
fn a_meeting_has_the_agenda_of_what_is_open_and_what_was_told_is_a_disclosure() {
    on_each_database(async |database| {
        let log = access_log(&database).await;
        let room = room(database).await;
        let case = a_case(&room.app, ("with_unit", referred("east")), (None, None)).await;
        let odd = json!({ "kind": "yearly", "heldOn": "2026-06-02" });
        room.app.post(&room.coordinator, MEETINGS, odd).await.is_problem(422, "validation");
        took(&room.app, case, ("list_for_three_services", "with_unit")).await;
        let new = json!({ "kind": "three_service", "heldOn": "2026-06-02" });
        let planned = room.app.post(&room.coordinator, MEETINGS, new).await.ok();
        assert_eq!(planned["agenda"]["referrals"][0]["caseId"], json!(case));
        assert!(planned["agenda"]["points"][0].as_str().unwrap().contains("more than one service"));
        let close = format!("{MEETINGS}/{}/close", planned["id"].as_str().unwrap());
        let nothing = json!({ "attendees": [], "minutes": "" });
        let faults = room.app.post(&room.coordinator, &close, nothing).await;
        faults.is_problem(422, "validation");
        assert_eq!(faults.body["errors"].as_array().unwrap().len(), 2, "{}", faults.text);
        let told = json!({ "what": "That a plan is being made.", "with": "ambulance", "lawfulBasis": "UK GDPR Article 6(1)(e)",
                           "necessary": "They are sent there.", "caseId": case });
        let minutes = json!({ "attendees": [{ "name": "A. Desk", "organisation": "Ambulance service" }],
                              "shared": [told], "minutes": "One plan, by Friday." });
        let closed = room.app.post(&room.coordinator, &close, minutes.clone()).await.ok();
        assert_eq!((&closed["closed"], &closed["shared"][0]["with"]), (&json!(true), &json!("ambulance")));
        room.app.post(&room.coordinator, &close, minutes).await.is_problem(409, "meeting-closed");
        let given = Entity::find().filter(Column::Action.eq("disclose")).all(&log).await.unwrap();
        let told: Vec<_> = given.iter().map(|row| (row.object_id.as_deref(), row.recipient.as_deref())).collect();
        let id = case.to_string();
        assert_eq!(told, [(Some(id.as_str()), Some("Ambulance service"))]);
    });
}

#[test]
fn the_morning_looks_at_who_called_was_nominated_or_is_late_and_the_month_at_everything() {
    on_each_database(async |database| {
        let room = room(database).await;
        let called = json!({ "callerTelephone": CALLER, "referral": { "unit": "csu", "area": "east" } });
        let called = a_case(&room.app, ("with_unit", called), (None, None)).await;
        let late = Some("2026-05-30T09:00:00Z");
        let late = a_case(&room.app, ("referred", referred("east")), (None, late)).await;
        let nowhere = a_case(&room.app, ("area_unknown", json!({})), (None, None)).await;
        let calm = a_case(&room.app, ("with_unit", referred("east")), (None, None)).await;
        let at = (room.app.now() - Duration::hours(3)).to_rfc3339();
        keep_calls(&room.app, vec![call(CALLER, &at), call("+447700900002", "2026-05-01T12:00:00Z")]).await;
        nominated(&room.app, "+447700900002").await;
        let span = ("2026-05-20T12:00:00Z", "2026-05-28T12:00:00Z");
        keep_file(&room.app, "command-and-control", span, (ImportStatus::Done, 3)).await;
        let morning = room.plan("morning").await;
        let ids = |all: &[evenhand::domain::ids::CaseId]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(cases(&morning), ids(&[called, late, nowhere]));
        assert_eq!(morning["agenda"]["referrals"][0]["callsOfTheLastDay"], 1);
        assert_eq!(morning["agenda"]["referrals"][1]["why"], json!(["overdue"]));
        assert_eq!(morning["agenda"]["nominations"].as_array().unwrap().len(), 1);
        let monthly = room.plan("monthly").await;
        assert_eq!(cases(&monthly), ids(&[called, late, nowhere, calm]));
        let systems = monthly["agenda"]["systems"].as_array().unwrap();
        assert_eq!(systems.iter().filter(|system| system["rejected"] == 3).count(), 1, "{systems:?}");
        assert_eq!(monthly["agenda"]["months"][1]["month"], "2026-05");
        assert_eq!(cases(&room.plan("three_service").await), ids(&[]));
    });
}

#[test]
fn the_three_services_look_at_who_was_listed_since_they_met_about_them() {
    on_each_database(async |database| {
        let room = room(database).await;
        let listings = json!([{ "services": ["fire"], "because": "Alarms too." }]);
        let mut data = referred("east");
        data["listings"] = listings;
        let case = a_case(&room.app, ("with_unit", data), (None, None)).await;
        assert_eq!(cases(&room.plan("three_service").await), Vec::<String>::new());
        took(&room.app, case, ("list_for_three_services", "with_unit")).await;
        let planned = room.plan("three_service").await;
        assert_eq!(cases(&planned), [case.to_string()]);
        let listing = &planned["agenda"]["referrals"][0]["listing"];
        assert_eq!(listing, &json!({ "services": ["fire"], "because": "Alarms too." }));
        room.app.advance(Duration::days(1));
        took(&room.app, case, ("record_multi_agency_meeting", "with_unit")).await;
        assert_eq!(cases(&room.plan("three_service").await), Vec::<String>::new());
    });
}

#[test]
fn who_reads_a_meeting_is_written_down_and_reads_nothing_of_a_case_that_is_not_theirs() {
    on_each_database(async |database| {
        let log = access_log(&database).await;
        let room = room(database).await;
        let north = a_case(&room.app, ("with_unit", referred("north")), (None, None)).await;
        a_case(&room.app, ("with_unit", referred("coast")), (None, None)).await;
        let meeting = room.plan("monthly").await;
        assert_eq!(cases(&meeting).len(), 2);
        let unit = room.app.officer("unit", &[Role::Csu]).await;
        let change = OfficerChange { areas: Some(["north".to_owned()].into()), ..OfficerChange::default() };
        amend_officer(&room.app.app, "unit", change).await.unwrap();
        let path = format!("{MEETINGS}/{}", meeting["id"].as_str().unwrap());
        let seen = room.app.get(&unit, &path).await;
        assert_eq!(cases(&seen.body), [north.to_string()]);
        assert!(!seen.text.contains("coast"), "{}", seen.text);
        let supervisor = room.app.officer("supervisor", &[Role::PsdSupervisor]).await;
        let seen = room.app.get(&supervisor, MEETINGS).await;
        assert!(!seen.text.contains("coast") && seen.text.contains(&north.to_string()), "{}", seen.text);
        let reads = Entity::find().filter(Column::Object.eq("programme-meeting")).all(&log).await.unwrap();
        let of_meeting = reads.iter().filter(|row| row.object_id.as_deref() == meeting["id"].as_str());
        assert_eq!(of_meeting.count(), 2, "once by its address, once in the list");
    });
}

#[test]
fn what_was_told_says_why_no_less_would_do_of_a_case_that_the_teller_sees_and_is_logged_once_it_is_kept() {
    on_each_database(async |database| {
        let log = access_log(&database).await;
        let room = room(database).await;
        let coast = a_case(&room.app, ("with_unit", referred("coast")), (None, None)).await;
        let unit = room.app.officer("unit", &[Role::Csu]).await;
        let change = OfficerChange { areas: Some(["north".to_owned()].into()), ..OfficerChange::default() };
        amend_officer(&room.app.app, "unit", change).await.unwrap();
        let close = format!("{MEETINGS}/{}/close", room.plan("morning").await["id"].as_str().unwrap());
        let said = |necessary: &str, case: &str, minutes: &str| {
            json!({ "attendees": [{ "name": "A. Desk", "organisation": "Fire" }], "minutes": minutes,
                    "shared": [{ "what": "A plan is made.", "with": "fire", "lawfulBasis": "Article 6(1)(e)",
                                 "necessary": necessary, "caseId": case }] })
        };
        let (seen, unknown) = (coast.to_string(), "00000000-0000-7000-8000-000000000000");
        let long = "x".repeat(20_001);
        for (who, body, pointer) in [
            (&room.coordinator, said(" ", &seen, "Agreed."), "/shared/0/necessary"),
            (&room.coordinator, said("They go there.", unknown, "Agreed."), "/shared/0/caseId"),
            (&unit, said("They go there.", &seen, "Agreed."), "/shared/0/caseId"),
            (&room.coordinator, said("They go there.", &seen, &long), "/minutes"),
        ] {
            let refused = room.app.post(who, &close, body).await;
            refused.is_problem(422, "validation");
            assert_eq!(refused.body["errors"][0]["pointer"], pointer, "{}", refused.text);
        }
        assert_eq!(disclosures(&log).await, 0, "nothing was kept, so nothing was told");
        let kept = room.app.post(&room.coordinator, &close, said("They go there.", &seen, "Agreed.")).await.ok();
        assert_eq!(kept["shared"][0]["necessary"], "They go there.");
        assert_eq!(disclosures(&log).await, 1);
    });
}
