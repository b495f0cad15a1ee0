//! Every look at personal data is written down before the answer goes out (DPA 2018 s62, invariant 17).

use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::store::access_log::{Access, Action};
use serde_json::json;
use uuid::Uuid;

/// A look at one thing, or at a list of its kind (`id` is `None`).
///
/// # Errors
/// Where it cannot be written down; the answer is withheld then.
pub(crate) async fn log_reading(app: &App, actor: &Actor, object: &str, id: Option<Uuid>) -> Result<(), AppError> {
    let looked = entry(app, actor, Action::Read, object, id);
    Ok(app.store.access_log().record(vec![looked]).await?)
}

/// A search, with how many were found; never what was searched for.
///
/// # Errors
/// As for a reading.
pub(crate) async fn log_search(app: &App, actor: &Actor, object: &str, found: usize) -> Result<(), AppError> {
    let searched = Access { detail: json!({ "found": found }), ..entry(app, actor, Action::Search, object, None) };
    Ok(app.store.access_log().record(vec![searched]).await?)
}

/// Personal data given to somebody: a unit, another force, the person.
///
/// # Errors
/// As for a reading.
pub(crate) async fn log_disclosure(
    app: &App,
    actor: &Actor,
    (object, id): (&str, Uuid),
    recipient: &str,
) -> Result<(), AppError> {
    let mut given = entry(app, actor, Action::Disclose, object, Some(id));
    given.recipient = Some(recipient.to_owned());
    Ok(app.store.access_log().record(vec![given]).await?)
}

fn entry(app: &App, actor: &Actor, action: Action, object: &str, id: Option<Uuid>) -> Access {
    Access {
        at: app.now(),
        actor: actor.reference(),
        action,
        object: object.to_owned(),
        object_id: id.map(|id| id.to_string()),
        recipient: None,
        detail: json!({}),
    }
}
