//! The record of a call: what it asks, what it refuses, and when it is complete.

use super::{NUMBER, Room, on_file, thrive};
use crate::calls::room::{CAD, cad};
use crate::support::{TestApp, on_each_database};
use crate::web::browser::Browser;
use chrono::Duration;
use evenhand::domain::access::{Role, Scope};
use evenhand::store::nominations;
use serde_json::{Value, json};

#[test]
fn a_call_is_recorded_from_its_beginning_to_its_end() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let new = json!({ "channel": "101", "telephone": NUMBER, "personId": room.person });
        let begun = room.app.post(&room.ccr, "/api/v1/calls", new).await;
        assert_eq!(begun.status, 201, "{}", begun.text);
        let path = begun.header("location").unwrap().to_owned();
        assert_eq!((&begun.body["state"], &begun.body["purpose"]), (&json!("open"), &Value::Null), "never a default");
        let early = room.act(&path, "complete", json!({})).await;
        early.is_problem(409, "record-not-finished");
        assert_eq!(early.body["errors"].as_array().unwrap().len(), 5, "{}", early.text);
        room.act(&path, "grade", json!({ "grade": "A" })).await.is_problem(409, "thrive-first");
        room.assess(&path, false, false).await;
        let mut five = thrive();
        five["risk"] = json!(" ");
        room.act(&path, "thrive", five).await.is_problem(422, "not-filled-in");
        room.thrive(&path).await;
        room.act(&path, "grade", json!({ "grade": "Z" })).await.is_problem(422, "validation");
        room.act(&path, "grade", json!({ "grade": "D" })).await.ok();
        room.act(&path, "complete", json!({})).await.is_problem(409, "script-not-finished");
        room.go_through_the_script(&path).await;
        let complete = room.act(&path, "complete", json!({})).await.ok();
        assert_eq!((&complete["state"], &complete["leftToDo"]), (&json!("complete"), &json!([])));
        room.act(&path, "thrive", thrive()).await.is_problem(409, "record-complete");
    });
}

#[test]
fn nobody_attending_a_crime_is_refused_unless_a_named_officer_answers_for_it() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let path = room.begun(json!({ "channel": "999", "withheld": true })).await;
        room.thrive(&path).await;
        room.act(&path, "grade", json!({ "grade": "D" })).await.is_problem(409, "not-assessed");
        room.assess(&path, false, true).await;
        let refused = room.act(&path, "grade", json!({ "grade": "D" })).await;
        refused.is_problem(409, "override-needed");
        let by_nobody = json!({ "grade": "D", "override": { "reason": "Seen an hour ago.", "by": " " } });
        room.act(&path, "grade", by_nobody).await.is_problem(422, "not-filled-in");
        let by = json!({ "grade": "D", "override": { "reason": "Seen an hour ago.", "by": "Inspector Example" } });
        let graded = room.act(&path, "grade", by).await.ok();
        assert_eq!(graded["graded"]["override"]["by"], "Inspector Example");
        assert_eq!((&graded["needsGrading"], &graded["athenaOwed"]), (&json!(false), &json!(true)));
        let for_nothing = json!({ "grade": "A", "override": { "reason": "x", "by": "y" } });
        room.act(&path, "grade", for_nothing).await.is_problem(422, "nothing-to-override");
    });
}

#[test]
fn a_crime_that_is_found_later_has_the_call_graded_again() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let path = room.begun(json!({ "channel": "101", "telephone": NUMBER })).await;
        room.assess(&path, false, false).await;
        room.thrive(&path).await;
        room.act(&path, "grade", json!({ "grade": "D" })).await.ok();
        room.go_through_the_script(&path).await;
        let found = room.assess(&path, false, true).await;
        assert_eq!(found["needsGrading"], true);
        room.act(&path, "complete", json!({})).await.is_problem(409, "needs-grading");
        let listed = room.app.get(&room.ccr, "/api/v1/calls?open=mine").await.ok();
        assert_eq!(listed["data"][0]["needsGrading"], true);
        room.act(&path, "grade", json!({ "grade": "B" })).await.ok();
        room.act(&path, "complete", json!({})).await.ok();
        // After the end it is only added to; what asks for a grade opens it.
        let note = |crime: bool| json!({ "note": "The shop called.", "reason": "New evidence.", "crime": crime });
        assert_eq!(room.act(&path, "amend", note(true)).await.ok()["state"], "complete", "somebody attends");
        let other = room.begun(json!({ "channel": "101", "telephone": NUMBER })).await;
        room.assess(&other, false, false).await;
        room.thrive(&other).await;
        room.act(&other, "grade", json!({ "grade": "D" })).await.ok();
        room.go_through_the_script(&other).await;
        room.act(&other, "complete", json!({})).await.ok();
        assert_eq!(room.act(&other, "amend", note(false)).await.ok()["state"], "complete");
        let reopened = room.act(&other, "amend", note(true)).await.ok();
        assert_eq!((&reopened["state"], &reopened["needsGrading"]), (&json!("open"), &json!(true)));
    });
}

