//! Cases beside the road to a strategy: warnings, joined-up problem solving, referrals to another force.

use super::casework::is_final;
use super::forms::Occasion;
use super::rng::Rng;
use super::world::{World, command, name};
use chrono::Days;
use entities::cases;
use evenhand::app::cases::NewCase;
use evenhand::domain::ids::Id;
use serde_json::{Value, json};

const WORKFLOWS: [&str; 3] = ["warning", "joint-problem-solving", "out-of-county-referral"];
/// Where a case stands from which a warning may follow.
const PAST_THE_MEETING: [&str; 6] =
    ["threshold_met", "spoc_allocated", "strategy_in_progress", "active", "under_review", "monitored"];

impl World {
    /// The next steps on one of them, or a new one.
    pub async fn other_cases(&mut self, rng: &mut Rng) {
        let workflow = rng.word(&WORKFLOWS);
        for _ in 0..rng.between(2, 5) {
            self.a_moment_later(rng);
            let cases = self.cases().await;
            let open = cases.iter().rev().find(|case| case.workflow == workflow && !is_final(&case.state));
            match open.filter(|_| !rng.percent(5)) {
                Some(case) => self.step_on_another(&case.clone(), rng).await,
                None => self.open_another(workflow, &cases, rng).await,
            }
        }
    }

    async fn open_another(&mut self, workflow: &str, cases: &[cases::Model], rng: &mut Rng) {
        let (mut person, mut parent) = (Some(*rng.pick(&self.people)), None);
        let mut form = match workflow {
            "joint-problem-solving" => "joint_problem",
            _ => "out_of_county_referral",
        };
        let of_users = cases.iter().filter(|case| case.workflow == "frequent-service-user");
        let mut at = Occasion { today: self.today(), spocs: Vec::new(), addresses: Vec::new(), data: Value::Null };
        if workflow == "warning" {
            let careless = rng.percent(15);
            let mut fit = of_users.filter(|case| careless || PAST_THE_MEETING.contains(&case.state.as_str()));
            let Some(above) = fit.next_back() else { return self.go_on(0, rng).await };
            (person, parent, form) = (None, Some(Id::from_uuid(above.id)), "warning_draft");
            at = self.occasion(above).await;
        }
        let input = fill(form, &at, 10, rng).unwrap();
        let who = self.actor(rng.word(&["staff", "staff", "supervisor", "ccr"]));
        let result = self.open(&who, NewCase { workflow: workflow.to_owned(), person, parent, input }).await;
        self.note(&format!("{workflow} (open)"), &name(&who), result);
    }

    async fn step_on_another(&mut self, case: &cases::Model, rng: &mut Rng) {
        let unit = if case.data["lead"]["unit"] == "opt" { "opt" } else { "snt" };
        let planned = case.data.get("plans").is_some();
        let (who, action, form) = match (case.workflow.as_str(), case.state.as_str(), rng.below(12)) {
            ("warning", _, 0) => ("supervisor", "drop", "reason"),
            ("warning", "draft", 1..=3) => ("staff", "edit", "warning_draft"),
            ("warning", "draft", 4) => ("staff", "approve", "approval"),
            ("warning", "draft", _) => (rng.word(&["supervisor", "chair"]), "approve", "approval"),
            ("warning", _, _) => ("staff", "record_given", "warning_given"),
            ("joint-problem-solving", _, 0) => ("supervisor", "withdraw", "reason"),
            ("joint-problem-solving", "proposed", _) => ("supervisor", "name_lead", "joint_lead"),
            ("joint-problem-solving", _, 1) => {
                (if unit == "opt" { "snt" } else { "opt" }, "record_plan", "problem_solving_plan")
            }
            ("joint-problem-solving", _, 2) => ("chair", "name_lead", "joint_lead"),
            ("joint-problem-solving", _, 3) => (unit, "ask_cspst", "cspst_request"),
            ("joint-problem-solving", _, 4) => (unit, "record_progress", "progress"),
            ("joint-problem-solving", _, 5) => (unit, "conclude", "joint_outcome"),
            ("joint-problem-solving", _, _) if !planned => (unit, "record_plan", "problem_solving_plan"),
            ("joint-problem-solving", _, _) => (unit, "conclude", "joint_outcome"),
            (_, _, 0..=3) => ("staff", "chase", "reason"),
            (_, _, 4..=7) => ("supervisor", "close_unanswered", "reason"),
            _ => ("staff", "record_response", "out_of_county_response"),
        };
        let input = super::forms::fill(form, &self.occasion(case).await, 15, rng);
        self.act(&self.actor(who), case, command(action, input)).await;
    }
}

/// The forms of these cases filled in; `None` for any other.
pub fn fill(form: &str, at: &Occasion, careless: usize, rng: &mut Rng) -> Option<Value> {
    let careless = rng.percent(careless);
    let today = at.today;
    let (soon, long_ago) = (today + Days::new(3), today - Days::new(3_000));
    Some(match form {
        "warning_draft" => json!({
            "kind": rng.word(&["words_of_advice", "warning_letter"]), "behaviour": "Nine mails in two days.",
            "asked": "One mail a week.", "consequence": "A strategy.", "help": "The advice line.",
            "adjustments": "None asked for.",
            "letter": { "heading": "How you write to us", "text": "Once a week is enough.", "method": "email",
                        "address": if careless { "somebody@else.example".to_owned() }
                                   else { at.addresses.first().cloned().unwrap_or_default() } },
        }),
        "warning_given" => {
            json!({ "method": "email", "on": if careless { soon } else { today }, "to": "The person, by mail." })
        }
        "joint_problem" => json!({ "demand": "Two visits a day.", "aims": "One visit a week." }),
        "joint_lead" => {
            json!({ "unit": rng.word(&["opt", "snt"]), "lead": "Example Sergeant", "reason": "Knows the road." })
        }
        "cspst_request" => json!({ "askedOn": today, "assistance": "A reading of the pattern." }),
        "problem_solving_plan" => json!({
            "actions": [{ "action": "A visit with the landlord", "owner": "Example Sergeant", "by": soon }],
            "reviewOn": soon,
        }),
        "progress" => json!({ "on": today, "progress": "The visit took place." }),
        "joint_outcome" => {
            json!({ "outcome": "improved", "reason": "Visits went down.", "outcomeMeasures": "Visits a week." })
        }
        "out_of_county_referral" => json!({
            "force": "Example Constabulary", "askedOf": "Their PSD", "contactedOn": today, "reason": "Lives there.",
        }),
        "out_of_county_response" => {
            json!({ "respondedOn": if careless { long_ago } else { today }, "response": "They know of it." })
        }
        _ => return None,
    })
}
