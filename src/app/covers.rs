//! Standing in for a single point of contact for some days, on their cases, in one's own name; or for whoever coordinates
//! the work with repeat callers, whose deputy holds the same role and is named on the desk.

use crate::app::{App, AppError, FieldFault, rights};
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::calendar::london::date_of;
use crate::domain::ids::{CoverId, OfficerId};
use crate::store::covers::{self, Cover};
use crate::store::events::{self, NewEvent, Stream};
use crate::store::officers;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use serde_json::json;

const MAY_ARRANGE: [Role; 2] = [Role::PsdSupervisor, Role::Chair];
const MAY_SEE: [Role; 6] =
    [Role::PsdSupervisor, Role::Chair, Role::PsdStaff, Role::Spoc, Role::AppropriateAuthority, Role::Auditor];

/// Who stands in for whom, and when.
#[derive(Clone, Debug)]
pub struct NewCover {
    pub spoc: OfficerId,
    pub by: OfficerId,
    /// First and last day, both inclusive, in London.
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub reason: String,
}

/// Lets an officer do and see what a single point of contact may on their cases.
///
/// # Errors
/// `wrong-role`; invalid when the days are over or the wrong way round, without a reason, or where one of the two is not
/// an officer who can be a point of contact.
pub async fn arrange_cover(app: &App, actor: &Actor, new: NewCover) -> Result<Cover, AppError> {
    let recorded_by = rights::officer_with(actor, &MAY_ARRANGE)?.id;
    let faults = faults(app, &new).await?;
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let NewCover { spoc, by, from, to, reason } = new;
    let (id, recorded_at) = (app.new_id(), app.now());
    let cover = Cover { id, spoc, by, from, to, reason, recorded_by, recorded_at, ended_at: None };
    let row = cover.clone();
    let arranged = NewEvent {
        id: app.new_id(),
        at: recorded_at,
        actor: actor.reference(),
        kind: "arranged".to_owned(),
        data: json!({ "spoc": spoc, "by": by, "from": from, "to": to, "reason": cover.reason }),
    };
    let written = app.store.write(async move |tx| {
        covers::insert(tx, &row).await?;
        events::append(tx, Stream::Cover, row.id.as_uuid(), 0, vec![arranged]).await?;
        Ok::<_, AppError>(())
    });
    written.await?;
    Ok(cover)
}

async fn faults(app: &App, new: &NewCover) -> Result<Vec<FieldFault>, AppError> {
    let db = app.store.reader();
    let mut faults = Vec::new();
    let mut fault = |pointer: &str, detail: &str| {
        faults.push(FieldFault { pointer: pointer.to_owned(), detail: detail.to_owned() });
    };
    if new.to < new.from {
        fault("/to", "the last day is before the first");
    }
    if new.to < date_of(app.now()) {
        fault("/to", "these days are over");
    }
    if new.reason.trim().is_empty() {
        fault("/reason", "say why somebody stands in");
    }
    let absent = officers::find(db, new.spoc).await?;
    if absent.is_none() {
        fault("/spocId", "there is no such officer");
    }
    let coordinates = absent.is_some_and(|found| found.officer.has(Role::Coordinator));
    let able = |by: &Officer| by.has(Role::Spoc) || (coordinates && by.has(Role::Coordinator));
    let by = officers::find(db, new.by).await?;
    if new.by == new.spoc {
        fault("/byId", "somebody else stands in");
    } else if !by.is_some_and(|found| found.active && able(&found.officer)) {
        let who = "name an active officer who is a single point of contact, or for a coordinator another coordinator";
        fault("/byId", who);
    }
    Ok(faults)
}

/// Ends a cover now. Ending one that was ended changes nothing.
///
/// # Errors
/// `wrong-role`; not found.
pub async fn end_cover(app: &App, actor: &Actor, id: CoverId) -> Result<Cover, AppError> {
    rights::officer_with(actor, &MAY_ARRANGE)?;
    let now = app.now();
    let (kind, data) = ("ended".to_owned(), json!({}));
    let ended = NewEvent { id: app.new_id(), at: now, actor: actor.reference(), kind, data };
    let written = app.store.write(async move |tx| {
        if covers::end(tx, id, now).await? {
            events::append(tx, Stream::Cover, id.as_uuid(), 1, vec![ended]).await?;
        }
        covers::find(tx, id).await?.ok_or(AppError::NotFound)
    });
    written.await.map_err(AppError::from)
}

/// Newest first, after the id `after`; at most `most`.
///
/// # Errors
/// `wrong-role`.
pub async fn list_covers(app: &App, actor: &Actor, after: Option<CoverId>, most: u64) -> Result<Vec<Cover>, AppError> {
    rights::officer_with(actor, &MAY_SEE)?;
    Ok(covers::list(app.store.reader(), after, most).await?)
}

/// The points of contact for whom the officer stands in now.
pub(crate) async fn covered_by(
    db: &impl ConnectionTrait,
    officer: &Officer,
    now: DateTime<Utc>,
) -> Result<Vec<OfficerId>, AppError> {
    if !officer.has(Role::Spoc) {
        return Ok(Vec::new());
    }
    let today = date_of(now);
    let given = covers::given_by(db, officer.id).await?;
    Ok(given.into_iter().filter(|cover| cover.valid(now, today)).map(|cover| cover.spoc).collect())
}