#[test]
fn a_required_report_needs_a_cad_and_every_call_has_one_of_its_own() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let mut paths = Vec::new();
        for _call in 0..2 {
            let path = room.begun(json!({ "channel": "101", "telephone": NUMBER })).await;
            let purpose = json!({ "finding": "policing", "reason": "A theft." });
            let input = json!({ "purpose": purpose, "genuine": true, "crime": false, "reportNeeded": true });
            room.act(&path, "assess", input).await.ok();
            room.thrive(&path).await;
            room.act(&path, "grade", json!({ "grade": "C" })).await.ok();
            room.go_through_the_script(&path).await;
            room.act(&path, "complete", json!({})).await.is_problem(409, "cad-reference-needed");
            paths.push(path);
        }
        let cad = |reference: &str| json!({ "kind": "cad", "reference": reference });
        room.act(&paths[0], "reference", cad("NP-20260601-1")).await.ok();
        room.act(&paths[0], "complete", json!({})).await.ok();
        room.act(&paths[1], "reference", cad(" np-20260601-1 ")).await.is_problem(409, "cad-reference-taken");
        room.act(&paths[1], "reference", cad("NP-20260601-2")).await.ok();
        room.act(&paths[1], "complete", json!({})).await.ok();
    });
}

#[test]
fn a_category_is_one_of_the_register_and_the_purpose_is_found_with_a_reason() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let path = room.begun(json!({ "channel": "101", "name": "Somebody" })).await;
        let assess = |finding: &str, reason: &str, category: &str| json!({ "purpose": { "finding": finding, "reason": reason }, "category": category, "genuine": false });
        room.act(&path, "assess", assess("maybe", "x", "PS37")).await.is_problem(422, "validation");
        room.act(&path, "assess", assess("none_apparent", " ", "PS37")).await.is_problem(422, "not-filled-in");
        room.act(&path, "assess", assess("none_apparent", "A tune is played.", "PS99"))
            .await
            .is_problem(422, "validation");
        let hoax = room.act(&path, "assess", assess("none_apparent", "A tune is played.", "PS37")).await.ok();
        assert_eq!((&hoax["category"], &hoax["crime"]), (&json!("PS37"), &Value::Null));
        let ill = room.act(&path, "assess", assess("not_yet_clear", "Confused.", "PS37A")).await.ok();
        assert_eq!(ill["category"], "PS37A");
        let both =
            json!({ "purpose": { "finding": "policing", "reason": "A fall." }, "category": "PS37", "genuine": true });
        let refused = room.act(&path, "assess", both).await;
        refused.is_problem(422, "not-filled-in");
        assert_eq!(refused.body["errors"][0]["pointer"], "/category", "{}", refused.body);
    });
}

#[test]
fn who_is_recognised_later_is_named_and_their_plan_gone_through() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let new = json!({ "reference": "FSU-0009", "fullName": "Example Caller" });
        let person = room.app.post(&room.staff, "/api/v1/people", new).await.ok();
        let marker = json!({ "kind": "response_plan", "text": "Ask about the lock first.", "personId": person["id"],
                             "reviewOn": "2026-12-01" });
        room.app.post(&room.ccr, "/api/v1/markers", marker).await.ok();
        let path = room.begun(json!({ "channel": "101", "name": "Somebody" })).await;
        let say = |reference: &str, reason: &str| json!({ "reference": reference, "reason": reason });
        room.act(&path, "identify", say("FSU-9999", "By voice.")).await.is_problem(422, "validation");
        room.act(&path, "identify", say("FSU-0009", " ")).await.is_problem(422, "not-filled-in");
        let known = room.act(&path, "identify", say("FSU-0009", "Name and date of birth.")).await.ok();
        assert_eq!(known["personId"], person["id"]);
        let theirs = format!("/api/v1/contacts?person={}", person["id"].as_str().unwrap());
        let theirs = room.app.get(&room.staff, &theirs).await.ok();
        assert_eq!(theirs["data"].as_array().unwrap().len(), 1, "the call is a contact of theirs: {theirs}");
        let steps = known["script"].as_array().unwrap();
        assert!(steps.iter().any(|step| step["text"] == "Ask about the lock first."), "{known}");
        room.act(&path, "identify", say("FSU-0009", "Again.")).await.is_problem(409, "already-identified");
    });
}

