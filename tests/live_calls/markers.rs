//! What call takers are told of numbers, people and places, and what they then go through.

use super::{NUMBER, Room, on_file};
use crate::story::caller_forms as forms;
use crate::support::made_calls::{calls, keep_calls, nominated};
use crate::support::{Session, TestApp, on_each_database};
use evenhand::domain::access::Role;
use serde_json::{Value, json};

async fn marked(room: &Room, marker: Value) -> String {
    let added = room.app.post(&room.staff, "/api/v1/markers", marker).await.ok();
    added["id"].as_str().unwrap().to_owned()
}

fn kinds(found: &Value) -> Vec<&str> {
    found["markers"].as_array().unwrap().iter().map(|marker| marker["kind"].as_str().unwrap()).collect()
}

#[test]
fn a_marker_is_shown_with_the_number_the_person_or_the_place_it_is_on_until_it_ends() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let home = json!({ "kind": "address", "value": "1 Example Road", "role": "self", "confidence": "confirmed" });
        room.app.post(&room.staff, &format!("/api/v1/people/{}/identifiers", room.person), home).await.ok();
        let number = json!({ "kind": "telephone", "telephone": "+44 1632 960123", "text": "A shared telephone." });
        let number = marked(&room, number).await;
        let place = json!({ "kind": "object", "place": "1  EXAMPLE road", "text": "A dog.", "reviewOn": "2026-12-01" });
        marked(&room, place).await;
        let plan = json!({ "kind": "response_plan", "personId": room.person, "text": "Ask for Sam.\nCall back at 6." });
        marked(&room, plan).await;
        let found = room.looked_up(json!({ "telephone": NUMBER })).await;
        let person = &found["data"][0];
        assert_eq!(kinds(person), ["telephone", "object", "response_plan"]);
        assert_eq!(person["responsePlan"], "Ask for Sam.\nCall back at 6.");
        assert_eq!(kinds(&found["callers"][0]), ["telephone"]);
        let end = format!("/api/v1/markers/{number}/end");
        room.app.post(&room.staff, &end, json!({ "reason": " " })).await.is_problem(422, "validation");
        let ended = room.app.post(&room.staff, &end, json!({ "reason": "It was given away." })).await.ok();
        assert!(!ended["endedAt"].is_null());
        room.app.post(&room.staff, &end, json!({ "reason": "Again." })).await.ok();
        let found = room.looked_up(json!({ "telephone": NUMBER })).await;
        assert_eq!(kinds(&found["data"][0]), ["object", "response_plan"]);
        let listed = room.app.get(&room.staff, "/api/v1/markers").await.ok();
        assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn a_place_that_is_marked_is_shown_where_nobody_on_file_lives_there() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        marked(&room, json!({ "kind": "object", "place": "12 Acacia Avenue", "text": "Firearms." })).await;
        let found = room.looked_up(json!({ "address": "12  acacia AVENUE" })).await;
        assert_eq!((&found["data"], &found["callers"]), (&json!([]), &json!([])));
        assert_eq!(
            (&found["places"][0]["place"], kinds(&found["places"][0])),
            (&json!("12 Acacia Avenue"), vec!["object"])
        );
        let withheld = json!({ "channel": "999", "withheld": true, "name": "Zoe Caller", "place": "12 acacia avenue" });
        let path = room.begun(withheld).await;
        let by_name = room.looked_up(json!({ "name": "Zoe Caller" })).await;
        assert_eq!(kinds(&by_name["callers"][0]), ["object"]);
        assert_eq!(by_name["callers"][0]["matchedBy"], json!(["name"]));
        let by_place = room.looked_up(json!({ "address": "12 Acacia Avenue" })).await;
        assert_eq!(by_place["callers"][0]["matchedBy"], json!(["place"]));
        assert_eq!(room.looked_up(json!({ "address": "13 Acacia Avenue" })).await["places"], json!([]));
        let browser = crate::web::browser::Browser::sign_in(&room.app, "ccr").await;
        browser
            .post("/calls/look-up", &[("address", "12 Acacia Avenue")])
            .await
            .says(&["Firearms.", "marked on the place"]);
        let page = path.replace("/api/v1", "");
        browser.get(&page).await.says(&["What to know of the place", "Firearms."]);
    });
}

