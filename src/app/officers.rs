//! Who may sign in, and as what: by an administrator, or from the server's own command line, where whoever can open the
//! database is one.

use crate::app::{App, AppError, cases, rights, signing_in};
use crate::domain::access::{Actor, ActorRef, Officer, Role};
use crate::domain::ids::Id;
use crate::store::events::{self, NewEvent, Stream};
use crate::store::{StoreError, credentials, officers, tasks};
use chrono::Duration;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub use crate::store::officers::Registered as RegisteredOfficer;

const LONGEST_TOKEN_MINUTES: u32 = 480;

pub struct NewOfficer {
    pub username: String,
    pub display_name: String,
    pub roles: BTreeSet<Role>,
}

/// What is changed of an officer; what is not given stays.
#[derive(Clone, Debug, Default)]
pub struct OfficerChange {
    pub roles: Option<BTreeSet<Role>>,
    /// The areas of the county whose callers are theirs; none: the whole county.
    pub areas: Option<BTreeSet<String>>,
    pub active: Option<bool>,
}

/// # Errors
/// Invalid when the username is empty, has spaces or is taken.
pub async fn add_officer(app: &App, new: NewOfficer) -> Result<RegisteredOfficer, AppError> {
    add_as(app, Actor::Software.reference(), new).await
}

/// Registers an officer in the name of whoever does, and answers a link by which they set their password.
///
/// # Errors
/// `wrong-role`; `Invalid` as by the command line, and without a role or a name.
pub async fn register_officer(app: &App, actor: &Actor, new: NewOfficer) -> Result<String, AppError> {
    rights::officer_with(actor, &[Role::Admin])?;
    if new.display_name.trim().is_empty() {
        return Err(AppError::invalid("/displayName", "Enter the name that others read"));
    }
    if new.roles.is_empty() {
        return Err(AppError::invalid("/roles", "Select at least one role"));
    }
    let username = new.username.clone();
    add_as(app, actor.reference(), new).await?;
    signing_in::make_sign_in_link(app, &username).await
}

async fn add_as(app: &App, by: ActorRef, new: NewOfficer) -> Result<RegisteredOfficer, AppError> {
    if new.username.is_empty() || new.username.chars().any(char::is_whitespace) {
        return Err(AppError::invalid("/username", "a username is one word"));
    }
    let NewOfficer { username, display_name, roles } = new;
    let areas = BTreeSet::new();
    let officer = Officer { id: app.new_id(), username, display_name, roles, areas, through: None };
    let (row, now) = (officer.clone(), app.now());
    let registered = event(app, by, ("registered", &row, true));
    let written = app.store.write(async move |tx| {
        officers::insert(tx, &row, now).await?;
        events::append(tx, Stream::Officer, row.id.as_uuid(), 0, vec![registered]).await
    });
    let written = written.await.map(|_| ());
    match written.map_err(StoreError::from) {
        Ok(()) => Ok(RegisteredOfficer { officer, active: true, created_at: now }),
        Err(StoreError::Duplicate(_)) => Err(AppError::invalid("/username", "this username is taken")),
        Err(other) => Err(other.into()),
    }
}

/// Changes what is given and leaves the rest.
///
/// # Errors
/// Not found.
pub async fn change_officer(
    app: &App,
    username: &str,
    roles: Option<BTreeSet<Role>>,
    active: Option<bool>,
) -> Result<RegisteredOfficer, AppError> {
    amend_officer(app, username, OfficerChange { roles, active, ..OfficerChange::default() }).await
}

/// The same with the areas.
///
/// # Errors
/// Not found; `Invalid` for an area that the register does not have.
pub async fn amend_officer(app: &App, username: &str, change: OfficerChange) -> Result<RegisteredOfficer, AppError> {
    change_as(app, Actor::Software.reference(), username, change).await
}

/// The same in the name of whoever does. Who may sign in no more is signed out.
///
/// # Errors
/// `wrong-role`; `NotFound`; `Invalid` without a role, for an area that the register does not have, and for an
/// administrator who would no longer be one.
pub async fn rerole_officer(
    app: &App,
    actor: &Actor,
    username: &str,
    change: OfficerChange,
) -> Result<RegisteredOfficer, AppError> {
    let admin = rights::officer_with(actor, &[Role::Admin])?;
    if change.roles.as_ref().is_some_and(BTreeSet::is_empty) {
        return Err(AppError::invalid("/roles", "Select at least one role"));
    }
    let keeps_the_role = change.roles.as_ref().is_none_or(|roles| roles.contains(&Role::Admin));
    if admin.username == username && (change.active == Some(false) || !keeps_the_role) {
        return Err(AppError::invalid("/roles", "Another administrator has to take this role from you"));
    }
    change_as(app, actor.reference(), username, change).await
}

/// A new link for an officer, in the name of whoever asks; passwords and apps they had stay until it is used.
///
/// # Errors
/// `wrong-role`; `NotFound`.
pub async fn link_for_officer(app: &App, actor: &Actor, username: &str) -> Result<String, AppError> {
    rights::officer_with(actor, &[Role::Admin])?;
    signing_in::make_sign_in_link(app, username).await
}

