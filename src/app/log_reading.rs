//! Every look at personal data is written down before the answer goes out (DPA 2018 s62, invariant 17).

use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::ids::PersonId;
use crate::store::access_log::{Access, Action};
use serde_json::json;
use uuid::Uuid;

/// Something that was shown in a list, and whose it is where it is not a person itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    id: Uuid,
    of: Option<PersonId>,
}

impl Shown {
    pub(crate) fn itself(id: Uuid) -> Self {
        Self { id, of: None }
    }

    pub(crate) fn of(id: Uuid, person: Option<PersonId>) -> Self {
        Self { id, of: person }
    }

    pub(crate) fn id(&self) -> Uuid {
        self.id
    }
}

/// A look at one thing.
///
/// # Errors
/// Where it cannot be written down; the answer is withheld then.
pub(crate) async fn log_reading(app: &App, actor: &Actor, object: &str, id: Option<Uuid>) -> Result<(), AppError> {
    let looked = entry(app, actor, Action::Read, object, id);
    Ok(app.store.access_log().record(vec![looked]).await?)
}

/// A list: how many it showed, and each of them, so that anybody can be told who has seen them.
///
/// # Errors
/// As for a reading.
pub(crate) async fn log_list(app: &App, actor: &Actor, object: &str, shown: &[Shown]) -> Result<(), AppError> {
    log_many(app, actor, (Action::Read, object), shown).await
}

/// A search: how many it found, and each of them; never what was searched for.
///
/// # Errors
/// As for a reading.
pub(crate) async fn log_search(app: &App, actor: &Actor, object: &str, found: &[Shown]) -> Result<(), AppError> {
    log_many(app, actor, (Action::Search, object), found).await
}

/// A list that somebody took away, with their reason: how many it held, and each of them.
///
/// # Errors
/// As for a reading.
pub(crate) async fn log_export(
    app: &App,
    actor: &Actor,
    (object, reason): (&str, &str),
    taken: &[Shown],
) -> Result<(), AppError> {
    let detail = json!({ "found": taken.len(), "reason": reason });
    let whole = Access { detail, ..entry(app, actor, Action::Export, object, None) };
    let each = taken.iter().map(|taken| entry(app, actor, Action::Export, object, Some(taken.id)));
    Ok(app.store.access_log().record(std::iter::once(whole).chain(each).collect()).await?)
}

async fn log_many(app: &App, actor: &Actor, what: (Action, &str), shown: &[Shown]) -> Result<(), AppError> {
    Ok(app.store.access_log().record(entries_of_many(app, actor, what, shown)).await?)
}

/// What [`log_search`] writes down, for a look that may have to be written down later.
pub(crate) fn entries_of_search(app: &App, actor: &Actor, object: &str, found: &[Shown]) -> Vec<Access> {
    entries_of_many(app, actor, (Action::Search, object), found)
}

fn entries_of_many(app: &App, actor: &Actor, (action, object): (Action, &str), shown: &[Shown]) -> Vec<Access> {
    let whole = Access { detail: json!({ "found": shown.len() }), ..entry(app, actor, action, object, None) };
    let each = shown.iter().map(|shown| {
        let detail = shown.of.map_or(json!({}), |person| json!({ "person": person }));
        Access { detail, ..entry(app, actor, action, object, Some(shown.id)) }
    });
    std::iter::once(whole).chain(each).collect()
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

/// The same of several things, with how many there were.
///
/// # Errors
/// As for a reading.
pub(crate) async fn log_disclosures(
    app: &App,
    actor: &Actor,
    (object, recipient): (&str, &str),
    given: &[Uuid],
) -> Result<(), AppError> {
    let recipient = Some(recipient.to_owned());
    let whole = Access { detail: json!({ "found": given.len() }), ..entry(app, actor, Action::Disclose, object, None) };
    let each = given.iter().map(|id| entry(app, actor, Action::Disclose, object, Some(*id)));
    let entries = std::iter::once(whole).chain(each).map(|one| Access { recipient: recipient.clone(), ..one });
    Ok(app.store.access_log().record(entries.collect()).await?)
}

/// What another system reads or finds is given to it, by its name.
fn entry(app: &App, actor: &Actor, action: Action, object: &str, id: Option<Uuid>) -> Access {
    let (action, recipient) = match (actor, action) {
        (Actor::System(system), Action::Read | Action::Search) => (Action::Disclose, Some(system.name.clone())),
        (Actor::System(_) | Actor::Officer(_) | Actor::Clock | Actor::Software, action) => (action, None),
    };
    Access {
        at: app.now(),
        actor: actor.reference(),
        action,
        object: object.to_owned(),
        object_id: id.map(|id| id.to_string()),
        recipient,
        detail: json!({}),
    }
}
