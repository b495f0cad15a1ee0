//! Who is found: on a live call, and by those who keep the file.

use crate::support::{Session, TestApp, on_each_database};
use evenhand::domain::access::{Role, Scope};
use serde_json::{Value, json};

async fn on_file(app: &TestApp, staff: &Session, (reference, name): (&str, &str), born: Option<&str>) -> String {
    let new = json!({ "reference": reference, "fullName": name, "dateOfBirth": born });
    app.post(staff, "/api/v1/people", new).await.ok()["id"].as_str().unwrap().to_owned()
}

async fn looked_up(app: &TestApp, who: &Session, clues: Value) -> Vec<Value> {
    let found = app.post(who, "/api/v1/caller-lookups", clues).await.ok();
    found["data"].as_array().unwrap().clone()
}

#[test]
fn a_common_name_with_a_date_of_birth_finds_the_one_who_was_born_then() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let ccr = app.officer("ccr", &[Role::Ccr]).await;
        for n in 0..12 {
            let reference = format!("FSU-{n:04}");
            on_file(&app, &staff, (&reference, "Example Person"), Some("1970-01-01")).await;
        }
        let right = on_file(&app, &staff, ("FSU-9999", "Example Person"), Some("1980-02-29")).await;
        let clues = json!({ "name": "example person", "dateOfBirth": "1980-02-29" });
        let found = looked_up(&app, &ccr, clues).await;
        assert_eq!(found.iter().map(|found| found["personId"].clone()).collect::<Vec<_>>(), [json!(right)]);
    });
}

#[test]
fn whose_number_it_is_comes_before_whoever_shares_the_name() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let ccr = app.officer("ccr", &[Role::Ccr]).await;
        for n in 0..12 {
            on_file(&app, &staff, (&format!("FSU-{n:04}"), "Example Person"), None).await;
        }
        let caller = on_file(&app, &staff, ("FSU-9999", "Somebody Else"), None).await;
        let number = json!({ "kind": "telephone", "value": "01632 960123", "role": "self", "confidence": "confirmed" });
        app.post(&staff, &format!("/api/v1/people/{caller}/identifiers"), number).await.ok();
        let clues = json!({ "telephone": "+44 1632 960123", "name": "Example Person" });
        let found = looked_up(&app, &ccr, clues).await;
        assert_eq!((found.len(), &found[0]["personId"]), (10, &json!(caller)));
    });
}

#[test]
fn a_name_is_found_in_any_case_of_any_script() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let id = on_file(&app, &staff, ("FSU-0001", "Zoë ÉMILE Ørsted"), None).await;
        for text in ["zoë émile", "ZOË ÉMILE ØRSTED", "ørsted"] {
            let found = app.post(&staff, "/api/v1/people/searches", json!({ "text": text })).await.ok();
            assert_eq!(found["data"][0]["id"], json!(id), "{text}");
            assert_eq!(looked_up(&app, &staff, json!({ "name": text })).await.len(), 1, "{text}");
        }
    });
}

#[test]
fn a_call_taker_complained_about_is_shown_how_to_help_and_nothing_else() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let ccr = app.officer("ccr", &[Role::Ccr]).await;
        let id = on_file(&app, &staff, ("FSU-0001", "Example Person"), Some("1980-02-29")).await;
        let adjustment = json!({ "kind": "speech", "detail": "Speak slowly." });
        app.post(&staff, &format!("/api/v1/people/{id}/adjustments"), adjustment).await.ok();
        let call = json!({ "channel": "101", "personId": id, "subject": "About an officer" });
        app.post(&staff, "/api/v1/contacts", call).await.ok();
        let clues = json!({ "name": "Example Person" });
        let before = looked_up(&app, &ccr, clues.clone()).await;
        assert_eq!(before[0]["contactsLast24Hours"].as_array().unwrap().len(), 1);
        let complaint = json!({ "officerId": ccr.id });
        app.post(&staff, &format!("/api/v1/people/{id}/complaints-about"), complaint).await.ok();
        let after = &looked_up(&app, &ccr, clues).await[0];
        assert_eq!((&after["shortened"], &after["contactsLast24Hours"]), (&json!(true), &json!([])));
        assert_eq!(
            (&after["adjustments"][0]["detail"], &after["dateOfBirth"]),
            (&json!("Speak slowly."), &Value::Null)
        );
    });
}

#[test]
fn the_list_of_people_goes_on_past_those_who_complained_about_the_reader() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let named = app.officer("named", &[Role::PsdStaff]).await;
        let mut ids = Vec::new();
        for n in 0..4 {
            ids.push(on_file(&app, &staff, (&format!("FSU-{n:04}"), "Example Person"), None).await);
        }
        for id in &ids[..2] {
            let complaint = json!({ "officerId": named.id });
            app.post(&staff, &format!("/api/v1/people/{id}/complaints-about"), complaint).await.ok();
        }
        let page = app.get(&named, "/api/v1/people?limit=1").await.ok();
        assert_eq!(page["data"][0]["id"], json!(ids[2]));
        let next = format!("/api/v1/people?limit=1&cursor={}", page["page"]["next"].as_str().expect("a next page"));
        assert_eq!(app.get(&named, &next).await.ok()["data"][0]["id"], json!(ids[3]));
    });
}

#[test]
fn what_happened_to_somebody_who_complained_about_the_reader_is_not_in_the_feed() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let named = app.officer("named", &[Role::PsdStaff]).await;
        let id = on_file(&app, &staff, ("FSU-0001", "Example Person"), None).await;
        let new = json!({ "personId": id, "reason": "Nine letters." });
        let case = app.post(&staff, "/api/v1/nominations", new).await.ok()["caseId"].clone();
        let letter = json!({ "channel": "letter", "personId": id });
        let letter = app.post(&staff, "/api/v1/contacts", letter).await.ok()["id"].clone();
        let complaint = json!({ "officerId": named.id });
        app.post(&staff, &format!("/api/v1/people/{id}/complaints-about"), complaint).await.ok();
        let told = [json!(id), case, letter];
        let names = |changes: &[Value], subject: &Value| changes.iter().any(|change| change["subjectId"] == *subject);
        let seen = app.changes_until(&staff, |seen| told.iter().all(|subject| names(seen, subject))).await;
        let hidden = app.changes_until(&named, |_any| true).await;
        for subject in &told {
            assert!(names(&seen, subject) && !names(&hidden, subject), "{subject}");
        }
    });
}

#[test]
fn who_may_not_read_a_contact_learns_only_that_it_was_recorded_before() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let ccr = app.officer("ccr", &[Role::Ccr]).await;
        let feed = app.system("feed", &[Scope::ContactsWrite]).await;
        let call = json!({ "channel": "101", "words": "A secret.", "externalSystem": "storm", "externalRef": "1" });
        let first = app.post(&feed, "/api/v1/contacts", call.clone()).await.ok();
        for who in [&feed, &ccr] {
            let again = app.post(who, "/api/v1/contacts", call.clone()).await;
            assert_eq!((again.status, &again.body), (200, &json!({ "id": first["id"], "status": "duplicate" })));
        }
        assert_eq!(app.post(&staff, "/api/v1/contacts", call).await.ok()["words"], "A secret.");
        let taken = json!({ "channel": "101", "externalSystem": "Message-ID", "externalRef": "x@example.com" });
        app.post(&feed, "/api/v1/contacts", taken).await.is_problem(422, "validation");
    });
}
