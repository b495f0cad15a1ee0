//! Two records are one person: their cases go together, and part again when they turn out to be two.

use crate::story::forms;
use crate::support::{Session, TestApp, TestDatabase, on_each_database};
use entities::cases;
use evenhand::domain::access::Role;
use evenhand::store::StoreError;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

struct File {
    app: TestApp,
    staff: Session,
    kept: String,
    merged: String,
}

impl File {
    async fn open(database: TestDatabase) -> Self {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let mut ids = Vec::new();
        for reference in ["FSU-0001", "FSU-0002"] {
            let new = json!({ "reference": reference, "fullName": "Example Person One" });
            ids.push(app.post(&staff, "/api/v1/people", new).await.ok()["id"].as_str().unwrap().to_owned());
        }
        let [kept, merged] = ids.try_into().unwrap();
        Self { app, staff, kept, merged }
    }

    async fn merge(&self) -> Value {
        let merge = json!({ "keptId": self.kept, "mergedId": self.merged, "reason": "Same date of birth." });
        self.app.post(&self.staff, "/api/v1/people/merges", merge).await.ok()
    }

    async fn nominate(&self, person: Option<&str>) -> String {
        let new = json!({ "personId": person, "reason": "Nine letters about one matter." });
        let nominated = self.app.post(&self.staff, "/api/v1/nominations", new).await.ok();
        nominated["caseId"].as_str().unwrap().to_owned()
    }

    async fn case(&self, case: &str) -> Value {
        self.app.get(&self.staff, &format!("/api/v1/cases/{case}")).await.ok()
    }

    async fn cases_of(&self, person: &str) -> Vec<Value> {
        let listed = self.app.get(&self.staff, &format!("/api/v1/cases?person={person}")).await.ok();
        listed["data"].as_array().unwrap().iter().map(|case| case["id"].clone()).collect()
    }
}

#[test]
fn a_case_goes_with_its_person_through_a_merge_and_back() {
    on_each_database(async |database| {
        let file = File::open(database).await;
        let case = file.nominate(Some(&file.merged)).await;
        let merge = file.merge().await;
        assert_eq!(file.case(&case).await["personId"], json!(file.kept));
        assert_eq!(file.cases_of(&file.kept).await, [json!(case)]);
        assert_eq!(file.cases_of(&file.merged).await, [json!(case)], "by either record");
        let second = json!({ "workflow": "frequent-service-user", "personId": file.kept,
                             "input": { "source": "manual", "reason": "Again." } });
        file.app.post(&file.staff, "/api/v1/cases", second).await.is_problem(409, "case-already-open");
        let reversal = format!("/api/v1/people/merges/{}/reversal", merge["id"].as_str().unwrap());
        file.app.post(&file.staff, &reversal, json!({ "reason": "Two people after all." })).await.ok();
        assert_eq!(file.case(&case).await["personId"], json!(file.merged));
        let events = file.app.get(&file.staff, &format!("/api/v1/cases/{case}/events")).await.ok();
        let kinds: Vec<_> = events["data"].as_array().unwrap().iter().map(|event| event["kind"].clone()).collect();
        assert_eq!(kinds, ["opened", "person_linked", "person_linked"]);
    });
}

#[test]
fn a_case_that_ended_while_its_person_was_merged_comes_back_with_them() {
    on_each_database(async |database| {
        let file = File::open(database).await;
        let ended = file.nominate(Some(&file.merged)).await;
        let merge = file.merge().await;
        let diverted = json!({ "nature": "unmet_need", "safeguarding": "Checked.", "domesticAbuse": "Checked.",
                               "openComplaint": "None.", "adjustments": "None." });
        let help = forms::diversion();
        for (action, input) in [("triage", diverted), ("divert", help)] {
            let path = format!("/api/v1/cases/{ended}");
            let etag = file.app.get(&file.staff, &path).await.etag();
            let body = json!({ "input": input });
            file.app.post_at(&file.staff, &format!("{path}/actions/{action}"), &etag, body).await.ok();
        }
        assert_eq!(file.case(&ended).await["state"], "diverted");
        let reversal = format!("/api/v1/people/merges/{}/reversal", merge["id"].as_str().unwrap());
        file.app.post(&file.staff, &reversal, json!({ "reason": "Two people after all." })).await.ok();
        assert_eq!(file.case(&ended).await["personId"], json!(file.merged));
        file.merge().await;
        assert_eq!(file.case(&ended).await["personId"], json!(file.merged), "what ended stays where it was");
    });
}

#[test]
fn two_open_cases_that_a_merge_brings_together_are_named_and_marked_for_the_chair() {
    on_each_database(async |database| {
        let file = File::open(database).await;
        let chair = file.app.officer("chair", &[Role::Chair]).await;
        let both = [file.nominate(Some(&file.kept)).await, file.nominate(Some(&file.merged)).await];
        let merge = file.merge().await;
        assert_eq!(merge["openCases"], json!(both));
        let marked = async || {
            let tasks = file.app.get(&chair, "/api/v1/tasks").await.ok();
            tasks["data"].as_array().unwrap().iter().filter(|task| task["kind"] == "two_open_cases").count()
        };
        assert_eq!(marked().await, 2);
        let reversal = format!("/api/v1/people/merges/{}/reversal", merge["id"].as_str().unwrap());
        file.app.post(&file.staff, &reversal, json!({ "reason": "Two people after all." })).await.ok();
        assert_eq!(marked().await, 0, "each is somebody's only one again");
    });
}

