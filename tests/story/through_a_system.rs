//! Officers of other units answer through a liaison system: it is on the record, and reaches no further.

use super::cast::Force;
use super::forms;
use crate::support::{Answer, Session, on_each_database};
use evenhand::app;
use evenhand::domain::access::Scope;
use reqwest::Method;
use serde_json::{Value, json};

/// A token of a system that speaks for the officer.
async fn spoken_for(force: &Force, officer: &Session, (name, scopes): (&str, &[Scope])) -> (String, String) {
    let system = app::add_client(&force.app.app, name.to_owned(), scopes.to_vec()).await.unwrap();
    let own = app::issue_officer_token(&force.app.app, &officer.name, 60).await.unwrap();
    let jwt = "urn:ietf:params:oauth:token-type:jwt";
    let form = format!("grant_type=client_credentials&actor_token={own}&actor_token_type={jwt}");
    let request = force.app.request(Method::POST, "/oauth2/token").basic_auth(name, Some(&system.secret));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let token = force.app.send(request.body(form)).await.ok()["access_token"].as_str().unwrap().to_owned();
    (system.system.id.to_string(), token)
}

async fn get(force: &Force, token: &str, path: &str) -> Answer {
    force.app.send(force.app.request(Method::GET, path).bearer_auth(token)).await
}

#[test]
fn no_glass_is_broken_and_nothing_broken_is_read_through_a_system_however_far_it_reaches() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.nominate().await;
        let (_, token) = spoken_for(&force, &force.snt, ("in-full", &[Scope::OfficersActInFull])).await;
        let path = format!("/api/v1/cases/{case}");
        let reason = json!({ "reason": "Must know." });
        let request = force.app.request(Method::POST, &format!("{path}/break-glass")).bearer_auth(&token);
        let answer = force.app.send(request.json(&reason)).await;
        assert_eq!((answer.status, &answer.body["code"]), (403, &json!("not-through-a-system")), "{}", answer.text);
        force.app.post(&force.snt, &format!("{path}/break-glass"), reason).await.ok();
        force.app.get(&force.snt, &path).await.ok();
        assert_eq!(get(&force, &token, &path).await.status, 404);
    });
}

#[test]
fn an_answer_given_through_a_system_names_it_beside_the_officer_in_the_history_and_in_the_log() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_case, strategy) = force.strategy_begun().await;
        force.act(&force.spoc, &strategy, "consult", forms::question("snt")).await.ok();
        let (system, token) = spoken_for(&force, &force.snt, ("liaison", &[Scope::OfficersAct])).await;
        let theirs = get(&force, &token, "/api/v1/consultations").await.ok();
        let id = theirs["data"][0]["id"].as_str().unwrap();
        let etag = get(&force, &token, &format!("/api/v1/cases/{id}")).await.etag();
        let answer = json!({ "spokenOn": "2026-06-02", "advice": "Known to us; no concern about this." });
        let request = force.app.request(Method::POST, &format!("/api/v1/consultations/{id}/answer"));
        force.app.send(request.bearer_auth(&token).header("if-match", etag).json(&answer)).await.ok();

        let events = force.app.get(&force.staff, &format!("/api/v1/cases/{id}/events")).await.ok();
        let actors: Vec<&Value> = events["data"].as_array().unwrap().iter().map(|event| &event["actor"]).collect();
        let through = json!({ "kind": "officer", "id": force.snt.id, "through": system });
        assert!(actors.contains(&&through), "{actors:?}");
        let own = json!({ "kind": "officer", "id": force.spoc.id });
        assert!(actors.contains(&&own), "who is signed in themselves is written as before: {actors:?}");
        let found = evenhand::store::verify::verify(&force.app.app.store).await.unwrap();
        assert_eq!(found.broken, None);
    });
}

#[test]
fn a_liaison_system_reaches_consultations_and_look_ups_and_one_with_the_fuller_scope_everything() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.nominate().await;
        let (_, liaison) = spoken_for(&force, &force.staff, ("liaison", &[Scope::OfficersAct])).await;
        let (_, full) = spoken_for(&force, &force.staff, ("records", &[Scope::OfficersActInFull])).await;
        for path in
            ["/api/v1/cases", &format!("/api/v1/cases/{case}"), "/api/v1/people", "/api/v1/contacts", "/api/v1/tasks"]
        {
            get(&force, &liaison, path).await.is_problem(403, "not-through-a-system");
            get(&force, &full, path).await.ok();
        }
        let triage = |token: &str| {
            let request = force.app.request(Method::POST, &format!("/api/v1/cases/{case}/actions/triage"));
            request.bearer_auth(token).header("if-match", "\"v1\"").json(&json!({ "input": forms::triage() }))
        };
        force.app.send(triage(&liaison)).await.is_problem(403, "not-through-a-system");
        let looked = force.app.request(Method::POST, "/api/v1/caller-lookups").bearer_auth(&liaison);
        let looked = force.app.send(looked.json(&json!({ "name": "Example Person" }))).await;
        assert_ne!(looked.body["code"], "not-through-a-system", "{}", looked.text);
        force.app.send(triage(&full)).await.ok();
    });
}

#[test]
fn no_system_speaks_for_an_officer_on_the_word_of_another_system() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, first) = spoken_for(&force, &force.snt, ("first", &[Scope::OfficersAct])).await;
        let second = app::add_client(&force.app.app, "second".to_owned(), vec![Scope::OfficersAct]).await.unwrap();
        let jwt = "urn:ietf:params:oauth:token-type:jwt";
        let form = format!("grant_type=client_credentials&actor_token={first}&actor_token_type={jwt}");
        let request = force.app.request(Method::POST, "/oauth2/token").basic_auth("second", Some(&second.secret));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(force.app.send(request.body(form)).await.body["error"], "invalid_grant");
    });
}
