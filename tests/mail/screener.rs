//! Mail of senders who are not on file, and what a named person decides about them.

use super::mailroom::Mailroom;
use crate::support::{Answer, on_each_database};
use chrono::Duration;
use entities::screener_decisions;
use evenhand::domain::ids::PersonId;
use evenhand::store::StoreError;
use evenhand::store::disposal::erase_people;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const SENDER: &str = "new@example.net";

async fn senders(room: &Mailroom) -> Vec<Value> {
    let listed = room.app.get(&room.staff, "/api/v1/screener").await.ok();
    listed["data"].as_array().unwrap().clone()
}

async fn decide(room: &Mailroom, decision: Value) -> Answer {
    let mut decision = decision;
    decision["reason"] = json!("Found by telephone.");
    room.app.post(&room.staff, "/api/v1/screener/decisions", decision).await
}

async fn reverse(room: &Mailroom, decided: &Value) -> Answer {
    let path = format!("/api/v1/screener/decisions/{}/reversal", decided["id"].as_str().unwrap());
    room.app.post(&room.staff, &path, json!({ "reason": "It was a mistake." })).await
}

async fn contact(room: &Mailroom, id: &Value) -> Value {
    room.app.get(&room.staff, &format!("/api/v1/contacts/{}", id.as_str().unwrap())).await.ok()
}

#[test]
fn senders_who_are_not_on_file_are_listed_with_what_is_known_of_them() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        room.person("known@example.com").await;
        for n in 0..3 {
            room.arrives(&format!("From: New <{SENDER}>\r\nSubject: Number {n}"), &format!("Words {n}")).await;
            room.app.advance(Duration::minutes(1));
        }
        room.arrives("From: NEW@example.net", "I am going to end my life.").await;
        room.arrives("From: known@example.com", "Suggested to be somebody.").await;
        room.arrives("From: list@example.org\r\nPrecedence: bulk", "News.").await;
        room.app.advance(Duration::minutes(1));
        room.arrives("From: \"psd@force.example\" <psd@f0rce.example>", "Pay this.").await;
        let listed = senders(&room).await;
        assert_eq!(listed.len(), 2, "{listed:?}");
        assert_eq!(listed[0]["address"], "psd@f0rce.example");
        assert!(!listed[0]["pretences"].as_array().unwrap().is_empty());
        let new = &listed[1];
        assert_eq!((&new["address"], &new["mails"], &new["flagged"]), (&json!(SENDER), &json!(4), &json!(1)));
        assert_eq!((&new["proof"], &new["suspectedSpoofs"]), (&json!("claimed"), &json!(0)));
        assert!(new["firstWords"].as_str().unwrap().starts_with("I am going"), "{new}");
        assert!(new["firstAt"].as_str().unwrap() < new["lastAt"].as_str().unwrap());

        let first = room.app.get(&room.staff, "/api/v1/screener?limit=1").await;
        let next = first.header("link").map(|link| link.trim_start_matches('<').split('>').next().unwrap().to_owned());
        let next = next.expect("another page");
        assert!(!next.contains('@') && !next.contains("example.net"), "no address in a URL: {next}");
        let second = room.app.get(&room.staff, &next).await.ok();
        assert_eq!((&second["data"][0]["address"], second["data"].as_array().unwrap().len()), (&json!(SENDER), 1));
    });
}