#[test]
fn a_rule_that_neither_record_reached_is_reached_by_both_together() {
    on_each_database(async |database| {
        let file = File::open(database).await;
        for (hour, person) in (0..10).zip([&file.kept, &file.merged].into_iter().cycle()) {
            let call = json!({ "channel": "101", "personId": person,
                               "receivedAt": format!("2026-05-31T{hour:02}:00:00Z") });
            file.app.post(&file.staff, "/api/v1/contacts", call).await.ok();
        }
        let nominations = async || file.app.get(&file.staff, "/api/v1/nominations").await.ok()["data"].clone();
        assert_eq!(nominations().await, json!([]));
        file.merge().await;
        assert_eq!(nominations().await[0]["rule"], "repeat-calls");
        assert_eq!(nominations().await[0]["personId"], json!(file.kept));
    });
}

#[test]
fn a_case_opened_about_nobody_is_linked_once_by_a_named_person() {
    on_each_database(async |database| {
        let file = File::open(database).await;
        let case = file.nominate(None).await;
        let path = format!("/api/v1/cases/{case}/person");
        let link = json!({ "personId": file.kept, "reason": "They gave their name on the telephone." });
        let chair = file.app.officer("chair", &[Role::Chair]).await;
        file.app.post_at(&chair, &path, "\"v1\"", link.clone()).await.is_problem(403, "wrong-role");
        let silent = json!({ "personId": file.kept, "reason": " " });
        file.app.post_at(&file.staff, &path, "\"v1\"", silent).await.is_problem(422, "validation");
        let linked = file.app.post_at(&file.staff, &path, "\"v1\"", link.clone()).await.ok();
        assert_eq!(linked["personId"], json!(file.kept));
        let nominations = file.app.get(&file.staff, "/api/v1/nominations").await.ok();
        assert_eq!(nominations["data"][0]["personId"], json!(file.kept));
        file.app.post_at(&file.staff, &path, "\"v2\"", link.clone()).await.is_problem(409, "already-linked");
        let other = file.nominate(None).await;
        let path = format!("/api/v1/cases/{other}/person");
        file.app.post_at(&file.staff, &path, "\"v1\"", link).await.is_problem(409, "case-already-open");
    });
}

/// One case stands below another, as if it had been opened under it.
async fn put_below(file: &File, parent: &str, child: &str) {
    let [parent, child] = [parent, child].map(|id| id.parse::<Uuid>().unwrap());
    let below = cases::ActiveModel { parent_id: Set(Some(parent)), ..Default::default() };
    let put = file.app.app.store.write(async move |tx| {
        cases::Entity::update_many().set(below).filter(cases::Column::Id.eq(child)).exec(tx).await?;
        Ok::<_, StoreError>(())
    });
    put.await.unwrap();
}

#[test]
fn linking_a_case_links_all_below_it_and_takes_their_tasks_from_whom_the_person_complained_about() {
    on_each_database(async |database| {
        let file = File::open(database).await;
        let supervisor = file.app.officer("supervisor", &[Role::PsdSupervisor]).await;
        let other = file.app.officer("other", &[Role::PsdStaff]).await;
        let [top, middle, bottom] = [file.nominate(None).await, file.nominate(None).await, file.nominate(None).await];
        put_below(&file, &top, &middle).await;
        put_below(&file, &middle, &bottom).await;
        file.app.advance(chrono::Duration::days(1));
        evenhand::app::cases::send_alerts(&file.app.app).await.unwrap();
        let tasks = async || file.app.get(&other, "/api/v1/tasks").await.ok()["data"].as_array().unwrap().clone();
        let theirs = tasks().await;
        for case in [&top, &middle, &bottom] {
            assert!(theirs.iter().any(|task| task["caseId"] == json!(case)), "{theirs:?}");
        }
        let path = format!("/api/v1/people/{}/complaints-about", file.kept);
        file.app.post(&supervisor, &path, json!({ "officerId": other.id })).await.ok();
        assert_eq!(tasks().await.len(), theirs.len(), "nobody knows yet whom they are about");
        let link = json!({ "personId": file.kept, "reason": "They gave their name on the telephone." });
        file.app.post_at(&file.staff, &format!("/api/v1/cases/{top}/person"), "\"v1\"", link).await.ok();
        for case in [&top, &middle, &bottom] {
            assert_eq!(file.case(case).await["personId"], json!(file.kept));
        }
        assert_eq!(tasks().await, Vec::<Value>::new());
        for task in &theirs {
            let done = format!("/api/v1/tasks/{}/completion", task["id"].as_str().unwrap());
            let answer = file.app.post(&other, &done, json!({})).await;
            assert!([403, 404].contains(&answer.status), "{}", answer.text);
        }
    });
}
