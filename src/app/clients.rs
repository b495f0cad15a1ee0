//! Systems with credentials of their own.

use crate::app::system_tokens::secret_hash;
use crate::app::{App, AppError, areas_exist};
use crate::domain::access::{Actor, Scope, System};
use crate::id_source;
use crate::store::events::{self, NewEvent, Stream};
use crate::store::{StoreError, clients};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use std::collections::BTreeSet;

/// A new system with the only copy of its secret.
pub struct AddedClient {
    pub system: System,
    pub secret: String,
}

/// A system that reads of the whole county.
///
/// # Errors
/// Invalid when the name is empty or taken.
pub async fn add_client(app: &App, name: String, scopes: Vec<Scope>) -> Result<AddedClient, AppError> {
    add_client_of_areas(app, name, scopes, Vec::new()).await
}

/// A system that reads of these areas alone; of the whole county where there are none.
///
/// # Errors
/// Invalid when the name is empty or taken, or for an area that the register does not have.
pub async fn add_client_of_areas(
    app: &App,
    name: String,
    scopes: Vec<Scope>,
    areas: Vec<String>,
) -> Result<AddedClient, AppError> {
    if name.trim().is_empty() {
        return Err(AppError::invalid("/name", "a system has a name"));
    }
    let seed = id_source::random_secret().map_err(|error| AppError::broken("making a secret", error))?;
    let secret = URL_SAFE_NO_PAD.encode(seed);
    let scopes = scopes.into_iter().map(|scope| scope.as_str().to_owned()).collect();
    let areas: BTreeSet<String> =
        areas.into_iter().map(|area| area.trim().to_owned()).filter(|area| !area.is_empty()).collect();
    areas_exist(app, "/areas", &areas)?;
    let system = System { id: app.new_id(), name, scopes, areas };
    let (row, hash, now) = (system.clone(), secret_hash(&secret), app.now());
    let data = json!({ "name": row.name, "scopes": row.scopes, "areas": row.areas });
    let actor = Actor::Software.reference();
    let registered = NewEvent { id: app.new_id(), at: now, actor, kind: "registered".to_owned(), data };
    let written = app.store.write(async move |tx| {
        clients::insert(tx, &row, hash, now).await?;
        events::append(tx, Stream::Client, row.id.as_uuid(), 0, vec![registered]).await
    });
    match written.await.map(|_| ()).map_err(StoreError::from) {
        Ok(()) => Ok(AddedClient { system, secret }),
        Err(StoreError::Duplicate(_)) => Err(AppError::invalid("/name", "this name is taken")),
        Err(other) => Err(other.into()),
    }
}