#[test]
fn what_a_sender_wrote_becomes_a_persons_and_comes_back_when_that_is_reversed() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let header = format!("From: {SENDER}");
        let (_, one) = room.arrives(&header, "One.").await;
        let (_, two) = room.arrives(&header, "Two.").await;
        let feigned =
            format!("Authentication-Results: mx.force.example; dmarc=fail header.from=example.net\r\nFrom: {SENDER}");
        room.arrives(&feigned, "Not theirs.").await;
        let new = json!({ "reference": "FSU-7", "fullName": "Example Person Seven" });
        let decision =
            json!({ "address": SENDER, "decision": "new_person", "newPerson": new, "addressConfirmed": true });
        let decided = decide(&room, decision).await.ok();
        let person = decided["personId"].clone();
        for written in [&one, &two] {
            let now = contact(&room, &written["id"]).await;
            assert_eq!((&now["countsForId"], &now["attribution"]), (&person, &json!("confirmed")));
            assert_eq!(now["verdict"]["kinds"], json!(["within_limit"]));
        }
        let proven =
            format!("Authentication-Results: mx.force.example; dmarc=pass header.from=example.net\r\nFrom: {SENDER}");
        let (_, later) = room.arrives(&proven, "Three.").await;
        assert_eq!(later["countsForId"], person, "the address is on file");

        let reversed = reverse(&room, &decided).await.ok();
        assert_eq!((&reversed["reversedBy"], &reversed["contacts"]), (&json!(room.staff.id), &decided["contacts"]));
        for written in [&one, &two] {
            let now = contact(&room, &written["id"]).await;
            assert_eq!((&now["countsForId"], &now["place"]), (&Value::Null, &json!("unattributed")));
            let log =
                room.app.get(&room.staff, &format!("/api/v1/mail/{}", now["mailId"].as_str().unwrap())).await.ok();
            let steps = log["log"].as_array().unwrap().iter().map(|entry| entry["step"].as_str().unwrap());
            let steps: Vec<&str> = steps.filter(|step| step.contains("screen") || *step == "attributed").collect();
            assert_eq!(steps, ["attributed", "sender_screened", "attributed", "screening_reversed"]);
        }
        let (_, again) = room.arrives(&proven, "Four.").await;
        assert_eq!(again["countsForId"], Value::Null, "the address is theirs no longer");
        reverse(&room, &decided).await.is_problem(409, "already-reversed");
    });
}

#[test]
fn a_feigned_mail_is_not_given_to_a_person_with_the_others() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let person = room.person("known@example.com").await;
        let domain = room.app.app.settings.message_id_domain.clone();
        let (_, feigned) = room.arrives(&format!("From: {SENDER}\r\nMessage-ID: <made-up@{domain}>"), "Feigned.").await;
        assert_eq!(feigned["notCountedBecause"], "suspected_spoof");
        let (_, own) = room.arrives(&format!("From: {SENDER}"), "Theirs.").await;
        assert_eq!(senders(&room).await[0]["suspectedSpoofs"], 1);
        decide(&room, json!({ "address": SENDER, "decision": "person", "personId": person })).await.ok();
        assert_eq!(contact(&room, &own["id"]).await["countsForId"], json!(person));
        assert_eq!(contact(&room, &feigned["id"]).await["countsForId"], Value::Null);
    });
}

#[test]
fn a_sender_of_no_repeat_contact_leaves_the_list_and_their_mail_stays_to_be_read() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let (_, first) = room.arrives(&format!("From: {SENDER}"), "One.").await;
        let decided = decide(&room, json!({ "address": SENDER, "decision": "general" })).await.ok();
        room.arrives(&format!("From: {SENDER}"), "Two.").await;
        assert_eq!(senders(&room).await.len(), 0);
        let waiting = room.app.get(&room.staff, "/api/v1/contacts?place=unattributed").await.ok();
        assert_eq!(waiting["data"].as_array().unwrap().len(), 2, "they are read where unattributed mail is read");
        assert_eq!(contact(&room, &first["id"]).await["place"], "unattributed");
        decide(&room, json!({ "address": SENDER, "decision": "automatic" })).await.is_problem(409, "sender-decided");
        reverse(&room, &decided).await.ok();
        assert_eq!(senders(&room).await[0]["mails"], 2);
    });
}

