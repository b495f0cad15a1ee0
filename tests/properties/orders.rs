//! Orders: proposed, assessed, decided on, issued, breached, ended; at the right age and not, in the right words and not.

use super::casework::is_final;
use super::forms::Occasion;
use super::rng::Rng;
use super::world::{World, command};
use crate::story::forms::{equality, fairness};
use chrono::{Days, NaiveDate};
use entities::cases;
use evenhand::app::cases::NewCase;
use serde_json::{Value, json};

impl World {
    /// The next steps on one order, or a new one: a road of many steps is seldom walked one at a time.
    pub async fn orders(&mut self, rng: &mut Rng) {
        for _ in 0..rng.between(2, 5) {
            self.a_moment_later(rng);
            self.order(rng).await;
        }
    }

    /// The next step on an order, mostly on the newest, or a new one.
    pub async fn order(&mut self, rng: &mut Rng) {
        let cases = self.cases().await;
        let is_open = |case: &&cases::Model| case.workflow == "enforcement-order" && !is_final(&case.state);
        let open: Vec<&cases::Model> = cases.iter().filter(is_open).collect();
        let Some(newest) = open.last().filter(|_| !rng.percent(8)) else {
            return self.propose_an_order(rng).await;
        };
        let case = if rng.percent(80) { *newest } else { *rng.pick(&open) };
        self.step_on_an_order(&case.clone(), rng).await;
    }

    async fn propose_an_order(&mut self, rng: &mut Rng) {
        let kinds = [
            "community_protection_warning",
            "community_protection_warning",
            "criminal_behaviour_order",
            "civil_injunction",
        ];
        let mut input = json!({ "kind": rng.word(&kinds), "subject": "person", "conduct": "Shouts at night.",
                                "locality": "Example Road" });
        let mut person = Some(*rng.pick(&self.people));
        if rng.percent(12) {
            (person, input["subject"]) = (None, json!("body"));
            if rng.percent(80) {
                input["subjectName"] = json!("Example Limited");
            }
        }
        let who = self.actor(rng.word(&["opt", "snt", "opt", "snt", "authority", "ccr"]));
        let new = NewCase { workflow: "enforcement-order".to_owned(), person, parent: None, input };
        let result = self.open(&who, new).await;
        self.note("order (open)", &super::world::name(&who), result);
    }

    async fn step_on_an_order(&mut self, case: &cases::Model, rng: &mut Rng) {
        let has = |field: &str| case.data.get(field).is_some();
        let unit = rng.word(&["opt", "opt", "snt"]);
        let (who, action) = match case.state.as_str() {
            "proposed" if rng.percent(20) => ("authority", "assess"),
            "proposed" => (
                unit,
                rng.word(&[
                    "assess",
                    "assess",
                    "assess",
                    "assess",
                    "assess",
                    "assess",
                    "assess",
                    "take_legal_advice",
                    "drop",
                ]),
            ),
            "assessed" => (rng.word(&["authority", "authority", "authority", "lapsed", "opt"]), "pursue"),
            "warning_authorised" if !has("tests") && rng.percent(85) => (unit, "answer_tests"),
            "warning_authorised" => {
                (unit, rng.word(&["issue_warning", "issue_warning", "issue_warning", "answer_tests"]))
            }
            "warning_in_force" if rng.percent(85) => (unit, "record_breach"),
            "warning_breached" if rng.percent(20) => (unit, "go_on_with_warning"),
            "warning_breached" => (rng.word(&["authority", "authority", "lapsed"]), "pursue_notice"),
            "notice_authorised" => (unit, rng.word(&["issue_notice", "issue_notice", "issue_notice", "drop_notice"])),
            "notice_in_force" => (unit, rng.word(&["record_notice_breach", "record_disposal", "end_early"])),
            "cbo_authorised" => (unit, "record_conviction"),
            "convicted" => (unit, rng.word(&["record_cbo", "record_cbo", "record_cbo", "record_court_refusal"])),
            "injunction_authorised" => (unit, "apply"),
            "applied" => (unit, rng.word(&["record_injunction", "record_injunction", "record_court_refusal"])),
            "cbo_in_force" | "injunction_in_force" => {
                (unit, rng.word(&["record_order_breach", "record_disposal", "end_early"]))
            }
            _ => (unit, "end_early"),
        };
        let who = self.actor(who);
        let at = self.occasion(case).await;
        let careless = if action == "record_cbo" { 45 } else { 20 };
        let input = fill(form_of(action), &at, careless, rng).unwrap_or(Value::Null);
        self.act(&who, case, command(action, input)).await;
    }
}

