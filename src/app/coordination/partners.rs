//! Whom to ask at partner agencies, kept here and not in one head.

use super::{MAY_MEET, MAY_READ_PROGRAMME, happened, programme};
use crate::app::callers::{words, words_if_any};
use crate::app::{App, AppError, officer_names, rights};
use crate::domain::access::Actor;
use crate::domain::ids::PartnerContactId;
use crate::store::partner_contacts::{self, PartnerContact};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

#[derive(Clone, Debug)]
pub struct NewPartner {
    /// A key of the register of the programme.
    pub partner: String,
    pub name: String,
    pub post: Option<String>,
    pub reached_by: String,
    pub note: Option<String>,
}

/// Somebody at a partner agency.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PartnerContact)]
pub struct PartnerView {
    pub id: PartnerContactId,
    pub partner: String,
    pub partner_title: String,
    pub name: String,
    pub post: Option<String>,
    /// A number, an address, a desk.
    pub reached_by: String,
    pub note: Option<String>,
    pub added_by: String,
    pub added_at: DateTime<Utc>,
}

/// # Errors
/// `wrong-role`; `Invalid` for a partner that is none, or without a name or a way to reach them.
pub async fn add_partner(app: &App, actor: &Actor, new: NewPartner) -> Result<PartnerView, AppError> {
    let officer = rights::officer_with(actor, &MAY_MEET)?.id;
    if programme(app)?.partner(&new.partner).is_none() {
        return Err(AppError::invalid("/partner", "There is no such partner in the programme."));
    }
    let contact = PartnerContact {
        id: app.new_id(),
        partner: new.partner,
        name: words("/name", &new.name, 200)?,
        post: words_if_any("/post", new.post.as_deref(), 200)?,
        reached_by: words("/reachedBy", &new.reached_by, 500)?,
        note: words_if_any("/note", new.note.as_deref(), 2000)?,
        added: (officer, app.now()),
        ended_at: None,
    };
    let (inner, by, row) = (app.clone(), actor.clone(), contact.clone());
    let written = app.store.write(async move |tx| {
        partner_contacts::insert(tx, &row).await?;
        let data = json!({ "partner": row.partner, "name": row.name, "reachedBy": row.reached_by });
        happened(&inner, tx, &by, (row.id.as_uuid(), "partner_added"), data).await
    });
    written.await?;
    views(app, vec![contact]).await?.pop().ok_or(AppError::NotFound)
}

/// They are asked no more. Ending twice changes nothing.
///
/// # Errors
/// `wrong-role`; `NotFound`.
pub async fn end_partner(app: &App, actor: &Actor, id: PartnerContactId) -> Result<(), AppError> {
    let officer = rights::officer_with(actor, &MAY_MEET)?.id;
    partner_contacts::find(app.store.reader(), id).await?.ok_or(AppError::NotFound)?;
    let (inner, by, at) = (app.clone(), actor.clone(), app.now());
    let written = app.store.write(async move |tx| {
        if partner_contacts::end(tx, id, (officer, at)).await? {
            happened(&inner, tx, &by, (id.as_uuid(), "partner_ended"), json!({})).await?;
        }
        Ok::<_, AppError>(())
    });
    Ok(written.await?)
}

/// Those that are in use, by partner and name.
///
/// # Errors
/// `wrong-role`.
pub async fn list_partners(app: &App, actor: &Actor) -> Result<Vec<PartnerView>, AppError> {
    rights::officer_with(actor, &MAY_READ_PROGRAMME)?;
    views(app, partner_contacts::in_use(app.store.reader()).await?).await
}

async fn views(app: &App, contacts: Vec<PartnerContact>) -> Result<Vec<PartnerView>, AppError> {
    let programme = programme(app)?;
    let by: Vec<_> = contacts.iter().map(|contact| contact.added.0.as_uuid()).collect();
    let names = officer_names(app, &by).await?;
    let view = |contact: PartnerContact| PartnerView {
        id: contact.id,
        partner_title: programme
            .partner(&contact.partner)
            .map_or_else(|| contact.partner.clone(), |partner| partner.title.clone()),
        added_by: names.get(&contact.added.0.as_uuid()).cloned().unwrap_or_default(),
        added_at: contact.added.1,
        partner: contact.partner,
        name: contact.name,
        post: contact.post,
        reached_by: contact.reached_by,
        note: contact.note,
    };
    Ok(contacts.into_iter().map(view).collect())
}
