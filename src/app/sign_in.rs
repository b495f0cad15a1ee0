//! From a token to who acts. Roles and scopes come from our own register, each time: a token only says who.

use crate::app::live_calls::in_time;
use crate::app::{App, AppError};
use crate::domain::access::{Actor, Officer, System, Through};
use crate::store::{clients, keys, officers};
use crate::tokens::{OwnKey, TokenFault, Verified};
use std::str::FromStr;

/// Who is calling.
#[derive(Clone, Debug)]
pub struct Caller {
    pub actor: Actor,
}

/// Believes the token and finds who it names.
///
/// # Errors
/// [`AppError::NotSignedIn`] when the token is not believed, or names nobody who may act (any more).
pub async fn sign_in(app: &App, token: &str) -> Result<Caller, AppError> {
    let verified = verify(app, token).await?;
    Ok(Caller { actor: named_by(app, verified).await? })
}

/// The same for whoever looks up a caller on a live call. While the database is away, whoever this process let look
/// before is believed on a valid token alone.
///
/// # Errors
/// As for [`sign_in`]; what the store says where it is away and the token names nobody who is remembered.
pub async fn sign_in_on_a_live_call(app: &App, token: &str) -> Result<Caller, AppError> {
    let verified = verify(app, token).await?;
    let subject = subject_of(&verified);
    match in_time(app, Box::pin(named_by(app, verified.clone()))).await {
        Ok(actor) => {
            app.in_mind.remember_actor(subject, &actor, app.now());
            Ok(Caller { actor })
        }
        Err(AppError::Store(error)) if error.is_away() => {
            let remembered = app.in_mind.actor(&subject, app.now()).ok_or(AppError::Store(error))?;
            Ok(Caller { actor: narrowed(remembered, &verified) })
        }
        Err(other) => {
            app.in_mind.forget_actor(&subject);
            Err(other)
        }
    }
}

/// Whom a token names, in one line.
fn subject_of(verified: &Verified) -> String {
    match verified {
        Verified::Officer { id } => format!("officer:{id}"),
        Verified::Person { username, .. } => format!("person:{username}"),
        Verified::System { id, officer } => format!("system:{id}:{}", officer.as_deref().unwrap_or_default()),
    }
}

/// Never more than this token gives.
fn narrowed(actor: Actor, verified: &Verified) -> Actor {
    match (actor, verified) {
        (Actor::Officer(mut officer), Verified::Person { roles: Some(given), .. }) => {
            officer.roles.retain(|role| given.iter().any(|name| name == role.as_str()));
            Actor::Officer(officer)
        }
        (actor, _) => actor,
    }
}

async fn named_by(app: &App, verified: Verified) -> Result<Actor, AppError> {
    match verified {
        Verified::Officer { id } => Ok(Actor::Officer(officer_by_id(app, &id).await?)),
        Verified::Person { ref username, .. } => {
            // A NUL is in nobody's name, and PostgreSQL cannot even be asked for it.
            let known = if username.contains('\0') { None } else { Some(username) };
            let found = match known {
                Some(username) => officers::find_by_username(app.store.reader(), username).await?,
                None => None,
            };
            let officer = active(found)?;
            Ok(narrowed(Actor::Officer(officer), &verified))
        }
        Verified::System { id, officer: None } => Ok(Actor::System(system_by_id(app, &id).await?)),
        Verified::System { id, officer: Some(officer) } => {
            let system = system_by_id(app, &id).await?;
            let through = Some(Through { system: system.id, reach: system.reach() });
            Ok(Actor::Officer(Officer { through, ..officer_by_id(app, &officer).await? }))
        }
    }
}

/// Verifies; when a token names a key of ours that we have not read yet (another process made it), reads them again.
async fn verify(app: &App, token: &str) -> Result<Verified, AppError> {
    let first = app.tokens.verify(token, app.now()).await;
    let verified = match first {
        Err(TokenFault::UnknownKey) => {
            read_own_keys(app).await?;
            app.tokens.verify(token, app.now()).await
        }
        other => other,
    };
    verified.map_err(|fault| AppError::NotSignedIn(fault.to_string()))
}

/// Takes the signing keys from the database into use.
///
/// # Errors
/// When the database cannot be read or holds something that is no key.
pub async fn read_own_keys(app: &App) -> Result<(), AppError> {
    let rows = keys::in_use(app.store.reader()).await?.into_iter();
    let own: Vec<OwnKey> =
        rows.map(|row| OwnKey { kid: row.kid, private_pem: row.private_pem, public_pem: row.public_pem }).collect();
    app.tokens.own.use_keys(&own).map_err(|fault| AppError::broken("reading the signing keys", fault))
}

async fn officer_by_id(app: &App, id: &str) -> Result<Officer, AppError> {
    let Ok(id) = FromStr::from_str(id) else { return Err(nobody()) };
    active(officers::find(app.store.reader(), id).await?)
}

fn active(found: Option<officers::Registered>) -> Result<Officer, AppError> {
    found.filter(|registered| registered.active).map(|registered| registered.officer).ok_or_else(nobody)
}

async fn system_by_id(app: &App, id: &str) -> Result<System, AppError> {
    let Ok(id) = FromStr::from_str(id) else { return Err(nobody()) };
    let found = clients::find(app.store.reader(), id).await?.filter(|registered| registered.active);
    found.map(|registered| registered.system).ok_or_else(nobody)
}

fn nobody() -> AppError {
    AppError::NotSignedIn("the token names nobody who may sign in here".to_owned())
}
