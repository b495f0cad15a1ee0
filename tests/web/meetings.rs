//! The weekly meeting, held in a browser.

use super::browser::Browser;
use crate::story::cast::Force;
use crate::support::on_each_database;
use evenhand::domain::access::Role;
use serde_json::Value;

/// The planned meeting, as the chair's API sees it.
async fn planned(force: &Force) -> String {
    let meetings = force.app.get(&force.chair, "/api/v1/meetings").await.ok();
    let meeting = meetings["data"].as_array().unwrap().iter().find(|meeting| meeting["state"] == "planned").unwrap();
    meeting["id"].as_str().unwrap().to_owned()
}

async fn opened(force: &Force, chair: &Browser<'_>) -> String {
    let meeting = planned(force).await;
    let opened =
        chair.post(&format!("/meetings/{meeting}/open"), &[("attendees", "Example Chair\nExample Staff")]).await;
    assert_eq!(opened.leads_to(), format!("/meetings/{meeting}/people/1"));
    meeting
}

const OPTIONS: [&str; 9] = [
    "partnership_approach",
    "problem_solving_plan",
    "words_of_advice",
    "warning_letter",
    "cpw_cpn",
    "out_of_court_disposal",
    "prosecution",
    "criminal_behaviour_order",
    "civil_preventative_order",
];

/// The reasons of "threshold not met", as a form sends them.
fn not_met() -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> =
        OPTIONS.iter().map(|option| (format!("options.{option}"), "Considered; nothing to add.".to_owned())).collect();
    for (name, value) in [
        ("rationale", "Each letter said something new."),
        ("fairness.fair", "Heard first."),
        ("fairness.consistent", "As the two most alike."),
        ("fairness.transparent", "Told in writing."),
        ("fairness.proportionate", "Nothing less would be nothing."),
    ] {
        fields.push((name.to_owned(), value.to_owned()));
    }
    fields
}

fn as_sent(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[test]
fn a_prepared_answer_is_confirmed_by_one_form_and_the_minutes_are_approved_once() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.on_the_agenda().await;
        let staff = Browser::sign_in(&force.app, "staff").await;
        staff.get(&format!("/cases/{case}")).await.says(&["Prepare it for the meeting"]);
        staff.get(&format!("/cases/{case}/preparation")).await.says(&["it has to state:</p>"]);
        let mut prepared = not_met();
        prepared.push(("summary".to_owned(), "Six mails, all answered.".to_owned()));
        prepared.push(("proposed".to_owned(), "monitor".to_owned()));
        let kept = staff.post(&format!("/cases/{case}/preparation"), &as_sent(&prepared)).await;
        assert_eq!(kept.leads_to(), format!("/cases/{case}"));
        let chair = Browser::sign_in(&force.app, "chair").await;
        let meeting = opened(&force, &chair).await;
        let person = format!("/meetings/{meeting}/people/1");
        let page = chair.get(&person).await;
        page.says(&[
            "Six mails, all answered.",
            "Reasons, as prepared",
            "Each letter said something new.",
            "Person 1 of 1",
        ]);
        // What the page's own form would send: nothing was typed.
        let mut sent = not_met();
        sent.push(("answer".to_owned(), "monitor".to_owned()));
        sent.push(("shown".to_owned(), "monitor".to_owned()));
        let recorded = chair.post(&person, &as_sent(&sent)).await;
        assert_eq!(recorded.leads_to(), format!("/meetings/{meeting}"), "nobody is left");
        assert_eq!(force.case(&force.staff, &case).await["state"], "monitored");
        let agenda = chair.get(&format!("/meetings/{meeting}")).await;
        let version = super::browser::value_of(&agenda.text, "version").unwrap();
        let closed = chair.post(&format!("/meetings/{meeting}/close"), &[("version", &version)]).await;
        let minutes = closed.leads_to();
        let page = chair.get(&minutes).await;
        page.says(&["Threshold not met", "Each letter said something new.", "Example chair"]);
        let version = super::browser::value_of(&page.text, "version").unwrap();
        assert_eq!(chair.post(&minutes, &[("version", &version)]).await.leads_to(), minutes);
        let approved = chair.get(&minutes).await;
        approved.says(&["Approved"]);
        assert!(!approved.text.contains("Approve the minutes"), "once is enough");
    });
}