/// Every officer, for whoever looks after them.
///
/// # Errors
/// `wrong-role`.
pub async fn see_officers(app: &App, actor: &Actor) -> Result<Vec<RegisteredOfficer>, AppError> {
    rights::officer_with(actor, &[Role::Admin, Role::Auditor])?;
    list_officers(app).await
}

async fn change_as(
    app: &App,
    by: ActorRef,
    username: &str,
    change: OfficerChange,
) -> Result<RegisteredOfficer, AppError> {
    areas_exist(app, "/areas", change.areas.iter().flatten())?;
    let (username, app_in) = (username.to_owned(), app.clone());
    let changed = app.store.write(async move |tx| {
        let found = officers::find_by_username(tx, &username).await?.ok_or(AppError::NotFound)?;
        let mut changed = found;
        changed.officer.roles = change.roles.unwrap_or(changed.officer.roles);
        changed.officer.areas = change.areas.unwrap_or(changed.officer.areas);
        changed.active = change.active.unwrap_or(changed.active);
        let Officer { id, roles, areas, .. } = &changed.officer;
        officers::update(tx, *id, (roles, areas), changed.active).await?;
        if !changed.active {
            credentials::end_sessions_of(tx, *id).await?;
            credentials::forget_links(tx, *id).await?;
            tasks::hand_over_contacts(tx, *id, None, Role::PsdStaff.as_str()).await?;
        }
        cases::ask_for_successors(&app_in, tx, &changed).await?;
        let history = events::load(tx, id.as_uuid()).await?;
        let seq = history.last().map_or(0, |event| event.seq);
        let event = event(&app_in, by, ("changed", &changed.officer, changed.active));
        events::append(tx, Stream::Officer, id.as_uuid(), seq, vec![event]).await?;
        Ok::<_, AppError>(changed)
    });
    let changed = changed.await?;
    app.in_mind.forget_officer(changed.officer.id);
    Ok(changed)
}

/// # Errors
/// `Invalid` for an area that the register does not have, with those it has.
pub fn areas_exist<'a>(app: &App, at: &str, areas: impl IntoIterator<Item = &'a String>) -> Result<(), AppError> {
    let register = &app.catalog.registers().areas;
    let Some(unknown) = areas.into_iter().find(|key| register.find(key).is_none()) else { return Ok(()) };
    let known: Vec<&str> = register.areas.iter().map(|area| area.key.as_str()).collect();
    Err(AppError::invalid(at, format!("The register of areas has no `{unknown}`; it has: {}.", known.join(", "))))
}

/// What the history keeps. Whoever runs the command line is not a signed-in person: there the software acts.
fn event(app: &App, by: ActorRef, (kind, officer, active): (&str, &Officer, bool)) -> NewEvent {
    let data = json!({ "roles": officer.roles, "areas": officer.areas, "active": active });
    let kind = kind.to_owned();
    NewEvent { id: app.new_id(), at: app.now(), actor: by, kind, data }
}

/// All of them, by username.
pub async fn list_officers(app: &App) -> Result<Vec<RegisteredOfficer>, AppError> {
    Ok(officers::list(app.store.reader(), None, u64::from(u32::MAX)).await?)
}

/// The names of these officers, for pages that say who did something.
///
/// # Errors
/// When the database cannot be read.
pub async fn officer_names(app: &App, ids: &[Uuid]) -> Result<BTreeMap<Uuid, String>, AppError> {
    let mut names = BTreeMap::new();
    for id in ids.iter().copied().collect::<BTreeSet<_>>() {
        if let Some(found) = officers::find(app.store.reader(), Id::from_uuid(id)).await? {
            names.insert(id, found.officer.display_name);
        }
    }
    Ok(names)
}

/// Whether anybody has been registered yet.
pub async fn has_officers(app: &App) -> Result<bool, AppError> {
    Ok(!officers::list(app.store.reader(), None, 1).await?.is_empty())
}

/// A token of the built-in issuer that names an officer.
///
/// # Errors
/// Invalid when the operator has switched these tokens off or the time is not 1 to 480 minutes; not found when there
/// is no such active officer.
pub async fn issue_officer_token(app: &App, username: &str, minutes: u32) -> Result<String, AppError> {
    if !app.settings.user_tokens_enabled {
        return Err(AppError::invalid("", "tokens for officers are switched off (auth.user_tokens_enabled)"));
    }
    if !(1..=LONGEST_TOKEN_MINUTES).contains(&minutes) {
        return Err(AppError::invalid("/minutes", format!("a token lives 1 to {LONGEST_TOKEN_MINUTES} minutes")));
    }
    let found = officers::find_by_username(app.store.reader(), username).await?;
    let officer = found.filter(|found| found.active).ok_or(AppError::NotFound)?.officer;
    let token = app.tokens.own.for_officer(officer.id, app.now(), Duration::minutes(i64::from(minutes)));
    token.map_err(|fault| AppError::broken("signing a token", fault))
}