fn form_of(action: &str) -> &'static str {
    match action {
        "assess" => "order_assessment",
        "pursue" | "pursue_notice" => "order_decision",
        "take_legal_advice" => "legal_advice",
        "answer_tests" => "cpw_tests",
        "issue_warning" | "issue_notice" => "order_issued",
        "record_breach" | "record_notice_breach" | "record_order_breach" => "order_breach",
        "record_disposal" => "disposal",
        "record_conviction" => "conviction",
        "record_cbo" | "record_injunction" => "court_order",
        "record_court_refusal" => "court_refusal",
        "apply" => "court_application",
        _ => "reason",
    }
}

/// The forms of orders filled in; `None` for any other.
pub fn fill(form: &str, at: &Occasion, careless: usize, rng: &mut Rng) -> Option<Value> {
    let careless = rng.percent(careless);
    let today = at.today;
    Some(match form {
        "order_proposal" => {
            json!({ "kind": "civil_injunction", "subject": "person", "conduct": "Shouts.", "locality": "Here" })
        }
        "order_assessment" => json!({
            "appropriateness": "Help was refused twice.", "proportionality": "A plan failed.",
            "publicConfidence": "Neighbours ask for something to be done.", "equality": equality(),
            "options": options(careless),
        }),
        "order_decision" => json!({
            "rationale": "Nothing less has helped.", "options": options(careless), "equality": equality(),
            "fairness": fairness(), "legalAdvice": "Legal Services agree.",
        }),
        "cpw_tests" => {
            let met = |met: bool| json!({ "met": met, "because": "As the log shows." });
            json!({ "on": today, "detrimentalEffect": met(true), "persistentOrContinuing": met(true), "unreasonable": met(!careless) })
        }
        "order_issued" => json!({
            "issuedBy": "Example Constable", "issuedOn": today, "endsOn": after(today, if careless { 0 } else { 90 }),
            "servedHow": "By hand.", "conditions": [{ "kind": "prohibitive", "words": "Not to shout at night." }],
        }),
        "order_breach" => {
            json!({ "on": if careless { before(today, 60) } else { today }, "what": "Shouted.", "evidence": "Two statements." })
        }
        "legal_advice" => json!({ "askedOn": today, "question": "Is this proportionate?" }),
        "disposal" => json!({ "kind": "no_further_action", "on": today, "outcome": "Words of advice." }),
        "conviction" => json!({
            "court": "Example Magistrates", "convictedOn": today, "offence": "Section 127(2)(c)",
            "harassmentAlarmDistress": "As the court heard.", "helpsPrevent": "It has helped before.",
        }),
        "court_order" => json!({
            "court": "Example Magistrates", "madeOn": if careless { before(today, 60) } else { today },
            "endsOn": after(today, 300), "conditions": [{ "kind": "positive", "words": "To attend the course." }],
        }),
        "court_refusal" => json!({ "court": "Example Magistrates", "on": today, "reason": "Not necessary." }),
        "court_application" => json!({
            "court": "Example County Court", "appliedOn": today, "on": today,
            "engagesOrThreatens": "As the statements show.", "justAndConvenient": "Nothing less has helped.",
        }),
        "reason" => json!({ "reason": "For the record." }),
        _ => return None,
    })
}

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day + Days::new(days)
}

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day - Days::new(days)
}

/// Every option considered; a careless officer considers one.
fn options(careless: bool) -> Value {
    let mut all = crate::story::forms::options();
    if let (true, Some(options)) = (careless, all.as_array_mut()) {
        options.truncate(1);
    }
    all
}
