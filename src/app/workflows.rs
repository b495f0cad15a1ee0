//! The case types, as callers read them.

use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::workflow::diagram::mermaid;
use crate::domain::workflow::{Action, By, EffectName, Guard, State, StateKind, Target, Workflow};
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowSummary {
    pub key: String,
    pub version: u32,
    pub title: String,
    pub policy: String,
    /// SHA-256 over definition, forms and templates: what a case is pinned to.
    pub content_hash: String,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowDetail {
    #[serde(flatten)]
    pub summary: WorkflowSummary,
    pub initial: String,
    pub states: Vec<StateDetail>,
    /// JSON Schema (2020-12) of each form, by name.
    #[schema(value_type = Object)]
    pub forms: Map<String, Value>,
    /// What is proved of every path through it.
    pub invariants: Vec<InvariantDetail>,
    /// Mermaid.
    pub diagram: String,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct StateDetail {
    pub id: String,
    pub title: String,
    /// `open`, `restrictive` or `final`.
    #[schema(value_type = String)]
    pub kind: StateKind,
    pub actions: Vec<ActionDetail>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActionDetail {
    pub id: String,
    pub title: String,
    #[schema(value_type = Vec<String>)]
    pub by: Vec<By>,
    /// The states it may lead to; the same state where it only records.
    pub to: Vec<String>,
    pub form: Option<String>,
    pub separate_from: Vec<String>,
    pub delegation: Option<String>,
    pub signs_content: bool,
    #[schema(value_type = Vec<String>)]
    pub effects: Vec<EffectName>,
    pub policy: Option<String>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct InvariantDetail {
    pub id: String,
    pub says: String,
    pub policy: Option<String>,
}

/// Every case type in force, by key.
///
/// # Errors
/// `named-person-required`: policy is shown to whoever signs in.
pub fn list_workflows(app: &App, actor: &Actor) -> Result<Vec<WorkflowSummary>, AppError> {
    rights::liaison(actor)?;
    Ok(app.catalog.all().map(|workflow| summary(workflow)).collect())
}

/// One case type.
///
/// # Errors
/// `named-person-required`; `NotFound`.
pub fn find_workflow(app: &App, actor: &Actor, key: &str) -> Result<WorkflowDetail, AppError> {
    rights::liaison(actor)?;
    let workflow = app.catalog.latest(key).ok_or(AppError::NotFound)?;
    let forms = workflow.forms.iter().map(|(name, form)| (name.clone(), form.schema.clone()));
    let invariants = workflow.invariants.iter().map(|invariant| InvariantDetail {
        id: invariant.id.clone(),
        says: invariant.says.clone(),
        policy: invariant.policy.clone(),
    });
    Ok(WorkflowDetail {
        summary: summary(workflow),
        initial: workflow.initial.clone(),
        states: workflow.states.iter().map(state).collect(),
        forms: forms.collect(),
        invariants: invariants.collect(),
        diagram: mermaid(workflow, None),
    })
}

/// What a guard says to the person refused.
#[derive(Clone, Debug)]
pub struct GuardWords {
    pub says: String,
    pub policy: Option<String>,
}

/// Every guard with this code in the case types in force; for whoever was refused by one and reads what it means.
pub fn guards_with_code(app: &App, code: &str) -> Vec<GuardWords> {
    let of_actions = |workflow: &Workflow| -> Vec<Guard> {
        let actions = workflow.states.iter().flat_map(|state| &state.on).flat_map(|action| &action.guard);
        workflow.open.iter().flat_map(|opening| &opening.guard).chain(actions).cloned().collect()
    };
    let guards = app.catalog.all().flat_map(|workflow| of_actions(workflow)).filter(|guard| guard.code == code);
    guards.map(|guard| GuardWords { says: guard.otherwise, policy: guard.policy }).collect()
}

fn summary(workflow: &Workflow) -> WorkflowSummary {
    WorkflowSummary {
        key: workflow.key.clone(),
        version: workflow.version,
        title: workflow.title.clone(),
        policy: workflow.policy.clone(),
        content_hash: workflow.content_hash.clone(),
    }
}

fn state(state: &State) -> StateDetail {
    let actions = state.on.iter().map(|action| detail(state, action)).collect();
    StateDetail { id: state.id.clone(), title: state.title.clone(), kind: state.kind, actions }
}

fn detail(state: &State, action: &Action) -> ActionDetail {
    ActionDetail {
        id: action.id.clone(),
        title: action.title.clone(),
        by: action.by.clone(),
        to: match &action.target {
            Target::Stay => vec![state.id.clone()],
            Target::To(to) => vec![to.clone()],
            Target::Choose(choices) => choices.iter().map(|choice| choice.to.clone()).collect(),
        },
        form: action.form.clone(),
        separate_from: action.separate_from.clone(),
        delegation: action.delegation.clone(),
        signs_content: action.signs_content,
        effects: action.effects.clone(),
        policy: action.policy.clone(),
    }
}
