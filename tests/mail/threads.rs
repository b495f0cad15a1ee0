//! Which case a mail lies with: only participants join a case, by an id of ours or by any reference they share.

use super::mailroom::Mailroom;
use crate::support::on_each_database;
use serde_json::{Value, json};

const PERSON: &str = "person@example.com";

/// A trusted server's word for a sender at this domain.
fn from(address: &str, dmarc: &str) -> String {
    let domain = address.rsplit('@').next().unwrap();
    format!("Authentication-Results: mx.force.example; dmarc={dmarc} header.from={domain}\r\nFrom: {address}")
}

fn proven(address: &str) -> String {
    from(address, "pass")
}

#[test]
fn a_stranger_with_an_id_of_ours_opens_a_question_and_joins_no_case() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let person = room.person(PERSON).await;
        let case = room.case_about(Some(&person)).await;
        let ours = room.writes(case, PERSON, 1).await.message_id;
        let strangers = [
            "From: stranger@example.net".to_owned(),
            proven("stranger@example.net"),
            from(PERSON, "fail"),
            format!("From: stranger@example.net, {PERSON}"),
        ];
        for (asked, header) in strangers.iter().enumerate() {
            let header = format!("{header}\r\nIn-Reply-To: <{ours}>");
            let (explained, answer) = room.arrives(&header, &format!("I read this, {asked}.")).await;
            assert_eq!(answer["caseId"], Value::Null, "{header}");
            assert_eq!((&answer["personId"], &answer["countsForId"]), (&Value::Null, &Value::Null), "{header}");
            let thread = &explained["steps"][0]["evidence"]["thread"];
            assert_eq!(thread["case"], Value::Null);
            assert!(thread["because"].as_str().unwrap().contains("takes no part"), "{thread}");
            let questions = room.tasks("decide_whose_mail").await;
            assert_eq!(questions.len(), asked + 1, "{header}");
            let about = questions.iter().find(|task| task["contactId"] == answer["id"]).expect("a question");
            assert_eq!(about["caseId"], json!(case));
        }
        let of_case = room.app.get(&room.staff, &format!("/api/v1/contacts?case={case}")).await.ok();
        assert_eq!(of_case["data"], json!([]));
    });
}

#[test]
fn the_id_of_our_mail_makes_nobody_the_person_of_the_case() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let person = room.person(PERSON).await;
        let case = room.case_about(Some(&person)).await;
        // We wrote to their advocate, whom nobody has put on file.
        let ours = room.writes(case, "advocate@example.net", 1).await.message_id;
        let header = format!("{}\r\nIn-Reply-To: <{ours}>", proven("advocate@example.net"));
        let (_, answer) = room.arrives(&header, "I write for them.").await;
        assert_eq!((&answer["caseId"], &answer["personId"]), (&json!(case), &Value::Null));
        assert_eq!((&answer["attribution"], &answer["countsForId"]), (&json!("unattributed"), &Value::Null));
        assert!(room.tasks("decide_whose_mail").await.is_empty());
    });
}

#[test]
fn the_person_answers_from_any_confirmed_address_of_theirs() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let person = room.person(PERSON).await;
        room.confirm(&person, "other@example.org").await;
        let case = room.case_about(Some(&person)).await;
        let ours = room.writes(case, PERSON, 1).await.message_id;
        let header = format!("{}\r\nReferences: <x@y.example> <{ours}>", proven("other@example.org"));
        let (explained, answer) = room.arrives(&header, "From my other address.").await;
        assert_eq!((&answer["caseId"], &answer["countsForId"]), (&json!(case), &json!(person)));
        let because = explained["steps"][0]["evidence"]["thread"]["because"].as_str().unwrap().to_owned();
        assert!(because.contains("confirmed"), "{because}");
        // Unproven, their own address only suggests them; the place is the same.
        let header = format!("From: other@example.org\r\nIn-Reply-To: <{ours}>");
        let (_, unproven) = room.arrives(&header, "Unproven.").await;
        assert_eq!((&unproven["caseId"], &unproven["attribution"]), (&json!(case), &json!("suggested")));
        assert_eq!(unproven["countsForId"], Value::Null);
    });
}

