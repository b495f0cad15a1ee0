//! Somebody stands in for a point of contact for some days, and somebody else follows one who left.

use super::cast::{ADDRESS, Force, Mail};
use super::forms;
use super::refusals_on_the_way::refused;
use crate::support::{Answer, Session, on_each_database};
use chrono::Duration;
use evenhand::app;
use evenhand::domain::access::Role;
use evenhand::store::events;
use serde_json::{Value, json};

async fn cover(force: &Force, who: &Session, days: (&str, &str)) -> Answer {
    let cover = json!({ "spocId": force.spoc.id, "byId": who.id, "from": days.0, "to": days.1, "reason": "On leave." });
    force.app.post(&force.chair, "/api/v1/covers", cover).await
}

#[test]
fn whoever_stands_in_does_and_sees_in_their_own_name_what_the_point_of_contact_may_until_the_last_day() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let other = force.app.officer("other", &[Role::Spoc]).await;
        let (case, strategy) = force.strategy_begun().await;
        let path = format!("/api/v1/cases/{strategy}");
        assert_eq!(force.app.get(&other, &path).await.status, 404, "not theirs yet");
        cover(&force, &other, ("2026-06-02", "2026-06-03")).await.ok();
        assert_eq!(force.app.get(&other, &path).await.status, 404, "it begins tomorrow");
        force.app.advance(Duration::days(1));
        force.act(&other, &strategy, "edit", forms::strategy()).await.ok();
        force.act(&force.spoc, &strategy, "edit", forms::strategy()).await.ok();
        let history = force.app.get(&other, &format!("{path}/events")).await.ok();
        let editor =
            history["data"].as_array().unwrap().iter().find(|event| event["data"]["action"] == "edit").unwrap();
        assert_eq!(editor["actor"]["id"], other.id, "in their own name");
        let listed = force.app.get(&other, "/api/v1/cases").await.ok();
        assert_eq!(listed["data"].as_array().unwrap().len(), 2, "{listed}");
        assert!(force.app.get(&other, &format!("/api/v1/cases/{case}")).await.status == 200);
        // 3 June, 23:59:59 in London is the last second.
        force.app.advance(Duration::hours(37) + Duration::minutes(59) + Duration::seconds(59));
        force.act(&other, &strategy, "edit", forms::strategy()).await.ok();
        force.app.advance(Duration::seconds(1));
        assert_eq!(force.app.get(&other, &path).await.status, 404, "the last day is over");
        assert_eq!(force.app.get(&other, "/api/v1/cases").await.ok()["data"], json!([]));
    });
}

#[test]
fn the_tasks_of_whom_they_stand_in_for_are_on_their_list_and_can_be_done() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let other = force.app.officer("other", &[Role::Spoc]).await;
        force.strategy_in_force().await;
        force.app.advance(Duration::days(2));
        force.mail_arrives(&Mail::proven("Standing in", "Where does my matter stand?")).await;
        let reading = "Read a contact within the limits and answer it".to_owned();
        assert!(force.tasks_of(&force.spoc).await.contains(&reading));
        assert!(!force.tasks_of(&other).await.contains(&reading));
        let made = cover(&force, &other, ("2026-06-01", "2026-06-30")).await.ok();
        assert!(force.tasks_of(&other).await.contains(&reading));
        force
            .app
            .post(&force.chair, &format!("/api/v1/covers/{}/end", made["id"].as_str().unwrap()), json!({}))
            .await
            .ok();
        assert!(!force.tasks_of(&other).await.contains(&reading), "ended early");
        let history = events::load(force.app.app.store.reader(), made["id"].as_str().unwrap().parse().unwrap()).await;
        let kinds: Vec<String> = history.unwrap().into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds, ["arranged", "ended"]);
    });
}

