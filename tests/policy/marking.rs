//! The protective marking: nothing that is shown, printed or sent bears less than what it was made from.

use crate::story::cast::{ADDRESS, Force, Mail};
use crate::story::forms;
use crate::support::{Answer, Session, TestApp, on_each_database};
use evenhand::config::Config;
use evenhand::domain::access::Role;
use evenhand::domain::marking::Marking;
use serde_json::{Value, json};

const HEADER: &str = "x-protective-marking";

fn header(answer: &Answer) -> Marking {
    answer.header(HEADER).unwrap_or_else(|| panic!("no marking: {}", answer.text)).parse().unwrap()
}

async fn remark(force: &Force, who: &Session, case: &str, marking: &str) -> Answer {
    let path = format!("/api/v1/cases/{case}");
    let etag = force.app.get(who, &path).await.etag();
    let body = json!({ "marking": marking, "reason": "Intelligence from a protected source." });
    force.app.post_at(who, &format!("{path}/marking"), &etag, body).await
}

#[test]
fn nothing_shown_of_a_case_bears_less_than_the_case() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, strategy) = force.harm_tested("full").await;
        remark(&force, &force.staff, &case, "SECRET").await.ok();
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        let today = force.app.now().date_naive().to_string();
        force.act(&force.spoc, &strategy, "record_service", forms::service(ADDRESS, &today)).await.ok();
        force.app.advance(chrono::Duration::days(2));
        let contact = force.mail_arrives(&Mail::proven("Again", "The same matter once more.")).await;
        let (contact, mail) = (contact["id"].as_str().unwrap(), contact["mailId"].as_str().unwrap());
        let meetings = force.app.get(&force.chair, "/api/v1/meetings").await.ok();
        let held = meetings["data"].as_array().unwrap().iter().find(|meeting| meeting["state"] == "closed").unwrap();
        let meeting = held["id"].as_str().unwrap();
        let person = &force.person;
        for (who, path) in [
            (&force.staff, format!("/api/v1/cases/{case}")),
            (&force.staff, format!("/api/v1/cases/{strategy}")),
            (&force.staff, "/api/v1/cases".to_owned()),
            (&force.staff, format!("/api/v1/cases/{case}/events")),
            (&force.spoc, format!("/api/v1/cases/{strategy}/actions")),
            (&force.spoc, format!("/api/v1/cases/{strategy}/notice")),
            (&force.snt, "/api/v1/consultations".to_owned()),
            (&force.chair, format!("/api/v1/meetings/{meeting}")),
            (&force.chair, format!("/api/v1/meetings/{meeting}/minutes")),
            (&force.staff, "/api/v1/nominations".to_owned()),
            (&force.staff, format!("/api/v1/contacts/{contact}")),
            (&force.staff, "/api/v1/contacts".to_owned()),
            (&force.staff, format!("/api/v1/people/{person}/contacts")),
            (&force.staff, format!("/api/v1/people/{person}")),
            (&force.staff, format!("/api/v1/mail/{mail}")),
        ] {
            let answer = force.app.get(who, &path).await;
            assert_eq!(answer.status, 200, "{path} {}", answer.text);
            assert_eq!(header(&answer), Marking::Secret, "{path} {}", answer.text);
        }
        let lookup = json!({ "name": "Example Person One" });
        assert_eq!(header(&force.app.post(&force.staff, "/api/v1/caller-lookups", lookup).await), Marking::Secret);
        letters_bear_it_above_and_below(&force, &strategy).await;
    });
}

async fn letters_bear_it_above_and_below(force: &Force, strategy: &str) {
    let notice = force.app.get(&force.spoc, &format!("/api/v1/cases/{strategy}/notice")).await.ok();
    for form in ["html", "text"] {
        let letter = notice[form].as_str().unwrap();
        assert_eq!(letter.matches("SECRET").count(), 2, "{letter}");
        assert!(letter.contains("Management of Repeat Contact, version 2"), "{letter}");
    }
    let sent = force.app.app.delivery.delivered();
    let parsed = mail_parser::MessageParser::default().parse(&sent.first().unwrap().mime).expect("a MIME message");
    assert_eq!(parsed.body_text(0).unwrap().matches("SECRET").count(), 2);
    force.act(&force.authority, strategy, "lift", forms::reason()).await.ok();
    force.app.run_jobs().await;
    let sent = force.app.app.delivery.delivered();
    let parsed = mail_parser::MessageParser::default().parse(&sent.last().unwrap().mime).expect("a MIME message");
    assert!(parsed.body_text(0).unwrap().contains("ended on"));
    assert_eq!(parsed.body_text(0).unwrap().matches("SECRET").count(), 2);
}

#[test]
fn a_marking_is_raised_by_whoever_works_on_the_case_and_lowered_only_by_who_answers_for_it() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let records = force.app.officer("records", &[Role::Records]).await;
        let auditor = force.app.officer("auditor", &[Role::Auditor]).await;
        let (case, strategy) = force.strategy_begun().await;
        assert_eq!(remark(&force, &auditor, &case, "SECRET").await.status, 403);
        let raised = remark(&force, &force.staff, &case, "OFFICIAL-SENSITIVE").await.ok();
        assert_eq!(raised["marking"], "OFFICIAL-SENSITIVE");
        assert_eq!(force.case(&force.staff, &strategy).await["marking"], "OFFICIAL-SENSITIVE", "with all below it");
        remark(&force, &force.staff, &case, "OFFICIAL-SENSITIVE").await.is_problem(409, "already-marked");
        for who in [&force.staff, &force.chair] {
            assert_eq!(remark(&force, who, &case, "OFFICIAL").await.body["code"], "wrong-role");
        }
        let lowered = remark(&force, &records, &case, "OFFICIAL").await.ok();
        assert_eq!(lowered["marking"], "OFFICIAL-SENSITIVE", "what is shown with it is still higher");
        let lowered = remark(&force, &force.authority, &strategy, "OFFICIAL").await.ok();
        assert_eq!(lowered["marking"], "OFFICIAL");
        let history = force.app.get(&force.staff, &format!("/api/v1/cases/{case}/events")).await.ok();
        let marked: Vec<&Value> =
            history["data"].as_array().unwrap().iter().filter(|event| event["kind"] == "marked").collect();
        assert_eq!(marked.len(), 2, "{history}");
        assert_eq!(marked[1]["data"]["reason"], "Intelligence from a protected source.");
        assert_eq!(marked[1]["actor"]["id"], records.id.as_str());
    });
}