#[test]
fn advice_and_requests_are_kept_and_a_request_is_a_task_until_it_is_done() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let path = room.begun(json!({ "channel": "101", "telephone": NUMBER })).await;
        let advice = json!({ "who": "A nurse", "givenAt": "2026-06-01T08:59:00Z", "advice": "Call the GP." });
        assert_eq!(room.act(&path, "advice", advice).await.ok()["advice"][0]["who"], "A nurse");
        for (kind, urgent) in [("mg11", true), ("call_download", false)] {
            room.act(&path, "request", json!({ "kind": kind, "urgent": urgent, "why": "For court." })).await.ok();
        }
        let tasks = room.app.get(&room.ccr, "/api/v1/tasks").await.ok();
        let tasks = tasks["data"].as_array().unwrap().clone();
        assert_eq!(tasks.len(), 2, "{tasks:?}");
        assert!(tasks[0]["title"].as_str().unwrap().contains("officer in the case") && !tasks[0]["dueAt"].is_null());
        assert!(tasks[1]["title"].as_str().unwrap().contains("CCR Systems Support Team"));
        let done = format!("/api/v1/tasks/{}/completion", tasks[0]["id"].as_str().unwrap());
        room.app.post(&room.ccr, &done, json!({})).await.is_problem(409, "done-by-its-own-action");
        let record = room.act(&path, "request_done", json!({ "request": 1 })).await.ok();
        assert!(!record["requests"][0]["doneAt"].is_null() && record["requests"][1]["doneAt"].is_null());
        let left = room.app.get(&room.ccr, "/api/v1/tasks").await.ok();
        assert_eq!(left["data"].as_array().unwrap().len(), 1);
        room.act(&path, "request_done", json!({ "request": 1 })).await.is_problem(409, "request-finished");
    });
}

#[test]
fn only_a_named_call_taker_keeps_a_record_and_nobody_over_anothers() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let system = room.app.system("cad", &[Scope::CallersLookUp]).await;
        let new = json!({ "channel": "101", "telephone": NUMBER });
        room.app.post(&system, "/api/v1/calls", new.clone()).await.is_problem(403, "named-person-required");
        room.app.post(&room.staff, "/api/v1/calls", new.clone()).await.is_problem(403, "wrong-role");
        for (odd, pointer) in [
            (json!({ "channel": "email" }), "/channel"),
            (json!({ "telephone": NUMBER }), "/channel"),
            (json!({ "channel": "101", "telephone": "twelve" }), "/telephone"),
            (json!({ "channel": "101", "personId": "00000000-0000-7000-8000-000000000000" }), "/personId"),
        ] {
            let answer = room.app.post(&room.ccr, "/api/v1/calls", odd).await;
            answer.is_problem(422, "validation");
            assert_eq!(answer.body["errors"][0]["pointer"], pointer);
        }
        let path = room.begun(new).await;
        let stale = room.app.get(&room.ccr, &path).await.etag();
        room.thrive(&path).await;
        let action = format!("{path}/actions/thrive");
        room.app.post_at(&room.ccr, &action, &stale, thrive()).await.is_problem(412, "stale-version");
        room.app.post(&room.ccr, &action, thrive()).await.is_problem(428, "precondition-required");
        let etag = room.app.get(&room.ccr, &path).await.etag();
        room.app
            .post_at(&room.ccr, &format!("{path}/actions/erase"), &etag, json!({}))
            .await
            .is_problem(404, "not-found");
    });
}

