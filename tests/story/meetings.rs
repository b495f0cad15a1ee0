//! The weekly meeting beside what happens outside it.

use super::cast::Force;
use super::forms;
use crate::support::on_each_database;
use chrono::Duration;
use evenhand::app::cases::{NewCase, open_case};
use evenhand::app::meetings::plan_meeting;
use evenhand::domain::access::{Actor, Role};
use serde_json::{Value, json};

impl Force {
    async fn planned(&self) -> (String, Value) {
        let meetings = self.app.get(&self.chair, "/api/v1/meetings").await.ok();
        let found = meetings["data"].as_array().unwrap().iter().find(|meeting| meeting["state"] == "planned").cloned();
        let found = found.expect("a planned meeting");
        (format!("/api/v1/meetings/{}", found["id"].as_str().unwrap()), found)
    }

    async fn opened(&self, path: &str) -> crate::support::Answer {
        let planned = self.app.get(&self.chair, path).await;
        let there = json!({ "attendees": ["Example Chair"] });
        self.app.post_at(&self.chair, &format!("{path}/open"), &planned.etag(), there).await
    }
}

#[test]
fn a_case_decided_outside_its_meeting_does_not_keep_the_meeting_open() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.on_the_agenda().await;
        let (path, _) = force.planned().await;
        force.opened(&path).await.ok();
        force.act(&force.chair, &case, "decide_met", forms::threshold_met()).await.ok();
        let meeting = force.app.get(&force.chair, &path).await;
        let item = &meeting.body["items"][0];
        assert_eq!((&item["outcome"], &item["decidedBy"]), (&json!("decided_elsewhere"), &json!(force.chair.id)));
        force.app.post_at(&force.chair, &format!("{path}/close"), &meeting.etag(), json!({})).await.ok();
    });
}

#[test]
fn one_meeting_is_open_at_a_time() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        force.on_the_agenda().await;
        let (path, _) = force.planned().await;
        force.opened(&path).await.ok();
        let planned = force.app.post(&force.staff, "/api/v1/meetings", json!({ "heldOn": "2026-06-09" })).await.ok();
        let other = format!("/api/v1/meetings/{}", planned["id"].as_str().unwrap());
        let answer = force.opened(&other).await;
        assert_eq!((answer.status, &answer.body["code"]), (409, &json!("meeting-already-open")), "{}", answer.text);
    });
}

#[test]
fn a_meeting_is_held_on_the_day_it_is_opened_and_the_week_it_was_planned_for_is_missed() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        force.on_the_agenda().await;
        let (path, planned) = force.planned().await;
        assert_eq!(planned["heldOn"], "2026-06-02");
        force.app.advance(Duration::days(15));
        let waiting = force.app.get(&force.chair, "/api/v1/meetings").await.ok();
        assert_eq!(waiting["missedWeeks"], json!(["2026-06-01", "2026-06-08"]), "somebody waits since the first week");
        force.opened(&path).await.ok();
        let meetings = force.app.get(&force.chair, "/api/v1/meetings").await.ok();
        assert_eq!(meetings["data"][0]["heldOn"], "2026-06-16");
        assert_eq!(meetings["missedWeeks"], json!(["2026-06-01", "2026-06-08"]));
        let again = force.app.post(&force.staff, "/api/v1/meetings", json!({ "heldOn": "2026-06-16" })).await;
        assert_eq!(again.body["code"], "meeting-already-planned", "{}", again.text);
    });
}

#[test]
fn of_two_nominations_at_once_one_opens_a_case() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let officers = evenhand::app::list_officers(&force.app.app).await.unwrap();
        let staff = officers.into_iter().find(|found| found.officer.has(Role::PsdStaff)).unwrap().officer;
        let actor = Actor::Officer(staff);
        let new = NewCase {
            workflow: "frequent-service-user".to_owned(),
            person: Some(force.person.parse().unwrap()),
            parent: None,
            input: json!({ "source": "manual", "reason": "Nine mails in two days." }),
        };
        let nominate = || open_case(&force.app.app, &actor, new.clone());
        let (one, two, three) = futures_util::join!(nominate(), nominate(), nominate());
        let opened = [one, two, three].into_iter().filter(Result::is_ok).count();
        assert_eq!(opened, 1);
    });
}

#[test]
fn of_two_plans_at_once_for_one_day_one_is_kept() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let officers = evenhand::app::list_officers(&force.app.app).await.unwrap();
        let staff = officers.into_iter().find(|found| found.officer.has(Role::PsdStaff)).unwrap().officer;
        let (actor, day) = (Actor::Officer(staff), "2026-06-09".parse().unwrap());
        let plan = || plan_meeting(&force.app.app, &actor, day);
        let (one, two, three) = futures_util::join!(plan(), plan(), plan());
        let planned = [one, two, three].into_iter().filter(Result::is_ok).count();
        assert_eq!(planned, 1);
    });
}
