//! Deadlines and dates on people's lists: told once, to the right people, settled when the case moves on.

use super::cast::Force;
use super::forms;
use crate::support::{Session, on_each_database};
use chrono::{DateTime, Utc};
use evenhand::app::cases::send_alerts;
use evenhand::domain::access::Role;
use serde_json::{Value, json};

impl Force {
    async fn it_is(&self, when: &str) {
        let when: DateTime<Utc> = when.parse().unwrap();
        self.app.advance(when - self.app.now());
        // Two workers at once, and again: nothing is told twice.
        let (one, other) = tokio::join!(Box::pin(send_alerts(&self.app.app)), Box::pin(send_alerts(&self.app.app)));
        one.unwrap();
        other.unwrap();
        Box::pin(send_alerts(&self.app.app)).await.unwrap();
    }

    /// The open tasks on somebody's list that tell of a deadline or a date: kind and title.
    async fn told(&self, who: &Session) -> Vec<String> {
        let tasks = self.app.get(who, "/api/v1/tasks").await.ok();
        let kinds = ["reminder", "overdue", "escalation", "clock_goes_on", "date_comes"];
        let told =
            tasks["data"].as_array().unwrap().iter().filter(|task| kinds.contains(&task["kind"].as_str().unwrap()));
        told.map(|task| format!("{}: {}", task["kind"].as_str().unwrap(), task["title"].as_str().unwrap())).collect()
    }

    async fn overdue(&self, who: &Session) -> Vec<String> {
        let cases = self.app.get(who, "/api/v1/cases?overdue=true").await.ok();
        cases["data"].as_array().unwrap().iter().map(|case| case["id"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn a_deadline_that_passes_is_on_the_lists_of_those_who_are_told_until_the_case_moves() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let supervisor = force.app.officer("supervisor", &[Role::PsdSupervisor]).await;
        // Monday 1 June: due by the end of Wednesday.
        let case = force.nominate().await;
        force.it_is("2026-06-01T23:00:00Z").await;
        assert_eq!(
            force.told(&force.staff).await,
            ["reminder: Frequent service user: Nominated, waiting to be triaged. It is to be done by 3 June 2026"]
        );
        force.it_is("2026-06-03T22:59:59Z").await;
        assert_eq!(force.told(&supervisor).await, [""; 0]);
        assert_eq!(force.overdue(&force.staff).await, [""; 0]);
        force.it_is("2026-06-03T23:00:00Z").await;
        assert_eq!(
            force.told(&supervisor).await,
            ["overdue: Frequent service user: Nominated, waiting to be triaged. It was to be done by 3 June 2026"]
        );
        assert_eq!(force.overdue(&force.staff).await, std::slice::from_ref(&case));
        assert_eq!(force.overdue(&force.spoc).await, [""; 0], "a point of contact sees their own");
        force.it_is("2026-06-12T08:00:00Z").await;
        let escalated = force.told(&force.chair).await;
        assert!(escalated.len() == 1 && escalated[0].ends_with("and still waits"), "{escalated:?}");
        assert_eq!(force.told(&supervisor).await.len(), 1);

        force.act(&force.staff, &case, "triage", forms::triage()).await.ok();
        for who in [&force.staff, &supervisor, &force.chair] {
            assert_eq!(force.told(who).await, [""; 0]);
        }
        assert_eq!(force.overdue(&force.staff).await, [""; 0]);
    });
}

#[test]
fn a_task_that_somebody_ticked_off_is_not_asked_again_when_the_case_is_written_to() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_begun().await;
        force.it_is("2026-06-15T08:00:00Z").await;
        let tasks = force.app.get(&force.spoc, "/api/v1/tasks").await.ok();
        let reminder = tasks["data"].as_array().unwrap().iter().find(|task| task["kind"] == "reminder").unwrap();
        assert_eq!(reminder["officerId"], force.spoc.id.as_str(), "the case's own point of contact, by name");
        let done = format!("/api/v1/tasks/{}/completion", reminder["id"].as_str().unwrap());
        force.app.post(&force.spoc, &done, json!({})).await.ok();
        let reminders = force.told(&force.spoc).await.len();
        force.act(&force.spoc, &strategy, "edit", forms::strategy()).await.ok();
        force.it_is("2026-06-15T09:00:00Z").await;
        assert_eq!(force.told(&force.spoc).await.len(), reminders);
    });
}

