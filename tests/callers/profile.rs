//! One caller: what their calls add up to, who on file they are, and whom nobody has looked at yet.

use crate::support::made_calls::{NewCall, a_case, call, calls, id_of, keep_calls, nominated};
use crate::support::{TestApp, on_each_database};
use crate::web::browser::Browser;
use evenhand::app::{OfficerChange, amend_officer};
use evenhand::domain::access::Role;
use evenhand::domain::calls::Direction;
use serde_json::{Value, json};

const FIRST: &str = "+447700900001";

fn profile() -> String {
    format!("/api/v1/callers/{}", id_of(FIRST))
}

#[test]
fn a_profile_says_how_often_when_and_about_what_and_nothing_more() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let csu = app.officer("csu", &[Role::Csu]).await;
        let about = |subject: &'static str, one: NewCall| NewCall { subject: Some(subject), ..one };
        let mut all = vec![
            about("Noise", call(FIRST, "2026-05-04T21:30:00Z")),
            about("Noise", call(FIRST, "2026-05-11T21:30:00Z")),
            about("Parking", call(FIRST, "2026-05-31T08:00:00Z")),
            NewCall { direction: Direction::Out, ..call(FIRST, "2026-05-31T09:00:00Z") },
            call(FIRST, "2025-06-01T08:00:00Z"),
        ];
        all[1].area = Some("east");
        keep_calls(&app, all).await;
        let seen = app.get(&csu, &profile()).await.ok();
        assert_eq!((&seen["calls"], &seen["callsEver"], &seen["callsOut"]), (&json!(3), &json!(4), &json!(1)));
        assert_eq!(seen["weeks"].as_array().unwrap().len(), 26);
        assert_eq!(seen["hours"][0][22], 2, "Mondays at ten in the evening of London: {seen}");
        assert_eq!(seen["longestGapDays"], 19);
        let subjects = json!([{ "what": "Noise", "calls": 2 }, { "what": "Parking", "calls": 1 }]);
        assert_eq!(seen["subjects"], subjects);
        assert_eq!(seen["areas"][0], json!({ "what": "Not known", "calls": 2 }));
        assert_eq!((&seen["kind"], &seen["person"]), (&json!("individual"), &Value::Null));
        for word in ["nuisance", "hoax", "vexatious", "flag", "score"] {
            assert!(!seen.to_string().to_lowercase().contains(word), "{word}: {seen}");
        }
    });
}

#[test]
fn an_officer_says_who_a_caller_is_and_takes_it_back_with_a_reason() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let coordinator = app.officer("coordinator", &[Role::Coordinator]).await;
        keep_calls(&app, calls(FIRST, "2026-05", 3)).await;
        let new = json!({ "reference": "FSU-0001", "fullName": "Example Person" });
        let person = app.post(&coordinator, "/api/v1/people", new).await.ok();
        let path = format!("{}/person", profile());
        let say = |person: Value, reason: &str| json!({ "personId": person, "reason": reason });
        app.post(&coordinator, &path, say(person["id"].clone(), "")).await.is_problem(422, "validation");
        let nobody = json!("00000000-0000-7000-8000-000000000000");
        app.post(&coordinator, &path, say(nobody, "Because")).await.is_problem(422, "validation");
        let snt = app.officer("snt", &[Role::Snt]).await;
        app.post(&snt, &path, say(person["id"].clone(), "Because")).await.is_problem(403, "wrong-role");
        app.post(&coordinator, &path, say(person["id"].clone(), "Known to the unit.")).await.ok();
        let seen = app.get(&coordinator, &profile()).await.ok();
        assert_eq!(seen["person"]["reference"], "FSU-0001");
        let seen = app.get(&snt, &profile()).await.ok();
        assert_eq!((&seen["person"]["id"], &seen["person"]["fullName"]), (&person["id"], &Value::Null));
        app.post(&coordinator, &path, say(Value::Null, "It was a neighbour.")).await.ok();
        assert_eq!(app.get(&coordinator, &profile()).await.ok()["person"], Value::Null);
        let history =
            evenhand::store::events::load(app.app.store.reader(), id_of(FIRST).parse().unwrap()).await.unwrap();
        let kinds: Vec<&str> = history.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["linked", "unlinked"]);
        assert_eq!(history[1].data["reason"], "It was a neighbour.");
    });
}