#[test]
fn what_is_marked_where_a_number_is_known_at_is_told_with_the_number_alone() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        marked(&room, json!({ "kind": "object", "place": "12 Acacia Avenue", "text": "Firearms." })).await;
        let again = json!({ "channel": "999", "telephone": "01632 960455" });
        room.begun(json!({ "channel": "999", "telephone": "01632 960455", "place": "12 acacia avenue" })).await;
        let found = room.looked_up(json!({ "telephone": "01632 960455" })).await;
        assert_eq!(kinds(&found["callers"][0]), ["object"], "{found}");
        assert_eq!(found["places"], json!([]), "where they called from before is told as theirs");
        let elsewhere = room.looked_up(json!({ "telephone": NUMBER })).await;
        assert!(elsewhere["callers"].as_array().unwrap().iter().all(|caller| kinds(caller).is_empty()));
        let path = room.begun(again).await;
        let page = crate::web::browser::Browser::sign_in(&room.app, "ccr").await;
        page.get(&path.replace("/api/v1", "")).await.says(&["Firearms."]);
        let caller = found["callers"][0]["callerId"].as_str().unwrap();
        let coordinator = room.app.officer("coordinator", &[Role::Coordinator]).await;
        let link = json!({ "personId": room.person, "reason": "They said so." });
        room.app.post(&coordinator, &format!("/api/v1/callers/{caller}/person"), link).await.ok();
        let found = room.looked_up(json!({ "telephone": "01632 960455" })).await;
        assert_eq!(kinds(&found["data"][0]), ["object"], "{found}");
        let complaint = json!({ "officerId": room.ccr.id });
        room.app.post(&room.staff, &format!("/api/v1/people/{}/complaints-about", room.person), complaint).await.ok();
        let hidden = room.looked_up(json!({ "telephone": "01632 960455" })).await;
        assert!(!hidden.to_string().contains("Acacia"), "{hidden}");
        on_file(&room.app, &room.staff, ("FSU-0002", "Example Person Two"), None).await;
        let another = room.looked_up(json!({ "telephone": "01632 960455", "name": "Example Person Two" })).await;
        assert_eq!(another["data"].as_array().unwrap().len(), 2);
        assert!(!another.to_string().contains("Acacia"), "it is told with somebody else: {another}");
    });
}

#[test]
fn a_number_that_was_marked_first_learns_its_place_from_a_call_and_a_place_that_is_told_goes_before_it() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let number = "01632 960455";
        let script = |place: &str, text: &str| json!({ "kind": "response_plan", "place": place, "text": text });
        marked(&room, json!({ "kind": "telephone", "telephone": number, "text": "A shared telephone." })).await;
        marked(&room, script("12 Acacia Avenue", "Ask for the neighbour.")).await;
        room.begun(json!({ "channel": "999", "telephone": number, "place": "12 Acacia Avenue" })).await;
        let found = room.looked_up(json!({ "telephone": number })).await;
        assert_eq!(kinds(&found["callers"][0]), ["telephone", "response_plan"], "{found}");
        let asked = async |new: Value| {
            let path = room.begun(new).await;
            room.app.get(&room.ccr, &path).await.ok()["script"].to_string().contains("Ask for the neighbour.")
        };
        assert!(asked(json!({ "channel": "999", "telephone": number })).await);
        assert!(!asked(json!({ "channel": "999", "telephone": number, "place": "1 New Road" })).await);
    });
}

#[test]
fn the_plan_and_the_script_that_markers_name_stand_in_the_record_and_have_to_be_gone_through() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let script = json!({ "kind": "call_script", "telephone": NUMBER, "text": "caller-in-crisis" });
        marked(&room, script).await;
        let plan = json!({ "kind": "response_plan", "personId": room.person, "text": "Ask for Sam." });
        marked(&room, plan).await;
        let path = room.begun(json!({ "channel": "101", "telephone": NUMBER, "personId": room.person })).await;
        let record = room.app.get(&room.ccr, &path).await.ok();
        let steps: Vec<&str> =
            record["script"].as_array().unwrap().iter().map(|step| step["text"].as_str().unwrap()).collect();
        assert!(steps[0].contains("what is happening now"), "every call begins so: {steps:?}");
        assert!(steps.iter().any(|step| step.contains("NSFT First Response")), "{steps:?}");
        assert_eq!(steps.last(), Some(&"Ask for Sam."));
        let not_done = json!({ "step": steps.len(), "done": false });
        room.act(&path, "script_step", not_done).await.is_problem(422, "not-filled-in");
        let why = json!({ "step": steps.len(), "done": false, "reason": "They hung up." });
        let record = room.act(&path, "script_step", why).await.ok();
        assert_eq!(record["script"][steps.len() - 1]["settled"]["reason"], "They hung up.");
        room.act(&path, "script_step", json!({ "step": 99, "done": true })).await.is_problem(422, "no-such-step");
    });
}

