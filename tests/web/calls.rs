//! The pages of a call taker: looked up, begun, gone through, graded and completed, without scripts.

use super::browser::{Browser, value_of};
use crate::live_calls::{NUMBER, Room};
use crate::support::{TestApp, on_each_database};
use evenhand::domain::access::Role;
use serde_json::json;

/// The value of the version field on a page.
async fn version(browser: &Browser<'_>, place: &str) -> String {
    value_of(&browser.get(place).await.text, "version").unwrap()
}

#[test]
fn a_caller_is_looked_up_by_a_form_and_nothing_of_them_stands_in_an_address() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let adjustment = json!({ "kind": "speech", "detail": "Speak slowly." });
        room.app.post(&room.staff, &format!("/api/v1/people/{}/adjustments", room.person), adjustment).await.ok();
        let marker = json!({ "kind": "object", "text": "A dog.", "personId": room.person });
        room.app.post(&room.staff, "/api/v1/markers", marker).await.ok();
        for _call in 0..2 {
            room.begun(json!({ "channel": "101", "telephone": NUMBER })).await;
        }
        let browser = Browser::sign_in(&room.app, "ccr").await;
        browser.get("/calls").await.says(&["Look up a caller", "Your open records", "action=\"/calls/look-up\""]);
        let clues = [("telephone", "+44 1632 960123"), ("channel", "101")];
        let found = browser.post("/calls/look-up", &clues).await;
        found.says(&[
            "Example Person One",
            "Speak slowly.",
            "A dog.",
            "▲",
            "2 calls in the last 24 hours",
            "not proof",
        ]);
        let (needs, marker) = (found.text.find("Speak slowly.").unwrap(), found.text.find("A dog.").unwrap());
        assert!(needs < marker, "how to help stands first");
        let links: Vec<&str> = found.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(links.iter().all(|link| !link.contains("960123") && !link.contains("Example")), "{links:?}");
        assert_eq!(browser.get("/calls/look-up").await.leads_to(), "/calls");
        let nothing = browser.post("/calls/look-up", &[("telephone", " ")]).await;
        assert_eq!(nothing.status, 422);
        assert!(nothing.text.contains("Give a telephone number"), "{}", nothing.text);
    });
}

#[test]
fn a_record_is_kept_from_the_first_form_to_the_last() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let browser = Browser::sign_in(&room.app, "ccr").await;
        let begin = [("channel", "101"), ("telephone", NUMBER), ("personId", room.person.as_str())];
        let place = browser.post("/calls", &begin).await.leads_to();
        let page = browser.get(&place).await;
        page.says(&["Call from Example Person One", "Call script", "Still to be done", "Complete the record"]);
        let main = page.text.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
        assert_eq!(main.matches("class=\"govuk-button\"").count(), 1, "one main button");
        let read = version(&browser, &place).await;
        let assess = [
            ("version", read.as_str()),
            ("finding", "policing"),
            ("purposeReason", "A theft."),
            ("genuine", "no"),
            ("crime", "yes"),
            ("reportNeeded", "no"),
        ];
        assert!(browser.post(&format!("{place}/assess"), &assess).await.leads_to().ends_with("done=saved"));
        let read = version(&browser, &place).await;
        let six = ["threat", "harm", "risk", "investigation", "vulnerability"].map(|name| (name, "None."));
        let five: Vec<(&str, &str)> = six.into_iter().chain([("version", read.as_str())]).collect();
        let back = browser.post(&format!("{place}/thrive"), &five).await;
        assert_eq!(back.status, 422, "{}", back.text);
        assert!(
            back.text.contains("<title>Error: ") && back.text.contains("None.</textarea>"),
            "what was typed stands"
        );
        // It is a draft too, should the page be left.
        browser.get(&place).await.says(&["This is your draft", "None.</textarea>"]);
        let all: Vec<(&str, &str)> = five.into_iter().chain([("engagement", "A call back.")]).collect();
        browser.post(&format!("{place}/thrive"), &all).await.leads_to();
        let read = version(&browser, &place).await;
        let nobody = [("version", read.as_str()), ("grade", "D")];
        let refused = browser.post(&format!("{place}/grade"), &nobody).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        assert!(refused.text.contains("a named officer overrides it"), "{}", refused.text);
        let named =
            [nobody[0], nobody[1], ("overrideReason", "Seen an hour ago."), ("overrideBy", "Inspector Example")];
        browser.post(&format!("{place}/grade"), &named).await.leads_to();
        browser.get(&place).await.says(&["Inspector Example", "Non-attendance"]);
        let read = version(&browser, &place).await;
        let steps = [("version", read.as_str()), ("done.1", "yes"), ("reason.2", "They hung up.")];
        browser.post(&format!("{place}/script"), &steps).await.leads_to();
        browser.get(&place).await.says(&["Not done:", "They hung up."]);
        let read = version(&browser, &place).await;
        let end = browser.post(&format!("{place}/complete"), &[("version", read.as_str())]).await;
        assert!(end.leads_to().ends_with("done=complete"));
        browser.get(&place).await.says(&["Complete", "Add to this record", "its reference is still to come"]);
    });
}

#[test]
fn a_record_that_is_not_finished_says_what_is_left_and_a_stale_form_keeps_what_was_typed() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        let browser = Browser::sign_in(&room.app, "ccr").await;
        let place = browser.post("/calls", &[("channel", "999"), ("withheld", "yes")]).await.leads_to();
        let read = version(&browser, &place).await;
        let early = browser.post(&format!("{place}/complete"), &[("version", read.as_str())]).await;
        assert_eq!(early.status, 409);
        assert!(early.text.contains("The record is not finished"), "{}", early.text);
        let advice = [("version", read.as_str()), ("who", "A nurse"), ("advice", "Call the GP."), ("givenAt", "09:30")];
        browser.post(&format!("{place}/advice"), &advice).await.leads_to();
        let stale = browser.post(&format!("{place}/advice"), &advice).await;
        assert_eq!(stale.status, 412, "{}", stale.text);
        assert!(stale.text.contains("went on with this record") && stale.text.contains("Call the GP.</textarea>"));
        let read = version(&browser, &place).await;
        let ask = [("version", read.as_str()), ("kind", "call_download"), ("urgent", "no"), ("why", "For court.")];
        browser.post(&format!("{place}/request"), &ask).await.leads_to();
        browser.get("/calls").await.says(&["CCR Systems Support Team", "For court."]);
        let read = version(&browser, &place).await;
        let done = [("version", read.as_str()), ("request", "1")];
        browser.post(&format!("{place}/request-done"), &done).await.leads_to();
        browser.get(&place).await.says(&["done on"]);
    });
}

#[test]
fn call_takers_find_calls_in_the_navigation_and_others_do_not() {
    on_each_database(async |database| {
        let room = Room::open(TestApp::start(database).await).await;
        room.app.officer("coordinator", &[Role::Coordinator]).await;
        for name in ["ccr", "coordinator"] {
            let browser = Browser::sign_in(&room.app, name).await;
            browser.get("/").await.says(&["href=\"/calls\""]);
            browser.get("/calls").await.says(&["Look up a caller"]);
        }
        let browser = Browser::sign_in(&room.app, "staff").await;
        assert!(!browser.get("/").await.text.contains("href=\"/calls\""));
        assert_eq!(browser.get("/calls").await.status, 403);
    });
}
