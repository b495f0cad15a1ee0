//! An administrator names a receiver of a system.

use super::greet::greeting;
use super::secrets::secret;
use super::{EventType, Webhook, administrator, may_be_told, remember};
use crate::app::{App, AppError, FieldFault};
use crate::domain::access::{Actor, Role, System};
use crate::domain::ids::ClientId;
use crate::store::{clients, events, jobs, webhooks};
use serde_json::json;

/// A receiver to be told.
#[derive(Clone, Debug)]
pub struct NewWebhook {
    /// Whose it is, and to whom everything is disclosed.
    pub system: ClientId,
    pub url: String,
    /// `psd.consultation.requested.v1`; at least one.
    pub types: Vec<String>,
    /// Areas and units whose cases it is told of; empty: all.
    pub areas: Vec<String>,
}

/// Keeps it, and has the receiver asked whether it wants to be told. Answers it with the only copy of its secret.
///
/// # Errors
/// `wrong-role`; invalid where the address may not be reached, the system is unknown, or may not be told of a type.
pub async fn add_webhook(app: &App, actor: &Actor, new: NewWebhook) -> Result<(Webhook, String), AppError> {
    let added_by = administrator(actor)?.id;
    let mut faults = Vec::new();
    let mut fault = |pointer: &str, detail: String| faults.push(FieldFault { pointer: pointer.to_owned(), detail });
    let found = clients::find(app.store.reader(), new.system).await?.filter(|found| found.active);
    let Some(system) = found.map(|found| found.system) else {
        return Err(AppError::invalid("/systemId", "there is no such system, or not any more"));
    };
    if let Err(why) = app.settings.webhooks.target(&new.url) {
        fault("/url", why.to_string());
    }
    let types = match types(&system, &new.types) {
        Ok(types) => types,
        Err(why) => {
            fault("/types", why);
            Vec::new()
        }
    };
    let areas: Vec<String> =
        new.areas.iter().map(|area| area.trim().to_owned()).filter(|area| !area.is_empty()).collect();
    if let Err(why) = areas_or_units(app, &system, &areas) {
        fault("/areas", why);
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let mut webhook = Webhook {
        id: app.new_id(),
        client: new.system,
        url: new.url.trim().to_owned(),
        types,
        areas,
        secret_number: 1,
        old_secret_until: None,
        cursor: events::Cursor::START,
        added_by,
        added_at: app.now(),
        confirmed_at: None,
        ended_at: None,
        trouble_since: None,
        trouble: None,
    };
    let shown = secret(app, webhook.id, webhook.secret_number).await?.shown_once();
    let (inner, actor) = (app.clone(), actor.clone());
    let kept = app.store.write(async move |tx| {
        webhook.cursor = events::feed_end(tx).await?;
        webhooks::insert(tx, &webhook).await?;
        let data = json!({ "webhook": webhook.id, "types": names(&webhook.types), "areas": webhook.areas });
        remember(&inner, tx, &actor, &webhook, ("webhook_added", data)).await?;
        jobs::enqueue(tx, vec![greeting(&inner, webhook.id)]).await?;
        Ok::<_, AppError>(webhook)
    });
    Ok((kept.await?, shown))
}

/// Whether each is an area of the county that is the system's, or a unit.
fn areas_or_units(app: &App, system: &System, asked: &[String]) -> Result<(), String> {
    let register = &app.catalog.registers().areas;
    let theirs = |key: &str| system.areas.is_empty() || system.areas.contains(key);
    for one in asked {
        match register.find(one) {
            Some(area) if theirs(&area.key) => {}
            Some(_) => return Err(format!("the system was not registered for the area `{one}`")),
            None if one.parse::<Role>().is_ok() => {}
            None => {
                let known: Vec<&str> = register.areas.iter().map(|area| area.key.as_str()).collect();
                let known = known.join(", ");
                return Err(format!("`{one}` is no unit and no area; the register has these areas: {known}"));
            }
        }
    }
    Ok(())
}

fn names(types: &[EventType]) -> Vec<&'static str> {
    types.iter().map(|event_type| event_type.as_str()).collect()
}

/// What was asked for, each once, if the system may be told of all of it.
fn types(system: &System, asked: &[String]) -> Result<Vec<EventType>, String> {
    if asked.is_empty() {
        return Err("choose at least one type of event".to_owned());
    }
    let mut types = Vec::new();
    for name in asked {
        let event_type: EventType = name.parse().map_err(|_unknown| "this is not a type of event".to_owned())?;
        if !may_be_told(system, event_type) {
            let needed: Vec<&str> = event_type.scopes().iter().map(|scope| scope.as_str()).collect();
            return Err(format!("the system needs the scope {} to be told {event_type}", needed.join(" or ")));
        }
        if !types.contains(&event_type) {
            types.push(event_type);
        }
    }
    Ok(types)
}
