//! What it takes to fill in an action of a case, or the opening of one: its form, what was kept of it before, and who can be
//! chosen. Whether it may be taken at all is said by the same function that will decide it.

use super::seeing::{self, Seen};
use super::{actions_now, find_case, pinned};
use crate::app::cases::CaseView;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::case::Offer;
use crate::domain::ids::{CaseId, OfficerId};
use crate::domain::workflow::{Action, Workflow};
use crate::store::officers;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The form by which a repeat caller is referred.
const REFERRAL: &str = "vrc_referral";

/// An action, ready to be filled in.
#[derive(Clone, Debug)]
pub struct ActionForm {
    pub case: CaseView,
    pub offer: Offer,
    /// JSON Schema; absent where the action has no form.
    pub schema: Option<Value>,
    /// What stands in the case where the form's answers will be kept: where they change it, it is what they change.
    pub kept: Value,
    /// Who can be a single point of contact, by name.
    pub spocs: Vec<(OfficerId, String)>,
    /// The areas of the county: key and name.
    pub areas: Vec<(String, String)>,
}

/// # Errors
/// `NotFound` where the officer may not know the case, or it knows no such action in its present state.
pub async fn action_form(app: &App, actor: &Actor, id: CaseId, action: &str) -> Result<ActionForm, AppError> {
    let now = actions_now(app, actor, id).await?;
    let offer = now.offers.into_iter().find(|offer| offer.action == action).ok_or(AppError::NotFound)?;
    let workflow = workflow_of_case(app, actor, id).await?;
    let case = find_case(app, actor, id).await?;
    let taken = workflow.action(&case.state, action).ok_or(AppError::NotFound)?;
    let schema = schema_of(&workflow, taken.form.as_deref());
    let kept = schema.as_ref().map(|schema| kept_of(taken, schema, &case.data)).unwrap_or_default();
    let kept =
        if kept.is_null() && taken.form.as_deref() == Some(REFERRAL) { by_location(app, &case.data) } else { kept };
    let register = app.catalog.registers().areas.areas.iter();
    let areas = register.map(|area| (area.key.clone(), area.name.clone())).collect();
    Ok(ActionForm { case, offer, schema, kept, spocs: spocs(app).await?, areas })
}

/// The definition a case is pinned to: what its page draws, and the words of its history.
///
/// # Errors
/// `NotFound` where the officer may not know the case.
pub async fn workflow_of_case(app: &App, actor: &Actor, id: CaseId) -> Result<Arc<Workflow>, AppError> {
    let officer = rights::liaison(actor)?;
    let db = app.store.reader();
    let Seen { case, .. } = seeing::visible(app, db, officer, id).await?;
    pinned::workflow(app, db, &case.content_hash).await
}

/// The form by which a case of this type is opened; `None` for a type that nobody opens, or that is opened without one.
///
/// # Errors
/// `named-person-required`; `NotFound` where there is no such type.
pub fn opening_form(app: &App, actor: &Actor, key: &str) -> Result<(Arc<Workflow>, Option<Value>), AppError> {
    rights::named_person(actor)?;
    let workflow = Arc::clone(app.catalog.latest(key).ok_or(AppError::NotFound)?);
    let form = workflow.open.as_ref().ok_or(AppError::NotFound)?.form.as_deref();
    let schema = schema_of(&workflow, form);
    Ok((workflow, schema))
}

fn schema_of(workflow: &Workflow, form: Option<&str>) -> Option<Value> {
    form.and_then(|form| workflow.forms.get(form)).map(|form| form.schema.clone())
}

/// Who can be a single point of contact.
///
/// # Errors
/// What the store says.
pub async fn spocs(app: &App) -> Result<Vec<(OfficerId, String)>, AppError> {
    let all = officers::list(app.store.reader(), None, u64::from(u32::MAX)).await?;
    let able = all.into_iter().filter(|found| found.active && found.officer.has(Role::Spoc));
    Ok(able.map(|found| (found.officer.id, found.officer.display_name)).collect())
}

/// What a referral begins with: the location as it was typed, and the area where it tells one.
fn by_location(app: &App, data: &Value) -> Value {
    let Some(location) = data.get("callerLocation").and_then(Value::as_str) else { return Value::Null };
    match app.catalog.registers().areas.of_location(location) {
        Some(area) => json!({ "areaFrom": "location", "location": location, "area": area.key }),
        None => json!({ "location": location }),
    }
}

fn kept_of(action: &Action, schema: &Value, data: &Value) -> Value {
    match action.into.as_deref() {
        Some(list) if list.ends_with("[]") => Value::Null,
        Some(place) => data.get(place).cloned().unwrap_or_default(),
        None => {
            let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            let kept = fields.filter_map(|(name, _)| Some((name.clone(), data.get(name)?.clone())));
            Value::Object(kept.collect::<Map<_, _>>())
        }
    }
}