#[test]
fn a_record_begun_by_mistake_is_taken_back_and_what_it_counted_for_counts_no_longer() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let mistake = || json!({ "reason": "It was the next caller in the queue." });
        let counted = async || {
            let answer = room.app.get(&room.staff, &format!("/api/v1/contacts?person={}", room.person)).await.ok();
            let all = answer["data"].as_array().unwrap().clone();
            all.iter().filter(|contact| contact["notCountedBecause"].is_null()).count()
        };
        for new in [
            json!({ "channel": "101", "telephone": NUMBER, "personId": room.person }),
            json!({ "channel": "101", "withheld": true, "personId": room.person }),
        ] {
            let path = room.begun(new).await;
            assert_eq!(counted().await, 1);
            room.act(&path, "take_back", json!({ "reason": " " })).await.is_problem(422, "not-filled-in");
            room.act(&path, "reference", json!({ "kind": "cad", "reference": "NP-20260601-0001" })).await.ok();
            let taken_back = room.act(&path, "take_back", mistake()).await.ok();
            assert_eq!((&taken_back["state"], &taken_back["leftToDo"]), (&json!("taken_back"), &json!([])));
            assert_eq!(taken_back["takenBack"]["reason"], mistake()["reason"]);
            assert_eq!(counted().await, 0, "it is counted for the person still");
            room.act(&path, "thrive", thrive()).await.is_problem(409, "record-taken-back");
            let browser = Browser::sign_in(&room.app, "ccr").await;
            let page = browser.get(&path.replace("/api/v1", "")).await;
            page.says(&["Taken back", "counts for nobody", "It was the next caller in the queue."]);
            browser.get("/calls").await.says(&["Taken back"]);
        }
        let found = room.looked_up(json!({ "telephone": NUMBER })).await;
        assert_eq!(found["data"][0]["callsLast24Hours"], json!([]), "{found}");
        let path = room.begun(json!({ "channel": "101", "telephone": NUMBER, "personId": room.person })).await;
        room.act(&path, "reference", json!({ "kind": "cad", "reference": "NP-20260601-0001" })).await.ok();
        assert_eq!(counted().await, 1, "the call there was counts once");
        let browser = Browser::sign_in(&room.app, "ccr").await;
        let page = path.replace("/api/v1", "");
        let version = room.app.get(&room.ccr, &path).await.ok()["version"].to_string();
        let fields = [("version", version.as_str()), ("reason", "It was a test of the line.")];
        let done = browser.post(&format!("{page}/take-back"), &fields).await.leads_to();
        browser.get(&done).await.says(&["It counts for nobody."]);
        assert_eq!(counted().await, 0);
    });
}

#[test]
fn ten_calls_of_which_one_was_recorded_by_mistake_are_nine() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let mut last = String::new();
        for _call in 0..10 {
            last = room.begun(json!({ "channel": "101", "telephone": "01632 960888" })).await;
            room.app.advance(Duration::hours(1));
        }
        let waiting = async || {
            let raised = nominations::of_callers(room.app.app.store.reader(), None, 10).await.unwrap();
            raised.into_iter().filter(|nomination| nomination.withdrawn_at.is_none()).count()
        };
        assert_eq!(waiting().await, 1);
        room.act(&last, "take_back", json!({ "reason": "Pressed twice." })).await.ok();
        assert_eq!(waiting().await, 0, "nine calls do not nominate");
        room.begun(json!({ "channel": "101", "telephone": "01632 960888" })).await;
        assert_eq!(waiting().await, 1);
    });
}

#[test]
fn a_contact_that_is_taken_back_goes_to_no_call_of_the_same_seconds() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let of_nobody = json!({ "channel": "101", "telephone": "01632 960888" });
        let mistake = json!({ "channel": "101", "telephone": "01632 960888", "personId": room.person });
        let mistake = room.begun(mistake).await;
        room.begun(of_nobody).await;
        room.act(&mistake, "take_back", json!({ "reason": "Somebody else." })).await.ok();
        let theirs = room.app.get(&room.staff, &format!("/api/v1/contacts?person={}", room.person)).await.ok();
        let counted = theirs["data"].as_array().unwrap().iter().any(|one| one["notCountedBecause"].is_null());
        assert!(!counted, "the next call is counted as theirs: {theirs}");
    });
}

#[test]
fn a_call_that_was_made_or_is_of_who_complained_is_not_taken_back() {
    on_each_database(async |database| {
        let room = crate::calls::room::Room::set_up(database).await;
        let calls = Room::open(room.app).await;
        let made = calls.begun(json!({ "channel": "101", "telephone": NUMBER, "personId": calls.person })).await;
        let room = crate::calls::room::Room { app: calls.app };
        room.import(CAD, &cad(&[("A1", "01/06/2026 10:00:10", "101", NUMBER)])).await;
        let calls = Room { app: room.app, ..calls };
        let mistake = || json!({ "reason": "A mistake." });
        calls.act(&made, "take_back", mistake()).await.is_problem(409, "call-was-made");
        let theirs = calls.begun(json!({ "channel": "101", "withheld": true, "personId": calls.person })).await;
        let complaint = json!({ "officerId": calls.ccr.id });
        let about = format!("/api/v1/people/{}/complaints-about", calls.person);
        calls.app.post(&calls.staff, &about, complaint).await.ok();
        calls.act(&theirs, "take_back", mistake()).await.is_problem(403, "complained-about");
    });
}