#[test]
fn a_review_that_is_missed_is_told_up_the_line_then_daily_and_lifts_nothing() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let supervisor = force.app.officer("supervisor", &[Role::PsdSupervisor]).await;
        let (_, strategy) = force.strategy_in_force().await;
        let review = "date_comes: Communications strategy: Review due: 20 November 2026".to_owned();
        force.it_is("2026-10-23T08:00:00Z").await;
        assert!(force.told(&force.spoc).await.contains(&review));
        assert!(!force.told(&supervisor).await.contains(&review));
        force.it_is("2026-11-06T08:00:00Z").await;
        assert!(force.told(&supervisor).await.contains(&review));
        assert!(!force.told(&force.authority).await.contains(&review));
        let mut asked = Vec::new();
        for day in ["18", "19", "20", "21", "23"] {
            force.it_is(&format!("2026-11-{day}T08:00:00Z")).await;
            let told = force.app.get(&force.authority, "/api/v1/tasks").await.ok();
            let of_review = |task: &&Value| task["title"] == review.strip_prefix("date_comes: ").unwrap();
            let open: Vec<_> = told["data"].as_array().unwrap().iter().filter(of_review).cloned().collect();
            assert_eq!(open.len(), 1, "one at a time: {open:?}");
            let asked_at: DateTime<Utc> = open[0]["createdAt"].as_str().unwrap().parse().unwrap();
            asked.push(asked_at.format("%d").to_string());
        }
        assert_eq!(asked, ["18", "19", "20", "20", "23"], "on working days");
        assert_eq!(force.case(&force.spoc, &strategy).await["state"], "in_force");

        force.act(&force.authority, &strategy, "lift", forms::reason()).await.ok();
        for who in [&force.spoc, &supervisor, &force.authority] {
            assert!(!force.told(who).await.contains(&review));
        }
    });
}

#[test]
fn a_deadline_that_stands_is_seen_to_stand_and_goes_on_by_itself() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let supervisor = force.app.officer("supervisor", &[Role::PsdSupervisor]).await;
        let case = force.nominate().await;
        let pause = json!({ "reason": "The person is in hospital.", "until": "2026-06-08" });
        let of_staff = force.act(&force.staff, &case, "pause", pause.clone()).await;
        assert_eq!((of_staff.status, &of_staff.body["code"]), (403, &json!("wrong-role")));
        let paused = force.act(&supervisor, &case, "pause", pause).await.ok();
        assert_eq!(
            (&paused["pausedUntil"], &paused["pauseReason"]),
            (&json!("2026-06-08"), &json!("The person is in hospital."))
        );
        assert_eq!(paused["dueAt"], "2026-06-10T23:00:00Z");
        let listed = force.app.get(&force.staff, "/api/v1/cases").await.ok();
        assert_eq!(listed["data"][0]["pausedUntil"], "2026-06-08");
        let history = force.app.get(&force.staff, &format!("/api/v1/cases/{case}/events")).await.ok();
        assert_eq!(history["data"][1]["data"]["clock"], json!({ "paused": { "until": "2026-06-08" } }));
        assert_eq!(history["data"][1]["data"]["input"]["reason"], "The person is in hospital.");

        force.it_is("2026-06-05T08:00:00Z").await;
        assert_eq!(force.overdue(&force.staff).await, [""; 0]);
        assert_eq!(force.told(&supervisor).await, [""; 0]);
        force.it_is("2026-06-08T08:00:00Z").await;
        let told = force.told(&supervisor).await;
        assert!(told.len() == 1 && told[0].starts_with("clock_goes_on"), "{told:?}");
        let seen = force.case(&force.staff, &case).await;
        assert_eq!((&seen["pausedUntil"], &seen["pauseReason"]), (&Value::Null, &Value::Null));
        let listed = force.app.get(&force.staff, "/api/v1/cases").await.ok();
        assert_eq!(listed["data"][0]["pausedUntil"], Value::Null);
    });
}

#[test]
fn a_date_that_is_recorded_late_is_told_at_once_and_one_that_is_corrected_takes_its_place() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, _) = force.strategy_in_force().await;
        let prompt = json!({ "basis": "contact_itself", "reason": "Calls go on at night.", "from": "2026-05-01",
                             "to": "2026-05-31" });
        let new = json!({ "workflow": "offence-consideration", "parentId": case, "input": prompt });
        let opened = force.app.post(&force.spoc, "/api/v1/cases", new).await.ok();
        let offences = opened["id"].as_str().unwrap();
        let last_day = |on: &str| json!({ "offence": "pha-1997-s2", "limitationOn": on, "because": "From the call." });
        let told = async || -> Vec<String> {
            let told = force.told(&force.spoc).await.into_iter();
            told.filter_map(|title| Some(title.split_once("proceedings ends: ")?.1.to_owned())).collect()
        };
        // Twenty working days before it lie in May.
        force.act(&force.spoc, offences, "set_limitation", last_day("2026-06-12")).await.ok();
        force.it_is("2026-06-02T08:00:00Z").await;
        assert_eq!(told().await, ["12 June 2026"]);
        force.act(&force.spoc, offences, "set_limitation", last_day("2026-06-10")).await.ok();
        assert_eq!(told().await, [""; 0], "that date is none");
        force.it_is("2026-06-02T09:00:00Z").await;
        assert_eq!(told().await, ["10 June 2026"]);
        force.it_is("2026-06-03T08:00:00Z").await;
        assert_eq!(told().await, ["10 June 2026"], "once");
    });
}
