//! Single paragraphs of the policy, shown on the shipped case types and forms.

use crate::story::forms;
use crate::support::{TestApp, on_each_database};
use evenhand::catalog::{Catalog, read_sources};
use evenhand::domain::access::Role;
use evenhand::domain::contact::Channel;
use evenhand::domain::workflow::{StateKind, Workflow};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, OnceLock};

fn workflow(key: &str) -> Arc<Workflow> {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    let catalog = CATALOG.get_or_init(|| Catalog::embedded().unwrap());
    Arc::clone(catalog.latest(key).unwrap())
}

/// Whether a form of the service user's case takes the input.
fn is_taken(form: &str, input: &Value) -> bool {
    workflow("frequent-service-user").forms[form].faults(input).is_empty()
}

/// The input without one of its fields.
fn without(input: &Value, field: &str) -> Value {
    let mut input = input.clone();
    assert!(input.as_object_mut().unwrap().remove(field).is_some(), "{field}");
    input
}

/// The input with one field set.
fn with(input: &Value, field: &str, value: Value) -> Value {
    let mut input = input.clone();
    input[field] = value;
    input
}

#[test]
fn a_threshold_decision_names_the_kind_of_conduct_from_a_closed_list() {
    let decision = forms::threshold_met();
    assert!(is_taken("threshold_met", &decision));
    assert!(!is_taken("threshold_met", &without(&decision, "conduct")));
    assert!(!is_taken("threshold_met", &with(&decision, "conduct", json!(["frequency"]))), "frequency alone is none");
}

#[test]
fn a_threshold_decision_answers_for_equality() {
    assert!(!is_taken("threshold_met", &without(&forms::threshold_met(), "equality")));
}

#[test]
fn a_threshold_decision_says_why_it_is_fair() {
    let decision = forms::threshold_met();
    assert!(!is_taken("threshold_met", &without(&decision, "fairness")));
    let fairness = &workflow("frequent-service-user").forms["threshold_met"].schema["properties"]["fairness"];
    assert_eq!(fairness["required"].as_array().unwrap().len(), 4, "fair, consistent, open, proportionate");
}

#[test]
fn no_policing_purpose_is_found_only_by_somebody_who_says_why() {
    let triage = forms::triage();
    assert!(is_taken("triage", &triage), "nothing is found where nobody found it");
    let found = |purpose: Value| is_taken("triage", &with(&triage, "policingPurpose", purpose));
    assert!(found(json!({ "finding": "none_apparent", "because": "Answered in March; nothing new since." })));
    assert!(!found(json!({ "finding": "none_apparent" })));
    assert!(!found(json!({ "finding": "none_apparent", "because": " " })));
    let schema = &workflow("frequent-service-user").forms["nomination"].schema;
    assert!(schema["properties"].get("policingPurpose").is_none(), "no rule and no count finds it");
}

#[test]
fn a_case_asks_for_risk_vulnerability_and_demand() {
    for asked in ["safeguarding", "domesticAbuse", "adjustments"] {
        assert!(!is_taken("triage", &without(&forms::triage(), asked)), "{asked}");
    }
    let nomination = json!({ "source": "manual", "reason": "Nine mails.", "demand": "Four hours a week." });
    assert!(is_taken("nomination", &nomination));
}

#[test]
fn no_strategy_begins_before_it_is_said_whether_the_local_team_was_contacted() {
    let start = forms::start();
    assert!(is_taken("strategy_start", &start));
    assert!(!is_taken("strategy_start", &without(&start, "localOpt")));
    assert!(!is_taken("strategy_start", &with(&start, "localOpt", json!({ "contacted": false }))), "not, because");
}

#[test]
fn the_case_is_called_by_the_name_the_policy_uses() {
    assert_eq!(workflow("frequent-service-user").title, "Frequent service user");
}

#[test]
fn the_menu_names_every_option_of_the_policy() {
    let schema = &workflow("frequent-service-user").forms["closure"].schema;
    let named = schema["properties"]["options"]["items"]["properties"]["option"]["enum"].as_array().unwrap();
    let named: BTreeSet<&str> = named.iter().map(|option| option.as_str().unwrap()).collect();
    let of_the_policy = [
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
    assert_eq!(named, of_the_policy.into());
}

#[test]
fn a_kind_of_order_is_added_in_the_files_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut sources, _) = read_sources(&root.join("workflows"), &root.join("templates"));
    let form = sources.forms.iter_mut().find(|file| file.name == "order_proposal").unwrap();
    form.text = form.text.replacen("\"civil_injunction\"", "\"civil_injunction\", \"respect_order\"", 1);
    let catalog = Catalog::of(&sources, Vec::new()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let kinds =
        &catalog.latest("enforcement-order").unwrap().forms["order_proposal"].schema["properties"]["kind"]["enum"];
    assert!(kinds.as_array().unwrap().contains(&json!("respect_order")));
}

#[test]
fn legal_advice_can_be_kept_while_an_order_is_open() {
    let order = workflow("enforcement-order");
    for state in order.states.iter().filter(|state| state.kind != StateKind::Final) {
        assert!(state.on.iter().any(|action| action.id == "take_legal_advice"), "{}", state.id);
    }
}

#[test]
fn every_channel_counts_towards_one_history() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let body = json!({ "reference": "FSU-0001", "fullName": "Example Person" });
        let person = app.post(&staff, "/api/v1/people", body).await.ok()["id"].as_str().unwrap().to_owned();
        // A mail comes in as a mail: what it is from is proven there, and not by whoever records it.
        for channel in Channel::ALL.into_iter().filter(|channel| *channel != Channel::Email) {
            let contact = json!({ "channel": channel, "receivedAt": "2026-06-01T08:00:00Z", "personId": person,
                                  "subject": "The same matter" });
            app.post(&staff, "/api/v1/contacts", contact).await.ok();
        }
        let history = app.get(&staff, &format!("/api/v1/people/{person}/contacts")).await.ok();
        let contacts = history["data"].as_array().unwrap();
        assert_eq!(contacts.len(), Channel::ALL.len() - 1, "{history}");
        assert!(contacts.iter().all(|contact| contact["counted"] == true), "{history}");
    });
}
