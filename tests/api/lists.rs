//! Lists come in pages that neither skip nor repeat, whatever is added meanwhile.

use crate::support::{Session, TestApp, on_each_database};
use chrono::Duration;
use evenhand::domain::access::Role;
use evenhand::domain::ids::Id;
use evenhand::store::Tx;
use evenhand::store::jobs::{self, NewJob};
use evenhand::store::tasks::{self, NewTask};
use serde_json::{Value, json};
use uuid::Uuid;

async fn delegate(app: &TestApp, admin: &Session) -> String {
    app.advance(Duration::seconds(1));
    let body = json!({ "officerId": admin.id, "workflow": "communications-strategy", "from": "2026-06-01", "to": "2026-06-30" });
    app.post(admin, "/api/v1/delegations", body).await.ok()["id"].as_str().unwrap().to_owned()
}

fn ids(page: &Value) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn pages_show_every_row_once_while_others_are_added() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        let mut made = Vec::new();
        for _ in 0..5 {
            made.push(delegate(&app, &admin).await);
        }
        let mut seen = Vec::new();
        let mut path = "/api/v1/delegations?limit=2".to_owned();
        loop {
            let answer = app.get(&admin, &path).await;
            let next =
                answer.header("link").map(|link| link.trim_start_matches('<').split('>').next().unwrap().to_owned());
            let page = answer.ok();
            seen.extend(ids(&page));
            delegate(&app, &admin).await;
            assert_eq!(next.is_some(), page["page"]["next"].is_string());
            match next {
                Some(next) => path = next,
                None => break,
            }
        }
        made.reverse();
        assert_eq!(seen, made);
    });
}

#[test]
fn a_cursor_that_is_not_of_this_list_and_a_limit_out_of_range_are_refused() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        for query in
            ["cursor=x", "cursor=", "cursor=AAAAAAAAAAAAAAAA", "limit=0", "limit=201", "limit=-1", "limit=many"]
        {
            let answer = app.get(&admin, &format!("/api/v1/delegations?{query}")).await;
            answer.is_problem(422, "validation");
        }
    });
}

/// The ids of a whole list, read page by page.
async fn walked(app: &TestApp, who: &Session, path: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let answer = app.get(who, &path).await;
        next = answer.header("link").map(|link| link.trim_start_matches('<').split('>').next().unwrap().to_owned());
        seen.extend(ids(&answer.ok()));
    }
    seen
}

#[test]
fn tasks_come_in_pages_the_most_urgent_first_and_those_without_a_day_last() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let due = |days: i64| Some(app.now() + Duration::days(days));
        let dues = [None, due(2), due(1), due(2), None, due(3)];
        let task = |(n, due): (usize, Option<_>)| NewTask {
            id: Uuid::from_u128(n as u128 + 1),
            kind: "act",
            title: "Example task".to_owned(),
            role: Some("psd_staff".to_owned()),
            officer: None,
            case: None,
            contact: None,
            person: None,
            due_at: due,
            created_at: app.now(),
            cause: n.to_string(),
        };
        let all: Vec<NewTask> = dues.into_iter().enumerate().map(task).collect();
        app.app.store.write(async move |tx: &Tx| tasks::create(tx, all).await).await.unwrap();
        let wanted: Vec<String> = [3, 2, 4, 6, 1, 5].map(|n| Uuid::from_u128(n).to_string()).into();
        assert_eq!(walked(&app, &staff, "/api/v1/tasks?limit=2").await, wanted);
        assert_eq!(walked(&app, &staff, "/api/v1/tasks").await, wanted);
    });
}

#[test]
fn dead_jobs_come_in_pages() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        let job = |n: u128| NewJob {
            id: Id::from_uuid(Uuid::from_u128(n)),
            kind: "example".to_owned(),
            payload: json!({}),
            key: n.to_string(),
            run_at: app.now(),
            created_at: app.now(),
        };
        let all = (1..=5).map(job).collect();
        app.app.store.write(async move |tx: &Tx| jobs::enqueue(tx, all).await).await.unwrap();
        for job in jobs::claim(&app.app.store, &["example"], 9, app.now(), Duration::minutes(1)).await.unwrap() {
            app.app.store.write(async move |tx: &Tx| jobs::give_up(tx, &job, "never").await).await.unwrap();
        }
        let wanted: Vec<String> = (1..=5).map(|n| Uuid::from_u128(n).to_string()).collect();
        assert_eq!(walked(&app, &admin, "/api/v1/jobs?state=dead&limit=2").await, wanted);
    });
}