#[test]
fn that_the_threshold_is_met_is_never_prepared_and_always_typed() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.on_the_agenda().await;
        let staff = Browser::sign_in(&force.app, "staff").await;
        let said = [("summary", "Many mails."), ("proposed", "met")];
        staff.post(&format!("/cases/{case}/preparation"), &said).await.leads_to();
        let chair = Browser::sign_in(&force.app, "chair").await;
        let meeting = opened(&force, &chair).await;
        let person = format!("/meetings/{meeting}/people/1");
        let page = chair.get(&person).await;
        assert!(!page.text.contains("as prepared") && !page.text.contains("value=\"met\" data-key=\"3\" checked"));
        let asked = chair.post(&person, &[("answer", "met"), ("shown", "")]).await;
        assert_eq!(asked.status, 422);
        assert!(asked.text.contains("ownHandling.complaintHandledProperly"), "its own form comes: {}", asked.text);
        assert!(!asked.text.contains("There is a problem"), "and nobody is told off for what was not asked yet");
        let bare = chair.post(&person, &[("answer", "met"), ("shown", "met")]).await;
        assert!(
            bare.text.contains("There is a problem") && bare.text.contains("href=\"#legislationConsidered\""),
            "{}",
            bare.text
        );
        assert_eq!(force.case(&force.staff, &case).await["state"], "on_agenda");
    });
}

#[test]
fn a_decision_is_taken_back_by_a_step_that_says_why() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.on_the_agenda().await;
        let chair = Browser::sign_in(&force.app, "chair").await;
        let meeting = opened(&force, &chair).await;
        let person = format!("/meetings/{meeting}/people/1");
        let mut sent = not_met();
        sent.push(("answer".to_owned(), "monitor".to_owned()));
        chair.post(&person, &as_sent(&sent)).await.leads_to();
        let back = format!("{person}/take-back");
        assert_eq!(chair.post(&back, &[("reason", "")]).await.status, 422, "without a reason nothing is undone");
        assert_eq!(chair.post(&back, &[("reason", "The wrong person was on the screen.")]).await.leads_to(), person);
        let told = force.case(&force.staff, &case).await;
        assert_eq!(told["state"], "on_agenda");
        assert_eq!(told["data"]["takenBack"][0]["reason"], "The wrong person was on the screen.");
        chair.get(&person).await.says(&["Record and go to the next person"]);
    });
}

#[test]
fn of_two_note_takers_the_second_sees_what_the_first_recorded_and_keeps_their_own() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        force.on_the_agenda().await;
        let other = force.app.officer("other-chair", &[Role::Chair]).await;
        assert!(!other.id.is_empty());
        let (one, two) =
            (Browser::sign_in(&force.app, "chair").await, Browser::sign_in(&force.app, "other-chair").await);
        let meeting = opened(&force, &one).await;
        let person = format!("/meetings/{meeting}/people/1");
        let mut sent = not_met();
        sent.push(("answer".to_owned(), "monitor".to_owned()));
        one.post(&person, &as_sent(&sent)).await.leads_to();
        let late =
            two.post(&person, &[("answer", "carry_over"), ("reason", "We want to hear the officer first.")]).await;
        assert_eq!(late.status, 412);
        for said in
            ["recorded a decision on this person first", "We want to hear the officer first.", "Threshold not met"]
        {
            assert!(late.text.contains(said), "{said}: {}", late.text);
        }
    });
}

#[test]
fn whoever_declares_an_interest_sees_nothing_of_the_item_and_it_is_minuted() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let case = force.on_the_agenda().await;
        let chair = Browser::sign_in(&force.app, "chair").await;
        let meeting = opened(&force, &chair).await;
        let staff = Browser::sign_in(&force.app, "staff").await;
        let person = format!("/meetings/{meeting}/people/1");
        let left =
            staff.post(&format!("{person}/interests"), &[("name", ""), ("reason", "They are my neighbour.")]).await;
        left.leads_to();
        let hidden = staff.get(&person).await;
        hidden.says(&["Restricted"]);
        let reference = reference_of(&force, &case).await;
        for path in [person.clone(), format!("/meetings/{meeting}"), format!("/meetings/{meeting}/minutes")] {
            assert!(!staff.get(&path).await.text.contains(&reference), "{path}");
        }
        chair.get(&format!("/meetings/{meeting}/minutes")).await.says(&["They are my neighbour.", "Example staff"]);
    });
}

async fn reference_of(force: &Force, case: &str) -> String {
    let person = force.case(&force.staff, case).await["personId"].as_str().unwrap().to_owned();
    let found: Value = force.app.get(&force.staff, &format!("/api/v1/people/{person}")).await.ok();
    found["reference"].as_str().unwrap().to_owned()
}