#[test]
fn calls_of_a_caller_without_a_number_are_contacts_of_whoever_they_are_said_to_be() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let coordinator = app.officer("coordinator", &[Role::Coordinator]).await;
        let key = "name:example caller|1 example road";
        let of_a_name = |at| NewCall { caller: Some(key.to_owned()), ..call(FIRST, at) };
        keep_calls(&app, vec![of_a_name("2026-05-04T09:00:00Z"), of_a_name("2026-05-05T09:00:00Z")]).await;
        let new = json!({ "reference": "FSU-0001", "fullName": "Example Person" });
        let person = app.post(&coordinator, "/api/v1/people", new).await.ok();
        let caller = evenhand::domain::calls::CallerKey::from_kept(key.to_owned()).id();
        let path = format!("/api/v1/callers/{caller}/person");
        let say = |person: Value, reason: &str| json!({ "personId": person, "reason": reason });
        app.post(&coordinator, &path, say(person["id"].clone(), "Known to the unit.")).await.ok();
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let theirs = format!("/api/v1/contacts?person={}", person["id"].as_str().unwrap());
        let ids = async || -> Vec<String> {
            let found = app.get(&staff, &theirs).await.ok();
            found["data"].as_array().unwrap().iter().map(|contact| contact["id"].to_string()).collect()
        };
        let contacts = ids().await;
        assert_eq!(contacts.len(), 2);
        // Said again after it was taken back, no call is a second contact.
        app.post(&coordinator, &path, say(Value::Null, "Not sure.")).await.ok();
        app.post(&coordinator, &path, say(person["id"].clone(), "It is them.")).await.ok();
        assert_eq!(ids().await, contacts);
    });
}

#[test]
fn a_caller_with_an_open_case_is_kept_with_it_and_whoever_has_it_is_told() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let coordinator = app.officer("coordinator", &[Role::Coordinator]).await;
        keep_calls(&app, calls(FIRST, "2026-05", 12)).await;
        let first = nominated(&app, FIRST).await;
        app.post(&coordinator, &format!("/api/v1/nominations/{first}/keeping"), json!({}))
            .await
            .is_problem(409, "no-open-case");
        let input = json!({ "input": { "reason": "Twelve calls in a week." } });
        let case = app.post(&coordinator, &format!("/api/v1/nominations/{first}/taking-up"), input.clone()).await.ok();
        let again = nominated(&app, FIRST).await;
        let waiting = app.get(&coordinator, "/api/v1/callers?nominated=waiting").await.ok();
        let theirs = &waiting["data"][0]["cases"][0];
        assert_eq!((&theirs["caseId"], &theirs["isOpen"]), (&case["id"], &json!(true)), "{waiting}");
        let taking_up = format!("/api/v1/nominations/{again}/taking-up");
        app.post(&coordinator, &taking_up, input).await.is_problem(409, "case-already-open");
        let keeping = format!("/api/v1/nominations/{again}/keeping");
        let snt = app.officer("snt", &[Role::Snt]).await;
        app.post(&snt, &keeping, json!({})).await.is_problem(403, "wrong-role");
        assert_eq!(app.post(&coordinator, &keeping, json!({})).await.ok()["caseId"], case["id"]);
        app.post(&coordinator, &keeping, json!({})).await.is_problem(409, "nomination-looked-at");
        let tasks = app.get(&coordinator, "/api/v1/tasks").await.ok();
        let told = "Vulnerable repeat caller: reached the number of calls again";
        assert!(tasks["data"].as_array().unwrap().iter().any(|task| task["title"] == told), "{tasks}");
        // Once somebody says who the caller is, the case is about them.
        let new = json!({ "reference": "FSU-0001", "fullName": "Example Person" });
        let person = app.post(&coordinator, "/api/v1/people", new).await.ok();
        let say = json!({ "personId": person["id"], "reason": "Known to the unit." });
        app.post(&coordinator, &format!("{}/person", profile()), say).await.ok();
        let path = format!("/api/v1/cases/{}", case["id"].as_str().unwrap());
        assert_eq!(app.get(&coordinator, &path).await.ok()["personId"], person["id"]);
    });
}

