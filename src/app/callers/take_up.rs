//! A nominated caller is taken up: a case of a vulnerable repeat caller is opened for the nomination, and kept with it.

use super::MAY_WORK_ON_CALLERS;
use super::cases_of::open_case;
use super::nominated::{looked_at, waiting};
use crate::app::cases::{self, NewCase};
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::{Case, Refusal};
use crate::domain::ids::NominationId;
use crate::domain::workflow::Workflow;
use crate::store::nominations::{Nomination, Source};
use crate::store::{nominated_callers, nominations};
use serde_json::{Value, json};
use std::sync::Arc;

/// The case type of the work with callers.
pub(crate) use crate::app::cases::REPEAT_CALLER as CASE;

/// Where a case came from is kept with it: it is not for anybody to choose.
const ORIGIN: [&str; 2] = ["source", "nominationId"];

/// What the opening form asks where a nomination is taken up: all but what the nomination says of itself.
///
/// # Errors
/// As for opening a case.
pub fn taking_up_form(app: &App, actor: &Actor) -> Result<(Arc<Workflow>, Option<Value>), AppError> {
    let (workflow, mut schema) = cases::opening_form(app, actor, CASE)?;
    if let Some(fields) = schema.as_mut().and_then(|schema| schema.get_mut("properties")?.as_object_mut()) {
        fields.retain(|name, _| !ORIGIN.contains(&name.as_str()));
    }
    if let Some(required) = schema.as_mut().and_then(|schema| schema.get_mut("required")?.as_array_mut()) {
        required.retain(|name| !name.as_str().is_some_and(|name| ORIGIN.contains(&name)));
    }
    Ok((workflow, schema))
}

/// Opens the case in the officer's name, about the person the caller was said to be, if anybody said so. The case, and that
/// the nomination led to it, are written together.
///
/// # Errors
/// `wrong-role`; `NotFound`; `nomination-looked-at`; `case-already-open`; as for opening a case.
pub async fn take_up(app: &App, actor: &Actor, id: NominationId, input: Value) -> Result<Case, AppError> {
    rights::officer_with(actor, &MAY_WORK_ON_CALLERS)?;
    let (nomination, caller) = waiting(app, actor, id).await?;
    let input = with_origin(input, &nomination);
    let (inner, actor) = (app.clone(), actor.clone());
    let new = NewCase { workflow: CASE.to_owned(), person: caller.person, parent: None, input };
    let opened = app.store.write(async move |tx| {
        crate::store::hold(tx, &[caller.id.as_uuid()]).await?;
        if !nominated_callers::is_waiting(tx, id).await? {
            return Err(looked_at());
        }
        if let Some(case) = open_case(&inner, tx, &caller).await? {
            let message = format!("This caller has an open case already: {case}. Keep the nomination with it.");
            return Err(Refusal::conflict("case-already-open", message).into());
        }
        let case = Box::pin(cases::open_in(&inner, tx, &actor, new)).await?;
        nominations::set_case(tx, id, case.id).await?;
        Ok::<_, AppError>(case)
    });
    Ok(opened.await?)
}

/// What the opening form begins with: what is known of the nomination and of who calls.
///
/// # Errors
/// `wrong-role`; `NotFound`; `nomination-looked-at`.
pub async fn opening_of(app: &App, actor: &Actor, id: NominationId) -> Result<Value, AppError> {
    rights::officer_with(actor, &MAY_WORK_ON_CALLERS)?;
    let (nomination, caller) = waiting(app, actor, id).await?;
    let known = json!({ "reason": nomination.reason, "callerName": caller.name, "callerTelephone": caller.number,
                        "callerLocation": caller.location });
    let given = known.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    Ok(with_origin(Value::Object(given.map(|(name, value)| (name.clone(), value.clone())).collect()), &nomination))
}

fn with_origin(mut input: Value, nomination: &Nomination) -> Value {
    let source = match nomination.source {
        Source::Rule { .. } => "rule",
        Source::Manual => "manual",
    };
    if let Some(fields) = input.as_object_mut() {
        let origin = ORIGIN.into_iter().map(str::to_owned).zip([json!(source), json!(nomination.id)]);
        fields.extend(origin);
    }
    input
}
