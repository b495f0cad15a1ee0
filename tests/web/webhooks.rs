//! Looking after webhooks through pages alone.

use super::browser::Browser;
use crate::story::cast::Force;
use crate::support::{Receiver, on_each_database};
use chrono::Duration;
use evenhand::domain::access::Scope;

/// What stands between two texts of a page.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    page.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {page}")).split(after).next().unwrap()
}

#[test]
fn an_administrator_adds_a_receiver_sees_what_it_did_not_take_and_sends_it_again() {
    on_each_database(async |database| {
        let force = Box::pin(Force::gather(database)).await;
        let system = force.app.system("listener", &[Scope::NominationsRead]).await;
        let receiver = Receiver::start();
        let browser = Browser::sign_in(&force.app, "admin").await;
        browser.get("/admin").await.says(&["/admin/webhooks"]);
        browser.get("/admin/webhooks").await.says(&["Nobody is told what happens here", "listener"]);
        let nominated = ("types", "psd.nomination.made.v1");
        let refused =
            browser.post("/admin/webhooks", &[("system", &system.id), ("url", "http://elsewhere.example")]).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        for words in ["has to begin with https://", "choose at least one type of event", "http://elsewhere.example"] {
            assert!(refused.text.contains(words), "{words}: {}", refused.text);
        }
        let nobody = browser.post("/admin/webhooks", &[("system", ""), ("url", &receiver.url()), nominated]).await;
        assert_eq!(nobody.status, 422, "{}", nobody.text);
        let added =
            browser.post("/admin/webhooks", &[("system", &system.id), ("url", &receiver.url()), nominated]).await;
        added.says(&["whsec_", "shown only now", "Asked whether it wants to be told"]);
        let id = between(&added.text, "href=\"/admin/webhooks/", "\"").to_owned();
        let place = format!("/admin/webhooks/{id}");
        force.app.run_jobs().await;
        let shown = browser.get(&place).await;
        shown.says(&["Is told", "Nothing was given up."]);
        assert!(!shown.text.contains("whsec_"));

        receiver.answers_next(&[410]);
        force.nominate().await;
        for _again in 0..500 {
            force.app.run_jobs().await;
            if !receiver.told().is_empty() {
                break;
            }
        }
        let dead = browser.get(&place).await;
        dead.says(&["Takes nothing since", "it answered 410", "Send again", "Send all again"]);
        let event = between(&dead.text, "name=\"event\" value=\"", "\"").to_owned();
        let again = browser.post(&format!("{place}/replay"), &[("event", &event)]).await;
        assert_eq!(again.leads_to(), place);
        force.app.run_jobs().await;
        assert_eq!(receiver.told().len(), 2);
        browser.get(&place).await.says(&["Nothing was given up.", "it answered 204"]);

        browser.post(&format!("{place}/secret"), &[]).await.says(&["whsec_", "Counts until"]);
        force.app.advance(Duration::minutes(1));
        assert_eq!(browser.post(&format!("{place}/end"), &[]).await.leads_to(), place);
        let ended = browser.get(&place).await;
        ended.says(&["Ended on"]);
        assert!(!ended.text.contains("End this webhook"));
    });
}