#[test]
fn whoever_meets_callers_asks_for_a_look_at_one_with_a_reason_and_in_their_own_areas() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let (opt, records) = (app.officer("opt", &[Role::Opt]).await, app.officer("records", &[Role::Records]).await);
        let of_town = calls(FIRST, "2026-05", 2).into_iter().map(|one| NewCall { area: Some("town"), ..one });
        keep_calls(&app, of_town.collect()).await;
        let path = format!("{}/nominations", profile());
        let reason = json!({ "reason": "Short of breath on each call." });
        app.post(&records, &path, reason.clone()).await.is_problem(403, "wrong-role");
        app.post(&opt, &path, json!({ "reason": " " })).await.is_problem(422, "validation");
        assert_eq!(app.post(&opt, &path, reason.clone()).await.status, 201);
        let csu = app.officer("csu", &[Role::Csu]).await;
        let waiting = app.get(&csu, "/api/v1/callers?nominated=waiting").await.ok();
        let one = &waiting["data"][0];
        assert_eq!((&one["reason"], &one["rule"]), (&reason["reason"], &Value::Null));
        for name in ["opt", "csu"] {
            let change = OfficerChange { areas: Some(["coast".to_owned()].into()), ..OfficerChange::default() };
            amend_officer(&app.app, name, change).await.unwrap();
        }
        app.post(&opt, &path, reason.clone()).await.is_problem(404, "not-found");
        // Nor does who is of another area take it up, leave it or say who it is.
        let nomination = one["nominationId"].as_str().unwrap();
        for (what, body) in [("taking-up", json!({ "input": reason })), ("leaving", reason), ("keeping", json!({}))] {
            let path = format!("/api/v1/nominations/{nomination}/{what}");
            app.post(&csu, &path, body).await.is_problem(404, "not-found");
        }
        let say = json!({ "personId": null, "reason": "Nobody." });
        app.post(&csu, &format!("{}/person", profile()), say).await.is_problem(404, "not-found");
    });
}