#[test]
fn a_list_is_filed_from_then_on_and_what_is_urgent_proven_otherwise_or_an_answer_is_read() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let header = format!("From: {SENDER}");
        room.arrives(&header, "News one.").await;
        let decided = decide(&room, json!({ "address": SENDER, "decision": "automatic" })).await.ok();
        assert_eq!(senders(&room).await.len(), 0);
        let (explained, filed) = room.arrives(&header, "News two.").await;
        assert_eq!((&filed["automatic"], &filed["place"]), (&json!("list"), &json!("filed")));
        let evidence = explained["steps"][0]["evidence"]["kind"]["evidence"].to_string();
        assert!(evidence.contains(decided["id"].as_str().unwrap()), "{evidence}");
        let (_, risk) = room.arrives(&header, "I am going to end my life.").await;
        assert_eq!((&risk["place"], &risk["readDueAt"]), (&json!("filed"), &risk["recordedAt"]), "read at once");
        let feigned =
            format!("Authentication-Results: mx.force.example; dmarc=fail header.from=example.net\r\n{header}");
        let (_, feigned) = room.arrives(&feigned, "News three.").await;
        assert_eq!(feigned["place"], "unattributed");
        let case = room.case_about(None).await;
        let ours = room.writes(case, "person@example.com", 1).await.message_id;
        let (_, answer) = room.arrives(&format!("{header}\r\nIn-Reply-To: <{ours}>"), "A person answers.").await;
        assert_eq!((&answer["automatic"], &answer["place"]), (&json!("human"), &json!("unattributed")));
        reverse(&room, &decided).await.ok();
        let (_, read) = room.arrives(&header, "News four.").await;
        assert_eq!(read["place"], "unattributed");
    });
}

#[test]
fn a_decision_needs_a_reason_a_sender_who_waits_and_an_officer() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        decide(&room, json!({ "address": SENDER, "decision": "general" })).await.is_problem(409, "sender-not-waiting");
        room.arrives(&format!("From: {SENDER}"), "One.").await;
        let wordless = json!({ "address": SENDER, "decision": "general", "reason": " " });
        let path = "/api/v1/screener/decisions";
        room.app.post(&room.staff, path, wordless.clone()).await.is_problem(422, "validation");
        decide(&room, json!({ "address": SENDER, "decision": "person" })).await.is_problem(422, "validation");
        let by_system = json!({ "address": SENDER, "decision": "general", "reason": "x" });
        room.app.post(&room.border, path, by_system).await.is_problem(403, "named-person-required");
        assert_eq!(senders(&room).await.len(), 1, "nothing was decided");
    });
}

#[test]
fn what_was_decided_about_a_persons_addresses_goes_with_the_person() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        room.arrives(&format!("From: {SENDER}"), "One.").await;
        let general = decide(&room, json!({ "address": SENDER, "decision": "general" })).await.ok();
        reverse(&room, &general).await.ok();
        let new = json!({ "reference": "FSU-7", "fullName": "Example Person Seven" });
        let decided =
            decide(&room, json!({ "address": SENDER, "decision": "new_person", "newPerson": new })).await.ok();
        room.arrives("From: other@example.org", "Two.").await;
        decide(&room, json!({ "address": "other@example.org", "decision": "automatic" })).await.ok();
        let person: PersonId = decided["personId"].as_str().unwrap().parse().unwrap();
        let store = &room.app.app.store;
        let erased = store.write(async move |tx| Ok::<_, StoreError>(erase_people(tx, &[person]).await?));
        erased.await.unwrap();
        let left = screener_decisions::Entity::find().all(store.reader()).await.unwrap();
        let addresses: Vec<&str> = left.iter().map(|row| row.address.as_str()).collect();
        assert_eq!(addresses, ["other@example.org"]);
    });
}

#[test]
fn decisions_are_listed_the_newest_first_with_who_made_and_reversed_them() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        for address in ["a@example.org", "b@example.org"] {
            room.arrives(&format!("From: {address}"), "Words.").await;
            room.app.advance(Duration::minutes(1));
            decide(&room, json!({ "address": address, "decision": "general" })).await.ok();
        }
        let listed = room.app.get(&room.staff, "/api/v1/screener/decisions").await.ok();
        let rows = listed["data"].as_array().unwrap();
        assert_eq!((&rows[0]["address"], &rows[1]["address"]), (&json!("b@example.org"), &json!("a@example.org")));
        assert_eq!((&rows[0]["decidedBy"], &rows[0]["contacts"]), (&json!(room.staff.id), &json!(1)));
        reverse(&room, &rows[0]).await.ok();
        let listed = room.app.get(&room.staff, "/api/v1/screener/decisions?limit=1").await.ok();
        assert_eq!(listed["data"][0]["reversalReason"], "It was a mistake.");
        assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    });
}
