//! What happened to a case, read page by page.

use super::cast::Force;
use crate::support::on_each_database;
use serde_json::Value;

#[test]
fn a_history_comes_in_pages_and_a_cursor_of_one_case_is_not_of_another() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, strategy) = force.strategy_begun().await;
        let path = format!("/api/v1/cases/{case}/events");
        let ids = |page: &Value| -> Vec<Value> {
            page["data"].as_array().unwrap().iter().map(|event| event["id"].clone()).collect()
        };
        let whole = force.app.get(&force.staff, &path).await.ok();
        assert!(whole["page"]["next"].is_null());
        let mut page = force.app.get(&force.staff, &format!("{path}?limit=2")).await.ok();
        let first = page["page"]["next"].as_str().unwrap().to_owned();
        let mut seen = ids(&page);
        while let Some(next) = page["page"]["next"].as_str() {
            page = force.app.get(&force.staff, &format!("{path}?limit=2&cursor={next}")).await.ok();
            seen.extend(ids(&page));
        }
        assert_eq!(seen, ids(&whole));
        assert!(seen.len() >= 5);
        let other = format!("/api/v1/cases/{strategy}/events?cursor={first}");
        force.app.get(&force.staff, &other).await.is_problem(422, "validation");
    });
}