#[test]
fn who_is_nominated_waits_until_somebody_takes_it_up_or_leaves_it_with_a_reason() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let csu = app.officer("csu", &[Role::Csu]).await;
        keep_calls(&app, calls(FIRST, "2026-05", 12)).await;
        let nomination = nominated(&app, FIRST).await;
        let waiting = app.get(&csu, "/api/v1/callers?nominated=waiting").await.ok();
        assert_eq!(waiting["data"][0]["nominationId"], json!(nomination));
        assert_eq!(waiting["data"][0]["number"], FIRST);
        app.get(&csu, "/api/v1/callers?nominated=some").await.is_problem(422, "validation");
        let leaving = format!("/api/v1/nominations/{nomination}/leaving");
        app.post(&csu, &leaving, json!({ "reason": "" })).await.is_problem(422, "validation");
        let reason = json!({ "reason": "A carer who calls for others." });
        assert_eq!(app.post(&csu, &leaving, reason.clone()).await.status, 204);
        app.post(&csu, &leaving, reason).await.is_problem(409, "nomination-looked-at");
        assert_eq!(app.get(&csu, "/api/v1/callers").await.ok()["data"], json!([]));
        let all = app.get(&csu, "/api/v1/callers?nominated=all").await.ok();
        assert_eq!(all["data"][0]["leftBecause"], "A carer who calls for others.");
        // Reached again, it is a new nomination that nobody has looked at.
        app.advance(chrono::Duration::days(8));
        nominated(&app, FIRST).await;
        assert_eq!(app.get(&csu, "/api/v1/callers").await.ok()["data"].as_array().unwrap().len(), 1);
        let seen = app.get(&csu, &profile()).await.ok();
        assert_eq!(seen["nominations"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn a_caller_who_is_somebody_on_file_leaves_the_file_with_them() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let coordinator = app.officer("coordinator", &[Role::Coordinator]).await;
        keep_calls(&app, calls(FIRST, "2026-05", 3)).await;
        let new = json!({ "reference": "FSU-0001", "fullName": "Example Person" });
        let person = app.post(&coordinator, "/api/v1/people", new).await.ok();
        let link = json!({ "personId": person["id"], "reason": "Known." });
        app.post(&coordinator, &format!("{}/person", profile()), link).await.ok();
        let id: evenhand::domain::ids::PersonId = person["id"].as_str().unwrap().parse().unwrap();
        let written = app.app.store.write(async move |tx: &evenhand::store::Tx| {
            evenhand::store::disposal::erase_people(tx, &[id]).await.map(drop)
        });
        written.await.unwrap();
        assert_eq!(app.get(&coordinator, &profile()).await.ok()["person"], Value::Null);
    });
}

#[test]
fn what_officers_know_of_a_caller_stands_with_the_caller() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let snt = app.officer("snt", &[Role::Snt]).await;
        let csu = app.officer("csu", &[Role::Csu]).await;
        keep_calls(&app, calls(FIRST, "2026-05", 3)).await;
        let note = json!({ "callerId": id_of(FIRST), "words": "Answers the door in the mornings." });
        app.post(&snt, "/api/v1/coordination/notes", note).await.ok();
        let of_the_work = json!({ "words": "The ambulance desk changed its number." });
        app.post(&snt, "/api/v1/coordination/notes", of_the_work).await.is_problem(403, "wrong-role");
        let seen = app.get(&csu, &profile()).await.ok();
        assert_eq!(seen["notes"][0]["words"], "Answers the door in the mornings.");
    });
}

#[test]
fn what_was_noted_in_a_case_stands_with_the_caller_for_those_who_see_the_case() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        keep_calls(&app, calls(FIRST, "2026-05", 2)).await;
        let noted = json!({ "about": "what_helps", "knowledge": "Ask for the sister.", "knownFrom": "The family" });
        let data = json!({ "callerTelephone": "07700 900001", "referral": { "unit": "snt", "area": "north" },
                           "knowledge": [noted] });
        let case = a_case(&app, ("concluded", data), (None, None)).await;
        let coordinator = app.officer("coordinator", &[Role::Coordinator]).await;
        let seen = app.get(&coordinator, &profile()).await.ok();
        let known = json!([{ "caseId": case, "about": "what_helps", "knowledge": "Ask for the sister.",
                             "knownFrom": "The family" }]);
        assert_eq!(seen["knowledge"], known);
        let csu = app.officer("csu", &[Role::Csu]).await;
        let seen = app.get(&csu, &profile()).await.ok();
        assert_eq!(seen["knowledge"], json!([]), "the case is another unit's");
        // A second case of the same caller does not start blank.
        let new = json!({ "workflow": "vulnerable-repeat-caller",
                          "input": { "source": "manual", "reason": "Again.", "callerTelephone": "07700 900001" } });
        let second = app.post(&coordinator, "/api/v1/cases", new).await.ok();
        let page = Browser::sign_in(&app, "coordinator").await;
        let page = page.get(&format!("/cases/{}", second["id"].as_str().unwrap())).await;
        page.says(&["What was noted of them before", "Ask for the sister.", "The family", &format!("/cases/{case}")]);
    });
}