#[test]
fn a_mail_joins_its_thread_by_an_id_that_we_never_received() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let person = room.person(PERSON).await;
        let case = room.case_about(Some(&person)).await;
        let ours = room.writes(case, PERSON, 1).await.message_id;
        let first = format!(
            "{}\r\nMessage-ID: <a@example.com>\r\nReferences: <Never-Seen@elsewhere.example> <{ours}>",
            proven(PERSON)
        );
        assert_eq!(room.arrives(&first, "One.").await.1["caseId"], json!(case));
        let second =
            format!("{}\r\nMessage-ID: <b@example.com>\r\nReferences: <never-seen@ELSEWHERE.example>", proven(PERSON));
        let (explained, joined) = room.arrives(&second, "Two.").await;
        assert_eq!(joined["caseId"], json!(case));
        let thread = &explained["steps"][0]["evidence"]["thread"];
        assert_eq!(thread["sharedReference"], "never-seen@elsewhere.example", "{explained}");
        // By the second alone.
        let third = format!("{}\r\nMessage-ID: <c@example.com>\r\nIn-Reply-To: <b@example.com>", proven(PERSON));
        assert_eq!(room.arrives(&third, "Three.").await.1["caseId"], json!(case));
        let apart = format!("{}\r\nMessage-ID: <d@example.com>\r\nIn-Reply-To: <unknown@example.com>", proven(PERSON));
        assert_eq!(room.arrives(&apart, "Four.").await.1["caseId"], Value::Null);
    });
}

#[test]
fn a_shared_reference_lets_nobody_in_who_takes_no_part_or_is_not_proven() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let person = room.person(PERSON).await;
        room.person("neighbour@example.net").await;
        let case = room.case_about(Some(&person)).await;
        let ours = room.writes(case, PERSON, 1).await.message_id;
        let first = format!("{}\r\nMessage-ID: <a@example.com>\r\nIn-Reply-To: <{ours}>", proven(PERSON));
        room.arrives(&first, "One.").await;
        for (n, sender) in [
            proven("stranger@example.net"),
            proven("neighbour@example.net"),
            format!("From: {PERSON}"),
            from(PERSON, "fail"),
        ]
        .into_iter()
        .enumerate()
        {
            let header = format!("{sender}\r\nMessage-ID: <z{n}@example.net>\r\nReferences: <a@example.com>");
            let (explained, outside) = room.arrives(&header, "Let me in.").await;
            assert_eq!(outside["caseId"], Value::Null, "{header}");
            assert_eq!(explained["steps"][0]["evidence"]["thread"], Value::Null);
        }
        assert!(room.tasks("decide_whose_mail").await.is_empty(), "ids of others are no secret: no question");
    });
}

#[test]
fn an_answering_machine_of_a_stranger_asks_nobody_anything() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let (_, ours) = room.wrote().await;
        let header = format!("From: stranger@example.net\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <{ours}>");
        let (_, away) = room.arrives(&header, "I am away.").await;
        assert_eq!((&away["caseId"], &away["place"]), (&Value::Null, &json!("filed")));
        assert!(room.tasks("decide_whose_mail").await.is_empty());
    });
}

#[test]
fn whoever_decides_whose_a_strangers_mail_is_may_let_it_join_the_case_it_answers() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let person = room.person(PERSON).await;
        let case = room.case_about(Some(&person)).await;
        let ours = room.writes(case, PERSON, 1).await.message_id;
        let header = format!("From: stranger@example.net\r\nIn-Reply-To: <{ours}>");
        for (n, joins) in [true, false].into_iter().enumerate() {
            let (_, answer) = room.arrives(&header, &format!("From my other address, {n}.")).await;
            assert_eq!(room.tasks("decide_whose_mail").await.len(), 1);
            let path = format!("/api/v1/contacts/{}", answer["id"].as_str().unwrap());
            let etag = format!("\"v{}\"", answer["version"]);
            let own = json!({ "personId": person, "joinCase": joins, "reason": "They said so by telephone." });
            let decided = room.app.post_at(&room.staff, &format!("{path}/attribution"), &etag, own).await.ok();
            let lies = if joins { json!(case) } else { Value::Null };
            assert_eq!((&decided["caseId"], &decided["countsForId"]), (&lies, &json!(person)));
            assert!(room.tasks("decide_whose_mail").await.is_empty(), "whose it is was asked, and is answered");
            let log =
                room.app.get(&room.staff, &format!("/api/v1/mail/{}", answer["mailId"].as_str().unwrap())).await.ok();
            let told = log["log"].as_array().unwrap().iter().find(|entry| entry["step"] == "attributed").unwrap();
            assert_eq!(told["evidence"].get("joined").cloned().unwrap_or_default(), lies);
        }
        // Now the thread goes on with it.
        let (_, apart) = room.arrives("From: stranger@example.net", "Something else.").await;
        let path = format!("/api/v1/contacts/{}/attribution", apart["id"].as_str().unwrap());
        let own = json!({ "personId": person, "joinCase": true, "reason": "It is theirs." });
        room.app.post_at(&room.staff, &path, "\"v1\"", own).await.is_problem(409, "no-case-to-join");
    });
}