#[test]
fn whoever_stands_in_or_stood_in_does_not_decide_about_the_case() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let both = force.app.officer("both", &[Role::Spoc, Role::AppropriateAuthority]).await;
        force.delegate(&both.id, "2026-01-01", "2026-12-31").await;
        let (_, strategy) = force.strategy_submitted().await;
        cover(&force, &both, ("2026-06-01", "2026-06-01")).await.ok();
        refused(&force.act(&both, &strategy, "approve", forms::approval()).await, 403, "is-the-spoc", "7.5");
        force.app.advance(Duration::days(1));
        refused(&force.act(&both, &strategy, "approve", forms::approval()).await, 403, "is-the-spoc", "7.5");
    });
}

#[test]
fn nobody_whom_the_person_complained_about_stands_in_on_their_case() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let other = force.app.officer("other", &[Role::Spoc]).await;
        let (_, strategy) = force.strategy_begun().await;
        cover(&force, &other, ("2026-06-01", "2026-06-30")).await.ok();
        force.act(&other, &strategy, "edit", forms::strategy()).await.ok();
        let path = format!("/api/v1/people/{}/complaints-about", force.person);
        force.app.post(&force.staff, &path, json!({ "officerId": other.id })).await.ok();
        assert_eq!(force.app.get(&other, &format!("/api/v1/cases/{strategy}")).await.status, 404);
        let answer = force.act(&other, &strategy, "edit", forms::strategy()).await;
        assert_eq!(answer.body["code"], "complained-about", "{}", answer.text);
    });
}

#[test]
fn a_cover_names_two_officers_and_days_to_come_and_is_arranged_by_chair_or_supervisor() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let other = force.app.officer("other", &[Role::Spoc]).await;
        for (body, pointer) in [
            (json!({ "byId": force.spoc.id }), "/byId"),
            (json!({ "byId": force.staff.id }), "/byId"),
            (json!({ "to": "2026-05-31" }), "/to"),
            (json!({ "reason": " " }), "/reason"),
            (json!({ "spocId": force.person }), "/spocId"),
        ] {
            let mut cover = json!({ "spocId": force.spoc.id, "byId": other.id, "from": "2026-05-30",
                                    "to": "2026-06-30", "reason": "On leave." });
            for (name, value) in body.as_object().unwrap() {
                cover[name] = value.clone();
            }
            let answer = force.app.post(&force.chair, "/api/v1/covers", cover).await;
            answer.is_problem(422, "validation");
            assert_eq!(answer.body["errors"][0]["pointer"], pointer, "{}", answer.text);
        }
        let cover = json!({ "spocId": force.spoc.id, "byId": other.id, "from": "2026-06-01", "to": "2026-06-30",
                            "reason": "On leave." });
        for who in [&force.spoc, &force.staff, &force.admin] {
            let answer = force.app.post(who, "/api/v1/covers", cover.clone()).await;
            assert_eq!(answer.body["code"], "wrong-role", "{}", answer.text);
        }
    });
}

#[test]
fn open_cases_of_a_point_of_contact_who_left_are_the_chairs_task_until_they_are_handed_over() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let next = force.app.officer("next", &[Role::Spoc]).await;
        let (case, _) = force.strategy_begun().await;
        let asked =
            "Hand over to another point of contact: Example spoc cannot answer for this case any more".to_owned();
        app::change_officer(&force.app.app, "spoc", None, Some(false)).await.unwrap();
        let tasks = force.tasks_of(&force.chair).await;
        assert_eq!(
            tasks.iter().filter(|title| **title == asked).count(),
            1,
            "one for the case with all under it: {tasks:?}"
        );
        app::change_officer(&force.app.app, "spoc", None, Some(true)).await.unwrap();
        assert!(!force.tasks_of(&force.chair).await.contains(&asked), "back again");
        force.also_gives(&force.spoc, &[Role::PsdStaff]).await;
        assert!(force.tasks_of(&force.chair).await.contains(&asked), "no longer a point of contact");
        force.act(&force.chair, &case, "change_spoc", forms::spoc(&next.id)).await.ok();
        assert!(!force.tasks_of(&force.chair).await.contains(&asked));
    });
}

