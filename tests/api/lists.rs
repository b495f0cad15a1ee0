//! Lists come in pages that neither skip nor repeat, whatever is added meanwhile.

use crate::support::{Session, TestApp, on_each_database};
use chrono::Duration;
use evenhand::domain::access::Role;
use serde_json::{Value, json};

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
