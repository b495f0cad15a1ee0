//! Clocks and dates: what cannot strike stops nobody else; who is asked has time to answer.

use super::cast::Force;
use super::forms;
use super::refusals_on_the_way::refused;
use crate::support::on_each_database;
use chrono::Duration;
use entities::cases;
use evenhand::store::StoreError;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use uuid::Uuid;

#[test]
fn a_case_that_cannot_be_read_stops_no_other_clock() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let broken = force.on_the_agenda().await;
        force.act(&force.chair, &broken, "decide_not_met", forms::threshold_not_met()).await.ok();
        let other = json!({ "reference": "FSU-0002", "fullName": "Example Person Two" });
        let other = force.app.post(&force.staff, "/api/v1/people", other).await.ok();
        let new = json!({ "workflow": "frequent-service-user", "personId": other["id"],
                          "input": { "source": "manual", "reason": "Ten calls in a week." } });
        let sound = force.app.post(&force.staff, "/api/v1/cases", new).await.ok()["id"].as_str().unwrap().to_owned();
        force.act(&force.staff, &sound, "triage", forms::triage()).await.ok();
        force.act(&force.staff, &sound, "list", Value::Null).await.ok();
        force.act(&force.chair, &sound, "decide_not_met", forms::threshold_not_met()).await.ok();

        let unreadable = format!(
            "UPDATE events SET data = '{{\"type\":\"nonsense\"}}' WHERE seq = 2 AND stream_id = {}",
            uuid_literal(&force, &broken)
        );
        let spoilt = force.app.app.store.write(async move |tx| {
            tx.execute_unprepared(&unreadable).await?;
            Ok::<_, StoreError>(())
        });
        spoilt.await.unwrap();
        force.app.advance(Duration::days(100));
        assert_eq!(evenhand::app::cases::run_deadlines(&force.app.app).await.unwrap(), 1);
        assert_eq!(force.case(&force.staff, &sound).await["state"], "on_agenda");
    });
}

/// An id as each database writes it.
fn uuid_literal(force: &Force, id: &str) -> String {
    let postgres = force.app.app.store.reader().get_database_backend() == sea_orm::DbBackend::Postgres;
    if postgres { format!("'{id}'") } else { format!("x'{}'", id.replace('-', "")) }
}

#[test]
fn a_unit_that_is_asked_has_a_working_day_to_reply() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_begun().await;
        for too_early in ["2026-05-29", "2026-06-01"] {
            let mut question = forms::question("mash");
            question["replyBy"] = json!(too_early);
            refused(&force.act(&force.spoc, &strategy, "consult", question).await, 409, "reply-by-too-early", "7.6");
        }
        let mut tomorrow = forms::question("mash");
        tomorrow["replyBy"] = json!("2026-06-02");
        force.act(&force.spoc, &strategy, "consult", tomorrow).await.ok();
    });
}

#[test]
fn what_is_a_right_is_never_a_closed_subject() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_begun().await;
        force.units_answer(&strategy).await;
        let mut draft = forms::strategy();
        draft["limits"][0]["closedSubjects"] = json!(["the drains", "complaints about officers"]);
        force.act(&force.spoc, &strategy, "edit", draft).await.ok();
        refused(&force.act(&force.spoc, &strategy, "submit", Value::Null).await, 409, "rights-limited", "7.5");
    });
}

/// More cases without a history than a round looks at at once; their clocks and alerts were due before any other's.
async fn unreadable_cases(force: &Force, like: &str) {
    let row = cases::Entity::find_by_id(like.parse::<Uuid>().unwrap());
    let row = row.one(force.app.app.store.reader()).await.unwrap().unwrap();
    let long_ago = force.app.now() - Duration::days(30);
    let rows = (1..=450).map(|n| cases::ActiveModel {
        id: Set(Uuid::from_u128(n)),
        person_id: Set(None),
        timer_at: Set(Some(long_ago)),
        next_alert_at: Set(Some(long_ago)),
        ..row.clone().into_active_model()
    });
    let rows: Vec<_> = rows.collect();
    let written = force.app.app.store.write(async move |tx| {
        cases::Entity::insert_many(rows).exec_without_returning(tx).await?;
        Ok::<_, StoreError>(())
    });
    written.await.unwrap();
}

#[test]
fn however_many_cases_cannot_be_read_they_keep_no_other_waiting() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.nominate().await;
        unreadable_cases(&force, &case).await;
        force.app.advance(Duration::days(3));
        assert_eq!(evenhand::app::cases::send_alerts(&force.app.app).await.unwrap(), 1);
        let reminder = "It is to be done by 3 June 2026";
        assert!(force.tasks_of(&force.staff).await.iter().any(|title| title.contains(reminder)));
        force.act(&force.staff, &case, "triage", forms::triage()).await.ok();
        force.act(&force.staff, &case, "list", Value::Null).await.ok();
        force.act(&force.chair, &case, "decide_not_met", forms::threshold_not_met()).await.ok();
        force.app.advance(Duration::days(100));
        assert_eq!(evenhand::app::cases::run_deadlines(&force.app.app).await.unwrap(), 1);
        assert_eq!(force.case(&force.staff, &case).await["state"], "on_agenda");
    });
}