#[test]
fn a_marker_is_on_one_thing_by_somebody_who_may_and_not_on_who_complained_about_them() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let snt = room.app.officer("snt", &[Role::Snt]).await;
        let mash = room.app.officer("mash", &[Role::Mash]).await;
        let text = "Knock twice.";
        for odd in [
            json!({ "kind": "object", "text": text }),
            json!({ "kind": "object", "text": text, "place": "A", "telephone": NUMBER }),
            json!({ "kind": "object", "text": " ", "place": "A" }),
            json!({ "kind": "object", "text": text, "place": "A", "reviewOn": "2026-05-31" }),
            json!({ "kind": "telephone", "text": text, "telephone": "none" }),
        ] {
            room.app.post(&snt, "/api/v1/markers", odd).await.is_problem(422, "validation");
        }
        let good = json!({ "kind": "object", "text": text, "place": "2 Example Road" });
        room.app.post(&mash, "/api/v1/markers", good.clone()).await.is_problem(403, "wrong-role");
        room.app.post(&snt, "/api/v1/markers", good).await.ok();
        let about = on_file(&room.app, &room.staff, ("FSU-0009", "Example Complainant"), None).await;
        let complaint = json!({ "officerId": snt.id });
        room.app.post(&room.staff, &format!("/api/v1/people/{about}/complaints-about"), complaint).await.ok();
        let on_them = json!({ "kind": "object", "text": text, "personId": about });
        room.app.post(&snt, "/api/v1/markers", on_them.clone()).await.is_problem(403, "complained-about");
        room.app.post(&room.staff, "/api/v1/markers", on_them).await.ok();
        let listed = room.app.get(&snt, "/api/v1/markers").await.ok();
        assert_eq!(listed["data"].as_array().unwrap().len(), 1, "{listed}");
    });
}

#[test]
fn the_plan_of_a_caller_of_whom_nobody_knows_who_it_is_is_told_with_its_risks() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let coordinator = room.app.officer("coordinator", &[Role::Coordinator]).await;
        let snt = room.app.officer("snt", &[Role::Snt]).await;
        let number = "+441632960777";
        keep_calls(&room.app, calls(number, "2026-05", 12)).await;
        let nomination = nominated(&room.app, number).await;
        let input = json!({ "input": { "reason": "Twelve calls in a week." } });
        let taken = room.app.post(&coordinator, &format!("/api/v1/nominations/{nomination}/taking-up"), input).await;
        let case = taken.ok()["id"].as_str().unwrap().to_owned();
        let act = async |who: &Session, action: &str, input: Value| {
            let path = format!("/api/v1/cases/{case}");
            let etag = room.app.get(who, &path).await.etag();
            room.app.post_at(who, &format!("{path}/actions/{action}"), &etag, json!({ "input": input })).await.ok()
        };
        act(&coordinator, "review_nature", forms::nature("vulnerable")).await;
        act(&coordinator, "refer", forms::told("north", "snt")).await;
        act(&snt, "accept", forms::acceptance("2026-06-20")).await;
        act(&snt, "record_response_plan", forms::plan()).await;
        let plan = "Risks, and when to send somebody at once: Falls; send at once when breathless.\nAsk about the lock \
                    first; stay on the line.";
        let found = room.looked_up(json!({ "telephone": number })).await;
        assert_eq!(found["callers"][0]["responsePlan"], plan, "{found}");
        let path = room.begun(json!({ "channel": "101", "telephone": number })).await;
        let record = room.app.get(&room.ccr, &path).await.ok();
        let steps = record["script"].as_array().unwrap();
        assert!(steps.iter().any(|step| step["text"].as_str().unwrap().starts_with("Risks, and when")), "{record}");
    });
}
