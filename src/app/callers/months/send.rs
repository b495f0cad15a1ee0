//! A month's table goes to a unit; the unit says that it has it, and what it did (policy 6.9).

use super::view::MonthSendingView;
use super::{happened, over, read, words, words_if_any};
use crate::app::callers::{MAY_READ_MONTHS, MAY_SEND_MONTHS};
use crate::app::{App, AppError, areas_exist, log_disclosures, officer_names, rights};
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::calls::months::Month;
use crate::domain::ids::MonthSendingId;
use crate::store::caller_months::{self, Action, Sending};
use crate::store::events::{self, Stream};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// To whom a table goes.
#[derive(Clone, Debug)]
pub struct NewSending {
    /// `opt` or `snt`.
    pub team: String,
    /// `None`: of the whole county.
    pub area: Option<String>,
    pub note: Option<String>,
}

/// Sends the table as it stands now. That each caller on it was told to the unit is written down.
///
/// # Errors
/// `wrong-role`; `NotFound` for a month that has not begun; `Invalid` for a month that is not over, another unit, or an
/// area that the register does not have.
pub async fn send_month(app: &App, actor: &Actor, month: Month, new: NewSending) -> Result<MonthSendingView, AppError> {
    let officer = rights::officer_with(actor, &MAY_SEND_MONTHS)?.id;
    over(app, month)?;
    team_of(&new.team).ok_or_else(|| AppError::invalid("/team", "Say `opt` or `snt`."))?;
    let area = words_if_any("/area", new.area.as_deref(), 100)?;
    areas_exist(app, "/area", &area)?;
    let table = read::gather(app, actor, month, area.iter().cloned().collect::<BTreeSet<_>>()).await?;
    let callers: Vec<Uuid> = table.rows().map(|(_, row)| row.caller_id.as_uuid()).collect();
    let sending = Sending {
        id: app.new_id(),
        month: month.to_string(),
        team: new.team,
        note: words_if_any("/note", new.note.as_deref(), 2000)?,
        content_sha256: table.content_sha256,
        callers: u64::try_from(callers.len()).unwrap_or(u64::MAX),
        sent: (officer, app.now()),
        receipt: None,
        action: None,
        area,
    };
    log_disclosures(app, actor, ("caller", &recipient(&sending)), &callers).await?;
    let sent = happened(
        app,
        actor,
        "sent",
        json!({ "month": sending.month, "team": sending.team, "area": sending.area, "callers": sending.callers,
                "contentSha256": sending.content_sha256 }),
    );
    let row = sending.clone();
    let written = app.store.write(async move |tx| {
        caller_months::insert_sending(tx, &row).await?;
        events::append(tx, Stream::CallerMonth, row.id.as_uuid(), 0, vec![sent]).await?;
        Ok::<_, AppError>(())
    });
    written.await?;
    views(app, vec![sending]).await?.pop().ok_or(AppError::NotFound)
}

fn team_of(team: &str) -> Option<Role> {
    [Role::Opt, Role::Snt].into_iter().find(|role| role.as_str() == team)
}

fn recipient(sending: &Sending) -> String {
    match &sending.area {
        Some(area) => format!("{} of {area}", sending.team),
        None => sending.team.clone(),
    }
}

/// The unit has it. Said twice it is the same receipt.
///
/// # Errors
/// `wrong-role` where the officer is not of the unit; `NotFound`.
pub async fn confirm_receipt(app: &App, actor: &Actor, id: MonthSendingId) -> Result<MonthSendingView, AppError> {
    let (_, officer) = of_their_unit(app, actor, id).await?;
    let (by, at) = (officer.id, app.now());
    let received = happened(app, actor, "received", json!({}));
    let written = app.store.write(async move |tx| {
        if caller_months::set_receipt(tx, id, (by, at)).await? {
            events::append_next(tx, vec![(Stream::CallerMonth, id.as_uuid(), vec![received])]).await?;
        }
        Ok::<_, AppError>(())
    });
    written.await?;
    again(app, id).await
}

/// What the unit did with it. That it has it is said by this too.
///
/// # Errors
/// `wrong-role` where the officer is not of the unit; `NotFound`; `Invalid` without words.
pub async fn record_action(
    app: &App,
    actor: &Actor,
    id: MonthSendingId,
    said: &str,
) -> Result<MonthSendingView, AppError> {
    let (_, officer) = of_their_unit(app, actor, id).await?;
    let action = Action { words: words("/action", said, 5000)?, by: officer.id, at: app.now() };
    let acted = happened(app, actor, "acted", json!({ "action": action.words }));
    let written = app.store.write(async move |tx| {
        caller_months::set_receipt(tx, id, (action.by, action.at)).await?;
        caller_months::set_action(tx, id, &action).await?;
        events::append_next(tx, vec![(Stream::CallerMonth, id.as_uuid(), vec![acted])]).await?;
        Ok::<_, AppError>(())
    });
    written.await?;
    again(app, id).await
}

async fn of_their_unit<'a>(
    app: &App,
    actor: &'a Actor,
    id: MonthSendingId,
) -> Result<(Sending, &'a Officer), AppError> {
    let officer = rights::officer_with(actor, &[Role::Opt, Role::Snt])?;
    let sending = caller_months::find_sending(app.store.reader(), id).await?.ok_or(AppError::NotFound)?;
    match team_of(&sending.team) {
        Some(role) if officer.has(role) => Ok((sending, officer)),
        Some(role) => Err(rights::wrong_role(&[role])),
        None => Err(AppError::NotFound),
    }
}

/// One sending.
///
/// # Errors
/// `Refused`; `NotFound`.
pub async fn find_sending(app: &App, actor: &Actor, id: MonthSendingId) -> Result<MonthSendingView, AppError> {
    rights::officer_with(actor, &MAY_READ_MONTHS)?;
    again(app, id).await
}

async fn again(app: &App, id: MonthSendingId) -> Result<MonthSendingView, AppError> {
    let sending = caller_months::find_sending(app.store.reader(), id).await?.ok_or(AppError::NotFound)?;
    views(app, vec![sending]).await?.pop().ok_or(AppError::NotFound)
}

/// Sendings with the names of who did what.
pub(super) async fn views(app: &App, sendings: Vec<Sending>) -> Result<Vec<MonthSendingView>, AppError> {
    let who = |sending: &Sending| {
        let received = sending.receipt.map(|(by, _)| by);
        let acted = sending.action.as_ref().map(|action| action.by);
        [Some(sending.sent.0), received, acted].into_iter().flatten().map(|by| by.as_uuid()).collect::<Vec<_>>()
    };
    let names = officer_names(app, &sendings.iter().flat_map(who).collect::<Vec<_>>()).await?;
    let name = |id: Uuid| names.get(&id).cloned().unwrap_or_default();
    let view = |sending: Sending| {
        let action = sending.action.as_ref();
        MonthSendingView {
            id: sending.id,
            sent_by: name(sending.sent.0.as_uuid()),
            sent_at: sending.sent.1,
            receipt_by: sending.receipt.map(|(by, _)| name(by.as_uuid())),
            receipt_at: sending.receipt.map(|(_, at)| at),
            action_by: action.map(|action| name(action.by.as_uuid())),
            action_at: action.map(|action| action.at),
            action: sending.action.map(|action| action.words),
            month: sending.month,
            team: sending.team,
            area: sending.area,
            note: sending.note,
            callers: sending.callers,
            content_sha256: sending.content_sha256,
        }
    };
    Ok(sendings.into_iter().map(view).collect())
}
