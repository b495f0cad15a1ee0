//! A form about callers: asked, sent, and shown again with what was wrong with it.

use super::places::may;
use crate::app::callers::MayDoWithCallers;
use crate::app::{App, AppError, drafts};
use crate::domain::case::Refusal;
use crate::domain::marking::Marking;
use crate::web::fault::Fault;
use crate::web::form::{faults, read};
use crate::web::frame::{Area, see_other};
use crate::web::people::asking::Asking;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

/// # Errors
/// `wrong-role` where the reader may not: the form would only be refused once it is filled in.
pub(super) fn only_where(visitor: &Visitor, may_do: impl Fn(MayDoWithCallers) -> bool) -> Result<(), Fault> {
    if may_do(may(visitor)) {
        return Ok(());
    }
    let message = "Your role reads this and does not do it.";
    Err(AppError::Refused(Refusal::forbidden("wrong-role", message)).into())
}

/// A form that stands at a place of this area.
pub(super) fn asking(title: &str, place: String, (button, back): (&str, String), schema: Value) -> Asking {
    Asking {
        title: title.to_owned(),
        place,
        button: button.to_owned(),
        schema,
        back,
        area: Area::Callers,
        marking: Marking::OfficialSensitive,
        ..Asking::default()
    }
}

/// What was typed, if a form may be sent like this; otherwise the form again.
pub(in crate::web) async fn typed(
    app: &App,
    posted: &Posted,
    asking: Asking,
) -> Result<Result<(Value, Asking), HttpResponse>, Fault> {
    let said = read(&asking.schema, posted.fields());
    if said.faults.is_empty() {
        return Ok(Ok((said.input, asking)));
    }
    Ok(Err(asking.again(app, posted, (StatusCode::UNPROCESSABLE_ENTITY, said.faults)).await?))
}

/// On to where it leads, or the form again with what the use case said.
pub(in crate::web) async fn done(
    app: &App,
    posted: &Posted,
    asking: Asking,
    outcome: Result<String, AppError>,
) -> Result<HttpResponse, Fault> {
    match outcome {
        Ok(next) => {
            drafts::discard_draft(app, &posted.visitor.actor, &asking.place).await?;
            Ok(see_other(&next))
        }
        Err(error) => {
            let (status, faults) = faults::of_error(error)?;
            asking.again(app, posted, (status, faults)).await
        }
    }
}

/// Who on file somebody is, and how that is known.
pub(in crate::web) fn who_it_is() -> Value {
    json!({ "type": "object", "required": ["reference", "reason"], "properties": {
        "reference": { "type": "string", "title": "Reference of the person on file", "maxLength": 100,
                       "description": "For example, FSU-0042. Somebody who is not on file yet is added under People first" },
        "reason": { "type": "string", "title": "How is it known?", "maxLength": 500,
                    "description": "What you compared; a number alone may be shared" } } })
}

/// A text of what was typed, if there is one.
pub(in crate::web) fn text(input: &Value, name: &str) -> Option<String> {
    input.get(name).and_then(Value::as_str).map(str::to_owned).filter(|text| !text.is_empty())
}
