//! What is wrong with a form, wherever it was found: by the page, by a use case, or by the engine that refuses an action.

use super::names::{field_id, pointer_to_name};
use crate::app::{AppError, FieldFault};
use crate::domain::case::{Refusal, RefusalFault, RefusalKind};
use crate::web::fault::Fault;
use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

/// What is wrong at one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FormFault {
    /// `limits.0.max`; empty for the form as a whole.
    pub(crate) name: String,
    /// `Enter why this is fair to the person`.
    pub(crate) message: String,
}

impl FormFault {
    /// Of no field in particular.
    pub(crate) fn of_whole(message: impl Into<String>) -> Self {
        Self { name: String::new(), message: message.into() }
    }
}

impl From<FieldFault> for FormFault {
    fn from(fault: FieldFault) -> Self {
        Self { name: pointer_to_name(&fault.pointer), message: fault.detail }
    }
}

impl From<&RefusalFault> for FormFault {
    fn from(fault: &RefusalFault) -> Self {
        // The engine means a place in the input, or in the whole that the input is a part of.
        let pointer = fault.pointer.as_deref().unwrap_or_default();
        let name = pointer_to_name(pointer.strip_prefix("/input").unwrap_or(pointer));
        Self { name, message: fault.message.clone() }
    }
}

/// What a use case found in its input.
pub(crate) fn of_fields(faults: Vec<FieldFault>) -> Vec<FormFault> {
    faults.into_iter().map(FormFault::from).collect()
}

/// Each reason of a refusal at its field; where it gives none, its words.
pub(crate) fn of_refusal(refusal: &Refusal) -> Vec<FormFault> {
    match refusal.faults.is_empty() {
        true => vec![FormFault::of_whole(&refusal.message)],
        false => refusal.faults.iter().map(FormFault::from).collect(),
    }
}

/// The words of a refusal, and then each of its reasons.
pub(crate) fn with_words_of(refusal: &Refusal) -> Vec<FormFault> {
    let reasons = refusal.faults.iter().map(FormFault::from);
    std::iter::once(FormFault::of_whole(&refusal.message)).chain(reasons).collect()
}

/// With which status a form comes back that was refused; `None` where its sender may not do this at all.
pub(crate) fn status_of(refusal: &Refusal) -> Option<StatusCode> {
    match refusal.kind {
        RefusalKind::Invalid => Some(StatusCode::UNPROCESSABLE_ENTITY),
        RefusalKind::Conflict => Some(StatusCode::CONFLICT),
        RefusalKind::Forbidden => None,
    }
}

/// What a use case says is wrong, with its status; what no form can mend goes on.
///
/// # Errors
/// Everything else than `Invalid` and what may be put right.
pub(crate) fn of_error(error: AppError) -> Result<(StatusCode, Vec<FormFault>), Fault> {
    match error {
        AppError::Invalid(faults) => Ok((StatusCode::UNPROCESSABLE_ENTITY, of_fields(faults))),
        AppError::Refused(refusal) => match status_of(&refusal) {
            Some(status) => Ok((status, vec![FormFault::of_whole(refusal.message)])),
            None => Err(AppError::Refused(refusal).into()),
        },
        other @ (AppError::NotSignedIn(_)
        | AppError::NotFound
        | AppError::StaleVersion { .. }
        | AppError::Store(_)
        | AppError::Broken { .. }) => Err(other.into()),
    }
}

/// The faults as GOV.UK's error summary takes them.
pub(crate) fn summary(faults: &[FormFault]) -> Vec<Value> {
    let entry = |fault: &FormFault| match fault.name.is_empty() {
        true => json!({ "text": fault.message }),
        false => json!({ "text": fault.message, "href": format!("#{}", field_id(&fault.name)) }),
    };
    faults.iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_of_the_engine_is_found_at_the_field_it_is_about() {
        let fault = |pointer: Option<&str>| RefusalFault {
            pointer: pointer.map(str::to_owned),
            message: "No.".to_owned(),
            code: None,
            policy: None,
        };
        let refusal = Refusal::invalid("form-not-valid", "Not as it has to be.");
        assert_eq!(of_refusal(&refusal), [FormFault::of_whole("Not as it has to be.")]);
        let refusal =
            refusal.with_faults(vec![fault(Some("/input/limits/0/max")), fault(Some("/reason")), fault(None)]);
        let names: Vec<String> = of_refusal(&refusal).into_iter().map(|fault| fault.name).collect();
        assert_eq!(names, ["limits.0.max", "reason", ""]);
        assert_eq!(with_words_of(&refusal).len(), 4);
    }
}