#[test]
fn a_case_opens_with_the_marking_of_what_it_belongs_to() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, strategy) = force.strategy_begun().await;
        remark(&force, &force.staff, &strategy, "SECRET").await.ok();
        force.act(&force.spoc, &strategy, "consult", forms::question("snt")).await.ok();
        let asked = force.app.get(&force.snt, "/api/v1/consultations").await;
        assert_eq!(asked.body["data"][0]["marking"], "SECRET", "{}", asked.text);
        let tasks = force.app.get(&force.snt, "/api/v1/tasks").await;
        assert_eq!(header(&tasks), Marking::Secret, "{}", tasks.text);
        assert_eq!(force.case(&force.staff, &case).await["marking"], "SECRET", "the strategy is shown in it");
    });
}

#[test]
fn every_answer_bears_a_marking_and_never_less_than_the_force_gives_everything() {
    on_each_database(async |database| {
        let mut config = TestApp::config();
        config.force.marking = evenhand::app::Marking::OfficialSensitive;
        let app = TestApp::start_with(database, config).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        for path in
            ["/api/v1/me", "/api/v1/cases", "/api/v1/cases/nothing", "/api/v1/workflows", "/api/v1/openapi.json"]
        {
            assert_eq!(header(&app.get(&staff, path).await), Marking::OfficialSensitive, "{path}");
        }
        let refused = app.send(app.request(reqwest::Method::GET, "/api/v1/me")).await;
        assert_eq!((refused.status, header(&refused)), (401, Marking::OfficialSensitive));
        assert_eq!(Config::default().force.marking, Marking::Official, "unless told otherwise");
    });
}

/// The id in every place of the path.
fn fill(path: &str, id: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/")
}

#[test]
fn no_answer_that_names_a_case_or_its_person_bears_less_than_the_case() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let everything = force.app.officer("everything", &Role::ALL).await;
        let (case, first) = force.strategy_in_force().await;
        let second = force.another_version(&case).await;
        force.app.advance(chrono::Duration::days(2));
        let contact = force.mail_arrives(&Mail::proven("Again", "The same matter once more.")).await;
        remark(&force, &force.staff, &case, "SECRET").await.ok();
        let mut ids = vec![case, first.clone(), second.clone(), force.person.clone()];
        ids.extend(force.children(&first, "consultation").await);
        ids.extend(["id", "mailId"].map(|name| contact[name].as_str().unwrap().to_owned()));
        let meetings = force.app.get(&force.chair, "/api/v1/meetings").await.ok();
        let meetings = meetings["data"].as_array().unwrap().iter().map(|meeting| meeting["id"].as_str().unwrap());
        let asked: Vec<String> = ids.iter().map(String::as_str).chain(meetings).map(str::to_owned).collect();
        let description: Value = serde_json::from_str(&evenhand::boot::api_description()).unwrap();
        let mut named = 0;
        for (path, item) in description["paths"].as_object().unwrap() {
            // The feed of changes says that something happened, and nothing of what.
            if item.get("get").is_none() || !path.starts_with("/api/v1/") || path == "/api/v1/changes" {
                continue;
            }
            let once = if path.contains('{') { asked.len() } else { 1 };
            for id in asked.iter().take(once) {
                let filled = fill(path, id);
                let answer = force.app.get(&everything, &filled).await;
                if answer.status < 300 && ids.iter().any(|id| answer.text.contains(id.as_str())) {
                    named += 1;
                    assert_eq!(header(&answer), Marking::Secret, "GET {filled}: {}", answer.text);
                }
            }
        }
        assert!(named > 20, "{named} answers named one");
    });
}

#[test]
fn two_versions_compared_bear_the_higher_marking_and_characteristics_are_sensitive_at_least() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, _) = force.strategy_in_force().await;
        let second = force.another_version(&case).await;
        let path = format!("/api/v1/cases/{second}/differences");
        assert_eq!(header(&force.app.get(&force.authority, &path).await), Marking::Official);
        remark(&force, &force.staff, &second, "SECRET").await.ok();
        let compared = force.app.get(&force.authority, &path).await;
        assert_eq!((header(&compared), &compared.body["marking"]), (Marking::Secret, &json!("SECRET")));
        let monitoring = format!("/api/v1/people/{}/equality-monitoring", force.person);
        assert_eq!(header(&force.app.get(&force.staff, &monitoring).await), Marking::OfficialSensitive);
        let answers = json!({ "answers": { "disability": { "value": "yes", "source": "self_described" } } });
        let put = force.app.request(reqwest::Method::PUT, &monitoring).bearer_auth(&force.staff.token);
        let recorded = force.app.send(put.header("if-match", "\"v0\"").json(&answers)).await;
        assert_eq!((recorded.status, header(&recorded)), (200, Marking::OfficialSensitive), "{}", recorded.text);
        assert_eq!(recorded.body["marking"], "OFFICIAL-SENSITIVE");
    });
}
