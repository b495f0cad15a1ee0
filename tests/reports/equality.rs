//! What is recorded for equality monitoring is counted in one report and shows nowhere else.

use crate::story::cast::Force;
use crate::support::{Answer, Session, on_each_database};
use entities::cases;
use evenhand::domain::access::Role;
use evenhand::store::{Tx, events};
use reqwest::Method;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

async fn record(force: &Force, who: &Session, person: &str, (etag, answers): (&str, Value)) -> Answer {
    let path = format!("/api/v1/people/{person}/equality-monitoring");
    let request = force.app.request(Method::PUT, &path).bearer_auth(&who.token).header("if-match", etag);
    force.app.send(request.json(&json!({ "answers": answers }))).await
}

fn answers() -> Value {
    json!({ "disability": { "value": "yes", "source": "self_described" }, "race": { "source": "prefers_not_to_say" } })
}

#[test]
fn characteristics_are_recorded_by_version_and_shown_only_to_who_keeps_them() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let path = format!("/api/v1/people/{}/equality-monitoring", force.person);
        let nothing = force.app.get(&force.staff, &path).await;
        assert_eq!((nothing.etag().as_str(), &nothing.body["answers"]), ("\"v0\"", &json!({})));
        record(&force, &force.staff, &force.person, ("\"v0\"", answers())).await.ok();
        let stale = record(&force, &force.staff, &force.person, ("\"v0\"", json!({}))).await;
        stale.is_problem(412, "stale-version");
        let found = force.app.get(&force.staff, &path).await.ok();
        assert_eq!((&found["answers"], &found["version"]), (&answers(), &json!(1)));
        for who in [&force.chair, &force.spoc, &force.authority, &force.admin, &force.border] {
            assert_eq!(force.app.get(who, &path).await.status, 403);
        }
        for (faulty, pointer) in [
            (json!({ "sex": { "value": "unknown", "source": "self_described" } }), "/answers/sex"),
            (json!({ "sex": { "source": "self_described" } }), "/answers/sex"),
            (json!({ "sex": { "value": "male", "source": "not_asked" } }), "/answers/sex"),
        ] {
            let answer = record(&force, &force.staff, &force.person, ("\"v1\"", faulty)).await;
            answer.is_problem(422, "validation");
            assert_eq!(answer.body["errors"][0]["pointer"], pointer);
        }
        let complaint = json!({ "officerId": force.staff.id });
        let supervisor = force.app.officer("supervisor", &[Role::PsdSupervisor]).await;
        force.app.post(&supervisor, &format!("/api/v1/people/{}/complaints-about", force.person), complaint).await.ok();
        assert_eq!(force.app.get(&force.staff, &path).await.status, 404);
    });
}

#[test]
fn characteristics_show_in_no_history_no_case_and_no_view_of_the_person() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.nominate().await;
        let words = json!({ "religionOrBelief": { "value": "buddhist", "source": "recorded_by_staff" } });
        record(&force, &force.staff, &force.person, ("\"v0\"", words)).await.ok();
        let person = format!("/api/v1/people/{}", force.person);
        for path in [
            "/api/v1/cases",
            "/api/v1/people",
            &person,
            &format!("/api/v1/cases/{case}"),
            &format!("/api/v1/cases/{case}/events"),
            &format!("/api/v1/cases/{case}/actions"),
            "/api/v1/changes",
        ] {
            let answer = force.app.get(&force.staff, path).await;
            assert_eq!(answer.status, 200, "{path} {}", answer.text);
            assert!(
                !answer.text.contains("buddhist") && !answer.text.contains("religionOrBelief"),
                "{path} {}",
                answer.text
            );
        }
        let history = events::load(force.app.app.store.reader(), force.person.parse().unwrap()).await.unwrap();
        let recorded = history.iter().find(|event| event.kind == "equality_monitoring_recorded").expect("who and when");
        assert_eq!(recorded.data, json!({ "policyVersion": "2" }), "under which policy, and nothing of the answers");
    });
}

async fn person(force: &Force, n: usize, disability: Option<&str>) {
    let new = json!({ "reference": format!("FSU-1{n:03}"), "fullName": format!("Example Person {n}"),
                      "dateOfBirth": "1980-01-01" });
    let made = force.app.post(&force.staff, "/api/v1/people", new).await.ok();
    let id = made["id"].as_str().unwrap();
    if let Some(value) = disability {
        let answers = json!({ "disability": { "value": value, "source": "self_described" } });
        record(force, &force.staff, id, ("\"v0\"", answers)).await.ok();
    }
    let nomination = json!({ "personId": id, "reason": "Nine calls in a day." });
    force.app.post(&force.staff, "/api/v1/nominations", nomination).await.ok();
}

#[test]
fn people_are_counted_and_one_small_count_takes_its_column_with_it() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        for n in 0..12 {
            person(
                &force,
                n,
                match n {
                    0..6 => Some("yes"),
                    6..9 => Some("no"),
                    _ => None,
                },
            )
            .await;
        }
        let auditor = force.app.officer("auditor", &[Role::Auditor]).await;
        let report = force.app.get(&auditor, "/api/v1/reports/equality").await.ok();
        assert_eq!(
            (&report["marking"], &report["page"], &report["pages"]),
            (&json!("OFFICIAL-SENSITIVE"), &json!(1), &json!(1))
        );
        assert_eq!(report["policyVersion"], "2");
        assert!(report["evidence"].as_str().unwrap().starts_with("Counts, not causes."));
        let tables = report["content"].as_array().unwrap();
        let table = |name: &str| tables.iter().find(|table| table["characteristic"] == name).unwrap();
        let row = |name: &str, value: &str| {
            let rows = table(name)["rows"].as_array().unwrap();
            rows.iter().find(|row| row["value"] == value).unwrap()["nominated"].clone()
        };
        for heading in ["yes", "no", "prefers_not_to_say", "not_known"] {
            assert_eq!(row("disability", heading), Value::Null, "one small count takes the column with it: {heading}");
        }
        assert_eq!(table("disability")["total"]["nominated"], 12);
        assert_eq!(table("disability")["total"]["thresholdMet"], Value::Null, "none is fewer than five");
        assert_eq!(row("race", "asian"), Value::Null);
        assert_eq!(tables.len(), 11, "age and ten characteristics");
        for who in [&force.staff, &force.spoc, &force.admin, &force.snt] {
            assert_eq!(force.app.get(who, "/api/v1/reports/equality").await.body["code"], "wrong-role");
        }
        let store = force.app.app.store.clone();
        let one = cases::Entity::find().one(store.reader()).await.unwrap().unwrap().id;
        let gone = cases::ActiveModel { data: Set(json!({ "disposed": {} })), ..Default::default() };
        let disposed = cases::Entity::update_many().set(gone).filter(cases::Column::Id.eq(one));
        store.write(async move |tx: &Tx| disposed.exec(tx).await).await.unwrap();
        let report = force.app.get(&auditor, "/api/v1/reports/equality").await.ok();
        assert_eq!(report["content"][0]["total"]["nominated"], 11, "a case that was disposed of is counted no more");
        force.app.get(&auditor, "/api/v1/reports/nothing").await.is_problem(404, "not-found");
    });
}
