//! Orders over HTTP: the local units open them, see them, and have one of a kind open about a person.

use super::cast::Force;
use crate::support::on_each_database;
use serde_json::{Value, json};

fn proposed(force: &Force, kind: &str) -> Value {
    json!({ "workflow": "enforcement-order", "personId": force.person,
            "input": { "kind": kind, "subject": "person", "conduct": "Shouts at night.", "locality": "Example Road" } })
}

#[test]
fn one_order_of_a_kind_is_open_about_a_person_and_the_units_that_work_on_orders_see_it() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let opened =
            force.app.post(&force.opt, "/api/v1/cases", proposed(&force, "community_protection_warning")).await;
        let path = format!("/api/v1/cases/{}", opened.ok()["id"].as_str().unwrap());
        for (who, status) in [(&force.opt, 200), (&force.snt, 200), (&force.mash, 404)] {
            assert_eq!(force.app.get(who, &path).await.status, status, "{}", who.name);
        }
        let again = force.app.post(&force.snt, "/api/v1/cases", proposed(&force, "community_protection_warning")).await;
        assert_eq!((again.status, &again.body["code"]), (409, &json!("case-already-open")));
        let other = force.app.post(&force.snt, "/api/v1/cases", proposed(&force, "criminal_behaviour_order")).await;
        assert_eq!(other.status, 201, "{}", other.text);
        let listed = force.app.get(&force.snt, "/api/v1/cases?workflow=enforcement-order").await.ok();
        assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    });
}