#[test]
fn a_stranger_looks_into_a_case_for_eight_hours_for_a_reason_that_others_are_told_at_once() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let stranger = force.app.officer("stranger", &[Role::Ccr]).await;
        let supervisor = force.app.officer("supervisor", &[Role::PsdSupervisor]).await;
        let auditor = force.app.officer("auditor", &[Role::Auditor]).await;
        let (case, strategy) = force.harm_tested("full").await;
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        let (path, glass) = (format!("/api/v1/cases/{strategy}"), format!("/api/v1/cases/{strategy}/break-glass"));
        assert_eq!(force.app.get(&stranger, &path).await.status, 404);
        let reason = json!({ "reason": "Officers are at the door and nobody can be reached." });
        force.app.post(&stranger, &glass, json!({ "reason": "  " })).await.is_problem(422, "validation");
        assert_eq!(force.app.get(&stranger, &path).await.status, 404);
        let broken = force.app.post(&stranger, &glass, reason.clone()).await;
        assert_eq!((broken.status, broken.body["until"].as_str()), (201, Some("2026-06-01T17:00:00Z")));
        assert_eq!(force.app.post(&force.staff, &glass, reason).await.body["code"], "seen-already");
        let seen = force.app.get(&stranger, &path).await.ok();
        assert!(seen["data"]["limits"].is_array(), "the whole of it: {seen}");
        force.app.get(&stranger, &format!("{path}/notice")).await.ok();
        let history = force.app.get(&stranger, &format!("{path}/events")).await.ok();
        let told = history["data"].as_array().unwrap().last().unwrap();
        assert_eq!((&told["kind"], &told["actor"]["id"]), (&json!("looked_into"), &json!(stranger.id)));
        assert_eq!(force.app.get(&stranger, &format!("/api/v1/cases/{case}")).await.status, 404, "that one alone");
        for who in [&supervisor, &auditor] {
            let title = "Communications strategy: looked into by Example stranger, because: Officers are at the door and \
                         nobody can be reached.";
            let tasks = force.app.get(who, "/api/v1/tasks").await.ok();
            let task =
                tasks["data"].as_array().unwrap().iter().find(|task| task["title"] == title).expect("told").clone();
            let read = format!("/api/v1/tasks/{}/completion", task["id"].as_str().unwrap());
            force.app.post(who, &read, json!({})).await.ok();
        }
        // Reading, and nothing else.
        assert_eq!(force.app.get(&stranger, &format!("{path}/actions")).await.ok()["data"], json!([]));
        let service = forms::service(ADDRESS, "2026-06-01");
        let etag = format!("\"v{}\"", seen["version"]);
        let answer = force.act_at(&stranger, &strategy, &etag, "record_service", json!({ "input": service })).await;
        assert_eq!(answer.status, 404, "{}", answer.text);
        force.app.advance(Duration::hours(8) - Duration::seconds(1));
        force.app.get(&stranger, &path).await.ok();
        force.app.advance(Duration::seconds(1));
        assert_eq!(force.app.get(&stranger, &path).await.status, 404, "over at the instant");
    });
}

#[test]
fn no_glass_is_broken_by_whom_the_person_complained_about_nor_through_a_system_nor_by_one() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let stranger = force.app.officer("stranger", &[Role::Ccr]).await;
        let case = force.nominate().await;
        let (path, reason) = (format!("/api/v1/cases/{case}/break-glass"), json!({ "reason": "Must know." }));
        let answer = force.app.post(&force.border, &path, reason.clone()).await;
        assert_eq!(answer.body["code"], "named-person-required", "{}", answer.text);
        force.app.post(&stranger, &path, reason.clone()).await.ok();
        let complaint = json!({ "officerId": stranger.id });
        force
            .app
            .post(&force.staff, &format!("/api/v1/people/{}/complaints-about", force.person), complaint)
            .await
            .ok();
        assert_eq!(force.app.get(&stranger, &format!("/api/v1/cases/{case}")).await.status, 404, "no longer");
        assert_eq!(force.app.post(&stranger, &path, reason.clone()).await.status, 404);
        let nowhere = "/api/v1/cases/00000000-0000-7000-8000-000000000000/break-glass";
        assert_eq!(force.app.post(&stranger, nowhere, reason).await.status, 404);
        assert!(force.act(&stranger, &case, "triage", Value::Null).await.status == 404);
    });
}