#[test]
fn who_is_named_has_the_call_as_a_contact_whatever_was_known_of_it_before() {
    on_each_database(async |database| {
        let room = crate::calls::room::Room::set_up(database).await;
        let calls = Room::open(room.app).await;
        let room = crate::calls::room::Room { app: calls.app };
        room.import(CAD, &cad(&[("A1", "01/06/2026 09:00:10", "101", "01632960888")])).await;
        let call = room.calls_of("01632960888").await[0].id;
        let calls = Room { app: room.app, ..calls };
        let counted = async || {
            let theirs = format!("/api/v1/contacts?person={}", calls.person);
            calls.app.get(&calls.staff, &theirs).await.ok()["data"].as_array().unwrap().len()
        };
        calls.begun(json!({ "callId": call, "personId": calls.person })).await;
        assert_eq!(counted().await, 1, "a call that was recorded already");
        let shared = "01632 960777";
        for (reference, name) in [("FSU-0002", "Example Person Two"), ("FSU-0003", "Example Person Three")] {
            on_file(&calls.app, &calls.staff, (reference, name), Some(shared)).await;
        }
        let path = calls.begun(json!({ "channel": "101", "telephone": shared })).await;
        let named = json!({ "reference": "FSU-0001", "reason": "They gave their name." });
        calls.act(&path, "identify", named).await.ok();
        assert_eq!(counted().await, 2, "a contact of a number that several have");
    });
}

#[test]
fn a_call_that_a_system_recorded_has_one_record() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let path = room.begun(json!({ "channel": "101", "telephone": NUMBER })).await;
        let id = path.rsplit('/').next().unwrap();
        room.app.post(&room.ccr, "/api/v1/calls", json!({ "callId": id })).await.is_problem(409, "call-recorded");
        let nothing = json!({ "callId": "00000000-0000-7000-8000-000000000000" });
        room.app.post(&room.ccr, "/api/v1/calls", nothing).await.is_problem(404, "not-found");
    });
}

#[test]
fn a_call_that_command_and_control_records_after_the_call_taker_is_one_call_with_one_record() {
    on_each_database(async |database| {
        let room = crate::calls::room::Room::set_up(database).await;
        let calls = Room::open(room.app).await;
        let path = calls.begun(json!({ "channel": "101", "telephone": NUMBER })).await;
        calls.app.advance(Duration::hours(1));
        let room = crate::calls::room::Room { app: calls.app };
        room.import(CAD, &cad(&[("A1", "01/06/2026 10:00:10", "101", NUMBER)])).await;
        let stands = room.calls_of(NUMBER).await;
        assert_eq!(stands.len(), 1);
        let head = stands[0].id.to_string();
        assert!(!path.ends_with(&head), "the row of command and control stands for the call");
        let again = room.app.post(&calls.ccr, "/api/v1/calls", json!({ "callId": head })).await;
        again.is_problem(409, "call-recorded");
        let browser = Browser::sign_in(&room.app, "ccr").await;
        let page = browser.get(&path.replace("/api/v1", "")).await;
        assert!(page.text.contains("No calls in the last 24 hours"), "it is its own predecessor: {}", page.text);
    });
}

#[test]
fn a_unit_reads_the_calls_of_callers_it_works_on_and_nobody_those_of_who_complained_about_them() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let opt = room.app.officer("opt", &[Role::Opt]).await;
        let other = on_file(&room.app, &room.staff, ("FSU-0002", "Example Person Two"), None).await;
        let theirs = room.begun(json!({ "channel": "101", "personId": room.person })).await;
        let another = room.begun(json!({ "channel": "101", "personId": other })).await;
        let order = json!({ "workflow": "enforcement-order", "personId": room.person,
            "input": { "kind": "criminal_behaviour_order", "subject": "person", "conduct": "Calls at night.", "locality": "Example Road" } });
        room.app.post(&opt, "/api/v1/cases", order).await.ok();
        assert_eq!(room.app.get(&opt, &theirs).await.status, 200);
        assert_eq!(room.app.get(&opt, &another).await.status, 404);
        room.app.get(&opt, "/api/v1/calls").await.is_problem(403, "wrong-role");
        let second = room.app.officer("second", &[Role::Ccr]).await;
        assert_eq!(room.app.get(&second, &theirs).await.status, 200);
        for officer in [&second.id, &room.ccr.id] {
            let complaint = json!({ "officerId": officer });
            let path = format!("/api/v1/people/{}/complaints-about", room.person);
            room.app.post(&room.staff, &path, complaint).await.ok();
        }
        assert_eq!(room.app.get(&second, &theirs).await.status, 404);
        let own = room.app.get(&room.ccr, &theirs).await.ok();
        assert_eq!(own["personName"], Value::Null, "their own call they go on with, and are shown how to help");
    });
}
