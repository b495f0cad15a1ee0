//! What an actor may do with a case now: the page's buttons, the API's `GET …/actions`.

use super::command::{Command, Facts};
use super::evolve::Case;
use super::refusal::Refusal;
use super::{guarding, pausing, permission};
use crate::domain::access::Actor;
use crate::domain::workflow::{Action, Guard, Workflow};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

/// One action of the present state, and whether this actor may take it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    pub action: String,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    pub allowed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The action binds a signature to the content.
    pub signs_content: bool,
}

/// All actions of the present state in the order of the workflow file. Conditions on the input are left open: they are
/// checked when it is sent.
pub fn offers(workflow: &Workflow, case: &Case, facts: &Facts, who: (&Actor, DateTime<Utc>)) -> Vec<Offer> {
    let actions = workflow.state(&case.state).map(|state| state.on.as_slice()).unwrap_or_default();
    actions.iter().map(|action| offer(workflow, case, facts, who, action)).collect()
}

fn offer(workflow: &Workflow, case: &Case, facts: &Facts, who: (&Actor, DateTime<Utc>), action: &Action) -> Offer {
    let command = Command::new(action.id.clone(), Value::Null);
    let refusal = permission::may_take(case, facts, who, action, &command)
        .and_then(|()| pausing::clock_can(workflow, case, facts, who.1, action))
        .and_then(|()| known_guards_hold(case, facts, who, action))
        .err();
    Offer {
        action: action.id.clone(),
        title: action.title.clone(),
        form: action.form.clone(),
        allowed: refusal.is_none(),
        refusal,
        policy: action.policy.clone(),
        signs_content: action.signs_content,
    }
}

fn known_guards_hold(
    case: &Case,
    facts: &Facts,
    (actor, now): (&Actor, DateTime<Utc>),
    action: &Action,
) -> Result<(), Refusal> {
    let without_input = |guard: &&Guard| !guard.that.reads_input();
    let guards: Vec<Guard> = action.guard.iter().filter(without_input).cloned().collect();
    let nothing = Value::Object(Map::new());
    let scope = guarding::scope(case, facts, actor, &nothing, now);
    guarding::guards_hold(&action.id, &guards, &scope)
}
